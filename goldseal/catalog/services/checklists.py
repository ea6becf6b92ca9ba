"""Writing the checklists of stages; every change makes a new version and keeps the former ones."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import ChecklistTemplate, ChecklistVersion, Stage
from goldseal.catalog.permissions import STAGES_EDIT
from goldseal.catalog.services import writing
from goldseal.catalog.services.checklist_items import checked_items
from goldseal.catalog.services.places import in_capitals
from goldseal.catalog.services.writing import Values
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

TEMPLATE_FIELDS = frozenset(["code", "name_en", "name_bn", "pass_at_pct"])
NOUN, OF_AUDITS = "checklist", "AUD"


def save_template(
    *,
    template_id: UUID | None = None,
    stage_id: UUID | None = None,
    values: Values,
    items: Sequence[Mapping[str, Any]] | None = None,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
) -> ChecklistTemplate:
    """Write a new checklist (`template_id` None) or change one.

    A new one is of a stage, or for audits: then `stage_id` is None and `values` say from which score they pass
    (`pass_at_pct`, 1 to 100).

    `values` by field name (`TEMPLATE_FIELDS`); a new one without a code is numbered after its stage.
    `items` replace all questions (`checklist_items.checked_items` says what they hold); None leaves them.
    Whatever changes makes a new version; inspections keep the one they began with, for they copied it.
    Invalid says at which field or question what is wrong; Conflict if `revision` is given and somebody
    changed the checklist since.
    """
    authorize(actor, STAGES_EDIT)
    held = dict(in_capitals(values))
    with writing.uniqueness_told(), recorded_change():
        if template_id is None:
            return _create(stage_id, held, items, actor=actor, now=now)
        return _edit(template_id, held, items, revision=revision, actor=actor, now=now)


def retire_template(*, template_id: UUID, actor: Actor, now: datetime) -> ChecklistTemplate:
    """Begin no more inspections with this checklist."""
    return _set_active(template_id, is_active=False, actor=actor, now=now)


def restore_template(*, template_id: UUID, actor: Actor, now: datetime) -> ChecklistTemplate:
    """Use a retired checklist again."""
    return _set_active(template_id, is_active=True, actor=actor, now=now)


def delete_template(*, template_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a checklist with all its versions; inspections have copied what they need of it."""
    writing.delete_row(
        ChecklistTemplate, template_id, noun=NOUN, permission=STAGES_EDIT, actor=actor, now=now
    )


def _create(
    stage_id: UUID | None,
    held: dict[str, Any],
    items: Sequence[Mapping[str, Any]] | None,
    *,
    actor: Actor,
    now: datetime,
) -> ChecklistTemplate:
    if not items:
        raise Invalid(fields={"items": _("A checklist needs at least one question.")})
    for_audits = stage_id is None and held.get("pass_at_pct") is not None
    stage = None if for_audits else writing.chosen(Stage, stage_id, field="stage")
    _check_threshold(held, for_audits=for_audits)
    held["items"] = checked_items(items, for_audits=for_audits)
    if not held.get("code"):
        held["code"] = _next_code(stage)
    template = writing.create_row(
        ChecklistTemplate(stage=stage),
        noun=NOUN,
        values=held,
        allowed=TEMPLATE_FIELDS | {"items"},
        actor=actor,
        now=now,
    )
    _keep_version(template, now)
    return template


def _check_threshold(held: Mapping[str, Any], *, for_audits: bool) -> None:
    """Every checklist for audits says from which score they pass, no other does."""
    if "pass_at_pct" not in held or for_audits == (held["pass_at_pct"] is not None):
        return
    words = (
        _("Enter a whole number from 1 to 100.")
        if for_audits
        else _("Only checklists for audits have a score.")
    )
    raise Invalid(fields={"pass_at_pct": words})


def _edit(
    template_id: UUID,
    held: dict[str, Any],
    items: Sequence[Mapping[str, Any]] | None,
    *,
    revision: int | None,
    actor: Actor,
    now: datetime,
) -> ChecklistTemplate:
    template = writing.locked(ChecklistTemplate, template_id, revision=revision)
    _check_threshold(held, for_audits=template.is_for_audits)
    if items is not None:
        held["items"] = checked_items(items, for_audits=template.is_for_audits)
    if template.is_starter and held.get("code", template.code) != template.code:
        raise Invalid(
            fields={"code": _("This code belongs to the starter pack and stays. Retire it and add your own.")}
        )
    if all(getattr(template, name) == writing.tidy(value) for name, value in held.items()):
        return template
    also: dict[str, Any] = {"version": [template.version, template.version + 1]}
    questions = held.pop("items", template.items)
    if questions != template.items:
        also["questions"] = [len(template.items), len(questions)]
    template.items, template.version, template.is_edited = questions, template.version + 1, True
    writing.edit_row(
        template,
        noun=NOUN,
        values=held,
        allowed=TEMPLATE_FIELDS,
        actor=actor,
        now=now,
        also_changed=also,
    )
    _keep_version(template, now)
    return template


def _keep_version(template: ChecklistTemplate, now: datetime) -> None:
    ChecklistVersion.objects.create(
        template=template, version=template.version, items=template.items, created_at=now
    )


def _next_code(stage: Stage | None) -> str:
    """The stage's code, or that of audits, with the first free number."""
    taken = set(ChecklistTemplate.objects.filter(stage=stage).values_list("code", flat=True))
    start = stage.code if stage else OF_AUDITS
    return next(code for n in range(1, len(taken) + 2) if (code := f"{start}-{n}") not in taken)


def _set_active(template_id: UUID, *, is_active: bool, actor: Actor, now: datetime) -> ChecklistTemplate:
    return writing.set_active(
        ChecklistTemplate,
        template_id,
        is_active=is_active,
        noun=NOUN,
        permission=STAGES_EDIT,
        actor=actor,
        now=now,
    )

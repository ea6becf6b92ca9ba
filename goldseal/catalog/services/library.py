"""Writing stages and the defect library."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import Method
from goldseal.catalog.models import ChecklistTemplate, Defect, DefectPicture, Stage
from goldseal.catalog.permissions import DEFECTS_EDIT, STAGES_EDIT
from goldseal.catalog.services import writing
from goldseal.catalog.services.places import in_capitals
from goldseal.catalog.services.writing import Values
from goldseal.catalog.stagesettings import checked_settings
from goldseal.files.models import Attachment
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import open_content
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

STAGE_FIELDS = frozenset(
    [
        "code",
        "position",
        "name_en",
        "name_bn",
        "method_code",
        "method_en",
        "method_bn",
        "who_en",
        "who_bn",
        "product_family",
        "settings",
        "gate",
    ]
)
DEFECT_FIELDS = frozenset(
    [
        "code",
        "family",
        "name_en",
        "name_bn",
        "severity",
        "severity_zone_a",
        "severity_children",
        "is_legal",
        "note_en",
        "note_bn",
    ]
)
E = TypeVar("E", Stage, Defect)


def create_stage(*, values: Values, actor: Actor, now: datetime) -> Stage:
    """A stage of the workspace's own. `values` by field name (`STAGE_FIELDS`).

    `settings` are those of the method (`stagesettings.METHOD_SETTINGS`); what is left out takes the usual
    value. Invalid says at which field what is wrong, for a setting at `settings.<its path>`.
    """
    authorize(actor, STAGES_EDIT)
    held = _with_settings(Stage(), {"settings": {}, **_coded(values)})
    return writing.create_row(Stage(), noun="stage", values=held, allowed=STAGE_FIELDS, actor=actor, now=now)


def edit_stage(
    *, stage_id: UUID, values: Values, actor: Actor, now: datetime, revision: int | None = None
) -> Stage:
    """Change a stage; the starter pack leaves it alone from then on. A starter's code stays.

    `settings` replace all former ones. A stage that changes its method begins with that method's usual
    settings. Inspections that are planned keep what they were planned with.
    """
    authorize(actor, STAGES_EDIT)
    with writing.uniqueness_told(), recorded_change():
        stage = writing.locked(Stage, stage_id, revision=revision)
        held = _with_settings(stage, values)
        return _edit(stage, noun="stage", values=held, allowed=STAGE_FIELDS, actor=actor, now=now)


def retire_stage(*, stage_id: UUID, actor: Actor, now: datetime) -> Stage:
    """Use the stage no longer."""
    return writing.set_active(
        Stage, stage_id, is_active=False, noun="stage", permission=STAGES_EDIT, actor=actor, now=now
    )


def restore_stage(*, stage_id: UUID, actor: Actor, now: datetime) -> Stage:
    """Use a retired stage again."""
    return writing.set_active(
        Stage, stage_id, is_active=True, noun="stage", permission=STAGES_EDIT, actor=actor, now=now
    )


def delete_stage(*, stage_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a stage that no inspection refers to, with its checklists; Conflict otherwise."""
    authorize(actor, STAGES_EDIT)
    with recorded_change():
        ChecklistTemplate.objects.filter(stage=stage_id).delete()
        writing.delete_row(Stage, stage_id, noun="stage", permission=STAGES_EDIT, actor=actor, now=now)


def create_defect(*, values: Values, actor: Actor, now: datetime) -> Defect:
    """A defect of the workspace's own. `values` by field name (`DEFECT_FIELDS`)."""
    authorize(actor, DEFECTS_EDIT)
    return writing.create_row(
        Defect(), noun="defect", values=_coded(values), allowed=DEFECT_FIELDS, actor=actor, now=now
    )


def edit_defect(
    *, defect_id: UUID, values: Values, actor: Actor, now: datetime, revision: int | None = None
) -> Defect:
    """Change a defect; the starter pack leaves it alone from then on. A starter's code stays."""
    authorize(actor, DEFECTS_EDIT)
    with writing.uniqueness_told(), recorded_change():
        defect = writing.locked(Defect, defect_id, revision=revision)
        return _edit(defect, noun="defect", values=values, allowed=DEFECT_FIELDS, actor=actor, now=now)


def retire_defect(*, defect_id: UUID, actor: Actor, now: datetime) -> Defect:
    """Use the defect no longer."""
    return writing.set_active(
        Defect, defect_id, is_active=False, noun="defect", permission=DEFECTS_EDIT, actor=actor, now=now
    )


def restore_defect(*, defect_id: UUID, actor: Actor, now: datetime) -> Defect:
    """Use a retired defect again."""
    return writing.set_active(
        Defect, defect_id, is_active=True, noun="defect", permission=DEFECTS_EDIT, actor=actor, now=now
    )


def delete_defect(*, defect_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a defect that nothing refers to; buyers' severities for it go with it."""
    writing.delete_row(Defect, defect_id, noun="defect", permission=DEFECTS_EDIT, actor=actor, now=now)


def set_defect_picture(*, defect_id: UUID, attachment: Attachment, actor: Actor, now: datetime) -> None:
    """Show what a defect looks like; a former picture gives way. Invalid at `files` for a file that is no picture."""
    authorize(actor, DEFECTS_EDIT)
    if not attachment.is_photo:
        raise Invalid(fields={"files": _("Choose a picture: JPEG, PNG, WebP or HEIC.")})
    with recorded_change():
        defect = writing.locked(Defect, defect_id)
        with open_content(attachment, Variant.THUMBNAIL) as thumbnail:
            size = thumbnail.seek(0, 2)
        DefectPicture.objects.filter(defect=defect).delete()
        DefectPicture.objects.create(defect=defect, attachment=attachment, size=size)
        record(event="defect.pictured", actor=actor, now=now, obj=defect, payload=writing.naming(defect))


def remove_defect_picture(*, defect_id: UUID, actor: Actor, now: datetime) -> None:
    """Show the family's drawing again; the file stays among the files. Removing none changes nothing."""
    authorize(actor, DEFECTS_EDIT)
    with recorded_change():
        defect = writing.locked(Defect, defect_id)
        if DefectPicture.objects.filter(defect=defect).delete()[0]:
            record(
                event="defect.picture_removed",
                actor=actor,
                now=now,
                obj=defect,
                payload=writing.naming(defect),
            )


def _edit(row: E, *, noun: str, values: Values, allowed: frozenset[str], actor: Actor, now: datetime) -> E:
    held = _coded(values)
    if row.is_starter and held.get("code", row.code) != row.code:
        raise Invalid(
            fields={"code": _("This code belongs to the starter pack and stays. Retire it and add your own.")}
        )
    row.is_edited = row.is_edited or any(getattr(row, name) != writing.tidy(v) for name, v in held.items())
    return writing.edit_row(row, noun=noun, values=held, allowed=allowed, actor=actor, now=now)


def _with_settings(stage: Stage, values: Values) -> Values:
    """The values with settings that fit the method; a method that is none is refused with the other fields."""
    method = values.get("method_code", stage.method_code)
    if method not in Method.values or ("settings" not in values and method == stage.method_code):
        return values
    return {**values, "settings": checked_settings(method, values.get("settings") or {})}


def _coded(values: Values) -> Values:
    """Codes in capitals: letters and digits, so that they can be called out on the floor."""
    held = in_capitals(values)
    code = str(held.get("code", "X")).strip()
    if code and not (code.isascii() and code.replace("-", "").isalnum()):
        raise Invalid(fields={"code": _("Use letters A–Z, digits and hyphens only.")})
    return held

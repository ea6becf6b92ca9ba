"""Holding back what is wrong: containments in pieces that add up, and the photos that prove things."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import ContainmentKind, Purpose
from goldseal.capa.models import Containment, Nonconformity, Proof, WhyStep
from goldseal.capa.rules import lifecycle
from goldseal.capa.rules.containment import Quantities, problems_of
from goldseal.capa.selectors import action_or_missing, open_workspace, today_at
from goldseal.capa.writing_services import check_row, facts, open_case, workers_case
from goldseal.files.services import take_attached
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

QUANTITIES = ("in_lot", "sorted", "found_bad", "rechecked", "released", "held")
SENTENCES: Mapping[str, Words] = {
    "range": _("Enter whole pieces from 0 to 100,000,000."),
    "none": _("Enter how many pieces the lot has, 1 or more."),
    "more_than_lot": _("No more pieces can be sorted than the lot has."),
    "more_than_sorted": _("No more pieces can be bad than were sorted."),
    "more_than_bad": _("No more pieces can be mended than were bad."),
    "more_than_good": _("Only pieces that were sorted good, or mended and rechecked, may be released."),
    "sum": _("Released and held together must be the whole lot."),
}


def record_containment(
    *, nonconformity_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime
) -> Containment:
    """Note what was done at once with the goods.

    `values`: kind, place, done_on, note and the quantities; `held` may be left out, it is what is not released.
    Raises Invalid at each field that does not add up, Conflict, NotFound, Forbidden.
    """
    authorize(actor, "capa.work")
    given = {name: int(values.get(name) or 0) for name in QUANTITIES}
    if values.get("held") is None:
        given["held"] = max(0, given["in_lot"] - given["released"])
    problems: dict[str, Words] = {
        name: SENTENCES[code] for name, code in problems_of(Quantities(**given)).items()
    }
    with recorded_change():
        case = open_case(nonconformity_id)
        today = today_at(open_workspace(), now)
        row = Containment(
            nonconformity=case,
            kind=values.get("kind") or ContainmentKind.SORT,
            place=str(values.get("place") or "").strip(),
            note=str(values.get("note") or "").strip(),
            done_on=values.get("done_on") or today,
            done_by_id=actor.person_id,
            at=now,
            **given,
        )
        if row.done_on > today:
            problems["done_on"] = _("This day has not come yet.")
        check_row(row, problems)
        row.save(force_insert=True)
        record(
            event="nonconformity.contained",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, kind=row.kind, lot=row.in_lot, released=row.released, held=row.held),
        )
    return row


def remove_containment(*, containment_id: UUID, actor: Actor, now: datetime) -> Nonconformity:
    """Take back a containment that was entered wrongly; the trail keeps its figures. Raises Conflict, NotFound."""
    authorize(actor, "capa.work")
    with recorded_change():
        row = Containment.objects.select_related("nonconformity").filter(pk=containment_id).first()
        if row is None:
            raise NotFound
        case = workers_case(row.nonconformity_id)
        figures = {name: getattr(row, name) for name in QUANTITIES}
        row.delete()
        record(
            event="nonconformity.containment_removed",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, lot=figures["in_lot"], quantities=figures),
        )
    return case


def add_proofs(
    *,
    nonconformity_id: UUID,
    files: Sequence[tuple[str, BinaryIO]],
    ids: Sequence[UUID],
    attests: str,
    purpose: str,
    actor: Actor,
    now: datetime,
    action_id: UUID | None = None,
    step_id: UUID | None = None,
) -> list[Proof]:
    """Put files in their place in the case: those just posted, and those uploaded before (`files.take_attached`).

    `purpose`: one of Purpose; `action_id`: the action before or after which they were taken; `step_id`: the step
    of a 5 Why that they prove. Raises Invalid at files or purpose, Conflict, NotFound, Forbidden.
    """
    authorize(actor, "capa.work")
    if purpose not in Purpose.values:
        raise Invalid(fields={"purpose": _("Choose what the file proves.")})
    with recorded_change():
        case = open_case(nonconformity_id)
        action = action_or_missing(action_id) if action_id else None
        if action is not None and action.nonconformity_id != case.pk:
            raise NotFound
        step = WhyStep.objects.filter(pk=step_id, nonconformity=case).first() if step_id else None
        if step_id is not None and step is None:
            raise Invalid(fields={"step": _("Choose a step of this case.")})
        attachments = take_attached(
            files=files, ids=ids, attests=attests, actor=actor, now=now, field="files"
        )
        rows = Proof.objects.bulk_create(
            [
                Proof(
                    workspace_id=case.workspace_id,
                    nonconformity=case,
                    attachment=attachment,
                    purpose=purpose,
                    action=action,
                    step=step,
                    added_by_id=actor.person_id,
                    at=now,
                )
                for attachment in attachments
            ]
        )
        if rows:
            record(
                event="nonconformity.proof_added",
                actor=actor,
                now=now,
                obj=case,
                payload=facts(case, count=len(rows)),
            )
    return rows


def remove_proof(*, proof_id: UUID, actor: Actor, now: datetime) -> Nonconformity:
    """Take a file out of the case; the file itself stays. What a supplier sent is never taken out.

    What proves an action can be taken out until that action is submitted. Raises Conflict, NotFound.
    """
    authorize(actor, "capa.work")
    with recorded_change():
        row = Proof.objects.select_related("attachment", "action").filter(pk=proof_id).first()
        if row is None:
            raise NotFound
        if row.action is None:
            case = workers_case(row.nonconformity_id)
        else:
            case = open_case(row.nonconformity_id)
            if row.action.state not in lifecycle.WITH_WORKER:
                raise Conflict(_("This action is submitted; what proves it stays."))
        if row.answer_id is not None:
            raise Conflict(_("A supplier's answer stays as it was given."))
        name = row.attachment.name
        row.delete()
        record(
            event="nonconformity.proof_removed",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, name=name),
        )
    return case

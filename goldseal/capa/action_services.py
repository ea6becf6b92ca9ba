"""Corrective and preventive actions: who does what until when, their steps from open to verified, read-across."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from goldseal.capa.models import Action, Nonconformity, ReadAcross
from goldseal.capa.moving import BY_PROGRAM, is_own_work, refuse_in_words
from goldseal.capa.rules import lifecycle
from goldseal.capa.selectors import SEE_TO, action_or_missing, open_workspace, person_named, today_at
from goldseal.capa.writing_services import check_row, chosen_places, facts, open_case
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

MOST_ACTIONS = 50
CHANGEABLE = (*lifecycle.WITH_WORKER,)


def add_action(*, nonconformity_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime) -> Action:
    """Plan an action. `values`: kind, type, words, owner (id of a member), due_on. Raises Invalid, Conflict."""
    authorize(actor, "capa.work")
    with recorded_change():
        case = open_case(nonconformity_id)
        if case.state in (lifecycle.APPROVED, lifecycle.VERIFIED):
            raise Conflict(
                _("The plan of this nonconformity is approved. Reopen the nonconformity, then add actions.")
            )
        if case.state in (lifecycle.IN_REVIEW, lifecycle.SUBMITTED):
            raise Conflict(
                _("This nonconformity is with its reviewer. Wait for the answer, then add actions.")
            )
        last = Action.objects.filter(nonconformity=case).aggregate(last=Max("number"))["last"] or 0
        if last >= MOST_ACTIONS:
            raise Conflict(_("At most 50 actions. Close this one and open another nonconformity."))
        row = Action(nonconformity=case, number=last + 1, created_at=now)
        _fill(row, values, today_at(open_workspace(), now), is_new=True)
        row.save(force_insert=True)
        record(
            event="action.added",
            actor=actor,
            now=now,
            obj=case,
            payload=_facts(row, case, owner=row.owner.display_name if row.owner else "–", due=row.due_on),
        )
    return row


def edit_action(*, action_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime) -> Action:
    """Change an action that is not submitted yet. Raises Invalid, Conflict, NotFound."""
    authorize(actor, "capa.work")
    with recorded_change():
        row, case = _locked(action_id)
        if row.state not in CHANGEABLE:
            raise Conflict(_("This action is submitted. It can be changed after the reviewer declines it."))
        if case.state not in lifecycle.WITH_WORKER and values.get("kind", row.kind) != row.kind:
            # The day on which the last corrective action is done begins the effect check.
            raise Invalid(
                fields={"kind": _("What was planned as corrective or preventive stays so in review.")}
            )
        _fill(row, values, today_at(open_workspace(), now), is_new=False)
        row.save()
        record(
            event="action.edited",
            actor=actor,
            now=now,
            obj=case,
            payload=_facts(row, case, owner=row.owner.display_name if row.owner else "–", due=row.due_on),
        )
    return row


def _fill(row: Action, values: Mapping[str, Any], today: date, *, is_new: bool) -> None:
    problems: dict[str, Words] = {}
    for name in ("kind", "type", "words", "due_on"):
        if name in values:
            value = values[name]
            setattr(row, name, value.strip() if isinstance(value, str) else value)
    if "owner" in values:
        row.owner = person_named(values["owner"], SEE_TO)
        if row.owner is None:
            problems["owner"] = _("Choose who sees to it: somebody of this workspace.")
        elif row.owner.pk == row.verifier_id:
            problems["owner"] = _("This person verifies it. Owner and verifier must be two people.")
    elif is_new:
        problems["owner"] = _("Choose who sees to it: somebody of this workspace.")
    if len(row.words) < 5:
        problems["words"] = _("Say what is done, in a few words.")
    due_on = values.get("due_on") if is_new or "due_on" in values else row.due_on
    if due_on is None:
        problems["due_on"] = _("Say until when.")
    elif due_on < today and (is_new or "due_on" in values):
        problems["due_on"] = _("Choose today or a later day.")
    check_row(row, problems)


def move_action(
    *, action_id: UUID, move: str, reason: str = "", result: str = "", actor: Actor, now: datetime
) -> Action:
    """One step of an action through its states (rules.lifecycle).

    `result`: what was done, needed to submit. Reviewing and verifying need `capa.review` and a person who
    neither owns nor submitted it. Raises Conflict where the state has no such step, Invalid at reason or
    result, Forbidden.
    """
    known = lifecycle.MOVES.get(move)
    if known is None or known.by == lifecycle.PROGRAM:
        authorize(actor, "capa.work")
        raise NotFound
    authorize(actor, "capa.work" if known.by == lifecycle.WORKER else "capa.review")
    with recorded_change():
        row, case = _locked(action_id)
        if known.by == lifecycle.WORKER and not _may_work_on(row, actor):
            raise Forbidden(_("This is for the action's owner, or for a QA manager."))
        before = row.state
        with refuse_in_words(before):
            own_work = is_own_work(row, actor)
            row.state = lifecycle.after(state=before, code=move, is_own_work=own_work, reason=reason)
        _note(row, move, reason, result, actor, now)
        row.save()
        record(
            event="action.moved_because" if reason and row.decision else "action.moved",
            actor=actor,
            now=now,
            obj=case,
            payload=_facts(row, case, case_state=[before, row.state], reason=row.decision if reason else ""),
        )
    return row


def _may_work_on(row: Action, actor: Actor) -> bool:
    is_program = actor.person_id is None and actor.via in BY_PROGRAM
    return is_program or row.owner_id == actor.person_id or actor.may("capa.review")


def _note(row: Action, move: str, reason: str, result: str, actor: Actor, now: datetime) -> None:
    """What a step leaves on the action beside its state."""
    if move == lifecycle.SUBMIT:
        row.result = result.strip() or row.result
        if len(row.result) < 5:
            raise Invalid(fields={"result": _("Say what was done, in a few words.")})
        if len(row.result) > 2000:
            raise Invalid(fields={"result": _("At most 2,000 characters.")})
        row.submitted_by_id, row.submitted_at = actor.person_id, now
    elif move == lifecycle.VERIFY:
        row.verifier_id, row.verified_at = actor.person_id, now
        row.decision = reason.strip()[:500]
    elif move in (lifecycle.DECLINE, lifecycle.REOPEN):
        row.decision = reason.strip()[:500]
    if move == lifecycle.REOPEN:
        row.verifier, row.verified_at = None, None


def _locked(pk: UUID) -> tuple[Action, Nonconformity]:
    row = action_or_missing(pk)
    case = open_case(row.nonconformity_id)
    row = Action.objects.select_for_update(of=("self",)).select_related("owner", "verifier").get(pk=pk)
    return row, case


def _facts(row: Action, case: Nonconformity, **more: Any) -> dict[str, Any]:
    return facts(case, action=row.code, words=row.words[:200], **more)


def add_read_across(
    *, nonconformity_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime
) -> ReadAcross:
    """Name a line, a style or a stage where the same could happen. Raises Invalid, Conflict."""
    authorize(actor, "capa.work")
    with recorded_change():
        case = open_case(nonconformity_id)
        problems: dict[str, Words] = {}
        named = {name: values.get(name) for name in ("line", "style", "stage")}
        places = chosen_places(named, problems)
        if not any(places.values()) and not problems:
            problems["line"] = _("Choose a line, a style or a stage.")
        row = ReadAcross(
            nonconformity=case,
            note=str(values.get("note") or "").strip(),
            due_on=values.get("due_on"),
            **places,
        )
        check_row(row, problems, exclude=("done_on",))
        row.save(force_insert=True)
        record(
            event="nonconformity.read_across",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, place=place_of(row)),
        )
    return row


def finish_read_across(*, read_across_id: UUID, actor: Actor, now: datetime) -> ReadAcross:
    """The action is carried over to that place too."""
    authorize(actor, "capa.work")
    with recorded_change():
        row = ReadAcross.objects.select_related("line", "style", "stage").filter(pk=read_across_id).first()
        if row is None:
            raise NotFound
        case = open_case(row.nonconformity_id)
        if row.done_on is None:
            row.done_on, row.done_by_id = today_at(open_workspace(), now), actor.person_id
            row.save(update_fields=["done_on", "done_by"])
            record(
                event="nonconformity.carried_over",
                actor=actor,
                now=now,
                obj=case,
                payload=facts(case, place=place_of(row)),
            )
    return row


def place_of(row: ReadAcross) -> str:
    """The line, style and stage it names."""
    named = (
        row.line.name if row.line else "",
        row.style.code if row.style else "",
        row.stage.code if row.stage else "",
    )
    return " · ".join(filter(None, named))

"""A nonconformity's steps from open to verified, and what a newly decided inspection means for this room."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.capa import counting_services, effect_services, opening_services
from goldseal.capa.choices import ActionKind, CheckState
from goldseal.capa.models import Action, Nonconformity
from goldseal.capa.moving import BY_PROGRAM, is_own_work, refuse_in_words
from goldseal.capa.rules import lifecycle
from goldseal.capa.selectors import check_of
from goldseal.capa.writing_services import facts, locked_case
from goldseal.inspections.models import Inspection
from goldseal.inspections.selectors import inspection_or_missing
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

MISSED_FOR = timedelta(days=2)
DONE = frozenset({lifecycle.VERIFIED, lifecycle.CLOSED})


def move_nonconformity(
    *, nonconformity_id: UUID, move: str, reason: str = "", actor: Actor, now: datetime
) -> Nonconformity:
    """One step of a nonconformity through its states (rules.lifecycle).

    To submit, it needs an owner, both root causes, a corrective action and an effect check; to be verified, every
    action verified. Reviewing needs `capa.review` and a person who neither owns nor submitted it. Nobody closes by
    hand. Raises Conflict with what is missing, Invalid at reason, Forbidden, NotFound.
    """
    known = lifecycle.MOVES.get(move)
    if known is None or known.by == lifecycle.PROGRAM:
        authorize(actor, "capa.work")
        raise NotFound
    authorize(actor, "capa.work" if known.by == lifecycle.WORKER else "capa.review")
    with recorded_change():
        case = locked_case(nonconformity_id)
        if known.by == lifecycle.WORKER and not _may_work_on(case, actor):
            raise Forbidden(_("This is for the nonconformity's owner, or for a QA manager."))
        before = case.state
        with refuse_in_words(before):
            after = lifecycle.after(
                state=before, code=move, is_own_work=is_own_work(case, actor), reason=reason
            )
        missing = what_is_missing(case, move)
        if missing:
            raise Conflict(_("Not yet: %(what)s") % {"what": " ".join(str(words) for words in missing)})
        case.state, case.decision = after, reason.strip()[:500]
        _note(case, move, actor, now)
        case.save()
        record(
            event="nonconformity.moved_because" if case.decision else "nonconformity.moved",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, case_state=[before, after], reason=case.decision),
        )
        if move == lifecycle.VERIFY:
            effect_services.check_effect(nonconformity_id=case.pk, actor=actor, now=now)
            case.refresh_from_db()
    return case


def _may_work_on(case: Nonconformity, actor: Actor) -> bool:
    is_program = actor.person_id is None and actor.via in BY_PROGRAM
    return is_program or case.owner_id in (None, actor.person_id) or actor.may("capa.review")


def what_is_missing(case: Nonconformity, move: str) -> list[Words]:
    """What a step still needs, a sentence each; empty where nothing stands in its way."""
    missing: list[Words] = []
    if move == lifecycle.SUBMIT:
        if case.owner_id is None:
            missing.append(_("It needs an owner."))
        if not case.root_made.strip():
            missing.append(_("State the root cause why it was made."))
        if not case.root_detected.strip():
            missing.append(_("State the root cause why it was not detected."))
        if not Action.objects.filter(nonconformity=case, kind=ActionKind.CORRECTIVE).exists():
            missing.append(_("Plan a corrective action."))
        check = check_of(case)
        if check is None or check.state != CheckState.WAITING:
            missing.append(_("Set the effect check."))
        elif effect_services.misfits(check, case):  # the defects may have been changed after it was set
            missing.append(_("The effect check no longer fits the defects: set it anew."))
    if move == lifecycle.VERIFY:
        open_ones = [
            row.code
            for row in Action.objects.filter(nonconformity=case).exclude(state__in=DONE).order_by("number")
        ]
        if open_ones:
            missing.append(_("These actions are not verified: %(codes)s.") % {"codes": ", ".join(open_ones)})
        if not _has_live_check(case):
            missing.append(_("Set the effect check."))
    return missing


def _has_live_check(case: Nonconformity) -> bool:
    check = check_of(case)
    return check is not None and check.state == CheckState.WAITING


def _note(case: Nonconformity, move: str, actor: Actor, now: datetime) -> None:
    if move == lifecycle.SUBMIT:
        case.submitted_by_id, case.submitted_at = actor.person_id, now
    elif move == lifecycle.APPROVE:
        case.approved_at = now
    elif move == lifecycle.VERIFY:
        case.verifier_id, case.verified_at = actor.person_id, now
    elif move == lifecycle.REOPEN:
        case.closed_at, case.verified_at, case.verifier = None, None, None
        case.reopened_count += 1


def take_in_inspection(*, inspection_id: UUID, actor: Actor, now: datetime) -> Nonconformity | None:
    """What a decided inspection means here: it is counted, may open a nonconformity, and may prove an effect.

    May be repeated. Returns the nonconformity it opened, if it did.
    """
    with recorded_change():
        counting_services.count_inspection(inspection_id=inspection_id, now=now)
        opened = opening_services.open_from_inspection(inspection_id=inspection_id, actor=actor, now=now)
        inspection = inspection_or_missing(inspection_id)
        effect_services.check_effects(actor=actor, now=now, inspection=inspection)
    return opened


def catch_up(*, actor: Actor, now: datetime) -> int:
    """Take in inspections that nobody counted; how many there were.

    Those decided within two days were missed and may open a nonconformity; older ones, and those taken over from
    a sheet, are only counted.
    """
    authorize(actor, "capa.work")
    missed = counting_services.uncounted()
    recent = set(
        Inspection.objects.filter(pk__in=missed, decided_at__gte=now - MISSED_FOR)
        .exclude(accepted_submission__isnull=True)
        .values_list("pk", flat=True)
    )
    for inspection_id in missed:
        if inspection_id in recent:
            take_in_inspection(inspection_id=inspection_id, actor=actor, now=now)
        else:
            counting_services.count_inspection(inspection_id=inspection_id, now=now)
    return len(missed)

"""The effect check: set, tested by itself against new inspections, closing and reopening by its figures."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import CheckState, Metric
from goldseal.capa.counting_services import COUNTS_PIECES
from goldseal.capa.figures_selectors import counting_from, outcome_of, return_of
from goldseal.capa.models import Action, EffectCheck, Nonconformity
from goldseal.capa.moving import BY_PROGRAM, is_own_work
from goldseal.capa.rules import effect, lifecycle
from goldseal.capa.selectors import check_of, open_workspace, settings_in_force, today_at
from goldseal.capa.writing_services import check_row, chosen_places, facts, locked_case, open_case
from goldseal.catalog.models import Defect
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.metrics import rounded
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid
from goldseal.kit.wording import number_when_read
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

PLACES = ("stage", "line", "buyer", "style")
MOST_PER_HUNDRED = 100
TYPED = ("metric", "code", "operation", "target", "from_on", "window", "window_size", "min_pieces")


def set_effect_check(
    *, nonconformity_id: UUID, values: Mapping[str, Any], actor: Actor, now: datetime
) -> EffectCheck:
    """Say how the effect will be proved. Begins a new round where the last one was decided.

    `values`: the fields of TYPED and the ids of PLACES. While the case is with its reviewer it needs `capa.review`;
    once it is approved, what was approved stays. Raises Invalid at each field, Conflict, Forbidden.
    """
    authorize(actor, "capa.work")
    with recorded_change():
        case = open_case(nonconformity_id)
        if case.state in (lifecycle.APPROVED, lifecycle.VERIFIED):
            raise Conflict(
                _("This effect check is approved and does not change. Reopen the nonconformity first.")
            )
        if case.state not in lifecycle.WITH_WORKER:
            authorize(actor, "capa.review")
            if is_own_work(case, actor):  # nobody softens the target of their own case once it was handed in
                raise Forbidden
        check = check_of(case)
        if check is None or check.state != CheckState.WAITING:
            last = EffectCheck.objects.filter(nonconformity=case).aggregate(last=Max("round"))["last"] or 0
            least = settings_in_force().min_pieces
            check = EffectCheck(nonconformity=case, round=last + 1, min_pieces=least, created_at=now)
        problems: dict[str, Words] = {}
        for name in TYPED:
            if values.get(name) is not None:
                value = values[name]
                setattr(check, name, value.strip() if isinstance(value, str) else value)
        for name, row in chosen_places({n: values.get(n) for n in PLACES}, problems).items():
            setattr(check, name, row)
        check.from_on = check.from_on or today_at(open_workspace(), now)
        if check.metric == Metric.RATE:
            if values.get("target") is None and check._state.adding:
                problems["target"] = _("Enter the rate that may not be exceeded, 0 or more.")
                check.target = Decimal(0)
        else:
            check.code, check.target = "", check.target or Decimal(0)
        for name, words in misfits(check, case).items():
            problems.setdefault(name, words)
        check_row(check, problems, exclude=("rate", "watch_until"))
        check.save()
        record(
            event="effect.set",
            actor=actor,
            now=now,
            obj=case,
            payload=facts(case, code=check.code, target=str(check.target), round=check.round),
        )
    return check


def misfits(check: EffectCheck, case: Nonconformity) -> dict[str, Words]:
    """Why a check could not prove this case's effect, by field: something bad must be able to count against it."""
    codes = set(case.defects.values_list("code", flat=True))
    if check.metric != Metric.RATE:
        is_counted = case.inspection is None or case.inspection.method in COUNTS_PIECES
        if codes and is_counted:
            return {"metric": _("This nonconformity has counted defects; only their rate closes it.")}
        return {}
    problems: dict[str, Words] = {}
    least = settings_in_force().min_pieces
    if codes and check.code not in codes:
        problems["code"] = _("Choose one of the defects of this nonconformity.")
    elif not Defect.objects.filter(code=check.code).exists():
        problems["code"] = _("Choose a defect of the library.")
    if not 0 <= Decimal(check.target) <= MOST_PER_HUNDRED:
        problems["target"] = _("Enter 0 to 100 defects per 100 pieces.")
    if not 1 <= (check.window_size or 0) <= 1_000_000:
        problems["window_size"] = _("Enter 1 to 1,000,000.")
    if not least <= (check.min_pieces or 0) <= 1_000_000:
        problems["min_pieces"] = _("Enter %(least)s to 1,000,000 pieces: fewer prove nothing here.") % {
            "least": number_when_read(least)
        }
    if check.from_on < case.found_on:
        problems["from_on"] = _("The window cannot begin before the problem was found.")
    return problems


def observe_effect(
    *, nonconformity_id: UUID, is_met: bool, words: str, actor: Actor, now: datetime
) -> EffectCheck:
    """A verifier who neither owns nor submitted the case says what was seen, where there are no numbers to count.

    Raises Conflict unless the case is verified and its check is of that kind, Invalid at words, Forbidden.
    """
    authorize(actor, "capa.review")
    with recorded_change():
        case = open_case(nonconformity_id)
        check = check_of(case)
        if is_own_work(case, actor):
            raise Forbidden(_("Nobody reviews or verifies the own work. Ask another person."))
        if check is None or check.metric != Metric.OBSERVED or check.state != CheckState.WAITING:
            raise Conflict(_("This effect check is not decided by what is seen."))
        if case.state != lifecycle.VERIFIED:
            raise Conflict(_("First the actions are verified, then their effect."))
        if not 5 <= len(words.strip()) <= 1000:
            raise Invalid(fields={"observation": _("Say what you saw, in 5 to 1,000 characters.")})
        check.observation, check.observed_by_id = words.strip(), actor.person_id
        outcome = effect.Outcome(effect.MET if is_met else effect.NOT_MET, 0, 0, 0, None)
        _decide(case, check, outcome, actor, now)
    return check


def check_effect(*, nonconformity_id: UUID, actor: Actor, now: datetime) -> EffectCheck | None:
    """Test one case against the numbers: close it, reopen it, or leave it waiting. May be repeated."""
    authorize(actor, "capa.work")
    with recorded_change():
        case = locked_case(nonconformity_id)
        check = check_of(case)
        if check is None:
            return None
        workspace = open_workspace()
        if case.state == lifecycle.VERIFIED and check.state == CheckState.WAITING:
            outcome = outcome_of(check, today_at(workspace, now))
            if outcome is not None and outcome.state != effect.WAITING:
                _decide(case, check, outcome, actor, now)
        elif case.state == lifecycle.CLOSED and check.state == CheckState.MET and case.closed_at:
            closed_on = case.closed_at.astimezone(ZoneInfo(workspace.time_zone)).date()
            came_back = return_of(check, closed_on)
            if came_back is not None:
                check.state = CheckState.RECURRED
                _keep(check, came_back)
                check.save()
                _reopen(case, "effect.recurred", check, actor, now)
    return check


def check_effects(*, actor: Actor, now: datetime, inspection: Inspection | None = None) -> int:
    """Test every case of the open workspace that waits for numbers or is watched; how many there were.

    With `inspection` only those whose numbers it adds to.
    """
    authorize(actor, "capa.work")
    waiting = EffectCheck.objects.filter(
        state=CheckState.WAITING, metric=Metric.RATE, nonconformity__state=lifecycle.VERIFIED
    )
    watched = EffectCheck.objects.filter(
        state=CheckState.MET,
        metric=Metric.RATE,
        nonconformity__state=lifecycle.CLOSED,
        watch_until__gte=now.date() - timedelta(days=2),
    )
    concerned = Q()
    for name in PLACES if inspection is not None else ():
        concerned &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}_id": getattr(inspection, f"{name}_id")})
    ids = {
        pk
        for rows in (waiting, watched)
        for pk in rows.filter(concerned).values_list("nonconformity_id", flat=True)
    }
    for pk in sorted(ids):
        check_effect(nonconformity_id=pk, actor=actor, now=now)
    return len(ids)


def _decide(
    case: Nonconformity, check: EffectCheck, outcome: effect.Outcome, actor: Actor, now: datetime
) -> None:
    if check.metric == Metric.RATE:
        check.from_on = (
            counting_from(check) or check.from_on
        )  # as it was counted, whatever is submitted later
    check.state, check.decided_at = outcome.state, now
    _keep(check, outcome)
    if outcome.state == effect.MET:
        days = settings_in_force().watch_days
        check.watch_until = today_at(open_workspace(), now) + timedelta(days=days)
        check.save()
        case.state = lifecycle.after(state=case.state, code=lifecycle.CLOSE)
        case.closed_at = now
        case.save(update_fields=["state", "closed_at"])
        done = Action.objects.filter(nonconformity=case, state=lifecycle.VERIFIED)
        done.update(state=lifecycle.after(state=lifecycle.VERIFIED, code=lifecycle.CLOSE))
        record(event="effect.met", actor=_by(actor, case), now=now, obj=case, payload=_figures(case, check))
    else:
        check.save()
        _reopen(case, "effect.not_met", check, actor, now)


def _reopen(case: Nonconformity, event: str, check: EffectCheck, actor: Actor, now: datetime) -> None:
    case.state = lifecycle.after(state=case.state, code=lifecycle.REOPEN, reason=event)
    case.closed_at, case.verified_at, case.verifier = None, None, None
    case.reopened_count += 1
    case.save(update_fields=["state", "closed_at", "verified_at", "verifier", "reopened_count"])
    record(event=event, actor=_by(actor, case), now=now, obj=case, payload=_figures(case, check))


def _by(actor: Actor, case: Nonconformity) -> Actor:
    """The numbers decide, not the person whose click let them be read; what a person saw stays the person's."""
    check = check_of(case)
    if check is None or check.metric == Metric.OBSERVED or actor.via in BY_PROGRAM:
        return actor
    return Actor(person_id=None, name="Goldseal", via="job", workspace_id=case.workspace_id)


def _keep(check: EffectCheck, outcome: effect.Outcome) -> None:
    check.inspections, check.pieces, check.found = outcome.inspections, outcome.pieces, outcome.found
    check.rate = None if outcome.rate is None else min(rounded(outcome.rate), Decimal("999999.99"))


def _figures(case: Nonconformity, check: EffectCheck) -> dict[str, Any]:
    return facts(
        case,
        code=check.code,
        found=check.found,
        pieces=check.pieces,
        rate="–" if check.rate is None else str(check.rate),
        target=str(check.target),
        observation=check.observation,
    )

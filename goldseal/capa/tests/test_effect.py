"""The effect check: the numbers close the case and reopen it; what is seen decides where there are none."""

from datetime import timedelta

import pytest

from goldseal.capa import (
    effect_services,
    opening_services,
)
from goldseal.capa.board_selectors import board
from goldseal.capa.figures_selectors import outcome_of
from goldseal.capa.models import Nonconformity
from goldseal.capa.selectors import check_of
from goldseal.capa.tests.makers import (
    TODAY,
    Place,
    give,
    move,
    place,
    plan_action,
    set_check,
    state_roots,
    step,
    verified,
)
from goldseal.inspections.tests.makers import NOW
from goldseal.kit.errors import Conflict, Forbidden
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place()


def events(here: Place, case: Nonconformity) -> list[str]:
    with here.at.place.scope():
        rows = Entry.objects.filter(workspace_id=here.at.place.workspace.pk, object_id=case.pk)
        return list(rows.order_by("sequence").values_list("event", flat=True))


def test_the_numbers_close_the_case_and_reopen_it_when_it_returns(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        assert verified(here, case).state == "verified"  # what opened the case never counts as its effect
    for _again in range(2):
        here.later(0, ("SW03", "major", 5))
    with here.at.place.scope():
        case.refresh_from_db()
        assert case.state == "reopened"  # 10 in 16 pieces, found on the window's first day
        set_check(here, case, from_on=TODAY + timedelta(days=1))
        move(here.works, case, "begin", "submit")
        move(here.reviews, case, "take_up", "approve", "verify")
        case.refresh_from_db()
        check = check_of(case)
        assert check is not None
        assert case.state == "verified"
        assert check.round == 2
        waits = outcome_of(check, TODAY)
        assert waits is not None
        assert (waits.state, waits.missing_pieces, waits.missing_inspections) == ("waiting", 16, 2)
    for days in (1, 2):
        here.later(days)
    with here.at.place.scope():
        case.refresh_from_db()
        assert (case.state, case.actions.get().state) == ("closed", "closed")
        check = check_of(case)
        assert check is not None
        assert (check.state, check.pieces, check.found, str(check.rate)) == ("met", 16, 0, "0.00")
        with pytest.raises(Conflict):
            give(here, case)
    here.later(5, ("SW03", "major", 1))
    with here.at.place.scope():
        case.refresh_from_db()
        assert case.state == "closed"  # eight pieces are too few to say
    here.later(6, ("SW03", "major", 1))
    with here.at.place.scope():
        case.refresh_from_db()
        assert (case.state, case.reopened_count) == ("reopened", 2)
        shown = board(TODAY + timedelta(days=6))
        assert (shown.met, shown.checked, shown.open) == (0, 2, 5)  # the four other failures are open too
        figures = Entry.objects.filter(object_id=case.pk, event="effect.recurred").get().payload.data
    assert (figures["found"], figures["pieces"], figures["rate"]) == (2, 16, "12.50")
    assert {"effect.not_met", "effect.met", "effect.recurred"} <= set(events(here, case))


def test_what_is_seen_decides_where_there_is_nothing_to_count(here: Place) -> None:
    with here.at.place.scope():
        case = opening_services.open_nonconformity(
            values={"title": "Fire exit blocked", "source": "audit"}, actor=here.works, now=NOW
        )
        give(here, case)
        state_roots(here, case)
        action = plan_action(here, case)
        set_check(here, case, metric="observed", code="", target=None)
        observe = effect_services.observe_effect
        with pytest.raises(Conflict):
            observe(nonconformity_id=case.pk, is_met=True, words="Free", actor=here.reviews, now=NOW)
        move(here.works, case, "begin", "submit")
        move(here.reviews, case, "take_up", "approve")
        with pytest.raises(Conflict, match="A1"):
            move(here.reviews, case, "verify")
        step(here.works, action.pk, "begin", "submit")
        step(here.reviews, action.pk, "take_up", "approve", "verify")
        assert move(here.reviews, case, "verify").state == "verified"
        with pytest.raises(Forbidden):
            observe(nonconformity_id=case.pk, is_met=True, words="Free now", actor=here.works, now=NOW)
        observe(
            nonconformity_id=case.pk,
            is_met=False,
            words="A trolley stands there",
            actor=here.reviews,
            now=NOW,
        )
        case.refresh_from_db()
        assert case.state == "reopened"

"""The rules: states, quantities, effect, reminders, causes, figures; by table and by property."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.capa.rules import causes, effect, figures, lifecycle, reminders
from goldseal.capa.rules.containment import Quantities, good_of, problems_of
from goldseal.inspections.rules.metrics import pareto

DAY = date(2026, 3, 16)

# DOMAIN §8: open → in progress → submitted → in review → declined/approved → verified → closed → reopened.
ALLOWED = {
    ("open", "begin"): "in_progress",
    ("in_progress", "submit"): "submitted",
    ("submitted", "take_up"): "in_review",
    ("in_review", "approve"): "approved",
    ("in_review", "decline"): "declined",
    ("declined", "begin"): "in_progress",
    ("approved", "verify"): "verified",
    ("verified", "close"): "closed",
    ("verified", "reopen"): "reopened",
    ("closed", "reopen"): "reopened",
    ("reopened", "begin"): "in_progress",
}


@pytest.mark.parametrize("state", lifecycle.STATES)
@pytest.mark.parametrize("code", lifecycle.MOVES)
def test_only_the_steps_of_the_table_are_possible(state: str, code: str) -> None:
    wanted = ALLOWED.get((state, code))
    if wanted:
        assert lifecycle.after(state=state, code=code, reason="because") == wanted
    else:
        with pytest.raises(lifecycle.MoveRefused) as refused:
            lifecycle.after(state=state, code=code, reason="because")
        assert refused.value.why == "state"


@pytest.mark.parametrize("code", ["take_up", "approve", "decline", "verify"])
def test_nobody_reviews_or_verifies_the_own_work(code: str) -> None:
    source = next(iter(lifecycle.MOVES[code].sources))
    with pytest.raises(lifecycle.MoveRefused) as refused:
        lifecycle.after(state=source, code=code, is_own_work=True, reason="because")
    assert refused.value.why == "same_person"


@pytest.mark.parametrize(("state", "code"), [("in_review", "decline"), ("closed", "reopen")])
def test_declining_and_reopening_need_a_reason(state: str, code: str) -> None:
    with pytest.raises(lifecycle.MoveRefused) as refused:
        lifecycle.after(state=state, code=code, reason=" no ")
    assert refused.value.why == "reason"


@given(st.lists(st.sampled_from(sorted(lifecycle.MOVES)), max_size=40))
def test_nothing_is_closed_that_was_not_verified_by_another_person(codes: list[str]) -> None:
    state, seen = lifecycle.OPEN, [lifecycle.OPEN]
    for code in codes:
        try:
            state = lifecycle.after(state=state, code=code, reason="because")
        except lifecycle.MoveRefused:
            continue
        seen.append(state)
    for before, after in pairwise(seen):
        assert after != "closed" or before == "verified"
        assert after != "verified" or before == "approved"
        assert after != "approved" or before == "in_review"


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (Quantities(100, 100, 10, 8, 98, 2), {}),
        (Quantities(100, held=100), {}),
        (Quantities(0), {"in_lot": "none"}),
        (Quantities(100, 101, 0, 0, 100, 0), {"sorted": "more_than_lot"}),
        (Quantities(100, 50, 51, 0, 0, 100), {"found_bad": "more_than_sorted"}),
        (Quantities(100, 50, 5, 6, 0, 100), {"rechecked": "more_than_bad"}),
        (Quantities(100, 50, 5, 0, 46, 54), {"released": "more_than_good"}),
        (Quantities(100, 100, 0, 0, 90, 9), {"held": "sum"}),
        (Quantities(-1), {"in_lot": "range"}),
    ],
)
def test_quantities_of_a_containment_add_up(found: Quantities, wrong: dict[str, str]) -> None:
    assert problems_of(found) == wrong


@given(
    st.integers(1, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)
)
def test_what_is_accepted_releases_only_good_pieces(
    lot: int, looked_at: int, bad: int, again: int, free: int
) -> None:
    found = Quantities(lot, looked_at, bad, again, free, max(0, lot - free))
    if not problems_of(found):
        assert found.released <= good_of(found) <= lot
        assert found.held >= lot - looked_at  # what nobody looked at is held
        assert found.held >= bad - again  # and so is what is bad and not mended


def row(days: int, pieces: int, found: int, key: str = "") -> effect.Counted:
    return effect.Counted(DAY + timedelta(days=days), key, pieces, found)


@pytest.mark.parametrize(
    ("rows", "kind", "size", "least", "today", "wanted"),
    [
        # Three inspections of 50 pieces, 3 found: 2.00 per 100, at the target.
        ([(0, 50, 1), (1, 50, 1), (2, 50, 1)], "inspections", 3, 100, 2, ("met", 3, 150, 3, Fraction(2))),
        ([(0, 50, 1), (1, 50, 1), (2, 50, 2)], "inspections", 3, 100, 2, ("not_met", 3, 150, 4, Fraction(8, 3))),
        # The fourth inspection lies outside the window.
        ([(0, 50, 1), (1, 50, 1), (2, 50, 1), (3, 50, 9)], "inspections", 3, 100, 3, ("met", 3, 150, 3, Fraction(2))),
        # Before the window nothing counts.
        ([(-1, 500, 90), (0, 100, 0)], "inspections", 1, 100, 0, ("met", 1, 100, 0, Fraction(0))),
        # Too few pieces in the window: the next inspections count too, until there are enough.
        ([(0, 8, 0), (1, 8, 0), (5, 90, 1)], "inspections", 2, 100, 5, ("met", 3, 106, 1, Fraction(100, 106))),
        ([(0, 60, 1), (1, 60, 0)], "pieces", 100, 1, 1, ("met", 2, 120, 1, Fraction(100, 120))),
        ([(0, 60, 1), (6, 60, 1), (9, 500, 99)], "days", 7, 100, 7, ("met", 2, 120, 2, Fraction(200, 120))),
    ],
)  # fmt: skip
def test_the_effect_is_judged_by_the_numbers_in_the_window(
    rows: list[tuple[int, int, int]], kind: str, size: int, least: int, today: int, wanted: tuple[object, ...]
) -> None:
    found = effect.judge(
        counts=[row(*one) for one in rows],
        target=Fraction(2),
        window=effect.Window(DAY, kind, size, least),
        today=DAY + timedelta(days=today),
    )
    assert (found.state, found.inspections, found.pieces, found.found, found.rate) == wanted


@pytest.mark.parametrize(
    ("rows", "kind", "size", "today", "missing"),
    [
        ([], "inspections", 3, 0, (100, 3, 0)),
        ([(0, 40, 0)], "inspections", 3, 0, (60, 2, 0)),
        ([(0, 400, 0)], "inspections", 3, 0, (0, 2, 0)),
        ([(0, 400, 9)], "pieces", 500, 0, (100, 0, 0)),
        ([(0, 400, 0)], "days", 7, 3, (0, 0, 4)),
        ([(0, 40, 0)], "days", 7, 30, (60, 0, 0)),
    ],
)
def test_too_few_numbers_wait_and_say_what_is_missing(
    rows: list[tuple[int, int, int]], kind: str, size: int, today: int, missing: tuple[int, int, int]
) -> None:
    found = effect.judge(
        counts=[row(*one) for one in rows],
        target=Fraction(0),
        window=effect.Window(DAY, kind, size, 100),
        today=DAY + timedelta(days=today),
    )
    assert found.state == "waiting"
    assert (found.missing_pieces, found.missing_inspections, found.days_left) == missing


COUNTS = st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 200), st.integers(0, 50)), max_size=12)


@given(COUNTS, st.sampled_from(effect.WINDOWS), st.integers(1, 20), st.integers(1, 300), st.integers(0, 60))
def test_a_verdict_needs_enough_pieces_and_follows_its_rate(
    rows: list[tuple[int, int, int]], kind: str, size: int, least: int, today: int
) -> None:
    counts = [row(*one, key=str(place)) for place, one in enumerate(rows)]
    window, now = effect.Window(DAY, kind, size, least), DAY + timedelta(days=today)
    found = effect.judge(counts=counts, target=Fraction(3), window=window, today=now)
    assert found == effect.judge(counts=counts[::-1], target=Fraction(3), window=window, today=now)
    if found.state == "waiting":
        assert found.missing_pieces or found.missing_inspections or found.days_left
    else:
        assert found.pieces >= least
        assert found.rate is not None
        assert (found.state == "met") == (found.found * 100 <= 3 * found.pieces)


def test_a_defect_that_comes_back_is_noticed_after_closing_only() -> None:
    asked = {
        "target": Fraction(2),
        "closed_on": DAY,
        "watched_until": DAY + timedelta(days=30),
        "min_pieces": 100,
    }
    assert effect.recurs(counts=[row(0, 900, 90)], **asked) is None
    assert effect.recurs(counts=[row(31, 900, 90)], **asked) is None
    assert effect.recurs(counts=[row(3, 90, 90)], **asked) is None
    assert effect.recurs(counts=[row(3, 100, 2)], **asked) is None
    back = effect.recurs(counts=[row(3, 60, 1), row(9, 60, 2)], **asked)
    assert back is not None
    assert (back.pieces, back.found, back.rate) == (120, 3, Fraction(5, 2))


@pytest.mark.parametrize(
    ("days", "sent", "letters"),
    [
        (-3, "", []),
        (-2, "", ["before"]),
        (-1, "before", []),
        (0, "before", ["on_due"]),
        (1, "on_due", ["overdue"]),
        (3, "overdue", ["escalation"]),
        (9, "", ["overdue", "escalation"]),
        (9, "overdue escalation", []),
    ],
)
def test_each_letter_goes_out_once_and_in_time(days: int, sent: str, letters: list[str]) -> None:
    found = reminders.due_letters(
        due_on=DAY,
        today=DAY + timedelta(days=days),
        before_days=2,
        escalate_after_days=3,
        sent=frozenset(sent.split()),
    )
    assert list(found) == letters


def test_a_chain_of_one_or_two_steps_is_likely_incomplete() -> None:
    assert [causes.is_short(n) for n in range(5)] == [False, True, True, False, False]


@given(
    st.dictionaries(
        st.sampled_from(causes.BONES),
        st.lists(st.tuples(st.text(max_size=80), st.just("suspected")), max_size=9),
    )
)
def test_the_fishbone_keeps_within_its_frame(written: dict[str, list[tuple[str, str]]]) -> None:
    bones = causes.fishbone(written)
    assert [bone.code for bone in bones] == list(causes.BONES)
    for bone in bones:
        assert len(bone.twigs) + bone.left_out == len(written.get(bone.code, []))
        for twig in bone.twigs:
            assert 0 <= twig.x1 < twig.x2 <= causes.HEAD
            assert 0 < twig.y < causes.HEIGHT
            assert len(twig.text) <= causes.LETTERS


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, "0-7"), (7, "0-7"), (8, "8-14"), (14, "8-14"), (15, "15-30"), (30, "15-30"), (31, "30+")],
)
def test_ages_fall_into_four_bands(days: int, band: str) -> None:
    assert figures.age_band(opened_on=DAY, today=DAY + timedelta(days=days)) == band


def test_figures_of_boards_and_costs() -> None:
    assert figures.effectiveness(met=3, checked=4) == 75
    assert figures.effectiveness(met=0, checked=0) is None
    assert [figures.shift_of(hour) for hour in (5, 6, 13, 14, 21, 22)] == [
        "night", "morning", "morning", "evening", "evening", "night",
    ]  # fmt: skip
    # 120 minutes at 4.50 and three pieces of 310: 540 + 930.
    cost = figures.cost_of(minutes=Decimal(120), per_minute=Decimal("4.5"), rejects=3, value=Decimal(310))
    assert cost == Decimal("1470.00")
    assert figures.cost_of(minutes=None, per_minute=Decimal(1), rejects=None, value=Decimal(1)) is None


def test_the_pareto_chart_stands_on_its_base() -> None:
    bars = figures.pareto_bars(pareto({"SW03": 60, "SW11": 20, "KN01": 20}))
    assert [(bar.key, bar.is_vital) for bar in bars] == [("SW03", True), ("KN01", True), ("SW11", False)]
    assert all(round(bar.y + bar.height, 1) == figures.BASE for bar in bars)
    assert bars[-1].point_y == 20.0  # 100 % on top
    assert figures.pareto_bars(()) == ()

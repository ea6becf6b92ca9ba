"""Endline counts add up in any order, and the live figures are those of the trade's formulas."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import endline
from goldseal.inspections.rules.endline import Settings, Tally

HOUR = {
    "hour": 9,
    "passed": 180,
    "altered": 16,
    "rejected": 4,
    "recheck_passed": 14,
    "recheck_rejected": 1,
    "defects": [{"code": "SW01", "zone": "A", "count": 20}, {"code": "FC03", "count": 4}],
}


def test_the_figures_of_one_hour() -> None:
    # 200 checked: DHU 24/200, RFT 180/200, alter 16/200, reject (4 + 1)/200; one alter still out.
    got = endline.decide(tallies=[HOUR], settings=Settings(hourly_target=220))
    assert got.rates == endline.Rates(Fraction(12), Fraction(90), Fraction(8), Fraction(5, 2))
    assert got.total.open_alters == 1
    assert got.hours[0].to_target == 20
    assert [(row.key, row.count) for row in got.pareto] == [("SW01", 20), ("FC03", 4)]
    (reason,) = got.reasons
    assert (reason.code, reason.section, reason.verdict) == ("alters_open", "endline", "pending")
    assert reason.message == "1 of 16 altered pieces are not rechecked yet"


def test_the_day_comes_from_sums() -> None:
    # 20 defects in 100 and 45 in 900: 65 in 1000, not the mean of 20 and 5.
    day = [
        {"hour": 8, "passed": 100, "defects": [{"code": "SW01", "count": 20}]},
        {"hour": 9, "passed": 900, "defects": [{"code": "SW01", "count": 45}]},
    ]
    got = endline.decide(tallies=day)
    assert got.rates.dhu == Fraction(13, 2)
    assert [hour.rates.dhu for hour in got.hours] == [20, 5]
    assert got.reasons == ()


def codes(*bodies: dict[str, Any], **settings: Any) -> list[tuple[str, str]]:
    got = endline.decide(tallies=bodies, settings=Settings(**settings))
    return [(reason.code, reason.verdict) for reason in got.reasons]


def test_what_keeps_it_pending() -> None:
    assert codes() == [("nothing_checked", "pending")]
    assert codes({"hour": 8, "passed": 5, "altered": 1, "recheck_passed": 2}) == [
        ("rechecked_more_than_altered", "pending")
    ]
    assert codes({"hour": 8, "defects": [{"code": "SW01"}]}) == [
        ("nothing_checked", "pending"),
        ("defects_without_pieces", "pending"),
    ]
    # More rejected at the recheck than altered is impossible, but must not break the live figures.
    wrong = endline.decide(tallies=[{"hour": 8, "passed": 1, "recheck_rejected": 9}])
    assert wrong.rates.reject == 0


def test_a_limit_fails_only_where_one_is_set() -> None:
    body = {"hour": 8, "passed": 100, "defects": [{"code": "SW01", "count": 8}]}
    assert codes(body) == []
    assert codes(body, dhu_max=8) == []
    assert codes(body, dhu_max="7.9") == [("dhu_over_limit", "fail")]


tallies = st.builds(
    Tally,
    *[st.integers(0, 50)] * 5,
    st.dictionaries(st.tuples(st.sampled_from(["SW01", "FC03"]), st.sampled_from("ABC")), st.integers(0, 9)),
)


@given(tallies, tallies, tallies)
def test_adding_is_the_same_in_any_order(one: Tally, two: Tally, three: Tally) -> None:
    assert one.add(two) == two.add(one)
    assert one.add(two).add(three) == one.add(two.add(three))
    assert one.add(Tally()) == one
    assert endline.merge(tallies=[three, one, two]) == one.add(two).add(three)


taps = st.lists(
    st.fixed_dictionaries(
        {"hour": st.integers(8, 10), "passed": st.integers(0, 3), "altered": st.integers(0, 2)},
        optional={"defects": st.just([{"code": "SW01", "zone": "B"}])},
    ),
    max_size=30,
)


@given(taps, st.randoms(use_true_random=False))
def test_taps_may_come_in_any_order(sequence: list[dict[str, Any]], random: Any) -> None:
    shuffled = sequence[:]
    random.shuffle(shuffled)
    got = endline.decide(tallies=sequence)
    assert endline.decide(tallies=shuffled) == got
    assert got.total.checked == sum(tap["passed"] + tap["altered"] for tap in sequence)


@pytest.mark.parametrize(
    ("before", "change", "is_beyond"),
    [
        (1, -1, False),
        (0, -1, True),
        (1, -2, True),
        (0, 0, False),
        (-1, -1, True),
        (-1, 0, False),
        (-2, 1, False),
    ],
)
def test_a_recheck_needs_an_open_alter(before: int, change: int, is_beyond: bool) -> None:
    assert endline.is_beyond_open(before=before, change=change) is is_beyond

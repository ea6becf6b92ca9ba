"""Four-point grading agrees with the worked cases, the bands of each unit and the cap per yard."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import four_point
from goldseal.inspections.rules.four_point import Flaw, Limits, Roll

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "domain" / "four_point_worked_cases.json"


def cases(name: str) -> Any:
    if not CASES.exists():
        pytest.skip("the worked cases are not beside this checkout")
    return json.loads(CASES.read_text(encoding="utf-8"))[name]


def test_every_length_of_the_worked_cases() -> None:
    for case in cases("size_points_inch"):
        assert four_point.points_for(case["size_in"], "in") == case["points"], case
    for case in cases("size_points_mm"):
        assert four_point.points_for(case["size_mm"], "mm") == case["points"], case
        assert four_point.points_for(case["size_cm"], "cm") == case["points"], case


def test_each_unit_is_classed_by_its_own_bands() -> None:
    # 76 mm is 2.99 in: 2 points by millimetres, 1 by inches.
    assert four_point.points_for(76, "mm") == 2
    assert four_point.points_for(Fraction(760, 254), "in") == 1
    assert four_point.points_for("3 1/8", "in") == 2


@pytest.mark.parametrize(
    ("length", "unit", "match"),
    [
        (0, "in", "above 0"),
        (-1, "mm", "above 0"),
        (1, "yd", "must be one of in, mm, cm"),
        ("x", "in", "Cannot"),
    ],
)
def test_lengths_that_are_refused(length: Any, unit: str, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        four_point.points_for(length, unit)
    with pytest.raises(ValueError, match=match):
        four_point.points_for_hole(length, unit)


@pytest.mark.parametrize(
    ("size", "unit", "points"),
    [(1, "in", 2), ("1.01", "in", 4), (25, "mm", 2), (26, "mm", 4), (2.5, "cm", 2), (2.6, "cm", 4)],
)
def test_holes(size: Any, unit: str, points: int) -> None:
    assert four_point.points_for_hole(size, unit, "by_size") == points
    assert four_point.points_for_hole(size, unit, "always_four") == 4


def test_an_unknown_hole_rule() -> None:
    with pytest.raises(ValueError, match="Hole rule must be one of by_size, always_four"):
        four_point.points_for_hole(1, "in", "all")


def yards(value: float, unit: str) -> Fraction:
    return Fraction(str(value)) if unit == "yd" else Fraction(str(value)) / Fraction("0.9144")


def inches(value: float, unit: str) -> Fraction:
    return Fraction(str(value)) if unit == "in" else Fraction(str(value)) / Fraction("2.54")


def flaws_of(data: dict[str, Any]) -> list[Flaw]:
    rule = "always_four" if data["hole_rule"] == "all_4" else "by_size"
    found = []
    for flaw in data["defects"]:
        if flaw["kind"] == "cont":
            found.append(Flaw(flaw["at"], 4))
            continue
        if flaw["kind"] == "hole":
            points = four_point.points_for_hole(flaw["size_in"], "in", rule)
        else:
            points = four_point.points_for(flaw["size_in"], "in")
        assert points == flaw["points"]
        found.append(Flaw(flaw["at"], points))
    return found


def test_every_roll_of_the_worked_cases() -> None:
    seen = 0
    for case in cases("cases"):
        data, want = case["input"], case["expected"]
        if isinstance(data, list):
            rolls = [
                Roll(str(n), roll["length_yd"], roll["width_in"], roll["points"])
                for n, roll in enumerate(data, start=1)
            ]
            got = four_point.decide_rolls(rolls, total_rolls=3)
            assert [float(roll.per_100) for roll in got.rolls] == pytest.approx(want["rolls"], abs=5e-5)
            assert got.lot_per_100 is not None
            assert float(got.lot_per_100) == pytest.approx(want["shipment_points_per_100_yd2"], abs=5e-5)
            seen += 1
            continue
        points = data.get("total_points")
        if points is None:
            roll = four_point.roll_points(flaws_of(data), length=data["length"])
            assert (roll.uncapped, roll.points) == (want["points_uncapped"], want["points_capped"])
            points = roll.points
        long, wide = yards(data["length"], data["length_unit"]), inches(data["width"], data["width_unit"])
        per_yd = four_point.per_100_square_yards(points, long, wide)
        per_m = four_point.per_100_square_metres(points, long * Fraction("0.9144"), wide * Fraction("25.4"))
        assert float(per_yd) == pytest.approx(want["points_per_100_yd2"], abs=5e-5), case["id"]
        assert float(per_m) == pytest.approx(want["points_per_100_m2"], abs=5e-5), case["id"]
        judged = four_point.decide_rolls(
            [Roll("1", long, wide, points)], total_rolls=1, limits=Limits(roll=want["limit_per_100_yd2"])
        )
        assert judged.rolls[0].is_accepted == want["pass"]
        seen += 1
    assert seen == 9


def test_the_formula_of_a_published_example_summed_right() -> None:
    # 29 points, 100 m × 1500 mm: 29 × 100 000 / 150 000.
    assert four_point.per_100_square_metres(29, 100, 1500) == Fraction(58, 3)


def test_a_running_defect_takes_four_in_every_yard_it_covers() -> None:
    roll = four_point.roll_points([Flaw("10.5", runs_to="12.5"), Flaw("10.2", 1), Flaw(20, 3)], length=45)
    assert roll.per_bin == {10: 4, 11: 4, 12: 4, 20: 3}
    assert (roll.points, roll.uncapped) == (15, 16)
    assert four_point.roll_points([Flaw(10, runs_to=12)], length=45).points == 8
    # One at the very end belongs to the last yard.
    assert four_point.roll_points([Flaw(45, 2)], length=45).per_bin == {44: 2}


@pytest.mark.parametrize("flaw", [Flaw(46, 1), Flaw(-1, 1), Flaw(5, runs_to=4), Flaw(5, runs_to=46)])
def test_flaws_outside_the_roll(flaw: Flaw) -> None:
    with pytest.raises(ValueError, match="must lie on the roll, from 0 to 45"):
        four_point.roll_points([flaw], length=45)


def test_points_of_a_flaw() -> None:
    with pytest.raises(ValueError, match="1 to 4 points"):
        four_point.roll_points([Flaw(1, 5)], length=45)


def test_a_lot_by_its_limits() -> None:
    # 30 points on 100 yd × 60 in are 18 per 100 yd², 18 on 120 yd are 9; together 48 × 3600 / 13 200 = 13.09.
    rolls = [Roll("1", 100, 60, 30, shade="A"), Roll("2", 120, 60, 18, shade="B")]
    at_the_limit = four_point.decide_rolls(rolls, total_rolls=20, limits=Limits(roll=18, lot="13.1"))
    assert at_the_limit.reasons == ()
    assert at_the_limit.inspected_share_pct == 10
    assert at_the_limit.shades == {"A": ("1",), "B": ("2",)}
    tight = four_point.decide_rolls(rolls, total_rolls=21, limits=Limits(roll="17.9", lot=13))
    assert [(reason.code, reason.verdict) for reason in tight.reasons] == [
        ("too_few_rolls", "pending"),
        ("lot_over_limit", "fail"),
        ("roll_over_limit", "hold"),
    ]
    assert [roll.is_accepted for roll in tight.rolls] == [False, True]
    assert "at least 3 (10 %) required" in tight.reasons[0].message


def test_what_else_a_roll_may_break() -> None:
    limits = Limits(width_min=60, gsm_min=150, gsm_max=170, shrinkage_pct_max=5)
    rolls = [
        Roll("1", 100, 59, 0),
        Roll("2", 100, 60, 0, gsm=149),
        Roll("3", 100, 60, 0, gsm="170.5"),
        Roll("4", 100, 60, 0, shrinkage_pct="-5.5"),
        Roll("5", 100, 60, 0, gsm=150, shrinkage_pct=5),
    ]
    got = four_point.decide_rolls(rolls, total_rolls=5, limits=limits)
    assert [reason.code for reason in got.reasons] == [
        "roll_too_narrow",
        "roll_too_light",
        "roll_too_heavy",
        "roll_shrinks",
    ]
    assert [roll.is_accepted for roll in got.rolls] == [False] * 4 + [True]


def test_a_roll_without_length_or_width_is_pending_and_counts_nothing() -> None:
    got = four_point.decide_rolls(
        [Roll("1", 0, 60, 5), Roll("2", 100, "0", 5), Roll("3", 100, 60, 30)], total_rolls=3
    )
    assert [(reason.code, reason.verdict) for reason in got.reasons] == [("roll_unfit", "pending")] * 2
    assert got.lot_per_100 == 18


def test_a_converted_roll_may_be_longer_than_a_tape() -> None:
    assert four_point.per_100_square_yards(10, Fraction(20_000), 60) == Fraction(3, 100)


def test_lots_that_are_refused() -> None:
    with pytest.raises(ValueError, match="2 rolls inspected of a lot of 1"):
        four_point.decide_rolls([Roll("1", 1, 1, 0), Roll("2", 1, 1, 0)], total_rolls=1)
    with pytest.raises(ValueError, match="named twice"):
        four_point.decide_rolls([Roll("1", 1, 1, 0), Roll("1", 1, 1, 0)], total_rolls=2)
    with pytest.raises(ValueError, match="System must be one of"):
        four_point.decide_rolls([], total_rolls=2, system="yd_mm")
    assert four_point.decide_rolls([], total_rolls=2).lot_per_100 is None


flaw_lists = st.lists(st.builds(Flaw, st.integers(0, 490).map(lambda n: Fraction(n, 10)), st.integers(1, 4)))


@given(flaw_lists)
def test_the_cap_holds_and_the_order_does_not_matter(flaws: list[Flaw]) -> None:
    roll = four_point.roll_points(flaws, length=49)
    assert roll == four_point.roll_points(flaws[::-1], length=49)
    assert roll.uncapped == sum(flaw.points for flaw in flaws)
    assert roll.points <= min(roll.uncapped, 4 * 49)
    assert all(points <= 4 for points in roll.per_bin.values())


@given(st.integers(0, 500), st.integers(1, 300), st.integers(1, 90))
def test_both_formulas_measure_the_same_cloth(points: int, yd: int, inch: int) -> None:
    per_yd = four_point.per_100_square_yards(points, yd, inch)
    per_m = four_point.per_100_square_metres(points, yd * Fraction("0.9144"), inch * Fraction("25.4"))
    assert per_yd == per_m * Fraction("0.83612736")

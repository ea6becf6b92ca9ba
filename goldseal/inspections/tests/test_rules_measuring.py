"""Lengths from text, verdicts on bare specifications, unit mix-ups, shrinkage, grading and what is left to measure."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import measurement as rules
from goldseal.inspections.rules.measurement import PointOfMeasure

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "domain" / "measurement_worked_cases.json"


def cases(name: str) -> Any:
    if not CASES.exists():
        pytest.skip("the worked cases are not beside this checkout")
    return json.loads(CASES.read_text(encoding="utf-8"))[name]


def point(code: str, spec: str, **change: Any) -> PointOfMeasure:
    tolerances = {"tol_minus": Fraction(1), "tol_plus": Fraction(1)} | change
    return PointOfMeasure(code=code, spec=Fraction(spec), **tolerances)


def test_every_length_of_the_worked_cases() -> None:
    for case in cases("parse_ok"):
        length = rules.parse_length(case["input"], "in")
        want = case["expected"]
        assert length.unit == "in"
        assert length.inches == Fraction(want["fraction"])
        assert float(length.cm) == pytest.approx(want["cm"], abs=1e-5)
        assert float(length.mm) == pytest.approx(want["mm"], abs=1e-4)
    for case in cases("parse_error"):
        with pytest.raises(ValueError, match="Cannot read"):
            rules.parse_length(case["input"], "in")


@pytest.mark.parametrize(
    ("text", "unit", "cm"),
    [
        ("53.5", "cm", "53.5"),
        ("53,5 cm", "cm", "53.5"),
        (" 535 MM", "mm", "53.5"),
        ("10", "in", "25.4"),
        (53.5, "cm", "53.5"),
        (Decimal("53.5"), "cm", "53.5"),
        (Fraction(107, 2), "cm", "53.5"),
        (10, "in", "25.4"),
    ],
)
def test_lengths_of_every_kind(text: Any, unit: str, cm: str) -> None:
    assert rules.parse_length(text, unit).cm == Fraction(cm)


def test_another_units_mark_is_told_and_converted() -> None:
    with pytest.raises(ValueError, match=r"'21 in' is written in in, but cm is meant: 53\.34 cm\?"):
        rules.parse_length("21 in", "cm")
    with pytest.raises(ValueError, match=r"is written in cm, but in is meant: 21 in\?"):
        rules.parse_length("53.34cm", "in")


@pytest.mark.parametrize("value", [True, None, float("nan"), float("inf"), Decimal("NaN"), "", "1 m", [1]])
def test_what_is_no_length(value: Any) -> None:
    with pytest.raises(ValueError, match="Cannot read"):
        rules.parse_length(value, "cm")


def test_an_unknown_unit_and_an_impossible_length() -> None:
    with pytest.raises(ValueError, match="Unit must be one of cm, mm, in"):
        rules.parse_length("1", "yd")
    with pytest.raises(ValueError, match="must not exceed 10000"):
        rules.parse_length(-10_001, "cm")


def exact(value: Any) -> Fraction:
    if isinstance(value, str) and "/" in value:
        sign = -1 if value.startswith("-") else 1
        return sign * sum((Fraction(part) for part in value.lstrip("+-").split()), Fraction(0))
    return Fraction(str(value))


def test_every_tolerance_case_from_its_texts() -> None:
    seen = 0
    for case in cases("tolerance_cases"):
        given_ = {key: case[key] for key in ("spec", "tol_minus", "tol_plus", "unit")}
        for row in case["measurements"]:
            got = rules.evaluate(**given_, measured=row["measured"])
            assert got.result == row["result"], (case["id"], row)
            assert got.is_out == (row["result"] != "ok")
            assert float(got.deviation) == pytest.approx(float(exact(row["deviation"])), abs=5e-5)
            assert float(got.amount_out) == pytest.approx(float(exact(row["amount_out"])), abs=5e-5)
            seen += 1
    assert seen > 10


def test_floats_are_taken_as_they_are_printed() -> None:
    # 5.6 + 0.3 is 5.8999999999999995 in binary.
    got = rules.evaluate(spec=5.6, tol_minus=0.3, tol_plus=0.3, measured=5.9, unit="cm")
    assert (got.result, got.deviation) == ("ok", Fraction(3, 10))


@pytest.mark.parametrize(
    ("spec", "measured", "unit", "suggested"),
    [
        ("53", "21", "cm", "in"),  # 21 in = 53.34 cm
        ("53", "20", "cm", "in"),  # 50.8 cm: near, though out of tolerance
        ("53", "530", "cm", "mm"),
        ("530", "53", "mm", "cm"),
        ("530", "20.9", "mm", "in"),
        ("21", "53.3", "in", "cm"),
        ("21", "533", "in", "mm"),
        ("53", "54.5", "cm", None),  # out of tolerance and nothing more
        ("53", "90", "cm", None),  # far out in every unit
        ("53", "0", "cm", None),
        ("0", "5", "cm", None),
    ],
)
def test_the_unit_it_was_probably_taken_in(
    spec: str, measured: str, unit: str, suggested: str | None
) -> None:
    assert (
        rules.suggest_unit(spec=spec, tol_minus="1", tol_plus="1", measured=measured, unit=unit) == suggested
    )


@given(st.integers(10, 2000), st.sampled_from(["cm", "mm", "in"]), st.sampled_from(["cm", "mm", "in"]))
def test_a_right_value_in_a_wrong_unit_is_always_recognised(spec: int, unit: str, taken: str) -> None:
    value = Fraction(spec, 10)
    measured = rules.Length(value, unit).in_unit(taken)
    if measured <= 10_000:
        got = rules.suggest_unit(spec=value, tol_minus="0.5", tol_plus="0.5", measured=measured, unit=unit)
        # A tiny point within its tolerance in the chart's own unit raises no question.
        inside = abs(measured - value) <= Fraction(1, 2)
        assert got == (None if taken == unit or inside else taken)


def test_shrinkage() -> None:
    # (70 - 66.5) / 70 = 5 %; a piece that grew by 1 % has -1.
    assert rules.shrinkage_percent(before="70", after="66.5") == 5
    assert rules.shrinkage_percent(before=100, after="101") == -1
    with pytest.raises(ValueError, match="before wash must be above 0"):
        rules.shrinkage_percent(before=0, after=1)


def test_what_is_required_and_what_is_missing() -> None:
    required = rules.required_pieces(sizes=["S", "M"], critical_pieces=5, all_points_pieces=2)
    assert required["S"] == rules.RequiredPieces("S", 5, 2)
    points = [point("chest", "50", is_critical=True), point("cuff", "7")]
    chart = {"S": points, "M": points}
    pieces = [
        rules.evaluate_piece(
            size="S",
            piece_no=number,
            points=points,
            measured={"chest": Fraction(50), "cuff": Fraction(7) if number < 3 else None},
        )
        for number in range(1, 5)
    ]
    missing = rules.missing_measurements(required=required, chart=chart, pieces=pieces)
    assert [(gap.size, gap.code, gap.measured, gap.required) for gap in missing] == [
        ("S", "chest", 4, 5),
        ("M", "chest", 0, 5),
        ("M", "cuff", 0, 2),
    ]
    assert missing[0].sentence == "Size S, chest: measured on 4 of 5 pieces"


def test_required_pieces_follow_what_there_is() -> None:
    assert rules.required_pieces(sizes={"S": 1, "M": 9}, critical_pieces=5, all_points_pieces=2) == {
        "S": rules.RequiredPieces("S", 1, 1),
        "M": rules.RequiredPieces("M", 5, 2),
    }
    # Every point on three pieces means the critical ones too.
    assert (
        rules.required_pieces(sizes=["S"], critical_pieces=0, all_points_pieces=3)["S"].critical_pieces == 3
    )
    with pytest.raises(ValueError, match="must not be negative"):
        rules.required_pieces(sizes=["S"], critical_pieces=-1, all_points_pieces=0)

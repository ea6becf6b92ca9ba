"""Tape values are read, printed and judged exactly, as the worked cases say."""

import contextlib
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import measurement as rules

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "domain" / "measurement_worked_cases.json"


def cases(name: str) -> Any:
    if not CASES.exists():
        pytest.skip("the worked cases are not beside this checkout")
    return json.loads(CASES.read_text(encoding="utf-8"))[name]


def exact(value: Any) -> Fraction:
    """A number of the worked cases, which are decimals or mixed fractions, as a fraction."""
    if isinstance(value, str) and "/" in value:
        sign = -1 if value.startswith("-") else 1
        return sign * sum((Fraction(part) for part in value.lstrip("+-").split()), Fraction(0))
    return Fraction(str(value).lstrip("+"))


def point(**fields: Any) -> rules.PointOfMeasure:
    defaults: dict[str, Any] = {"code": "P", "tol_minus": Fraction(1), "tol_plus": Fraction(1)}
    return rules.PointOfMeasure(**(defaults | fields))


def test_every_text_that_is_accepted() -> None:
    for case in cases("parse_ok"):
        value = rules.parse_measure(case["input"])
        want = case["expected"]
        assert value == Fraction(want["fraction"]), case
        assert round(float(value), 6) == round(want["inch"], 6)
        assert float(rules.inch_to_cm(value)) == pytest.approx(want["cm"], abs=1e-5)
        assert float(rules.inch_to_cm(value) * 10) == pytest.approx(want["mm"], abs=1e-4)


def test_every_text_that_is_refused() -> None:
    for case in cases("parse_error"):
        with pytest.raises(ValueError, match="Cannot read"):
            rules.parse_measure(case["input"])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("−12 3/8", Fraction(-99, 8)),  # the sign covers the whole mixed number
        ("–1/4", Fraction(-1, 4)),
        ("12⅜ in", Fraction(99, 8)),
        ("12 3/8 inches", Fraction(99, 8)),
        ('7"', Fraction(7)),
        ("7″", Fraction(7)),
        ("5.", Fraction(5)),
    ],
)
def test_signs_and_inch_marks(text: str, value: Fraction) -> None:
    assert rules.parse_measure(text) == value


@pytest.mark.parametrize(
    "text", ["12 3", "1e3", "0x10", "১২", "nan", "inf", "12½3", "½1", "--1", "1//2", "1" * 40, ".", "in"]
)
def test_texts_that_are_no_tape_values(text: str) -> None:
    with pytest.raises(ValueError, match="Cannot read"):
        rules.parse_measure(text)


def test_a_value_beyond_any_tape() -> None:
    with pytest.raises(ValueError, match="must not exceed 10000"):
        rules.parse_measure("10001")


def test_conversions() -> None:
    for case in cases("inch_to_cm"):
        assert rules.inch_to_cm(rules.parse_measure(case["inch"])) == exact(case["cm"])
    for case in cases("cm_to_inch"):
        value = rules.cm_to_inch(exact(case["cm"]), denominator=case["denominator"])
        assert rules.format_fraction(value) == case["expected_inch"]
        assert float(value) == case["expected_inch_decimal"]


def test_half_an_eighth_goes_away_from_zero() -> None:
    # 1/16 in = 0.15875 cm lies halfway between 0 and 1/8.
    assert rules.cm_to_inch(Fraction("0.15875"), denominator=8) == Fraction(1, 8)
    assert rules.cm_to_inch(Fraction("-0.15875"), denominator=8) == Fraction(-1, 8)


def test_every_tolerance_case() -> None:
    for case in cases("tolerance_cases"):
        pom = point(
            spec=rules.parse_measure(case["spec"]),
            tol_minus=rules.parse_measure(case["tol_minus"]),
            tol_plus=rules.parse_measure(case["tol_plus"]),
            unit=case["unit"],
        )
        assert [pom.lower, pom.upper] == [exact(limit) for limit in case["limits"]], case["id"]
        out = 0
        for row in case["measurements"]:
            got = rules.evaluate_point(point=pom, measured=rules.parse_measure(row["measured"]))
            assert got.result == row["result"], (case["id"], row)
            # The cases print deviations to four decimals.
            assert float(got.deviation) == pytest.approx(float(exact(row["deviation"])), abs=5e-5)
            assert float(got.amount_out) == pytest.approx(float(exact(row["amount_out"])), abs=5e-5)
            out += got.is_out
        assert out == case["expected"]["out_of_tolerance"]
        assert len(case["measurements"]) - out == case["expected"]["in_tolerance"]


def test_tolerances_in_per_cent() -> None:
    for case in cases("percent_tolerance"):
        spec = Fraction(case["spec"])
        amount = rules.percent_tolerance(spec=spec, percent=Fraction(case["tol_pct"]))
        pom = point(spec=spec, tol_minus=amount, tol_plus=amount)
        assert [pom.lower, pom.upper] == [exact(limit) for limit in case["limits"]]
        for row in case["results"]:
            assert rules.evaluate_point(point=pom, measured=Fraction(row["measured"])).result == row["result"]


def test_every_size_set() -> None:
    for case in cases("size_sets"):
        pieces = []
        for size, rows in case["measurements"].items():
            points = [
                point(
                    code=code,
                    spec=Fraction(spec["spec"][size]),
                    tol_minus=Fraction(spec["minus"]),
                    tol_plus=Fraction(spec["plus"]),
                    is_critical=spec["critical"],
                )
                for code, spec in case["spec"].items()
            ]
            for number, row in enumerate(rows, start=1):
                values = {
                    code: None if text is None else rules.parse_measure(text) for code, text in row.items()
                }
                pieces.append(
                    rules.evaluate_piece(size=size, piece_no=number, points=points, measured=values)
                )
        want = case["expected"]
        got = rules.summarise(pieces)
        for key in (
            "pieces",
            "points_measured",
            "points_out",
            "pieces_with_any_out",
            "pieces_with_critical_out",
        ):
            assert getattr(got, key) == want[key], key
        assert got.points_out_pct == exact(want["points_out_pct"])
        assert [list(piece.out_codes) for piece in pieces] == [row["out_poms"] for row in want["per_piece"]]
        for size, row in want["per_size"].items():
            part = rules.summarise([piece for piece in pieces if piece.size == size])
            assert (part.pieces, part.points_measured, part.points_out, part.pieces_with_any_out) == tuple(
                row.values()
            )


def test_grading() -> None:
    for case in cases("grading"):
        steps = {size: rules.parse_measure(text) for size, text in case["grade_in"].items()}
        sizes = rules.graded(base=rules.parse_measure(case["base"]), grade=steps)
        assert {size: rules.format_fraction(value) for size, value in sizes.items()} == case["expected"]


def test_nothing_measured_has_no_percentage() -> None:
    assert rules.summarise([]).points_out_pct is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5.90001", "5.9"),
        ("-0.004", "0"),
        ("0.005", "0.01"),
        ("-1.255", "-1.26"),
        ("100", "100"),
        ("0.1", "0.1"),
    ],
)
def test_decimals_are_printed_half_away_from_zero(value: str, text: str) -> None:
    assert rules.format_decimal(Fraction(value)) == text


def test_storage_on_the_grid_of_1_32() -> None:
    assert rules.to_32nds(Fraction(99, 8)) == 396
    assert rules.from_32nds(396) == Fraction(99, 8)
    with pytest.raises(ValueError, match="1/3 is not a multiple of 1/32 in"):
        rules.to_32nds(Fraction(1, 3))


@given(st.integers(-9999 * 32, 9999 * 32))
def test_printing_and_reading_inches_is_lossless(value: int) -> None:
    printed = rules.format_measure(rules.from_32nds(value), unit="in")
    assert rules.to_32nds(rules.parse_measure(printed)) == value


@given(st.decimals(-9999, 9999, places=2))
def test_printing_and_reading_decimals_is_lossless(value: Decimal) -> None:
    assert rules.parse_measure(rules.format_measure(Fraction(value), unit="cm")) == Fraction(value)


@given(st.text(max_size=40))
def test_no_text_does_more_than_raise_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        rules.parse_measure(text)

"""The sampling plans agree with every cell of the standard's tables and with the worked cases."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import sampling

DOMAIN = Path(__file__).resolve().parents[3].parent / "shared" / "domain"


def domain(name: str) -> Any:
    path = DOMAIN / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def lot_for_letter() -> dict[str, tuple[int, str]]:
    """One lot size and level that lead to each code letter, from Table 1."""
    table = domain("iso2859_code_letters.json")
    found: dict[str, tuple[int, str]] = {}
    for row in table["rows"]:
        for level in table["meta"]["levels_order"]:
            found.setdefault(row[level], (row["lot_min"], level))
    return found


def test_every_cell_of_table_1_at_both_ends() -> None:
    table = domain("iso2859_code_letters.json")
    for row in table["rows"]:
        for lot in (row["lot_min"], row["lot_max"] or 10_000_000):
            for level in table["meta"]["levels_order"]:
                assert sampling.single_plan(lot_size=lot, level=level, aql="2.5").code_letter == row[level]


@pytest.mark.parametrize("inspection", ["normal", "tightened", "reduced"])
def test_every_cell_of_the_master_table(inspection: str) -> None:
    table = domain(f"iso2859_single_{inspection}.json")
    lots = lot_for_letter()
    seen = 0
    for letter, row in table["table"].items():
        if letter == "S":  # reached by arrows only; no lot size leads to it
            continue
        lot, level = lots[letter]
        for aql, cell in row.items():
            plan = sampling.single_plan(lot_size=lot, level=level, aql=aql, inspection=inspection)
            want = cell["resolved"]
            assert (plan.plan_letter, plan.sample_size, plan.accept, plan.reject) == (
                want["code"],
                want["n"],
                want["ac"],
                want["re"],
            ), (letter, aql)
            seen += 1
    assert seen == 416


def test_every_worked_case() -> None:
    cases = domain("aql_worked_cases.json")["cases"]
    assert len(cases) >= 100
    for case in cases:
        plan = sampling.single_plan(
            lot_size=case["lot_size"], level=case["level"], aql=case["aql"], inspection=case["type"]
        )
        want = case["expected"]
        assert plan.code_letter == case["code_letter_table1"], case["id"]
        assert (plan.plan_letter, plan.sample_size, plan.accept, plan.reject) == (
            want["code"],
            want["n"],
            want["ac"],
            want["re"],
        ), case["id"]
        assert plan.units_to_inspect == case["units_to_inspect"], case["id"]
        assert plan.is_full_inspection == case["full_inspection"], case["id"]


def test_zero_tolerance_for_critical_takes_the_sample_of_the_majors() -> None:
    for case in domain("aql_worked_cases.json")["critical_zero_tolerance_cases"]["cases"]:
        for zero in ("0", "0.0", None):
            plan = sampling.inspection_plan(
                lot_size=case["lot_size"], level=case["level"], limits={"critical": zero, "major": "2.5"}
            )
            critical = plan.plans["critical"]
            assert (critical.sample_size, critical.accept, critical.reject) == (
                case["expected"]["n"],
                case["expected"]["ac"],
                case["expected"]["re"],
            )


def test_the_tightened_row_s_is_reached_by_the_arrow() -> None:
    # Table 2-B: R / 0.025 points down to S, n = 3150, 1/2.
    plan = sampling.single_plan(lot_size=500_001, level="III", aql="0.025", inspection="tightened")
    assert (plan.code_letter, plan.plan_letter, plan.sample_size, plan.accept) == ("R", "S", 3150, 1)


def test_the_larger_sample_is_drawn_and_both_plans_stay_on_record() -> None:
    # DOMAIN §4, row F: 2.5 is 20 1/2; 1.5 follows the arrow to G, 32 1/2 (lot 91-150, level II).
    plan = sampling.inspection_plan(lot_size=120, level="II", limits={"major": "1.5", "minor": "2.5"})
    assert plan.units_to_inspect == 32
    assert {s: (p.plan_letter, p.sample_size) for s, p in plan.plans.items()} == {
        "major": ("G", 32),
        "minor": ("F", 20),
    }


def test_a_lot_not_larger_than_the_sample_is_inspected_whole() -> None:
    plan = sampling.inspection_plan(
        lot_size=4, level="II", limits={"critical": None, "major": "2.5", "minor": "4.0"}
    )
    assert (plan.units_to_inspect, plan.is_full_inspection) == (4, True)
    assert plan.plans["minor"].units_to_inspect == 3


@pytest.mark.parametrize(
    ("given_text", "heading"), [("1", "1.0"), ("4", "4.0"), ("2.50", "2.5"), ("10.0", "10")]
)
def test_another_text_of_the_same_value_names_the_same_column(given_text: str, heading: str) -> None:
    plan = sampling.single_plan(lot_size=500, level="II", aql=given_text)
    assert plan == sampling.single_plan(lot_size=500, level="II", aql=heading)
    assert plan.aql == heading


@pytest.mark.parametrize(
    "aql", ["0", "3.0", "2.4", "", "2,5", " 2.5", "+2.5", "2.5e0", "nan", "২.৫", "1e1", "-1.0"]
)
def test_an_aql_the_standard_does_not_have(aql: str) -> None:
    with pytest.raises(ValueError, match=r"AQL must be one of 0\.010, .*1000 \(got "):
        sampling.single_plan(lot_size=500, level="II", aql=aql)


@pytest.mark.parametrize("aql", [2.5, 10, None, True])
def test_an_aql_that_is_not_text(aql: Any) -> None:
    with pytest.raises(ValueError, match="AQL must be given as text"):
        sampling.single_plan(lot_size=500, level="II", aql=aql)


@pytest.mark.parametrize("level", ["IV", "ii", "2", "S-5", "S1", "", None, 2])
def test_a_level_the_standard_does_not_have(level: Any) -> None:
    with pytest.raises(ValueError, match="Inspection level must be one of S-1, S-2, S-3, S-4, I, II, III"):
        sampling.single_plan(lot_size=500, level=level, aql="2.5")


@pytest.mark.parametrize("inspection", ["skip", "Normal", "", None])
def test_an_inspection_the_standard_does_not_have(inspection: Any) -> None:
    with pytest.raises(ValueError, match="Inspection must be one of normal, tightened, reduced"):
        sampling.single_plan(lot_size=500, level="II", aql="2.5", inspection=inspection)


@pytest.mark.parametrize("lot", [1, 0, -5, 10_000_001])
def test_a_lot_size_out_of_range(lot: int) -> None:
    with pytest.raises(ValueError, match=rf"Lot size must be between 2 and 10 000 000 \(got {lot}\)"):
        sampling.single_plan(lot_size=lot, level="II", aql="2.5")


@pytest.mark.parametrize("lot", [True, 2.0, "500", None])
def test_a_lot_size_that_is_not_a_whole_number(lot: Any) -> None:
    with pytest.raises(ValueError, match="Lot size must be a whole number"):
        sampling.single_plan(lot_size=lot, level="II", aql="2.5")


def test_limits_that_set_no_sample_and_unknown_severities() -> None:
    with pytest.raises(ValueError, match="At least one severity needs an AQL"):
        sampling.inspection_plan(lot_size=500, level="II", limits={"critical": "0", "major": None})
    with pytest.raises(ValueError, match="Severity must be one of critical, major, minor"):
        sampling.inspection_plan(lot_size=500, level="II", limits={"severe": "2.5"})


def test_above_ten_an_aql_speaks_of_defects_only() -> None:
    assert not sampling.counts_defects_only("10")
    assert sampling.counts_defects_only("15")


@given(
    lot=st.integers(2, 10_000_000),
    level=st.sampled_from(sampling.LEVELS),
    aql=st.sampled_from(sampling.AQLS),
    inspection=st.sampled_from(sampling.INSPECTIONS),
)
def test_any_plan_is_a_plan(lot: int, level: str, aql: str, inspection: str) -> None:
    plan = sampling.single_plan(lot_size=lot, level=level, aql=aql, inspection=inspection)
    assert plan.reject == plan.accept + 1
    assert 2 <= plan.units_to_inspect <= lot
    assert plan.is_full_inspection == (plan.sample_size >= lot)

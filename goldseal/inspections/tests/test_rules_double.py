"""The double sampling plans agree with every cell of both tables, and their decisions with the procedure."""

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


@pytest.mark.parametrize(("variant", "resolved"), [("iso", "resolved"), ("z14", "resolved_mil105e_z14")])
def test_every_cell_of_the_double_table(variant: str, resolved: str) -> None:
    letters = domain("iso2859_code_letters.json")
    lots: dict[str, tuple[int, str]] = {}
    for row in letters["rows"]:
        for level in letters["meta"]["levels_order"]:
            lots.setdefault(row[level], (row["lot_min"], level))
    seen = 0
    for letter, row in domain("iso2859_double_normal.json")["table"].items():
        lot, level = lots[letter]
        for aql, cell in row.items():
            plan = sampling.double_plan(lot_size=lot, level=level, aql=aql, variant=variant)
            want = cell[resolved]
            assert (plan.kind, plan.code_letter, plan.plan_letter) == (want["type"], letter, want["code"])
            if want["type"] == "single":
                assert (plan.n1, plan.ac1, plan.re1) == (want["n"], want["ac"], want["re"]), (letter, aql)
                assert (plan.n2, plan.ac2, plan.re2) == (0, None, None)
            else:
                got = {key: getattr(plan, key) for key in ("n1", "n2", "ac1", "re1", "ac2", "re2")}
                assert got == {key: want[key] for key in got}, (letter, aql)
            seen += 1
    assert seen == 416


def plan(**change: Any) -> sampling.DoublePlan:
    # K / AQL 2.5: n 80 + 80, 3/6 then 9/10.
    return sampling.double_plan(**({"lot_size": 2000, "level": "II", "aql": "2.5"} | change))


@pytest.mark.parametrize(
    ("d1", "d2", "decision"),
    [
        (3, None, "accept"),
        (6, None, "reject"),
        (4, None, "second_sample"),
        (5, 4, "accept"),
        (5, 5, "reject"),
        (4, 0, "accept"),
        (3, 50, "accept"),  # the first sample has decided
        (6, 0, "reject"),
    ],
)
def test_deciding_by_the_standards_procedure(d1: int, d2: int | None, decision: str) -> None:
    assert plan().decide(d1, d2) == decision


def test_a_star_sends_to_the_single_plan() -> None:
    # F / AQL 0.65: the single plan 20, 0/1.
    single = plan(lot_size=150, aql="0.65")
    assert (single.kind, single.n1, single.decide(0), single.decide(1)) == ("single", 20, "accept", "reject")


def test_the_sample_never_exceeds_the_lot() -> None:
    # A lot of 2 to 8 at level III is letter B: n 2 + 2.
    small = plan(lot_size=3, level="III", aql="15")
    assert (small.n1, small.n2, small.units_to_inspect, small.is_full_inspection) == (2, 2, 3, True)
    assert plan().units_to_inspect == 160
    assert not plan().is_full_inspection


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="Variant must be one of iso, z14"):
        plan(variant="jis")
    with pytest.raises(ValueError, match="AQL must be one of"):
        plan(aql="2.4")
    with pytest.raises(ValueError, match="must not be negative"):
        plan().decide(-1)


@given(st.sampled_from(sampling.AQLS), st.integers(2, 600_000), st.sampled_from(sampling.VARIANTS))
def test_a_double_plan_is_consistent(aql: str, lot: int, variant: str) -> None:
    found = sampling.double_plan(lot_size=lot, level="II", aql=aql, variant=variant)
    single = sampling.single_plan(lot_size=lot, level="II", aql=aql)
    assert found.ac1 < found.re1
    if found.kind == "double":
        assert found.ac2 is not None
        assert found.re2 == found.ac2 + 1
        assert found.ac1 < single.accept <= found.ac2
        assert found.re1 <= found.re2
        assert found.n1 == found.n2 < single.sample_size

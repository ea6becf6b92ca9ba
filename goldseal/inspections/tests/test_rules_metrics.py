"""Metrics and control limits agree with the worked cases and the published examples in them."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import metrics

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "domain" / "metrics_worked_cases.json"


def cases(name: str) -> dict[str, Any]:
    if not CASES.exists():
        pytest.skip("the worked cases are not beside this checkout")
    return {case["id"]: case for case in json.loads(CASES.read_text(encoding="utf-8"))[name]}


def six(value: Fraction | None) -> float:
    assert value is not None
    return float(metrics.rounded(value, places=6))


def test_every_shop_floor_case() -> None:
    seen = 0
    for case in cases("shop_floor").values():
        given_, want = case["input"], dict(case["expected"])
        want.pop("wrong_mean_of_DHU", None)
        if "error" in want:
            with pytest.raises(ValueError, match=want["error"]):
                metrics.defective_percent(defective=given_["defective"], checked=given_["inspected"])
            seen += 1
            continue
        got: dict[str, float] = {}
        if "inspected" in given_:
            got["DHU"] = six(metrics.dhu(defects=given_["defects"], checked=given_["inspected"]))
            counts = {"defective": given_["defective"], "checked": given_["inspected"]}
            got["defective_pct"] = six(metrics.defective_percent(**counts))
            got["pass_rate_units"] = six(metrics.pass_rate_units(**counts))
        elif "first_inspected" in given_:
            n = given_["first_inspected"]
            got["RFT_pct"] = six(metrics.rft(passed_first_time=given_["passed_first_time"], first_checked=n))
            got["rework_pct"] = six(metrics.rework_rate(reworked=given_["reworked"], checked=n))
            got["reject_pct"] = six(metrics.reject_rate(rejected=given_["rejected"], checked=n))
        elif "audited" in given_:
            n = given_["audited"]
            got["OQL_pct_units"] = six(metrics.oql(found=given_["defective_units"], audited=n))
            got["OQL_dhu"] = six(metrics.oql(found=given_["defects"], audited=n, basis="defects"))
        else:
            pairs = [(line["defects"], line["inspected"]) for line in given_["lines"]]
            got["DHU_total"] = six(metrics.dhu_over(pairs))
        assert {key: got[key] for key in want} == want, case["id"]
        seen += 1
    assert seen == 7


def test_every_pareto() -> None:
    for case in cases("pareto").values():
        rows = metrics.pareto(case["input"])
        assert [
            {
                "defect": row.key,
                "count": row.count,
                "share_pct": float(row.share_pct),
                "cumulative_pct": float(row.cumulative_pct),
            }
            for row in rows
        ] == case["expected"]
        assert [row.key for row in rows if row.is_vital] == case["vital_few_80"]


def test_every_capability() -> None:
    for case in cases("capability").values():
        given_ = case["input"]
        got = metrics.capability(
            lower=given_["LSL"],
            upper=given_["USL"],
            mean=given_["mean"],
            sigma=given_.get("sigma", given_.get("sigma_within")),
        )
        for key, want in case["expected"].items():
            value = getattr(got, key.lower())
            # The cases print sigma with six digits, so its quotients agree to about five.
            assert value is None if want is None else value == pytest.approx(want, abs=5e-6), case["id"]


def test_every_mean_and_range_chart() -> None:
    for case in cases("control_charts").values():
        if case["chart"] != "Xbar-R":
            continue
        means, ranges = metrics.xbar_r(samples=case["data"])
        want = case.get("expected_exact_constants") or case["expected_with_3_decimal_constants"]
        # Books print the constants with three decimals; ours have five.
        close = 2e-6 if "expected_exact_constants" in case else 5e-4
        assert means.centre == pytest.approx(want["xbarbar"], abs=1e-6)
        assert ranges.centre == pytest.approx(want["Rbar"], abs=1e-6)
        assert means.upper == pytest.approx(want["UCL_x"], abs=close)
        assert means.lower == pytest.approx(want["LCL_x"], abs=close)
        assert ranges.upper == pytest.approx(want["UCL_R"], abs=close)
        assert ranges.lower == want["LCL_R"]


def test_every_chart_of_counts() -> None:
    chart = cases("control_charts")
    p = metrics.p_chart(defectives=chart["P-02"]["data"], sample_size=chart["P-02"]["n"])
    c = metrics.c_chart(defects=chart["C-01"]["data"])
    for got, want, centre in ((p, chart["P-02"]["expected"], "pbar"), (c, chart["C-01"]["expected"], "cbar")):
        assert (got.centre, got.upper, got.lower) == pytest.approx(
            (want[centre], want["UCL"], want["LCL"]), abs=1e-6
        )
    out = [number for number, count in enumerate(chart["C-01"]["data"], start=1) if c.is_out(count)]
    assert out == chart["C-01"]["out_of_control_points"]
    u = metrics.u_chart(defects=chart["U-02"]["data"], units=chart["U-02"]["units"])
    for limits, row in zip(u, chart["U-02"]["expected"]["rows"], strict=True):
        assert (limits.upper, limits.lower) == pytest.approx((row["UCL"], row["LCL"]), abs=1e-6)
        assert not limits.is_out(row["u"])


def test_nothing_checked_has_no_rate() -> None:
    assert metrics.dhu(defects=0, checked=0) is None
    assert metrics.pass_rate_units(defective=0, checked=0) is None
    assert metrics.dhu_over([]) is None


def test_dhu_may_exceed_100_and_defectives_may_not() -> None:
    assert metrics.dhu(defects=30, checked=20) == 150
    with pytest.raises(ValueError, match=r"must be <= inspected \(got 30 of 20\)"):
        metrics.defective_percent(defective=30, checked=20)
    with pytest.raises(ValueError, match="must not be negative"):
        metrics.dhu(defects=-1, checked=20)


def test_yields_of_steps_multiply() -> None:
    # 0.95 × 0.90 × 0.98 = 0.8379
    assert metrics.rolled_yield([Fraction(95), Fraction(90), Fraction(98)]) == Fraction("83.79")


@pytest.mark.parametrize(
    ("value", "places", "text"), [("1/8", 2, "0.13"), ("2/3", 4, "0.6667"), ("88.885", 2, "88.89")]
)
def test_rounding_for_display(value: str, places: int, text: str) -> None:
    assert metrics.rounded(Fraction(value), places=places) == Decimal(text)


@given(st.dictionaries(st.text(max_size=5), st.integers(0, 1000), max_size=20))
def test_a_pareto_adds_up_and_its_head_is_the_smallest(counts: dict[str, int]) -> None:
    rows = metrics.pareto(counts)
    assert sum(row.count for row in rows) == sum(counts.values())
    vital = [row for row in rows if row.is_vital]
    if rows:
        assert rows[-1].cumulative_pct == 100
        assert vital[-1].cumulative_pct >= 80
        assert all(row.cumulative_pct < 80 for row in vital[:-1])


def test_a_lower_limit_below_zero_is_zero() -> None:
    # Mean 1, so 1 - 3 × 1 would be -2.
    assert metrics.c_chart(defects=[1, 0, 2]).lower == 0


def test_rates_of_the_shop_floor() -> None:
    assert metrics.pass_rate(passed=9, inspections=12) == 75
    assert metrics.pass_rate(passed=0, inspections=0) is None
    assert metrics.lot_pass_rate(accepted=3, submitted=4) == 75
    # 18 caught, 2 found behind by the audit.
    assert metrics.inspector_efficiency(caught=18, missed=2) == 90
    assert metrics.inspector_efficiency(caught=0, missed=0) is None
    # DOMAIN §6: 450 checked, 50 needing repair.
    share = metrics.rft(passed_first_time=400, first_checked=450)
    assert share is not None
    assert metrics.rounded(share) == Decimal("88.89")


def test_weighted_dhu() -> None:
    # (6 × 1 + 8 × 0.5) × 100 / 200
    assert metrics.weighted_dhu(defects={"major": 6, "minor": 8}, checked=200) == 5
    assert metrics.weighted_dhu(defects={}, checked=0) is None
    with pytest.raises(ValueError, match="Severity must be one of critical, major, minor"):
        metrics.weighted_dhu(defects={"small": 1}, checked=10)
    with pytest.raises(ValueError, match="must be <= checked"):
        metrics.weighted_dhu(defects={"major": 1}, checked=0)


def test_cost_of_poor_quality() -> None:
    # 120 min × 0.05 + 14 = 20
    cost = metrics.copq(
        alter_minutes=Fraction(120), cost_per_minute=Fraction("0.05"), reject_value=Fraction(14)
    )
    assert cost == 20
    with pytest.raises(ValueError, match="reject_value must not be negative"):
        metrics.copq(alter_minutes=Fraction(1), cost_per_minute=Fraction(1), reject_value=Fraction(-1))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 500)), min_size=1, max_size=20))
def test_dhu_over_lines_comes_from_sums(lines: list[tuple[int, int]]) -> None:
    defects, checked = (sum(column) for column in zip(*lines, strict=True))
    assert metrics.dhu_over(lines) == Fraction(100 * defects, checked)

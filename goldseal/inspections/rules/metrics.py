"""Quality metrics of the shop floor as exact fractions: DHU, defective %, RFT, OQL, Pareto, yields, costs.

Every rate is None where nothing was checked: no inspection is neither 0 % nor 100 %. Rates over several lines
or days come from summed numerators and denominators, never from averaged percentages. The control charts of
`charts` are open here as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from goldseal.inspections.rules.charts import Capability as Capability
from goldseal.inspections.rules.charts import Limits as Limits
from goldseal.inspections.rules.charts import c_chart as c_chart
from goldseal.inspections.rules.charts import capability as capability
from goldseal.inspections.rules.charts import p_chart as p_chart
from goldseal.inspections.rules.charts import u_chart as u_chart
from goldseal.inspections.rules.charts import xbar_r as xbar_r

OQL_BASES = ("defectives", "defects")
VITAL_SHARE = Fraction(80)
# Weight of one defect by its severity; the source names major and minor, a critical one weighs as a major here.
SEVERITY_WEIGHTS: Mapping[str, Fraction] = {
    "critical": Fraction(1),
    "major": Fraction(1),
    "minor": Fraction(1, 2),
}


@dataclass(frozen=True, slots=True)
class ParetoRow:
    """One cause: its count, its share and the share cumulated so far, in per cent.

    `is_vital` marks the smallest head of the list that reaches the 80 % line.
    """

    key: str
    count: int
    share_pct: Fraction
    cumulative_pct: Fraction
    is_vital: bool


def dhu(*, defects: int, checked: int) -> Fraction | None:
    """Defects per hundred units: defects × 100 / pieces checked. May exceed 100."""
    return _rate("defects", defects, "checked", checked, bounded=False)


def defective_percent(*, defective: int, checked: int) -> Fraction | None:
    """Pieces with at least one defect × 100 / pieces checked."""
    return _rate("defective", defective, "inspected", checked)


def pass_rate_units(*, defective: int, checked: int) -> Fraction | None:
    """The share of pieces without a defect: 100 − defective %."""
    share = defective_percent(defective=defective, checked=checked)
    return None if share is None else 100 - share


def rft(*, passed_first_time: int, first_checked: int) -> Fraction | None:
    """Right first time: pieces that passed their first check without repair × 100 / pieces first checked."""
    return _rate("passed_first_time", passed_first_time, "first_inspected", first_checked)


def rework_rate(*, reworked: int, checked: int) -> Fraction | None:
    """Altered pieces × 100 / pieces checked; a piece repaired twice counts once."""
    return _rate("reworked", reworked, "inspected", checked)


def reject_rate(*, rejected: int, checked: int) -> Fraction | None:
    """Finally rejected pieces × 100 / pieces checked."""
    return _rate("rejected", rejected, "inspected", checked)


def oql(*, found: int, audited: int, basis: str = "defectives") -> Fraction | None:
    """Outgoing quality level: major and critical findings of the final audit × 100 / units audited.

    Buyers divide either defective units or defects; `basis` says which, and reports print it.
    """
    if basis not in OQL_BASES:
        raise ValueError(f"OQL basis must be one of {', '.join(OQL_BASES)} (got {basis!r})")
    return _rate(basis, found, "audited", audited, bounded=basis == "defectives")


def pass_rate(*, passed: int, inspections: int) -> Fraction | None:
    """Passed inspections × 100 / inspections decided."""
    return _rate("passed", passed, "inspections", inspections)


def lot_pass_rate(*, accepted: int, submitted: int) -> Fraction | None:
    """Lots accepted at first submission × 100 / lots first submitted."""
    return _rate("accepted", accepted, "submitted", submitted)


def dhu_over(lines: Iterable[tuple[int, int]]) -> Fraction | None:
    """DHU over several (defects, checked) pairs, each weighted by its pieces."""
    pairs = list(lines)
    return dhu(defects=sum(defects for defects, _ in pairs), checked=sum(checked for _, checked in pairs))


def weighted_dhu(
    *, defects: Mapping[str, int], checked: int, weights: Mapping[str, Fraction] = SEVERITY_WEIGHTS
) -> Fraction | None:
    """DHU with each defect weighted by its severity: Σ(weight × defects) × 100 / pieces checked.

    Raises ValueError for a severity without a weight and for defects where nothing was checked.
    """
    unknown = [severity for severity in defects if severity not in weights]
    if unknown:
        raise ValueError(f"Severity must be one of {', '.join(weights)} (got {unknown[0]!r})")
    for count in defects.values():
        _rate("defects", count, "checked", checked, bounded=False)
    total = sum((weights[severity] * count for severity, count in defects.items()), Fraction(0))
    return total * 100 / checked if checked else None


def inspector_efficiency(*, caught: int, missed: int) -> Fraction | None:
    """Defects the inspector caught × 100 / (caught + missed and found by the audit behind)."""
    for name, count in (("caught", caught), ("missed", missed)):
        if count < 0:
            raise ValueError(f"{name} must not be negative (got {count})")
    return _rate("caught", caught, "caught and missed", caught + missed)


def copq(*, alter_minutes: Fraction, cost_per_minute: Fraction, reject_value: Fraction) -> Fraction:
    """Cost of poor quality: alter minutes × cost per standard minute + value of rejects, in one currency."""
    for name, amount in (
        ("alter_minutes", alter_minutes),
        ("cost_per_minute", cost_per_minute),
        ("reject_value", reject_value),
    ):
        if amount < 0:
            raise ValueError(f"{name} must not be negative (got {amount})")
    return alter_minutes * cost_per_minute + reject_value


def rolled_yield(step_yields: Iterable[Fraction]) -> Fraction:
    """Rolled throughput yield in per cent: the product of the steps' first-pass yields, each in per cent."""
    product = Fraction(100)
    for step in step_yields:
        if not 0 <= step <= 100:
            raise ValueError(f"A step's yield must be between 0 and 100 (got {step})")
        product *= step / 100
    return product


def pareto(counts: Mapping[str, int]) -> tuple[ParetoRow, ...]:
    """Sort causes by count, largest first (equal counts by name), with shares and the 80 % line.

    Causes counted zero are left out. Raises ValueError for a negative count.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("A count must not be negative")
    total = sum(counts.values())
    rows: list[ParetoRow] = []
    so_far = 0
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count:
            reached = Fraction(so_far * 100, total) >= VITAL_SHARE
            so_far += count
            rows.append(
                ParetoRow(
                    key, count, Fraction(count * 100, total), Fraction(so_far * 100, total), not reached
                )
            )
    return tuple(rows)


def rounded(value: Fraction, *, places: int = 2) -> Decimal:
    """For display: a decimal with `places` digits, half away from zero."""
    exponent = Decimal(1).scaleb(-places)
    # 40 digits more than shown decide a half exactly for every fraction with a realistic denominator.
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(exponent, ROUND_HALF_UP)


def _rate(part_name: str, part: int, whole_name: str, whole: int, *, bounded: bool = True) -> Fraction | None:
    for name, count in ((part_name, part), (whole_name, whole)):
        if count < 0:
            raise ValueError(f"{name} must not be negative (got {count})")
    if part > whole and (bounded or whole == 0):
        raise ValueError(f"{part_name} must be <= {whole_name} (got {part} of {whole})")
    return Fraction(part * 100, whole) if whole else None

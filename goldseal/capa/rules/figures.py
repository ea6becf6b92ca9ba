"""Figures of boards and charts: age bands, effectiveness, shifts, and the drawing of a Pareto chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from goldseal.inspections.rules.metrics import ParetoRow, copq

AGES: tuple[tuple[str, int, int | None], ...] = (
    ("0-7", 0, 7),
    ("8-14", 8, 14),
    ("15-30", 15, 30),
    ("30+", 31, None),
)
SHIFTS = ("morning", "evening", "night")
CHART_WIDTH, CHART_HEIGHT, BASE = 720, 260, 210
SHOWN_BARS = 12


def age_band(*, opened_on: date, today: date) -> str:
    """The band of an open case by its age in days: 0-7, 8-14, 15-30 or 30+."""
    days = max(0, (today - opened_on).days)
    return next(band for band, _first, last in AGES if last is None or days <= last)


def shift_of(hour: int) -> str:
    """The shift in which an hour of the day lies: morning 6–14, evening 14–22, night 22–6."""
    if not 0 <= hour <= 23:
        raise ValueError(f"An hour is 0 to 23 (got {hour})")
    return "morning" if 6 <= hour < 14 else "evening" if 14 <= hour < 22 else "night"


def effectiveness(*, met: int, checked: int) -> Fraction | None:
    """Cases whose effect check was met × 100 / all cases checked; None where none was."""
    if not 0 <= met <= checked:
        raise ValueError(f"Met must be 0 to checked (got {met} of {checked})")
    return Fraction(met * 100, checked) if checked else None


def cost_of(
    *,
    minutes: Decimal | None,
    per_minute: Decimal | None,
    rejects: int | None,
    value: Decimal | None,
) -> Decimal | None:
    """Cost of poor quality: minutes × cost of a minute + rejects × value of a piece; None where nothing is given.

    Rounded to the hundredth of the currency.
    """
    if minutes is None and rejects is None:
        return None
    total = copq(
        alter_minutes=Fraction(minutes or 0),
        cost_per_minute=Fraction(per_minute or 0),
        reject_value=Fraction(rejects or 0) * Fraction(value or 0),
    )
    return (Decimal(total.numerator) / Decimal(total.denominator)).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Bar:
    """A cause of the Pareto chart: its bar and the point of the cumulated line."""

    key: str
    count: int
    x: float
    y: float
    width: float
    height: float
    point_x: float
    point_y: float
    is_vital: bool


def pareto_bars(rows: Sequence[ParetoRow]) -> tuple[Bar, ...]:
    """Where the bars and the line of a Pareto chart stand; both axes share their height, 100 % on top."""
    shown = rows[:SHOWN_BARS]
    if not shown:
        return ()
    room = BASE - 20
    step = CHART_WIDTH / len(shown)
    largest = shown[0].count
    return tuple(
        Bar(
            row.key,
            row.count,
            round(place * step + step * 0.15, 1),
            round(BASE - room * row.count / largest, 1),
            round(step * 0.7, 1),
            round(room * row.count / largest, 1),
            round(place * step + step / 2, 1),
            round(BASE - room * float(row.cumulative_pct) / 100, 1),
            row.is_vital,
        )
        for place, row in enumerate(shown)
    )


def line_through(bars: Iterable[Bar]) -> str:
    """The cumulated line as the points of an SVG polyline."""
    return " ".join(f"{bar.point_x},{bar.point_y}" for bar in bars)

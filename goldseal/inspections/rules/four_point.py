"""The four-point system for fabric: points per flaw, per roll and per area, and what rolls and lots may have.

Points by length, the cap per yard or metre and the formulas are those of ASTM D5430 (option A); the limits are
agreed between buyer and mill. A length is classed in the unit in which it was measured, never converted
first: 76 mm is 2 points, the same 2.99 in are 1. All arithmetic is exact. The width is the cuttable width; a
tubular knit counts with its opened width, twice the tube.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from goldseal.catalog.rules.lengths import Number, exact, format_decimal, plain_number
from goldseal.inspections.rules.findings import Reason
from goldseal.inspections.rules.metrics import rounded

SECTION = "four_point"
POINTS_MAX = 4
HOLE_RULES = ("by_size", "always_four")
SYSTEMS = ("yd_in", "m_mm")

# Longest length for 1, 2 and 3 points (ASTM D5430), and the largest hole that is still 2 points.
_BANDS: Mapping[str, tuple[Fraction, ...]] = {
    "in": (Fraction(3), Fraction(6), Fraction(9)),
    "mm": (Fraction(75), Fraction(150), Fraction(230)),
    "cm": (Fraction(15, 2), Fraction(15), Fraction(23)),
}
_SMALL_HOLE: Mapping[str, Fraction] = {"in": Fraction(1), "mm": Fraction(25), "cm": Fraction(5, 2)}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One flaw: where along the roll it begins (yards or metres from the start) and its points, 1 to 4.

    `runs_to` marks a running defect and says where it ends; it takes 4 points in every yard or metre it covers.
    """

    position: Number
    points: int = POINTS_MAX
    runs_to: Number | None = None


@dataclass(frozen=True, slots=True)
class RollPoints:
    """The points of one roll: `points` after the cap, `uncapped` before, `per_bin` capped by yard or metre."""

    points: int
    uncapped: int
    per_bin: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Roll:
    """One inspected roll: yards and inches (`system` yd_in of the decision) or metres and millimetres (m_mm).

    `points` are after the cap. `gsm` is its weight in g/m², `shrinkage_pct` its worst direction.
    """

    number: str
    length: Number
    width: Number
    points: int
    shade: str = ""
    gsm: Number | None = None
    shrinkage_pct: Number | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What buyer and mill agreed; limits are inclusive and None means no such limit.

    `roll` and `lot` are points per 100 yd² or 100 m², by the system of the rolls, and so is `width_min` in
    inches or millimetres. `inspected_share_pct` is the least share of the lot's rolls to inspect.
    """

    roll: Number = 40
    lot: Number | None = None
    inspected_share_pct: Number = 10
    width_min: Number | None = None
    gsm_min: Number | None = None
    gsm_max: Number | None = None
    shrinkage_pct_max: Number | None = None


@dataclass(frozen=True, slots=True)
class RollDecision:
    """One roll's points per 100 yd² or m², and whether every limit of a single roll is kept."""

    number: str
    per_100: Fraction
    is_accepted: bool


@dataclass(frozen=True, slots=True)
class LotDecision:
    """The rolls, the lot's points per 100 (None where no roll is inspected), shade groups and the reasons."""

    rolls: tuple[RollDecision, ...]
    lot_per_100: Fraction | None
    inspected_share_pct: Fraction
    shades: Mapping[str, tuple[str, ...]]
    reasons: tuple[Reason, ...]


def points_for(length: Number, unit: str) -> int:
    """Points of one flaw by its longest dimension: 1 up to 3 in, 2 up to 6 in, 3 up to 9 in, 4 above.

    In mm the bands end at 75, 150 and 230, in cm at 7.5, 15 and 23. Raises ValueError for a length that is not
    above zero or another unit. Source: ASTM D5430.
    """
    size = _size(length, unit)
    return 1 + sum(size > longest for longest in _BANDS[unit])


def points_for_hole(size: Number, unit: str, rule: str = "by_size") -> int:
    """Points of one hole by its largest dimension.

    `rule` by_size (ASTM D5430): 2 up to 1 in (25 mm), 4 above; always_four: 4 whatever its size (many buyers).
    """
    if rule not in HOLE_RULES:
        raise ValueError(f"Hole rule must be one of {', '.join(HOLE_RULES)} (got {rule!r})")
    largest = _size(size, unit)
    return 2 if rule == "by_size" and largest <= _SMALL_HOLE[unit] else POINTS_MAX


def per_100_square_yards(points: int, length_yd: Number, width_in: Number) -> Fraction:
    """Points per 100 yd²: points × 3600 / (yards × inches of cuttable width)."""
    return Fraction(_count(points) * 3600) / (
        _above_zero("Length", length_yd) * _above_zero("Width", width_in)
    )


def per_100_square_metres(points: int, length_m: Number, width_mm: Number) -> Fraction:
    """Points per 100 m²: points × 100 000 / (metres × millimetres of cuttable width)."""
    return Fraction(_count(points) * 100_000) / (
        _above_zero("Length", length_m) * _above_zero("Width", width_mm)
    )


def roll_points(flaws: Iterable[Flaw], *, length: Number) -> RollPoints:
    """Add up a roll of `length` yards or metres, with at most 4 points in each yard or metre.

    The yards are counted from the start of the roll, as the standard has no sliding window; a flaw belongs to
    the yard in which it begins, one at the very end to the last. Raises ValueError for a position outside the
    roll, a running defect that ends before it begins, and points outside 1 to 4.
    """
    end = _above_zero("Length", length)
    bins: defaultdict[int, int] = defaultdict(int)
    for flaw in flaws:
        if flaw.points not in range(1, POINTS_MAX + 1):
            raise ValueError(f"A flaw has 1 to {POINTS_MAX} points (got {flaw.points})")
        start = _amount(flaw.position)
        stop = start if flaw.runs_to is None else _amount(flaw.runs_to)
        if not 0 <= start <= stop <= end:
            raise ValueError(
                f"A flaw must lie on the roll, from 0 to {format_decimal(end)} "
                f"(got {flaw.position}{'' if flaw.runs_to is None else f' to {flaw.runs_to}'})"
            )
        first = min(floor(start), ceil(end) - 1)
        if flaw.runs_to is None:
            bins[first] += flaw.points
        else:
            for place in range(first, max(ceil(stop), first + 1)):
                bins[place] += POINTS_MAX
    capped = {place: min(points, POINTS_MAX) for place, points in sorted(bins.items())}
    return RollPoints(sum(capped.values()), sum(bins.values()), capped)


def decide_rolls(
    rolls: Sequence[Roll], *, total_rolls: int, limits: Limits | None = None, system: str = "yd_in"
) -> LotDecision:
    """Judge the inspected rolls and their lot of `total_rolls` rolls.

    The lot's figure comes from summed points and areas, never from the rolls' figures. A lot above its limit
    fails; a roll that breaks a limit puts the lot on hold until that roll is set aside or replaced; too few
    rolls or one without length or width leave it pending. Raises ValueError for more rolls than the lot has
    and for a roll named twice.
    """
    if system not in SYSTEMS:
        raise ValueError(f"System must be one of {', '.join(SYSTEMS)} (got {system!r})")
    if total_rolls < 1 or len(rolls) > total_rolls:
        raise ValueError(
            f"{len(rolls)} rolls inspected of a lot of {total_rolls}; the lot has at least as many"
        )
    if len({roll.number for roll in rolls}) != len(rolls):
        raise ValueError("A roll is named twice")
    limits = limits or Limits()
    rate = per_100_square_yards if system == "yd_in" else per_100_square_metres
    area = "yd²" if system == "yd_in" else "m²"
    measured = [roll for roll in rolls if _amount(roll.length) > 0 and _amount(roll.width) > 0]
    judged: list[RollDecision] = []
    broken = [
        Reason("roll_unfit", SECTION, "pending", f"Roll {roll.number}: length and width must be above 0")
        for roll in rolls
        if roll not in measured
    ]
    for roll in measured:
        per_100 = rate(roll.points, roll.length, roll.width)
        faults = list(_roll_faults(roll, per_100, limits, area))
        judged.append(RollDecision(roll.number, per_100, not faults))
        broken += [
            Reason(code, SECTION, "hold", f"Roll {roll.number}: {message}; set it aside")
            for code, message in faults
        ]
    lot = _lot_per_100(measured, system)
    shades: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for roll in rolls:
        shades[roll.shade] += (roll.number,)
    reasons = [*_share_reasons(len(rolls), total_rolls, limits), *_lot_reasons(lot, limits, area), *broken]
    return LotDecision(tuple(judged), lot, Fraction(len(rolls) * 100, total_rolls), shades, tuple(reasons))


def _lot_per_100(rolls: Sequence[Roll], system: str) -> Fraction | None:
    if not rolls:
        return None
    factor = 3600 if system == "yd_in" else 100_000
    return Fraction(factor * sum(roll.points for roll in rolls)) / sum(
        _amount(roll.length) * _amount(roll.width) for roll in rolls
    )


def _roll_faults(roll: Roll, per_100: Fraction, limits: Limits, area: str) -> Iterable[tuple[str, str]]:
    if per_100 > plain_number(limits.roll):
        yield "roll_over_limit", f"{rounded(per_100)} points per 100 {area}, at most {limits.roll} allowed"
    if limits.width_min is not None and _amount(roll.width) < _amount(limits.width_min):
        yield "roll_too_narrow", f"width {roll.width}, at least {limits.width_min} required"
    if roll.gsm is not None:
        weight = plain_number(roll.gsm)
        if limits.gsm_min is not None and weight < plain_number(limits.gsm_min):
            yield "roll_too_light", f"{roll.gsm} g/m², at least {limits.gsm_min} required"
        if limits.gsm_max is not None and weight > plain_number(limits.gsm_max):
            yield "roll_too_heavy", f"{roll.gsm} g/m², at most {limits.gsm_max} allowed"
    if (
        roll.shrinkage_pct is not None
        and limits.shrinkage_pct_max is not None
        and abs(plain_number(roll.shrinkage_pct)) > plain_number(limits.shrinkage_pct_max)
    ):
        yield (
            "roll_shrinks",
            f"{roll.shrinkage_pct} % change by wash, at most {limits.shrinkage_pct_max} % allowed",
        )


def _share_reasons(inspected: int, total: int, limits: Limits) -> Iterable[Reason]:
    needed = max(1, ceil(plain_number(limits.inspected_share_pct) * total / 100))
    if inspected < needed:
        message = f"{inspected} of {total} rolls inspected; at least {needed} ({limits.inspected_share_pct} %) required"
        yield Reason("too_few_rolls", SECTION, "pending", message)


def _lot_reasons(lot: Fraction | None, limits: Limits, area: str) -> Iterable[Reason]:
    if lot is not None and limits.lot is not None and lot > plain_number(limits.lot):
        message = f"The lot has {rounded(lot)} points per 100 {area}; at most {limits.lot} allowed"
        yield Reason("lot_over_limit", SECTION, "fail", message)


def _size(length: Number, unit: str) -> Fraction:
    if unit not in _BANDS:
        raise ValueError(f"Unit must be one of {', '.join(_BANDS)} (got {unit!r})")
    return _above_zero("Length", length)


def _amount(value: Number) -> Fraction:
    """Text as a tape is read, numbers as they are: a converted roll may be longer than any tape."""
    return exact(value) if isinstance(value, str) else plain_number(value)


def _above_zero(what: str, value: Number) -> Fraction:
    found = _amount(value)
    if found <= 0:
        raise ValueError(f"{what} must be above 0 (got {value})")
    return found


def _count(points: int) -> int:
    if isinstance(points, bool) or not isinstance(points, int) or points < 0:
        raise ValueError(f"Points must be a whole number, 0 or more (got {points!r})")
    return points

"""Measurements as exact fractions: reading and printing them, deviation, tolerance, size sets, grading.

A tape value is a fraction of its own unit (cm, mm or in) and is judged in the unit of the specification,
never on a rounded conversion: 5.6 + 0.3 must accept 5.9. Python's `Fraction` holds every accepted text
exactly; inch values on the tape's grid are stored as integers of 1/32 in.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

UNITS = ("cm", "mm", "in")
CM_PER_INCH = Fraction(254, 100)
TEXT_MAX = 32
VALUE_MAX = 10_000

_NUMBER = re.compile(
    r"""(?P<sign>[+-])?[ ]*
    (?: (?P<whole>[0-9]{1,9})(?:(?:[ ]+|-)(?P<num>[0-9]{1,9})/(?P<den>[0-9]{1,9}))?
      | (?P<onlynum>[0-9]{1,9})/(?P<onlyden>[0-9]{1,9})
      | (?P<decimal>[0-9]{0,9}[.,][0-9]{1,9}|[0-9]{1,9}[.,])
    )""",
    re.VERBOSE | re.ASCII,
)
_INCH_MARK = re.compile(r"[ ]*(?:inches|inch|in|\"|”|″)$", re.IGNORECASE)
_SIGNS = str.maketrans({"−": "-", "–": "-", "⁄": "/"})


@dataclass(frozen=True, slots=True)
class PointOfMeasure:
    """One specified point: its value and its two tolerances, all in `unit`.

    Tolerances are amounts, so their sign does not matter: minus 1 and −1 both allow one below.
    """

    code: str
    spec: Fraction
    tol_minus: Fraction
    tol_plus: Fraction
    unit: str = "cm"
    is_critical: bool = False

    @property
    def lower(self) -> Fraction:
        """The smallest value still in tolerance."""
        return self.spec - abs(self.tol_minus)

    @property
    def upper(self) -> Fraction:
        """The largest value still in tolerance."""
        return self.spec + abs(self.tol_plus)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How one measured value stands to its point: `result` is ok, below or above (limits are inclusive)."""

    measured: Fraction
    deviation: Fraction
    result: str
    amount_out: Fraction

    @property
    def is_out(self) -> bool:
        """Whether the value lies outside the tolerance."""
        return self.result != "ok"


@dataclass(frozen=True, slots=True)
class PieceResult:
    """One measured piece: its evaluations by point code (only points that were measured)."""

    size: str
    piece_no: int
    evaluations: Mapping[str, Evaluation]
    critical_codes: frozenset[str]

    @property
    def out_codes(self) -> tuple[str, ...]:
        """The points out of tolerance, in the order of the chart."""
        return tuple(code for code, evaluation in self.evaluations.items() if evaluation.is_out)

    @property
    def has_critical_out(self) -> bool:
        """Whether a critical point is out of tolerance."""
        return any(code in self.critical_codes for code in self.out_codes)


@dataclass(frozen=True, slots=True)
class MeasurementSummary:
    """Counts over all measured pieces; `points_out_pct` is None where nothing was measured."""

    pieces: int
    points_measured: int
    points_out: int
    points_out_pct: Fraction | None
    pieces_with_any_out: int
    pieces_with_critical_out: int


def parse_measure(text: str) -> Fraction:
    """Read a tape value: 16, 16.25, 16,25, 3/4, 12 3/8, 12-3/8, 12½, with a sign and an inch mark or without.

    A comma is a decimal comma; a hyphen between whole and fraction separates; the sign covers the whole
    mixed number. Raises ValueError that shows what is accepted.
    """
    if not isinstance(text, str) or len(text) > TEXT_MAX:
        raise _unreadable(text)
    plain = _INCH_MARK.sub("", _spell_out_fractions(text.strip().translate(_SIGNS)))
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise _unreadable(text)
    part = match.groupdict()
    try:
        if part["decimal"]:
            value = Fraction(part["decimal"].replace(",", ".").rstrip("."))
        elif part["onlynum"]:
            value = Fraction(int(part["onlynum"]), int(part["onlyden"]))
        else:
            value = Fraction(int(part["whole"]))
            if part["num"]:
                value += Fraction(int(part["num"]), int(part["den"]))
    except ZeroDivisionError:
        raise _unreadable(text) from None
    if value > VALUE_MAX:
        raise ValueError(f"A measurement must not exceed {VALUE_MAX} (got {text!r})")
    return -value if part["sign"] == "-" else value


def format_fraction(value: Fraction) -> str:
    """Print as the inch tape reads: a reduced mixed number such as 12 3/8, -1/4, 0."""
    sign, rest = ("-" if value < 0 else ""), abs(value)
    whole, part = divmod(rest, 1)
    if part == 0:
        return f"{sign}{whole}"
    return f"{sign}{whole} {part}" if whole else f"{sign}{part}"


def format_decimal(value: Fraction, *, places: int = 2) -> str:
    """Print as a decimal with at most `places` digits, half away from zero, without trailing zeros."""
    scaled = _round_half_away(abs(value) * 10**places)
    digits = f"{scaled:0{places + 1}d}"
    text = digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and scaled else text


def format_measure(value: Fraction, *, unit: str) -> str:
    """Print in the manner of the unit: mixed fractions for inches, decimals for cm and mm."""
    if unit not in UNITS:
        raise ValueError(f"Unit must be one of {', '.join(UNITS)} (got {unit!r})")
    return format_fraction(value) if unit == "in" else format_decimal(value)


def inch_to_cm(value: Fraction) -> Fraction:
    """Convert exactly: 1 inch is 2.54 cm."""
    return value * CM_PER_INCH


def cm_to_inch(value: Fraction, *, denominator: int) -> Fraction:
    """Convert to the nearest 1/`denominator` inch, half away from zero."""
    nearest = _round_half_away(abs(value) / CM_PER_INCH * denominator)
    return Fraction(nearest if value >= 0 else -nearest, denominator)


def to_32nds(value: Fraction) -> int:
    """The integer of 1/32 in that is stored; raises ValueError where the value is off that grid."""
    scaled = value * 32
    if scaled.denominator != 1:
        raise ValueError(f"{format_fraction(value)} is not a multiple of 1/32 in; measure to 1/32 or coarser")
    return scaled.numerator


def from_32nds(value: int) -> Fraction:
    """The inch value of a stored integer of 1/32 in."""
    return Fraction(value, 32)


def percent_tolerance(*, spec: Fraction, percent: Fraction) -> Fraction:
    """A tolerance given in per cent of the specification, as an amount in its unit."""
    return abs(spec) * abs(percent) / 100


def evaluate(*, point: PointOfMeasure, measured: Fraction) -> Evaluation:
    """Judge one measured value against its point; both limits belong to the tolerance."""
    if measured < point.lower:
        result, amount_out = "below", point.lower - measured
    elif measured > point.upper:
        result, amount_out = "above", measured - point.upper
    else:
        result, amount_out = "ok", Fraction(0)
    return Evaluation(measured, measured - point.spec, result, amount_out)


def evaluate_piece(
    *, size: str, piece_no: int, points: Sequence[PointOfMeasure], measured: Mapping[str, Fraction | None]
) -> PieceResult:
    """Judge one piece; a point that was not measured is neither in nor out of tolerance."""
    return PieceResult(
        size=size,
        piece_no=piece_no,
        evaluations={
            point.code: evaluate(point=point, measured=value)
            for point in points
            if (value := measured.get(point.code)) is not None
        },
        critical_codes=frozenset(point.code for point in points if point.is_critical),
    )


def summarise(pieces: Sequence[PieceResult]) -> MeasurementSummary:
    """Add up the pieces of a size set: points measured and out, pieces with any and with a critical point out."""
    measured = sum(len(piece.evaluations) for piece in pieces)
    out = sum(len(piece.out_codes) for piece in pieces)
    return MeasurementSummary(
        pieces=len(pieces),
        points_measured=measured,
        points_out=out,
        points_out_pct=Fraction(out * 100, measured) if measured else None,
        pieces_with_any_out=sum(bool(piece.out_codes) for piece in pieces),
        pieces_with_critical_out=sum(piece.has_critical_out for piece in pieces),
    )


def graded(*, base: Fraction, grade: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The specification of every size from the base size and the signed grade per size."""
    return {size: base + step for size, step in grade.items()}


def _spell_out_fractions(text: str) -> str:
    """Write vulgar fraction signs as a/b, set apart so that no digit beside them runs into one."""
    out: list[str] = []
    for sign in text:
        spelled = unicodedata.normalize("NFKC", sign).translate(_SIGNS)
        if sign != spelled and re.fullmatch(r"[0-9]+/[0-9]+", spelled, re.ASCII):
            out.append(f" {spelled} " if out and out[-1].isdigit() else f"{spelled} ")
        else:
            out.append(sign)
    return "".join(out).rstrip()


def _round_half_away(value: Fraction) -> int:
    """Round a value that is not negative to the nearest whole number, a half upwards."""
    return int(value + Fraction(1, 2))


def _unreadable(text: object) -> ValueError:
    shown = text[:TEXT_MAX] if isinstance(text, str) else text
    return ValueError(f"Cannot read {shown!r} as a measurement; write it as 16, 16.25, 3/4 or 12 3/8")

"""Measurements judged against their chart: deviation, tolerance, size sets, grading, what is still to measure.

A value is judged in the unit of the specification, never on a rounded conversion: 5.6 + 0.3 must accept 5.9.
Reading and printing lengths is `lengths`; its names are open here as well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from goldseal.catalog.rules.lengths import (
    CM_PER_INCH,
    TEXT_MAX,
    UNITS,
    VALUE_MAX,
    Length,
    Number,
    cm_to_inch,
    exact,
    format_decimal,
    format_fraction,
    format_measure,
    from_32nds,
    inch_to_cm,
    parse_length,
    parse_measure,
    to_32nds,
)

__all__ = [
    "CM_PER_INCH",
    "TEXT_MAX",
    "UNITS",
    "VALUE_MAX",
    "Evaluation",
    "Length",
    "MeasurementSummary",
    "MissingMeasurement",
    "PieceResult",
    "PointOfMeasure",
    "RequiredPieces",
    "cm_to_inch",
    "evaluate",
    "evaluate_piece",
    "evaluate_point",
    "exact",
    "format_decimal",
    "format_fraction",
    "format_measure",
    "from_32nds",
    "graded",
    "inch_to_cm",
    "missing_measurements",
    "parse_length",
    "parse_measure",
    "percent_tolerance",
    "required_pieces",
    "shrinkage_percent",
    "suggest_unit",
    "summarise",
    "to_32nds",
]

# Units differ by a factor of 2.54 or more, so a garment cannot be this near its specification in two of them.
_FAR_OUT = Fraction(1, 2)
_NEAR = Fraction(1, 10)


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


@dataclass(frozen=True, slots=True)
class RequiredPieces:
    """How many pieces of one size to measure: critical points on the one number, every point on the other."""

    size: str
    critical_pieces: int
    all_points_pieces: int


@dataclass(frozen=True, slots=True)
class MissingMeasurement:
    """A point of one size that is measured on fewer pieces than required."""

    size: str
    code: str
    measured: int
    required: int

    @property
    def sentence(self) -> str:
        """What is still to be measured, for a person."""
        return f"Size {self.size}, {self.code}: measured on {self.measured} of {self.required} pieces"


def percent_tolerance(*, spec: Fraction, percent: Fraction) -> Fraction:
    """A tolerance given in per cent of the specification, as an amount in its unit."""
    return abs(spec) * abs(percent) / 100


def evaluate(*, spec: Number, tol_minus: Number, tol_plus: Number, measured: Number, unit: str) -> Evaluation:
    """Judge one value from a bare specification, every length in `unit` as text or number, exact inside.

    Raises ValueError where a length cannot be read in that unit.
    """
    point = PointOfMeasure(
        code="",
        spec=parse_length(spec, unit).value,
        tol_minus=parse_length(tol_minus, unit).value,
        tol_plus=parse_length(tol_plus, unit).value,
        unit=unit,
    )
    return evaluate_point(point=point, measured=parse_length(measured, unit).value)


def evaluate_point(*, point: PointOfMeasure, measured: Fraction) -> Evaluation:
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
            point.code: evaluate_point(point=point, measured=value)
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


def suggest_unit(
    *, spec: Number, tol_minus: Number, tol_plus: Number, measured: Number, unit: str
) -> str | None:
    """The unit in which a value far from its specification was probably taken: cm, mm, in, or None.

    Far means more than half the specification away and out of tolerance; the unit named is the one in which
    the same number comes within a tenth of the specification or within the tolerance.
    """
    target = parse_length(spec, unit).value
    below, above = (abs(parse_length(tolerance, unit).value) for tolerance in (tol_minus, tol_plus))
    value = parse_length(measured, unit).value
    if target <= 0 or abs(value - target) <= target * _FAR_OUT or -below <= value - target <= above:
        return None
    for other in UNITS:
        away = Length(value, other).in_unit(unit) - target
        if other != unit and (abs(away) <= target * _NEAR or -below <= away <= above):
            return other
    return None


def shrinkage_percent(*, before: Number, after: Number) -> Fraction:
    """(before − after) × 100 / before, both in one unit: positive where the piece shrank, negative where it grew."""
    first, then = exact(before), exact(after)
    if first <= 0 or then < 0:
        raise ValueError(
            f"The measure before wash must be above 0 and after wash not below (got {before}, {after})"
        )
    return (first - then) * 100 / first


def required_pieces(
    *, sizes: Iterable[str], critical_pieces: int, all_points_pieces: int
) -> dict[str, RequiredPieces]:
    """What the buyer wants measured of every size: critical points on n pieces, every point on m pieces.

    A mapping of `sizes` to the pieces there are caps both numbers, because a size of three pieces cannot be
    measured five times. Critical points are points too, so they are never wanted on fewer pieces than the rest.
    """
    if critical_pieces < 0 or all_points_pieces < 0:
        raise ValueError(
            f"Pieces to measure must not be negative (got {critical_pieces} and {all_points_pieces})"
        )
    wanted = {}
    for size in sizes:
        most = sizes[size] if isinstance(sizes, Mapping) else max(critical_pieces, all_points_pieces)
        every = min(all_points_pieces, most)
        wanted[size] = RequiredPieces(size, min(max(critical_pieces, all_points_pieces), most), every)
    return wanted


def missing_measurements(
    *,
    required: Mapping[str, RequiredPieces],
    chart: Mapping[str, Sequence[PointOfMeasure]],
    pieces: Iterable[PieceResult],
) -> tuple[MissingMeasurement, ...]:
    """What is still to be measured: per size and point, in the order of the chart.

    Counted per point over all pieces of the size. A size without a chart has nothing to measure here.
    """
    counts: dict[tuple[str, str], int] = {}
    for piece in pieces:
        for code in piece.evaluations:
            counts[piece.size, code] = counts.get((piece.size, code), 0) + 1
    return tuple(
        MissingMeasurement(size, point.code, counts.get((size, point.code), 0), wanted)
        for size, rule in required.items()
        for point in chart.get(size, ())
        if counts.get((size, point.code), 0)
        < (wanted := rule.critical_pieces if point.is_critical else rule.all_points_pieces)
    )

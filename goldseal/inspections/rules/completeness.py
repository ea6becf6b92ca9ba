"""What a buyer wants on record beside the counts: photos of each defect, and enough pieces measured."""

from collections.abc import Iterator, Mapping, Sequence

from goldseal.inspections.rules import measurement
from goldseal.inspections.rules.findings import Reason
from goldseal.inspections.rules.state import State


def photo_reasons(*, state: State, photos_per_defect: int) -> Iterator[Reason]:
    """Defects with fewer photos than the buyer asks for."""
    if not photos_per_defect:
        return
    short = [
        str(body["code"])
        for body in state.values("defect_recorded")
        if len(body["photos"]) < photos_per_defect
    ]
    if short:
        message = f"{len(short)} defects have fewer than {photos_per_defect} photos: {', '.join(sorted(set(short)))}"
        yield Reason("photos_missing", "workmanship", "pending", message)


def measurement_reasons(
    *,
    chart: Mapping[str, Sequence[measurement.PointOfMeasure]],
    sizes: Sequence[str],
    pieces: Sequence[measurement.PieceResult],
    critical_pieces: int,
    all_points_pieces: int,
) -> Iterator[Reason]:
    """Sizes of the lot of which fewer pieces are measured than the buyer asks for."""
    if not critical_pieces and not all_points_pieces:
        return
    required = measurement.required_pieces(
        sizes=[size for size in sizes if chart.get(size)],
        critical_pieces=critical_pieces,
        all_points_pieces=all_points_pieces,
    )
    missing = measurement.missing_measurements(required=required, chart=chart, pieces=pieces)
    by_size: dict[str, list[str]] = {}
    for one in missing:
        by_size.setdefault(one.size, []).append(f"{one.code} ({one.measured} of {one.required})")
    for size, points in by_size.items():
        shown = ", ".join(points[:6]) + (" …" if len(points) > 6 else "")
        yield Reason(
            "measurements_missing", "measurement", "pending", f"Size {size}: still to measure {shown}"
        )

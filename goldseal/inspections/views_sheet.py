"""The measuring sheet: points of one size down, pieces across; shared by sampled inspections and size sets."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from goldseal.catalog.choices import in_language
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.measurement import (
    Length,
    PointOfMeasure,
    cm_to_inch,
    evaluate_point,
    format_decimal,
    format_measure,
    parse_measure,
    shrinkage_percent,
    suggest_unit,
)
from goldseal.inspections.rules.state import Entry, State
from goldseal.inspections.views_shown import outcome, tolerance
from goldseal.kit.wording import in_digits_of_page

MEASURED = "piece_measured"
TAPE = 16  # Parts of an inch that a tape shows.

Chart = Mapping[str, Sequence[PointOfMeasure]]
Held = Mapping[tuple[int, str, str], Entry]


def points_at(chart: Chart, size: str, wash: str) -> Sequence[PointOfMeasure]:
    """The points of a size: those of before or after wash where the chart has them."""
    return chart.get(f"{size}|{wash}") or chart.get(size, ())


def held_in(state: State) -> dict[tuple[int, str, str], Entry]:
    """Every measured value by piece, point and wash ("" where the garment is not washed)."""
    found: dict[tuple[int, str, str], Entry] = {}
    for kept in state.of_kind(MEASURED):
        body = kept.candidates[0]
        found[body["piece_no"], body["pom"], body.get("wash", "")] = kept
    return found


def sheet(
    *,
    inspection: Inspection,
    chart: Chart,
    held: Held,
    sent: Sent,
    size: str,
    numbers: Sequence[int],
    wash: str = "",
    wanted: tuple[int, int] = (0, 0),
) -> dict[str, Any]:
    """The points of `size` with a field for each of the pieces `numbers`.

    `wanted` says on how many pieces critical points, and on how many the others, are to be measured.
    """
    labels = {(point["code"], point.get("wash") or ""): point for point in inspection.points}
    rows: list[dict[str, Any]] = []
    for place, point in enumerate(points_at(chart, size, wash)):
        label = labels.get((point.code, wash)) or labels.get((point.code, "")) or {}
        needed = wanted[0] if point.is_critical else wanted[1]
        cells = [
            _cell(
                f"m{place}" if len(numbers) == 1 else f"m{place}_{number}",
                point,
                held,
                sent,
                size,
                number,
                wash,
            )
            | {"is_wanted": column < needed}
            for column, number in enumerate(numbers)
        ]
        rows.append(
            {
                "code": point.code,
                "name": in_language(label.get("name_en", ""), label.get("name_bn") or ""),
                "spec": format_measure(point.spec, unit=point.unit),
                "tol": tolerance(label) if label else "",
                "tol_minus": str(abs(point.tol_minus)),
                "tol_plus": str(abs(point.tol_plus)),
                "exact": str(point.spec),
                "unit": point.unit,
                "critical": point.is_critical,
                "cells": cells,
            }
        )
    return {
        "rows": rows,
        "size": size,
        "wash": wash,
        "numbers": numbers,
        "groups": " ".join(cell["entry"].name for row in rows for cell in row["cells"]),
    }


def _cell(
    name: str, point: PointOfMeasure, held: Held, sent: Sent, size: str, number: int, wash: str
) -> dict[str, Any]:
    """One piece's value of one point: as recorded with its deviation, or to be measured."""
    kept = held.get((number, point.code, wash))
    body = kept.candidates[0] if kept else {}
    is_fit = bool(body) and body["size"] == size and body["unit"] == point.unit
    value = parse_measure(body["value"]) if is_fit else None
    before = held.get((number, point.code, "before")) if wash == "after" else None
    first = before.candidates[0] if before else {}
    is_same = bool(first) and first["unit"] == point.unit
    return {
        "entry": sent.entry(name, MEASURED, {"value": body.get("value", "")}, kept.head_ids if kept else ()),
        "piece_no": number,
        "found": outcome(evaluate_point(point=point, measured=value), point.unit)
        if value is not None
        else None,
        "suggestion": _suggestion(point, body["value"]) if value is not None else None,
        "before": str(parse_measure(first["value"])) if is_same else "",
        "shrinkage": _shrinkage(first["value"], value) if is_same and value is not None else "",
    }


def _suggestion(point: PointOfMeasure, written: str) -> dict[str, str] | None:
    """The other unit in which a far-off value was probably taken, and the same in the chart's unit."""
    try:
        other = suggest_unit(
            spec=point.spec,
            tol_minus=point.tol_minus,
            tol_plus=point.tol_plus,
            measured=written,
            unit=point.unit,
        )
    except ValueError:
        other = "in"  # an inch mark stands beside the value of a metric chart
    if other is None:
        return None
    length = Length(parse_measure(written), other)
    converted = cm_to_inch(length.cm, denominator=TAPE) if point.unit == "in" else length.in_unit(point.unit)
    return {
        "written": f"{written} {other}",
        "value": format_measure(converted, unit=point.unit),
        "unit": point.unit,
    }


def _shrinkage(before: str, after: Fraction) -> str:
    """Change by wash in per cent of before, to one decimal; positive where the piece shrank."""
    try:
        percent = shrinkage_percent(before=parse_measure(before), after=after)
    except ValueError:
        return ""
    return in_digits_of_page(format_decimal(percent, places=1).replace("-", "−"))

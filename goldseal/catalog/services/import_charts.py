"""Measurement charts from a sheet: one row for each point of measure, the sizes as columns or in rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import LengthUnit, Wash
from goldseal.catalog.models import MeasurementChart, Style
from goldseal.catalog.rules.lengths import parse_length
from goldseal.catalog.services.import_orders import BATCH, KEEP, open_workspace, styles_finder
from goldseal.kit.actors import Actor
from goldseal.kit.importing import ImportRow, Prepared, Problem, Progress
from goldseal.kit.sheets.values import plain

POINTS_MAX, SIZES_MAX = 100, 30
ChartKey = tuple[UUID, str]


@dataclass(slots=True)
class _Point:
    """One point of measure with the row that named it and the rows of its sizes."""

    row: ImportRow
    spec: dict[str, tuple[str, ImportRow]] = field(default_factory=dict)


@dataclass(slots=True)
class _Chart:
    """One chart of the sheet."""

    style: Style
    wash: str
    unit: str
    first: ImportRow
    points: dict[str, _Point] = field(default_factory=dict)
    stored: MeasurementChart | None = None


def prepare_charts(rows: Sequence[ImportRow], existing: str) -> Prepared:
    """Compare rows of points of measure with the charts; a chart is known by its style and wash.

    `existing`: a chart that is there already is a problem (`keep`) or gets the sheet's points (`replace`).
    """
    problems: list[Problem] = []
    charts = _gathered(rows, problems)
    styles = {style for style, _wash in charts}
    for stored in MeasurementChart.objects.select_for_update(no_key=True).filter(style_id__in=styles):
        chart = charts.get((stored.style_id, stored.wash))
        if chart is not None:
            chart.stored = stored
    for chart in charts.values():
        if chart.stored is not None and existing == KEEP:
            words = _("This style has a chart already. Choose what should become of charts that are there.")
            problems += [point.row.problem("style", words) for point in chart.points.values()]
        if (
            len(chart.points) > POINTS_MAX
            or len({s for p in chart.points.values() for s in p.spec}) > SIZES_MAX
        ):
            most = _("At most %(points)s points and %(sizes)s sizes fit into one chart.")
            told = most % {"points": POINTS_MAX, "sizes": SIZES_MAX}
            problems += [point.row.problem("style", told) for point in chart.points.values()]

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        return _write(list(charts.values()), now, progress)

    return Prepared(problems, write)


def _gathered(rows: Sequence[ImportRow], problems: list[Problem]) -> dict[ChartKey, _Chart]:
    find = styles_finder()
    charts: dict[ChartKey, _Chart] = {}
    for row in rows:
        style = find(row)
        if isinstance(style, Problem):
            problems.append(style)
            continue
        wash = row.values.get("wash") or Wash.NONE.value
        unit = row.values.get("unit") or LengthUnit.CM.value
        chart = charts.setdefault((style.pk, wash), _Chart(style, wash, unit, row))
        if unit != chart.unit:
            problems.append(row.problem("unit", _("All points of one chart are in the same unit.")))
            continue
        name = (row.values.get("code") or row.values["name_en"]).casefold()
        point = chart.points.setdefault(name, _Point(row))
        size, amount = row.values["size"], row.values["amount"]
        former = point.spec.setdefault(size.casefold(), (size, row))[1]
        if former is not row:
            words = _("This point has size %(size)s in row %(row)s already.")
            problems.append(row.problem("size", words % {"size": size, "row": former.number}))
        problems += _unreadable(row, {"amount": amount, **_tolerances(row)}, unit)
    return charts


def _tolerances(row: ImportRow) -> dict[str, str]:
    """The two tolerances as texts without sign; one for both stands in `tolerance`."""
    both = row.values.get("tolerance") or "0"
    return {
        key: plain(row.values.get(key) or both).lstrip("+-±− ").strip() for key in ("tol_minus", "tol_plus")
    }


def _unreadable(row: ImportRow, texts: dict[str, str], unit: str) -> list[Problem]:
    found = []
    for key, text in texts.items():
        try:
            parse_length(plain(text), unit)
        except ValueError:
            words = _("“%(text)s” is no length in %(unit)s. Write it as 16, 16.25, 12 3/8 or 12½.")
            place = key if key in row.columns else "tolerance"
            found.append(row.problem(place, words % {"text": text[:40], "unit": unit}))
    return found


def _write(charts: list[_Chart], now: datetime, progress: Progress) -> dict[str, int]:
    new, changed = [], []
    for chart in charts:
        points = _points(chart)
        record = chart.stored
        if record is None:
            record = MeasurementChart(
                workspace_id=open_workspace(),
                style=chart.style,
                wash=chart.wash,
                created_at=now,
            )
            new.append(record)
        elif (record.unit, record.points) != (chart.unit, points):
            record.revision += 1
            changed.append(record)
        record.unit, record.points, record.updated_at = chart.unit, points, now
    MeasurementChart.objects.bulk_create(new, batch_size=BATCH)
    MeasurementChart.objects.bulk_update(changed, ["unit", "points", "revision", "updated_at"])
    progress(sum(len(point.spec) for chart in charts for point in chart.points.values()))
    return {"created": len(new), "changed": len(changed)}


def _points(chart: _Chart) -> list[dict[str, Any]]:
    """The points as `MeasurementChart.points` keeps them."""
    points = []
    for position, point in enumerate(chart.points.values(), 1):
        v = point.row.values
        points.append(
            {
                "code": v.get("code") or str(position),
                "name_en": v["name_en"],
                "name_bn": v.get("name_bn") or "",
                "how": v.get("how") or "",
                "critical": bool(v.get("critical")),
                **_tolerances(point.row),
                "spec": {size: plain(row.values["amount"]) for size, row in point.spec.values()},
            }
        )
    return points

"""Measurement charts from a sheet: one row for each point of measure, the sizes as columns or in rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import LengthUnit, Wash
from goldseal.catalog.models import MeasurementChart, Style
from goldseal.catalog.services.charts import amount_problem, checked_chart, save_chart
from goldseal.catalog.services.import_orders import KEEP, styles_finder
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.importing import ImportRow, Occasion, Prepared, Problem, Progress, bad_rows, held_back
from goldseal.kit.sheets.values import plain
from goldseal.kit.words import Words

ChartKey = tuple[str, str]


@dataclass(slots=True)
class _Point:
    """One point of measure with the row that named it and its rows by size."""

    row: ImportRow
    sizes: dict[str, ImportRow] = field(default_factory=dict)

    def cells(self, position: int) -> dict[str, Any]:
        """The point as `save_chart` takes it."""
        v = self.row.values
        both = v.get("tolerance") or "0"
        return {
            "code": v.get("code") or str(position),
            "name_en": v["name_en"] or "",
            "name_bn": v.get("name_bn"),
            "how": v.get("how"),
            "critical": v.get("critical"),
            "tol_minus": plain(v.get("tol_minus") or both),
            "tol_plus": plain(v.get("tol_plus") or both),
            "spec": {s: plain(row.values["amount"]) for s, row in self.sizes.items() if row.values["amount"]},
        }


@dataclass(slots=True)
class _Chart:
    """One chart of the sheet with its rows; without a style where they name none that can be found."""

    style: Style | None
    wash: str
    unit: str = ""  # as the first row says that can be read
    rows: list[ImportRow] = field(default_factory=list)
    points: dict[str, _Point] = field(default_factory=dict)

    def listed(self) -> list[dict[str, Any]]:
        """The points in the order of the sheet."""
        return [point.cells(position) for position, point in enumerate(self.points.values(), 1)]

    def sizes(self) -> list[str]:
        """The sizes as their columns stand in the sheet; those written in rows as they first appear."""
        place: dict[str, int] = {}
        for point in self.points.values():
            for size, row in point.sizes.items():
                place.setdefault(size, row.columns.get("amount", 0))
        return sorted(place, key=lambda size: place[size])

    def told(self, words: Words) -> Iterator[Problem]:
        """Something wrong with the whole chart, said at each of its points."""
        return (point.row.problem("style", words) for point in self.points.values())


def prepare_charts(rows: Sequence[ImportRow], occasion: Occasion) -> Prepared:
    """Compare rows of points of measure with the charts; a chart is known by its style and wash.

    A chart that is there already is a problem (`keep`) or gets the sheet's points (`replace`). A chart is
    written whole: with one bad row all its rows stay out.
    """
    problems: list[Problem] = []
    charts, doubtful = _gathered(rows, problems)
    styles = {chart.style.pk for chart in charts.values() if chart.style}
    stored = MeasurementChart.objects.filter(style_id__in=styles).values_list("style_id", "wash")
    there = {(str(style), wash) for style, wash in stored}
    for key, chart in charts.items():
        if key in there and occasion.existing == KEEP:
            problems += chart.told(
                _("This style has a chart already. Choose what should become of charts that are there.")
            )
        problems += _problems_of(chart)
    held = held_back(
        [*(chart.rows for chart in charts.values()), *doubtful],
        bad_rows(rows, problems),
        _("Left out because row %(row)s of the same chart has a problem."),
    )
    out = bad_rows(rows, [*problems, *held])
    whole = [
        (chart, chart.style)
        for chart in charts.values()
        if chart.style is not None and chart.rows[0].number not in out
    ]

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        written = 0
        for chart, style in whole:
            save_chart(
                style_id=style.pk,
                wash=chart.wash,
                unit=chart.unit,
                points=chart.listed(),
                sizes=chart.sizes(),
                actor=actor,
                now=now,
            )
            written += len(chart.rows)
            progress(written)
        changed = sum((str(style.pk), chart.wash) in there for chart, style in whole)
        return {"created": len(whole) - changed, "changed": changed}

    return Prepared(problems, write, held)


def _gathered(
    rows: Sequence[ImportRow], problems: list[Problem]
) -> tuple[dict[ChartKey, _Chart], list[list[ImportRow]]]:
    """The charts of the sheet, and all rows of each style of which a row may belong to any chart.

    Such a row does not say for which wash it is, or names no style: then it may belong to the chart above it.
    """
    find = styles_finder(rows)
    charts: dict[ChartKey, _Chart] = {}
    by_style: dict[str, list[ImportRow]] = {}
    doubtful: dict[str, list[ImportRow]] = {}
    above = ""
    for row in rows:
        style = find(row, problems)
        named = row.values["style"]
        above = (named or above).casefold()
        of_style = by_style.setdefault(above, [])
        of_style.append(row)
        if not named or "wash" in row.unread:
            doubtful[above] = of_style
        wash = row.values.get("wash") or Wash.NONE.value
        unit = _unit(row)
        known = str(style.pk) if style else f"{above} {bool(named)}"
        chart = charts.setdefault((known, wash), _Chart(style, wash))
        chart.rows.append(row)
        if "unit" not in row.unread:
            chart.unit = chart.unit or unit
        if "unit" not in row.unread and unit != chart.unit:
            problems.append(row.problem("unit", _("All points of one chart are in the same unit.")))
        else:
            problems += _added(chart, row)
    return charts, list(doubtful.values())


def _added(chart: _Chart, row: ImportRow) -> Iterator[Problem]:
    """Add the row to its point of the chart; a problem where the point has this size already."""
    name = row.values.get("code") or row.values["name_en"] or str(row.number)
    point = chart.points.setdefault(name.casefold(), _Point(row))
    size = row.values["size"]
    former = point.sizes.setdefault(size, row) if size else row
    if former is not row:
        words = _("This point has size %(size)s in row %(row)s already.")
        yield row.problem("size", words % {"size": size, "row": former.number})


def _problems_of(chart: _Chart) -> Iterator[Problem]:
    """What the catalog finds wrong with a chart, at the cells concerned; nothing of cells that are unread."""
    if not chart.unit:
        return
    for row in chart.rows:
        amount = row.values["amount"]
        words = amount_problem(plain(amount), chart.unit, above_zero=True) if amount else ""
        if words and _unit(row) == chart.unit:
            yield row.problem("amount", words)
    try:
        checked_chart(wash=chart.wash, unit=chart.unit, points=chart.listed(), sizes=chart.sizes(), note="")
    except Invalid as problem:
        points = list(chart.points.values())
        for name, words in problem.fields.items():
            parts = name.split(".")
            if len(parts) < 3:
                yield from chart.told(words) if chart.sizes() else ()
                continue
            point, key = points[int(parts[1])], parts[2]
            if key != "spec" and key not in point.row.unread:  # the amounts are told row by row
                yield point.row.problem(key if key in point.row.columns else "tolerance", words)


def _unit(row: ImportRow) -> str:
    return row.values.get("unit") or LengthUnit.CM.value

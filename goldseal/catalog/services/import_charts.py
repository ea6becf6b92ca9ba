"""Measurement charts from a sheet: one row for each point of measure, the sizes as columns or in rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import LengthUnit, Wash
from goldseal.catalog.models import MeasurementChart, Style
from goldseal.catalog.services.charts import checked_chart, save_chart
from goldseal.catalog.services.import_orders import KEEP, styles_finder
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.importing import ImportRow, Prepared, Problem, Progress
from goldseal.kit.sheets.values import plain
from goldseal.kit.words import Words

ChartKey = tuple[UUID, str]


@dataclass(slots=True)
class _Point:
    """One point of measure with the row that named it and the rows of its sizes."""

    row: ImportRow
    sizes: dict[str, ImportRow] = field(default_factory=dict)

    def cells(self, position: int) -> dict[str, Any]:
        """The point as `save_chart` takes it."""
        v = self.row.values
        both = v.get("tolerance") or "0"
        return {
            "code": v.get("code") or str(position),
            "name_en": v["name_en"],
            "name_bn": v.get("name_bn"),
            "how": v.get("how"),
            "critical": v.get("critical"),
            "tol_minus": plain(v.get("tol_minus") or both),
            "tol_plus": plain(v.get("tol_plus") or both),
            "spec": {size: plain(row.values["amount"]) for size, row in self.sizes.items()},
        }


@dataclass(slots=True)
class _Chart:
    """One chart of the sheet."""

    style: Style
    wash: str
    unit: str
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


def prepare_charts(rows: Sequence[ImportRow], existing: str) -> Prepared:
    """Compare rows of points of measure with the charts; a chart is known by its style and wash.

    `existing`: a chart that is there already is a problem (`keep`) or gets the sheet's points (`replace`).
    """
    problems: list[Problem] = []
    charts = _gathered(rows, problems)
    stored = MeasurementChart.objects.filter(style_id__in={style for style, _wash in charts})
    there = set(stored.values_list("style_id", "wash"))
    for key, chart in charts.items():
        if key in there and existing == KEEP:
            problems += chart.told(
                _("This style has a chart already. Choose what should become of charts that are there.")
            )
        problems += _problems_of(chart)

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        for done, chart in enumerate(charts.values(), 1):
            save_chart(
                style_id=chart.style.pk,
                wash=chart.wash,
                unit=chart.unit,
                points=chart.listed(),
                sizes=chart.sizes(),
                actor=actor,
                now=now,
            )
            progress(done * len(rows) // len(charts))
        changed = len(there & charts.keys())
        return {"created": len(charts) - changed, "changed": changed}

    return Prepared(problems, write)


def _gathered(rows: Sequence[ImportRow], problems: list[Problem]) -> dict[ChartKey, _Chart]:
    find = styles_finder(rows)
    charts: dict[ChartKey, _Chart] = {}
    for row in rows:
        style = find(row)
        if isinstance(style, Problem):
            problems.append(style)
            continue
        wash = row.values.get("wash") or Wash.NONE.value
        unit = row.values.get("unit") or LengthUnit.CM.value
        chart = charts.setdefault((style.pk, wash), _Chart(style, wash, unit))
        if unit != chart.unit:
            problems.append(row.problem("unit", _("All points of one chart are in the same unit.")))
            continue
        name = (row.values.get("code") or row.values["name_en"]).casefold()
        point = chart.points.setdefault(name, _Point(row))
        size = row.values["size"]
        former = point.sizes.setdefault(size, row)
        if former is not row:
            words = _("This point has size %(size)s in row %(row)s already.")
            problems.append(row.problem("size", words % {"size": size, "row": former.number}))
    return charts


def _problems_of(chart: _Chart) -> Iterator[Problem]:
    """What the catalog finds wrong with a chart, at the cells concerned."""
    try:
        checked_chart(wash=chart.wash, unit=chart.unit, points=chart.listed(), sizes=chart.sizes(), note="")
    except Invalid as problem:
        points = list(chart.points.values())
        for name, words in problem.fields.items():
            parts = name.split(".", 3)
            if len(parts) < 3:
                yield from chart.told(words)
                continue
            point, key = points[int(parts[1])], parts[2]
            if key == "spec" and len(parts) == 4:
                yield point.sizes[parts[3]].problem("amount", words)
            else:
                yield point.row.problem(key if key in point.row.columns else "tolerance", words)

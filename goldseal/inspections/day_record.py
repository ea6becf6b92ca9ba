"""The record `goldseal.day-sheet/1`: one site and day over all endline checks and rounds, line by line."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from goldseal.catalog.models import Method, Stage
from goldseal.inspections import selectors
from goldseal.inspections.deciding_methods import light_of, rounds_of
from goldseal.inspections.models import Inspection, InspectionEvent, InspectionState
from goldseal.inspections.record_findings import Names, names_of_codes
from goldseal.inspections.record_line import hundred_of, pareto_rows
from goldseal.inspections.rules import endline, roving
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.metrics import dhu, rounded
from goldseal.inspections.rules.state import State
from goldseal.inspections.snapshots import TAKEN_OVER, event_of, state_of
from goldseal.inspections.tallies import bodies_from

TOP = 3


@dataclass(frozen=True, slots=True)
class LineDay:
    """What one stage counted on one line: the inspections, and either taps or visits, with defects by code.

    Stages stand apart, because the same piece passes several of them.
    """

    name: str
    stage: Stage
    inspections: tuple[Inspection, ...]
    tally: endline.Tally
    visits: Counter[str]
    codes: Counter[str]

    @property
    def head(self) -> dict[str, Any]:
        """What every row of the sheet begins with."""
        return {
            "line": self.name,
            "stage": self.stage.code,
            "stage_name_en": self.stage.name_en,
            "stage_name_bn": self.stage.name_bn,
            "styles": list(dict.fromkeys(f"{i.style.code} {i.style.name}".strip() for i in self.inspections)),
            "inspections": [inspection.code for inspection in self.inspections],
            "running": any(i.state != InspectionState.DECIDED for i in self.inspections),
        }


def inspections_of_day(site_id: UUID, day: date) -> list[Inspection]:
    """Begun endline checks and rounds of a site's lines on a day, line by line; those taken over apart."""
    found = selectors.inspections().filter(
        Q(line__site_id=site_id) | Q(line__isnull=True, order__site_id=site_id),
        method__in=[Method.ENDLINE, Method.ROVING],
        planned_on=day,
        state__in=[InspectionState.IN_PROGRESS, InspectionState.DECIDED],
    )
    return list(found.exclude(TAKEN_OVER).prefetch_related("tallies").order_by("line__code", "number"))


def day_parts(site_id: UUID, day: date) -> dict[str, Any]:
    """The parts of the sheet that hold figures: hundred per cent checks, rounds and the Pareto over both."""
    by_line: defaultdict[tuple[str, str, Stage], list[Inspection]] = defaultdict(list)
    rows = inspections_of_day(site_id, day)
    states = _states(rows)
    for inspection in sorted(rows, key=lambda row: (row.line.code if row.line else "", row.stage.position)):
        line = f"{inspection.line.code} {inspection.line.name}".strip() if inspection.line else "–"
        by_line[inspection.method, line, inspection.stage].append(inspection)
    days = {
        method: [
            _line(name, stage, of_line, states)
            for (of, name, stage), of_line in by_line.items()
            if of == method
        ]
        for method in (Method.ENDLINE, Method.ROVING)
    }
    codes = sum((line.codes for lines in days.values() for line in lines), Counter[str]())
    names = names_of_codes(codes)
    parts: dict[str, Any] = {"pareto": pareto_rows(codes, names)}
    if days[Method.ENDLINE]:
        parts["hundred"] = _hundred(days[Method.ENDLINE], names)
    if days[Method.ROVING]:
        parts["rounds"] = _rounds(days[Method.ROVING], names)
    return parts


def _states(inspections: Sequence[Inspection]) -> dict[UUID, State]:
    """What is recorded, in one query; a running day of taps is read from its counts instead."""
    read = [
        inspection
        for inspection in inspections
        if inspection.method == Method.ROVING or inspection.state == InspectionState.DECIDED
    ]
    events: defaultdict[UUID, list[Event]] = defaultdict(list)
    for row in InspectionEvent.objects.filter(inspection__in=read).order_by("event_id"):
        events[row.inspection_id].append(event_of(row))
    return {inspection.pk: state_of(inspection, events[inspection.pk]) for inspection in read}


def _line(
    name: str, stage: Stage, inspections: Sequence[Inspection], states: Mapping[UUID, State]
) -> LineDay:
    taps: list[endline.Tally] = []
    visits: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for inspection in inspections:
        state = states.get(inspection.pk)
        if inspection.method == Method.ENDLINE:
            bodies = state.values("pieces_tallied") if state else bodies_from(inspection.tallies.all())
            tally = endline.merge(tallies=(endline.tally_of(body=body) for body in bodies))
            taps.append(tally)
            for (code, _zone), count in tally.defects.items():
                codes[code] += count
        elif state:
            visits += _visits(light_of(inspection), state, codes)
    return LineDay(name, stage, tuple(inspections), endline.merge(tallies=taps), visits, codes)


def _visits(light: roving.Light, state: State, codes: Counter[str]) -> Counter[str]:
    """Visits, pieces, defects and lights of one inspection's rounds; adds its defects to `codes`."""
    found: Counter[str] = Counter()
    for visit in rounds_of(state):
        found["visits"] += 1
        found["pieces"] += int(visit["pieces"])
        found["defects"] += roving.defects_in(visit)
        found[roving.colour_of(check=visit, light=light)] += 1
        for defect in visit["defects"]:
            codes[defect["code"]] += int(defect.get("count", 1))
    return found


def _hundred(lines: Sequence[LineDay], names: Names) -> dict[str, Any]:
    total = endline.merge(tallies=(line.tally for line in lines))
    return {
        "lines": [
            {
                **line.head,
                "counts": hundred_of(line.tally),
                "open_alters": line.tally.open_alters,
                "top": _top(line.codes, names),
            }
            for line in lines
        ],
        "total": hundred_of(total),
        "open_alters": total.open_alters,
    }


def _rounds(lines: Sequence[LineDay], names: Names) -> dict[str, Any]:
    total = sum((line.visits for line in lines), Counter[str]())
    return {
        "lines": [
            {**line.head, "counts": _counted(line.visits), "top": _top(line.codes, names)} for line in lines
        ],
        "total": _counted(total),
    }


def _counted(visits: Counter[str]) -> dict[str, Any]:
    """DHU from summed counts, none where no piece was looked at (DOMAIN §6)."""
    rate = dhu(defects=visits["defects"], checked=visits["pieces"]) if visits["pieces"] else None
    counts = {name: visits[name] for name in ("visits", "pieces", "defects", *roving.COLOURS)}
    return counts if rate is None else {**counts, "dhu": str(rounded(rate))}


def _top(codes: Counter[str], names: Names) -> list[dict[str, Any]]:
    return [
        {key: row[key] for key in ("code", "name_en", "name_bn", "count")}
        for row in pareto_rows(codes, names)[:TOP]
    ]

"""What a device is told of former inspections: the defects often found on a style, who worked where on a line."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from goldseal.catalog.models import Method
from goldseal.inspections.line_selectors import ROUND
from goldseal.inspections.models import HourTally, Inspection, InspectionEvent
from goldseal.inspections.tallies import COUNTS

OFTEN_MOST = 9
LATELY = 3
PAIRS_MOST = 60
EVENTS_MOST = 5000
# What each method records of a defect; a line's taps are counted by the hour instead.
FOUND = ("defect_recorded", "flaw_recorded", ROUND)
LISTED = (Method.AQL, Method.ROVING, Method.FOUR_POINT)
Kind = tuple[UUID, str]  # style and method


@dataclass(frozen=True, slots=True)
class Before:
    """Codes by style and method, most frequent first; of each roving line the former inspections, newest first."""

    often: dict[Kind, list[str]]
    visited: dict[tuple[UUID, UUID | None], list[tuple[UUID, list[dict[str, str]]]]]

    def often_on(self, row: Inspection) -> list[str]:
        """The defect codes often found on its style by its method."""
        return self.often.get((row.style_id, row.method), [])

    def places_of(self, row: Inspection) -> list[dict[str, str]]:
        """Operator, operation and machine as the line's rounds before this one had them."""
        former = self.visited.get((row.stage_id, row.line_id), [])
        return next((places for pk, places in former if pk < row.pk), [])


def before(rows: Iterable[Inspection]) -> Before:
    """What is known for these inspections, in three queries however many they are."""
    wanted = list(rows)
    former = _former(wanted)
    bodies: dict[UUID, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    found = InspectionEvent.objects.filter(inspection_id__in=[row.pk for row in former], kind__in=FOUND)
    # The newest first, so that what is cut off on a very busy day is the oldest.
    for pk, kind, body in found.order_by("-pk").values_list("inspection_id", "kind", "body")[:EVENTS_MOST]:
        bodies[pk].append((kind, body))
    counts: dict[Kind, Counter[str]] = defaultdict(Counter)
    visited: dict[tuple[UUID, UUID | None], list[tuple[UUID, list[dict[str, str]]]]] = defaultdict(list)
    for row in sorted(former, key=lambda one: one.pk, reverse=True):
        for kind, body in bodies[row.pk]:
            counts[row.style_id, row.method].update(_codes(kind, body))
        if row.method == Method.ROVING:
            visited[row.stage_id, row.line_id].append((row.pk, _visits(bodies[row.pk])))
    often = {kind: [code for code, _n in counter.most_common(OFTEN_MOST)] for kind, counter in counts.items()}
    return Before(often | _tapped(wanted), visited)


def _former(rows: list[Inspection]) -> list[Inspection]:
    """Of each style and method, and of each roving line, the inspections recorded last."""
    kinds = {(row.style_id, row.method) for row in rows if row.method in LISTED}
    lines = {(row.stage_id, row.line_id) for row in rows if row.method == Method.ROVING}
    asked = [_latest(Q(style_id=style, method=method)) for style, method in sorted(kinds)[:PAIRS_MOST]]
    asked += [_latest(Q(stage_id=stage, line_id=line)) for stage, line in list(lines)[:PAIRS_MOST]]
    if not asked:
        return []
    union = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    return list({row.pk: row for row in union}.values())


def _latest(which: Q) -> QuerySet[Inspection]:
    rows = Inspection.objects.filter(which, started_at__isnull=False).order_by("-pk")
    return rows.only("id", "style_id", "method", "stage_id", "line_id")[:LATELY]


def _codes(kind: str, body: dict[str, Any]) -> Counter[str]:
    if kind == ROUND:
        codes: Counter[str] = Counter()
        for defect in body.get("defects", ()):
            codes[defect["code"]] += int(defect.get("count", 1))
        return codes
    return Counter([body["code"]])


def _visits(found: list[tuple[str, dict[str, Any]]]) -> list[dict[str, str]]:
    """Each operator at each operation once, in the order of the first visit, with the machine of the last."""
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for kind, body in reversed(found):
        if kind == ROUND:
            place = {name: body.get(name, "") for name in ("operator", "operation", "machine")}
            seen[body["operator"], body["operation"]] = place
    return list(seen.values())


def _tapped(rows: list[Inspection]) -> dict[Kind, list[str]]:
    """What is tapped most at the end of the line, by style: from the counts by hour."""
    styles = {row.style_id for row in rows if row.method == Method.ENDLINE}
    if not styles:
        return {}
    counted = HourTally.objects.filter(inspection__style_id__in=styles).exclude(what__in=COUNTS)
    summed = counted.values("inspection__style_id", "what").annotate(found=Sum("count")).filter(found__gt=0)
    often: dict[Kind, list[str]] = defaultdict(list)
    for row in summed.order_by("-found", "what"):
        codes = often[row["inspection__style_id"], Method.ENDLINE]
        if len(codes) < OFTEN_MOST:
            codes.append(row["what"])
    return dict(often)

"""Counting a hundred-per-cent check as it happens: events added to the hour's counts, never recounted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from goldseal.inspections.models import HourTally, Inspection, InspectionEvent
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.state import WITHDRAWN
from goldseal.inspections.snapshots import event_of

TALLIED = "pieces_tallied"
ENDING = (TALLIED, WITHDRAWN)  # what may end a tap, as in `rules.state`
COUNTS = ("passed", "altered", "rejected", "recheck_passed", "recheck_rejected")
Key = tuple[int, str, str]  # hour, what, zone


def related_events(inspection: Inspection, batch: Sequence[Event]) -> list[Event]:
    """What is stored that this batch may repeat or concern: the same ids, those it ends, and withdrawals."""
    named = {event.id for event in batch} | {one for event in batch for one in event.supersedes}
    rows = InspectionEvent.objects.filter(inspection=inspection)
    # Two index scans; with OR between them the day's taps would all be read.
    found = rows.filter(event_id__in=named).union(rows.exclude(supersedes=[]), all=True)
    return list({row.event_id: event_of(row) for row in found}.values())


def add_up(inspection: Inspection, *, stored: Sequence[Event], fresh: Iterable[Event]) -> None:
    """Bring the hours' counts up to date with new events, in whatever order they came.

    A tally counts unless it was withdrawn or replaced; a withdrawal takes away what it names once.
    """
    new = list(fresh)
    known = {event.id: event for event in [*stored, *new]}
    ended_before = {one for event in stored if event.kind in ENDING for one in event.supersedes}
    stored_ids = {event.id for event in stored}
    delta: Counter[Key] = Counter()
    ended_now: set[str] = set()
    for event in new:
        if event.kind in ENDING:
            ended_now.update(event.supersedes)
    for event in new:
        if event.kind == TALLIED and event.id not in ended_before | ended_now:
            delta.update(counts_of(event.body))
    for one in ended_now - ended_before:
        target = known.get(one)
        if target is not None and target.kind == TALLIED and one in stored_ids:
            delta.subtract(counts_of(target.body))
    _upsert(inspection, {key: count for key, count in delta.items() if count})


def counts_of(body: Mapping[str, Any]) -> Counter[Key]:
    """One tap as counts by hour, kind and zone."""
    hour = int(body["hour"])
    found: Counter[Key] = Counter({(hour, name, ""): int(body.get(name, 0)) for name in COUNTS})
    for defect in body.get("defects", ()):
        found[hour, str(defect["code"]), str(defect.get("zone", ""))] += int(defect.get("count", 1))
    return found


def bodies_from(rows: Iterable[HourTally]) -> list[dict[str, Any]]:
    """The counts as the rules read them: one body per hour."""
    hours: dict[int, dict[str, Any]] = {}
    for row in rows:
        body = hours.setdefault(row.hour, {"hour": row.hour, "defects": []})
        if row.what in COUNTS:
            body[row.what] = row.count
        elif row.count:
            body["defects"].append({"code": row.what, "zone": row.zone, "count": row.count})
    return list(hours.values())


def _upsert(inspection: Inspection, delta: Mapping[Key, int]) -> None:
    if not delta:
        return
    hours, whats, zones = zip(*delta, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inspections_hourtally (id, workspace_id, inspection_id, hour, what, zone, count) "
            "SELECT gen_random_uuid(), %s, %s, t.* FROM unnest(%s::smallint[], %s::text[], %s::text[], %s::bigint[]) t "
            "ON CONFLICT (workspace_id, inspection_id, hour, what, zone) "
            "DO UPDATE SET count = inspections_hourtally.count + excluded.count",
            [
                inspection.workspace_id,
                inspection.pk,
                list(hours),
                list(whats),
                list(zones),
                list(delta.values()),
            ],
        )


def rebuilt(events: Iterable[Event]) -> Counter[Key]:
    """The counts from the events alone; they must equal what is kept."""
    everything = list(events)
    ended = {one for event in everything if event.kind in ENDING for one in event.supersedes}
    total: Counter[Key] = Counter()
    for event in everything:
        if event.kind == TALLIED and event.id not in ended:
            total.update(counts_of(event.body))
    return Counter({key: count for key, count in total.items() if count})

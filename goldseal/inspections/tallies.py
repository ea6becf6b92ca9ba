"""Counting a hundred-per-cent check as it happens: events added to the hour's counts, never recounted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from goldseal.inspections.models import HourTally, Inspection, InspectionEvent, InspectionState
from goldseal.inspections.rules import endline
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.state import WITHDRAWN
from goldseal.inspections.snapshots import event_of
from goldseal.kit.errors import Invalid

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
    _upsert(inspection, {key: count for key, count in change_of(stored, fresh).items() if count})


def change_of(stored: Sequence[Event], fresh: Iterable[Event]) -> Counter[Key]:
    """What new events add to the hours' counts, and what they take away."""
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
    return delta


def refuse_rechecks_beyond(
    inspection: Inspection, *, batch: Sequence[Event], stored: Sequence[Event], fresh: Mapping[str, Event]
) -> None:
    """Invalid at a recheck for which no altered piece is open; call with the inspection locked.

    The person who taps has the piece in hand and can be told, so the tap is refused. The lock makes the second
    of two devices that tap at once see what the first has counted.

    Not for taps that waited on a device for a connection (`is_late`): the piece is long back on the line, and
    the alter may still wait on the other device, so a refusal would lose what happened or hang on the order of
    arrival. They are counted as they come. Where more pieces are back than were altered in the end, the day
    is pending (`rules.endline`) and its page says so until an hour is corrected or the alter arrives.
    """
    places = [
        (place, name)
        for place, event in enumerate(batch)
        if event.id in fresh and event.kind == TALLIED
        for name in endline.RECHECKS
        if event.body.get(name)
    ]
    if not places or inspection.state == InspectionState.DECIDED:
        return
    rows = HourTally.objects.filter(inspection=inspection, what__in=("altered", *endline.RECHECKS))
    now = Counter(dict.fromkeys(("altered", *endline.RECHECKS), 0))
    for what, count in rows.values_list("what", "count"):
        now[what] += count
    change = Counter[str]()
    for (_hour, what, _zone), count in change_of(stored, fresh.values()).items():
        change[what] += count
    if endline.is_beyond_open(before=endline.open_in(now), change=endline.open_in(change)):
        words = _(
            "No altered piece is open: %(altered)s altered, %(back)s back already. Tap the alter first. "
            "Taps of a device without a connection are counted when they arrive."
        )
        back = sum(now[name] for name in endline.RECHECKS)
        told = words % {"altered": now["altered"], "back": back}
        raise Invalid(fields={f"events[{place}].body.{name}": told for place, name in places})


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

"""What was recorded so far, as a device takes it down: whole, but of a line's taps by others only the latest."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from goldseal.catalog.models import Method
from goldseal.inspections.models import HourTally, Inspection, InspectionEvent
from goldseal.inspections.rules.state import SIGNED
from goldseal.inspections.tallies import ENDING, TALLIED, Key, bodies_from, counts_of

TAPS_MOST = 2000
COLUMNS = ("inspection_id", "event_id", "kind", "at", "by", "device", "body", "supersedes")
Events = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Events in order of id; `left_out` is how many taps are not among them and their sums by the hour.

    The sums are spelled as taps are, one for each hour, so that a device adds them up with those it has. What
    the device itself has sent is never left out: it holds those already and would count them twice.
    """

    events: Events = field(default_factory=list)
    left_out: dict[str, Any] | None = None


def recorded_in(rows: Iterable[Inspection], device_id: UUID | None) -> Mapping[UUID, Recorded]:
    """For each of these inspections what the device is to have; three queries at most."""
    running = list(rows)
    own = f"floor:{str(device_id)[:8]}:"
    long = _long([row.pk for row in running if row.method == Method.ENDLINE], own)
    wanted = Q(inspection_id__in=[row.pk for row in running if row.pk not in long])
    for pk, (_count, since) in long.items():
        kept = Q(event_id__gt=since) | ~Q(kind=TALLIED) | ~Q(supersedes=[]) | Q(device__startswith=own)
        wanted |= Q(inspection_id=pk) & kept
    found: dict[UUID, Events] = defaultdict(list)
    stored = InspectionEvent.objects.filter(wanted).order_by("inspection_id", "event_id")
    for pk, event_id, *rest in stored.values_list(*COLUMNS).iterator(chunk_size=5000):
        found[pk].append({"id": event_id, **dict(zip(COLUMNS[2:], rest, strict=True))})
    sums = _sums(list(long))
    return {
        row.pk: Recorded(
            found[row.pk],
            _left_out(long[row.pk][0], found[row.pk], sums[row.pk]) if row.pk in long else None,
        )
        for row in running
    }


def _long(keys: list[UUID], own: str) -> dict[UUID, tuple[int, UUID]]:
    """Lines with more taps by others than a device needs: how many events, and the newest tap left out.

    A signed line stays whole, as it was signed.
    """
    if not keys:
        return {}
    of_line = InspectionEvent.objects.filter(inspection=OuterRef("pk"))
    by_others = of_line.filter(kind=TALLIED).exclude(device__startswith=own).order_by("-event_id")
    counted = of_line.order_by().values("inspection").annotate(count=Count("pk")).values("count")
    rows = (
        Inspection.objects.filter(pk__in=keys)
        .exclude(Exists(of_line.filter(kind=SIGNED)))
        .annotate(since=Subquery(by_others.values("event_id")[TAPS_MOST : TAPS_MOST + 1]))
        .filter(since__isnull=False)
        .annotate(recorded=Subquery(counted))
    )
    return {pk: (count, since) for pk, count, since in rows.values_list("pk", "recorded", "since")}


def _sums(keys: list[UUID]) -> dict[UUID, Counter[Key]]:
    """All that counts in these inspections by hour, kind and zone, as it is kept with every tap."""
    sums: dict[UUID, Counter[Key]] = defaultdict(Counter)
    if keys:
        for row in HourTally.objects.filter(inspection_id__in=keys):
            sums[row.inspection_id][row.hour, row.what, row.zone] += row.count
    return sums


def _left_out(count: int, events: Events, sums: Counter[Key]) -> dict[str, Any]:
    """The taps that are not among the events: what counts in all, less what counts of those that are."""
    ended = {one for event in events if event["kind"] in ENDING for one in event["supersedes"]}
    left = Counter(sums)
    for event in events:
        if event["kind"] == TALLIED and str(event["id"]) not in ended:
            left.subtract(counts_of(event["body"]))
    rows = [
        HourTally(hour=hour, what=what, zone=zone, count=n)
        for (hour, what, zone), n in sorted(left.items())
        if n
    ]
    return {"events": count - len(events), "bodies": bodies_from(rows)}

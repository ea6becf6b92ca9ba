"""What the pages of a running line read: its hours, its last taps, what is often found on it, today's rounds."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from goldseal.catalog.models import Method
from goldseal.inspections.models import HourTally, Inspection, InspectionEvent, InspectionState
from goldseal.inspections.rules.events import Event
from goldseal.inspections.snapshots import event_of
from goldseal.inspections.tallies import COUNTS, TALLIED

ROUND = "operator_checked"
RECENT = 300
LATELY = 5
TAPS_LOOKED_AT = 60


def hours_counted(inspection: Inspection) -> list[HourTally]:
    """The counts by hour as they are kept."""
    return list(HourTally.objects.filter(inspection=inspection))


def often_counted(style_id: UUID, most: int = 9) -> list[str]:
    """The defect codes most often counted at the end of the line on this style, most frequent first."""
    rows = HourTally.objects.filter(inspection__style_id=style_id).exclude(what__in=COUNTS)
    found = rows.values("what").annotate(found=Sum("count")).filter(found__gt=0).order_by("-found", "what")
    return list(found.values_list("what", flat=True)[:most])


def often_in_rounds(style_id: UUID, most: int = 9) -> list[str]:
    """The defect codes most often found in rounds on this style lately, most frequent first."""
    rounds = Inspection.objects.filter(style_id=style_id, method=Method.ROVING).order_by("-pk")[:LATELY]
    recent = InspectionEvent.objects.filter(inspection__in=rounds.values("pk"), kind=ROUND).order_by("-pk")
    codes: Counter[str] = Counter()
    for body in recent.values_list("body", flat=True)[:RECENT]:
        for defect in body.get("defects", ()):
            codes[defect["code"]] += int(defect.get("count", 1))
    return [code for code, _count in codes.most_common(most)]


def last_taps(inspection: Inspection, person_id: UUID | None, most: int = 5) -> list[Event]:
    """The person's latest taps that still count, the newest first."""
    taps = InspectionEvent.objects.filter(inspection=inspection, kind=TALLIED, by=str(person_id))
    newest = list(taps.order_by("-event_id")[:TAPS_LOOKED_AT])
    ending = InspectionEvent.objects.filter(inspection=inspection).exclude(supersedes=[])
    ended = {one for named in ending.values_list("supersedes", flat=True) for one in named}
    return [event_of(row) for row in newest if str(row.event_id) not in ended][:most]


def places_before(inspection: Inspection) -> list[Mapping[str, str]]:
    """Operator, operation and machine as the line's rounds before this inspection had them."""
    before = _before(inspection).filter(Q(line_id=inspection.line_id)).first()
    if before is None:
        return []
    rounds = InspectionEvent.objects.filter(inspection=before, kind=ROUND).order_by("pk")
    seen: dict[tuple[str, str], Mapping[str, str]] = {}
    for body in rounds.values_list("body", flat=True)[:RECENT]:
        seen[body["operator"], body["operation"]] = {
            name: body.get(name, "") for name in ("operator", "operation", "machine")
        }
    return list(seen.values())


def machines_before(inspection: Inspection) -> list[str]:
    """The detectors named in the metal detection before this one."""
    before = _before(inspection).first()
    if before is None:
        return []
    kinds = ("calibration_recorded", "pieces_scanned")
    bodies = InspectionEvent.objects.filter(inspection=before, kind__in=kinds).values_list("body", flat=True)
    return sorted({body["machine"] for body in bodies[:RECENT]})


def _before(inspection: Inspection) -> QuerySet[Inspection]:
    """Inspections of the same stage that were recorded before, the newest first."""
    same = Inspection.objects.filter(stage_id=inspection.stage_id, pk__lt=inspection.pk)
    return same.filter(started_at__isnull=False).order_by("-pk")


def rounds_on(day: date) -> list[tuple[Inspection, list[Event]]]:
    """The roving inspections of a day that are not cancelled, line by line, with what is recorded."""
    running = list(
        Inspection.objects.filter(method=Method.ROVING, planned_on=day)
        .exclude(state=InspectionState.CANCELLED)
        .select_related("stage", "style", "line")
        .order_by("line__code", "number")
    )
    events: defaultdict[UUID, list[Event]] = defaultdict(list)
    for row in InspectionEvent.objects.filter(inspection__in=running).order_by("event_id"):
        events[row.inspection_id].append(event_of(row))
    return [(inspection, events[inspection.pk]) for inspection in running]

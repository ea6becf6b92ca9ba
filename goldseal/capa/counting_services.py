"""Counting what decided inspections found, once each: pieces and defects by operation and shift."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from goldseal.capa.models import DefectCount, InspectionCount
from goldseal.capa.rules.figures import shift_of
from goldseal.capa.selectors import open_workspace
from goldseal.catalog.models import Method
from goldseal.inspections.models import HourTally, Inspection, InspectionState
from goldseal.inspections.rules.roving import Light, colour_of
from goldseal.inspections.rules.state import State
from goldseal.inspections.selectors import events_of, inspection_or_missing
from goldseal.inspections.snapshots import is_taken_over, state_of

CHECKED = ("passed", "altered", "rejected")
NOT_CODES = (*CHECKED, "recheck_passed", "recheck_rejected")
MOST_AT_ONCE = 500
# The methods of which single pieces are counted; others give no rate per 100 pieces.
COUNTS_PIECES = (Method.AQL, Method.ENDLINE, Method.ROVING)


@dataclass(slots=True)
class Found:
    """What one place (operation, shift) of an inspection gave: pieces, and defects by (code, severity)."""

    pieces: int = 0
    defects: Counter[tuple[str, str]] = field(default_factory=Counter)


Places = Mapping[tuple[str, str], Found]


def findings_of(inspection: Inspection, zone: str) -> Places:
    """Pieces and defects of an inspection by (operation, shift); severity "" where the method records none.

    An inspection taken over from a sheet has no codes on record, so its pieces count for nothing either.
    """
    places: defaultdict[tuple[str, str], Found] = defaultdict(Found)
    decided = inspection.decided_at or inspection.created_at
    shift = shift_of(decided.astimezone(ZoneInfo(zone)).hour)
    if is_taken_over(inspection):
        return {("", shift): Found()}
    if inspection.method == Method.ENDLINE:
        for row in HourTally.objects.filter(inspection=inspection).exclude(count=0):
            place = places["", shift_of(row.hour)]
            if row.what in CHECKED:
                place.pieces += row.count
            elif row.what not in NOT_CODES:
                place.defects[row.what, ""] += row.count
        return places or {("", shift): Found()}
    state = state_of(inspection, events_of(inspection))
    if inspection.method == Method.ROVING:
        _rounds(state, zone, places)
        return places or {("", shift): Found()}
    place = places["", shift]
    place.pieces = _sampled(inspection, state) if inspection.method == Method.AQL else 0
    for body in state.values("defect_recorded"):
        place.defects[body["code"], body["severity"]] += int(body["pieces"])
    for body in state.values("flaw_recorded"):
        place.defects[body["code"], ""] += 1
    return places


def _sampled(inspection: Inspection, state: State) -> int:
    """The pieces of the sample; of both samples where double sampling took a second one."""
    if state.value("second_sample_started") is None:
        return inspection.sample_size
    doubles = inspection.plan.get("doubles", {}).values()
    return inspection.sample_size + max((int(double["n2"]) for double in doubles), default=0)


def _rounds(state: State, zone: str, places: defaultdict[tuple[str, str], Found]) -> None:
    for entry in state.of_kind("operator_checked"):
        body = entry.value
        if body is None:
            continue
        at = datetime.fromisoformat(entry.heads[0].at).astimezone(ZoneInfo(zone))
        place = places[str(body["operation"])[:80], shift_of(at.hour)]
        place.pieces += int(body["pieces"])
        for defect in body.get("defects", ()):
            place.defects[defect["code"], defect.get("severity", "")] += int(defect.get("count", 1))


def red_lights(inspection: Inspection) -> int:
    """How many visits of a roving inspection were red."""
    if inspection.method != Method.ROVING or is_taken_over(inspection):
        return 0
    kept = inspection.rules.get("stage") or {}
    light = Light(**{name: kept[name] for name in ("sample_n", "yellow_at", "red_at") if kept.get(name)})
    state = state_of(inspection, events_of(inspection))
    return sum(colour_of(check=body, light=light) == "red" for body in state.values("operator_checked"))


def count_inspection(*, inspection_id: UUID, now: datetime) -> list[InspectionCount]:
    """Count a decided inspection anew and keep the counts. May be repeated: the record does not change."""
    inspection = inspection_or_missing(inspection_id)
    if inspection.state != InspectionState.DECIDED:
        return []
    zone = open_workspace().time_zone
    InspectionCount.objects.filter(inspection=inspection).delete()
    rows, defects = [], []
    for (operation, shift), found in findings_of(inspection, zone).items():
        row = InspectionCount(
            workspace_id=inspection.workspace_id,
            inspection=inspection,
            counted_on=(inspection.decided_at or now).astimezone(ZoneInfo(zone)).date(),
            operation=operation,
            shift=shift,
            pieces=found.pieces,
            stage_id=inspection.stage_id,
            line_id=inspection.line_id,
            buyer_id=inspection.buyer_id,
            style_id=inspection.style_id,
        )
        rows.append(row)
        codes: Counter[str] = Counter()
        for (code, _severity), count in found.defects.items():
            codes[code] += count
        defects += [
            DefectCount(workspace_id=inspection.workspace_id, count=row, code=code, found=count)
            for code, count in codes.items()
            if count > 0
        ]
    InspectionCount.objects.bulk_create(rows)
    DefectCount.objects.bulk_create(defects)
    return rows


def uncounted(most: int = MOST_AT_ONCE) -> list[UUID]:
    """Decided inspections that were not counted yet, the oldest first."""
    counted = InspectionCount.objects.filter(inspection=OuterRef("pk"))
    rows = Inspection.objects.filter(state=InspectionState.DECIDED).exclude(Exists(counted)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:most])

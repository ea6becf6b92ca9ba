"""What inspections can put on paper: the inspection report of every method, and the sheet of a day over all lines."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from goldseal.inspections import audit_reports as audit_reports  # declares its own kind
from goldseal.inspections import day_services, selectors
from goldseal.inspections.day_record import day_parts
from goldseal.inspections.models import DaySheet, Inspection, InspectionEvent, InspectionState
from goldseal.inspections.record import inspection_record
from goldseal.inspections.report_photos import print_photos
from goldseal.inspections.snapshots import IMPORTED, is_taken_over
from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.reporting import BuiltRecord, ReportContext, ReportKind, ReportSubject, declare_report_kind
from goldseal.kit.wording import digits_when_read, number_when_read
from goldseal.kit.words import Words
from goldseal.reports.models import Report
from goldseal.workspaces.models import DeviceHolder
from goldseal.workspaces.selectors import workspace_by_id

KIND = "inspection"
TEMPLATES = Path(__file__).parent / "typst"
TEMPLATE = TEMPLATES / "final_inspection.typ"


def find(pk: UUID) -> ReportSubject:
    """The inspection; Conflict while it is not decided."""
    inspection = selectors.inspection_or_missing(pk)
    if inspection.state != InspectionState.DECIDED:
        raise Conflict(_("Sign and submit the inspection first; then it can be reported."))
    if is_taken_over(inspection):
        raise Conflict(_("This inspection was taken over from a sheet; there is no record to report."))
    return ReportSubject(
        title=f"{inspection.code} · {inspection.style.code} · {inspection.order.po_number}",
        compartment_id=inspection.buyer_id,
        path=inspection.get_absolute_url(),
    )


def waiting(most: int) -> list[UUID]:
    """Decided inspections without a report, oldest first."""
    reported = Report.objects.filter(kind=KIND, subject_id=OuterRef("pk"))
    rows = Inspection.objects.filter(~Exists(reported), state=InspectionState.DECIDED)
    own = rows.exclude(header__has_key=IMPORTED)
    return list(own.order_by("decided_at", "pk").values_list("pk", flat=True)[:most])


def build(pk: UUID, context: ReportContext) -> BuiltRecord:
    """The record with the photos in print size."""
    inspection = selectors.inspection_or_missing(pk)
    workspace = workspace_by_id(inspection.workspace_id)
    if workspace is None:
        raise NotFound
    data = inspection_record(inspection, workspace)
    evidence = selectors.evidence_of(inspection).values()
    photos = print_photos({row.attachment.sha256: row.attachment for row in evidence}, data["photos"])
    facts = _facts(data)
    holders = unsent_of(inspection)
    if holders:
        facts["photos"] = _unsent_fact(facts["photos"], holders)
    return BuiltRecord(data=data, photos=photos, facts=facts)


# What a reviewer counts by, for each method's part: its name in the record and the figures that say it.
_FIGURES: Mapping[str, Sequence[tuple[str, str]]] = {
    "roving": (("pieces", "pieces"), ("defects", "defects"), ("dhu", "DHU")),
    "four_point": (("points", "points"), ("per_100_yd2", "per 100 yd²"), ("accepted", "rolls accepted")),
    "metal": (("lot", "lot"), ("scanned_total", "scanned"), ("to_rerun", "to run again")),
    "packing": (("opened", "cartons opened"), ("needed", "needed")),
    "checklist": (("asked", "asked"), ("answered", "answered"), ("failing", "failing")),
}


def _facts(data: Mapping[str, Any]) -> dict[str, Words]:
    """A sentence beside each tick of the check before sharing."""
    counts = [f"{c['severity']} {c['counted']} (Ac {c['accept']})" for c in data["counts"]]
    if "endline" in data:
        total = data["endline"]["total"]
        counts = [
            f"{total['checked']} checked",
            f"{total['defects']} defects",
            f"DHU {total.get('dhu', '–')}",
        ]
    for part, figures in _FIGURES.items():
        if part in data:
            counts = [f"{data[part].get(name, '–')} {words}" for name, words in figures]
    measured = data.get("measurement")
    return {
        "counts": ", ".join(counts) or "–",
        "photos": number_when_read(len(data["photos"])),
        "measurements": f"{measured['out_of_tolerance']} / {measured['measured']}" if measured else "–",
        "aql_result": data["verdict"]["overall"],
    }


def unsent_of(inspection: Inspection) -> list[DeviceHolder]:
    """The devices of those who recorded here that said they still hold photos or records, with their holders."""
    people = InspectionEvent.objects.filter(inspection=inspection).values("received_by_id").distinct()
    holders = (
        DeviceHolder.objects.filter(user_id__in=people, device__revoked_at__isnull=True)
        .filter(Q(device__photos_waiting__gt=0) | Q(device__events_waiting__gt=0))
        .select_related("device", "user")
        .order_by("device__name", "user__name")
    )
    return list(holders[:10])


def _unsent_fact(photos: Words, holders: Sequence[DeviceHolder]) -> Words:
    """What is said of the photos while some are still on a device: which device, whose, how many."""
    said = photos
    for index, one in enumerate(holders):
        waits = format_lazy(
            _("{device} ({person}): {photos} photos, {records} records"),
            device=one.device.name,
            person=one.user.display_name,
            photos=number_when_read(one.device.photos_waiting),
            records=number_when_read(one.device.events_waiting),
        )
        said = (
            format_lazy("{}; {}", said, waits)
            if index
            else format_lazy(_("{}; not sent yet: {}"), said, waits)
        )
    return said


def find_day(pk: UUID) -> ReportSubject:
    """A site's day; nobody's compartment, because several buyers' goods run on its lines."""
    sheet = _sheet(pk)
    return ReportSubject(
        title=f"{sheet.site.name} · {sheet.day.isoformat()}",
        path=f"inspections/day/?site={sheet.site_id}&day={sheet.day.isoformat()}",
    )


def build_day(pk: UUID, context: ReportContext) -> BuiltRecord:
    """The day as it stands: submitted lines from their records, running ones from their counts."""
    sheet = _sheet(pk)
    parts = day_parts(sheet.site_id, sheet.day)
    data = {
        "schema": "goldseal.day-sheet/1",
        "report": {"type": "day_sheet"},
        "header": {"site": sheet.site.name, "day": sheet.day.isoformat()},
        "signatures": [],
        **parts,
    }
    hundred = (parts.get("hundred") or {}).get("total", {})
    rounds = (parts.get("rounds") or {}).get("total", {})
    checked = hundred.get("checked", 0) + rounds.get("pieces", 0)
    counts = format_lazy(
        _("{pieces} pieces, {defects} defects"),
        pieces=number_when_read(checked),
        defects=number_when_read(hundred.get("defects", 0) + rounds.get("defects", 0)),
    )
    return BuiltRecord(
        data=data,
        facts={
            "counts": counts,
            "photos": "–",
            "measurements": "–",
            "aql_result": digits_when_read(hundred.get("dhu") or "–"),
        },
    )


def _sheet(pk: UUID) -> DaySheet:
    sheet = DaySheet.objects.select_related("site").filter(pk=pk).first()
    if sheet is None:
        raise NotFound
    return sheet


declare_report_kind(
    ReportKind(
        code=day_services.KIND,
        label=_("Line-wise day sheet"),
        template=TEMPLATES / "day_sheet.typ",
        find=find_day,
        build=build_day,
    )
)
declare_report_kind(
    ReportKind(
        code=KIND, label=_("Inspection report"), template=TEMPLATE, find=find, build=build, waiting=waiting
    )
)

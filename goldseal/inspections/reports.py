"""What inspections can put on paper: the inspection report."""

from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.files.rules.links import Variant
from goldseal.files.selectors import open_content
from goldseal.inspections import selectors
from goldseal.inspections.models import InspectionState
from goldseal.inspections.record import inspection_record
from goldseal.inspections.snapshots import is_taken_over
from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.reporting import BuiltRecord, ReportContext, ReportKind, ReportSubject, declare_report_kind
from goldseal.workspaces.selectors import workspace_by_id

KIND = "inspection"
TEMPLATE = Path(__file__).parent / "typst" / "final_inspection.typ"


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


def build(pk: UUID, context: ReportContext) -> BuiltRecord:
    """The record with the photos in print size."""
    inspection = selectors.inspection_or_missing(pk)
    workspace = workspace_by_id(inspection.workspace_id)
    if workspace is None:
        raise NotFound
    data = inspection_record(inspection, workspace)
    attachments = {
        row.attachment.sha256: row.attachment for row in selectors.evidence_of(inspection).values()
    }
    photos = {}
    for photo in data["photos"]:
        with open_content(attachments[photo["sha256"]], Variant.PRINT) as content:
            photos[photo["sha256"]] = content.read()
    counts = ", ".join(f"{c['severity']} {c['counted']} (Ac {c['accept']})" for c in data["counts"])
    measured = data.get("measurement") or {}
    return BuiltRecord(
        data=data,
        photos=photos,
        facts={
            "counts": counts,
            "photos": str(len(photos)),
            "measurements": f"{measured.get('out_of_tolerance', 0)} / {measured.get('measured', 0)}",
            "aql_result": data["verdict"]["overall"],
        },
    )


declare_report_kind(
    ReportKind(code=KIND, label=_("Inspection report"), template=TEMPLATE, find=find, build=build)
)

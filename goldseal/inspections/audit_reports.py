"""The report of an audit: what the reports room asks for when it puts one on paper."""

from pathlib import Path
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from goldseal.inspections import audit_selectors
from goldseal.inspections.audit_models import FindingGrade
from goldseal.inspections.audit_record import audit_record
from goldseal.inspections.models import Audit, AuditState
from goldseal.inspections.report_photos import print_photos
from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.reporting import BuiltRecord, ReportContext, ReportKind, ReportSubject, declare_report_kind
from goldseal.kit.wording import digits_when_read, list_when_read, number_when_read
from goldseal.reports.models import Report
from goldseal.workspaces.selectors import workspace_by_id

AUDIT = "audit"
TEMPLATE = Path(__file__).parent / "typst" / "audit_report.typ"


def find(pk: UUID) -> ReportSubject:
    """The audit; Conflict while it is not decided. It is the factory's own, so no buyer's compartment."""
    audit = audit_selectors.audit_or_missing(pk)
    if audit.state != AuditState.DECIDED:
        raise Conflict(_("Sign and submit the audit first; then it can be reported."))
    return ReportSubject(title=f"{audit.code} · {audit.about}"[:200], path=audit.get_absolute_url())


def waiting(most: int) -> list[UUID]:
    """Decided audits without a report, oldest first."""
    reported = Report.objects.filter(kind=AUDIT, subject_id=OuterRef("pk"))
    rows = Audit.objects.filter(~Exists(reported), state=AuditState.DECIDED)
    return list(rows.order_by("decided_at", "pk").values_list("pk", flat=True)[:most])


def build(pk: UUID, context: ReportContext) -> BuiltRecord:
    """The record with the photos in print size."""
    audit = audit_selectors.audit_or_missing(pk)
    workspace = workspace_by_id(audit.workspace_id)
    if workspace is None:
        raise NotFound
    data = audit_record(audit, workspace)
    files = {row.attachment.sha256: row.attachment for row in audit_selectors.evidence_of(audit).values()}
    held = data["audit"]
    return BuiltRecord(
        data=data,
        photos=print_photos(files, data["photos"]),
        facts={
            "counts": list_when_read(
                *(
                    format_lazy("{} {}", FindingGrade(grade).label, number_when_read(count))
                    for grade, count in held["grades"].items()
                )
            ),
            "photos": str(len(data["photos"])),
            "measurements": digits_when_read(
                f"{held['conforming']} / {held['applicable']} ({held['percent']} %)"
            ),
            "aql_result": data["verdict"]["overall"],
        },
    )


declare_report_kind(
    ReportKind(
        code=AUDIT, label=_("Audit report"), template=TEMPLATE, find=find, build=build, waiting=waiting
    )
)

"""An audit of the demo factory: answered, signed and reported, with two findings; and one of a supplier to come."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from goldseal.catalog.models import Site, Supplier
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority, receive_file
from goldseal.inspections import audit_services
from goldseal.inspections.audit_services import AuditPlan
from goldseal.inspections.models import Audit
from goldseal.ops.demo_crew import Crew
from goldseal.ops.demo_pictures import WRONG, drawn
from goldseal.reports.services import request_report

SCOPE = "Linking, mending and finishing, day shift; stores of yarn and trims"
CRITERIA = (
    "ISO 9001:2015, 7.1.5, 8.4, 8.5.1, 8.7 and 10.2; the buyers' manuals; our own procedures QP-01 to QP-14"
)
# Question → answer, grade and note; every other question is answered as it should be.
FOUND: Mapping[str, tuple[str, str, str]] = {
    "metal_detector": (
        "no",
        "major",
        "Last Tuesday the log has no proof between 10:00 and 13:00; 640 pieces were packed meanwhile and nobody ran "
        "them again.",
    ),
    "kept_apart": (
        "no",
        "minor",
        "Four stained panels lay unmarked among good ones at linking table 3.",
    ),
    "records_kept": ("yes", "observation", "Found in six minutes; the shelf of 2025 has no index yet."),
    "sharp_tools": ("na", "", ""),
}
WITH_PHOTO = "kept_apart"
STRENGTHS = "Rounds on the line are done to the minute, and operators know their last light."


def tell_the_audit(*, crew: Crew, now: datetime) -> Audit | None:
    """One decided audit of the demo's first site, its report asked for, and one of a supplier planned.

    Nothing to do where there is no site or no checklist for audits. Call inside the workspace's scope.
    """
    site = Site.objects.filter(is_active=True).order_by("code").first()
    if site is None:
        return None
    at = (now - timedelta(days=2)).replace(hour=5, minute=0, second=0, microsecond=0)
    audit = audit_services.plan_audit(
        plan=AuditPlan(
            planned_on=at.date(),
            site_id=site.pk,
            auditor_id=crew.inspector.pk,
            auditee="Production manager, unit 1",
            scope=SCOPE,
            criteria=CRITERIA,
        ),
        actor=crew.manages,
        now=at - timedelta(days=7),
    )
    attest_authority(version=STATEMENT_VERSION, actor=crew.inspects, now=at)
    stain = receive_file(source=drawn(WRONG["FC03"]), name="table 3.png", actor=crew.inspects, now=at)
    for minute, item in enumerate(audit.checklist):
        usual = (STRENGTHS if item["kind"] == "text" else "yes", "", "")
        answer, grade, note = FOUND.get(item["key"], usual)
        digests = [stain.sha256] if item["key"] == WITH_PHOTO or (grade and item["needs_photo"]) else []
        audit_services.record_answer(
            audit_id=audit.pk,
            item=item["key"],
            answer=answer,
            grade=grade,
            note=note,
            photos=digests,
            actor=crew.inspects,
            now=at + timedelta(minutes=4 * minute),
        )
    done = at + timedelta(hours=2)
    audit = audit_services.sign_and_submit(
        audit_id=audit.pk,
        signer=crew.inspector,
        password=crew.password,
        role="auditor",
        meaning="I audited as recorded",
        actor=crew.inspects,
        now=done,
    )
    request_report(kind="audit", subject_id=audit.pk, language="both", actor=crew.inspects, now=now)
    supplier = Supplier.objects.filter(is_active=True).order_by("code").first()
    if supplier is not None:
        plan = AuditPlan(
            planned_on=(now + timedelta(days=9)).date(),
            supplier_id=supplier.pk,
            auditor_id=crew.inspector.pk,
            scope="Dyeing and packing of yarn",
        )
        audit_services.plan_audit(plan=plan, actor=crew.manages, now=now)
    return audit

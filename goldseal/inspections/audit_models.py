"""Audits: a site, a line or a supplier asked how it works; answers are added and never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


class AuditState(models.TextChoices):
    """Where an audit stands."""

    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    DECIDED = "decided", _("Decided")
    CANCELLED = "cancelled", _("Cancelled")


class AuditVerdict(models.TextChoices):
    """What an audit comes to."""

    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    PENDING = "pending", _("Pending")


class FindingGrade(models.TextChoices):
    """How grave a finding is (ISO 19011:2018, 6.4.8)."""

    MAJOR = "major", _("Major nonconformity")
    MINOR = "minor", _("Minor nonconformity")
    OBSERVATION = "observation", pgettext_lazy("audit", "Observation")


@promise(
    "workspace",
    subject="auditor",
    plain="number state verdict pass_at_pct conforming applicable planned_on created_at started_at decided_at",
    identifier="content_hash",
    free_text="begun_with checklist scope criteria auditee",
)
class Audit(WorkspaceModel):
    """One audit of a site (and one of its lines) or of a supplier; the factory's own, no buyer's guest sees it.

    `checklist`: the questions as they were when it was planned, `begun_with` the template's code, version and
    names; `conforming` of `applicable` answers are the score so far; `auditee`: who answered for the place.
    """

    number = models.PositiveIntegerField()
    site = models.ForeignKey("catalog.Site", models.PROTECT, related_name="+", null=True)
    line = models.ForeignKey("catalog.Line", models.PROTECT, related_name="+", null=True)
    supplier = models.ForeignKey("catalog.Supplier", models.PROTECT, related_name="+", null=True)
    auditor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    auditee = models.CharField(_("who answers for the place"), max_length=120, blank=True)
    scope = models.TextField(_("scope"), max_length=1000, blank=True)
    criteria = models.TextField(_("criteria"), max_length=1000, blank=True)
    planned_on = models.DateField(_("planned for"))
    checklist = models.JSONField()
    begun_with = models.JSONField()
    pass_at_pct = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=AuditState, default=AuditState.PLANNED)
    verdict = models.CharField(max_length=8, choices=AuditVerdict, default=AuditVerdict.PENDING)
    conforming = models.PositiveSmallIntegerField(default=0)
    applicable = models.PositiveSmallIntegerField(default=0)
    content_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="inspections_audit_number"),
            models.CheckConstraint(
                condition=models.Q(site__isnull=False, supplier__isnull=True)
                | models.Q(site__isnull=True, line__isnull=True, supplier__isnull=False),
                name="inspections_audit_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "state", "planned_on"], name="inspections_audit_due"),
            models.Index(fields=["workspace", "site", "id"], name="inspections_audit_site"),
            models.Index(fields=["workspace", "supplier", "id"], name="inspections_audit_supplier"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return f"AUD-{self.number:04d}"

    @property
    def about(self) -> str:
        """What is audited: the site with its line, or the supplier."""
        if self.site is None:
            return self.supplier.name if self.supplier else "–"
        return f"{self.site.name} · {self.line.name}" if self.line else self.site.name

    @property
    def is_open(self) -> bool:
        """Whether something may still be recorded."""
        return self.state in (AuditState.PLANNED, AuditState.IN_PROGRESS)

    def get_absolute_url(self) -> str:
        """Its page, relative to the workspace's home."""
        return f"audits/{self.pk}/"


@promise(
    "workspace",
    subject="answered_by",
    plain="sent_id number grade answered_at",
    free_text="item answer note photos",
)
class AuditAnswer(WorkspaceModel):
    """One answer: never edited; the newest of a question (the highest `number`) counts.

    `sent_id` is made with the form, so that sending it twice records it once; `photos` are sha256 digests.
    """

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="answers")
    sent_id = models.UUIDField()
    number = models.PositiveIntegerField()
    item = models.CharField(max_length=40)
    answer = models.CharField(max_length=2000, blank=True)
    grade = models.CharField(max_length=12, choices=FindingGrade, blank=True)
    note = models.TextField(max_length=5000, blank=True)
    photos = models.JSONField(default=list)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "audit", "number"], name="inspections_audit_answer_number"
            ),
            models.UniqueConstraint(
                fields=["workspace", "audit", "sent_id"], name="inspections_audit_answer_once"
            ),
        ]


@promise("workspace", identifier="sha256")
class AuditEvidence(WorkspaceModel):
    """A photo that an audit's answers name, tied to the stored file."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey("files.Attachment", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "audit", "sha256"], name="inspections_audit_evidence_once"
            )
        ]


@promise(
    "workspace",
    subject="signer",
    person="printed_name",
    plain="role signed_at method",
    identifier="record_hash statement_hash",
    free_text="meaning",
)
class AuditSignature(WorkspaceModel):
    """Who signed what, when and as what; bound to the hash of the audit's content, as an inspection's is."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    printed_name = models.CharField(max_length=120)
    meaning = models.CharField(max_length=300)
    record_hash = models.CharField(max_length=64)
    statement_hash = models.CharField(max_length=64)
    method = models.CharField(max_length=30)
    signed_at = models.DateTimeField()

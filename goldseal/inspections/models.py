"""Inspections, the events they are made of, the evidence they refer to, and their signatures."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.catalog.choices import InspectionType, Method, Severity
from goldseal.inspections.audit_models import Audit as Audit
from goldseal.inspections.audit_models import AuditAnswer as AuditAnswer
from goldseal.inspections.audit_models import AuditEvidence as AuditEvidence
from goldseal.inspections.audit_models import AuditSignature as AuditSignature
from goldseal.inspections.audit_models import AuditState as AuditState
from goldseal.inspections.audit_models import FindingGrade as FindingGrade
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


class InspectionState(models.TextChoices):
    """Where an inspection stands."""

    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    DECIDED = "decided", _("Decided")
    CANCELLED = "cancelled", _("Cancelled")


class SwitchingType(models.TextChoices):
    """The inspection of ISO 2859-1 that the next lot gets."""

    NORMAL = InspectionType.NORMAL.value, InspectionType.NORMAL.label
    TIGHTENED = InspectionType.TIGHTENED.value, InspectionType.TIGHTENED.label
    REDUCED = InspectionType.REDUCED.value, InspectionType.REDUCED.label
    DISCONTINUED = "discontinued", _("Discontinued")


class Verdict(models.TextChoices):
    """The outcome, section by section and over all."""

    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    HOLD = "hold", pgettext_lazy("verdict", "Hold")
    PENDING = "pending", _("Pending")


@promise(
    "workspace",
    subject="inspector",
    plain="number method state verdict lot_size sample_size planned_on created_at ready_at started_at decided_at "
    "accepted_submission seed_commitment seed",
    identifier="content_hash",
    free_text="plan rules ordered points checklist cartons drawn header summary",
)
class Inspection(WorkspaceModel):
    """One inspection of one lot. What was planned is a snapshot: later edits of the catalog do not touch it.

    `method` is the stage's when it was planned; `line` and `supplier` say whose work is inspected;
    `reinspection_of` is the failed inspection that this one repeats. `ready_at`: when somebody confirmed
    that enough is made and packed, from when on the draw is shown.

    `plan`: level, inspection type, AQL per severity and the plan of each (ISO 2859-1); `rules`: the
    buyer's settings; `ordered`: [{colour, size, quantity}]; `points`: the measurement chart;
    `checklist`: checks per section; `cartons`: [{first, last, pieces, colour, size}]; `drawn`: cartons
    to open and pieces from each; `header`: further facts of the report's head; `summary`: the decision
    as far as recorded, derived from the events and recomputed with each batch.
    """

    compartment = "buyer"

    number = models.PositiveIntegerField()
    stage = models.ForeignKey("catalog.Stage", models.PROTECT, related_name="inspections")
    buyer = models.ForeignKey("catalog.Buyer", models.PROTECT, related_name="inspections")
    style = models.ForeignKey("catalog.Style", models.PROTECT, related_name="inspections")
    order = models.ForeignKey("catalog.Order", models.PROTECT, related_name="inspections")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    line = models.ForeignKey("catalog.Line", models.PROTECT, related_name="inspections", null=True)
    supplier = models.ForeignKey("catalog.Supplier", models.PROTECT, related_name="inspections", null=True)
    reinspection_of = models.ForeignKey("self", models.PROTECT, related_name="reinspections", null=True)
    method = models.CharField(max_length=12, choices=Method, default=Method.AQL)
    state = models.CharField(max_length=12, choices=InspectionState, default=InspectionState.PLANNED)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.PENDING)
    planned_on = models.DateField(_("planned for"))
    lot_size = models.PositiveIntegerField(_("lot size"))
    sample_size = models.PositiveIntegerField()
    seed = models.CharField(max_length=64)
    seed_commitment = models.CharField(max_length=64)
    plan = models.JSONField(encoder=DjangoJSONEncoder)
    rules = models.JSONField(encoder=DjangoJSONEncoder)
    ordered = models.JSONField()
    points = models.JSONField(default=list)
    checklist = models.JSONField(default=dict)
    cartons = models.JSONField(default=list)
    drawn = models.JSONField(default=list)
    header = models.JSONField(default=dict)
    summary = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    content_hash = models.CharField(max_length=64, blank=True)
    accepted_submission = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="inspections_number")]
        indexes = [
            models.Index(fields=["workspace", "state", "planned_on"], name="inspections_due"),
            models.Index(fields=["workspace", "order"], name="inspections_order"),
            models.Index(fields=["workspace", "id"], name="inspections_newest"),
            models.Index(fields=["workspace", "stage", "id"], name="inspections_stage"),
            models.Index(fields=["workspace", "buyer", "id"], name="inspections_buyer"),
            models.Index(fields=["workspace", "verdict", "id"], name="inspections_verdict"),
            models.Index(fields=["workspace", "state", "id"], name="inspections_state"),
            models.Index(fields=["workspace", "style", "id"], name="inspections_style"),
            models.Index(fields=["workspace", "planned_on", "id"], name="inspections_planned"),
            models.Index(fields=["workspace", "line", "planned_on"], name="inspections_line"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say: stage and running number."""
        return f"{self.stage.code}-{self.number:05d}"

    def get_absolute_url(self) -> str:
        """Its page, relative to the workspace's home."""
        return f"inspections/{self.pk}/"


@promise("workspace", plain="quantity")
class InspectionOrder(WorkspaceModel):
    """How many pieces of an order an inspection covers: several orders may be inspected as one lot."""

    compartment = "inspection__buyer"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="covered")
    order = models.ForeignKey("catalog.Order", models.PROTECT, related_name="covered_by")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "inspection", "order"], name="inspections_order_once"
            )
        ]


class RequestState(models.TextChoices):
    """Where a request for an inspection stands."""

    OPEN = "open", pgettext_lazy("request", "Open")
    PLANNED = "planned", pgettext_lazy("request", "Planned")
    DECLINED = "declined", pgettext_lazy("request", "Declined")


@promise(
    "workspace",
    subject="requested_by",
    plain="wanted_on state created_at quantity",
    free_text="note answer",
)
class InspectionRequest(WorkspaceModel):
    """Somebody asks that an order be inspected at a stage on a day; planning it answers the request."""

    compartment = "order__buyer"

    order = models.ForeignKey("catalog.Order", models.PROTECT, related_name="inspection_requests")
    stage = models.ForeignKey("catalog.Stage", models.PROTECT, related_name="+")
    wanted_on = models.DateField(_("wanted on"))
    quantity = models.PositiveIntegerField(_("pieces"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.OPEN)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="requests", null=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "state", "wanted_on"], name="inspections_wanted")]


@promise("workspace", plain="severity inspection_type score changed_at lots", free_text="state reason")
class SwitchingScore(WorkspaceModel):
    """Which inspection the next lot of a supplier's product gets, per severity (ISO 2859-1, 9.3).

    Without a supplier it speaks of the factory's own work. `state` is what `rules.switching` remembers,
    `reason` the sentence that says why it stands where it stands.
    """

    supplier = models.ForeignKey("catalog.Supplier", models.PROTECT, related_name="+", null=True)
    buyer = models.ForeignKey("catalog.Buyer", models.PROTECT, related_name="+")
    style = models.ForeignKey("catalog.Style", models.PROTECT, related_name="+")
    stage = models.ForeignKey("catalog.Stage", models.PROTECT, related_name="+")
    severity = models.CharField(max_length=8, choices=Severity)
    inspection_type = models.CharField(max_length=12, choices=SwitchingType, default="normal")
    score = models.PositiveIntegerField(default=0)
    lots = models.PositiveIntegerField(default=0)
    state = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "supplier", "style", "stage", "severity"],
                nulls_distinct=False,
                name="inspections_switching_once",
            )
        ]


@promise("workspace", plain="hour what zone count")
class HourTally(WorkspaceModel):
    """What was counted in one hour of a hundred-per-cent check: kept up to date with every tap.

    `what` is passed, altered, rejected, recheck_passed, recheck_rejected or a defect code with its zone.
    It can be rebuilt from the events and must then be equal.
    """

    compartment = "inspection__buyer"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="tallies")
    hour = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=20)
    zone = models.CharField(max_length=1, blank=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "inspection", "hour", "what", "zone"], name="inspections_tally_once"
            )
        ]


@promise(
    "workspace",
    subject="received_by",
    plain="event_id kind at digest received_at",
    free_text="body supersedes",
    person="by",
    telemetry="device",
)
class InspectionEvent(WorkspaceModel):
    """One thing recorded, as the device sent it: never edited, only superseded by a later event."""

    compartment = "inspection__buyer"

    # The composite key (workspace, inspection) holds both relations, and the unique one finds by both: a second
    # check and index for each would be paid for every tap.
    workspace = models.ForeignKey(
        "workspaces.Workspace",
        models.PROTECT,
        related_name="+",
        editable=False,
        db_constraint=False,
        db_index=False,
    )
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, related_name="events", db_constraint=False, db_index=False
    )
    event_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    at = models.CharField(max_length=32)
    by = models.CharField(max_length=64)
    device = models.CharField(max_length=64)
    body = models.JSONField()
    supersedes = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "inspection", "event_id"], name="inspections_event_once"
            )
        ]
        indexes = [
            # Few of a day's taps end another; those must be found without reading the rest.
            models.Index(
                fields=["workspace", "inspection"],
                condition=~models.Q(supersedes=[]),
                name="inspections_event_ending",
            ),
            # When something was last heard: by arrival, as a device's clock and with it the ids may be years ahead.
            models.Index(fields=["workspace", "inspection", "received_at"], name="inspections_event_heard"),
        ]


@promise("workspace", identifier="sha256")
class Evidence(WorkspaceModel):
    """A photo that an inspection refers to: ties the digest in its events to the stored file."""

    compartment = "inspection__buyer"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evidence")
    attachment = models.ForeignKey("files.Attachment", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "inspection", "sha256"], name="inspections_evidence_once"
            )
        ]


@promise("workspace", identifier="part", plain="band")
class EvidenceBand(WorkspaceModel):
    """A quarter of what a photo looks like: photos that look alike share one, and are found by it."""

    compartment = "evidence__inspection__buyer"

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="bands")
    band = models.PositiveSmallIntegerField()
    part = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "evidence", "band"], name="inspections_band_once")
        ]
        indexes = [models.Index(fields=["workspace", "band", "part"], name="inspections_band_part")]


@promise(
    "workspace",
    subject="signer",
    person="printed_name drawn",
    plain="role event_id signed_at method",
    identifier="record_hash statement_hash",
    free_text="meaning",
)
class Signature(WorkspaceModel):
    """Who signed what, when and as what; binds to the record's hash, so it cannot move to another record.

    `method` says how the person was proved: password, recent_sign_in or device_pin; `drawn` is the name drawn by finger, as
    the data of an SVG path.
    """

    compartment = "inspection__buyer"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    printed_name = models.CharField(max_length=120)
    meaning = models.CharField(max_length=300)
    record_hash = models.CharField(max_length=64)
    statement_hash = models.CharField(max_length=64)
    method = models.CharField(max_length=30)
    drawn = models.TextField(max_length=20_000, blank=True)
    event_id = models.UUIDField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "inspection", "event_id"], name="inspections_signature_once"
            )
        ]


@promise("workspace", plain="day created_at")
class DaySheet(WorkspaceModel):
    """One site's day over all its running lines, so that a report can be about it; its figures are the lines'."""

    site = models.ForeignKey("catalog.Site", models.PROTECT, related_name="+")
    day = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "site", "day"], name="inspections_day_once")
        ]

"""A nonconformity: what is wrong, what holds it back, why it came about; its number and the room's settings."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import BoneKind, CaseState, Chain, ContainmentKind, Source, Standing
from goldseal.catalog.choices import Severity
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel

NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


@promise(
    "workspace",
    plain="opens_on_fail red_lights_max dhu_max due_days remind_before_days escalate_after_days watch_days "
    "min_pieces currency",
)
class CapaSettings(WorkspaceModel):
    """When nonconformities open by themselves, how long things may take, whom letters reach. One row."""

    opens_on_fail = models.BooleanField(_("a failed inspection opens a nonconformity"), default=True)
    red_lights_max = models.PositiveSmallIntegerField(
        _("red lights of a line in a day that open one"),
        null=True,
        blank=True,
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    dhu_max = models.DecimalField(
        _("defects per hundred units of a day at a line, above which one opens"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
    )
    due_days = models.PositiveSmallIntegerField(
        _("days until a nonconformity is due"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    remind_before_days = models.PositiveSmallIntegerField(
        _("days before the due date on which the owner is reminded"),
        default=2,
        validators=[MaxValueValidator(30)],
    )
    escalate_after_days = models.PositiveSmallIntegerField(
        _("days overdue after which the QA managers are told"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    watch_days = models.PositiveSmallIntegerField(
        _("days after closing in which a return reopens it"),
        default=60,
        validators=[MaxValueValidator(365)],
    )
    min_pieces = models.PositiveIntegerField(
        _("pieces that an effect check needs at least"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
    )
    currency = models.CharField(_("currency of costs"), max_length=3, default="BDT")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="capa_settings_once")]


@promise("workspace", plain="series year last")
class NonconformityCounter(WorkspaceModel):
    """The last number of a series (NC, SCAR) and year; its row lock keeps the numbers without gaps."""

    series = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "series", "year"], name="capa_counter_once")
        ]


@promise(
    "workspace",
    subject="owner",
    plain="source state severity found_on due_on quantity lot_size sample_size opened_at submitted_at approved_at "
    "verified_at closed_at reopened_count cost_minutes cost_per_minute cost_rejects cost_per_reject currency "
    "buyer_approved_on",
    identifier="number origin operation",
    free_text="title problem place root_made root_detected is_is_not decision buyer_approval team",
)
class Nonconformity(WorkspaceModel):
    """Something that is not as required, from its discovery to the proof that it does not return.

    `origin` ties one that opened by itself to its cause, so that it opens once. `owner` sees to it, `verifier`
    is another person, and not `submitted_by` either. `root_made` and `root_detected` are the causes chosen from
    the two chains. `is_is_not`: {question: {is, is_not}}. Costs: minutes × `cost_per_minute` + rejects × `cost_per_reject`, in `currency`.
    """

    number = models.CharField(_("number"), max_length=20)
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.BY_HAND)
    origin = models.CharField(max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=CaseState, default=CaseState.OPEN)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, default=Severity.MAJOR)
    title = models.CharField(_("title"), max_length=160)
    problem = models.TextField(_("what is wrong"), max_length=4000, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    found_on = models.DateField(_("found on"))
    quantity = models.PositiveIntegerField(_("pieces concerned"), null=True, blank=True)
    lot_size = models.PositiveIntegerField(null=True, blank=True)
    sample_size = models.PositiveIntegerField(null=True, blank=True)
    operation = models.CharField(_("operation"), max_length=80, blank=True)
    buyer = models.ForeignKey("catalog.Buyer", models.PROTECT, related_name="+", null=True, blank=True)
    style = models.ForeignKey("catalog.Style", models.PROTECT, related_name="+", null=True, blank=True)
    order = models.ForeignKey("catalog.Order", models.PROTECT, related_name="+", null=True, blank=True)
    stage = models.ForeignKey("catalog.Stage", models.PROTECT, related_name="+", null=True, blank=True)
    site = models.ForeignKey("catalog.Site", models.PROTECT, related_name="+", null=True, blank=True)
    line = models.ForeignKey("catalog.Line", models.PROTECT, related_name="+", null=True, blank=True)
    supplier = models.ForeignKey("catalog.Supplier", models.PROTECT, related_name="+", null=True, blank=True)
    inspection = models.ForeignKey("inspections.Inspection", models.PROTECT, related_name="+", null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    verifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    due_on = models.DateField(_("due on"))
    team = models.CharField(_("team"), max_length=300, blank=True)
    root_made = models.TextField(_("root cause: why it was made"), max_length=2000, blank=True)
    root_detected = models.TextField(_("root cause: why it was not detected"), max_length=2000, blank=True)
    is_is_not = models.JSONField(default=dict, blank=True)
    decision = models.CharField(max_length=500, blank=True)
    buyer_approval = models.CharField(_("approved at the buyer by"), max_length=200, blank=True)
    buyer_approved_on = models.DateField(_("approved on"), null=True, blank=True)
    cost_minutes = models.DecimalField(
        _("minutes of repair"),
        max_digits=10,
        decimal_places=1,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
    )
    cost_per_minute = models.DecimalField(
        _("cost of a minute"), max_digits=8, decimal_places=4, null=True, blank=True, validators=NOT_NEGATIVE
    )
    cost_rejects = models.PositiveIntegerField(_("pieces rejected"), null=True, blank=True)
    cost_per_reject = models.DecimalField(
        _("value of a piece"), max_digits=10, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="capa_nonconformity_number"),
            models.UniqueConstraint(
                fields=["workspace", "origin"],
                condition=~models.Q(origin=""),
                name="capa_nonconformity_origin",
            ),
            models.CheckConstraint(
                condition=models.Q(verifier__isnull=True)
                | models.Q(owner__isnull=True)
                | ~models.Q(verifier=models.F("owner")),
                name="capa_nonconformity_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(verifier__isnull=True)
                | models.Q(submitted_by__isnull=True)
                | ~models.Q(verifier=models.F("submitted_by")),
                name="capa_nonconformity_another",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "id"], name="capa_nc_newest"),
            models.Index(fields=["workspace", "state", "id"], name="capa_nc_state"),
            models.Index(fields=["workspace", "due_on", "id"], name="capa_nc_due"),
            models.Index(fields=["workspace", "owner", "state"], name="capa_nc_owner"),
            models.Index(fields=["workspace", "inspection"], name="capa_nc_inspection"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page, relative to the workspace's home."""
        return f"capa/{self.pk}/"


@promise("workspace", plain="severity quantity", identifier="code", free_text="name_en name_bn")
class NonconformityDefect(WorkspaceModel):
    """How many pieces show a defect; its names as they were in the library then."""

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="defects")
    code = models.CharField(_("code"), max_length=10)
    name_en = models.CharField(max_length=120, blank=True)
    name_bn = models.CharField(max_length=120, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    quantity = models.PositiveIntegerField(_("pieces"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "nonconformity", "code", "severity"], name="capa_defect_once"
            )
        ]


@promise(
    "workspace",
    subject="done_by",
    plain="kind in_lot sorted found_bad rechecked released held done_on at",
    free_text="place note",
)
class Containment(WorkspaceModel):
    """What was done at once with the goods, in pieces that add up (rules.containment)."""

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="containments")
    kind = models.CharField(_("what is done"), max_length=8, choices=ContainmentKind)
    place = models.CharField(_("where the goods are"), max_length=200)
    in_lot = models.PositiveIntegerField(_("pieces in the lot"))
    sorted = models.PositiveIntegerField(_("sorted"), default=0)
    found_bad = models.PositiveIntegerField(_("found bad"), default=0)
    rechecked = models.PositiveIntegerField(_("mended and rechecked good"), default=0)
    released = models.PositiveIntegerField(_("released"), default=0)
    held = models.PositiveIntegerField(_("held"), default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)
    done_on = models.DateField(_("done on"))
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sorted__lte=models.F("in_lot"))
                & models.Q(found_bad__lte=models.F("sorted"))
                & models.Q(rechecked__lte=models.F("found_bad"))
                & models.Q(in_lot=models.F("released") + models.F("held")),
                name="capa_containment_adds_up",
            )
        ]


@promise("workspace", subject="by", plain="chain position at", free_text="answer proof")
class WhyStep(WorkspaceModel):
    """One step of a 5 Why: the answer, and what proves it."""

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="whys")
    chain = models.CharField(max_length=8, choices=Chain)
    position = models.PositiveSmallIntegerField()
    answer = models.CharField(_("because"), max_length=500)
    proof = models.CharField(_("what proves it"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "nonconformity", "chain", "position"], name="capa_why_once"
            )
        ]


@promise("workspace", plain="bone standing", free_text="words")
class FishboneCause(WorkspaceModel):
    """A possible cause on a bone of the fishbone."""

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="causes")
    bone = models.CharField(_("bone"), max_length=11, choices=BoneKind)
    words = models.CharField(_("possible cause"), max_length=200)
    standing = models.CharField(
        _("what is known"), max_length=9, choices=Standing, default=Standing.SUSPECTED
    )

"""Effect checks, and the counts of decided inspections that they and the Pareto chart are made from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import CheckState, Metric, WindowKind
from goldseal.capa.models.nonconformities import NOT_NEGATIVE, Nonconformity
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


@promise(
    "workspace",
    subject="observed_by",
    plain="round metric target from_on window window_size min_pieces state inspections pieces found rate decided_at "
    "watch_until created_at",
    identifier="code operation",
    free_text="observation",
)
class EffectCheck(WorkspaceModel):
    """How a nonconformity proves its effect. `round` counts anew after each return.

    `target`: at most so many defects of `code` per 100 pieces, at the line, operation, stage, buyer and style
    that are named. `inspections`, `pieces`, `found` and `rate` are the figures that decided it. Without numbers
    to count (`metric` observed) a named person says what was seen.
    """

    nonconformity = models.ForeignKey(Nonconformity, models.CASCADE, related_name="checks")
    round = models.PositiveSmallIntegerField(default=1)
    metric = models.CharField(_("measured by"), max_length=8, choices=Metric, default=Metric.RATE)
    code = models.CharField(_("defect"), max_length=10, blank=True)
    stage = models.ForeignKey("catalog.Stage", models.PROTECT, related_name="+", null=True, blank=True)
    line = models.ForeignKey("catalog.Line", models.PROTECT, related_name="+", null=True, blank=True)
    operation = models.CharField(_("operation"), max_length=80, blank=True)
    buyer = models.ForeignKey("catalog.Buyer", models.PROTECT, related_name="+", null=True, blank=True)
    style = models.ForeignKey("catalog.Style", models.PROTECT, related_name="+", null=True, blank=True)
    target = models.DecimalField(
        _("at most, per 100 pieces"), max_digits=6, decimal_places=2, validators=NOT_NEGATIVE
    )
    from_on = models.DateField(_("from"))
    window = models.CharField(
        _("window in"), max_length=11, choices=WindowKind, default=WindowKind.INSPECTIONS
    )
    window_size = models.PositiveIntegerField(_("how many"), default=3)
    min_pieces = models.PositiveIntegerField(_("pieces needed at least"), default=100)
    state = models.CharField(max_length=8, choices=CheckState, default=CheckState.WAITING)
    inspections = models.PositiveIntegerField(default=0)
    pieces = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    rate = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    observation = models.CharField(max_length=1000, blank=True)
    observed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    watch_until = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "nonconformity", "round"], name="capa_check_once")
        ]
        indexes = [models.Index(fields=["workspace", "state"], name="capa_check_state")]


@promise("workspace", plain="counted_on shift pieces", identifier="operation")
class InspectionCount(WorkspaceModel):
    """Pieces that a decided inspection checked at one operation in one shift; it can be counted anew.

    An inspection that checks no single pieces has one row with none: it was looked at.
    """

    inspection = models.ForeignKey("inspections.Inspection", models.CASCADE, related_name="+")
    counted_on = models.DateField()
    operation = models.CharField(max_length=80, blank=True)
    shift = models.CharField(max_length=7)
    pieces = models.PositiveIntegerField()
    stage = models.ForeignKey("catalog.Stage", models.PROTECT, related_name="+")
    line = models.ForeignKey("catalog.Line", models.PROTECT, related_name="+", null=True)
    buyer = models.ForeignKey("catalog.Buyer", models.PROTECT, related_name="+")
    style = models.ForeignKey("catalog.Style", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "inspection", "operation", "shift"], name="capa_count_once"
            )
        ]
        indexes = [models.Index(fields=["workspace", "counted_on"], name="capa_count_day")]


@promise("workspace", plain="found", identifier="code")
class DefectCount(WorkspaceModel):
    """Defects of one code found there."""

    count = models.ForeignKey(InspectionCount, models.CASCADE, related_name="defects")
    code = models.CharField(max_length=10)
    found = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "count", "code"], name="capa_defectcount_once")
        ]

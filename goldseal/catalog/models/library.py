"""Stages of production, their checklists, and the defect library."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import (
    CountBy,
    DefectFamily,
    Gate,
    InspectionType,
    Method,
    ProductFamily,
    SamplingScheme,
    Severity,
    Zone,
    in_language,
)
from goldseal.catalog.models.buyers import AQL_CHOICES, LEVEL_CHOICES, Buyer
from goldseal.catalog.models.records import CatalogRecord
from goldseal.catalog.rules.severity import SEVERITIES, ZONES, SeverityRule
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel
from goldseal.workspaces.scoping import SHARED


@promise(
    "workspace",
    plain="is_active revision created_at updated_at position gate method_code product_family is_starter is_edited",
    identifier="code",
    free_text="name_en name_bn method_en method_bn who_en who_bn settings",
)
class Stage(CatalogRecord):
    """A stage of production at which quality is checked. `is_edited`: the starter pack leaves it alone.

    `method_code` says how it is inspected, `settings` what that method needs here (such as pieces per
    round or the sampling level); an empty `product_family` means both.
    """

    compartment = SHARED

    code = models.CharField(_("code"), max_length=10)
    position = models.PositiveSmallIntegerField(_("place in the order of production"), default=0)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_bn = models.CharField(_("name in Bangla"), max_length=120, blank=True)
    method_en = models.CharField(_("method in English"), max_length=300, blank=True)
    method_bn = models.CharField(_("method in Bangla"), max_length=300, blank=True)
    who_en = models.CharField(_("who, in English"), max_length=200, blank=True)
    who_bn = models.CharField(_("who, in Bangla"), max_length=200, blank=True)
    method_code = models.CharField(_("how"), max_length=12, choices=Method, default=Method.CHECKLIST)
    product_family = models.CharField(
        _("product family"), max_length=12, choices=ProductFamily, blank=True, default=""
    )
    settings = models.JSONField(_("settings of the method"), default=dict, blank=True)
    gate = models.CharField(_("gate"), max_length=5, choices=Gate, default=Gate.NONE)
    is_starter = models.BooleanField(default=False, editable=False)
    is_edited = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "code"], name="catalog_stage_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return in_language(self.name_en, self.name_bn)

    @property
    def method(self) -> str:
        """The method in the page's language."""
        return in_language(self.method_en, self.method_bn)

    @property
    def who(self) -> str:
        """Who does it, in the page's language."""
        return in_language(self.who_en, self.who_bn)


@promise(
    "workspace",
    plain="is_active revision created_at updated_at version is_starter is_edited pass_at_pct",
    identifier="code",
    free_text="name_en name_bn items",
)
class ChecklistTemplate(CatalogRecord):
    """The questions of a stage. `items` is the version in force; every version that was, is kept beside it.

    One without a stage asks about a system instead of goods: it is for audits, and `pass_at_pct` is the score that
    passes, in per cent.
    """

    compartment = SHARED

    stage = models.ForeignKey(
        Stage, models.PROTECT, related_name="templates", verbose_name=_("stage"), null=True, blank=True
    )
    pass_at_pct = models.PositiveSmallIntegerField(
        _("passes from, per cent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    code = models.CharField(_("code"), max_length=20)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_bn = models.CharField(_("name in Bangla"), max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    items = models.JSONField(_("questions"), default=list, blank=True)
    is_starter = models.BooleanField(default=False, editable=False)
    is_edited = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="catalog_template_code"),
            models.CheckConstraint(
                condition=models.Q(stage__isnull=False) | models.Q(pass_at_pct__isnull=False),
                name="catalog_template_about",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return in_language(self.name_en, self.name_bn)

    @property
    def is_for_audits(self) -> bool:
        """Whether it asks about a system: a site, a line or a supplier."""
        return self.stage_id is None


@promise("workspace", plain="version created_at", free_text="items")
class ChecklistVersion(WorkspaceModel):
    """One version of a checklist as it was; inspections name the version they began with."""

    compartment = SHARED

    template = models.ForeignKey(ChecklistTemplate, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    items = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "template", "version"], name="catalog_template_version"
            )
        ]


@promise(
    "workspace",
    plain="is_active revision created_at updated_at family severity severity_zone_a severity_children "
    "is_legal is_starter is_edited",
    identifier="code",
    free_text="name_en name_bn note_en note_bn",
)
class Defect(CatalogRecord):
    """A defect of the library. Empty severities for zone A and children mean: as by default.

    `is_legal`: a legal matter in many markets, so the buyer decides the severity (DOMAIN §9, `*`).
    """

    compartment = SHARED

    code = models.CharField(_("code"), max_length=10)
    family = models.CharField(_("family"), max_length=2, choices=DefectFamily)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_bn = models.CharField(_("name in Bangla"), max_length=120, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    severity_zone_a = models.CharField(_("severity in zone A"), max_length=8, choices=Severity, blank=True)
    severity_children = models.CharField(
        _("severity on children's garments"), max_length=8, choices=Severity, blank=True
    )
    is_legal = models.BooleanField(_("legal matter in many markets, the buyer decides"), default=False)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    note_bn = models.CharField(_("note in Bangla"), max_length=300, blank=True)
    is_starter = models.BooleanField(default=False, editable=False)
    is_edited = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="catalog_defect_code"),
            models.CheckConstraint(
                condition=models.Q(severity__in=SEVERITIES), name="catalog_defect_severity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the page's language."""
        return in_language(self.name_en, self.name_bn)

    @property
    def note(self) -> str:
        """The note in the page's language."""
        return in_language(self.note_en, self.note_bn)

    @property
    def rule(self) -> SeverityRule:
        """What the library says of the severity, for `rules.severity`."""
        return SeverityRule(self.severity, self.severity_zone_a, self.severity_children)


@promise("workspace", plain="size")
class DefectPicture(WorkspaceModel):
    """What a defect looks like. `size`: bytes of its thumbnail, which devices of the Floor app take down.

    The factory's own: a photo from one buyer's goods must not reach another buyer's guest.
    """

    defect = models.ForeignKey(Defect, models.CASCADE, related_name="pictures")
    attachment = models.ForeignKey("files.Attachment", models.PROTECT, related_name="+")
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "defect"], name="catalog_defectpicture_once")
        ]

    def __str__(self) -> str:
        return str(self.defect_id)


@promise("workspace", plain="zone severity")
class SeverityOverride(WorkspaceModel):
    """One buyer's own severity for a defect, in one zone or (empty) in every zone."""

    compartment = "buyer"

    buyer = models.ForeignKey(Buyer, models.CASCADE, related_name="severity_overrides")
    defect = models.ForeignKey(Defect, models.CASCADE, related_name="overrides", verbose_name=_("defect"))
    zone = models.CharField(_("zone"), max_length=1, choices=Zone, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "buyer", "defect", "zone"], name="catalog_severityoverride_once"
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=SEVERITIES, zone__in=["", *ZONES]),
                name="catalog_severityoverride_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.defect_id} {self.zone} {self.severity}"


@promise(
    "workspace", plain="aql_level aql_critical aql_major aql_minor count_by sampling_scheme inspection_type"
)
class BuyerStageRule(WorkspaceModel):
    """What a buyer asks for at one stage and not at the others; what is empty is as the buyer's own rule."""

    compartment = "buyer"

    buyer = models.ForeignKey(Buyer, models.CASCADE, related_name="stage_rules")
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="+", verbose_name=_("stage"))
    aql_level = models.CharField(_("inspection level"), max_length=3, choices=LEVEL_CHOICES, blank=True)
    aql_critical = models.CharField(_("AQL critical"), max_length=5, choices=AQL_CHOICES, blank=True)
    aql_major = models.CharField(_("AQL major"), max_length=5, choices=AQL_CHOICES, blank=True)
    aql_minor = models.CharField(_("AQL minor"), max_length=5, choices=AQL_CHOICES, blank=True)
    count_by = models.CharField(_("count"), max_length=10, choices=CountBy, blank=True)
    sampling_scheme = models.CharField(_("sampling"), max_length=6, choices=SamplingScheme, blank=True)
    inspection_type = models.CharField(
        _("inspection starts as"), max_length=10, choices=InspectionType, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "buyer", "stage"], name="catalog_stagerule_once")
        ]

    def __str__(self) -> str:
        return f"{self.buyer_id} {self.stage_id}"

"""Buyers, sites, lines, styles, orders, stages and the defect library of a workspace."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import (
    CartonRule,
    CountBy,
    DefectFamily,
    Gate,
    InspectionType,
    OrderStatus,
    ProductFamily,
    SampleBasis,
    Severity,
    Zone,
    in_language,
)
from goldseal.catalog.rules.aql import INSPECTION_TYPES, LEVELS, PREFERRED_AQLS, ZERO_TOLERANCE
from goldseal.catalog.rules.severity import SEVERITIES, ZONES, SeverityRule
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel
from goldseal.workspaces.scoping import SHARED

__all__ = [
    "Buyer",
    "CatalogRecord",
    "Defect",
    "Gate",
    "Line",
    "Order",
    "OrderLine",
    "OrderStatus",
    "Severity",
    "SeverityOverride",
    "Site",
    "Stage",
    "Style",
    "Zone",
]

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
AQL_CHOICES = [(text, text) for text in (ZERO_TOLERANCE, *PREFERRED_AQLS)]


class CatalogRecord(WorkspaceModel):
    """What every noun of the catalog has: in use or retired, and a revision that every change raises."""

    is_active = models.BooleanField(_("in use"), default=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    class Meta:
        abstract = True


@promise(
    "workspace",
    plain="is_active revision created_at updated_at aql_level aql_critical aql_major aql_minor inspection_type "
    "count_by sample_basis quantity_tolerance_pct made_pct_min packed_pct_min carton_rule points_out_pct_max "
    "pieces_out_max is_critical_point_failing",
    identifier="code",
    free_text="name contact_name contact_email contact_phone address note",
)
class Buyer(CatalogRecord):
    """Who orders: contact and the rules by which this buyer's orders are inspected."""

    compartment = "pk"

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=40, blank=True)
    address = models.TextField(_("address"), max_length=400, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    aql_level = models.CharField(
        _("inspection level"), max_length=3, choices=[(level, level) for level in LEVELS], default="II"
    )
    aql_critical = models.CharField(
        _("AQL critical"), max_length=5, choices=AQL_CHOICES, default=ZERO_TOLERANCE
    )
    aql_major = models.CharField(_("AQL major"), max_length=5, choices=AQL_CHOICES, default="2.5")
    aql_minor = models.CharField(_("AQL minor"), max_length=5, choices=AQL_CHOICES, default="4.0")
    inspection_type = models.CharField(
        _("inspection starts as"), max_length=10, choices=InspectionType, default=InspectionType.NORMAL
    )
    count_by = models.CharField(_("count"), max_length=10, choices=CountBy, default=CountBy.DEFECTIVES)
    sample_basis = models.CharField(
        _("judge on"), max_length=10, choices=SampleBasis, default=SampleBasis.DRAWN
    )
    quantity_tolerance_pct = models.DecimalField(
        _("quantity tolerance, ± %"), max_digits=5, decimal_places=2, default=Decimal(5), validators=PERCENT
    )
    made_pct_min = models.DecimalField(
        _("made at the final inspection, at least %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(100),
        validators=PERCENT,
    )
    packed_pct_min = models.DecimalField(
        _("packed at the final inspection, at least %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(80),
        validators=PERCENT,
    )
    carton_rule = models.CharField(
        _("cartons to open"), max_length=20, choices=CartonRule, default=CartonRule.SQUARE_ROOT
    )
    points_out_pct_max = models.DecimalField(
        _("measurement fails above, points out in %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(10),
        validators=PERCENT,
    )
    pieces_out_max = models.PositiveSmallIntegerField(
        _("measurement fails above, pieces out"), null=True, blank=True, default=5
    )
    is_critical_point_failing = models.BooleanField(
        _("one critical point of measure out fails the measurement"), default=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="catalog_buyer_code"),
            models.CheckConstraint(
                condition=models.Q(inspection_type__in=INSPECTION_TYPES, aql_level__in=LEVELS),
                name="catalog_buyer_standard",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@promise(
    "workspace", plain="is_active revision created_at updated_at", identifier="code", free_text="name address"
)
class Site(CatalogRecord):
    """A place where garments are made."""

    compartment = SHARED

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    address = models.TextField(_("address"), max_length=400, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "code"], name="catalog_site_code")]

    def __str__(self) -> str:
        return self.name


@promise("workspace", plain="is_active revision created_at updated_at", identifier="code", free_text="name")
class Line(CatalogRecord):
    """A production line of a site."""

    compartment = SHARED

    site = models.ForeignKey(Site, models.PROTECT, related_name="lines", verbose_name=_("site"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "site", "code"], name="catalog_line_code")
        ]

    def __str__(self) -> str:
        return self.name


@promise(
    "workspace",
    plain="is_active revision created_at updated_at product_family is_for_children",
    identifier="code",
    free_text="name name_bn season composition gauge description",
)
class Style(CatalogRecord):
    """A garment as a buyer designed it."""

    compartment = "buyer"

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="styles", verbose_name=_("buyer"))
    code = models.CharField(_("style number"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    name_bn = models.CharField(_("name in Bangla"), max_length=160, blank=True)
    product_family = models.CharField(
        _("product family"), max_length=12, choices=ProductFamily, default=ProductFamily.SWEATER
    )
    is_for_children = models.BooleanField(_("for children"), default=False)
    season = models.CharField(_("season"), max_length=40, blank=True)
    composition = models.CharField(_("composition"), max_length=200, blank=True)
    gauge = models.CharField(_("gauge"), max_length=20, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("workspace", "buyer", Upper("code"), name="catalog_style_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The name in the page's language."""
        return in_language(self.name, self.name_bn)


@promise(
    "workspace",
    plain="is_active revision created_at updated_at status ex_factory_on quantity",
    identifier="po_number",
    free_text="destination port note",
)
class Order(CatalogRecord):
    """A buyer's purchase order for one style; `quantity` is the sum of its lines, in pieces."""

    compartment = "buyer"

    buyer = models.ForeignKey(Buyer, models.PROTECT, related_name="orders", verbose_name=_("buyer"))
    style = models.ForeignKey(Style, models.PROTECT, related_name="orders", verbose_name=_("style"))
    site = models.ForeignKey(
        Site, models.PROTECT, related_name="orders", verbose_name=_("site"), null=True, blank=True
    )
    po_number = models.CharField(_("PO number"), max_length=40)
    status = models.CharField(_("status"), max_length=10, choices=OrderStatus, default=OrderStatus.OPEN)
    ex_factory_on = models.DateField(_("ex-factory date"), null=True, blank=True)
    destination = models.CharField(_("destination"), max_length=160, blank=True)
    port = models.CharField(_("port of loading"), max_length=80, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    quantity = models.PositiveIntegerField(_("order quantity"), default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace", "buyer", "style", Upper("po_number"), name="catalog_order_po"
            )
        ]
        indexes = [models.Index(fields=["workspace", "status", "ex_factory_on"], name="catalog_order_due")]

    def __str__(self) -> str:
        return self.po_number


@promise("workspace", plain="quantity colour_position size_position", free_text="colour size")
class OrderLine(WorkspaceModel):
    """Pieces ordered of one colour in one size; positions keep the order in which the grid was written."""

    compartment = "order__buyer"

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    colour = models.CharField(_("colour"), max_length=60)
    size = models.CharField(_("size"), max_length=20)
    quantity = models.PositiveIntegerField(_("quantity"))
    colour_position = models.PositiveSmallIntegerField(default=0)
    size_position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "order", "colour", "size"], name="catalog_orderline_once"
            ),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="catalog_orderline_some"),
        ]

    def __str__(self) -> str:
        return f"{self.colour} {self.size}: {self.quantity}"


@promise(
    "workspace",
    plain="is_active revision created_at updated_at position gate is_starter is_edited",
    identifier="code",
    free_text="name_en name_bn method_en method_bn",
)
class Stage(CatalogRecord):
    """A stage of production at which quality is checked. `is_edited`: the starter pack leaves it alone."""

    compartment = SHARED

    code = models.CharField(_("code"), max_length=10)
    position = models.PositiveSmallIntegerField(_("place in the order of production"), default=0)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_bn = models.CharField(_("name in Bangla"), max_length=120, blank=True)
    method_en = models.CharField(_("method in English"), max_length=300, blank=True)
    method_bn = models.CharField(_("method in Bangla"), max_length=300, blank=True)
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

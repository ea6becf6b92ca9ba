"""Styles, the orders for them, and the pieces per colour and size."""

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import LengthUnit, OrderStatus, ProductFamily, Wash, in_language
from goldseal.catalog.models.buyers import Buyer
from goldseal.catalog.models.places import Site
from goldseal.catalog.models.records import CatalogRecord
from goldseal.kit.promises import promise
from goldseal.workspaces.models import WorkspaceModel


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
    free_text="destination port note packing",
)
class Order(CatalogRecord):
    """A buyer's purchase order for one style; `quantity` is the sum of its lines, in pieces.

    `packing` says what a carton must hold: {ratio: [{colour, size, pieces}], gross_kg, marks}.
    """

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
    packing = models.JSONField(_("packing"), default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace", "buyer", "style", Upper("po_number"), name="catalog_order_po"
            )
        ]
        indexes = [models.Index(fields=["workspace", "status", "ex_factory_on"], name="catalog_order_due")]

    def __str__(self) -> str:
        return self.po_number


@promise(
    "workspace", plain="quantity colour_position size_position", identifier="barcode", free_text="colour size"
)
class OrderLine(WorkspaceModel):
    """Pieces ordered of one colour in one size; positions keep the order in which the grid was written."""

    compartment = "order__buyer"

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    colour = models.CharField(_("colour"), max_length=60)
    size = models.CharField(_("size"), max_length=20)
    quantity = models.PositiveIntegerField(_("quantity"))
    colour_position = models.PositiveSmallIntegerField(default=0)
    size_position = models.PositiveSmallIntegerField(default=0)
    barcode = models.CharField(_("barcode"), max_length=14, blank=True)

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
    "workspace", plain="is_active revision created_at updated_at unit wash", free_text="note points sizes"
)
class MeasurementChart(CatalogRecord):
    """The points of measure of a style, for every size.

    `points`: [{code, name_en, name_bn, how, critical, tol_minus, tol_plus, spec: {size: amount}}]; amounts
    are text, exact, in `unit`. `sizes` holds the sizes in their order, which `points` does not keep.
    """

    compartment = "style__buyer"

    style = models.ForeignKey(Style, models.PROTECT, related_name="charts", verbose_name=_("style"))
    wash = models.CharField(_("wash"), max_length=6, choices=Wash, blank=True, default=Wash.NONE)
    unit = models.CharField(_("unit"), max_length=2, choices=LengthUnit, default=LengthUnit.CM)
    note = models.CharField(_("note"), max_length=300, blank=True)
    points = models.JSONField(_("points of measure"), default=list, blank=True)
    sizes = models.JSONField(_("sizes"), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "style", "wash"], name="catalog_chart_once")
        ]

    def __str__(self) -> str:
        return f"{self.style.code} {self.get_wash_display()}"

    @property
    def code(self) -> str:
        """The style's number: a style has one chart for each wash."""
        return self.style.code

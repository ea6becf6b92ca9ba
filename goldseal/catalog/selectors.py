"""Reading the catalog of the open workspace."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Exists, Q, QuerySet

from goldseal.catalog.models import (
    Buyer,
    BuyerStageRule,
    CatalogRecord,
    ChecklistTemplate,
    ChecklistVersion,
    Defect,
    DefectPicture,
    Line,
    MeasurementChart,
    Order,
    OrderLine,
    SeverityOverride,
    Site,
    Stage,
    Style,
    Supplier,
)
from goldseal.catalog.rules import severity as severities
from goldseal.catalog.rules.buyers import AQL_RULES, STAGE_CHOICES, BuyerRules, rules_at_stage
from goldseal.catalog.rules.grid import Grid, Quantity, grid_of
from goldseal.files.models import Attachment
from goldseal.kit.errors import NotFound
from goldseal.workspaces.models import Workspace, WorkspaceKind

R = TypeVar("R", bound=CatalogRecord)
STAGE_RULE_FIELDS = (*AQL_RULES, *STAGE_CHOICES)


def buyers() -> QuerySet[Buyer]:
    """Every buyer, retired ones too."""
    return Buyer.objects.all()


def sites() -> QuerySet[Site]:
    """Every site with `line_count`, the number of its lines in use."""
    return Site.objects.annotate(line_count=Count("lines", filter=Q(lines__is_active=True)))


def lines() -> QuerySet[Line]:
    """Every line with its site."""
    return Line.objects.select_related("site")


def suppliers() -> QuerySet[Supplier]:
    """Every supplier, retired ones too."""
    return Supplier.objects.all()


def styles() -> QuerySet[Style]:
    """Every style with its buyer."""
    return Style.objects.select_related("buyer")


def charts() -> QuerySet[MeasurementChart]:
    """Every measurement chart with its style and buyer."""
    return MeasurementChart.objects.select_related("style__buyer")


def chart_for(style: Style, wash: str = "") -> MeasurementChart | None:
    """The chart in use of a style for one wash ("", before, after), or None: one query."""
    return MeasurementChart.objects.filter(style=style, wash=wash, is_active=True).first()


def sizes_ordered(style: Style) -> list[str]:
    """The sizes in which a style was ordered, as its latest order writes them."""
    rows = OrderLine.objects.filter(order__style=style).order_by("-order_id", "size_position")
    return list(dict.fromkeys(rows.values_list("size", flat=True)[:300]))


def orders() -> QuerySet[Order]:
    """Every order with its buyer, style and site."""
    return Order.objects.select_related("buyer", "style", "site")


def stages() -> QuerySet[Stage]:
    """Every stage, in the order of production."""
    return Stage.objects.order_by("position", "code")


def checklists() -> QuerySet[ChecklistTemplate]:
    """Every checklist with its stage, in the order in which inspections choose between them."""
    return ChecklistTemplate.objects.select_related("stage").order_by("-is_active", "is_starter", "-pk")


def checklists_shown(*, with_audits: bool) -> QuerySet[ChecklistTemplate]:
    """Every checklist, those for audits only to who may see them."""
    return checklists() if with_audits else checklists().filter(stage__isnull=False)


def audit_checklists() -> QuerySet[ChecklistTemplate]:
    """The checklists that audits can begin with: those in use, the workspace's own first."""
    return checklists().filter(stage__isnull=True, is_active=True)


def versions_of(template: ChecklistTemplate) -> QuerySet[ChecklistVersion]:
    """Every version of a checklist, the latest first."""
    return ChecklistVersion.objects.filter(template=template).order_by("-version")


def defects() -> QuerySet[Defect]:
    """The defect library by code."""
    return Defect.objects.order_by("code")


def pictures_by_defect(defects: Collection[UUID] | None = None) -> dict[UUID, DefectPicture]:
    """The pictures of the library by defect; `defects` only of these."""
    rows = DefectPicture.objects.all()
    if defects is not None:
        rows = rows.filter(defect_id__in=defects)
    return {row.defect_id: row for row in rows}


def defect_picture(attachment_id: UUID) -> Attachment:
    """The picture of a defect by its attachment; NotFound for any other file."""
    row = DefectPicture.objects.select_related("attachment").filter(attachment_id=attachment_id).first()
    if row is None:
        raise NotFound
    return row.attachment


def found(rows: QuerySet[R], pk: UUID) -> R:
    """The row with this key; NotFound alike for a foreign and a nonexistent one."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def order_lines(order: Order) -> QuerySet[OrderLine]:
    """The quantities of an order as the grid was written: colour by colour, size by size."""
    return OrderLine.objects.filter(order=order).order_by("colour_position", "size_position", "pk")


def order_grid(order: Order) -> Grid:
    """The colour × size grid of an order."""
    held = list(order_lines(order))
    grid = grid_of(Quantity(line.colour, line.size, line.quantity) for line in held)
    places = {line.size: line.size_position for line in held}
    return Grid(grid.colours, tuple(sorted(grid.sizes, key=lambda size: places[size])), grid.cells)


def barcodes(order: Order) -> dict[tuple[str, str], str]:
    """The barcodes of an order by (colour, size); those without one are absent."""
    rows = OrderLine.objects.filter(order=order).exclude(barcode="")
    return {(line.colour, line.size): line.barcode for line in rows}


def severity_overrides(buyer: Buyer) -> QuerySet[SeverityOverride]:
    """A buyer's own severities, with the defects, by code and zone."""
    return (
        SeverityOverride.objects.filter(buyer=buyer)
        .select_related("defect")
        .order_by("defect__code", "zone", "pk")
    )


def overrides_of(defect: Defect) -> QuerySet[SeverityOverride]:
    """The buyers that give this defect a severity of their own, by name and zone."""
    return (
        SeverityOverride.objects.filter(defect=defect)
        .select_related("buyer")
        .order_by("buyer__name", "zone", "pk")
    )


def effective_severity(
    *, defect: Defect, buyer: Buyer, zone: str = severities.ANY_ZONE, is_for_children: bool = False
) -> str:
    """The severity of a defect for a buyer in a zone ("" where the zone is not known): one query.

    See `rules.severity.effective_severity`, which also says which errors it raises.
    """
    own = SeverityOverride.objects.filter(buyer=buyer, defect=defect).values_list("zone", "severity")
    return severities.effective_severity(
        defect=defect.rule, buyer=dict(own), zone=zone, is_for_children=is_for_children
    )


def severity_table(*, buyer: Buyer, is_for_children: bool = False) -> dict[str, dict[str, str]]:
    """Defect code → zone ("", A, B, C) → severity, for every defect in use: two queries.

    What a device or an inspection's snapshot needs in order to decide alone.
    """
    own: Mapping[UUID, dict[str, str]] = defaultdict(dict)
    for row in SeverityOverride.objects.filter(buyer=buyer):
        own[row.defect_id][row.zone] = row.severity
    return {
        defect.code: {
            zone: severities.effective_severity(
                defect=defect.rule, buyer=own.get(defect.pk, {}), zone=zone, is_for_children=is_for_children
            )
            for zone in (severities.ANY_ZONE, *severities.ZONES)
        }
        for defect in defects().filter(is_active=True)
    }


def stage_rules(buyer: Buyer) -> QuerySet[BuyerStageRule]:
    """What a buyer asks for at single stages, with the stages, in the order of production."""
    return (
        BuyerStageRule.objects.filter(buyer=buyer)
        .select_related("stage")
        .order_by("stage__position", "stage__code")
    )


def rules_for(buyer: Buyer, stage: Stage) -> BuyerRules:
    """Every rule by which this buyer's goods are inspected at this stage: one query.

    See `rules.buyers.rules_at_stage` for what goes before what.
    """
    own = BuyerStageRule.objects.filter(buyer=buyer, stage=stage).first()
    return rules_at_stage(
        buyer={name: getattr(buyer, name) for name in BuyerRules.__dataclass_fields__},
        stage_rule={name: getattr(own, name) for name in STAGE_RULE_FIELDS} if own else {},
        settings=stage.settings,
    )


def template_for(stage: Stage) -> ChecklistTemplate | None:
    """The checklist that inspections of this stage begin with now, or None: one query.

    The workspace's own goes before the starter pack's, and of several the one added last. Its `items` and `version` go into the
    inspection's snapshot, so that later versions do not touch inspections begun before.
    """
    return checklists().filter(stage=stage, is_active=True).first()


def compartments() -> list[tuple[str, str]]:
    """(id, name) of the buyers in use: what a buyer guest can be narrowed to."""
    return [
        (str(pk), name)
        for pk, name in buyers().filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
    ]


def steps_done(workspace_id: UUID) -> dict[str, bool] | None:
    """Which first things a production site already has; None for another kind of workspace. One query."""
    nouns = {"site": Site, "line": Line, "defects": Defect, "buyer": Buyer, "style": Style, "order": Order}
    facts = Workspace.objects.filter(pk=workspace_id, kind=WorkspaceKind.PRODUCTION_SITE).values(
        **{noun: Exists(model._default_manager.all()) for noun, model in nouns.items()}
    )
    return next(({noun: bool(there) for noun, there in row.items()} for row in facts), None)

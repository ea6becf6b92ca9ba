"""The catalog over the API: the same services as the pages."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Status

from goldseal.catalog import api_importing, api_methods, schemas, schemas_orders, selectors, services
from goldseal.catalog.apiparts import READING, VIEW, WRITING, Active, After, Limit, given, page, put_away
from goldseal.catalog.models import Order, Site
from goldseal.catalog.rules.grid import Quantity
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

router = Router(tags=["catalog"])
router.add_router("", api_methods.router)

router.add_router("", api_importing.router)


@router.get("/buyers", response={200: schemas.BuyerPage, **READING}, operation_id="list_buyers")
def list_buyers(request: HttpRequest, after: After = None, limit: Limit = 50, active: Active = None) -> Any:
    """Buyers in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return page(selectors.buyers(), after, limit, active)


@router.post("/buyers", response={201: schemas.BuyerOut, **WRITING}, operation_id="create_buyer")
def create_buyer(request: HttpRequest, body: schemas.BuyerIn) -> Any:
    """Add a buyer."""
    actor, now = visit(request)
    return Status(201, services.create_buyer(values=given(body)[0], actor=actor, now=now))


@router.get("/buyers/{pk}", response={200: schemas.BuyerOut, **READING}, operation_id="get_buyer")
def get_buyer(request: HttpRequest, pk: UUID) -> Any:
    """One buyer."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(selectors.buyers(), pk)


@router.patch("/buyers/{pk}", response={200: schemas.BuyerOut, **WRITING}, operation_id="edit_buyer")
def edit_buyer(request: HttpRequest, pk: UUID, body: schemas.BuyerEdit) -> Any:
    """Change a buyer; what is left out stays."""
    actor, now = visit(request)
    values, revision = given(body)
    return services.edit_buyer(buyer_id=pk, values=values, revision=revision, actor=actor, now=now)


@router.get(
    "/buyers/{pk}/severities",
    response={200: list[schemas.OverrideOut], **READING},
    operation_id="list_severities",
)
def list_severities(request: HttpRequest, pk: UUID) -> Any:
    """A buyer's own severities."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return list(selectors.severity_overrides(selectors.found(selectors.buyers(), pk)))


@router.put(
    "/buyers/{pk}/severities", response={200: schemas.OverrideOut, **WRITING}, operation_id="set_severity"
)
def set_severity(request: HttpRequest, pk: UUID, body: schemas.OverrideIn) -> Any:
    """Give a defect a severity of this buyer's own; replaces the one for the same defect and zone."""
    actor, now = visit(request)
    return services.override_severity(
        buyer_id=pk, defect_id=body.defect_id, zone=body.zone, severity=body.severity, actor=actor, now=now
    )


def _sites() -> QuerySet[Site]:
    return Site.objects.prefetch_related("lines")


@router.get("/sites", response={200: schemas.SitePage, **READING}, operation_id="list_sites")
def list_sites(request: HttpRequest, after: After = None, limit: Limit = 50, active: Active = None) -> Any:
    """Sites with their lines, in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return page(_sites(), after, limit, active)


@router.post("/sites", response={201: schemas.SiteOut, **WRITING}, operation_id="create_site")
def create_site(request: HttpRequest, body: schemas.SiteIn) -> Any:
    """Add a site."""
    actor, now = visit(request)
    return Status(201, services.create_site(values=given(body)[0], actor=actor, now=now))


@router.get("/sites/{pk}", response={200: schemas.SiteOut, **READING}, operation_id="get_site")
def get_site(request: HttpRequest, pk: UUID) -> Any:
    """One site."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(_sites(), pk)


@router.patch("/sites/{pk}", response={200: schemas.SiteOut, **WRITING}, operation_id="edit_site")
def edit_site(request: HttpRequest, pk: UUID, body: schemas.SiteEdit) -> Any:
    """Change a site; what is left out stays."""
    actor, now = visit(request)
    values, revision = given(body)
    return services.edit_site(site_id=pk, values=values, revision=revision, actor=actor, now=now)


@router.post("/sites/{pk}/lines", response={201: schemas.LineOut, **WRITING}, operation_id="create_line")
def create_line(request: HttpRequest, pk: UUID, body: schemas.LineIn) -> Any:
    """Add a line to a site."""
    actor, now = visit(request)
    return Status(201, services.create_line(site_id=pk, values=given(body)[0], actor=actor, now=now))


@router.patch("/lines/{pk}", response={200: schemas.LineOut, **WRITING}, operation_id="edit_line")
def edit_line(request: HttpRequest, pk: UUID, body: schemas.LineEdit) -> Any:
    """Change a line; what is left out stays."""
    actor, now = visit(request)
    values, revision = given(body)
    return services.edit_line(line_id=pk, values=values, revision=revision, actor=actor, now=now)


@router.get("/styles", response={200: schemas.StylePage, **READING}, operation_id="list_styles")
def list_styles(request: HttpRequest, after: After = None, limit: Limit = 50, active: Active = None) -> Any:
    """Styles in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return page(selectors.styles(), after, limit, active)


@router.post("/styles", response={201: schemas.StyleOut, **WRITING}, operation_id="create_style")
def create_style(request: HttpRequest, body: schemas.StyleIn) -> Any:
    """Add a style."""
    actor, now = visit(request)
    return Status(201, services.create_style(values=given(body)[0], actor=actor, now=now))


@router.get("/styles/{pk}", response={200: schemas.StyleOut, **READING}, operation_id="get_style")
def get_style(request: HttpRequest, pk: UUID) -> Any:
    """One style."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(selectors.styles(), pk)


@router.patch("/styles/{pk}", response={200: schemas.StyleOut, **WRITING}, operation_id="edit_style")
def edit_style(request: HttpRequest, pk: UUID, body: schemas.StyleEdit) -> Any:
    """Change a style; what is left out stays."""
    actor, now = visit(request)
    values, revision = given(body)
    return services.edit_style(style_id=pk, values=values, revision=revision, actor=actor, now=now)


def _with_lines(order: Order) -> dict[str, Any]:
    brief = schemas_orders.OrderBrief.from_orm(order).dict()
    rows = list(selectors.order_lines(order))
    return {
        **brief,
        "lines": rows,
        "barcodes": [row for row in rows if row.barcode],
        "packing": order.packing,
    }


def _pieces(body: schemas_orders.OrderFields) -> dict[str, Any]:
    """What was sent of quantities, barcodes and packing, as the service takes it."""
    sent = body.model_fields_set
    found: dict[str, Any] = {}
    if "lines" in sent:
        found["quantities"] = [Quantity(line.colour, line.size, line.quantity) for line in body.lines]
    if "barcodes" in sent:
        found["barcodes"] = {(row.colour, row.size): row.barcode for row in body.barcodes}
    if "packing" in sent:
        found["packing"] = body.packing.dict()
    return found


def _order_values(body: schemas_orders.OrderFields) -> tuple[dict[str, Any], int | None]:
    values, revision = given(body)
    return {k: v for k, v in values.items() if k not in ("lines", "barcodes", "packing")}, revision


@router.get("/orders", response={200: schemas_orders.OrderPage, **READING}, operation_id="list_orders")
def list_orders(request: HttpRequest, after: After = None, limit: Limit = 50, active: Active = None) -> Any:
    """Orders without their lines, in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return page(selectors.orders(), after, limit, active)


@router.post("/orders", response={201: schemas_orders.OrderOut, **WRITING}, operation_id="create_order")
def create_order(request: HttpRequest, body: schemas_orders.OrderIn) -> Any:
    """Add an order with its quantities."""
    actor, now = visit(request)
    values, _revision = _order_values(body)
    order = services.save_order(values=values, **_pieces(body), actor=actor, now=now)
    return Status(201, _with_lines(order))


@router.get("/orders/{pk}", response={200: schemas_orders.OrderOut, **READING}, operation_id="get_order")
def get_order(request: HttpRequest, pk: UUID) -> Any:
    """One order with its quantities."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return _with_lines(selectors.found(selectors.orders(), pk))


@router.patch("/orders/{pk}", response={200: schemas_orders.OrderOut, **WRITING}, operation_id="edit_order")
def edit_order(request: HttpRequest, pk: UUID, body: schemas_orders.OrderEdit) -> Any:
    """Change an order; what is left out stays, `lines` replace all former ones."""
    actor, now = visit(request)
    values, revision = _order_values(body)
    order = services.save_order(
        order_id=pk, values=values, **_pieces(body), revision=revision, actor=actor, now=now
    )
    return _with_lines(order)


@router.get("/defects", response={200: schemas.DefectPage, **READING}, operation_id="list_defects")
def list_defects(request: HttpRequest, after: After = None, limit: Limit = 50, active: Active = None) -> Any:
    """The defect library in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return page(selectors.defects(), after, limit, active)


@router.post("/defects", response={201: schemas.DefectOut, **WRITING}, operation_id="create_defect")
def create_defect(request: HttpRequest, body: schemas.DefectIn) -> Any:
    """Add a defect of the workspace's own."""
    actor, now = visit(request)
    return Status(201, services.create_defect(values=given(body)[0], actor=actor, now=now))


@router.get("/defects/{pk}", response={200: schemas.DefectOut, **READING}, operation_id="get_defect")
def get_defect(request: HttpRequest, pk: UUID) -> Any:
    """One defect."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(selectors.defects(), pk)


@router.patch("/defects/{pk}", response={200: schemas.DefectOut, **WRITING}, operation_id="edit_defect")
def edit_defect(request: HttpRequest, pk: UUID, body: schemas.DefectEdit) -> Any:
    """Change a defect; what is left out stays."""
    actor, now = visit(request)
    values, revision = given(body)
    return services.edit_defect(defect_id=pk, values=values, revision=revision, actor=actor, now=now)


for _noun in ("buyer", "site", "line", "style", "order", "defect"):
    put_away(
        router,
        _noun,
        key=f"{_noun}_id",
        retire=getattr(services, f"retire_{_noun}"),
        restore=getattr(services, f"restore_{_noun}"),
        delete=getattr(services, f"delete_{_noun}"),
    )

"""Pages of orders with their colour × size grid."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.choices import OrderStatus
from goldseal.catalog.forms import OrderForm
from goldseal.catalog.gridinput import GridInput
from goldseal.catalog.models import Order
from goldseal.catalog.views import parts
from goldseal.kit.errors import Invalid
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.visits import visit
from goldseal.kit.wording import day_in_words, number_in_words_of_page
from goldseal.workspaces.permissions import authorize


@require_GET
def order_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every order, the next to leave the factory first."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    has_styles = selectors.styles().filter(is_active=True).exists()
    listing = Listing(
        request,
        selectors.orders().annotate(leaves_on=Coalesce("ex_factory_on", date.max)),
        [
            Column("po", _("PO number"), lambda o: o.po_number, sort="po_number"),
            Column("buyer", _("Buyer"), lambda o: o.buyer.name, sort="buyer__name"),
            Column("style", _("Style"), lambda o: o.style.code, sort="style__code"),
            Column(
                "quantity",
                _("Pieces"),
                lambda o: number_in_words_of_page(o.quantity),
                sort="quantity",
                css="end",
                plain=lambda o: o.quantity,
            ),
            Column(
                "leaves", _("Ex-factory"), leaves, sort="leaves_on", plain=lambda o: o.ex_factory_on or ""
            ),
            Column("status", _("Status"), lambda o: o.get_status_display(), sort="status"),
            parts.state_column(),
        ],
        search=("po_number", "style__code", "style__name", "buyer__name", "destination"),
        filters=[Filter("status", _("Status"), OrderStatus.choices, "status"), parts.STATE_FILTER],
        default_sort="leaves",
        link=lambda o: parts.address(request, f"orders/{o.pk}/"),
        empty_icon="package",
        empty_title=_("No order yet"),
        empty_text=_("Add the first order with its colours and sizes; then it can be inspected.")
        if has_styles
        else _("Orders are placed for a style, so add a style first."),
    )
    actions = parts.create_action(request, actor, parts.EDIT, "orders/new/", _("Add an order"))
    if not has_styles:
        actions = parts.create_action(request, actor, parts.EDIT, "styles/new/", _("Add a style"))
    actions += parts.import_action(request, actor, parts.EDIT, "orders")
    return listing.spreadsheet("orders") or render(
        request, "kit/list_page.html", {"heading": _("Orders"), "listing": listing, "actions": actions}
    )


def leaves(order: Order) -> str:
    """The ex-factory date in words."""
    return day_in_words(order.ex_factory_on) if order.ex_factory_on else ""


@require_GET
def order_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One order: particulars, colour × size grid with totals, history."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    order = selectors.found(selectors.orders(), pk)
    grid = selectors.order_grid(order)
    return render(
        request,
        "catalog/order.html",
        {
            "row": order,
            "noun": "orders",
            "heading": order.po_number,
            "lead": f"{order.buyer.name} · {order.style.code} {order.style.label}",
            "back_url": parts.address(request, "orders/"),
            "back_label": _("Orders"),
            "may_edit": actor.may(parts.EDIT),
            "grid": grid,
            "lines": selectors.order_lines(order).exclude(barcode=""),
            "size_sums": [grid.of_size(size) for size in grid.sizes],
            "catalog_url": parts.address(request),
            "history": parts.history(actor, order),
        },
    )


@require_http_methods(["GET", "POST"])
def new_order(request: HttpRequest, slug: str) -> HttpResponse:
    """Add an order; `?style=` chooses the style beforehand."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    form = OrderForm(request.POST or None, initial={"style": request.GET.get("style", "")})
    grid = GridInput.posted(request.POST) if request.method == "POST" else GridInput.empty()

    def save(values: dict[str, Any], _revision: int | None) -> Order:
        return services.save_order(values=values, **_gridded(grid, form), actor=actor, now=now)

    return _form(
        request,
        form,
        grid,
        save,
        heading=_("Add an order"),
        submit=_("Add the order"),
        back="orders/",
        back_label=_("Orders"),
    )


@require_http_methods(["GET", "POST"])
def edit_order(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change an order and its quantities."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    order = selectors.found(selectors.orders(), pk)
    form = OrderForm(request.POST or None, row=order)
    if request.method == "POST":
        grid = GridInput.posted(request.POST)
    else:
        grid = GridInput.of(selectors.order_grid(order), selectors.barcodes(order), order.packing)

    def save(values: dict[str, Any], revision: int | None) -> Order:
        return services.save_order(
            order_id=pk,
            values=values,
            **_gridded(grid, form),
            revision=revision,
            actor=actor,
            now=now,
        )

    return _form(
        request,
        form,
        grid,
        save,
        heading=order.po_number,
        submit=_("Save"),
        back=f"orders/{pk}/",
        back_label=order.po_number,
    )


def _gridded(grid: GridInput, form: OrderForm) -> dict[str, Any]:
    """What the service takes of the grid."""
    return {
        "quantities": grid.quantities() or [],
        "barcodes": grid.codes(),
        "packing": {**form.packing(), "ratio": grid.shares()},
    }


def _form(request: HttpRequest, form: OrderForm, grid: GridInput, save: Any, **page: Any) -> HttpResponse:
    """The order's form: a button of the grid rearranges it and saves nothing; the main button saves."""
    if request.method == "POST":
        if grid.rearranged(request.POST.get("grid", "")):
            fresh = OrderForm(initial={name: request.POST.get(name, "") for name in form.fields}, row=None)
            # Rearranging is no attempt to save: what was typed is shown as it is, without complaints.
            fresh.fields = form.fields
            return parts.form_page(request, fresh, template="catalog/order_form.html", grid=grid, **page)
        grid.quantities()
        if grid.problem:
            form.is_valid()
            form.add_error(None, grid.problem)
        else:
            done = parts.saved(request, form, _told(grid, save), "orders/{pk}/")
            if done:
                return done
    return parts.form_page(request, form, template="catalog/order_form.html", grid=grid, **page)


def _told(grid: GridInput, save: Any) -> Any:
    """`save`, with what the service says of the grid shown beside the grid, too."""

    def act(values: dict[str, Any], revision: int | None) -> Order:
        try:
            order: Order = save(values, revision)
        except Invalid as problem:
            for name in ("quantities", "barcodes", "packing.ratio"):
                if name in problem.fields:
                    grid.problem = str(problem.fields[name])
            raise
        return order

    return act


retire_order = parts.posted(
    services.retire_order,
    key="order_id",
    done=gettext_lazy("The order is retired. Its records stay."),
    path="orders/{pk}/",
)
restore_order = parts.posted(
    services.restore_order,
    key="order_id",
    done=gettext_lazy("The order is in use again."),
    path="orders/{pk}/",
)
delete_order = parts.posted(
    services.delete_order,
    key="order_id",
    done=gettext_lazy("The order is deleted."),
    path="orders/",
    failed="orders/{pk}/",
)

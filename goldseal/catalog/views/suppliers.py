"""Pages of suppliers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.choices import SupplierKind
from goldseal.catalog.forms import SupplierForm
from goldseal.catalog.views import parts
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize


@require_GET
def supplier_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every supplier with what it supplies."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    listing = Listing(
        request,
        selectors.suppliers(),
        [
            Column("name", _("Name"), lambda s: s.name, sort="name"),
            Column("code", _("Code"), lambda s: s.code, sort="code"),
            Column("kind", _("Supplies"), lambda s: s.get_kind_display(), sort="kind"),
            Column("contact", _("Contact person"), lambda s: s.contact_name),
            parts.state_column(),
        ],
        search=("name", "code", "contact_name"),
        filters=[Filter("kind", _("Supplies"), SupplierKind.choices, "kind"), parts.STATE_FILTER],
        default_sort="name",
        link=lambda s: parts.address(request, f"suppliers/{s.pk}/"),
        empty_icon="truck",
        empty_title=_("No supplier yet"),
        empty_text=_("Add the mills, trims makers and sub-contractors whose lots are inspected here."),
    )
    return listing.spreadsheet("suppliers") or render(
        request,
        "kit/list_page.html",
        {
            "heading": _("Suppliers"),
            "listing": listing,
            "actions": parts.create_action(request, actor, parts.EDIT, "suppliers/new/", _("Add a supplier")),
        },
    )


@require_GET
def supplier_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One supplier."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    supplier = selectors.found(selectors.suppliers(), pk)
    return render(
        request,
        "catalog/supplier.html",
        {
            "row": supplier,
            "noun": "suppliers",
            "heading": supplier.name,
            "lead": supplier.code,
            "back_url": parts.address(request, "suppliers/"),
            "back_label": _("Suppliers"),
            "may_edit": actor.may(parts.EDIT),
            "catalog_url": parts.address(request),
            "history": parts.history(actor, supplier),
        },
    )


@require_http_methods(["GET", "POST"])
def new_supplier(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a supplier."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    form = SupplierForm(request.POST or None)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, _revision: services.create_supplier(values=values, actor=actor, now=now),
            "suppliers/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=_("Add a supplier"),
        submit=_("Add the supplier"),
        back="suppliers/",
        back_label=_("Suppliers"),
    )


@require_http_methods(["GET", "POST"])
def edit_supplier(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a supplier."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    supplier = selectors.found(selectors.suppliers(), pk)
    form = SupplierForm(request.POST or None, row=supplier)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, revision: services.edit_supplier(
                supplier_id=pk, values=values, revision=revision, actor=actor, now=now
            ),
            "suppliers/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=supplier.name,
        submit=_("Save"),
        back=f"suppliers/{pk}/",
        back_label=supplier.name,
    )


retire_supplier = parts.posted(
    services.retire_supplier,
    key="supplier_id",
    done=gettext_lazy("The supplier is retired. Its records stay."),
    path="suppliers/{pk}/",
)
restore_supplier = parts.posted(
    services.restore_supplier,
    key="supplier_id",
    done=gettext_lazy("The supplier is in use again."),
    path="suppliers/{pk}/",
)
delete_supplier = parts.posted(
    services.delete_supplier,
    key="supplier_id",
    done=gettext_lazy("The supplier is deleted."),
    path="suppliers/",
    failed="suppliers/{pk}/",
)

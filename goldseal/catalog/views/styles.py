"""Pages of styles."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.choices import ProductFamily
from goldseal.catalog.forms import StyleForm
from goldseal.catalog.views import parts
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize


@require_GET
def style_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every style with its buyer."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    has_buyers = selectors.buyers().filter(is_active=True).exists()
    listing = Listing(
        request,
        selectors.styles(),
        [
            Column("code", _("Style number"), lambda s: s.code, sort="code"),
            Column("name", _("Name"), lambda s: s.label, sort="name"),
            Column("buyer", _("Buyer"), lambda s: s.buyer.name, sort="buyer__name"),
            Column("family", _("Product family"), lambda s: s.get_product_family_display()),
            Column("season", _("Season"), lambda s: s.season, sort="season"),
            parts.state_column(),
        ],
        search=("code", "name", "name_bn", "buyer__name", "season"),
        filters=[
            Filter("family", _("Product family"), ProductFamily.choices, "product_family"),
            parts.STATE_FILTER,
        ],
        default_sort="code",
        link=lambda s: parts.address(request, f"styles/{s.pk}/"),
        empty_icon="shirt",
        empty_title=_("No style yet"),
        empty_text=_("Add the first style; orders are placed for it.")
        if has_buyers
        else _("Styles belong to a buyer, so add a buyer first."),
    )
    actions = parts.create_action(request, actor, parts.EDIT, "styles/new/", _("Add a style"))
    if not has_buyers:
        actions = parts.create_action(request, actor, parts.EDIT, "buyers/new/", _("Add a buyer"))
    actions += parts.import_action(request, actor, parts.EDIT, "styles")
    return listing.spreadsheet("styles") or render(
        request, "kit/list_page.html", {"heading": _("Styles"), "listing": listing, "actions": actions}
    )


@require_GET
def style_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One style with its orders."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    style = selectors.found(selectors.styles(), pk)
    return render(
        request,
        "catalog/style.html",
        {
            "row": style,
            "noun": "styles",
            "heading": style.label,
            "lead": f"{style.code} · {style.buyer.name}",
            "back_url": parts.address(request, "styles/"),
            "back_label": _("Styles"),
            "may_edit": actor.may(parts.EDIT),
            "charts": selectors.charts().filter(style=style).order_by("-is_active", "wash"),
            "orders": selectors.orders().filter(style=style).order_by("-pk")[:20],
            "catalog_url": parts.address(request),
            "history": parts.history(actor, style),
        },
    )


@require_http_methods(["GET", "POST"])
def new_style(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a style; `?buyer=` chooses the buyer beforehand."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    form = StyleForm(request.POST or None, initial={"buyer": request.GET.get("buyer", "")})
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, _revision: services.create_style(values=values, actor=actor, now=now),
            "styles/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=_("Add a style"),
        submit=_("Add the style"),
        back="styles/",
        back_label=_("Styles"),
    )


@require_http_methods(["GET", "POST"])
def edit_style(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a style."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    style = selectors.found(selectors.styles(), pk)
    form = StyleForm(request.POST or None, row=style)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, revision: services.edit_style(
                style_id=pk, values=values, revision=revision, actor=actor, now=now
            ),
            "styles/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request, form, heading=style.code, submit=_("Save"), back=f"styles/{pk}/", back_label=style.code
    )


retire_style = parts.posted(
    services.retire_style,
    key="style_id",
    done=gettext_lazy("The style is retired. Its records stay."),
    path="styles/{pk}/",
)
restore_style = parts.posted(
    services.restore_style,
    key="style_id",
    done=gettext_lazy("The style is in use again."),
    path="styles/{pk}/",
)
delete_style = parts.posted(
    services.delete_style,
    key="style_id",
    done=gettext_lazy("The style is deleted."),
    path="styles/",
    failed="styles/{pk}/",
)

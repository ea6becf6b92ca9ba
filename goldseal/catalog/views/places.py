"""Pages of sites and their lines."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.forms import LineForm, SiteForm
from goldseal.catalog.views import parts
from goldseal.kit.listing import Column, Listing
from goldseal.kit.visits import visit
from goldseal.kit.wording import number_in_words_of_page
from goldseal.workspaces.permissions import authorize


@require_GET
def site_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every site with the number of its lines."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    listing = Listing(
        request,
        selectors.sites(),
        [
            Column("name", _("Name"), lambda s: s.name, sort="name"),
            Column("code", _("Code"), lambda s: s.code, sort="code"),
            Column(
                "lines",
                _("Lines"),
                lambda s: number_in_words_of_page(s.line_count),
                sort="line_count",
                css="end",
            ),
            Column("address", _("Address"), lambda s: s.address),
            parts.state_column(),
        ],
        search=("name", "code", "address"),
        filters=[parts.STATE_FILTER],
        default_sort="name",
        link=lambda s: parts.address(request, f"sites/{s.pk}/"),
        empty_icon="building-factory",
        empty_title=_("No site yet"),
        empty_text=_("Add the place where garments are made, then its lines."),
    )
    return listing.spreadsheet("sites") or render(
        request,
        "kit/list_page.html",
        {
            "heading": _("Sites and lines"),
            "listing": listing,
            "actions": [
                *parts.create_action(request, actor, parts.EDIT, "sites/new/", _("Add a site")),
                {"url": parts.address(request, "suppliers/"), "icon": "truck", "label": _("Suppliers")},
            ],
        },
    )


@require_GET
def site_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One site with its lines."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    site = selectors.found(selectors.sites(), pk)
    return render(
        request,
        "catalog/site.html",
        {
            "row": site,
            "noun": "sites",
            "heading": site.name,
            "back_url": parts.address(request, "sites/"),
            "back_label": _("Sites and lines"),
            "may_edit": actor.may(parts.EDIT),
            "lines": selectors.lines().filter(site=site).order_by("-is_active", "code", "pk"),
            "catalog_url": parts.address(request),
            "history": parts.history(actor, site),
        },
    )


@require_http_methods(["GET", "POST"])
def new_site(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a site."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    form = SiteForm(request.POST or None)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, _revision: services.create_site(values=values, actor=actor, now=now),
            "sites/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=_("Add a site"),
        submit=_("Add the site"),
        back="sites/",
        back_label=_("Sites and lines"),
    )


@require_http_methods(["GET", "POST"])
def edit_site(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a site."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    site = selectors.found(selectors.sites(), pk)
    form = SiteForm(request.POST or None, row=site)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, revision: services.edit_site(
                site_id=pk, values=values, revision=revision, actor=actor, now=now
            ),
            "sites/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request, form, heading=site.name, submit=_("Save"), back=f"sites/{pk}/", back_label=site.name
    )


@require_http_methods(["GET", "POST"])
def new_line(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Add a line to a site."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    site = selectors.found(selectors.sites(), pk)
    form = LineForm(request.POST or None)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, _revision: services.create_line(site_id=pk, values=values, actor=actor, now=now),
            f"sites/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=_("Add a line"),
        submit=_("Add the line"),
        back=f"sites/{pk}/",
        back_label=site.name,
    )


@require_http_methods(["GET", "POST"])
def edit_line(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a line, retire or delete it."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    line = selectors.found(selectors.lines(), pk)
    back = f"sites/{line.site_id}/"
    form = LineForm(request.POST or None, row=line)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, revision: services.edit_line(
                line_id=pk, values=values, revision=revision, actor=actor, now=now
            ),
            back,
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=line.name,
        submit=_("Save"),
        back=back,
        back_label=line.site.name,
        template="catalog/line_form.html",
        row=line,
        noun="lines",
        may_edit=True,
        catalog_url=parts.address(request),
    )


retire_site = parts.posted(
    services.retire_site,
    key="site_id",
    done=gettext_lazy("The site is retired. Its records stay."),
    path="sites/{pk}/",
)
restore_site = parts.posted(
    services.restore_site, key="site_id", done=gettext_lazy("The site is in use again."), path="sites/{pk}/"
)
delete_site = parts.posted(
    services.delete_site,
    key="site_id",
    done=gettext_lazy("The site is deleted."),
    path="sites/",
    failed="sites/{pk}/",
)
retire_line = parts.posted(
    services.retire_line,
    key="line_id",
    done=gettext_lazy("The line is retired. Its records stay."),
    path="sites/{row.site_id}/",
)
restore_line = parts.posted(
    services.restore_line,
    key="line_id",
    done=gettext_lazy("The line is in use again."),
    path="sites/{row.site_id}/",
)
delete_line = parts.posted(
    services.delete_line,
    key="line_id",
    done=gettext_lazy("The line is deleted."),
    path="sites/",
    failed="lines/{pk}/",
)

"""Pages of buyers and their own severities."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.forms import BuyerForm, BuyerParticularsForm, SeverityForm
from goldseal.catalog.models import Buyer, BuyerStageRule
from goldseal.catalog.rulewords import label_of, rules_in_words, value_in_words
from goldseal.catalog.views import parts
from goldseal.kit.forming import submitted
from goldseal.kit.listing import Column, Listing
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize


@require_GET
def buyer_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every buyer with its AQLs."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    listing = Listing(
        request,
        selectors.buyers(),
        [
            Column("name", _("Name"), lambda b: b.name, sort="name"),
            Column("code", _("Code"), lambda b: b.code, sort="code"),
            Column("level", _("Level"), lambda b: b.aql_level),
            Column("aql", _("AQL critical / major / minor"), aqls),
            Column("inspection", _("Inspection"), lambda b: b.get_inspection_type_display()),
            parts.state_column(),
        ],
        search=("name", "code", "contact_name"),
        filters=[parts.STATE_FILTER],
        default_sort="name",
        link=lambda b: parts.address(request, f"buyers/{b.pk}/"),
        empty_icon="building-store",
        empty_title=_("No buyer yet"),
        empty_text=_("Add the first buyer with its AQLs: styles, orders and inspections follow its rules."),
    )
    return listing.spreadsheet("buyers") or render(
        request,
        "kit/list_page.html",
        {
            "heading": _("Buyers"),
            "listing": listing,
            "actions": parts.create_action(request, actor, parts.EDIT, "buyers/new/", _("Add a buyer")),
        },
    )


def aqls(buyer: Buyer) -> str:
    """The three AQLs in one cell."""
    return f"{buyer.aql_critical} / {buyer.aql_major} / {buyer.aql_minor}"


@require_GET
def buyer_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One buyer: rules, own severities, styles, orders, history."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    return _page(request, selectors.found(selectors.buyers(), pk), None)


@require_http_methods(["GET", "POST"])
def new_buyer(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a buyer."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    form = BuyerForm(request.POST or None)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, _revision: services.create_buyer(values=values, actor=actor, now=now),
            "buyers/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=_("Add a buyer"),
        submit=_("Add the buyer"),
        back="buyers/",
        back_label=_("Buyers"),
    )


@require_http_methods(["GET", "POST"])
def edit_buyer(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a buyer's particulars; its rules have a page of their own."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    buyer = selectors.found(selectors.buyers(), pk)
    form = BuyerParticularsForm(request.POST or None, row=buyer)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, revision: services.edit_buyer(
                buyer_id=pk, values=values, revision=revision, actor=actor, now=now
            ),
            "buyers/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request, form, heading=buyer.name, submit=_("Save"), back=f"buyers/{pk}/", back_label=buyer.name
    )


@require_http_methods(["GET", "POST"])
def severities(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Set this buyer's own severity for a defect; the form stands on the buyer's page."""
    actor, now = visit(request)
    authorize(actor, parts.EDIT)
    buyer = selectors.found(selectors.buyers(), pk)
    form = SeverityForm(request.POST or None)
    if request.method != "POST":
        return _page(request, buyer, form)
    saved = submitted(
        form,
        lambda values: services.override_severity(
            buyer_id=pk,
            defect_id=values["defect"].pk,
            zone=values["zone"],
            severity=values["severity"],
            actor=actor,
            now=now,
        ),
    )
    if saved:
        messages.success(request, _("Saved."))
        return redirect(parts.address(request, f"buyers/{pk}/#severities"))
    return _page(request, buyer, form)


retire_buyer = parts.posted(
    services.retire_buyer,
    key="buyer_id",
    done=gettext_lazy("The buyer is retired. Its records stay."),
    path="buyers/{pk}/",
)
restore_buyer = parts.posted(
    services.restore_buyer,
    key="buyer_id",
    done=gettext_lazy("The buyer is in use again."),
    path="buyers/{pk}/",
)
delete_buyer = parts.posted(
    services.delete_buyer,
    key="buyer_id",
    done=gettext_lazy("The buyer is deleted."),
    path="buyers/",
    failed="buyers/{pk}/",
)
clear_severity = parts.posted(
    services.clear_severity,
    key="override_id",
    done=gettext_lazy("The library's severity holds again."),
    path="buyers/{row.pk}/#severities",
)


def _page(request: HttpRequest, buyer: Buyer, form: SeverityForm | None) -> HttpResponse:
    """The buyer's page; `form` with what was typed, where it could not be saved."""
    actor, _now = visit(request)
    may_edit = actor.may(parts.EDIT)
    styles = selectors.styles().filter(buyer=buyer)
    orders = selectors.orders().filter(buyer=buyer)
    return render(
        request,
        "catalog/buyer.html",
        {
            "row": buyer,
            "noun": "buyers",
            "heading": buyer.name,
            "back_url": parts.address(request, "buyers/"),
            "back_label": _("Buyers"),
            "may_edit": may_edit,
            "limits": [
                ("critical", buyer.aql_critical),
                ("major", buyer.aql_major),
                ("minor", buyer.aql_minor),
            ],
            "rule_groups": list(rules_in_words(buyer)),
            "stage_rules": [
                (rule.stage, label_of(BuyerStageRule, name), value_in_words(BuyerStageRule, name, value))
                for rule in selectors.stage_rules(buyer)
                for name in selectors.STAGE_RULE_FIELDS
                if (value := getattr(rule, name))
            ],
            "overrides": selectors.severity_overrides(buyer),
            "severity_form": (form or SeverityForm()) if may_edit else None,
            "styles": styles.order_by("-pk")[:8],
            "orders": orders.order_by("-pk")[:8],
            "catalog_url": parts.address(request),
            "history": parts.history(actor, buyer),
        },
        status=422 if form is not None and form.errors else 200,
    )

"""The list of nonconformities, opening one by hand, the boards, the Pareto chart and the settings."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.capa import (
    audit_services,
    board_selectors,
    choices,
    figures_selectors,
    opening_services,
    settings_services,
)
from goldseal.capa.forms import FactsForm, ParetoForm, SettingsForm
from goldseal.capa.rules import figures, lifecycle
from goldseal.capa.selectors import listed, settings_in_force, words_match
from goldseal.capa.showing import due_mark, place, state_mark, today_of
from goldseal.catalog.choices import Severity
from goldseal.catalog.selectors import buyers
from goldseal.inspections.rules.metrics import ParetoRow, rounded
from goldseal.kit.forming import submitted
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.templatetags.goldseal import severity
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

PARETO_DAYS, PARETO_ROWS = 30, 60


@require_GET
def nonconformity_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every nonconformity, the newest first."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    today = today_of(request)
    base = place(request)
    listing = Listing(
        request,
        listed(),
        [
            Column(
                "number",
                _("Number"),
                lambda c: format_html('<span class="report-number">{}</span>', c.number),
                sort="pk",
                plain=lambda c: c.number,
            ),
            Column("title", _("Title"), lambda c: c.title),
            Column("state", _("Status"), state_mark, sort="state", plain=lambda c: c.get_state_display()),
            Column(
                "severity",
                _("Severity"),
                lambda c: severity(c.severity),
                plain=lambda c: c.get_severity_display(),
            ),
            Column("source", _("Source"), lambda c: c.get_source_display()),
            Column("buyer", _("Buyer"), lambda c: c.buyer.name if c.buyer else ""),
            Column(
                "owner",
                pgettext("corrective action", "Owner"),
                lambda c: c.owner.display_name if c.owner else "",
            ),
            Column(
                "due",
                _("Due on"),
                lambda c: due_mark(c.due_on, c.state, today),
                sort="due_on",
                plain=lambda c: c.due_on.isoformat(),
            ),
        ],
        search=words_match,
        page_size=50,
        filters=[
            Filter("state", _("Status"), choices.CaseState.choices, "state"),
            Filter("severity", _("Severity"), Severity.choices, "severity"),
            Filter("source", _("Source"), choices.Source.choices, "source"),
            Filter(
                "whose",
                pgettext("corrective action", "Owner"),
                [("mine", _("Mine")), ("nobody", _("Nobody yet"))],
                lambda value: Q(owner_id=actor.person_id) if value == "mine" else Q(owner__isnull=True),
            ),
            Filter(
                "when",
                pgettext("nonconformity", "Due"),
                [("overdue", _("Overdue")), ("open", _("Not closed"))],
                lambda value: (
                    (Q(due_on__lt=today) if value == "overdue" else Q()) & ~Q(state=lifecycle.CLOSED)
                ),
            ),
            Filter(
                "buyer",
                _("Buyer"),
                [(str(pk), name) for pk, name in buyers().order_by("name").values_list("pk", "name")[:100]],
                lambda value: Q(buyer_id=UUID(value)),
            ),
        ],
        default_sort="-number",
        link=lambda c: f"{base}{c.pk}/",
        empty_icon="flag",
        empty_title=_("No nonconformity yet"),
        empty_text=_("A failed inspection opens one by itself; what you see yourself you open by hand."),
    )
    actions = [
        {"url": f"{base}board/", "icon": "list-details", "label": _("Boards")},
        {"url": f"{base}pareto/", "icon": "scale", "label": _("Pareto")},
    ]
    if actor.may("capa.work"):
        actions.insert(0, {"url": f"{base}new/", "icon": "plus", "label": _("Open a nonconformity")})
    if actor.may("capa.settings"):
        actions.append({"url": f"{base}settings/", "icon": "settings", "label": _("Settings")})
    return listing.spreadsheet("nonconformities") or render(
        request,
        "kit/list_page.html",
        {"heading": _("Nonconformities"), "listing": listing, "actions": actions},
    )


@require_http_methods(["GET", "POST"])
def new_nonconformity(request: HttpRequest, slug: str) -> HttpResponse:
    """Open one by hand."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    today = today_of(request)
    form = FactsForm(
        request.POST or None,
        initial={"found_on": today, "due_on": today + timedelta(days=settings_in_force().due_days)},
    )
    if request.method == "POST":
        made = submitted(
            form,
            lambda values: opening_services.open_nonconformity(values=values, actor=actor, now=now),
        )
        if made is not None:
            messages.success(request, _("%(number)s is open.") % {"number": made.number})
            return redirect(place(request, f"{made.pk}/"))
    return render(
        request,
        "capa/facts_form.html",
        {
            "form": form,
            "heading": _("Open a nonconformity"),
            "submit_label": _("Open it"),
            "back_url": place(request),
            "back_label": _("Nonconformities"),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def open_about(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Open one about an inspection; the one it has, if there is one."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = opening_services.open_about_inspection(inspection_id=pk, actor=actor, now=now)
    return redirect(place(request, f"{case.pk}/"))


@require_POST
def open_about_finding(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Open one about a finding of an audit; the one it has, if there is one."""
    actor, now = visit(request)
    item = request.POST.get("item", "")[:40]
    case = audit_services.open_about_finding(audit_id=pk, item=item, actor=actor, now=now)
    return redirect(place(request, f"{case.pk}/"))


@require_GET
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Open by age, owner and buyer; overdue; how often the effect was proved."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    shown = board_selectors.board(today_of(request))
    return render(
        request,
        "capa/board.html",
        {"board": shown, "base": place(request), "ages": board_selectors.age_bars(shown)},
    )


@require_GET
def pareto_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Defects by code × line × operation × shift over a span, with the 80 % line."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    today = today_of(request)
    usual = {
        "first": (today - timedelta(days=PARETO_DAYS)).isoformat(),
        "last": today.isoformat(),
        "by": ["code"],
    }
    asked = request.GET if "first" in request.GET else None
    form = ParetoForm(asked or usual)
    found = None
    if form.is_valid():
        values = form.cleaned_data
        found = figures_selectors.pareto_between(
            first=values["first"],
            last=values["last"],
            by=values["by"],
            where={name: values[name] for name in ("line", "stage", "style")},
        )
    bars = figures.pareto_bars(found.rows) if found else ()
    return render(
        request,
        "capa/pareto.html",
        {
            "form": form,
            "found": found,
            "bars": bars,
            "line": figures.line_through(bars),
            "rows": [_in_percent(row) for row in found.rows[:PARETO_ROWS]] if found else [],
            "base": place(request),
            "chart": {
                "width": figures.CHART_WIDTH,
                "height": figures.CHART_HEIGHT,
                "base": figures.BASE,
                "eighty": round(figures.BASE - (figures.BASE - 20) * 0.8, 1),
            },
        },
        status=200 if form.is_valid() else 422,
    )


def _in_percent(row: ParetoRow) -> dict[str, Any]:
    share, added_up = rounded(row.share_pct, places=1), rounded(row.cumulative_pct, places=1)
    return {"key": row.key, "count": row.count, "is_vital": row.is_vital, "share": share, "sum": added_up}


@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest, slug: str) -> HttpResponse:
    """When nonconformities open by themselves, how long things take, whom letters reach."""
    actor, now = visit(request)
    authorize(actor, "capa.settings")
    form = SettingsForm(request.POST or None, row=settings_in_force())
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: settings_services.set_capa_settings(values=values, actor=actor, now=now),
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect(place(request, "settings/"))
    return render(
        request,
        "kit/form_page.html",
        {
            "form": form,
            "heading": _("Settings of corrective action"),
            "submit_label": _("Save"),
            "back_url": place(request),
            "back_label": _("Nonconformities"),
        },
        status=422 if form.errors else 200,
    )

"""The list of inspections."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goldseal.inspections import page_selectors, selectors
from goldseal.inspections.models import Inspection, InspectionState, Verdict
from goldseal.inspections.snapshots import TAKEN_OVER
from goldseal.inspections.views_shown import place
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.templatetags.goldseal import verdict
from goldseal.kit.visits import visit
from goldseal.kit.wording import day_in_words, number_in_words_of_page
from goldseal.workspaces.permissions import authorize


def state_mark(row: Inspection) -> SafeString:
    """Where the inspection stands, as a small mark."""
    return format_html('<span class="state state-{}">{}</span>', row.state, row.get_state_display())


@require_GET
def inspection_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every inspection, the newest first."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view")
    may_plan = actor.may("inspections.plan")
    in_use = list(page_selectors.stages_in_use())
    stages = [(row.code, f"{row.code} {row.name}") for row in in_use]
    stage_ids = {row.code: row.pk for row in in_use}
    listing = Listing(
        request,
        selectors.listed(),
        [
            Column("number", _("Inspection"), lambda i: i.code, sort="pk"),
            Column(
                "verdict",
                _("Verdict"),
                lambda i: verdict(i.verdict),
                sort="verdict",
                plain=lambda i: i.get_verdict_display(),
            ),
            Column(
                "state",
                _("Status"),
                state_mark,
                sort="state",
                plain=lambda i: i.get_state_display(),
            ),
            Column("buyer", _("Buyer"), lambda i: i.buyer.name),
            Column("style", _("Style"), lambda i: i.style.code),
            Column("po", _("PO number"), lambda i: i.order.po_number),
            Column(
                "lot",
                _("Lot"),
                lambda i: number_in_words_of_page(i.lot_size),
                css="end",
                plain=lambda i: i.lot_size,
            ),
            Column(
                "sample",
                _("Sample"),
                lambda i: number_in_words_of_page(i.sample_size),
                css="end",
                plain=lambda i: i.sample_size,
            ),
            Column(
                "planned",
                _("Planned for"),
                lambda i: day_in_words(i.planned_on),
                sort="planned_on",
                plain=lambda i: i.planned_on.isoformat(),
            ),
            Column("inspector", _("Inspector"), lambda i: i.inspector.display_name if i.inspector else ""),
        ],
        search=selectors.words_match,
        page_size=80,
        filters=[
            Filter("state", _("Status"), InspectionState.choices, "state"),
            Filter("verdict", _("Verdict"), Verdict.choices, "verdict"),
            Filter("stage", _("Stage"), stages, lambda code: Q(stage_id=stage_ids[code])),
            Filter(
                "whose",
                _("Inspector"),
                [("mine", _("Mine")), ("nobody", _("Nobody yet"))],
                lambda value: (
                    Q(inspector_id=actor.person_id)
                    if value == "mine"
                    else Q(inspector__isnull=True) & ~TAKEN_OVER
                ),
            ),
        ],
        default_sort="-number",
        link=lambda i: place(request, f"{i.pk}/"),
        empty_icon="clipboard-check",
        empty_title=_("No inspection yet"),
        empty_text=_("Plan the first one: choose an order, and the sampling plan is worked out for you.")
        if may_plan
        else _("What is planned for you appears here."),
    )
    actions = [
        {"url": place(request, "calendar/"), "icon": "calendar", "label": _("Calendar")},
        {"url": place(request, "live/"), "icon": "eye", "label": _("In progress")},
        {"url": place(request, "board/"), "icon": "list-details", "label": _("Board of the lines")},
    ]
    if may_plan:
        actions.insert(0, {"url": place(request, "new/"), "icon": "plus", "label": _("Plan an inspection")})
    return listing.spreadsheet("inspections") or render(
        request, "kit/list_page.html", {"heading": _("Inspections"), "listing": listing, "actions": actions}
    )

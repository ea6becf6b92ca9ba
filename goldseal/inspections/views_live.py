"""What is being inspected now: when each inspection was last heard of, and from whom."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goldseal.inspections import floor_selectors
from goldseal.inspections.views_shown import place
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


@require_GET
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """The page, which refreshes itself."""
    actor, now = visit(request)
    authorize(actor, "inspections.view")
    context = {
        "heading": _("In progress"),
        "running": floor_selectors.running(now, workspace_of(request).time_zone),
        "url": place(request, "live/"),
        "base": place(request),
    }
    return render(request, "inspections/live.html", context)

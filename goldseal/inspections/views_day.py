"""The sheet of a day: every line of a site with its figures, and the report made of it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from goldseal.catalog.choices import in_language
from goldseal.catalog.models import Site
from goldseal.inspections import day_services
from goldseal.inspections.day_record import day_parts
from goldseal.inspections.views_shown import place
from goldseal.inspections.views_tiles import zone_of
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.visits import visit
from goldseal.kit.wording import in_digits_of_page
from goldseal.reports.models import LANGUAGES
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


@require_http_methods(["GET", "POST"])
def day_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A site's day line by line (`?site=&day=`); sent, it asks for the report of that day."""
    actor, now = visit(request)
    authorize(actor, "reports.seal" if request.method == "POST" else "inspections.view_days")
    asked = request.POST if request.method == "POST" else request.GET
    sites = list(Site.objects.filter(is_active=True).order_by("code"))
    site = next((one for one in sites if str(one.pk) == asked.get("site")), sites[0] if sites else None)
    day = _day(asked.get("day", ""), now.astimezone(zone_of(request)).date())
    if request.method == "POST" and site is not None:
        try:
            version = day_services.request_day_sheet(
                site_id=site.pk, day=day, language=request.POST.get("language", "")[:10], actor=actor, now=now
            )
            return redirect(f"{workspace_of(request).get_absolute_url()}reports/{version.report_id}/")
        except (Conflict, Invalid) as problem:
            messages.error(request, str(next(iter(problem.fields.values()), problem.message)))
            return redirect(place(request, f"day/?site={site.pk}&day={day.isoformat()}"))
    parts = day_parts(site.pk, day) if site else {}
    context = {
        "base": place(request),
        "sites": sites,
        "site": site,
        "day": day,
        "hundred": _shown(parts.get("hundred")),
        "rounds": _shown(parts.get("rounds")),
        "languages": LANGUAGES,
        "may_seal": actor.may("reports.seal"),
    }
    return render(request, "inspections/day.html", context)


def _shown(part: dict[str, Any] | None) -> dict[str, Any] | None:
    """The part with its stages and top defects in words."""
    if part is None:
        return None
    lines = [
        {
            **line,
            "stage_name": in_language(line["stage_name_en"], line["stage_name_bn"]),
            "top": [
                f"{one['code']} {in_language(one['name_en'], one['name_bn'])} ({in_digits_of_page(str(one['count']))})"
                for one in line["top"]
            ],
        }
        for line in part["lines"]
    ]
    return {**part, "lines": lines}


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if date(2000, 1, 1) <= day <= date(2999, 12, 31) else today

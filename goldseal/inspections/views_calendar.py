"""The calendar: a week of planned inspections and the requests that wait for a plan."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.inspections import page_selectors, request_services
from goldseal.inspections.forms import RequestForm
from goldseal.inspections.views_shown import place
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

DAYS = 7


@require_GET
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Seven days from the Saturday before `?day=`, the working week of Bangladesh, and the open requests."""
    actor, now = visit(request)
    authorize(actor, "inspections.view")
    today = now.astimezone(ZoneInfo(workspace_of(request).time_zone)).date()
    first = _week_of(_day(request.GET.get("day", ""), today))
    planned = page_selectors.planned_between(first, first + timedelta(days=DAYS - 1))
    wanted = page_selectors.open_requests() if actor.may("inspections.plan") else []
    days = [first + timedelta(days=n) for n in range(DAYS)]
    context = {
        "heading": _("Calendar"),
        "base": place(request),
        "today": today,
        "days": [{"day": day, "inspections": planned.get(day, []), "is_today": day == today} for day in days],
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "requests": wanted,
        "may_plan": actor.may("inspections.plan"),
        "may_see_days": actor.may("inspections.view_days"),
        "may_request": actor.may("inspections.request"),
    }
    return render(request, "inspections/calendar.html", context)


@require_http_methods(["GET", "POST"])
def new_request(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for an inspection."""
    actor, now = visit(request)
    authorize(actor, "inspections.request")
    form = RequestForm(request.POST or None, initial={"order": request.GET.get("order", "")})

    def act(values: dict[str, Any]) -> object:
        return request_services.request_inspection(
            order_id=UUID(values["order"]),
            stage_id=UUID(values["stage"]),
            wanted_on=values["wanted_on"],
            quantity=values["quantity"],
            note=values["note"],
            actor=actor,
            now=now,
        )

    if request.method == "POST" and submitted(form, act) is not None:
        messages.success(request, _("The inspection is requested."))
        return redirect(place(request, "calendar/"))
    context = {
        "heading": _("Request an inspection"),
        "form": form,
        "back_url": place(request, "calendar/"),
        "back_label": _("Calendar"),
        "submit_label": _("Request the inspection"),
    }
    return render(request, "kit/form_page.html", context, status=422 if form.errors else 200)


@require_POST
def decline(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Say why a request is not planned."""
    actor, now = visit(request)
    try:
        request_services.decline_request(
            request_id=pk, answer=request.POST.get("answer", ""), actor=actor, now=now
        )
        messages.success(request, _("Declined. Who asked can read why."))
    except (Invalid, Conflict) as refused:
        messages.error(request, str(next(iter(refused.fields.values()), refused.message)))
    return redirect(place(request, "calendar/"))


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if date(2000, 1, 8) <= day <= date(2999, 12, 1) else today


def _week_of(day: date) -> date:
    """The Saturday on or before a day."""
    return day - timedelta(days=(day.weekday() - 5) % 7)

"""Health, and the operator's staff area: the list of workspaces and leave to look into one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.accounts.models import User
from goldseal.accounts.selectors import signed_in_at
from goldseal.kit.actors import Actor
from goldseal.kit.errors import NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.requests import client_address, client_device
from goldseal.kit.visits import moment
from goldseal.ops.forms import GrantForm
from goldseal.workspaces import selectors, services
from goldseal.workspaces.models import Workspace, WorkspaceKind
from goldseal.workspaces.permissions import authorize


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "database": "ok"})


def _staff(request: HttpRequest) -> tuple[User, Actor]:
    user = request.user
    if not isinstance(user, User):
        raise NotFound
    actor = selectors.operator_actor(
        user=user,
        via="web",
        device=client_device(request),
        address=client_address(request),
        signed_in_at=signed_in_at(request),
    )
    if not actor.may("staff.area"):
        raise NotFound
    return user, actor


@login_required
@require_GET
def staff_home(request: HttpRequest) -> HttpResponse:
    """The workspaces (name and state only) and one's own live grants."""
    user, actor = _staff(request)
    now = moment(request)
    with services.operator_scope(user.pk):
        live = {grant.workspace_id: grant for grant in selectors.live_grants(user, now)}
        listing = None
        if actor.may("staff.workspaces"):
            listing = Listing(
                request,
                Workspace.objects.all(),
                [
                    Column("name", _("Workspace"), lambda w: w.name, sort="name"),
                    Column("kind", _("Kind"), lambda w: w.get_kind_display(), sort="kind"),
                    Column("state", _("State"), lambda w: w.get_state_display(), sort="state"),
                    Column("access", _("My access"), lambda w: _("Open") if w.pk in live else ""),
                ],
                search=("name",),
                filters=[Filter("kind", _("Kind"), WorkspaceKind.choices, "kind")],
                default_sort="name",
                link=lambda w: w.get_absolute_url() if w.pk in live else f"/staff/workspaces/{w.pk}/grant/",
            )
        grants = [(grant, selectors.workspace_by_id(grant.workspace_id)) for grant in live.values()]
        return render(request, "ops/staff.html", {"listing": listing, "grants": grants, "staff": actor})


@login_required
@require_http_methods(["GET", "POST"])
def take_grant(request: HttpRequest, pk: Any) -> HttpResponse:
    """Ask leave to look into one workspace; the customer sees it at once."""
    user, actor = _staff(request)
    authorize(actor, "staff.grant")
    with services.operator_scope(user.pk):
        workspace = selectors.workspace_by_id(pk)
    if workspace is None:
        raise NotFound
    form = GrantForm(request.POST or None)
    if request.method == "POST":
        grant = submitted(
            form,
            lambda v: services.grant_access(
                workspace_id=workspace.pk,
                purpose=v["purpose"],
                reason=v["reason"],
                hours=v["hours"],
                staff=user,
                actor=actor,
                now=moment(request),
            ),
        )
        if grant:
            return redirect(workspace.get_absolute_url())
    return render(
        request,
        "kit/form_page.html",
        {
            "form": form,
            "heading": _("Look into a workspace"),
            "lead": workspace.name,
            "submit_label": _("Take access"),
            "back_url": "/staff/",
            "back_label": _("Staff area"),
        },
    )

"""The ways in: choosing or founding a workspace, accepting an invitation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.accounts.models import User
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import token_digest
from goldseal.kit.errors import GoldsealError, NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.requests import client_address, client_device
from goldseal.kit.visits import moment
from goldseal.workspaces import selectors, services
from goldseal.workspaces.forms import WorkspaceForm
from goldseal.workspaces.models import OperatorMember


def person_of(request: HttpRequest) -> User:
    """The signed-in person; the decorators have made sure there is one."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _actor(request: HttpRequest, user: User) -> Actor:
    return Actor(
        person_id=user.pk,
        name=user.display_name,
        via="web",
        device=client_device(request),
        address=client_address(request),
    )


@login_required
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """The person's workspaces; straight in where there is just one."""
    user = person_of(request)
    with services.person_scope(user.pk):
        places = selectors.workspaces_of(user)
    is_operator = OperatorMember.objects.filter(user=user).exists()
    if len(places) == 1 and not is_operator and "all" not in request.GET:
        return redirect(places[0].workspace.get_absolute_url())
    return render(request, "workspaces/choose.html", {"places": places, "is_operator": is_operator})


@login_required
@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """A new workspace with the person as its owner."""
    user = person_of(request)
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST":
        workspace = submitted(
            form,
            lambda values: services.create_workspace(
                name=values["name"],
                kind=values["kind"],
                time_zone=values["time_zone"],
                language=(request.LANGUAGE_CODE or "en")[:2],
                owner=user,
                actor=_actor(request, user),
                now=moment(request),
            ),
        )
        if workspace:
            return redirect(workspace.get_absolute_url())
    return render(
        request,
        "kit/form_page.html",
        {
            "form": form,
            "heading": _("Found a workspace"),
            "lead": _("Everything your company records lives in it, apart from everybody else's."),
            "submit_label": _("Found the workspace"),
            "back_url": "/workspaces/?all",
            "back_label": _("Workspaces"),
        },
    )


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """Where an invitation's link leads: sign in or sign up with the invited address, then join."""
    digest = token_digest(secret)
    with services.capability_scope(digest):
        invitation = selectors.invitation_of(digest)
    if invitation is None:
        raise NotFound
    now = moment(request)
    is_open = not (invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= now)
    problem = ""
    if request.method == "POST" and isinstance(request.user, User):
        try:
            workspace = services.accept_invitation(
                secret=secret, user=request.user, actor=_actor(request, request.user), now=now
            )
        except GoldsealError as refused:
            problem = str(refused.message)
        else:
            messages.success(request, _("Welcome."))
            return redirect(workspace.get_absolute_url())
    return render(
        request,
        "workspaces/accept.html",
        {"invitation": invitation, "is_open": is_open, "problem": problem, "here": request.path},
        status=409 if problem or not is_open else 200,
    )

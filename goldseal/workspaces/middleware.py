"""Opens the workspace of the address `/w/<workspace>/…` for the person who asks, or shows nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url

from goldseal.accounts.models import User
from goldseal.accounts.selectors import has_second_factor, signed_in_at
from goldseal.kit.clock import utc_now
from goldseal.kit.requests import client_address, client_device
from goldseal.trail.services import forget_waiting, record
from goldseal.workspaces.scoping import person_scope, workspace_scope
from goldseal.workspaces.selectors import Door, door_of_token, open_door

PREFIX = "/w/"
API_PREFIX = "/api/"


class WorkspaceMiddleware:
    """Sets `request.now`, and under `/w/<slug>/` also `request.workspace` and `request.actor`.

    Somebody signed out is sent to sign in; a stranger gets the same 404 as for a workspace that
    does not exist. A visit by operator staff under a grant is written into the workspace's trail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.now = utc_now()  # type: ignore[attr-defined]
        if request.path.startswith(API_PREFIX):
            return self._api(request)
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        person = request.user
        if not isinstance(person, User):
            return redirect(
                f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}"
            )
        door = self._door(request, person)
        if door is None:
            raise Http404
        if door.workspace.is_mfa_required and not has_second_factor(person):
            return redirect(f"{resolve_url('mfa_index')}?{urlencode({'needed': door.workspace.slug})}")
        return self._inside(request, door)

    def _inside(self, request: HttpRequest, door: Door, *, has_transaction: bool = False) -> HttpResponseBase:
        """The rest of the request, in the workspace's scope."""
        now: datetime = request.now  # type: ignore[attr-defined]
        actor = door.actor
        request.workspace = door.workspace  # type: ignore[attr-defined]
        request.actor = actor  # type: ignore[attr-defined]
        with (
            workspace_scope(
                door.workspace.pk,
                compartment_id=actor.compartment_id,
                actor_id=actor.person_id,
                savepoint=not has_transaction,
            ),
            _rolled_back_on_failure() as outcome,
        ):
            if actor.grant_id:
                record(
                    event="grant.used",
                    actor=actor,
                    now=now,
                    workspace_id=door.workspace.pk,
                    payload={"method": request.method, "path": request.path[:300]},
                )
            response = self.get_response(request)
            outcome.append(response.status_code)
        return response

    def _api(self, request: HttpRequest) -> HttpResponseBase:
        """A call with a bearer token acts in the token's workspace; without one it stays nobody."""
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret:
            return self.get_response(request)
        with door_of_token(
            secret=secret.strip(),
            now=request.now,  # type: ignore[attr-defined]
            device=client_device(request),
            address=client_address(request),
        ) as door:
            if door is not None:
                return self._inside(request, door, has_transaction=True)
        return self.get_response(request)

    def _door(self, request: HttpRequest, person: User) -> Door | None:
        slug = request.path[len(PREFIX) :].partition("/")[0]
        if not slug or len(slug) > 60 or "\x00" in slug:
            return None
        now: datetime = request.now  # type: ignore[attr-defined]
        with person_scope(person.pk):
            return open_door(
                user=person,
                slug=slug,
                now=now,
                via="web",
                device=client_device(request),
                address=client_address(request),
                signed_in_at=signed_in_at(request),
            )


@contextmanager
def _rolled_back_on_failure() -> Iterator[list[int]]:
    """An answer of 500 and above takes the whole request's transaction back."""
    outcome: list[int] = []
    yield outcome
    if outcome and outcome[0] >= 500:
        transaction.set_rollback(True)
        forget_waiting()

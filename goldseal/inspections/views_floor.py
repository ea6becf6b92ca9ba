"""The Floor app's way in: its shell and worker, who is signed in, registering a device, a device's heartbeat."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from ninja import Schema
from pydantic import AwareDatetime, Field, StringConstraints, ValidationError

from goldseal.accounts.models import StaffPin, User
from goldseal.accounts.pin_services import prove_pin
from goldseal.accounts.selectors import has_second_factor, refuse_pin_session, signed_in_at
from goldseal.inspections.floor_keys import WorkspaceVault
from goldseal.inspections.floor_selectors import policy_of, workspace_facts
from goldseal.kit.errors import Forbidden, GoldsealError, Invalid, NotSignedIn
from goldseal.kit.problems import problem_details
from goldseal.kit.requests import client_address, client_device
from goldseal.kit.throttle import count_request
from goldseal.kit.visits import moment
from goldseal.workspaces.device_services import Enrolled, Heard, Presented, enrol_device, hear_from_device
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.scoping import person_scope, workspace_scope
from goldseal.workspaces.selectors import Door, open_door, places_of

ENROLMENTS_A_MINUTE = 60
CONTACTS_A_MINUTE = 900  # a whole factory may stand behind one address
SCRIPT, STYLE, NEWEST, OLDEST = "floor.js", "floor.css", "floor.version", "floor.oldest"

View = Callable[[HttpRequest], HttpResponse]
S = TypeVar("S", bound=Schema)
Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class DeviceIn(Schema):
    """How a device presents itself."""

    id: UUID | None = None
    secret: Line = ""
    name: Line = ""


class EnrolIn(Schema):
    """Signing in on a device."""

    workspace: Line
    device: DeviceIn
    pin: Annotated[str, StringConstraints(max_length=20)]
    password: Annotated[str, StringConstraints(max_length=500)] = ""
    version: Line = ""


Count = Annotated[int, Field(ge=0, le=2**53)]


class QueueIn(Schema):
    """What waits on the device to be sent."""

    events: Count = 0
    photos: Count = 0
    inspections: Count = 0


class StorageIn(Schema):
    """Bytes used and allowed on the device."""

    used: Count | None = None
    quota: Count | None = None


class ContactIn(Schema):
    """What a device says of itself."""

    device: UUID
    secret: Line
    version: Line = ""
    queue: QueueIn = QueueIn()
    storage: StorageIn = StorageIn()
    clock: AwareDatetime | None = None


def _speaks_json(view: View) -> View:
    """Expected errors as problem details; nothing of it is kept by a cache."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            response = view(request)
        except GoldsealError as refused:
            response = problem_details(refused)
        response["Cache-Control"] = "no-store"
        return response

    return answer


def _read(shape: type[S], request: HttpRequest) -> S:
    try:
        return shape.model_validate_json(request.body)
    except ValidationError as wrong:
        fields = {
            ".".join(str(part) for part in item["loc"]) or "body": item["msg"] for item in wrong.errors()
        }
        raise Invalid(fields=fields) from None


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotSignedIn
    return request.user


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """The page that starts the app: no data and no session in it, so that the device can keep it."""
    script, style = _built(SCRIPT), _built(STYLE)
    page = render_to_string(
        "floor/shell.html",
        {"script": script, "style": style, "language": get_language(), "newest": _manifest().get(NEWEST, "")},
    )
    response = HttpResponse(page)
    response["Cache-Control"] = "no-cache"
    return response


def _manifest() -> dict[str, str]:
    """What the last build of the assets made, by plain name."""
    path = Path(settings.STATICFILES_DIRS[0]) / "manifest.json"
    found: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return found


def _built(name: str) -> str:
    """The address of a built file; empty where it was not built."""
    return staticfiles_storage.url(name) if name in _manifest() else ""


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker's script, from the address that lets it look after all of the app."""
    path = Path(settings.STATICFILES_DIRS[0]) / "floor" / "sw.js"
    if not path.is_file():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/floor/"
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def web_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to install the app."""
    icons = [
        {
            "src": staticfiles_storage.url(f"floor/icon-{edge}.png"),
            "sizes": f"{edge}x{edge}",
            "type": "image/png",
            "purpose": purpose,
        }
        for edge in (192, 512)
        for purpose in ("any", "maskable")
    ]
    facts = {
        "id": "/floor/",
        "name": _("Goldseal Floor"),
        "short_name": _("Floor"),
        "description": _("Inspect on the production floor, with or without a network."),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": "/floor/",
        "scope": "/floor/",
        "display": "standalone",
        "orientation": "any",
        "background_color": "#ffffff",
        "theme_color": "#2f3486",
        "categories": ["business", "productivity"],
        "icons": [
            *icons,
            {"src": staticfiles_storage.url("seal.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    response = HttpResponse(
        json.dumps(facts, ensure_ascii=False), content_type="application/manifest+json; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@_speaks_json
def me(request: HttpRequest) -> HttpResponse:
    """Who is signed in on the web, and in which workspaces the person may inspect; `person` is null for nobody."""
    user = request.user
    if not isinstance(user, User):
        # An answer and no refusal: the app asks at every start, and being signed out is no fault.
        return JsonResponse({"person": None, "workspaces": [], "csrf": ""})
    with person_scope(user.pk):
        places = places_of(user, "devices.use")
    facts = {
        "person": {
            "id": str(user.pk),
            "name": user.display_name,
            "language": user.language,
            "has_pin": StaffPin.objects.filter(user=user).exists(),
        },
        "workspaces": [
            {"slug": row.workspace.slug, "name": row.workspace.name, "role": row.role} for row in places
        ],
        "csrf": get_token(request),
    }
    return JsonResponse(facts)


@require_POST
@_speaks_json
def enrol(request: HttpRequest) -> HttpResponse:
    """Sign the person in on a device: registers it when it is new; releases the keys, once; ends the web session."""
    now = moment(request)
    user = _person(request)
    refuse_pin_session(request)
    count_request(request, what="floor-enrol", most=ENROLMENTS_A_MINUTE, now=now)
    asked = _read(EnrolIn, request)
    door = _door(request, user, asked.workspace, now)
    prove_pin(user=user, pin=asked.pin, password=asked.password, signed_in_at=signed_in_at(request), now=now)
    presented = Presented(
        name=asked.device.name, id=asked.device.id, secret=asked.device.secret, version=asked.version
    )
    with workspace_scope(door.workspace.pk, actor_id=user.pk):
        made = enrol_device(user=user, presented=presented, vault=WorkspaceVault(), actor=door.actor, now=now)
    # On a shared tablet the web session would be everybody's: from here on the PIN opens what the person may.
    logout(request)
    return JsonResponse(_released(made, user, door.workspace), status=201)


def _door(request: HttpRequest, user: User, slug: str, now: datetime) -> Door:
    """The workspace in which the person may use a device; a foreign and a nonexistent one are refused alike."""
    with person_scope(user.pk):
        door = open_door(
            user=user,
            slug=slug[:60],
            now=now,
            via="floor",
            device=client_device(request),
            address=client_address(request),
            signed_in_at=signed_in_at(request),
        )
    if door is None:
        raise Invalid(fields={"workspace": _("Choose one of your workspaces.")})
    authorize(door.actor, "devices.use")
    if door.workspace.is_mfa_required and not has_second_factor(user):
        raise Forbidden(_("This workspace asks for a second factor. Set one up in your account first."))
    return door


def _released(made: Enrolled, user: User, workspace: Workspace) -> dict[str, Any]:
    return {
        "device": {"id": str(made.device.pk), "secret": made.secret, "name": made.device.name},
        "person": {"id": str(user.pk), "name": user.display_name, "language": user.language},
        "workspace": {**workspace_facts(workspace), "id": str(workspace.pk)},
        "token": made.token,
        "device_key": _base64url(made.device_key),
        "sign_key": _base64url(made.sign_key),
        "policy": policy_of(workspace),
    }


def _base64url(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


REVOKED = b'{"state":"revoked"}'


@csrf_exempt
@require_POST
@_speaks_json
def contact(request: HttpRequest) -> HttpResponse:
    """A device's heartbeat. A revoked device, one that is unknown and a wrong secret get the same bytes."""
    now = moment(request)
    count_request(request, what="floor-contact", most=CONTACTS_A_MINUTE, now=now)
    said = _read(ContactIn, request)
    heard = Heard(
        version=said.version,
        events=said.queue.events,
        photos=said.queue.photos,
        inspections=said.queue.inspections,
        storage_used=said.storage.used,
        storage_quota=said.storage.quota,
        clock=said.clock,
    )
    answered = hear_from_device(device_id=said.device, secret=said.secret, heard=heard, now=now)
    if answered is None:
        return HttpResponse(REVOKED, content_type="application/json")
    versions = _manifest()
    return JsonResponse(
        {
            "state": "active",
            "server_time": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "newest_version": versions.get(NEWEST, ""),
            "oldest_version": versions.get(OLDEST, ""),
            "policy": policy_of(answered.workspace),
            "holders": [str(pk) for pk in answered.holders],
        }
    )

"""Answers of the API: a write sent twice is done once, and what has not changed is not sent again."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.ids import new_id
from goldseal.kit.problems import problem_details
from goldseal.kit.visits import moment
from goldseal.workspaces.models import WriteAnswer

API_PREFIX = "/api/"
KEY = re.compile(r"[\x21-\x7e]{1,200}")
UPLOADS = "/api/v1/files"  # resumable uploads have offsets of their own


class AnswersMiddleware:
    """Inside the workspace's scope: `Idempotency-Key` on writes, `ETag` and `If-None-Match` on reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if not request.path.startswith(API_PREFIX) or not isinstance(actor, Actor):
            return self.get_response(request)
        if request.method in ("GET", "HEAD"):
            return _read(request, self.get_response(request))
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.path.startswith(UPLOADS):
            return self.get_response(request)
        if not KEY.fullmatch(key):
            words = _("An idempotency key has 1 to 200 visible ASCII characters.")
            return problem_details(Invalid(fields={"Idempotency-Key": words}))
        now: datetime = moment(request)
        return self._once(request, actor, key, now)

    def _once(self, request: HttpRequest, actor: Actor, key: str, now: datetime) -> HttpResponse:
        digest = _digest(request)
        taken = _take(actor, key, digest, now)
        if taken is None:
            earlier = WriteAnswer.objects.get(actor_key=str(actor.person_id), key=key)
            if earlier.digest != digest:
                words = _("This key was used for another request. Give a new request a new key.")
                return problem_details(Invalid(fields={"Idempotency-Key": words}))
            if earlier.status and not earlier.body:
                return problem_details(Conflict(_("This was done already. What it told once is not kept.")))
            replay = HttpResponse(earlier.body, status=earlier.status, content_type="application/json")
            replay["Idempotency-Replayed"] = "true"
            return replay
        response = self.get_response(request)
        row = WriteAnswer.objects.filter(pk=taken)
        if response.status_code < 300 and not response.streaming:
            body = "" if getattr(request, "tells_secret", False) else response.content.decode()
            row.update(status=response.status_code, body=body)
        elif response.status_code < 500:
            # Refused writes changed nothing, so the key may be used for the mended request.
            row.delete()
        return response


def _take(actor: Actor, key: str, digest: str, now: datetime) -> UUID | None:
    """The id of the row that claims the key, or None where it is claimed.

    The same request sent twice at once: the second waits here until the first is done.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workspaces_writeanswer (id, workspace_id, actor_key, key, digest, status, body, created_at) "
            "VALUES (%s, %s, %s, %s, %s, 0, '', %s) ON CONFLICT (workspace_id, actor_key, key) DO NOTHING RETURNING id",
            [new_id(), actor.workspace_id, str(actor.person_id), key, digest, now],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _digest(request: HttpRequest) -> str:
    """What the key is bound to besides its actor: method, path with query, and body."""
    digest = hashlib.sha256(f"{request.method}\n{request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        # The boundary is another one each time; the fields and files are what counts.
        for name, values in sorted(request.POST.lists()):
            digest.update(repr((name, values)).encode())
        for name, upload in sorted(request.FILES.items()):
            if not isinstance(upload, UploadedFile):
                continue
            digest.update(f"{name}\n{upload.name}\n".encode())
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _read(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the answer its ETag, unless the view knew one; 304 where the caller has it already."""
    if response.status_code != 200 or response.streaming:
        return response
    tag = response.get("ETag") or quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["ETag"] = tag
    response.setdefault("Cache-Control", "private, no-cache")
    return get_conditional_response(request, etag=tag, response=response) or response

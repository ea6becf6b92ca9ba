"""The tus 1.0.0 resumable upload protocol, for both doors: pages (session) and API (bearer token).

Headers in, headers out; refusals carry problem details (RFC 9457) whose `detail` is the sentence for the
person. The file's id comes back as `Goldseal-Attachment` with the answer to its last part, and again to every
HEAD until the upload expires, so that a lost answer is no lost photo.

A page's door keeps Django's CSRF protection: the script sends the form's own token as `X-CSRFToken`. The
token of the API is no cookie, so no other site can send it.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from goldseal.files.connections import watch_once
from goldseal.files.models import Upload
from goldseal.files.rules import tus
from goldseal.files.selectors import upload_of
from goldseal.files.upload_services import Step, begin_upload, continue_upload, end_upload
from goldseal.kit.actors import Actor
from goldseal.kit.errors import GoldsealError

ATTACHMENT_HEADER = "Goldseal-Attachment"


class BrokenProtocol(GoldsealError):
    """A request that does not speak the protocol; only a program can mend it."""

    code = "tus"

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def collection(request: HttpRequest, *, actor: Actor, now: datetime) -> HttpResponse:
    """OPTIONS: what the server can. POST: begin an upload, perhaps with its first bytes."""
    if request.method == "OPTIONS":
        return capabilities()
    return _answered(request, lambda: _begun(request, actor, now))


def resource(request: HttpRequest, *, upload_id: UUID, actor: Actor, now: datetime) -> HttpResponse:
    """HEAD: where the upload stands. PATCH: more bytes. DELETE: give it up."""
    if request.method == "OPTIONS":
        return capabilities()
    acts: dict[str, Callable[[], HttpResponse]] = {
        "HEAD": lambda: _standing(upload_of(upload_id=upload_id, actor=actor, now=now)),
        "PATCH": lambda: _continued(request, upload_id, actor, now),
        "DELETE": lambda: _ended(upload_id, actor, now),
    }
    act = acts.get(request.method or "")
    if act is None:
        return HttpResponse(status=405, headers={"Allow": "OPTIONS, HEAD, PATCH, DELETE", **_VERSION})
    return _answered(request, act)


_VERSION = {"Tus-Resumable": tus.VERSION}


def capabilities() -> HttpResponse:
    """What the server can, for OPTIONS."""
    return HttpResponse(
        status=204,
        headers={
            **_VERSION,
            "Tus-Version": tus.VERSION,
            "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Checksum-Algorithm": tus.CHECKSUMS,
        },
    )


def _answered(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `act`, or its refusal, with the headers every answer needs."""
    try:
        if request.headers.get("Tus-Resumable") != tus.VERSION:
            raise BrokenProtocol(412, f"Send the header Tus-Resumable: {tus.VERSION}.")
        try:
            response = act()
        except tus.MalformedHeader as malformed:
            raise BrokenProtocol(400, str(malformed)) from malformed
    except GoldsealError as error:
        response = problem(error)
        if error.status == 412:
            response["Tus-Version"] = tus.VERSION
    response.headers["Tus-Resumable"] = tus.VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(error: GoldsealError) -> HttpResponse:
    """The problem details of an error."""
    body = {
        "type": f"urn:goldseal:problem:{error.code}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.message),
        "errors": [{"at": at, "message": str(sentence)} for at, sentence in error.fields.items()],
    }
    return HttpResponse(json.dumps(body), status=error.status, content_type="application/problem+json")


def _begun(request: HttpRequest, actor: Actor, now: datetime) -> HttpResponse:
    if "Upload-Defer-Length" in request.headers or "Upload-Length" not in request.headers:
        raise BrokenProtocol(400, "Send Upload-Length with the number of bytes; it cannot be given later.")
    length = tus.parse_number(request.headers["Upload-Length"], name="Upload-Length")
    said = tus.parse_metadata(request.headers.get("Upload-Metadata", ""))
    upload = begin_upload(length=length, said=said, actor=actor, now=now)
    step = Step(upload)
    if request.headers.get("Content-Type", "") == tus.PART_TYPE and _body_size(request):
        step = _taken(request, upload.pk, 0, actor, now)
    if step.refused:
        raise step.refused
    response = HttpResponse(status=201, headers=_state(step.upload))
    response["Location"] = f"{request.path.rstrip('/')}/{upload.pk}"
    return response


def _continued(request: HttpRequest, upload_id: UUID, actor: Actor, now: datetime) -> HttpResponse:
    if request.headers.get("Content-Type", "") != tus.PART_TYPE:
        raise BrokenProtocol(415, f"Send the bytes as Content-Type: {tus.PART_TYPE}.")
    offset = tus.parse_number(request.headers.get("Upload-Offset", ""), name="Upload-Offset")
    step = _taken(request, upload_id, offset, actor, now)
    if step.refused:
        raise step.refused
    return HttpResponse(status=204, headers=_state(step.upload))


def _taken(request: HttpRequest, upload_id: UUID, offset: int, actor: Actor, now: datetime) -> Step:
    watch_once()
    checksum = request.headers.get("Upload-Checksum")
    return continue_upload(
        upload_id=upload_id,
        offset=offset,
        source=_Body(request),
        size=_body_size(request),
        actor=actor,
        now=now,
        checksum=tus.parse_checksum(checksum) if checksum is not None else None,
    )


class _Body:
    """The request's bytes; whatever a web server raises when its peer is gone becomes an OSError."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def read(self, size: int, /) -> bytes:
        try:
            return self._request.read(size)
        except Exception as error:
            raise OSError("The connection broke.") from error


def _body_size(request: HttpRequest) -> int:
    if "Content-Length" not in request.headers:
        raise BrokenProtocol(411, "Send Content-Length; a body of unknown length is not accepted.")
    return tus.parse_number(request.headers["Content-Length"], name="Content-Length")


def _ended(upload_id: UUID, actor: Actor, now: datetime) -> HttpResponse:
    end_upload(upload_id=upload_id, actor=actor, now=now)
    return HttpResponse(status=204)


def _standing(upload: Upload) -> HttpResponse:
    said = tus.Announced(upload.name, upload.expected_sha256, upload.purpose, upload.keep_location)
    headers = {
        **_state(upload),
        "Upload-Length": str(upload.length),
        "Upload-Metadata": tus.format_metadata(said),
    }
    return HttpResponse(status=200, headers=headers)


def _state(upload: Upload) -> dict[str, str]:
    state = {
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": format_datetime(upload.expires_at.astimezone(UTC), usegmt=True),
    }
    if upload.attachment_id is not None:
        state[ATTACHMENT_HEADER] = str(upload.attachment_id)
    return state

"""The API of files: small files in one request, large ones by tus 1.0.0, and what is stored."""

from datetime import datetime
from typing import Annotated, Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import ConfigDict, Field

from goldseal.files import selectors, services, tus
from goldseal.files.downloads import download
from goldseal.files.models import Attachment
from goldseal.files.posted import is_whole
from goldseal.files.rules.links import Variant
from goldseal.files.sentences import SENTENCES
from goldseal.kit.errors import TooLarge
from goldseal.kit.visits import visit

router = Router(tags=["files"])

Version = Annotated[str, Field(max_length=20, pattern=r"^[0-9-]*$")]
_TUS = {
    "parameters": [{"in": "header", "name": "Tus-Resumable", "schema": {"type": "string", "const": "1.0.0"}}]
}


class Place(Schema):
    """One thing that is wrong, and where."""

    at: str
    message: str


class FileProblem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Place] = []


class FileOut(Schema):
    """A stored photo or document. `original_sha256` is the digest of the bytes as they were sent."""

    id: UUID
    kind: str
    name: str
    mime: str
    size: int
    sha256: str
    original_sha256: str
    width: int | None
    height: int | None
    taken_at: str
    latitude: float | None
    longitude: float | None
    created_at: datetime


class AttestationIn(Schema):
    """Which wording of the statement of authority the person confirms."""

    model_config = ConfigDict(extra="forbid")

    version: Version


class AttestedForm(Schema):
    """The wording confirmed with this file, where the person has not confirmed it before."""

    attests: Version = ""


class StatementOut(Schema):
    """The statement of authority to upload (K31), and whether the token's person has confirmed it."""

    version: str
    statement: str
    is_confirmed: bool


_REFUSED: Any = {401: FileProblem, 403: FileProblem, 422: FileProblem}
_MISSING: Any = {401: FileProblem, 403: FileProblem, 404: FileProblem, 422: FileProblem}
_PARTS: Any = {
    **dict.fromkeys((400, 401, 403, 404, 409, 411, 412, 413, 415, 422, 423, 429, 460, 507), FileProblem),
    200: None,
    201: None,
    204: None,
}


@router.get(
    "/files/attestation", response={200: StatementOut, **_REFUSED}, summary="The statement of authority"
)
def statement(request: HttpRequest) -> dict[str, Any]:
    """The statement that a person confirms before the first upload."""
    actor, _now = visit(request)
    return {
        "version": selectors.STATEMENT_VERSION,
        "statement": str(services.STATEMENT),
        "is_confirmed": selectors.has_attested(actor),
    }


@router.post("/files/attestation", response={204: None, 409: FileProblem, **_REFUSED}, summary="Confirm it")
def attest(request: HttpRequest, given: AttestationIn) -> Status[None]:
    """Confirm the statement of authority for the token's person in this workspace."""
    actor, now = visit(request)
    services.attest_authority(version=given.version, actor=actor, now=now)
    return Status(204, None)


@router.post(
    "/files",
    response={201: FileOut, 409: FileProblem, 413: FileProblem, 507: FileProblem, **_REFUSED},
    summary="Send a small file",
)
def send(request: HttpRequest, file: File[UploadedFile], given: Form[AttestedForm]) -> Status[Attachment]:
    """One file of up to ten megabytes as multipart/form-data; larger ones by tus."""
    actor, now = visit(request)
    if not is_whole(file):
        raise TooLarge(fields={"file": SENTENCES["too_large"]})
    kept = services.take_attached(
        files=[(file.name or "", cast(BinaryIO, file.file))],
        ids=[],
        attests=given.attests,
        actor=actor,
        now=now,
        field="file",
    )
    return Status(201, kept[0])


@router.api_operation(["OPTIONS"], "/files/upload", auth=None, response={204: None}, summary="tus: abilities")
def upload_abilities(request: HttpRequest) -> HttpResponse:
    """What the resumable upload can: version, extensions, largest file."""
    return tus.capabilities()


@router.post("/files/upload", response=_PARTS, summary="tus: begin an upload", openapi_extra=_TUS)
def upload_begin(request: HttpRequest) -> HttpResponse:
    """Announce a file: `Upload-Length`, and `Upload-Metadata` with filename, sha256, keep_location, attests."""
    actor, now = visit(request)
    return tus.collection(request, actor=actor, now=now)


@router.api_operation(
    ["HEAD"],
    "/files/upload/{uuid:upload_id}",
    response=_PARTS,
    summary="tus: where it stands",
    openapi_extra=_TUS,
)
def upload_standing(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """`Upload-Offset`; `Goldseal-Attachment` once the file is stored."""
    return _resource(request, upload_id)


@router.patch(
    "/files/upload/{uuid:upload_id}", response=_PARTS, summary="tus: more bytes", openapi_extra=_TUS
)
def upload_more(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Bytes from `Upload-Offset` on, as `application/offset+octet-stream`."""
    return _resource(request, upload_id)


@router.delete(
    "/files/upload/{uuid:upload_id}", response=_PARTS, summary="tus: give it up", openapi_extra=_TUS
)
def upload_end(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Remove what came so far."""
    return _resource(request, upload_id)


def _resource(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    actor, now = visit(request)
    return tus.resource(request, upload_id=upload_id, actor=actor, now=now)


@router.get("/files/{uuid:file_id}", response={200: FileOut, **_MISSING}, summary="What a file is")
def show(request: HttpRequest, file_id: UUID) -> Attachment:
    """A stored file, without its bytes."""
    actor, _now = visit(request)
    return selectors.attachment_for(actor, file_id)


class ContentQuery(Schema):
    """Which content: the file as kept, or a photo's derivative."""

    variant: str = Field("file", pattern="^(file|thumbnail|print)$")


@router.get("/files/{uuid:file_id}/content", response={200: None, **_MISSING}, summary="The bytes of a file")
def content(request: HttpRequest, file_id: UUID, asked: Query[ContentQuery]) -> HttpResponseBase:
    """The file itself, or for photos its thumbnail (320 px) or print size (1400 px)."""
    actor, _now = visit(request)
    variant = Variant.named(asked.variant)
    return download(*selectors.open_attachment(actor=actor, attachment_id=file_id, variant=variant), variant)


@router.delete(
    "/files/{uuid:file_id}", response={204: None, 409: FileProblem, **_MISSING}, summary="Delete a file"
)
def remove(request: HttpRequest, file_id: UUID) -> Status[None]:
    """Delete a file that no record uses."""
    actor, now = visit(request)
    services.delete_attachment(attachment_id=file_id, actor=actor, now=now)
    return Status(204, None)

"""The Floor app over the API: the day's pack, and signatures given on a device."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import compress_string
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from goldseal.inspections import floor_services
from goldseal.inspections.floor_services import SignedOnDevice
from goldseal.inspections.models import InspectionEvent, Signature
from goldseal.inspections.schemas import Problem, SignatureOut, Strict
from goldseal.inspections.snapshots import event_of
from goldseal.kit.visits import visit
from goldseal.workspaces.selectors import workspace_of

router = Router(tags=["floor"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class FloorDayOut(Schema):
    """A person's day: inspections with plan, draw and record, the defect library, severities by buyer."""

    made_at: str
    person: dict[str, Any]
    workspace: dict[str, Any]
    inspections: list[dict[str, Any]]
    defects: list[dict[str, Any]]
    severities: dict[str, Any]
    settings: dict[str, Any]


class FloorSignIn(Strict):
    """A signature as the device made it; `id` is a UUIDv7, `proof` the HMAC-SHA256 in hex with the signing key.

    The proof is over the lines "goldseal.floor-sign/1", inspection, id, role, meaning, at, record_hash.
    """

    id: UUID
    role: Literal["inspector", "factory_representative", "qa"] = "inspector"
    meaning: Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^[^\x00-\x1f]*$")]
    at: Annotated[str, StringConstraints(min_length=20, max_length=32, pattern=r"^[0-9TZ:.-]*$")]
    record_hash: Digest
    drawn: Annotated[str, Field(max_length=20_000)] = ""
    proof: Digest


class FloorSignatureOut(SignatureOut):
    """A signature as kept, with the event it made in the record."""

    method: str
    event: dict[str, Any]


@router.get("/floor/day", response={200: FloorDayOut, 304: None, **REFUSALS}, operation_id="get_floor_day")
def day(request: HttpRequest) -> HttpResponse:
    """The day of the token's person for the device that asks; 304 where the device has it already."""
    actor, now = visit(request)
    known = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')
    taken = floor_services.take_down_day(
        workspace=workspace_of(request),
        known=known,
        actor=actor,
        now=now,
    )
    response = HttpResponse(status=304) if taken.body is None else _packed(request, taken.body)
    response["Content-Type"] = "application/json"
    response["ETag"] = f'"{taken.tag}"'
    response["Cache-Control"] = "private, no-store"  # the device keeps it sealed itself
    return response


def _packed(request: HttpRequest, body: bytes) -> HttpResponse:
    """A day of records packs to a tenth, which a phone at the edge of the network feels."""
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(body)
    else:
        # A few random bytes hide from an onlooker how well what others wrote packs together with the rest.
        response = HttpResponse(compress_string(body, max_random_bytes=100))
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    return response


@router.get(
    "/floor/pictures/{pk}",
    response={200: bytes, **REFUSALS},
    operation_id="get_floor_picture",
    openapi_extra={"responses": {200: {"content": {"image/jpeg": {}}}}},
)
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The picture of a defect, small, for the device's library; `pk` as the day names it."""
    actor, _now = visit(request)
    response = HttpResponse(
        floor_services.picture_of_defect(attachment_id=pk, actor=actor), content_type="image/jpeg"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@router.post(
    "/floor/inspections/{pk}/sign",
    response={200: FloorSignatureOut, 201: FloorSignatureOut, **REFUSALS},
    operation_id="sign_on_floor",
)
def sign(request: HttpRequest, pk: UUID, body: FloorSignIn) -> Any:
    """Sign the record as it stood on the device; the same id again changes nothing and answers 200."""
    actor, now = visit(request)
    signed = SignedOnDevice(**{**body.model_dump(), "id": str(body.id)})
    signature, is_repeat = floor_services.sign_on_device(
        inspection_id=pk, signed=signed, actor=actor, now=now
    )
    return Status(200 if is_repeat else 201, _as_kept(signature))


def _as_kept(row: Signature) -> dict[str, Any]:
    names = ("id", "role", "printed_name", "meaning", "record_hash", "statement_hash", "signed_at", "method")
    event = InspectionEvent.objects.get(inspection_id=row.inspection_id, event_id=row.event_id)
    return {**{name: getattr(row, name) for name in names}, "event": event_of(event).record()}

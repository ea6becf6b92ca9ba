"""Requests for inspections over the API."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from goldseal.inspections import page_selectors, request_services
from goldseal.inspections.schemas import Problem, Strict
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

router = Router(tags=["inspections"])
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Note = Annotated[str, StringConstraints(max_length=500, pattern=r"^[^\x00]*$")]


class RequestIn(Strict):
    """An order to be inspected at a stage on a day."""

    order: UUID
    stage: UUID
    wanted_on: date
    quantity: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    note: Note = ""


class DeclineIn(Strict):
    """Why a request is not planned."""

    answer: Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^[^\x00]*$")]


class RequestOut(Schema):
    """A request and what became of it."""

    id: UUID
    order: UUID
    stage: UUID
    wanted_on: date
    quantity: int | None
    note: str
    state: str
    answer: str


@router.get(
    "/inspection-requests", response={200: list[RequestOut], **REFUSALS}, operation_id="list_requests"
)
def list_requests(request: HttpRequest) -> Any:
    """Requests that wait for an answer, the most urgent first."""
    actor, _now = visit(request)
    authorize(actor, "inspections.request")
    return [_shown(row) for row in page_selectors.open_requests()]


@router.post(
    "/inspection-requests", response={201: RequestOut, **REFUSALS}, operation_id="request_inspection"
)
def ask(request: HttpRequest, body: RequestIn) -> Any:
    """Request an inspection."""
    actor, now = visit(request)
    asked = request_services.request_inspection(
        order_id=body.order,
        stage_id=body.stage,
        wanted_on=body.wanted_on,
        quantity=body.quantity,
        note=body.note,
        actor=actor,
        now=now,
    )
    return Status(201, _shown(asked))


@router.post(
    "/inspection-requests/{pk}/decline",
    response={200: RequestOut, **REFUSALS},
    operation_id="decline_request",
)
def decline(request: HttpRequest, pk: UUID, body: DeclineIn) -> Any:
    """Say why a request is not planned."""
    actor, now = visit(request)
    return _shown(request_services.decline_request(request_id=pk, answer=body.answer, actor=actor, now=now))


def _shown(row: Any) -> dict[str, Any]:
    kept = ("wanted_on", "quantity", "note", "state", "answer")
    return {
        "id": row.pk,
        "order": row.order_id,
        "stage": row.stage_id,
        **{name: getattr(row, name) for name in kept},
    }

"""Inspections over the API: the same services as the pages."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Query, Router, Status

from goldseal.accounts.models import User
from goldseal.inspections import api_audit, api_day, api_floor, api_requests, selectors, services
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.sampling import single_plan
from goldseal.inspections.schemas import (
    EventsIn,
    EventsOut,
    InspectionDetail,
    InspectionFilters,
    InspectionPage,
    PlanIn,
    Problem,
    ReceivedOut,
    SamplingPlanOut,
    SignatureOut,
    SignIn,
    SubmitIn,
)
from goldseal.inspections.snapshots import state_of
from goldseal.kit.errors import Invalid
from goldseal.kit.listing import first_rows
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

router = Router(tags=["inspections"])
router.add_router("", api_requests.router)
router.add_router("", api_floor.router)
router.add_router("", api_day.router)
router.add_router("", api_audit.router)
REFUSALS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.get("/inspections", response={200: InspectionPage, **REFUSALS}, operation_id="list_inspections")
def list_inspections(request: HttpRequest, wanted: Query[InspectionFilters]) -> Any:
    """The workspace's inspections, newest first; `next` of one page is `after` of the following."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view")
    rows = selectors.filtered(wanted.conditions(), text=wanted.q, after=wanted.after)
    found = first_rows(rows, wanted.limit + 1)
    following = str(found[wanted.limit - 1].pk) if len(found) > wanted.limit else ""
    return {"items": [_brief(row) for row in found[: wanted.limit]], "next": following}


@router.post("/inspections", response={201: InspectionDetail, **REFUSALS}, operation_id="plan_inspection")
def plan(request: HttpRequest, body: PlanIn) -> Any:
    """Plan an inspection: the sampling plan per severity, the drawn sample and cartons."""
    actor, now = visit(request)
    wanted = services.PlanRequest(
        order_id=body.order,
        stage_id=body.stage,
        planned_on=body.planned_on,
        inspector_id=body.inspector,
        line_id=body.line,
        supplier_id=body.supplier,
        reinspection_of_id=body.reinspection_of,
        more_orders=body.more_orders,
        lot_size=body.lot_size,
        is_extra=body.is_extra,
        scheme=body.scheme,
        request_id=body.request,
        level=body.level,
        inspection=body.inspection,
        counting=body.counting,
        lines=[line.model_dump(exclude_none=True) for line in body.lines],
        cartons=[cartons.model_dump(exclude_none=True) for cartons in body.cartons],
        points=[point.model_dump() for point in body.points],
        limits=body.limits.model_dump() if body.limits else {},
    )
    return Status(201, _detail(services.plan_inspection(request=wanted, actor=actor, now=now)))


@router.get("/inspections/{pk}", response={200: InspectionDetail, **REFUSALS}, operation_id="get_inspection")
def get(request: HttpRequest, pk: UUID) -> Any:
    """One inspection with its plan and what was found so far."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view")
    return _detail(selectors.inspection_or_missing(pk))


@router.get("/inspections/{pk}/events", response={200: EventsOut, **REFUSALS}, operation_id="get_events")
def events(request: HttpRequest, pk: UUID) -> Any:
    """Everything recorded, as events."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view")
    inspection = selectors.inspection_or_missing(pk)
    found = selectors.events_of(inspection)
    return {
        "events": [event.record() for event in found],
        "content_hash": state_of(inspection, found).content_hash,
    }


@router.post("/inspections/{pk}/events", response={200: ReceivedOut, **REFUSALS}, operation_id="send_events")
def send(request: HttpRequest, pk: UUID, body: EventsIn) -> Any:
    """Send recorded events, in any order and as often as needed: what is known already counts once."""
    actor, now = visit(request)
    received = services.apply_events(
        inspection_id=pk, events=body.events, actor=actor, now=now, is_late=body.is_late
    )
    return {
        "accepted": list(received.accepted),
        "repeated": list(received.repeated),
        "verdict": received.inspection.verdict,
        "content_hash": received.inspection.content_hash,
        "summary": received.inspection.summary,
    }


@router.post(
    "/inspections/{pk}/sign", response={201: SignatureOut, **REFUSALS}, operation_id="sign_inspection"
)
def sign(request: HttpRequest, pk: UUID, body: SignIn) -> Any:
    """Sign the record as it stands, as oneself."""
    actor, now = visit(request)
    signer = User.objects.get(pk=actor.person_id or "")
    return Status(
        201,
        services.sign_inspection(
            inspection_id=pk,
            signer=signer,
            password=body.password,
            role=body.role,
            meaning=body.meaning,
            device=body.device,
            seen=body.record_hash,
            actor=actor,
            now=now,
        ),
    )


@router.post(
    "/inspections/{pk}/submit", response={200: ReceivedOut, **REFUSALS}, operation_id="submit_inspection"
)
def submit(request: HttpRequest, pk: UUID, body: SubmitIn) -> Any:
    """Submit the signed record; its verdict is fixed."""
    actor, now = visit(request)
    received = services.decide_inspection(inspection_id=pk, device=body.device, actor=actor, now=now)
    return {
        "accepted": list(received.accepted),
        "repeated": [],
        "verdict": received.inspection.verdict,
        "content_hash": received.inspection.content_hash,
        "summary": received.inspection.summary,
    }


@router.get(
    "/sampling/{level}/{aql}/{lot_size}",
    response={200: SamplingPlanOut, **REFUSALS},
    operation_id="get_sampling_plan",
)
def sampling(
    request: HttpRequest,
    level: Annotated[str, Path(max_length=3)],
    aql: Annotated[str, Path(max_length=6)],
    lot_size: int,
    inspection: Annotated[str, Query(max_length=10)] = "normal",
) -> Any:
    """The single sampling plan of ISO 2859-1 for a lot."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view")
    try:
        return asdict(single_plan(lot_size=lot_size, level=level, aql=aql, inspection=inspection))
    except ValueError as refused:
        raise Invalid(fields={"plan": str(refused)}) from None


def _brief(row: Inspection) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "stage": row.stage.code,
        "method": row.method,
        "line": row.line_id,
        "supplier": row.supplier_id,
        "inspector": row.inspector_id,
        "reinspection_of": row.reinspection_of_id,
        "buyer": row.buyer_id,
        "style": row.style_id,
        "order": row.order_id,
        "state": row.state,
        "verdict": row.verdict,
        "lot_size": row.lot_size,
        "sample_size": row.sample_size,
        "planned_on": row.planned_on,
        "seed_commitment": row.seed_commitment,
        "content_hash": row.content_hash,
        "decided_at": row.decided_at,
    }


def _detail(row: Inspection) -> dict[str, Any]:
    whole = ("plan", "rules", "ordered", "points", "checklist", "cartons", "drawn", "summary")
    found = {**_brief(row), **{name: getattr(row, name) for name in whole}, "ready_at": row.ready_at}
    found["packing"] = row.header.get("packing") or {}
    if row.drawn and row.ready_at is None:
        # Nobody sees which cartons are drawn before enough is made and packed.
        found["drawn"] = []
    return found

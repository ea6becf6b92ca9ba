"""Corrective action over the API: the same services as the pages."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from goldseal.capa import (
    action_services,
    cause_services,
    containment_services,
    effect_services,
    figures_selectors,
    opening_services,
    scar_services,
    schemas,
    selectors,
    services,
)
from goldseal.capa.choices import CaseState
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

router = Router(tags=["corrective action"])
READING: dict[int, Any] = {
    401: schemas.Problem,
    403: schemas.Problem,
    404: schemas.Problem,
    422: schemas.Problem,
}
WRITING: dict[int, Any] = {**READING, 409: schemas.Problem}
Limit = Annotated[int, Query(ge=1, le=100)]
Chain = Literal["made", "detected"]


@router.get(
    "/nonconformities",
    response={200: schemas.NonconformityPage, **READING},
    operation_id="list_nonconformities",
)
def list_nonconformities(
    request: HttpRequest, after: UUID | None = None, limit: Limit = 50, state: CaseState | None = None
) -> Any:
    """Nonconformities, the newest first."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    rows = selectors.listed().order_by("-pk")
    if state is not None:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: limit + 1])
    return {"items": found[:limit], "next": found[limit - 1].pk if len(found) > limit else None}


@router.post(
    "/nonconformities",
    response={201: schemas.NonconformityOut, **WRITING},
    operation_id="open_nonconformity",
)
def open_nonconformity(request: HttpRequest, body: schemas.NonconformityIn) -> Any:
    """Open a nonconformity by hand, from an audit, a complaint or a supplier."""
    actor, now = visit(request)
    values = body.dict(exclude={"defects"}, exclude_unset=True)
    defects = [(row.code, row.severity, row.quantity) for row in body.defects]
    case = opening_services.open_nonconformity(values=values, defects=defects, actor=actor, now=now)
    return Status(201, _shown(case.pk))


@router.get(
    "/nonconformities/{pk}",
    response={200: schemas.NonconformityOut, **READING},
    operation_id="get_nonconformity",
)
def get_nonconformity(request: HttpRequest, pk: UUID) -> Any:
    """One nonconformity with what was done about it."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    return _shown(pk)


@router.post(
    "/nonconformities/{pk}/containments",
    response={201: schemas.NonconformityOut, **WRITING},
    operation_id="record_containment",
)
def record_containment(request: HttpRequest, pk: UUID, body: schemas.ContainmentIn) -> Any:
    """Note what was done at once with the goods."""
    actor, now = visit(request)
    containment_services.record_containment(nonconformity_id=pk, values=body.dict(), actor=actor, now=now)
    return Status(201, _shown(pk))


@router.put(
    "/nonconformities/{pk}/whys/{chain}",
    response={200: schemas.NonconformityOut, **WRITING},
    operation_id="set_whys",
)
def set_whys(request: HttpRequest, pk: UUID, chain: Chain, body: schemas.ChainIn) -> Any:
    """Write one chain of 5 Why anew: `made` or `detected`."""
    actor, now = visit(request)
    steps = [(step.answer, step.proof) for step in body.steps]
    cause_services.set_chain(nonconformity_id=pk, chain=chain, steps=steps, actor=actor, now=now)
    return _shown(pk)


@router.put(
    "/nonconformities/{pk}/root-causes",
    response={200: schemas.NonconformityOut, **WRITING},
    operation_id="set_root_causes",
)
def set_root_causes(request: HttpRequest, pk: UUID, body: schemas.RootsIn) -> Any:
    """State the root causes."""
    actor, now = visit(request)
    cause_services.choose_root_causes(
        nonconformity_id=pk, made=body.made, detected=body.detected, actor=actor, now=now
    )
    return _shown(pk)


@router.put(
    "/nonconformities/{pk}/effect-check",
    response={200: schemas.NonconformityOut, **WRITING},
    operation_id="set_effect_check",
)
def set_effect_check(request: HttpRequest, pk: UUID, body: schemas.EffectIn) -> Any:
    """Say how the effect will be proved; the check then tests itself against new inspections."""
    actor, now = visit(request)
    effect_services.set_effect_check(nonconformity_id=pk, values=body.dict(), actor=actor, now=now)
    return _shown(pk)


@router.post(
    "/nonconformities/{pk}/moves",
    response={200: schemas.NonconformityOut, **WRITING},
    operation_id="move_nonconformity",
)
def move_nonconformity(request: HttpRequest, pk: UUID, body: schemas.CaseMoveIn) -> Any:
    """One step of a nonconformity through its states; nobody closes by hand."""
    actor, now = visit(request)
    services.move_nonconformity(nonconformity_id=pk, move=body.move, reason=body.reason, actor=actor, now=now)
    return _shown(pk)


@router.post(
    "/nonconformities/{pk}/actions",
    response={201: schemas.ActionOut, **WRITING},
    operation_id="add_action",
)
def add_action(request: HttpRequest, pk: UUID, body: schemas.ActionIn) -> Any:
    """Plan an action."""
    actor, now = visit(request)
    return Status(
        201, action_services.add_action(nonconformity_id=pk, values=body.dict(), actor=actor, now=now)
    )


@router.post("/actions/{pk}/moves", response={200: schemas.ActionOut, **WRITING}, operation_id="move_action")
def move_action(request: HttpRequest, pk: UUID, body: schemas.MoveIn) -> Any:
    """One step of an action through its states."""
    actor, now = visit(request)
    return action_services.move_action(
        action_id=pk, move=body.move, reason=body.reason, result=body.result, actor=actor, now=now
    )


@router.post(
    "/nonconformities/{pk}/scars", response={201: schemas.ScarOut, **WRITING}, operation_id="send_scar"
)
def send_scar(request: HttpRequest, pk: UUID, body: schemas.ScarIn) -> Any:
    """Ask a supplier for corrective action; the link goes out by letter."""
    actor, now = visit(request)
    scar, _secret = scar_services.send_scar(nonconformity_id=pk, values=body.dict(), actor=actor, now=now)
    return Status(201, _scar(scar.pk))


@router.get("/scars/{pk}", response={200: schemas.ScarOut, **READING}, operation_id="get_scar")
def get_scar(request: HttpRequest, pk: UUID) -> Any:
    """One request to a supplier with every answer."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    return _scar(pk)


@router.post("/scars/{pk}/decision", response={200: schemas.ScarOut, **WRITING}, operation_id="judge_scar")
def judge_scar(request: HttpRequest, pk: UUID, body: schemas.JudgeIn) -> Any:
    """Accept the latest answer, or decline it with a reason: then a letter with a new link asks again."""
    actor, now = visit(request)
    scar_services.judge_answer(
        scar_id=pk, is_accepted=body.is_accepted, reason=body.reason, actor=actor, now=now
    )
    return _scar(pk)


@router.get("/pareto", response={200: list[schemas.ParetoOut], **READING}, operation_id="pareto_of_defects")
def pareto_of_defects(request: HttpRequest, asked: Query[schemas.ParetoIn]) -> Any:
    """Defects found on these days by one or more of code, line, operation, shift, stage, style."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    last = min(asked.last, asked.first + timedelta(days=1100))
    found = figures_selectors.pareto_between(
        first=asked.first,
        last=max(asked.first, last),
        by=asked.by,
        where={"line": asked.line, "stage": asked.stage, "style": asked.style},
    )
    return [
        {
            "key": row.key,
            "count": row.count,
            "share_pct": round(float(row.share_pct), 2),
            "cumulative_pct": round(float(row.cumulative_pct), 2),
            "is_vital": row.is_vital,
        }
        for row in found.rows
    ]


def _shown(pk: UUID) -> dict[str, Any]:
    case = selectors.nonconformity_or_missing(pk)
    kept = {name: getattr(case, name) for name in schemas.NonconformityRow.model_fields}
    return {
        **kept,
        **{
            name: getattr(case, name)
            for name in ("problem", "place", "operation", "root_made", "root_detected", "reopened_count")
        },
        "defects": _rows(case.defects.order_by("-quantity", "code"), "code", "severity", "quantity"),
        "containments": _rows(
            case.containments.order_by("pk"),
            "kind",
            "place",
            "note",
            "done_on",
            *containment_services.QUANTITIES,
        ),
        "whys": {
            chain: [{"answer": step.answer, "proof": step.proof} for step in steps]
            for chain, steps in selectors.whys_of(case).items()
        },
        "actions": selectors.actions_of(case),
        "effect": selectors.check_of(case),
    }


def _scar(pk: UUID) -> dict[str, Any]:
    scar = selectors.scar_or_missing(pk)
    kept = ("number", "nonconformity_id", "supplier_id", "state", "asked", "due_on", "expires_at")
    return {
        "id": scar.pk,
        **{name: getattr(scar, name) for name in kept},
        "answers": list(scar.answers.order_by("version")),
    }


def _rows(found: Any, *names: str) -> list[dict[str, Any]]:
    return [{"id": row.pk, **{name: getattr(row, name) for name in names}} for row in found]

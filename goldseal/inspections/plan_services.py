"""Planning an inspection: the sampling plan, the draw, and the snapshot that everything later depends on."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.catalog.models import Buyer, Order, Stage
from goldseal.catalog.selectors import order_lines
from goldseal.inspections import selectors
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules import draw, sampling
from goldseal.inspections.rules.checklist import final_checklist
from goldseal.inspections.rules.measurement import parse_measure
from goldseal.inspections.snapshots import plan_snapshot, refresh
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import members


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a person chooses when planning; what is not given comes from the buyer.

    `lines`: [{colour, size, quantity}] of the lot, the whole order by default; `cartons`: [{first,
    last, pieces, colour?, size?}]; `points`: the measurement chart; `limits`: AQL text per severity.
    """

    order_id: UUID
    stage_id: UUID
    planned_on: date
    inspector_id: UUID | None = None
    level: str = ""
    inspection: str = ""
    counting: str = ""
    limits: Mapping[str, str | None] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Any]] = ()
    cartons: Sequence[Mapping[str, Any]] = ()
    points: Sequence[Mapping[str, Any]] = ()
    header: Mapping[str, Any] = field(default_factory=dict)
    checklist: Mapping[str, Sequence[Mapping[str, str]]] | None = None
    seed: str = ""


def plan_inspection(*, request: PlanRequest, actor: Actor, now: datetime) -> Inspection:
    """Plan the inspection of a lot: sampling plan per severity, one sample drawn for all, cartons drawn.

    The random seed is made here and committed to; the draw is a pure function of it. Everything the
    decision will depend on is copied into the inspection. Raises Invalid naming the field.
    """
    authorize(actor, "inspections.plan")
    order = Order.objects.select_related("buyer", "style").filter(pk=request.order_id).first()
    stage = Stage.objects.filter(pk=request.stage_id, is_active=True).first()
    problems: dict[str, Any] = {}
    if order is None:
        problems["order"] = _("Choose an order.")
    if stage is None:
        problems["stage"] = _("Choose a stage.")
    if order is None or stage is None:
        raise Invalid(fields=problems)
    lines = [dict(line) for line in request.lines] or [
        {"colour": line.colour, "size": line.size, "quantity": line.quantity} for line in order_lines(order)
    ]
    lot_size = sum(line["quantity"] for line in lines)
    buyer = order.buyer
    limits = dict(request.limits) or {
        "critical": buyer.aql_critical,
        "major": buyer.aql_major,
        "minor": buyer.aql_minor,
    }
    plan = _sampling_plan(
        lot_size, request.level or buyer.aql_level, limits, request.inspection or buyer.inspection_type
    )
    contents = _carton_contents(request.cartons)
    _check_points(request.points)
    seed = bytes.fromhex(request.seed) if request.seed else secrets.token_bytes(draw.SEED_BYTES)
    drawn = _drawn(seed, contents, plan.units_to_inspect)
    inspector = member_named(request.inspector_id)
    with recorded_change():
        _lock_numbers(actor)
        inspection = Inspection.objects.create(
            number=selectors.next_number(),
            stage=stage,
            buyer=buyer,
            style=order.style,
            order=order,
            inspector=inspector,
            planned_on=request.planned_on,
            lot_size=lot_size,
            sample_size=plan.units_to_inspect,
            seed=seed.hex(),
            seed_commitment=draw.commitment(seed=seed),
            plan=plan_snapshot(plan),
            rules=_rules_of(buyer, request.counting),
            ordered=lines,
            points=[dict(point) for point in request.points],
            checklist=request.checklist if request.checklist is not None else final_checklist(),
            cartons=[dict(cartons) for cartons in request.cartons],
            drawn=drawn,
            header=dict(request.header),
            created_at=now,
        )
        refresh(inspection, [])
        inspection.save(update_fields=["summary", "verdict", "content_hash"])
        record(
            event="inspection.planned",
            actor=actor,
            now=now,
            obj=inspection,
            payload={
                "code": inspection.code,
                "lot_size": lot_size,
                "sample_size": inspection.sample_size,
                "seed_commitment": inspection.seed_commitment,
            },
        )
    return inspection


def _rules_of(buyer: Buyer, counting: str) -> dict[str, Any]:
    """The buyer's settings as the inspection keeps them."""
    return {
        "counting": counting or buyer.count_by,
        "sample_basis": buyer.sample_basis,
        "quantity_tolerance_pct": str(buyer.quantity_tolerance_pct),
        "made_pct_min": str(buyer.made_pct_min),
        "packed_pct_min": str(buyer.packed_pct_min),
        "points_out_pct_max": str(buyer.points_out_pct_max),
        "pieces_out_max": buyer.pieces_out_max,
        "is_critical_point_failing": buyer.is_critical_point_failing,
    }


def _sampling_plan(
    lot_size: int, level: str, limits: Mapping[str, str | None], inspection: str
) -> sampling.InspectionPlan:
    try:
        return sampling.inspection_plan(lot_size=lot_size, level=level, limits=limits, inspection=inspection)
    except ValueError as refused:
        raise Invalid(fields={"plan": str(refused)}) from None


def _carton_contents(cartons: Sequence[Mapping[str, Any]]) -> list[int]:
    """Pieces per carton for carton 1, 2, 3 …; Invalid where ranges overlap or leave a gap."""
    contents: dict[int, int] = {}
    for row in cartons:
        if row["last"] < row["first"]:
            raise Invalid(fields={"cartons": _("A range of cartons ends before it begins.")})
        for number in range(row["first"], row["last"] + 1):
            if number in contents:
                raise Invalid(fields={"cartons": _("Carton %(number)s is named twice.") % {"number": number}})
            contents[number] = row["pieces"]
    if sorted(contents) != list(range(1, len(contents) + 1)):
        raise Invalid(fields={"cartons": _("Cartons must be numbered from 1 without a gap.")})
    return [contents[number] for number in sorted(contents)]


def _check_points(points: Sequence[Mapping[str, Any]]) -> None:
    """Invalid where an amount of the measurement chart cannot be read or a point stands twice."""
    seen: set[str] = set()
    for point in points:
        if point["code"] in seen:
            raise Invalid(fields={"points": _("Point %(code)s stands twice.") % {"code": point["code"]}})
        seen.add(point["code"])
        for amount in (point["tol_minus"], point["tol_plus"], *point["spec"].values()):
            try:
                parse_measure(amount)
            except ValueError as refused:
                raise Invalid(fields={"points": f"{point['code']}: {refused}"}) from None


def _drawn(seed: bytes, contents: list[int], sample_size: int) -> list[dict[str, Any]]:
    if not contents:
        return []
    try:
        drawn = draw.draw_sample(
            seed=seed, carton_contents=contents, sample_size=min(sample_size, sum(contents))
        )
    except ValueError as refused:
        raise Invalid(fields={"cartons": str(refused)}) from None
    return [{"carton": carton.carton, "pieces": list(carton.pieces)} for carton in drawn.cartons]


def member_named(inspector_id: UUID | None) -> User | None:
    """The member who is to inspect, or nobody in particular; Invalid for a stranger."""
    if inspector_id is None:
        return None
    member = members().filter(user_id=inspector_id, is_active=True).first()
    if member is None:
        raise Invalid(fields={"inspector": _("Choose somebody who belongs to the workspace.")})
    return member.user


def _lock_numbers(actor: Actor) -> None:
    """Inspections of one workspace get their numbers one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(actor.workspace_id)])

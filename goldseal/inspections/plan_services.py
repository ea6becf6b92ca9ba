"""Planning an inspection: the method, the sampling plan, the draw, and the snapshot that everything depends on."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.catalog.models import ChecklistTemplate, Line, Method, Order, Stage, Supplier
from goldseal.catalog.rules.buyers import BuyerRules
from goldseal.catalog.selectors import barcodes, rules_for, template_for
from goldseal.inspections import lots, selectors
from goldseal.inspections.deciding import refresh
from goldseal.inspections.gates import gates_before
from goldseal.inspections.models import Inspection, InspectionOrder
from goldseal.inspections.request_services import answer_request
from goldseal.inspections.rules import draw
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.inspections.rules.checklist import final_checklist
from goldseal.inspections.sampling_plans import Sampling, sampling_for
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import members

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a person chooses when planning; what is not given comes from the buyer and the stage.

    `more_orders`: further orders of the same buyer and style that are inspected in the same lot;
    `lines`: [{order?, colour, size, quantity}] of the lot, every line of the orders by default;
    `lot_size`: units of a lot that is not counted in garments, such as cones of yarn or rolls of fabric;
    `cartons`: [{first, last, pieces, colour?, size?, name?, ratio?, barcodes?, gross_kg?}], the last four where
    these cartons hold something of their own (`lots.packed_ranges`); `points`: the measurement chart; `limits`: AQL
    text per severity; `scheme`: single or double; `is_extra`: the pieces may stand in another lot too;
    `request_id`: the request that this plan answers.
    """

    order_id: UUID
    stage_id: UUID
    planned_on: date
    inspector_id: UUID | None = None
    line_id: UUID | None = None
    supplier_id: UUID | None = None
    reinspection_of_id: UUID | None = None
    more_orders: Sequence[UUID] = ()
    lot_size: int | None = None
    level: str = ""
    inspection: str = ""
    counting: str = ""
    scheme: str = ""
    limits: Mapping[str, str | None] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Any]] = ()
    cartons: Sequence[Mapping[str, Any]] = ()
    points: Sequence[Mapping[str, Any]] = ()
    header: Mapping[str, Any] = field(default_factory=dict)
    checklist: Mapping[str, Sequence[Mapping[str, str]]] | None = None
    is_extra: bool = False
    request_id: UUID | None = None
    seed: str = ""


def plan_inspection(*, request: PlanRequest, actor: Actor, now: datetime) -> Inspection:
    """Plan the inspection of a lot by the method of its stage.

    Sampling gets a plan per severity and one sample drawn for all; the random seed is made here and
    committed to, and the draw is a pure function of it. Everything the decision will depend on is copied
    into the inspection. Raises Invalid naming the field.
    """
    authorize(actor, "inspections.plan")
    refuse_odd_day(request.planned_on)
    stage = Stage.objects.filter(pk=request.stage_id, is_active=True).first()
    if stage is None:
        raise Invalid(fields={"stage": _("Choose a stage.")})
    orders = lots.orders_named([request.order_id, *request.more_orders])
    order, buyer = orders[0], orders[0].buyer
    former = lots.inspected_before(request.reinspection_of_id, stage=stage)
    if former and request.lot_size is None and not former.ordered and not request.lines:
        request = replace(request, lot_size=former.lot_size)
    is_of_units = request.lot_size is not None
    cartons = list(request.cartons) or (list(former.cartons) if former else [])
    lines = [] if is_of_units else lots.lines_of_lot(orders, request.lines or _lines_before(former))
    lots.check_ratios(cartons, lines)
    pieces = lots.pieces_per_order(orders, lines)
    lot_size = _lot_size(request, lines)
    rules = rules_for(buyer, stage)
    supplier = _chosen(Supplier, request.supplier_id, "supplier")
    seed = bytes.fromhex(request.seed) if request.seed else secrets.token_bytes(draw.SEED_BYTES)
    points: list[Mapping[str, Any]] = list(request.points)
    if not points and stage.method_code in (Method.AQL, Method.MEASUREMENT) and not is_of_units:
        points = [*selectors.chart_points(order.style_id)]
    lots.check_points(points)
    sampled: Sampling | None = None
    drawn: list[dict[str, Any]] = []
    if stage.method_code == Method.AQL:
        if former is None and not is_of_units and not request.is_extra:
            lots.refuse_pieces_of_other_lots(
                orders=orders, pieces=pieces, stage=stage, tolerance_pct=rules.quantity_tolerance_pct
            )
        sampled = sampling_for(
            request=request, rules=rules, lot_size=lot_size, order=order, stage=stage, supplier=supplier
        )
        drawn = lots.drawn_cartons(seed, lots.carton_contents(cartons), sampled.units_to_inspect)
    template = template_for(stage)
    with recorded_change():
        lock_numbers(actor)
        inspection = Inspection.objects.create(
            number=selectors.next_number(),
            stage=stage,
            method=stage.method_code,
            buyer=buyer,
            style=order.style,
            order=order,
            line=_chosen(Line, request.line_id, "line"),
            supplier=supplier,
            reinspection_of=former,
            inspector=member_named(request.inspector_id),
            planned_on=request.planned_on,
            lot_size=lot_size,
            sample_size=sampled.units_to_inspect if sampled else 0,
            seed=seed.hex(),
            seed_commitment=draw.commitment(seed=seed),
            plan=sampled.snapshot if sampled else {},
            rules={
                **_rules_snapshot(request, rules, stage, template, sampled, has_lines=bool(lines)),
                "gates": gates_before(stage, order.style.product_family),
            },
            ordered=lots.as_ordered(lines, is_combined=len(orders) > 1),
            points=[dict(point) for point in points],
            checklist=_checklist(request, stage, template),
            cartons=[dict(row) for row in cartons],
            drawn=drawn,
            header={**request.header, **_packing(order, stage, cartons)},
            created_at=now,
        )
        InspectionOrder.objects.bulk_create(
            [
                InspectionOrder(
                    workspace_id=inspection.workspace_id,
                    inspection=inspection,
                    order=one,
                    quantity=pieces[one.pk],
                )
                for one in orders
            ]
        )
        if request.request_id is not None:
            answer_request(request_id=request.request_id, inspection=inspection)
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


def refuse_odd_day(day: date) -> None:
    """Invalid for a day that can only be a slip of the finger: before this century's trade or far ahead."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(fields={"planned_on": _("Choose a day between the years 2000 and 2199.")})


def _packing(order: Order, stage: Stage, cartons: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a carton must hold and which barcodes may be on its pieces, as the order and the ranges say now."""
    if stage.method_code != Method.PACKING:
        return {}
    codes = barcodes(order)
    kept = {**order.packing, **({"barcodes": sorted(set(codes.values()))} if codes else {})}
    ranges = lots.packed_ranges(cartons, order_packing=kept, codes=codes)
    kept |= {"ranges": ranges} if ranges else {}
    return {"packing": kept} if kept else {}


def _lines_before(former: Inspection | None) -> list[dict[str, Any]]:
    """The lines of the lot that is inspected again."""
    if former is None or any("orders" in line for line in former.ordered):
        return []
    return [dict(line) for line in former.ordered]


def _lot_size(request: PlanRequest, lines: Sequence[Mapping[str, Any]]) -> int:
    if request.lot_size is None:
        return sum(line["quantity"] for line in lines)
    if not 1 <= request.lot_size <= 10_000_000:
        raise Invalid(fields={"lot_size": _("Lot size must be between 1 and 10 000 000.")})
    return request.lot_size


def _rules_snapshot(
    request: PlanRequest,
    rules: BuyerRules,
    stage: Stage,
    template: ChecklistTemplate | None,
    sampled: Sampling | None,
    *,
    has_lines: bool,
) -> dict[str, Any]:
    """The rules as the inspection keeps them: the buyer's at this stage, the method's settings, the template."""
    kept = {one.name: _as_json(getattr(rules, one.name)) for one in fields(rules)}
    kept |= {
        "counting": request.counting or rules.count_by,
        "stage": stage.settings,
        "gate": stage.gate,
        "template": {"code": template.code, "version": template.version} if template else None,
    }
    if sampled is not None:
        kept["switching"] = sampled.switching
        if not has_lines:
            # A lot of yarn or trims: nothing to count by colour and size, no garment to measure.
            kept["required_sections"] = ["workmanship", *_sections_asked(template)]
    return kept


def _sections_asked(template: ChecklistTemplate | None) -> list[str]:
    asked = {item["section"] for item in (template.items if template else [])}
    return [name for name in SECTIONS if name in asked and name != "workmanship"]


def _checklist(request: PlanRequest, stage: Stage, template: ChecklistTemplate | None) -> Mapping[str, Any]:
    """The questions as they stand now: by section for sampling, as items for the checklist methods."""
    if request.checklist is not None:
        return request.checklist
    if template is None:
        return final_checklist() if stage.method_code == Method.AQL else {"items": []}
    if stage.method_code != Method.AQL:
        return {"items": template.items}
    sections: dict[str, list[dict[str, str]]] = {}
    for item in template.items:
        sections.setdefault(item["section"], []).append(
            {"check": item["key"], "label_en": item["label_en"], "label_bn": item.get("label_bn", "")}
        )
    return sections


def _as_json(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _chosen(model: Any, pk: UUID | None, where: str) -> Any:
    """The row that was chosen, or None where nothing was; Invalid at its field for a foreign one."""
    if pk is None:
        return None
    row = model.objects.filter(pk=pk, is_active=True).first()
    if row is None:
        raise Invalid(fields={where: _("Choose one from the list.")})
    return row


def member_named(inspector_id: UUID | None) -> User | None:
    """The member who is to inspect, or nobody in particular; Invalid for a stranger."""
    if inspector_id is None:
        return None
    member = members().filter(user_id=inspector_id, is_active=True).first()
    if member is None:
        raise Invalid(fields={"inspector": _("Choose somebody who belongs to the workspace.")})
    return member.user


def lock_numbers(actor: Actor) -> None:
    """Inspections of one workspace get their numbers one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(actor.workspace_id)])

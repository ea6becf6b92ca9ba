"""A quality day at the demo factory: an order with everything planned from yarn to the final, and metal detection."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from goldseal.accounts.models import User
from goldseal.catalog.models import Line, Order, Site, Stage
from goldseal.catalog.rules.grid import Quantity
from goldseal.catalog.services import create_buyer, create_style, save_chart, save_order
from goldseal.catalog.services.suppliers import create_supplier
from goldseal.inspections import services as inspecting
from goldseal.inspections.models import Inspection, Verdict
from goldseal.kit.actors import Actor
from goldseal.kit.ids import new_id
from goldseal.workspaces.selectors import workspace_by_id
from goldseal.workspaces.services import current_scope

MACHINE = "MD-1"
CARTONS = [{"first": 1, "last": 30, "pieces": 20}]
GRID = [
    Quantity(colour, size, pieces)
    for colour in ("Indigo", "Ecru")
    for size, pieces in (("S", 60), ("M", 120), ("L", 120))
]
# What one carton holds: two of S, four of M, four of L in each colour.
PACKING = {
    "ratio": [
        {"colour": colour, "size": size, "pieces": pieces}
        for colour in ("Indigo", "Ecru")
        for size, pieces in (("S", 2), ("M", 4), ("L", 4))
    ],
    "gross_kg": "9.5",
    "marks": "HARBOUR / HC-7001 / CARTON 1-30",
}
POINTS: list[Mapping[str, Any]] = [
    {
        "code": code,
        "name_en": english,
        "name_bn": bangla,
        "tol_minus": tolerance,
        "tol_plus": tolerance,
        "critical": critical,
        "spec": dict(zip(("S", "M", "L"), sizes, strict=True)),
    }
    for code, english, bangla, tolerance, critical, sizes in (
        ("P01", "Chest, 1 in below armhole", "চেস্ট, আর্মহোলের ১ ইঞ্চি নিচে", "1", True, ("48", "51", "54")),
        ("P02", "Body length from HPS", "বডি লেন্থ, এইচপিএস থেকে", "1", True, ("64", "66", "68")),
        ("P03", "Sleeve length, centre back", "স্লিভ লেন্থ, সিবি থেকে", "1", False, ("78", "80", "82")),
        ("P04", "Neck width", "নেক উইডথ", "0.5", False, ("18", "18.5", "19")),
        ("P05", "Bottom rib height", "বটম রিব হাইট", "0.3", False, ("6", "6", "6")),
    )
]
# Stage, and what its plan needs beside the order; the order of production.
DAY: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("PPM", {}),
    ("YRN", {"lot_size": 600, "supplier": True}),
    ("KNT", {"line": True}),
    ("LNK", {"line": True}),
    ("MND", {"line": True}),
    ("END", {"line": True}),
    ("WSH", {}),
    ("IRN", {"line": True}),
    ("MTL", {}),
    ("PKG", {"cartons": CARTONS}),
    ("PRE", {"cartons": CARTONS}),
    ("FIN", {"cartons": CARTONS}),
)


def hour_there(now: datetime, *, days_ago: int, hour: int) -> datetime:
    """An hour of the day at the factory so many days ago; instants are in UTC, days are the factory's own."""
    zone = ZoneInfo(_workspace_zone())
    day = now.astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def day_there(at: datetime) -> date:
    """The factory's date at an instant."""
    return at.astimezone(ZoneInfo(_workspace_zone())).date()


def _workspace_zone() -> str:
    scope = current_scope()
    workspace = workspace_by_id(scope.workspace_id) if scope else None
    return workspace.time_zone if workspace else "UTC"


def plan_the_day(*, inspector: User, actor: Actor, now: datetime) -> list[Inspection]:
    """A second order of the demo factory, with today's inspections planned for the demo inspector."""
    buyer = create_buyer(values={"code": "HARBOUR", "name": "Harbour Clothing (demo)"}, actor=actor, now=now)
    style = create_style(
        values={
            "buyer": buyer.pk,
            "code": "HC-220",
            "name": "Rib cardigan",
            "name_bn": "রিব কার্ডিগান",
            "composition": "100% cotton",
            "gauge": "7 GG",
        },
        actor=actor,
        now=now,
    )
    site = Site.objects.order_by("code").first()
    order = save_order(
        values={
            "style": style.pk,
            "site": site.pk if site else None,
            "po_number": "HC-7001",
            "ex_factory_on": (now + timedelta(days=5)).date(),
        },
        quantities=GRID,
        packing=PACKING,
        actor=actor,
        now=now,
    )
    save_chart(style_id=style.pk, points=POINTS, sizes=("S", "M", "L"), actor=actor, now=now)
    supplier = create_supplier(
        values={"code": "SPIN", "name": "Meghna Spinning (demo)", "kind": "yarn"}, actor=actor, now=now
    )
    line = Line.objects.order_by("code").first()
    stages = {stage.code: stage.pk for stage in Stage.objects.filter(is_active=True)}
    return [
        inspecting.plan_inspection(
            request=inspecting.PlanRequest(
                order_id=order.pk,
                stage_id=stages[code],
                planned_on=day_there(now),
                inspector_id=inspector.pk,
                line_id=line.pk if line and asked.get("line") else None,
                supplier_id=supplier.pk if asked.get("supplier") else None,
                lot_size=asked.get("lot_size"),
                cartons=asked.get("cartons", ()),
            ),
            actor=actor,
            now=now,
        )
        for code, asked in DAY
        if code in stages
    ]


def pass_metal_detection(
    *,
    order: Order,
    inspector: User,
    password: str,
    meaning: str,
    manages: Actor,
    inspects: Actor,
    now: datetime,
) -> None:
    """The metal detection that a final of this order rests on: one hour, calibrated, nothing found.

    Nothing to do where the workspace has no such stage or the order passed it before.
    """
    stage = Stage.objects.filter(code="MTL", is_active=True).first()
    done = Inspection.objects.filter(stage=stage, order=order, verdict=Verdict.PASS)
    if stage is None or done.exists():
        return
    inspection = inspecting.plan_inspection(
        request=inspecting.PlanRequest(
            order_id=order.pk, stage_id=stage.pk, planned_on=now.date(), inspector_id=inspector.pk
        ),
        actor=manages,
        now=now,
    )
    card = {"machine": MACHINE, "hour": 9, "card_kind": "ferrous", "card_mm": "1.2", "points": [True] * 9}
    scanned = {"machine": MACHINE, "hour": 9, "pieces": inspection.lot_size}
    inspecting.apply_events(
        inspection_id=inspection.pk,
        events=[
            demo_event("calibration_recorded", card, inspector.pk, now),
            demo_event("pieces_scanned", scanned, inspector.pk, now),
        ],
        actor=inspects,
        now=now,
    )
    inspecting.sign_inspection(
        inspection_id=inspection.pk,
        signer=inspector,
        password=password,
        role="inspector",
        meaning=meaning,
        device=inspects.device,
        actor=inspects,
        now=now,
    )
    inspecting.decide_inspection(inspection_id=inspection.pk, device=inspects.device, actor=inspects, now=now)


def demo_event(kind: str, body: Mapping[str, Any], by: UUID, now: datetime) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "kind": kind,
        "at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "by": str(by),
        "device": "goldseal demo",
        "body": dict(body),
        "supersedes": [],
    }

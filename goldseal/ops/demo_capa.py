"""The demo factory's story of a defect: found, held back, understood, acted upon, and gone by the numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from goldseal.accounts.models import User
from goldseal.capa import (
    action_services,
    cause_services,
    containment_services,
    effect_services,
    opening_services,
    scar_services,
    services,
)
from goldseal.capa.models import Nonconformity
from goldseal.catalog.models import Line, Order, Stage, Supplier
from goldseal.inspections import services as inspecting
from goldseal.inspections.models import Inspection
from goldseal.kit.actors import Actor
from goldseal.ops.demo_day import demo_event

DEVICE = "goldseal demo"
MISLINK, SLUB = "SW04", "KN07"
CHAINS = {
    "made": (
        ("The loop slipped off the point while linking", "Photo of the point, machine 12"),
        ("The point plate is worn on three machines", "Gauge check of all twelve"),
        ("Point plates are changed only when they break", "Maintenance book, January to March"),
        ("The maintenance plan has no interval for point plates", "Plan, revision 4"),
    ),
    "detected": (
        ("The endline looks at the outside only", "Watched two hours"),
        ("There is no light box at the linking line", "Layout of the line"),
        ("The stage's checklist does not ask for the inside", "Checklist, version 2"),
    ),
}
BONES = (
    ("machine", "Worn point plates", "confirmed"),
    ("method", "No interval in the plan", "confirmed"),
    ("measurement", "No light box at the line", "confirmed"),
    ("man", "New operators on two machines", "ruled_out"),
    ("material", "Yarn count varies", "suspected"),
    ("environment", "Humidity in the afternoon", "ruled_out"),
)


@dataclass(frozen=True, slots=True)
class Crew:
    """Who acts in the story: the inspector owns and works, the manager reviews."""

    inspector: User
    password: str
    inspects: Actor
    manages: Actor

    @property
    def program(self) -> Actor:
        """What happens by itself."""
        return replace(self.manages, person_id=None, name="Goldseal", via="job")


def tell_the_story(*, crew: Crew, now: datetime) -> Nonconformity | None:
    """A case that closed by its numbers and one that is being worked on; needs the demo's second order."""
    order = Order.objects.filter(po_number="HC-7001").first()
    stage = Stage.objects.filter(code="PRE", is_active=True).first()
    if order is None or stage is None:
        return None
    long_ago = now - timedelta(days=16)
    failed = _inspected(crew, order, stage, ((MISLINK, "major", 6), ("SW11", "minor", 2)), long_ago)
    case = services.take_in_inspection(inspection_id=failed.pk, actor=crew.program, now=long_ago)
    if case is None:
        return None
    _solve(crew, case, long_ago)
    for days in (9, 6, 3):
        at = now - timedelta(days=days)
        later = _inspected(crew, order, stage, (("SW11", "minor", 1),), at)
        services.take_in_inspection(inspection_id=later.pk, actor=crew.program, now=at)
    _begin_another(crew, order, stage, now - timedelta(days=2))
    return case


def _inspected(
    crew: Crew, order: Order, stage: Stage, defects: Sequence[tuple[str, str, int]], at: datetime
) -> Inspection:
    inspection = inspecting.plan_inspection(
        request=inspecting.PlanRequest(
            order_id=order.pk,
            stage_id=stage.pk,
            planned_on=at.date(),
            inspector_id=crew.inspector.pk,
            line_id=Line.objects.order_by("code").values_list("pk", flat=True).first(),
            is_extra=True,
        ),
        actor=crew.manages,
        now=at,
    )
    inspecting.apply_events(
        inspection_id=inspection.pk,
        events=[
            demo_event("inspection_started", {"place": "Finishing"}, crew.inspector.pk, at),
            *(
                demo_event(
                    "defect_recorded",
                    {"code": code, "severity": severity, "pieces": pieces, "zone": "A"},
                    crew.inspector.pk,
                    at,
                )
                for code, severity, pieces in defects
            ),
        ],
        actor=crew.inspects,
        now=at,
    )
    inspecting.sign_inspection(
        inspection_id=inspection.pk,
        signer=crew.inspector,
        password=crew.password,
        role="inspector",
        meaning="Inspected as recorded",
        device=DEVICE,
        actor=crew.inspects,
        now=at,
    )
    inspecting.decide_inspection(inspection_id=inspection.pk, device=DEVICE, actor=crew.inspects, now=at)
    return inspection


def _solve(crew: Crew, case: Nonconformity, at: datetime) -> None:
    """Containment, both chains, the fishbone, two actions, the check; reviewed and verified."""
    pk, works = case.pk, crew.inspects
    due = at.date() + timedelta(days=5)
    opening_services.assign_owner(
        nonconformity_id=pk, owner_id=crew.inspector.pk, due_on=due, actor=works, now=at
    )
    sorted_lot = {"kind": "sort", "place": "Finishing, rack 4", "in_lot": 600, "sorted": 600, "found_bad": 31}
    containment_services.record_containment(
        nonconformity_id=pk,
        values={**sorted_lot, "rechecked": 27, "released": 596},
        actor=works,
        now=at,
    )
    for chain, steps in CHAINS.items():
        cause_services.set_chain(nonconformity_id=pk, chain=chain, steps=steps, actor=works, now=at)
    for bone, words, standing in BONES:
        cause = cause_services.add_cause(nonconformity_id=pk, bone=bone, words=words, actor=works, now=at)
        cause_services.change_cause(
            cause_id=cause.pk, bone=bone, words=words, standing=standing, actor=works, now=at
        )
    cause_services.set_is_is_not(
        nonconformity_id=pk,
        answers={
            "what": ("Mis-links at the shoulder", "Mis-links at the neck"),
            "where": ("Linking line 1, machines 9 to 12", "Linking line 2"),
            "when": ("Since the order began", "Orders of last month"),
            "how_many": ("Five in a hundred", "Single pieces"),
        },
        actor=works,
        now=at,
    )
    cause_services.choose_root_causes(
        nonconformity_id=pk,
        made=CHAINS["made"][-1][0],
        detected=CHAINS["detected"][-1][0],
        actor=works,
        now=at,
    )
    rows = [
        _action(crew, case, kind, type_, words, due, at)
        for kind, type_, words in (
            ("corrective", "machine", "Change the point plates of machines 9 to 12"),
            ("preventive", "method", "Maintenance plan: point plates every eight weeks"),
            ("corrective", "check", "Light box at the linking line; inside looked at"),
        )
    ]
    action_services.add_read_across(
        nonconformity_id=pk,
        values={"line": Line.objects.order_by("-code")[0].pk, "note": "Same machines, same plan"},
        actor=works,
        now=at,
    )
    _set_check(crew, case, at)
    _move(crew.inspects, case, ("begin", "submit"), at)
    _move(crew.manages, case, ("take_up", "approve"), at)
    turns: list[tuple[Actor, str]] = [(works, "begin"), (works, "submit")]
    turns += [(crew.manages, step) for step in ("take_up", "approve", "verify")]
    for row in rows:
        for actor, step in turns:
            action_services.move_action(
                action_id=row, move=step, result="Done and seen at the line", actor=actor, now=at
            )
    _move(crew.manages, case, ("verify",), at)


def _action(
    crew: Crew, case: Nonconformity, kind: str, type_: str, words: str, due: Any, at: datetime
) -> Any:
    values = {"kind": kind, "type": type_, "words": words, "owner": crew.inspector.pk, "due_on": due}
    return action_services.add_action(nonconformity_id=case.pk, values=values, actor=crew.inspects, now=at).pk


def _set_check(crew: Crew, case: Nonconformity, at: datetime) -> None:
    """Three inspections of the same stage at the line, from the next day on."""
    values = {
        "code": MISLINK,
        "target": "1.00",
        "stage": case.stage_id,
        "line": case.line_id,
        "from_on": at.date() + timedelta(days=1),
        "window": "inspections",
        "window_size": 3,
        "min_pieces": 150,
    }
    effect_services.set_effect_check(nonconformity_id=case.pk, values=values, actor=crew.inspects, now=at)


def _move(actor: Actor, case: Nonconformity, steps: Sequence[str], at: datetime) -> None:
    for step in steps:
        services.move_nonconformity(nonconformity_id=case.pk, move=step, actor=actor, now=at)


def _begin_another(crew: Crew, order: Order, stage: Stage, at: datetime) -> None:
    """A second failure: the yarn. It is being worked on, and the mill is asked."""
    failed = _inspected(crew, order, stage, ((SLUB, "major", 7),), at)
    case = services.take_in_inspection(inspection_id=failed.pk, actor=crew.program, now=at)
    mill = Supplier.objects.filter(code="SPIN").first()
    if case is None or mill is None:
        return
    opening_services.assign_owner(
        nonconformity_id=case.pk, owner_id=crew.inspector.pk, due_on=case.due_on, actor=crew.inspects, now=at
    )
    held = {"kind": "hold_lot", "place": "Finishing, cage", "in_lot": 600}
    containment_services.record_containment(
        nonconformity_id=case.pk, values=held, actor=crew.inspects, now=at
    )
    due = at.date() + timedelta(days=4)
    _action(crew, case, "corrective", "material", "Sort the remaining cones of lot 7 by count", due, at)
    _move(crew.inspects, case, ("begin",), at)
    asked = {
        "supplier": mill.pk,
        "email": "mill@demo.goldseal.invalid",
        "language": "en",
        "asked": "Seven of eighty pieces show thick and thin yarn from lot 7. Please contain, find the cause and act.",
        "due_on": at.date() + timedelta(days=7),
        "days": 30,
    }
    _scar, secret = scar_services.send_scar(
        nonconformity_id=case.pk, values=asked, actor=crew.manages, now=at
    )
    scar_services.visit_scar(secret=secret, now=at)
    scar_services.answer_scar(
        secret=secret,
        values={
            "name": "Quality office of the mill",
            "containment": "Lot 7 is blocked in our store; 42 cones remain.",
            "cause_made": "The drafting zone of frame 3 was set for another count.",
            "cause_detected": "The evenness test is taken once a shift, before the change.",
        },
        actions=[
            {
                "words": "Test after every change of count",
                "owner": "Laboratory",
                "due_on": at.date() + timedelta(days=10),
            }
        ],
        files=[],
        attests=False,
        now=at,
    )

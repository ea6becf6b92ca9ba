"""The demo factory's stories of defects: found, held back, understood, acted upon, and gone by the numbers."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from goldseal.capa import (
    action_services,
    cause_services,
    containment_services,
    effect_services,
    opening_services,
    scar_answer_services,
    scar_services,
    services,
)
from goldseal.capa.models import Action, Nonconformity, ReadAcross
from goldseal.catalog.models import Line, Order, Stage, Supplier
from goldseal.catalog.services import save_order
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import receive_file
from goldseal.inspections import services as inspecting
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.kit.actors import Actor
from goldseal.ops.demo_capa_pictures import bench_photo, mislink_photo, points_photo, slub_photo
from goldseal.ops.demo_capa_words import ACTIONS, ANSWERED, ASKED, BONES, CHAINS, COMPARED
from goldseal.ops.demo_crew import Crew, inspect
from goldseal.ops.demo_day import GRID
from goldseal.reports.services import request_report

FIRST, SECOND = "HC-6985", "HC-6989"
MISLINK, THREAD, SLUB = "SW04", "SW11", "KN07"
MORNING = 4  # UTC: ten o'clock at the factory
PHOTOS: Mapping[int, Sequence[tuple[str, Callable[[], io.BytesIO]]]] = {
    1: (("points before.png", lambda: points_photo(worn=True)), ("points after.png", lambda: points_photo(worn=False))),
    2: (("check before.png", lambda: bench_photo(lit=False)), ("check after.png", lambda: bench_photo(lit=True))),
}  # fmt: skip
Found = Sequence[tuple[str, str, int]]  # code, severity, pieces


@dataclass(frozen=True, slots=True)
class Scene:
    """Where the stories happen: the order of the day shows buyer, style and site; one stage at one line."""

    crew: Crew
    order: Order
    stage: Stage
    line: Line
    now: datetime

    def at(self, days: int, hour: int = 0) -> datetime:
        """So many days ago, so many hours after the morning."""
        day = self.now - timedelta(days=days)
        return day.replace(hour=MORNING + hour, minute=20, second=0, microsecond=0)

    def day(self, days: int) -> date:
        """The day so many days ago."""
        return self.at(days).date()


def tell_the_story(*, crew: Crew, now: datetime) -> Nonconformity | None:
    """A case that closed by its numbers and one that is being worked on; needs the demo's second order."""
    order = Order.objects.filter(po_number="HC-7001").first()
    stage = Stage.objects.filter(code="PRE", is_active=True).first()
    line = Line.objects.order_by("code").first()
    if order is None or stage is None or line is None:
        return None
    scene = Scene(crew, order, stage, line, now)
    first = _ordered(scene, FIRST, 24)
    failed = _inspected(scene, first, ((MISLINK, "major", 6), (THREAD, "minor", 2)), 21, photo=mislink_photo)
    case = services.take_in_inspection(inspection_id=failed.pk, actor=crew.program, now=scene.at(21))
    if case is None:
        return None
    _hold_back(scene, case)
    _inspected(scene, first, ((THREAD, "minor", 1),), 20, again=failed)
    _find_the_cause(scene, case)
    _plan(scene, case)
    _act_and_verify(scene, case)
    for po_number, days, found in (
        ("HC-6986", 9, ((THREAD, "minor", 2),)),
        ("HC-6987", 6, ((MISLINK, "major", 1),)),
        ("HC-6988", 3, ((THREAD, "minor", 1),)),
    ):
        later = _inspected(scene, _ordered(scene, po_number, days + 1), found, days)
        services.take_in_inspection(inspection_id=later.pk, actor=crew.program, now=scene.at(days))
    request_report(kind="cap", subject_id=case.pk, language="both", actor=crew.manages, now=now)
    _begin_another(scene)
    return case


def _ordered(scene: Scene, po_number: str, days: int) -> Order:
    """An earlier order of the same style and size."""
    return save_order(
        values={
            "style": scene.order.style_id,
            "site": scene.order.site_id,
            "po_number": po_number,
            "ex_factory_on": scene.day(days) + timedelta(days=10),
        },
        quantities=GRID,
        actor=scene.crew.manages,
        now=scene.at(days),
    )


def _inspected(
    scene: Scene,
    order: Order,
    found: Found,
    days: int,
    *,
    photo: Callable[[], io.BytesIO] | None = None,
    again: Inspection | None = None,
) -> Inspection:
    crew, at = scene.crew, scene.at(days)
    inspection = inspecting.plan_inspection(
        request=inspecting.PlanRequest(
            order_id=order.pk,
            stage_id=scene.stage.pk,
            planned_on=at.date(),
            inspector_id=crew.inspector.pk,
            line_id=scene.line.pk,
            reinspection_of_id=again.pk if again else None,
            is_extra=True,
        ),
        actor=crew.manages,
        now=at,
    )
    photos = []
    if photo is not None:
        kept = receive_file(source=photo(), name=f"{found[0][0]}.png", actor=crew.inspects, now=at)
        photos = [kept.sha256]
    defects: list[dict[str, Any]] = [
        {"code": code, "severity": severity, "pieces": pieces, "zone": "A"}
        for code, severity, pieces in found
    ]
    if photos:
        defects[0]["photos"] = photos
    inspect(
        crew=crew,
        inspection=inspection,
        found=(
            ("inspection_started", {"place": "Finishing"}),
            *(("defect_recorded", body) for body in defects),
            *_all_else_in_order(inspection),
        ),
        at=at,
    )
    request_report(kind="inspection", subject_id=inspection.pk, language="both", actor=crew.inspects, now=at)
    return inspection


def _all_else_in_order(inspection: Inspection) -> Iterator[tuple[str, dict[str, Any]]]:
    """The lot made and packed, every check passed, two pieces of each size measured as specified."""
    yield "readiness_confirmed", {"made": inspection.lot_size, "packed": inspection.lot_size}
    for line in inspection.ordered:
        place = {"colour": line["colour"], "size": line["size"]}
        yield "quantity_counted", {**place, "made": line["quantity"], "packed": line["quantity"]}
        for point in inspection.points:
            if line["size"] in point["spec"]:
                yield (
                    "piece_measured",
                    {
                        **place,
                        "piece_no": inspection.ordered.index(line) + 1,
                        "pom": point["code"],
                        "value": point["spec"][line["size"]],
                        "unit": point["unit"],
                    },
                )
    for section, checks in inspection.checklist.items():
        for check in checks:
            yield "check_answered", {"section": section, "check": check["check"], "answer": "pass"}
    for section in SECTIONS:
        yield "section_concluded", {"section": section, "verdict": "pass"}


def _hold_back(scene: Scene, case: Nonconformity) -> None:
    """Given to its owner at noon, the lot sorted by the evening."""
    works = scene.crew.inspects
    opening_services.assign_owner(
        nonconformity_id=case.pk,
        owner_id=scene.crew.inspector.pk,
        due_on=scene.day(11),
        actor=works,
        now=scene.at(21, 2),
    )
    # 600 − 31 + 27 pieces are good; four cannot be mended.
    containment_services.record_containment(
        nonconformity_id=case.pk,
        values={
            "kind": "sort", "place": "Finishing, rack 4", "in_lot": 600, "sorted": 600, "found_bad": 31,
            "rechecked": 27, "released": 596, "note": "27 linked again; 4 kept apart as seconds",
        },
        actor=works,
        now=scene.at(21, 6),
    )  # fmt: skip


def _find_the_cause(scene: Scene, case: Nonconformity) -> None:
    """The day after: both chains, the fishbone, is / is not, the root causes."""
    told: dict[str, Any] = {"nonconformity_id": case.pk, "actor": scene.crew.inspects, "now": scene.at(20, 5)}
    opening_services.edit_nonconformity(
        values={
            "title": f"Slipped loops in the shoulder seam, {FIRST}",
            "operation": "Shoulder linking",
            "team": "Linking supervisor, maintenance, line QC",
        },
        **told,
    )
    for chain, steps in CHAINS.items():
        cause_services.set_chain(chain=chain, steps=steps, **told)
    for bone, words, standing in BONES:
        cause = cause_services.add_cause(bone=bone, words=words, **told)
        cause_services.change_cause(
            cause_id=cause.pk,
            bone=bone,
            words=words,
            standing=standing,
            actor=told["actor"],
            now=told["now"],
        )
    cause_services.set_is_is_not(answers=COMPARED, **told)
    cause_services.choose_root_causes(made=CHAINS["made"][-1][0], detected=CHAINS["detected"][-1][0], **told)


def _plan(scene: Scene, case: Nonconformity) -> None:
    """Two days after: actions, the other line, the effect check; the manager approves the day after that."""
    told: dict[str, Any] = {"nonconformity_id": case.pk, "actor": scene.crew.inspects, "now": scene.at(19)}
    for kind, type_, words, due, _done, _result in ACTIONS:
        _action(scene.crew, case, kind, type_, words, scene.day(due), scene.at(19))
    other = Line.objects.filter(site=scene.line.site_id).exclude(pk=scene.line.pk).order_by("code").first()
    if other is not None:
        place = {
            "line": other.pk,
            "note": "Same machines, same plan: gauge all points",
            "due_on": scene.day(13),
        }
        action_services.add_read_across(values=place, **told)
    effect_services.set_effect_check(
        values={
            "code": MISLINK, "target": "1.00", "stage": scene.stage.pk, "line": scene.line.pk,
            "from_on": scene.day(12), "window": "inspections", "window_size": 3, "min_pieces": 150,
        },
        **told,
    )  # fmt: skip
    _move(scene.crew.inspects, case, ("begin", "submit"), scene.at(19, 3))
    _move(scene.crew.manages, case, ("take_up", "approve"), scene.at(18))


def _act_and_verify(scene: Scene, case: Nonconformity) -> None:
    """Each action done on its day with photos, seen by the manager on the eve of the first day that counts."""
    crew = scene.crew
    actions = list(Action.objects.filter(nonconformity=case).order_by("number"))
    for row, (*_plan, days, result) in zip(actions, ACTIONS, strict=True):
        _step(crew.inspects, row.pk, ("begin",), scene.at(18, 4))
        for purpose, (name, photo) in zip(("before", "after"), PHOTOS.get(row.number, ()), strict=False):
            _prove(crew, case, purpose, name, photo(), scene.at(days, 2), action_id=row.pk)
        _step(crew.inspects, row.pk, ("submit",), scene.at(days, 3), result)
    for carried in ReadAcross.objects.filter(nonconformity=case):
        action_services.finish_read_across(read_across_id=carried.pk, actor=crew.inspects, now=scene.at(13))
    for row in actions:
        _step(crew.manages, row.pk, ("take_up", "approve", "verify"), scene.at(13, 2))
    _move(crew.manages, case, ("verify",), scene.at(13, 3))


def _action(
    crew: Crew, case: Nonconformity, kind: str, type_: str, words: str, due_on: date, at: datetime
) -> Action:
    values = {"kind": kind, "type": type_, "words": words, "owner": crew.inspector.pk, "due_on": due_on}
    return action_services.add_action(nonconformity_id=case.pk, values=values, actor=crew.inspects, now=at)


def _prove(
    crew: Crew,
    case: Nonconformity,
    purpose: str,
    name: str,
    photo: io.BytesIO,
    at: datetime,
    action_id: UUID | None = None,
) -> None:
    containment_services.add_proofs(
        nonconformity_id=case.pk,
        files=[(name, photo)],
        ids=(),
        attests=STATEMENT_VERSION,
        purpose=purpose,
        action_id=action_id,
        actor=crew.inspects,
        now=at,
    )


def _step(actor: Actor, action_id: UUID, moves: Sequence[str], at: datetime, result: str = "") -> None:
    for code in moves:
        action_services.move_action(action_id=action_id, move=code, result=result, actor=actor, now=at)


def _move(actor: Actor, case: Nonconformity, moves: Sequence[str], at: datetime) -> None:
    for code in moves:
        services.move_nonconformity(nonconformity_id=case.pk, move=code, actor=actor, now=at)


def _begin_another(scene: Scene) -> None:
    """A second failure: the yarn. The lot is held, the mill was asked and has answered."""
    crew, at = scene.crew, scene.at(2)
    order = _ordered(scene, SECOND, 3)
    failed = _inspected(scene, order, ((SLUB, "major", 7),), 2, photo=slub_photo)
    case = services.take_in_inspection(inspection_id=failed.pk, actor=crew.program, now=at)
    mill = Supplier.objects.filter(code="SPIN").first()
    if case is None or mill is None:
        return
    told: dict[str, Any] = {"nonconformity_id": case.pk, "actor": crew.inspects, "now": scene.at(2, 2)}
    opening_services.assign_owner(owner_id=crew.inspector.pk, due_on=case.due_on, **told)
    opening_services.edit_nonconformity(
        values={"title": f"Thick and thin yarn, {SECOND}", "supplier": mill.pk}, **told
    )
    containment_services.record_containment(
        values={"kind": "hold_lot", "place": "Finishing, cage", "in_lot": 600}, **told
    )
    cause_services.set_chain(
        chain="made",
        steps=[
            ("The yarn is thick and thin within one cone", "Seven pieces and the cones they came from"),
            ("All these cones are of the mill's lot 7", "Cone tickets"),
        ],
        **told,
    )
    _action(crew, case, "corrective", "material", "Take the cones of lot 7 out of knitting and store them apart",
            scene.now.date() + timedelta(days=1), scene.at(2, 2))  # fmt: skip
    _move(crew.inspects, case, ("begin",), scene.at(2, 3))
    asked = {
        "supplier": mill.pk, "email": "mill@demo.goldseal.invalid", "language": "en", "asked": ASKED,
        "due_on": scene.day(2) + timedelta(days=7), "days": 30,
    }  # fmt: skip
    scar, secret = scar_services.send_scar(
        nonconformity_id=case.pk, values=asked, actor=crew.manages, now=scene.at(2, 4)
    )
    scar_answer_services.visit_scar(secret=secret, now=scene.at(1))
    scar_answer_services.answer_scar(
        secret=secret,
        values=ANSWERED,
        actions=[
            {
                "words": "Evenness test after every change of count",
                "owner": "Laboratory",
                "due_on": scene.now.date() + timedelta(days=8),
            }
        ],
        files=[],
        attests=False,
        now=scene.at(1, 3),
    )
    request_report(kind="scar", subject_id=scar.pk, language="both", actor=crew.manages, now=scene.at(1, 4))

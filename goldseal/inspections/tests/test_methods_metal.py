"""Metal detection from plan to verdict: failed calibrations, re-runs, whose finds they are, and the gate before the final."""

from typing import Any

import pytest

from goldseal.accounts.models import User
from goldseal.catalog.models import Order
from goldseal.catalog.tests.makers import actor_in
from goldseal.inspections import services
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.inspections.tests.makers import LINES, NOW, Floor, floor, signed_in
from goldseal.inspections.tests.recording import (
    codes,
    decided,
    event,
    events_at,
    pass_metal,
    planned_at,
    scanned_clean,
    send,
)
from goldseal.kit.errors import Forbidden
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


def test_an_interval_that_is_no_whole_hour_stops_nobody(at: Floor) -> None:
    """Stages could once be set to half an hour; what was planned then is still recorded."""
    inspection = planned_at(at, "MTL")
    with at.place.scope():
        stage = {**(inspection.rules.get("stage") or {}), "interval_minutes": 45}
        Inspection.objects.filter(pk=inspection.pk).update(rules={**inspection.rules, "stage": stage})
    received = send(at, inspection, ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 50}))
    assert received.decision.figures["scanned"] == 50


def test_every_card_that_the_stage_names_is_asked_for_in_its_size(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    with at.place.scope():
        stage = {**inspection.rules["stage"], "card_non_ferrous_mm": "1.5", "card_stainless_mm": "2"}
        Inspection.objects.filter(pk=inspection.pk).update(rules={**inspection.rules, "stage": stage})

    def calibrated(kind: str, mm: str) -> tuple[str, dict[str, Any]]:
        body = {"machine": "MD-1", "hour": 9, "card_kind": kind, "card_mm": mm, "points": [True] * 9}
        return "calibration_recorded", body

    scanned = ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": inspection.lot_size})
    received = send(at, inspection, scanned, calibrated("ferrous", "1.2"), calibrated("stainless", "2.5"))
    reasons = {reason.code: reason.message for reason in received.decision.reasons}
    assert reasons["calibration_missing"] == "MD-1, 09:00: no non_ferrous calibration recorded"
    assert "at most 2 mm" in reasons["card_too_large"]
    page = signed_in(at.inspector).get(f"{at.base}{inspection.pk}/record/metal/").content.decode()
    assert page.count('class="calibration"') == 3
    assert 'value="1.5"' in page


def test_a_calibration_that_failed_holds_until_the_lot_ran_again(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    bad = [True] * 8 + [False]
    calibration = {"machine": "MD-1", "card_kind": "ferrous", "card_mm": "1.2"}
    received = send(
        at,
        inspection,
        ("calibration_recorded", {**calibration, "hour": 9, "points": [True] * 9}),
        ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 50}),
        ("calibration_recorded", {**calibration, "hour": 10, "points": bad}),
    )
    assert received.decision.verdict == "hold"
    assert received.decision.figures["to_rerun"] == 50
    received = send(
        at,
        inspection,
        ("calibration_recorded", {**calibration, "hour": 11, "points": [True] * 9}),
        ("lot_rerun", {"machine": "MD-1", "hour": 11, "pieces": 50}),
    )
    assert received.decision.figures["to_rerun"] == 0


def test_a_good_calibration_after_a_bad_one_does_not_undo_it(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    card = {"machine": "MD-1", "card_kind": "ferrous", "card_mm": "1.2", "hour": 9}
    received = send(
        at,
        inspection,
        ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 50}),
        ("calibration_recorded", {**card, "points": [False] + [True] * 8}),
        ("calibration_recorded", {**card, "points": [True] * 9}),
    )
    assert (received.decision.verdict, received.decision.figures["to_rerun"]) == ("hold", 50)


def test_a_re_run_counts_only_through_a_detector_found_good(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    card = {"machine": "MD-1", "card_kind": "ferrous", "card_mm": "1.2", "hour": 9}
    received = send(
        at,
        inspection,
        ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 50}),
        ("calibration_recorded", {**card, "points": [False] + [True] * 8}),
        ("lot_rerun", {"machine": "MD-1", "hour": 9, "pieces": 50}),
        ("lot_rerun", {"machine": "MD-2", "hour": 10, "pieces": 50}),
    )
    assert received.decision.figures["to_rerun"] == 50


def test_nobody_takes_back_what_somebody_else_found(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    bad = {"machine": "MD-1 ", "card_kind": "ferrous", "card_mm": "1.2", "hour": 9, "points": [False] * 9}
    send(at, inspection, ("calibration_recorded", bad))
    found = events_at(at, inspection)[0]
    assert found.body["machine"] == "MD-1", "a blank at the end makes no other machine"
    with at.place.scope():
        other = at.place.member("carol", Role.INSPECTOR)
        qa = at.place.member("dora", Role.QA_MANAGER)

    def take_back(person: User, role: Role) -> None:
        undo = event("event_withdrawn", {"reason": "typo"}, str(person.pk), [found.id])
        with at.place.scope():
            services.apply_events(
                inspection_id=inspection.pk,
                events=[undo],
                actor=actor_in(at.place.workspace, person, role),
                now=NOW,
            )

    with pytest.raises(Forbidden):
        take_back(other, Role.INSPECTOR)
    take_back(qa, Role.QA_MANAGER)


def everything_right(inspection: Inspection) -> list[tuple[str, dict[str, Any]]]:
    """A final inspection with nothing found."""
    found: list[tuple[str, dict[str, Any]]] = [
        (
            "quantity_counted",
            {"colour": q.colour, "size": q.size, "made": q.pieces, "packed": q.pieces, "offered": q.pieces},
        )
        for q in LINES
    ]
    for section, checks in inspection.checklist.items():
        found += [
            ("check_answered", {"section": section, "check": check["check"], "answer": "pass"})
            for check in checks
        ]
    found.append(("piece_measured", {"piece_no": 1, "size": "S", "pom": "P01", "value": "48", "unit": "cm"}))
    for section in SECTIONS:
        verdict = "na" if section in ("special", "remarks") else "pass"
        found.append(("section_concluded", {"section": section, "verdict": verdict}))
    return found


def test_a_final_cannot_pass_before_metal_detection_has(at: Floor) -> None:
    final = at.plan()
    received = send(at, final, *everything_right(final))
    assert (received.decision.verdict, codes(received)) == ("pending", {"gate_absent"})
    metal = planned_at(at, "MTL")
    assert codes(send(at, final, ("remark_written", {"section": "remarks", "text": "a"}))) == {"gate_open"}
    send(
        at,
        metal,
        *scanned_clean(50),
        ("metal_found", {"machine": "MD-1", "hour": 9, "pieces": 1, "what": "staple"}),
    )
    assert decided(at, metal).verdict == "fail"
    received = send(at, final, ("remark_written", {"section": "remarks", "text": "b"}))
    assert (received.decision.verdict, codes(received)) == ("hold", {"gate_failed"})
    again = planned_at(at, "MTL", reinspection_of_id=metal.pk)
    send(at, again, *scanned_clean(50))
    assert decided(at, again).verdict == "pass"
    assert decided(at, final).verdict == "pass"


def test_metal_detection_of_another_order_opens_no_gate(at: Floor) -> None:
    from goldseal.catalog.tests.makers import add_order

    with at.place.scope():
        first = Order.objects.select_related("style").get(pk=at.order_id)
        other = add_order(at.place, first.style, "PO-OTHER", LINES)
    pass_metal(at, other.pk)
    final = at.plan()
    assert codes(send(at, final, *everything_right(final))) == {"gate_absent"}

"""The methods of a lot from plan to verdict: checklists, fabric, measurement, cartons."""

import pytest

from goldseal.catalog.models import ChecklistTemplate, Order
from goldseal.inspections.tests.makers import POINTS, Floor, floor
from goldseal.inspections.tests.recording import (
    codes,
    decided,
    planned_at,
    send,
)
from goldseal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


def test_a_checklist_asks_what_its_answers_open_and_keeps_its_version(at: Floor) -> None:
    items = [
        {"key": "trims", "section": "conformity", "label_en": "Trims approved", "label_bn": "", "kind": "yes_no_na",
         "is_required": True, "failing": ["no"], "severity_on_fail": "hold"},
        {"key": "which", "section": "conformity", "label_en": "Which trims", "label_bn": "", "kind": "text",
         "is_required": True, "only_if": {"key": "trims", "is": ["no"]}},
    ]  # fmt: skip
    with at.place.scope():
        ChecklistTemplate.objects.filter(stage__code="PPM").update(items=items, version=7)
    inspection = planned_at(at, "PPM")
    assert inspection.rules["template"]["version"] == 7
    assert codes(send(at, inspection, ("item_answered", {"item": "trims", "answer": "yes"}))) == set()
    with at.place.scope():
        ChecklistTemplate.objects.filter(stage__code="PPM").update(items=[], version=8)
    assert decided(at, inspection).verdict == "pass"
    other = planned_at(at, "PPM")
    assert other.rules["template"]["version"] == 8
    assert codes(send(at, other, ("remark_written", {"section": "remarks", "text": "–"}))) == {"no_questions"}


def test_an_answer_that_fails_holds_and_opens_the_next_question(at: Floor) -> None:
    inspection = planned_at(at, "PPM")
    with at.place.scope():
        template = ChecklistTemplate.objects.get(stage__code="PPM", is_active=True)
    assert len(template.items) >= 6
    received = send(at, inspection, ("item_answered", {"item": template.items[0]["key"], "answer": "yes"}))
    assert received.inspection.verdict == "pending"
    assert received.decision.figures["answered"] == 1


def test_fabric_by_points_per_hundred_square_yards(at: Floor) -> None:
    inspection = planned_at(at, "FAB", lot_size=10)
    roll = {"roll": "R-1", "length": "120", "length_unit": "yd", "width": "60", "width_unit": "in"}
    flaw = {"roll": "R-1", "at": "10", "code": "FC03", "size": "10", "unit": "in"}
    received = send(at, inspection, ("roll_inspected", roll), ("flaw_recorded", flaw))
    # 4 points × 3600 / (60 in × 120 yd) = 2
    assert received.decision.figures["per_100_yd2"] == "2.00"
    assert received.decision.verdict == "pass"
    worse = [("flaw_recorded", {**flaw, "at": str(n)}) for n in range(20, 38)]
    # 19 flaws of 4 points in as many yards: 76 × 3600 / 7200 = 38, above the lot's limit of 28
    received = send(at, inspection, *worse)
    assert received.decision.figures["per_100_yd2"] == "38.00"
    assert codes(received) == {"lot_over_limit"}
    received = send(at, inspection, ("flaw_recorded", {**flaw, "roll": "R-9"}))
    assert "roll_not_recorded" in codes(received)


def test_measurement_before_and_after_wash(at: Floor) -> None:
    inspection = planned_at(at, "WSH", points=POINTS)
    point = {"piece_no": 1, "size": "S", "pom": "P01", "value": "48.5", "unit": "cm"}
    received = send(at, inspection, ("piece_measured", {**point, "wash": "before"}))
    assert received.decision.figures["points_out"] == 0
    received = send(at, inspection, ("piece_measured", {**point, "value": "46", "wash": "after"}))
    assert received.decision.figures["points_out"] == 1
    assert "points_out_of_tolerance" in codes(received)


def test_cartons_against_the_order(at: Floor) -> None:
    with at.place.scope():
        Order.objects.filter(pk=at.order_id).update(
            packing={"ratio": [{"colour": "Navy", "size": "S", "pieces": 10}], "gross_kg": "5"}
        )
    inspection = planned_at(at, "PKG", cartons=[{"first": 1, "last": 4, "pieces": 10}])
    right = {
        "ratio": [{"colour": "Navy", "size": "S", "pieces": 10}],
        "gross_kg": "5.2",
        "is_mark_right": True,
        "is_size_right": True,
    }
    received = send(at, inspection, ("carton_checked", {"carton": 1, **right}))
    assert codes(received) == {"too_few_cartons"}
    received = send(at, inspection, ("carton_checked", {"carton": 3, **right, "gross_kg": "5.3"}))
    assert codes(received) == {"carton_weight_out"}


def test_records_of_another_method_are_refused(at: Floor) -> None:
    with pytest.raises(Invalid):
        send(at, planned_at(at, "END"), ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 50}))


def test_cartons_that_are_not_there_are_not_counted(at: Floor) -> None:
    inspection = planned_at(at, "PKG", cartons=[{"first": 1, "last": 4, "pieces": 10}])
    received = send(
        at, inspection, ("carton_checked", {"carton": 5}), ("carton_checked", {"carton": 999_999})
    )
    assert received.decision.figures["opened"] == 0
    assert "carton_unknown" in codes(received)

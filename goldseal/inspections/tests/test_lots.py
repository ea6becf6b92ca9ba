"""What a lot is and how it is sampled: pieces in one lot only, combined orders, double sampling, switching."""

from typing import Any

import pytest

from goldseal.catalog.models import Buyer, Order, Stage
from goldseal.inspections.models import SwitchingScore
from goldseal.inspections.switching_services import reinstate_product
from goldseal.inspections.tests.makers import LINES, NOW, Floor, floor
from goldseal.inspections.tests.recording import (
    codes,
    decided,
    planned_at,
    send,
)
from goldseal.kit.errors import Conflict, Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


def test_pieces_stand_in_one_lot_only(at: Floor) -> None:
    once = {"is_extra": False}
    half = [{"colour": "Navy", "size": "M", "quantity": 30}]
    rest = [{"colour": "Navy", "size": "S", "quantity": 20}]
    at.plan(lines=half, **once)
    at.plan(lines=rest, **once)
    with pytest.raises(Invalid) as refused:
        at.plan(lines=rest, **once)
    assert "50 of 50 pieces" in str(refused.value.fields["lot"])
    at.plan(lines=rest, is_extra=True)


def test_several_orders_are_inspected_as_one_lot(at: Floor) -> None:
    from goldseal.catalog.tests.makers import add_buyer, add_order, add_style

    with at.place.scope():
        order = Order.objects.select_related("style").get(pk=at.order_id)
        more = add_order(at.place, order.style, "PO-2", LINES)
        south = add_order(at.place, add_style(at.place, add_buyer(at.place, "SOUTH")), "PO-3", LINES)
    inspection = at.plan(more_orders=[more.pk])
    assert inspection.lot_size == 100
    assert [(line["colour"], line["size"], line["quantity"]) for line in inspection.ordered] == [
        ("Navy", "S", 40),
        ("Navy", "M", 60),
    ]
    with at.place.scope():
        assert sorted(row.quantity for row in inspection.covered.all()) == [50, 50]
    with pytest.raises(Invalid) as refused:
        at.plan(more_orders=[south.pk])
    assert "one buyer and one style" in str(refused.value.fields["order"])


def test_a_second_sample_decides_where_the_first_does_not(at: Floor) -> None:
    with at.place.scope():
        Buyer.objects.filter(pk=at.buyer_id).update(sampling_scheme="double")
    inspection = planned_at(
        at, "PRE", lot_size=1000, limits={"critical": "0", "major": "2.5", "minor": "4.0"}
    )
    # ISO 2859-1 Table 3-A, letter J: 2.5 → n1 = n2 = 50, 2/5 then 6/7.
    double = inspection.plan["doubles"]["major"]
    assert [double[k] for k in ("n1", "ac1", "re1", "n2", "ac2", "re2")] == [50, 2, 5, 50, 6, 7]
    assert inspection.sample_size == 50
    major = {"code": "SW03", "severity": "major"}
    received = send(at, inspection, *[("defect_recorded", {**major, "piece_no": n}) for n in (1, 2, 3)])
    assert "second_sample_needed" in codes(received)
    second = [("defect_recorded", {**major, "piece_no": n, "sample": 2}) for n in (1, 2, 3)]
    received = send(at, inspection, ("second_sample_started", {}), *second)
    count = next(c for c in received.decision.counts if c.severity == "major")
    assert (count.found, count.accept, count.is_rejected) == (6, 6, False)
    received = send(at, inspection, ("defect_recorded", {**major, "piece_no": 9, "sample": 2}))
    assert "major_rejected" in codes(received)


def test_two_lots_of_five_not_accepted_tighten_the_next(at: Floor) -> None:
    with at.place.scope():
        Buyer.objects.filter(pk=at.buyer_id).update(is_switching=True)
        stage = Stage.objects.get(code="YRN")
    outcomes = []
    for _ in range(2):
        lot = planned_at(at, "YRN", lot_size=2000)
        outcomes.append(lot.plan["plans"]["major"]["inspection"])
        major = {"code": "KN07", "severity": "major", "pieces": 20}
        send(at, lot, ("defect_recorded", major))
        decided(at, lot)
    lot = planned_at(at, "YRN", lot_size=2000)
    outcomes.append(lot.plan["plans"]["major"]["inspection"])
    assert outcomes == ["normal", "normal", "tightened"]
    assert lot.plan["plans"]["minor"]["inspection"] == "normal", "each severity is switched on its own"
    with at.place.scope():
        score = SwitchingScore.objects.get(stage=stage, severity="major")
        assert score.reason == "2 of the last 2 lots not accepted"
        with pytest.raises(Conflict):
            reinstate_product(score_id=score.pk, reason="audit", actor=at.place.actor, now=NOW)


def test_a_discontinued_product_is_not_inspected_until_reinstated(at: Floor) -> None:
    with at.place.scope():
        Buyer.objects.filter(pk=at.buyer_id).update(is_switching=True)
    for _ in range(7):
        lot = planned_at(at, "YRN", lot_size=2000)
        send(at, lot, ("defect_recorded", {"code": "KN07", "severity": "major", "pieces": 30}))
        decided(at, lot)
    with pytest.raises(Invalid) as refused:
        planned_at(at, "YRN", lot_size=2000)
    assert "discontinued" in str(refused.value.fields["plan"])
    with at.place.scope():
        score = SwitchingScore.objects.get(inspection_type="discontinued")
        reinstate_product(score_id=score.pk, reason="Mill changed", actor=at.place.actor, now=NOW)
    assert planned_at(at, "YRN", lot_size=2000).plan["plans"]["major"]["inspection"] == "tightened"


def test_only_what_failed_is_inspected_again(at: Floor) -> None:
    with pytest.raises(Invalid):
        at.plan(reinspection_of_id=at.plan().pk)


@pytest.mark.parametrize("wanted", [{"lot_size": 0}, {"lot_size": 1}, {"lot_size": -5}])
def test_lots_that_cannot_be_sampled_are_told(at: Floor, wanted: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        planned_at(at, "YRN", **wanted)

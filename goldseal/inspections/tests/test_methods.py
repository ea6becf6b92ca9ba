"""Every stage's method from plan to verdict, and what binds one stage to another."""

from typing import Any

import pytest

from goldseal.accounts.models import User
from goldseal.catalog.models import Buyer, ChecklistTemplate, Order, Stage
from goldseal.catalog.tests.makers import actor_in
from goldseal.inspections import services
from goldseal.inspections.models import HourTally, Inspection, SwitchingScore
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.inspections.selectors import events_of
from goldseal.inspections.switching_services import reinstate_product
from goldseal.inspections.tallies import rebuilt
from goldseal.inspections.tests.makers import LINES, NOW, POINTS, Floor, floor
from goldseal.inspections.tests.recording import (
    decided,
    event,
    pass_metal,
    planned_at,
    scanned_clean,
    send,
)
from goldseal.kit.errors import Conflict, Forbidden, Invalid
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


def codes(received: services.Received) -> set[str]:
    return {reason.code for reason in received.decision.reasons}


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


def test_rounds_turn_operators_green_yellow_red_and_blue(at: Floor) -> None:
    inspection = planned_at(at, "LNK", lot_size=50)

    def visit(operator: str, defects: list[dict[str, Any]], **more: Any) -> tuple[str, dict[str, Any]]:
        body = {
            "round": 1,
            "operator": operator,
            "operation": "Linking shoulder",
            "pieces": 7,
            "defects": defects,
        }
        return "operator_checked", {**body, **more}

    minor = {"code": "SW04", "severity": "minor"}
    received = send(
        at,
        inspection,
        visit("L-11", []),
        visit("L-12", [minor]),
        visit("L-13", [{**minor, "count": 2}]),
        visit("L-14", [], is_machine_out=True),
    )
    figures = received.decision.figures
    assert [figures[c] for c in ("green", "yellow", "red", "blue")] == [1, 1, 1, 1]
    assert codes(received) == {"red_without_action"}
    heads = [str(e.id) for e in _events(at, inspection) if e.body["operator"] == "L-13"]
    body = {**visit("L-13", [{**minor, "count": 2}])[1], "actions": ["recheck_bundle", "stop_line", "train"]}
    with at.place.scope():
        received = services.apply_events(
            inspection_id=inspection.pk,
            events=[event("operator_checked", body, str(at.inspector.pk), heads)],
            actor=at.actor,
            now=NOW,
        )
    assert received.decision.verdict == "pass"


def _events(at: Floor, inspection: Inspection) -> Any:
    with at.place.scope():
        return events_of(inspection)


def test_taps_add_up_by_the_hour_in_whatever_order_they_come(at: Floor) -> None:
    inspection = planned_at(at, "END")
    by = str(at.inspector.pk)
    alter = {"hour": 9, "altered": 1, "defects": [{"code": "SW02", "zone": "A"}]}
    taps = [event("pieces_tallied", {"hour": 9, "passed": 1}, by) for _ in range(5)]
    wrong = event("pieces_tallied", alter, by)
    undo = event("event_withdrawn", {"reason": "Wrong tap"}, by, [wrong["id"]])
    right = event("pieces_tallied", {**alter, "hour": 10}, by)
    back = event("pieces_tallied", {"hour": 11, "recheck_passed": 1}, by)

    def sent(*batch: Any) -> services.Received:
        with at.place.scope():
            return services.apply_events(
                inspection_id=inspection.pk, events=list(batch), actor=at.actor, now=NOW
            )

    # The withdrawal comes before what it withdraws; some taps are sent twice.
    sent(*taps[:3], undo)
    sent(wrong, *taps)
    received = sent(right)
    assert codes(received) == {"alters_open"}
    received = sent(back, right)
    figures = received.decision.figures
    assert (figures["checked"], figures["passed"], figures["altered"]) == (6, 5, 1)
    assert (figures["defects"], figures["open_alters"], figures["dhu"]) == (1, 0, "16.67")
    with at.place.scope():
        kept = {(t.hour, t.what, t.zone): t.count for t in HourTally.objects.filter(count__gt=0)}
    assert kept == dict(rebuilt(_events(at, inspection)))
    row = decided(at, inspection)
    assert (row.verdict, row.summary["figures"]["checked"]) == ("pass", 6)


def test_the_same_tap_with_other_content_is_refused(at: Floor) -> None:
    inspection = planned_at(at, "END")
    tap = event("pieces_tallied", {"hour": 9, "passed": 1}, str(at.inspector.pk))
    with at.place.scope():
        services.apply_events(inspection_id=inspection.pk, events=[tap], actor=at.actor, now=NOW)
        with pytest.raises(Conflict):
            services.apply_events(
                inspection_id=inspection.pk,
                events=[{**tap, "body": {"hour": 9, "passed": 2}}],
                actor=at.actor,
                now=NOW,
            )
        assert [t.count for t in HourTally.objects.filter(what="passed")] == [1]


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


def test_nobody_takes_back_what_somebody_else_found(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    bad = {"machine": "MD-1 ", "card_kind": "ferrous", "card_mm": "1.2", "hour": 9, "points": [False] * 9}
    send(at, inspection, ("calibration_recorded", bad))
    found = _events(at, inspection)[0]
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


def test_records_of_another_method_are_refused(at: Floor) -> None:
    with pytest.raises(Invalid):
        send(at, planned_at(at, "END"), ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 50}))


def test_a_remark_takes_no_tap_away(at: Floor) -> None:
    inspection = planned_at(at, "END")
    by = str(at.inspector.pk)
    tap = event("pieces_tallied", {"hour": 9, "passed": 1, "rejected": 1}, by)
    remark = event("remark_written", {"section": "remarks", "text": "x"}, by, [tap["id"]])
    for one in (tap, remark):
        with at.place.scope():
            received = services.apply_events(
                inspection_id=inspection.pk, events=[one], actor=at.actor, now=NOW
            )
    assert received.decision.figures["checked"] == 2


def test_cartons_that_are_not_there_are_not_counted(at: Floor) -> None:
    inspection = planned_at(at, "PKG", cartons=[{"first": 1, "last": 4, "pieces": 10}])
    received = send(
        at, inspection, ("carton_checked", {"carton": 5}), ("carton_checked", {"carton": 999_999})
    )
    assert received.decision.figures["opened"] == 0
    assert "carton_unknown" in codes(received)

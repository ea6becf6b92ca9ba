"""The methods of a running line from plan to verdict: rounds by traffic light, taps at the end of the line."""

from typing import Any

import pytest

from goldseal.inspections import services
from goldseal.inspections.models import HourTally
from goldseal.inspections.tallies import rebuilt
from goldseal.inspections.tests.makers import NOW, Floor, floor
from goldseal.inspections.tests.recording import (
    codes,
    decided,
    event,
    events_at,
    planned_at,
    send,
)
from goldseal.kit.errors import Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


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
    heads = [str(e.id) for e in events_at(at, inspection) if e.body["operator"] == "L-13"]
    body = {**visit("L-13", [{**minor, "count": 2}])[1], "actions": ["recheck_bundle", "stop_line", "train"]}
    with at.place.scope():
        received = services.apply_events(
            inspection_id=inspection.pk,
            events=[event("operator_checked", body, str(at.inspector.pk), heads)],
            actor=at.actor,
            now=NOW,
        )
    assert received.decision.verdict == "pass"


def test_two_people_in_one_round_are_two_visits_unless_one_corrects_the_other(at: Floor) -> None:
    inspection = planned_at(at, "LNK", lot_size=50)
    body = {"round": 1, "operator": "L-11", "operation": "Neck", "pieces": 7, "defects": []}
    one_defect = {**body, "defects": [{"code": "SW04", "severity": "minor"}]}
    received = send(at, inspection, ("operator_checked", body), ("operator_checked", one_defect))
    assert (received.decision.verdict, codes(received)) == ("pass", set())
    figures = received.decision.figures
    assert [figures[name] for name in ("pieces", "defects", "yellow", "green")] == [14, 1, 1, 0]
    # Records of before: two that disagreed, settled by one that supersedes both, and one withdrawn.
    heads = [found.id for found in events_at(at, inspection)]
    by = str(at.inspector.pk)
    settled = event("operator_checked", body, by, heads)
    other = event("operator_checked", {**one_defect, "operator": "L-12"}, by)
    undone = event("event_withdrawn", {"reason": "typo"}, by, [other["id"]])
    with at.place.scope():
        received = services.apply_events(
            inspection_id=inspection.pk, events=[settled, undone, other], actor=at.actor, now=NOW
        )
    figures = received.decision.figures
    assert [figures[name] for name in ("pieces", "defects", "yellow", "green")] == [7, 0, 0, 1]
    # Two corrections of one visit that know nothing of each other are still for a person to settle.
    again = [event("operator_checked", {**body, "pieces": n}, by, [settled["id"]]) for n in (8, 9)]
    with at.place.scope():
        received = services.apply_events(inspection_id=inspection.pk, events=again, actor=at.actor, now=NOW)
    assert "conflict" in codes(received)


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
    assert kept == dict(rebuilt(events_at(at, inspection)))
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

"""The rules agree with the cases that their twins on the floor app are held to (floor/cases)."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from goldseal.catalog.rules.lengths import format_measure, parse_measure
from goldseal.inspections.rules import endline, four_point, measurement, roving
from goldseal.inspections.rules.events import EventError, parse_event
from goldseal.inspections.rules.metrics import rounded
from goldseal.inspections.rules.sampling import DoublePlan, InspectionPlan, Plan
from goldseal.inspections.rules.state import apply_events
from goldseal.inspections.rules.verdict import Settings, count_defects

CASES = Path(__file__).resolve().parents[3] / "floor" / "cases"


def cases(name: str) -> Any:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def test_every_history_adds_up_to_the_expected_state() -> None:
    for case in cases("state"):
        events = [parse_event(raw) for raw in case["events"]]
        assert {event.id: event.digest() for event in events} == case["digests"], case["name"]
        state = apply_events(reversed(events))
        entries = [entry for of_kind in state.entries.values() for entry in of_kind.values()]
        found = {
            "entries": [
                [entry.kind, list(entry.key), entry.head_ids, entry.value, entry.is_conflict]
                for entry in entries
            ],
            "addenda": [event.id for event in state.addenda],
            "missing": list(state.missing),
            "problems": sorted([problem.path, problem.message] for problem in state.problems),
            "content_hash": state.content_hash,
        }
        assert found == case["expected"], case["name"]


def test_bodies_are_refused_and_kept_alike() -> None:
    for place, raw in cases("bodies")["refused"]:
        with pytest.raises(EventError) as caught:
            parse_event(raw)
        assert place in {problem.path for problem in caught.value.problems}
    for raw, body in cases("bodies")["kept"]:
        assert parse_event(raw).body == body


def test_tape_values_are_read_printed_and_judged_alike() -> None:
    kept = cases("measure")
    for text, value in kept["parse"]:
        assert parse_measure(text) == Fraction(value), text
    for text in kept["unreadable"]:
        with pytest.raises(ValueError, match="measurement"):
            parse_measure(text)
    for value, unit, printed in kept["print"]:
        assert format_measure(Fraction(value), unit=unit) == printed
    for case in kept["tolerance"]:
        found = measurement.evaluate(
            spec=case["spec"],
            tol_minus=case["minus"],
            tol_plus=case["plus"],
            measured=case["measured"],
            unit=case["unit"],
        )
        shown = [format_measure(one, unit=case["unit"]) for one in (found.deviation, found.amount_out)]
        assert [found.result, *shown] == [case["result"], case["deviation"], case["out"]], case["why"]


def planned(kept: dict[str, Any]) -> InspectionPlan:
    rest = {name: value for name, value in kept.items() if name not in ("plans", "doubles")}
    return InspectionPlan(plans={name: Plan(**own) for name, own in kept["plans"].items()}, **rest)


def test_defects_are_counted_alike() -> None:
    for case in cases("counting"):
        doubles = {name: DoublePlan(**own) for name, own in case["plan"].get("doubles", {}).items()}
        counts = count_defects(
            state=apply_events(parse_event(raw) for raw in case["events"]),
            plan=planned(case["plan"]),
            settings=Settings(**case["settings"]),
            doubles=doubles,
        )
        found = [[c.severity, c.found, c.accept, c.reject, c.needs_second_sample] for c in counts]
        assert found == case["counts"], case["why"]


def test_fabric_is_pointed_alike() -> None:
    kept = cases("four_point")
    for length, unit, points in kept["points"]:
        assert four_point.points_for(length, unit) == points, (length, unit)
    for length, unit, rule, points in kept["holes"]:
        assert four_point.points_for_hole(length, unit, rule) == points, (length, unit)
    for case in kept["area"]:
        metric = case["system"] == "m_mm"
        rate = four_point.per_100_square_metres if metric else four_point.per_100_square_yards
        assert str(rounded(rate(case["points"], case["length"], case["width"]))) == case["per_100"]
    for roll in kept["rolls"]:
        flaws = [four_point.Flaw(at, points, runs_to) for at, points, runs_to in roll["flaws"]]
        found = four_point.roll_points(flaws, length=roll["length"])
        bins = [[place, points] for place, points in found.per_bin.items()]
        assert [found.points, found.uncapped, bins] == [roll["points"], roll["uncapped"], roll["bins"]]
    for at, runs_to, length in kept["off_roll"]:
        with pytest.raises(ValueError, match="on the roll"):
            four_point.roll_points([four_point.Flaw(at, 1, runs_to)], length=length)


def test_a_line_is_counted_alike() -> None:
    for day in cases("endline"):
        found = endline.decide(tallies=day["taps"])
        assert (found.total.checked, found.total.open_alters) == (day["checked"], day["open"]), day["why"]
        assert [[hour.hour, hour.tally.checked] for hour in found.hours] == day["hours"]
        for name in ("dhu", "rft", "alter", "reject"):
            rate = getattr(found.rates, name)
            assert (None if rate is None else str(rounded(rate))) == day[name], (day["why"], name)


def test_the_traffic_light_shows_alike() -> None:
    for case in cases("roving"):
        found = [
            [
                one.operator,
                one.operation,
                one.colour,
                one.defects,
                [list(step) for step in one.history],
                one.due_at.strftime("%Y-%m-%dT%H:%M:%SZ") if one.due_at else None,
                list(one.open_actions),
            ]
            for one in roving.decide(rounds=case["visits"]).lights
        ]
        assert found == case["lights"], case["why"]

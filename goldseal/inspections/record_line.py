"""A running line, as an inspection's record says it: rounds with their lights, hours of a hundred-per-cent check."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.inspections.deciding_methods import endline_settings, light_of, rounds_of
from goldseal.inspections.models import Evidence, Inspection
from goldseal.inspections.record_findings import Names, stored_photos
from goldseal.inspections.rules import endline, roving
from goldseal.inspections.rules.bodies import SEVERITIES
from goldseal.inspections.rules.metrics import defective_percent, dhu, pareto, rounded
from goldseal.inspections.rules.state import State

Counts = Mapping[str, int]


def roving_of(
    inspection: Inspection, state: State, names: Names, evidence: Mapping[str, Evidence], zone: ZoneInfo
) -> dict[str, Any]:
    """Every operator's lights round by round, and what was found and done where one was red."""
    light, visits = light_of(inspection), rounds_of(state)
    places: defaultdict[tuple[str, str], defaultdict[int, list[Mapping[str, Any]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for visit in visits:
        places[visit["operator"], visit["operation"]][visit["round"]].append(visit)
    pieces = sum(int(visit["pieces"]) for visit in visits)
    defects = sum(roving.defects_in(visit) for visit in visits)
    board = roving.decide(rounds=visits, light=light).board
    lights = Counter(roving.colour_of(check=visit, light=light) for visit in visits)
    return {
        "light": {"sample_n": light.sample_n, "yellow_at": light.yellow_at, "red_at": light.red_at},
        "rounds": sorted({visit["round"] for visit in visits}),
        "places": [
            _place(operator, operation, rounds, light)
            for (operator, operation), rounds in sorted(places.items())
        ],
        "reds": [
            _red(visit, names, evidence, zone)
            for visit in sorted(visits, key=lambda one: (one["round"], one["operator"], one["operation"]))
            if roving.colour_of(check=visit, light=light) == "red"
        ],
        "pieces": pieces,
        "defects": defects,
        **_rate("dhu", dhu(defects=defects, checked=pieces) if pieces else None),
        "board": {colour: len(board[colour]) for colour in roving.COLOURS},
        "lights": {colour: lights[colour] for colour in roving.COLOURS},
    }


def _place(
    operator: str, operation: str, rounds: Mapping[int, Sequence[Mapping[str, Any]]], light: roving.Light
) -> dict[str, Any]:
    rows = []
    machine = ""
    for number, visits in sorted(rounds.items()):
        together = roving.visits_together(visits=visits, light=light)
        machine = together.get("machine") or machine
        rows.append(
            {
                "round": number,
                "colour": roving.colour_of(check=together, light=light),
                "pieces": together["pieces"],
                "defects": roving.defects_in(together),
                "visits": len(visits),
            }
        )
    return {"operator": operator, "operation": operation, "machine": machine, "visits": rows}


def _red(
    visit: Mapping[str, Any], names: Names, evidence: Mapping[str, Evidence], zone: ZoneInfo
) -> dict[str, Any]:
    at = datetime.fromisoformat(visit["at"]).astimezone(zone).replace(microsecond=0)
    found: Counter[tuple[str, str]] = Counter()
    for defect in visit["defects"]:
        found[defect["code"], defect["severity"]] += int(defect.get("count", 1))
    return {
        "round": visit["round"],
        "operator": visit["operator"],
        "operation": visit["operation"],
        "at": at.isoformat(),
        "found": [
            {"code": code, **_named(code, names), "severity": severity, "count": count}
            for (code, severity), count in sorted(
                found.items(), key=lambda row: (SEVERITIES.index(row[0][1]), row[0][0])
            )
        ],
        "actions": sorted(visit.get("actions", ())),
        "note": visit.get("note", ""),
        "photos": stored_photos(visit, evidence),
    }


def endline_of(inspection: Inspection, bodies: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Every hour with its counts and rates, the total from summed counts, and what is still open."""
    settings = endline_settings(inspection)
    decided = endline.decide(tallies=bodies, settings=settings)
    found: dict[str, Any] = {
        "hours": [
            {
                "hour": hour.hour,
                **hundred_of(hour.tally),
                **({"to_target": hour.to_target} if hour.to_target is not None else {}),
            }
            for hour in decided.hours
        ],
        "total": hundred_of(decided.total),
        "open_alters": decided.total.open_alters,
    }
    if settings.hourly_target is not None:
        found["hourly_target"] = settings.hourly_target
    if settings.dhu_max is not None:
        found["dhu_max"] = str(settings.dhu_max)
    return found


def hundred_of(tally: endline.Tally) -> dict[str, Any]:
    """Counts of a hundred-per-cent check with DHU, defective % and RFT, none where nothing was checked."""
    rates = endline.rates_of(tally=tally)
    defective = tally.altered + tally.rejected
    share = defective_percent(defective=defective, checked=tally.checked) if tally.checked else None
    return {
        "checked": tally.checked,
        "passed": tally.passed,
        "altered": tally.altered,
        "rejected": tally.rejected,
        "recheck_passed": tally.recheck_passed,
        "recheck_rejected": tally.recheck_rejected,
        "defects": tally.defects_total,
        **_rate("dhu", rates.dhu),
        **_rate("defective_percent", share),
        **_rate("rft", rates.rft),
    }


def line_counts(state: State) -> Counter[str]:
    """Defects by code that rounds and taps counted."""
    found: Counter[str] = Counter()
    for kind in ("operator_checked", "pieces_tallied"):
        for body in state.values(kind):
            for defect in body.get("defects", ()):
                found[defect["code"]] += int(defect.get("count", 1))
    return found


def pareto_rows(counts: Counts, names: Names) -> list[dict[str, Any]]:
    """Counts by code as the record's Pareto: largest first, with shares in per cent."""
    return [
        {
            "code": row.key,
            **_named(row.key, names),
            "count": row.count,
            "share": float(rounded(row.share_pct, places=1)),
            "cumulative": float(rounded(row.cumulative_pct, places=1)),
            "vital": row.is_vital,
        }
        for row in pareto(counts)
    ]


def _named(code: str, names: Names) -> dict[str, str]:
    english, bangla = names.get(code, (code, ""))
    return {"name_en": english, "name_bn": bangla}


def _rate(name: str, value: Fraction | None) -> dict[str, str]:
    return {} if value is None else {name: str(rounded(value))}

"""Hundred-per-cent inspection at the end of the line: the tap counter, its hours, what is found where."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goldseal.inspections import line_selectors, page_selectors
from goldseal.inspections.deciding_methods import endline_settings
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import HourTally, Inspection
from goldseal.inspections.rules import endline
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.fields import ZONES
from goldseal.inspections.rules.metrics import rounded
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.tallies import COUNTS, TALLIED, bodies_from
from goldseal.inspections.views_tiles import hour_asked, tiles_of, zone_of
from goldseal.kit.visits import visit
from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words

FREQUENT = 9
LATE_ROWS = 4
COUNT_WORDS: Mapping[str, Words] = {
    "passed": _("Passed"),
    "altered": _("Alters"),
    "rejected": _("Rejected"),
    "recheck_passed": _("Recheck passed"),
    "recheck_rejected": _("Recheck rejected"),
}


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows; read from the hours' counts, not tap by tap."""
    actor, _now = visit(request)
    hour, current = hour_asked(request)
    rows = line_selectors.hours_counted(inspection)
    day = _day(inspection, rows)
    if hour not in [one["hour"] for one in day["hours"]]:
        day["hours"] = sorted(
            [*day["hours"], counts_shown(hour, endline.Tally())], key=lambda one: one["hour"]
        )
    often = line_selectors.often_counted(inspection.style_id, FREQUENT)
    tiles = tiles_of(inspection, often)
    taps = line_selectors.last_taps(inspection, actor.person_id)
    return {
        "hour": hour,
        "hour_words": clock(hour),
        "is_current": hour == current,
        "hour_choices": [(choice, clock(choice)) for choice in range(24)],
        "time_zone": zone_of(request).key,
        "target": endline_settings(inspection).hourly_target,
        "now": next(one for one in day["hours"] if one["hour"] == hour),
        "day": day,
        "beyond": max(0, -day["total"]["open_alters"]),
        "places": places_of(rows, tiles["names"]),
        "taps": [_tap(tap, request) for tap in taps],
        "zones": ZONES,
        "garment": f"inspections/garment_{inspection.style.product_family}.html",
        "chosen_zone": sent.typed("t", "defects.0.zone"),
        "chosen_code": sent.typed("t", "defects.0.code:key"),
        "passing": sent.entry("p", TALLIED, {}),
        "finding": sent.entry("t", TALLIED, {}),
        "rechecking": sent.entry("b", TALLIED, {}),
        "late": sent.entry("h", TALLIED, {}),
        "late_counts": [(name, COUNT_WORDS[name], sent.typed("h", f"{name}:int")) for name in COUNTS],
        "late_rows": [_late_row(sent, row) for row in range(LATE_ROWS)],
        **tiles,
    }


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """What the inspection's page shows: hours, and defects by code and zone."""
    rows = line_selectors.hours_counted(inspection)
    codes = {row.what for row in rows if row.what not in COUNTS}
    names = {code: defect.name for code, defect in page_selectors.defect_names(codes).items()}
    target = endline_settings(inspection).hourly_target
    return {"day": _day(inspection, rows), "places": places_of(rows, names), "zones": ZONES, "target": target}


def _day(inspection: Inspection, rows: Sequence[HourTally]) -> dict[str, Any]:
    """The hours in order and the day's total, as `rules.endline` counts them."""
    decided = endline.decide(tallies=bodies_from(rows), settings=endline_settings(inspection))
    return {
        "hours": [counts_shown(hour.hour, hour.tally) for hour in decided.hours],
        "total": counts_shown(None, decided.total),
    }


def counts_shown(hour: int | None, tally: endline.Tally) -> dict[str, Any]:
    """The counts of an hour, or of the day without one, with the rates that a supervisor asks for."""
    rates = endline.rates_of(tally=tally)
    return {
        "hour": hour,
        "words": "" if hour is None else clock(hour),
        **{name: getattr(tally, name) for name in COUNTS},
        "checked": tally.checked,
        "defects": tally.defects_total,
        "open_alters": tally.open_alters,
        "dhu": _rate(rates.dhu),
        "rft": _rate(rates.rft),
    }


def places_of(rows: Sequence[HourTally], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Defects by code × zone, the most frequent first; the last column is where no zone was tapped."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.what not in COUNTS:
            of_code = counts.setdefault(row.what, dict.fromkeys((*ZONES, ""), 0))
            of_code[row.zone] += row.count
    found = [
        {"code": code, "name": names.get(code, ""), "zones": list(zones.values()), "all": sum(zones.values())}
        for code, zones in counts.items()
        if any(zones.values())
    ]
    return sorted(found, key=lambda one: (-int(one["all"]), one["code"]))


def clock(hour: int) -> str:
    """An hour as the sheets on the floor write it."""
    return in_digits_of_page(f"{hour:02d}:00–{(hour + 1) % 24:02d}:00")


def _tap(event: Event, request: HttpRequest) -> dict[str, Any]:
    """One recorded tap, to be taken back."""
    body = event.body
    at = datetime.fromisoformat(event.at).astimezone(zone_of(request))
    return {
        "id": event.id,
        "at": in_digits_of_page(f"{at:%H:%M:%S}"),
        "hour": clock(int(body["hour"])),
        "body": json.dumps(body, separators=(",", ":")),
        "counts": [(COUNT_WORDS[name], body[name]) for name in COUNTS if body[name]],
        "defects": [f"{one['code']} {one.get('zone', '')}".strip() for one in body["defects"]],
    }


def _late_row(sent: Sent, row: int) -> dict[str, Any]:
    """One defect of an hour that is entered afterwards."""
    return {
        "row": row,
        **{
            part: sent.typed("h", f"defects.{row}.{field}")
            for part, field in (("code", "code:key"), ("zone", "zone"), ("count", "count:int"))
        },
    }


def _rate(value: Fraction | None) -> str:
    return "–" if value is None else in_digits_of_page(str(rounded(value)))

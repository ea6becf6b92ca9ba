"""Roving rounds: the next operator to visit, what is found, the colour at once; the board of all lines."""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from goldseal.inspections import line_selectors
from goldseal.inspections.deciding_methods import light_of, roving_decision
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection, InspectionState
from goldseal.inspections.rules.bodies import SEVERITIES
from goldseal.inspections.rules.roving import (
    COLOURS,
    Light,
    OperatorLight,
    RovingDecision,
    colour_of,
    defects_in,
)
from goldseal.inspections.rules.state import Entry, State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.snapshots import state_of
from goldseal.inspections.views_shown import place
from goldseal.inspections.views_tiles import tiles_of, zone_of
from goldseal.kit.visits import visit
from goldseal.kit.wording import SEVERITIES as SEVERITY_WORDS
from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words
from goldseal.workspaces.permissions import authorize

ACTIONS: Mapping[str, Words] = {
    "recheck_bundle": _("Bundle rechecked"),
    "stop_line": _("Line stopped"),
    "train": _("Operator trained"),
}
ROUNDS_SHOWN = 30
Place = tuple[int, str, str]  # round, operator, operation
FIELDS = ("operator", "operation", "machine", "note")


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows."""
    _actor, now = visit(request)
    light, board = light_of(inspection), roving_decision(inspection, state)
    rounds = _rounds(state, light)
    places = places_of(board, now, zone_of(request))
    known = {(one["operator"], one["operation"]) for one in places}
    before = line_selectors.places_before(inspection) if len(rounds) < ROUNDS_SHOWN else []
    return {
        "light": light,
        "latest": max(rounds, key=lambda one: (one["at"], one["id"]), default=None),
        "places": places,
        "unvisited": [one for one in before if (one["operator"], one["operation"]) not in known],
        "operators": sorted({one["operator"] for one in [*places, *before]}),
        "operations": sorted({one["operation"] for one in [*places, *before]}),
        "to_act": [_act(one, light, sent, number) for number, one in enumerate(rounds) if one["missing"]],
        "rounds": sorted(rounds, key=lambda one: (one["at"], one["id"]), reverse=True)[:ROUNDS_SHOWN],
        "actions": ACTIONS,
        "colours": COLOURS,
        "board_url": place(request, "board/"),
        **_form(request, inspection, state, sent, light, places, rounds),
    }


def _form(
    request: HttpRequest,
    inspection: Inspection,
    state: State,
    sent: Sent,
    light: Light,
    places: Sequence[Mapping[str, Any]],
    rounds: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The visit to be recorded: a new one, the next one of a place, or the change of a recorded one."""
    operator, operation = request.GET.get("operator", "")[:60], request.GET.get("operation", "")[:80]
    asked = request.GET.get("change", "")
    changing = next((one for one in rounds if one["key"] == asked), None)
    here = next((one for one in places if (one["operator"], one["operation"]) == (operator, operation)), {})
    held: Mapping[str, Any] = (
        changing["body"]
        if changing
        else {
            "operator": operator,
            "operation": operation,
            "machine": here.get("machine", request.GET.get("machine", "")[:40]),
            "pieces": light.sample_n,
        }
    )
    visiting = sent.entry(
        "o",
        "operator_checked",
        {name: held.get(name, "") for name in (*FIELDS, "pieces")},
        changing["heads"].split() if changing else (),
    )
    round_no = changing["round"] if changing else here.get("round", 0) + 1
    found = tiles_of(inspection, [*_codes(rounds), *line_selectors.often_in_rounds(inspection.style_id)][:9])
    choices = {code: _severities(code) for code in SEVERITIES}
    recorded = {defect["code"]: defect for defect in held.get("defects", ())}
    for tile in [*found["frequent"], *(tile for family in found["families"] for tile in family["tiles"])]:
        field, defect = f"defects.{tile['row']}.", recorded.get(tile["code"], {})
        code = sent.ticked("o", f"{field}code:key", [tile["code"]] if defect else [])
        tile["is_ticked"] = tile["code"] in code
        tile["count"] = sent.typed("o", f"{field}count:int", defect.get("count", 1))
        chosen = sent.typed("o", f"{field}severity", defect.get("severity", tile["severity"]))
        tile["choices"] = choices.get(chosen, choices["major"])
    return {
        "visiting": visiting,
        "round_no": sent.typed("o", "round:int", round_no),
        "is_machine_out": sent.typed("o", "is_machine_out:bool", "on" if held.get("is_machine_out") else ""),
        "done": sent.ticked("o", "actions:list", held.get("actions", ())),
        "kept_photos": held.get("photos", ()),
        "changing": changing,
        "frequent": found["frequent"],
        "families": found["families"],
    }


def _severities(chosen: str) -> SafeString:
    """The choices of a severity field, made once for all tiles that choose the same."""
    marked = ((code, " selected" if code == chosen else "", SEVERITY_WORDS[code]) for code in SEVERITIES)
    return format_html_join("", '<option value="{}"{}>{}</option>', marked)


def _codes(rounds: Sequence[Mapping[str, Any]]) -> list[str]:
    """The codes of this inspection's own rounds, the latest first."""
    return [defect["code"] for one in reversed(rounds) for defect in one["body"]["defects"]]


def _rounds(state: State, light: Light) -> list[dict[str, Any]]:
    """Every recorded visit with its colour and what it still wants, in the order of recording."""
    visits = [(kept, kept.value) for kept in state.of_kind("operator_checked") if kept.value is not None]
    done: defaultdict[Place, set[str]] = defaultdict(set)
    for _kept, body in visits:
        done[_place_of(body)].update(body["actions"])
    return [_round(kept, body, light, done[_place_of(body)]) for kept, body in visits]


def _place_of(body: Mapping[str, Any]) -> Place:
    return body["round"], body["operator"], body["operation"]


def _round(kept: Entry, body: Mapping[str, Any], light: Light, done: Collection[str]) -> dict[str, Any]:
    """One visit; `done` are the actions of all visits of its round there, for red asks for them once."""
    colour = colour_of(check=body, light=light)
    missing = [action for action in light.on_red if action not in done] if colour == "red" else []
    return {
        "key": str(kept.key[0]),
        "id": kept.head_ids[-1],
        "heads": " ".join(kept.head_ids),
        "at": datetime.fromisoformat(kept.heads[-1].at),
        "body": body,
        "round": body["round"],
        "operator": body["operator"],
        "operation": body["operation"],
        "colour": colour,
        "pieces": body["pieces"],
        "defects": defects_in(body),
        "missing": missing,
        "missing_words": [ACTIONS[action] for action in missing],
    }


def _act(one: dict[str, Any], light: Light, sent: Sent, number: int) -> dict[str, Any]:
    """The form that adds to a red round what was done about it."""
    name = f"a{number}"
    return {
        "row": one,
        "entry": sent.entry(name, "operator_checked", {}, one["heads"].split()),
        "wanted": [(action, ACTIONS[action]) for action in light.on_red],
        "done": sent.ticked(name, "actions:list", one["body"]["actions"]),
    }


def places_of(board: RovingDecision, now: datetime | None, zone: ZoneInfo | None) -> list[dict[str, Any]]:
    """Every operator at every operation: red first, then what is due; overdue where `now` is past the visit."""
    rows = [_place(one, now, zone) for one in board.lights]
    rows.sort(
        key=lambda row: (
            row["colour"] != "red",
            not row["is_overdue"],
            row["due_at"].timestamp() if row["due_at"] else math.inf,
        )
    )
    return rows


def _place(one: OperatorLight, now: datetime | None, zone: ZoneInfo | None) -> dict[str, Any]:
    due = one.due_at.astimezone(zone) if one.due_at and zone else one.due_at
    return {
        "operator": one.operator,
        "operation": one.operation,
        "machine": one.machine,
        "colour": one.colour,
        "pieces": one.pieces,
        "defects": one.defects,
        "round": one.history[-1][0],
        "history": one.history[-6:],
        "due_at": due,
        "due": in_digits_of_page(f"{due:%H:%M}") if due else "",
        "is_overdue": bool(due and now and due < now),
        "open_actions": [ACTIONS[action] for action in one.open_actions],
    }


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """The line by colour, as the inspection's page shows it."""
    board = roving_decision(inspection, state)
    places = places_of(board, None, None)
    return {
        "light": light_of(inspection),
        "counts": [(colour, len(board.board[colour])) for colour in COLOURS],
        "places": sorted(places, key=lambda row: (COLOURS.index(row["colour"]), row["operator"])),
        "rounds": len(state.values("operator_checked")),
    }


@require_GET
def board_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every line's roving inspections of today: operators in their colour and when the next visit is due."""
    actor, now = visit(request)
    authorize(actor, "inspections.view")
    zone = zone_of(request)
    columns = []
    for inspection, events in line_selectors.rounds_on(now.astimezone(zone).date()):
        is_running = inspection.state != InspectionState.DECIDED
        board = roving_decision(inspection, state_of(inspection, events))
        columns.append(
            {
                "inspection": inspection,
                "url": place(request, f"{inspection.pk}/"),
                "is_running": is_running,
                "counts": [(colour, len(board.board[colour])) for colour in COLOURS],
                "places": places_of(board, now if is_running else None, zone),
            }
        )
    context = {
        "columns": columns,
        "read_at": in_digits_of_page(f"{now.astimezone(zone):%H:%M:%S}"),
        "may_record": actor.may("inspections.record"),
        "base": place(request),
    }
    return render(request, "inspections/board.html", context)

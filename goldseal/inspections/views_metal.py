"""Metal detection: the hour's calibration, pieces scanned, metal found, broken needles, the day at a glance."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.inspections import line_selectors
from goldseal.inspections.deciding_methods import metal_settings
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.page_selectors import photo_ids
from goldseal.inspections.rules import metal
from goldseal.inspections.rules.bodies_methods import CARD_KINDS
from goldseal.inspections.rules.state import Entry, State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.views_endline import clock
from goldseal.inspections.views_tiles import hour_asked, zone_of
from goldseal.kit.visits import visit
from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words

CARDS: Mapping[str, Words] = {
    "ferrous": _("Ferrous"),
    "non_ferrous": _("Non-ferrous"),
    "stainless": _("Stainless steel"),
}
# The conveyor as it is seen from above, the aperture's far side first.
PLACES: Sequence[tuple[Words, Sequence[tuple[int, Words]]]] = (
    (pgettext_lazy("conveyor", "Back"), ((1, _("Left")), (2, _("Middle")), (3, _("Right")))),
    (_("Middle"), ((4, _("Left")), (5, _("Middle")), (6, _("Right")))),
    (_("Front"), ((7, _("Left")), (8, _("Middle")), (9, _("Right")))),
)
MACHINE = "MD-1"


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows for one detector and hour."""
    _actor, now = visit(request)
    settings, judged = metal_settings(inspection), _judged(inspection, state)
    hour, current = hour_asked(request)
    known = machines_of(state) or line_selectors.machines_before(inspection)
    machine = request.GET.get("machine", "").strip()[:40] or (known[0] if known else MACHINE)
    is_today = inspection.planned_on == now.astimezone(zone_of(request)).date()
    return {
        "machine": machine,
        "machines": list(dict.fromkeys([*known, machine])),
        "hour": hour,
        "hour_words": clock(hour),
        "is_current": hour == current,
        "hour_choices": [(choice, clock(choice)) for choice in range(24)],
        "missing": _missing(state, judged, settings, machine, current if is_today else None),
        "failures": [_failure(one) for one in judged.failures] if judged.pieces_to_rerun else [],
        "to_rerun": judged.pieces_to_rerun,
        "scanned": judged.scanned,
        "left_to_scan": max(0, inspection.lot_size - judged.scanned),
        "cards": [_card(kind, state, settings, machine, hour, sent) for kind in CARD_KINDS],
        "places": PLACES,
        "scanning": _scanning(state, machine, hour, sent),
        "finding": sent.entry("m", "metal_found", {"pieces": 1, "what": "", "note": ""}),
        "is_resolved": sent.typed("m", "is_resolved:bool"),
        "breaking": sent.entry(
            "n", "needle_broken", dict.fromkeys(("machine", "operator", "needle", "note"), "")
        ),
        "is_whole": sent.typed("n", "is_whole_found:bool"),
        "rerunning": sent.entry("l", "lot_rerun", {"pieces": judged.pieces_to_rerun or "", "note": ""}),
        **_logs(inspection, state),
        **day_of(inspection, state, judged),
    }


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """The day by hour and machine, and the logs of metal and needles."""
    return {**day_of(inspection, state, _judged(inspection, state)), **_logs(inspection, state)}


def _judged(inspection: Inspection, state: State) -> metal.MetalDecision:
    return metal.decide(
        calibrations=state.values("calibration_recorded"),
        scanned=state.values("pieces_scanned"),
        found=state.values("metal_found"),
        needles=state.values("needle_broken"),
        reruns=state.values("lot_rerun"),
        lot_pieces=inspection.lot_size,
        settings=metal_settings(inspection),
    )


def machines_of(state: State) -> list[str]:
    """The detectors named in this record."""
    kinds = ("calibration_recorded", "pieces_scanned")
    return sorted({str(body["machine"]) for kind in kinds for body in state.values(kind)})


def _missing(
    state: State,
    judged: metal.MetalDecision,
    settings: metal.Settings,
    machine: str,
    current: int | None,
) -> list[dict[str, Any]]:
    """Calibrations that should be on record by now; `current` is this hour, None on another day."""
    first = settings.shift[0] if settings.shift else 0
    wanted = [
        (of, hour, kind)
        for of, hour, kind in judged.missing
        if current is None or (hour - first) % 24 <= (current - first) % 24
    ]
    done = {
        (body["machine"], body["hour"], body["card_kind"]) for body in state.values("calibration_recorded")
    }
    if current is not None:
        step = settings.interval_minutes // 60
        covering = [(current - back) % 24 for back in range(step)]
        for kind in settings.card_mm:
            if not any((machine, hour, kind) in done for hour in covering):
                wanted.append((machine, current, kind))
    return [
        {"machine": of, "hour": hour, "words": clock(hour), "card": CARDS[kind], "is_now": hour == current}
        for of, hour, kind in dict.fromkeys(wanted)
    ]


def _failure(one: metal.Failure) -> dict[str, Any]:
    return {
        "machine": one.machine,
        "hour": clock(one.hour),
        "since": clock(one.since_hour),
        "card": CARDS[one.card_kind],
        "points": [in_digits_of_page(str(place)) for place in one.points],
        "pieces": one.pieces,
    }


def _card(
    kind: str, state: State, settings: metal.Settings, machine: str, hour: int, sent: Sent
) -> dict[str, Any]:
    """The calibrations of one kind of test card in this hour, and the next one to be recorded.

    Each stands for itself: a good one after a failed one does not undo the failure, only the re-run does.
    """
    name = f"c_{kind}"
    recorded = [
        entry
        for entry in state.of_kind("calibration_recorded")
        if (body := entry.candidates[0])
        and (body["machine"], body["hour"], body["card_kind"]) == (machine, hour, kind)
    ]
    held = recorded[-1].candidates[0] if recorded else None
    last = [body for body in state.values("calibration_recorded") if body["card_kind"] == kind]
    preset = settings.card_mm.get(kind, last[-1]["card_mm"] if last else "")
    points: list[int] = []
    shown_entry = sent.entry(
        name,
        "calibration_recorded",
        {"card_mm": held["card_mm"] if held else preset},
    )
    return {
        "kind": kind,
        "words": CARDS[kind],
        "is_wanted": kind in settings.card_mm,
        "entry": shown_entry,
        "held": held,
        "last_heads": " ".join(recorded[-1].head_ids) if recorded else "",
        "is_good": bool(held) and all(held["points"] if held else ()),
        "points": [int(one) for one in sent.ticked(name, "points:nine", points) if one.isdecimal()],
    }


def _scanning(state: State, machine: str, hour: int, sent: Sent) -> Any:
    held = state.value("pieces_scanned", machine, hour) or {}
    heads = state.heads("pieces_scanned", machine, hour)
    return sent.entry("s", "pieces_scanned", {"pieces": held.get("pieces", "")}, heads)


def _logs(inspection: Inspection, state: State) -> dict[str, Any]:
    """Metal found, broken needles and re-runs, the latest first, with their photos."""
    photos = photo_ids(inspection)
    logs = {"found": "metal_found", "needles": "needle_broken", "reruns": "lot_rerun"}
    return {
        name: [_logged(kept, photos) for kept in reversed(state.of_kind(kind))] for name, kind in logs.items()
    }


def _logged(kept: Entry, photos: Mapping[str, Any]) -> dict[str, Any]:
    body = kept.candidates[0]
    return {
        "body": body,
        "key": f"k{kept.head_ids[0].replace('-', '')}",
        "heads": " ".join(kept.head_ids),
        "hour": clock(int(body["hour"])),
        "photos": [photos[digest] for digest in body.get("photos", ()) if digest in photos],
    }


def day_of(inspection: Inspection, state: State, judged: metal.MetalDecision) -> dict[str, Any]:
    """Hours down, detectors across: each calibration, the pieces scanned, and gaps."""
    settings = metal_settings(inspection)
    first = settings.shift[0] if settings.shift else 0
    machines = machines_of(state)
    calibrated: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for body in state.values("calibration_recorded"):
        failed = [place for place, seen in enumerate(body["points"], start=1) if not seen]
        calibrated.setdefault((body["machine"], body["hour"]), []).append(
            {
                "card": CARDS[body["card_kind"]],
                "mm": body["card_mm"],
                "failed": [in_digits_of_page(str(place)) for place in failed],
            }
        )
    scanned = {(body["machine"], body["hour"]): body["pieces"] for body in state.values("pieces_scanned")}
    gaps = {(of, hour) for of, hour, _kind in judged.missing}
    hours = sorted(
        {hour for _of, hour in (*calibrated, *scanned, *gaps)}, key=lambda hour: (hour - first) % 24
    )
    return {
        "day_machines": machines,
        "day_hours": [
            {
                "hour": hour,
                "words": clock(hour),
                "cells": [
                    {
                        "machine": machine,
                        "cards": calibrated.get((machine, hour), []),
                        "scanned": scanned.get((machine, hour)),
                        "is_gap": (machine, hour) in gaps,
                    }
                    for machine in machines
                ],
            }
            for hour in hours
        ],
    }

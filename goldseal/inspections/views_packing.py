"""Packing and cartons: which to open, what is in each against the order, barcodes, weight, marks."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest

from goldseal.catalog.rules.lengths import format_decimal, plain_number
from goldseal.inspections import page_selectors
from goldseal.inspections.deciding_methods import cartons_total, packing_settings
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.lots import carton_contents, drawn_cartons
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules import draw, packing
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.views_shown import signed
from goldseal.kit.errors import Invalid
from goldseal.kit.wording import in_digits_of_page

CARTON = "carton_checked"
BLANK_BARCODES = 3
CARTON_MAX = 1_000_000


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows: the carton asked for, else the next one of those to open."""
    settings, photos = packing_settings(inspection), page_selectors.photo_ids(inspection)
    cartons = _cartons(inspection, state, settings, photos)
    opened = {row["carton"] for row in cartons}
    to_open = cartons_to_open(inspection)
    asked = request.GET.get("change", "")
    is_asked = asked.isdecimal() and 1 <= int(asked[:8]) <= CARTON_MAX
    following = next((number for number in to_open if number not in opened), None)
    number = int(asked) if is_asked else following
    held = next((row for row in cartons if row["carton"] == number), None)
    return {
        "total": cartons_total(inspection),
        "needed": needed_of(inspection),
        "opened": len(opened),
        "to_open": [(one, one in opened, one == number) for one in to_open],
        "others": [
            (row["carton"], row["carton"] == number) for row in cartons if row["carton"] not in to_open
        ],
        "number": number,
        "held": held,
        "is_beyond": bool(number and number > cartons_total(inspection)),
        "cartons": cartons,
        "marks": (inspection.header.get("packing") or {}).get("marks", ""),
        "own": settings.range_of(number) if number else None,
        **_form(inspection, state, sent, settings, number),
    }


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """The cartons opened and what differed, for the inspection's page."""
    settings = packing_settings(inspection)
    cartons = _cartons(inspection, state, settings, page_selectors.photo_ids(inspection))
    return {
        "cartons": cartons,
        "total": cartons_total(inspection),
        "needed": needed_of(inspection),
        "opened": len(cartons),
    }


def needed_of(inspection: Inspection) -> int:
    """How many cartons are to be opened: the square root of their number, rounded up."""
    total = cartons_total(inspection)
    return draw.cartons_to_open(total=total) if total else 0


def cartons_to_open(inspection: Inspection) -> list[int]:
    """The cartons drawn by the seed that the plan committed to: the square root of their number, rounded up."""
    try:
        drawn = drawn_cartons(bytes.fromhex(inspection.seed), carton_contents(inspection.cartons), 1)
    except Invalid:  # Numbers with a gap: there is nothing to draw from, any carton may be opened.
        return []
    return sorted(carton["carton"] for carton in drawn)


def _cartons(
    inspection: Inspection, state: State, settings: packing.Settings, photos: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Every carton on record with what is wrong about it, in order of number."""
    total = cartons_total(inspection)
    facts: dict[int, packing.CartonFacts] = {}
    if total:
        decided = packing.decide(cartons=state.values(CARTON), total_cartons=total, settings=settings)
        facts = {fact.carton: fact for fact in decided.cartons}
    return [
        _carton(kept.candidates[0], " ".join(kept.head_ids), facts, settings, photos)
        for kept in state.of_kind(CARTON)
    ]


def _carton(
    body: Mapping[str, Any],
    heads: str,
    facts: Mapping[int, packing.CartonFacts],
    settings: packing.Settings,
    photos: Mapping[str, Any],
) -> dict[str, Any]:
    own = settings.range_of(body["carton"])
    fact = facts.get(body["carton"])
    off = fact.weight_off_pct if fact else None
    is_heavy = off is not None and abs(off) > plain_number(settings.weight_tolerance_pct)
    differences = [
        (colour, size, in_digits_of_page(f"{count:+d}".replace("-", "−")))
        for (colour, size), count in (fact.differences.items() if fact else ())
    ]
    strange = list(fact.strange_barcodes) if fact else []
    return {
        "carton": body["carton"],
        "own": own,
        "body": body,
        "heads": heads,
        "pieces": sum(row["pieces"] for row in body.get("ratio", ())),
        "differences": differences,
        "strange": [(code, packing.is_gtin(code)) for code in strange],
        "weight_off": signed(off, "cm") if off is not None else "",
        "is_weight_out": is_heavy,
        "is_wrong": bool(differences or strange or is_heavy)
        or body.get("is_mark_right") is False
        or body.get("is_size_right") is False,
        "is_open": not body.get("ratio")
        or body.get("is_mark_right") is None
        or body.get("is_size_right") is None,
        "photos": [photos[digest] for digest in body.get("photos", ()) if digest in photos],
    }


def _form(
    inspection: Inspection, state: State, sent: Sent, settings: packing.Settings, number: int | None
) -> dict[str, Any]:
    """The form of one carton by what its range says: as recorded, as typed, or blank."""
    own = settings.of_carton(number or 0)
    body: Mapping[str, Any] = (state.value(CARTON, number) if number else None) or {}
    heads = state.heads(CARTON, number) if number else []
    values = {name: body.get(name, "") for name in ("gross_kg", "note")}
    codes = own.barcodes or ()
    return {
        "checking": sent.entry("k", CARTON, values, heads),
        "grid": _grid(inspection, sent, own, body),
        "barcodes": _barcodes(sent, body),
        "known_codes": json.dumps([packing.same_gtin(code) for code in codes]) if codes else "",
        "weight": _weight(own),
        "is_mark_right": sent.typed("k", "is_mark_right:bool", _switch(body.get("is_mark_right"))),
        "is_size_right": sent.typed("k", "is_size_right:bool", _switch(body.get("is_size_right"))),
        "digests": body.get("photos", ()),
    }


def _grid(
    inspection: Inspection, sent: Sent, settings: packing.Settings, body: Mapping[str, Any]
) -> dict[str, Any]:
    """Colours down, sizes across; each cell with what the carton should hold of it.

    The colours of the order that should not be in it stand apart (`more`), to be opened where one is found.
    """
    wanted = settings.assortment or {}
    packed = {(row["colour"], row["size"]): row["pieces"] for row in body.get("ratio", ())}
    ordered = [(line["colour"], line["size"]) for line in inspection.ordered]
    keys = dict.fromkeys([*wanted, *ordered, *packed])
    colours = list(dict.fromkeys(colour for colour, _size in keys))
    sizes = list(dict.fromkeys(size for _colour, size in keys))
    rows: list[dict[str, Any]] = []
    place = 0
    for colour in colours:
        cells = []
        for size in sizes:
            known = packed.get((colour, size), "")
            cells.append(
                {
                    "row": place,
                    "size": size,
                    "wanted": wanted.get((colour, size), 0 if wanted else None),
                    "value": sent.typed("k", f"ratio.{place}.pieces:count", known),
                }
            )
            place += 1
        rows.append({"colour": colour, "cells": cells})
    asked = {colour for colour, _size in (*wanted, *packed)} if wanted else set(colours)
    return {
        "rows": [row for row in rows if row["colour"] in asked],
        "more": [row for row in rows if row["colour"] not in asked],
        "wanted": sum(wanted.values()) if wanted else None,
    }


def _barcodes(sent: Sent, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The scanned barcodes and some blank lines for more."""
    held: Sequence[Mapping[str, Any]] = body.get("barcodes", ())
    count = len(held)
    if sent.data is not None and "k" in sent.names:
        count = sum(name.startswith("k-barcodes.") and name.endswith(":key") for name in sent.data)
        count = max(count - BLANK_BARCODES, 0)
    lines = []
    for place in range(count + BLANK_BARCODES):
        known = held[place] if place < len(held) else {}
        lines.append(
            {
                "row": place,
                "code": sent.typed("k", f"barcodes.{place}.barcode:key", known.get("barcode", "")),
                "count": sent.typed("k", f"barcodes.{place}.count:int", known.get("count", "")) or 1,
            }
        )
    return lines


def _weight(settings: packing.Settings) -> dict[str, str] | None:
    """The nominal gross weight and both limits in kg."""
    if settings.gross_kg is None:
        return None
    nominal = plain_number(settings.gross_kg)
    room = nominal * plain_number(settings.weight_tolerance_pct) / 100
    return {
        "nominal": in_digits_of_page(format_decimal(nominal, places=3)),
        "least": format_decimal(nominal - room, places=3),
        "most": format_decimal(nominal + room, places=3),
        "range": in_digits_of_page(
            f"{format_decimal(nominal - room, places=3)}–{format_decimal(nominal + room, places=3)}"
        ),
    }


def _switch(value: bool | None) -> str:
    return "" if value is None else "true" if value else "false"

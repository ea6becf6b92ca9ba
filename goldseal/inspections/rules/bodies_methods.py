"""Bodies of the events that the methods beside acceptance sampling record (DOMAIN §2 and §3)."""

from collections.abc import Mapping
from typing import Any

from goldseal.inspections.rules.fields import (
    PHOTOS,
    ZONES,
    Check,
    Field,
    RefusedError,
    code,
    measure,
    number,
    objects_of,
    one_of,
    optional,
    positive,
    switch,
    tape,
    text,
    whole,
)

HOUR = Field(whole(0, 23))
DEFECT_CODE = code
NOTE = optional(text(1000, lines=True))
ACTIONS = ("recheck_bundle", "stop_line", "train")
CARD_KINDS = ("ferrous", "non_ferrous", "stainless")
CALIBRATION_POINTS = 9


def _nine(value: Any) -> list[bool]:
    if (
        not isinstance(value, list | tuple)
        or len(value) != CALIBRATION_POINTS
        or not all(isinstance(one, bool) for one in value)
    ):
        raise RefusedError("must be nine yes/no values, one for each point of the conveyor")
    return list(value)


def _found(*, severity: bool = False, zone: bool = False) -> Field:
    """Defects found: code and count, with severity or zone."""
    fields: dict[str, Field] = {"code": Field(DEFECT_CODE), "count": Field(whole(1, 1000), False, 1)}
    if severity:
        fields["severity"] = Field(one_of("critical", "major", "minor"))
    if zone:
        fields["zone"] = optional(one_of(*ZONES))
    return Field(objects_of(fields, most=60), False, ())


_COUNT: Check = whole(0, 1000)

METHOD_BODIES: Mapping[str, Mapping[str, Field]] = {
    "readiness_confirmed": {
        "made": Field(whole(0, 10_000_000)),
        "packed": Field(whole(0, 10_000_000)),
        "note": NOTE,
    },
    # Checklist: the item's kind says which of the values is meant.
    "item_answered": {
        "item": Field(text(40)),
        "answer": optional(one_of("yes", "no", "na")),
        "number": optional(number),
        "choice": optional(text(60)),
        "text": optional(text(2000, lines=True)),
        "barcode": optional(text(64)),
        "note": NOTE,
        "photos": PHOTOS,
    },
    "operator_checked": {
        "round": Field(whole(1, 48)),
        "operator": Field(text(60)),
        "operation": Field(text(80)),
        "machine": optional(text(40)),
        "pieces": Field(whole(0, 1000)),
        "defects": _found(severity=True),
        "actions": Field(lambda value: _actions(value), False, ()),
        "is_machine_out": Field(switch, False, False),
        "note": NOTE,
        "photos": PHOTOS,
    },
    # A tap: counts of one moment, added up by the hour; taken back by withdrawing the event.
    "pieces_tallied": {
        "hour": HOUR,
        "passed": Field(_COUNT, False, 0),
        "altered": Field(_COUNT, False, 0),
        "rejected": Field(_COUNT, False, 0),
        "recheck_passed": Field(_COUNT, False, 0),
        "recheck_rejected": Field(_COUNT, False, 0),
        "defects": _found(zone=True),
    },
    "roll_inspected": {
        "roll": Field(text(40)),
        "length": Field(tape),
        "length_unit": Field(one_of("yd", "m")),
        "width": Field(tape),
        "width_unit": Field(one_of("in", "cm", "mm")),
        "dye_lot": optional(text(40)),
        "shade_group": optional(text(20)),
        "gsm": optional(positive(2000)),
        "shrinkage_length_pct": optional(number),
        "shrinkage_width_pct": optional(number),
        "note": NOTE,
        "photos": PHOTOS,
    },
    "flaw_recorded": {
        "roll": Field(text(40)),
        "at": Field(measure),
        "code": Field(DEFECT_CODE),
        "size": Field(tape),
        "unit": Field(one_of("in", "cm", "mm")),
        "is_hole": Field(switch, False, False),
        "runs_to": optional(measure),
        "note": NOTE,
        "photos": PHOTOS,
    },
    "calibration_recorded": {
        "machine": Field(text(40)),
        "hour": HOUR,
        "card_kind": Field(one_of(*CARD_KINDS), False, "ferrous"),
        "card_mm": Field(positive(20)),
        "points": Field(_nine),
        "note": NOTE,
    },
    "pieces_scanned": {"machine": Field(text(40)), "hour": HOUR, "pieces": Field(whole(0, 10_000_000))},
    "metal_found": {
        "machine": Field(text(40)),
        "hour": HOUR,
        "pieces": Field(whole(1, 10_000)),
        "what": Field(text(200)),
        "is_resolved": Field(switch, False, False),
        "note": NOTE,
        "photos": PHOTOS,
    },
    "needle_broken": {
        "hour": HOUR,
        "machine": Field(text(40)),
        "operator": optional(text(60)),
        "needle": Field(text(60)),
        "is_whole_found": Field(switch),
        "note": NOTE,
        "photos": PHOTOS,
    },
    "lot_rerun": {
        "machine": Field(text(40)),
        "hour": HOUR,
        "pieces": Field(whole(1, 10_000_000)),
        "note": NOTE,
    },
    "carton_checked": {
        "carton": Field(whole(1, 1_000_000)),
        "pieces": optional(whole(0, 10_000)),
        "ratio": Field(
            objects_of(
                {"colour": Field(text(60)), "size": Field(text(20)), "pieces": Field(whole(0, 10_000))},
                most=200,
            ),
            False,
            (),
        ),
        "barcodes": Field(
            objects_of({"barcode": Field(text(64)), "count": Field(whole(1, 10_000), False, 1)}, most=200),
            False,
            (),
        ),
        "gross_kg": optional(positive(500)),
        "is_mark_right": optional(switch),
        "is_size_right": optional(switch),
        "note": NOTE,
        "photos": PHOTOS,
    },
}


def _actions(value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or any(one not in ACTIONS for one in value):
        raise RefusedError(f"must be a list of {', '.join(ACTIONS)}")
    return sorted(set(value))


# Recorded at every stage, and by each method besides.
ALWAYS = frozenset(
    (
        "inspection_started", "photo_attached", "remark_written", "section_concluded", "signed", "submitted",
        "event_withdrawn",
    )
)  # fmt: skip
KINDS_OF: Mapping[str, frozenset[str]] = {
    "aql": ALWAYS
    | {
        "readiness_confirmed", "quantity_counted", "cartons_opened", "check_answered", "defect_recorded",
        "piece_measured", "second_sample_started",
    },
    "checklist": ALWAYS | {"item_answered"},
    "roving": ALWAYS | {"operator_checked"},
    "endline": ALWAYS | {"pieces_tallied"},
    "four_point": ALWAYS | {"roll_inspected", "flaw_recorded"},
    "measurement": ALWAYS | {"piece_measured"},
    "metal": ALWAYS
    | {"calibration_recorded", "pieces_scanned", "metal_found", "needle_broken", "lot_rerun"},
    "packing": ALWAYS | {"carton_checked"},
}  # fmt: skip

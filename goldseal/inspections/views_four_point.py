"""Four-point system: rolls of fabric with their flaws, points at once, each roll and the lot against the limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from django.http import HttpRequest

from goldseal.catalog.rules.lengths import exact, format_decimal, plain_number
from goldseal.inspections import page_selectors
from goldseal.inspections.deciding_methods import fabric_limits, flaw_of, in_inches, in_yards, rolls_of
from goldseal.inspections.fabric_selectors import often_in_rolls
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules import four_point
from goldseal.inspections.rules.metrics import rounded
from goldseal.inspections.rules.state import Entry, State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.views_tiles import tiles_of
from goldseal.kit.wording import in_digits_of_page

ROLL, FLAW = "roll_inspected", "flaw_recorded"
FABRIC = ("FC", "KN")
FREQUENT = 9
METRE_PER_YARD = Fraction(9_144, 10_000)
MM_PER_INCH = Fraction(254, 10)
HEADER = (
    "roll", "length", "length_unit", "width", "width_unit", "dye_lot", "shade_group", "gsm",
    "shrinkage_length_pct", "shrinkage_width_pct", "note",
)  # fmt: skip
ROLL_UNITS, WIDTH_UNITS = ("yd", "m"), ("in", "cm", "mm")
# What the next roll most likely shares with the one before.
CARRIED = ("length_unit", "width", "width_unit", "dye_lot", "shade_group")


@dataclass(frozen=True, slots=True)
class _Area:
    """Points over an area: per 100 yd² and per 100 m², both exact, None where length or width is 0."""

    points: int
    yards: Fraction
    inches: Fraction

    @property
    def shown(self) -> dict[str, str]:
        if self.yards <= 0 or self.inches <= 0:
            return {"per_yd2": "–", "per_m2": "–"}
        yards = four_point.per_100_square_yards(self.points, self.yards, self.inches)
        metres = four_point.per_100_square_metres(
            self.points, self.yards * METRE_PER_YARD, self.inches * MM_PER_INCH
        )
        return {"per_yd2": _figure(yards), "per_m2": _figure(metres)}


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows: the lot, its rolls, and the flaws of the roll at hand."""
    photos = page_selectors.photo_ids(inspection)
    rolls = _rolls(inspection, state, photos)
    changing = _asked(rolls, request.GET.get("change", ""))
    is_new = ("change" in request.GET and changing is None) or not rolls
    current = None if is_new else changing or _asked(rolls, request.GET.get("roll", "")) or _latest(rolls)
    recent = [str(kept.candidates[0]["code"]) for kept in reversed(state.of_kind(FLAW))]
    often = dict.fromkeys([*recent, *often_in_rolls(inspection.style_id)])
    tiles = tiles_of(inspection, list(often)[:FREQUENT])
    tiles["families"].sort(key=lambda family: (*FABRIC, family["code"]).index(family["code"]))
    return {
        "lot": _lot(inspection, rolls),
        "rolls": rolls,
        "current": current,
        "changing": changing,
        "is_new": is_new,
        "heading_entry": _header_entry(state, sent, changing, rolls),
        "flaw": _flaw_entry(state, sent, current),
        "roll_units": ROLL_UNITS,
        "width_units": WIDTH_UNITS,
        "is_hole": sent.typed("f", "is_hole:bool"),
        "hole_rule": inspection.rules.get("hole_rule", "by_size"),
        **tiles,
    }


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """The lot and its rolls with their flaws, for the inspection's page."""
    rolls = _rolls(inspection, state, {})
    codes = {flaw["code"] for roll in rolls for flaw in roll["flaws"]}
    names = {code: defect.name for code, defect in page_selectors.defect_names(codes).items()}
    return {"lot": _lot(inspection, rolls), "rolls": rolls, "names": names}


def _rolls(inspection: Inspection, state: State, photos: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every roll on record with its flaws, points and whether it is accepted; in order of its number."""
    hole_rule = inspection.rules.get("hole_rule", "by_size")
    flaws: dict[str, list[Entry]] = {}
    for kept in state.of_kind(FLAW):
        flaws.setdefault(kept.candidates[0]["roll"], []).append(kept)
    accepted = _accepted(inspection, state)
    return [
        _roll(kept, flaws.get(kept.candidates[0]["roll"], []), hole_rule, accepted, photos)
        for kept in state.of_kind(ROLL)
    ]


def _roll(
    kept: Entry,
    flaws: Sequence[Entry],
    hole_rule: str,
    accepted: Mapping[str, bool],
    photos: Mapping[str, Any],
) -> dict[str, Any]:
    body = kept.candidates[0]
    counted, problem = None, ""
    try:
        counted = four_point.roll_points(
            [flaw_of(flaw.candidates[0], hole_rule) for flaw in flaws], length=exact(body["length"])
        )
    except ValueError as refused:
        problem = str(refused)
    points = counted.points if counted else 0
    area = _Area(points, in_yards(body), in_inches(body))
    return {
        "roll": body["roll"],
        "body": body,
        "heads": " ".join(kept.head_ids),
        "at": (kept.heads[-1].at, kept.heads[-1].id),
        "points": points,
        "uncapped": counted.uncapped if counted else 0,
        "area": area,
        **area.shown,
        "is_accepted": accepted.get(body["roll"], False),
        "problem": problem,
        "photos": [photos[digest] for digest in body.get("photos", ()) if digest in photos],
        "flaws": sorted(
            (_flaw(flaw, body, hole_rule, photos) for flaw in flaws), key=lambda row: row["id"], reverse=True
        ),
    }


def _flaw(kept: Entry, roll: Mapping[str, Any], hole_rule: str, photos: Mapping[str, Any]) -> dict[str, Any]:
    body = kept.candidates[0]
    try:
        alone = four_point.roll_points([flaw_of(body, hole_rule)], length=exact(roll["length"]))
        points, is_outside = alone.uncapped, False
    except ValueError:
        points, is_outside = 0, True
    return {
        "id": kept.heads[-1].id,
        "heads": " ".join(kept.head_ids),
        "code": body["code"],
        "body": body,
        "points": points,
        "is_outside": is_outside,
        "photos": [photos[digest] for digest in body.get("photos", ()) if digest in photos],
    }


def _accepted(inspection: Inspection, state: State) -> dict[str, bool]:
    """Which rolls keep every limit of a single roll."""
    rolls, _reasons = rolls_of(inspection, state)
    if len(rolls) > inspection.lot_size:
        return {}
    decided = four_point.decide_rolls(
        rolls, total_rolls=inspection.lot_size, limits=fabric_limits(inspection)
    )
    return {roll.number: roll.is_accepted for roll in decided.rolls}


def _lot(inspection: Inspection, rolls: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The lot: its average from sums of points and areas, rolls needed, and shade groups."""
    limits = fabric_limits(inspection)
    measured = [roll["area"] for roll in rolls if roll["area"].yards > 0 and roll["area"].inches > 0]
    # A roll of one yard and the summed yard-inches as its width has the lot's area.
    summed = _Area(
        sum(area.points for area in measured),
        Fraction(1),
        sum((area.yards * area.inches for area in measured), Fraction(0)),
    )
    needed = max(1, ceil(plain_number(limits.inspected_share_pct) * inspection.lot_size / 100))
    shades: dict[str, list[str]] = {}
    for roll in rolls:
        shades.setdefault(roll["body"].get("shade_group", ""), []).append(roll["roll"])
    return {
        **summed.shown,
        "points": summed.points,
        "rolls": len(rolls),
        "needed": needed,
        "total": inspection.lot_size,
        "roll_limit": _plain(limits.roll),
        "lot_limit": _plain(limits.lot),
        "is_over": bool(
            limits.lot is not None
            and summed.inches > 0
            and four_point.per_100_square_yards(summed.points, summed.yards, summed.inches)
            > plain_number(limits.lot)
        ),
        "shades": sorted((shade, names) for shade, names in shades.items() if shade),
    }


def _header_entry(
    state: State, sent: Sent, changing: Mapping[str, Any] | None, rolls: Sequence[dict[str, Any]]
) -> Any:
    latest = _latest(rolls)
    before = {name: latest["body"].get(name, "") for name in CARRIED} if latest else {}
    held = dict(changing["body"]) if changing else {"length_unit": "yd", "width_unit": "in", **before}
    return sent.entry(
        "r",
        ROLL,
        {name: held.get(name, "") for name in HEADER},
        changing["heads"].split() if changing else (),
    )


def _flaw_entry(state: State, sent: Sent, current: Mapping[str, Any] | None) -> Any:
    """A new flaw, measured in the unit of the one before or as the roll is."""
    flaws = state.of_kind(FLAW)
    last = max(flaws, key=lambda kept: kept.heads[-1].id).candidates[0] if flaws else None
    is_yards = not current or current["body"]["length_unit"] == "yd"
    unit = last["unit"] if last else "in" if is_yards else "cm"
    values = dict.fromkeys(("at", "size", "runs_to", "code", "note"), "") | {"unit": unit}
    return sent.entry("f", FLAW, values)


def _asked(rolls: Sequence[dict[str, Any]], number: str) -> dict[str, Any] | None:
    return next((roll for roll in rolls if roll["roll"] == number), None)


def _latest(rolls: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    return max(rolls, key=lambda roll: roll["at"], default=None)


def _figure(value: Fraction) -> str:
    return in_digits_of_page(str(rounded(value)))


def _plain(limit: Any) -> str:
    return "" if limit is None else in_digits_of_page(format_decimal(plain_number(limit)))

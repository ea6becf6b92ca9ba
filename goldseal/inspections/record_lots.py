"""Fabric, metal detection, cartons and checklists, as an inspection's record says them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from goldseal.catalog.rules.lengths import exact, format_decimal
from goldseal.inspections.deciding_methods import (
    cartons_total,
    fabric_limits,
    flaw_of,
    in_inches,
    in_yards,
    items_of,
    metal_settings,
    packing_settings,
    rolls_of,
)
from goldseal.inspections.models import Evidence, Inspection
from goldseal.inspections.record_findings import Names, stored_photos
from goldseal.inspections.rules import checklists, four_point, metal, packing
from goldseal.inspections.rules.findings import Reason, gravest
from goldseal.inspections.rules.metrics import rounded
from goldseal.inspections.rules.state import State

Photos = Mapping[str, Evidence]
MM_PER_INCH = Fraction(254, 10)
METRES_PER_YARD = Fraction(9144, 10_000)


def four_point_of(inspection: Inspection, state: State, names: Names, evidence: Photos) -> dict[str, Any]:
    """Every roll with its points by band and per area, every flaw, and the lot from summed points and areas."""
    hole_rule = inspection.rules.get("hole_rule", "by_size")
    limits = fabric_limits(inspection)
    rolls, _reasons = rolls_of(inspection, state)
    judged: Mapping[str, bool] = {}
    if len(rolls) <= inspection.lot_size:
        decided = four_point.decide_rolls(rolls, total_rolls=inspection.lot_size, limits=limits)
        judged = {roll.number: roll.is_accepted for roll in decided.rolls}
    flaws: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for body in state.values("flaw_recorded"):
        flaws[body["roll"]].append(body)
    known = {roll.number: roll for roll in rolls}
    rows = [
        _roll(body, known[body["roll"]], flaws[body["roll"]], hole_rule, judged)
        for body in state.values("roll_inspected")
    ]
    whole = sum((in_yards(body) * in_inches(body) for body in state.values("roll_inspected")), Fraction())
    points = sum(row["points"] for row in rows)
    return {
        "roll_limit": str(limits.roll),
        "lot_limit": "" if limits.lot is None else str(limits.lot),
        "hole_rule": hole_rule,
        "rolls": rows,
        "flaws": [
            _flaw(body, hole_rule, names, evidence)
            for body in sorted(
                state.values("flaw_recorded"), key=lambda b: (b["roll"], exact(b["at"]), b["code"])
            )
        ],
        "rolls_total": inspection.lot_size,
        "points": points,
        **_per_100(points, whole),
        "accepted": sum(row["result"] == "accepted" for row in rows),
        "rejected": sum(row["result"] == "rejected" for row in rows),
    }


def _roll(
    body: Mapping[str, Any],
    roll: four_point.Roll,
    flaws: list[Mapping[str, Any]],
    hole_rule: str,
    judged: Mapping[str, bool],
) -> dict[str, Any]:
    found = [flaw_of(flaw, hole_rule) for flaw in flaws]
    bands = Counter(flaw.points if flaw.runs_to is None else four_point.POINTS_MAX for flaw in found)
    try:
        uncapped = four_point.roll_points(found, length=body["length"]).uncapped
    except ValueError:
        uncapped = 0
    area = in_yards(body) * in_inches(body)
    result = "unfit"
    if roll.number in judged:
        result = "accepted" if judged[roll.number] else "rejected"
    return {
        "roll": body["roll"],
        "dye_lot": body.get("dye_lot", ""),
        "shade": body.get("shade_group", ""),
        "length": str(body["length"]),
        "length_unit": body["length_unit"],
        "width": str(body["width"]),
        "width_unit": body["width_unit"],
        **{
            name: str(body.get(name) or "") for name in ("gsm", "shrinkage_length_pct", "shrinkage_width_pct")
        },
        "by_points": [bands[points] for points in (1, 2, 3, 4)],
        "points": roll.points,
        "uncapped": uncapped,
        **_per_100(roll.points, area),
        "result": result,
        "note": body.get("note", ""),
    }


def _per_100(points: int, yards_by_inches: Fraction) -> dict[str, str]:
    """Points per 100 yd² and per 100 m² of an area in yards × inches."""
    if not yards_by_inches:
        return {}
    metric = yards_by_inches * METRES_PER_YARD * MM_PER_INCH
    return {
        "per_100_yd2": str(rounded(Fraction(points * 3600) / yards_by_inches)),
        "per_100_m2": str(rounded(Fraction(points * 100_000) / metric)),
    }


def _flaw(body: Mapping[str, Any], hole_rule: str, names: Names, evidence: Photos) -> dict[str, Any]:
    english, bangla = names.get(body["code"], (body["code"], ""))
    return {
        "roll": body["roll"],
        "at": str(body["at"]),
        "code": body["code"],
        "name_en": english,
        "name_bn": bangla,
        "size": str(body["size"]),
        "unit": body["unit"],
        "points": flaw_of(body, hole_rule).points,
        "is_hole": bool(body.get("is_hole")),
        "runs_to": str(body.get("runs_to") or ""),
        "note": body.get("note", ""),
        "photos": stored_photos(body, evidence),
    }


def metal_of(inspection: Inspection, state: State, evidence: Photos) -> dict[str, Any]:
    """The log: calibrations by machine and hour, pieces, stops, what was run again, finds and broken needles."""
    settings = metal_settings(inspection)
    decided = metal.decide(
        calibrations=state.values("calibration_recorded"),
        scanned=state.values("pieces_scanned"),
        found=state.values("metal_found"),
        needles=state.values("needle_broken"),
        reruns=state.values("lot_rerun"),
        lot_pieces=inspection.lot_size,
        settings=settings,
    )
    first = settings.shift[0] if settings.shift else 0

    def sheet(kind: str, *keys: str, with_photos: bool = False) -> list[dict[str, Any]]:
        bodies = sorted(state.values(kind), key=lambda b: ((b["hour"] - first) % 24, b["machine"]))
        return [
            {
                **{key: body[key] for key in keys if body.get(key) is not None},
                **({"photos": stored_photos(body, evidence)} if with_photos else {}),
            }
            for body in bodies
        ]

    return {
        "interval_minutes": settings.interval_minutes,
        "lot": inspection.lot_size,
        "scanned_total": decided.scanned,
        "to_rerun": decided.pieces_to_rerun,
        "calibrations": [
            {**row, "card_mm": str(row["card_mm"]), "points": list(row["points"])}
            for row in sheet(
                "calibration_recorded", "machine", "hour", "card_kind", "card_mm", "points", "note"
            )
        ],
        "missing": [
            {"machine": machine, "hour": hour, "card_kind": kind} for machine, hour, kind in decided.missing
        ],
        "scanned": sheet("pieces_scanned", "machine", "hour", "pieces"),
        "stops": [
            {
                "machine": stop.machine,
                "since_hour": stop.since_hour,
                "hour": stop.hour,
                "card_kind": stop.card_kind,
                "points": list(stop.points),
                "pieces": stop.pieces,
            }
            for stop in decided.failures
        ],
        "reruns": sheet("lot_rerun", "machine", "hour", "pieces", "note"),
        "finds": sheet(
            "metal_found", "machine", "hour", "pieces", "what", "is_resolved", "note", with_photos=True
        ),
        "needles": sheet(
            "needle_broken", "machine", "hour", "operator", "needle", "is_whole_found", "note",
            with_photos=True,
        ),
    }  # fmt: skip


def packing_of(inspection: Inspection, state: State, evidence: Photos) -> dict[str, Any]:
    """Every carton opened with what it held, what it should hold, its barcodes, weight and marks."""
    settings, total = packing_settings(inspection), cartons_total(inspection)
    bodies = state.values("carton_checked")
    decided = packing.decide(cartons=bodies, total_cartons=total or 1, settings=settings)
    facts = {fact.carton: fact for fact in decided.cartons}
    return {
        "cartons_total": total,
        "needed": decided.needed,
        "opened": decided.opened,
        "gross_kg": str(settings.gross_kg or ""),
        "weight_tolerance_percent": str(settings.weight_tolerance_pct),
        "cartons": [
            _carton(body, facts[body["carton"]], settings, decided.reasons, evidence)
            for body in sorted(bodies, key=lambda body: int(body["carton"]))
        ],
    }


def _carton(
    body: Mapping[str, Any],
    fact: packing.CartonFacts,
    settings: packing.Settings,
    reasons: tuple[Reason, ...],
    evidence: Photos,
) -> dict[str, Any]:
    own, within = settings.of_carton(body["carton"]), settings.range_of(body["carton"])
    wanted = dict(own.assortment or {})
    counted = {(row["colour"], row["size"]): row["pieces"] for row in body.get("ratio", ())}
    begins = (f"Carton {fact.carton}:", f"Carton {fact.carton} ")
    faults = [reason.verdict for reason in reasons if reason.message.startswith(begins)]
    return {
        "carton": body["carton"],
        "holds": within.name if within else "",
        "pieces": body.get("pieces"),
        "ratio": [
            {
                "colour": colour,
                "size": size,
                "pieces": counted.get((colour, size), 0),
                "wanted": wanted.get((colour, size), 0) if own.assortment is not None else None,
            }
            for colour, size in dict.fromkeys([*wanted, *counted] if counted else [])
        ],
        "barcodes": [row["barcode"] for row in body.get("barcodes", ())],
        "strange_barcodes": list(fact.strange_barcodes),
        "gross_kg": str(body.get("gross_kg") or ""),
        "weight_off_percent": ""
        if fact.weight_off_pct is None
        else _signed(format_decimal(abs(fact.weight_off_pct)), fact.weight_off_pct),
        "is_mark_right": body.get("is_mark_right"),
        "is_size_right": body.get("is_size_right"),
        "result": gravest(faults or ["pass"]),
        "note": body.get("note", ""),
        "photos": stored_photos(body, evidence),
    }


def _signed(amount: str, value: Fraction) -> str:
    return amount if not value else f"{'+' if value > 0 else '−'}{amount}"


def checklist_of(inspection: Inspection, state: State, evidence: Photos) -> dict[str, Any]:
    """Every question that was asked, its answer in both languages, and what the answer leads to."""
    items = {str(item["key"]): item for item in items_of(inspection)}
    answers = {str(body["item"]): body for body in state.values("item_answered")}
    decided = checklists.decide(items=list(items.values()), answers=answers)
    template = inspection.rules.get("template") or {}
    return {
        "template": f"{template['code']} v{template['version']}" if template else "",
        "asked": len(decided.items),
        "answered": decided.answered,
        "failing": sum(item.is_failing for item in decided.items),
        "items": [
            _item(items[fact.key], fact, answers.get(fact.key) or {}, evidence) for fact in decided.items
        ],
    }


def _item(
    item: Mapping[str, Any], fact: checklists.ItemFacts, answer: Mapping[str, Any], evidence: Photos
) -> dict[str, Any]:
    kind = item["kind"]
    english = bangla = "" if kind == "yes_no_na" else fact.value
    if kind == "choice":
        for choice in item.get("choices") or ():
            if isinstance(choice, Mapping) and str(choice["value"]) == fact.value:
                english = choice.get("label_en") or fact.value
                bangla = choice.get("label_bn") or english
    return {
        "section": item["section"],
        "label_en": item["label_en"],
        "label_bn": item.get("label_bn") or "",
        "kind": kind,
        "answer": fact.value if kind == "yes_no_na" and fact.value in ("yes", "no", "na") else None,
        "value_en": english,
        "value_bn": bangla,
        "unit": item.get("unit") or "",
        "result": _result(item, fact),
        "note": answer.get("note", ""),
        "photos": stored_photos(answer, evidence),
    }


def _result(item: Mapping[str, Any], fact: checklists.ItemFacts) -> str:
    if fact.is_failing:
        return "fail" if item.get("is_auto_fail") else item.get("severity_on_fail") or "fail"
    if not fact.is_answered:
        return "pending" if item.get("is_required", True) else "none"
    if fact.value == "na" and item["kind"] == "yes_no_na":
        return "na"
    return "pass" if _can_fail(item) else "none"


def _can_fail(item: Mapping[str, Any]) -> bool:
    """Whether some answer to the question is wrong; the others only state a fact."""
    limits = (item.get("min"), item.get("max"))
    return bool(item.get("failing")) or (
        item["kind"] == "number" and any(limit is not None for limit in limits)
    )

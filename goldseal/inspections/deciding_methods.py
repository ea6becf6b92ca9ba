"""The decisions of the methods beside acceptance sampling: snapshot and state in, verdict and figures out."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from goldseal.catalog.choices import Severity
from goldseal.catalog.rules.lengths import exact, plain_number
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules import checklists, endline, four_point, measurement, metal, packing, roving
from goldseal.inspections.rules.completeness import measurement_reasons
from goldseal.inspections.rules.findings import Reason, conflict_reasons, gravest
from goldseal.inspections.rules.metrics import rounded
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import (
    Decision,
    SectionVerdict,
    Settings,
    SeverityCount,
    measured_pieces,
    measurement_verdict_reasons,
)
from goldseal.inspections.snapshots import chart_of

YARD_PER_METRE = Fraction(10_000, 9_144)
NOTHING_MEASURED = measurement.summarise(())
CM_PER = {"in": Fraction(254, 100), "cm": Fraction(1), "mm": Fraction(1, 10)}


def concluded(
    *,
    state: State,
    reasons: Iterable[Reason],
    sections: Sequence[str],
    figures: Mapping[str, Any] | None = None,
    measured: measurement.MeasurementSummary = NOTHING_MEASURED,
) -> Decision:
    """A decision from reasons: each section's verdict is its gravest, the whole is the gravest of all."""
    found = [*reasons, *conflict_reasons(state)]
    if state.missing:
        message = f"{len(state.missing)} recorded events have not arrived yet"
        found.append(Reason("events_missing", "", "pending", message))
    names = [*sections, *(r.section for r in found if r.section and r.section not in sections)]
    parts = tuple(
        SectionVerdict(
            name,
            gravest([r.verdict for r in found if r.section == name] or ["pass"]),
            tuple(r for r in found if r.section == name),
        )
        for name in dict.fromkeys(names)
    )
    found.sort(key=lambda r: ("fail", "hold", "pending").index(r.verdict))
    verdict = gravest([r.verdict for r in found] or ["pass"])
    return Decision(verdict, parts, (), measured, tuple(found), figures or {})


def taken_over(inspection: Inspection) -> Decision:
    """The verdict of an inspection that was recorded elsewhere, with the counts its sheet gave."""
    counts = inspection.summary.get("counts", {})
    given = [name for name in Severity.values if name in counts]
    found = tuple(SeverityCount(name, counts[name]["found"], None, None) for name in given)
    return Decision(inspection.verdict, (), found, NOTHING_MEASURED, ())


def items_of(inspection: Inspection) -> list[dict[str, Any]]:
    """The questions of a checklist inspection, as they were when it was planned."""
    return list(inspection.checklist.get("items", []))


def by_checklist(inspection: Inspection, state: State) -> Decision:
    """Questions answered one by one."""
    items = items_of(inspection)
    answers = {str(body["item"]): body for body in state.values("item_answered")}
    decided = checklists.decide(items=items, answers=answers)
    reasons = list(decided.reasons)
    if not items:
        reasons.append(Reason("no_questions", "special", "pending", "The stage has no checklist"))
    return concluded(
        state=state,
        reasons=reasons,
        sections=list(dict.fromkeys(item.section for item in decided.items)),
        figures={"answered": decided.answered, "asked": len(decided.items)},
    )


def light_of(inspection: Inspection) -> roving.Light:
    """The traffic light as it was set when the inspection was planned."""
    kept = inspection.rules.get("stage") or {}
    names = ("sample_n", "yellow_at", "red_at", "revisit_minutes")
    chosen = {name: kept[name] for name in names if kept.get(name)}
    if "on_red" in kept:
        chosen["on_red"] = tuple(kept["on_red"])
    return roving.Light(**chosen)


def rounds_of(state: State) -> list[dict[str, Any]]:
    """Every visit with the instant at which it was recorded.

    A visit is known by the events that supersede one another, not by round, operator and operation, so two
    visits of one round both count (`roving.visits_together`). Corrections, withdrawals and conflicts settled
    before this was so name what they supersede and read as they did.
    """
    return [
        {**entry.value, "at": entry.heads[-1].at}
        for entry in state.of_kind("operator_checked")
        if entry.value is not None
    ]


def roving_decision(inspection: Inspection, state: State) -> roving.RovingDecision:
    """The board of the line."""
    return roving.decide(rounds=rounds_of(state), light=light_of(inspection))


def by_roving(inspection: Inspection, state: State) -> Decision:
    """Operators visited in rounds."""
    decided = roving_decision(inspection, state)
    pieces = sum(int(body["pieces"]) for body in state.values("operator_checked"))
    defects = sum(roving.defects_in(body) for body in state.values("operator_checked"))
    return concluded(
        state=state,
        reasons=decided.reasons,
        sections=[roving.SECTION],
        figures={
            "pieces": pieces,
            "defects": defects,
            **{colour: len(lights) for colour, lights in decided.board.items()},
        },
    )


def endline_settings(inspection: Inspection) -> endline.Settings:
    """The hour's target and the limit of the day."""
    target = (inspection.rules.get("stage") or {}).get("hourly_target")
    return endline.Settings(
        hourly_target=int(target) if target else None, dhu_max=inspection.rules.get("dhu_max")
    )


def by_endline(inspection: Inspection, state: State) -> Decision:
    """Every piece counted; from the events."""
    decided = endline.decide(tallies=state.values("pieces_tallied"), settings=endline_settings(inspection))
    return endline_concluded(decided, state)


def endline_concluded(decided: endline.EndlineDecision, state: State) -> Decision:
    """The verdict of a day's counts."""
    total, rates = decided.total, decided.rates
    return concluded(
        state=state,
        reasons=decided.reasons,
        sections=[endline.SECTION],
        figures={
            "checked": total.checked,
            "passed": total.passed,
            "altered": total.altered,
            "rejected": total.rejected,
            "open_alters": total.open_alters,
            "defects": total.defects_total,
            "dhu": _shown(rates.dhu),
            "rft": _shown(rates.rft),
        },
    )


def fabric_limits(inspection: Inspection) -> four_point.Limits:
    """The buyer's limits and the style's of width, weight and shrinkage."""
    rules, stage = inspection.rules, inspection.rules.get("stage") or {}
    own = {
        name: stage[name]
        for name in ("width_min", "gsm_min", "gsm_max", "shrinkage_pct_max")
        if stage.get(name) not in (None, "")
    }
    return four_point.Limits(
        roll=rules.get("fabric_roll_points_max", 40),
        lot=rules.get("fabric_lot_points_max"),
        inspected_share_pct=rules.get("rolls_pct_min", 10),
        **own,
    )


def rolls_of(inspection: Inspection, state: State) -> tuple[list[four_point.Roll], list[Reason]]:
    """The rolls with their points, in yards and inches; and what could not be counted."""
    hole_rule = inspection.rules.get("hole_rule", "by_size")
    flaws: dict[str, list[Mapping[str, Any]]] = {}
    for body in state.values("flaw_recorded"):
        flaws.setdefault(body["roll"], []).append(body)
    rolls, reasons = [], []
    for body in state.values("roll_inspected"):
        length_yd, width_in = in_yards(body), in_inches(body)
        try:
            points = four_point.roll_points(
                [flaw_of(flaw, hole_rule) for flaw in flaws.pop(body["roll"], [])],
                length=exact(body["length"]),
            ).points
        except ValueError as refused:
            reasons.append(
                Reason("flaw_unfit", four_point.SECTION, "pending", f"Roll {body['roll']}: {refused}")
            )
            points = 0
        shrinkage = [
            plain_number(body[name])
            for name in ("shrinkage_length_pct", "shrinkage_width_pct")
            if body.get(name)
        ]
        rolls.append(
            four_point.Roll(
                number=body["roll"],
                length=length_yd,
                width=width_in,
                points=points,
                shade=body.get("shade_group", ""),
                gsm=body.get("gsm"),
                shrinkage_pct=max(shrinkage, key=abs) if shrinkage else None,
            )
        )
    for roll in flaws:
        message = f"Roll {roll}: flaws are recorded, but not its length and width"
        reasons.append(Reason("roll_not_recorded", four_point.SECTION, "pending", message))
    return rolls, reasons


def flaw_of(body: Mapping[str, Any], hole_rule: str) -> four_point.Flaw:
    """A recorded flaw with its points."""
    points = (
        four_point.points_for_hole(body["size"], body["unit"], hole_rule)
        if body["is_hole"]
        else four_point.points_for(body["size"], body["unit"])
    )
    return four_point.Flaw(position=body["at"], points=points, runs_to=body.get("runs_to"))


def in_yards(body: Mapping[str, Any]) -> Fraction:
    """A roll's length in yards, exact."""
    length = exact(body["length"])
    return length if body["length_unit"] == "yd" else length * YARD_PER_METRE


def in_inches(body: Mapping[str, Any]) -> Fraction:
    """A roll's width in inches, exact."""
    return exact(body["width"]) * CM_PER[body["width_unit"]] / CM_PER["in"]


def by_four_point(inspection: Inspection, state: State) -> Decision:
    """Rolls of fabric. The lot is the number of rolls."""
    rolls, reasons = rolls_of(inspection, state)
    if len(rolls) > inspection.lot_size:
        message = f"{len(rolls)} rolls are recorded of a lot of {inspection.lot_size}; correct one of the two"
        return concluded(
            state=state,
            reasons=[*reasons, Reason("too_many_rolls", four_point.SECTION, "pending", message)],
            sections=[four_point.SECTION],
        )
    decided = four_point.decide_rolls(
        rolls, total_rolls=inspection.lot_size, limits=fabric_limits(inspection)
    )
    return concluded(
        state=state,
        reasons=[*reasons, *decided.reasons],
        sections=[four_point.SECTION],
        figures={
            "rolls": len(rolls),
            "points": sum(roll.points for roll in rolls),
            "per_100_yd2": _shown(decided.lot_per_100),
            "accepted": sum(roll.is_accepted for roll in decided.rolls),
            "shades": len([shade for shade in decided.shades if shade]),
        },
    )


def by_measurement(inspection: Inspection, state: State) -> Decision:
    """A size set, or pieces before and after wash."""
    chart, rules = chart_of(inspection), inspection.rules
    pieces, unfit = measured_pieces(state=state, points=chart)
    summary = measurement.summarise(pieces)
    settings = Settings(
        points_out_pct_max=Fraction(rules["points_out_pct_max"]),
        pieces_out_max=rules["pieces_out_max"],
        is_critical_point_failing=rules["is_critical_point_failing"],
    )
    sizes = list(dict.fromkeys(line["size"] for line in inspection.ordered)) or list(chart)
    reasons = [
        *measurement_verdict_reasons(summary, unfit, settings),
        *measurement_reasons(
            chart=chart,
            sizes=sizes,
            pieces=pieces,
            critical_pieces=rules.get("measured_pieces_critical", 0),
            all_points_pieces=rules.get("measured_pieces_all", 0),
        ),
    ]
    if not chart:
        message = "The style has no measurement chart"
        reasons.append(Reason("no_chart", "measurement", "pending", message))
    return concluded(
        state=state,
        reasons=reasons,
        sections=["measurement"],
        measured=summary,
        figures={
            "pieces": summary.pieces,
            "points": summary.points_measured,
            "points_out": summary.points_out,
        },
    )


def metal_settings(inspection: Inspection) -> metal.Settings:
    """The interval, the shift and the cards of the stage."""
    kept = inspection.rules.get("stage") or {}
    chosen: dict[str, Any] = {}
    if kept.get("interval_minutes"):
        # Planned before only whole hours were taken: the record knows hours.
        chosen["interval_minutes"] = max(60, int(kept["interval_minutes"]) // 60 * 60)
    of = {"ferrous": "card_mm", "non_ferrous": "card_non_ferrous_mm", "stainless": "card_stainless_mm"}
    if cards := {kind: kept[name] for kind, name in of.items() if kept.get(name)}:
        chosen["card_mm"] = cards
    if kept.get("shift"):
        chosen["shift"] = tuple(kept["shift"])
    return metal.Settings(**chosen)


def by_metal(inspection: Inspection, state: State) -> Decision:
    """Calibrations, pieces through the detector, metal found and needles broken."""
    decided = metal.decide(
        calibrations=state.values("calibration_recorded"),
        scanned=state.values("pieces_scanned"),
        found=state.values("metal_found"),
        needles=state.values("needle_broken"),
        reruns=state.values("lot_rerun"),
        lot_pieces=inspection.lot_size,
        settings=metal_settings(inspection),
    )
    return concluded(
        state=state,
        reasons=decided.reasons,
        sections=[metal.SECTION],
        figures={
            "scanned": decided.scanned,
            "lot": inspection.lot_size,
            "calibrations": len(state.values("calibration_recorded")),
            "failures": len(decided.failures),
            "needles": len(state.values("needle_broken")),
            "to_rerun": decided.pieces_to_rerun,
        },
    )


def cartons_total(inspection: Inspection) -> int:
    """How many cartons the lot has."""
    return max((int(row["last"]) for row in inspection.cartons), default=0)


def packing_settings(inspection: Inspection) -> packing.Settings:
    """What a carton must hold, as the order says."""
    kept = inspection.header.get("packing") or {}
    return packing.Settings(
        **_carton_of(kept),
        weight_tolerance_pct=inspection.rules.get("carton_weight_tolerance_pct", 5),
        ranges=tuple(
            packing.Range(row["first"], row["last"], row.get("name", ""), **_carton_of(row))
            for row in kept.get("ranges", ())
        ),
    )


def _carton_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Assortment, barcodes and weight of one carton, None where nothing is said."""
    ratio = {(row["colour"], row["size"]): int(row["pieces"]) for row in kept.get("ratio", ())}
    return {
        "assortment": ratio or None,
        "barcodes": kept.get("barcodes") or None,
        "gross_kg": kept.get("gross_kg") or None,
    }


def by_packing(inspection: Inspection, state: State) -> Decision:
    """Cartons opened and compared with the order."""
    total = cartons_total(inspection)
    if not total:
        message = "The cartons of the lot are not known; plan the inspection with them"
        reasons = [Reason("no_cartons", packing.SECTION, "pending", message)]
        return concluded(state=state, reasons=reasons, sections=[packing.SECTION])
    decided = packing.decide(
        cartons=state.values("carton_checked"), total_cartons=total, settings=packing_settings(inspection)
    )
    return concluded(
        state=state,
        reasons=decided.reasons,
        sections=[packing.SECTION],
        figures={"opened": decided.opened, "needed": decided.needed, "cartons": total},
    )


def _shown(value: Fraction | None) -> str | None:
    return None if value is None else str(rounded(value))

"""Between the snapshot an inspection keeps as JSON and the values its rules calculate with."""

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from goldseal.inspections.models import Inspection, InspectionEvent, InspectionState
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.measurement import PointOfMeasure, parse_measure
from goldseal.inspections.rules.sampling import InspectionPlan, Plan
from goldseal.inspections.rules.state import State, apply_events
from goldseal.inspections.rules.verdict import Decision, Settings, decide


def plan_snapshot(plan: InspectionPlan) -> dict[str, Any]:
    """What the inspection keeps of its plan: every severity's own plan stays on record."""
    return {"standard": "ISO 2859-1", **asdict(plan)}


def planned(inspection: Inspection) -> InspectionPlan:
    """The plan as it was made, from its snapshot and not from today's tables."""
    kept = {name: value for name, value in inspection.plan.items() if name != "standard"}
    plans = {severity: Plan(**own) for severity, own in kept.pop("plans").items()}
    return InspectionPlan(plans=plans, **kept)


def settings_of(inspection: Inspection) -> Settings:
    """The buyer's rules as they were when the inspection was planned."""
    kept = inspection.rules
    return Settings(
        counting=kept["counting"],
        sample_basis=kept["sample_basis"],
        required_checks={
            section: tuple(item["check"] for item in checks)
            for section, checks in inspection.checklist.items()
            if checks
        },
        pieces_out_max=kept["pieces_out_max"],
        is_critical_point_failing=kept["is_critical_point_failing"],
        quantity_tolerance_pct=Fraction(kept["quantity_tolerance_pct"]),
        made_pct_min=Fraction(kept["made_pct_min"]),
        packed_pct_min=Fraction(kept["packed_pct_min"]),
        points_out_pct_max=Fraction(kept["points_out_pct_max"]),
    )


def chart_of(inspection: Inspection) -> dict[str, list[PointOfMeasure]]:
    """The points of measure per size."""
    chart: dict[str, list[PointOfMeasure]] = {}
    for point in inspection.points:
        for size, value in point["spec"].items():
            chart.setdefault(size, []).append(
                PointOfMeasure(
                    code=point["code"],
                    spec=parse_measure(value),
                    tol_minus=parse_measure(point["tol_minus"]),
                    tol_plus=parse_measure(point["tol_plus"]),
                    unit=point["unit"],
                    is_critical=bool(point.get("critical")),
                )
            )
    return chart


def event_of(row: InspectionEvent) -> Event:
    """A stored event as the rules know it."""
    return Event(
        id=str(row.event_id),
        kind=row.kind,
        at=row.at,
        by=row.by,
        device=row.device,
        body=row.body,
        supersedes=tuple(row.supersedes),
    )


def state_of(inspection: Inspection, events: Sequence[Event]) -> State:
    """The inspection's state from its events."""
    accepted = str(inspection.accepted_submission) if inspection.accepted_submission else None
    return apply_events(events, accepted_submission=accepted)


def decision_of(inspection: Inspection, state: State) -> Decision:
    """The decision as far as it is recorded: the live count and, once submitted, the verdict."""
    return decide(
        state=state,
        plan=planned(inspection),
        ordered={(line["colour"], line["size"]): line["quantity"] for line in inspection.ordered},
        points=chart_of(inspection),
        drawn_cartons=[carton["carton"] for carton in inspection.drawn],
        settings=settings_of(inspection),
    )


def summary_of(state: State, decision: Decision) -> dict[str, Any]:
    """What lists and pages show without calculating anew."""
    return {
        "verdict": decision.verdict,
        "sections": {section.section: section.verdict for section in decision.sections},
        "counts": {
            count.severity: {"found": count.found, "accept": count.accept, "reject": count.reject}
            for count in decision.counts
        },
        "reasons": [
            {"code": r.code, "section": r.section, "verdict": r.verdict, "message": r.message}
            for r in decision.reasons[:50]
        ],
        "defects": len(state.of_kind("defect_recorded")),
        "photos": len(state.of_kind("photo_attached")),
        "conflicts": len(state.conflicts),
        "points_measured": decision.measurement.points_measured,
        "points_out": decision.measurement.points_out,
    }


def refresh(inspection: Inspection, events: Sequence[Event]) -> tuple[State, Decision]:
    """State and decision from all events, and what the row keeps of them; a decided verdict stands."""
    state = state_of(inspection, events)
    decision = decision_of(inspection, state)
    if inspection.state != InspectionState.DECIDED:
        inspection.summary = summary_of(state, decision)
        inspection.verdict = decision.verdict
        inspection.content_hash = state.content_hash
    return state, decision

"""From an inspection's snapshot and its recorded state to the decision, by the method of its stage."""

from collections.abc import Callable, Mapping, Sequence

from goldseal.catalog.models import Method
from goldseal.inspections import deciding_methods as by_method
from goldseal.inspections.gates import gate_reasons
from goldseal.inspections.models import Inspection, InspectionState
from goldseal.inspections.rules import endline
from goldseal.inspections.rules.completeness import measurement_reasons, photo_reasons
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.findings import Reason
from goldseal.inspections.rules.readiness import Readiness, readiness
from goldseal.inspections.rules.state import State, apply_events
from goldseal.inspections.rules.verdict import Decision, decide, measured_pieces
from goldseal.inspections.selectors import events_of
from goldseal.inspections.snapshots import (
    chart_of,
    doubles_of,
    is_taken_over,
    planned,
    settings_of,
    state_of,
    summary_of,
)
from goldseal.inspections.tallies import bodies_from


def decision_of(inspection: Inspection, state: State) -> Decision:
    """The decision as far as it is recorded: the live count and, once submitted, the verdict."""
    if is_taken_over(inspection):
        return by_method.taken_over(inspection)
    return _DECIDE[inspection.method](inspection, state)


def refresh(inspection: Inspection, events: Sequence[Event]) -> tuple[State, Decision]:
    """State and decision from all events, and what the row keeps of them; a decided verdict stands."""
    state = state_of(inspection, events)
    decision = decision_of(inspection, state)
    if inspection.state != InspectionState.DECIDED:
        inspection.summary = summary_of(state, decision)
        inspection.verdict = decision.verdict
        inspection.content_hash = state.content_hash
    return state, decision


def standing_of(inspection: Inspection) -> tuple[State, Decision]:
    """State and decision for a page; a running day of taps is read from its counts, not tap by tap."""
    if inspection.method == Method.ENDLINE and inspection.state != InspectionState.DECIDED:
        return apply_events(()), counted_so_far(inspection)
    state = state_of(inspection, events_of(inspection))
    return state, decision_of(inspection, state)


def readiness_of(inspection: Inspection, state: State) -> Readiness:
    """Whether enough is made and packed for the draw to be shown."""
    return readiness(
        state=state,
        ordered={(line["colour"], line["size"]): line["quantity"] for line in inspection.ordered},
        lot_size=inspection.lot_size,
        settings=settings_of(inspection),
    )


def _is_draw_shown(inspection: Inspection, state: State) -> bool:
    """Everybody reads the reasons: until the lot stands ready they must not tell which cartons will be opened."""
    if inspection.ready_at is not None or inspection.state == InspectionState.DECIDED:
        return True
    return bool(inspection.drawn) and readiness_of(inspection, state).is_ready


def counted_so_far(inspection: Inspection) -> Decision:
    """The decision of a hundred-per-cent check from the hours' counts, without reading every tap."""
    decided = endline.decide(
        tallies=bodies_from(inspection.tallies.all()), settings=by_method.endline_settings(inspection)
    )
    return by_method.endline_concluded(decided, apply_events(()))


def _by_sampling(inspection: Inspection, state: State) -> Decision:
    rules, chart = inspection.rules, chart_of(inspection)
    further: list[Reason] = [
        *gate_reasons(inspection),
        *photo_reasons(state=state, photos_per_defect=rules.get("photos_per_defect", 0)),
    ]
    if rules.get("measured_pieces_critical") or rules.get("measured_pieces_all"):
        pieces, _unfit = measured_pieces(state=state, points=chart)
        further += measurement_reasons(
            chart=chart,
            sizes=list(dict.fromkeys(line["size"] for line in inspection.ordered)),
            pieces=pieces,
            critical_pieces=rules.get("measured_pieces_critical", 0),
            all_points_pieces=rules.get("measured_pieces_all", 0),
        )
    return decide(
        state=state,
        plan=planned(inspection),
        ordered={(line["colour"], line["size"]): line["quantity"] for line in inspection.ordered},
        points=chart,
        drawn_cartons=[carton["carton"] for carton in inspection.drawn],
        is_draw_shown=_is_draw_shown(inspection, state),
        settings=settings_of(inspection),
        doubles=doubles_of(inspection),
        further=further,
    )


_DECIDE: Mapping[str, Callable[[Inspection, State], Decision]] = {
    Method.AQL: _by_sampling,
    Method.CHECKLIST: by_method.by_checklist,
    Method.ROVING: by_method.by_roving,
    Method.ENDLINE: by_method.by_endline,
    Method.FOUR_POINT: by_method.by_four_point,
    Method.MEASUREMENT: by_method.by_measurement,
    Method.METAL: by_method.by_metal,
    Method.PACKING: by_method.by_packing,
}

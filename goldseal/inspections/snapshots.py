"""Between the snapshot an inspection keeps as JSON and the values its rules calculate with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goldseal.files.models import Attachment
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.measurement import PointOfMeasure, parse_measure
from goldseal.inspections.rules.sampling import DoublePlan, InspectionPlan, Plan
from goldseal.inspections.rules.state import State, apply_events
from goldseal.inspections.rules.verdict import Decision, Settings
from goldseal.kit.errors import Conflict, Invalid

IMPORTED = "imported"  # in the header of an inspection that was taken over from a sheet: by whom it was made
TAKEN_OVER = Q(header__has_key=IMPORTED)


def is_taken_over(inspection: Inspection) -> bool:
    """Whether it was recorded elsewhere and taken over from a sheet: a verdict and counts, no record."""
    return IMPORTED in inspection.header


def plan_snapshot(plan: InspectionPlan, doubles: Mapping[str, DoublePlan] | None = None) -> dict[str, Any]:
    """What the inspection keeps of its plan: every severity's own plan stays on record."""
    kept = {"standard": "ISO 2859-1", **asdict(plan)}
    if doubles:
        kept["doubles"] = {severity: asdict(double) for severity, double in doubles.items()}
    return kept


def planned(inspection: Inspection) -> InspectionPlan:
    """The plan as it was made, from its snapshot and not from today's tables."""
    kept = {name: value for name, value in inspection.plan.items() if name not in ("standard", "doubles")}
    plans = {severity: Plan(**own) for severity, own in kept.pop("plans").items()}
    return InspectionPlan(plans=plans, **kept)


def doubles_of(inspection: Inspection) -> dict[str, DoublePlan]:
    """The double sampling plans of the severities judged by one."""
    return {severity: DoublePlan(**kept) for severity, kept in inspection.plan.get("doubles", {}).items()}


def settings_of(inspection: Inspection) -> Settings:
    """The buyer's rules as they were when the inspection was planned."""
    kept = inspection.rules
    own = {"required_sections": tuple(kept["required_sections"])} if "required_sections" in kept else {}
    return Settings(
        **own,
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
    """The points of measure per size; those that hold before or after wash only under "size|wash"."""
    chart: dict[str, list[PointOfMeasure]] = {}
    for point in inspection.points:
        for size, value in point["spec"].items():
            key = f"{size}|{point['wash']}" if point.get("wash") else size
            chart.setdefault(key, []).append(
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


def refuse_documents(rows: Iterable[Attachment]) -> None:
    """Invalid where a file that is named as a photo is none: no report could ever print it."""
    documents = [row.name for row in rows if not row.is_photo]
    if documents:
        words = _("No picture: %(names)s. Choose a photo (JPEG, PNG, WebP or HEIC).")
        raise Invalid(fields={"photos": words % {"names": ", ".join(documents[:5])}})


def refuse_unseen(seen: str, content_hash: str) -> None:
    """Conflict where the signer was shown another record; an empty `seen` says that nothing was shown."""
    if seen and seen != content_hash:
        raise Conflict(_("The record changed while you read it. Look at it again, then sign."))


def summary_of(state: State, decision: Decision) -> dict[str, Any]:
    """What lists and pages show without calculating anew."""
    return {
        "verdict": decision.verdict,
        "sections": {section.section: section.verdict for section in decision.sections},
        "counts": {
            count.severity: {"found": count.found, "accept": count.accept, "reject": count.reject}
            for count in decision.counts
        },
        "figures": dict(decision.figures),
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

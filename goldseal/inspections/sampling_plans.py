"""The sampling plan of one lot: levels and AQLs as chosen, inspection by the switching score, single or double."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import Order, Stage, Supplier
from goldseal.catalog.rules.buyers import BuyerRules
from goldseal.inspections.models import SwitchingScore
from goldseal.inspections.rules import sampling
from goldseal.inspections.rules.sampling import DoublePlan, InspectionPlan
from goldseal.inspections.snapshots import plan_snapshot
from goldseal.kit.errors import Invalid

DISCONTINUED = "discontinued"


@dataclass(frozen=True, slots=True)
class Sampling:
    """The plan, its snapshot, and what switching said per severity: {inspection, reason, score}."""

    plan: InspectionPlan
    doubles: Mapping[str, DoublePlan]
    switching: Mapping[str, Mapping[str, Any]]

    @property
    def units_to_inspect(self) -> int:
        """Units of the (first) sample."""
        return self.plan.units_to_inspect

    @property
    def snapshot(self) -> dict[str, Any]:
        """What the inspection keeps."""
        return plan_snapshot(self.plan, self.doubles)


def sampling_for(
    *,
    request: Any,
    rules: BuyerRules,
    lot_size: int,
    order: Order,
    stage: Stage,
    supplier: Supplier | None,
) -> Sampling:
    """The plan of this lot. `request` is the PlanRequest. Invalid at `plan`."""
    limits = dict(request.limits) or dict(rules.limits)
    level = request.level or rules.aql_level
    scores = switching_scores(order=order, stage=stage, supplier=supplier) if rules.is_switching else {}
    types = {
        severity: request.inspection or str(scores[severity].inspection_type)
        if severity in scores
        else request.inspection or rules.inspection_type
        for severity in limits
    }
    if DISCONTINUED in types.values():
        raise Invalid(
            fields={
                "plan": _(
                    "Inspection of this product is discontinued: five lots were not accepted on tightened "
                    "inspection. Reinstate it once the supplier has improved."
                )
            }
        )
    try:
        plan = sampling.inspection_plan(lot_size=lot_size, level=level, limits=limits, inspection=types)
        doubles = (
            _doubles(plan, limits, types) if (request.scheme or rules.sampling_scheme) == "double" else {}
        )
    except ValueError as refused:
        raise Invalid(fields={"plan": str(refused)}) from None
    if doubles:
        plan = _drawn_first(plan, doubles)
    said = {
        severity: {
            "inspection": types[severity],
            "score": row.score,
            "reason": row.reason,
            "code": row.state.get("reason", ""),
        }
        for severity, row in scores.items()
        if severity in types
    }
    return Sampling(plan, doubles, said)


def switching_scores(*, order: Order, stage: Stage, supplier: Supplier | None) -> dict[str, SwitchingScore]:
    """Where inspection of this product stands, per severity."""
    rows = SwitchingScore.objects.filter(supplier=supplier, style_id=order.style_id, stage=stage)
    return {row.severity: row for row in rows}


def _doubles(
    plan: InspectionPlan, limits: Mapping[str, str | None], types: Mapping[str, str]
) -> dict[str, DoublePlan]:
    """Double plans of the severities on normal inspection; tightened and reduced ones stay single."""
    found = {}
    for severity, aql in limits.items():
        if aql is not None and not sampling.is_zero_tolerance(aql) and types[severity] == "normal":
            double = sampling.double_plan(lot_size=plan.lot_size, level=plan.level, aql=aql)
            if double.kind == "double":
                found[severity] = double
    return found


def _drawn_first(plan: InspectionPlan, doubles: Mapping[str, DoublePlan]) -> InspectionPlan:
    """The plan with the first sample as what is drawn: the largest that any severity needs to begin with."""
    first = max(
        min(doubles[severity].n1, plan.lot_size) if severity in doubles else own.units_to_inspect
        for severity, own in plan.plans.items()
        if severity in doubles or not sampling.is_zero_tolerance(own.aql)
    )
    return replace(plan, units_to_inspect=first, is_full_inspection=first >= plan.lot_size)

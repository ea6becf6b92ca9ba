"""Hard gates: what must have passed before an inspection of the same lot may pass (DOMAIN §2)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from goldseal.catalog.models import Gate, Stage
from goldseal.inspections.models import Inspection, InspectionOrder, InspectionState, Verdict
from goldseal.inspections.rules.verdict import Reason


def gate_reasons(inspection: Inspection) -> list[Reason]:
    """Why this inspection may not pass yet: earlier hard gates of the lot that are open or failed.

    Only an inspection that is a hard gate itself is bound. A decided one keeps the reasons it had then.
    """
    if inspection.stage.gate != Gate.HARD:
        return []
    if inspection.state == InspectionState.DECIDED:
        return [Reason(**kept) for kept in inspection.header.get("gates", [])]
    family = inspection.style.product_family
    stages = Stage.objects.filter(
        Q(product_family="") | Q(product_family=family),
        gate=Gate.HARD,
        is_active=True,
        position__lt=inspection.stage.position,
    )
    found: list[Reason] = []
    for stage, rows in _standing(list(stages), inspection).items():
        found += _reasons_at(stage, rows)
    return found


def _standing(stages: Sequence[Stage], inspection: Inspection) -> dict[Stage, list[Inspection]]:
    """Per stage its inspections of the same orders that still speak: not cancelled and not repeated since."""
    same_orders = InspectionOrder.objects.filter(inspection=inspection).values("order_id")
    rows = (
        Inspection.objects.filter(
            Q(order_id=inspection.order_id) | Q(covered__order_id__in=same_orders), stage__in=stages
        )
        .exclude(state=InspectionState.CANCELLED)
        .only("number", "stage_id", "state", "verdict", "reinspection_of_id")
        .order_by("number")
        .distinct()
    )
    held = list(rows)
    repeated = {row.reinspection_of_id for row in held}
    by_stage: defaultdict[UUID, list[Inspection]] = defaultdict(list)
    for row in held:
        if row.pk not in repeated:
            by_stage[row.stage_id].append(row)
    return {stage: by_stage[stage.pk] for stage in stages}


def _reasons_at(stage: Stage, rows: Sequence[Inspection]) -> list[Reason]:
    name = stage.name_en or stage.code
    decided = [row for row in rows if row.state == InspectionState.DECIDED]
    failed = [row for row in decided if row.verdict != Verdict.PASS]
    still_open = [row for row in rows if row.state != InspectionState.DECIDED]

    def codes(of: Sequence[Inspection]) -> str:
        return ", ".join(f"{stage.code}-{row.number:05d}" for row in of)

    reasons = []
    if failed:
        message = f"{name} of this lot did not pass: {codes(failed)}"
        reasons.append(Reason("gate_failed", "", "hold", message))
    if still_open:
        message = f"{name} of this lot is not decided yet: {codes(still_open)}"
        reasons.append(Reason("gate_open", "", "pending", message))
    if not rows:
        reasons.append(Reason("gate_absent", "", "pending", f"{name} is not recorded for this lot"))
    return reasons


def kept_reasons(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    """The reasons as a decided inspection keeps them."""
    return [
        {"code": one.code, "section": one.section, "verdict": one.verdict, "message": one.message}
        for one in reasons
    ]

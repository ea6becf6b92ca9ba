"""Hard gates: what must have passed before an inspection of the same lot may pass (DOMAIN §2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from goldseal.catalog.models import Gate, Stage
from goldseal.inspections.models import Inspection, InspectionOrder, InspectionState, Verdict
from goldseal.inspections.rules.findings import Reason
from goldseal.inspections.snapshots import TAKEN_OVER


def gates_before(stage: Stage, product_family: str) -> list[dict[str, str]]:
    """The hard gates that a garment of this family passes before this one, as an inspection keeps them.

    Only a stage that is a hard gate itself is bound by earlier ones.
    """
    if stage.gate != Gate.HARD:
        return []
    rows = Stage.objects.filter(
        Q(product_family="") | Q(product_family=product_family),
        gate=Gate.HARD,
        is_active=True,
        position__lt=stage.position,
    )
    return [{"id": str(row.pk), "code": row.code, "name": row.name_en or row.code} for row in rows]


def gate_reasons(inspection: Inspection) -> list[Reason]:
    """Why this inspection may not pass yet: earlier hard gates of the lot that are open or failed.

    A decided inspection keeps the reasons it had then.
    """
    gates = inspection.rules.get("gates", [])
    if not gates:
        return []
    if inspection.state == InspectionState.DECIDED:
        return [Reason(**kept) for kept in inspection.header.get("gates", [])]
    standing = _standing([UUID(gate["id"]) for gate in gates], inspection)
    return [reason for gate in gates for reason in _reasons_at(gate, standing[UUID(gate["id"])])]


def _standing(stages: Sequence[UUID], inspection: Inspection) -> dict[UUID, list[Inspection]]:
    """Per stage its inspections of the same orders that still speak: not cancelled and not repeated since."""
    same_orders = InspectionOrder.objects.filter(inspection=inspection).values("order_id")
    rows = (
        Inspection.objects.filter(
            Q(order_id=inspection.order_id) | Q(covered__order_id__in=same_orders), stage_id__in=stages
        )
        .exclude(TAKEN_OVER)  # what was recorded elsewhere proves nothing here
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
    return by_stage


def _reasons_at(gate: Mapping[str, str], rows: Sequence[Inspection]) -> list[Reason]:
    name = gate["name"]
    decided = [row for row in rows if row.state == InspectionState.DECIDED]
    failed = [row for row in decided if row.verdict != Verdict.PASS]
    still_open = [row for row in rows if row.state != InspectionState.DECIDED]

    def codes(of: Sequence[Inspection]) -> str:
        return ", ".join(f"{gate['code']}-{row.number:05d}" for row in of)

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

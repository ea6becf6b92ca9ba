"""Keeping the switching score of each supplier's product, per severity (ISO 2859-1 clause 9.3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from goldseal.inspections.models import Inspection, SwitchingScore
from goldseal.inspections.rules.sampling import Plan, is_zero_tolerance
from goldseal.inspections.rules.switching import Policy, SwitchingState, tighter_accept
from goldseal.inspections.rules.verdict import Decision, SeverityCount
from goldseal.inspections.snapshots import doubles_of, planned
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, NotFound
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize


def score_lot(inspection: Inspection, decision: Decision, *, now: datetime) -> None:
    """Let a decided lot move the score of its product, per severity; a part of deciding it.

    Re-inspected lots and severities without a plan of the standard leave the score as it is.
    """
    rules = inspection.rules
    if not rules.get("is_switching") or inspection.method != "aql":
        return
    with connection.cursor() as cursor:
        # Two lots of one product decided at once: the second waits, because the order of lots matters.
        key = f"{inspection.workspace_id}{inspection.style_id}{inspection.stage_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 2))", [key])
    held = {
        row.severity: row
        for row in SwitchingScore.objects.filter(
            supplier=inspection.supplier, style_id=inspection.style_id, stage_id=inspection.stage_id
        )
    }
    plans, doubles = planned(inspection).plans, doubles_of(inspection)
    for count in decision.counts:
        plan = plans.get(count.severity)
        if plan is None or is_zero_tolerance(plan.aql) or count.accept is None:
            continue
        row = held.get(count.severity) or SwitchingScore(
            supplier_id=inspection.supplier_id,
            buyer_id=inspection.buyer_id,
            style_id=inspection.style_id,
            stage_id=inspection.stage_id,
            severity=count.severity,
        )
        first = (
            not count.is_rejected and count.accept == doubles[count.severity].ac1
            if count.severity in doubles
            else None
        )
        _move(row, inspection, count, plan, accepted_on_first=first, now=now)


def _move(
    row: SwitchingScore,
    inspection: Inspection,
    count: SeverityCount,
    plan: Plan,
    *,
    accepted_on_first: bool | None,
    now: datetime,
) -> None:
    before = SwitchingState.from_dict(row.state) if row.state else _start(inspection.rules)
    if before.inspection == "discontinued":
        return
    after = before.after(
        accepted=not count.is_rejected,
        nonconforming=count.found,
        accept=plan.accept,
        tighter_accept=tighter_accept(plan, row=before.policy.tighter_row),
        original=inspection.reinspection_of_id is None,
        is_full_inspection=plan.is_full_inspection,
        accepted_on_first=accepted_on_first,
    )
    if after == before and row.state:
        return
    row.state, row.reason = after.as_dict(), after.sentence[:300]
    row.inspection_type, row.score = after.inspection, after.score
    row.lots += 1
    row.changed_at = now
    row.save()


def _start(rules: Mapping[str, Any]) -> SwitchingState:
    policy = Policy(
        count_rejection_on_reduced=bool(rules.get("counts_rejection_on_reduced", False)),
        tighter_row=rules.get("switching_tighter_row", "plan"),
        score_full_inspection=bool(rules.get("scores_full_inspection", True)),
    )
    return SwitchingState.start(policy=policy)


def reinstate_product(*, score_id: UUID, reason: str, actor: Actor, now: datetime) -> SwitchingScore:
    """Resume the inspection of a discontinued product, on tightened inspection (ISO 2859-1 9.4).

    Conflict unless it is discontinued.
    """
    authorize(actor, "inspections.plan")
    with recorded_change():
        row = (
            SwitchingScore.objects.select_for_update(of=("self",))
            .select_related("style")
            .filter(pk=score_id)
            .first()
        )
        if row is None:
            raise NotFound
        try:
            after = SwitchingState.from_dict(row.state).reinstate()
        except ValueError as refused:
            raise Conflict(str(refused)) from None
        row.state, row.reason = after.as_dict(), after.sentence[:300]
        row.inspection_type, row.score, row.changed_at = after.inspection, after.score, now
        row.save()
        record(
            event="switching.reinstated",
            actor=actor,
            now=now,
            obj=row,
            payload={"style": row.style.code, "severity": row.severity, "reason": reason.strip()},
        )
    return row

"""The record `goldseal.inspection-report/1` of one inspection: everything the report will say, from the events alone."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.inspections import selectors
from goldseal.inspections.deciding import decision_of
from goldseal.inspections.models import Inspection, Signature
from goldseal.inspections.record_findings import defects_of, names_of_defects, pareto_of, photos_of
from goldseal.inspections.record_tables import measurement_of, sections_of
from goldseal.inspections.rules.bodies import SEVERITIES
from goldseal.inspections.rules.checklist import SECTION_TITLES
from goldseal.inspections.rules.metrics import defective_percent, dhu, rounded
from goldseal.inspections.rules.reasons import reason_in_bangla
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision, Settings, count_defects
from goldseal.inspections.snapshots import planned, settings_of, state_of
from goldseal.workspaces.models import Workspace

REPORT_TYPES = {"PRE": "pre_final", "FIN": "final"}


def inspection_record(inspection: Inspection, workspace: Workspace) -> dict[str, Any]:
    """The whole record, but for the head that the reports room fills in.

    Instants carry the workspace's offset, because they are printed as they stand. Only events covered by
    the accepted submission count; addenda are not part of the record.
    """
    events = selectors.events_of(inspection)
    state = state_of(inspection, events)
    decision = decision_of(inspection, state)
    evidence = selectors.evidence_of(inspection)
    names = names_of_defects(state)
    zone = ZoneInfo(workspace.time_zone)
    defects = defects_of(state, names, evidence)
    return {
        "schema": "goldseal.inspection-report/1",
        "report": {"type": REPORT_TYPES.get(inspection.stage.code, "inline")},
        "workspace": {"name": workspace.name, "address": " ".join(workspace.address.split())[:200]},
        "header": _header(inspection, state, zone),
        "plan": _plan(inspection, state),
        "counts": _counts(inspection, state, decision),
        "defects": defects,
        "pareto": pareto_of(defects, names),
        "metrics": _metrics(inspection, state),
        "sections": sections_of(inspection, state, decision),
        **measurement_of(inspection, state, decision),
        "photos": photos_of(state, evidence, names),
        "remarks": "\n\n".join(
            body["text"] for body in state.values("remark_written") if body["section"] == "remarks"
        ),
        "verdict": {
            "overall": inspection.verdict,
            "reasons": [
                {
                    "code": reason.code[:40],
                    "text_en": reason.message[:500],
                    "text_bn": reason_in_bangla(reason, SECTION_TITLES)[:500],
                }
                for reason in decision.reasons[:40]
            ],
        },
        "signatures": [_signature(row, zone) for row in selectors.signatures_of(inspection)],
    }


def _header(inspection: Inspection, state: State, zone: ZoneInfo) -> dict[str, Any]:
    order, style, kept = inspection.order, inspection.style, inspection.header
    counted = state.values("quantity_counted")
    offered = sum(body.get("offered", body["packed"]) for body in counted)
    times = sorted(
        event.at for entries in state.entries.values() for entry in entries.values() for event in entry.heads
    )
    started = state.value("inspection_started")
    place = (started or {}).get("place") or kept.get("place", "")
    head = {
        "inspected_on": (inspection.decided_at or inspection.created_at).astimezone(zone).date().isoformat(),
        "started_at": _at(times[0], zone) if times else None,
        "finished_at": _moment(inspection.decided_at, zone),
        "location": {"text": place} if place else None,
        "inspectors": [inspection.inspector.display_name] if inspection.inspector else [],
        "buyer": inspection.buyer.name,
        "factory": (order.site.name if order.site else "") or kept.get("factory", ""),
        "purchase_orders": [order.po_number],
        "style": f"{style.code} {style.name}".strip(),
        "description": style.description,
        "season": style.season,
        "colours": list(dict.fromkeys(line["colour"] for line in inspection.ordered)),
        "sizes": list(dict.fromkeys(line["size"] for line in inspection.ordered)),
        "composition": style.composition,
        "order_quantity": sum(line["quantity"] for line in inspection.ordered),
        "ship_quantity": offered if counted else None,
        "lot_quantity": inspection.lot_size,
        "produced_percent": _share(sum(body["made"] for body in counted), offered),
        "packed_percent": _share(sum(body["packed"] for body in counted), offered),
        "cartons_total": max((row["last"] for row in inspection.cartons), default=None),
        "ex_factory_on": order.ex_factory_on.isoformat() if order.ex_factory_on else None,
        "port": order.port,
        "destination": order.destination,
        "approved_sample_seen": kept.get("approved_sample_seen"),
        "trim_card_seen": kept.get("trim_card_seen"),
    }
    return {name: value for name, value in head.items() if value not in (None, "", [])}


def _plan(inspection: Inspection, state: State) -> dict[str, Any]:
    kept = inspection.plan
    found: dict[str, Any] = {
        "standard": kept["standard"],
        "level": kept["level"],
        "inspection": kept["inspection"],
        "counting": inspection.rules["counting"],
        "lot_size": inspection.lot_size,
        "sample_drawn": inspection.sample_size,
        "full_inspection": kept["is_full_inspection"],
        "severities": [
            {
                "severity": severity,
                **{
                    name: own[name]
                    for name in ("aql", "code_letter", "plan_letter", "sample_size", "accept", "reject")
                },
            }
            for severity in SEVERITIES
            if (own := kept["plans"].get(severity))
        ],
        "seed_commitment": inspection.seed_commitment,
    }
    if inspection.cartons:
        total = max(row["last"] for row in inspection.cartons)
        found["cartons"] = {"total": total, "opened": list(state.cartons_opened)}
        found["note"] = f"Seed of the draw: {inspection.seed}"
    return found


def _counts(inspection: Inspection, state: State, decision: Decision) -> list[dict[str, Any]]:
    plan, settings = planned(inspection), settings_of(inspection)
    ways = {
        way: {
            count.severity: count.found
            for count in count_defects(
                state=state, plan=plan, settings=Settings(counting=way, sample_basis=settings.sample_basis)
            )
        }
        for way in ("defects", "defectives")
    }
    return [
        {
            "severity": count.severity,
            "defects": ways["defects"][count.severity],
            "defectives": ways["defectives"][count.severity],
            "counted": count.found,
            "accept": count.accept,
            "reject": count.reject,
            "result": "over" if count.is_rejected else "within",
        }
        for count in decision.counts
        if count.accept is not None
    ]


def _metrics(inspection: Inspection, state: State) -> dict[str, str]:
    plan = planned(inspection)
    defects = sum(
        c.found for c in count_defects(state=state, plan=plan, settings=Settings(counting="defects"))
    )
    pieces = sum(
        c.found for c in count_defects(state=state, plan=plan, settings=Settings(counting="defectives"))
    )
    per_hundred = dhu(defects=defects, checked=inspection.sample_size)
    found = {"dhu": f"{rounded(per_hundred)}"} if per_hundred is not None else {}
    if pieces <= inspection.sample_size:
        share = defective_percent(defective=pieces, checked=inspection.sample_size)
        if share is not None:
            found["defective_percent"] = f"{rounded(share)}"
    return found


def _signature(row: Signature, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "printed_name": row.printed_name or "–",
        "role": row.role,
        "meaning": row.meaning,
        "signed_at": _moment(row.signed_at, zone),
        "record_hash": row.record_hash,
        "method": row.method,
    }


def _moment(value: datetime | None, zone: ZoneInfo) -> str | None:
    return value.astimezone(zone).replace(microsecond=0).isoformat() if value else None


def _at(text: str, zone: ZoneInfo) -> str | None:
    return _moment(datetime.fromisoformat(text), zone)


def _share(part: int, whole: int) -> float | None:
    return (
        float(rounded(Fraction(part * 100, whole), places=1))
        if whole and part * 100 <= whole * 1000
        else None
    )

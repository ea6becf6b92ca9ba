"""The record `goldseal.inspection-report/1` of one inspection: everything the report will say, from the events alone."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.accounts.models import User
from goldseal.catalog.models import Method
from goldseal.inspections import selectors
from goldseal.inspections.deciding import decision_of
from goldseal.inspections.deciding_methods import items_of
from goldseal.inspections.models import Evidence, Inspection, Signature
from goldseal.inspections.record_findings import Names, defects_of, names_of_defects, pareto_of, photos_of
from goldseal.inspections.record_line import endline_of, line_counts, pareto_rows, roving_of
from goldseal.inspections.record_lots import checklist_of, four_point_of, metal_of, packing_of
from goldseal.inspections.record_tables import measurement_of, sections_of
from goldseal.inspections.rules.bodies import SEVERITIES
from goldseal.inspections.rules.checklist import SECTION_TITLES
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.metrics import defective_percent, dhu, rounded
from goldseal.inspections.rules.reasons import reason_on_paper
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision, Settings, count_defects
from goldseal.inspections.snapshots import planned, settings_of, state_of
from goldseal.workspaces.models import Workspace

REPORT_TYPES = {"PRE": "pre_final", "FIN": "final"}
TEXT_MAX = 50_000
_PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def inspection_record(inspection: Inspection, workspace: Workspace) -> dict[str, Any]:
    """The whole record, but for the head that the reports room fills in.

    Instants carry the workspace's offset, because they are printed as they stand. Only events covered by
    the accepted submission count; addenda are not part of the record. Beside what every inspection has
    stands what its method records: rounds, hours, rolls, calibrations, cartons or answers.
    """
    events = selectors.events_of(inspection)
    state = state_of(inspection, events)
    decision = decision_of(inspection, state)
    evidence = selectors.evidence_of(inspection)
    names = names_of_defects(state)
    zone = ZoneInfo(workspace.time_zone)
    items = {str(item["key"]): item for item in items_of(inspection)}
    return {
        "schema": "goldseal.inspection-report/1",
        "report": _report(inspection),
        "workspace": {"name": workspace.name, "address": " ".join(workspace.address.split())[:200]},
        "header": _header(inspection, state, zone),
        **_found(inspection, state, decision, names, evidence, zone),
        "sections": sections_of(inspection, state, decision),
        **measurement_of(inspection, state, decision),
        "photos": photos_of(state, evidence, names, items),
        **_not_arrived(state, events),
        "remarks": "\n\n".join(
            body["text"] for body in state.values("remark_written") if body["section"] == "remarks"
        )[:TEXT_MAX],
        "verdict": {
            "overall": inspection.verdict,
            "reasons": _reasons(inspection, decision),
        },
        "signatures": [_signature(row, zone) for row in selectors.signatures_of(inspection)],
    }


def _report(inspection: Inspection) -> dict[str, Any]:
    stage = inspection.stage
    kind = (
        REPORT_TYPES.get(stage.code, "sampling")
        if inspection.method == Method.AQL
        else str(inspection.method)
    )
    found: dict[str, Any] = {
        "type": kind,
        "stage": {"code": stage.code, "name_en": stage.name_en or stage.code, "name_bn": stage.name_bn},
    }
    if inspection.reinspection_of_id:
        found["reinspection_no"] = _reinspection_number(inspection)
        found["type"] = "re_inspection" if kind == "final" else kind
    return found


def _found(
    inspection: Inspection,
    state: State,
    decision: Decision,
    names: Names,
    evidence: Mapping[str, Evidence],
    zone: ZoneInfo,
) -> dict[str, Any]:
    """What the inspection's method counted."""
    if inspection.method == Method.AQL:
        defects = defects_of(state, names, evidence)
        return {
            "plan": _plan(inspection, state),
            "counts": _counts(inspection, state, decision),
            "defects": defects,
            "pareto": pareto_of(defects, names),
            "metrics": _metrics(inspection, state),
        }
    parts: Mapping[str, Callable[[], dict[str, Any]]] = {
        Method.CHECKLIST: lambda: {"checklist": checklist_of(inspection, state, evidence)},
        Method.ROVING: lambda: {"roving": roving_of(inspection, state, names, evidence, zone)},
        Method.ENDLINE: lambda: {"endline": endline_of(inspection, state.values("pieces_tallied"))},
        Method.FOUR_POINT: lambda: {"four_point": four_point_of(inspection, state, names, evidence)},
        Method.METAL: lambda: {"metal": metal_of(inspection, state, evidence)},
        Method.PACKING: lambda: {"packing": packing_of(inspection, state, evidence)},
    }
    own = parts[inspection.method]() if inspection.method in parts else {}
    return {**own, "counts": [], "defects": [], "pareto": pareto_rows(line_counts(state), names)}


def _not_arrived(state: State, events: Sequence[Event]) -> dict[str, Any]:
    """How many records the submission covers that no device has sent, and whose devices took part."""
    if not state.missing:
        return {}
    people = _names_of(event.by for event in events)
    return {"not_arrived": {"records": len(state.missing), "people": people[:20]}}


def _reinspection_number(inspection: Inspection) -> int:
    """1 for the first repetition of a failed inspection, 2 for the next."""
    number, former = 1, inspection.reinspection_of
    while former is not None and former.reinspection_of_id and number < 99:
        number, former = number + 1, former.reinspection_of
    return number


def _names_of(people: Iterable[str]) -> list[str]:
    """The names of those who recorded, each once, in order."""
    ids = [one for one in dict.fromkeys(people) if _PERSON.fullmatch(one)]
    known = {str(user.pk): user.display_name for user in User.objects.filter(pk__in=ids)}
    return [known[one] for one in ids if known.get(one)]


def _reasons(inspection: Inspection, decision: Decision) -> list[dict[str, str]]:
    labels = {
        check.get("check") or check["key"]: (check["label_en"], check.get("label_bn") or check["label_en"])
        for checks in inspection.checklist.values()
        for check in checks
    }
    said = [
        (reason.code, *reason_on_paper(reason, SECTION_TITLES, labels)) for reason in decision.reasons[:40]
    ]
    return [{"code": code[:40], "text_en": en[:500], "text_bn": bn[:500]} for code, en, bn in said]


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
        "supplier": inspection.supplier.name if inspection.supplier else "",
        "line": f"{inspection.line.code} {inspection.line.name}".strip() if inspection.line else "",
        "factory": (order.site.name if order.site else "") or kept.get("factory", ""),
        "purchase_orders": [order.po_number],
        "style": f"{style.code} {style.name}".strip(),
        "description": style.description,
        "season": style.season,
        "colours": list(dict.fromkeys(line["colour"] for line in inspection.ordered)),
        "sizes": list(dict.fromkeys(line["size"] for line in inspection.ordered)),
        "composition": style.composition,
        "order_quantity": sum(line["quantity"] for line in inspection.ordered)
        if inspection.ordered
        else None,
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
        found["seed"] = inspection.seed
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

"""The record `goldseal.inspection-report/1` of one inspection: everything the report will say, from the events alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.catalog.models import Defect
from goldseal.inspections import selectors
from goldseal.inspections.deciding import decision_of
from goldseal.inspections.models import Evidence, Inspection, Signature
from goldseal.inspections.rules.bodies import SECTIONS, SEVERITIES
from goldseal.inspections.rules.checklist import SECTION_TITLES
from goldseal.inspections.rules.measurement import PieceResult, format_measure, parse_measure
from goldseal.inspections.rules.metrics import defective_percent, dhu, pareto, rounded
from goldseal.inspections.rules.reasons import reason_in_bangla
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision, Settings, count_defects, measured_pieces
from goldseal.inspections.snapshots import chart_of, planned, settings_of, state_of
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
    names = _defect_names(state)
    zone = ZoneInfo(workspace.time_zone)
    defects = _defects(state, names, evidence)
    return {
        "schema": "goldseal.inspection-report/1",
        "report": {"type": REPORT_TYPES.get(inspection.stage.code, "inline")},
        "workspace": {"name": workspace.name, "address": " ".join(workspace.address.split())[:200]},
        "header": _header(inspection, state, zone),
        "plan": _plan(inspection, state),
        "counts": _counts(inspection, state, decision),
        "defects": defects,
        "pareto": _pareto(defects, names),
        "metrics": _metrics(inspection, state),
        "sections": _sections(inspection, state, decision),
        **_measurement(inspection, state, decision),
        "photos": _photos(state, evidence, names),
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


def _defect_names(state: State) -> dict[str, tuple[str, str]]:
    codes = {body["code"] for body in state.values("defect_recorded")}
    known = Defect.objects.filter(code__in=codes).values_list("code", "name_en", "name_bn")
    return {code: (english or bangla or code, bangla) for code, english, bangla in known}


def _defects(
    state: State, names: Mapping[str, tuple[str, str]], evidence: Mapping[str, Evidence]
) -> list[dict[str, Any]]:
    rows = []
    for number, body in enumerate(state.values("defect_recorded"), start=1):
        english, bangla = names.get(body["code"], (body["code"], ""))
        optional = {
            name: body[name] for name in ("zone", "colour", "size", "carton", "note") if body.get(name)
        }
        photos = [_stored(digest, evidence) for digest in body["photos"] if digest in evidence]
        rows.append(
            {
                "no": number,
                "code": body["code"],
                "name_en": english,
                "name_bn": bangla,
                "severity": body["severity"],
                "pieces": body["pieces"],
                "photos": photos,
                **optional,
            }
        )
    return rows


def _pareto(defects: list[dict[str, Any]], names: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    counts: defaultdict[str, int] = defaultdict(int)
    for defect in defects:
        counts[defect["code"]] += defect["pieces"]
    return [
        {
            "code": row.key,
            "name_en": names.get(row.key, (row.key, ""))[0],
            "name_bn": names.get(row.key, ("", ""))[1],
            "count": row.count,
            "share": float(rounded(row.share_pct, places=1)),
            "cumulative": float(rounded(row.cumulative_pct, places=1)),
            "vital": row.is_vital,
        }
        for row in pareto(counts)
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


def _sections(inspection: Inspection, state: State, decision: Decision) -> list[dict[str, Any]]:
    answers = {(body["section"], body["check"]): body for body in state.values("check_answered")}
    sections = []
    for result in decision.sections:
        title_en, title_bn = SECTION_TITLES[result.section]
        rows = []
        for check in inspection.checklist.get(result.section, []):
            answer = answers.get((result.section, check["check"]))
            row = {"label_en": check["label_en"], "label_bn": check.get("label_bn") or ""}
            if answer:
                row["answer"] = answer["answer"]
                row.update({"value": answer["value"]} if answer.get("value") else {})
                row.update({"remark": answer["note"]} if answer.get("note") else {})
            rows.append(row)
        concluded = state.value("section_concluded", result.section) or {}
        remarks = [concluded["remark"]] if concluded.get("remark") else []
        if result.section != "remarks":
            remarks += [
                body["text"] for body in state.values("remark_written") if body["section"] == result.section
            ]
        section: dict[str, Any] = {
            "key": result.section,
            "title_en": title_en,
            "title_bn": title_bn,
            "verdict": result.verdict,
            "rows": rows,
            "remarks": "\n".join(remarks)[:5000],
        }
        if result.section == "quantity":
            section["table"] = _quantity_table(inspection, state)
        sections.append(section)
    return sorted(sections, key=lambda section: SECTIONS.index(section["key"]))


def _quantity_table(inspection: Inspection, state: State) -> dict[str, Any]:
    counted = {(body["colour"], body["size"]): body for body in state.values("quantity_counted")}
    columns = [
        ("Colour", "রং"),
        ("Size", "সাইজ"),
        ("Ordered", "অর্ডার"),
        ("Made", "তৈরি"),
        ("Packed", "প্যাক"),
        ("Offered", "অফার"),
    ]
    rows: list[list[str | int]] = []
    for line in inspection.ordered:
        body = counted.get((line["colour"], line["size"]))
        found = (
            [body["made"], body["packed"], body.get("offered", line["quantity"])] if body else ["–", "–", "–"]
        )
        rows.append([line["colour"], line["size"], line["quantity"], *found])
    return {"columns": [{"en": english, "bn": bangla} for english, bangla in columns], "rows": rows[:500]}


def _measurement(inspection: Inspection, state: State, decision: Decision) -> dict[str, Any]:
    if not inspection.points:
        return {}
    pieces, _unfit = measured_pieces(state=state, points=chart_of(inspection))
    unit = inspection.points[0]["unit"]
    colours = {
        (body["piece_no"], body["size"]): body.get("colour", "") for body in state.values("piece_measured")
    }
    summary = decision.measurement
    return {
        "measurement": {
            "unit": unit,
            "poms": [
                {
                    "code": point["code"],
                    "name_en": point["name_en"],
                    "name_bn": point.get("name_bn") or "",
                    "critical": bool(point.get("critical")),
                    "tol_plus": point["tol_plus"],
                    "tol_minus": point["tol_minus"],
                }
                for point in inspection.points
            ],
            "pieces": [
                _piece(piece, colours.get((piece.piece_no, piece.size), ""), inspection, unit)
                for piece in pieces
            ],
            "measured": summary.points_measured,
            "out_of_tolerance": summary.points_out,
            "pieces_out": summary.pieces_with_any_out,
            "rule": f"Fails above {inspection.rules['points_out_pct_max']} % of points out of tolerance",
        }
    }


def _piece(piece: PieceResult, colour: str, inspection: Inspection, unit: str) -> dict[str, Any]:
    specs = {point["code"]: point["spec"].get(piece.size, "0") for point in inspection.points}
    return {
        "no": piece.piece_no,
        "colour": colour,
        "size": piece.size,
        "values": [
            {
                "pom": code,
                "spec": specs[code],
                "measured": format_measure(found.measured, unit=unit),
                "deviation": _signed(found.measured - parse_measure(specs[code]), unit),
                "out": found.is_out,
            }
            for code, found in piece.evaluations.items()
        ],
    }


def _signed(deviation: Fraction, unit: str) -> str:
    if not deviation:
        return "0"
    return f"{'+' if deviation > 0 else '−'}{format_measure(abs(deviation), unit=unit)}"


def _photos(
    state: State, evidence: Mapping[str, Evidence], names: Mapping[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    shown: dict[str, dict[str, Any]] = {}
    for body in state.values("photo_attached"):
        row = evidence.get(body["sha256"])
        if row is None or row.attachment.sha256 in shown:
            continue
        shown[row.attachment.sha256] = {
            "sha256": row.attachment.sha256,
            "caption_en": body.get("caption_en", ""),
            "caption_bn": body.get("caption_bn", ""),
            "section": body["section"],
            "width": row.attachment.width or 0,
            "height": row.attachment.height or 0,
        }
    for digest, section, english, bangla in _photos_of_findings(state, names):
        row = evidence.get(digest)
        if row is not None:
            shown.setdefault(
                row.attachment.sha256,
                {
                    "sha256": row.attachment.sha256,
                    "caption_en": english[:500],
                    "caption_bn": bangla[:500],
                    "section": section,
                    "width": row.attachment.width or 0,
                    "height": row.attachment.height or 0,
                },
            )
    return list(shown.values())


def _photos_of_findings(
    state: State, names: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """Photos that only a defect or an answered check names: digest, section, captions."""
    for body in state.values("defect_recorded"):
        english, bangla = names.get(body["code"], (body["code"], ""))
        note = f": {body['note']}" if body.get("note") else ""
        for digest in body["photos"]:
            yield (
                digest,
                "workmanship",
                f"{body['code']} {english}{note}",
                f"{body['code']} {bangla}" if bangla else "",
            )
    for body in state.values("check_answered"):
        for digest in body["photos"]:
            yield digest, body["section"], body.get("note", ""), ""


def _stored(digest: str, evidence: Mapping[str, Evidence]) -> str:
    return evidence[digest].attachment.sha256 if digest in evidence else digest


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

"""The record `goldseal.audit-report/1` of one audit: everything its report says, from the answers alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.inspections import audit_selectors
from goldseal.inspections.models import Audit, AuditAnswer, AuditEvidence, AuditSignature
from goldseal.inspections.rules import audit as rules
from goldseal.workspaces.models import Workspace

REASONS_MAX = 40


def audit_record(audit: Audit, workspace: Workspace) -> dict[str, Any]:
    """The whole record, but for the head that the reports room fills in.

    Instants carry the workspace's offset, because they are printed as they stand.
    """
    answers = audit_selectors.answers_of(audit)
    decision = audit_selectors.decision_of(audit, answers)
    evidence = audit_selectors.evidence_of(audit)
    zone = ZoneInfo(workspace.time_zone)
    items = _items(audit, decision, answers, evidence, zone)
    graded = sorted(
        (item for item in items if item["grade"]), key=lambda item: rules.GRADES.index(item["grade"])
    )
    return {
        "schema": "goldseal.audit-report/1",
        "report": {"type": "audit"},
        "workspace": {"name": workspace.name, "address": " ".join(workspace.address.split())[:200]},
        "header": _header(audit, zone),
        "audit": {
            "code": audit.code,
            "checklist": dict(audit.begun_with),
            "pass_at_pct": audit.pass_at_pct,
            **_score(decision.score),
            "grades": {grade: decision.count(grade) for grade in rules.GRADES},
            "sections": [_section(section) for section in decision.sections],
            "findings": [{"no": number, **item} for number, item in enumerate(graded, start=1)],
            "items": items,
            "replaced": len(answers) - len(audit_selectors.newest(answers)),
        },
        "verdict": {"overall": audit.verdict, "reasons": _reasons(audit, decision)},
        "photos": _photos(items, evidence),
        "signatures": [_signature(row, zone) for row in audit_selectors.signatures_of(audit)],
    }


def _header(audit: Audit, zone: ZoneInfo) -> dict[str, Any]:
    place = audit.site or audit.supplier
    head = {
        "about": audit.about,
        "site": audit.site.name if audit.site else "",
        "line": f"{audit.line.code} {audit.line.name}".strip() if audit.line else "",
        "supplier": audit.supplier.name if audit.supplier else "",
        "address": " ".join(place.address.split()) if place else "",
        "auditor": audit.auditor.display_name if audit.auditor else "",
        "auditee": audit.auditee,
        "scope": audit.scope,
        "criteria": audit.criteria,
        "planned_on": audit.planned_on.isoformat(),
        "started_at": _moment(audit.started_at, zone),
        "finished_at": _moment(audit.decided_at, zone),
    }
    return {name: value for name, value in head.items() if value}


def _section(section: rules.SectionFacts) -> dict[str, Any]:
    english, bangla = rules.SECTION_TITLES.get(section.key, (section.key, ""))
    return {
        "key": section.key,
        "title_en": english,
        "title_bn": bangla,
        **_score(section.score),
        "asked": section.asked,
        "answered": section.answered,
        **section.grades,
    }


def _score(score: rules.Score) -> dict[str, Any]:
    """Both counts, and the share as text, as it is to be read; empty where nothing applies."""
    return {"conforming": score.conforming, "applicable": score.applicable, "percent": score.percent}


def _items(
    audit: Audit,
    decision: rules.AuditDecision,
    answers: Sequence[AuditAnswer],
    evidence: Mapping[str, AuditEvidence],
    zone: ZoneInfo,
) -> list[dict[str, Any]]:
    counting = audit_selectors.newest(answers)
    asked = {item["key"]: item for item in audit.checklist}
    return [_item(asked[fact.key], fact, counting.get(fact.key), evidence, zone) for fact in decision.items]


def _item(
    item: Mapping[str, Any],
    fact: rules.ItemFacts,
    row: AuditAnswer | None,
    evidence: Mapping[str, AuditEvidence],
    zone: ZoneInfo,
) -> dict[str, Any]:
    value = row.answer if row else ""
    english = bangla = "" if item["kind"] == "yes_no_na" else value
    for choice in item.get("choices") or () if item["kind"] == "choice" else ():
        if choice["value"] == value:
            english, bangla = choice.get("label_en") or value, choice.get("label_bn") or ""
    stored = (
        evidence[digest].attachment.sha256 for digest in (row.photos if row else ()) if digest in evidence
    )
    return {
        "section": item["section"],
        "label_en": item["label_en"],
        "label_bn": item.get("label_bn") or "",
        "kind": item["kind"],
        "answer": value if item["kind"] == "yes_no_na" and value else None,
        "value_en": english,
        "value_bn": bangla or english,
        "unit": item.get("unit") or "",
        "result": fact.result,
        "grade": fact.grade,
        "note": row.note if row else "",
        "photos": list(dict.fromkeys(stored)),
        "by": row.answered_by.display_name if row and row.answered_by else "",
        "at": _moment(row.answered_at, zone) if row else None,
    }


def _photos(
    items: Iterable[Mapping[str, Any]], evidence: Mapping[str, AuditEvidence]
) -> list[dict[str, Any]]:
    """Every photo once, with the question it answers."""
    files = {row.attachment.sha256: row.attachment for row in evidence.values()}
    shown: dict[str, dict[str, Any]] = {}
    for item in items:
        for digest in item["photos"]:
            shown.setdefault(
                digest,
                {
                    "sha256": digest,
                    "caption_en": item["label_en"],
                    "caption_bn": item["label_bn"],
                    "width": files[digest].width or 0,
                    "height": files[digest].height or 0,
                },
            )
    return list(shown.values())


def _reasons(audit: Audit, decision: rules.AuditDecision) -> list[dict[str, str]]:
    said = [
        (reason.code, *rules.reason_words(reason=reason, items=audit.checklist))
        for reason in decision.reasons[:REASONS_MAX]
    ]
    return [{"code": code[:40], "text_en": en[:500], "text_bn": bn[:500]} for code, en, bn in said]


def _signature(row: AuditSignature, zone: ZoneInfo) -> dict[str, Any]:
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

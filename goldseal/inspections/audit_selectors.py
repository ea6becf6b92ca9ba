"""Reading audits: what was planned, what is answered, and what that amounts to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from goldseal.inspections.models import Audit, AuditAnswer, AuditEvidence, AuditSignature, AuditState
from goldseal.inspections.rules import audit as rules
from goldseal.kit.actors import Actor
from goldseal.kit.errors import NotFound


def listed() -> QuerySet[Audit]:
    """Audits as lists show them, without their questions."""
    return audits().defer("checklist")


def audits() -> QuerySet[Audit]:
    """The open workspace's audits with what they refer to."""
    return Audit.objects.select_related("site", "line", "supplier", "auditor")


def waiting_for(actor: Actor, today: date) -> QuerySet[Audit]:
    """What this person has to audit: theirs or nobody's, due by today or begun."""
    rows = listed().filter(state__in=[AuditState.PLANNED, AuditState.IN_PROGRESS], planned_on__lte=today)
    own = rows.filter(Q(auditor_id=actor.person_id) | Q(auditor__isnull=True))
    return own.order_by("planned_on", "number")


def audit_or_missing(pk: UUID) -> Audit:
    """One audit; NotFound for a foreign and a nonexistent one alike."""
    found = audits().filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def answers_of(audit: Audit) -> list[AuditAnswer]:
    """Every answer ever given, in order, with who gave it."""
    rows = AuditAnswer.objects.filter(audit=audit).select_related("answered_by")
    return list(rows.order_by("number"))


def newest(answers: Iterable[AuditAnswer]) -> dict[str, AuditAnswer]:
    """The answer that counts, by question: of several the one given last."""
    return {row.item: row for row in sorted(answers, key=lambda row: row.number)}


def decision_of(audit: Audit, answers: Iterable[AuditAnswer]) -> rules.AuditDecision:
    """What the answers amount to, judged by the rules."""
    held = {
        key: rules.Answer(row.answer, row.grade, row.note, tuple(row.photos))
        for key, row in newest(answers).items()
    }
    return rules.decide(items=audit.checklist, answers=held, pass_at_pct=audit.pass_at_pct)


def hash_of(audit: Audit, answers: Sequence[AuditAnswer]) -> str:
    """The hash of everything that a signature stands for; who is behind an id is not part of it."""
    facts: dict[str, Any] = {
        "audit": str(audit.pk),
        "number": audit.number,
        "site": str(audit.site_id or ""),
        "line": str(audit.line_id or ""),
        "supplier": str(audit.supplier_id or ""),
        "auditee": audit.auditee,
        "scope": audit.scope,
        "criteria": audit.criteria,
        "planned_on": audit.planned_on.isoformat(),
        "checklist": audit.checklist,
        "pass_at_pct": audit.pass_at_pct,
    }
    rows = [
        {
            "id": str(row.sent_id),
            "number": row.number,
            "item": row.item,
            "answer": row.answer,
            "grade": row.grade,
            "note": row.note,
            "photos": row.photos,
            "at": _utc(row.answered_at),
        }
        for row in answers
    ]
    return rules.content_hash(facts=facts, answers=rows)


def photo_ids(audit: Audit) -> Mapping[str, UUID]:
    """The stored photo of each digest that the answers name."""
    return dict(AuditEvidence.objects.filter(audit=audit).values_list("sha256", "attachment_id"))


def evidence_of(audit: Audit) -> dict[str, AuditEvidence]:
    """The stored photos by digest, with who sent them."""
    rows = AuditEvidence.objects.filter(audit=audit).select_related("attachment__uploaded_by")
    return {row.sha256: row for row in rows}


def signatures_of(audit: Audit) -> list[AuditSignature]:
    """Who signed, in order."""
    return list(
        AuditSignature.objects.filter(audit=audit).select_related("signer").order_by("signed_at", "pk")
    )


def next_number() -> int:
    """The number of the workspace's next audit; call with the workspace's counter locked."""
    last = Audit.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

"""Audits over the API: the same services as the pages."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from goldseal.accounts.models import User
from goldseal.inspections import audit_selectors, audit_services
from goldseal.inspections.api_requests import REFUSALS
from goldseal.inspections.models import Audit, AuditAnswer
from goldseal.inspections.rules.audit import Score
from goldseal.inspections.schemas import Strict
from goldseal.kit.listing import first_rows
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

router = Router(tags=["audits"])
Text = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, StringConstraints(max_length=120, pattern=r"^[^\x00-\x1f]*$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AuditIn(Strict):
    """An audit to be planned: of a site (and one of its lines) or of a supplier."""

    planned_on: date
    site: UUID | None = None
    line: UUID | None = None
    supplier: UUID | None = None
    checklist: UUID | None = None
    auditor: UUID | None = None
    auditee: Line = ""
    scope: Text = ""
    criteria: Text = ""


class AuditFilters(Strict):
    """Which audits a list shows; what is left out does not narrow it."""

    state: Literal["", "planned", "in_progress", "decided", "cancelled"] = ""
    verdict: Literal["", "pass", "fail", "pending"] = ""
    site: UUID | None = None
    supplier: UUID | None = None
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class AnswerIn(Strict):
    """An answer to one question. `id` (made by the caller) lets it be sent again; `photos`: sha256 of files sent before."""

    item: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9_]*$")]
    answer: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    grade: Literal["", "major", "minor", "observation"] = ""
    note: Annotated[str, StringConstraints(max_length=5000, pattern=r"^[^\x00]*$")] = ""
    photos: Annotated[list[Digest], Field(max_length=20)] = Field(default_factory=list)
    id: UUID | None = None


class AuditSignIn(Strict):
    """A signature: needs the person's password every time."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    role: Literal["auditor", "factory_representative", "qa"] = "auditor"
    meaning: Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^[^\x00-\x1f]*$")]
    record_hash: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = Field(
        "", description="Content hash of what the signer was shown; 409 where the record changed since"
    )


class CancelIn(Strict):
    """Why an audit is cancelled."""

    reason: Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^[^\x00]*$")]


class AuditOut(Schema):
    """One audit as lists show it. `score` in per cent as text, empty where nothing applies yet."""

    id: UUID
    code: str
    site: UUID | None
    line: UUID | None
    supplier: UUID | None
    auditor: UUID | None
    auditee: str
    planned_on: date
    state: str
    verdict: str
    conforming: int
    applicable: int
    score: str
    pass_at_pct: int
    content_hash: str
    decided_at: datetime | None


class AnswerOut(Schema):
    """One answer; of several to a question the one with the highest `number` counts."""

    id: UUID
    number: int
    item: str
    answer: str
    grade: str
    note: str
    photos: list[str]
    answered_at: datetime


class ReasonOut(Schema):
    """One reason for the verdict."""

    code: str
    section: str
    verdict: str
    message: str


class AuditDetail(AuditOut):
    """One audit whole: its questions, every answer, and why it stands as it stands."""

    scope: str
    criteria: str
    begun_with: dict[str, Any]
    checklist: list[dict[str, Any]]
    answers: list[AnswerOut]
    is_complete: bool
    reasons: list[ReasonOut]


class AuditPage(Schema):
    """A page of audits; `next` is the mark to ask for the following one with."""

    items: list[AuditOut]
    next: str


class AuditSignatureOut(Schema):
    """A signature under an audit."""

    id: UUID
    role: str
    printed_name: str
    meaning: str
    record_hash: str
    statement_hash: str
    signed_at: datetime


@router.get("/audits", response={200: AuditPage, **REFUSALS}, operation_id="list_audits")
def list_audits(request: HttpRequest, wanted: Query[AuditFilters]) -> Any:
    """The workspace's audits, newest first; `next` of one page is `after` of the following."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view_audits")
    named = {
        "state": wanted.state,
        "verdict": wanted.verdict,
        "site_id": wanted.site,
        "supplier_id": wanted.supplier,
    }
    rows = audit_selectors.listed().filter(**{name: value for name, value in named.items() if value})
    rows = rows.order_by("-pk")
    if wanted.after:
        rows = rows.filter(pk__lt=wanted.after)
    found = first_rows(rows, wanted.limit + 1)
    following = str(found[wanted.limit - 1].pk) if len(found) > wanted.limit else ""
    return {"items": [_brief(row) for row in found[: wanted.limit]], "next": following}


@router.post("/audits", response={201: AuditDetail, **REFUSALS}, operation_id="plan_audit")
def plan(request: HttpRequest, body: AuditIn) -> Any:
    """Plan an audit; its questions are copied from the checklist as it is now."""
    actor, now = visit(request)
    asked = audit_services.AuditPlan(
        planned_on=body.planned_on,
        site_id=body.site,
        line_id=body.line,
        supplier_id=body.supplier,
        checklist_id=body.checklist,
        auditor_id=body.auditor,
        auditee=body.auditee,
        scope=body.scope,
        criteria=body.criteria,
    )
    return Status(201, _detail(audit_services.plan_audit(plan=asked, actor=actor, now=now)))


@router.get("/audits/{pk}", response={200: AuditDetail, **REFUSALS}, operation_id="get_audit")
def get(request: HttpRequest, pk: UUID) -> Any:
    """One audit with its questions, every answer and the score so far."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view_audits")
    return _detail(audit_selectors.audit_or_missing(pk))


@router.post("/audits/{pk}/answers", response={201: AnswerOut, **REFUSALS}, operation_id="answer_audit")
def answer(request: HttpRequest, pk: UUID, body: AnswerIn) -> Any:
    """Answer a question; a later answer to the same question counts instead, earlier ones stay."""
    actor, now = visit(request)
    row = audit_services.record_answer(
        audit_id=pk,
        item=body.item,
        answer=body.answer,
        grade=body.grade,
        note=body.note,
        photos=body.photos,
        sent_id=body.id,
        actor=actor,
        now=now,
    )
    return Status(201, _answer(row))


@router.post("/audits/{pk}/sign", response={201: AuditSignatureOut, **REFUSALS}, operation_id="sign_audit")
def sign(request: HttpRequest, pk: UUID, body: AuditSignIn) -> Any:
    """Sign the audit as it stands, as oneself."""
    actor, now = visit(request)
    signer = User.objects.get(pk=actor.person_id or "")
    made = audit_services.sign_audit(
        audit_id=pk,
        signer=signer,
        password=body.password,
        role=body.role,
        meaning=body.meaning,
        seen=body.record_hash,
        actor=actor,
        now=now,
    )
    return Status(201, made)


@router.post("/audits/{pk}/submit", response={200: AuditDetail, **REFUSALS}, operation_id="submit_audit")
def submit(request: HttpRequest, pk: UUID) -> Any:
    """Submit the signed audit; its verdict is fixed."""
    actor, now = visit(request)
    audit_services.decide_audit(audit_id=pk, actor=actor, now=now)
    return _detail(audit_selectors.audit_or_missing(pk))


@router.post("/audits/{pk}/cancel", response={200: AuditDetail, **REFUSALS}, operation_id="cancel_audit")
def cancel(request: HttpRequest, pk: UUID, body: CancelIn) -> Any:
    """Cancel an audit that is not decided yet."""
    actor, now = visit(request)
    audit_services.cancel_audit(audit_id=pk, reason=body.reason, actor=actor, now=now)
    return _detail(audit_selectors.audit_or_missing(pk))


def _brief(row: Audit) -> dict[str, Any]:
    kept = ("code", "auditee", "planned_on", "state", "verdict", "conforming", "applicable", "pass_at_pct")
    return {
        "id": row.pk,
        "site": row.site_id,
        "line": row.line_id,
        "supplier": row.supplier_id,
        "auditor": row.auditor_id,
        "score": Score(row.conforming, row.applicable).percent,
        "content_hash": row.content_hash,
        "decided_at": row.decided_at,
        **{name: getattr(row, name) for name in kept},
    }


def _answer(row: AuditAnswer) -> dict[str, Any]:
    kept = ("number", "item", "answer", "grade", "note", "photos", "answered_at")
    return {"id": row.sent_id, **{name: getattr(row, name) for name in kept}}


def _detail(row: Audit) -> dict[str, Any]:
    answers = audit_selectors.answers_of(row)
    decision = audit_selectors.decision_of(row, answers)
    whole = ("scope", "criteria", "begun_with", "checklist")
    return {
        **_brief(row),
        **{name: getattr(row, name) for name in whole},
        "answers": [_answer(one) for one in answers],
        "is_complete": decision.is_complete,
        "reasons": [
            {
                "code": one.code,
                "section": one.section,
                "verdict": one.verdict,
                "message": one.message,
            }
            for one in decision.reasons
        ],
    }

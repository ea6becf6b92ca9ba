"""Answering, signing and deciding audits; the pages, the API and the demo all come through here."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.accounts.services import prove_identity
from goldseal.files.models import Attachment
from goldseal.inspections import audit_selectors
from goldseal.inspections.audit_plan_services import AuditPlan, plan_audit
from goldseal.inspections.events import audit_decided
from goldseal.inspections.models import Audit, AuditAnswer, AuditEvidence, AuditSignature, AuditState
from goldseal.inspections.rules import audit as rules
from goldseal.inspections.rules.signing import statement_hash
from goldseal.inspections.snapshots import refuse_documents, refuse_unseen
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.ids import new_id
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

__all__ = [
    "AuditPlan",
    "cancel_audit",
    "decide_audit",
    "findings_of",
    "plan_audit",
    "record_answer",
    "sign_and_submit",
    "sign_audit",
]
ROLES = ("auditor", "factory_representative", "qa")
ANSWER_MAX, NOTE_MAX, PHOTOS_MAX = 2000, 5000, 20
OPEN_NAMED = 5
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PROBLEMS: Mapping[str, Words] = {
    "answer_missing": _("Answer the question first."),
    "not_offered": _("Choose one of the answers."),
    "unreadable": _("Write a number such as 12 or 12.5."),
    "grade_missing": _("Say how grave it is: major, minor or observation."),
    "grade_too_grave": _("An answer that conforms can carry an observation only."),
    "grade_unknown": _("Choose major, minor or observation."),
    "note_missing": _("Write what was found, in at least 3 letters."),
}


def cancel_audit(*, audit_id: UUID, reason: str, actor: Actor, now: datetime) -> Audit:
    """Cancel an audit that is not decided yet; what was recorded stays."""
    authorize(actor, "inspections.plan")
    if not 3 <= len(reason.strip()) <= 300:
        raise Invalid(fields={"reason": _("Say why in a few words.")})
    with recorded_change():
        audit = _locked_open(audit_id)
        audit.state = AuditState.CANCELLED
        audit.save(update_fields=["state"])
        payload = {"code": audit.code, "reason": reason.strip()}
        record(event="audit.cancelled", actor=actor, now=now, obj=audit, payload=payload)
    return audit


def record_answer(
    *,
    audit_id: UUID,
    item: str,
    answer: str = "",
    grade: str = "",
    note: str = "",
    photos: Sequence[str] = (),
    sent_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> AuditAnswer:
    """Add an answer to a question; it counts from now on, earlier ones stay readable.

    `answer` is text: yes, no or na, a number, one of the choices, words. A wrong answer needs its `grade` and a
    `note`. `photos`: sha256 digests of files received before. The same `sent_id` with the same content is a repeat
    and adds nothing. Raises Invalid naming the field, Conflict once decided, NotFound, Forbidden.
    """
    authorize(actor, "inspections.record")
    audit_selectors.audit_or_missing(audit_id)
    given = rules.Answer(answer.strip(), grade, note.strip(), tuple(dict.fromkeys(photos)))
    with recorded_change():
        audit = _locked_open(audit_id)
        question = next((one for one in audit.checklist if one["key"] == item), None)
        if question is None:
            raise Invalid(fields={"item": _("This audit has no such question.")})
        _check_answer(question, given)
        rows = audit_selectors.answers_of(audit)
        repeat = next((row for row in rows if row.sent_id == sent_id), None)
        if repeat is not None:
            if (repeat.item, _of(repeat)) != (item, given):
                raise Conflict(_("This form was sent before with other content. Reload the page."))
            return repeat
        _link_photos(audit, given.photos)
        row = AuditAnswer(
            workspace_id=audit.workspace_id,
            audit=audit,
            sent_id=sent_id or new_id(),
            number=len(rows) + 1,
            item=item,
            answer=given.value,
            grade=given.grade,
            note=given.note,
            photos=list(given.photos),
            answered_by_id=actor.person_id,
            answered_at=now,
        )
        row.save(force_insert=True)
        _refresh(audit, [*rows, row])
        if audit.state == AuditState.PLANNED:
            audit.state, audit.started_at = AuditState.IN_PROGRESS, now
        audit.save(
            update_fields=["state", "started_at", "verdict", "conforming", "applicable", "content_hash"]
        )
        payload = {"code": audit.code, "number": audit.checklist.index(question) + 1, "item": item}
        record(event="audit.answered", actor=actor, now=now, obj=audit, payload=payload)
    return row


def sign_audit(
    *,
    audit_id: UUID,
    signer: User,
    password: str,
    role: str,
    meaning: str,
    seen: str = "",
    actor: Actor,
    now: datetime,
) -> AuditSignature:
    """Sign what is recorded so far, as oneself, after proving it (K31, PROMISES §5).

    Bound to the hash of the audit's content: what is answered afterwards makes the signature stale. `role`: auditor
    (whoever is named as such, or somebody who may countersign), factory_representative or qa. `seen`: the hash of
    what the signer was shown; Conflict where the record is another one by now.
    """
    authorize(actor, "inspections.sign")
    if role not in ROLES:
        raise Invalid(fields={"role": _("Choose one from the list.")})
    if role != "auditor":
        authorize(actor, "inspections.countersign")
    if signer.pk != actor.person_id or actor.grant_id is not None:
        raise Forbidden(_("One can sign only as oneself."))
    audit_selectors.audit_or_missing(audit_id)
    words = meaning.strip()
    if not 3 <= len(words) <= 300:
        raise Invalid(fields={"meaning": _("Write what your signature means, in a few words.")})
    method = prove_identity(user=signer, password=password, signed_in_at=actor.signed_in_at, now=now)
    with recorded_change():
        audit = _locked_open(audit_id)
        if role == "auditor" and audit.auditor_id not in (None, signer.pk):
            authorize(actor, "inspections.countersign")
        refuse_unseen(seen, audit.content_hash)
        signed = statement_hash(
            inspection_id=str(audit.pk),
            signer_id=str(signer.pk),
            printed_name=signer.display_name,
            role=role,
            meaning=words,
            record_hash=audit.content_hash,
            signed_at=now,
            method=method,
        )
        signature = AuditSignature.objects.create(
            audit=audit,
            signer=signer,
            role=role,
            printed_name=signer.display_name,
            meaning=words,
            record_hash=audit.content_hash,
            statement_hash=signed,
            method=method,
            signed_at=now,
        )
        payload = {"code": audit.code, "role": role, "meaning": words}
        payload |= {"record_hash": audit.content_hash, "statement_hash": signed}
        record(event="audit.signed", actor=actor, now=now, obj=audit, payload=payload)
    return signature


def decide_audit(*, audit_id: UUID, actor: Actor, now: datetime) -> Audit:
    """Submit the audit as it stands and fix its verdict. Conflict while something is open or nobody signed as auditor."""
    authorize(actor, "inspections.sign")
    audit_selectors.audit_or_missing(audit_id)
    with recorded_change():
        audit = _locked_open(audit_id)
        answers = audit_selectors.answers_of(audit)
        decision = _refresh(audit, answers)
        if not decision.is_complete:
            raise Conflict(_still_open(decision))
        if not AuditSignature.objects.filter(
            audit=audit, role="auditor", record_hash=audit.content_hash
        ).exists():
            raise Conflict(_("Sign the record as it stands before submitting it."))
        audit.state, audit.decided_at = AuditState.DECIDED, now
        audit.save(update_fields=["state", "decided_at", "verdict", "conforming", "applicable"])
        payload = {"code": audit.code, "verdict": audit.verdict, "content_hash": audit.content_hash}
        record(event="audit.decided", actor=actor, now=now, obj=audit, payload=payload)
        facts = {
            "audit_id": audit.pk,
            "workspace_id": audit.workspace_id,
            "verdict": audit.verdict,
            "now": now,
        }
        transaction.on_commit(lambda: audit_decided.send(sender=Audit, **facts))
    return audit


def sign_and_submit(
    *,
    audit_id: UUID,
    signer: User,
    password: str,
    role: str,
    meaning: str,
    seen: str = "",
    actor: Actor,
    now: datetime,
) -> Audit:
    """Sign the record as it stands and submit it: either both are done or neither."""
    with recorded_change():
        sign_audit(
            audit_id=audit_id,
            signer=signer,
            password=password,
            role=role,
            meaning=meaning,
            seen=seen,
            actor=actor,
            now=now,
        )
        return decide_audit(audit_id=audit_id, actor=actor, now=now)


def _locked_open(audit_id: UUID) -> Audit:
    """The audit, locked until the transaction ends; Conflict where it is decided or cancelled."""
    audit = audit_selectors.audits().select_for_update(of=("self",)).filter(pk=audit_id).first()
    if audit is None:
        raise NotFound
    if not audit.is_open:
        state = audit.get_state_display().lower()
        raise Conflict(_("This audit is %(state)s already.") % {"state": state})
    return audit


def _check_answer(question: Mapping[str, Any], given: rules.Answer) -> None:
    problems: dict[str, Words] = {
        name: _PROBLEMS[code] for name, code in rules.answer_problems(item=question, answer=given).items()
    }
    if len(given.value) > ANSWER_MAX:
        problems["answer"] = _("At most %(most)s letters.") % {"most": ANSWER_MAX}
    if len(given.note) > NOTE_MAX:
        problems["note"] = _("At most %(most)s letters.") % {"most": NOTE_MAX}
    if len(given.photos) > PHOTOS_MAX or not all(_DIGEST.fullmatch(digest) for digest in given.photos):
        problems["photos"] = _("At most 20 photos, each by its sha256.")
    if problems:
        raise Invalid(fields=problems)


def findings_of(audit: Audit) -> dict[str, AuditAnswer]:
    """The answers that carry a grade, by question: the last one given to a question that is still asked."""
    rows = audit_selectors.answers_of(audit)
    asked = {fact.key for fact in audit_selectors.decision_of(audit, rows).items}
    newest = {row.item: row for row in rows if row.item in asked}
    return {item: row for item, row in newest.items() if row.grade}


def _of(row: AuditAnswer) -> rules.Answer:
    return rules.Answer(row.answer, row.grade, row.note, tuple(row.photos))


def _refresh(audit: Audit, answers: Sequence[AuditAnswer]) -> rules.AuditDecision:
    decision = audit_selectors.decision_of(audit, answers)
    audit.verdict = decision.verdict
    audit.conforming, audit.applicable = decision.score.conforming, decision.score.applicable
    audit.content_hash = audit_selectors.hash_of(audit, answers)
    return decision


def _still_open(decision: rules.AuditDecision) -> Words:
    waiting = [reason.message for reason in decision.reasons if reason.verdict == "pending"]
    named = "; ".join(waiting[:OPEN_NAMED]) + (" …" if len(waiting) > OPEN_NAMED else "")
    return _("Still open (%(count)s): %(named)s") % {"count": len(waiting), "named": named}


def _link_photos(audit: Audit, digests: Sequence[str]) -> None:
    """Every photo an answer names must be a stored file of this workspace: bytes first, record last."""
    known = set(
        AuditEvidence.objects.filter(audit=audit, sha256__in=digests).values_list("sha256", flat=True)
    )
    wanted = [digest for digest in digests if digest not in known]
    if not wanted:
        return
    rows = Attachment.objects.filter(Q(sha256__in=wanted) | Q(original_sha256__in=wanted))
    refuse_documents(rows)
    found = {digest: row for row in rows for digest in (row.sha256, row.original_sha256) if digest in wanted}
    absent = [digest[:12] for digest in wanted if digest not in found]
    if absent:
        words = _("These photos have not been received yet: %(digests)s. Send them first.")
        raise Invalid(fields={"photos": words % {"digests": ", ".join(absent)}})
    AuditEvidence.objects.bulk_create(
        [
            AuditEvidence(workspace_id=audit.workspace_id, audit=audit, attachment=row, sha256=digest)
            for digest, row in found.items()
        ]
    )

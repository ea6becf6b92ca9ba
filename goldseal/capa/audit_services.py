"""Nonconformities from audits: of a decided audit each major finding opens one by itself, any other by hand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.capa.choices import Purpose, Source
from goldseal.capa.models import Nonconformity, Proof
from goldseal.capa.numbering_services import next_number
from goldseal.capa.opening_services import PHOTOS_TAKEN_OVER, SERIES
from goldseal.capa.selectors import open_workspace, settings_in_force, today_at
from goldseal.capa.writing_services import facts
from goldseal.catalog.choices import Severity, in_language
from goldseal.inspections.audit_services import findings_of
from goldseal.inspections.models import Audit, AuditAnswer, AuditEvidence, AuditState, FindingGrade
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, NotFound
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

SEVERITIES: Mapping[str, str] = {FindingGrade.MAJOR: Severity.MAJOR}  # every other finding is a minor one


def open_from_audit(*, audit_id: UUID, actor: Actor, now: datetime) -> list[Nonconformity]:
    """Open what a decided audit asks for: one nonconformity for each major finding, as the settings say.

    The setting is that of failed inspections. May be repeated: a finding opens at most one.
    """
    authorize(actor, "capa.work")
    if not settings_in_force().opens_on_fail:
        return []
    with recorded_change():
        audit = _locked(audit_id)
        if audit.state != AuditState.DECIDED:
            return []
        major = [row for row in findings_of(audit).values() if row.grade == FindingGrade.MAJOR]
        return [_opened(audit, row, actor, now) for row in major if _known(audit, row.item) is None]


def open_about_finding(*, audit_id: UUID, item: str, actor: Actor, now: datetime) -> Nonconformity:
    """Open a nonconformity about one finding because a person wants one; the one it has, if there is one.

    Conflict while the audit is not decided, NotFound for a question without a finding.
    """
    authorize(actor, "capa.work")
    with recorded_change():
        audit = _locked(audit_id)
        if audit.state != AuditState.DECIDED:
            raise Conflict(_("Sign and submit the audit first."))
        found = _known(audit, item)
        if found is not None:
            return found
        row = findings_of(audit).get(item)
        if row is None:
            raise NotFound
        return _opened(audit, row, actor, now)


def _locked(audit_id: UUID) -> Audit:
    """Locked, so that two people who ask at once open one."""
    rows = Audit.objects.select_related("site", "line", "supplier").select_for_update(of=("self",))
    audit = rows.filter(pk=audit_id).first()
    if audit is None:
        raise NotFound
    return audit


def _origin(audit: Audit, item: str) -> str:
    return f"audit:{audit.pk.hex}:{item}"


def _known(audit: Audit, item: str) -> Nonconformity | None:
    return Nonconformity.objects.filter(origin=_origin(audit, item)).first()


def _opened(audit: Audit, row: AuditAnswer, actor: Actor, now: datetime) -> Nonconformity:
    settings, workspace = settings_in_force(), open_workspace()
    question: Mapping[str, Any] = next(
        (one for one in audit.checklist if one["key"] == row.item), {"label_en": row.item, "label_bn": ""}
    )
    label = in_language(question["label_en"], question.get("label_bn") or "")
    case = Nonconformity.objects.create(
        number=next_number(series=SERIES, now=now),
        source=Source.AUDIT,
        origin=_origin(audit, row.item),
        severity=SEVERITIES.get(row.grade, Severity.MINOR),
        title=f"{audit.code} · {label}"[:160],
        problem=row.note[:4000],
        place=audit.about[:200],
        found_on=today_at(workspace, audit.decided_at or now),
        site=audit.site,
        line=audit.line,
        supplier=audit.supplier,
        opened_by_id=actor.person_id,
        opened_at=now,
        due_on=today_at(workspace, now) + timedelta(days=settings.due_days),
        currency=settings.currency,
    )
    evidence = AuditEvidence.objects.filter(audit=audit, sha256__in=row.photos)[:PHOTOS_TAKEN_OVER]
    Proof.objects.bulk_create(
        [
            Proof(
                workspace_id=case.workspace_id,
                nonconformity=case,
                attachment_id=one.attachment_id,
                purpose=Purpose.FOUND,
                at=now,
            )
            for one in evidence
        ]
    )
    payload = facts(case, title=case.title, source=case.source)
    record(event="nonconformity.opened", actor=actor, now=now, obj=case, payload=payload)
    return case

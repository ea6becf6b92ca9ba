"""Planning an audit: what is audited, by whom, by which checklist, copied as it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.catalog.models import ChecklistTemplate, Line, Site, Supplier
from goldseal.catalog.selectors import audit_checklists
from goldseal.inspections import audit_selectors
from goldseal.inspections.models import Audit
from goldseal.inspections.plan_services import lock_numbers, refuse_odd_day
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import members

TEXT_MAX, NAME_MAX = 1000, 120


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """What a person chooses: a site (and one of its lines) or a supplier, when, who audits, and by which checklist.

    Without `checklist_id` the workspace's own checklist for audits is taken, else the starter pack's.
    """

    planned_on: date
    site_id: UUID | None = None
    line_id: UUID | None = None
    supplier_id: UUID | None = None
    checklist_id: UUID | None = None
    auditor_id: UUID | None = None
    auditee: str = ""
    scope: str = ""
    criteria: str = ""


def plan_audit(*, plan: AuditPlan, actor: Actor, now: datetime) -> Audit:
    """Plan an audit and copy its questions, so that later versions of the checklist do not touch it.

    Raises Invalid naming the field, Forbidden.
    """
    authorize(actor, "inspections.plan")
    refuse_odd_day(plan.planned_on)
    problems: dict[str, Words] = {}
    site, line, supplier = _subject(plan, problems)
    template = _checklist(plan, problems)
    auditor = _auditor(plan, problems)
    for name, most in (("auditee", NAME_MAX), ("scope", TEXT_MAX), ("criteria", TEXT_MAX)):
        if len(getattr(plan, name).strip()) > most:
            problems[name] = _("At most %(most)s letters.") % {"most": most}
    if problems or template is None or template.pass_at_pct is None:
        raise Invalid(fields=problems)
    with recorded_change():
        lock_numbers(actor)
        audit = Audit.objects.create(
            number=audit_selectors.next_number(),
            site=site,
            line=line,
            supplier=supplier,
            auditor=auditor,
            auditee=plan.auditee.strip(),
            scope=plan.scope.strip(),
            criteria=plan.criteria.strip(),
            planned_on=plan.planned_on,
            checklist=template.items,
            begun_with={name: getattr(template, name) for name in ("code", "version", "name_en", "name_bn")},
            pass_at_pct=template.pass_at_pct,
            created_at=now,
        )
        audit.content_hash = audit_selectors.hash_of(audit, [])
        audit.save(update_fields=["content_hash"])
        record(
            event="audit.planned",
            actor=actor,
            now=now,
            obj=audit,
            payload={"code": audit.code, "about": audit.about},
        )
    return audit


def _subject(plan: AuditPlan, problems: dict[str, Words]) -> tuple[Site | None, Line | None, Supplier | None]:
    site = _chosen(Site, plan.site_id, "site", problems)
    supplier = _chosen(Supplier, plan.supplier_id, "supplier", problems)
    line = _chosen(Line, plan.line_id, "line", problems)
    if line is not None and not plan.site_id:
        site = line.site
    if plan.supplier_id and (plan.site_id or plan.line_id):
        problems["supplier"] = _("An audit is about a site or about a supplier. Plan two audits for both.")
    elif not problems and site is None and supplier is None:
        problems["site"] = _("Choose what is audited: a site or a supplier.")
    elif line is not None and site is not None and line.site_id != site.pk:
        problems["line"] = _("This line belongs to another site.")
    return site, line, supplier


def _chosen(model: Any, pk: UUID | None, name: str, problems: dict[str, Words]) -> Any:
    row = model.objects.filter(pk=pk, is_active=True).first() if pk else None
    if pk and row is None:
        problems[name] = _("Choose one from the list.")
    return row


def _checklist(plan: AuditPlan, problems: dict[str, Words]) -> ChecklistTemplate | None:
    rows = audit_checklists()
    row = rows.filter(pk=plan.checklist_id).first() if plan.checklist_id else rows.first()
    if row is None:
        problems["checklist"] = (
            _("Choose one from the list.")
            if plan.checklist_id
            else _("There is no checklist for audits yet. Load the starter pack, or write one.")
        )
    return row


def _auditor(plan: AuditPlan, problems: dict[str, Words]) -> User | None:
    if plan.auditor_id is None:
        return None
    member = members().filter(user_id=plan.auditor_id, is_active=True).first()
    if member is None:
        problems["auditor"] = _("Choose somebody who belongs to the workspace.")
    return member.user if member else None

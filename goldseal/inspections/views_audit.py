"""Audits: the list, planning one, and its page, which reads like its report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.catalog.models import Site, Supplier
from goldseal.inspections import audit_selectors, audit_services
from goldseal.inspections.audit_models import AuditVerdict
from goldseal.inspections.audit_reports import AUDIT
from goldseal.inspections.audit_services import AuditPlan
from goldseal.inspections.forms import CancelForm, ReportForm
from goldseal.inspections.forms_audit import PlanAuditForm
from goldseal.inspections.models import Audit, AuditState
from goldseal.inspections.rules.audit import Score
from goldseal.inspections.views_audit_shown import grades_of, place, reasons_of, shown
from goldseal.inspections.views_shown import history_of
from goldseal.inspections.views_tiles import zone_of
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.forming import submitted
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.templatetags.goldseal import verdict
from goldseal.kit.visits import visit
from goldseal.kit.wording import day_in_words, in_digits_of_page
from goldseal.reports.sealing_services import request_report
from goldseal.reports.selectors import report_about
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

SUBJECTS = 300


@require_GET
def audit_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every audit, the newest first."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view_audits")
    may_plan = actor.may("inspections.plan")
    sites = [(str(row.pk), row.name) for row in Site.objects.order_by("name")[:SUBJECTS]]
    suppliers = [(str(row.pk), row.name) for row in Supplier.objects.order_by("name")[:SUBJECTS]]
    listing = Listing(
        request,
        audit_selectors.listed(),
        [
            Column("number", _("Audit"), lambda a: a.code, sort="number"),
            Column("about", _("What is audited"), lambda a: a.about),
            Column(
                "verdict",
                _("Verdict"),
                lambda a: verdict(a.verdict),
                sort="verdict",
                plain=lambda a: a.get_verdict_display(),
            ),
            Column("score", _("Score"), _score, css="end", plain=_percent),
            Column("state", _("Status"), _state, sort="state", plain=lambda a: a.get_state_display()),
            Column(
                "planned",
                _("Planned for"),
                lambda a: day_in_words(a.planned_on),
                sort="planned_on",
                plain=lambda a: a.planned_on.isoformat(),
            ),
            Column(
                "auditor", pgettext("audit", "Auditor"), lambda a: a.auditor.display_name if a.auditor else ""
            ),
        ],
        search=_words_match,
        filters=[
            Filter("state", _("Status"), AuditState.choices, "state"),
            Filter("verdict", _("Verdict"), AuditVerdict.choices, "verdict"),
            Filter("site", _("Site"), sites, "site_id"),
            Filter("supplier", _("Supplier"), suppliers, "supplier_id"),
        ],
        default_sort="-number",
        link=lambda a: place(request, f"{a.pk}/"),
        empty_icon="list-check",
        empty_title=_("No audit yet"),
        empty_text=_("Plan the first one: choose a site or a supplier and a checklist."),
    )
    checklists = f"{workspace_of(request).get_absolute_url()}catalog/checklists/audits/"
    actions = [{"url": checklists, "icon": "list-details", "label": _("Checklists")}]
    if may_plan:
        actions.insert(0, {"url": place(request, "new/"), "icon": "plus", "label": _("Plan an audit")})
    return listing.spreadsheet("audits") or render(
        request, "kit/list_page.html", {"heading": _("Audits"), "listing": listing, "actions": actions}
    )


@require_http_methods(["GET", "POST"])
def new_audit(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan an audit (`?site=` or `?supplier=` chooses beforehand)."""
    actor, now = visit(request)
    authorize(actor, "inspections.plan")
    chosen = {name: request.GET.get(name, "")[:40] for name in ("site", "supplier")}
    today = now.astimezone(zone_of(request)).date()
    form = PlanAuditForm(request.POST or None, initial={**chosen, "planned_on": today})

    def act(values: dict[str, Any]) -> Audit:
        ids = ("site", "line", "supplier", "checklist", "auditor")
        plan = AuditPlan(
            planned_on=values["planned_on"],
            auditee=values["auditee"],
            scope=values["scope"],
            criteria=values["criteria"],
            **{f"{name}_id": form.chosen_id(name) for name in ids},
        )
        return audit_services.plan_audit(plan=plan, actor=actor, now=now)

    if request.method == "POST":
        made = submitted(form, act)
        if made is not None:
            messages.success(request, _("%(code)s is planned.") % {"code": made.code})
            return redirect(place(request, f"{made.pk}/"))
    context = {
        "heading": _("Plan an audit"),
        "form": form,
        "back_url": place(request),
        "back_label": _("Audits"),
        "submit_label": _("Plan the audit"),
    }
    return render(request, "inspections/audit_plan.html", context, status=422 if form.errors else 200)


@require_GET
def audit_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Verdict on top with score and reasons, then findings, answers, signatures, history."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view_audits")
    return _page(request, audit_selectors.audit_or_missing(pk))


def _page(
    request: HttpRequest, audit: Audit, *, cancelling: CancelForm | None = None, status: int = 200
) -> HttpResponse:
    actor, _now = visit(request)
    seen = shown(audit)
    is_decided = audit.state == AuditState.DECIDED
    report = report_about(AUDIT, audit.pk) if actor.may("reports.view") else None
    base = workspace_of(request).get_absolute_url()
    context = {
        "audit": audit,
        "base": place(request),
        "url": place(request, f"{audit.pk}/"),
        "seen": seen,
        "is_decided": is_decided,
        "grades": grades_of(seen.decision),
        "reasons": reasons_of(seen),
        "may_record": actor.may("inspections.record") and audit.is_open,
        "may_sign": actor.may("inspections.sign") and audit.is_open,
        "cancelling": (cancelling or CancelForm())
        if actor.may("inspections.plan") and audit.is_open
        else None,
        "case_url": f"{base}capa/about/audit/{audit.pk}/" if is_decided and actor.may("capa.work") else "",
        "report": report,
        "reporting": ReportForm() if is_decided and report is None and actor.may("reports.seal") else None,
        "signatures": [
            {"row": row, "is_current": row.record_hash == audit.content_hash}
            for row in audit_selectors.signatures_of(audit)
        ],
        "history": history_of(actor, audit, but=frozenset(["audit.answered"])),
    }
    return render(request, "inspections/audit.html", context, status=status)


@require_POST
def cancel_audit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Cancel the audit, saying why."""
    actor, now = visit(request)
    authorize(actor, "inspections.plan")
    audit = audit_selectors.audit_or_missing(pk)
    form = CancelForm(request.POST)

    def act(values: dict[str, Any]) -> Audit:
        return audit_services.cancel_audit(audit_id=pk, reason=values["reason"], actor=actor, now=now)

    if submitted(form, act) is None:
        return _page(request, audit, cancelling=form, status=422)
    messages.success(request, _("The audit is cancelled. What was recorded stays."))
    return redirect(place(request, f"{pk}/"))


@require_POST
def make_report(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Ask for the sealed report of a decided audit."""
    actor, now = visit(request)
    authorize(actor, "reports.seal")
    audit_selectors.audit_or_missing(pk)
    try:
        version = request_report(
            kind=AUDIT,
            subject_id=pk,
            language=request.POST.get("language", "")[:10],
            actor=actor,
            now=now,
        )
    except (Conflict, Invalid) as problem:
        messages.error(request, str(next(iter(problem.fields.values()), problem.message)))
        return redirect(place(request, f"{pk}/"))
    return redirect(f"{workspace_of(request).get_absolute_url()}reports/{version.report_id}/")


def _state(row: Audit) -> SafeString:
    return format_html('<span class="state state-{}">{}</span>', row.state, row.get_state_display())


def _percent(row: Audit) -> str:
    return Score(row.conforming, row.applicable).percent


def _score(row: Audit) -> str:
    percent = _percent(row)
    return in_digits_of_page(f"{percent} %") if percent else "–"


def _words_match(text: str) -> Q:
    """Audits of a site, line or supplier with these words in its name, or with this number (AUD-0012 or 12)."""
    found = Q()
    for word in text.replace("\x00", "").split()[:5]:
        number = word.upper().removeprefix("AUD-")
        own = (
            Q(site__name__icontains=word) | Q(line__name__icontains=word) | Q(supplier__name__icontains=word)
        )
        if number.isdecimal() and len(number) < 9:
            own |= Q(number=int(number))
        found &= own
    return found

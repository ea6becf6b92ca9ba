"""One inspection's page, which reads like its report, and the buttons on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goldseal.catalog.choices import in_language
from goldseal.catalog.models import Method
from goldseal.inspections import page_selectors, selectors, services
from goldseal.inspections.deciding import decision_of
from goldseal.inspections.forms import AssignForm, CancelForm, ReportForm
from goldseal.inspections.models import Inspection, InspectionState, SwitchingType, Verdict
from goldseal.inspections.reports import KIND
from goldseal.inspections.rules.metrics import defective_percent, dhu, rounded
from goldseal.inspections.rules.reasons import switching_in_bangla
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.snapshots import IMPORTED, state_of
from goldseal.inspections.views_methods import SHOWN
from goldseal.inspections.views_shown import (
    ShownDefect,
    bars_of,
    check_labels,
    defects_of,
    figures_of,
    history_of,
    measured_of,
    pace_of,
    photos_of,
    place,
    reason_words,
    reasons_of,
    title_of,
)
from goldseal.inspections.views_taken_back import taken_back
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.visits import visit
from goldseal.kit.wording import in_digits_of_page
from goldseal.reports.sealing_services import request_report
from goldseal.reports.selectors import report_about
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

OPEN = (InspectionState.PLANNED, InspectionState.IN_PROGRESS)


@require_GET
def inspection_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Verdict on top with its reasons, counts, plan, sections, findings, photos, signatures, history."""
    actor, _now = visit(request)
    authorize(actor, "inspections.view")
    inspection = selectors.inspection_or_missing(pk)
    return _page(request, inspection)


def _page(
    request: HttpRequest,
    inspection: Inspection,
    *,
    assigning: AssignForm | None = None,
    cancelling: CancelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, _now = visit(request)
    state = state_of(inspection, selectors.events_of(inspection))
    decision = decision_of(inspection, state)
    taken_over = inspection.header.get(IMPORTED)
    is_sampled = inspection.method == Method.AQL and taken_over is None
    photos = page_selectors.photo_ids(inspection)
    defects = defects_of(state, photos)
    base = place(request)
    is_open = inspection.state in OPEN
    may_plan = actor.may("inspections.plan") and is_open
    signatures = list(selectors.signatures_of(inspection))
    has_record = inspection.state == InspectionState.DECIDED and taken_over is None
    if may_plan and assigning is None:
        assigning = AssignForm(initial={"inspector": str(inspection.inspector_id or "")})
    report = report_about(KIND, inspection.pk) if actor.may("reports.view") else None
    context = {
        "inspection": inspection,
        "base": base,
        "url": f"{base}{inspection.pk}/",
        "is_open": is_open,
        "is_decided": inspection.state == InspectionState.DECIDED,
        "may_record": actor.may("inspections.record") and is_open,
        "may_sign": actor.may("inspections.sign") and is_open,
        "may_add": actor.may("inspections.record") and has_record,
        "taken_over": taken_over,
        "assigning": assigning if may_plan else None,
        "cancelling": (cancelling or CancelForm()) if may_plan else None,
        "report": report,
        "reporting": ReportForm() if has_record and report is None and actor.may("reports.seal") else None,
        "verdict": inspection.verdict,
        "reasons": reasons_of(decision, inspection, base),
        "bars": bars_of(decision),
        "is_sampled": is_sampled,
        "switching": _switching(inspection) if is_sampled else [],
        "again_url": f"{base}new/?again={inspection.pk}"
        if actor.may("inspections.plan") and has_record and inspection.verdict != Verdict.PASS
        else "",
        "pace": pace_of(inspection, state),
        "alike": page_selectors.seen_before(inspection)
        if photos and actor.may("inspections.countersign")
        else [],
        "plans": _plans(inspection) if is_sampled else [],
        "figures": _figures(inspection, state, decision) if is_sampled else figures_of(decision),
        "sections": _sections(inspection, state, decision, photos) if is_sampled else [],
        "pareto": _pareto(defects),
        "defects": defects,
        "measured": measured_of(inspection, state) if is_sampled and inspection.points else None,
        "photos": photos_of(state, photos),
        "signatures": [
            {"row": row, "is_current": row.record_hash == state.content_hash} for row in signatures
        ],
        "addenda": [event for event in state.addenda if event.kind == "remark_written"],
        "addenda_count": len(state.addenda),
        "opened": state.cartons_opened,
        "history": history_of(actor, inspection),
        **taken_back(request, inspection, state),
    }
    if taken_over is not None:
        context["found"] = decision.counts
    elif not is_sampled:
        context |= {
            "shown_template": f"inspections/shown_{inspection.method}.html",
            "shown": SHOWN[inspection.method](inspection, state),
            "names": photos,
        }
    return render(request, "inspections/inspection.html", context, status=status)


def _plans(inspection: Inspection) -> list[dict[str, Any]]:
    """The plan of every severity, as the inspection keeps it."""
    plans = inspection.plan["plans"]
    return [
        {
            "severity": severity,
            **plans[severity],
            "follows_arrow": plans[severity]["code_letter"] != plans[severity]["plan_letter"],
        }
        for severity in ("critical", "major", "minor")
        if severity in plans
    ]


def _switching(inspection: Inspection) -> list[dict[str, Any]]:
    """Where inspection of this product stood when the lot was planned, and why."""
    kept = inspection.rules.get("switching") or {}
    return [
        {
            "severity": severity,
            "inspection": SwitchingType(row["inspection"]).label,
            "score": row["score"],
            "reason": in_language(row["reason"], switching_in_bangla(row.get("code", ""))),
        }
        for severity, row in kept.items()
    ]


def _figures(inspection: Inspection, state: State, decision: Decision) -> list[dict[str, str]]:
    found = sum(count.found for count in decision.counts)
    pieces = sum(int(entry.candidates[0]["pieces"]) for entry in state.of_kind("defect_recorded"))
    per_hundred = dhu(defects=pieces, checked=inspection.sample_size)
    figures = []
    if per_hundred is not None:
        figures.append({"label": _("DHU, defects per hundred units"), "value": str(rounded(per_hundred))})
    if inspection.rules["counting"] == "defectives" and found <= inspection.sample_size:
        share = defective_percent(defective=found, checked=inspection.sample_size)
        if share is not None:
            figures.append({"label": _("Defective pieces"), "value": f"{rounded(share)} %"})
    if decision.measurement.points_measured:
        out, measured = decision.measurement.points_out, decision.measurement.points_measured
        figures.append({"label": _("Points out of tolerance"), "value": f"{out} / {measured}"})
    return [{**figure, "value": in_digits_of_page(figure["value"])} for figure in figures]


def _sections(inspection: Inspection, state: State, decision: Decision, photos: Any) -> list[dict[str, Any]]:
    answers = {(body["section"], body["check"]): body for body in state.values("check_answered")}
    remarks: dict[str, list[str]] = {}
    for body in state.values("remark_written"):
        remarks.setdefault(body["section"], []).append(body["text"])
    counted = {(body["colour"], body["size"]): body for body in state.values("quantity_counted")}
    labels = check_labels(inspection)
    shown = []
    for result in decision.sections:
        concluded = state.value("section_concluded", result.section) or {}
        shown.append(
            {
                "key": result.section,
                "title": title_of(result.section),
                "verdict": result.verdict,
                "reasons": [reason_words(reason, labels) for reason in result.reasons],
                "remark": concluded.get("remark", ""),
                "remarks": remarks.get(result.section, []),
                "checks": [
                    {
                        "label": in_language(check["label_en"], check.get("label_bn") or ""),
                        "body": (body := answers.get((result.section, check["check"]), {})),
                        "photos": [photos[d] for d in body.get("photos", ()) if d in photos],
                    }
                    for check in inspection.checklist.get(result.section, [])
                ],
                "quantities": [
                    {**line, "body": counted.get((line["colour"], line["size"]))}
                    for line in inspection.ordered
                ]
                if result.section == "quantity"
                else [],
            }
        )
    return shown


def _pareto(defects: list[ShownDefect]) -> list[dict[str, Any]]:
    """The most frequent defects by pieces, for the small chart above the list."""
    counts: dict[tuple[str, str], int] = {}
    for row in defects:
        key = str(row.body["code"]), row.name
        counts[key] = counts.get(key, 0) + int(row.body["pieces"])
    largest = max(counts.values(), default=1)
    return [
        {"code": code, "name": name, "count": count, "largest": largest}
        for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:8]
    ]


@require_POST
def assign(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Give the inspection to somebody, or to nobody in particular."""
    actor, now = visit(request)
    authorize(actor, "inspections.plan")
    inspection = selectors.inspection_or_missing(pk)
    form = AssignForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data["inspector"]
        try:
            services.assign_inspection(
                inspection_id=pk, inspector_id=UUID(chosen) if chosen else None, actor=actor, now=now
            )
        except (Conflict, Invalid) as problem:
            messages.error(request, str(problem.message))
            return redirect(place(request, f"{pk}/"))
        messages.success(request, _("Saved."))
        return redirect(place(request, f"{pk}/"))
    return _page(request, inspection, assigning=form, status=422)


@require_POST
def cancel(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Cancel the inspection, saying why."""
    actor, now = visit(request)
    authorize(actor, "inspections.plan")
    inspection = selectors.inspection_or_missing(pk)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            services.cancel_inspection(
                inspection_id=pk, reason=form.cleaned_data["reason"], actor=actor, now=now
            )
        except Conflict as problem:
            messages.error(request, str(problem.message))
            return redirect(place(request, f"{pk}/"))
        messages.success(request, _("The inspection is cancelled. What was recorded stays."))
        return redirect(place(request, f"{pk}/"))
    return _page(request, inspection, cancelling=form, status=422)


@require_POST
def make_report(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Ask for the sealed report of a decided inspection."""
    actor, now = visit(request)
    authorize(actor, "reports.seal")
    selectors.inspection_or_missing(pk)
    try:
        version = request_report(
            kind=KIND,
            subject_id=pk,
            language=request.POST.get("language", "")[:10],
            actor=actor,
            now=now,
        )
    except (Conflict, Invalid) as problem:
        said = next(iter(problem.fields.values()), problem.message)
        messages.error(request, str(said))
        return redirect(place(request, f"{pk}/"))
    return redirect(f"{workspace_of(request).get_absolute_url()}reports/{version.report_id}/")

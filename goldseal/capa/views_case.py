"""One nonconformity's page, laid out as 8D or as a corrective action plan, and the buttons on it."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.capa import action_services, containment_services, opening_services, selectors, services
from goldseal.capa.choices import QUESTION_WORDS, Chain, Purpose
from goldseal.capa.figures_selectors import counting_from, outcome_of
from goldseal.capa.forms import (
    AssignForm,
    ContainmentForm,
    DefectsForm,
    FactsForm,
    MoveForm,
    ProofForm,
    ReadAcrossForm,
)
from goldseal.capa.models import EffectCheck, Nonconformity
from goldseal.capa.moving import is_own_work
from goldseal.capa.reports import CAP
from goldseal.capa.rules import lifecycle
from goldseal.capa.rules.causes import CHAINS, is_short
from goldseal.capa.rules.figures import cost_of
from goldseal.capa.showing import back_with, history_of, place, steps_for, today_of
from goldseal.capa.views_cause import drawing_of
from goldseal.capa.wording import problem_of
from goldseal.files.selectors import has_attested
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.reports.sealing_services import request_report
from goldseal.reports.selectors import report_about, responses_to
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

LANGUAGES = [("en", "English"), ("bn", "বাংলা"), ("both", "English + বাংলা")]
PURPOSES = (Purpose.FOUND, Purpose.CONTAINMENT, Purpose.CAUSE)


@require_GET
def nonconformity_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The whole case: 8D, or with `?view=cap` the plan as a table."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    return _page(request, selectors.nonconformity_or_missing(pk))


def _page(
    request: HttpRequest,
    case: Nonconformity,
    *,
    bound: dict[str, django_forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, _now = visit(request)
    today, forms = today_of(request), bound or {}
    may_work = actor.may("capa.work") and case.state != lifecycle.CLOSED
    whys, check = selectors.whys_of(case), selectors.check_of(case)
    proofs = selectors.proofs_of(case)
    report = report_about(CAP, case.pk) if actor.may("reports.view") else None
    as_plan = request.GET.get("view") == "cap"
    context: dict[str, Any] = {
        "case": case,
        "base": place(request),
        "url": place(request, f"{case.pk}/"),
        "inspections_url": f"{workspace_of(request).get_absolute_url()}inspections/",
        "today": today,
        "as_plan": as_plan,
        "may_work": may_work,
        "may_solve": may_work and case.state in lifecycle.WITH_WORKER,
        "may_edit": _may_edit(case, actor),
        "may_scar": actor.may("capa.scar") and case.state != lifecycle.CLOSED,
        "steps": steps_for(case, actor),
        "problem": problem_of(case),
        "defects": selectors.defect_words(case, get_language() or ""),
        "containments": list(case.containments.select_related("done_by").order_by("pk")),
        "chains": [
            {
                "code": chain,
                "words": Chain(chain).label,
                "steps": whys.get(chain, []),
                "is_short": is_short(len(whys.get(chain, []))),
                "root": case.root_made if chain == "made" else case.root_detected,
            }
            for chain in CHAINS
        ],
        "drawing": drawing_of(selectors.causes_of(case)),
        "compared": [row for row in _compared(case) if row["is"] or row["is_not"]],
        "actions": selectors.actions_of(case),
        "check": check,
        "outcome": outcome_of(check, today) if check and check.state == "waiting" else None,
        "counting_from": (counting_from(check) or check.from_on) if check else None,
        "rounds": _earlier(case, check),
        "read_across": list(
            case.read_across.select_related("line", "style", "stage", "done_by").order_by("pk")
        ),
        "proofs": [row for row in proofs if row.action_id is None and row.answer_id is None],
        "scars": list(case.scars.select_related("supplier").order_by("pk")),
        "again": selectors.inspections_after(case),
        "cost": cost_of(
            minutes=case.cost_minutes,
            per_minute=case.cost_per_minute,
            rejects=case.cost_rejects,
            value=case.cost_per_reject,
        ),
        "report": report,
        "responses": list(responses_to(report.pk)) if report else [],
        "languages": LANGUAGES if report is None and actor.may("reports.seal") else [],
        "history": history_of(actor, case.pk),
    }
    if may_work:
        context |= {
            "containing": forms.get("containing") or ContainmentForm(today=today, auto_id="contain-%s"),
            "carrying": forms.get("carrying") or ReadAcrossForm(auto_id="carry-%s"),
            "proving": forms.get("proving") or _proof_form(request),
        }
    if context["may_solve"] or forms.get("assigning"):
        held = {"owner": case.owner_id, "due_on": case.due_on}
        context["assigning"] = forms.get("assigning") or AssignForm(initial=held, auto_id="assign-%s")
    return render(request, "capa/case.html", context, status=status)


def _may_edit(case: Nonconformity, actor: Actor) -> bool:
    if case.state in lifecycle.WITH_WORKER:
        return actor.may("capa.work")
    return case.state != lifecycle.CLOSED and actor.may("capa.review") and not is_own_work(case, actor)


def _compared(case: Nonconformity) -> list[dict[str, Any]]:
    held = case.is_is_not or {}
    return [
        {"words": words, **{"is": "", "is_not": ""} | held.get(q, {})} for q, words in QUESTION_WORDS.items()
    ]


def _earlier(case: Nonconformity, check: EffectCheck | None) -> list[EffectCheck]:
    rows = EffectCheck.objects.filter(nonconformity=case).order_by("round")
    return list(rows.exclude(pk=check.pk)) if check else []


def _proof_form(request: HttpRequest, *args: Any) -> ProofForm:
    actor, _now = visit(request)
    return ProofForm(
        *args,
        base=workspace_of(request).get_absolute_url(),
        needs_attestation=not has_attested(actor),
        purposes=PURPOSES,
        auto_id="proof-%s",
    )


@require_POST
def move(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One step through the states."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    selectors.nonconformity_or_missing(pk)
    form = MoveForm(request.POST)
    form.is_valid()
    try:
        services.move_nonconformity(
            nonconformity_id=pk,
            move=form.cleaned_data.get("move", ""),
            reason=form.cleaned_data.get("reason", ""),
            actor=actor,
            now=now,
        )
    except (Conflict, Invalid, Forbidden) as problem:
        return back_with(request, f"{pk}/", problem)
    return redirect(place(request, f"{pk}/"))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change the facts."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    if case.state not in lifecycle.WITH_WORKER:
        authorize(actor, "capa.review")
    form = FactsForm(request.POST or None, case=case)
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: opening_services.edit_nonconformity(
                nonconformity_id=pk, values=values, actor=actor, now=now
            ),
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect(place(request, f"{pk}/"))
    return render(
        request,
        "capa/facts_form.html",
        {
            "form": form,
            "heading": case.number,
            "submit_label": _("Save"),
            "back_url": place(request, f"{pk}/"),
            "back_label": case.number,
        },
        status=422 if form.errors else 200,
    )


@require_POST
def assign(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Give it to somebody until a day."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = AssignForm(request.POST, auto_id="assign-%s")
    done = submitted(
        form,
        lambda values: opening_services.assign_owner(
            nonconformity_id=pk, owner_id=values["owner"], due_on=values["due_on"], actor=actor, now=now
        ),
    )
    if done is None:
        return _page(request, case, bound={"assigning": form}, status=422)
    messages.success(request, _("Saved."))
    return redirect(place(request, f"{pk}/"))


@require_http_methods(["GET", "POST"])
def defects(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Which defects were found, on how many pieces."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = DefectsForm(request.POST or None, rows=list(case.defects.order_by("-quantity", "code")))
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: opening_services.set_defects(
                nonconformity_id=pk, rows=form.rows(), actor=actor, now=now
            ),
        )
        if done is not None:
            return redirect(place(request, f"{pk}/"))
    return render(
        request,
        "capa/defects_form.html",
        {"form": form, "case": case, "url": place(request, f"{pk}/")},
        status=422 if form.errors else 200,
    )


@require_POST
def contain(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Note what was done at once."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = ContainmentForm(request.POST, today=today_of(request), auto_id="contain-%s")
    done = submitted(
        form,
        lambda values: containment_services.record_containment(
            nonconformity_id=pk, values=values, actor=actor, now=now
        ),
    )
    if done is None:
        return _page(request, case, bound={"containing": form}, status=422)
    return redirect(f"{place(request, f'{pk}/')}#d3")


@require_POST
def take_back_containment(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take back what was entered wrongly."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = containment_services.remove_containment(containment_id=pk, actor=actor, now=now)
    return redirect(f"{place(request, f'{case.pk}/')}#d3")


@require_POST
def prove(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Add photos and documents."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = _proof_form(request, request.POST, request.FILES)
    done = submitted(
        form,
        lambda values: containment_services.add_proofs(
            nonconformity_id=pk,
            files=[(file.name or "", file.file) for file in values["files"].files],
            ids=values["files"].ids,
            attests=values["files"].attests,
            purpose=values["purpose"],
            actor=actor,
            now=now,
        ),
    )
    if done is None:
        return _page(request, case, bound={"proving": form}, status=422)
    return redirect(f"{place(request, f'{pk}/')}#d2")


@require_POST
def remove_proof(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take a file out of the case."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = containment_services.remove_proof(proof_id=pk, actor=actor, now=now)
    return redirect(place(request, f"{case.pk}/"))


@require_POST
def carry_over(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Name another line, style or stage."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = ReadAcrossForm(request.POST, auto_id="carry-%s")
    done = submitted(
        form,
        lambda values: action_services.add_read_across(
            nonconformity_id=pk, values=values, actor=actor, now=now
        ),
    )
    if done is None:
        return _page(request, case, bound={"carrying": form}, status=422)
    return redirect(f"{place(request, f'{pk}/')}#d7")


@require_POST
def carried_over(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """It is done there too."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    row = action_services.finish_read_across(read_across_id=pk, actor=actor, now=now)
    return redirect(f"{place(request, f'{row.nonconformity_id}/')}#d7")


@require_POST
def make_report(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Ask for the sealed 8D report."""
    actor, now = visit(request)
    authorize(actor, "reports.seal")
    selectors.nonconformity_or_missing(pk)
    try:
        version = request_report(
            kind=CAP, subject_id=pk, language=request.POST.get("language", "")[:10], actor=actor, now=now
        )
    except (Conflict, Invalid) as problem:
        return back_with(request, f"{pk}/", problem)
    return redirect(f"{workspace_of(request).get_absolute_url()}reports/{version.report_id}/")

"""Pages of actions and of the effect check."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.capa import action_services, containment_services, effect_services, selectors
from goldseal.capa.choices import CheckState, Purpose
from goldseal.capa.figures_selectors import (
    counting_from,
    counts_at,
    counts_for,
    inspections_by_id,
    outcome_of,
)
from goldseal.capa.forms import MoveForm, ProofForm
from goldseal.capa.forms_solving import ActionForm, EffectForm, ObserveForm
from goldseal.capa.models import Action, EffectCheck, Nonconformity
from goldseal.capa.moving import is_own_work
from goldseal.capa.rules import lifecycle
from goldseal.capa.showing import back_with, place, steps_for, today_of
from goldseal.files.selectors import has_attested
from goldseal.kit.errors import Conflict, Forbidden
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

PURPOSES = (Purpose.BEFORE, Purpose.AFTER)
COUNTS_SHOWN = 30


@require_http_methods(["GET", "POST"])
def new_action(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Plan an action."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = ActionForm(request.POST or None, initial={"owner": case.owner_id, "due_on": case.due_on})
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: action_services.add_action(
                nonconformity_id=pk, values=values, actor=actor, now=now
            ),
        )
        if done is not None:
            return redirect(f"{place(request, f'{pk}/')}#d5")
    return _form(request, form, case, heading=_("Plan an action"), submit=_("Plan it"))


@require_http_methods(["GET", "POST"])
def edit_action(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change an action that is not submitted."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    row = selectors.action_or_missing(pk)
    form = ActionForm(request.POST or None, row=row)
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: action_services.edit_action(action_id=pk, values=values, actor=actor, now=now),
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect(place(request, f"actions/{pk}/"))
    return _form(request, form, row.nonconformity, heading=row.code, submit=_("Save"))


def _form(request: HttpRequest, form: Any, case: Nonconformity, *, heading: str, submit: str) -> HttpResponse:
    return render(
        request,
        "kit/form_page.html",
        {
            "form": form,
            "heading": heading,
            "lead": case.title,
            "submit_label": submit,
            "back_url": place(request, f"{case.pk}/"),
            "back_label": case.number,
        },
        status=422 if form.errors else 200,
    )


@require_GET
def action_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One action with its evidence and steps."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    return _action_page(request, selectors.action_or_missing(pk))


def _action_page(
    request: HttpRequest, row: Action, *, moving: Any = None, proving: Any = None, status: int = 200
) -> HttpResponse:
    actor, _now = visit(request)
    proofs = list(row.proofs.select_related("attachment").order_by("pk"))
    is_open = row.nonconformity.state != lifecycle.CLOSED
    may_work = actor.may("capa.work") and is_open
    return render(
        request,
        "capa/action.html",
        {
            "action": row,
            "case": row.nonconformity,
            "base": place(request),
            "case_url": place(request, f"{row.nonconformity_id}/"),
            "url": place(request, f"actions/{row.pk}/"),
            "today": today_of(request),
            "steps": steps_for(row, actor) if is_open else [],
            "moving": moving or MoveForm(initial={"result": row.result}),
            "may_edit": may_work and row.state in lifecycle.WITH_WORKER,
            "before": [proof for proof in proofs if proof.purpose == Purpose.BEFORE],
            "after": [proof for proof in proofs if proof.purpose != Purpose.BEFORE],
            "proving": (proving or _proof_form(request)) if may_work else None,
        },
        status=status,
    )


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
def move_action(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One step through the states."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    row = selectors.action_or_missing(pk)
    form = MoveForm(request.POST)
    try:
        done = submitted(
            form,
            lambda values: action_services.move_action(
                action_id=pk,
                move=values["move"],
                reason=values["reason"],
                result=values["result"],
                actor=actor,
                now=now,
            ),
        )
    except Forbidden as problem:
        return back_with(request, f"actions/{pk}/", problem)
    if done is None:
        return _action_page(request, row, moving=form, status=422)
    return redirect(place(request, f"actions/{pk}/"))


@require_POST
def prove_action(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Photos before and after."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    row = selectors.action_or_missing(pk)
    form = _proof_form(request, request.POST, request.FILES)
    done = submitted(
        form,
        lambda values: containment_services.add_proofs(
            nonconformity_id=row.nonconformity_id,
            files=[(file.name or "", file.file) for file in values["files"].files],
            ids=values["files"].ids,
            attests=values["files"].attests,
            purpose=values["purpose"],
            action_id=row.pk,
            actor=actor,
            now=now,
        ),
    )
    if done is None:
        return _action_page(request, row, proving=form, status=422)
    return redirect(place(request, f"actions/{pk}/"))


@require_http_methods(["GET", "POST"])
def effect_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """How the effect is proved, and what the numbers say so far."""
    actor, now = visit(request)
    authorize(actor, "capa.view")
    case = selectors.nonconformity_or_missing(pk)
    check = selectors.check_of(case)
    may_set = case.state in lifecycle.WITH_WORKER and actor.may("capa.work")
    if case.state in (lifecycle.SUBMITTED, lifecycle.IN_REVIEW):
        may_set = actor.may("capa.review") and not is_own_work(case, actor)
    form = None
    if request.method == "POST":
        authorize(actor, "capa.work")
        form = EffectForm(request.POST)
        done = submitted(
            form,
            lambda values: effect_services.set_effect_check(
                nonconformity_id=pk, values=values, actor=actor, now=now
            ),
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect(place(request, f"{pk}/effect/"))
    elif may_set:
        form = EffectForm(check=check) if check else EffectForm(initial=_usual(case, request))
    return _effect(request, case, form=form, observing=None)


def _effect(request: HttpRequest, case: Nonconformity, *, form: Any, observing: Any) -> HttpResponse:
    actor, _now = visit(request)
    check = selectors.check_of(case)
    may_observe = bool(
        check
        and check.metric == "observed"
        and check.state == CheckState.WAITING
        and case.state == lifecycle.VERIFIED
        and actor.may("capa.review")
        and actor.person_id != case.owner_id
    )
    wrong = (form is not None and form.errors) or (observing is not None and observing.errors)
    return render(
        request,
        "capa/effect.html",
        {
            "case": case,
            "check": check,
            "url": place(request, f"{case.pk}/"),
            "outcome": outcome_of(check, today_of(request))
            if check and check.state == CheckState.WAITING
            else None,
            "counting_from": (counting_from(check) or check.from_on) if check else None,
            "counts": _counted(check) if check and check.metric == "rate" else [],
            "inspections_url": f"{workspace_of(request).get_absolute_url()}inspections/",
            "form": form,
            "observing": observing or (ObserveForm() if may_observe else None),
        },
        status=422 if wrong else 200,
    )


def _counted(check: EffectCheck) -> list[dict[str, Any]]:
    """The inspections that count, each with its code; those after the window that was met are only watched."""
    rows = [row for row in counts_for(check) if row.pieces][:COUNTS_SHOWN]
    codes = {str(pk): inspection.code for pk, inspection in inspections_by_id(rows).items()}
    window = check.inspections if check.state == CheckState.MET else len(rows)
    return [
        {
            "day": row.day,
            "key": row.key,
            "code": codes.get(row.key, ""),
            "pieces": row.pieces,
            "found": row.found,
            "is_watched": place >= window,
        }
        for place, row in enumerate(rows)
    ]


def _usual(case: Nonconformity, request: HttpRequest) -> dict[str, Any]:
    """The most frequent defect, where it was found; three inspections with enough pieces."""
    worst = case.defects.order_by("-quantity", "code").first()
    return {
        "code": worst.code if worst else "",
        "target": "1.00",
        "stage": case.stage_id,
        "line": case.line_id,
        # Only rounds at the line count by operation; anywhere else naming one would leave nothing to count.
        "operation": case.operation if counts_at(case.stage_id, case.operation) else "",
        "style": None,
        "from_on": today_of(request),
        "window": "inspections",
        "window_size": 3,
        "min_pieces": selectors.settings_in_force().min_pieces,
    }


@require_POST
def observe(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """What the verifier saw."""
    actor, now = visit(request)
    authorize(actor, "capa.review")
    case = selectors.nonconformity_or_missing(pk)
    form = ObserveForm(request.POST)
    try:
        done = submitted(
            form,
            lambda values: effect_services.observe_effect(
                nonconformity_id=pk,
                is_met=values["is_met"],
                words=values["observation"],
                actor=actor,
                now=now,
            ),
        )
    except (Conflict, Forbidden) as problem:
        return back_with(request, f"{pk}/effect/", problem)
    if done is None:
        return _effect(request, case, form=None, observing=form)
    return redirect(place(request, f"{pk}/"))

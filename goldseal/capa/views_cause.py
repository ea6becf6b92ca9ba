"""Finding the cause: 5 Why in two chains, the fishbone, is / is not, and the root causes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goldseal.capa import cause_services, containment_services, selectors
from goldseal.capa.choices import BoneKind, Chain, Purpose
from goldseal.capa.forms_solving import (
    CauseChangeForm,
    CauseForm,
    ChainForm,
    CompareForm,
    RootsForm,
    StepProofForm,
)
from goldseal.capa.models import FishboneCause, Nonconformity, WhyStep
from goldseal.capa.rules import causes, lifecycle
from goldseal.capa.showing import place
from goldseal.files.selectors import has_attested
from goldseal.kit.errors import NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


def drawing_of(bones: Mapping[str, Sequence[FishboneCause]]) -> dict[str, Any] | None:
    """The fishbone as the template draws it; None without any cause."""
    if not bones:
        return None
    drawn = causes.fishbone(
        {code: [(row.words, row.standing) for row in rows] for code, rows in bones.items()}
    )
    return {
        "width": causes.WIDTH,
        "height": causes.HEIGHT,
        "spine": causes.SPINE,
        "head": causes.HEAD,
        "bones": [
            {"label": BoneKind(bone.code).label, "bone": bone, "causes": bones.get(bone.code, ())}
            for bone in drawn
        ],
    }


@require_GET
def cause_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Everything by which the cause is found, on one page."""
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
    forms, whys, bones = bound or {}, selectors.whys_of(case), selectors.causes_of(case)
    proofs = selectors.proofs_of(case)
    may_work = actor.may("capa.work") and case.state in lifecycle.WITH_WORKER
    return render(
        request,
        "capa/cause.html",
        {
            "case": case,
            "url": place(request, f"{case.pk}/"),
            "base": place(request),
            "may_work": may_work,
            "chains": [
                {
                    "code": chain,
                    "words": Chain(chain).label,
                    "steps": whys.get(chain, []),
                    "proofs": [row for row in proofs if row.step_id and row.step and row.step.chain == chain],
                    "is_short": causes.is_short(len(whys.get(chain, []))),
                    "form": forms.get(chain)
                    or ChainForm(steps=whys.get(chain, []), auto_id=f"{chain}-%s", prefix=None),
                }
                for chain in causes.CHAINS
            ],
            "drawing": drawing_of(bones),
            "bones": [
                {
                    "label": kind.label,
                    "causes": [
                        {
                            "row": row,
                            "form": forms.get(str(row.pk))
                            or CauseChangeForm(
                                initial={"bone": row.bone, "words": row.words, "standing": row.standing},
                                auto_id=f"c{row.pk}-%s",
                            ),
                        }
                        for row in bones.get(kind.value, [])
                    ],
                }
                for kind in BoneKind
            ],
            "adding": forms.get("adding") or CauseForm(auto_id="new-%s"),
            "comparing": forms.get("comparing") or CompareForm(held=case.is_is_not or {}),
            "proving": (forms.get("proving") or _proof_form(request, whys)) if may_work and whys else None,
            "roots": forms.get("roots")
            or RootsForm(
                initial={
                    "made": case.root_made or _last(whys.get("made")),
                    "detected": case.root_detected or _last(whys.get("detected")),
                }
            ),
        },
        status=status,
    )


def _proof_form(request: HttpRequest, whys: Mapping[str, list[WhyStep]], *args: Any) -> StepProofForm:
    actor, _now = visit(request)
    return StepProofForm(
        *args,
        steps=whys,
        base=workspace_of(request).get_absolute_url(),
        needs_attestation=not has_attested(actor),
        auto_id="step-%s",
    )


@require_POST
def prove_step(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Photos and documents that prove a step."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = _proof_form(request, selectors.whys_of(case), request.POST, request.FILES)
    done = submitted(
        form,
        lambda values: containment_services.add_proofs(
            nonconformity_id=pk,
            files=[(file.name or "", file.file) for file in values["files"].files],
            ids=values["files"].ids,
            attests=values["files"].attests,
            purpose=Purpose.CAUSE,
            step_id=values["step"],
            actor=actor,
            now=now,
        ),
    )
    if done is None:
        return _page(request, case, bound={"proving": form}, status=422)
    return redirect(place(request, f"{pk}/cause/"))


def _last(steps: Sequence[Any] | None) -> str:
    return str(steps[-1].answer) if steps else ""


@require_POST
def save_chain(request: HttpRequest, slug: str, pk: UUID, chain: str) -> HttpResponse:
    """Write one chain anew."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    if chain not in causes.CHAINS:
        raise NotFound
    form = ChainForm(
        request.POST, steps=selectors.whys_of(case).get(chain, []), auto_id=f"{chain}-%s", prefix=None
    )
    done = submitted(
        form,
        lambda values: cause_services.set_chain(
            nonconformity_id=pk, chain=chain, steps=form.steps(), actor=actor, now=now
        ),
    )
    if done is None:
        return _page(request, case, bound={chain: form}, status=422)
    messages.success(request, _("Saved."))
    return redirect(f"{place(request, f'{pk}/cause/')}#{chain}")


@require_POST
def add_cause(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Put a possible cause on a bone."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = CauseForm(request.POST, auto_id="new-%s")
    done = submitted(
        form,
        lambda values: cause_services.add_cause(nonconformity_id=pk, **values, actor=actor, now=now),
    )
    if done is None:
        return _page(request, case, bound={"adding": form}, status=422)
    return redirect(f"{place(request, f'{pk}/cause/')}#fishbone")


@require_POST
def change_cause(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Move a cause, word it anew, or take it off."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    row = FishboneCause.objects.select_related("nonconformity").filter(pk=pk).first()
    if row is None:
        raise NotFound
    case = selectors.nonconformity_or_missing(row.nonconformity_id)
    if request.POST.get("do") == "remove":
        cause_services.remove_cause(cause_id=pk, actor=actor, now=now)
    else:
        form = CauseChangeForm(request.POST, auto_id=f"c{pk}-%s")
        done = submitted(
            form,
            lambda values: cause_services.change_cause(cause_id=pk, **values, actor=actor, now=now),
        )
        if done is None:
            return _page(request, case, bound={str(pk): form}, status=422)
    return redirect(f"{place(request, f'{case.pk}/cause/')}#fishbone")


@require_POST
def compare(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """What the problem is, and is not."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = CompareForm(request.POST, held={})
    done = submitted(
        form,
        lambda values: cause_services.set_is_is_not(
            nonconformity_id=pk, answers=form.answers(), actor=actor, now=now
        ),
    )
    if done is None:
        return _page(request, case, bound={"comparing": form}, status=422)
    messages.success(request, _("Saved."))
    return redirect(f"{place(request, f'{pk}/cause/')}#compare")


@require_POST
def choose_roots(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """State the root causes."""
    actor, now = visit(request)
    authorize(actor, "capa.work")
    case = selectors.nonconformity_or_missing(pk)
    form = RootsForm(request.POST)
    done = submitted(
        form,
        lambda values: cause_services.choose_root_causes(
            nonconformity_id=pk, made=values["made"], detected=values["detected"], actor=actor, now=now
        ),
    )
    if done is None:
        return _page(request, case, bound={"roots": form}, status=422)
    messages.success(request, _("Saved."))
    return redirect(place(request, f"{pk}/"))

"""Pages of requests to suppliers: asking, the link, judging answers."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.capa import scar_services, selectors
from goldseal.capa.forms_solving import DaysForm, ReasonForm, ScarForm
from goldseal.capa.models import Proof, Scar
from goldseal.capa.reports import SCAR
from goldseal.capa.showing import back_with, history_of_scar, place, today_of
from goldseal.capa.views_case import LANGUAGES
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.reports.sealing_services import request_report
from goldseal.reports.selectors import report_about
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


@require_http_methods(["GET", "POST"])
def new_scar(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Ask a supplier for corrective action."""
    actor, now = visit(request)
    authorize(actor, "capa.scar")
    case = selectors.nonconformity_or_missing(pk)
    form = ScarForm(request.POST or None, case=case, today=today_of(request))
    if request.method == "POST":
        made = submitted(
            form,
            lambda values: scar_services.send_scar(nonconformity_id=pk, values=values, actor=actor, now=now),
        )
        if made is not None:
            return _page(request, made[0], secret=made[1])
    return render(
        request,
        "kit/form_page.html",
        {
            "form": form,
            "heading": _("Ask a supplier for corrective action"),
            "lead": case.title,
            "submit_label": _("Send the request"),
            "back_url": place(request, f"{pk}/"),
            "back_label": case.number,
        },
        status=422 if form.errors else 200,
    )


@require_GET
def scar_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One request with every answer."""
    actor, _now = visit(request)
    authorize(actor, "capa.view")
    return _page(request, selectors.scar_or_missing(pk))


def _page(
    request: HttpRequest, scar: Scar, *, secret: str = "", judging: Any = None, status: int = 200
) -> HttpResponse:
    actor, now = visit(request)
    scar = selectors.scar_or_missing(scar.pk)
    proofs = Prefetch("proofs", Proof.objects.select_related("attachment").order_by("pk"))
    answers = list(scar.answers.select_related("decided_by").prefetch_related(proofs).order_by("-version"))
    may_ask = actor.may("capa.scar")
    report = report_about(SCAR, scar.pk) if actor.may("reports.view") else None
    return render(
        request,
        "capa/scar.html",
        {
            "scar": scar,
            "case": scar.nonconformity,
            "case_url": place(request, f"{scar.nonconformity_id}/"),
            "url": place(request, f"scars/{scar.pk}/"),
            "link": scar_services.link_of(secret) if secret else "",
            "answers": answers,
            "judging": (judging or ReasonForm()) if may_ask and scar.state == "answered" else None,
            "renewing": DaysForm() if may_ask and scar.state in ("sent", "declined") else None,
            "may_withdraw": may_ask and scar.state in ("sent", "declined", "answered"),
            "is_live": scar.revoked_at is None and scar.expires_at > now,
            "report": report,
            "languages": LANGUAGES if answers and report is None and actor.may("reports.seal") else [],
            "history": history_of_scar(actor, scar),
        },
        status=status,
    )


@require_POST
def judge(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Accept or decline the latest answer."""
    actor, now = visit(request)
    authorize(actor, "capa.scar")
    scar = selectors.scar_or_missing(pk)
    form = ReasonForm(request.POST)
    done = submitted(
        form,
        lambda values: scar_services.judge_answer(
            scar_id=pk,
            is_accepted=request.POST.get("do") == "accept",
            reason=values["reason"],
            actor=actor,
            now=now,
        ),
    )
    if done is None:
        return _page(request, scar, judging=form, status=422)
    return _page(request, done[0], secret=done[1]) if done[1] else redirect(place(request, f"scars/{pk}/"))


@require_POST
def renew(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """A new link, by letter."""
    actor, now = visit(request)
    authorize(actor, "capa.scar")
    selectors.scar_or_missing(pk)
    form = DaysForm(request.POST)
    form.is_valid()
    try:
        scar, secret = scar_services.renew_link(
            scar_id=pk, days=form.cleaned_data.get("days", 0), actor=actor, now=now
        )
    except (Conflict, Invalid) as problem:
        return back_with(request, f"scars/{pk}/", problem)
    return _page(request, scar, secret=secret)


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Take the request back."""
    actor, now = visit(request)
    authorize(actor, "capa.scar")
    selectors.scar_or_missing(pk)
    form = ReasonForm(request.POST)
    form.is_valid()
    try:
        scar_services.withdraw_scar(
            scar_id=pk, reason=form.cleaned_data.get("reason", ""), actor=actor, now=now
        )
    except (Conflict, Invalid) as problem:
        return back_with(request, f"scars/{pk}/", problem)
    return redirect(place(request, f"scars/{pk}/"))


@require_POST
def make_report(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Ask for the sealed report of the request."""
    actor, now = visit(request)
    authorize(actor, "reports.seal")
    selectors.scar_or_missing(pk)
    try:
        version = request_report(
            kind=SCAR, subject_id=pk, language=request.POST.get("language", "")[:10], actor=actor, now=now
        )
    except (Conflict, Invalid) as problem:
        return back_with(request, f"scars/{pk}/", problem)
    return redirect(f"{workspace_of(request).get_absolute_url()}reports/{version.report_id}/")

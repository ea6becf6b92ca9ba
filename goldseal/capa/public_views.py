"""What a supplier sees under a link: the request, and the form to answer it without an account."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from goldseal.capa import scar_services
from goldseal.capa.forms_solving import AnswerForm
from goldseal.capa.models import Scar
from goldseal.capa.selectors import defect_words
from goldseal.kit.forming import submitted
from goldseal.kit.throttle import count_request
from goldseal.kit.visits import moment
from goldseal.workspaces.services import workspace_scope

VISITS_A_MINUTE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Read the request; answer it. An own link that ended says so, any other is not found."""
    now = moment(request)
    count_request(request, what="scar", most=VISITS_A_MINUTE, now=now)
    try:
        scar = scar_services.visit_scar(secret=secret, now=now)
    except scar_services.Expired:
        return _quiet(render(request, "capa/scar_expired.html", {}, status=410))
    # The letter came in the request's language; a visitor who chose another one here keeps it.
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override((get_language() if chosen else scar.language) or "en"):
        return _answered(request, scar, secret, now)


def _answered(request: HttpRequest, scar: Scar, secret: str, now: datetime) -> HttpResponse:
    form, is_sent = AnswerForm(), False
    if request.method == "POST":
        form = AnswerForm(request.POST, request.FILES)
        done = submitted(
            form,
            lambda values: scar_services.answer_scar(
                secret=secret,
                values=values,
                actions=form.actions(),
                files=[(file.name or "", file.file) for file in values["files"]],
                attests=values["attests"],
                now=now,
            ),
        )
        is_sent = done is not None
    with workspace_scope(scar.workspace_id):
        return _quiet(_shown(request, scar, form, is_sent=is_sent))


def _shown(request: HttpRequest, scar: Scar, form: AnswerForm, *, is_sent: bool) -> HttpResponse:
    found: Any = Scar.objects.select_related("nonconformity", "supplier", "workspace").get(pk=scar.pk)
    answers = list(found.answers.order_by("-version"))
    return render(
        request,
        "capa/scar_answer.html",
        {
            "scar": found,
            "issuer": found.workspace,
            "case": found.nonconformity,
            "defects": defect_words(found.nonconformity, get_language() or ""),
            "answers": answers,
            "declined": answers[0] if answers and answers[0].state == "declined" else None,
            "form": form if found.state in scar_services.ANSWERABLE else None,
            "is_sent": is_sent,
            "said": [] if found.state in scar_services.ANSWERABLE else form.non_field_errors(),
        },
        status=422 if form.errors else 200,
    )


def _quiet(response: HttpResponse) -> HttpResponse:
    """Neither searched nor stored anywhere."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response

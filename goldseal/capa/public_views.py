"""What a supplier sees under a link: the request, and the form to answer it without an account."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from goldseal.capa import scar_answer_services
from goldseal.capa.choices import AnswerState
from goldseal.capa.forms_solving import AnswerForm, FilesForm
from goldseal.capa.models import Scar, ScarAnswer
from goldseal.capa.scar_answer_services import ANSWERABLE, TEXTS, LinkEnded
from goldseal.capa.selectors import defect_words
from goldseal.kit.forming import submitted
from goldseal.kit.throttle import count_request
from goldseal.kit.visits import moment
from goldseal.workspaces.services import workspace_scope

VISITS_A_MINUTE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Read the request; answer it. A link of ours that ended says so, any other is not found."""
    now = moment(request)
    count_request(request, what="scar", most=VISITS_A_MINUTE, now=now)
    try:
        scar = scar_answer_services.visit_scar(secret=secret, now=now)
        with _language_of(request, scar.language):
            return _quiet(_answered(request, scar, secret, now))
    except LinkEnded as ended:
        with _language_of(request, ended.language):
            return _quiet(render(request, "capa/scar_ended.html", {"ended": ended}, status=ended.status))


def _language_of(request: HttpRequest, language: str) -> Any:
    """The letter came in the request's language; a visitor who chose another one here keeps it."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    return translation.override((get_language() if chosen else language) or "en")


def _answered(request: HttpRequest, scar: Scar, secret: str, now: datetime) -> HttpResponse:
    form: FilesForm = AnswerForm()
    done = None
    if request.method == "POST" and request.POST.get("do") == "files":
        form = FilesForm(request.POST, request.FILES)
        done = submitted(
            form,
            lambda values: scar_answer_services.add_files(
                secret=secret, files=_files(values), attests=values["attests"], now=now
            ),
        )
    elif request.method == "POST":
        form = answers = AnswerForm(request.POST, request.FILES)
        done = submitted(
            answers,
            lambda values: scar_answer_services.answer_scar(
                secret=secret,
                values=values,
                actions=answers.actions(),
                files=_files(values),
                attests=values["attests"],
                now=now,
            ),
        )
    form.ask_again()
    with workspace_scope(scar.workspace_id):
        return _shown(request, scar, form, is_sent=done is not None)


def _files(values: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(file.name or "", file.file) for file in values["files"]]


def _shown(request: HttpRequest, scar: Scar, form: FilesForm, *, is_sent: bool) -> HttpResponse:
    found: Any = Scar.objects.select_related("nonconformity", "supplier", "workspace").get(pk=scar.pk)
    answers = list(found.answers.prefetch_related("proofs__attachment").order_by("-version"))
    declined = answers[0] if answers and answers[0].state == AnswerState.DECLINED else None
    if declined is not None and not form.is_bound:
        form = AnswerForm(initial=_said_before(declined))
    may_answer, is_answer = found.state in ANSWERABLE, isinstance(form, AnswerForm)
    return render(
        request,
        "capa/scar_answer.html",
        {
            "scar": found,
            "issuer": found.workspace,
            "case": found.nonconformity,
            "defects": defect_words(found.nonconformity, get_language() or ""),
            "answers": answers,
            "declined": declined,
            "form": (form if is_answer else AnswerForm()) if may_answer else None,
            "adding": None if may_answer else FilesForm() if is_answer or is_sent else form,
            "sent": ("answer" if is_answer else "files") if is_sent else "",
            # What a form that is not on the page (any more) was told.
            "said": [] if may_answer == is_answer else form.non_field_errors(),
        },
        status=422 if form.errors else 200,
    )


def _said_before(answer: ScarAnswer) -> dict[str, Any]:
    """The last answer as the form holds it: who is asked again changes what was wrong in it."""
    said = {name: getattr(answer, name) for name in ("name", *TEXTS)}
    for place, row in enumerate(answer.planned):
        said |= {f"{name}-{place}": row.get(name) for name in ("words", "owner", "due_on")}
    return said


def _quiet(response: HttpResponse) -> HttpResponse:
    """Neither searched nor stored anywhere."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response

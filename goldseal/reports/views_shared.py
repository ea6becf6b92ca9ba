"""Pages under a link: the report as the buyer sees it, its password, its sealed PDF, and the buyer's answer."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from goldseal.kit.forming import submitted
from goldseal.kit.requests import client_device
from goldseal.kit.throttle import count_request
from goldseal.kit.visits import moment
from goldseal.reports import selectors, services
from goldseal.reports.forms import AnswerForm, UnlockForm
from goldseal.reports.link_services import UNLOCKED_FOR
from goldseal.reports.models import ReportShare, VersionState
from goldseal.reports.public_views import LOOKUPS_A_MINUTE, as_attachment, quiet
from goldseal.reports.rules.browsers import browser_family
from goldseal.reports.wording import in_language, responses_in_words, signatures_in_words

KEY_COOKIE = "link_key"


@require_GET
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """A report as the buyer sees it; a link with a password asks for it first."""
    now = _counted(request)
    try:
        share = services.note_visit(secret=secret, now=now, key=_key(request), browser=_browser(request))
    except services.Locked:
        return _ask(request, secret, UnlockForm())
    form = AnswerForm(only_remarks=share.version.state == VersionState.SUPERSEDED)
    return _page(request, share, form, secret)


@require_POST
def unlock(request: HttpRequest, secret: str) -> HttpResponse:
    """The password of a link; the right one opens it in this browser for twelve hours."""
    now = _counted(request)
    form = UnlockForm(request.POST)
    key = submitted(
        form,
        lambda values: services.unlock_share(
            secret=secret, password=values["password"], browser=_browser(request), now=now
        ),
    )
    if key is None:
        return _ask(request, secret, form)
    response = redirect("shared_report", secret=secret)
    response.set_cookie(
        KEY_COOKIE,
        key,
        max_age=UNLOCKED_FOR,
        path=f"/shared/{secret}/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return quiet(response)


@require_GET
def shared_file(request: HttpRequest, secret: str, form: str) -> HttpResponse:
    """The sealed PDF of a shared report, or its workbook."""
    now = _counted(request)
    try:
        found = services.download_shared(
            secret=secret, form=form, now=now, key=_key(request), browser=_browser(request)
        )
    except services.Locked:
        return _ask(request, secret, UnlockForm())
    return as_attachment(found)


@require_POST
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """The buyer answers by name: received, accepted with a deviation, rejected, or a comment."""
    now = _counted(request)
    form = AnswerForm(request.POST)
    try:
        done = submitted(
            form,
            lambda values: services.answer_shared(secret=secret, key=_key(request), now=now, **values),
        )
        if done is not None:
            return redirect(f"{reverse('shared_report', args=[secret])}?answered#answers")
        share = services.note_visit(secret=secret, now=now, key=_key(request), browser=_browser(request))
    except services.Locked:
        return _ask(request, secret, UnlockForm())
    return _page(request, share, form, secret)


def _counted(request: HttpRequest) -> datetime:
    now: datetime = moment(request)
    count_request(request, what="share", most=LOOKUPS_A_MINUTE, now=now)
    return now


def _key(request: HttpRequest) -> str:
    return request.COOKIES.get(KEY_COOKIE, "")


def _browser(request: HttpRequest) -> str:
    return browser_family(client_device(request))


def _ask(request: HttpRequest, secret: str, form: UnlockForm) -> HttpResponse:
    context = {"form": form, "secret": secret}
    return quiet(render(request, "reports/unlock.html", context, status=422 if form.errors else 200))


def _page(request: HttpRequest, share: ReportShare, form: AnswerForm, secret: str) -> HttpResponse:
    version = share.version
    summary = version.summary
    context: dict[str, Any] = {
        "share": share,
        "version": version,
        "report": version.report,
        "issuer": share.workspace,
        "summary": summary,
        "sections": [
            {"title": in_language(row), "verdict": row["verdict"]} for row in summary.get("sections", [])
        ],
        "reasons": [in_language(row) for row in summary.get("reasons", [])],
        "signatures": signatures_in_words(summary.get("signatures", [])),
        "responses": responses_in_words(selectors.responses_under(share)),
        "is_withdrawn": version.state == VersionState.WITHDRAWN,
        "is_superseded": version.state == VersionState.SUPERSEDED,
        "newest_withdrawn_reason": selectors.verification_of_token(version.token).newest_withdrawn_reason
        if version.state == VersionState.SUPERSEDED
        else "",
        "form": form,
        "secret": secret,
        "verify_url": services.verify_url(version.token),
    }
    return quiet(render(request, "reports/shared.html", context, status=422 if form.errors else 200))

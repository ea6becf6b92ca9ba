"""Pages for everybody: verifying a report by its token or file."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import json_script
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.kit.built import built_text
from goldseal.kit.errors import NotFound, TooLarge
from goldseal.kit.throttle import count_request
from goldseal.kit.visits import moment
from goldseal.reports import selectors, services
from goldseal.reports.engine.limits import MAX_BYTES
from goldseal.reports.rules.answers import Answer
from goldseal.reports.wording import ANSWERS, DRAFT, reason_words, signatures_in_words

LOOKUPS_A_MINUTE = 60
FILES_A_MINUTE = 10
ENVELOPE_BYTES = 64 * 1024  # what a form adds around the file
BLANK_CSP = "default-src 'none'; sandbox"


def quiet(response: HttpResponse) -> HttpResponse:
    """Neither searched nor stored anywhere."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def _now(request: HttpRequest) -> datetime:
    now: datetime = moment(request)
    return now


@csrf_exempt  # changes nothing and reads no session; without a token in it, equal answers have equal bytes
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Hand in a report: a digest (computed in the browser), or the file itself for the full check."""
    if request.method != "POST":
        return quiet(render(request, "reports/verify.html", {}))
    if _declared_length(request) > MAX_BYTES + ENVELOPE_BYTES:
        raise TooLarge(_("The file is larger than 20 MB; no report is."))
    if request.FILES.get("file") is None and request.POST.get("sha256"):
        count_request(request, what="lookup", most=LOOKUPS_A_MINUTE, now=_now(request))
        known = selectors.verification_of_file(request.POST["sha256"])
        if known.answer is Answer.UNKNOWN and "fragment" in request.GET:
            # The bytes are on no record; only the file itself can say whether it was altered.
            return quiet(render(request, "reports/verify_ask_file.html", {}))
        return _answer(request, known.answer, known)
    count_request(request, what="file", most=FILES_A_MINUTE, now=_now(request))
    handed = request.FILES.get("file")
    if handed is None or handed.size is None:
        return quiet(
            render(request, "reports/verify.html", {"problem": _("Choose a PDF file first.")}, status=422)
        )
    if handed.size > MAX_BYTES:
        raise TooLarge(_("The file is larger than 20 MB; no report is."))
    found = services.verify_file(pdf=handed.read())
    return _answer(request, found.answer, found.known, found=found)


def _declared_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _answer(
    request: HttpRequest,
    answer: Answer,
    known: selectors.Verification,
    *,
    found: services.FileVerification | None = None,
    token: str = "",
) -> HttpResponse:
    is_on_record = answer in (Answer.VALID, Answer.SUPERSEDED, Answer.WITHDRAWN)
    context: dict[str, Any] = {
        "answer": answer,
        "words": DRAFT if answer is Answer.VALID and not known.is_released else ANSWERS[answer],
        "known": known if is_on_record else None,
        "signatures": signatures_in_words(known.signatures) if is_on_record else [],
        "reasons": []
        if found is None or known.is_gone
        else [reason_words(reason) for reason in found.examination.reasons],
        "is_ours_without_record": bool(found and found.is_ours_without_record),
        "examination": found.examination if found else None,
        "by_token": bool(token),
        "offline_url": reverse("offline_verifier", args=[token])
        if token and is_on_record and not known.is_gone
        else "",
    }
    template = "reports/verify_answer.html" if "fragment" in request.GET else "reports/verify.html"
    return quiet(render(request, template, context))


@require_GET
def verify_token(request: HttpRequest, token: str) -> HttpResponse:
    """Where a report's QR code leads; the same answer for a foreign, a malformed and a nonexistent token."""
    count_request(request, what="lookup", most=LOOKUPS_A_MINUTE, now=_now(request))
    known = selectors.verification_of_token(token)
    return _answer(request, known.answer, known, token=token)


@require_GET
def certificate(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """The certificate of a seal by its SHA-256, for whoever checks a report with a program of their own."""
    count_request(request, what="lookup", most=LOOKUPS_A_MINUTE, now=_now(request))
    found = selectors.seal_by_fingerprint(fingerprint)
    if found is None:
        raise NotFound
    response = HttpResponse(found.certificate.encode(), content_type="application/x-pem-file")
    response["Content-Disposition"] = content_disposition_header(True, f"seal-{fingerprint[:16]}.pem") or ""
    return quiet(response)


@require_GET
def offline_verifier(request: HttpRequest, token: str) -> HttpResponse:
    """One HTML file that checks reports of this report's issuer without any server, for keeping.

    It holds the issuer's certificates as they are today. Raises NotFound for an unknown token.
    """
    now = _now(request)
    count_request(request, what="lookup", most=LOOKUPS_A_MINUTE, now=now)
    found = selectors.issuer_of_token(token)
    if found is None:
        raise NotFound
    is_bangla = (get_language() or "").startswith("bn")
    given = {
        "issuer": found.name,
        "made_at": now.isoformat(),
        "language": "bn" if is_bangla else "en",
        "certificates": found.certificates,
    }
    page = built_text("offline.html").replace("<!--given-->", json_script(given, "given"), 1)
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, "verify-offline.html") or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = BLANK_CSP  # opened here, it would do nothing; it is for a disk
    return quiet(response)


def as_attachment(found: services.Download) -> HttpResponse:
    """A file that the browser saves and never runs."""
    response = HttpResponse(found.content, content_type=found.mime)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = BLANK_CSP
    return quiet(response)

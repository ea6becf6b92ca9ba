"""The pages shown when something is not there, not allowed or went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from goldseal.kit.errors import Forbidden, GoldsealError, NotFound
from goldseal.kit.problems import problem_details


class UnexpectedError(GoldsealError):
    """Something broke; the person can only try again."""

    status = 500
    code = "unexpected"
    title = _("Something went wrong on our side. Nothing you sent was half-saved; please try again")


def error_page(request: HttpRequest, error: GoldsealError) -> HttpResponse:
    """The page for one error; says nothing about whether a foreign object exists. Problem details for programs."""
    if request.path.startswith(("/api/", "/floor/")):
        return problem_details(error)
    return render(request, "config/error.html", {"error": error, "status": error.status}, status=error.status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same bytes for a foreign and a nonexistent object."""
    return error_page(request, NotFound())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return error_page(request, Forbidden())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's one-time mark was missing or old."""
    return error_page(
        request,
        Forbidden(
            _("This page was open for too long or came from elsewhere. Go back, reload it and send it again.")
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read at all."""
    return error_page(request, GoldsealError(_("This request could not be read.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the last resort, rendered without anything that could fail again."""
    try:
        return error_page(request, UnexpectedError())
    except Exception:  # the frame itself may be what is broken
        return HttpResponse(str(UnexpectedError.title), status=500, content_type="text/plain; charset=utf-8")

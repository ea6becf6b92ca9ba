"""Headers every answer carries, and expected errors turned into pages people understand."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from goldseal.config.errors import error_page
from goldseal.kit.errors import GoldsealError

Handler = Callable[[HttpRequest], HttpResponse]


class HeadersMiddleware:
    """Permissions policy everywhere; pages of signed-in people are never stored by a cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(self), payment=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class ErrorPagesMiddleware:
    """An expected error that no view caught becomes its page, with the status it deserves."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called for exceptions of views."""
        if isinstance(exception, GoldsealError):
            return error_page(request, exception)
        return None

"""The language of a page, and who uses this device."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from goldseal.accounts.pin_services import ROSTER_COOKIE, ROSTER_LIFE, read_roster, roster_entry, write_roster
from goldseal.kit.clock import utc_now


class DeviceRosterMiddleware:
    """Keeps who signed in on this device today in a signed cookie, for switching by PIN."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        person = getattr(request, "joins_roster", None)
        if person is not None:
            now = utc_now()
            mine = roster_entry(person, now)
            others = [
                entry
                for entry in read_roster(request.COOKIES.get(ROSTER_COOKIE, ""), now)
                if entry.partition(":")[0] != str(person.pk)
            ]
            response.set_cookie(
                ROSTER_COOKIE,
                write_roster([*others, mine]),
                max_age=ROSTER_LIFE,
                httponly=True,
                samesite="Lax",
                secure=request.is_secure(),
            )
        return response


class PreferredLanguageMiddleware:
    """Activates the language from the cookie the switch sets, or from what the browser prefers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", language)
        return response

"""The API under `/api/v1`: who calls, and errors as RFC 9457 problem details."""

from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as RequestError
from ninja.parser import Parser
from ninja.security import HttpBearer

from goldseal.kit.actors import Actor
from goldseal.kit.errors import GoldsealError, Invalid, NotFound, NotSignedIn
from goldseal.kit.problems import problem_details

DESCRIPTION = """Every operation acts in the workspace its bearer token belongs to, with the permissions
of the person who made the token. Errors are problem details (RFC 9457): `type`, `title`, `status`,
`detail`, and `errors`, a list of `{at, message}` that names the place and what is allowed."""


class TokenInHand(HttpBearer):
    """The bearer token; the middleware has already opened the door it stands for."""

    openapi_description = "An API token of one person in one workspace."

    def __call__(self, request: HttpRequest) -> Any:
        """Accept who the middleware let in."""
        return self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor, or None: 401."""
        actor = getattr(request, "actor", None)
        return actor if isinstance(actor, Actor) else None


class QuickParser(Parser):
    """Bodies read by the JSON reader that long batches of events need."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value; what is no JSON raises ValueError.

        What only the lenient reader takes (half a surrogate pair) is left to the rules to refuse at its place.
        """
        try:
            return orjson.loads(request.body)
        except orjson.JSONDecodeError:
            return super().parse_body(request)


api = NinjaAPI(
    title="Goldseal",
    parser=QuickParser(),
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    auth=TokenInHand(),
)


@api.exception_handler(GoldsealError)
def _expected(request: HttpRequest, error: GoldsealError) -> HttpResponse:
    return problem_details(error)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_details(NotFound())


@api.exception_handler(RequestError)
def _unreadable(request: HttpRequest, error: RequestError) -> HttpResponse:
    places = [
        {
            "at": ".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0]),
            "message": str(item["msg"]),
        }
        for item in error.errors
    ]
    return problem_details(Invalid(), errors=places)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 401:
        return problem_details(NotSignedIn())
    refused = GoldsealError(str(error))
    refused.status = error.status_code
    return problem_details(refused)


def add_rooms() -> None:
    """Take in each room's router."""
    from importlib import import_module
    from importlib.util import find_spec

    for room in ("inspections", "files", "catalog", "reports", "capa"):  # first where every tap goes
        if find_spec(f"goldseal.{room}.api"):
            api.add_router("", import_module(f"goldseal.{room}.api").router)


add_rooms()

"""Errors for programs: problem details (RFC 9457)."""

import json

from django.http import HttpResponse

from goldseal.kit.errors import GoldsealError


def problem_details(error: GoldsealError, *, errors: list[dict[str, str]] | None = None) -> HttpResponse:
    """The problem details of an error; `errors` names each place and what is allowed there."""
    places = errors if errors is not None else [{"at": k, "message": str(v)} for k, v in error.fields.items()]
    body = {
        "type": f"urn:goldseal:problem:{error.code}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.message),
        "errors": places,
    }
    response = HttpResponse(json.dumps(body), status=error.status, content_type="application/problem+json")
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response

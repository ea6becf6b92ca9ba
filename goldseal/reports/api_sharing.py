"""Letting reports go and the buyer's answers in the API: check, share, end a link, answer."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from goldseal.kit.visits import visit
from goldseal.reports import selectors, services
from goldseal.reports.apiparts import MISSING, ReportProblem
from goldseal.reports.models import BuyerResponse, ReportShare
from goldseal.workspaces.permissions import authorize

router = Router(tags=["reports"])

# PostgreSQL keeps no zero character.
Note = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Version = Annotated[int, Field(ge=1, le=30_000, description="Which version of the report.")]
ACTED = {**MISSING, 409: ReportProblem}


class CheckRequest(Schema):
    """The word of a named reviewer (K30, K31); every point must be true."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    counts: bool = False
    photos: bool = False
    measurements: bool = False
    aql_result: bool = False
    authorised: bool = False


class CheckOut(Schema):
    """Who vouched for a version, and when."""

    reviewer: str
    at: datetime


class ShareRequest(Schema):
    """A link for somebody outside; with `email` it is sent there, with `message` above it."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    recipient: Annotated[Note, Field(min_length=1, max_length=120)]
    days: Annotated[int, Field(ge=1, le=365)] = 30
    password: Annotated[Note, Field(max_length=128)] = ""
    email: Annotated[Note, Field(max_length=254)] = ""
    message: Annotated[Note, Field(max_length=1000)] = ""


class ShareOut(Schema):
    """A link as it stands; its secret address is told only when it is made."""

    id: UUID
    version: int
    recipient: str
    has_password: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    viewed_count: int
    last_viewed_at: datetime | None
    url: str = ""


class ResponseRequest(Schema):
    """The buyer's answer; all but a receipt need words."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    kind: Literal["acknowledge", "concession", "reject", "comment"]
    text: Note = ""


class ResponseOut(Schema):
    """One answer as it was given."""

    id: UUID
    version: int
    kind: str
    name: str
    text: str
    at: datetime


@router.post(
    "/reports/{uuid:report_id}/checks",
    response={201: CheckOut, **ACTED},
    summary="Check a version before sharing",
)
def check(request: HttpRequest, report_id: UUID, body: CheckRequest) -> Status[dict[str, Any]]:
    """Vouch for a sealed version, point by point; only then can it be shared or downloaded."""
    actor, now = visit(request)
    authorize(actor, "reports.share")
    version = selectors.version_numbered(report_id, body.version)
    done = services.complete_pre_share_check(
        version_id=version.pk, ticks=body.model_dump(exclude={"version"}), actor=actor, now=now
    )
    return Status(201, {"reviewer": done.reviewer_name, "at": done.at})


@router.get(
    "/reports/{uuid:report_id}/shares", response={200: list[ShareOut], **MISSING}, summary="List links"
)
def list_shares(request: HttpRequest, report_id: UUID) -> list[dict[str, Any]]:
    """The links to any version of a report, newest first, at most a hundred."""
    actor, _now = visit(request)
    authorize(actor, "reports.share")
    report = selectors.report_by_id(report_id)
    return [_share(row) for row in selectors.shares_of(report.pk)[:100]]


@router.post("/reports/{uuid:report_id}/shares", response={201: ShareOut, **ACTED}, summary="Make a link")
def share(request: HttpRequest, report_id: UUID, body: ShareRequest) -> Status[dict[str, Any]]:
    """A link to a checked version. `url` holds its secret and is told this once."""
    actor, now = visit(request)
    authorize(actor, "reports.share")
    version = selectors.version_numbered(report_id, body.version)
    request.tells_secret = True  # type: ignore[attr-defined]  # a repeated request is not told it again
    made, secret = services.share_report(
        version_id=version.pk, actor=actor, now=now, **body.model_dump(exclude={"version"})
    )
    return Status(201, {**_share(made), "url": services.share_url(secret)})


@router.post(
    "/reports/shares/{uuid:share_id}/revoke", response={200: ShareOut, **ACTED}, summary="End a link"
)
def revoke(request: HttpRequest, share_id: UUID) -> dict[str, Any]:
    """End a link at once; ending it again changes nothing."""
    actor, now = visit(request)
    return _share(services.revoke_share(share_id=share_id, actor=actor, now=now))


@router.get(
    "/reports/{uuid:report_id}/responses",
    response={200: list[ResponseOut], **MISSING},
    summary="List answers",
)
def list_responses(request: HttpRequest, report_id: UUID) -> list[dict[str, Any]]:
    """What the buyer answered to any version of a report, newest first, at most a hundred."""
    actor, _now = visit(request)
    authorize(actor, "reports.view")
    report = selectors.report_by_id(report_id)
    return [_response(row) for row in selectors.responses_to(report.pk)[:100]]


@router.post(
    "/reports/{uuid:report_id}/responses",
    response={201: ResponseOut, **ACTED},
    summary="Answer for the buyer",
)
def respond(request: HttpRequest, report_id: UUID, body: ResponseRequest) -> Status[dict[str, Any]]:
    """A guest of the buyer answers to a version that was shared."""
    actor, now = visit(request)
    authorize(actor, "reports.answer")
    version = selectors.version_numbered(report_id, body.version)
    given = services.answer_report(
        version_id=version.pk, kind=body.kind, text=body.text, actor=actor, now=now
    )
    return Status(201, _response(given))


def _share(row: ReportShare) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": row.version.version,
        "recipient": row.recipient,
        "has_password": row.has_password,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "revoked_at": row.revoked_at,
        "viewed_count": row.viewed_count,
        "last_viewed_at": row.last_viewed_at,
    }


def _response(row: BuyerResponse) -> dict[str, Any]:
    return {
        "id": row.pk,
        "version": row.version.version,
        "kind": row.kind,
        "name": row.name,
        "text": row.text,
        "at": row.at,
    }

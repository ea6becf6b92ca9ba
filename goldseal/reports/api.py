"""Reports in the API: list, read, request, download, verify."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from goldseal.kit.visits import visit
from goldseal.reports import api_sharing, selectors, services
from goldseal.reports.apiparts import DENIED, MISSING, ReportProblem
from goldseal.reports.models import Report, ReportVersion
from goldseal.reports.public_views import as_attachment
from goldseal.reports.wording import in_language
from goldseal.workspaces.permissions import authorize

router = Router(tags=["reports"])
router.add_router("", api_sharing.router)

MOST = 100
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Language = Literal["en", "bn", "both"]
State = Literal["queued", "sealed", "superseded", "withdrawn", "failed"]


class ReportRequest(Schema):
    """Ask for the report about a record."""

    model_config = ConfigDict(extra="forbid")

    kind: Code = Field(description="Kind of report, such as final-inspection.")
    subject_id: UUID = Field(description="The record the report is about.")
    language: Language = "en"


class VersionOut(Schema):
    """One version of a report."""

    id: UUID
    version: int
    state: State
    language: Language
    released: bool = Field(description="It passed the check before sharing; until then it is a draft.")
    verdict: str
    changes: str
    content_hash: str
    file_hash: str
    requested_at: datetime
    sealed_at: datetime | None
    superseded_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    failure: str
    verify_url: str


class ReportOut(Schema):
    """A report, with its versions, newest first, where one report was asked for."""

    id: UUID
    number: str
    kind: str
    subject_id: UUID
    title: str
    created_at: datetime
    latest_version: int | None
    latest_state: State | None
    latest_released: bool = Field(description="The latest version passed the check before sharing.")
    latest_verdict: str | None
    versions: list[VersionOut] = []


class ReportPage(Schema):
    """A part of the list; `next` is the `after` of the following part, or null at the end."""

    items: list[ReportOut]
    next: UUID | None


class ListQuery(Schema):
    """Which part of the list."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MOST)] = 25
    after: UUID | None = None
    state: State | None = None


class VerifyRequest(Schema):
    """The SHA-256 of a PDF, in lower-case hexadecimal."""

    model_config = ConfigDict(extra="forbid")

    file_hash: Sha256


class VerifyOut(Schema):
    """What is on record about a file with exactly these bytes.

    `released`: it passed the check before sharing; until then the version before it holds. `seal_revoked_at`: the
    certificate of its seal was revoked after that; our record of its bytes still proves them. `erased_on`: the
    issuer's workspace was erased, and nothing but this is known. `erasing`: it is being erased, and nothing but that is
    told.
    """

    answer: Literal["valid", "superseded", "withdrawn", "unknown"]
    released: bool
    number: str
    version: int
    issued_by: str
    sealed_at: datetime | None
    superseded_at: datetime | None
    withdrawn_at: datetime | None
    newest_version: int
    verdict: str
    seal_revoked_at: datetime | None
    erasing: bool
    erased_on: date | None


FILE_ANSWERS: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file.",
            "content": {
                "application/pdf": {"schema": {"type": "string", "format": "binary"}},
                "application/json": {"schema": {"type": "object"}},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                    "schema": {"type": "string", "format": "binary"}
                },
            },
        },
    }
}


@router.get("/reports", response={200: ReportPage, **DENIED, 422: ReportProblem}, summary="List reports")
def list_reports(request: HttpRequest, query: Query[ListQuery]) -> dict[str, Any]:
    """Reports of the workspace, newest first."""
    actor, _now = visit(request)
    authorize(actor, "reports.view")
    rows = selectors.reports(state=query.state or "").order_by("-pk")
    if query.after is not None:
        rows = rows.filter(pk__lt=query.after)
    found = list(rows[: query.limit + 1])
    items = [_report(row) for row in found[: query.limit]]
    return {"items": items, "next": found[query.limit - 1].pk if len(found) > query.limit else None}


@router.post(
    "/reports",
    response={201: VersionOut, **MISSING, 409: ReportProblem},
    summary="Request a report, or its next version",
)
def request_report(request: HttpRequest, body: ReportRequest) -> Status[dict[str, Any]]:
    """The version is queued and sealed within seconds; ask for the report until its state is `sealed`."""
    actor, now = visit(request)
    version = services.request_report(
        kind=body.kind, subject_id=body.subject_id, language=body.language, actor=actor, now=now
    )
    return Status(201, _version(version))


@router.post(
    "/reports/verify", response={200: VerifyOut, **DENIED, 422: ReportProblem}, summary="Verify a file"
)
def verify(request: HttpRequest, body: VerifyRequest) -> dict[str, Any]:
    """The same answer as the public page gives for a digest; names of people are not in it."""
    visit(request)
    known = selectors.verification_of_file(body.file_hash)
    return {
        "answer": known.answer.value,
        "released": known.is_released,
        "number": known.number,
        "version": known.version,
        "issued_by": known.workspace,
        "sealed_at": known.sealed_at,
        "superseded_at": known.superseded_at,
        "withdrawn_at": known.withdrawn_at,
        "newest_version": known.newest_version,
        "verdict": known.verdict,
        "seal_revoked_at": known.seal_revoked_at,
        "erasing": known.is_erasing,
        "erased_on": known.erased_on,
    }


@router.get("/reports/{uuid:report_id}", response={200: ReportOut, **MISSING}, summary="Read a report")
def read_report(request: HttpRequest, report_id: UUID) -> dict[str, Any]:
    """One report with all its versions."""
    actor, _now = visit(request)
    authorize(actor, "reports.view")
    report = selectors.report_by_id(report_id)
    return {
        **_report(report),
        "versions": [
            _version(row, is_released=bool(check or row.shared_at or row.shown_to_id))
            for row, check in selectors.versions_of(report.pk)
        ],
    }


@router.get(
    "/reports/{uuid:report_id}/versions/{int:number}/{form}",
    response={**MISSING, 409: ReportProblem},
    openapi_extra=FILE_ANSWERS,
    summary="Download a version",
)
def download(
    request: HttpRequest,
    report_id: UUID,
    number: int,
    form: Literal["pdf", "draft", "json", "xlsx", "exchange"],
) -> HttpResponse:
    """The sealed PDF or the workbook (409 until the check before sharing), a draft, the canonical record, or the
    buyer's exchange file (404 where the buyer has none)."""
    actor, now = visit(request)
    authorize(actor, "reports.view")
    version = selectors.version_numbered(report_id, number)
    return as_attachment(services.download_report(version_id=version.pk, form=form, actor=actor, now=now))


def _report(report: Any) -> dict[str, Any]:
    row: Report = report
    return {
        "id": row.pk,
        "number": row.number,
        "kind": row.kind,
        "subject_id": row.subject_id,
        "title": row.title,
        "created_at": row.created_at,
        "latest_version": report.latest_version,
        "latest_state": report.latest_state,
        "latest_released": bool(report.latest_is_released),
        "latest_verdict": report.latest_verdict,
    }


def _version(version: ReportVersion, *, is_released: bool = False) -> dict[str, Any]:
    return {
        "id": version.pk,
        "version": version.version,
        "state": version.state,
        "language": version.language,
        "released": is_released,
        "verdict": version.verdict,
        "changes": version.changes,
        "content_hash": version.content_hash,
        "file_hash": version.file_hash,
        "requested_at": version.requested_at,
        "sealed_at": version.sealed_at,
        "superseded_at": version.superseded_at,
        "withdrawn_at": version.withdrawn_at,
        "withdrawn_reason": version.withdrawn_reason,
        "failure": in_language({"en": version.failure, "bn": version.summary.get("failure_bn")}),
        "verify_url": services.verify_url(version.token) if version.is_issued else "",
    }

"""The sheet of a site's day over the API."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from goldseal.inspections import day_services
from goldseal.inspections.api_requests import REFUSALS
from goldseal.inspections.schemas import Strict
from goldseal.kit.visits import visit

router = Router(tags=["inspections"])


class DaySheetIn(Strict):
    """A site and a day whose lines are reported together."""

    site: UUID
    day: date
    language: Literal["en", "bn", "both"] = "en"


class DaySheetOut(Schema):
    """The report that is being made; ask for it under /reports until it is sealed."""

    report: UUID
    version: UUID
    number: str
    state: str


@router.post("/day-sheets", response={201: DaySheetOut, **REFUSALS}, operation_id="request_day_sheet")
def request_day_sheet(request: HttpRequest, body: DaySheetIn) -> Any:
    """Have the sheet of a day made and sealed: version 1, or the next one."""
    actor, now = visit(request)
    version = day_services.request_day_sheet(
        site_id=body.site, day=body.day, language=body.language, actor=actor, now=now
    )
    made = {
        "report": version.report_id,
        "version": version.pk,
        "number": version.report.number,
        "state": version.state,
    }
    return Status(201, made)

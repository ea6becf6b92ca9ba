"""Imports over the API: a file in, what is wrong with it out, and then the word to write it."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from goldseal.catalog import importing_selectors as selectors
from goldseal.catalog import shapes
from goldseal.catalog.models import ImportRun
from goldseal.catalog.services import importing
from goldseal.kit.errors import TooLarge
from goldseal.kit.sheets.table import address
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

router = Router(tags=["imports"])
PROBLEMS_SHOWN = 1000
_REFUSED: dict[int, Any] = dict.fromkeys((401, 403, 404, 409, 422), shapes.CatalogProblem)
Key = Annotated[str, shapes.text(30)]


class ImportIn(shapes.Strict):
    """What the file holds."""

    kind: Annotated[str, shapes.text(30, 1)] = Field(description="`orders`, `styles`, `defects`, …")


class MatchingIn(shapes.Strict):
    """How the sheet is to be read. What is left out is taken as guessed or as chosen last time."""

    columns: Annotated[list[Key], Field(max_length=500)] | None = Field(
        None, description="The field of each column in their order, empty for one left out, `+` for a size"
    )
    existing: Literal["", "keep", "merge", "replace", "update"] = ""
    date_order: Literal["", "dmy", "mdy"] = ""
    is_filled_down: bool = False


class ApplyIn(shapes.Strict):
    """Everything, or only the good rows: those without problems that nothing holds back."""

    only_good: bool = False


class ImportProblemOut(Schema):
    """What is wrong with one cell or row; `column` is 0 and `cell` empty where it is no single cell."""

    row: int
    column: int
    cell: str
    message: str


class ImportOut(Schema):
    """An import: its state, the columns as they are matched, and at most a thousand problems.

    `held` are rows without a problem of their own that stay out with what they belong to: an order or a
    chart is imported whole. At most a thousand, too; `rows_held` counts all.
    """

    id: UUID
    kind: str
    state: str
    file_name: str
    sheet: str
    heading_row: int
    columns: list[str]
    rows_total: int
    rows_bad: int
    rows_held: int
    rows_done: int
    failure: str
    counts: dict[str, int]
    problems_total: int
    problems: list[ImportProblemOut]
    held: list[ImportProblemOut]
    created_at: datetime
    applied_at: datetime | None


@router.post(
    "/imports",
    response={201: ImportOut, 413: shapes.CatalogProblem, **_REFUSED},
    operation_id="start_import",
)
def start_import(request: HttpRequest, file: File[UploadedFile], given: Form[ImportIn]) -> Any:
    """Send an XLSX or CSV file as multipart/form-data. Nothing is imported yet."""
    actor, now = visit(request)
    data = file.read()
    if len(data) != cast(int, file.size):
        raise TooLarge
    run = importing.start_import(kind=given.kind, file_name=file.name or "", data=data, actor=actor, now=now)
    return Status(201, _shown(run))


@router.get("/imports/{pk}", response={200: ImportOut, **_REFUSED}, operation_id="get_import")
def get_import(request: HttpRequest, pk: UUID) -> Any:
    """How far an import is, and what is wrong with its rows."""
    actor, _now = visit(request)
    run = selectors.import_run(pk)
    authorize(actor, selectors.kind_of(run).permission)
    return _shown(run)


@router.post("/imports/{pk}/check", response={202: ImportOut, **_REFUSED}, operation_id="check_import")
def check_import(request: HttpRequest, pk: UUID, body: MatchingIn) -> Any:
    """Match the columns and have every row checked; ask `get_import` until the state is `checked`."""
    actor, now = visit(request)
    run = selectors.import_run(pk)
    run = importing.check_import(
        run_id=pk,
        columns=run.columns if body.columns is None else body.columns,
        existing=body.existing,
        date_order=body.date_order,
        is_filled_down=body.is_filled_down,
        actor=actor,
        now=now,
    )
    return Status(202, _shown(run))


@router.post("/imports/{pk}/apply", response={202: ImportOut, **_REFUSED}, operation_id="apply_import")
def apply_import(request: HttpRequest, pk: UUID, body: ApplyIn) -> Any:
    """Write a checked import, all of it or nothing; ask `get_import` until the state is `done`.

    Pressed twice, it is written once.
    """
    actor, now = visit(request)
    run = importing.apply_import(run_id=pk, is_only_good=body.only_good, actor=actor, now=now)
    return Status(202, _shown(run))


def _shown(run: ImportRun) -> dict[str, Any]:
    return {
        **{name: getattr(run, name) for name in ImportOut.model_fields if hasattr(run, name)},
        "rows_held": len(run.held),
        "problems_total": len(run.problems),
        "problems": [_told(row, column, words) for row, column, words in run.problems[:PROBLEMS_SHOWN]],
        "held": [_told(row, 0, words) for row, words in run.held[:PROBLEMS_SHOWN]],
    }


def _told(row: int, column: int, words: str) -> dict[str, Any]:
    return {"row": row, "column": column, "cell": address(row, column) if column else "", "message": words}

"""Reading imports: runs, their sheets as the pages show them, and what is wrong with their rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from goldseal.catalog.models import ImportMapping, ImportRun
from goldseal.kit.errors import NotFound
from goldseal.kit.importing import ImportKind, Occasion, Prepared, Problem, import_kind
from goldseal.kit.sheets.heading import Heading, heading_at
from goldseal.kit.sheets.matching import Reading, known_names, read_rows, source_of
from goldseal.kit.sheets.opening import Book, open_book
from goldseal.kit.sheets.table import Table, address

PREVIEW_ROWS = 5


@dataclass(frozen=True, slots=True)
class Examined:
    """A sheet compared with what is stored: its problems by row, the rows held back, and what can be written.

    `rows_total` counts rows of the sheet, `records` what of them is ready to be written.
    """

    problems: list[Problem]
    held: list[Problem]
    rows_total: int
    records: int
    prepared: Prepared

    @property
    def rows_bad(self) -> set[int]:
        """The rows with problems."""
        return {problem.row for problem in self.problems}

    @property
    def rows_out(self) -> set[int]:
        """The rows that are not imported: those with problems and those held back."""
        return self.rows_bad | {problem.row for problem in self.held}


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """One column on the page that matches them: its letters, name, first values, and the field chosen."""

    position: int
    letters: str
    name: str
    samples: list[str]
    field: str


def import_runs() -> QuerySet[ImportRun]:
    """Every run, without the files."""
    return ImportRun.objects.defer("content", "problems", "held").select_related("started_by")


def import_run(run_id: UUID) -> ImportRun:
    """A run with its file; NotFound for one that is not there."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NotFound
    return run


def kind_of(run: ImportRun) -> ImportKind:
    """The kind of a run; NotFound for one that no room declares any more."""
    kind = import_kind(run.kind)
    if kind is None:
        raise NotFound
    return kind


def remembered_for(kind: ImportKind, heading: Heading) -> ImportMapping | None:
    """What the columns of this source meant last time."""
    return ImportMapping.objects.filter(kind=kind.code, source=source_of(heading)).first()


def heading_of(run: ImportRun, table: Table | None = None) -> Heading:
    """The header of a run's sheet."""
    table = table or open_book(bytes(run.content)).head(run.sheet)
    return heading_at(table, run.heading_row, is_known=known_names(kind_of(run)))


def shown_columns(book: Book, run: ImportRun) -> tuple[Heading, list[ShownColumn]]:
    """The header and the columns with their first values, for the page that matches them."""
    table = book.head(run.sheet)
    heading = heading_of(run, table)
    below = range(heading.first_data_row, min(heading.first_data_row + PREVIEW_ROWS, len(table.rows) + 1))
    chosen = [*run.columns, *[""] * len(heading.parts)]
    return heading, [
        ShownColumn(
            position,
            address(0, position)[:-1],
            name,
            [text for row in below if (text := table.text(row, position))][:3],
            chosen[position - 1],
        )
        for position, name in enumerate(heading.names, 1)
        if name or any(table.text(row, position) for row in below)
    ]


def examined(run: ImportRun, *, now: datetime) -> Examined:
    """Read a run's whole sheet and compare it with what is stored at `now`, all its problems at once."""
    kind = kind_of(run)
    table = open_book(bytes(run.content)).read(run.sheet)
    reading = Reading(tuple(run.columns), run.date_order, run.is_filled_down)
    found = read_rows(table, heading_of(run, table), reading, kind)
    prepared = kind.prepare(found.rows, Occasion(run.pk, run.existing, now))
    # A row with its sizes as columns is several records, all with the same problem.
    told = {(p.row, p.column, str(p.words)): p for p in (*found.problems, *prepared.problems)}
    listed = [told[key] for key in sorted(told)]
    result = Examined(listed, prepared.held, found.sheet_rows, 0, prepared)
    out = result.rows_out
    return replace(result, records=sum(row.number not in out for row in found.rows))


def rows_left_out(run: ImportRun) -> set[int]:
    """The rows that a checked run does not import: those with problems and those held back."""
    return {row for row, *_rest in (*run.problems, *run.held)}


def rows_to_mend(run: ImportRun) -> tuple[list[str], Iterator[list[str]]]:
    """The header and the rows left out as they stood in the sheet, led by what is wrong with each."""
    table = open_book(bytes(run.content)).read(run.sheet)
    heading = heading_of(run, table)
    told: dict[int, list[str]] = {}
    for row, column, words in run.problems:
        told.setdefault(row, []).append(f"{address(row, column)}: {words}" if column else words)
    for row, words in run.held:
        told[row] = [words]
    kind = kind_of(run)
    carried = [
        column
        for column, key in enumerate(run.columns, 1)
        if run.is_filled_down and key and (f := kind.field(key)) and f.is_identifying
    ]

    def rows() -> Iterator[list[str]]:
        above: dict[int, str] = {}
        for number in range(heading.first_data_row, len(table.rows) + 1):
            texts = [table.text(number, column) for column in range(1, len(heading.parts) + 1)]
            for column in carried:
                above[column] = texts[column - 1] = texts[column - 1] or above.get(column, "")
            if number in told:
                yield ["; ".join(told[number]), *texts]

    return heading.names, rows()

"""Reading XLSX: values only, numbers exact, merged cells, both date systems; formulas are never run."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any
from xml.etree.ElementTree import iterparse
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import coordinate_to_tuple

from goldseal.kit.errors import GoldsealError, Invalid, TooLarge
from goldseal.kit.sheets.csvfile import too_many_columns, too_many_rows
from goldseal.kit.sheets.table import COLUMNS_MAX, ROWS_MAX, UNPACKED_BYTES_MAX, Merge, NumberText, Table
from goldseal.kit.words import Words

MERGES_MAX = 50_000
SPREAD_MAX = 1_000_000  # rows over which merged cells reach, all together
_STRINGS = "xl/sharedStrings.xml"
_NO_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
NOT_CALCULATED = _(
    "A formula without its result. Open the file in a spreadsheet program, save it, try again."
)
NOT_READABLE = _(
    "The file is damaged or is no spreadsheet. Open it in a spreadsheet program and save it anew."
)


@dataclass(slots=True)
class _Marks:
    """What the values alone do not say: merged cells, formulas without a result, the last filled row and column."""

    merges: list[Merge]
    formulas: list[tuple[int, int]]
    bottom: int = 0
    right: int = 0


def sheet_names(data: bytes) -> list[str]:
    """The sheets a person sees, in their order; Invalid or TooLarge at `file`."""
    with _opened(data) as book:
        return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]


def read_xlsx(data: bytes, sheet: str, *, rows_max: int = ROWS_MAX, is_part: bool = False) -> Table:
    """One sheet; Invalid or TooLarge at `file`.

    Dates are ISO text, numbers plain text of at most the 15 digits that are shown, percentages end in %.
    `is_part`: stop after `rows_max` rows instead of refusing more.
    """
    with _opened(data) as book:
        if sheet not in book.sheetnames:
            raise Invalid(fields={"sheet": _("This file has no sheet of that name.")})
        found = book[sheet]
        marks = _marks(found)
        if marks.right > COLUMNS_MAX:
            raise too_many_columns()
        if marks.bottom > rows_max and not is_part:
            raise too_many_rows()
        bottom = min(marks.bottom, rows_max)
        found.reset_dimensions()  # what a sheet says of its own size is often wrong
        table = Table(list(_rows(found, bottom, marks.right)) if bottom else [])
    for row, cells in enumerate(table.rows, 1):
        for column, text in enumerate(cells, 1):
            if isinstance(text, _ErrorText):
                table.faults[row, column] = _("The sheet shows %(error)s here.") % {"error": str(text)}
    for row, column in marks.formulas:
        if row <= bottom and column <= COLUMNS_MAX:
            table.faults[row, column] = NOT_CALCULATED
    _spread(table, marks.merges)
    return table


class _ErrorText(str):
    """The text of an error cell, such as #N/A."""

    __slots__ = ()


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The workbook; whatever the library raises on a broken file becomes one sentence."""
    try:
        data = _checked(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that reading values does not need
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except GoldsealError:
        raise
    except Exception as problem:  # a hostile file can make the library fail in any way
        raise Invalid(fields={"file": NOT_READABLE}) from problem


def _checked(data: bytes) -> bytes:
    """The archive, if it is none that grows beyond measure or declares entities; a missing part is added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > UNPACKED_BYTES_MAX or len(entries) > 5_000:
            raise TooLarge(
                fields={"file": _("Unpacked, this file is too large. Divide it or save it as CSV.")}
            )
        for entry in entries:
            with archive.open(entry) as part:
                if _declares_entities(part):
                    raise Invalid(fields={"file": NOT_READABLE})
        names = {entry.filename for entry in entries}
        has_lost_strings = _STRINGS not in names and b"sharedStrings" in archive.read("[Content_Types].xml")
    if not has_lost_strings:
        return data
    mended = io.BytesIO(data)
    with zipfile.ZipFile(mended, "a") as archive:
        archive.writestr(_STRINGS, _NO_STRINGS)
    return mended.getvalue()


class _Root(Exception):
    """The first element: after it no declaration can stand."""


def _declares_entities(part: IO[bytes]) -> bool:
    """Whether a part of the archive is XML with a document type, wherever before the first element it stands.

    Workbooks have none; it is where entities that grow are declared. A part that is no XML is left to the
    reader.
    """
    found: list[bool] = []

    def declared(*_anything: object) -> None:
        found.append(True)
        raise _Root

    def root(*_anything: object) -> None:
        raise _Root

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = root
    try:
        while chunk := part.read(65_536):
            parser.Parse(chunk)
    except (_Root, expat.ExpatError):
        pass
    return bool(found)


def _rows(sheet: Any, bottom: int, right: int) -> Iterator[list[str]]:
    percent: dict[Any, bool] = {}
    for cells in sheet.iter_rows(max_row=bottom, max_col=right):
        texts = [_text(cell, percent) if cell.value is not None else "" for cell in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        yield texts


def _text(cell: Any, percent: dict[Any, bool]) -> str:
    """A cell as text. `percent` remembers which styles show percentages."""
    value = cell.value
    if cell.data_type == "e":
        return _ErrorText(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        style = cell._style_id
        if style not in percent:
            percent[style] = bool(style) and "%" in str(cell.number_format)
        return NumberText(plain_number(value, is_percent=percent[style]))
    return _moment(value)


def plain_number(value: int | float, *, is_percent: bool = False) -> str:
    """A number without exponent, of the 15 digits a spreadsheet shows: 0.1 + 0.2 is 0.3."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
    if is_percent:
        exact *= 100
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}%" if is_percent else text


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def _marks(sheet: Any) -> _Marks:
    """A first look at the sheet, which tells what reading its values would cost."""
    marks = _Marks([], [])
    row = 0
    with sheet._get_source() as part:
        for _event, element in iterparse(part):  # noqa: S314  (declarations were refused before)
            name = element.tag.rpartition("}")[2]
            if name == "row":
                row = int(element.get("r") or row + 1)
                _mark_row(marks, row, element)
                element.clear()
            elif name == "mergeCell" and len(marks.merges) < MERGES_MAX:
                left, top, right, bottom = range_boundaries(element.get("ref") or "")
                if left and top and right and bottom:
                    marks.merges.append(Merge(top, left, bottom, right))
    return marks


def _mark_row(marks: _Marks, row: int, element: Any) -> None:
    column = 0
    for cell in element:
        place = cell.get("r")
        column = coordinate_to_tuple(place)[1] if place else column + 1
        if len(cell):
            parts = {part.tag.rpartition("}")[2]: part for part in cell}
            has_value = "is" in parts or ("v" in parts and bool(parts["v"].text))
            # A formula whose result is an empty text says so by its type.
            if "f" in parts and not has_value and cell.get("t") != "str":
                marks.formulas.append((row, column))
            if has_value or "f" in parts:
                marks.bottom, marks.right = max(marks.bottom, row), max(marks.right, column)


def _spread(table: Table, merges: list[Merge]) -> None:
    """Merged cells down their rows: what stands on top holds for every row of them."""
    left_to_do = SPREAD_MAX
    for merge in merges:
        bottom = min(merge.bottom, len(table.rows))
        table.merges.append(merge)
        text = table.text(merge.top, merge.left)
        left_to_do -= max(bottom - merge.top, 0)
        if left_to_do < 0:
            raise Invalid(fields={"file": NOT_READABLE})
        if not text or merge.left > COLUMNS_MAX:
            continue
        for row in range(merge.top + 1, bottom + 1):
            cells = table.rows[row - 1]
            cells.extend([""] * (merge.left - len(cells)))
            cells[merge.left - 1] = text
            table.repeated.add((row, merge.left))


def cannot_be_read(kind: Words) -> Invalid:
    """A file of another kind, with what to save it as."""
    return Invalid(
        fields={
            "file": _(
                "This is %(kind)s. Open it in a spreadsheet program and save it as XLSX or as CSV UTF-8."
            )
            % {"kind": kind}
        }
    )

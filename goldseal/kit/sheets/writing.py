"""Writing spreadsheets: XLSX with typed cells and CSV, neither of which can carry a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from goldseal.kit.sheets.table import CELL_LETTERS_MAX
from goldseal.kit.spreadsheets import harmless_cell

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
WIDTH_MIN, WIDTH_MAX = 8, 60  # in letters
# A text is a text: nothing in it is looked at as formula, link or number.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_EXACT_MAX = Decimal(10) ** 15  # beyond it a spreadsheet would round, so the digits are written as text


def write_csv(*, heads: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV in UTF-8 with its mark, for spreadsheet programs; a cell that could run is led by an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless_cell(head) for head in heads])
    for row in rows:
        writer.writerow([harmless_cell(value) for value in row])
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def write_xlsx(*, heads: Sequence[Any], rows: Iterable[Sequence[Any]], title: str = "") -> bytes:
    """A workbook of one sheet: numbers as numbers, dates as dates, instants in the zone in force, the rest as text.

    The header is bold and stays in view; columns are as wide as what stands in them. `title` names the sheet.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or None)
    formats = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    _fill(sheet, heads, rows, formats)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a book: its name, the names of its columns, its rows."""

    title: str
    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]


def write_book(*, sheets: Sequence[Sheet], created: datetime, properties: Mapping[str, str]) -> bytes:
    """A workbook of several sheets, as `write_xlsx` writes one; the same input gives the same bytes.

    `created` is a moment without zone; `properties`: title, author, subject, keywords, comments. Sheets of one
    name are numbered.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties(
        {**{key: _text(value)[:250] for key, value in properties.items()}, "created": created}
    )
    formats = (
        book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    )
    taken: set[str] = set()
    for one in sheets:
        _fill(book.add_worksheet(_free_name(one.title, taken)), one.heads, one.rows, formats)
    book.close()
    return out.getvalue()


def _free_name(title: str, taken: set[str]) -> str:
    """A sheet's name as spreadsheets allow it, told apart from those before."""
    plain = re.sub(r"[\[\]:*?/\\']", " ", _text(title))[:31].strip() or "Sheet"
    name, number = plain, 1
    while name.casefold() in taken:
        number += 1
        name = f"{plain[:27]} {number}"
    taken.add(name.casefold())
    return name


def _fill(
    sheet: Any, heads: Sequence[Any], rows: Iterable[Sequence[Any]], formats: tuple[Any, Any, Any]
) -> None:
    """The header, bold and in view, the cells, and columns as wide as what stands in them."""
    bold, day, moment = formats
    widths = [len(_text(head)) for head in heads]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, _text(head), bold)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, day, moment)
            if column < len(widths) and number <= 1000:
                widths[column] = max(widths[column], len(str(value)) if value is not None else 0)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(max(width + 2, WIDTH_MIN), WIDTH_MAX))
    sheet.freeze_panes(1, 0)


def _write(sheet: Any, row: int, column: int, value: Any, day: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal) and abs(Decimal(value)) < _EXACT_MAX:
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        sheet.write_datetime(row, column, local.replace(tzinfo=None, microsecond=0), moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_string(row, column, _text(value))


def _text(value: Any) -> str:
    """Text without tags, of the length a cell takes, without halves of characters."""
    text = strip_tags(value) if isinstance(value, SafeString) else str(value)
    return text.encode("utf-8", "replace").decode()[:CELL_LETTERS_MAX]

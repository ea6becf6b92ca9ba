"""Workbooks to be read, made by an independent writer, and readings to compare them with."""

import csv
import io
from pathlib import Path

import xlsxwriter

from goldseal.kit.sheets.opening import open_book
from goldseal.kit.sheets.table import Table


def book_of(fill, **options) -> bytes:
    """A workbook made by an independent writer."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(book, book.add_worksheet())
    book.close()
    return out.getvalue()


def read(data: bytes, sheet: str = "") -> Table:
    return open_book(data).read(sheet)


def stripped(rows: list[list[str]]) -> list[list[str]]:
    """Rows without empty cells at their ends and empty rows at the end."""
    found = []
    for row in rows:
        cells = [str(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        found.append(cells)
    while found and not found[-1]:
        found.pop()
    return found


def expected_csv(path: Path, delimiter: str = ",") -> list[list[str]]:
    return stripped(list(csv.reader(io.StringIO(path.read_text("utf-8"), newline=""), delimiter=delimiter)))

"""Where the names of the columns stand, in one row or two, and how names and cells are called."""

from pathlib import Path

import openpyxl
import pytest

from goldseal.kit.sheets.csvfile import read_csv
from goldseal.kit.sheets.heading import find_heading, normalised
from goldseal.kit.sheets.table import address
from goldseal.kit.tests.sheetmaking import book_of, read


@pytest.mark.parametrize("name", ["csvkit/test_skip_lines.xlsx", "agate/test_skip_lines.xlsx"])
def test_lines_above_the_header_are_skipped(tabular: Path, name: str) -> None:
    table = read((tabular / name).read_bytes())
    heading = find_heading(table, is_known=lambda name: False)
    assert (heading.row, heading.depth) == (4, 1)
    assert "text" in heading.names


def test_merged_cells_hold_for_all_their_rows_and_head_all_their_columns() -> None:
    def fill(book, sheet) -> None:
        bold = book.add_format({"bold": True})
        sheet.merge_range("A1:G1", "Order sheet, autumn", bold)
        sheet.merge_range("A3:A4", "PO No.", bold)
        sheet.merge_range("B3:B4", "Colour", bold)
        sheet.merge_range("C3:F3", "Size", bold)
        for column, size in enumerate(["S", "M", "L", "XL"], 2):
            sheet.write(3, column, size)
        sheet.merge_range("A5:A6", "PO-7", bold)
        sheet.write_row(4, 1, ["Navy", 10, 20, 30, 40])
        sheet.write_row(5, 1, ["Ecru", 1, 2, 3, 4])

    table = read(book_of(fill))
    heading = find_heading(table, is_known=lambda name: normalised(name) in {"po no", "colour"})
    assert (heading.row, heading.depth, heading.first_data_row) == (3, 2, 5)
    assert heading.parts == (
        ("PO No.",), ("Colour",), ("Size", "S"), ("Size", "M"), ("Size", "L"), ("Size", "XL"),
    )  # fmt: skip
    assert [table.text(6, column) for column in range(1, 7)] == ["PO-7", "Ecru", "1", "2", "3", "4"]
    assert (6, 1) in table.repeated
    assert (5, 1) not in table.repeated


def test_a_header_in_two_rows_without_merged_cells() -> None:
    table = read_csv(b"Style,Colour,Size,,,\n,,S,M,L,XL\nNF-1,Navy,1,2,3,4\n")
    heading = find_heading(table, is_known=lambda name: normalised(name) in {"style", "colour"})
    assert heading.depth == 2
    assert heading.names[2:] == ["Size S", "M", "L", "XL"]


def test_data_below_the_header_are_no_second_header() -> None:
    table = read_csv(b"PO,Style,Colour,S,M,L\nP1,NF-1,Navy,1,2,3\n")
    assert find_heading(table, is_known=lambda name: name in {"PO", "Style"}).depth == 1


@pytest.mark.parametrize(
    ("row", "column", "text"), [(1, 1, "A1"), (3, 28, "AB3"), (9, 702, "ZZ9"), (1, 703, "AAA1")]
)
def test_addresses(row: int, column: int, text: str) -> None:
    assert address(row, column) == text
    assert openpyxl.utils.get_column_letter(column) + str(row) == text


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("  PO No.", "po no"),
        ("সাইজ / রং", "সাইজ রং"),
        ("ＳＩＺＥ", "size"),
        ("Tol (-)", "tol minus"),
        ("Tolerance −", "tolerance minus"),
        ("Tol +", "tol plus"),
        ("Tol. +/-", "tol both"),
        ("Tol ±", "tol both"),
        ("Ex-Factory\nDate", "ex factory date"),
    ],
)
def test_names_are_compared_without_signs(written: str, plain: str) -> None:
    assert normalised(written) == plain

"""Workbooks as people have them: values as a person sees them, against the readings that stand beside real files."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from goldseal.kit.errors import Invalid
from goldseal.kit.sheets.opening import open_book
from goldseal.kit.sheets.table import NumberText
from goldseal.kit.tests.sheetmaking import book_of, expected_csv, read, stripped


@pytest.mark.parametrize(
    ("name", "sheet"),
    [("utf8", ""), ("input-weird", ""), ("no_cell_ids", ""), ("formatted_inline_string", ""),
     ("xlsx2csv-test-file", ""), ("datetime", "")],
)  # fmt: skip
def test_xlsx_with_its_reading_beside_it(tabular: Path, name: str, sheet: str) -> None:
    table = read((tabular / f"xlsx2csv/{name}.xlsx").read_bytes(), sheet)
    assert stripped(table.rows) == expected_csv(tabular / f"xlsx2csv/{name}.csv")
    assert not table.faults


def test_rows_that_are_empty_keep_their_numbers(tabular: Path) -> None:
    table = read((tabular / "xlsx2csv/skip_empty_lines.xlsx").read_bytes())
    expected = expected_csv(tabular / "xlsx2csv/skip_empty_lines.csv")
    assert [row for row in stripped(table.rows) if row] == expected
    assert table.text(4, 1) == "3"
    assert table.text(3, 1) == ""


def test_every_sheet_can_be_chosen(tabular: Path) -> None:
    book = open_book((tabular / "xlsx2csv/sheets_order.xlsx").read_bytes())
    blocks = (tabular / "xlsx2csv/sheets_order.csv").read_text().split("-------- ")[1:]
    expected = {}
    for block in blocks:
        title, *lines = block.strip().splitlines()
        expected[title.split(" - ")[1]] = [line.split(",") for line in lines]
    assert list(book.sheets) == list(expected)
    for name, rows in expected.items():
        assert stripped(book.read(name).rows) == rows
    with pytest.raises(Invalid):
        book.read("no such sheet")


def test_two_sheets(tabular: Path) -> None:
    book = open_book((tabular / "xlsx2csv/variousdelim.xlsx").read_bytes())
    assert book.read(book.sheets[0]).rows == [["1", "2", "3"], ["a", "b", "c"]]
    assert book.read(book.sheets[1]).rows == [["4", "5", "6"], ["d", "e", "f"]]


def test_numbers_keep_the_digits_a_person_sees(tabular: Path) -> None:
    """The reading beside the file rounds the fifth and eighth cell as they are formatted; the rest is exact."""
    row = read((tabular / "xlsx2csv/float2.xlsx").read_bytes()).rows[0]
    expected = expected_csv(tabular / "xlsx2csv/float2.csv")[0]
    assert [str(c) for c in row[:4]] == expected[:4]
    assert row[5].endswith("%")
    assert float(row[5][:-1]) / 100 == pytest.approx(float(expected[5]), rel=1e-15)
    assert f"{float(row[4][:-1]) / 100:.3f}" == expected[4]
    assert f"{float(row[7]):.2f}" == expected[7]


def test_dates_and_booleans_of_a_formatted_sheet(tabular: Path) -> None:
    row = read((tabular / "xlsx2csv/junk-small.xlsx").read_bytes()).rows[0]
    expected = expected_csv(tabular / "xlsx2csv/junk-small.csv")[0]
    formats = ["%d-%b-%Y", "%d-%b-%Y", "%d-%m-%y", "%d-%b-%Y"]
    for cell, text, form in zip(row, expected, formats, strict=False):
        written = datetime.strptime(text, form).date()  # noqa: DTZ007
        if form == "%d-%m-%y":  # the reading writes month, day, year as 08-07-25: 2008-07-25
            written = date(2008, 7, 25)
        assert cell == written.isoformat()
    assert row[4:] == ["test", "FALSE"]


@pytest.mark.parametrize("name", ["test", "sheets"])
def test_csvkit_workbooks(tabular: Path, name: str) -> None:
    book = open_book((tabular / f"csvkit/{name}.xlsx").read_bytes())
    table = book.read("data" if name == "sheets" else "")
    assert table.rows[1][:6] == ["Chicago Reader", "1971-01-01", "40", "TRUE", "1", "1971-01-01 04:14:00"]
    assert table.rows[3][4] == "41800000.01"
    assert table.text(3, 8) == "Extra data beyond headers will be trimmed"
    assert table.rows[5][0] == "Unicode! Σ"
    if name == "sheets":
        assert book.read("ʤ").rows == [["a", "b", "c"], ["1", "2", "3"]]


def test_every_workbook_of_the_folder_is_read_or_refused_in_words(tabular: Path) -> None:
    for path in sorted(tabular.glob("*/*.xls*")) + sorted(tabular.glob("*/*.ods")):
        try:
            book = open_book(path.read_bytes())
            for sheet in book.sheets:
                table = book.read(sheet)
                assert all(isinstance(cell, str) for row in table.rows for cell in row)
        except Invalid:
            assert path.suffix in (".xls", ".ods"), path.name
        else:
            assert path.suffix in (".xlsx", ".xlsm"), path.name


def test_the_1904_date_system() -> None:
    def fill(book, sheet) -> None:
        sheet.write_datetime(0, 0, datetime(2026, 3, 12), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001

    assert read(book_of(fill, date_1904=True)).rows == [["2026-03-12"]]
    assert read(book_of(fill)).rows == [["2026-03-12"]]


def test_percent_booleans_errors_and_numbers_without_noise() -> None:
    def fill(book, sheet) -> None:
        percent = book.add_format({"num_format": "0.00%"})
        sheet.write_number(0, 0, 0.055, percent)
        sheet.write_boolean(0, 1, True)
        sheet.write_number(0, 2, 0.1 + 0.2)
        sheet.write_number(0, 3, 12.0)
        sheet.write_formula(0, 4, "=NA()", None, "#N/A")
        sheet.write_string(0, 5, "1.200")
        sheet.write_number(0, 6, 1.2)

    table = read(book_of(fill))
    assert table.rows == [["5.5%", "TRUE", "0.3", "12", "#N/A", "1.200", "1.2"]]
    assert list(table.faults) == [(1, 5)]
    assert "#N/A" in str(table.faults[1, 5])
    assert isinstance(table.text(1, 7), NumberText)
    assert not isinstance(table.text(1, 6), NumberText)


def test_formulas_give_their_value_and_one_never_calculated_is_a_problem() -> None:
    calculated = book_of(lambda book, sheet: sheet.write_formula("B2", "=1+1", None, 2))
    assert read(calculated).rows == [[], ["", "2"]]
    book = openpyxl.Workbook()
    book.active["C4"] = "=SUM(A1:A3)"
    book.active["A4"] = "sum"
    out = io.BytesIO()
    book.save(out)
    table = read(out.getvalue())
    assert list(table.faults) == [(4, 3)]
    assert table.text(4, 3) == ""


def test_the_noise_of_binary_numbers_is_not_shown() -> None:
    good = book_of(lambda book, sheet: sheet.write_row(0, 0, [71, 72, 73, 74]))
    noise = {71: b"0.30000000000000004", 72: b"434.99999999999994", 73: b"1E-7", 74: b"12345678901234567890"}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            for number, text in noise.items():
                data = data.replace(b"<v>%d</v>" % number, b"<v>%s</v>" % text)
            new.writestr(entry.filename, data)
    assert read(out.getvalue()).rows == [["0.3", "435", "0.0000001", "12345678901234567890"]]


def test_hidden_sheets_are_not_offered() -> None:
    def fill(book, sheet) -> None:
        sheet.write("A1", "shown")
        book.add_worksheet("secret").hide()

    assert open_book(book_of(fill)).sheets == ("Sheet1",)

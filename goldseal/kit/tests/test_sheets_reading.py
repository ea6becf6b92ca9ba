"""Reading spreadsheets as people have them, against the readings that stand beside real files."""

import csv
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from goldseal.kit.errors import Invalid, TooLarge
from goldseal.kit.sheets.csvfile import delimiter_of, read_csv
from goldseal.kit.sheets.heading import find_heading, normalised
from goldseal.kit.sheets.opening import open_book
from goldseal.kit.sheets.table import COLUMNS_MAX, NumberText, Table, address


@pytest.fixture
def tabular(shared_data) -> Path:
    return shared_data / "tabular"


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


SPECTRUM = [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
    "quotes_and_newlines", "simple", "simple_crlf", "utf8",
]  # fmt: skip


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum(tabular: Path, name: str) -> None:
    rows = read((tabular / f"csv_spectrum/csvs__{name}.csv").read_bytes()).rows
    expected = tabular / f"csv_spectrum/json__{name}.json"
    records = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert records == json.loads(expected.read_text("utf-8"))


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


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("csvkit/test_utf8_bom.csv", [["foo", "bar", "baz"], ["1", "2", "3"], ["4", "5", "ʤ"]]),
        ("agate/test_utf16_big.csv", [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "ʤ"]]),
        ("agate/test_utf16_little.csv", [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "ʤ"]]),
        ("agate/test_latin1.csv", [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "©"]]),
        ("csvkit/sniff_limit.csv", [["a", "b", "c"], ["1", "2", "3"]]),
        ("csvkit/optional_quote_characters.csv", [["a", "b", "c"], ["1", "2", "3"]]),
        ("csvkit/test_join_short_rows.csv", [["a", "b", "c"], ["1", "cat"], ["dog", "c"], ["3", "b", "c"]]),
        ("csvkit/test_precision.csv", [["a"], ["1.23456789123456789"]]),
    ],
)
def test_encodings_and_dividers_of_real_files(tabular: Path, name: str, rows: list[list[str]]) -> None:
    found = read((tabular / name).read_bytes()).rows
    if name.endswith("precision.csv"):
        assert found[0] == ["a"]
        assert found[1][0].startswith("1.234567")
    else:
        assert found == rows


def test_a_header_with_line_breaks_and_a_divider_that_is_a_bar(tabular: Path) -> None:
    assert read((tabular / "csvkit/test_header_newline.csv").read_bytes()).rows[1] == ["d", "e", "f"]
    assert read((tabular / "agate/test_csv_sniff.csv").read_bytes()).rows[2][:3] == ["2", "👍", "False"]


@pytest.mark.parametrize("name", ["csvkit/test_skip_lines.xlsx", "agate/test_skip_lines.xlsx"])
def test_lines_above_the_header_are_skipped(tabular: Path, name: str) -> None:
    table = read((tabular / name).read_bytes())
    heading = find_heading(table, is_known=lambda name: False)
    assert (heading.row, heading.depth) == (4, 1)
    assert "text" in heading.names


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


@pytest.mark.parametrize(
    ("name", "word"), [("agate/test.xls", "XLS"), ("tablib/book.ods", "ODS"), ("csvkit/sheets.xls", "XLS")]
)
def test_old_formats_are_told_what_to_become(tabular: Path, name: str, word: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_book((tabular / name).read_bytes())
    assert word in str(refused.value.fields["file"])
    assert "XLSX" in str(refused.value.fields["file"])


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


def test_semicolons_mean_a_decimal_comma_and_cp1252_is_read() -> None:
    table = read_csv("Größe;Menge\nL;12,5\nM;13,5\n".encode("cp1252"))
    assert table.rows == [["Größe", "Menge"], ["L", "12,5"], ["M", "13,5"]]
    assert table.is_decimal_comma
    assert table.encoding == "cp1252"


def test_a_line_that_announces_the_divider_is_no_row() -> None:
    assert read_csv(b"sep=;\r\na;b\r\n1;2\r\n").rows == [["a", "b"], ["1", "2"]]


@given(
    st.lists(
        st.lists(st.text(alphabet="abxy,;|\t\"'\n 1290", min_size=1), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_whatever_the_csv_module_quotes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    assert delimiter_of(out.getvalue()) == delimiter
    expected = list(rows)
    while expected and not any(map(str.strip, expected[-1])):
        expected.pop()
    assert read_csv(out.getvalue().encode()).rows == expected


def test_the_duty_table_of_the_trade_is_read_whole(shared_data: Path) -> None:
    data = (shared_data / "garment/nepal_knitwear_duty_rates_eu15.csv").read_bytes()
    table = read(data)
    assert len(table.rows) == len(data.splitlines())
    assert {len(row) for row in table.rows} == {12}
    heading = find_heading(table, is_known=lambda name: False)
    assert (heading.row, heading.names[6]) == (1, "hs_code")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    good = book_of(lambda book, sheet: sheet.write("A1", "x"))
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/media/huge.bin", b"\0" * 250_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(TooLarge):
        open_book(out.getvalue())


@pytest.mark.parametrize("before", [b"", b"<!--" + b" " * 3_000_000 + b"-->"])
def test_entities_are_refused(before: bytes) -> None:
    """However far down the declaration stands: padding must not hide what would grow."""
    good = book_of(lambda book, sheet: sheet.write("A1", "x"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                data = data.replace(b"<sst", before + b'<!DOCTYPE a [<!ENTITY b "c">]><sst', 1)
            new.writestr(entry.filename, data)
    with pytest.raises(Invalid):
        read(out.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n ",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n....",
        b"PK\x03\x04 no archive at all",
        bytes(range(32)) * 40,
        b'a,b\n"never closed ' + b"x" * 40_000,
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(data)
    assert str(refused.value.fields["file"])


def test_an_archive_of_something_else_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        archive.writestr("[Content_Types].xml", "<a/>")
    with pytest.raises(Invalid):
        open_book(out.getvalue())


def test_a_locked_workbook_is_told_apart_from_an_old_one(shared_data: Path) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Invalid) as refused:
        open_book(locked)
    assert "password" in str(refused.value.fields["file"])


def test_limits() -> None:
    with pytest.raises(TooLarge):
        open_book(b"a" * 20_000_001)
    with pytest.raises(TooLarge):
        read_csv(b"," * 1_000_000 + b"x\n1\n")
    with pytest.raises(TooLarge):
        read_csv(b"a\n" * 200_001)
    assert len(read_csv(b"a\n" * 200_000).rows) == 200_000
    wide = book_of(lambda book, sheet: sheet.write(0, COLUMNS_MAX, "far right"))
    with pytest.raises(TooLarge):
        read(wide)
    far = book_of(lambda book, sheet: sheet.write(0, 16_000, None, book.add_format({"bold": True})))
    assert read(far).rows == []


def test_a_row_far_below_costs_nothing_and_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(book_of(lambda book, sheet: sheet.write(1_048_575, 0, "last")))


def test_a_nul_arrives_for_the_field_to_refuse(tabular: Path) -> None:
    assert read((tabular / "csvkit/null_byte.csv").read_bytes()).rows[1][0] == "\0"


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

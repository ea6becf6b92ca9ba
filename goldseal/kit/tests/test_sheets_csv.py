"""CSV files as people have them: encodings, dividers, quotes; against the readings that stand beside real files."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.kit.sheets.csvfile import delimiter_of, read_csv
from goldseal.kit.sheets.heading import find_heading
from goldseal.kit.tests.sheetmaking import read

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


def test_a_nul_arrives_for_the_field_to_refuse(tabular: Path) -> None:
    assert read((tabular / "csvkit/null_byte.csv").read_bytes()).rows[1][0] == "\0"

"""What is written opens unharmed: typed cells, and no text can become a formula."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from goldseal.kit.sheets.opening import open_book
from goldseal.kit.sheets.writing import write_csv, write_xlsx

HOSTILE = [
    "=1+1", "=HYPERLINK(\"http://x.test\",\"y\")", "+1-2", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "{=1}", "=cmd|' /C calc'!A0",
    "http://example.test/", "mailto:a@example.test", "internal:Sheet1!A1", "0123", "1e5", "TRUE", "#N/A", "_x0041_", "'quoted",
]  # fmt: skip


def cells(data: bytes) -> list[list[openpyxl.cell.Cell]]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows())


def test_hostile_texts_stay_texts() -> None:
    rows = cells(write_xlsx(heads=["=head()"], rows=[[text] for text in HOSTILE], title="a/b:c"))
    assert rows[0][0].value == "=head()"
    for row in rows:
        assert row[0].data_type in ("s", "inlineStr"), row[0].value
        assert row[0].hyperlink is None
    assert rows[1][0].value == "=1+1"


@given(st.lists(st.text(max_size=50), min_size=1, max_size=20))
def test_no_text_becomes_a_formula_or_a_number(texts: list[str]) -> None:
    data = write_xlsx(heads=["text"], rows=[[text] for text in texts])
    raw = openpyxl.load_workbook(io.BytesIO(data))
    for row in raw.active.iter_rows(min_row=2):
        assert row[0].value is None or row[0].data_type == "s"
    assert all(not isinstance(cell, float) for line in open_book(data).read().rows for cell in line)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=10))
def test_no_cell_of_a_csv_begins_as_a_formula(texts: list[str]) -> None:
    data = write_csv(heads=["text"], rows=[[text] for text in texts])
    assert data.startswith(b"\xef\xbb\xbf")
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
        assert not row or not row[0].lstrip().startswith(("=", "@", "＝", "＠"))


def test_numbers_dates_and_yes_are_typed() -> None:
    data = write_xlsx(
        heads=["a", "b", "c", "d", "e", "f", "g"],
        rows=[
            [
                1200,
                Decimal("12.5"),
                date(2026, 3, 12),
                datetime(2026, 3, 12, 9, 30, tzinfo=UTC),
                True,
                mark_safe("<b>x</b>"),
                None,
            ]
        ],
    )
    row = cells(data)[1]
    assert (row[0].value, row[1].value) == (1200, 12.5)
    assert row[2].value == datetime(2026, 3, 12)  # noqa: DTZ001
    assert row[2].is_date
    assert row[3].is_date
    assert row[4].value is True
    assert row[5].value == "x"
    assert row[6].value is None
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.active.freeze_panes == "A2"


def test_a_number_that_a_spreadsheet_would_round_is_written_as_text() -> None:
    row = cells(write_xlsx(heads=["n"], rows=[[12345678901234567890]]))[1]
    assert row[0].value == "12345678901234567890"


def test_half_characters_control_signs_and_endless_texts_do_no_harm() -> None:
    data = write_xlsx(heads=["t"], rows=[["\ud800half"], ["a\x01b"], ["x" * 50_000]])
    rows = cells(data)
    assert rows[1][0].value == "?half"
    assert len(rows[3][0].value) == 32_767

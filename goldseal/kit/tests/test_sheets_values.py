"""What the text of a cell means: the ways people write numbers, dates, yes and no."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.kit.sheets.opening import open_book
from goldseal.kit.sheets.table import NumberText
from goldseal.kit.sheets.values import (
    DAY_FIRST,
    MONTH_FIRST,
    Unreadable,
    calendar_date,
    date_order_of,
    decimal_number,
    plain,
    uses_decimal_comma,
    whole_number,
    yes_or_no,
)

BANGLA = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200), ("1,200", 1200), ("1.200", 1200), ("1 200", 1200), ("1\u00a0200", 1200),
        ("1\u202f200", 1200), ("1'200", 1200), ("1,20,000", 120_000), ("12,34,567", 1_234_567), ("১,২০০", 1200),
        ("1200.00", 1200), ("1200,0", 1200), ("1.234.567", 1_234_567), ("-5", -5), ("−5", -5), ("０１２", 12), ("0", 0),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, value: int) -> None:
    assert whole_number(text) == value


@pytest.mark.parametrize(
    "text", ["12.5", "12,5", "abc", "1,2,3", "", "12-14", "1e5", "∞", "NaN", "1 2", "9" * 31, "--5"]
)
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(Unreadable):
        whole_number(text)


def test_fractions_and_powers_are_not_spelled_out() -> None:
    assert plain("১২½") == "12½"
    assert plain("１２ ３/８") == "12 3/8"
    for text in ("2²", "12½"):
        with pytest.raises(Unreadable):
            whole_number(text)


def test_a_number_of_the_program_is_never_grouped() -> None:
    assert decimal_number(NumberText("1.234"), decimal_comma=True) == Decimal("1.234")
    with pytest.raises(Unreadable):
        whole_number(NumberText("1.234"))
    assert whole_number("1.234") == 1234
    with pytest.raises(Unreadable):  # other cells have shown that the point is a decimal point
        whole_number("1.234", decimal_comma=False)
    assert whole_number("1.234", decimal_comma=True) == 1234


@pytest.mark.parametrize(
    ("text", "is_comma", "value"),
    [
        ("12.5", False, "12.5"), ("12,5", False, "12.5"), ("12,5", True, "12.5"), ("1.234,5", False, "1234.5"),
        ("1,234.5", True, "1234.5"), ("1,234", False, "1234"), ("1,234", True, "1.234"), ("1.234", False, "1.234"),
        ("1.234", True, "1234"), ("0,125", False, "0.125"), ("১২.৫", False, "12.5"), ("5%", False, "5"), (".5", False, "0.5"),
        ("1'234.50", False, "1234.50"), ("200.000.000", True, "200000000"),
    ],
)  # fmt: skip
def test_decimals(text: str, is_comma: bool, value: str) -> None:
    assert decimal_number(text, decimal_comma=is_comma) == Decimal(value)


@given(st.integers(min_value=0, max_value=10**12))
def test_every_way_of_grouping_gives_the_number_back(number: int) -> None:
    for text in (
        str(number),
        f"{number:,}",
        f"{number:,}".replace(",", " "),
        f"{number:,}".replace(",", "'"),
    ):
        assert whole_number(text) == number
        assert whole_number(text.translate(BANGLA)) == number
        assert whole_number(text.translate(ARABIC)) == number


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_decimals_of_both_conventions(number: Decimal) -> None:
    english = f"{number:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    assert decimal_number(english, decimal_comma=False) == number
    assert decimal_number(german, decimal_comma=True) == number


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_unreadable(text: str) -> None:
    for read in (whole_number, decimal_number, calendar_date, yes_or_no):
        try:
            read(text)
        except Unreadable as problem:
            assert str(problem.words)  # noqa: PT017


def test_the_decimal_sign_shows_in_the_cells_that_leave_no_doubt() -> None:
    assert uses_decimal_comma(["1,234", "12,5"]) is True
    assert uses_decimal_comma(["1.234", "12.5"]) is False
    assert uses_decimal_comma(["1,234", "1.234", "abc", ""]) is None
    assert uses_decimal_comma([NumberText("12.5")]) is None


def test_numbers_of_a_real_file_with_its_reading(shared_data: Path) -> None:
    rows = open_book((shared_data / "tabular/csvkit/test_locale.csv").read_bytes()).read().rows
    expected = open_book((shared_data / "tabular/csvkit/test_locale_converted.csv").read_bytes()).read().rows
    comma = uses_decimal_comma(rows[1])
    assert [decimal_number(cell, decimal_comma=comma) for cell in rows[1] if cell] == [
        Decimal(cell) for cell in expected[1] if cell
    ]


def test_dates_of_a_real_file_with_its_reading(shared_data: Path) -> None:
    rows = open_book((shared_data / "tabular/csvkit/test_date_format.csv").read_bytes()).read().rows
    expected = (
        open_book((shared_data / "tabular/csvkit/test_date_format_converted.csv").read_bytes()).read().rows
    )
    assert [calendar_date(row[0], order=DAY_FIRST).isoformat() for row in rows[1:]] == [
        r[0] for r in expected[1:]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12", "2026/3/12", "2026.03.12", "12-Mar-2026", "12 March 2026", "March 12, 2026", "Mar 12 2026", "১২ মার্চ ২০২৬",
        "12-Mar-26", "2026-03-12 00:00:00", "2026-03-12T08:30:00", "2026-Mar-12",
    ],
)  # fmt: skip
def test_dates_that_leave_no_doubt(text: str) -> None:
    assert calendar_date(text) == date(2026, 3, 12)


def test_day_or_month_first_is_asked_where_it_matters() -> None:
    for text in ("12/03/2026", "12.03.2026", "12.3.26", "১২/০৩/২০২৬"):
        assert calendar_date(text, order=DAY_FIRST) == date(2026, 3, 12)
        assert calendar_date(text, order=MONTH_FIRST) == date(2026, 12, 3)
        with pytest.raises(Unreadable):
            calendar_date(text)
    assert calendar_date("31/12/2012") == date(2012, 12, 31)
    assert calendar_date("12/31/2012") == date(2012, 12, 31)
    assert calendar_date("12/31/2012", order=DAY_FIRST) == date(2012, 12, 31)
    assert calendar_date("03.03.2026") == date(2026, 3, 3)


def test_the_order_shows_in_the_dates_that_leave_no_doubt() -> None:
    assert date_order_of(["12/03/2026", "25/03/2026", "x", ""]) == DAY_FIRST
    assert date_order_of(["03.25.26", "12/03/2026"]) == MONTH_FIRST
    assert date_order_of(["12/03/2026", "2026-03-25", "25 March 2026"]) == ""
    assert date_order_of(["25/03/2026", "03/25/2026"]) == ""


@pytest.mark.parametrize(
    "text", ["", "30/02/2026", "soon", "12 Foo 2026", "1/2", "2026-13-01", "99999-01-01", "123-01-2026"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(Unreadable):
        calendar_date(text, order=DAY_FIRST)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Yes", True),
        ("হ্যাঁ", True),
        ("TRUE", True),
        ("১", True),
        ("x", True),
        ("No", False),
        ("না", False),
        ("০", False),
    ],
)
def test_yes_and_no(text: str, value: bool) -> None:
    assert yes_or_no(text) is value


def test_neither_yes_nor_no() -> None:
    with pytest.raises(Unreadable):
        yes_or_no("perhaps")

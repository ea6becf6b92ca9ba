"""Measurement charts from a sheet: fractions, tolerances, sizes as columns, and the cell that is no length."""

from datetime import datetime
from fractions import Fraction

import pytest

from goldseal.catalog.models import MeasurementChart
from goldseal.catalog.rules.lengths import parse_length
from goldseal.catalog.tests.importing import (
    applied,
    checked,
    factory_with_style,
    problems,
    started,
    workbook,
)
from goldseal.catalog.tests.makers import Factory


@pytest.fixture
def place(db) -> Factory:
    return factory_with_style()


CHART = """Style,Unit,POM,Point of measure,Tol -,Tol +,Critical,S,M,L
NF-1042,inch,A,Chest width,1/4,1/2,Yes,18 1/2,19½,২০.৫
,,B,Body length,"0,25","0,25",,25-3/8,26,27
"""


def test_a_measurement_chart_with_fractions_decimal_commas_and_unequal_tolerances(place: Factory) -> None:
    with place.scope():
        run = started(place, CHART, kind="charts")
        assert run.columns == [
            "style", "unit", "code", "name_en", "tol_minus", "tol_plus", "critical", "+", "+", "+",
        ]  # fmt: skip
        run = checked(place, run, is_filled_down=True)
        assert run.problems == []
        applied(place, run)
        chart = MeasurementChart.objects.get()
        assert (chart.style.code, chart.unit, chart.wash) == ("NF-1042", "in", "")
        chest, length = chart.points
        assert (chest["code"], chest["critical"], chest["name_en"]) == ("A", True, "Chest width")
        read = {size: parse_length(text, "in").value for size, text in chest["spec"].items()}
        assert read == {"S": Fraction(37, 2), "M": Fraction(39, 2), "L": Fraction(41, 2)}
        assert (chest["tol_minus"], chest["tol_plus"]) == ("1/4", "1/2")
        assert parse_length(length["tol_plus"], "in").value == Fraction(1, 4)
        assert parse_length(length["spec"]["S"], "in").value == Fraction(203, 8)
        again = started(place, CHART.replace("26,27", "26,28"), kind="charts")
        assert problems(checked(place, again, is_filled_down=True)) == [(2, 1), (3, 1)]
        applied(place, checked(place, again, is_filled_down=True, existing="replace"))
        chart.refresh_from_db()
        assert (chart.revision, chart.points[1]["spec"]["L"]) == (2, "28")


def test_a_chart_names_the_cell_that_is_no_length(place: Factory) -> None:
    sheet = "Style,POM,Name,Tol,S,M\nNF-1042,A,Chest,1,50,5o\nNF-1042,B,Length,much,60,62\nNF-1042,A,Chest again,1,50,52\nNF-1042,C,Sleeve,1,12in,30\n"
    with place.scope():
        run = checked(place, started(place, sheet, kind="charts"))
        assert sorted(set(problems(run))) == [(2, 6), (3, 4), (4, 5), (4, 6), (5, 5)]


def test_a_fraction_that_a_program_took_for_a_date_is_told(place: Factory) -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, ["Style", "POM", "Name", "Tol", "S"])
        sheet.write_row(1, 0, ["NF-1042", "A", "Chest", "1"])
        sheet.write_datetime(1, 4, datetime(2026, 2, 1), book.add_format({"num_format": "d-mmm"}))  # noqa: DTZ001

    with place.scope():
        assert problems(checked(place, started(place, workbook(fill), kind="charts"))) == [(2, 5)]


def test_a_chart_keeps_the_sizes_in_the_order_of_the_columns(place: Factory) -> None:
    sheet = (
        "Style,Code,Point of measure,Tol,S,M,L\n"
        "NF-1042,A,Chest,1,,50,52\n"  # the first point has no S
        "NF-1042,B,Length,1,60,62,64\n"
    )
    with place.scope():
        run = checked(place, started(place, sheet, kind="charts"))
        assert run.problems == []
        applied(place, run)
        assert MeasurementChart.objects.get().sizes == ["S", "M", "L"]

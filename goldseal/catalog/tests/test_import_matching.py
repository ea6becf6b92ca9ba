"""What the columns of a sheet mean is guessed, told, remembered for the source; sheets and headers can be chosen."""

import pytest

from goldseal.catalog.importing_selectors import shown_columns
from goldseal.catalog.imports import is_size
from goldseal.catalog.models import ImportMapping
from goldseal.catalog.services import importing
from goldseal.catalog.tests.importing import LONG, checked, factory_with_style, started, workbook
from goldseal.catalog.tests.makers import NOW, Factory
from goldseal.kit.errors import Invalid
from goldseal.kit.sheets.opening import open_book


@pytest.fixture
def place(db) -> Factory:
    return factory_with_style()


def test_the_matching_is_remembered_for_the_source(place: Factory) -> None:
    sheet = "Ref,Art,C,S,N\nPO-1,NF-1042,Navy,S,5\n"
    columns = ["po_number", "style", "colour", "size", "quantity"]
    with place.scope():
        run = started(place, sheet)
        assert run.columns != columns
        with pytest.raises(Invalid):
            importing.check_import(run_id=run.pk, columns=run.columns, actor=place.actor, now=NOW)
        checked(place, run, columns=columns)
        assert started(place, "Ref,Art,C,S,N\nPO-7,NF-1042,Red,M,9\n").columns == columns
        shuffled = started(place, "N,S,C,Art,Ref\n9,M,Red,NF-1042,PO-7\n")
        assert shuffled.columns == columns[::-1]
        assert ImportMapping.objects.count() == 1


def test_a_field_twice_or_missing_is_told(place: Factory) -> None:
    with place.scope():
        run = started(place, LONG)
        for columns in (
            ["po_number", "style", "colour", "size", "", ""],
            ["po_number", "style", "colour", "size", "quantity", "quantity"],
            ["po_number", "style", "colour", "size", "quantity", "+"],
            ["po_number", "style", "colour", "size", "quantity", "password"],
            ["po_number", "style", "colour", "size", "quantity", "", "", ""],
        ):
            with pytest.raises(Invalid) as refused:
                importing.check_import(run_id=run.pk, columns=columns, actor=place.actor, now=NOW)
            assert str(refused.value.fields["columns"])


def test_another_sheet_and_another_header(place: Factory) -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, ["nothing", "here"])
        other = book.add_worksheet("Real")
        other.write_row(0, 0, ["PO", "Style", "old"])
        other.write_row(4, 0, ["PO", "Style", "Colour", "Size", "Qty"])
        other.write_row(5, 0, ["PO-1", "NF-1042", "Navy", "S", 5])

    with place.scope():
        run = started(place, workbook(fill))
        assert (run.sheet, run.heading_row) == ("Real", 5)
        moved = importing.choose_sheet(
            run_id=run.pk, sheet="Orders", heading_row=1, actor=place.actor, now=NOW
        )
        assert moved.columns == ["", ""]
        back = importing.choose_sheet(run_id=run.pk, sheet="Real", heading_row=0, actor=place.actor, now=NOW)
        assert back.heading_row == 5
        heading, columns = shown_columns(open_book(bytes(back.content)), back)
        assert heading.first_data_row == 6
        first = columns[0]
        assert (first.letters, first.name, first.samples, first.field) == ("A", "PO", ["PO-1"], "po_number")
        for sheet, row in (("No such", 1), ("Real", 99)):
            with pytest.raises(Invalid):
                importing.choose_sheet(
                    run_id=run.pk, sheet=sheet, heading_row=row, actor=place.actor, now=NOW
                )


@pytest.mark.parametrize(
    ("name", "is_one"),
    [(text, True) for text in ("S", "xs", "XXL", "2XL", "3 XL", "S/M", "38", "104", "3-4Y", "12M", "One size", "Size L", "110-116")]
    + [(text, False) for text in ("Total", "Qty", "Pcs", "Style", "Small parts", "2026", "", "Sum", "ML-7")],
)  # fmt: skip
def test_columns_that_are_sizes_are_told_by_their_names(name: str, is_one: bool) -> None:
    assert is_size(name) is is_one

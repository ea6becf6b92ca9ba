"""Orders from a sheet as people have them: long, with sizes as columns, in Bangla, onto orders that are there."""

import io
from datetime import date

import openpyxl
import pytest

from goldseal.catalog.models import ImportState, Order, Style
from goldseal.catalog.tests.importing import (
    LONG,
    applied,
    checked,
    factory_with_style,
    lines_of,
    problems,
    started,
    workbook,
)
from goldseal.catalog.tests.makers import Factory, add_buyer, add_order, add_site, add_style


@pytest.fixture
def place(db) -> Factory:
    return factory_with_style()


def test_rows_of_one_order_and_style_gather_into_one_order(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, LONG))
        assert (run.state, run.problems, run.rows_total) == (ImportState.CHECKED, [], 4)
        assert not Order.objects.exists()
        done = applied(place, run)
        assert done.state == ImportState.DONE
        assert done.counts == {"created": 2, "changed": 0, "lines": 4, "left_out": 0}
        order = Order.objects.get(po_number="PO-1")
        assert order.quantity == 144 + 288 + 96
        assert order.ex_factory_on == date(2026, 3, 20)
        assert order.buyer == Style.objects.get().buyer
        assert lines_of("PO-1") == {("Navy", "S"): 144, ("Navy", "M"): 288, ("Ecru", "S"): 96}
        assert lines_of("PO-2") == {("Navy", "S"): 1200}


def test_sizes_as_columns_under_a_merged_header(place: Factory) -> None:
    def fill(book, sheet) -> None:
        bold = book.add_format({"bold": True})
        sheet.merge_range("A1:H1", "Autumn order sheet", bold)
        for column, name in enumerate(["PO", "Style No.", "Color"]):
            sheet.merge_range(2, column, 3, column, name, bold)
        sheet.merge_range("D3:F3", "Size", bold)
        sheet.write_row(3, 3, ["S", "M", "L"])
        sheet.merge_range("G3:G4", "Total", bold)
        sheet.merge_range("A5:A6", "PO-9", bold)
        sheet.merge_range("B5:B6", "NF-1042", bold)
        sheet.write_row(4, 2, ["Navy", 10, 20, 30])
        sheet.write_formula("G5", "=SUM(D5:F5)", None, 60)
        sheet.write_row(5, 2, ["Ecru", 1, "", 3])
        sheet.write_row(6, 0, ["Total", "", "", 11, 20, 33])

    with place.scope():
        run = started(place, workbook(fill), name="orders.xlsx")
        assert run.columns == ["po_number", "style", "colour", "+", "+", "+", ""]
        assert (run.heading_row, run.sheet) == (3, "Orders")
        run = checked(place, run)
        assert run.problems == []
        applied(place, run)
        assert lines_of("PO-9") == {
            ("Navy", "S"): 10, ("Navy", "M"): 20, ("Navy", "L"): 30, ("Ecru", "S"): 1, ("Ecru", "L"): 3,
        }  # fmt: skip


def test_orders_that_are_there(place: Factory) -> None:
    with place.scope():
        add_order(place, Style.objects.get(), "po-1")  # Navy S 144 M 288, Ecru S 96 M 192
        sheet = "PO,Style,Colour,Size,Qty\nPO-1,NF-1042,navy,S,150\nPO-1,NF-1042,Red,S,7\n"
        run = checked(place, started(place, sheet))
        assert problems(run) == [(2, 1), (3, 1)]
        run = checked(place, run, existing="merge")
        assert run.problems == []
        done = applied(place, run)
        assert done.counts["changed"] == 1
        order = Order.objects.get()
        assert order.revision == 2
        assert order.quantity == 150 + 288 + 96 + 192 + 7
        assert order.ex_factory_on == date(2026, 3, 20)
        assert lines_of("po-1") == {
            ("Navy", "S"): 150, ("Navy", "M"): 288, ("Ecru", "S"): 96, ("Ecru", "M"): 192, ("Red", "S"): 7,
        }  # fmt: skip
        applied(place, checked(place, started(place, sheet), existing="replace"))
        assert lines_of("po-1") == {("navy", "S"): 150, ("Red", "S"): 7}
        again = applied(place, checked(place, started(place, sheet), existing="replace"))
        assert again.counts == {"created": 0, "changed": 0, "lines": 0, "left_out": 0}
        assert Order.objects.get().revision == 3


def test_bangla_headers_and_digits_and_cells_written_once(place: Factory) -> None:
    sheet = "পিও নং,স্টাইল,রং,সাইজ,পরিমাণ,শিপমেন্ট তারিখ\nপিও-৭,NF-1042,নেভি,S,১,২০০,\n".replace("১,২০০", '"১,২০০"')
    sheet += ",,,M,৩০০,১২/০৩/২০২৬\n"
    with place.scope():
        run = started(place, sheet)
        assert run.columns == ["po_number", "style", "colour", "size", "quantity", "ex_factory_on"]
        first = checked(place, run)
        assert problems(first) == [(3, 1), (3, 2), (3, 3), (3, 6)]
        second = checked(place, run, is_filled_down=True, date_order="dmy")
        assert second.problems == []
        applied(place, second)
        assert lines_of("পিও-৭") == {("নেভি", "S"): 1200, ("নেভি", "M"): 300}
        assert Order.objects.get().ex_factory_on == date(2026, 3, 12)


def test_a_merged_quantity_is_not_counted_for_every_row(place: Factory) -> None:
    def fill(book, sheet) -> None:
        sheet.write_row(0, 0, ["PO", "Style", "Colour", "Size", "Qty"])
        sheet.write_row(1, 0, ["PO-1", "NF-1042", "Navy", "S"])
        sheet.write_row(2, 0, ["PO-1", "NF-1042", "Navy", "M"])
        sheet.merge_range("E2:E3", 100, book.add_format())

    with place.scope():
        run = checked(place, started(place, workbook(fill)))
        assert problems(run) == [(3, 5)]


def test_formulas_without_a_result_are_problems_of_their_cell(place: Factory) -> None:
    book = openpyxl.Workbook()
    book.active.append(["PO", "Style", "Colour", "Size", "Qty"])
    book.active.append(["PO-1", "NF-1042", "Navy", "S", "=2*72"])
    out = io.BytesIO()
    book.save(out)
    with place.scope():
        assert problems(checked(place, started(place, out.getvalue()))) == [(2, 5)]


def test_one_of_two_buyers_styles_is_found_by_the_buyer(place: Factory) -> None:
    with place.scope():
        add_style(place, add_buyer(place, "SOUTH"))
        bare = "PO,Style,Colour,Size,Qty\nPO-1,NF-1042,Navy,S,5\n"
        assert problems(checked(place, started(place, bare))) == [(2, 2)]
        with_buyer = "PO,Buyer,Style,Colour,Size,Qty\nPO-1,south,NF-1042,Navy,S,5\n"
        applied(place, checked(place, started(place, with_buyer)))
        assert Order.objects.get().buyer.code == "SOUTH"


def test_site_and_particulars_of_the_whole_order(place: Factory) -> None:
    with place.scope():
        site = add_site(place)
        sheet = "PO,Style,Colour,Size,Qty,Factory,Destination,Port\nPO-1,NF-1042,Navy,S,5,unit u1,Oslo,Chattogram\nPO-1,NF-1042,Navy,M,5,,,\n"
        applied(place, checked(place, started(place, sheet)))
        order = Order.objects.get()
        assert (order.site, order.destination, order.port) == (site, "Oslo", "Chattogram")
        wrong = sheet.replace("PO-1", "PO-2").replace("unit u1", "Unit 77")
        assert problems(checked(place, started(place, wrong))) == [(2, 6)]


def test_only_the_good_rows_leave_an_order_that_is_there_alone(place: Factory) -> None:
    with place.scope():
        add_order(place, Style.objects.get(), "PO-1")
        before = lines_of("PO-1")
        run = checked(place, started(place, LONG))
        assert (run.rows_bad, run.rows_total) == (3, 4)
        applied(place, run, is_only_good=True)
        assert lines_of("PO-1") == before
        assert lines_of("PO-2") == {("Navy", "S"): 1200}


def test_an_order_that_would_grow_too_large_is_told(place: Factory) -> None:
    with place.scope():
        add_order(place, Style.objects.get(), "PO-1")
        sheet = "PO,Style,Colour,Size,Qty\nPO-1,NF-1042,Red,S,9999999\n"
        assert problems(checked(place, started(place, sheet), existing="merge")) == [(2, 1)]
        assert checked(place, started(place, sheet), existing="replace").problems == []


def test_a_header_that_stands_there_again_is_no_order(place: Factory) -> None:
    head = "PO,Style,Colour,38,40\n"
    with place.scope():
        run = checked(
            place, started(place, head + head + "PO-1,NF-1042,Navy,5,6\n" + head + ",,Ecru,,\n,,,38,40\n")
        )
        # Pieces that are the same as the name of their size are no header.
        assert run.rows_total == 3
        assert {row for row, _column in problems(run)} == {5, 6}
        good = checked(place, started(place, head + head + "PO-1,NF-1042,Navy,5,6\n"))
        assert (good.problems, good.rows_total) == ([], 1)

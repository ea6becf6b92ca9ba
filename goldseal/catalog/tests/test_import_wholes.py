"""What belongs together is imported whole or not at all: a bad line holds back its order, a bad point its chart."""

import io

import openpyxl
import pytest

from goldseal.catalog.importing_selectors import rows_to_mend
from goldseal.catalog.models import ImportState, MeasurementChart, Order, Style
from goldseal.catalog.services import importing
from goldseal.catalog.tests.importing import (
    LONG,
    applied,
    checked,
    factory_with_style,
    held,
    lines_of,
    problems,
    started,
    told,
)
from goldseal.catalog.tests.makers import NOW, Factory, add_buyer, add_order, add_style
from goldseal.kit.errors import Conflict

HEAD = "PO,Style,Colour,Size,Qty\n"


@pytest.fixture
def place(db) -> Factory:
    return factory_with_style()


def orders() -> set[str]:
    return set(Order.objects.values_list("po_number", flat=True))


def test_a_bad_line_leaves_its_whole_order_out_and_no_other(place: Factory) -> None:
    sheet = LONG + "PO-3,NF-1042,Navy,S,5,\nPO-2,NF-1042,Navy,M,many,\n"
    with place.scope():
        run = checked(place, started(place, sheet))
        assert (problems(run), held(run)) == ([(7, 5)], [5])
        assert (run.rows_total, run.rows_bad) == (6, 1)
        assert told(run, 5) == ["Left out because row 7 of the same order has a problem."]
        done = applied(place, run, is_only_good=True)
        assert done.counts == {"created": 2, "changed": 0, "lines": 4, "left_out": 2}
        assert done.rows_done == 4
        assert orders() == {"PO-1", "PO-3"}
        _names, rows = rows_to_mend(done)
        good, bad = list(rows)
        assert good[:6] == ["Left out because row 7 of the same order has a problem.", "PO-2", "nf-1042", "Navy", "S", "1,200"]  # fmt: skip
        assert bad[1:5] == ["PO-2", "NF-1042", "Navy", "M"]
        mended = ",".join(["x", *_names]) + "\n" + "\n".join(
            ",".join(f'"{cell}"' for cell in row) for row in (good, [*bad[:5], "7", ""])
        )  # fmt: skip
        applied(place, checked(place, started(place, mended)))
        assert lines_of("PO-2") == {("Navy", "S"): 1200, ("Navy", "M"): 7}


def test_an_order_that_is_there_is_not_merged_in_part(place: Factory) -> None:
    with place.scope():
        add_order(place, Style.objects.get(), "PO-1")
        before = lines_of("PO-1")
        sheet = HEAD + "PO-1,NF-1042,Navy,S,150\nPO-1,NF-1042,Red,S,0\nPO-2,NF-1042,Red,S,7\n"
        run = checked(place, started(place, sheet), existing="merge")
        assert (problems(run), held(run)) == ([(3, 5)], [2])
        applied(place, run, is_only_good=True)
        assert lines_of("PO-1") == before
        assert lines_of("PO-2") == {("Red", "S"): 7}


def test_where_every_order_has_a_bad_line_nothing_can_be_imported(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, HEAD + "PO-1,NF-1042,Navy,S,5\nPO-1,NF-1042,Navy,M,0\n"))
        with pytest.raises(Conflict):
            importing.apply_import(run_id=run.pk, is_only_good=True, actor=place.actor, now=NOW)


def test_a_line_of_which_nobody_knows_the_style_holds_back_the_orders_of_its_number(place: Factory) -> None:
    rows = "PO-1,NF-1042,Navy,S,5\nPO-1,NF-1O42,Navy,M,5\nPO-2,NF-1042,Navy,S,5\nPO-1,NF-2,Navy,S,5\n"
    with place.scope():
        add_style(place, add_buyer(place, "SOUTH"), "NF-2")
        run = checked(place, started(place, HEAD + rows))
        assert (problems(run), held(run)) == ([(3, 2)], [2, 5])
        applied(place, run, is_only_good=True)
        assert orders() == {"PO-2"}


def test_a_line_without_an_order_holds_back_the_order_above_it(place: Factory) -> None:
    rows = "PO-1,NF-1042,Navy,S,5\n,NF-1042,Navy,M,5\n,NF-1042,Navy,L,5\nPO-2,NF-1042,Navy,S,5\n"
    with place.scope():
        run = checked(place, started(place, HEAD + rows))
        assert (problems(run), held(run)) == ([(3, 1), (4, 1)], [2])
        applied(place, run, is_only_good=True)
        assert orders() == {"PO-2"}


def test_an_empty_cell_below_one_that_cannot_be_read_does_not_repeat_the_one_above_both(
    place: Factory,
) -> None:
    book = openpyxl.Workbook()
    for row in (
        HEAD.strip().split(","),
        ["PO-1", "NF-1042", "Navy", "S", 5],
        ["=A1", None, None, "M", 5],  # a formula that was never calculated
        [None, None, None, "L", 5],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    with place.scope():
        run = checked(place, started(place, out.getvalue()), is_filled_down=True)
        assert (problems(run), held(run)) == ([(3, 1), (4, 1)], [2])


def test_the_rest_of_a_long_sheet_is_written_around_one_bad_row(place: Factory) -> None:
    rows = [f"PO-{n},NF-1042,Navy,{size},5\n" for n in range(100) for size in ("S", "M", "L")]
    rows[151] = rows[151].replace(",5", ",0")  # the M of PO-50
    with place.scope():
        run = checked(place, started(place, HEAD + "".join(rows)))
        assert (problems(run), held(run)) == ([(153, 5)], [152, 154])
        done = applied(place, run, is_only_good=True)
        assert done.counts == {"created": 99, "changed": 0, "lines": 297, "left_out": 3}
        assert orders() == {f"PO-{n}" for n in range(100)} - {"PO-50"}


def test_other_rows_left_out_than_were_agreed_to_stop_the_import(place: Factory) -> None:
    """As many rows, but others: a style is found by now, and an order is there by now."""
    sheet = HEAD + "PO-1,NF-1042,Navy,S,5\nPO-2,NF-7,Navy,S,5\n"
    with place.scope():
        run = checked(place, started(place, sheet))
        assert problems(run) == [(3, 2)]
        importing.apply_import(run_id=run.pk, is_only_good=True, actor=place.actor, now=NOW)
        add_style(place, add_buyer(place, "SOUTH"), "NF-7")
        add_order(place, Style.objects.get(code="NF-1042"), "PO-1")
        run = importing.carry_out_import(run_id=run.pk, actor=place.actor, now=NOW, progress=lambda _n: None)
        assert (run.state, problems(run)) == (ImportState.CHECKED, [(2, 1)])
        assert orders() == {"PO-1"}


def test_one_order_in_two_files(place: Factory) -> None:
    with place.scope():
        applied(place, checked(place, started(place, HEAD + "PO-1,NF-1042,Navy,S,5\n")))
        second = started(place, HEAD + "PO-1,NF-1042,Navy,M,7\n")
        assert problems(checked(place, second)) == [(2, 1)]
        applied(place, checked(place, second, existing="merge"))
        assert lines_of("PO-1") == {("Navy", "S"): 5, ("Navy", "M"): 7}


CHARTS = "Style,Wash,POM,Name,Tol,S,M\n"


def charts() -> set[tuple[str, str]]:
    return set(MeasurementChart.objects.values_list("style__code", "wash"))


def test_a_bad_point_leaves_its_whole_chart_out_and_no_other(place: Factory) -> None:
    rows = (
        "NF-1042,before,A,Chest,1,50,52\n"
        "NF-1042,before,B,Length,1,60,6z\n"
        "NF-1042,after,A,Chest,1,49,51\n"
        "NF-2,,A,Chest,1,50,52\n"
        "NF-9,,A,Chest,1,50,52\n"
    )
    with place.scope():
        add_style(place, add_buyer(place, "SOUTH"), "NF-2")
        run = checked(place, started(place, CHARTS + rows, kind="charts"))
        assert (problems(run), held(run)) == ([(3, 7), (6, 1)], [2])
        assert told(run, 2) == ["Left out because row 3 of the same chart has a problem."]
        done = applied(place, run, is_only_good=True)
        assert done.counts == {"created": 2, "changed": 0, "left_out": 3}
        assert charts() == {("NF-1042", "after"), ("NF-2", "")}


@pytest.mark.parametrize("row", ["NF-1042,stone,B,Length,1,60,62\n", ",after,B,Length,1,60,62\n"])
def test_a_point_of_which_nobody_knows_the_chart_holds_back_those_of_its_style(
    place: Factory, row: str
) -> None:
    rows = "NF-2,,A,Chest,1,50,52\nNF-1042,before,A,Chest,1,50,52\nNF-1042,after,A,Chest,1,49,51\n" + row
    with place.scope():
        add_style(place, add_buyer(place, "SOUTH"), "NF-2")
        run = checked(place, started(place, CHARTS + rows, kind="charts"))
        assert (len(problems(run)), held(run)) == (1, [3, 4])
        applied(place, run, is_only_good=True)
        assert charts() == {("NF-2", "")}

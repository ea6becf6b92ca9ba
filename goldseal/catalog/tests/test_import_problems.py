"""Everything that is wrong with a sheet is told in one wave, by row and cell: what is mended then is good."""

import pytest

from goldseal.catalog.importing_selectors import rows_to_mend
from goldseal.catalog.models import ImportState, Order, Style
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
from goldseal.catalog.tests.makers import NOW, Factory, add_buyer, add_order
from goldseal.kit.errors import Conflict, Invalid

HEAD = "PO,Style,Colour,Size,Qty\n"


@pytest.fixture
def place(db) -> Factory:
    return factory_with_style()


def test_every_problem_is_named_by_row_and_cell(place: Factory) -> None:
    sheet = """PO,Style,Colour,Size,Qty,Shipment date
PO-1,NF-1042,Navy,S,144,2026-03-20
PO-1,NF-9999,Navy,M,288,2026-03-20
PO-1,NF-1042,Navy,S,1,2026-03-20
PO-1,NF-1042,,L,12.5,2026-03-20
PO-1,NF-1042,Navy,XL,0,soon
PO-1,NF-1042,Navy,XXL,5,2026-03-21
"""
    with place.scope():
        run = checked(place, started(place, sheet))
        assert run.state == ImportState.CHECKED
        assert problems(run) == [(3, 2), (4, 4), (5, 3), (5, 5), (6, 5), (6, 6), (7, 6)]
        assert (run.rows_total, run.rows_bad, held(run)) == (6, 5, [2])
        with pytest.raises(Conflict):
            importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)
        assert not Order.objects.exists()


def test_a_row_with_an_unreadable_cell_is_compared_with_the_catalog_all_the_same(place: Factory) -> None:
    head = "PO,Buyer,Style,Colour,Size,Qty,Factory,Shipment date\n"
    sheet = (
        head
        + "PO-1,NORTH,NF-1042,Navy,S,144,,2026-03-20\n"
        + "PO-1,NORTH,NF-1042,navy,s,many,,2026-03-21\n"  # there already, no number, another day
        + "PO-2,NOBODY,NF-9,Navy,S,-1,Unit 77,soon\n"  # no buyer, style, site, day; less than a piece
        + ",SOUTH,NF-1042,Navy,S,1000000000,Unit 77,\n"  # no order; no style of this buyer; too many
    )
    with place.scope():
        add_buyer(place, "SOUTH")
        run = checked(place, started(place, sheet))
        assert problems(run) == [
            (3, 5), (3, 6), (3, 8),
            (4, 2), (4, 3), (4, 6), (4, 7), (4, 8),
            (5, 1), (5, 3), (5, 6), (5, 7),
        ]  # fmt: skip


def test_an_order_that_is_there_is_told_beside_the_cells_that_are_wrong(place: Factory) -> None:
    with place.scope():
        add_order(place, Style.objects.get(), "PO-1")
        run = checked(place, started(place, HEAD + "PO-1,NF-1042,,S,1.5\nPO-1,NF-1042,Red,S,5\n"))
        assert problems(run) == [(2, 1), (2, 3), (2, 5), (3, 1)]


@pytest.mark.parametrize("pieces", ["0", "-1", "1.5", "1000000000", "১০০০০০০০০", "1e3", ""])
def test_pieces_that_cannot_be_are_told_at_their_cell_only(place: Factory, pieces: str) -> None:
    with place.scope():
        run = checked(place, started(place, HEAD + f"PO-1,NF-1042,Navy,S,{pieces}\nPO-1,NF-1042,Navy,M,5\n"))
        assert (problems(run), held(run)) == ([(2, 5)], [3])


def test_the_same_line_twice_is_told_whether_or_not_it_says_the_same(place: Factory) -> None:
    row = "PO-1,NF-1042,Navy,S,{}\n"
    with place.scope():
        for again in ("5", "6", "many"):
            run = checked(place, started(place, HEAD + row.format(5) + row.format(again)))
            assert problems(run)[0] == (3, 4)
            assert "row 2" in told(run, 3)[0]
            assert held(run) == [2]


def test_what_is_told_of_a_shared_field_names_the_row_that_says_otherwise(place: Factory) -> None:
    head = "PO,Style,Colour,Size,Qty,Destination\n"
    rows = "PO-1,NF-1042,Navy,S,5,\nPO-1,NF-1042,Navy,M,5,Oslo\nPO-1,NF-1042,Navy,L,5,Bergen\n"
    with place.scope():
        run = checked(place, started(place, head + rows))
        assert problems(run) == [(4, 6)]
        assert "Row 3" in told(run, 4)[0]
        assert "Oslo" in told(run, 4)[0]


def test_sizes_as_columns_are_checked_in_rows_that_are_bad_elsewhere(place: Factory) -> None:
    sheet = "PO,Style,Colour,S,M\nPO-1,NF-9,Navy,x,5\nPO-2,NF-9,,0,0\nPO-3,NF-1042,Navy,-5,many\n"
    with place.scope():
        run = checked(place, started(place, sheet))
        assert problems(run) == [(2, 2), (2, 4), (3, 0), (3, 2), (3, 3), (4, 4), (4, 5)]


def test_rows_of_zeros_and_of_nothing_are_told(place: Factory) -> None:
    sheet = "PO,Style,Colour,S,M\nPO-1,NF-1042,Navy,0,5\nPO-2,NF-1042,Ecru,0,0\nPO-3,NF-1042,Rust,,\n"
    with place.scope():
        run = checked(place, started(place, sheet))
        assert problems(run) == [(3, 0), (4, 0)]
        applied(place, run, is_only_good=True)
        assert lines_of("PO-1") == {("Navy", "M"): 5}  # a zero is not ordered


def test_styles_are_checked_whole_even_where_the_buyer_or_the_number_is_wrong(place: Factory) -> None:
    sheet = (
        "Buyer,Style no,Name,Type,Season\n"
        f"NOBODY,A1,,Hat,{'x' * 41}\n"
        "NORTH,,Tee,Hat,\n"
        "NORTH,A2,Tee,,\n"
        "NORTH,a2,,Hat,\n"
        "NORTH,NF-1042,,,\n"
    )
    with place.scope():
        run = checked(place, started(place, sheet, kind="styles"))
        assert problems(run) == [
            (2, 1), (2, 3), (2, 4), (2, 5), (3, 2), (3, 4), (5, 2), (5, 3), (5, 4), (6, 2), (6, 3),
        ]  # fmt: skip
        assert held(run) == []


def test_defects_stand_alone_and_are_checked_whole(place: Factory) -> None:
    sheet = "Code,Family,Name,Severity\nX 1,Hats,Barre,Grave\nKN01,,Barre,Major\nX-2,KN,Hole,Major\nX-2,KN,,Major\n"
    with place.scope():
        run = checked(place, started(place, sheet, kind="defects"))
        assert problems(run) == [(2, 1), (2, 2), (2, 4), (3, 1), (3, 2), (5, 1), (5, 3)]
        assert held(run) == []
        assert applied(place, run, is_only_good=True).counts == {"created": 1, "changed": 0, "left_out": 3}


def test_charts_tell_the_unknown_style_and_the_amounts_that_are_no_lengths_at_once(place: Factory) -> None:
    sheet = (
        "Style,Unit,POM,Name,Tol,S,M\n"
        "NF-9,cm,A,Chest,1,50,5o\n"  # no such style, no length
        "NF-1042,yard,A,Chest,1,50,52\n"  # no such unit
        "NF-1042,inch,B,Length,much,6o,62\n"  # no tolerance, no length
        "NF-1042,inch,C,,1,30,\n"  # no name
        "NF-1042,cm,D,Sleeve,1,,\n"  # another unit, nothing measured
    )
    with place.scope():
        run = checked(place, started(place, sheet, kind="charts"))
        assert problems(run) == [
            (2, 1), (2, 7), (3, 2), (4, 5), (4, 6), (5, 4), (6, 0), (6, 2),
        ]  # fmt: skip


def test_a_size_twice_does_not_hide_the_amounts_that_are_wrong(place: Factory) -> None:
    sheet = "Style,POM,Name,Tol,S,s\nNF-1042,A,Chest,much,5o,52\n"
    with place.scope():
        assert problems(checked(place, started(place, sheet, kind="charts"))) == [(2, 1), (2, 4), (2, 5)]
        again = "Style,POM,Name,Size,Value\nNF-1042,A,Chest,S,50\nNF-1042,A,Chest,S,5o\nNF-1042,A,Chest,,5o\n"
        assert problems(checked(place, started(place, again, kind="charts"))) == [
            (3, 4),
            (3, 5),
            (4, 4),
            (4, 5),
        ]


def test_a_chart_without_a_size_says_so_at_the_cell_only(place: Factory) -> None:
    sheet = "Style,POM,Name,Size,Value\nNF-1042,A,Chest,,50\n"
    with place.scope():
        assert problems(checked(place, started(place, sheet, kind="charts"))) == [(2, 4)]


def test_rows_of_an_unknown_style_are_compared_with_each_other(place: Factory) -> None:
    head = "PO,Style,Colour,Size,Qty,Port\n"
    with place.scope():
        sheet = head + "PO-1,NF-9,Navy,S,5,Mongla\nPO-1,nf-9,navy,s,5,Chattogram\nPO-1,NF-8,Navy,S,5,Payra\n"
        assert problems(checked(place, started(place, sheet))) == [(2, 2), (3, 2), (3, 4), (3, 6), (4, 2)]


def test_the_file_to_mend_says_all_that_is_wrong_with_a_row(place: Factory) -> None:
    sheet = LONG + "PO-3,NF-77,Navy,S,many,2026-03-20\n"
    with place.scope():
        run = checked(place, started(place, sheet))
        names, rows = rows_to_mend(run)
        (rest,) = list(rows)
        assert names[0] == "PO No."
        assert rest[1:4] == ["PO-3", "NF-77", "Navy"]
        for said in ("B6", "NF-77", "E6", "many"):
            assert said in rest[0]


def test_empty_files_and_headings_without_rows(place: Factory) -> None:
    with place.scope():
        for nothing in ("", "\n\n"):
            with pytest.raises(Invalid):
                started(place, nothing)
        for heads, rows in ((HEAD, 0), (HEAD + HEAD, 0), (HEAD + HEAD.replace("Qty", "Pieces"), 1)):
            run = checked(place, started(place, heads))
            assert (run.rows_total, run.rows_bad) == (rows, rows)
            with pytest.raises(Conflict):
                importing.apply_import(run_id=run.pk, is_only_good=True, actor=place.actor, now=NOW)


def test_no_row_is_forgotten_where_there_are_more_problems_than_are_kept(
    place: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PROBLEMS_KEPT", 3)
    with place.scope():
        run = checked(place, started(place, HEAD + "PO-1,NF-9,,S,x\nPO-2,NF-9,,S,x\nPO-3,NF-1042,Navy,S,5\n"))
        assert (problems(run), run.rows_bad) == ([(2, 2), (3, 2)], 2)
        assert applied(place, run, is_only_good=True).counts["left_out"] == 2

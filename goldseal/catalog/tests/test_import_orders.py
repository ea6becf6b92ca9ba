"""Importing orders, styles and defects: matched, checked, written all at once or not at all."""

import io
from datetime import date, datetime
from fractions import Fraction

import pytest
import xlsxwriter

from goldseal.catalog.importing_selectors import import_run, import_runs, rows_to_mend, shown_columns
from goldseal.catalog.imports import is_size
from goldseal.catalog.models import (
    Defect,
    ImportMapping,
    ImportRun,
    ImportState,
    MeasurementChart,
    Order,
    OrderLine,
    Style,
)
from goldseal.catalog.rules.lengths import parse_length
from goldseal.catalog.services import importing
from goldseal.catalog.tests.makers import NOW, Factory, add_buyer, add_order, add_site, add_style, factory
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.kit.sheets.opening import open_book
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db

LONG = """PO No.,Style,Colour,Size,Qty,Ex-factory
PO-1,NF-1042,Navy,S,144,2026-03-20
PO-1,NF-1042,Navy,M,288,2026-03-20
PO-1,NF-1042,Ecru,S,96,2026-03-20
PO-2,nf-1042,Navy,S,"1,200",2026-04-01
"""


@pytest.fixture
def place() -> Factory:
    made = factory("Alice")
    with made.scope():
        add_style(made, add_buyer(made))
    return made


def started(place: Factory, data: str | bytes, kind: str = "orders", name: str = "orders.csv") -> ImportRun:
    held = data.encode() if isinstance(data, str) else data
    return importing.start_import(kind=kind, file_name=name, data=held, actor=place.actor, now=NOW)


def checked(place: Factory, run: ImportRun, **choices) -> ImportRun:
    choices.setdefault("columns", run.columns)
    importing.check_import(run_id=run.pk, actor=place.actor, now=NOW, **choices)
    return importing.carry_out_check(run_id=run.pk, now=NOW)


def applied(place: Factory, run: ImportRun, *, is_only_good: bool = False) -> ImportRun:
    importing.apply_import(run_id=run.pk, is_only_good=is_only_good, actor=place.actor, now=NOW)
    return importing.carry_out_import(run_id=run.pk, actor=place.actor, now=NOW, progress=lambda _done: None)


def lines_of(po: str) -> dict[tuple[str, str], int]:
    found = OrderLine.objects.filter(order__po_number=po).order_by("colour_position", "size_position")
    return {(line.colour, line.size): line.quantity for line in found}


def problems(run: ImportRun) -> list[tuple[int, int]]:
    return [(row, column) for row, column, _words in run.problems]


def workbook(fill) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, book.add_worksheet("Orders"))
    book.close()
    return out.getvalue()


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


def test_one_entry_in_the_trail_names_who_pressed(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, LONG))
        applied(place, run)
    with place.scope():
        entries = Entry.objects.filter(workspace_id=place.workspace.pk, event="import.applied")
        assert entries.count() == 1
        assert not Entry.objects.filter(event="order.created").exists()


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
        assert problems(run) == [(3, 2), (4, 4), (5, 3), (5, 5), (6, 6), (7, 6)]
        assert (run.rows_total, run.rows_bad) == (6, 5)
        with pytest.raises(Conflict):
            importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)
        assert not Order.objects.exists()


def test_only_the_good_rows_and_the_rest_as_a_file_to_mend(place: Factory) -> None:
    sheet = LONG + "PO-3,NF-1042,Navy,S,many,2026-03-20\nPO-4,NF-77,Navy,S,5,2026-03-20\n"
    with place.scope():
        run = checked(place, started(place, sheet))
        done = applied(place, run, is_only_good=True)
        assert done.counts == {"created": 2, "changed": 0, "lines": 4, "left_out": 2}
        names, rows = rows_to_mend(done)
        rest = list(rows)
        assert names[0] == "PO No."
        assert [row[1:4] for row in rest] == [["PO-3", "NF-1042", "Navy"], ["PO-4", "NF-77", "Navy"]]
        assert "E6" in rest[0][0]
        assert "NF-77" in rest[1][0]


def test_a_second_press_does_nothing_twice(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, LONG))
        importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)
        importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)
        for _again in range(2):
            importing.carry_out_import(run_id=run.pk, actor=place.actor, now=NOW, progress=lambda _n: None)
        importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)
        assert Order.objects.count() == 2
        with pytest.raises(Conflict):
            importing.check_import(run_id=run.pk, columns=run.columns, actor=place.actor, now=NOW)


def test_a_catalog_that_changed_since_the_check_stops_the_import(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, LONG))
        add_order(place, Style.objects.get(), "PO-2")
        after = applied(place, run)
        assert after.state == ImportState.CHECKED
        assert problems(after) == [(5, 1)]
        assert not Order.objects.filter(po_number="PO-1").exists()


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
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["PO", "Style", "Colour", "Size", "Qty"])
    book.active.append(["PO-1", "NF-1042", "Navy", "S", "=2*72"])
    out = io.BytesIO()
    book.save(out)
    with place.scope():
        assert problems(checked(place, started(place, out.getvalue()))) == [(2, 5)]


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


def test_another_workspace_sees_and_changes_nothing(place: Factory) -> None:
    stranger = factory("Charlie")
    with place.scope():
        run = started(place, LONG)
        checked(place, run)
    with stranger.scope():
        assert not import_runs().exists()
        assert not ImportMapping.objects.exists()
        for act in (
            lambda: import_run(run.pk),
            lambda: importing.apply_import(run_id=run.pk, is_only_good=False, actor=stranger.actor, now=NOW),
            lambda: importing.discard_import(run_id=run.pk, actor=stranger.actor, now=NOW),
            lambda: importing.carry_out_check(run_id=run.pk, now=NOW),
        ):
            with pytest.raises(NotFound):
                act()
        # The stranger's catalog has no such style, and the other's is not looked at.
        own = started(stranger, LONG)
        assert {column for _row, column in problems(checked(stranger, own))} == {2}


def test_an_inspector_may_not_import(place: Factory) -> None:
    from goldseal.catalog.tests.makers import actor_in

    bob = actor_in(place.workspace, place.member("Bob", Role.INSPECTOR), Role.INSPECTOR)
    with place.scope():
        with pytest.raises(Forbidden):
            importing.start_import(kind="orders", file_name="x.csv", data=LONG.encode(), actor=bob, now=NOW)
        run = checked(place, started(place, LONG))
        with pytest.raises(Forbidden):
            importing.apply_import(run_id=run.pk, is_only_good=False, actor=bob, now=NOW)
        with pytest.raises(Forbidden):
            importing.carry_out_import(run_id=run.pk, actor=bob, now=NOW, progress=lambda _n: None)


def test_a_run_can_be_thrown_away(place: Factory) -> None:
    with place.scope():
        run = started(place, LONG)
        importing.discard_import(run_id=run.pk, actor=place.actor, now=NOW)
        assert not ImportRun.objects.exists()


def test_a_run_thrown_away_while_it_is_written_writes_nothing(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, LONG))
        importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)

        def meanwhile(_done: int) -> None:
            importing.discard_import(run_id=run.pk, actor=place.actor, now=NOW)

        with pytest.raises(Conflict):
            importing.carry_out_import(run_id=run.pk, actor=place.actor, now=NOW, progress=meanwhile)
        assert not Order.objects.exists()
        importing.discard_import(run_id=run.pk, actor=place.actor, now=NOW)
        importing.fail_import(run_id=run.pk, problem=Conflict())


def test_a_failed_job_says_so(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, LONG))
        importing.apply_import(run_id=run.pk, is_only_good=False, actor=place.actor, now=NOW)
        importing.fail_import(run_id=run.pk, problem=RuntimeError("secret detail"))
        run.refresh_from_db()
        assert run.state == ImportState.FAILED
        assert "secret" not in run.failure
        assert run.failure


def test_no_kind_of_that_name(place: Factory) -> None:
    with place.scope(), pytest.raises(NotFound):
        started(place, LONG, kind="passwords")


STYLES = """Buyer,Style no,Name,বাংলা নাম,Type,Kids,Season
NORTH,NF-2000,Polo neck,পোলো নেক,Sweater,No,AW26
Buyer NORTH,NF-2001,Tee,,Cut and sew knit,yes,
NORTH,NF-1042,Crew,,,,AW27
"""


def test_styles(place: Factory) -> None:
    with place.scope():
        run = started(place, STYLES, kind="styles")
        assert run.columns == [
            "buyer",
            "code",
            "name",
            "name_bn",
            "product_family",
            "is_for_children",
            "season",
        ]
        run = checked(place, run)
        assert problems(run) == [(4, 2)]
        run = checked(place, run, existing="update")
        done = applied(place, run)
        assert (done.counts["created"], done.counts["changed"]) == (2, 1)
        tee = Style.objects.get(code="NF-2001")
        assert (tee.product_family, tee.is_for_children, tee.season) == ("cut_and_sew", True, "")
        old = Style.objects.get(code="NF-1042")
        assert (old.name, old.season, old.revision) == ("Crew", "AW27", 2)
        again = applied(place, checked(place, started(place, STYLES, kind="styles"), existing="update"))
        assert (again.counts["created"], again.counts["changed"]) == (0, 0)


def test_styles_that_break_a_rule_are_named_by_cell(place: Factory) -> None:
    sheet = f"Buyer,Style no,Name,Type\nNOBODY,A1,x,\nNORTH,{'9' * 41},x,\nNORTH,A2,x,Hat\nNORTH,A3,,\nNORTH,A4,x,\nNORTH,a4,y,\nNORTH,A5,a\x00b,\n"
    with place.scope():
        run = checked(place, started(place, sheet, kind="styles"))
        assert problems(run) == [(2, 1), (3, 2), (4, 4), (5, 3), (7, 2), (8, 3)]


DEFECTS = """Code,Group,Defect,Name (Bangla),Severity,Zone A
X-01,Knitting,Barre,ব্যারে,Major,Critical
X-02,সেলাই,Open seam,খোলা সেলাই,গুরুতর,
"""


def test_the_defect_library(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, DEFECTS, kind="defects"))
        assert run.problems == []
        applied(place, run)
        found = {
            d.code: (d.family, d.severity, d.severity_zone_a, d.is_edited)
            for d in Defect.objects.filter(code__startswith="X-")
        }
        assert found == {"X-01": ("KN", "major", "critical", True), "X-02": ("SW", "critical", "", True)}
        sheet = "Code,Family,Name,Severity\nKN01,KN,Our own words,Minor\n"
        assert problems(checked(place, started(place, sheet, kind="defects"))) == [(2, 1)]


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


def test_only_the_good_rows_leave_an_order_that_is_there_alone(place: Factory) -> None:
    with place.scope():
        add_order(place, Style.objects.get(), "PO-1")
        before = lines_of("PO-1")
        run = checked(place, started(place, LONG))
        assert (run.rows_bad, run.rows_total) == (3, 4)
        applied(place, run, is_only_good=True)
        assert lines_of("PO-1") == before
        assert lines_of("PO-2") == {("Navy", "S"): 1200}


def test_a_zero_under_a_size_is_not_ordered(place: Factory) -> None:
    with place.scope():
        sheet = "PO,Style,Colour,S,M\nPO-1,NF-1042,Navy,0,5\nPO-1,NF-1042,Ecru,0,0\nPO-1,NF-1042,Rust,,\n"
        run = checked(place, started(place, sheet))
        assert problems(run) == [(3, 0), (4, 0)]
        applied(place, run, is_only_good=True)
        assert lines_of("PO-1") == {("Navy", "M"): 5}


def test_an_order_that_would_grow_too_large_is_told(place: Factory) -> None:
    with place.scope():
        add_order(place, Style.objects.get(), "PO-1")
        sheet = "PO,Style,Colour,Size,Qty\nPO-1,NF-1042,Red,S,9999999\n"
        assert problems(checked(place, started(place, sheet), existing="merge")) == [(2, 1)]
        assert checked(place, started(place, sheet), existing="replace").problems == []


@pytest.mark.parametrize(
    ("name", "is_one"),
    [(text, True) for text in ("S", "xs", "XXL", "2XL", "3 XL", "S/M", "38", "104", "3-4Y", "12M", "One size", "Size L", "110-116")]
    + [(text, False) for text in ("Total", "Qty", "Pcs", "Style", "Small parts", "2026", "", "Sum", "ML-7")],
)  # fmt: skip
def test_columns_that_are_sizes_are_told_by_their_names(name: str, is_one: bool) -> None:
    assert is_size(name) is is_one

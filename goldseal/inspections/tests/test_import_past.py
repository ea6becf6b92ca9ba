"""Past inspections from a sheet: checked by row, written as decided, each with the run it came from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldseal.catalog.importing_selectors import examined
from goldseal.catalog.models import ImportState, Line, Order, Stage
from goldseal.catalog.services import importing
from goldseal.catalog.tests.makers import add_buyer, add_order, add_site, add_style
from goldseal.inspections import import_services
from goldseal.inspections.models import Inspection, InspectionState, Verdict
from goldseal.inspections.tests.importing import (
    HEAD,
    ROWS,
    SHEET,
    applied,
    checked,
    checked_run,
    problems,
    started,
    taken_over,
)
from goldseal.inspections.tests.makers import NOW, Floor, floor
from goldseal.kit.errors import Conflict
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Floor:
    return floor("alice")


def test_each_row_becomes_a_decided_inspection(alice: Floor) -> None:
    planned = alice.plan()
    with alice.place.scope():
        run = checked(alice, SHEET)
        assert (run.state, run.problems, run.rows_total) == (ImportState.CHECKED, [], 3)
        done = applied(alice, run)
        assert done.counts == {"created": 3, "changed": 0, "left_out": 0}
        rows = taken_over()
        # By their days, after the numbers that are taken.
        assert [row.number for row in rows] == [planned.number + n for n in (1, 2, 3)]
        assert [row.planned_on for row in rows] == [date(2026, 2, 3), date(2026, 2, 5), date(2026, 2, 10)]
        assert [row.verdict for row in rows] == [Verdict.FAIL, Verdict.HOLD, Verdict.PASS]
        failed, held, passed = rows
        assert {row.state for row in rows} == {InspectionState.DECIDED}
        assert {row.method for row in rows} == {"aql"}
        # Noon in Dhaka, six hours before Greenwich.
        assert passed.decided_at == datetime(2026, 2, 10, 6, 0, tzinfo=UTC)
        assert (passed.lot_size, passed.sample_size, passed.buyer_id) == (500, 80, alice.buyer_id)
        assert passed.header == {
            "imported": {
                "run": str(run.pk),
                "row": 2,
                "inspector": "R. Akter",
                "remark": "Carton marks corrected",
            }
        }
        assert {k: v["found"] for k, v in passed.summary["counts"].items()} == {
            "critical": 0, "major": 4, "minor": 7,
        }  # fmt: skip
        assert {k: v["found"] for k, v in failed.summary["counts"].items()} == {"critical": 1, "major": 9}
        assert (failed.summary["defects"], held.summary["defects"]) == (10, 0)
        assert not passed.events.exists()


def test_one_entry_in_the_trail_and_numbers_go_on(alice: Floor) -> None:
    with alice.place.scope():
        applied(alice, checked(alice, SHEET))
    with alice.place.scope():
        entries = Entry.objects.filter(workspace_id=alice.place.workspace.pk)
        assert entries.filter(event="import.applied").count() == 1
        assert not entries.filter(event__startswith="inspection.").exists()
        last = max(row.number for row in taken_over())
    assert alice.plan().number == last + 1


def test_words_of_the_floor_in_bangla(alice: Floor) -> None:
    sheet = (
        "তারিখ,ধাপ,পিও নং,লট,নমুনা,মেজর,মাইনর,ফলাফল,পরিদর্শক,মন্তব্য\n"
        "১০/০২/২০২৬,FIN,PO-50217,৫০০,৮০,৪,৭,পাস,রহিমা,ঠিক আছে\n"
        "২৩/০২/২০২৬,FIN,PO-50217,৫০০,৮০,৯,১১,ফেল,রহিমা,\n"
    )
    with alice.place.scope():
        run = checked(alice, sheet)
        assert run.problems == []
        applied(alice, run)
        passed, failed = taken_over()
        assert (passed.planned_on, passed.verdict, passed.lot_size) == (date(2026, 2, 10), "pass", 500)
        assert (failed.verdict, failed.summary["counts"]["major"]["found"]) == ("fail", 9)
        assert passed.header["imported"]["inspector"] == "রহিমা"


def test_every_problem_is_named_by_row_and_cell(alice: Floor) -> None:
    bad = (
        "2026-02-10,XXX,PO-50217,NF-1042,500,80,0,0,0,pass,,\n"  # no such stage
        "2026-02-10,FIN,PO-1,NF-1042,500,80,0,0,0,pass,,\n"  # no such order
        "2026-02-10,FIN,PO-50217,NF-9,500,80,0,0,0,pass,,\n"  # another style
        "2026-02-10,FIN,PO-50217,NF-1042,0,80,0,0,0,pass,,\n"  # no lot
        "2026-02-10,FIN,PO-50217,NF-1042,600,601,0,0,0,pass,,\n"  # sample larger than the lot
        "2026-02-10,FIN,PO-50217,NF-1042,700,80,0,-1,0,pass,,\n"  # fewer than no defects
        "2026-02-10,FIN,PO-50217,NF-1042,500,80,0,0,0,maybe,,\n"  # no verdict
        "soon,FIN,PO-50217,NF-1042,500,80,0,0,0,pass,,\n"  # no day
        "1926-02-10,FIN,PO-50217,NF-1042,500,80,0,0,0,pass,,\n"  # a century ago
    )
    with alice.place.scope():
        run = checked(alice, SHEET + bad)
        assert problems(run) == [
            (5, 2), (6, 3), (7, 4), (8, 5), (9, 6), (10, 8), (11, 10), (12, 1), (13, 1),
        ]  # fmt: skip
        done = applied(alice, run, is_only_good=True)  # a row stands alone
        assert done.counts == {"created": 3, "changed": 0, "left_out": 9}


def test_all_that_is_wrong_with_a_row_is_told_at_once(alice: Floor) -> None:
    head = "Date,Stage,PO,Style,Buyer,Line,Lot,Sample,Critical,Result\n"
    bad = (
        "soon,XXX,PO-1,NF-1,,L9,many,-1,-1,maybe\n"
        "2026-03-17,XXX,PO-50217,NF-9,EAST,L9,0,1,x,pass\n"
        "1926-02-10,,,,,,5,6,,\n"
    )
    with alice.place.scope():
        assert problems(checked(alice, head + bad)) == [
            (2, 1), (2, 2), (2, 3), (2, 6), (2, 7), (2, 8), (2, 9), (2, 10),
            (3, 1), (3, 2), (3, 4), (3, 5), (3, 6), (3, 7), (3, 9),
            (4, 1), (4, 2), (4, 3), (4, 8), (4, 10),
        ]  # fmt: skip


def test_a_style_and_a_buyer_that_do_not_meet_in_one_order_are_told(alice: Floor) -> None:
    with alice.place.scope():
        other = add_style(alice.place, add_buyer(alice.place, "SOUTH"), "NF-2")
        add_order(alice.place, other)
        row = "Date,Stage,PO,Style,Buyer,Lot,Result\n2026-02-10,FIN,PO-50217,NF-1042,SOUTH,500,pass\n"
        assert problems(checked(alice, row)) == [(2, 3)]


def test_the_same_inspection_twice_is_a_problem(alice: Floor) -> None:
    with alice.place.scope():
        twice = checked(alice, SHEET + ROWS.splitlines(keepends=True)[0])
        assert problems(twice) == [(5, 1)]
        assert "2" in twice.problems[0][2]
        applied(alice, checked(alice, SHEET))
        again = checked(alice, SHEET + "2026-02-10,FIN,PO-50217,NF-1042,500,80,0,4,7,Failed,,\n")
        assert problems(again) == [(2, 1), (3, 1), (4, 1)]
        applied(alice, again, is_only_good=True)
        assert len(taken_over()) == 4


def test_two_imports_of_one_sheet_at_once_are_not_both_written(alice: Floor) -> None:
    with alice.place.scope():
        first, second = (examined(checked(alice, SHEET), now=NOW).prepared for _one in range(2))
        first.write(alice.place.actor, NOW, lambda _n: None)
        with pytest.raises(Conflict):
            second.write(alice.place.actor, NOW, lambda _n: None)
        assert len(taken_over()) == 3


def test_a_day_to_come_is_a_problem_of_its_row_in_the_zone_of_the_workspace(alice: Floor) -> None:
    tomorrow = "2026-03-17,FIN,PO-50217,NF-1042,500,80,0,0,0,pass,,\n"
    with alice.place.scope():
        run = checked(alice, SHEET + tomorrow)
        assert problems(run) == [(5, 1)]
        assert "not come yet" in run.problems[0][2]
        assert applied(alice, run, is_only_good=True).counts["left_out"] == 1
        assert len(taken_over()) == 3
        # 19:00 in Greenwich on the 16th is the 17th in Dhaka.
        for hour, count in ((17, 1), (19, 0)):
            late = started(alice, HEAD + tomorrow)
            evening = datetime(2026, 3, 16, hour, 0, tzinfo=UTC)
            importing.check_import(run_id=late.pk, columns=late.columns, actor=alice.place.actor, now=evening)
            assert importing.carry_out_check(run_id=late.pk, now=evening).rows_bad == count


def test_each_keeps_the_run_it_came_from(alice: Floor) -> None:
    with alice.place.scope():
        first = applied(alice, checked(alice, SHEET))
        second = applied(alice, checked(alice, SHEET.replace("2026-02", "2026-01")))
        for run, month in ((first, 2), (second, 1)):
            made = Inspection.objects.filter(header__imported__run=str(run.pk))
            assert {row.planned_on.month for row in made} == {month}
            assert made.count() == 3


def test_orders_of_one_number_are_told_apart_by_style_and_buyer(alice: Floor) -> None:
    with alice.place.scope():
        south = add_buyer(alice.place, "SOUTH")
        other = add_order(alice.place, add_style(alice.place, south))
        row = "2026-02-10,FIN,PO-50217,NF-1042,{buyer},500,pass\n"
        head = "Date,Stage,PO,Style,Buyer,Lot,Result\n"
        assert problems(checked(alice, head + row.format(buyer=""))) == [(2, 3)]
        assert problems(checked(alice, head + row.format(buyer="East"))) == [(2, 5)]
        applied(alice, checked(alice, head + row.format(buyer="south")))
        assert taken_over()[0].order_id == other.pk
        assert taken_over()[0].buyer_id == south.pk


def test_lines_are_found_by_code_and_told_apart_by_site(alice: Floor) -> None:
    head = "Date,Stage,PO,Line,Lot,Result\n"
    row = "2026-02-10,FIN,PO-50217,{line},500,pass\n"
    with alice.place.scope():
        sites = [add_site(alice.place, code) for code in ("U1", "U2")]
        for site in sites:
            Line.objects.create(site=site, code="L1", name="Line one", created_at=NOW, updated_at=NOW)
        only = Line.objects.create(site=sites[1], code="L2", name="Two", created_at=NOW, updated_at=NOW)
        for line in ("L1", "L9"):
            assert problems(checked(alice, head + row.format(line=line))) == [(2, 4)]
        both = row.format(line="l2") + row.format(line="")
        applied(alice, checked(alice, head + both))
        assert {one.line_id for one in taken_over()} == {only.pk, None}
        Order.objects.filter(pk=alice.order_id).update(site=sites[0])
        applied(alice, checked(alice, head + row.format(line="L1")))
        assert taken_over()[-1].line.site_id == sites[0].pk


def test_a_retired_stage_still_names_what_was_done_there(alice: Floor) -> None:
    with alice.place.scope():
        Stage.objects.filter(code="FIN").update(is_active=False)
        assert checked(alice, SHEET).problems == []


def test_more_rows_need_no_more_queries_and_are_written_in_batches(
    alice: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows(year: int, days: int) -> str:
        first = date(year, 1, 1)
        return "".join(
            f"{first + timedelta(days=n)},FIN,PO-50217,NF-1042,500,80,0,4,3,pass,,\n" for n in range(days)
        )

    with alice.place.scope():
        applied(alice, checked(alice, SHEET))  # what is read once for a process is read
        counts = []
        for year, days in ((2020, 50), (2021, 150)):
            run = started(alice, HEAD + rows(year, days))
            with CaptureQueriesContext(connection) as captured:
                applied(alice, checked_run(alice, run))
            counts.append(len(captured))
        assert counts[0] == counts[1]
        monkeypatch.setattr(import_services, "BATCH", 40)
        applied(alice, checked(alice, HEAD + rows(2022, 100)))
        made = taken_over()
        assert [row.number for row in made] == list(range(1, 3 + 50 + 150 + 100 + 1))
        assert len({row.planned_on for row in made}) == len(made)

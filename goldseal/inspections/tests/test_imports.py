"""Past inspections from a sheet: checked by row, written as decided, without a say in what is inspected here."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from goldseal.catalog.importing_selectors import examined, rows_to_mend
from goldseal.catalog.models import ImportRun, ImportState, Line, MeasurementChart, Order, Stage
from goldseal.catalog.services import importing
from goldseal.catalog.tests.makers import actor_in, add_buyer, add_order, add_site, add_style
from goldseal.inspections import page_selectors, services
from goldseal.inspections.gates import gate_reasons
from goldseal.inspections.models import Inspection, InspectionState, SwitchingScore, Verdict
from goldseal.inspections.reports import find
from goldseal.inspections.tests.makers import NOW, Floor, floor, guest, signed_in
from goldseal.kit.errors import Conflict, Forbidden
from goldseal.kit.permissions import Role
from goldseal.ops import upkeep
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db

HEAD = "Date,Inspection type,PO No.,Style,Lot qty,Sample,Critical,Major,Minor,Result,Inspected by,Remarks\n"
ROWS = (
    "2026-02-10,FIN,PO-50217,NF-1042,500,80,0,4,7,Passed,R. Akter,Carton marks corrected\n"
    "2026-02-03,Fin,po-50217,nf-1042,500,80,1,9,,Rejected,R. Akter,\n"
    "2026-02-05,FIN,PO-50217,,300,50,0,,,on hold,,\n"
)
SHEET = HEAD + ROWS


@pytest.fixture
def alice() -> Floor:
    return floor("alice")


def started(
    at: Floor, text: str | bytes, kind: str = "past_inspections", name: str = "past.csv"
) -> ImportRun:
    data = text.encode() if isinstance(text, str) else text
    return importing.start_import(kind=kind, file_name=name, data=data, actor=at.place.actor, now=NOW)


def checked(at: Floor, text: str | bytes, kind: str = "past_inspections") -> ImportRun:
    run = started(at, text, kind)
    importing.check_import(
        run_id=run.pk, columns=run.columns, existing=run.existing, actor=at.place.actor, now=NOW
    )
    return importing.carry_out_check(run_id=run.pk, now=NOW)


def applied(at: Floor, run: ImportRun, *, is_only_good: bool = False) -> ImportRun:
    actor = at.place.actor
    importing.apply_import(run_id=run.pk, is_only_good=is_only_good, actor=actor, now=NOW)
    return importing.carry_out_import(run_id=run.pk, actor=actor, now=NOW, progress=lambda _done: None)


def problems(run: ImportRun) -> list[tuple[int, int]]:
    return [(row, column) for row, column, _words in run.problems]


def taken_over() -> list[Inspection]:
    return list(Inspection.objects.filter(header__has_key="imported").order_by("number"))


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
            "imported": {"row": 2, "inspector": "R. Akter", "remark": "Carton marks corrected"}
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
        done = applied(alice, run, is_only_good=True)
        assert done.counts == {"created": 3, "changed": 0, "left_out": 9}


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
        first, second = (examined(checked(alice, SHEET)).prepared for _one in range(2))
        first.write(alice.place.actor, NOW, lambda _n: None)
        with pytest.raises(Conflict):
            second.write(alice.place.actor, NOW, lambda _n: None)
        assert len(taken_over()) == 3


def test_a_day_to_come_is_refused_in_the_zone_of_the_workspace(alice: Floor) -> None:
    tomorrow = HEAD + "2026-03-17,FIN,PO-50217,NF-1042,500,80,0,0,0,pass,,\n"
    with alice.place.scope():
        run = checked(alice, tomorrow)
        actor = alice.place.actor
        importing.apply_import(run_id=run.pk, is_only_good=False, actor=actor, now=NOW)
        with pytest.raises(Conflict) as refused:
            importing.carry_out_import(run_id=run.pk, actor=actor, now=NOW, progress=lambda _n: None)
        assert "2" in str(refused.value.message)
        assert not taken_over()
        # 19:00 in Greenwich on the 16th is the 17th in Dhaka.
        evening = datetime(2026, 3, 16, 19, 0, tzinfo=UTC)
        importing.carry_out_import(run_id=run.pk, actor=actor, now=evening, progress=lambda _n: None)
        assert len(taken_over()) == 1


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


def test_other_factories_see_nothing_and_their_orders_are_not_found(alice: Floor) -> None:
    charlie = floor("charlie")
    with charlie.place.scope():
        Order.objects.update(po_number="PO-CHARLIE")
        assert problems(checked(charlie, SHEET)) == [(2, 3), (3, 3), (4, 3)]
    with alice.place.scope():
        applied(alice, checked(alice, SHEET))
    with charlie.place.scope():
        assert not Inspection.objects.exists()
        applied(
            charlie,
            checked(charlie, SHEET.replace("PO-50217", "PO-CHARLIE").replace("po-50217", "po-charlie")),
        )
        assert [row.number for row in taken_over()] == [1, 2, 3]


def test_only_who_plans_may_import(alice: Floor) -> None:
    with alice.place.scope():
        with pytest.raises(Forbidden):
            importing.start_import(
                kind="past_inspections", file_name="p.csv", data=SHEET.encode(), actor=alice.actor, now=NOW
            )
        run = checked(alice, SHEET)
        viewer = actor_in(alice.place.workspace, alice.inspector, Role.VIEWER)
        with pytest.raises(Forbidden):
            importing.apply_import(run_id=run.pk, is_only_good=False, actor=viewer, now=NOW)


def test_a_past_metal_detection_opens_no_gate(alice: Floor) -> None:
    with alice.place.scope():
        metal = Stage.objects.get(method_code="metal")
        final = Stage.objects.get(code="FIN")
        assert (metal.gate, final.gate) == ("hard", "hard")
    planned = alice.plan()
    with alice.place.scope():
        before = [reason.code for reason in gate_reasons(planned)]
        assert "gate_absent" in before
        for verdict in ("pass", "fail"):
            applied(
                alice,
                checked(alice, HEAD + f"2026-03-10,{metal.code},PO-50217,NF-1042,50,50,,,,{verdict},,\n"),
            )
            assert [reason.code for reason in gate_reasons(planned)] == before
        assert not SwitchingScore.objects.exists()


def test_a_past_final_does_not_stand_in_the_way_of_a_lot(alice: Floor) -> None:
    with alice.place.scope():
        applied(alice, checked(alice, HEAD + "2026-03-10,FIN,PO-50217,NF-1042,50,13,0,0,0,pass,,\n"))
    assert alice.plan(is_extra=False).lot_size == 50
    with alice.place.scope():
        order = Order.objects.get()
        done = next(row for row in page_selectors.stages_of_order(order) if row["stage"].code == "FIN")
        assert len(done["inspections"]) == 2


def test_its_page_says_so_and_offers_nothing_to_do(alice: Floor) -> None:
    with alice.place.scope():
        codes = [stage.code for stage in Stage.objects.order_by("method_code").distinct("method_code")]
        rows = "".join(
            f"2026-02-{10 + n},{code},PO-50217,,500,80,1,4,7,fail,R. Akter,See mail\n"
            for n, code in enumerate(codes)
        )
        applied(alice, checked(alice, HEAD + rows))
        made = taken_over()
    assert len({row.method for row in made}) == len(codes) == 8
    client = signed_in(alice.place.owner)
    for row in made:
        answer = client.get(f"{alice.base}{row.pk}/")
        page = answer.content.decode()
        assert answer.status_code == 200
        for words in ("Taken over from a sheet; recorded elsewhere", "R. Akter", "See mail"):
            assert words in page
        places = [page.index(f'<dd class="num">{count}</dd>') for count in (1, 4, 7)]
        assert places == sorted(places)  # critical, major, minor
        for offer in ("/record/", "/sign/", f"{row.pk}/report/", "?again="):
            assert offer not in page
        for path in ("record/", f"record/{row.method}/", "record/remarks/", "sign/"):
            turned = client.get(f"{alice.base}{row.pk}/{path}")
            assert turned.status_code == 404 or turned["Location"] == f"{alice.base}{row.pk}/"
    assert client.get(alice.base).content.decode().count("PO-50217") >= len(codes)
    with alice.place.scope():
        assert not page_selectors.decided_without_report(Inspection.objects.none().values("pk")).exists()


def test_nothing_is_recorded_in_it_or_reported_from_it(alice: Floor) -> None:
    with alice.place.scope():
        applied(alice, checked(alice, SHEET))
        one = taken_over()[0]
        with pytest.raises(Conflict):
            services.record_finding(
                inspection_id=one.pk, kind="remark_written", body={"section": "remarks", "text": "late"},
                recorder=alice.inspector, device="test", actor=alice.actor, now=NOW,
            )  # fmt: skip
        with pytest.raises(Conflict):
            find(one.pk)
        one.refresh_from_db()
        assert (one.verdict, one.summary["defects"]) == (Verdict.FAIL, 10)


def test_guests_see_their_buyers_past_only(alice: Floor) -> None:
    with alice.place.scope():
        applied(alice, checked(alice, SHEET))
        south = add_buyer(alice.place, "SOUTH")
    with alice.place.scope(south):
        assert not taken_over()
    visitor = guest(alice, south, "dana")
    row = None
    with alice.place.scope():
        row = taken_over()[0]
    assert signed_in(visitor).get(f"{alice.base}{row.pk}/").status_code == 404


def test_ten_thousand_rows_in_thirty_seconds(alice: Floor) -> None:
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(2000)]
    rows = "".join(
        f"{day},FIN,PO-50217,NF-1042,{500 + n},80,0,{n},3,pass,R. Akter,fine\n"
        for day in days
        for n in range(5)
    )
    began = time.monotonic()
    with alice.place.scope():
        run = checked(alice, HEAD + rows)
        assert run.problems == []
        done = applied(alice, run)
        assert done.counts["created"] == 10_000
        assert Inspection.objects.count() == 10_000
    assert time.monotonic() - began < 30


def test_the_file_goes_when_everything_is_imported(alice: Floor) -> None:
    with alice.place.scope():
        done = applied(alice, checked(alice, SHEET))
        assert bytes(done.content) == b""
        partly = applied(
            alice,
            checked(
                alice,
                SHEET
                + "soon,FIN,PO-50217,,5,5,,,,pass,,\n"
                + ROWS.replace("500", "400").replace("300", "200"),
            ),
            is_only_good=True,
        )
        assert [row[1] for row in rows_to_mend(partly)[1]][-1] == "soon"
    client = signed_in(alice.place.owner)
    base = f"/w/{alice.place.workspace.slug}/catalog/imports/"
    assert client.get(f"{base}{done.pk}/").status_code == 200
    assert client.get(f"{base}{done.pk}/rest/").status_code < 500
    assert client.post(f"{base}{done.pk}/check/", {}).status_code < 500


def test_the_sweep_removes_what_nobody_finished_and_files_nobody_fetched(alice: Floor) -> None:
    charlie = floor("charlie")
    with charlie.place.scope():
        started(charlie, SHEET)
    with alice.place.scope():
        waiting = started(alice, SHEET)
        partly = applied(
            alice, checked(alice, SHEET + "soon,FIN,PO-50217,,5,5,,,,pass,,\n"), is_only_good=True
        )
    upkeep.sweep(now=NOW + timedelta(days=14))
    with alice.place.scope():
        assert ImportRun.objects.count() == 2
    assert upkeep.sweep(now=NOW + timedelta(days=14, seconds=1))["imports"] == 3
    with alice.place.scope():
        left = ImportRun.objects.get()
        assert waiting.pk != left.pk == partly.pk
        assert (bytes(left.content), left.problems, left.counts["left_out"]) == (b"", [], 1)
        assert len(taken_over()) == 3
    with charlie.place.scope():
        assert not ImportRun.objects.exists()
    assert upkeep.sweep(now=NOW + timedelta(days=30))["imports"] == 0
    page = f"/w/{alice.place.workspace.slug}/catalog/imports/{partly.pk}/"
    assert "/rest/" not in signed_in(alice.place.owner).get(page).content.decode()


def test_a_run_that_is_stuck_for_an_hour_is_given_up(alice: Floor) -> None:
    actor = alice.place.actor
    later = NOW + timedelta(days=2)
    with alice.place.scope():
        run = checked(alice, SHEET)
        importing.apply_import(run_id=run.pk, is_only_good=False, actor=actor, now=later)
        checking = started(alice, SHEET)
        importing.check_import(run_id=checking.pk, columns=checking.columns, actor=actor, now=later)
    assert upkeep.sweep(now=later + timedelta(hours=1))["stuck_imports"] == 0
    assert upkeep.sweep(now=later + timedelta(hours=1, seconds=1))["stuck_imports"] == 2
    with alice.place.scope():
        run.refresh_from_db()
        assert (run.state, run.applied_at) == (ImportState.FAILED, None)
        assert "hour" in run.failure
        # The job that comes back after all writes nothing.
        importing.carry_out_import(run_id=run.pk, actor=actor, now=later, progress=lambda _n: None)
        assert not taken_over()
        # And the person may have it checked again.
        importing.check_import(run_id=run.pk, columns=run.columns, actor=actor, now=later)
        assert importing.carry_out_check(run_id=run.pk, now=later).state == ImportState.CHECKED


def test_a_chart_keeps_the_sizes_in_the_order_of_the_columns(alice: Floor) -> None:
    sheet = (
        "Style,Code,Point of measure,Tol,S,M,L\n"
        "NF-1042,A,Chest,1,,50,52\n"  # the first point has no S
        "NF-1042,B,Length,1,60,62,64\n"
    )
    with alice.place.scope():
        run = checked(alice, sheet, kind="charts")
        assert run.problems == []
        applied(alice, run)
        assert MeasurementChart.objects.get().sizes == ["S", "M", "L"]

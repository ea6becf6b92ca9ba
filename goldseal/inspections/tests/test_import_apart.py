"""An inspection taken over stands apart: no gate, no lot, no score, no record, no report, no other's eyes."""

import pytest

from goldseal.catalog.models import Order, Stage
from goldseal.catalog.services import importing
from goldseal.catalog.tests.makers import actor_in, add_buyer
from goldseal.inspections import page_selectors, services
from goldseal.inspections.gates import gate_reasons
from goldseal.inspections.models import Inspection, SwitchingScore, Verdict
from goldseal.inspections.reports import find
from goldseal.inspections.tests.importing import HEAD, SHEET, applied, checked, problems, taken_over
from goldseal.inspections.tests.makers import NOW, Floor, floor, guest, signed_in
from goldseal.kit.errors import Conflict, Forbidden
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Floor:
    return floor("alice")


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

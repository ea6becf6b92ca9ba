"""What becomes of runs and their files afterwards: finished, forgotten, stuck."""

from datetime import timedelta

import pytest

from goldseal.catalog.importing_selectors import rows_to_mend
from goldseal.catalog.models import ImportRun, ImportState
from goldseal.catalog.services import importing
from goldseal.inspections.tests.importing import ROWS, SHEET, applied, checked, started, taken_over
from goldseal.inspections.tests.makers import NOW, Floor, floor, signed_in
from goldseal.ops import upkeep

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Floor:
    return floor("alice")


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

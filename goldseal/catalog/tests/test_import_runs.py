"""A run's steps: by whom, once, all or nothing, in its own workspace, and what becomes of it when it fails."""

import pytest

from goldseal.catalog.importing_selectors import import_run, import_runs
from goldseal.catalog.models import ImportMapping, ImportRun, ImportState, Order, Style
from goldseal.catalog.services import importing
from goldseal.catalog.tests.importing import LONG, applied, checked, factory_with_style, problems, started
from goldseal.catalog.tests.makers import NOW, Factory, actor_in, add_order, factory
from goldseal.kit.errors import Conflict, Forbidden, NotFound
from goldseal.kit.permissions import Role
from goldseal.trail.models import Entry


@pytest.fixture
def place(db) -> Factory:
    return factory_with_style()


def test_one_entry_in_the_trail_names_who_pressed(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, LONG))
        applied(place, run)
    with place.scope():
        entries = Entry.objects.filter(workspace_id=place.workspace.pk, event="import.applied")
        assert entries.count() == 1
        assert not Entry.objects.filter(event="order.created").exists()


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

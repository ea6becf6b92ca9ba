"""Two workspaces side by side: what one may see and write, and what refuses."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.utils import Error

from goldseal.accounts.models import User
from goldseal.kit.actors import system_actor
from goldseal.kit.errors import ScopeError
from goldseal.trail.models import Entry
from goldseal.trail.selectors import verify_chain
from goldseal.workspaces.models import Membership, Workspace
from goldseal.workspaces.services import create_workspace, person_scope, workspace_scope

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def founded(name: str) -> Workspace:
    owner = User.objects.create_user(f"{name}@example.test", name=name)
    return create_workspace(
        name=name, kind="expert_customer", owner=owner, actor=system_actor(via="command"), now=NOW
    )


def test_application_role_is_neither_superuser_nor_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("goldseal_app", False, False)


def test_scope_shows_only_its_own_rows() -> None:
    one, two = founded("alice"), founded("charlie")
    with workspace_scope(one.pk):
        assert [m.workspace_id for m in Membership.objects.all()] == [one.pk]
    with workspace_scope(two.pk):
        assert [m.workspace_id for m in Membership.objects.all()] == [two.pk]
        # The database agrees when Python's wall is climbed.
        assert {m.workspace_id for m in Membership._base_manager.all()} == {two.pk}


@pytest.mark.parametrize(
    "touch",
    [
        lambda m: m.exists(),
        lambda m: list(m.all()),
        lambda m: m.exclude(pk=None),
        lambda m: m.filter(pk=None),
        lambda m: m.count(),
        lambda m: m.create(role="owner"),
        lambda m: m.bulk_create([]),
        lambda m: m.get_queryset().acount(),
        lambda m: list(m.get_queryset()),
        lambda m: m.values_list("pk"),
        lambda m: m.select_related("user"),
        lambda m: m.in_bulk([]),
    ],
)
def test_outside_a_scope_everything_refuses(touch) -> None:
    with pytest.raises(ScopeError):
        touch(Membership.objects)


def test_a_row_of_another_workspace_cannot_be_saved() -> None:
    one, two = founded("alice"), founded("charlie")
    with workspace_scope(one.pk):
        mine = Membership.objects.get()
    mine.role = "viewer"
    with workspace_scope(two.pk):
        with pytest.raises(ScopeError):
            mine.save()
        with pytest.raises(ScopeError):
            mine.delete()
        with pytest.raises(ScopeError):
            Membership.objects.bulk_update([mine], ["role"])
        with pytest.raises(ScopeError):
            Membership.objects.update(workspace_id=one.pk)


def test_database_refuses_a_foreign_row_even_past_python(transactional_savepoint) -> None:
    one, two = founded("alice"), founded("charlie")
    with workspace_scope(two.pk), transactional_savepoint(), pytest.raises(Error):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE workspaces_membership SET workspace_id = %s", [one.pk])


def test_person_sees_own_memberships_and_nothing_else() -> None:
    one, _two = founded("alice"), founded("charlie")
    alice = User.objects.get(email="alice@example.test")
    with person_scope(alice.pk):
        assert [w.pk for w in Workspace.objects.all()] == [one.pk]
    assert list(Workspace.objects.all()) == []


def test_founding_is_recorded_and_the_chain_verifies() -> None:
    one = founded("alice")
    with workspace_scope(one.pk):
        assert [entry.event for entry in Entry.objects.all()] == ["workspace.created"]
        assert verify_chain(one.pk, anchors=[]).problem is None

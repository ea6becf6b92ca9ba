"""Random work in two workspaces, with a guess at the neighbour's keys now and then, against two plain dictionaries.

After each step both walls are asked: the scoped managers, and SQL under row-level security. What either shows
must equal the model of its own workspace, and nothing of the other's.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from goldseal.accounts.models import User
from goldseal.catalog import services as catalog
from goldseal.catalog.models import Line, Site
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.permissions import Role, permissions_of
from goldseal.trail.selectors import verify_chain
from goldseal.workspaces.models import Invitation
from goldseal.workspaces.services import create_workspace, invite_member, revoke_invitation, workspace_scope

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHICH = st.sampled_from([0, 1])
CODES = st.sampled_from(["A1", "B2", "C3", "D4"])
NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20
).filter(str.strip)


class TwoWorkspaces(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = NOW
        self.places: list[tuple[UUID, Actor]] = []
        self.sites: list[dict[UUID, dict[str, Any]]] = [{}, {}]
        self.lines: list[dict[UUID, tuple[UUID, str]]] = [{}, {}]
        self.invited: list[dict[UUID, str]] = [{}, {}]
        for name in ("alice", "charlie"):
            owner = User.objects.create_user(f"{name}@example.test", name=name)
            actor = Actor(owner.pk, name, "web")
            workspace = create_workspace(name=name, kind="expert_customer", owner=owner, actor=actor, now=NOW)
            inside = Actor(
                owner.pk, name, "web", workspace.pk, frozenset({Role.OWNER}), permissions_of([Role.OWNER])
            )
            self.places.append((workspace.pk, inside))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @rule(which=WHICH, code=CODES, name=NAMES)
    def make_site(self, which: int, code: str, name: str) -> None:
        place, actor = self.places[which]
        taken = any(site["code"] == code for site in self.sites[which].values())
        with workspace_scope(place):
            try:
                site = catalog.create_site(values={"code": code, "name": name}, actor=actor, now=self.tick())
            except Invalid:
                assert taken
            else:
                assert not taken
                self.sites[which][site.pk] = {"code": code, "name": name.strip(), "is_active": True}

    @precondition(lambda self: self.sites[0] or self.sites[1])
    @rule(which=WHICH, name=NAMES, data=st.data())
    def rename_site(self, which: int, name: str, data: st.DataObject) -> None:
        """Any site's key from any workspace: one's own changes, the neighbour's is not found."""
        place, actor = self.places[which]
        pk = data.draw(st.sampled_from(sorted([*self.sites[0], *self.sites[1]])))
        with workspace_scope(place):
            try:
                catalog.edit_site(site_id=pk, values={"name": name}, actor=actor, now=self.tick())
            except NotFound:
                assert pk not in self.sites[which]
            else:
                self.sites[which][pk]["name"] = name.strip()

    @precondition(lambda self: self.sites[0] or self.sites[1])
    @rule(which=WHICH, code=CODES, data=st.data())
    def make_line(self, which: int, code: str, data: st.DataObject) -> None:
        place, actor = self.places[which]
        pk = data.draw(st.sampled_from(sorted([*self.sites[0], *self.sites[1]])))
        taken = (pk, code) in self.lines[which].values()
        with workspace_scope(place):
            try:
                line = catalog.create_line(
                    site_id=pk, values={"code": code, "name": code}, actor=actor, now=self.tick()
                )
            except (NotFound, Invalid, Conflict):
                mine = self.sites[which].get(pk)
                assert mine is None or taken or not mine["is_active"]
            else:
                self.lines[which][line.pk] = (pk, code)

    @precondition(lambda self: self.sites[0] or self.sites[1])
    @rule(which=WHICH, data=st.data())
    def retire_site(self, which: int, data: st.DataObject) -> None:
        place, actor = self.places[which]
        pk = data.draw(st.sampled_from(sorted([*self.sites[0], *self.sites[1]])))
        with workspace_scope(place):
            try:
                catalog.retire_site(site_id=pk, actor=actor, now=self.tick())
            except NotFound:
                assert pk not in self.sites[which]
            else:
                self.sites[which][pk]["is_active"] = False

    @rule(which=WHICH, number=st.integers(0, 3))
    def invite(self, which: int, number: int) -> None:
        place, actor = self.places[which]
        email = f"person{number}@example.test"
        with workspace_scope(place):
            invitation, _secret = invite_member(email=email, role="viewer", actor=actor, now=self.tick())
        self.invited[which] = {pk: who for pk, who in self.invited[which].items() if who != email}
        self.invited[which][invitation.pk] = email

    @precondition(lambda self: self.invited[0] or self.invited[1])
    @rule(which=WHICH, data=st.data())
    def withdraw(self, which: int, data: st.DataObject) -> None:
        place, actor = self.places[which]
        pk = data.draw(st.sampled_from(sorted([*self.invited[0], *self.invited[1]])))
        with workspace_scope(place):
            try:
                revoke_invitation(invitation_id=pk, actor=actor, now=self.tick())
            except NotFound:
                assert pk not in self.invited[which]
            else:
                del self.invited[which][pk]

    @invariant()
    def each_shows_its_own_and_nothing_else(self) -> None:
        for which, (place, _actor) in enumerate(self.places):
            with workspace_scope(place):
                shown = {
                    s.pk: {"code": s.code, "name": s.name, "is_active": s.is_active}
                    for s in Site.objects.all()
                }
                assert shown == self.sites[which]
                assert set(Line.objects.values_list("pk", flat=True)) == set(self.lines[which])
                still = Invitation.objects.filter(revoked_at__isnull=True).values_list("pk", flat=True)
                assert set(still) == set(self.invited[which])
                with connection.cursor() as cursor:
                    for table, known in (("catalog_site", self.sites), ("catalog_line", self.lines)):
                        cursor.execute(f"SELECT id FROM {table}")
                        assert {row[0] for row in cursor.fetchall()} == set(known[which])
                    cursor.execute("SELECT count(*) FROM catalog_site WHERE workspace_id <> %s", [place])
                    assert cursor.fetchone() == (0,)

    @invariant()
    def both_chains_verify(self) -> None:
        for place, _actor in self.places:
            with workspace_scope(place):
                assert verify_chain(place, anchors=[]).problem is None


@pytest.mark.django_db
def test_two_workspaces_never_meet() -> None:
    run_state_machine_as_test(
        TwoWorkspaces,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

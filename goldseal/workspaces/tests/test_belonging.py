"""Invitations, roles, access grants, tokens: who gets in, how far, and how it ends."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from goldseal.accounts.models import ApiToken, User
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from goldseal.kit.permissions import (
    OPERATOR_ROLES,
    WORKSPACE_ROLES,
    Role,
    lent_permissions,
    permission,
    permission_table,
    permissions_of,
)
from goldseal.trail.selectors import entries_of
from goldseal.workspaces.models import Membership, OperatorMember, Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import door_of_token, open_door
from goldseal.workspaces.services import (
    accept_invitation,
    change_role,
    create_workspace,
    end_grant,
    grant_access,
    invite_member,
    make_token,
    person_scope,
    remove_member,
    revoke_invitation,
    revoke_token,
    workspace_scope,
)

NOW = datetime.now(UTC).replace(microsecond=0)
pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.test", "paper seal violet 9", name=name)


class Place:
    """A workspace with Alice as owner; `as_(user, role)` is that person there."""

    def __init__(self, name: str = "alice") -> None:
        self.owner = person(name)
        self.workspace: Workspace = create_workspace(
            name=name, kind="expert_customer", owner=self.owner, actor=system_actor(via="command"), now=NOW
        )

    def as_(self, user: User, role: Role) -> Actor:
        return Actor(user.pk, user.name, "web", self.workspace.pk, frozenset({role}), permissions_of([role]))

    @property
    def alice(self) -> Actor:
        return self.as_(self.owner, Role.OWNER)

    def add(self, name: str, role: Role) -> User:
        user = person(name)
        with workspace_scope(self.workspace.pk):
            Membership.objects.create(user=user, role=role.value, joined_at=NOW)
        return user

    def scope(self) -> Any:
        return workspace_scope(self.workspace.pk)


def test_an_invitation_is_a_letter_with_a_secret_that_works_once(
    django_capture_on_commit_callbacks: Any,
) -> None:
    place, bob = Place(), person("bob")
    with django_capture_on_commit_callbacks(execute=True), place.scope():
        _row, secret = invite_member(email="Bob@example.test", role="inspector", actor=place.alice, now=NOW)
    letter = mail.outbox[-1]
    assert letter.to == ["bob@example.test"]
    assert f"/invitations/{secret}/" in letter.body
    joined = accept_invitation(
        secret=secret, user=bob, actor=Actor(bob.pk, "bob", "web"), now=NOW + timedelta(days=1)
    )
    assert joined == place.workspace
    with person_scope(bob.pk):
        assert Membership._base_manager.get(user=bob).role == "inspector"
    with pytest.raises(Conflict):
        accept_invitation(
            secret=secret, user=bob, actor=Actor(bob.pk, "bob", "web"), now=NOW + timedelta(days=1)
        )


def test_an_invitation_ends_after_seven_days_or_when_withdrawn_or_for_another_address() -> None:
    place, bob, charlie = Place(), person("bob"), person("charlie")
    with place.scope():
        _row, late = invite_member(email="bob@example.test", role="viewer", actor=place.alice, now=NOW)
    actor = Actor(bob.pk, "bob", "web")
    with pytest.raises(Forbidden):
        accept_invitation(secret=late, user=charlie, actor=Actor(charlie.pk, "c", "web"), now=NOW)
    with pytest.raises(Conflict):
        accept_invitation(secret=late, user=bob, actor=actor, now=NOW + timedelta(days=7))
    with place.scope():
        row, withdrawn = invite_member(email="bob@example.test", role="viewer", actor=place.alice, now=NOW)
        revoke_invitation(invitation_id=row.pk, actor=place.alice, now=NOW)
    with pytest.raises(Conflict):
        accept_invitation(secret=withdrawn, user=bob, actor=actor, now=NOW)
    with pytest.raises(NotFound):
        accept_invitation(secret="x" * 40, user=bob, actor=actor, now=NOW)


def test_only_an_owner_makes_owners_and_the_last_one_stays() -> None:
    place = Place()
    admin = place.add("bob", Role.ADMIN)
    with place.scope():
        mine = Membership.objects.get(user=place.owner)
        theirs = Membership.objects.get(user=admin)
        with pytest.raises(Forbidden):
            change_role(membership_id=theirs.pk, role="owner", actor=place.as_(admin, Role.ADMIN), now=NOW)
        with pytest.raises(Conflict):
            change_role(membership_id=mine.pk, role="viewer", actor=place.alice, now=NOW)
        with pytest.raises(Conflict):
            remove_member(membership_id=mine.pk, actor=place.alice, now=NOW)
        change_role(membership_id=theirs.pk, role="owner", actor=place.alice, now=NOW)
        remove_member(membership_id=mine.pk, actor=place.alice, now=NOW)
        assert list(Membership.objects.filter(is_active=True)) == [theirs]


@pytest.mark.parametrize("role", [Role.QA_MANAGER, Role.INSPECTOR, Role.VIEWER, Role.BUYER_GUEST])
def test_who_may_not_manage_people_leaves_no_row(role: Role) -> None:
    place = Place()
    actor = place.as_(person("bob"), role)
    with place.scope():
        before = Membership.objects.count()
        with pytest.raises(Forbidden):
            invite_member(email="new@example.test", role="viewer", actor=actor, now=NOW)
        assert (Membership.objects.count(), Membership.objects.model._base_manager.count()) == (
            before,
            before,
        )


def test_a_guest_needs_a_buyer_and_nobody_else_has_one() -> None:
    place = Place()
    with place.scope():
        with pytest.raises(Invalid):
            invite_member(email="g@example.test", role="buyer_guest", actor=place.alice, now=NOW)
        with pytest.raises(Invalid):
            invite_member(
                email="g@example.test",
                role="viewer",
                compartment_id=place.owner.pk,
                actor=place.alice,
                now=NOW,
            )


def test_the_program_and_nobody() -> None:
    authorize(system_actor(), "workspace.edit")
    with pytest.raises(NotSignedIn):
        authorize(Actor(None, "", "web"), "workspace.view")
    with pytest.raises(LookupError):
        authorize(system_actor(), "workspace.destroy_the_world")


def enter(user: User, place: Place, now: datetime = NOW) -> Any:
    with person_scope(user.pk):
        return open_door(
            user=user, slug=place.workspace.slug, now=now, via="web", device="", address="", signed_in_at=None
        )


def test_operator_staff_get_in_by_a_grant_only_to_read_until_it_ends() -> None:
    place, staff = Place(), person("staff")
    OperatorMember.objects.create(user=staff, role=Role.PLATFORM_ADMIN.value, since=NOW)
    operator = Actor(
        staff.pk,
        "staff",
        "web",
        None,
        frozenset({Role.PLATFORM_ADMIN}),
        permissions_of([Role.PLATFORM_ADMIN]),
    )
    assert enter(staff, place) is None, "a role alone opens nothing"
    for wrong in ({"purpose": "curiosity"}, {"reason": "hm"}, {"hours": 337}, {"hours": 0}):
        facts = {"purpose": "support", "reason": "The report list does not open", "hours": 8, **wrong}
        with pytest.raises(Invalid):
            grant_access(workspace_id=place.workspace.pk, staff=staff, actor=operator, now=NOW, **facts)  # type: ignore[arg-type]
    grant = grant_access(
        workspace_id=place.workspace.pk,
        purpose="support",
        reason="The report list does not open",
        hours=8,
        staff=staff,
        actor=operator,
        now=NOW,
    )
    door = enter(staff, place, NOW + timedelta(hours=7, minutes=59))
    assert door.actor.grant_id == grant.pk
    assert door.actor.permissions == lent_permissions()
    assert all(permission(code).reading for code in door.actor.permissions)
    assert enter(staff, place, NOW + timedelta(hours=8)) is None, "over at the hour"
    with place.scope():
        events = [entry.event for entry in entries_of(place.workspace.pk)]
        assert "grant.given" in events, "the customer sees it"
        end_grant(grant_id=grant.pk, actor=place.alice, now=NOW + timedelta(hours=1))
    assert enter(staff, place, NOW + timedelta(hours=1)) is None, "ended at once"


def test_each_page_staff_open_is_written_down(client: Client) -> None:
    place, staff = Place(), person("staff")
    OperatorMember.objects.create(user=staff, role=Role.MANAGEMENT.value, since=NOW)
    operator = Actor(staff.pk, "staff", "web", None, frozenset(), permissions_of([Role.MANAGEMENT]))
    grant_access(
        workspace_id=place.workspace.pk,
        purpose="secure",
        reason="Looking into an alarm",
        hours=1,
        staff=staff,
        actor=operator,
        now=NOW,
    )
    client.force_login(staff)
    page = client.get(f"/w/{place.workspace.slug}/people/")
    assert page.status_code == 200
    assert "operator staff under an access grant" in page.content.decode()
    assert (
        client.post(
            f"/w/{place.workspace.slug}/people/invite/", {"email": "x@example.test", "role": "viewer"}
        ).status_code
        == 403
    )
    with place.scope():
        used = [e.payload.data["path"] for e in entries_of(place.workspace.pk).filter(event="grant.used")]
    assert used == [f"/w/{place.workspace.slug}/people/invite/", f"/w/{place.workspace.slug}/people/"]


@pytest.mark.parametrize("role", [Role.SUBCONTRACTOR, Role.SUPPORT, Role.PRIVACY_OFFICER, Role.HR_FINANCE])
def test_other_operator_roles_cannot_take_a_grant(role: Role) -> None:
    place, staff = Place(), person("staff")
    actor = Actor(staff.pk, "staff", "web", None, frozenset({role}), permissions_of([role]))
    with pytest.raises(Forbidden):
        grant_access(
            workspace_id=place.workspace.pk,
            purpose="support",
            reason="because because",
            hours=1,
            staff=staff,
            actor=actor,
            now=NOW,
        )


def test_a_token_acts_for_its_person_there_and_dies_with_the_membership() -> None:
    place = Place()
    bob = place.add("bob", Role.INSPECTOR)
    with place.scope():
        row, secret = make_token(
            label="scale", scopes="write", days=30, user=bob, actor=place.as_(bob, Role.INSPECTOR), now=NOW
        )
        assert ApiToken.objects.get(pk=row.pk).digest != secret

    def use(now: datetime = NOW) -> Any:
        with door_of_token(secret=secret, now=now, device="", address="") as door:
            return door

    assert use().actor.person_id == bob.pk
    assert use(NOW + timedelta(days=30)) is None
    with place.scope():
        member = Membership.objects.get(user=bob)
        remove_member(membership_id=member.pk, actor=place.alice, now=NOW)
    assert use() is None


def test_a_token_can_be_revoked_and_a_reading_one_only_reads() -> None:
    place = Place()
    with place.scope():
        row, secret = make_token(
            label="board", scopes="read", days=1, user=place.owner, actor=place.alice, now=NOW
        )
    with door_of_token(secret=secret, now=NOW, device="", address="") as door:
        assert door is not None
        assert not door.actor.may("members.manage")
        assert door.actor.may("members.view")
    with place.scope():
        revoke_token(token_id=row.pk, actor=place.alice, now=NOW)
    with door_of_token(secret=secret, now=NOW, device="", address="") as door:
        assert door is None


def test_a_workspace_may_demand_a_second_factor(client: Client) -> None:
    place = Place()
    with place.scope():
        Workspace.objects.filter(pk=place.workspace.pk).update(is_mfa_required=True)
    client.force_login(place.owner)
    response = client.get(f"/w/{place.workspace.slug}/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/2fa/")


def test_the_page_of_roles_is_the_table_itself(client: Client) -> None:
    place = Place()
    client.force_login(place.owner)
    rows = client.get(f"/w/{place.workspace.slug}/roles/").context["rows"]
    shown = {row["code"]: row["marks"] for row in rows}
    for row in permission_table():
        if row.roles & set(WORKSPACE_ROLES):
            assert shown[row.code] == [role in row.roles for role in WORKSPACE_ROLES]
        else:
            assert row.code not in shown
            assert row.roles <= set(OPERATOR_ROLES)


def test_the_documents_list_every_permission() -> None:
    text = (Path(__file__).resolve().parents[3] / "docs" / "permissions.md").read_text()
    for row in permission_table():
        line = next(line for line in text.splitlines() if f"`{row.code}`" in line)
        cells = [cell.strip() for cell in line.strip("|").split("|")][1:]
        assert cells == ["yes" if role in row.roles else "" for role in Role], row.code


def test_lists_cost_the_same_for_three_times_the_people(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    place = Place()
    client.force_login(place.owner)
    counts = []
    for number in range(3):
        for extra in range(4 * 3**number):
            place.add(f"p{number}-{extra}", Role.VIEWER)
        with django_assert_max_num_queries(15) as captured:
            assert client.get(f"/w/{place.workspace.slug}/people/").status_code == 200
        counts.append(
            len([q for q in captured.captured_queries if not re.match(r"SAVEPOINT|RELEASE", q["sql"])])
        )
    assert len(set(counts)) == 1

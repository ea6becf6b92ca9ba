"""What opens and what stays open: the shared tablet, people who left, the second factor, several tries at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.urls import reverse

from goldseal.accounts.models import ApiToken, User
from goldseal.accounts.pin_services import ROSTER_COOKIE, ROSTER_LIFE, people_on_device, set_pin
from goldseal.accounts.services import PROOF_TRIES, prove_identity
from goldseal.kit.actors import Actor
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, TooMany
from goldseal.kit.permissions import Role, permissions_of
from goldseal.workspaces import services
from goldseal.workspaces.models import (
    AccessGrant,
    Membership,
    OperatorMember,
    Workspace,
    WorkspaceState,
)
from tests.matrix.break_in.intruders import (
    NOW,
    PASSWORD,
    actor,
    ask,
    at,
    founded,
    invited,
    join,
    person,
    signed_in,
    token,
)

# The shared tablet


def test_a_roster_entry_ages_though_others_sign_in_every_day(alice: User, bob: User) -> None:
    for user in (alice, bob):
        set_pin(user=user, pin="480213", now=NOW)
    tablet = signed_in(alice)
    tablet.post("/accounts/logout/")
    tablet.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    cookie = tablet.cookies[ROSTER_COOKIE].value
    assert people_on_device(cookie, utc_now()) == [alice, bob]
    before = utc_now() - timedelta(hours=1)
    tablet.cookies[ROSTER_COOKIE] = _aged(cookie, alice, utc_now() - ROSTER_LIFE)
    tablet.post("/accounts/logout/")
    tablet.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    assert people_on_device(tablet.cookies[ROSTER_COOKIE].value, utc_now()) == [bob]
    assert people_on_device(cookie, before + timedelta(hours=14)) == []


def _aged(cookie: str, user: User, then: datetime) -> str:
    from goldseal.accounts.pin_services import read_roster, roster_entry, write_roster

    others = [entry for entry in read_roster(cookie, utc_now()) if not entry.startswith(str(user.pk))]
    return write_roster([roster_entry(user, then), *others])


def tokens_in(place: Workspace) -> int:
    with services.workspace_scope(place.pk):
        return ApiToken.objects.count()


def by_pin(user: User) -> Client:
    set_pin(user=user, pin="480213", now=NOW)
    tablet = signed_in(user)
    tablet.post("/accounts/logout/")
    assert tablet.post("/switch/", {"person": str(user.pk), "pin": "480213"}).status_code == 302
    assert tablet.get("/profile/").context["user"] == user
    return tablet


def test_a_pin_does_not_renew_its_own_place_on_the_device(alice: User) -> None:
    tablet = signed_in(alice)
    cookie = tablet.cookies[ROSTER_COOKIE].value
    set_pin(user=alice, pin="480213", now=NOW)
    tablet.post("/accounts/logout/")
    tablet.post("/switch/", {"person": str(alice.pk), "pin": "480213"})
    assert "_auth_user_id" in tablet.session
    assert tablet.cookies[ROSTER_COOKIE].value == cookie


def test_six_digits_make_no_key_that_outlives_the_shift(alice: User, mine: Workspace) -> None:
    tablet = by_pin(alice)
    assert tablet.post(at(mine, "tokens/"), {"label": "x", "scopes": "write", "days": 365}).status_code == 403
    assert tokens_in(mine) == 0
    assert tablet.post(at(mine, "privacy/export/")).status_code == 403
    tablet.post(at(mine, "privacy/erase/"), {"typed_name": mine.name, "password": ""})
    assert tablet.get(at(mine)).status_code == 200, "nothing was erased"
    signed_in(alice).post(at(mine, "tokens/"), {"label": "x", "scopes": "write", "days": 365})
    assert tokens_in(mine) == 1


def test_a_session_opened_by_pin_is_listed_and_can_be_ended(alice: User) -> None:
    tablet = by_pin(alice)
    listed = UserSession.objects.filter(user=alice, session_key=tablet.session.session_key)
    assert listed.exists()
    listed.get().end()
    assert tablet.get("/profile/").status_code == 302


def test_a_forged_person_or_cookie_opens_nothing(alice: User, bob: User) -> None:
    for user in (alice, bob):
        set_pin(user=user, pin="480213", now=NOW)
    tablet = signed_in(alice)
    tablet.post("/accounts/logout/")
    for name in (str(bob.pk), "x", "", "\x00", f"{alice.pk} "):
        response = tablet.post("/switch/", {"person": name, "pin": "480213"})
        assert response.status_code == 200
        assert "_auth_user_id" not in tablet.session
    for cookie in ("", "x", "a:b:c", "\x00" * 9, "W10:1:1"):
        tablet.cookies[ROSTER_COOKIE] = cookie
        tablet.post("/switch/", {"person": str(alice.pk), "pin": "480213"})
        assert "_auth_user_id" not in tablet.session


# Who has left


def test_removal_ends_pages_and_tokens_at_once_and_coming_back_wakes_no_token(
    alice: User, bob: User, mine: Workspace
) -> None:
    row = join(mine, bob, Role.QA_MANAGER)
    client, secret = signed_in(bob), token(mine, bob, Role.QA_MANAGER)
    assert (client.get(at(mine)).status_code, ask(secret)) == (200, 200)
    with services.workspace_scope(mine.pk):
        services.remove_member(membership_id=row.pk, actor=actor(mine, alice), now=NOW)
    assert (client.get(at(mine)).status_code, ask(secret)) == (404, 401)
    with services.workspace_scope(mine.pk):
        Membership.objects.filter(pk=row.pk).update(is_active=True)
    assert (client.get(at(mine)).status_code, ask(secret)) == (200, 401)


def test_deactivating_a_person_ends_sessions_and_tokens(alice: User, mine: Workspace) -> None:
    client, secret = signed_in(alice), token(mine, alice, Role.OWNER)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert (client.get(at(mine)).status_code, ask(secret)) == (302, 401)


def test_a_new_password_ends_the_other_sessions(alice: User, mine: Workspace) -> None:
    here, elsewhere = signed_in(alice), signed_in(alice)
    form = {
        "oldpassword": PASSWORD,
        "password1": "another violet paper 7",
        "password2": "another violet paper 7",
    }
    here.post("/accounts/password/change/", form)
    assert elsewhere.get(at(mine)).status_code == 302


def test_a_grant_ends_with_the_role_with_the_timer_and_with_the_customers_word(
    alice: User, mine: Workspace
) -> None:
    staff, other = person("staff"), person("other")
    for user in (staff, other):
        OperatorMember.objects.create(user=user, role=Role.MANAGEMENT.value, since=NOW)

    def granted() -> AccessGrant:
        held = permissions_of([Role.MANAGEMENT])
        return services.grant_access(
            workspace_id=mine.pk,
            purpose="support",
            reason="looking at a question of theirs",
            hours=2,
            staff=staff,
            actor=Actor(staff.pk, "staff", "web", permissions=held),
            now=utc_now(),
        )

    grant = granted()
    client, second = signed_in(staff), signed_in(other)
    assert (client.get(at(mine)).status_code, second.get(at(mine)).status_code) == (200, 404)
    assert client.post(at(mine, "catalog/buyers/new/"), {"code": "X", "name": "X"}).status_code == 403
    assert client.post(at(mine, "tokens/"), {"label": "x", "scopes": "read", "days": 1}).status_code == 403
    OperatorMember.objects.filter(user=staff).delete()
    assert client.get(at(mine)).status_code == 404
    OperatorMember.objects.create(user=staff, role=Role.MANAGEMENT.value, since=NOW)
    assert client.get(at(mine)).status_code == 200
    with services.workspace_scope(mine.pk):
        services.end_grant(grant_id=grant.pk, actor=actor(mine, alice), now=utc_now())
    assert client.get(at(mine)).status_code == 404
    grant = granted()
    with services.workspace_scope(mine.pk):
        AccessGrant.objects.filter(pk=grant.pk).update(expires_at=utc_now())
    assert client.get(at(mine)).status_code == 404


# Second factor


def test_a_token_is_no_way_around_the_second_factor(alice: User, mine: Workspace) -> None:
    secret = token(mine, alice, Role.OWNER)
    assert ask(secret) == 200
    with services.workspace_scope(mine.pk):
        Workspace.objects.filter(pk=mine.pk).update(is_mfa_required=True)
    assert signed_in(alice).get(at(mine)).status_code == 302
    assert ask(secret) == 401
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert ask(secret) == 200


# Several at once


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except GoldsealError as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(run, work) for work in works]]


@pytest.mark.usefixtures("committed_db")
def test_one_invitation_lets_one_in_and_two_owners_do_not_remove_each_other() -> None:
    alice, bob = person("alice"), person("bob")
    mine = founded(alice)
    secret = invited(mine, alice, bob.email, Role.OWNER)
    works = [lambda: services.accept_invitation(secret=secret, user=bob, actor=actor(mine, bob), now=NOW)] * 4
    outcomes = at_once(list(works))
    assert sum(isinstance(o, Workspace) for o in outcomes) == 1
    assert all(isinstance(o, Conflict | Workspace) for o in outcomes)
    with services.workspace_scope(mine.pk):
        rows = {m.user_id: m.pk for m in Membership.objects.all()}

    def remove(by: User, whom: User) -> Any:
        with services.workspace_scope(mine.pk):
            return services.remove_member(membership_id=rows[whom.pk], actor=actor(mine, by), now=NOW)

    at_once([lambda: remove(alice, bob), lambda: remove(bob, alice)])
    with services.workspace_scope(mine.pk):
        assert Membership.objects.filter(role="owner", is_active=True).count() >= 1


@pytest.mark.usefixtures("committed_db")
def test_guesses_sent_at_once_are_all_counted() -> None:
    alice = person("alice")
    mine = founded(alice)

    def guess() -> Any:
        with services.workspace_scope(
            mine.pk
        ):  # as in a page: what is counted is seen when the request is done
            try:
                return prove_identity(user=alice, password="wrong", signed_in_at=None, now=NOW)
            except Invalid as wrong:
                return wrong

    outcomes = at_once([guess] * 8)
    assert sum(isinstance(o, Invalid) for o in outcomes) == PROOF_TRIES
    assert sum(isinstance(o, TooMany) for o in outcomes) == 8 - PROOF_TRIES


@pytest.mark.django_db
def test_a_share_link_goes_dark_with_the_workspace_being_erased() -> None:
    from goldseal.reports.tests import kinds, people

    place = people.founded("alice")
    who = people.actor(place, "alice")
    version = people.sealed(place, who, kinds.held(place.pk))
    people.checked(place, who, version)
    url = reverse("shared_report", kwargs={"secret": people.shared(place, who, version, days=365)})
    client = Client(raise_request_exception=False)
    assert client.get(url).status_code == 200
    with services.workspace_scope(place.pk):
        Workspace.objects.filter(pk=place.pk).update(state=WorkspaceState.ERASING)
    for answer in (
        client.get(url),
        client.get(f"{url}report.pdf"),
        client.post(f"{url}answer/", {"name": "Al", "kind": "acknowledge"}),
    ):
        assert answer.status_code == 404

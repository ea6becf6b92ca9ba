"""Breaking in: what a stranger, a colleague or somebody who has left tries, and what it comes to."""

import base64
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from goldseal.accounts.models import ApiToken, User
from goldseal.accounts.pin_services import ROSTER_COOKIE, ROSTER_LIFE, people_on_device, set_pin
from goldseal.accounts.services import PROOF_TRIES, prove_identity
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, NotFound, TooMany
from goldseal.kit.permissions import Role, permissions_of
from goldseal.trail.selectors import entries_of
from goldseal.workspaces import services
from goldseal.workspaces.models import (
    AccessGrant,
    Invitation,
    Membership,
    OperatorMember,
    Workspace,
    WorkspaceState,
)

NOW = utc_now()
PASSWORD = "paper seal violet 9"


def person(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.test", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def founded(owner: User) -> Workspace:
    return services.create_workspace(
        name=f"{owner.name} sweaters",
        kind="production_site",
        owner=owner,
        actor=system_actor(via="command"),
        now=NOW,
    )


def join(place: Workspace, user: User, role: Role) -> Membership:
    with services.workspace_scope(place.pk):
        return Membership.objects.create(user=user, role=role.value, joined_at=NOW)


def actor(place: Workspace, user: User, role: Role = Role.OWNER) -> Actor:
    return Actor(user.pk, user.name, "web", place.pk, frozenset({role}), permissions_of([role]))


def signed_in(user: User, **headers: str) -> Client:
    client = Client(raise_request_exception=False, **headers)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def token(place: Workspace, user: User, role: Role, scopes: str = "write") -> str:
    with services.workspace_scope(place.pk, actor_id=user.pk):
        return services.make_token(
            label="t", scopes=scopes, days=30, user=user, actor=actor(place, user, role), now=NOW
        )[1]


def ask(secret: str, path: str = "/api/v1/inspections") -> int:
    return (
        Client(raise_request_exception=False)
        .get(path, headers={"Authorization": f"Bearer {secret}"})
        .status_code
    )


def at(place: Workspace, path: str = "") -> str:
    return f"/w/{place.slug}/{path}"


@pytest.fixture
def alice(db: None) -> User:
    return person("alice")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob")


@pytest.fixture
def mine(alice: User) -> Workspace:
    return founded(alice)


# --- The shared tablet --------------------------------------------------------------------------


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


# --- Who has left -------------------------------------------------------------------------------


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


# --- Second factor ------------------------------------------------------------------------------


def test_a_token_is_no_way_around_the_second_factor(alice: User, mine: Workspace) -> None:
    secret = token(mine, alice, Role.OWNER)
    assert ask(secret) == 200
    with services.workspace_scope(mine.pk):
        Workspace.objects.filter(pk=mine.pk).update(is_mfa_required=True)
    assert signed_in(alice).get(at(mine)).status_code == 302
    assert ask(secret) == 401
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert ask(secret) == 200


# --- Invitations --------------------------------------------------------------------------------


def invited(place: Workspace, by: User, email: str, role: Role = Role.VIEWER) -> str:
    with services.workspace_scope(place.pk):
        return services.invite_member(email=email, role=role.value, actor=actor(place, by), now=NOW)[1]


def test_the_only_owner_cannot_lose_the_workspace_by_accepting_a_lesser_role(
    alice: User, mine: Workspace
) -> None:
    secret = invited(mine, alice, "second@example.test")
    User.objects.filter(pk=alice.pk).update(email="second@example.test")
    alice.refresh_from_db()
    with pytest.raises(Conflict):
        services.accept_invitation(secret=secret, user=alice, actor=actor(mine, alice), now=NOW)
    with services.workspace_scope(mine.pk):
        assert Membership.objects.get(user=alice).role == Role.OWNER.value


def test_an_invitation_of_a_workspace_being_erased_is_gone(alice: User, bob: User, mine: Workspace) -> None:
    secret = invited(mine, alice, bob.email)
    with services.workspace_scope(mine.pk):
        Workspace.objects.filter(pk=mine.pk).update(state=WorkspaceState.ERASING)
    with pytest.raises(NotFound):
        services.accept_invitation(secret=secret, user=bob, actor=actor(mine, bob), now=NOW)


def test_invitations_are_no_way_to_send_mail_to_the_world(
    alice: User, mine: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "INVITATIONS_A_DAY", 3)
    for number in range(3):
        invited(mine, alice, f"p{number}@example.test")
    with pytest.raises(TooMany):
        invited(mine, alice, "one-too-many@example.test")


@pytest.mark.parametrize(
    "address",
    [
        "a@example.test\r\nBcc: x@example.test",
        "a@example.test\nX: y",
        "a@example.test\x00",
        "<a@example.test>",
    ],
)
def test_an_address_brings_no_header_with_it(
    alice: User, mine: Workspace, address: str, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = signed_in(alice).post(at(mine, "people/invite/"), {"email": address, "role": "viewer"})
    assert response.status_code == 200
    with services.workspace_scope(mine.pk):
        assert not Invitation.objects.exists()
    assert not mail.outbox


def test_a_name_brings_no_header_and_no_markup_into_a_letter(
    alice: User, mine: Workspace, django_capture_on_commit_callbacks: Any
) -> None:
    name = "Shapla\r\nBcc: x@example.test\n{{ 7|add:7 }}<b>"
    with services.workspace_scope(mine.pk):
        Workspace.objects.filter(pk=mine.pk).update(name=name)
    with django_capture_on_commit_callbacks(execute=True):
        invited(mine, alice, "new@example.test")
    letter = mail.outbox[0]
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert letter.recipients() == ["new@example.test"]
    assert "\nBcc:" not in letter.message().as_string().partition("\n\n")[0]
    assert "{{ 7|add:7 }}" in letter.body


def test_nobody_makes_an_owner_or_a_guest_without_buyer_by_extra_fields(
    alice: User, bob: User, mine: Workspace
) -> None:
    row = join(mine, bob, Role.ADMIN)
    client = signed_in(bob)
    extra = {"workspace": "x", "is_active": "1", "compartment_id": str(mine.pk), "permissions": "all"}
    assert client.post(at(mine, f"people/{row.pk}/"), {"role": "owner", **extra}).status_code == 403
    assert (
        client.post(
            at(mine, "people/invite/"), {"email": "c@example.test", "role": "owner", **extra}
        ).status_code
        == 403
    )
    assert client.post(at(mine, f"people/{row.pk}/"), {"role": "platform_admin"}).status_code == 200
    client.post(at(mine, f"people/{row.pk}/"), {"role": "buyer_guest", "buyer": str(mine.pk)})
    client.post(
        "/profile/", {"name": "Bob", "language": "en", "theme": "auto", "is_active": "", "email": "x@x.test"}
    )
    client.post(at(mine, "settings/"), {"name": "N", "state": "erasing", "slug": "taken", "plan": "x"})
    with services.workspace_scope(mine.pk):
        assert Membership.objects.get(user=bob).role == Role.ADMIN.value
        now = Workspace.objects.get(pk=mine.pk)
    assert (now.slug, now.state) == (mine.slug, mine.state)
    bob.refresh_from_db()
    assert (bob.email, bob.is_active) == ("bob@example.test", True)


# --- Where letters and redirects lead ------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost:9", "127.0.0.1:4444"])
def test_a_forged_host_is_in_no_letter(alice: User, host: str) -> None:
    Client().post("/accounts/password/reset/", {"email": alice.email}, headers={"Host": host})
    Client().post("/accounts/password/reset/", {"email": "nobody@example.test"}, headers={"Host": host})
    form = {"name": "A", "email": alice.email, "password1": PASSWORD, "password2": PASSWORD, "is_adult": "on"}
    Client().post("/accounts/signup/", form, headers={"Host": host})
    assert mail.outbox
    for letter in mail.outbox:
        text = letter.subject + letter.body
        assert host not in text
        assert f"{settings.BASE_URL}/" in text or "http" not in text


def test_the_invitations_link_names_our_own_address(alice: User, mine: Workspace) -> None:
    page = signed_in(alice).post(
        at(mine, "people/invite/"),
        {"email": "n@example.test", "role": "viewer"},
        headers={"Host": "localhost:9"},
    )
    assert f"{settings.BASE_URL}/invitations/" in page.content.decode()
    assert "localhost:9" not in page.content.decode()


def test_five_wrong_passwords_are_five_whatever_the_host_is_called(alice: User) -> None:
    for number in range(5):
        Client().post(
            "/accounts/login/",
            {"login": alice.email, "password": "wrong wrong wrong"},
            headers={"Host": f"127.0.0.1:{4000 + number}"},
            REMOTE_ADDR=f"198.51.100.{number + 1}",
        )
    client = Client()
    client.post(
        "/accounts/login/",
        {"login": alice.email.upper(), "password": PASSWORD},
        headers={"Host": "127.0.0.1:4999"},
        REMOTE_ADDR="198.51.100.99",
    )
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "there", ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_redirect_leads_out(alice: User, there: str) -> None:
    client = Client()
    signing = client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD, "next": there})
    language = client.post("/language/", {"language": "bn", "next": there})
    out = client.post(f"/accounts/logout/?next={there}", {"next": there})
    for response in (signing, language, out):
        assert response.status_code == 302
        assert "evil" not in response["Location"]
        assert "javascript" not in response["Location"]


# --- Requests from elsewhere ---------------------------------------------------------------------


def posting_pages() -> list[str]:
    return [
        "/accounts/login/", "/accounts/logout/", "/accounts/signup/", "/accounts/password/reset/", "/language/",
        "/switch/", "/profile/", "/profile/pin/", "/profile/pin/remove/", "/workspaces/new/", "/staff/",
    ]  # fmt: skip


def test_nothing_is_posted_without_the_forms_own_mark(alice: User, mine: Workspace) -> None:
    from tests.matrix.addresses import inside

    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(alice)
    inner = [address.url(mine.slug, mine.pk) for address in inside()]
    for url in [*posting_pages(), *inner]:
        for extra in ({}, {"Origin": "https://evil.example", "Cookie": ""}):
            response = client.post(url, {"csrfmiddlewaretoken": "x" * 64}, headers=extra)
            assert response.status_code in (302, 403, 404, 405), (url, response.status_code)
            if response.status_code == 302:
                assert response["Location"].startswith("/accounts/login/"), url


def test_reading_a_page_changes_nothing(alice: User, mine: Workspace) -> None:
    from tests.matrix.addresses import inside

    client = signed_in(alice)
    with services.workspace_scope(mine.pk):
        before = entries_of(mine.pk).count(), Membership.objects.count()
    for address in inside():
        client.get(address.url(mine.slug, mine.pk))
    for url in posting_pages():
        client.get(url)
    with services.workspace_scope(mine.pk):
        assert (entries_of(mine.pk).count(), Membership.objects.count()) == before
    assert "_auth_user_id" in client.session


def test_every_answer_carries_its_headers_and_cookies_their_flags(alice: User, mine: Workspace) -> None:
    from tests.matrix.addresses import addresses

    client = signed_in(alice)
    for address in addresses():
        response = client.get(address.url(mine.slug, mine.pk))
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy, address.route
        assert "default-src 'none'" in policy, address.route
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] in (
            "strict-origin-when-cross-origin",
            "no-referrer",
            "same-origin",
        )
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["X-Frame-Options"] == "DENY"
        # Floor's shell holds nobody's data: the device keeps it, and asks whether it is still the newest.
        kept = "no-cache" if address.route.startswith("floor/") else "no-store"
        said = response["Cache-Control"]
        assert kept in said or "no-store" in said or "immutable" in said, address.route
        assert response.status_code < 500, address.route
        assert b"Traceback" not in (b"" if response.streaming else response.content)
    for name in (settings.SESSION_COOKIE_NAME, ROSTER_COOKIE, settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_the_session_before_sign_in_is_not_the_one_after(alice: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert client.session.session_key != session.session_key
    key = client.session.session_key
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/profile/").status_code == 302


# --- Lists ---------------------------------------------------------------------------------------

MARKS = [
    ["x", None], ["x", "y"], ["00000000-0000-0000-0000-000000000000", "9" * 40], ["\ud800", "\ud800"], [1, 2],
    ["' OR 1=1 --", "' OR 1=1 --"], ["00000000-0000-0000-0000-000000000000", "99999-13-45T99:99"], {}, None, "x",
    ["00000000-0000-0000-0000-000000000000", "0001-01-01T00:00:00+23:59"], ["00000000-0000-0000-0000-000000000000", "NaN"],
]  # fmt: skip


def lists() -> list[str]:
    from tests.matrix.addresses import inside

    plain = [a.url("_", "").removeprefix("/w/_/") for a in inside() if not a.keys and not a.arguments[1:]]
    return [
        url for url in plain if re.fullmatch(r"(people|activity|reports|files|inspections|catalog/\w+)/", url)
    ]


@pytest.mark.parametrize("mark", MARKS, ids=lambda m: ascii(m)[:30])
def test_a_page_mark_somebody_typed_is_ignored(alice: User, mine: Workspace, mark: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")
    client = signed_in(alice)
    for path in lists():
        for sort in ("", "number", "created", "size"):
            asked = {"before" if sort == "number" else "after": text, "sort": sort}
            assert client.get(at(mine, path), asked).status_code < 500, (path, sort)


@pytest.mark.parametrize(
    "query",
    ["sort=user__password", "sort=-pk;drop", "role=%27+OR+1%3D1", "q=%25_%5C%27%22;--", "q=%00", "q=" + "a+" * 300,
     "format=csv&q=%00%ff", "sort=%00&after=%ff&before=%00", "state=__class__", "q=%F0%9F"],
)  # fmt: skip
def test_a_list_takes_no_orders_from_its_address(alice: User, mine: Workspace, query: str) -> None:
    client = signed_in(alice)
    for path in lists():
        assert client.get(f"{at(mine, path)}?{query}").status_code < 500, path


def test_a_sentence_of_the_log_is_no_template(alice: User, mine: Workspace) -> None:
    with services.workspace_scope(mine.pk):
        services.make_token(
            label="{workspace.__class__}{0}{label!r:>99}%(x)s<script>",
            scopes="read", days=1, user=alice, actor=actor(mine, alice), now=NOW,
        )  # fmt: skip
    page = signed_in(alice).get(at(mine, "activity/")).content.decode()
    assert "{workspace.__class__}{0}{label!r:&gt;99}%(x)s&lt;script&gt;" in page


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " ="])
def test_no_cell_of_an_export_begins_like_a_formula(start: str) -> None:
    from goldseal.kit.spreadsheets import harmless_cell

    assert harmless_cell(f"{start}cmd|' /C calc'!A0").startswith("'")


# --- Several at once -----------------------------------------------------------------------------


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

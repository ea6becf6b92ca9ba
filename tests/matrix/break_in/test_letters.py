"""What a letter brings and where a link leads: invitations, headers, hosts, redirects."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from goldseal.accounts.models import User
from goldseal.kit.errors import Conflict, NotFound, TooMany
from goldseal.kit.permissions import Role
from goldseal.workspaces import services
from goldseal.workspaces.models import (
    Invitation,
    Membership,
    Workspace,
    WorkspaceState,
)
from tests.matrix.break_in.intruders import NOW, PASSWORD, actor, at, invited, join, signed_in

# Invitations


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


# Where letters and redirects lead


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

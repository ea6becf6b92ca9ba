"""Signing up, signing in, passwords, the PIN of a shared tablet, and what each refuses."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from goldseal.accounts.models import StaffPin, User
from goldseal.accounts.pin_services import ROSTER_COOKIE, check_pin, people_on_device, set_pin
from goldseal.accounts.services import prove_identity
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Invalid, NotFound, TooMany

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "paper seal violet 9"
pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.test", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code == 302
    return client


def test_signing_up_needs_a_code_from_the_letter(client: Client) -> None:
    form = {
        "name": "Alice",
        "email": "alice@example.test",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "is_adult": "on",
    }
    response = client.post("/accounts/signup/", form)
    assert response.status_code == 302
    assert client.get("/workspaces/").status_code == 302, "not signed in before the code"
    code = re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b", mail.outbox[0].body.split("\n\n", 1)[1])
    assert code
    client.post(response["Location"], {"code": code.group(1)})
    assert client.get("/workspaces/").status_code == 200
    user = User.objects.get(email="alice@example.test")
    assert (user.name, user.is_adult) == ("Alice", True)


def test_a_minor_or_private_person_leaves_nothing(client: Client) -> None:
    form = {"name": "Alice", "email": "alice@example.test", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post("/accounts/signup/", form)
    assert response.status_code == 200
    assert "business use by adults" in response.content.decode()
    assert not User.objects.exists()
    assert "Alice" in response.content.decode(), "what was typed is still there"


def test_a_known_address_gets_the_same_answer_as_a_new_one(client: Client) -> None:
    person("alice")
    form = {"name": "A", "password1": PASSWORD, "password2": PASSWORD, "is_adult": "on"}
    known = client.post("/accounts/signup/", {**form, "email": "alice@example.test"})
    new = Client().post("/accounts/signup/", {**form, "email": "new@example.test"})
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])


@pytest.mark.parametrize(
    "password",
    ["password1234", "P@ssw0rd!!", "1234567890", "qwertyuiop", "!!sunshine99", "aaaaaaaaaaaa", "short"],
)
def test_breached_and_easy_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", [PASSWORD, "correct horse battery staple", "নীল কাগজ সাত নদী"])
def test_good_passwords_pass(password: str) -> None:
    validate_password(password)


def test_after_five_wrong_passwords_the_right_one_waits() -> None:
    user = person("alice")
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"login": user.email, "password": "wrong wrong wrong"})
    response = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert response.status_code in (200, 429)
    assert client.get("/workspaces/").status_code == 302


def test_proving_who_one_is() -> None:
    user = person("alice")
    assert prove_identity(user=user, password=PASSWORD, signed_in_at=None, now=NOW) == "password"
    assert (
        prove_identity(user=user, password="", signed_in_at=NOW - timedelta(minutes=5), now=NOW)
        == "recent_sign_in"
    )
    with pytest.raises(Invalid):
        prove_identity(user=user, password="", signed_in_at=NOW - timedelta(minutes=5, seconds=1), now=NOW)
    for _ in range(5):
        with pytest.raises(Invalid):
            prove_identity(user=user, password="wrong", signed_in_at=NOW, now=NOW)
    with pytest.raises(TooMany):
        prove_identity(user=user, password=PASSWORD, signed_in_at=None, now=NOW)


@pytest.mark.parametrize("pin", ["12345", "1234567", "abcdef", "111111", "123456", "654321", "১২৩৪৫৬"])
def test_bad_pins_are_refused(pin: str) -> None:
    with pytest.raises(Invalid):
        set_pin(user=person("alice"), pin=pin, now=NOW)


def test_a_pin_locks_after_five_wrong_tries_and_opens_again() -> None:
    user = person("alice")
    set_pin(user=user, pin="480213", now=NOW)
    assert "480213" not in StaffPin.objects.get().digest
    for _ in range(5):
        with pytest.raises(Invalid):
            check_pin(user_id=user.pk, pin="000001", now=NOW)
    with pytest.raises(TooMany):
        check_pin(user_id=user.pk, pin="480213", now=NOW + timedelta(minutes=14))
    assert check_pin(user_id=user.pk, pin="480213", now=NOW + timedelta(minutes=16)) == user
    with pytest.raises(NotFound):
        check_pin(user_id=person("bob").pk, pin="480213", now=NOW)


def test_switching_on_a_shared_tablet() -> None:
    alice, bob, charlie = person("alice"), person("bob"), person("charlie")
    for user in (alice, bob, charlie):
        set_pin(user=user, pin="480213", now=NOW)
    tablet = signed_in(alice)
    tablet.post("/accounts/logout/")
    tablet.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})
    page = tablet.get("/switch/").content.decode()
    assert "alice" in page
    assert "charlie" not in page, "who never signed in here is not offered"
    refused = tablet.post("/switch/", {"person": str(charlie.pk), "pin": "480213"})
    assert refused.status_code == 200
    wrong = tablet.post("/switch/", {"person": str(alice.pk), "pin": "999999"})
    assert "This is not the PIN" in wrong.content.decode()
    assert tablet.post("/switch/", {"person": str(alice.pk), "pin": "480213"}).status_code == 302
    assert tablet.get("/profile/").context["user"] == alice


def test_a_new_password_ends_switching_and_a_forged_roster_is_worth_nothing() -> None:
    alice = person("alice")
    set_pin(user=alice, pin="480213", now=NOW)
    tablet = signed_in(alice)
    cookie = tablet.cookies[ROSTER_COOKIE].value
    assert people_on_device(cookie, utc_now()) == [alice]
    assert people_on_device(cookie[:-2] + "xx", utc_now()) == []
    alice.set_password("another violet paper 7")
    alice.save()
    assert people_on_device(cookie, utc_now()) == []


def test_the_profile_keeps_what_was_typed() -> None:
    client = signed_in(person("alice"))
    response = client.post("/profile/", {"name": "  ", "language": "bn", "theme": "dark"})
    assert response.status_code == 200
    assert "printed under what you sign" in response.content.decode()
    assert client.post("/profile/", {"name": "Alice B", "language": "bn", "theme": "dark"}).status_code == 302
    assert User.objects.get(email="alice@example.test").name == "Alice B"

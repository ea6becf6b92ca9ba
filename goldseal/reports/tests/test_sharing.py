"""Links: with a password, a letter and a log; what a browser and a repeated request may know of them."""

import json
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection

from goldseal.accounts.models import User
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Invalid, TooMany
from goldseal.reports import selectors, services
from goldseal.reports.link_services import LinkGone
from goldseal.reports.models import BuyerResponse, ReportShare
from goldseal.reports.rules.browsers import browser_family
from goldseal.reports.tests.people import (
    NOW,
    checked,
    sealed,
    shared,
)
from goldseal.workspaces.services import make_token, workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
PASSWORD = "ten green bottles"


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


def share(one, alice, version, **extra):
    with workspace_scope(one.pk):
        return services.share_report(
            version_id=version.pk, recipient="Northfold office", days=30, actor=alice, now=NOW, **extra
        )


def test_link_with_password_gives_nothing_before_it(client, one, alice, version) -> None:
    made, secret = share(one, alice, version, password=PASSWORD)
    assert PASSWORD not in made.password
    for tail in ("", "report.pdf"):
        page = client.get(f"/shared/{secret}/{tail}")
        assert "asks for a password" in page.content.decode()
        assert version.report.number not in page.content.decode()
    assert (
        "asks for a password"
        in client.post(
            f"/shared/{secret}/answer/", {"name": "Buyer One", "kind": "acknowledge"}
        ).content.decode()
    )
    wrong = client.post(f"/shared/{secret}/unlock/", {"password": "ten green battles"})
    assert (wrong.status_code, "not the password" in wrong.content.decode()) == (422, True)
    right = client.post(f"/shared/{secret}/unlock/", {"password": PASSWORD})
    cookie = right.cookies["link_key"]
    assert (cookie["path"], cookie["httponly"]) == (f"/shared/{secret}/", True)
    assert "verdict-pass" in client.get(f"/shared/{secret}/").content.decode()
    assert client.get(f"/shared/{secret}/report.pdf").content.startswith(b"%PDF-")
    with workspace_scope(one.pk):
        log = [visit.kind for visit in selectors.visits_of(version.report_id)]
        assert sorted(log) == ["downloaded", "opened", "refused"]
        assert not BuyerResponse.objects.exists()


def test_key_of_a_link_ends_and_opens_no_other_link(one, alice, version) -> None:
    _first, secret = share(one, alice, version, password=PASSWORD)
    _second, other = share(one, alice, version, password=PASSWORD)
    key = services.unlock_share(secret=secret, password=PASSWORD, browser="", now=NOW)
    assert services.note_visit(secret=secret, key=key, now=NOW + timedelta(hours=11)).viewed_count == 1
    for bad_secret, bad_key, now in (
        (other, key, NOW),
        (secret, key, NOW + timedelta(hours=13)),
        (secret, key, NOW - timedelta(minutes=1)),
        (secret, key[:-1], NOW),
        (secret, "", NOW),
    ):
        with pytest.raises(services.Locked):
            services.note_visit(secret=bad_secret, key=bad_key, now=now)


def test_passwords_cannot_be_tried_for_ever(one, alice, version) -> None:
    _made, secret = share(one, alice, version, password=PASSWORD)
    for _try in range(10):
        with pytest.raises(Invalid):
            services.unlock_share(secret=secret, password="x" * 9, browser="", now=NOW)
    with pytest.raises(TooMany):
        services.unlock_share(secret=secret, password=PASSWORD, browser="", now=NOW)
    later = NOW + timedelta(minutes=61)
    assert services.unlock_share(secret=secret, password=PASSWORD, browser="", now=later)
    with pytest.raises(LinkGone):
        services.unlock_share(secret="y" * 43, password=PASSWORD, browser="", now=NOW)


def test_letter_carries_link_and_message_but_no_password(
    one, alice, version, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _made, secret = share(
            one,
            alice,
            version,
            email="qa@northfold.example",
            message="Dear all,\nlot 7 at last.",
            password=PASSWORD,
        )
    [letter] = mail.outbox
    assert (letter.to, version.report.number in letter.subject) == (["qa@northfold.example"], True)
    assert f"/shared/{secret}/" in letter.body
    assert "Dear all,\nlot 7 at last." in letter.body
    assert PASSWORD not in letter.body


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\nBcc: x@y.example"}, "email"),
        ({"message": "Hello"}, "email"),
        ({"email": "a@b.example", "message": "x" * 1001}, "message"),
        ({"password": "short"}, "password"),
    ],
)
def test_bad_share_says_where(one, alice, version, wrong, field) -> None:
    with pytest.raises(Invalid) as refused:
        share(one, alice, version, **wrong)
    assert set(refused.value.fields) == {field}
    with workspace_scope(one.pk):
        assert not ReportShare.objects.exists()


@pytest.mark.parametrize(
    ("called", "family"),
    [
        ("Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Linux"),
        ("curl/8.5.0", ""),
    ],
)  # fmt: skip
def test_only_the_family_of_a_browser_is_kept(called, family) -> None:
    assert browser_family(called) == family


def test_whatsapp_button_carries_the_link(client, one, alice, version) -> None:
    client.force_login(User.objects.get(email="alice@example.test"))
    own = f"{one.get_absolute_url()}reports/{version.report_id}/versions/{version.pk}/share/"
    page = client.post(own, {"version": 1, "recipient": "Northfold", "days": 3}).content.decode()
    [address] = re.findall(r'href="(https://wa\.me/[^"]+)"', page)
    assert "%2Fshared%2F" in address


def test_link_of_a_replaced_version_says_that_the_new_one_was_withdrawn(client, one, alice, version) -> None:
    secret = shared(one, alice, version)
    newer = sealed(one, alice, version.report.subject_id, now=NOW + timedelta(hours=1))
    checked(one, alice, newer)
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=newer.pk, reason="Wrong lot number.", actor=alice, now=NOW)
    assert "Wrong lot number." in client.get(f"/shared/{secret}/").content.decode()
    assert "Wrong lot number." in client.get(f"/verify/{version.token}").content.decode()
    client.force_login(User.objects.get(email="alice@example.test"))
    page = client.get(f"{one.get_absolute_url()}reports/{version.report_id}/").content.decode()
    assert f"versions/{version.pk}/withdraw/" in page
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=version.pk, reason="Both were wrong.", actor=alice, now=NOW)
    assert "Both were wrong." in client.get(f"/shared/{secret}/").content.decode()


def test_secret_of_a_link_is_not_kept_for_a_repeated_request(client, one, alice, version) -> None:
    user = User.objects.get(email="alice@example.test")
    with workspace_scope(one.pk, actor_id=user.pk):
        token = make_token(label="t", scopes="write", days=9, user=user, actor=alice, now=utc_now())[1]

    def make():
        return client.post(
            f"/api/v1/reports/{version.report_id}/shares",
            json.dumps({"version": 1, "recipient": "Northfold"}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "once"},
        )

    first, second = make(), make()
    assert (first.status_code, second.status_code) == (201, 409)
    secret = first.json()["url"].rstrip("/").rpartition("/")[2]
    assert secret not in second.content.decode()
    with workspace_scope(one.pk), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(body, '') FROM workspaces_writeanswer")
        assert secret not in (cursor.fetchone()[0] or "")
        assert ReportShare.objects.count() == 1

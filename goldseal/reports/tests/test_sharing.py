"""Links with a password, a letter and a log; buyers' answers; many reports as one ZIP."""

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from goldseal.accounts.models import User
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role, permissions_of
from goldseal.reports import selectors, services
from goldseal.reports.link_services import LinkGone
from goldseal.reports.models import BuyerResponse, ReportShare
from goldseal.reports.rules.browsers import browser_family
from goldseal.reports.rules.responses import standing
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import (
    NOW,
    actor,
    answered,
    as_role,
    checked,
    founded,
    member,
    sealed,
    shared,
)
from goldseal.workspaces.services import make_token, workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
PASSWORD = "ten green bottles"


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


@pytest.fixture
def one():
    return founded("alice")


@pytest.fixture
def alice(one):
    return actor(one, "alice")


@pytest.fixture
def buyer_id():
    return new_id()


@pytest.fixture
def version(one, alice, buyer_id):
    made = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer_id))
    checked(one, alice, made)
    return made


def share(one, alice, version, **extra):
    with workspace_scope(one.pk):
        return services.share_report(
            version_id=version.pk, recipient="Northfold office", days=30, actor=alice, now=NOW, **extra
        )


def guest_of(one, buyer_id, name="gina"):
    member(one, name, Role.BUYER_GUEST, buyer_id)
    return replace(as_role(actor(one, name), Role.BUYER_GUEST), compartment_id=buyer_id)


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


def test_guest_answers_and_sees_only_the_own_buyers(client, one, alice, version, buyer_id) -> None:
    home = f"{one.get_absolute_url()}reports/{version.report_id}/"
    guest = guest_of(one, buyer_id)
    stranger = guest_of(one, new_id(), "sven")
    with workspace_scope(one.pk, compartment_id=buyer_id), pytest.raises(NotFound):
        services.answer_report(version_id=version.pk, kind="comment", text="Early", actor=guest, now=NOW)
    shared(one, alice, version)
    client.force_login(User.objects.get(email="gina@example.test"))
    assert "Answer the factory" in client.get(home).content.decode()
    empty = client.post(f"{home}versions/{version.pk}/answer/", {"kind": "reject", "text": ""})
    assert (empty.status_code, "Say it in a few words" in empty.content.decode()) == (422, True)
    words = "<b>Shade</b> of carton 7 is off."
    assert (
        client.post(f"{home}versions/{version.pk}/answer/", {"kind": "reject", "text": words}).status_code
        == 302
    )
    page = client.get(home).content.decode()
    assert "&lt;b&gt;Shade&lt;/b&gt; of carton 7 is off." in page
    client.force_login(User.objects.get(email="sven@example.test"))
    assert (
        client.post(f"{home}versions/{version.pk}/answer/", {"kind": "reject", "text": words}).status_code
        == 404
    )
    with workspace_scope(one.pk, compartment_id=stranger.compartment_id):
        assert not BuyerResponse.objects.exists()
        with pytest.raises(NotFound):
            services.answer_report(
                version_id=version.pk, kind="comment", text="Mine", actor=stranger, now=NOW
            )
    with workspace_scope(one.pk), pytest.raises(Forbidden):
        services.answer_report(version_id=version.pk, kind="comment", text="Own goal", actor=alice, now=NOW)
    client.force_login(User.objects.get(email="alice@example.test"))
    assert "buyer-answer-reject" in client.get(f"{one.get_absolute_url()}reports/").content.decode()
    listed = client.get(f"{one.get_absolute_url()}reports/?answer=reject").content.decode()
    assert version.report.number in listed
    assert (
        version.report.number
        not in client.get(f"{one.get_absolute_url()}reports/?answer=none").content.decode()
    )


def test_answer_is_kept_as_given_and_told_to_the_sender(
    one, alice, version, django_capture_on_commit_callbacks
) -> None:
    secret = shared(one, alice, version)
    with django_capture_on_commit_callbacks(execute=True):
        answered(secret)
        given = answered(secret, kind="concession", text="Shade band C is accepted for this lot.")
    [letter] = mail.outbox
    assert letter.to == ["alice@example.test"]
    assert "Shade band C" in letter.body
    with workspace_scope(one.pk):
        for change in ("UPDATE reports_buyerresponse SET text = 'x'", "DELETE FROM reports_buyerresponse"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
        given.refresh_from_db()
        assert given.text == "Shade band C is accepted for this lot."
        services.withdraw_report(version_id=version.pk, reason="Wrong lot.", actor=alice, now=NOW)
    with pytest.raises(Conflict):
        answered(secret, kind="comment", text="Too late?")


@pytest.mark.parametrize(
    ("kinds_given", "stands"),
    [
        ([], ""),
        (["comment"], ""),
        (["acknowledge", "comment"], "acknowledge"),
        (["acknowledge", "reject", "comment"], "reject"),
        (["reject", "concession"], "concession"),
    ],
)
def test_the_last_answer_that_decides_stands(kinds_given, stands) -> None:
    assert standing(kinds_given) == stands


def test_zip_holds_each_report_as_sealed(client, one, alice, version, buyer_id) -> None:
    other = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer_id))  # not checked: not handed out
    foreign = founded("charlie")
    theirs = sealed(foreign, actor(foreign, "charlie"), kinds.held(foreign.pk))
    checked(foreign, actor(foreign, "charlie"), theirs)
    client.force_login(User.objects.get(email="alice@example.test"))
    address = f"{one.get_absolute_url()}reports/zip/"
    picked = "&".join(
        f"pick={pk}" for pk in (version.report_id, other.report_id, theirs.report_id, "nonsense")
    )
    found = client.get(f"{address}?{picked}")
    assert found["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(found.streaming_content))) as bundle:
        assert bundle.namelist() == [f"{version.report.number}-v1.pdf", "reports.csv"]
        assert hashlib.sha256(bundle.read(bundle.namelist()[0])).hexdigest() == version.file_hash
        [_heads, row, missing] = csv.reader(io.StringIO(bundle.read("reports.csv").decode("utf-8-sig")))
        assert version.file_hash in row
        assert missing[1] == other.report.number  # and no word of the foreign one
    none_ticked = client.get(f"{address}?q={version.report.number}")
    with zipfile.ZipFile(io.BytesIO(b"".join(none_ticked.streaming_content))) as bundle:
        assert len(bundle.namelist()) == 2
    nothing = client.get(f"{address}?pick={other.report_id}", follow=True)
    assert "needs the check before sharing first" in nothing.content.decode()


def test_guest_zips_what_was_shared(client, one, alice, version, buyer_id) -> None:
    guest_of(one, buyer_id)
    client.force_login(User.objects.get(email="gina@example.test"))
    address = f"{one.get_absolute_url()}reports/zip/"
    assert client.get(f"{address}?pick={version.report_id}").status_code == 302
    shared(one, alice, version)
    found = client.get(f"{address}?pick={version.report_id}")
    with zipfile.ZipFile(io.BytesIO(b"".join(found.streaming_content))) as bundle:
        assert len(bundle.namelist()) == 2


def test_report_page_takes_the_same_queries_with_many_visits_and_answers(client, one, alice, version) -> None:
    secret = shared(one, alice, version)
    client.force_login(User.objects.get(email="alice@example.test"))
    page = f"{one.get_absolute_url()}reports/{version.report_id}/"

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(page)
        return len(seen)

    services.note_visit(secret=secret, now=NOW)
    answered(secret, kind="comment", text="First of all")
    few = queries()
    for number in range(6):
        services.note_visit(secret=secret, now=NOW)
        answered(secret, kind="comment", text=f"Remark {number}")
    assert queries() == few


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


def test_roles_that_may_not_answer(one, alice) -> None:
    for role in (Role.OWNER, Role.QA_MANAGER, Role.INSPECTOR, Role.VIEWER):
        assert not as_role(alice, role).may("reports.answer")


def test_whole_way_over_the_api(client, one, alice, buyer_id) -> None:
    version = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer_id))
    guest_of(one, buyer_id)
    tokens = {}
    for name, role in (("alice", Role.OWNER), ("gina", Role.BUYER_GUEST)):
        user = User.objects.get(email=f"{name}@example.test")
        with workspace_scope(one.pk, actor_id=user.pk):
            who = replace(actor(one, name), permissions=permissions_of([role]) | {"tokens.manage"})
            tokens[name] = make_token(label="t", scopes="write", days=9, user=user, actor=who, now=utc_now())[
                1
            ]

    def call(name, method, address, body=None):
        return getattr(client, method)(
            f"/api/v1/reports/{address}",
            json.dumps(body) if body is not None else None,
            content_type="application/json",
            headers={"Authorization": f"Bearer {tokens[name]}"},
        )

    own = version.report_id
    assert call("alice", "post", f"{own}/shares", {"version": 1, "recipient": "Northfold"}).status_code == 409
    missed = call("alice", "post", f"{own}/checks", {"version": 1, "counts": True})
    assert missed.status_code == 422
    assert (
        call(
            "alice", "post", f"{own}/checks", {"version": 1, **dict.fromkeys(services.TICKS, True)}
        ).status_code
        == 201
    )
    assert call("gina", "post", f"{own}/responses", {"version": 1, "kind": "acknowledge"}).status_code == 404
    made = call(
        "alice", "post", f"{own}/shares", {"version": 1, "recipient": "Northfold", "password": PASSWORD}
    ).json()
    assert made["has_password"]
    secret = made["url"].rstrip("/").rpartition("/")[2]
    assert services.unlock_share(secret=secret, password=PASSWORD, browser="", now=utc_now())
    assert call("gina", "post", f"{own}/responses", {"version": 1, "kind": "reject"}).status_code == 422
    said = call("gina", "post", f"{own}/responses", {"version": 1, "kind": "reject", "text": "Shade is off."})
    assert (said.status_code, said.json()["kind"]) == (201, "reject")
    assert (
        call(
            "alice", "post", f"{own}/responses", {"version": 1, "kind": "comment", "text": "Mine"}
        ).status_code
        == 403
    )
    seen = [
        call(name, "get", f"{version.report_id}/responses").json()[0]["text"] for name in ("alice", "gina")
    ]
    assert seen == ["Shade is off.", "Shade is off."]
    assert "url" not in [
        key for key, value in call("alice", "get", f"{version.report_id}/shares").json()[0].items() if value
    ]
    ended = call("alice", "post", f"shares/{made['id']}/revoke")
    assert ended.json()["revoked_at"]
    assert call("gina", "get", f"{version.report_id}/shares").status_code == 403


def test_workbook_is_handed_out_like_the_report(client, one, alice, buyer_id) -> None:
    version = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer_id))
    own = f"{one.get_absolute_url()}reports/{version.report_id}/versions/{version.pk}"
    client.force_login(User.objects.get(email="alice@example.test"))
    early = client.get(f"{own}/xlsx/", follow=True)
    assert "after the check before sharing" in early.content.decode()
    checked(one, alice, version)
    book = client.get(f"{own}/xlsx/")
    assert book["Content-Disposition"] == f'attachment; filename="{version.report.number}-v1.xlsx"'
    cells = [cell.value for row in load_workbook(io.BytesIO(book.content)).worksheets[0].rows for cell in row]
    assert version.content_hash in cells
    assert client.get(f"{own}/exchange/").status_code == 404
    secret = shared(one, alice, version)
    client.logout()
    assert client.get(f"/shared/{secret}/report.xlsx").content == book.content
    for form in ("json", "draft", "exe"):
        assert client.get(f"/shared/{secret}/report.{form}").status_code == 404


def test_answers_under_a_link_are_few_and_their_names_one_line(one, alice, version) -> None:
    secret = shared(one, alice, version)

    def say(number: int, now=NOW):
        return services.answer_shared(
            secret=secret,
            key="",
            kind="comment",
            name="Eve\r\nBcc: evil@x.example",
            text=f"Remark {number}",
            now=now,
        )

    assert say(0).name == "Eve Bcc: evil@x.example"
    for number in range(1, 10):
        say(number)
    with pytest.raises(TooMany):
        say(10)
    for number in range(40):
        say(number, NOW + timedelta(hours=2 * number + 2))
    with pytest.raises(TooMany):
        say(99, NOW + timedelta(days=20))


def test_link_of_a_replaced_version_says_that_the_new_one_was_withdrawn(client, one, alice, version) -> None:
    secret = shared(one, alice, version)
    newer = sealed(one, alice, version.report.subject_id, now=NOW + timedelta(hours=1))
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


def test_zip_names_what_is_not_in_it(client, one, alice, version) -> None:
    other = sealed(one, alice, kinds.held(one.pk))
    client.force_login(User.objects.get(email="alice@example.test"))
    found = client.get(
        f"{one.get_absolute_url()}reports/zip/?pick={version.report_id}&pick={other.report_id}"
    )
    with zipfile.ZipFile(io.BytesIO(b"".join(found.streaming_content))) as bundle:
        rows = list(csv.reader(io.StringIO(bundle.read("reports.csv").decode("utf-8-sig"))))
    assert rows[-1][1] == other.report.number
    assert "not in this ZIP" in rows[-1][0]
    nothing = client.get(f"{one.get_absolute_url()}reports/zip/?pick=zz")
    assert nothing.status_code == 302


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

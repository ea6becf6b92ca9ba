"""What buyers answer, under a link and as guests, by page and by API; it stays as given."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from goldseal.accounts.models import User
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict, Forbidden, NotFound, TooMany
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role, permissions_of
from goldseal.reports import services
from goldseal.reports.models import BuyerResponse
from goldseal.reports.rules.responses import standing
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import (
    NOW,
    actor,
    answered,
    as_role,
    guest_of,
    sealed,
    shared,
)
from goldseal.workspaces.services import make_token, workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
PASSWORD = "ten green bottles"


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


def test_guest_answers_and_sees_only_the_own_buyers(client, one, alice, version, buyer_id) -> None:
    home = f"{one.get_absolute_url()}reports/{version.report_id}/"
    guest = guest_of(one, buyer_id)
    stranger = guest_of(one, new_id(), "sven")
    draft = sealed(one, alice, kinds.held(one.pk, buyer_id=buyer_id))
    with workspace_scope(one.pk, compartment_id=buyer_id), pytest.raises(NotFound):
        services.answer_report(version_id=draft.pk, kind="comment", text="Early", actor=guest, now=NOW)
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


def test_roles_that_may_not_answer(one, alice) -> None:
    for role in (Role.OWNER, Role.QA_MANAGER, Role.INSPECTOR, Role.VIEWER):
        assert not as_role(alice, role).may("reports.answer")


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
    assert call("gina", "post", f"{own}/responses", {"version": 1, "kind": "acknowledge"}).status_code == 404
    missed = call("alice", "post", f"{own}/checks", {"version": 1, "counts": True})
    assert missed.status_code == 422
    assert (
        call(
            "alice", "post", f"{own}/checks", {"version": 1, **dict.fromkeys(services.TICKS, True)}
        ).status_code
        == 201
    )
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

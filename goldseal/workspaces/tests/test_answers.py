"""A write that is sent twice is done once; a read that has not changed is not sent again."""

import json
from typing import Any

import pytest
from django.test import Client

from goldseal.catalog.models import Site
from goldseal.catalog.tests.makers import NOW, Factory, factory
from goldseal.workspaces.models import WriteAnswer
from goldseal.workspaces.services import make_token

pytestmark = pytest.mark.django_db


def token_of(place: Factory) -> str:
    with place.scope():
        return make_token(label="t", scopes="write", days=3000, user=place.owner, actor=place.actor, now=NOW)[
            1
        ]


def post(token: str, body: dict[str, Any], key: str = "", path: str = "/api/v1/sites") -> Any:
    headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}
    return Client().post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_a_write_sent_twice_is_done_once() -> None:
    place = factory("alice")
    token = token_of(place)
    first = post(token, {"code": "U1", "name": "Unit 1"}, "k-1")
    again = post(token, {"code": "U1", "name": "Unit 1"}, "k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, again["Idempotency-Replayed"]) == (again.content, "true")
    with place.scope():
        assert Site.objects.count() == 1


def test_one_key_stands_for_one_request() -> None:
    place = factory("alice")
    token = token_of(place)
    post(token, {"code": "U1", "name": "Unit 1"}, "k-1")
    other = post(token, {"code": "U2", "name": "Unit 2"}, "k-1")
    assert other.status_code == 422
    assert "another request" in other.content.decode()
    with place.scope():
        assert [site.code for site in Site.objects.all()] == ["U1"]


def test_a_refused_write_leaves_its_key_free() -> None:
    place = factory("alice")
    token = token_of(place)
    assert post(token, {"code": "", "name": ""}, "k-1").status_code == 422
    assert post(token, {"code": "U1", "name": "Unit 1"}, "k-1").status_code == 201


def test_keys_are_the_senders_own() -> None:
    alice, charlie = factory("alice"), factory("charlie")
    mine, theirs = token_of(alice), token_of(charlie)
    post(mine, {"code": "U1", "name": "Unit 1"}, "k-1")
    assert post(theirs, {"code": "U1", "name": "Unit 1"}, "k-1").status_code == 201
    with charlie.scope():
        assert (Site.objects.count(), WriteAnswer.objects.count()) == (1, 1)


@pytest.mark.parametrize("key", ["x" * 201, "with space", "bangla-\u0995"])
def test_a_strange_key_is_told(key: str) -> None:
    place = factory("alice")
    answer = post(token_of(place), {"code": "U1", "name": "Unit 1"}, key)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.content.decode()


def test_what_has_not_changed_is_not_sent_again() -> None:
    place = factory("alice")
    token = token_of(place)
    post(token, {"code": "U1", "name": "Unit 1"})
    headers = {"Authorization": f"Bearer {token}"}
    first = Client().get("/api/v1/sites", headers=headers)
    again = Client().get("/api/v1/sites", headers={**headers, "If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    post(token, {"code": "U2", "name": "Unit 2"})
    changed = Client().get("/api/v1/sites", headers={**headers, "If-None-Match": first["ETag"]})
    assert changed.status_code == 200

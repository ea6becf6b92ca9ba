"""Finding inspections: filters, words, and pages by key; never another workspace's."""

import json
from typing import Any

import pytest
from django.test import Client

from goldseal.inspections.tests.makers import NOW, Floor, floor
from goldseal.inspections.tests.recording import pass_metal, planned_at
from goldseal.workspaces.services import make_token

pytestmark = pytest.mark.django_db


def asked(at: Floor, query: str = "") -> list[dict[str, Any]]:
    with at.place.scope():
        secret = make_token(
            label="t", scopes="read", days=3000, user=at.place.owner, actor=at.place.actor, now=NOW
        )[1]
    answer = Client().get(f"/api/v1/inspections{query}", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.content
    return [json.loads(answer.content)] if "limit" in query else json.loads(answer.content)["items"]


def test_filters_narrow() -> None:
    at, other = floor("alice"), floor("charlie")
    final, metal = at.plan(), pass_metal(at)
    other.plan()
    assert {row["id"] for row in asked(at)} == {str(final.pk), str(metal.pk)}
    for query, wanted in {
        "?method=metal": [metal],
        "?stage=FIN": [final],
        "?state=decided": [metal],
        "?verdict=pass": [metal],
        f"?order={other.order_id}": [],
        f"?buyer={at.buyer_id}&state=planned": [final],
        "?planned_from=2026-03-17": [],
        f"?inspector={at.inspector.pk}&method=aql": [final],
    }.items():
        assert [row["id"] for row in asked(at, query)] == [str(row.pk) for row in wanted], query


def test_words_find_by_code_po_style_and_buyer() -> None:
    at = floor("alice")
    final = at.plan()
    floor("charlie").plan()
    for words in ("FIN-00001", "fin-1", "PO-50217", "po-5", "NF-10", "crew", "NORTH", "north crew po-5"):
        assert [row["id"] for row in asked(at, f"?q={words}")] == [str(final.pk)], words
    for words in ("FIN-00002", "PO-6", "crew south"):
        assert asked(at, f"?q={words}") == [], words


def test_pages_go_on_where_the_last_ended() -> None:
    at = floor("alice")
    made = [str(planned_at(at, "END").pk) for _ in range(5)]
    first = asked(at, "?limit=2")[0]
    second = asked(at, f"?limit=2&after={first['next']}")[0]
    third = asked(at, f"?limit=2&after={second['next']}")[0]
    seen = [row["id"] for page in (first, second, third) for row in page["items"]]
    assert seen == list(reversed(made))
    assert third["next"] == ""

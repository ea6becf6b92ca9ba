"""The catalog over the API: the same services, errors as problem details, nothing of other workspaces."""

import json

import pytest
from django.test import Client

from goldseal.catalog import services
from goldseal.catalog.models import Buyer, Order, Style
from goldseal.catalog.tests.makers import (
    NOW,
    actor_in,
    add_buyer,
    add_order,
    add_site,
    add_style,
    add_supplier,
    factory,
)
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role
from goldseal.workspaces.services import make_token

pytestmark = pytest.mark.django_db
NOUNS = ["buyers", "sites", "styles", "orders", "stages", "defects", "suppliers"]
NOBODY = "01900000-0000-7000-8000-000000000000"


class Caller:
    """A program with a token."""

    def __init__(self, place, user, role, *, scopes="write", buyer=None) -> None:
        actor = actor_in(place.workspace, user, role, buyer=buyer)
        with place.scope():
            _token, self.secret = make_token(
                label="test", scopes=scopes, days=30, user=user, actor=actor, now=utc_now()
            )

    def __call__(self, method: str, path: str, body=None):
        options = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return getattr(Client(), method)(
            f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.secret}"}, **options
        )


@pytest.fixture
def place():
    made = factory("alice")
    with made.scope():
        add_order(made, add_style(made, add_buyer(made)), site=add_site(made).pk)
        add_supplier(made)
    return made


@pytest.fixture
def alice(place):
    return Caller(place, place.owner, Role.OWNER)


def test_the_whole_way_from_buyer_to_order(place, alice) -> None:
    buyer = alice("post", "buyers", {"code": "api", "name": "By API", "aql_major": "1.5"})
    assert buyer.status_code == 201
    assert (buyer.json()["code"], buyer.json()["aql_major"], buyer.json()["aql_minor"]) == (
        "API",
        "1.5",
        "4.0",
    )
    style = alice("post", "styles", {"buyer_id": buyer.json()["id"], "code": "S-1", "name": "Polo"}).json()
    lines = [{"colour": "Red", "size": "M", "quantity": 40}, {"colour": "Red", "size": "L", "quantity": 2}]
    order = alice("post", "orders", {"style_id": style["id"], "po_number": "A-1", "lines": lines})
    assert order.status_code == 201
    assert order.json()["quantity"] == 42
    assert order.json()["lines"] == lines
    assert order.json()["buyer_id"] == buyer.json()["id"]
    pk = order.json()["id"]
    changed = alice("patch", f"orders/{pk}", {"status": "shipped", "revision": 1}).json()
    assert (changed["status"], changed["lines"], changed["revision"]) == ("shipped", lines, 2)
    assert alice("patch", f"orders/{pk}", {"status": "open", "revision": 1}).status_code == 409
    replaced = alice(
        "patch", f"orders/{pk}", {"lines": [{"colour": "Blue", "size": "S", "quantity": 5}]}
    ).json()
    assert (replaced["quantity"], replaced["status"]) == (5, "shipped")
    assert alice("get", f"orders/{pk}").json() == replaced
    assert alice("delete", f"buyers/{buyer.json()['id']}").status_code == 409
    assert alice("delete", f"orders/{pk}").status_code == 204
    assert alice("get", f"orders/{pk}").status_code == 404


@pytest.mark.parametrize("noun", NOUNS)
def test_nobody_stranger_and_wrong_role(place, alice, noun) -> None:
    charlie_place = factory("charlie")
    charlie = Caller(charlie_place, charlie_place.owner, Role.OWNER)
    bob = Caller(place, place.member("bob", Role.INSPECTOR), Role.INSPECTOR)
    reader = Caller(place, place.owner, Role.OWNER, scopes="read")
    pk = alice("get", f"{noun}?limit=1").json()["items"][0]["id"]
    assert Client().get(f"/api/v1/{noun}").status_code == 401
    assert Client().get(f"/api/v1/{noun}/{pk}").status_code == 401
    assert alice("get", f"{noun}/{pk}").status_code == bob("get", f"{noun}/{pk}").status_code == 200
    # A foreign record answers exactly as one that does not exist.
    for method, path, body in (
        ("get", "", None), ("patch", "", {}), ("delete", "", None), ("post", "/retire", None), ("post", "/restore", None),
    ):  # fmt: skip
        foreign = charlie(method, f"{noun}/{pk}{path}", body)
        missing = charlie(method, f"{noun}/{NOBODY}{path}", body)
        assert foreign.status_code == missing.status_code == 404, (method, path)
        assert foreign.content == missing.content
        assert foreign["Content-Type"] == "application/problem+json"
    for caller in (bob, reader):
        assert caller("patch", f"{noun}/{pk}", {}).status_code == 403
        assert caller("delete", f"{noun}/{pk}").status_code == 403
        assert caller("post", f"{noun}/{pk}/retire").status_code == 403
    assert alice("post", f"{noun}/{pk}/retire").json()["is_active"] is False
    assert alice("post", f"{noun}/{pk}/restore").json()["is_active"] is True


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"unknown": 1},
        [],
        {"code": "\x00", "name": "x", "name_en": "x", "po_number": "\x00"},
        {
            "code": "\ud800",
            "name": "\ud800",
            "name_en": "x",
            "family": "SW",
            "severity": "minor",
            "po_number": "\ud800",
        },
        {"code": None, "name": None, "name_en": None, "po_number": None},
        {"code": "x" * 500, "name": "y" * 500, "name_en": "z" * 500, "po_number": "p" * 500},
        {"code": 5, "name": 5, "name_en": 5, "po_number": 5},
    ],
)
def test_bad_bodies_are_refused_with_their_place(alice, noun, body) -> None:
    answer = alice("post", noun, body)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert all(place["at"] and place["message"] for place in answer.json()["errors"])


@pytest.mark.parametrize(
    "change",
    [
        {"aql_major": "3"}, {"aql_level": "IV"}, {"made_pct_min": "101"}, {"made_pct_min": "NaN"},
        {"aql_minor": "15"}, {"pieces_out_max": -1}, {"name": ""}, {"name": "   "}, {"contact_email": "nobody"},
        {"carton_rule": "all"}, {"revision": 0}, {"count_by": "both"},
    ],
)  # fmt: skip
def test_a_buyer_refuses_what_the_standard_does_not_have(place, alice, change) -> None:
    with place.scope():
        pk = Buyer.objects.get().pk
    answer = alice("patch", f"buyers/{pk}", change)
    assert answer.status_code == 422
    assert next(iter(change)) in answer.json()["errors"][0]["at"]
    with place.scope():
        assert Buyer.objects.get().revision == 1


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [{"colour": "Red", "size": "M", "quantity": 0}],
        [{"colour": "Red", "size": "M", "quantity": 10_000_001}],
        [{"colour": " ", "size": "M", "quantity": 1}],
        [{"colour": "Red", "size": "M", "quantity": 1}, {"colour": "Red", "size": "M", "quantity": 2}],
        [{"colour": "Red", "size": "M", "quantity": 1}, {"colour": "red ", "size": "L", "quantity": 2}],
        [{"colour": f"C{i}", "size": "M", "quantity": 1} for i in range(31)],
        [{"colour": "Red", "size": f"{i}", "quantity": 9_000_000} for i in range(2)],
    ],
)
def test_an_order_refuses_a_wrong_grid(place, alice, lines) -> None:
    with place.scope():
        order = Order.objects.get()
    assert alice("patch", f"orders/{order.pk}", {"lines": lines}).status_code == 422
    with place.scope():
        assert Order.objects.get().quantity == 720


def test_a_foreign_or_retired_style_or_site_cannot_be_chosen(place, alice) -> None:
    charlie = factory("charlie")
    with charlie.scope():
        foreign = add_style(charlie, add_buyer(charlie))
    with place.scope():
        order, other = Order.objects.get(), add_style(place, add_buyer(place, "OTHER"), "ST-2")
        retired = add_style(place, Buyer.objects.get(code="NORTH"), "ST-3")
        services.retire_style(style_id=retired.pk, actor=place.actor, now=NOW)
    for style in (foreign, other, retired):
        answer = alice("patch", f"orders/{order.pk}", {"style_id": str(style.pk)})
        assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "style")
    answer = alice("patch", f"orders/{order.pk}", {"site_id": NOBODY})
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "site")
    with place.scope():
        own = Style.objects.get(pk=order.style_id)
    answer = alice("patch", f"styles/{own.pk}", {"buyer_id": str(other.buyer_id)})
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "buyer")


def test_lists_page_by_key(alice) -> None:
    first = alice("get", "defects?limit=50").json()
    second = alice("get", f"defects?limit=50&after={first['next']}").json()
    codes = [row["code"] for row in first["items"] + second["items"]]
    assert (len(first["items"]), len(second["items"]), second["next"]) == (50, 31, "")
    assert len(set(codes)) == 81
    assert alice("get", "defects?limit=101").status_code == 422
    assert alice("get", "defects?after=x").status_code == 422
    assert alice("get", "defects?active=false").json()["items"] == []


def test_a_buyer_guest_reads_own_buyer_only(place) -> None:
    with place.scope():
        own = Buyer.objects.get()
        other = add_buyer(place, "OTHER")
        foreign = add_order(place, add_style(place, other, "ST-2"), "PO-2")
    user = place.member("gina", Role.BUYER_GUEST, buyer=own)
    # Guests make no tokens themselves; the wall holds for one that exists all the same.
    from goldseal.kit.errors import Forbidden

    with pytest.raises(Forbidden):
        Caller(place, user, Role.BUYER_GUEST, buyer=own)
    with place.scope(buyer=own):
        assert list(Buyer.objects.all()) == [own]
        assert not Order.objects.filter(pk=foreign.pk).exists()


def test_severities_of_a_buyer(place, alice) -> None:
    with place.scope():
        pk = Buyer.objects.get().pk
    defect = alice("get", "defects?limit=1").json()["items"][0]["id"]
    body = {"defect_id": defect, "zone": "B", "severity": "critical"}
    assert alice("put", f"buyers/{pk}/severities", body).json()["severity"] == "critical"
    assert alice("put", f"buyers/{pk}/severities", {**body, "severity": "minor"}).status_code == 200
    assert [row["severity"] for row in alice("get", f"buyers/{pk}/severities").json()] == ["minor"]
    assert alice("put", f"buyers/{pk}/severities", {**body, "zone": "D"}).status_code == 422
    assert alice("put", f"buyers/{pk}/severities", {**body, "defect_id": NOBODY}).status_code == 422

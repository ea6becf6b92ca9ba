"""Every address × everybody × whose object: a foreign object answers exactly as one that does not exist.

The oracle needs no list of expectations: the answer for another workspace's (or compartment's) object must be
the same bytes and status as for an id that exists nowhere, and the neighbour's rows must not change.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from goldseal.accounts.models import User
from goldseal.kit.permissions import Role
from goldseal.ops.demo import demo_address
from goldseal.privacy.exporting import owned_models
from goldseal.workspaces.services import workspace_scope
from tests.matrix.addresses import Address, inside
from tests.matrix.household import Factory, client_of, factory, guest_of, nonexistent, person

TOKEN = re.compile(
    rb'(name="csrfmiddlewaretoken" value=")[^"]*|("X-CSRFToken": ?")[^"]*|(&quot;X-CSRFToken&quot;: ?&quot;)\w*'
)
WITH_KEYS = [address for address in inside() if address.keys]


class Town:
    """Two factories and everybody who might knock."""

    def __init__(self) -> None:
        self.mine = factory("mine")
        self.foreign = factory("foreign")
        self.other_guest = guest_of(self.mine, own_buyer=False)
        self.own_guest = guest_of(self.mine, own_buyer=True)
        self.stranger = person("stranger@example.test")
        self.operator = person("operator@example.test", Role.PLATFORM_ADMIN)

    def member(self, role: Role) -> User:
        return User.objects.get(email=demo_address(role, "mine"))


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    from django.db import connection

    from tests.plugin import DATABASE, SERVER, use_database

    name = f"{DATABASE}_matrix"
    with django_db_blocker.unblock():
        SERVER.copy(name)
        use_database(connection, name)
        try:
            yield Town()
        finally:
            use_database(connection, DATABASE)
            SERVER.drop(name)


def content(response: Any) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return TOKEN.sub(rb"\1\2\3-", body)


def same(client: Client, method: str, one: str, other: str) -> None:
    first, second = (
        getattr(client, method)(url, {"x": "1"} if method == "post" else {}) for url in (one, other)
    )
    assert first.status_code == second.status_code, (method, one)
    assert first.status_code < 500, (method, one)
    if first.status_code in (301, 302):
        assert re.sub(r"[0-9a-f-]{36}", "-", first["Location"]) == re.sub(
            r"[0-9a-f-]{36}", "-", second["Location"]
        )
        assert first.status_code == 302
    assert content(first) == content(second), (method, one)
    headers = {"Content-Type", "Cache-Control", "Content-Disposition"}
    assert {h: first.get(h) for h in headers} == {h: second.get(h) for h in headers}


def snapshot(place: Factory) -> dict[str, int]:
    with workspace_scope(place.workspace.pk):
        return {model._meta.label: model._base_manager.count() for model, _declared in owned_models()}


@pytest.mark.parametrize("address", WITH_KEYS, ids=lambda a: a.route)
def test_an_object_of_another_workspace_answers_like_none(town: Town, address: Address) -> None:
    before = snapshot(town.foreign)
    keys = town.foreign.ids.get(address.room, []) or town.foreign.ids["catalog"]
    for user in (town.member(Role.OWNER), town.own_guest, town.member(Role.VIEWER)):
        client = client_of(Client, user)
        for method in ("get", "post"):
            for key in keys[:6]:
                same(client, method, address.url("mine", key), address.url("mine", nonexistent()))
    assert snapshot(town.foreign) == before


@pytest.mark.parametrize("address", WITH_KEYS, ids=lambda a: a.route)
def test_an_object_of_another_buyer_answers_like_none(town: Town, address: Address) -> None:
    """The guest of a buyer nothing was made for yet: of all that the factory did, the guest sees nothing."""
    from goldseal.workspaces.scoping import SHARED

    models = {m for m, _d in owned_models() if m._meta.app_label == address.room}
    shared = {m for m in models if getattr(m, "compartment", "") == SHARED}
    with workspace_scope(town.mine.workspace.pk):
        hidden = [
            pk
            for m in models - shared
            for pk in m._base_manager.order_by("pk").values_list("pk", flat=True)[:2]
        ]
        own = set(
            town.other_guest.memberships.model._base_manager.filter(user=town.other_guest).values_list(
                "compartment_id", flat=True
            )
        )
    client = client_of(Client, town.other_guest)
    for method in ("get", "post"):
        for key in [pk for pk in hidden if pk not in own][:8]:
            same(client, method, address.url("mine", key), address.url("mine", nonexistent()))


@pytest.mark.parametrize("address", inside(), ids=lambda a: a.route)
def test_a_workspace_one_does_not_belong_to_answers_like_none(town: Town, address: Address) -> None:
    key = (town.mine.ids.get(address.room) or town.mine.ids["catalog"])[0]
    before = snapshot(town.mine)
    for user in (town.stranger, town.foreign.owner, town.operator):
        client = client_of(Client, user)
        for method in ("get", "post"):
            same(client, method, address.url("mine", key), address.url("nowhere", key))
            assert getattr(client, method)(address.url("mine", key)).status_code == 404
    assert snapshot(town.mine) == before


@pytest.mark.parametrize("address", inside(), ids=lambda a: a.route)
def test_somebody_signed_out_is_sent_to_sign_in(town: Town, address: Address) -> None:
    key = nonexistent()
    client = client_of(Client, None)
    for method in ("get", "post"):
        response = getattr(client, method)(address.url("mine", key))
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "address", [a for a in inside() if not a.keys and not a.arguments[1:]], ids=lambda a: a.route
)
def test_no_page_without_arguments_shows_a_foreign_word(town: Town, address: Address) -> None:
    client = client_of(Client, town.member(Role.OWNER))
    response = client.get(address.url("mine", ""))
    assert response.status_code in (200, 302, 405), response.status_code
    if response.status_code == 200:
        body = content(response)
        foreign = [str(key).encode() for keys in town.foreign.ids.values() for key in keys]
        assert not [key for key in foreign if key in body]


@pytest.mark.parametrize("address", inside(), ids=lambda a: a.route)
def test_a_viewer_changes_nothing(town: Town, address: Address) -> None:
    """Whatever a viewer posts anywhere, no row is added or removed (but for the viewer's own tokens and visits)."""
    client = client_of(Client, town.member(Role.VIEWER))
    before = snapshot(town.mine)
    key = (town.mine.ids.get(address.room) or town.mine.ids["catalog"])[0]
    response = client.post(address.url("mine", key), {"name": "x", "reason": "because I can"})
    assert response.status_code < 500
    after = snapshot(town.mine)
    noted = {"trail.Entry", "trail.Payload", "accounts.ApiToken"}
    assert {k: v for k, v in after.items() if k not in noted} == {
        k: v for k, v in before.items() if k not in noted
    }


def test_the_floor_knows_nobody_without_a_session_and_says_so_to_programs(town: Town) -> None:
    """The app's own addresses lie outside any workspace: the shell for everybody, the rest as problem details."""
    nobody = client_of(Client, None)
    assert nobody.get("/floor/").status_code == 200
    assert nobody.get("/floor/manifest.webmanifest").status_code == 200
    assert nobody.get("/floor/me").json() == {"person": None, "workspaces": [], "csrf": ""}
    response = nobody.post("/floor/enrol")
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    for user in (town.stranger, town.own_guest, town.member(Role.VIEWER), town.operator):
        assert client_of(Client, user).get("/floor/me").json()["workspaces"] == []
    places = client_of(Client, town.member(Role.INSPECTOR)).get("/floor/me").json()["workspaces"]
    assert [place["slug"] for place in places] == ["mine"]

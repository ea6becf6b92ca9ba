"""The whole API, fuzzed from its own description; and the isolation matrix over its operations."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goldseal.accounts.models import User
from goldseal.kit.actors import Actor
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo import demo_address
from goldseal.workspaces.services import make_token, workspace_scope
from tests.matrix.household import NOW, Factory, factory, guest_of, hold_a_tablet, nonexistent

FAR = NOW.replace(year=2099)


class City:
    """Two factories with tokens for their people."""

    def __init__(self) -> None:
        self.mine, self.foreign = factory("mine"), factory("foreign")
        self.tokens = {role: token_for(self.mine, role) for role in (Role.OWNER, Role.VIEWER)}
        self.foreign_token = token_for(self.foreign, Role.OWNER)
        self.reading = token_for(self.mine, Role.OWNER, scopes="read")
        self.inspector = token_for(self.mine, Role.INSPECTOR)
        with workspace_scope(self.mine.workspace.pk):
            self.floor = hold_a_tablet(Role.OWNER, now=datetime.now(UTC))
        self.guest = token_of(self.mine, guest_of(self.mine, own_buyer=False), Role.BUYER_GUEST)


def token_for(place: Factory, role: Role, scopes: str = "write") -> str:
    return token_of(place, User.objects.get(email=demo_address(role, place.workspace.slug)), role, scopes)


def token_of(place: Factory, user: User, role: Role, scopes: str = "write") -> str:
    with workspace_scope(place.workspace.pk, actor_id=user.pk):
        held = permissions_of([role]) | {"tokens.manage"}
        actor = Actor(user.pk, user.name, "web", place.workspace.pk, frozenset({role}), held)
        _row, secret = make_token(label="test", scopes=scopes, days=36_000, user=user, actor=actor, now=NOW)
    return secret


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    from django.db import connection

    from tests.plugin import DATABASE, SERVER, use_database

    name = f"{DATABASE}_api"
    with django_db_blocker.unblock():
        SERVER.copy(name)
        use_database(connection, name)
        try:
            yield City()
        finally:
            use_database(connection, DATABASE)
            SERVER.drop(name)


@cache
def document() -> dict[str, Any]:
    from goldseal.config.api import api

    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return found


@cache
def described() -> Any:
    """The description as the fuzzer reads it: half a second, so only once."""
    return schemathesis.openapi.from_dict(document())


def operations() -> list[tuple[str, str]]:
    methods = ("get", "post", "put", "patch", "delete")
    return [(m, path) for path, item in sorted(document()["paths"].items()) for m in methods if m in item]


def ask(method: str, path: str, token: str | None, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = json.dumps(body if body is not None else {}) if method != "get" else None
    response = Client(raise_request_exception=False).generic(
        method.upper(), path, data or "", content_type="application/json", headers=headers
    )
    if response.streaming:
        b"".join(response.streaming_content)  # a file is closed when it was read to its end
    return response


def filled(path: str, key: Any) -> str:
    import re

    def value(match: re.Match[str]) -> str:
        plain = {"level": "II", "aql": "2.5", "lot_size": "500", "number": "1", "form": "pdf", "version": "1"}
        return plain.get(match.group(1), str(key))

    return re.sub(r"{(\w+)}", value, path)


def test_the_description_is_openapi_3_1_and_complete() -> None:
    written = document()
    assert written["openapi"].startswith("3.1")
    assert len(operations()) > 15
    for method, path in operations():
        operation = written["paths"][path][method]
        assert operation.get("description") or operation.get("summary"), (method, path)
        assert {"401", "403"} <= set(operation["responses"]), (method, path)


@pytest.mark.parametrize(("method", "path"), operations())
def test_without_a_token_everything_is_401(city: City, method: str, path: str) -> None:
    for token in (None, "gs_wrong", "x" * 500):
        response = ask(method, filled(path, nonexistent()), token)
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"), [o for o in operations() if "_id}" in o[1] or "{pk}" in o[1] or "{id}" in o[1]]
)
def test_a_foreign_object_answers_like_none(city: City, method: str, path: str) -> None:
    keys = [key for keys in city.foreign.ids.values() for key in keys][::2]  # two of a kind are alike
    for token in (city.tokens[Role.OWNER], city.guest):
        none = ask(method, filled(path, nonexistent()), token)
        for key in keys:
            foreign = ask(method, filled(path, key), token)
            assert (foreign.status_code, foreign.content) == (none.status_code, none.content), (path, key)


@pytest.mark.parametrize(
    ("method", "path"),
    # Verifying a report changes nothing, though it is sent with POST.
    [o for o in operations() if o[0] != "get" and not o[1].endswith("/verify")],
)
def test_a_reading_token_writes_nothing(city: City, method: str, path: str) -> None:
    for token in (city.reading,):
        for key in (nonexistent(), *[k for keys in city.mine.ids.values() for k in keys][:4]):
            assert ask(method, filled(path, key), token).status_code in (403, 404, 412, 422)


@pytest.mark.parametrize(("method", "path"), [o for o in operations() if "/floor/" not in o[1]])
def test_an_owners_floor_token_answers_like_an_inspectors(city: City, method: str, path: str) -> None:
    """The device in an owner's hands opens no more than an inspector's own token does."""
    for key in (nonexistent(), *city.mine.ids["catalog"][:3]):
        floor, inspector = (ask(method, filled(path, key), token) for token in (city.floor, city.inspector))
        assert floor.status_code == inspector.status_code, (method, path, floor.content)


@pytest.mark.parametrize(("method", "path"), operations())
def test_no_input_makes_the_server_fail(city: City, method: str, path: str) -> None:
    operation = described()[path][method.upper()]
    own = [str(key) for keys in city.mine.ids.values() for key in keys]

    @settings(
        max_examples=12,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy(), key=st.sampled_from(own), use_own=st.booleans())
    def fuzz(case: Any, key: str, use_own: bool) -> None:
        if use_own and case.path_parameters:
            for name in case.path_parameters:
                if name in ("pk", "id") or name.endswith("_id"):
                    case.path_parameters[name] = key
        sent = case.as_transport_kwargs(base_url="http://testserver")
        from urllib.parse import urlencode

        url = sent["url"].removeprefix("http://testserver")
        if sent.get("params"):
            url += "?" + urlencode(sent["params"], doseq=True, errors="replace")
        body = sent.get("json")
        data = json.dumps(body) if body is not None else (sent.get("data") or b"")
        content = data if isinstance(data, str | bytes) else b""
        response = Client(raise_request_exception=False).generic(
            method.upper(),
            url,
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {city.tokens[Role.OWNER]}"},
        )
        if response.streaming:
            b"".join(response.streaming_content)  # a file is closed when it was read to its end
        assert response.status_code < 500, (response.status_code, url, content)
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json", url
            assert json.loads(response.content)["title"]

    fuzz()

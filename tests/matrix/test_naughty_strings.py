"""Strings that break programs, through every text field of every form that a page shows.

No answer may be a failure of ours, nothing may be half-saved, and no string may come back as markup. The forms
are read out of the pages, so that a new form brings its own cells.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from goldseal.kit.permissions import Role
from tests.matrix.addresses import Address, addresses
from tests.matrix.household import Factory, client_of, factory, person

TEXT_TYPES = {"text", "email", "search", "url", "tel", "number", "date", "password", ""}
PUBLIC = {"", "accounts/login/", "accounts/signup/", "accounts/password/reset/", "verify/"}
# Strings a field sees in one run of the tests; every field begins elsewhere, so that all of them are tried somewhere.
A_ROUND = int(os.environ.get("GOLDSEAL_STRINGS_A_FIELD", "8"))
SENTINEL = "\U0001f4a5<b>'\"&{{7*7}}${7*7}{0.__class__}%s%n\u202e\u0000\ud7ff=1+1"


@dataclass
class Form:
    """One form of a page: where it posts to, what it holds, which of its fields take free text."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class FormReader(HTMLParser):
    """The forms of a page that post."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms = url, []  # type: str, list[Form]
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(given.get("action") or self.url)
            self.forms.append(self._form)
        form = self._form
        if form is None or (tag != "option" and not name):
            return
        if tag == "input":
            self._input(form, name, given)
        elif tag == "textarea":
            form.texts.append(name)
            form.values[name] = [""]
            self._area = name
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in given or (given.get("value") and self._select not in form.values))
        ):
            form.values[self._select] = [given.get("value", "")]

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if kind in TEXT_TYPES:
            form.texts.append(name)
            example = {"number": "2", "email": "x@example.test", "date": "2026-03-16"}.get(kind, "Abc 1")
            form.values[name] = [given.get("value") or (example if "required" in given else "")]
        elif kind == "hidden" and name != "csrfmiddlewaretoken":
            form.values[name] = [given.get("value", "")]
        elif kind in ("radio", "checkbox") and (
            "checked" in given or ("required" in given and name not in form.values)
        ):
            form.values[name] = [given.get("value", "on")]

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area][0] += data.lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


class House:
    """One factory after the main job, with its owner at the door, and somebody without an account."""

    def __init__(self) -> None:
        self.mine: Factory = factory("mine")
        self.saved: set[str] = set()
        self.posts = 0
        self.operator = person("operator@example.test", Role.PLATFORM_ADMIN)

    def client(self, address: Address) -> Client:
        route = address.route
        user = None if route in PUBLIC else self.operator if route.startswith("staff") else self.mine.owner
        return client_of(Client, user)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    from django.db import connection

    from tests.plugin import DATABASE, SERVER, use_database

    name = f"{DATABASE}_naughty"
    with django_db_blocker.unblock():
        SERVER.copy(name)
        use_database(connection, name)
        try:
            yield House()
        finally:
            use_database(connection, DATABASE)
            SERVER.drop(name)


@pytest.fixture(scope="module")
def strings() -> list[str]:
    found = Path(__file__).parents[3] / "shared" / "data" / "text" / "blns.txt"
    if not found.exists():
        pytest.skip("the list of naughty strings is not here")
    lines = found.read_text(encoding="utf-8").split("\n")
    return [SENTINEL, *(line for line in lines if line and not line.startswith("#"))]


def with_forms() -> list[Address]:
    skipped = ("api/", "accounts/logout", "accounts/2fa", "w/<slug:slug>/privacy/erase")
    return [a for a in addresses() if not a.route.startswith(skipped) and "<str:" not in a.route]


def forms_at(client: Client, url: str) -> list[Form]:
    response: Any = client.get(url)
    assert response.status_code < 500, url
    if response.status_code != 200 or "html" not in response.get("Content-Type", "") or response.streaming:
        return []
    reader = FormReader(url)
    reader.feed(response.content.decode())
    return [form for form in reader.forms if form.texts]


def body_of(response: Any) -> bytes:
    return b"" if response.streaming else bytes(response.content)


@pytest.mark.parametrize("address", with_forms(), ids=lambda a: a.route)
def test_no_string_breaks_a_form(house: House, strings: list[str], address: Address) -> None:
    client = house.client(address)
    keys = house.mine.ids.get(address.room, []) if address.keys else [house.mine.workspace.pk]
    if address.room == "ops":
        keys = [house.mine.workspace.pk]
    seen: set[tuple[str, ...]] = set()
    for key in keys:
        for form in forms_at(client, address.url("mine", key)):
            kind = (re.sub(r"[0-9a-f-]{36}", "-", form.action), *form.texts)
            if kind not in seen:
                seen.add(kind)
                # The tenth question's label is read as the first one's: rows of a table are tried once.
                kinds = {re.sub(r"\d+", "#", name): name for name in reversed(form.texts)}
                for position, name in enumerate(form.texts):
                    if kinds[re.sub(r"\d+", "#", name)] != name:
                        continue
                    begin = (len(seen) * 7 + position * 3 + len(address.route)) * A_ROUND
                    run = [SENTINEL, *(strings[(begin + n) % len(strings)] for n in range(A_ROUND))]
                    through(house, client, form, name, run)


def through(house: House, client: Client, form: Form, name: str, run: list[str]) -> None:
    for string in run:
        house.posts += 1  # from an address of its own: what is tried here is not the limit of tries
        peer = f"10.9.{house.posts // 250}.{house.posts % 250}"
        values = {**form.values, name: [string]}
        response: Any = client.post(form.action, values, follow=True, REMOTE_ADDR=peer)
        if response.redirect_chain:
            house.saved.add(form.action)
        where = (form.action, name, string)
        assert response.status_code < 500, where
        body = body_of(response)
        if "<" in string and len(string) > 3:
            assert string.encode() not in body, where
        if string is SENTINEL:
            assert b"7*7}}$" in body or b"49" not in body.partition(b"\xf0\x9f\x92\xa5")[2][:40], where
            assert b"\xf0\x9f\x92\xa5<b>" not in body, where


def test_the_lists_survive_what_was_stored(house: House) -> None:
    """After all that, every page without arguments still opens, as a page and as a spreadsheet, in both languages."""
    client = client_of(Client, house.mine.owner)
    # With few posts in this process, another one had the forms; only a whole run must have stored something.
    assert house.posts < 400 or len(house.saved) >= 10, "the forms refused everything: this has tried nothing"
    for address in addresses():
        if address.route.startswith("w/") and not address.keys and not address.arguments[1:]:
            for query in ("", "?format=csv", "?q=%3Cscript%3E%27%22%00"):
                for language in ("en", "bn"):
                    client.cookies["language"] = language
                    response = client.get(address.url("mine", "") + query)
                    assert response.status_code < 500, (address.route, query)
                    assert b"\xf0\x9f\x92\xa5<b>" not in body_of(response)

"""Requests that no page of ours sent, and lists asked for in strange ways."""

import base64
import json
import re

import pytest
from django.conf import settings
from django.test import Client

from goldseal.accounts.models import User
from goldseal.accounts.pin_services import ROSTER_COOKIE
from goldseal.trail.selectors import entries_of
from goldseal.workspaces import services
from goldseal.workspaces.models import (
    Membership,
    Workspace,
)
from tests.matrix.break_in.intruders import (
    NOW,
    PASSWORD,
    actor,
    at,
    signed_in,
)

# Requests from elsewhere


def posting_pages() -> list[str]:
    return [
        "/accounts/login/", "/accounts/logout/", "/accounts/signup/", "/accounts/password/reset/", "/language/",
        "/switch/", "/profile/", "/profile/pin/", "/profile/pin/remove/", "/workspaces/new/", "/staff/",
    ]  # fmt: skip


def test_nothing_is_posted_without_the_forms_own_mark(alice: User, mine: Workspace) -> None:
    from tests.matrix.addresses import inside

    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(alice)
    inner = [address.url(mine.slug, mine.pk) for address in inside()]
    for url in [*posting_pages(), *inner]:
        for extra in ({}, {"Origin": "https://evil.example", "Cookie": ""}):
            response = client.post(url, {"csrfmiddlewaretoken": "x" * 64}, headers=extra)
            assert response.status_code in (302, 403, 404, 405), (url, response.status_code)
            if response.status_code == 302:
                assert response["Location"].startswith("/accounts/login/"), url


def test_reading_a_page_changes_nothing(alice: User, mine: Workspace) -> None:
    from tests.matrix.addresses import inside

    client = signed_in(alice)
    with services.workspace_scope(mine.pk):
        before = entries_of(mine.pk).count(), Membership.objects.count()
    for address in inside():
        client.get(address.url(mine.slug, mine.pk))
    for url in posting_pages():
        client.get(url)
    with services.workspace_scope(mine.pk):
        assert (entries_of(mine.pk).count(), Membership.objects.count()) == before
    assert "_auth_user_id" in client.session


def test_every_answer_carries_its_headers_and_cookies_their_flags(alice: User, mine: Workspace) -> None:
    from tests.matrix.addresses import addresses

    client = signed_in(alice)
    for address in addresses():
        response = client.get(address.url(mine.slug, mine.pk))
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy, address.route
        assert "default-src 'none'" in policy, address.route
        assert "frame-ancestors 'none'" in policy or "sandbox" in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] in (
            "strict-origin-when-cross-origin",
            "no-referrer",
            "same-origin",
        )
        assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["X-Frame-Options"] == "DENY"
        # Floor's shell holds nobody's data: the device keeps it, and asks whether it is still the newest.
        kept = "no-cache" if address.route.startswith("floor/") else "no-store"
        said = response["Cache-Control"]
        assert kept in said or "no-store" in said or "immutable" in said, address.route
        assert response.status_code < 500, address.route
        assert b"Traceback" not in (b"" if response.streaming else response.content)
    for name in (settings.SESSION_COOKIE_NAME, ROSTER_COOKIE, settings.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


def test_the_session_before_sign_in_is_not_the_one_after(alice: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert client.session.session_key != session.session_key
    key = client.session.session_key
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get("/profile/").status_code == 302


# Lists


MARKS = [
    ["x", None], ["x", "y"], ["00000000-0000-0000-0000-000000000000", "9" * 40], ["\ud800", "\ud800"], [1, 2],
    ["' OR 1=1 --", "' OR 1=1 --"], ["00000000-0000-0000-0000-000000000000", "99999-13-45T99:99"], {}, None, "x",
    ["00000000-0000-0000-0000-000000000000", "0001-01-01T00:00:00+23:59"], ["00000000-0000-0000-0000-000000000000", "NaN"],
]  # fmt: skip


def lists() -> list[str]:
    from tests.matrix.addresses import inside

    plain = [a.url("_", "").removeprefix("/w/_/") for a in inside() if not a.keys and not a.arguments[1:]]
    return [
        url for url in plain if re.fullmatch(r"(people|activity|reports|files|inspections|catalog/\w+)/", url)
    ]


@pytest.mark.parametrize("mark", MARKS, ids=lambda m: ascii(m)[:30])
def test_a_page_mark_somebody_typed_is_ignored(alice: User, mine: Workspace, mark: object) -> None:
    text = base64.urlsafe_b64encode(json.dumps(mark).encode()).decode().rstrip("=")
    client = signed_in(alice)
    for path in lists():
        for sort in ("", "number", "created", "size"):
            asked = {"before" if sort == "number" else "after": text, "sort": sort}
            assert client.get(at(mine, path), asked).status_code < 500, (path, sort)


@pytest.mark.parametrize(
    "query",
    ["sort=user__password", "sort=-pk;drop", "role=%27+OR+1%3D1", "q=%25_%5C%27%22;--", "q=%00", "q=" + "a+" * 300,
     "format=csv&q=%00%ff", "sort=%00&after=%ff&before=%00", "state=__class__", "q=%F0%9F"],
)  # fmt: skip
def test_a_list_takes_no_orders_from_its_address(alice: User, mine: Workspace, query: str) -> None:
    client = signed_in(alice)
    for path in lists():
        assert client.get(f"{at(mine, path)}?{query}").status_code < 500, path


def test_a_sentence_of_the_log_is_no_template(alice: User, mine: Workspace) -> None:
    with services.workspace_scope(mine.pk):
        services.make_token(
            label="{workspace.__class__}{0}{label!r:>99}%(x)s<script>",
            scopes="read", days=1, user=alice, actor=actor(mine, alice), now=NOW,
        )  # fmt: skip
    page = signed_in(alice).get(at(mine, "activity/")).content.decode()
    assert "{workspace.__class__}{0}{label!r:&gt;99}%(x)s&lt;script&gt;" in page


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", " ="])
def test_no_cell_of_an_export_begins_like_a_formula(start: str) -> None:
    from goldseal.kit.spreadsheets import harmless_cell

    assert harmless_cell(f"{start}cmd|' /C calc'!A0").startswith("'")

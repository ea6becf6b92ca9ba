"""Which version holds: a draft takes nothing from the one before it, its check before sharing does."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from goldseal.accounts.models import User
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Conflict
from goldseal.kit.ids import new_id
from goldseal.reports import selectors, services, vault
from goldseal.reports.bundle_services import download_many
from goldseal.reports.models import ReportVersion
from goldseal.reports.rules.answers import Answer
from goldseal.reports.tests import kinds
from goldseal.reports.tests.people import NOW, actor, checked, pdf_of, sealed, shared
from goldseal.trail.models import Entry
from goldseal.workspaces.services import make_token, workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _quiet_minute():
    cache.clear()


@pytest.fixture
def first(one, alice):
    made = sealed(one, alice, kinds.held(one.pk, buyer_id=new_id()))
    checked(one, alice, made)
    return made


@pytest.fixture
def again(one, alice, first) -> Callable[..., ReportVersion]:
    """The next version of the same report, with another verdict and destination each time."""

    def make(destination: str = "Hamburg") -> ReportVersion:
        kinds.RECORDS[first.report.subject_id].data["header"]["destination"] = destination
        return sealed(one, alice, first.report.subject_id, now=LATER)

    return make


def known(version: ReportVersion) -> selectors.Verification:
    return selectors.verification_of_token(version.token)


def answers(*versions: ReportVersion) -> list[str]:
    return [known(version).answer.value for version in versions]


def test_draft_leaves_the_version_before_it_in_force_until_its_check(
    client, one, alice, first, again
) -> None:
    secret = shared(one, alice, first)
    pdf = pdf_of(one, first)
    second = again()
    assert services.verify_file(pdf=pdf).answer is Answer.VALID
    assert answers(first, second) == ["valid", "valid"]
    assert (known(first).newest_version, known(first).is_released, known(second).is_released) == (
        1,
        True,
        False,
    )
    assert "has replaced this one" not in client.get(f"/shared/{secret}/").content.decode()
    draft = client.get(f"/verify/{second.token}").content.decode()
    assert "Not released yet" in draft
    assert "answer-valid" not in draft
    assert shared(one, alice, first)  # still the one to give away

    checked(one, alice, second)
    assert services.verify_file(pdf=pdf).answer is Answer.SUPERSEDED
    assert answers(first, second) == ["superseded", "valid"]
    assert (known(first).newest_version, known(second).is_released) == (2, True)
    assert "has replaced this one" in client.get(f"/shared/{secret}/").content.decode()
    assert "answer-valid" in client.get(f"/verify/{second.token}").content.decode()
    with workspace_scope(one.pk), pytest.raises(Conflict):
        services.share_report(version_id=first.pk, recipient="Northfold", days=3, actor=alice, now=LATER)
    with workspace_scope(one.pk):
        order = list(
            Entry.objects.filter(event__startswith="report.")
            .order_by("sequence")
            .values_list("event", flat=True)
        )
    assert order[-2:] == ["report.checked", "report.superseded"]


def test_draft_withdrawn_before_its_check_changes_nothing(client, one, alice, first, again) -> None:
    secret = shared(one, alice, first)
    second = again()
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=second.pk, reason="Wrong lot number.", actor=alice, now=LATER)
    assert answers(first, second) == ["valid", "withdrawn"]
    assert known(first).newest_version == 1
    for address in (f"/verify/{first.token}", f"/shared/{secret}/", f"/verify/{second.token}"):
        assert "Wrong lot number." not in client.get(address).content.decode()
    client.force_login(User.objects.get(email="alice@example.test"))
    page = client.get(f"{one.get_absolute_url()}reports/{first.report_id}/").content.decode()
    assert f"versions/{first.pk}/share/" in page
    assert f"versions/{first.pk}/pdf/" in page


def test_third_version_names_what_the_buyer_has(one, alice, first, again) -> None:
    """The second was never released: the third replaces it at once, and tells what changed since the first."""
    second = again("Hamburg")
    third = again("Antwerp")
    assert answers(first, second, third) == ["valid", "superseded", "valid"]
    assert known(second).newest_version == 3
    assert third.supersedes_id == first.pk
    assert third.changes == "Destination: Rotterdam → Antwerp."
    with workspace_scope(one.pk):
        record = vault.fetch_record(workspace_id=one.pk, address=third.record_address)
        assert record["report"]["supersedes"]["version"] == 1
        with pytest.raises(Conflict):
            services.complete_pre_share_check(
                version_id=second.pk, ticks=dict.fromkeys(services.TICKS, True), actor=alice, now=LATER
            )
    checked(one, alice, third)
    assert answers(first, second, third) == ["superseded", "superseded", "valid"]
    assert known(first).newest_version == 3


def test_withdrawn_after_its_check_does_not_bring_the_old_one_back(one, alice, first, again) -> None:
    second = again()
    checked(one, alice, second)
    with workspace_scope(one.pk):
        services.withdraw_report(version_id=second.pk, reason="Wrong lot number.", actor=alice, now=LATER)
    assert answers(first, second) == ["superseded", "withdrawn"]


def test_page_says_which_version_holds_and_shares_that(
    client: Client, one: Any, first: Any, again: Any
) -> None:
    second = again()
    client.force_login(User.objects.get(email="alice@example.test"))
    home = f"{one.get_absolute_url()}reports/{first.report_id}/"
    page = client.get(home).content.decode()
    assert "Version 1 holds until this one has passed its check before sharing." in page
    assert f"versions/{second.pk}/check/" in page
    assert f"versions/{first.pk}/share/" in page
    assert f"versions/{second.pk}/share/" not in page
    assert (
        client.post(f"{home}versions/{second.pk}/check/", dict.fromkeys(services.TICKS, "on")).status_code
        == 302
    )
    page = client.get(home).content.decode()
    assert "Version 1 holds" not in page
    assert f"versions/{second.pk}/share/" in page


def test_api_and_command_line_know_the_difference(
    client: Client, one: Any, alice: Any, first: Any, again: Any
) -> None:
    second = again()
    user = User.objects.get(email="alice@example.test")
    with workspace_scope(one.pk, actor_id=user.pk):
        token = make_token(label="t", scopes="write", days=9, user=user, actor=alice, now=utc_now())[1]

    def call(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return getattr(client, method)(
            f"/api/v1/reports/{path}",
            json.dumps(body) if body else None,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        ).json()

    def states() -> dict[int, str]:
        return {row["version"]: row["state"] for row in call("get", f"{first.report_id}")["versions"]}

    def released() -> tuple[dict[int, bool], bool]:
        found = call("get", f"{first.report_id}")
        return {row["version"]: row["released"] for row in found["versions"]}, found["latest_released"]

    def verified(version: ReportVersion) -> tuple[str, bool, int]:
        found = call("post", "verify", {"file_hash": version.file_hash})
        return found["answer"], found["released"], found["newest_version"]

    assert states() == {1: "sealed", 2: "sealed"}
    assert released() == ({1: True, 2: False}, False)
    assert (verified(first), verified(second)) == (("valid", True, 1), ("valid", False, 1))
    call("post", f"{first.report_id}/checks", {"version": 2, **dict.fromkeys(services.TICKS, True)})
    assert states() == {1: "superseded", 2: "sealed"}
    assert released() == ({1: True, 2: True}, True)
    assert (verified(first), verified(second)) == (("superseded", True, 2), ("valid", True, 2))


def test_zip_holds_the_version_that_holds(one, alice, first, again) -> None:
    second = again()

    def versions() -> bytes:
        with workspace_scope(one.pk):
            return download_many(report_ids=[first.report_id], actor=alice, now=LATER).content.read()

    assert f"{first.report.number}-v1.pdf".encode() in versions()
    checked(one, alice, second)
    assert f"{first.report.number}-v2.pdf".encode() in versions()


def test_list_tells_a_draft_from_a_released_version(client, one, first, again) -> None:
    client.force_login(User.objects.get(email="alice@example.test"))
    number = first.report.number

    def shown(state: str) -> bool:
        return number in client.get(f"{one.get_absolute_url()}reports/?state={state}").content.decode()

    def exported() -> str:
        return client.get(f"{one.get_absolute_url()}reports/?format=csv").content.decode()

    assert (shown("sealed"), shown("draft")) == (True, False)
    second = again()
    assert (shown("sealed"), shown("draft")) == (False, True)
    assert "Not released yet" in exported()
    client.cookies["language"] = "bn"
    assert "এখনো ছাড়া হয়নি" in exported()
    client.cookies["language"] = "en"
    checked(one, actor(one, "alice"), second)
    assert (shown("sealed"), shown("draft")) == (True, False)
    assert "Not released yet" not in exported()

"""Devices of the Floor app: who may register one, what is released, how it is heard of and how it ends."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client

from goldseal.accounts.models import ApiToken, StaffPin
from goldseal.accounts.pin_services import set_pin
from goldseal.catalog.models import Buyer
from goldseal.files.services import destroy_workspace_key
from goldseal.inspections.tests.floor_device import PIN, enrolled, tablet
from goldseal.inspections.tests.makers import PASSWORD, Floor, floor, guest, signed_in
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import NotFound
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role, permissions_of
from goldseal.trail.selectors import entries_of
from goldseal.workspaces.device_services import revoke_device
from goldseal.workspaces.models import Device, DeviceHolder, Membership
from goldseal.workspaces.selectors import door_of_token
from goldseal.workspaces.services import edit_workspace

pytestmark = pytest.mark.django_db
REVOKED = b'{"state":"revoked"}'


@pytest.fixture
def at() -> Floor:
    cache.clear()
    return floor("alice")


def events(at: Floor) -> list[str]:
    with at.place.scope():
        return [entry.event for entry in entries_of(at.place.workspace.pk).order_by("sequence")]


def place_of(answer: Any) -> set[str]:
    return {problem["at"] for problem in answer.json()["errors"]}


def test_who_is_signed_in_sees_where_they_may_inspect(at: Floor) -> None:
    viewer = at.place.member("vera", Role.VIEWER)
    said = signed_in(at.inspector).get("/floor/me").json()
    assert said["person"]["id"] == str(at.inspector.pk)
    assert said["person"]["has_pin"] is False
    assert [row["slug"] for row in said["workspaces"]] == [at.place.workspace.slug]
    assert said["csrf"]
    assert signed_in(viewer).get("/floor/me").json()["workspaces"] == []
    nobody = Client().get("/floor/me")
    assert (nobody.status_code, nobody.json()["person"]) == (200, None)


def test_enrolment_releases_keys_that_the_database_holds_only_sealed(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    assert len(mine.sign_key) == 32
    assert mine.facts["token"].startswith("gs_")
    assert mine.facts["policy"]["digits"] == 6
    with at.place.scope():
        device, holder = Device.objects.get(), DeviceHolder.objects.get()
    assert mine.sign_key not in bytes(holder.sealed_key)
    assert bytes(device.sealed_key) != bytes(holder.sealed_key)
    assert mine.facts["device"]["secret"] not in device.secret_digest
    assert {"device.enrolled", "device.holder_added"} <= set(events(at))


def test_a_second_person_shares_the_device_with_a_key_of_their_own(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    theirs = tablet(at.place.member("carol", Role.INSPECTOR), at.place.workspace, device=mine.facts["device"])
    again = tablet(at.inspector, at.place.workspace, device=mine.facts["device"])
    assert theirs.id == mine.id == again.id
    assert theirs.facts["device_key"] == mine.facts["device_key"] == again.facts["device_key"]
    assert theirs.sign_key != mine.sign_key == again.sign_key
    assert mine.ask("GET", "/floor/day").status_code == 401  # the former token ended with the new one
    assert again.ask("GET", "/floor/day").status_code == 200
    assert events(at).count("device.holder_returned") == 1


def test_a_pin_must_be_right_and_five_wrong_ones_lock_it(at: Floor) -> None:
    set_pin(user=at.inspector, pin=PIN, now=datetime.now(UTC))
    for _try in range(5):
        wrong = enrolled(at.inspector, at.place.workspace, pin="111222")
        assert (wrong.status_code, place_of(wrong)) == (422, {"pin"})
    locked = enrolled(at.inspector, at.place.workspace)
    assert locked.status_code == 429
    with at.place.scope():
        assert not Device.objects.exists()


def test_choosing_a_pin_needs_the_password(at: Floor) -> None:
    asked = enrolled(at.inspector, at.place.workspace)
    assert (asked.status_code, place_of(asked)) == (422, {"password"})
    wrong = enrolled(at.inspector, at.place.workspace, password="not the password")
    assert (wrong.status_code, place_of(wrong)) == (422, {"password"})
    easy = enrolled(at.inspector, at.place.workspace, pin="111111", password=PASSWORD)
    assert (easy.status_code, place_of(easy)) == (422, {"pin"})
    assert not StaffPin.objects.exists()
    assert enrolled(at.inspector, at.place.workspace, password=PASSWORD).status_code == 201
    assert StaffPin.objects.filter(user=at.inspector).exists()


def test_who_may_not_inspect_gets_no_device(at: Floor) -> None:
    with at.place.scope():
        buyer = Buyer.objects.get(pk=at.buyer_id)
    for user in (at.place.member("vera", Role.VIEWER), guest(at, buyer, "gus")):
        set_pin(user=user, pin=PIN, now=datetime.now(UTC))
        assert enrolled(user, at.place.workspace).status_code == 403
    stranger = floor("mallory").inspector
    set_pin(user=stranger, pin=PIN, now=datetime.now(UTC))
    foreign = enrolled(stranger, at.place.workspace)
    at.place.workspace.slug = "nowhere-at-all"
    nowhere = enrolled(stranger, at.place.workspace)
    assert (foreign.status_code, foreign.content) == (422, nowhere.content)
    assert Client().post("/floor/enrol", "{}", content_type="application/json").status_code == 401
    client = Client(enforce_csrf_checks=True)
    client.force_login(at.inspector, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = client.post("/floor/enrol", "{}", content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")


def test_a_workspace_that_asks_for_a_second_factor_asks_for_it_here_too(at: Floor) -> None:
    set_pin(user=at.inspector, pin=PIN, now=datetime.now(UTC))
    with at.place.scope():
        at.place.workspace.is_mfa_required = True
        at.place.workspace.save()
    assert enrolled(at.inspector, at.place.workspace).status_code == 403


def test_asking_too_often_is_refused_and_revokes_nobody(at: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    monkeypatch.setattr("goldseal.inspections.views_floor.CONTACTS_A_MINUTE", 0)
    monkeypatch.setattr("goldseal.inspections.views_floor.ENROLMENTS_A_MINUTE", 0)
    for answer in (mine.contact(), enrolled(at.inspector, at.place.workspace)):
        assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")


def test_a_session_opened_by_pin_registers_nothing(at: Floor) -> None:
    set_pin(user=at.inspector, pin=PIN, now=datetime.now(UTC))
    client = signed_in(at.inspector)
    session = client.session
    session["opened_by_pin"] = True
    session.save()
    body = {"workspace": at.place.workspace.slug, "device": {"name": "T"}, "pin": PIN}
    assert client.post("/floor/enrol", json.dumps(body), content_type="application/json").status_code == 403


def test_a_device_that_is_foreign_revoked_or_does_not_know_its_secret_is_refused_alike(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    gone = tablet(at.inspector, at.place.workspace)
    with at.place.scope():
        revoke_device(device_id=gone.id, actor=at.place.actor, now=datetime.now(UTC))
    elsewhere = floor("mallory")
    foreign = tablet(elsewhere.inspector, elsewhere.place.workspace)
    tries = [
        {"id": mine.id, "secret": "wrong"},
        {"id": str(new_id()), "secret": mine.facts["device"]["secret"]},
        gone.facts["device"],
        foreign.facts["device"],
    ]
    answers = {enrolled(at.inspector, at.place.workspace, device=device).content for device in tries}
    assert len(answers) == 1
    assert b"Register it anew" in answers.pop()


def test_a_floor_token_may_what_an_inspector_may_whoever_holds_it(at: Floor) -> None:
    mine = tablet(at.place.owner, at.place.workspace)
    with door_of_token(secret=mine.facts["token"], now=datetime.now(UTC), device="", address="") as door:
        assert door is not None
        assert door.actor.permissions == permissions_of([Role.INSPECTOR])
        assert str(door.actor.device_id) == mine.id
    planned = mine.ask(
        "POST",
        "/inspections",
        {"order": str(at.order_id), "stage": str(at.stage_id), "planned_on": "2026-03-16"},
    )
    assert planned.status_code == 403
    assert mine.ask("GET", "/inspections").status_code == 200


def test_a_member_made_a_viewer_only_reads_with_the_device(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    with at.place.scope():
        Membership.objects.filter(user=at.inspector).update(role=Role.VIEWER.value)
    assert mine.ask("GET", "/floor/day").status_code == 403
    assert mine.contact().json()["holders"] == []


def test_a_contact_is_noted_and_renews_the_tokens(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    soon = datetime.now(UTC) + timedelta(days=1)
    with at.place.scope():
        ApiToken.objects.filter(workspace_id=at.place.workspace.pk).update(expires_at=soon)
    ahead = (datetime.now(UTC) + timedelta(minutes=10)).isoformat()
    with at.place.scope():
        edit_workspace(
            workspace=at.place.workspace, values={"floor_wipe_days": 30}, actor=at.place.actor, now=utc_now()
        )
    answer = mine.contact(
        version="7",
        queue={"events": 12, "photos": 3, "inspections": 1},
        storage={"used": 10_000_000, "quota": 2_000_000_000},
        clock=ahead,
    )
    said = answer.json()
    assert said["state"] == "active"
    assert said["holders"] == [str(at.inspector.pk)]
    assert said["policy"] == {"idle_minutes": 5, "wipe_days": 30, "digits": 6}
    with at.place.scope():
        device = Device.objects.get()
        token = ApiToken.objects.get(workspace_id=at.place.workspace.pk, revoked_at__isnull=True)
    assert (device.version, device.events_waiting, device.photos_waiting) == ("7", 12, 3)
    assert device.clock_ahead_seconds is not None
    assert 590 <= device.clock_ahead_seconds <= 600
    assert token.expires_at > soon + timedelta(days=28)


def test_an_expired_token_is_not_brought_back(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    past = datetime.now(UTC) - timedelta(minutes=1)
    with at.place.scope():
        ApiToken.objects.filter(workspace_id=at.place.workspace.pk).update(expires_at=past)
    assert mine.contact().json()["state"] == "active"
    assert mine.ask("GET", "/floor/day").status_code == 401


def test_a_revoked_device_is_told_so_in_the_same_bytes_as_a_stranger(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    with at.place.scope():
        revoke_device(device_id=mine.id, actor=at.place.actor, now=datetime.now(UTC))
        revoke_device(device_id=mine.id, actor=at.place.actor, now=datetime.now(UTC))
        assert bytes(DeviceHolder.objects.get().sealed_key) == b""
    answers = [
        mine.contact(),
        mine.contact(secret="wrong"),
        mine.contact(device=str(new_id())),
    ]
    assert {(a.status_code, a.content) for a in answers} == {(200, REVOKED)}
    assert mine.ask("GET", "/floor/day").status_code == 401
    assert events(at).count("device.revoked") == 1
    assert mine.contact(queue={"events": -1}).status_code == 422


def test_another_workspace_cannot_revoke_it(at: Floor) -> None:
    mine, other = tablet(at.inspector, at.place.workspace), floor("mallory")
    with other.place.scope(), pytest.raises(NotFound):
        revoke_device(device_id=mine.id, actor=other.place.actor, now=datetime.now(UTC))
    assert mine.ask("GET", "/floor/day").status_code == 200


def test_with_the_workspaces_key_the_devices_keys_are_gone(at: Floor) -> None:
    mine = tablet(at.inspector, at.place.workspace)
    destroy_workspace_key(at.place.workspace.pk)
    again = enrolled(at.inspector, at.place.workspace, device=mine.facts["device"])
    assert again.status_code == 409


def test_the_office_sees_devices_and_revokes_them(at: Floor) -> None:
    office = signed_in(at.place.owner)
    page = f"/w/{at.place.workspace.slug}/devices/"
    assert "No device yet" in office.get(page).content.decode()
    mine = tablet(at.inspector, at.place.workspace)
    mine.contact(queue={"events": 12, "photos": 3}, storage={"used": 1_950_000_000, "quota": 2_000_000_000})
    html = office.get(page).content.decode()
    for words in (
        "Tablet line 3",
        "just now",
        "12 entries, 3 photos",
        "1,950 of 2,000 MB",
        at.inspector.name,
    ):
        assert words in html, words
    assert 'hx-trigger="every 30s"' in html
    assert signed_in(at.inspector).get(page).status_code == 403
    assert signed_in(at.inspector).post(f"{page}{mine.id}/revoke/").status_code == 403
    done = office.post(f"{page}{mine.id}/revoke/", follow=True)
    assert "is revoked" in done.content.decode()
    assert mine.contact().content == REVOKED


def test_the_shell_needs_no_session_and_carries_no_data(at: Floor, settings: Any, tmp_path: Any) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    unbuilt = Client().get("/floor/")
    assert unbuilt.status_code == 200
    assert "not built" in unbuilt.content.decode()
    assert Client().get("/floor/sw.js").status_code == 404
    (tmp_path / "floor").mkdir()
    (tmp_path / "floor" / "sw.js").write_text("self.x = 1;")
    (tmp_path / "manifest.json").write_text('{"floor.js": "floor/floor-AAAA1111.js", "floor.version": "9"}')
    page = Client().get("/floor/")
    assert '<script type="module" src="/static/floor/floor-AAAA1111.js">' in page.content.decode()
    assert not page.cookies
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-cache"
    signed = signed_in(at.inspector).get("/floor/")
    assert signed.content == page.content
    worker = Client().get("/floor/sw.js")
    assert worker["Service-Worker-Allowed"] == "/floor/"
    assert worker["Content-Type"].startswith("text/javascript")
    assert worker["Cache-Control"] == "no-cache"
    bangla = Client().get("/floor/manifest.webmanifest", headers={"Accept-Language": "bn"})
    facts = json.loads(bangla.content)
    assert facts["start_url"] == "/floor/"
    assert facts["display"] == "standalone"
    assert facts["lang"] == "bn"
    assert facts["name"] != "Goldseal Floor"
    for icon in facts["icons"][:4]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon

"""Breaking into Floor: a shared tablet's web session, an old PIN, a device's rights, what lies in caches."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache

from goldseal.accounts.pin_services import remove_pin, set_pin
from goldseal.inspections.models import Inspection, Signature
from goldseal.inspections.tests.floor_device import PIN, Tablet, enrolled, tablet
from goldseal.inspections.tests.makers import PASSWORD, Floor, floor, signed_in
from goldseal.inspections.tests.recording import send
from goldseal.kit.permissions import Role
from goldseal.workspaces.models import Device

pytestmark = pytest.mark.django_db
OTHER_PIN = "730164"
CARTONS = [{"first": 1, "last": 5, "pieces": 10}]
STATED = ("id", "role", "meaning", "at", "record_hash")


@pytest.fixture
def at() -> Floor:
    cache.clear()
    return floor("alice")


@pytest.fixture
def mine(at: Floor) -> Tablet:
    return tablet(at.inspector, at.place.workspace)


def a_record(at: Floor) -> tuple[Inspection, str]:
    inspection = at.plan()
    body = {"section": "workmanship", "text": "seen"}
    return inspection, send(at, inspection, ("remark_written", body)).inspection.content_hash


def in_a_moment() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)


def test_a_shared_tablet_keeps_nobodys_web_session(at: Floor) -> None:
    set_pin(user=at.place.owner, pin=PIN, now=datetime.now(UTC))
    browser = signed_in(at.place.owner)
    body = {"workspace": at.place.workspace.slug, "device": {"name": "Tablet line 3"}, "pin": "111222"}
    assert browser.post("/floor/enrol", json.dumps(body), content_type="application/json").status_code == 422
    assert browser.get("/floor/me").json()["person"]  # a wrong PIN ends nothing
    body["pin"] = PIN
    assert browser.post("/floor/enrol", json.dumps(body), content_type="application/json").status_code == 201
    assert browser.get("/floor/me").json()["person"] is None
    assert browser.get(f"/w/{at.place.workspace.slug}/").status_code == 302


def test_who_saw_the_old_pin_neither_enters_nor_signs(at: Floor, mine: Tablet) -> None:
    inspection, content = a_record(at)
    waiting = mine.signature(inspection.pk, content)
    set_pin(user=at.inspector, pin=OTHER_PIN, now=in_a_moment())
    assert mine.contact().json()["holders"] == []  # the device drops what the old PIN opens
    refused = mine.sign(inspection.pk, waiting)
    assert (refused.status_code, "PIN was changed" in refused.json()["detail"]) == (409, True)
    assert mine.ask("GET", "/floor/day").status_code == 200  # what was recorded can still be sent
    with at.place.scope():
        assert not Signature.objects.exists()


def test_with_another_pin_comes_another_signing_key(at: Floor, mine: Tablet) -> None:
    inspection, content = a_record(at)
    waiting = mine.signature(inspection.pk, content)
    remove_pin(user=at.inspector)
    assert mine.contact().json()["holders"] == []
    assert mine.sign(inspection.pk, waiting).status_code == 409
    device = mine.facts["device"]
    answer = enrolled(at.inspector, at.place.workspace, device=device, pin=OTHER_PIN, password=PASSWORD)
    again = Tablet(at.inspector, answer.json())
    assert again.sign_key != mine.sign_key
    assert again.facts["device_key"] == mine.facts["device_key"]  # what lies on the device stays readable
    assert again.contact().json()["holders"] == [str(at.inspector.pk)]
    assert again.sign(inspection.pk, waiting).status_code == 422
    assert again.sign(inspection.pk, again.signature(inspection.pk, content)).status_code == 201


def test_one_persons_pin_is_nobody_elses_matter(at: Floor, mine: Tablet) -> None:
    carol = at.place.member("carol", Role.INSPECTOR)
    theirs = tablet(carol, at.place.workspace, device=mine.facts["device"])
    set_pin(user=at.inspector, pin=OTHER_PIN, now=in_a_moment())
    assert theirs.contact().json()["holders"] == [str(carol.pk)]
    inspection, content = a_record(at)
    assert theirs.sign(inspection.pk, theirs.signature(inspection.pk, content)).status_code == 201


@pytest.mark.parametrize("when", ["", "Z", "2026-03-16", "2026-02-30T10:00:00Z", "0000-01-01T00:00:00Z"])
def test_a_signature_says_when(at: Floor, mine: Tablet, when: str) -> None:
    inspection, content = a_record(at)
    body = {**mine.signature(inspection.pk, content), "at": when}
    lines = ["goldseal.floor-sign/1", str(inspection.pk), *(body[n] for n in STATED)]
    body["proof"] = hmac.new(mine.sign_key, "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    answer = mine.sign(inspection.pk, body)
    assert answer.status_code == 422
    assert all(problem["at"].endswith("at") for problem in answer.json()["errors"])
    with at.place.scope():
        assert not Signature.objects.exists()


def test_no_reason_tells_the_draw_before_the_lot_is_ready(at: Floor, mine: Tablet) -> None:
    inspection = at.plan(cartons=CARTONS)
    told = "not opened yet: " + ", ".join(map(str, sorted(one["carton"] for one in inspection.drawn)))
    send(at, inspection, ("remark_written", {"section": "workmanship", "text": "seen"}))
    viewer = signed_in(at.place.member("vera", Role.VIEWER))
    path, page = f"/inspections/{inspection.pk}", f"{at.base}{inspection.pk}/"
    hidden = mine.ask("GET", path).content.decode()
    assert ("opened yet:" in hidden, "Drawn cartons not opened yet" in hidden) == (False, True)
    assert "opened yet:" not in viewer.get(page).content.decode()
    send(at, inspection, ("readiness_confirmed", {"made": 50, "packed": 40}))
    assert told in mine.ask("GET", path).content.decode()
    assert told in viewer.get(page).content.decode()


def test_the_day_is_kept_by_no_cache(mine: Tablet) -> None:
    assert mine.ask("GET", "/floor/day")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("র\u200d্যাপিং টেবিল ৩", 201),
        ("<script>alert(1)</script>", 201),
        ("Tablet\u202egnp", 422),
        ("\u200d\u200c", 422),
        ("a\x1bb", 422),
        ("x" * 61, 422),
    ],
)
def test_names_of_devices(at: Floor, name: str, status: int) -> None:
    set_pin(user=at.inspector, pin=PIN, now=datetime.now(UTC))
    assert enrolled(at.inspector, at.place.workspace, device={"name": name}).status_code == status
    if status == 201:
        with at.place.scope():
            assert Device.objects.get().name == name
        page = signed_in(at.place.owner).get(f"/w/{at.place.workspace.slug}/devices/").content.decode()
        assert "<script>alert" not in page

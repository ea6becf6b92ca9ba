"""The day on a device: the pack that is taken down, the draw kept back, and signatures given without a network."""

import gzip
import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldseal.catalog.models import Buyer, Defect, Line, SeverityOverride, Site
from goldseal.inspections import floor_events
from goldseal.inspections.models import Inspection, InspectionEvent, InspectionState, Signature
from goldseal.inspections.rules.signing import statement_hash
from goldseal.inspections.rules.state import apply_events
from goldseal.inspections.tests.floor_device import Tablet, tablet
from goldseal.inspections.tests.makers import NOW, Floor, floor, signed_in
from goldseal.inspections.tests.recording import event, events_at, planned_at, send
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role
from goldseal.trail.selectors import entries_of
from goldseal.workspaces.device_services import revoke_device

pytestmark = pytest.mark.django_db
FOUND = {"code": "A01", "severity": "major", "pieces": 1}


@pytest.fixture
def at() -> Floor:
    cache.clear()
    return floor("alice")


@pytest.fixture
def mine(at: Floor) -> Tablet:
    return tablet(at.inspector, at.place.workspace)


def today() -> date:
    """The workspace's day (Asia/Dhaka is UTC+6 the whole year)."""
    return (datetime.now(UTC) + timedelta(hours=6)).date()


def at_day(at: Floor, inspection: Inspection, **values: Any) -> None:
    with at.place.scope():
        Inspection.objects.filter(pk=inspection.pk).update(**values)


def one_for_today(at: Floor, **values: Any) -> Inspection:
    inspection = at.plan()
    at_day(at, inspection, **{"planned_on": today(), **values})
    return inspection


def remark(words: str) -> tuple[str, dict[str, Any]]:
    return "remark_written", {"section": "workmanship", "text": words}


def test_the_day_holds_what_is_needed_to_inspect(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    send(at, inspection, remark("seen"))
    day = mine.day()
    assert day["person"]["id"] == str(at.inspector.pk)
    assert day["workspace"]["time_zone"] == at.place.workspace.time_zone
    assert day["settings"]["today"] == today().isoformat()
    assert day["settings"]["attestation"]["is_confirmed"] is False
    (found,) = day["inspections"]
    detail = mine.ask("GET", f"/inspections/{inspection.pk}").json()
    replaced = {"order", "style", "buyer", "line", "supplier", "drawn"}
    for name in detail.keys() - replaced - {"decided_at", "ready_at"}:
        assert found[name] == detail[name], name
    assert found["buyer"]["code"] == "NORTH"
    assert found["style"]["code"] == "NF-1042"
    assert found["order"]["id"] == str(at.order_id)
    assert found["stage_name"]["bn"]
    assert [one["body"]["text"] for one in found["events"]] == ["seen"]
    assert found["events"] == [one.record() for one in events_at(at, inspection)]
    with at.place.scope():
        assert len(day["defects"]) == Defect.objects.filter(is_active=True).count() > 10
        entry = entries_of(at.place.workspace.pk).filter(event="day.taken_down").get()
    assert entry.actor_id == at.inspector.pk


def test_the_draw_comes_along_and_says_that_it_is_hidden(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    drawn = [{"carton": 3, "pieces": 2}]
    at_day(at, inspection, drawn=drawn, ready_at=None)
    (hidden,) = mine.day()["inspections"]
    assert (hidden["draw_hidden"], hidden["drawn"]) == (True, drawn)
    assert mine.ask("GET", f"/inspections/{inspection.pk}").json()["drawn"] == []
    at_day(at, inspection, ready_at=datetime.now(UTC))
    (shown,) = mine.day()["inspections"]
    assert (shown["draw_hidden"], shown["drawn"]) == (False, drawn)


def test_whose_and_which_days(at: Floor, mine: Tablet) -> None:
    carol = at.place.member("carol", Role.INSPECTOR)
    ago = today() - timedelta(days=8)
    wanted = [
        one_for_today(at),
        one_for_today(at, inspector=None),
        one_for_today(at, planned_on=today() - timedelta(days=7)),
        one_for_today(at, planned_on=today() + timedelta(days=1)),
        one_for_today(at, planned_on=ago, state=InspectionState.IN_PROGRESS),
        one_for_today(at, state=InspectionState.DECIDED, decided_at=datetime.now(UTC) - timedelta(days=6)),
    ]
    one_for_today(at, inspector=carol)
    one_for_today(at, planned_on=ago)
    one_for_today(at, planned_on=today() + timedelta(days=2))
    one_for_today(at, state=InspectionState.CANCELLED)
    one_for_today(at, state=InspectionState.DECIDED, decided_at=datetime.now(UTC) - timedelta(days=8))
    one_for_today(at, inspector=carol, state=InspectionState.DECIDED, decided_at=datetime.now(UTC))
    found = mine.day()["inspections"]
    assert {row["id"] for row in found} == {str(row.pk) for row in wanted}
    (decided,) = [row for row in found if row["state"] == "decided"]
    assert decided["events"] == []


def test_severities_are_the_buyers(at: Floor, mine: Tablet) -> None:
    one_for_today(at)
    with at.place.scope():
        defect = Defect.objects.filter(is_active=True, severity="minor", severity_zone_a="").order_by("code")[
            0
        ]
        SeverityOverride.objects.create(
            buyer=Buyer.objects.get(pk=at.buyer_id), defect=defect, zone="A", severity="critical"
        )
    day = mine.day()
    table = day["severities"][day["inspections"][0]["severities"]][defect.code]
    assert (table["A"], table["B"], table[""]) == ("critical", "minor", "minor")


def test_the_day_knows_what_was_found_and_who_worked_where_before(at: Floor, mine: Tablet) -> None:
    def visit(operator: str, machine: str, *defects: str) -> tuple[str, dict[str, Any]]:
        found = [{"code": code, "severity": "major"} for code in defects]
        body = {
            "operator": operator,
            "operation": "Linking",
            "pieces": 7,
            "defects": found,
            "machine": machine,
        }
        return "operator_checked", {"round": 1, **body}

    def tapped(code: str, count: int) -> tuple[str, dict[str, Any]]:
        return "pieces_tallied", {"hour": 9, "altered": 1, "defects": [{"code": code, "count": count}]}

    sampled = one_for_today(at)
    send(at, sampled, *[("defect_recorded", {**FOUND, "code": code}) for code in ("SW03", "KN01", "SW03")])
    older, former = planned_at(at, "LNK", lot_size=20), planned_at(at, "LNK", lot_size=20)
    send(at, older, visit("L-9", "1", "SW04"))
    send(at, former, visit("L-11", "1"), visit("L-12", "2", "KN01", "KN02"), visit("L-11", "3", "KN02"))
    send(at, planned_at(at, "END"), tapped("SW03", 1), tapped("FB01", 4))
    roving, endline = planned_at(at, "LNK", lot_size=20), planned_at(at, "END", is_extra=True)
    for one in (roving, endline):
        at_day(at, one, planned_on=today())
    header = {"packing": {"ratio": [{"colour": "Navy", "size": "M", "pieces": 6}]}}
    at_day(at, sampled, header=header)
    found = {row["id"]: row for row in mine.day()["inspections"]}
    assert found[str(sampled.pk)]["often"] == ["SW03", "KN01"]
    assert found[str(sampled.pk)]["packing"] == header["packing"]
    assert found[str(roving.pk)]["often"] == ["KN02", "KN01", "SW04"]
    assert found[str(roving.pk)]["places"] == [
        {"operator": "L-11", "operation": "Linking", "machine": "3"},
        {"operator": "L-12", "operation": "Linking", "machine": "2"},
    ]
    assert found[str(endline.pk)]["often"] == ["FB01", "SW03"]
    assert found[str(endline.pk)]["packing"] == {}
    assert found[str(former.pk)]["places"] == [{"operator": "L-9", "operation": "Linking", "machine": "1"}]


def test_of_a_long_day_of_taps_the_latest_come_and_the_rest_as_sums(
    at: Floor, mine: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor_events, "TAPS_MOST", 3)
    line = planned_at(at, "END")
    at_day(at, line, planned_on=today())
    by = str(at.inspector.pk)

    def tap(hour: int, device: str = "web", **counts: Any) -> dict[str, Any]:
        return {**event("pieces_tallied", {"hour": hour, **counts}, by=by), "device": device}

    own = f"floor:{mine.id[:8]}:1"
    zoned = [{"code": "SW03", "zone": "B", "count": 2}]
    held, wrong = tap(9, own, rejected=1), tap(9, own, passed=7)
    first, second = tap(9, altered=1, defects=zoned), tap(9, passed=1)
    mistaken = tap(10, passed=5)
    back = {
        **event(
            "event_withdrawn",
            {"reason": "Tapped by mistake"},
            by=by,
            supersedes=[mistaken["id"], wrong["id"]],
        )
    }
    latest = [tap(11, passed=1), tap(11, recheck_passed=1), tap(12, passed=2)]
    everything = [held, wrong, first, second, mistaken, back, *latest]
    path = f"/inspections/{line.pk}/events"
    assert mine.ask("POST", path, {"events": everything, "is_late": True}).status_code == 200
    (found,) = mine.day()["inspections"]
    assert [one["id"] for one in found["events"]] == [one["id"] for one in (held, wrong, back, *latest)]
    assert found["left_out"]["events"] == 3
    (sums,) = found["left_out"]["bodies"]
    counted = {name: sums[name] for name in ("hour", "passed", "altered") if name in sums}
    assert counted == {"hour": 9, "passed": 1, "altered": 1}
    assert "rejected" not in sums
    assert sums["defects"] == [{"code": "SW03", "zone": "B", "count": 2}]
    whole = mine.ask("GET", path).json()
    assert len(whole["events"]) == 9
    monkeypatch.setattr(floor_events, "TAPS_MOST", 9)
    (short,) = mine.day()["inspections"]
    assert (len(short["events"]), short["left_out"]) == (9, None)
    monkeypatch.setattr(floor_events, "TAPS_MOST", 3)
    with at.place.scope():
        content = apply_events(events_at(at, line)).content_hash
    assert mine.sign(line.pk, mine.signature(line.pk, content)).status_code == 201
    (signed,) = mine.day()["inspections"]
    assert (len(signed["events"]), signed["left_out"]) == (10, None)


def test_the_day_says_where(at: Floor, mine: Tablet) -> None:
    placed, bare = one_for_today(at), one_for_today(at)
    with at.place.scope():
        site = Site.objects.create(code="S9", name="Unit two", created_at=NOW, updated_at=NOW)
        line = Line.objects.create(site=site, code="L1", name="Line one", created_at=NOW, updated_at=NOW)
    at_day(at, placed, line=line)
    at_day(at, bare, line=None, supplier=None)
    found = {row["id"]: row["place"] for row in mine.day()["inspections"]}
    assert found == {str(placed.pk): "Unit two", str(bare.pk): ""}


def test_an_unchanged_day_is_not_sent_again(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    first = mine.ask("GET", "/floor/day")
    again = mine.ask("GET", "/floor/day", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    send(at, inspection, remark("new"))
    assert mine.ask("GET", "/floor/day", **{"If-None-Match": first["ETag"]}).status_code == 200
    with at.place.scope():
        assert entries_of(at.place.workspace.pk).filter(event="day.taken_down").count() == 2


def test_the_number_of_queries_does_not_grow(
    at: Floor, mine: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floor_events, "TAPS_MOST", 1)
    for count in (1, 6):
        for _one in range(count):
            send(at, one_for_today(at), remark("x"))
            for stage in ("LNK", "END", "FAB"):
                planned = planned_at(at, stage, lot_size=20, is_extra=True)
                at_day(at, planned, planned_on=today())
                if stage == "END":
                    send(at, planned, *[("pieces_tallied", {"hour": hour, "passed": 1}) for hour in range(4)])
        with CaptureQueriesContext(connection) as asked:
            assert any(row["left_out"] for row in mine.day()["inspections"])
        assert len(asked) <= 15, [query["sql"][:90] for query in asked]


def test_the_day_travels_packed_where_the_device_can_unpack_it(at: Floor, mine: Tablet) -> None:
    one_for_today(at)
    plain = mine.ask("GET", "/floor/day")
    packed = mine.ask("GET", "/floor/day", **{"Accept-Encoding": "gzip, deflate, br"})
    assert "Content-Encoding" not in plain
    assert (packed["Content-Encoding"], packed["ETag"]) == ("gzip", plain["ETag"])
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 4
    unpacked = json.loads(gzip.decompress(packed.content))
    assert {**unpacked, "made_at": ""} == {**plain.json(), "made_at": ""}


def test_only_a_device_takes_the_day_down(at: Floor) -> None:
    from goldseal.workspaces.services import make_token

    with at.place.scope():
        secret = make_token(
            label="t",
            scopes="write",
            days=9,
            user=at.place.owner,
            actor=at.place.actor,
            now=datetime.now(UTC),
        )[1]
    program = Tablet(at.place.owner, {"token": secret, "device": {}})
    assert program.ask("GET", "/floor/day").status_code == 403


def test_a_signature_given_on_the_device_is_the_same_signature(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    content = send(at, inspection, remark("seen")).inspection.content_hash
    body = mine.signature(inspection.pk, content)
    answer = mine.sign(inspection.pk, body)
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert said["method"] == "device_pin"
    assert said["event"]["id"] == body["id"]
    assert said["event"]["at"] == body["at"]
    assert said["event"]["body"]["set_hash"] == content
    with at.place.scope():
        row = Signature.objects.get()
    assert row.drawn == body["drawn"]
    assert row.statement_hash == statement_hash(
        inspection_id=str(inspection.pk),
        signer_id=str(at.inspector.pk),
        printed_name=at.inspector.display_name,
        role="inspector",
        meaning=body["meaning"],
        record_hash=content,
        signed_at=row.signed_at,
        method="device_pin",
    )
    replay = mine.sign(inspection.pk, body)
    assert (replay.status_code, replay.json()) == (200, said)
    done = mine.ask("POST", f"/inspections/{inspection.pk}/submit", {"device": "floor:1"})
    assert done.status_code == 200, done.content
    assert mine.sign(inspection.pk, body).status_code == 200  # the answer was lost: still a replay
    page = signed_in(at.inspector).get(f"{at.base}{inspection.pk}/").content.decode()
    assert "by PIN on a registered device" in page
    assert 'd="M 10 20 L 30.5,40"' in page


def test_one_id_for_two_signatures_is_a_conflict(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    content = send(at, inspection, remark("seen")).inspection.content_hash
    body = mine.signature(inspection.pk, content)
    assert mine.sign(inspection.pk, body).status_code == 201
    other = at.place.member("carol", Role.INSPECTOR)
    theirs = tablet(other, at.place.workspace, device=mine.facts["device"])
    forged = theirs.signature(inspection.pk, content)
    lines = [
        "goldseal.floor-sign/1",
        str(inspection.pk),
        body["id"],
        "inspector",
        forged["meaning"],
        forged["at"],
    ]
    proof = hmac.new(theirs.sign_key, "\n".join([*lines, content]).encode(), hashlib.sha256).hexdigest()
    assert theirs.sign(inspection.pk, {**forged, "id": body["id"], "proof": proof}).status_code == 409


def test_a_record_that_changed_since_must_be_signed_again(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    content = send(at, inspection, remark("seen")).inspection.content_hash
    send(at, inspection, remark("and more"))
    answer = mine.sign(inspection.pk, mine.signature(inspection.pk, content))
    assert answer.status_code == 409
    assert "recorded since" in answer.json()["detail"]
    with at.place.scope():
        assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("changed", "status", "where"),
    [
        ({"meaning": "I approve of everything"}, 422, "proof"),
        ({"at": "2026-03-16T11:00:00Z"}, 422, "proof"),
        ({"id": str(new_id())}, 422, "proof"),
        ({"record_hash": "0" * 64}, 422, "proof"),
        ({"proof": "0" * 64}, 422, "proof"),
        ({"drawn": 'M0"/><script>'}, 422, "drawn"),
        ({"drawn": "M 1 1 " * 5000}, 422, "drawn"),
        ({"role": "qa"}, 403, ""),
        ({"proof": "short"}, 422, "proof"),
    ],
)
def test_what_the_key_did_not_sign_is_refused(
    at: Floor, mine: Tablet, changed: dict[str, Any], status: int, where: str
) -> None:
    inspection = one_for_today(at)
    content = send(at, inspection, remark("seen")).inspection.content_hash
    answer = mine.sign(inspection.pk, mine.signature(inspection.pk, content, **changed))
    assert answer.status_code == status, answer.content
    assert not where or any(where in problem["at"] for problem in answer.json()["errors"])
    with at.place.scope():
        assert not Signature.objects.exists()


def test_neither_another_persons_key_nor_a_revoked_device_signs(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    content = send(at, inspection, remark("seen")).inspection.content_hash
    theirs = tablet(at.place.member("carol", Role.INSPECTOR), at.place.workspace, device=mine.facts["device"])
    assert mine.sign(inspection.pk, theirs.signature(inspection.pk, content)).status_code == 422
    elsewhere = floor("mallory")
    foreign = tablet(elsewhere.inspector, elsewhere.place.workspace)
    assert foreign.sign(inspection.pk, foreign.signature(inspection.pk, content)).status_code == 404
    with at.place.scope():
        revoke_device(device_id=mine.id, actor=at.place.actor, now=datetime.now(UTC))
    assert mine.sign(inspection.pk, mine.signature(inspection.pk, content)).status_code == 401


def test_events_are_sent_with_the_floor_token_as_by_any_device(at: Floor, mine: Tablet) -> None:
    inspection = one_for_today(at)
    one = event(*remark("seen"), by=str(at.inspector.pk))
    path = f"/inspections/{inspection.pk}/events"
    assert mine.ask("POST", path, {"events": [one], "is_late": True}).json()["accepted"] == [one["id"]]
    assert mine.ask("POST", path, {"events": [one], "is_late": True}).json()["repeated"] == [one["id"]]
    other = {**one, "body": {**one["body"], "text": "other"}}
    assert mine.ask("POST", path, {"events": [other], "is_late": True}).status_code == 409


def test_the_office_sees_what_is_in_progress_and_who_was_heard(at: Floor, mine: Tablet) -> None:
    office = signed_in(at.place.owner)
    assert "Nothing is being inspected now" in office.get(f"{at.base}live/").content.decode()
    inspection = one_for_today(at)
    one = event(*remark("seen"), by=str(at.inspector.pk))
    mine.ask("POST", f"/inspections/{inspection.pk}/events", {"events": [one]})
    html = office.get(f"{at.base}live/").content.decode()
    assert at.inspector.name in html
    assert "just now" in html
    assert 'hx-trigger="every 30s"' in html
    # A tablet whose clock is years ahead: what arrives later is heard of all the same.
    ahead = {**event(*remark("ahead"), by=str(at.inspector.pk)), "id": "0f000000-0000-7000-8000-000000000001"}
    mine.ask("POST", f"/inspections/{inspection.pk}/events", {"events": [ahead]})
    with at.place.scope():
        InspectionEvent.objects.update(received_at=NOW)
    later = event(*remark("later"), by=str(at.inspector.pk))
    mine.ask("POST", f"/inspections/{inspection.pk}/events", {"events": [later]})
    assert "just now" in office.get(f"{at.base}live/").content.decode()
    planned = planned_at(at, "FIN", is_extra=True)
    assert str(planned.pk) not in html
    home = office.get(f"/w/{at.place.workspace.slug}/").content.decode()
    assert f"inspections/{inspection.pk}/" in home

"""The life of one inspection through the pages and through the API: the same record, the same verdict."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from goldseal.catalog.models import Buyer, Defect, SeverityOverride
from goldseal.inspections.deciding import decision_of
from goldseal.inspections.models import Inspection, InspectionEvent, InspectionState, Signature
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.inspections.selectors import events_of
from goldseal.inspections.services import decide_inspection
from goldseal.inspections.snapshots import state_of
from goldseal.inspections.tests.makers import LINES, NOW, PASSWORD, Floor, fields_of, floor, signed_in, tap
from goldseal.kit.errors import Conflict
from goldseal.kit.ids import new_id

pytestmark = pytest.mark.django_db
CARTONS = [{"first": 1, "last": 5, "pieces": 10}]


@pytest.fixture(autouse=True)
def _no_wrong_passwords_remembered() -> None:
    cache.clear()


def by_page(at: Floor, inspection: Inspection, client: Client) -> None:
    """Everything an inspector records, tapped on the pages."""
    url = f"{at.base}{inspection.pk}/record/"
    assert tap(client, f"{url}quantity/", "q0", q1__packed="25").status_code == 302
    drawn = [str(carton["carton"]) for carton in inspection.drawn]
    assert tap(client, f"{url}cartons/", "k", k__cartons=drawn).status_code == 302
    for section, checks in inspection.checklist.items():
        for check in checks:
            group = f"c_{check['check']}"
            sent = tap(client, f"{url}{section}/", group, **{f"{group}__answer": "pass"})
            assert sent.status_code == 302
    defect = {"d__code": "SW03", "d__zone": "A", "d__colour": "Navy", "d__size": "M", "d__piece_no": "3"}
    assert tap(client, f"{url}workmanship/", "d", **defect).status_code == 302
    measured = f"{url}measurement/?piece=1&size=S&colour=Navy"
    assert tap(client, measured, "m0", m0__value="48.5").status_code == 302
    for section in SECTIONS:
        verdict = "na" if section in ("special", "remarks") else "pass"
        assert tap(client, f"{url}{section}/", "end", end__verdict=verdict).status_code == 302


def event(kind: str, body: dict[str, Any], by: str, supersedes: list[str] | None = None) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "kind": kind,
        "at": "2026-03-16T10:00:00Z",
        "by": by,
        "device": "test",
        "body": body,
        "supersedes": supersedes or [],
    }


def same_events(at: Floor, inspection: Inspection, severity: str) -> list[dict[str, Any]]:
    """What `by_page` taps, as a device would send it."""
    by = str(at.inspector.pk)
    packed = {"S": 20, "M": 25}
    events = [
        event(
            "quantity_counted",
            {
                "colour": q.colour,
                "size": q.size,
                "made": q.pieces,
                "packed": packed[q.size],
                "offered": q.pieces,
            },
            by,
        )
        for q in LINES
    ]
    events.append(event("cartons_opened", {"cartons": [c["carton"] for c in inspection.drawn]}, by))
    for section, checks in inspection.checklist.items():
        events += [
            event("check_answered", {"section": section, "check": c["check"], "answer": "pass"}, by)
            for c in checks
        ]
    body = {"code": "SW03", "severity": severity, "zone": "A", "colour": "Navy", "size": "M", "piece_no": 3}
    events.append(event("defect_recorded", body, by))
    point = {"piece_no": 1, "colour": "Navy", "size": "S", "pom": "P01", "value": "48.5", "unit": "cm"}
    events.append(event("piece_measured", point, by))
    for section in SECTIONS:
        verdict = "na" if section in ("special", "remarks") else "pass"
        events.append(event("section_concluded", {"section": section, "verdict": verdict}, by))
    return events


def facts(inspection: Inspection) -> dict[str, Any]:
    """What was recorded and decided, apart from ids, times and devices."""
    state = state_of(inspection, events_of(inspection))
    decision = decision_of(inspection, state)
    values = {
        kind: sorted(json.dumps(dict(body), sort_keys=True) for body in state.values(kind))
        for kind in state.entries
        if kind != "signed"
    }
    return {
        "state": inspection.state,
        "verdict": inspection.verdict,
        "summary": inspection.summary,
        "values": values,
        "counts": decision.counts,
        "sections": [(s.section, s.verdict) for s in decision.sections],
        "reasons": [r.message for r in decision.reasons],
    }


def sign_by_page(at: Floor, inspection: Inspection, client: Client, do: str = "submit", **more: str) -> Any:
    url = f"{at.base}{inspection.pk}/sign/"
    values = {"role": "inspector", "meaning": "inspected", "own_words": "", "password": PASSWORD, "do": do}
    return client.post(url, {**values, **more})


@pytest.fixture
def at() -> Floor:
    return floor()


def test_page_and_services_come_to_the_same_record(at: Floor) -> None:
    tapped, sent = at.plan(cartons=CARTONS), at.plan(cartons=CARTONS)
    client = signed_in(at.inspector)
    by_page(at, tapped, client)
    with at.place.scope():
        severity = InspectionEvent.objects.get(inspection=tapped, kind="defect_recorded").body["severity"]
    assert severity == "major"  # DOMAIN §9: SW03 is M
    answer = client.post(
        f"{at.base}{sent.pk}/events/",
        json.dumps({"events": same_events(at, sent, severity)}),
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    for inspection in (tapped, sent):
        assert sign_by_page(at, inspection, client).status_code == 302
    with at.place.scope():
        for inspection in (tapped, sent):
            inspection.refresh_from_db()
        assert facts(tapped) == facts(sent)
        assert tapped.state == InspectionState.DECIDED
        # 50 pieces, level II: letter D; AQL 2.5 sends one up to C, n 5, Ac 0 (ISO 2859-1 tables 1 and 2-A).
        assert tapped.verdict == "fail"
        assert tapped.summary["counts"]["major"]["found"] == 1


def test_the_life_of_a_record(at: Floor) -> None:
    inspection, client = at.plan(cartons=CARTONS), signed_in(at.inspector)
    quantity = f"{at.base}{inspection.pk}/record/quantity/"
    opened = client.get(quantity).content.decode()
    assert client.post(quantity, {**fields_of(opened, "q0"), "q0-made": "19"}).status_code == 302
    # Alice's page was opened before: her correction of another value is a conflict, not a silent overwrite.
    owner = signed_in(at.place.owner)
    again = {**fields_of(opened, "q0"), "q0-made": "18", "q0-id": str(new_id()), "q1-id": str(new_id())}
    assert owner.post(quantity, again).status_code == 302
    page = client.get(quantity).content.decode()
    assert "Two records disagree" in page
    with at.place.scope():
        inspection.refresh_from_db()
        assert inspection.summary["conflicts"] == 1
        conflict = state_of(inspection, events_of(inspection)).conflicts[0]
        keep = next(event.id for event in conflict.heads if event.body["made"] == 18)
    choice = {"keep": keep, "heads": " ".join(conflict.head_ids), "section": "quantity"}
    assert client.post(f"{at.base}{inspection.pk}/record/choose/", choice).status_code == 302
    with at.place.scope():
        state = state_of(inspection, events_of(inspection))
        assert not state.conflicts
        assert state.value("quantity_counted", "Navy", "S")["made"] == 18
    # Sign, record once more: the signature no longer binds, submitting is refused until it is given again.
    assert sign_by_page(at, inspection, client, do="sign").status_code == 302
    remarks = f"{at.base}{inspection.pk}/record/remarks/"
    assert tap(client, remarks, "r", r__text="Carton 2 was wet").status_code == 302
    assert "no longer covers the record" in client.get(f"{at.base}{inspection.pk}/sign/").content.decode()
    with at.place.scope(), pytest.raises(Conflict):
        decide_inspection(inspection_id=inspection.pk, device="test", actor=at.actor, now=NOW)
    assert sign_by_page(at, inspection, client).status_code == 302
    with at.place.scope():
        inspection.refresh_from_db()
        fixed = inspection.verdict, inspection.content_hash
        assert inspection.state == InspectionState.DECIDED
        assert fixed[0] == "pending"
        assert Signature.objects.filter(inspection=inspection).count() == 2
    # What comes afterwards is an addendum.
    assert tap(client, remarks, "r", r__text="The buyer was told by telephone").status_code == 302
    with at.place.scope():
        inspection.refresh_from_db()
        assert (inspection.verdict, inspection.content_hash) == fixed
        assert len(state_of(inspection, events_of(inspection)).addenda) == 1
    shown = client.get(f"{at.base}{inspection.pk}/").content.decode()
    assert "The buyer was told by telephone" in shown
    assert "Make and seal the report" in shown


def test_a_wrong_password_signs_nothing_and_keeps_what_was_typed(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    answer = sign_by_page(at, inspection, client, password="wrong", meaning="own", own_words="Checked twice")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This is not your password" in page
    assert 'value="Checked twice"' in page
    assert 'value="wrong"' not in page
    with at.place.scope():
        assert not Signature.objects.exists()
    short = sign_by_page(at, inspection, client, meaning="own", own_words="x")
    assert short.status_code == 422


def test_sending_a_form_twice_records_once(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    url = f"{at.base}{inspection.pk}/record/workmanship/"
    form = {**fields_of(client.get(url).content.decode(), "d"), "d-code": "SW03"}
    for _again in range(3):
        assert client.post(url, form).status_code == 302
    with at.place.scope():
        assert InspectionEvent.objects.filter(kind="defect_recorded").count() == 1
    assert client.post(url, {**form, "d-code": "SW05"}).status_code == 422
    with at.place.scope():
        assert InspectionEvent.objects.filter(kind="defect_recorded").count() == 1


def test_saving_a_grid_again_records_only_changes(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    url = f"{at.base}{inspection.pk}/record/quantity/"
    tap(client, url, "q0")
    tap(client, url, "q0")
    tap(client, url, "q0", q1__made="29")
    with at.place.scope():
        rows = InspectionEvent.objects.filter(kind="quantity_counted")
        assert [row.body["made"] for row in rows.order_by("event_id")] == [20, 30, 29]


def test_taking_back_and_changing_a_defect(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    url = f"{at.base}{inspection.pk}/record/workmanship/"
    tap(client, url, "d", d__code="SW03")
    with at.place.scope():
        first = str(InspectionEvent.objects.get().event_id)
    changed = tap(client, f"{url}?change={first}", "d", d__severity="minor")
    assert changed.status_code == 302
    with at.place.scope():
        inspection.refresh_from_db()
        assert inspection.summary["counts"]["major"]["found"] == 0
        assert inspection.summary["counts"]["minor"]["found"] == 1
    assert tap(client, url, "u").status_code == 302
    with at.place.scope():
        inspection.refresh_from_db()
        assert inspection.summary["defects"] == 0


def test_the_buyers_own_severity_is_what_a_tap_records(at: Floor) -> None:
    with at.place.scope():
        SeverityOverride.objects.create(
            buyer=Buyer.objects.get(pk=at.buyer_id),
            defect=Defect.objects.get(code="SW03"),
            zone="A",
            severity="critical",
        )
    inspection, client = at.plan(), signed_in(at.inspector)
    url = f"{at.base}{inspection.pk}/record/workmanship/"
    tap(client, url, "d", d__code="SW03", d__zone="A")
    tap(client, url, "d", d__code="SW03", d__zone="B")
    with at.place.scope():
        rows = InspectionEvent.objects.filter(kind="defect_recorded").order_by("event_id")
        assert [row.body["severity"] for row in rows] == ["critical", "major"]


def test_assigning_and_cancelling(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.place.owner)
    url = f"{at.base}{inspection.pk}/"
    assert client.post(f"{url}assign/", {"inspector": ""}).status_code == 302
    assert client.post(f"{url}assign/", {"inspector": str(new_id())}).status_code == 422
    assert client.post(f"{url}cancel/", {"reason": "x"}).status_code == 422
    assert client.post(f"{url}cancel/", {"reason": "The order was withdrawn"}).status_code == 302
    with at.place.scope():
        inspection.refresh_from_db()
        assert inspection.inspector_id is None
        assert inspection.state == InspectionState.CANCELLED
    assert signed_in(at.inspector).get(f"{url}record/quantity/").status_code == 302
    assert client.post(f"{url}events/", "{}", content_type="application/json").status_code == 422

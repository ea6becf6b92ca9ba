"""The page of metal detection: nine points by one tap, what is missing now, logs that can be closed."""

from typing import Any

import pytest

from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import Floor, floor, signed_in, tap
from goldseal.inspections.tests.recording import planned_at, scanned_clean, send
from goldseal.inspections.tests.test_page_roving import verdict
from goldseal.inspections.tests.test_pages_open import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


def page_of(at: Floor, inspection: Inspection, hour: int = 9, machine: str = "MD-1") -> str:
    return f"{at.base}{inspection.pk}/record/metal/?machine={machine}&hour={hour}"


def test_an_hour_through_the_forms_decides_as_events_do(at: Floor) -> None:
    by_form, by_events = planned_at(at, "MTL"), planned_at(at, "MTL")
    client, url = signed_in(at.inspector), page_of(at, by_form)
    answer = tap(client, url, "c_ferrous", **{"c_ferrous-points:nine": "all"})
    assert answer.status_code == 302
    assert "hour=9" in answer["Location"]
    tap(client, url, "s", s__pieces="50")
    send(at, by_events, *scanned_clean(50))
    assert verdict(at, by_form) == verdict(at, by_events)
    assert verdict(at, by_form)[0] == "pass"
    html = client.get(url).content.decode()
    assert "Nothing is missing now." in html
    assert "detected at all nine" in html


def test_a_point_that_is_not_detected_asks_for_a_re_run(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    client, url = signed_in(at.inspector), page_of(at, inspection)
    tap(client, url, "s", s__pieces="50")
    seen = ["1", "2", "3", "4", "6", "7", "8", "9"]
    tap(client, url, "c_ferrous", **{"c_ferrous-points:nine": seen})
    with at.place.scope():
        body = InspectionEvent.objects.get(kind="calibration_recorded").body
    assert body["points"] == [True] * 4 + [False] + [True] * 4
    html = client.get(url).content.decode()
    assert "Run the lot again" in html
    assert 'name="l-pieces" value="50"' in html
    assert verdict(at, inspection)[0] == "hold"
    tap(client, page_of(at, inspection, 10), "l", l__pieces="50")
    tap(client, page_of(at, inspection, 10), "c_ferrous", **{"c_ferrous-points:nine": "all"})
    assert verdict(at, inspection)[0] == "pass"


def test_saving_an_hour_again_corrects_it(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    client, url = signed_in(at.inspector), page_of(at, inspection)
    tap(client, url, "s", s__pieces="40")
    tap(client, url, "s", s__pieces="50")
    assert verdict(at, inspection)[1]["scanned"] == 50


def test_metal_and_needles_fail_until_they_are_closed(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    send(at, inspection, *scanned_clean(50))
    client, url = signed_in(at.inspector), page_of(at, inspection)
    tap(client, url, "m", m__what="Staple")
    tap(
        client,
        url,
        "n",
        n__machine="LK-7",
        n__operator="L-13",
        n__needle="DBx1",
        **{"n-is_whole_found:bool": "false"},
    )
    assert verdict(at, inspection)[0] == "fail"
    for words in ("is_resolved:bool", "is_whole_found:bool"):
        close(client, url, words)
    assert verdict(at, inspection)[0] == "pass"
    with at.place.scope():
        last = {e.kind: e.body for e in InspectionEvent.objects.order_by("event_id")}
    assert last["metal_found"] | {"is_resolved": True, "what": "Staple"} == last["metal_found"]
    assert last["needle_broken"] | {"is_whole_found": True, "operator": "L-13"} == last["needle_broken"]


def close(client: Any, url: str, field: str) -> None:
    """Press the button of the log's line whose form holds this hidden field."""
    import re

    html = client.get(url).content.decode()
    group = re.search(rf'name="(k[0-9a-f]+)-{field}"', html)
    assert group, field
    assert tap(client, url, group[1]).status_code == 302


def test_wrong_input_is_explained_and_stays(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    client, url = signed_in(at.inspector), page_of(at, inspection)
    wrong = tap(client, url, "c_ferrous", c_ferrous__card_mm="one", **{"c_ferrous-points:nine": "1"})
    assert wrong.status_code == 422
    assert "in millimetres" in wrong.content.decode()
    assert 'value="one"' in wrong.content.decode()
    wrong = tap(client, url, "n", n__needle="DBx1 #11", n__machine="LK-7")
    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Say whether all pieces of the needle were found." in html
    assert 'value="DBx1 #11"' in html


def test_missing_calibrations_lead_to_their_hour(at: Floor) -> None:
    inspection = planned_at(at, "MTL")
    send(at, inspection, ("pieces_scanned", {"machine": "MD-2", "hour": 11, "pieces": 20}))
    html = signed_in(at.inspector).get(page_of(at, inspection)).content.decode()
    assert "?machine=MD-2&amp;hour=11#calibrate" in html
    assert "30 of 50 pieces not scanned yet" in html


def test_pages_are_ours_and_cost_few_queries(at: Floor) -> None:
    inspection, stranger = planned_at(at, "MTL"), floor("charlie")
    assert signed_in(stranger.inspector).get(page_of(at, inspection)).status_code == 404
    client = signed_in(at.inspector)
    urls = [page_of(at, inspection), f"{at.base}{inspection.pk}/"]
    send(at, inspection, *scanned_clean(10, hour=8))
    few = [queries(client, url) for url in urls]
    for hour in (9, 10, 11):
        send(at, inspection, *scanned_clean(10, hour=hour))
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 15, few

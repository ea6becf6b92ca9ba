"""What was taken back or corrected stands on the page itself: struck through, by whom, when and why."""

import re
from typing import Any

import pytest
from django.utils.html import escape

from goldseal.inspections import services
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW, Floor, floor, signed_in
from goldseal.inspections.tests.recording import decided, event, planned_at
from goldseal.inspections.tests.test_pages_open import queries

pytestmark = pytest.mark.django_db

ROUND = {"round": 1, "operator": "L-11", "operation": "Neck", "pieces": 7}
CARD = {"machine": "MD-1", "card_kind": "ferrous", "card_mm": "1.2", "hour": 9}
ROLL = {"roll": "R-1", "length": "120", "length_unit": "yd", "width": "60", "width_unit": "in"}
# Stage, kind, what was recorded, and how the line under the list says it.
RECORDED: list[tuple[str, str, dict[str, Any], str]] = [
    ("LNK", "operator_checked", {**ROUND, "defects": [{"code": "SW04", "severity": "minor", "count": 2}]},
     "Round: 1 · L-11 · Neck · 7 · SW04 Minor × 2"),
    ("END", "pieces_tallied", {"hour": 9, "altered": 1, "defects": [{"code": "SW02", "zone": "A"}]},
     "Tap: 09:00–10:00 · Alters · SW02 A"),
    ("FAB", "roll_inspected", ROLL, "Roll: R-1 · 120 yd · 60 in"),
    ("FAB", "flaw_recorded", {"roll": "R-1", "at": "10", "code": "FC03", "size": "2", "unit": "in"},
     "Flaw: R-1 · 10 · FC03 · 2 in"),
    ("WSH", "piece_measured", {"piece_no": 1, "size": "S", "pom": "P01", "value": "48", "unit": "cm"},
     "Measurement: 1 · S · P01 · 48 cm"),
    ("MTL", "calibration_recorded", {**CARD, "points": [True] * 8 + [False]},
     "Calibration: MD-1 · 09:00–10:00 · ferrous · 1.2 mm · 8 of 9 points"),
    ("MTL", "metal_found", {"machine": "MD-1", "hour": 9, "pieces": 1, "what": "staple"},
     "Metal found: MD-1 · 09:00–10:00 · 1 · staple"),
    ("PKG", "carton_checked", {"carton": 1, "gross_kg": "5.2"}, "Carton: 1 · 5.2 kg"),
    ("FIN", "defect_recorded", {"code": "SW03", "severity": "major", "zone": "A"}, "Defect: SW03 · Major · A · 1"),
]  # fmt: skip


def planned(at: Floor, stage: str) -> Inspection:
    more: dict[str, Any] = {"lot_size": 10} if stage == "FAB" else {}
    if stage == "PKG":
        more = {"cartons": [{"first": 1, "last": 4, "pieces": 10}]}
    return at.plan() if stage == "FIN" else planned_at(at, stage, **more)


def sent(at: Floor, inspection: Inspection, *events: dict[str, Any]) -> None:
    with at.place.scope():
        services.apply_events(inspection_id=inspection.pk, events=list(events), actor=at.actor, now=NOW)


def pages(at: Floor, inspection: Inspection, section: str = "") -> list[str]:
    tab = section or inspection.method
    return [f"{at.base}{inspection.pk}/", f"{at.base}{inspection.pk}/record/{tab}/"]


def struck(html: str) -> list[str]:
    return [re.sub(r"\s+", " ", one) for one in re.findall(r"<s>(.*?)</s>", html, re.S)]


def test_it_is_told_on_the_pages_of_every_method() -> None:
    at = floor()
    client, by = signed_in(at.inspector), str(at.inspector.pk)
    for stage, kind, body, words in RECORDED:
        inspection, first = planned(at, stage), event(kind, body, by)
        sent(at, inspection, first)
        urls = pages(at, inspection, "workmanship" if stage == "FIN" else "")
        assert [struck(client.get(url).content.decode()) for url in urls] == [[], []]
        sent(at, inspection, event("event_withdrawn", {"reason": "Wrong <tap>"}, by, [first["id"]]))
        for url in urls:
            html = client.get(url).content.decode()
            assert struck(html) == [words]
            assert "taken back</span>" in html
            who = re.search(r'class="gone-who">(.*?)</span>', html, re.S)
            assert who
            assert at.inspector.display_name in who[1]
            assert "2026" in who[1]
            assert "Wrong &lt;tap&gt;" in who[1]


def test_an_answer_that_was_changed_is_told_by_its_question_and_what_only_adds_is_not() -> None:
    at = floor()
    inspection, by = planned(at, "PPM"), str(at.inspector.pk)
    question = inspection.checklist["items"][0]
    first = event("item_answered", {"item": question["key"], "answer": "no"}, by)
    noted = event(
        "item_answered", {"item": question["key"], "answer": "no", "note": "Seen"}, by, [first["id"]]
    )
    sent(at, inspection, first, noted)
    client, (page, entry) = signed_in(at.inspector), pages(at, inspection)
    assert struck(client.get(entry).content.decode()) == []
    sent(
        at, inspection, event("item_answered", {"item": question["key"], "answer": "yes"}, by, [noted["id"]])
    )
    for url in (page, entry):
        html = client.get(url).content.decode()
        assert struck(html) == [f"{escape(question['label_en'])}: No · Seen"]
        assert "corrected</span>" in html


def test_the_latest_twenty_are_told_the_history_has_the_rest_and_an_addendum_is_none() -> None:
    at = floor()
    inspection, by = planned(at, "END"), str(at.inspector.pk)
    client, (page, entry) = signed_in(at.inspector), pages(at, inspection)

    def undone(hours: range) -> None:
        for hour in hours:
            tap = event("pieces_tallied", {"hour": hour, "passed": 1}, by)
            sent(at, inspection, tap, event("event_withdrawn", {"reason": "Wrong tap"}, by, [tap["id"]]))

    undone(range(2))
    few = [queries(client, url) for url in (page, entry)]
    undone(range(2, 20))
    html = client.get(entry).content.decode()
    assert (len(struck(html)), "Older corrections" in html) == (20, False)
    undone(range(20, 22))
    html = client.get(entry).content.decode()
    assert (len(struck(html)), "Older corrections" in html) == (20, True)
    assert struck(html)[0] == "Tap: 21:00–22:00 · Passed", "the latest first"
    assert "#history" not in html, "an inspector may not read the history"
    owner = signed_in(at.place.owner).get(page).content.decode()
    assert f'href="{page}#history"' in owner
    assert 'id="history"' in owner
    assert [queries(client, url) for url in (page, entry)] == few
    kept = event("pieces_tallied", {"hour": 9, "passed": 1}, by)
    sent(at, inspection, kept)
    decided(at, inspection)
    before = struck(client.get(page).content.decode())
    sent(at, inspection, event("event_withdrawn", {"reason": "late"}, by, [kept["id"]]))
    assert struck(client.get(page).content.decode()) == before

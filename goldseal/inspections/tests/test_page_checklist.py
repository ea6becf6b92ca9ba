"""The page of a checklist: one tap per answer, conditions, ranges, required photos, and the same decision as events."""

import io
import re
from typing import Any

import pytest
from PIL import Image

from goldseal.catalog.models import ChecklistTemplate
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.files.tests.test_upload_page import page_of as browser_page
from goldseal.inspections.deciding import standing_of
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import Floor, fields_of, floor, signed_in, tap
from goldseal.inspections.tests.recording import planned_at, send
from goldseal.inspections.tests.test_page_roving import verdict
from goldseal.inspections.tests.test_pages_open import queries

ITEMS: list[dict[str, Any]] = [
    {"key": "trims", "section": "conformity", "label_en": "Trims approved", "label_bn": "ট্রিম অনুমোদিত",
     "kind": "yes_no_na", "is_required": True, "failing": ["no"], "severity_on_fail": "hold",
     "needs_photo": "on_fail"},
    {"key": "which", "section": "conformity", "label_en": "Which trims", "label_bn": "", "kind": "text",
     "is_required": True, "only_if": {"key": "trims", "is": ["no"]}},
    {"key": "moisture", "section": "onsite_tests", "label_en": "Moisture", "label_bn": "", "kind": "number",
     "unit": "%", "min": "4", "max": "9.5", "is_required": True},
    {"key": "wash", "section": "onsite_tests", "label_en": "Wash", "label_bn": "", "kind": "choice",
     "choices": [{"value": "none", "label_en": "No wash", "label_bn": "ওয়াশ নাই"}, "enzyme"], "is_required": True},
    {"key": "code", "section": "labelling", "label_en": "Barcode of one piece", "label_bn": "", "kind": "barcode",
     "is_required": True},
    {"key": "needles", "section": "special", "label_en": "Needle policy", "label_bn": "", "kind": "yes_no_na",
     "is_required": True, "failing": ["no"], "is_auto_fail": True},
]  # fmt: skip


def asked(at: Floor, items: list[dict[str, Any]] | None = None) -> Inspection:
    with at.place.scope():
        ChecklistTemplate.objects.filter(stage__code="PPM").update(items=items or ITEMS)
    return planned_at(at, "PPM")


def page_of(at: Floor, inspection: Inspection) -> str:
    return f"{at.base}{inspection.pk}/record/checklist/"


def shown(html: str, key: str) -> bool:
    tag = re.search(rf'<li class="ask[^>]*data-question="{key}"[^>]*>', html)
    assert tag, key
    return " hidden" not in tag[0]


@pytest.mark.django_db
def test_answers_through_the_forms_decide_as_events_do() -> None:
    at = floor()
    by_form, by_events = asked(at), asked(at)
    client, url = signed_in(at.inspector), page_of(at, by_form)
    for group, field, value in (
        ("i0", "answer", "no"),
        ("i1", "text", "Button\r\nthread"),
        ("i2", "number", "৪,৫"),
        ("i3", "choice", "enzyme"),
        ("i4", "barcode", "4006381333931"),
        ("i5", "answer", "yes"),
    ):
        answer = tap(client, url, group, **{f"{group}-{field}": value})
        assert answer.status_code == 302, (group, answer.content.decode()[:200])
    send(
        at,
        by_events,
        ("item_answered", {"item": "trims", "answer": "no"}),
        ("item_answered", {"item": "which", "text": "Button\nthread"}),
        ("item_answered", {"item": "moisture", "number": "4.5"}),
        ("item_answered", {"item": "wash", "choice": "enzyme"}),
        ("item_answered", {"item": "code", "barcode": "4006381333931"}),
        ("item_answered", {"item": "needles", "answer": "yes"}),
    )
    assert verdict(at, by_form) == verdict(at, by_events)
    assert verdict(at, by_form)[0] == "hold"
    assert verdict(at, by_form)[1] == {"answered": 6, "asked": 6}
    html = client.get(url).content.decode()
    assert "A photo is required" in html
    assert "6 of 6" in html


@pytest.mark.django_db
def test_a_condition_opens_and_closes_its_question() -> None:
    at = floor()
    inspection = asked(at)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    html = client.get(url).content.decode()
    assert "0 of 5" in html
    assert not shown(html, "which")
    tap(client, url, "i0", **{"i0-answer": "no"})
    html = client.get(url).content.decode()
    assert shown(html, "which")
    assert "1 of 6" in html
    tap(client, url, "i0", **{"i0-answer": "yes"})
    assert not shown(client.get(url).content.decode(), "which")


@pytest.mark.django_db
def test_a_failing_answer_says_what_it_does_and_can_be_taken_back() -> None:
    at = floor()
    inspection = asked(at)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    tap(client, url, "i2", **{"i2-number": "9.6"})
    html = client.get(url).content.decode()
    assert "outside the range" in html
    assert "4–9.5" in html
    tap(client, url, "i5", **{"i5-answer": "no"})
    html = client.get(url).content.decode()
    assert "This fails the inspection." in html
    assert verdict(at, inspection)[0] == "fail"
    with at.place.scope():
        heads = [str(event.event_id) for event in InspectionEvent.objects.order_by("event_id")]
    for head in heads:
        fields = fields_of(html, "u")
        client.post(url, {**fields, "u-supersedes": head})
    assert verdict(at, inspection)[1] == {"answered": 0, "asked": 5}


@pytest.mark.django_db
def test_a_required_photo_closes_its_question_and_stays_with_the_next_answer() -> None:
    at = floor()
    inspection = asked(at)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    tap(client, url, "i0", **{"i0-answer": "no"})
    tap(client, url, "i1", **{"i1-text": "Buttons"})
    assert "item_photo_missing" in reasons(at, inspection)
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "JPEG")
    file.seek(0)
    file.name = "trim.jpg"
    with_photo = {"i0-answer": "no", "i0-files": [file], "i0-files_attests": STATEMENT_VERSION}
    assert tap(client, url, "i0", **with_photo).status_code == 302
    assert "item_photo_missing" not in reasons(at, inspection)
    tap(client, url, "i0", **{"i0-answer": "no", "i0-note": "supplier told"})
    with at.place.scope():
        last = InspectionEvent.objects.filter(kind="item_answered").order_by("event_id").last()
    assert last
    assert len(last.body["photos"]) == 1


def reasons(at: Floor, inspection: Inspection) -> set[str]:
    with at.place.scope():
        decision = standing_of(Inspection.objects.get(pk=inspection.pk))[1]
    return {reason.code for reason in decision.reasons}


@pytest.mark.django_db
def test_wrong_input_is_explained_and_stays() -> None:
    at = floor()
    inspection = asked(at)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    wrong = tap(client, url, "i2", **{"i2-number": "about 5", "i2-note": "meter 3"})
    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Write a number such as 12 or 12.5." in html
    assert 'value="about 5"' in html
    assert ">meter 3</textarea>" in html
    assert tap(client, url, "i2").status_code == 302, "an empty field records nothing"
    with at.place.scope():
        assert InspectionEvent.objects.count() == 0


@pytest.mark.django_db
def test_the_page_of_the_inspection_shows_answers_and_only_ours() -> None:
    at, stranger = floor(), floor("charlie")
    inspection = asked(at)
    send(at, inspection, ("item_answered", {"item": "wash", "choice": "none", "note": "dry only"}))
    client = signed_in(at.inspector)
    html = client.get(f"{at.base}{inspection.pk}/").content.decode()
    assert "No wash" in html
    assert "dry only" in html
    assert "Which trims" not in html
    assert signed_in(stranger.inspector).get(page_of(at, inspection)).status_code == 404


@pytest.mark.django_db
def test_pages_cost_few_queries_whatever_their_length() -> None:
    at = floor()
    short = asked(at)
    many = [{**item, "key": f"{item['key']}{n}", "only_if": None} for n in range(3) for item in ITEMS]
    long = asked(at, many)
    client = signed_in(at.inspector)
    for inspection, keys in ((short, ["needles"]), (long, ["needles0", "needles1", "needles2"])):
        send(at, inspection, *[("item_answered", {"item": key, "answer": "yes"}) for key in keys])
    counts = [
        [queries(client, url) for url in (page_of(at, one), f"{at.base}{one.pk}/")] for one in (short, long)
    ]
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 15, counts


@pytest.mark.browser
def test_a_thumb_goes_through_the_questions_and_a_lost_connection_loses_nothing(committed_db: None) -> None:
    at = floor()
    inspection = asked(at)
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def steps(browser: Any) -> None:
        page = browser_page(browser, session, port)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}{page_of(at, inspection)}")
        page.fill("[name=i2-number]", "9.6")
        assert page.inner_text("#q2 .ranged") == "too high"
        page.fill("[name=i2-number]", "9,5")
        assert page.inner_text("#q2 .ranged") == "in range"
        page.click("#i2-save")
        page.wait_for_selector("#q2.is-done")
        page.context.set_offline(True)
        assert page.locator("#q1").is_hidden()
        page.click("#q0 .reply-no")
        page.locator("#q1").wait_for(state="visible")
        page.click("#q5 .reply-yes")
        assert "2 not sent yet" in page.inner_text("[data-unsent]")
        page.context.set_offline(False)
        page.wait_for_selector("#q0.is-failing", timeout=30_000)
        page.wait_for_selector("#q5.is-done")

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []
    assert verdict(at, inspection)[1] == {"answered": 3, "asked": 6}

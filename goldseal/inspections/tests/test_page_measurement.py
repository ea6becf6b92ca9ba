"""The measuring sheet: one size at a time, washed and unwashed, wrong units asked about, a keypad for thumbs."""

import re
from typing import Any

import pytest

from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import POINTS, Floor, floor, signed_in, tap
from goldseal.inspections.tests.recording import planned_at, send
from goldseal.inspections.tests.test_page_roving import verdict
from goldseal.inspections.tests.test_pages_open import queries

SLEEVE = {
    "code": "P02",
    "name_en": "Sleeve length",
    "name_bn": "স্লিভ লেন্থ",
    "unit": "in",
    "tol_minus": "1/4",
    "tol_plus": "1/4",
    "critical": False,
    "spec": {"S": "24 1/2", "M": "25"},
}
POINT = {"piece_no": 1, "size": "S", "pom": "P01", "value": "48.5", "unit": "cm"}


def page_of(at: Floor, inspection: Inspection, query: str = "") -> str:
    return f"{at.base}{inspection.pk}/record/measurement/{query}"


def washed(at: Floor) -> Inspection:
    return planned_at(at, "WSH", points=[*POINTS, SLEEVE])


@pytest.mark.django_db
def test_a_size_through_the_sheet_decides_as_events_do() -> None:
    at = floor()
    by_form, by_events = washed(at), washed(at)
    client = signed_in(at.inspector)
    before = page_of(at, by_form, "?size=S&wash=before")
    typed = {"m0_1-value": "48,5", "m1_1-value": "24 1/2", "m0_2-value": "৪৮", "all-colour": "Navy"}
    assert tap(client, before, "m0_1", **typed).status_code == 302
    tap(client, page_of(at, by_form, "?size=S&wash=after"), "m0_1", **{"m0_1-value": "46.5"})
    navy = {"colour": "Navy", "wash": "before"}
    send(
        at,
        by_events,
        ("piece_measured", {**POINT, **navy, "value": "48,5"}),
        ("piece_measured", {**POINT, **navy, "pom": "P02", "value": "24 1/2", "unit": "in"}),
        ("piece_measured", {**POINT, **navy, "piece_no": 2, "value": "48"}),
        ("piece_measured", {**POINT, "wash": "after", "value": "46.5"}),
    )
    assert verdict(at, by_form) == verdict(at, by_events)
    assert verdict(at, by_form)[1]["points_out"] == 1
    html = client.get(page_of(at, by_form, "?size=S&wash=after")).content.decode()
    assert "−1.5</b> too small" in html
    # (48.5 − 46.5) × 100 / 48.5 = 4.12 %
    assert re.search(r"shrinkage\s+4\.1 %", html)
    shown = client.get(f"{at.base}{by_form.pk}/").content.decode()
    assert re.search(r"shrinkage\s+4\.1 %", shown)


@pytest.mark.django_db
def test_saving_again_records_changes_only_and_clearing_takes_back() -> None:
    at = floor()
    inspection = washed(at)
    client, url = signed_in(at.inspector), page_of(at, inspection, "?size=S&wash=before")
    tap(client, url, "m0_1", **{"m0_1-value": "48", "m0_2-value": "49"})
    tap(client, url, "m0_1")
    with at.place.scope():
        assert InspectionEvent.objects.count() == 2
    tap(client, url, "m0_1", **{"m0_1-value": "48.5", "m0_2-value": ""})
    assert verdict(at, inspection)[1]["points"] == 1
    with at.place.scope():
        kinds = list(InspectionEvent.objects.order_by("event_id").values_list("kind", flat=True))
    assert sorted(kinds) == ["event_withdrawn"] + ["piece_measured"] * 3


@pytest.mark.django_db
def test_a_value_in_the_wrong_unit_is_told_with_its_conversion() -> None:
    at = floor()
    inspection = planned_at(at, "WSH", points=[{**POINTS[0], "spec": {"S": "59", "M": "61"}}])
    client, url = signed_in(at.inspector), page_of(at, inspection, "?size=S&wash=before")
    tap(client, url, "m0_1", **{"m0_1-value": "23 1/4"})
    html = client.get(url).content.decode()
    # 23.25 × 2.54 = 59.055
    assert "23 1/4 in is 59.06 cm: use it?" in html
    tap(client, url, "m0_1", **{"m0_1-value": ["23 1/4", "59.06"]})
    assert verdict(at, inspection)[1]["points_out"] == 0


@pytest.mark.django_db
def test_pieces_of_another_size_get_other_numbers_and_the_next_size_opens() -> None:
    at = floor()
    inspection = planned_at(at, "WSH", points=POINTS)
    client = signed_in(at.inspector)
    url = page_of(at, inspection, "?wash=before")
    for _ in range(2):
        html = client.get(url).content.decode()
        first = re.search(r'name="(m0_\d+)-value"', html)
        assert first
        values = {f"{name}-value": "49" for name in re.findall(r'name="(m0_\d+)-value"', html)}
        tap(client, url, first[1], **values)
    with at.place.scope():
        bodies = InspectionEvent.objects.values_list("body", flat=True)
        found = {(body["size"], body["piece_no"]) for body in bodies}
    assert len({number for _size, number in found}) == len(found)
    assert {size for size, _number in found} == {"S", "M"}
    assert "Everything is measured" in client.get(url).content.decode()


@pytest.mark.django_db
def test_wrong_input_is_explained_and_stays() -> None:
    at = floor()
    inspection = washed(at)
    client, url = signed_in(at.inspector), page_of(at, inspection, "?size=S&wash=before")
    wrong = tap(client, url, "m0_1", **{"m0_1-value": "long", "m1_1-value": "24 1/4"})
    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Write the value as 16, 16.25, 3/4 or 12 3/8" in html
    assert 'value="long"' in html
    assert 'value="24 1/4"' in html


@pytest.mark.django_db
def test_pages_are_ours_and_cost_few_queries() -> None:
    at, stranger = floor(), floor("charlie")
    inspection = washed(at)
    client = signed_in(at.inspector)
    assert signed_in(stranger.inspector).get(page_of(at, inspection)).status_code == 404
    urls = [page_of(at, inspection), f"{at.base}{inspection.pk}/"]
    send(at, inspection, ("piece_measured", {**POINT, "wash": "before"}))
    few = [queries(client, url) for url in urls]
    send(at, inspection, *[("piece_measured", {**POINT, "piece_no": n, "wash": "before"}) for n in (2, 3)])
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 15, few


@pytest.mark.browser
def test_a_thumb_measures_a_piece_by_the_keypad(committed_db: None) -> None:
    at = floor()
    inspection = washed(at)
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def steps(browser: Any) -> None:
        context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
        base = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": "session", "value": session, "url": base}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{base}{page_of(at, inspection, '?size=S&wash=before')}")

        def keys(text: str) -> None:
            for key in text:
                page.locator(".keypad .key", has_text=re.compile(f"^{re.escape(key)}$")).tap()

        page.tap("#m0_1")
        assert page.locator(".keypad").is_visible()
        keys("465")
        keys("⌫")
        keys(".5")
        assert page.inner_text("#m0_1-is").split() == ["−1.5", "too", "small"]
        page.tap(".keypad [aria-label='Next']")
        assert page.evaluate("document.activeElement.id") == "m1_1"
        keys("24½")
        assert page.input_value("#m1_1") == "24 1/2"
        page.tap(".keypad [aria-label='Next']")
        page.locator('[name="m0_1-supersedes"]:not([value=""])').wait_for(state="attached")
        page.locator("#m0_2:focus").wait_for()
        assert page.evaluate("document.activeElement.id") == "m0_2", (
            "the next piece, after this one was saved"
        )
        keys("19")
        assert "19 in is 48.26 cm: use it?" in page.inner_text(".suggest")
        page.tap(".suggest")
        assert page.input_value("#m0_2") == "48.26"
        page.tap("#m0_2")
        page.tap(".keypad [aria-label='Same for the next piece']")
        assert page.input_value("#m0_3") == "48.26"
        page.context.set_offline(True)
        page.tap("#sheet-save")
        page.wait_for_selector("[data-unsent]:not([hidden])")
        assert "2 not sent yet" in page.inner_text("[data-unsent]")
        page.context.set_offline(False)
        page.wait_for_selector("#m0_3-is.is-ok", timeout=30_000)
        page.locator("[data-unsent]").wait_for(state="hidden")

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []
    assert verdict(at, inspection)[1]["points"] == 4

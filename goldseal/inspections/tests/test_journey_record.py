"""An inspector with a cheap phone: records, loses the connection, loses nothing; and does it all without scripts."""

from typing import Any

import pytest

from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser, page_of
from goldseal.inspections.models import InspectionEvent, InspectionState
from goldseal.inspections.tests.makers import PASSWORD, Floor, floor, signed_in

pytestmark = pytest.mark.browser


@pytest.fixture
def at(committed_db: None) -> Floor:
    return floor()


def kinds(at: Floor) -> list[str]:
    with at.place.scope():
        return list(
            InspectionEvent.objects.order_by("received_at", "event_id").values_list("kind", flat=True)
        )


def test_findings_survive_a_lost_connection(at: Floor) -> None:
    inspection = at.plan(cartons=[{"first": 1, "last": 5, "pieces": 10}])
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def steps(browser: Any) -> None:
        page = page_of(browser, session, port)
        page.on("pageerror", lambda error: faults.append(str(error)))
        record = f"http://127.0.0.1:{port}{at.base}{inspection.pk}/record/"
        page.goto(f"{record}workmanship/")
        page.fill("[data-defect-search]", "open seam")
        assert page.locator(".code:visible").count() >= 1
        page.locator(".code:visible", has_text="SW03").first.click()
        page.locator(".chips label", has_text="A").first.click()
        page.click("text=Record this defect")
        page.wait_for_selector("#found .defect")
        assert "1" in page.inner_text(".live .bar >> nth=1")
        page.context.set_offline(True)
        page.fill("[data-defect-search]", "SW03")
        page.locator(".code:visible", has_text="SW03").first.click()
        page.click("text=Record this defect")
        page.wait_for_selector("[data-unsent]:not([hidden])")
        assert "1 not sent yet" in page.inner_text("[data-unsent]")
        page.context.set_offline(False)
        page.locator("#found .defect").nth(1).wait_for(timeout=30_000)
        assert page.locator("[data-unsent]").is_hidden()
        page.goto(f"{record}measurement/?piece=1&size=S")
        page.fill("[name=m0-value]", "46,5")
        assert page.inner_text(".deviation").split() == ["−1.5", "too", "small"]
        page.click("text=Save this piece")
        page.wait_for_selector(".piece.is-out")
        page.goto(f"{record}conformity/")
        page.click("#c_style .reply-pass")
        page.wait_for_selector("#c_style .reply-pass[aria-pressed=true]")
        page.goto(f"http://127.0.0.1:{port}{at.base}{inspection.pk}/sign/")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[value=submit]")
        page.wait_for_selector(".verdict-big.verdict-fail")

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []
    with at.place.scope():
        inspection.refresh_from_db()
        assert inspection.state == InspectionState.DECIDED
        assert inspection.summary["counts"]["major"]["found"] == 2
    recorded = kinds(at)
    assert recorded.count("defect_recorded") == 2
    assert recorded.count("piece_measured") == recorded.count("check_answered") == 1


def test_everything_is_recorded_without_scripts(at: Floor) -> None:
    inspection = at.plan()
    session = signed_in(at.inspector).session.session_key or ""

    def steps(browser: Any) -> None:
        page = page_of(browser, session, port, java_script_enabled=False)
        record = f"http://127.0.0.1:{port}{at.base}{inspection.pk}/record/"
        page.goto(f"{record}quantity/")
        page.fill("[name=q0-made]", "19")
        page.click("text=Save the quantities")
        assert page.input_value("[name=q0-made]") == "19"
        page.goto(f"{record}workmanship/")
        page.click("summary:has-text('Linking')")
        page.click(".code:has-text('SW03'):visible")
        page.click("text=Record this defect")
        assert "SW03" in page.inner_text("#found")
        page.click("text=Take back")
        assert "No defect so far" in page.inner_text("#found")

    with server() as (port, _pid):
        in_browser(steps)
    recorded = kinds(at)
    assert recorded.count("quantity_counted") == 2
    assert recorded[-2:] == ["defect_recorded", "event_withdrawn"]

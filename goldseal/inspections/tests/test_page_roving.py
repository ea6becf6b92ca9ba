"""The roving page and the board: a visit through the form is the event a device would send; nothing typed is lost."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.files.tests.test_upload_page import page_of as browser_page
from goldseal.inspections import line_selectors
from goldseal.inspections.deciding import standing_of
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.services import apply_events
from goldseal.inspections.tests.makers import Floor, floor, signed_in, tap
from goldseal.inspections.tests.recording import event, planned_at, send
from goldseal.inspections.tests.test_pages_open import queries
from goldseal.kit.clock import utc_now


@pytest.fixture
def at(db: None) -> Floor:
    return floor()


def page_of(at: Floor, inspection: Inspection) -> str:
    return f"{at.base}{inspection.pk}/record/roving/"


def ticked(html: str, code: str, **parts: str) -> dict[str, str]:
    """The fields of one defect's tile, ticked."""
    row = re.search(rf'name="o-defects\.(\d+)\.code:key" value="{code}"', html)
    assert row, code
    named = {
        "code:key": code,
        "severity": "major",
        **{k.replace("count", "count:int"): v for k, v in parts.items()},
    }
    return {f"o-defects.{row[1]}.{part}": value for part, value in named.items()}


def visit(client: Client, url: str, operator: str, defects: dict[str, dict[str, str]], **more: str) -> Any:
    html = client.get(url).content.decode()
    found: dict[str, str] = {}
    for code, parts in defects.items():
        found |= ticked(html, code, **parts)
    return tap(client, url, "o", o__operator=operator, o__operation="Linking shoulder", **found, **more)


def verdict(at: Floor, inspection: Inspection) -> tuple[Any, ...]:
    with at.place.scope():
        decision = standing_of(Inspection.objects.get(pk=inspection.pk))[1]
    return decision.verdict, dict(decision.figures), sorted(reason.message for reason in decision.reasons)


def test_visits_through_the_form_decide_as_events_do(at: Floor) -> None:
    by_form, by_events = planned_at(at, "LNK", lot_size=20), planned_at(at, "LNK", lot_size=20)
    client, url = signed_in(at.inspector), page_of(at, by_form)
    assert visit(client, url, "L-11", {}).status_code == 302
    visit(client, url, "L-12", {"SW04": {}})
    visit(client, url, "L-13", {"SW04": {"count": "2"}, "KN01": {}})
    visit(client, url, "L-14", {}, **{"o-is_machine_out:bool": "on", "o-pieces": "0"})

    def body(operator: str, defects: list[dict[str, Any]], **more: Any) -> tuple[str, dict[str, Any]]:
        found = [{"severity": "major", **defect} for defect in defects]
        return "operator_checked", {
            "round": 1, "operator": operator, "operation": "Linking shoulder", "pieces": 7, "defects": found, **more
        }  # fmt: skip

    send(
        at,
        by_events,
        body("L-11", []),
        body("L-12", [{"code": "SW04"}]),
        body("L-13", [{"code": "SW04", "count": 2}, {"code": "KN01"}]),
        body("L-14", [], is_machine_out=True, pieces=0),
    )
    assert verdict(at, by_form) == verdict(at, by_events)
    assert {colour: verdict(at, by_form)[1][colour] for colour in ("green", "yellow", "red", "blue")} == {
        "green": 1, "yellow": 1, "red": 1, "blue": 1
    }  # fmt: skip


def test_the_next_visit_of_a_place_is_its_next_round_and_colours_at_once(at: Floor) -> None:
    inspection = planned_at(at, "LNK", lot_size=20)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    visit(client, url, "L-11", {})
    again = f"{url}?change=visit&operator=L-11&operation=Linking+shoulder"
    html = client.get(again).content.decode()
    assert 'name="o-round:int" value="2"' in html
    answer = tap(client, again, "o", **ticked(html, "SW04", count="2"))
    assert answer.status_code == 302
    assert answer["Location"].endswith("/record/roving/")
    assert 'class="result result-red"' in client.get(url).content.decode()
    with at.place.scope():
        assert [e.body["round"] for e in InspectionEvent.objects.order_by("event_id")] == [1, 2]


def test_what_was_done_about_red_is_added_and_a_visit_is_changed_or_taken_back(at: Floor) -> None:
    inspection = planned_at(at, "LNK", lot_size=20)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    visit(client, url, "L-13", {"SW04": {"count": "3"}}, **{"o-note": "Loop dropped"})
    assert verdict(at, inspection)[0] == "pending"
    done = ["recheck_bundle", "stop_line", "train"]
    assert tap(client, url, "a0", **{"a0-actions:list": done}).status_code == 302
    assert verdict(at, inspection)[0] == "pass"
    with at.place.scope():
        last = InspectionEvent.objects.order_by("event_id").last()
        assert last
        assert last.body["note"] == "Loop dropped"
        assert last.body["defects"][0]["count"] == 3
    change = url + re.findall(r'href="(\?change=[^"]+)#visit">', client.get(url).content.decode())[
        -1
    ].replace("&amp;", "&")
    html = client.get(change).content.decode()
    assert "You are changing round 1 of L-13" in html
    tap(client, change, "o", **ticked(html, "SW04", count="1"))
    assert verdict(at, inspection)[1]["yellow"] == 1
    tap(client, url, "u")
    assert verdict(at, inspection)[2] == ["No operator is checked yet"]


def test_wrong_input_is_explained_and_stays(at: Floor) -> None:
    inspection = planned_at(at, "LNK", lot_size=20)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    answer = visit(
        client, url, "L-13", {"SW04": {"count": "many"}}, **{"o-pieces": "lots", "o-round:int": "99"}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Tick the defects; of each from 1 to 1,000." in html
    for typed in ('value="L-13"', 'value="lots"', 'value="many"', 'value="99"'):
        assert typed in html, typed
    assert re.search(r'value="SW04" checked', html)
    answer = visit(client, url, "L-13", {"SW04": {}}, **{"o-round:int": "99"})
    assert "from 1 to 48" in answer.content.decode()


def test_operators_of_the_day_before_need_no_typing(at: Floor) -> None:
    body = {
        "round": 1,
        "operator": "L-77",
        "operation": "Cuff",
        "machine": "LK-9",
        "pieces": 7,
        "defects": [],
    }
    send(at, planned_at(at, "LNK", lot_size=20), ("operator_checked", body))
    inspection = planned_at(at, "LNK", lot_size=20)
    html = signed_in(at.inspector).get(page_of(at, inspection)).content.decode()
    assert "Not visited yet" in html
    assert 'data-operator="L-77"' in html


def test_the_board_shows_today_in_colour_word_and_overdue_and_only_ours(at: Floor) -> None:
    now = utc_now()
    other = floor("charlie")
    for place, operator in ((at, "L-12"), (other, "L-99")):
        inspection = planned_at(place, "LNK", lot_size=20)
        with place.place.scope():
            Inspection.objects.filter(pk=inspection.pk).update(planned_on=(now + timedelta(hours=6)).date())
            body = {"round": 1, "operator": operator, "operation": "Neck", "pieces": 7,
                    "defects": [{"code": "SW04", "severity": "major"}]}  # fmt: skip
            old = event("operator_checked", body, str(place.inspector.pk))
            old["at"] = (now - timedelta(minutes=61)).strftime("%Y-%m-%dT%H:%M:%SZ")
            apply_events(inspection_id=inspection.pk, events=[old], actor=place.actor, now=now)
    html = signed_in(at.inspector).get(f"{at.base}board/").content.decode()
    assert "L-12" in html
    assert "Yellow" in html
    assert "overdue since" in html
    assert "L-99" not in html
    assert signed_in(other.inspector).get(f"{at.base}board/").status_code == 404
    with at.place.scope():
        assert line_selectors.rounds_on(datetime(2026, 1, 1, tzinfo=UTC).date()) == []


def test_strangers_see_no_page(at: Floor) -> None:
    inspection, stranger = planned_at(at, "LNK", lot_size=20), floor("charlie")
    assert signed_in(stranger.inspector).get(page_of(at, inspection)).status_code == 404
    foreign = f"{stranger.base}{inspection.pk}/record/roving/"
    assert signed_in(stranger.inspector).get(foreign).status_code == 404


def test_pages_cost_few_queries_whatever_their_length(at: Floor) -> None:
    inspection = planned_at(at, "LNK", lot_size=20)
    client = signed_in(at.inspector)
    urls = [page_of(at, inspection), f"{at.base}board/", f"{at.base}{inspection.pk}/"]

    def add(first: int, last: int) -> None:
        send(
            at,
            inspection,
            *(
                ("operator_checked", {"round": 1, "operator": f"L-{n}", "operation": "Neck", "pieces": 7,
                                      "defects": [{"code": "SW04", "severity": "major", "count": 1 + n % 3}]})
                for n in range(first, last)
            ),
        )  # fmt: skip

    add(0, 5)
    few = [queries(client, url) for url in urls]
    add(5, 15)
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 15, few


@pytest.mark.browser
def test_taps_add_up_the_colour_shows_before_saving_and_rounds_go_on_offline(committed_db: None) -> None:
    at = floor()
    inspection = planned_at(at, "LNK", lot_size=20)
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def steps(browser: Any) -> None:
        page = browser_page(browser, session, port)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}{page_of(at, inspection)}")
        page.fill("#operator", "L-11")
        page.fill("#operation", "Neck")
        preview = page.locator("[data-preview-of]:visible")
        assert preview.inner_text().strip() == "Green"
        tile = page.locator(".tick:visible", has_text="SW04")
        tile.locator(".tick-name").click()
        assert preview.inner_text().strip() == "Yellow"
        tile.locator(".tick-name").click()
        assert preview.inner_text().strip() == "Red"
        assert page.locator("[data-when-red]").is_visible()
        tile.locator(".tick-less").click()
        assert preview.inner_text().strip() == "Yellow"
        page.click("text=Record this visit")
        page.wait_for_selector(".result-yellow")
        page.context.set_offline(True)
        for _ in range(2):
            page.click("a[data-visit]")
            page.click("text=Record this visit")
            page.wait_for_selector("[data-unsent]:not([hidden])")
        page.locator("[data-unsent]", has_text="2 not sent yet").wait_for(timeout=5_000)
        page.context.set_offline(False)
        page.wait_for_selector(".result-green", timeout=30_000)

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []
    with at.place.scope():
        bodies = [row.body for row in InspectionEvent.objects.order_by("event_id")]
    assert [(body["round"], len(body["defects"])) for body in bodies] == [(1, 1), (2, 0), (3, 0)]
    assert verdict(at, inspection)[0] == "pass"

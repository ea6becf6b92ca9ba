"""The page of fabric rolls: header, flaws with points at once, both units, the lot; the script counts as the rules do."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.files.tests.test_upload_page import page_of as browser_page
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import Floor, floor, signed_in, tap
from goldseal.inspections.tests.recording import planned_at, send
from goldseal.inspections.tests.test_page_roving import verdict
from goldseal.inspections.tests.test_pages_open import queries

ROLL = {"roll": "R-1", "length": "120", "length_unit": "yd", "width": "60", "width_unit": "in"}


def page_of(at: Floor, inspection: Inspection, query: str = "") -> str:
    return f"{at.base}{inspection.pk}/record/four_point/{query}"


def add_roll(client: Any, url: str, **parts: str) -> Any:
    return tap(
        client, f"{url}?change=", "r", **{f"r-{name}": value for name, value in (ROLL | parts).items()}
    )


def add_flaw(client: Any, url: str, **parts: str) -> Any:
    flaw = {"at": "10", "code": "FC03", "size": "10", "unit": "in"} | parts
    return tap(client, url, "f", **{f"f-{name}": value for name, value in flaw.items()})


@pytest.mark.django_db
def test_rolls_and_flaws_through_the_forms_decide_as_events_do() -> None:
    at = floor()
    by_form, by_events = (planned_at(at, "FAB", lot_size=10) for _ in range(2))
    client, url = signed_in(at.inspector), page_of(at, by_form)
    assert add_roll(client, url, shade_group="A", gsm="180,5")["Location"].endswith("/four_point/#flaw")
    add_flaw(client, url)
    add_flaw(client, url, at="২০", size="1", code="KN02", **{"is_hole:bool": "on"})
    add_flaw(client, url, at="30", size="36", runs_to="33", code="KN04")
    send(
        at,
        by_events,
        ("roll_inspected", {**ROLL, "shade_group": "A", "gsm": "180.5"}),
        ("flaw_recorded", {"roll": "R-1", "at": "10", "code": "FC03", "size": "10", "unit": "in"}),
        (
            "flaw_recorded",
            {"roll": "R-1", "at": "20", "code": "KN02", "size": "1", "unit": "in", "is_hole": True},
        ),
        (
            "flaw_recorded",
            {"roll": "R-1", "at": "30", "code": "KN04", "size": "36", "unit": "in", "runs_to": "33"},
        ),
    )
    assert verdict(at, by_form) == verdict(at, by_events)
    # 4 + 2 + 3 × 4 = 18 points on 120 yd × 60 in: 18 × 3600 / 7200 = 9; × 1.19599 = 10.76 per 100 m².
    html = client.get(url).content.decode()
    assert "<dd>9.00</dd>" in html
    assert "<dd>10.76</dd>" in html
    assert "accepted" in html


@pytest.mark.django_db
def test_a_metric_roll_is_counted_in_metres_and_converted_exactly() -> None:
    at = floor()
    inspection = planned_at(at, "FAB", lot_size=10)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    add_roll(client, url, length="100", length_unit="m", width="1500", width_unit="mm")
    for place in range(7):
        add_flaw(client, url, at=str(place), size="24", unit="cm")
    add_flaw(client, url, at="50", size="75", unit="mm")
    html = client.get(url).content.decode()
    # DOMAIN §3: 29 points, 100 m × 1500 mm: 29 × 100 000 / 150 000 = 19.33
    assert "19.33" in html
    assert "selected>mm</option>" in html, "the next flaw is measured in the unit of the one before"


@pytest.mark.django_db
def test_the_lot_is_averaged_from_sums_and_a_roll_over_its_limit_stands_out() -> None:
    at = floor()
    inspection = planned_at(at, "FAB", lot_size=30)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    add_roll(client, url, length="10", shade_group="A")
    for place in range(8):
        add_flaw(client, url, at=str(place))
    add_roll(client, url, roll="R-2", length="100", shade_group="B")
    html = client.get(url).content.decode()
    # R-1: 32 × 3600 / 600 = 192 of at most 40; the lot: 32 × 3600 / (60 × 110) = 17.45, not (192 + 0) / 2.
    assert "17.45" in html
    assert "192.00" in html
    assert "not accepted" in html
    assert "2 of 3 rolls (30 in the lot)" in html
    assert "Shade A: R-1" in html
    shown = client.get(f"{at.base}{inspection.pk}/").content.decode()
    assert "17.45" in shown
    assert "192.00" in shown


@pytest.mark.django_db
def test_a_flaw_is_taken_back_and_a_roll_is_changed() -> None:
    at = floor()
    inspection = planned_at(at, "FAB", lot_size=10)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    add_roll(client, url)
    add_flaw(client, url)
    tap(client, url, "u")
    assert verdict(at, inspection)[1]["points"] == 0
    add_flaw(client, url, at="119")
    changed = page_of(at, inspection, "?change=R-1")
    shorter = {f"r-{name}": value for name, value in ({**ROLL, "length": "100"}).items()}
    assert tap(client, changed, "r", **shorter).status_code == 302
    html = client.get(url).content.decode()
    assert "This lies outside the roll." in html
    assert verdict(at, inspection)[0] == "pending"
    tap(client, changed, "r", **(shorter | {"r-length": "120"}))
    assert verdict(at, inspection)[1]["points"] == 4


@pytest.mark.django_db
def test_wrong_input_is_explained_and_stays() -> None:
    at = floor()
    inspection = planned_at(at, "FAB", lot_size=10)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    wrong = add_roll(client, url, length="long", dye_lot="D-7")
    assert wrong.status_code == 422
    assert "Write the length as a number above 0" in wrong.content.decode()
    assert 'value="D-7"' in wrong.content.decode()
    add_roll(client, url)
    wrong = add_flaw(client, url, size="big", note="near the edge")
    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert "longest size as 2, 2.5 or 3/4" in html
    assert 'value="big"' in html
    assert ">near the edge</textarea>" in html
    assert 'value="FC03" required checked' in html
    with at.place.scope():
        assert InspectionEvent.objects.count() == 1


@pytest.mark.django_db
def test_pages_are_ours_and_cost_few_queries() -> None:
    at, stranger = floor(), floor("charlie")
    inspection = planned_at(at, "FAB", lot_size=100)
    client = signed_in(at.inspector)
    assert signed_in(stranger.inspector).get(page_of(at, inspection)).status_code == 404

    def found(first: int, last: int) -> None:
        for number in range(first, last):
            roll = {**ROLL, "roll": f"R-{number}"}
            flaw = {"roll": roll["roll"], "at": "5", "code": "FC03", "size": "2", "unit": "in"}
            send(at, inspection, ("roll_inspected", roll), ("flaw_recorded", flaw))

    urls = [page_of(at, inspection), f"{at.base}{inspection.pk}/"]
    found(0, 1)
    few = [queries(client, url) for url in urls]
    found(1, 3)
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 15, few


def test_the_script_gives_the_points_of_the_shared_cases(tmp_path: Path) -> None:
    node, root = shutil.which("node"), Path(__file__).resolve().parents[3]
    bundler = root / "node_modules" / ".bin" / "esbuild"
    shared = root.parent / "shared" / "domain" / "four_point_worked_cases.json"
    if node is None or not bundler.exists() or not shared.exists():
        pytest.skip("Needs node, the bundler of the page scripts and the shared cases")
    cases = json.loads(shared.read_text())
    script = tmp_path / "fourpoint.mjs"
    source = root / "assets" / "record" / "fourpoint.ts"
    subprocess.run(
        [str(bundler), str(source), "--bundle", "--format=esm", f"--outfile={script}", "--log-level=error"],
        check=True,
        cwd=root,
    )
    wanted = [(case[size], unit, case["points"]) for unit, size, key in (
        ("in", "size_in", "size_points_inch"), ("mm", "size_mm", "size_points_mm")
    ) for case in cases[key]]  # fmt: skip
    asked = json.dumps([[str(size), unit] for size, unit, _points in wanted])
    program = (
        f"import {{ pointsFor, pointsForHole, pointsOfRun }} from {json.dumps(script.as_uri())};"
        f"const points = {asked}.map(([size, unit]) => pointsFor(size, unit));"
        "const holes = [pointsForHole('1', 'in', 'by_size'), pointsForHole('1.01', 'in', 'by_size'),"
        " pointsForHole('25', 'mm', 'by_size'), pointsForHole('1/4', 'in', 'always_four')];"
        # Three whole yards; two yards touched; the very end of the roll belongs to its last yard.
        "const runs = [pointsOfRun('30', '33', '120'), pointsOfRun('2.5', '3.5', '10'),"
        " pointsOfRun('10', '10', '10'), pointsOfRun('5', '4', '10'), pointsOfRun('5', '11', '10')];"
        "console.log(JSON.stringify({ points, holes, runs }));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", program], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    assert found["points"] == [points for _size, _unit, points in wanted]
    assert found["holes"] == [2, 4, 2, 4]
    assert found["runs"] == [12, 8, 4, None, None]


@pytest.mark.browser
def test_points_show_before_they_are_recorded_and_a_roll_begins_without_a_connection(
    committed_db: None,
) -> None:
    at = floor()
    inspection = planned_at(at, "FAB", lot_size=10)
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def steps(browser: Any) -> None:
        page = browser_page(browser, session, port)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}{page_of(at, inspection)}")
        page.context.set_offline(True)
        page.fill("#r-roll", "R-9")
        page.fill("#r-length", "120")
        page.fill("#r-width", "60")
        page.click("text=Record the roll")
        page.locator("#flaw").wait_for(state="visible")
        page.fill("#f-at", "130")
        page.fill("#f-size", "6.1")
        assert page.inner_text("[data-points]").split() == ["3", "points"]
        assert page.locator("[data-outside]").is_visible()
        page.fill("#f-at", "12")
        assert page.locator("[data-outside]").is_hidden()
        page.fill("[data-defect-search]", "FC03")
        page.locator(".code:visible", has_text="FC03").first.click()
        page.click("#f-save")
        assert "2 not sent yet" in page.inner_text("[data-unsent]")
        page.context.set_offline(False)
        page.wait_for_selector(".flaw-line", timeout=30_000)

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []
    assert verdict(at, inspection)[1]["points"] == 3

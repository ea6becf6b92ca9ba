"""The story by page: a failed inspection opens its case, it is solved by two people, and new inspections close it."""

from datetime import timedelta
from typing import Any

import pytest

from goldseal.capa import services
from goldseal.capa.models import Nonconformity
from goldseal.capa.tests.makers import TODAY, Place, place
from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_db")]


class Desk:
    """One person's browser at one case."""

    def __init__(self, browser: Any, session: str, port: int, base: str) -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "session", "value": session, "url": f"http://127.0.0.1:{port}"}])
        self.page, self.root = context.new_page(), f"http://127.0.0.1:{port}{base}"
        self.page.set_default_timeout(15_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))

    def open(self, path: str = "") -> None:
        self.page.goto(self.root + path)

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            field = self.page.locator(f"[name='{name}']:visible").first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def send(self, button: Any) -> None:
        """Press what sends a form, and wait for the page that answers."""
        with self.page.expect_navigation():
            button.click()

    def press(self, words: str) -> None:
        self.send(self.page.get_by_role("button", name=words, exact=True).first)

    def step(self, *codes: str) -> None:
        for code in codes:
            self.send(self.page.locator(f"[data-step={code}]"))

    def state(self) -> str:
        return str(self.page.locator("h1 .state").inner_text())


def solve(desk: Desk, owner: str) -> None:
    """The owner's part: from the list to the submission."""
    desk.open()
    desk.send(desk.page.locator("td.main a").first)
    case = desk.page.url
    desk.fill(owner=owner, due_on="2027-02-01")
    desk.send(desk.page.locator("form[action$='assign/'] button"))
    desk.fill(
        place="Finishing, rack 4", in_lot="50", sorted="50", found_bad="6", rechecked="5", released="60"
    )
    desk.press("Record it")
    desk.page.wait_for_selector("text=Only pieces that were sorted good")
    desk.fill(released="49")
    desk.press("Record it")
    desk.page.wait_for_selector("#d3 td.main")
    desk.send(desk.page.get_by_role("link", name="Find the cause"))
    for chain, steps in (
        ("made", "Loop slipped|Point worn|No interval"),
        ("detected", "No light|Not asked|No rule"),
    ):
        for number, answer in enumerate(steps.split("|"), 1):
            desk.page.fill(f"#{chain}-answer-{number}", answer)
        desk.send(desk.page.locator(f"#{chain} button"))
    desk.fill(bone="machine", words="Worn points")
    desk.press("Add the cause")
    desk.page.wait_for_selector(".fishbone .twig")
    desk.send(desk.page.locator("#roots button"))  # the last answers of both chains are proposed
    desk.send(desk.page.get_by_role("link", name="Plan an action"))
    desk.fill(type="machine", words="Change the points of all machines", owner=owner, due_on="2027-02-01")
    desk.press("Plan it")
    desk.send(desk.page.get_by_role("link", name="Set the effect check"))
    desk.fill(code="SW03", target="5", from_on=(TODAY + timedelta(days=1)).isoformat(), window_size="2", min_pieces="16")  # fmt: skip
    desk.press("Save")
    desk.page.goto(case)
    desk.step("begin", "submit")
    assert desk.state() == "Submitted"


def act(desk: Desk) -> None:
    """The owner does the action and says so."""
    desk.send(desk.page.locator("#d5 td.main a"))
    desk.step("begin")
    desk.fill(result="Changed at all twelve machines")
    desk.step("submit")


def review(desk: Desk, case: str) -> None:
    """Another person reviews, verifies the action, then the case."""
    desk.open(f"{case}/")
    desk.step("take_up", "approve")
    desk.send(desk.page.locator("#d5 td.main a"))
    desk.step("take_up", "approve", "verify")
    assert desk.state() == "Verified"
    desk.open(f"{case}/")
    desk.step("verify")
    assert desk.state() == "Verified"
    desk.page.wait_for_selector("text=The effect check decides")


def later(here: Place, days: int) -> None:
    """A good inspection, decided some days later."""
    inspection = here.inspect()
    when = NOW + timedelta(days=days)
    with here.at.place.scope():
        Inspection.objects.filter(pk=inspection.pk).update(decided_at=when)
        services.take_in_inspection(inspection_id=inspection.pk, actor=here.program, now=when)


def test_from_a_failed_inspection_to_a_case_closed_by_its_numbers() -> None:
    here = place()
    case = here.failed()
    sessions = {person: signed_in(person).session.session_key or "" for person in (here.owner, here.manager)}

    def by_two(browser: Any) -> list[str]:
        owner = Desk(browser, sessions[here.owner], port, here.base)
        manager = Desk(browser, sessions[here.manager], port, here.base)
        solve(owner, str(here.owner.pk))
        act(owner)
        review(manager, str(case.pk))
        return owner.faults + manager.faults

    def closed(browser: Any) -> tuple[str, str, str]:
        desk = Desk(browser, sessions[here.manager], port, here.base)
        desk.open(f"{case.pk}/")
        said = desk.state(), desk.page.locator("#d8").inner_text()
        desk.open("board/")
        return (*said, desk.page.locator(".tiles").inner_text())

    with server() as (port, _pid):
        faults = in_browser(by_two)
        for days in (1, 2):
            later(here, days)
        state, effect, board = in_browser(closed)
    assert faults == ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"] or faults == []  # fmt: skip
    assert state == "Closed"
    assert "0 in 16 pieces: 0.00 per 100" in effect
    assert "1 / 1" in board
    with here.at.place.scope():
        assert Nonconformity.objects.get(pk=case.pk).verifier == here.manager

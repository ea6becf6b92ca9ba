"""The story by page: a failed inspection opens its case, two people solve it, numbers refuse it, then close it."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from goldseal.capa.models import Action, Nonconformity
from goldseal.capa.tests.makers import TODAY, place
from goldseal.files.tests.live import server
from goldseal.files.tests.makers import jpeg
from goldseal.inspections.tests.makers import NOW, signed_in
from tests.browser import chromium, chromium_path

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_db")]
Work = Callable[[], object]


class Desk:
    """One person's browser at one case."""

    def __init__(self, browser: Any, session: str, port: int, base: str) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.origin = f"http://127.0.0.1:{port}"
        self.cookie("session", session)
        self.page, self.root = self.context.new_page(), self.origin + base
        self.page.set_default_timeout(15_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))

    def cookie(self, name: str, value: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.origin}])

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

    def attach(self, photo: Path, **values: str) -> None:
        """Put a photo on the page's form for evidence, as it says it must be done."""
        form = self.page.locator("details:has(.upload)")
        form.locator("summary").click()
        self.fill(**values)
        form.locator("input[type=file]").set_input_files(str(photo))
        attests = form.locator("[data-upload-attest]")
        if attests.count():
            attests.check()
        form.locator(".upload-item[data-state=kept]").wait_for()
        self.press("Add them")

    def state(self) -> str:
        return str(self.page.locator("h1 .state").inner_text())

    def text(self, selector: str) -> str:
        return " ".join(str(self.page.locator(selector).first.inner_text()).split())


def with_one_browser(steps: Callable[[Any, Callable[[Work], None]], None]) -> None:
    """Run `steps(browser, ask)` in a thread of its own; what it asks for is done here, where the database is.

    Playwright's loop and Django's connections do not mix in one thread.
    """
    chromium_path()
    asked: Queue[tuple[Work, Future[None]]] = Queue()

    def ask(work: Work) -> None:
        done: Future[None] = Future()
        asked.put((work, done))
        done.result(timeout=60)

    def run() -> None:
        with chromium() as browser:
            steps(browser, ask)

    with ThreadPoolExecutor(1) as pool:
        story = pool.submit(run)
        while not story.done():
            try:
                work, done = asked.get(timeout=0.2)
            except Empty:
                continue
            try:
                work()
                done.set_result(None)
            except BaseException as problem:  # the story fails with it, not this thread
                done.set_exception(problem)
        story.result()


def contain(desk: Desk, owner: str) -> None:
    """From the list to the case: an owner, and pieces that must add up."""
    desk.open()
    desk.send(desk.page.locator("td.main a").first)
    assert "defective findings: 6 in a sample of 8 from a lot of 50 pieces" in desk.text("#d2")
    desk.fill(owner=owner, due_on="2027-02-01")
    desk.send(desk.page.locator("form[action$='assign/'] button"))
    desk.fill(
        place="Finishing, rack 4", in_lot="50", sorted="50", found_bad="6", rechecked="5", released="60"
    )
    desk.press("Record it")
    desk.page.wait_for_selector("text=Only pieces that were sorted good")
    desk.fill(released="49")
    desk.press("Record it")
    assert desk.page.locator("#d3 tbody td.end").all_inner_texts() == ["50", "50", "6", "5", "49", "1"]


def find_the_cause(desk: Desk, photo: Path) -> None:
    """Both chains with what proves them, the fishbone edited, Pareto, is / is not, the root causes."""
    case = desk.page.url
    desk.send(desk.page.locator("#d4").get_by_role("link", name="Pareto"))
    desk.open("pareto/?first=2026-03-01&last=2026-03-31&by=code")
    rows = [" ".join(row.split()) for row in desk.page.locator(".pareto-rows tbody tr").all_inner_texts()]
    assert [(row.split()[1], row.split()[-3:]) for row in rows] == [
        ("SW03", ["5", "83.3", "83.3"]),
        ("SW11", ["1", "16.7", "100.0"]),
    ]
    desk.page.goto(f"{case.partition('#')[0]}cause/")
    for chain, steps in (
        ("made", ("Loop slipped", "Point worn", "No interval")),
        ("detected", ("No light", "Not asked", "No rule")),
    ):
        for number, answer in enumerate(steps, 1):
            desk.page.fill(f"#{chain}-answer-{number}", answer)
            desk.page.fill(f"#{chain}-proof-{number}", f"Seen {number}")
        desk.send(desk.page.locator(f"#{chain} button"))
    step = desk.page.locator("[name=step] option").nth(2).get_attribute("value")
    desk.attach(photo, step=step or "")
    assert "Cause: 2. Point worn" in desk.text("#made")
    desk.fill(bone="machine", words="Worn points")
    desk.press("Add the cause")
    assert desk.page.locator(".fishbone .twig-suspected").count() == 1
    desk.page.locator("form[action*='/causes/'] [name=standing]").select_option("confirmed")
    desk.send(desk.page.locator("form[action*='/causes/'] button").first)
    assert desk.page.locator(".fishbone .twig-confirmed").count() == 1
    desk.fill(**{"is-where": "Machines 10 to 12", "is_not-where": "Machines 1 to 9"})
    desk.send(desk.page.locator("#compare button"))
    desk.send(desk.page.locator("#roots button"))  # the last answers of both chains are proposed
    assert [row.strip() for row in desk.page.locator("#d4 .root").all_inner_texts()] == ["No interval", "No rule"]  # fmt: skip


def plan(desk: Desk, owner: str, case: str) -> None:
    """An action, the effect check, the submission."""
    desk.send(desk.page.get_by_role("link", name="Plan an action"))
    desk.fill(type="machine", words="Change the points of all machines", owner=owner, due_on="2027-02-01")
    desk.press("Plan it")
    desk.send(desk.page.get_by_role("link", name="Set the effect check"))
    check(desk, case, since=1)
    desk.step("begin", "submit")
    assert desk.state() == "Submitted"


def check(desk: Desk, case: str, *, since: int) -> None:
    """Two inspections with sixteen pieces, from a day on."""
    day = (TODAY + timedelta(days=since)).isoformat()
    desk.fill(code="SW03", target="5", from_on=day, window_size="2", min_pieces="16")
    desk.press("Save")
    desk.open(f"{case}/")


def act(desk: Desk, photo: Path) -> None:
    """The owner does the action, shows it before and after, and says so."""
    desk.send(desk.page.locator("#d5 td.main a"))
    desk.step("begin")
    desk.attach(photo, purpose="before")
    desk.attach(photo, purpose="after")
    assert desk.page.locator(".photos img").count() == 2
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
    assert "The effect check decides" in desk.text("#steps")
    assert "2 inspections 16 pieces" in desk.text("#d8").replace("· ", "")


def refused_by_the_numbers(desk: Desk, case: str) -> None:
    """Not met: the case is open again, with the figures that say so."""
    desk.open(f"{case}/")
    assert desk.state() == "Reopened"
    assert "Not met" in desk.text("#d8")
    assert "5 in 16 pieces: 31.25 per 100" in desk.text("#d8")
    desk.send(desk.page.locator("#d8").get_by_role("link", name="Numbers"))
    check(desk, case, since=3)
    desk.step("begin", "submit")


def closed_by_the_numbers(desk: Desk, case: str) -> None:
    """Met in the second round: closed, on the boards, and in Bangla digits on a Bangla page."""
    desk.open(f"{case}/")
    assert desk.state() == "Closed"
    assert "0 in 16 pieces: 0.00 per 100" in desk.text("#d8")
    assert "Round 1: Not met, 5 in 16 pieces" in desk.text("#d8")
    assert desk.page.locator("#d5 .case-closed").count() == 1
    desk.open("board/")
    assert "1 / 2" in desk.text(".tiles")
    desk.cookie("language", "bn")
    desk.open(f"{case}/")
    assert desk.state() == "বন্ধ"
    assert "১৬ পিসে ০টি: প্রতি ১০০-তে ০.০০" in desk.text("#d8")
    assert "৩১.২৫" in desk.text("#history")
    assert not any(digit in desk.text("#d3 tbody td.end") for digit in "0123456789")
    on_a_phone(desk)


def on_a_phone(desk: Desk) -> None:
    """The next step first, the disciplines in order, causes as a list, and nothing wider than the screen."""
    desk.page.set_viewport_size({"width": 360, "height": 740})
    parts = ("#steps", "#d1", "#d2", "#d3", "#d4", "#d5", "#d7", "#d8")
    tops = [desk.page.locator(part).bounding_box()["y"] for part in parts]
    assert tops == sorted(tops)
    assert not desk.page.locator(".fishbone").is_visible()
    assert "Worn points" in desk.text(".bones")
    root = desk.page.locator("html")
    assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 1


def test_numbers_reopen_a_case_and_close_it_when_they_hold(tmp_path: Path) -> None:
    here = place()
    case = str(here.failed().pk)
    sessions = {person: signed_in(person).session.session_key or "" for person in (here.owner, here.manager)}
    photo = tmp_path / "points.jpg"
    photo.write_bytes(jpeg())
    faults: list[str] = []

    def done_in_march() -> None:
        """The pages run by the real clock, the inspections in March; only what follows the action counts."""
        with here.at.place.scope():
            Action.objects.filter(nonconformity=case).update(submitted_at=NOW)

    def story(browser: Any, ask: Callable[[Work], None]) -> None:
        owner = Desk(browser, sessions[here.owner], port, here.base)
        manager = Desk(browser, sessions[here.manager], port, here.base)
        contain(owner, str(here.owner.pk))
        find_the_cause(owner, photo)
        plan(owner, str(here.owner.pk), case)
        act(owner, photo)
        ask(done_in_march)
        review(manager, case)
        ask(lambda: here.later(1, ("SW03", "major", 5)))
        ask(lambda: here.later(2))
        refused_by_the_numbers(owner, case)
        manager.open(f"{case}/")
        assert "5 × SW03 in 16 pieces, 31.25 per 100 (target 5.00)" in manager.text("#history")
        manager.step("take_up", "approve", "verify")
        for days in (3, 4):
            ask(lambda days=days: here.later(days))
        closed_by_the_numbers(manager, case)
        faults.extend(owner.faults + manager.faults)

    with server() as (port, _pid):
        with_one_browser(story)
    assert [fault for fault in faults if "422" not in fault] == []
    with here.at.place.scope():
        closed = Nonconformity.objects.get(pk=case)
        assert (closed.verifier, closed.reopened_count) == (here.manager, 1)

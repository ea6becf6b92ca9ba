"""A quality day on a phone: rounds, taps, metal detection and the final, each recorded, signed and decided.

With `GOLDSEAL_TIMINGS=FILE` the seconds of each entry are written down (docs/how-to/quality-day.md).
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import PASSWORD, Floor, floor, signed_in
from goldseal.kit.clock import utc_now
from goldseal.ops.demo_day import plan_the_day

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_db")]
SECTIONS = (
    "quantity", "shipping_marks", "conformity", "packing", "labelling", "workmanship", "measurement", "onsite_tests",
    "special", "remarks",
)  # fmt: skip


class Phone:
    """The inspector's phone: opens pages of one workspace, taps, and keeps the time."""

    def __init__(self, browser: Any, session: str, port: int, base: str) -> None:
        context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True)
        context.add_cookies([{"name": "session", "value": session, "url": f"http://127.0.0.1:{port}"}])
        self.page, self.root = context.new_page(), f"http://127.0.0.1:{port}{base}"
        self.page.set_default_timeout(20_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.times: dict[str, list[float]] = {}

    def open(self, path: str) -> None:
        self.page.goto(self.root + path)

    def timed(self, what: str, act: Callable[[], Any]) -> None:
        begun = time.perf_counter()
        act()
        self.times.setdefault(what, []).append(time.perf_counter() - begun)

    def tap(self, what: str, selector: str, *, shows: str = "") -> None:
        """Tap, and wait until it is recorded: what is shown then, or the form's rest."""

        def act() -> None:
            self.page.locator(selector).first.click()
            if shows:
                self.page.wait_for_selector(shows)
            else:
                self.page.wait_for_selector(".is-sending", state="detached")

        self.timed(what, act)

    def sign(self, pk: str) -> None:
        self.open(f"{pk}/sign/")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("button[value=submit]")
        asked = self.page.locator("dialog[open] button[value=yes]")
        if asked.count():
            asked.click()
        self.page.wait_for_url(lambda url: "/sign/" not in url)


def rounds(phone: Phone, pk: str) -> None:
    phone.open(f"{pk}/record/")
    for operator in ("L-11", "L-12"):
        phone.page.fill("#operator", operator)
        phone.page.fill("#operation", "Linking shoulder")
        phone.tap(
            "visit of an operator", "#visit button.btn-primary", shows=f".result:has-text('{operator}')"
        )
    phone.sign(pk)


def taps(phone: Phone, pk: str) -> None:
    phone.open(f"{pk}/record/")
    for number in range(1, 11):
        shows = f"[data-counts=now] [data-count=passed][data-n='{number}']"
        phone.tap("tap at the endline", "#tap-pass", shows=shows)
    phone.page.wait_for_timeout(1500)
    phone.sign(pk)


def metal(phone: Phone, pk: str) -> None:
    phone.open(f"{pk}/record/")
    phone.tap("calibration", "button:has-text('All nine detected')", shows="text=detected at all nine")
    phone.page.fill("#scanned", "600")
    phone.tap("pieces scanned", ".count-form button", shows="text=Nothing is missing now")
    phone.sign(pk)


def final(phone: Phone, pk: str) -> None:
    record = f"{pk}/record/"
    phone.open(f"{record}cartons/")
    phone.page.fill("#rd-made", "600")
    phone.page.fill("#rd-packed", "600")
    phone.tap("readiness", "text=Confirm and show the cartons", shows=".carton input")
    for box in phone.page.locator(".carton input").all():
        box.check()
    phone.tap("cartons opened", "text=Save the opened cartons")
    for section in SECTIONS:
        phone.open(f"{record}{section}/")
        if section == "quantity":
            phone.tap("quantities", "text=Save the quantities")
        for number in range(phone.page.locator(".check .reply-pass").count()):
            shows = f".check >> nth={number} >> .reply-pass[aria-pressed=true]"
            phone.tap("check answered", f".check >> nth={number} >> .reply-pass", shows=shows)
        if section == "workmanship":
            phone.page.locator("[data-family] summary").nth(1).click()
            phone.page.locator("label.code:has-text('SW11')").first.click()
            phone.tap("defect", "text=Record this defect", shows="#found .found li")
        if section == "measurement":
            phone.open(f"{record}measurement/?piece=1&size=S&colour=Indigo")
            for place, value in enumerate(("48", "64", "78", "18", "6")):
                phone.page.locator("input[name$=-value]").nth(place).fill(value)
            phone.tap("five points measured", "button.btn-primary")
        verdict = "na" if section in ("special", "remarks") else "pass"
        phone.tap("section concluded", f"button[name='end-verdict'][value='{verdict}']")
    phone.sign(pk)


def test_a_quality_day_on_a_phone() -> None:
    at: Floor = floor()
    with at.place.scope():
        day = plan_the_day(inspector=at.inspector, actor=at.place.actor, now=utc_now())
        pks = {inspection.stage.code: str(inspection.pk) for inspection in day}
    session = signed_in(at.inspector).session.session_key or ""

    def steps(browser: Any) -> Phone:
        phone = Phone(browser, session, port, at.base)
        for code, play in (("LNK", rounds), ("END", taps), ("MTL", metal), ("FIN", final)):
            play(phone, pks[code])
        return phone

    with server() as (port, _pid):
        phone = in_browser(steps)
    assert phone.faults == []
    with at.place.scope():
        verdicts = {
            code: Inspection.objects.get(pk=pks[code]).verdict for code in ("LNK", "END", "MTL", "FIN")
        }
    assert verdicts == dict.fromkeys(verdicts, "pass")
    if os.environ.get("GOLDSEAL_TIMINGS"):
        medians = {name: statistics.median(values) for name, values in phone.times.items()}
        Path(os.environ["GOLDSEAL_TIMINGS"]).write_text(json.dumps(medians, indent=1))

"""A whole day of Floor without a network, the browser killed twice: what was tapped is what the server has.

`GOLDSEAL_FLOOR_PHOTOS=10` takes ten photos at each inspection, as on a real day; the suite takes one.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from goldseal.accounts.models import StaffPin
from goldseal.files.models import Attachment
from goldseal.files.tests.live import server
from goldseal.inspections.models import Inspection, InspectionEvent, Signature
from goldseal.inspections.selectors import events_of
from goldseal.inspections.snapshots import state_of
from goldseal.inspections.tests.makers import PASSWORD, Floor, floor, signed_in
from goldseal.kit.clock import utc_now
from goldseal.ops.demo_day import plan_the_day
from goldseal.workspaces.models import Device
from tests.browser import FLAGS, chromium_path

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_db")]
PIN = "482913"
PHOTOS = int(os.environ.get("GOLDSEAL_FLOOR_PHOTOS", "1"))
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
INSPECTIONS = 12


class Phone:
    """The inspector's phone, whose memory outlives its browser."""

    def __init__(self, folder: Path, port: int, session: str) -> None:
        self.folder, self.root, self.session = folder, f"http://127.0.0.1:{port}", session
        self.tapped: Counter[tuple[str, str]] = Counter()
        self.faults: list[str] = []

    @contextmanager
    def awake(self, *, online: bool) -> Iterator[Any]:
        """One life of the browser; it ends by SIGKILL, as when a phone's battery is empty."""
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                str(self.folder),
                executable_path=chromium_path(),
                args=[*FLAGS, *CAMERA],
                viewport={"width": 360, "height": 640},
                has_touch=True,
                locale="en",
                permissions=["camera"],
            )
            context.add_cookies([{"name": "session", "value": self.session, "url": self.root}])
            context.set_offline(not online)
            page = context.pages[0]
            page.set_default_timeout(30_000)
            page.on("pageerror", lambda error: self.faults.append(str(error)))
            page.goto(f"{self.root}/floor/")
            yield page
            self._kill()

    def _kill(self) -> None:
        found = subprocess.run(
            ["pgrep", "-f", f"user-data-dir={self.folder}"], capture_output=True, text=True
        ).stdout
        for process in found.split():
            os.kill(int(process), signal.SIGKILL)

    def unlock(self, page: Any) -> None:
        page.wait_for_selector(".pin-keys")
        for digit in PIN:
            page.locator(f".pin-keys button:text-is('{digit}')").click()
        page.wait_for_selector(".work-row")

    def open(self, page: Any, pk: str, part: str = "") -> None:
        page.goto(f"{self.root}/floor/#/i/{pk}{part}")
        page.wait_for_selector(".inspection-bar")

    def photo(self, page: Any, pk: str) -> None:
        """Through the camera of the phone, marked or not, and kept."""
        page.locator("main button", has_text="Photo").first.click()
        confirm, shutter = (
            page.get_by_role("button", name="I confirm"),
            page.locator("button.shutter:not([disabled])"),
        )
        confirm.or_(shutter).first.wait_for()
        if confirm.is_visible():
            confirm.click()
        shutter.click()
        page.get_by_role("button", name="Keep", exact=True).click()
        page.wait_for_selector(".sheet, [role=dialog]", state="detached")
        self.tapped[pk, "photo_attached"] += 1

    def photos(self, page: Any, pk: str) -> None:
        self.open(page, pk, "/remarks")
        for taken in range(PHOTOS):
            self.photo(page, pk)
            page.locator("ul.lines > li").nth(taken).wait_for()

    def defects(self, page: Any, pk: str) -> None:
        self.open(page, pk, "/section/workmanship")
        for number in range(3):
            page.locator(".tile").nth(number).click()
            page.locator(".sheet-foot button").click()
            page.locator("ul.lines > li").nth(number).wait_for()
            self.tapped[pk, "defect_recorded"] += 1

    def taps(self, page: Any, pk: str) -> None:
        self.open(page, pk)
        for _ in range(5):
            page.locator("button.tap-pass").click()
            self.tapped[pk, "pieces_tallied"] += 1

    def answers(self, page: Any, pk: str) -> None:
        self.open(page, pk)
        for number in range(3):
            page.locator(".question").nth(number).locator(".reply").first.click()
            page.wait_for_selector(f".question >> nth={number} >> .reply[aria-pressed=true]")
            self.tapped[pk, "item_answered"] += 1

    def calibration(self, page: Any, pk: str) -> None:
        self.open(page, pk)
        page.get_by_role("button", name="All nine detected").click()
        page.get_by_role("button", name="Save the calibration").click()
        page.wait_for_selector("text=Calibration good")
        self.tapped[pk, "calibration_recorded"] += 1

    def sign(self, page: Any, pk: str) -> None:
        self.open(page, pk, "/sign")
        page.get_by_role("button", name="Sign with PIN").click()
        for digit in PIN:
            page.locator(f".pin-keys button:text-is('{digit}')").click()
        page.get_by_role("button", name="Hand in").click()
        page.wait_for_selector("text=Handed in")


def played(phone: Phone, pks: dict[str, str]) -> float:
    """The day; the seconds from the network's return until all is safe on the server."""
    everything = list(pks.values())[:INSPECTIONS]
    with phone.awake(online=True) as page:
        page.wait_for_selector("form input")
        page.get_by_label("Name of this phone").fill("Tablet line 3")
        page.get_by_label("Choose a PIN").fill(PIN)
        page.get_by_label("The PIN once more").fill(PIN)
        page.get_by_label("Your password").fill(PASSWORD)
        page.locator("form button[type=submit]").click()
        page.get_by_role("button", name="Take the work down").click()
        page.wait_for_selector(".work-row")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.context.set_offline(True)
        phone.defects(page, pks["FIN"])
        for pk in everything[:4]:
            phone.photos(page, pk)
    with phone.awake(online=False) as page:
        phone.unlock(page)
        phone.taps(page, pks["END"])
        phone.answers(page, pks["PPM"])
        for pk in everything[4:8]:
            phone.photos(page, pk)
    with phone.awake(online=False) as page:
        phone.unlock(page)
        phone.calibration(page, pks["MTL"])
        for pk in everything[8:]:
            phone.photos(page, pk)
        phone.sign(page, pks["PPM"])
        page.goto(f"{phone.root}/floor/#/")
        page.wait_for_selector(".work-row")
        assert "Offline" in page.inner_text("header")
        page.context.set_offline(False)
        begun = time.monotonic()
        page.evaluate("window.dispatchEvent(new Event('online'))")
        unsafe = page.locator(".work-row").filter(has_not_text="Safe on the server")
        while unsafe.count():
            assert time.monotonic() < begun + 180, unsafe.all_inner_texts()
            page.wait_for_timeout(100)
        return time.monotonic() - begun


def test_a_day_without_a_network_arrives_whole(tmp_path: Path, capsys: Any) -> None:
    at: Floor = floor()
    with at.place.scope():
        day = plan_the_day(inspector=at.inspector, actor=at.place.actor, now=utc_now())
        pks = {inspection.stage.code: str(inspection.pk) for inspection in day}
    session = signed_in(at.inspector).session.session_key or ""
    with server() as (port, _pid):
        phone = Phone(tmp_path / "phone", port, session)
        with ThreadPoolExecutor(1) as pool:  # Playwright's loop and Django's connections do not mix
            seconds = pool.submit(played, phone, pks).result()
    assert phone.faults == []
    with at.place.scope():
        found = Counter(
            (str(row.inspection_id), row.kind)
            for row in InspectionEvent.objects.all()
            if row.kind not in ("signed", "submitted")
        )
        assert found == phone.tapped
        named = {row.body["sha256"] for row in InspectionEvent.objects.filter(kind="photo_attached")}
        kept = Attachment.objects.values_list("sha256", "original_sha256")
        assert named <= {digest for pair in kept for digest in pair}  # the fake camera repeats its pictures
        signed = Signature.objects.get()
        assert (str(signed.inspection_id), signed.method) == (pks["PPM"], "device_pin")
        handed_in = Inspection.objects.get(pk=pks["PPM"])
        assert handed_in.state == "decided"
        assert signed.record_hash == state_of(handed_in, events_of(handed_in)).content_hash
        assert Device.objects.get().events_waiting == 0
    assert StaffPin.objects.filter(user=at.inspector).exists()
    with capsys.disabled():
        if PHOTOS > 1:
            entries = sum(phone.tapped.values())
            sys.stdout.write(f"\n{entries} entries safe {seconds:.1f} s after the network came back\n")

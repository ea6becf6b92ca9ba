"""A person adds photos in a real browser: progress, a refusal in words, a broken connection, no script at all."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from goldseal.files.models import Attachment, UploadAttestation
from goldseal.files.tests import makers
from goldseal.files.tests.live import BreakingNetwork, server
from goldseal.files.tests.people import Person, owner
from tests.browser import chromium, chromium_path

pytestmark = pytest.mark.browser


@pytest.fixture
def alice(committed_db) -> Person:
    return owner("alice")


def in_browser(steps):
    """Run `steps(browser)` in a thread of its own: Playwright's loop and Django's connections do not mix."""

    chromium_path()  # skips, or fails, in the test's own thread

    def run():
        with chromium() as browser:
            return steps(browser)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def page_of(browser, session: str, port: int, **options):
    context = browser.new_context(viewport={"width": 360, "height": 740}, **options)
    context.add_cookies([{"name": "session", "value": session, "url": f"http://127.0.0.1:{port}"}])
    return context.new_page()


def photo(tmp_path: Path, name: str = "side seam.jpg", size: tuple[int, int] = (1600, 1200)) -> Path:
    path = tmp_path / name
    path.write_bytes(makers.encoded(makers.picture(*size), "JPEG", quality=95))
    return path


def signed_in(person: Person) -> str:
    return person.client().session.session_key or ""


def test_photos_go_up_at_once_and_a_refusal_is_said(alice: Person, tmp_path: Path) -> None:
    session, seam = signed_in(alice), photo(tmp_path)
    drawing = tmp_path / "drawing.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    faults: list[str] = []

    def steps(browser) -> None:
        page = page_of(browser, session, port)
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}{alice.base}add/")
        page.set_input_files("input[type=file]", [str(seam), str(drawing)])
        assert page.locator(".upload-item").count() == 0, "nothing is sent before the confirmation"
        page.check("[data-upload-attest]")
        page.wait_for_selector(".upload-item[data-state=kept]")
        page.wait_for_selector(".upload-item[data-state=refused]")
        assert "SVG drawings can carry programs" in page.inner_text(".upload-item[data-state=refused]")
        assert page.locator(".upload-item[data-state=kept] img").is_visible()
        page.click("form.card .btn-primary")
        page.wait_for_selector(".upload-photo")
        # Decoded by the page itself: a condition polled as text would need eval, which the page forbids.
        shown = page.locator(".upload-photo").evaluate("async img => (await img.decode(), img.naturalWidth)")
        assert shown == 1400

    with server() as (port, _pid):
        in_browser(steps)
    assert [fault for fault in faults if "422" not in fault] == []
    with alice.scope():
        assert [row.name for row in Attachment.objects.all()] == ["side seam.jpg"]
        assert UploadAttestation.objects.count() == 1


def test_bad_wifi_is_waited_out(alice: Person, tmp_path: Path) -> None:
    alice.attests()
    session, path = signed_in(alice), tmp_path / "noise.png"
    noise = Image.effect_noise((1500, 1200), 80).convert("RGB")
    path.write_bytes(makers.encoded(noise, "PNG"))
    assert path.stat().st_size > 1_000_000

    def steps(browser) -> None:
        page = page_of(browser, session, network.port)
        page.goto(f"http://127.0.0.1:{network.port}{alice.base}add/")
        page.set_input_files("input[type=file]", str(path))
        page.wait_for_selector(".upload-item[data-state=kept]", timeout=30_000)

    with server() as (port, _pid), BreakingNetwork(port, [400_000, 300_000]) as network:
        in_browser(steps)
        assert network.cut == 2
    with alice.scope():
        row = Attachment.objects.get()
    assert row.original_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_scripts_the_form_sends_the_photo(alice: Person, tmp_path: Path) -> None:
    session, seam = signed_in(alice), photo(tmp_path)

    def steps(browser) -> None:
        page = page_of(browser, session, port, java_script_enabled=False)
        page.goto(f"http://127.0.0.1:{port}{alice.base}add/")
        page.set_input_files("input[type=file]", str(seam))
        page.check("[data-upload-attest]")
        page.click("form.card .btn-primary")
        page.wait_for_selector(".upload-photo")

    with server() as (port, _pid):
        in_browser(steps)
    with alice.scope():
        assert Attachment.objects.get().kind == "photo"

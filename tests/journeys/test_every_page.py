"""Every main page in a real browser: both languages, phone and desk; nothing blocked, nothing cut off, axe content."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goldseal.files.tests.live import server
from goldseal.kit.permissions import Role
from goldseal.ops.demo import demo_address, demo_password, run_bundle
from goldseal.ops.sample.bundle import SAMPLE, load_bundle
from tests.browser import chromium, chromium_path, sign_in
from tests.matrix.household import NOW
from tests.plugin import PROJECT

pytestmark = [pytest.mark.browser]

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
PUBLIC = [
    "/",
    "/floor/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/verify/",
    "/switch/",
]
INSIDE = [
    "/workspaces/?all",
    "/profile/",
    "/profile/pin/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/w/demo/",
    "/w/demo/inspections/",
    "/w/demo/inspections/live/",
    "/w/demo/inspections/new/",
    "/w/demo/inspections/day/",
    "/w/demo/audits/",
    "/w/demo/audits/new/",
    "/w/demo/catalog/checklists/audits/",
    "/w/demo/reports/",
    "/w/demo/reports/packs/",
    "/w/demo/catalog/orders/",
    "/w/demo/catalog/buyers/",
    "/w/demo/catalog/styles/",
    "/w/demo/catalog/sites/",
    "/w/demo/catalog/stages/",
    "/w/demo/catalog/defects/",
    "/w/demo/people/",
    "/w/demo/people/invite/",
    "/w/demo/devices/",
    "/w/demo/activity/",
    "/w/demo/roles/",
    "/w/demo/grants/",
    "/w/demo/tokens/",
    "/w/demo/settings/",
    "/w/demo/privacy/",
    "/w/demo/privacy/erase/",
]


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, Any]]:
    from django.db import connection

    from tests.plugin import DATABASE, SERVER, use_database

    chromium_path()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright's loop runs in this thread; ours is synchronous
    )
    name = f"{DATABASE}_pages"
    with django_db_blocker.unblock():
        SERVER.copy(name)
        use_database(connection, name)
        try:
            run_bundle(load_bundle(SAMPLE), now=NOW)
            with server() as (port, _pid), chromium() as browser:
                yield f"http://127.0.0.1:{port}", browser
        finally:
            use_database(connection, DATABASE)
            SERVER.drop(name)


def looked_at(page: Any, url: str, *, run_axe: bool) -> list[str]:
    """What is wrong with a page, in sentences."""
    problems: list[str] = []
    page.on("console", lambda m: problems.append(f"console: {m.text[:200]}") if m.type == "error" else None)
    response = page.goto(url)
    page.wait_for_load_state("load")
    if response.status != 200:
        problems.append(f"status {response.status}")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 1:
        problems.append(f"{wide} px wider than the screen")
    if run_axe:
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        for violation in found["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = violation["nodes"][0]["target"]
                problems.append(f"axe {violation['id']}: {violation['help']} at {where}")
    return problems


@pytest.mark.parametrize(
    ("theme", "width", "language"),
    [("light", 1280, "en"), ("dark", 360, "bn")],
)
def test_pages_are_whole_and_accessible(
    house: tuple[str, Any], language: str, width: int, theme: str
) -> None:
    base, browser = house
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True, locale=language)
    context.add_cookies(
        [{"name": n, "value": v, "url": base} for n, v in (("language", language), ("theme", theme))]
    )
    wrong: dict[str, list[str]] = {}
    try:
        for path in PUBLIC:
            page = context.new_page()
            problems = looked_at(page, base + path, run_axe=AXE.exists())
            page.close()
            if problems:
                wrong[path] = problems
        page = context.new_page()
        sign_in(page, base, demo_address(Role.OWNER), demo_password())
        page.close()
        for path in INSIDE:
            page = context.new_page()
            problems = looked_at(page, base + path, run_axe=AXE.exists())
            page.close()
            if problems:
                wrong[path] = problems
    finally:
        context.close()
    assert not wrong, "\n".join(f"{path}: {problem}" for path, found in wrong.items() for problem in found)


def test_nothing_is_blocked_by_the_policy_and_nothing_comes_from_elsewhere(house: tuple[str, Any]) -> None:
    base, browser = house
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    blocked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: blocked.append(m.text) if "Content Security Policy" in m.text else None)
    sign_in(page, base, demo_address(Role.OWNER), demo_password())
    for path in INSIDE:
        page.goto(base + path)
        page.wait_for_load_state("load")
    context.close()
    assert blocked == []
    assert [url for url in asked if not url.startswith((base, "data:", "blob:"))] == []


def test_language_and_appearance_are_switched_by_hand(house: tuple[str, Any]) -> None:
    base, browser = house
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en", color_scheme="light")
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    menu = page.locator("details.menu", has=page.locator("[name=language]"))
    menu.locator("summary").click()
    menu.locator("button[value=bn]").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "bn"
    menu.locator("summary").click()
    menu.locator("[data-set-theme=dark]").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    context.close()


def test_a_report_dropped_on_the_verification_page(house: tuple[str, Any], tmp_path: Path) -> None:
    from django.conf import settings

    base, browser = house
    paper = next((settings.STATE_FOLDER / "demo").glob("*.pdf"))
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(paper.read_bytes() + b"\n% one more line\n")
    context = browser.new_context()
    page = context.new_page()
    for file, word in ((paper, "Valid"), (altered, "Altered")):
        page.goto(f"{base}/verify/")
        page.set_input_files("input[type=file]", str(file))
        submit = page.locator("main button[type=submit]:visible, main button.btn-primary:visible")
        if submit.count():
            submit.first.click()
        page.locator("main").get_by_text(word).first.wait_for(timeout=20_000)
    context.close()


def test_a_form_keeps_what_was_typed_and_says_what_is_wrong(house: tuple[str, Any]) -> None:
    base, browser = house
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, base, demo_address(Role.OWNER), demo_password())
    page.goto(f"{base}/w/demo/people/invite/")
    page.fill("[name=email]", "not an address")
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()
    assert page.input_value("[name=email]") == "not an address"
    field = page.locator("[name=email]")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby") or ""
    assert any(page.locator(f"#{key}").inner_text() for key in described.split())
    context.close()


def test_the_keyboard_is_enough(house: tuple[str, Any]) -> None:
    base, browser = house
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, base, demo_address(Role.OWNER), demo_password())
    page.goto(f"{base}/w/demo/catalog/defects/")
    page.keyboard.press("/")
    page.keyboard.type("KN01")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=KN01**")
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("?")
    assert page.locator("#keys-dialog").is_visible()
    page.keyboard.press("Escape")
    page.locator("#keys-dialog").wait_for(state="hidden")
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/w/demo/")
    context.close()


def test_what_cannot_be_undone_asks_first_and_then_happens(house: tuple[str, Any]) -> None:
    base, browser = house
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, base, demo_address(Role.OWNER), demo_password())
    page.goto(f"{base}/w/demo/reports/")
    page.locator("table.list tbody a").first.click()
    page.wait_for_load_state()
    anew = page.locator("form[action$='/reissue/'] button")
    anew.click()
    dialog = page.locator("#confirm-dialog")
    assert dialog.is_visible()
    dialog.locator("button[value=no]").click()
    assert page.locator(".versions > li").count() == 1
    anew.click()
    dialog.locator("button[value=yes]").click()
    page.locator(".versions > li").nth(1).wait_for(timeout=15_000)
    context.close()

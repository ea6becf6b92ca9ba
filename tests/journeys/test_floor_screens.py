"""Every screen of Floor on a small phone, in Bangla at night and in English by day: whole, reachable and in one language."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from goldseal.catalog.models import Stage
from goldseal.files.tests.live import server
from goldseal.inspections import services as inspecting
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import PASSWORD, Floor, floor, signed_in
from goldseal.kit.clock import utc_now
from goldseal.kit.ids import new_id
from goldseal.ops.demo_day import plan_the_day
from goldseal.workspaces.device_services import revoke_device
from goldseal.workspaces.models import Device
from tests.browser import FLAGS, chromium_path
from tests.plugin import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("committed_db")]
PIN = "482913"
AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
WORDS = PROJECT / "floor" / "src" / "words"
DEVICE = "Tablet line 3"
POINTS = [True] * 8 + [False]
# What stands in the record before the phone takes the day down, so that every screen has something to show.
RECORDED: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "FIN": [
        ("readiness_confirmed", {"made": 600, "packed": 600}),
        ("defect_recorded", {"code": "SW03", "severity": "major", "zone": "A", "size": "M"}),
        ("piece_measured", {"piece_no": 1, "size": "S", "pom": "P01", "value": "50.5", "unit": "cm"}),
        ("remark_written", {"section": "packing", "text": "ভাঁজ"}),
        # Said twice, and not as a correction: the person chooses.
        ("check_answered", {"section": "packing", "check": "{check}", "answer": "pass"}),
        ("check_answered", {"section": "packing", "check": "{check}", "answer": "fail"}),
    ],
    "END": [
        ("pieces_tallied", {"hour": 9, "passed": 12}),
        ("pieces_tallied", {"hour": 9, "altered": 1, "defects": [{"code": "SW02", "zone": "B"}]}),
    ],
    "LNK": [
        (
            "operator_checked",
            {
                "round": 1,
                "operator": "রহিমা",
                "operation": "কলার",
                "pieces": 7,
                "defects": [{"code": "SW01", "severity": "critical", "count": 3}],
            },
        )
    ],
    "MTL": [
        ("calibration_recorded", {"machine": "MD-1", "hour": 9, "card_mm": "1.2", "points": POINTS}),
        ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 100}),
        ("needle_broken", {"machine": "MD-1", "hour": 9, "needle": "DB×1 14", "is_whole_found": False}),
    ],
    "PKG": [("carton_checked", {"carton": 4, "pieces": 19, "is_mark_right": False})],
    "FAB": [
        (
            "roll_inspected",
            {"roll": "R1", "length": "80", "length_unit": "m", "width": "150", "width_unit": "cm"},
        ),
        ("flaw_recorded", {"roll": "R1", "at": "12", "code": "FC01", "size": "20", "unit": "cm"}),
    ],
}
SECTIONS = ("quantity", "shipping_marks", "conformity", "packing", "labelling", "workmanship", "measurement")
# The screens of an inspection by its stage, and what to tap once there.
SCREENS: tuple[tuple[str, str, str], ...] = (
    ("FIN", "", ""),
    *(("FIN", f"/section/{section}", "") for section in SECTIONS),
    ("FIN", "/section/workmanship", ".tile"),
    ("FIN", "/section/measurement", ".point"),
    ("FIN", "/draw", ""),
    ("FIN", "/sign", ""),
    ("FIN", "/history", ""),
    ("FIN", "/remarks", ""),
    ("END", "", ""),
    ("END", "/hours", ""),
    ("LNK", "", ""),
    ("LNK", "/visit/রহিমা/কলার", ""),
    ("PPM", "", ""),
    ("FAB", "", ""),
    ("FAB", "/roll/R1", ""),
    ("FAB", "/roll/R1", ".tile"),
    ("WSH", "", ""),
    ("MTL", "", ""),
    ("MTL", "", ".chip >> nth=3"),
    ("PKG", "", ""),
    ("PKG", "/carton/4", ""),
)
# What a person can see and touch, in one look: the texts, the targets that are too small, what is too wide.
LOOK = """() => {
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const top = document.querySelector("dialog[open]") ?? document.body;
  const texts = new Set();
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) if (node.parentElement.closest("script, [lang=en]") === null && shown(node.parentElement)) texts.add(node.data.trim());
  for (const one of top.querySelectorAll("[aria-label], [placeholder], [title]")) for (const name of ["aria-label", "placeholder", "title"]) texts.add(one.getAttribute(name) ?? "");
  for (const one of top.querySelectorAll("input:not([type=file]):not([type=checkbox])")) if (shown(one)) texts.add(one.value);
  const small = [];
  for (const one of top.querySelectorAll("button, a[href], input:not([type=file]), select, textarea, summary")) {
    if (!shown(one)) continue;
    const box = (one.type === "checkbox" ? one.closest("label") ?? one : one).getBoundingClientRect();
    if (box.width < 44 || box.height < 44) small.push(`${one.tagName.toLowerCase()}.${one.className} ${(one.innerText || one.ariaLabel || "").slice(0, 30)} ${box.width.toFixed(0)} × ${box.height.toFixed(0)}`);
  }
  const wide = [document.documentElement, ...document.querySelectorAll("dialog[open]")].map((one) => one.scrollWidth - one.clientWidth);
  return { texts: [...texts].filter(Boolean), small, wide: Math.max(...wide) };
}"""


def _said(language: str) -> list[str]:
    return re.findall(r': "((?:[^"\\]|\\.)*)"', (WORDS / f"{language}.ts").read_text(encoding="utf-8"))


def _words(texts: list[str]) -> set[str]:
    return {
        word.lower() for text in texts for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}", "", text))
    }


class Screens:
    """One phone that looks at screen after screen and keeps what is wrong with each."""

    def __init__(self, port: int, session: str, pks: dict[str, str], names: list[str], *, by: str) -> None:
        self.wants_revoke, self.is_revoked = Event(), Event()
        self.holder, self.by = names[0], by
        self.root, self.session, self.pks = f"http://127.0.0.1:{port}/floor/", session, pks
        self.wrong: list[str] = []
        self.looked = 0
        # English words of ours that Bangla does not have too, and that are no name in the data.
        self.english = _words(_said("en")) - _words(_said("bn")) - _words(names)
        self.names = set(" ".join(names).split())

    def see(self) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            # The policy forbids foreign scripts; the checker is one.
            context = browser.new_context(
                viewport={"width": 360, "height": 640}, has_touch=True, locale="en", bypass_csp=True
            )
            context.add_cookies([{"name": "session", "value": self.session, "url": self.root}])
            context.add_init_script(path=str(AXE))
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
            self._enrol(page)
            for language, theme in (("bn", "dark"), ("en", "light")):
                page.goto(f"{self.root}#/settings")
                self._dress(page, language, theme)
                for stage, part, tap in SCREENS:
                    self._open(page, stage, part, tap)
                    if part == "/draw":
                        self._tick_a_piece(page, is_again=language == "en")
                    self._look(page, f"{language} {stage}{part} {tap}", is_bangla=language == "bn")
                page.goto(f"{self.root}#/")
                page.wait_for_selector(".work-row")
                self._look(page, f"{language} day", is_bangla=language == "bn")
                page.reload()
                page.wait_for_selector(".pin-keys")
                self._look(page, f"{language} unlock", is_bangla=language == "bn")
                self._type_pin(page)
            self._hand_in_a_file(page)
            self._see_a_cleared_phone(page)
            browser.close()

    def _hand_in_a_file(self, page: Any) -> None:
        """Work that was saved from another phone: one's own is taken in, somebody else's is not."""
        page.goto(f"{self.root}#/settings")
        for by, said in (
            (str(new_id()), "Whoever recorded it"),
            (self.by, "Taken in: entries 1, photos 0"),
        ):
            event = {
                "id": str(new_id()),
                "kind": "remark_written",
                "at": "2026-03-14T09:30:00Z",
                "by": by,
                "device": "floor:lost:1",
                "body": {"section": "packing", "text": "saved"},
                "supersedes": [],
            }
            entry = {"inspection": self.pks["FIN"], "sending": "unsent", "reason": "", "event": event}
            saved = {"format": "goldseal-floor-unsent/1", "events": [entry], "acts": [], "photos": []}
            file = {
                "name": "saved.json",
                "mimeType": "application/json",
                "buffer": json.dumps(saved).encode(),
            }
            page.locator("input[type=file]").set_input_files(file)
            page.wait_for_selector(f"text={said}")
        page.goto(f"{self.root}#/")
        page.wait_for_selector(".work-row")
        rows = "[...document.querySelectorAll('.work-row')]"
        page.wait_for_function(f"{rows}.every((one) => one.innerText.includes('Safe on the server'))")

    def _see_a_cleared_phone(self, page: Any) -> None:
        """At its first contact after it was revoked the phone is empty, and names nobody any more."""
        self.wants_revoke.set()
        assert self.is_revoked.wait(30)
        page.goto(f"{self.root}#/settings")
        page.get_by_role("button", name="Send now").click()
        page.wait_for_selector("text=it was cleared")
        page.wait_for_selector("a[href^='/accounts/login']")
        shown = page.inner_text("body")
        if page.locator(".person, .pin-keys").count() or self.holder in shown:
            self.wrong.append(f"a cleared phone still shows: {shown}")
        self._look(page, "en cleared", is_bangla=False)

    def _tick_a_piece(self, page: Any, *, is_again: bool) -> None:
        """What was ticked before the app was started anew is ticked still."""
        ticked = page.locator(".take[aria-pressed=true]")
        if is_again and ticked.count() != 1:
            self.wrong.append(f"draw: {ticked.count()} pieces are ticked after a restart, not 1")
        if not is_again:
            page.locator(".take").nth(1).click()
            ticked.wait_for()

    def _enrol(self, page: Any) -> None:
        page.goto(self.root)
        page.wait_for_selector("form input")
        page.get_by_label("Name of this phone").fill(DEVICE)
        page.get_by_label("Choose a PIN").fill(PIN)
        page.get_by_label("The PIN once more").fill(PIN)
        page.get_by_label("Your password").fill(PASSWORD)
        page.locator("form button[type=submit]").click()
        page.get_by_role("button", name="Take the work down").click()
        page.wait_for_selector(".work-row")

    def _type_pin(self, page: Any) -> None:
        page.wait_for_selector(".pin-keys")
        page.keyboard.type(PIN)
        page.wait_for_selector(".work-row")

    def _dress(self, page: Any, language: str, theme: str) -> None:
        page.locator(f".chip-{language}").click()
        if language == "bn":
            page.locator(".chip-beng").click()
        page.locator(f".chip-{theme}").click()
        page.wait_for_selector(f"html[lang={language}][data-theme={theme}]")
        self._look(page, f"{language} settings", is_bangla=language == "bn")

    def _open(self, page: Any, stage: str, part: str, tap: str) -> None:
        page.goto(f"{self.root}#/i/{self.pks[stage]}{part}")
        page.wait_for_selector(".inspection-bar")
        page.wait_for_selector(".page > *")
        if tap:
            page.locator(tap).first.click()
            page.wait_for_timeout(150)
        page.evaluate("document.querySelectorAll('details:not(.family)').forEach((one) => (one.open = true))")
        family = page.locator("details.family")
        if family.count() and not tap:
            family.first.evaluate("(one) => (one.open = true)")
        page.wait_for_timeout(60)

    def _look(self, page: Any, name: str, *, is_bangla: bool) -> None:
        self.looked += 1
        seen = page.evaluate(LOOK)
        self.wrong += [f"{name}: too small: {target}" for target in seen["small"]]
        if seen["wide"] > 0:
            self.wrong.append(f"{name}: {seen['wide']} px wider than the screen")
        if is_bangla:
            for text in seen["texts"]:
                text = re.sub(r"\b[A-Z]{2,4}-\d+\b", "", text)  # codes of inspections, orders and styles
                english = sorted(_words([text]) & self.english)
                latin = [
                    one
                    for one in re.split(r"[\s·,;()–|×]+", text)
                    if re.fullmatch(r"[+−±-]?[0-9][0-9.:/%]*", one)
                ]
                latin = [one for one in latin if one not in self.names]
                if english or latin:
                    self.wrong.append(f"{name}: {', '.join(english + latin)} in “{text}”")
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], elementRef: false})")
        for violation in found["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = [node["target"][0] for node in violation["nodes"]][:3]
                self.wrong.append(f"{name}: axe {violation['id']}: {violation['help']} at {where}")


def _record(at: Floor, inspection: Inspection, kind: str, body: dict[str, Any]) -> None:
    checks = inspection.checklist.get("packing") if inspection.stage.code == "FIN" else None
    now = utc_now()
    said = {
        key: checks[0]["check"] if value == "{check}" and checks else value for key, value in body.items()
    }
    event = {
        "id": str(new_id()),
        "kind": kind,
        "at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "by": str(at.inspector.pk),
        "device": "office",
        "body": said,
        "supersedes": [],
    }
    inspecting.apply_events(inspection_id=inspection.pk, events=[event], actor=at.actor, now=now)


def test_screens_are_whole_reachable_and_in_one_language() -> None:
    at = floor()
    with at.place.scope():
        now = utc_now()
        day = plan_the_day(inspector=at.inspector, actor=at.place.actor, now=now)
        fabric = inspecting.PlanRequest(
            order_id=day[0].order_id,
            stage_id=Stage.objects.get(code="FAB").pk,
            planned_on=now.date(),
            inspector_id=at.inspector.pk,
            lot_size=30,
        )
        day.append(inspecting.plan_inspection(request=fabric, actor=at.place.actor, now=now))
        by_stage = {inspection.stage.code: inspection for inspection in day}
        for stage, entries in RECORDED.items():
            for kind, body in entries:
                _record(at, by_stage[stage], kind, body)
        first = day[0]
        names = [
            at.inspector.name,
            at.place.workspace.name,
            DEVICE,
            first.order.style.buyer.name,
            "Meghna Spinning (demo) Indigo Ecru S M L HARBOUR CARTON DB 1 14 2859-1 123 English",
            *(inspection.line.name for inspection in day if inspection.line),
            *(inspection.site.name for inspection in day if getattr(inspection, "site", None)),
        ]
    session = signed_in(at.inspector).session.session_key or ""
    with server() as (port, _pid):
        pks = {stage: str(inspection.pk) for stage, inspection in by_stage.items()}
        screens = Screens(port, session, pks, names, by=str(at.inspector.pk))
        with ThreadPoolExecutor(1) as pool:  # Playwright's loop and Django's connections do not mix
            seeing = pool.submit(screens.see)
            while not (screens.wants_revoke.wait(0.1) or seeing.done()):
                pass
            with at.place.scope():
                for device in Device.objects.all():
                    revoke_device(device_id=device.pk, actor=at.place.actor, now=utc_now())
            screens.is_revoked.set()
            seeing.result()
    with at.place.scope():
        assert InspectionEvent.objects.get(device="floor:lost:1").received_by_id == at.inspector.pk
    assert screens.looked == 2 * (len(SCREENS) + 3) + 1
    assert not screens.wrong, "\n".join(dict.fromkeys(screens.wrong))

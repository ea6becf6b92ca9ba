"""How long a tap takes late in the day: 2 000 defects and 300 photos on the phone, a processor four times slower.

Start `node floor/dev/serve.mjs 8790 real`, then `python floor/dev/taps.py [port]`. Each figure is the median of the time
from the tap to the first frame that shows it, and to the record being on the disk.
"""

import statistics
import sys
from typing import Any

from playwright.sync_api import sync_playwright

DEFECTS, PHOTOS, TAPS = 2000, 300, 15
PIN = "482913"

FILL = """async ([pk, defects, photos]) => {
  const handle = window.floorForLooking.inspection(pk);
  await handle.ready;
  for (let i = 0; i < photos; i += 1) await handle.addPhoto(new Blob([new Uint8Array(20000).fill(i & 255), `${i}`], { type: "image/jpeg" }), "packing");
  const zones = ["A", "B", "C"], codes = ["SW03", "SW02", "KN02", "FN01"];
  const day = [];
  for (let i = 0; i < defects; i += 1) day.push(handle.record("defect_recorded", { code: codes[i % 4], severity: i % 7 ? "minor" : "major", zone: zones[i % 3] }));
  await Promise.all(day);
}"""
COUNT = """async ([pk, taps]) => {
  const handle = window.floorForLooking.inspection(pk);
  await handle.ready;
  const day = [];
  for (let i = 0; i < taps; i += 1) day.push(handle.record("pieces_tallied", i % 9 ? { hour: 9, passed: 1 } : { hour: 9, altered: 1, defects: [{ code: "SW03", count: 1, zone: "A" }] }));
  await Promise.all(day);
}"""
# From the click to the frame after the first change of the watched place, and until the record has grown.
WATCH = """([pk, button, place]) => new Promise((resolve) => {
  const handle = window.floorForLooking.inspection(pk);
  const before = handle.state.value.known.size;
  const times = { shown: 0, kept: 0 };
  const begun = performance.now();
  const end = () => { if (times.shown && (times.kept || times.kept === null)) { seen.disconnect(); resolve(times); } };
  const seen = new MutationObserver(() => { if (!times.shown) { times.shown = -1; requestAnimationFrame(() => { const channel = new MessageChannel(); channel.port1.onmessage = () => { times.shown = performance.now() - begun; end(); }; channel.port2.postMessage(0); }); } });
  seen.observe(document.querySelector(place), { childList: true, subtree: true, characterData: true, attributes: true });
  const stop = handle.state.subscribe((state) => { if (state.known.size > before) { times.kept = performance.now() - begun; setTimeout(() => stop(), 0); end(); } });
  if (button.startsWith("!")) { times.kept = null; button = button.slice(1); }
  document.querySelector(button).click();
  setTimeout(() => resolve(times), 4000);
})"""


def main() -> None:
    root = f"http://127.0.0.1:{sys.argv[1] if len(sys.argv) > 1 else 8790}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True).new_page()
        page.on("pageerror", lambda error: sys.stdout.write(f"error: {error}\n"))
        page.goto(f"{root}/floor/")
        page.wait_for_selector("form input")
        for place, value in enumerate(("Tablet", PIN)):
            page.locator("form input").nth(place).fill(value)
        page.locator("form button[type=submit]").click()
        page.locator(".take-row button").click()
        page.wait_for_selector(".work-row")
        pks = dict(
            page.evaluate(
                "floorForLooking.day.value.inspections.map((one) => [one.method, one.id]).reverse()"
            )
        )
        for method, shows in (("aql", ".sections"), ("endline", ".tap-bar")):  # each screen is fetched once
            page.goto(f"{root}/floor/#/i/{pks[method]}")
            page.wait_for_selector(shows)
        page.context.set_offline(True)
        page.evaluate(FILL, [pks["aql"], DEFECTS, PHOTOS])
        page.evaluate(COUNT, [pks["endline"], DEFECTS])
        slow = page.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})

        def tapped(name: str, pk: str, part: str, button: str, place: str, after: str = "") -> None:
            page.goto(f"{root}/floor/#/i/{pk}{part}")
            page.wait_for_selector(button.lstrip("!") if not after or button.startswith("!") else ".tile")
            page.wait_for_timeout(1500)
            times: list[dict[str, Any]] = []
            for _ in range(TAPS):
                if after and not button.startswith("!"):
                    page.locator(after).first.click()
                    page.wait_for_selector(button)
                    page.wait_for_timeout(300)
                times.append(page.evaluate(WATCH, [pk, button, place]))
                if after and button.startswith("!"):
                    page.locator(after).first.click()
                page.wait_for_timeout(600)
            shown = statistics.median(one["shown"] for one in times)
            kept = statistics.median(one["kept"] or 0 for one in times)
            sys.stdout.write(f"{name:32} shown {shown:6.1f} ms   kept {kept:6.1f} ms\n")

        endline, aql = pks["endline"], pks["aql"]
        tapped("endline: Passed", endline, "", "button.tap-pass", "#floor")
        tapped("endline: a tile", endline, "", "#find .tile", "#find .found-now")
        tapped(
            "defects: a tile opens its sheet",
            aql,
            "/section/workmanship",
            "!.tile",
            "main",
            "dialog header button",
        )
        tapped(
            "defects: Record it", aql, "/section/workmanship", "dialog .sheet-foot button", "main", ".tile"
        )
        tapped("checks: an answer", aql, "/section/packing", ".reply:not([aria-pressed=true])", ".asks")
        browser.close()


if __name__ == "__main__":
    main()

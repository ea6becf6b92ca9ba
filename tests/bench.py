"""`make bench`: the figures that matter, as medians on the machine at hand; prints, and judges nothing.

Starts the production server on a state folder of its own, with the demo workspace, and stops it by its
process id. `--clone` also measures a fresh clone to its first page (needs the package registries).
GOLDSEAL_BENCH_WEASYPRINT names a Python that has WeasyPrint, to compare reports with (tests/bench_weasyprint.py).
"""

import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from tests.bench_engine import measure_lists, measure_taps, measure_writing
from tests.bench_floor import measure_floor
from tests.bench_reports import measure_reports
from tests.bench_trail import measure_trail

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PAGES = [
    "",
    "inspections/",
    "reports/",
    "catalog/orders/",
    "catalog/styles/",
    "catalog/buyers/",
    "catalog/sites/",
    "catalog/stages/",
    "catalog/defects/",
    "people/",
    "activity/",
    "settings/",
    "roles/",
    "tokens/",
    "grants/",
    "privacy/",
]
TARGETS = {
    "fresh clone to first page, s": 120,
    "second start, s": 6,
    "slowest page, server ms": 60,
    "most queries on a page": 15,
    "30-photo report, s": 1.0,
    "30-photo report, peak MB": 500,
    "10 000 order lines imported, s": 30,
    "verification of a sealed report, ms": 100,
    "endline tap, one request, ms": 25,
    "sync of 1 000 records, s": 2,
    "slowest list of a million, ms": 60,
    "million / ten thousand, worst ratio": 1.5,
}


def say(what: str, value: float, unit: str = "") -> None:
    target = TARGETS.get(what)
    mark = "" if target is None else f"   (wanted: at most {target})"
    sys.stdout.write(f"{what:42} {value:10.2f} {unit}{mark}\n")
    sys.stdout.flush()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`goldseal serve --demo` on a state folder; how long it took to its first page."""

    def __init__(self, state: Path, *, port: int, command: list[str], folder: Path = PROJECT) -> None:
        self.port = port
        environment = {**os.environ, "GOLDSEAL_DATA_DIR": str(state), "PORT": str(port)}
        for name in ("VIRTUAL_ENV", "GOLDSEAL_TESTING", "DJANGO_SETTINGS_MODULE"):
            environment.pop(name, None)
        started = time.monotonic()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if "is open at" in line:
                break
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).read()
        except OSError:
            self.stop()
            raise
        self.seconds = time.monotonic() - started

    @property
    def password(self) -> str:
        return next(m.group(1) for line in self.lines if (m := re.search(r"password: (\S+)", line)))

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate(timeout=30)


def signed_in(port: int, password: str) -> urllib.request.OpenerDirector:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    base = f"http://127.0.0.1:{port}"
    form = opener.open(f"{base}/accounts/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    data = f"csrfmiddlewaretoken={token.group(1)}&login=owner@demo.goldseal.invalid&password={password}"
    opener.open(urllib.request.Request(f"{base}/accounts/login/", data.encode(), {"Referer": base}))
    return opener


def measure_pages(server: Server) -> None:
    opener = signed_in(server.port, server.password)
    medians = {}
    for page in PAGES:
        url = f"http://127.0.0.1:{server.port}/w/demo/{page}"
        opener.open(url).read()
        times = []
        for _ in range(9):
            begun = time.perf_counter()
            opener.open(url).read()
            times.append((time.perf_counter() - begun) * 1000)
        medians[page or "home"] = statistics.median(times)
    for page, median in sorted(medians.items(), key=lambda pair: -pair[1])[:5]:
        say(f"  page {page}", median, "ms")
    say("slowest page, server ms", max(medians.values()), "ms")


INSIDE = """
import json, sys
import django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from goldseal.accounts.models import User
from goldseal.kit.actors import Actor
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo import demo_workspace
from goldseal.workspaces.services import workspace_scope
found = {}
owner = User.objects.get(email="owner@demo.goldseal.invalid")
client = Client()
client.force_login(owner)
queries = {}
for page in json.loads(sys.argv[1]):
    client.get(f"/w/demo/{page}")
    with CaptureQueriesContext(connection, ) as captured:
        client.get(f"/w/demo/{page}")
    queries[page or "home"] = len([q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])
found["queries"] = queries
from goldseal.reports.bench import thirty_photos
found["report"] = thirty_photos()
from goldseal.files.bench import sixty_megabytes
place = demo_workspace()
actor = Actor(owner.pk, owner.name, "command", place.pk, frozenset({Role.OWNER}), permissions_of([Role.OWNER]))
with workspace_scope(place.pk, actor_id=owner.pk):
    found["upload"] = sixty_megabytes(actor=actor, now=utc_now())
    from goldseal.catalog.bench import ten_thousand_lines
    found["import"] = ten_thousand_lines(actor=actor, now=utc_now())
print("RESULT" + json.dumps(found))
"""


def measure_inside(state: Path) -> None:
    environment = {
        **os.environ,
        "GOLDSEAL_DATA_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "goldseal.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", INSIDE, json.dumps(PAGES)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT")), "")
    if not line:
        sys.exit(f"The measurements inside failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(line.removeprefix("RESULT"))
    for page, count in sorted(found["queries"].items(), key=lambda pair: -pair[1])[:3]:
        say(f"  queries on {page}", count)
    say("most queries on a page", max(found["queries"].values()))
    say("30-photo report, s", found["report"]["render_and_seal_s"], "s")
    say(
        "30-photo report, peak MB",
        found["report"].get("peak_mb", found["report"].get("peak_memory_mb", 0)),
        "MB",
    )
    for name, value in found["upload"].items():
        say(f"  60 MB over 3 broken lines: {name}", value)
    say("10 000 order lines imported, s", sum(found["import"].values()), "s")


def main() -> None:
    root = Path(tempfile.mkdtemp(prefix="goldseal-bench-"))
    root.chmod(0o755)
    state, port = root / "state", free_port()
    command = [str(BIN / "goldseal"), "serve", "--demo"]
    try:
        first = Server(state, port=port, command=command)
        say("first start with demo, s", first.seconds, "s")
        first.stop()
        times = []
        for _ in range(3):
            again = Server(state, port=port, command=command)
            times.append(again.seconds)
            if len(times) < 3:
                again.stop()
        say("second start, s", statistics.median(times), "s")
        try:
            measure_pages(again)
            facts = measure_writing(state, again.port, say)
            measure_taps(again.port, facts, say)
            measure_floor(state, again.port, say)
            measure_inside(state)
            measure_reports(state, signed_in(again.port, again.password), again.port, say)
            measure_trail(state, say)
            measure_lists(state, signed_in(again.port, again.password), again.port, facts, say)
        finally:
            again.stop()
        if "--clone" in sys.argv:
            measure_clone(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def measure_clone(root: Path) -> None:
    clone = root / "clone"
    subprocess.run(["git", "clone", "-q", str(PROJECT), str(clone)], check=True)
    fresh = Server(root / "fresh", port=free_port(), command=["make", "run"], folder=clone)
    say("fresh clone to first page, s", fresh.seconds, "s")
    fresh.stop()


if __name__ == "__main__":
    main()

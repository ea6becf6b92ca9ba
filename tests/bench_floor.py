"""Figures of Floor for `make bench`: sending a day's work, and the pack that is taken down, against the real server."""

import gzip
import http.client
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench_engine import ask, inside, uuid7
from tests.phones import are_built, bundled, said_by

ROUNDS = 5
EVENTS = 1000
BATCH = 500  # as floor/src/core/sync.ts sends them
GROWN = 5000

INSIDE = """
import json, sys
from datetime import timedelta
import django
django.setup()
from django.test import Client
from goldseal.accounts.models import User
from goldseal.accounts.pin_services import set_pin
from goldseal.catalog.models import Order, Stage
from goldseal.inspections import services
from goldseal.inspections.floor_keys import WorkspaceVault
from goldseal.kit.actors import Actor
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo import demo_workspace
from goldseal.workspaces.device_services import Presented, enrol_device
from goldseal.workspaces.services import workspace_scope
owner = User.objects.get(email="owner@demo.goldseal.invalid")
place, now = demo_workspace(), utc_now()
actor = Actor(owner.pk, owner.name, "command", place.pk, frozenset({Role.OWNER}), permissions_of([Role.OWNER]))
with workspace_scope(place.pk, actor_id=owner.pk):
    made = enrol_device(user=owner, presented=Presented(name="Bench"), vault=WorkspaceVault(), actor=actor, now=now)
    order = Order.objects.get(po_number="HC-7001")
    def planned(code):
        stage = Stage.objects.get(code=code)
        # A day takes down the oldest first and at most 300; the figures before have left many of today.
        yesterday = now.date() - timedelta(days=1)
        asked = services.PlanRequest(order_id=order.pk, stage_id=stage.pk, planned_on=yesterday, inspector_id=owner.pk, is_extra=True)
        return str(services.plan_inspection(request=asked, actor=actor, now=now).pk)
    rounds = int(sys.argv[1])
    pks, own = [[planned("PRE") for _ in range(rounds)] for _ in range(2)]
    line, grown = planned("END"), planned("PRE")
set_pin(user=owner, pin="482913", now=now)
web = Client()
web.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
print("RESULT" + json.dumps({"token": made.token, "by": str(owner.pk), "pks": pks, "line": line, "grown": grown,
    "phone": {"pks": own, "workspace": place.slug, "cookie": web.session.session_key, "password": ""}}))
"""


def event(by: str, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """One record as the app makes it."""
    return {
        "id": uuid7(), "kind": kind, "at": "2026-03-16T10:00:00.000Z", "by": by,
        "device": "floor:01234567:1", "body": body, "supersedes": [],
    }  # fmt: skip


def measure_floor(state: Path, port: int, say: Callable[..., None]) -> None:
    """Sending a thousand records at once and one by one, a day's taps of a line, and taking the day down."""
    facts = inside(state, INSIDE, str(ROUNDS))
    headers = {"Authorization": f"Bearer {facts['token']}", "Content-Type": "application/json"}
    at_once, single, sizes = [], [], []
    for pk in facts["pks"]:
        found = [
            event(
                facts["by"],
                "defect_recorded",
                {"code": "SW03", "severity": "minor", "zone": "B", "piece_no": n % 80 + 1},
            )
            for n in range(EVENTS + 10)
        ]
        seconds, size = sent(port, pk, found[:EVENTS], BATCH, headers)
        at_once.append(seconds)
        sizes.append(size)
        single.append(sent(port, pk, found[EVENTS:], 1, headers)[0] / 10)
    together = statistics.median(at_once)
    say("1 000 records in two requests, s", together, "s")
    say("  records a second", EVENTS / together)
    say("  body of 1 000 records, kB", statistics.median(sizes) / 1000)
    say("  one by one / in batches, ratio of a record", statistics.median(single) / (together / EVENTS))
    measure_phone(port, facts["phone"], say)
    measure_growth(port, facts, headers, say)
    measure_day(port, facts, headers, say)


def measure_phone(port: int, phone: dict[str, Any], say: Callable[..., None]) -> None:
    """The app's own core with 1 000 records on it, from the network's return until all is safe on the server."""
    if not are_built():
        return
    with tempfile.TemporaryDirectory() as folder:
        script = bundled("floor/dev/sync.ts", Path(folder) / "sync.mjs")
        asked = {**phone, "calm": f"http://127.0.0.1:{port}", "records": EVENTS}
        say("sync of 1 000 records, s", statistics.median(json.loads(said_by(script, asked))), "s")


def measure_growth(
    port: int, facts: dict[str, Any], headers: dict[str, str], say: Callable[..., None]
) -> None:
    """One inspection that grows to 5 000 records, batch after batch, as a phone sends a long day."""
    found = [
        event(
            facts["by"],
            "defect_recorded",
            {"code": "SW03", "severity": "minor", "zone": "B", "piece_no": n % 80 + 1},
        )
        for n in range(GROWN)
    ]
    early = sent(port, facts["grown"], found[:-EVENTS], BATCH, headers)[0]
    late = sent(port, facts["grown"], found[-EVENTS:], BATCH, headers)[0]
    say("records a second, growing to 5 000", GROWN / (early + late))
    say("  the last 1 000 of them", EVENTS / late)


def measure_day(port: int, facts: dict[str, Any], headers: dict[str, str], say: Callable[..., None]) -> None:
    """The pack of a day with a line's 6 000 taps: time and size, beside the same before the taps."""
    before, _raw, _packed = taken_down(port, headers)
    taps = [event(facts["by"], "pieces_tallied", {"hour": 9 + n // 600, "passed": 1}) for n in range(6000)]
    sent(port, facts["line"], taps, BATCH, headers)
    after, raw, packed = taken_down(port, headers)
    say("day with 5 000 records, 6 000 taps, ms", after * 1000)
    say("  whole, kB", raw / 1000)
    say("  packed, kB", packed / 1000)
    say("  beside the same without the taps", after / before)


def sent(
    port: int, pk: str, events: list[dict[str, Any]], batch: int, headers: dict[str, str]
) -> tuple[float, int]:
    """Seconds for these over one connection, and the bytes that were sent."""
    bodies = [
        json.dumps({"events": events[start : start + batch], "is_late": True}).encode()
        for start in range(0, len(events), batch)
    ]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    for body in bodies:
        connection.request("POST", f"/api/v1/inspections/{pk}/events", body, headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status == 200, said[:500]
    seconds = time.perf_counter() - begun
    connection.close()
    return seconds, sum(map(len, bodies))


def taken_down(port: int, headers: dict[str, str]) -> tuple[float, int, int]:
    """Seconds to take the day down (median), its bytes, and those after gzip."""
    assert ask(port, "GET", "/api/v1/floor/day", b"", headers) == 200
    times = []
    for _ in range(ROUNDS):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        begun = time.perf_counter()
        connection.request("GET", "/api/v1/floor/day", headers=headers)
        whole = connection.getresponse().read()
        times.append(time.perf_counter() - begun)
        connection.close()
    return statistics.median(times), len(whole), len(gzip.compress(whole, 6))

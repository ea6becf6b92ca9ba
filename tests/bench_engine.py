"""Figures of the inspection engine for `make bench`: throughput beside a bare view, endline taps, long lists.

Our server and a bare Django application run on the same PostgreSQL with the same number of workers and
threads, and are asked in turn; ratios come from one run.
"""

import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 5

INSIDE = """
import json, sys
import django
django.setup()
from goldseal.accounts.models import User
from goldseal.catalog.models import Line, Order, Stage
from goldseal.inspections import services
from goldseal.kit.actors import Actor
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role, permissions_of
from goldseal.ops.demo import demo_workspace
from goldseal.workspaces.services import make_token, workspace_scope
how_many = int(sys.argv[1])
owner = User.objects.get(email="owner@demo.goldseal.invalid")
place, now = demo_workspace(), utc_now()
actor = Actor(owner.pk, owner.name, "command", place.pk, frozenset({Role.OWNER}), permissions_of([Role.OWNER]))
with workspace_scope(place.pk, actor_id=owner.pk):
    token = make_token(label="bench", scopes="write", days=1, user=owner, actor=actor, now=now)[1]
    order, stage, end = Order.objects.get(po_number="HC-7001"), Stage.objects.get(code="PRE"), Stage.objects.get(code="END")
    asked = {"order_id": order.pk, "planned_on": now.date(), "is_extra": True}
    first = services.plan_inspection(request=services.PlanRequest(stage_id=stage.pk, **asked), actor=actor, now=now)
    pks = [first.pk, *(services.plan_inspection(request=services.PlanRequest(stage_id=stage.pk, **asked), actor=actor, now=now).pk for _ in range(how_many - 1))]
    line = services.plan_inspection(request=services.PlanRequest(stage_id=end.pk, **asked), actor=actor, now=now)
    checks = [(s, c["check"]) for s, cs in first.checklist.items() for c in cs]
print("RESULT" + json.dumps({"token": token, "by": str(owner.pk), "pks": [str(pk) for pk in pks], "line": str(line.pk), "checks": checks, "workspace": str(place.pk)}))
"""


def inside(state: Path, code: str, *arguments: str) -> Any:
    """Run a piece of our program on the state folder; what it printed as RESULT."""
    environment = {
        **os.environ,
        "GOLDSEAL_DATA_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "goldseal.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT")), "")
    if not line:
        sys.exit(f"The measurement inside failed:\n{done.stderr[-3000:]}")
    return json.loads(line.removeprefix("RESULT"))


@contextmanager
def bare_server(state: Path, port: int) -> Iterator[None]:
    """The bare application under the same server, workers and threads as ours."""
    import psycopg

    os.environ["GOLDSEAL_DATA_DIR"] = str(state)
    from goldseal.config.postgres import OWNER, Cluster
    from tests.bench_server import TABLES

    with psycopg.connect(Cluster().url(role=OWNER, database="goldseal"), autocommit=True) as connection:
        connection.execute(TABLES)
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", os.environ.get("GOLDSEAL_WEB_WORKERS", "2"), "--blocking-threads", "4", "--backlog", "256",
        "--no-ws", "--log-level", "warning", "tests.bench_server.wsgi:application",
    ]  # fmt: skip
    environment = {**os.environ, "GOLDSEAL_DATA_DIR": str(state)}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)
    try:
        for _ in range(100):
            try:
                ask(port, "POST", "/one", b'{"events": []}', {})
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=15)


def ask(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def throughput(
    port: int, requests: list[tuple[str, bytes]], connections: int, headers: dict[str, str]
) -> float:
    """Requests per second over this many kept-alive connections."""
    shares = [requests[n::connections] for n in range(connections)]
    refused: list[tuple[int, bytes]] = []

    def work(share: list[tuple[str, bytes]]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for path, body in share:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status >= 300:
                refused.append((answer.status, said))
        connection.close()

    threads = [threading.Thread(target=work, args=(share,)) for share in shares]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    if refused:
        sys.exit(f"{len(refused)} requests were refused: {refused[0]}")
    return len(requests) / seconds


def uuid7() -> str:
    from uuid6 import uuid7 as made

    return str(made())


def body_of(facts: dict[str, Any]) -> bytes:
    """20 answers and 10 defects as a device sends them."""

    def event(kind: str, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": uuid7(), "kind": kind, "at": "2026-03-16T10:00:00Z", "by": facts["by"], "device": "bench", "body": body,
        }  # fmt: skip

    events = [
        event("check_answered", {"section": section, "check": check, "answer": "pass"})
        for section, check in facts["checks"][:20]
    ]
    events += [
        event("defect_recorded", {"code": "SW03", "severity": "minor", "zone": "B", "piece_no": n + 1})
        for n in range(10)
    ]
    assert len(events) == 30
    return json.dumps({"events": events}).encode()


def measure_writing(state: Path, port: int, say: Callable[..., None]) -> dict[str, Any]:
    """Inspections a second through the API beside the two bare views, at 1 and at 8 connections."""
    batch = {1: 60, 8: 160}
    facts = inside(state, INSIDE, str(sum(batch.values()) * ROUNDS + 40))
    ours = {"Authorization": f"Bearer {facts['token']}", "Content-Type": "application/json"}
    waiting = iter(facts["pks"])

    def fresh(count: int) -> list[tuple[str, bytes]]:
        return [(f"/api/v1/inspections/{next(waiting)}/events", body_of(facts)) for _ in range(count)]

    with bare_server(state, port + 1):
        throughput(port, fresh(40), 4, ours)
        throughput(port + 1, [("/bulk", body_of(facts))] * 40, 4, {})
        throughput(port + 1, [("/one", body_of(facts))] * 40, 4, {})
        for connections, count in batch.items():
            found: dict[str, list[float]] = {"ours": [], "bulk": [], "one": []}
            for _ in range(ROUNDS):
                found["ours"].append(throughput(port, fresh(count), connections, ours))
                for name in ("bulk", "one"):
                    sent = [(f"/{name}", body_of(facts)) for _ in range(count)]
                    found[name].append(throughput(port + 1, sent, connections, {}))
            medians = {name: statistics.median(values) for name, values in found.items()}
            for name, value in medians.items():
                say(f"  inspections/s, {connections} connections, {name}", value)
            say(f"ours / bulk_create view, {connections} conn", medians["ours"] / medians["bulk"])
            say(f"ours / one-statement view, {connections} conn", medians["ours"] / medians["one"])
    return facts


def measure_taps(port: int, facts: dict[str, Any], say: Callable[..., None]) -> None:
    """One endline tap: the time of a request, and how many a second are kept up with."""
    headers = {"Authorization": f"Bearer {facts['token']}", "Content-Type": "application/json"}
    path = f"/api/v1/inspections/{facts['line']}/events"

    def tap() -> bytes:
        event = {
            "id": uuid7(), "kind": "pieces_tallied", "at": "2026-03-16T10:00:00Z", "by": facts["by"],
            "device": "bench", "body": {"hour": 9, "passed": 1},
        }  # fmt: skip
        return json.dumps({"events": [event]}).encode()

    many = [json.loads(tap())["events"][0] for _ in range(5000)]
    ask(port, "POST", path, json.dumps({"events": many}).encode(), headers)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for _ in range(300):
        body = tap()
        begun = time.perf_counter()
        connection.request("POST", path, body, headers)
        connection.getresponse().read()
        times.append((time.perf_counter() - begun) * 1000)
    connection.close()
    say("endline tap, one request, ms", statistics.median(times))
    # A day of 20 lines x 10 hours x 600 taps is 120 000 taps in ten hours: 3.3 a second.
    say(
        "endline taps a second, 8 connections",
        throughput(port, [(path, tap()) for _ in range(800)], 8, headers),
    )


# A million inspections of 400 orders, 40 styles and 8 buyers, in the order in which they were made.
MANY = """
SET session_replication_role = replica;
SELECT set_config('app.workspace_id', %(workspace)s, false);
INSERT INTO catalog_buyer SELECT (b).* FROM (SELECT jsonb_populate_record(b, jsonb_build_object(
    'id', md5('buyer' || n)::uuid, 'code', 'B' || n, 'name', 'Buyer number ' || n)) b
    FROM catalog_buyer b, generate_series(1, 8) n WHERE b.code = 'HARBOUR') x ON CONFLICT DO NOTHING;
INSERT INTO catalog_style SELECT (s).* FROM (SELECT jsonb_populate_record(s, jsonb_build_object(
    'id', md5('style' || n)::uuid, 'buyer_id', md5('buyer' || (n %% 8 + 1))::uuid, 'code', 'ST-' || n, 'name', 'Style number ' || n)) s
    FROM catalog_style s, generate_series(1, 40) n WHERE s.code = 'HC-220') x ON CONFLICT DO NOTHING;
INSERT INTO catalog_order SELECT (o).* FROM (SELECT jsonb_populate_record(o, jsonb_build_object(
    'id', md5('order' || n)::uuid, 'buyer_id', md5('buyer' || ((n %% 40 + 1) %% 8 + 1))::uuid,
    'style_id', md5('style' || (n %% 40 + 1))::uuid, 'po_number', 'BULK-' || n)) o
    FROM catalog_order o, generate_series(1, 400) n WHERE o.po_number = 'HC-7001') x ON CONFLICT DO NOTHING;
INSERT INTO inspections_inspection ({names}) SELECT {values}
FROM inspections_inspection i, generate_series(%(first)s, %(last)s) n WHERE i.id = %(like)s;
ANALYZE inspections_inspection, catalog_order, catalog_style, catalog_buyer;
"""
ROW = {
    "id": "(lpad(to_hex(1600000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' "
    "|| substr(md5(n::text), 4, 15))::uuid",
    "number": "1000000 + n",
    "order_id": "md5('order' || (n %% 400 + 1))::uuid",
    "style_id": "md5('style' || ((n %% 400 + 1) %% 40 + 1))::uuid",
    "buyer_id": "md5('buyer' || (((n %% 400 + 1) %% 40 + 1) %% 8 + 1))::uuid",
    "state": "CASE n %% 10 WHEN 0 THEN 'planned' WHEN 1 THEN 'in_progress' ELSE 'decided' END",
    "verdict": "CASE n %% 7 WHEN 0 THEN 'fail' WHEN 1 THEN 'pending' ELSE 'pass' END",
    "planned_on": "date '2020-01-01' + n / 500",
    **dict.fromkeys(("plan", "rules", "checklist", "header", "summary"), "'{}'"),
    **dict.fromkeys(("points", "cartons", "drawn", "ordered"), "'[]'"),
}
QUESTIONS = {
    "list": "",
    "filter by verdict": "?verdict=fail",
    "filter by stage": "?stage=PRE",
    "search a PO": "?q=BULK-77",
    "search a buyer and a style": "?q=number%203%20ST-1",
    "a page far down": "",
}


def measure_lists(
    state: Path, opener: Any, port: int, facts: dict[str, Any], say: Callable[..., None]
) -> None:
    """Lists, filters and search with ten thousand and with a million inspections in the workspace."""
    import psycopg

    os.environ["GOLDSEAL_DATA_DIR"] = str(state)
    from goldseal.config.postgres import Cluster

    found: dict[int, dict[str, float]] = {}
    with psycopg.connect(Cluster().url(role="postgres", database="goldseal"), autocommit=True) as connection:
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'inspections_inspection'"
            )
        ]
        statement = MANY.replace("{names}", ", ".join(columns)).replace(
            "{values}", ", ".join(ROW.get(column, f"i.{column}") for column in columns)
        )
        first = 1
        for last in (10_000, 1_000_000):
            with psycopg.ClientCursor(connection) as cursor:
                cursor.execute(
                    statement,
                    {"workspace": facts["workspace"], "first": first, "last": last, "like": facts["pks"][0]},
                )
            connection.execute("VACUUM inspections_inspection")
            first = last + 1
            found[last] = _lists(opener, port)
    for name, value in found[1_000_000].items():
        say(f"  {name}, 1 000 000 inspections, ms", value)
    worst = max(found[1_000_000].values())
    say("slowest list of a million, ms", worst)
    say(
        "million / ten thousand, worst ratio",
        max(found[1_000_000][name] / found[10_000][name] for name in QUESTIONS),
    )


def _lists(opener: Any, port: int) -> dict[str, float]:
    base = f"http://127.0.0.1:{port}/w/demo/inspections/"
    medians = {}
    following = ""
    for name, query in QUESTIONS.items():
        url = base + (following if name == "a page far down" else query)
        times = []
        for _ in range(12):
            begun = time.perf_counter()
            page = opener.open(url).read().decode()
            times.append((time.perf_counter() - begun) * 1000)
        assert page.count("<tr") > 1, (url, page[-1500:])
        if name == "list":
            link = re.search(r'href="[^"]*(\?after=[^"&]+)', page)
            following = link[1] if link else ""
        medians[name] = statistics.median(times[2:])
    return medians

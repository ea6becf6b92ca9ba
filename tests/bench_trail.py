"""`make bench`: a hundred thousand honest entries by eight writers at once, and a chain that raises no alarm."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
ENTRIES, WRITERS, TOGETHER = 100_000, 8, 25

WRITER = """
import sys
import django
django.setup()
from uuid import UUID
from goldseal.kit.actors import system_actor
from goldseal.kit.clock import utc_now
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.services import workspace_scope
workspace_id, changes, together = UUID(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
actor = system_actor(workspace_id)
for change in range(changes):
    with workspace_scope(workspace_id), recorded_change():
        for number in range(together):
            record(event="bench.noted", actor=actor, now=utc_now(), workspace_id=workspace_id,
                   payload={"n": number, "text": "শুধু মাপার জন্য"})
"""

FOUND = """
import json
import time
import django
django.setup()
from django.utils import timezone
from goldseal.accounts.models import User
from goldseal.kit.actors import system_actor
from goldseal.workspaces.services import create_workspace
owner = User.objects.create_user(f"trail-{time.time_ns()}@example.test", name="Bench")
made = create_workspace(name="Bench", kind="expert_customer", owner=owner, actor=system_actor(via="command"), now=timezone.now())
print("RESULT" + json.dumps(str(made.pk)))
"""

VERIFY = """
import json
import sys
import time
from uuid import UUID
import django
django.setup()
from goldseal.kit.clock import utc_now
from goldseal.ops import chains
chains.anchor_all(now=utc_now())
begun = time.perf_counter()
[report] = [r for r in chains.verify_all() if r.workspace_id == UUID(sys.argv[1])]
print("RESULT" + json.dumps({"entries": report.entries, "alarms": int(report.problem is not None),
                             "seconds": time.perf_counter() - begun}))
"""


def measure_trail(state: Path, say: Callable[..., None], *, entries: int = ENTRIES) -> None:
    """Write `entries` with eight processes on the server whose state lies in `state`, then verify the chain."""
    workspace_id = _answer(_run(state, FOUND))
    begun = time.perf_counter()
    changes = entries // WRITERS // TOGETHER
    writers = [_start(state, WRITER, workspace_id, str(changes), str(TOGETHER)) for _ in range(WRITERS)]
    failed = [writer.wait() for writer in writers]
    seconds = time.perf_counter() - begun
    found = _answer(_run(state, VERIFY, workspace_id))
    say("honest entries of the trail", found["entries"])
    say("  false alarms over them", found["alarms"] + sum(map(bool, failed)))
    say("  entries a second, 8 writers", entries / seconds)
    say("  chain verified, entries a second", found["entries"] / found["seconds"])


def _environment(state: Path) -> dict[str, str]:
    return {
        **os.environ,
        "GOLDSEAL_DATA_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "goldseal.config.settings",
    }


def _start(state: Path, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, *arguments], cwd=PROJECT, env=_environment(state)
    )


def _run(state: Path, program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *arguments],
        cwd=PROJECT,
        env=_environment(state),
        capture_output=True,
        text=True,
    )
    return next((line for line in done.stdout.splitlines() if line.startswith("RESULT")), "") or sys.exit(
        f"The measurement failed:\n{done.stderr[-2000:]}"
    )


def _answer(line: str) -> Any:
    return json.loads(line.removeprefix("RESULT"))

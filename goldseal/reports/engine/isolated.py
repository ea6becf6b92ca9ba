"""Examine a stranger's PDF in a child process with limits on memory and time."""

import base64
import dataclasses
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from goldseal.reports.engine.verify import Examination, Kind, Reason, examine, refuse_early, unreadable

SECONDS = 20  # PROMISES §4, "10k-page PDF"
MARGIN = 5  # seconds for the child to start
MEMORY = 768 * 1024 * 1024
_PACKAGE_PARENT = Path(__file__).resolve().parents[3]


def examine_isolated(pdf: bytes, *, trusted_certs: Sequence[bytes], seconds: int = SECONDS) -> Examination:
    """Do what ``verify.examine`` does, in a child that may take ``seconds`` and 768 MB, no more.

    For files handed in by the public; costs about half a second for the child's start. A file that exhausts
    the limits is answered as one that cannot be read.
    """
    early = refuse_early(pdf)
    if early is not None:
        return early
    question = {
        "certs": [base64.b64encode(cert).decode() for cert in trusted_certs],
        "pdf": base64.b64encode(pdf).decode(),
    }
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, nothing of the caller in it
            [sys.executable, "-m", "goldseal.reports.engine.isolated", str(seconds)],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=seconds + MARGIN,
            check=True,
            cwd="/",
            env={"PYTHONPATH": str(_PACKAGE_PARENT), "PATH": os.defpath, "LANG": "C.UTF-8"},
        )
        return _from_json(json.loads(done.stdout))
    except (subprocess.SubprocessError, ValueError, KeyError):
        return unreadable(pdf)


def _from_json(answer: dict[str, Any]) -> Examination:
    sealed_at = answer.pop("sealed_at")
    return Examination(
        kind=Kind(answer.pop("kind")),
        reasons=tuple(Reason(code) for code in answer.pop("reasons")),
        sealed_at=datetime.fromisoformat(sealed_at) if sealed_at else None,
        **answer,
    )


def _child(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    question = json.load(sys.stdin)
    found = examine(
        base64.b64decode(question["pdf"]), trusted_certs=[base64.b64decode(c) for c in question["certs"]]
    )
    answer = dataclasses.asdict(found)
    answer["sealed_at"] = found.sealed_at.isoformat() if found.sealed_at else None
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    _child(int(sys.argv[1]))

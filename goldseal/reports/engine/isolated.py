"""Examine a stranger's PDF in a child process with limits on memory and time.

A helper process that has loaded the examiner waits beside each web process and forks a child for each file: a
new interpreter costs half a second, a fork a few milliseconds. The child asks back which signers are ours, so that
no list of certificates travels; it opens no database, no network and no file.
"""

import atexit
import contextlib
import dataclasses
import gc
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from goldseal.reports.engine.verify import (
    Examination,
    Kind,
    Reason,
    Trust,
    examine,
    refuse_early,
    unreadable,
)

SECONDS = 20  # PROMISES §4, "10k-page PDF"
MARGIN = 2  # seconds beyond the child's own, before it is given up
MEMORY = 768 * 1024 * 1024
_PACKAGE_PARENT = Path(__file__).resolve().parents[3]
TIMES = ("sealed_at", "time_stamped_at")
_HEAD = 4  # bytes of a message's length


def examine_isolated(pdf: bytes, *, trusted_certs: Trust, seconds: int = SECONDS) -> Examination:
    """Do what ``verify.examine`` does, in a child that may take ``seconds`` and 768 MB, no more.

    For files handed in by the public. A file that exhausts the limits is answered as one that cannot be read.
    Raises ``TrustUnknownError`` where ``trusted_certs`` is a function that fails.
    """
    early = refuse_early(pdf)
    if early is not None:
        return early
    try:
        with _HELPER.child() as line:
            line.settimeout(seconds + MARGIN)
            _send(line, json.dumps({"seconds": seconds}).encode())
            _send(line, pdf)
            signers = json.loads(_receive(line))
            certs = trusted_certs(signers) if callable(trusted_certs) else trusted_certs
            _send(line, json.dumps([cert.decode("ascii") for cert in certs]).encode())
            return _from_json(json.loads(_receive(line)))
    except (OSError, EOFError, ValueError, KeyError):
        return unreadable(pdf)


def _from_json(answer: dict[str, Any]) -> Examination:
    sealed_at, time_stamped_at = (
        datetime.fromisoformat(text) if (text := answer.pop(name)) else None for name in TIMES
    )
    return Examination(
        kind=Kind(answer.pop("kind")),
        reasons=tuple(Reason(code) for code in answer.pop("reasons")),
        sealed_at=sealed_at,
        time_stamped_at=time_stamped_at,
        **answer,
    )


class _Helper:
    """The waiting process; started when it is first needed, and again should it have died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    @contextlib.contextmanager
    def child(self) -> Iterator[socket.socket]:
        """A line to a fresh child, closed at the end; the child ends with it."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._lock:
                try:
                    socket.send_fds(self._ready(), [b"."], [theirs.fileno()])
                except OSError:  # it died; a second one is started, a third try would hide a fault
                    self._stop()
                    socket.send_fds(self._ready(), [b"."], [theirs.fileno()])
            yield ours

    def _ready(self) -> socket.socket:
        if self._line is None or self._process is None or self._process.poll() is not None:
            self._stop()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, nothing of a caller
                    [sys.executable, "-m", "goldseal.reports.engine.isolated", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    cwd="/",
                    env={"PYTHONPATH": str(_PACKAGE_PARENT), "PATH": os.defpath, "LANG": "C.UTF-8"},
                    stdin=subprocess.DEVNULL,
                )
            self._line = ours
        return self._line

    def _stop(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=MARGIN)  # it ends when its line does
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._process = None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """In a forked copy of this process: the helper belongs to the parent."""
        self._lock = threading.Lock()
        self._process = self._line = None


_HELPER = _Helper()
atexit.register(_HELPER.close)
os.register_at_fork(after_in_child=_HELPER.forget)


def _send(line: socket.socket, message: bytes) -> None:
    line.sendall(len(message).to_bytes(_HEAD) + message)


def _receive(line: socket.socket) -> bytes:
    return _exactly(line, int.from_bytes(_exactly(line, _HEAD)))


def _exactly(line: socket.socket, size: int) -> bytes:
    parts, missing = [], size
    while missing:
        part = line.recv(min(missing, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _serve(control: socket.socket) -> None:
    """Fork a child for each line that is handed over, until nobody holds the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the line
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # finished children leave no trace
    gc.freeze()
    while True:
        message, lines, _flags, _address = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            try:
                with socket.socket(fileno=lines[0]) as line:
                    _answer(line)
            finally:
                os._exit(0)
        os.close(lines[0])


def _answer(line: socket.socket) -> None:
    seconds = int(json.loads(_receive(line))["seconds"])
    pdf = _receive(line)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked = False

    def ours(signers: Sequence[str]) -> list[bytes]:
        nonlocal asked
        asked = True
        _send(line, json.dumps(list(signers)).encode())
        return [str(cert).encode("ascii") for cert in json.loads(_receive(line))]

    found = examine(pdf, trusted_certs=ours)
    if not asked:  # nothing was signed, yet the other end waits for the question
        ours([])
    answer = dataclasses.asdict(found)
    for name in TIMES:
        moment = getattr(found, name)
        answer[name] = moment.isoformat() if moment else None
    _send(line, json.dumps(answer).encode())


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as _control:
        _serve(_control)

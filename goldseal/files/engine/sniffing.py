"""Deciding the type of a large file in a child process, so that the server itself never holds the whole of it."""

import hashlib
import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from goldseal.files.engine.refusals import Refused
from goldseal.files.engine.sniff import FileType, sniff_bytes

_PACKAGE_FOLDER = Path(__file__).resolve().parents[3]
_PIECE = 256 * 1024
_SECONDS = 60
_MEMORY_BYTES = 1_500_000_000
_TOO_MUCH = Refused("took_too_long", "This file takes too long to check. Send it smaller, or as PDF.")


@dataclass(frozen=True, slots=True)
class Checked:
    """The type of a file and the SHA-256 (hex) of all its bytes."""

    type: FileType
    sha256: str


def sniff_apart(source: BinaryIO) -> Checked:
    """The type of everything left in `source`, parsed in a child process. Raises Refused.

    Constant memory here; the child holds the file, under limits of memory and processor time.
    """
    digest = hashlib.sha256()
    child = subprocess.Popen(
        [sys.executable, "-m", "goldseal.files.engine.sniffing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(_PACKAGE_FOLDER)},
    )
    answer = b""
    try:
        with suppress(BrokenPipeError):
            while piece := source.read(_PIECE):
                digest.update(piece)
                if child.stdin:
                    child.stdin.write(piece)
        answer, _errors = child.communicate(timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise _TOO_MUCH from None
    finally:
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
    if child.returncode != 0 or not answer:
        raise _TOO_MUCH
    found = json.loads(answer)
    if "code" in found:
        raise Refused(found["code"], found["message"])
    return Checked(type=FileType(found["type"]), sha256=digest.hexdigest())


def main() -> None:
    """In the child: read the file from standard input, answer with its type or why it is refused."""
    for kind, amount in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (amount, amount))
    try:
        found = {"type": sniff_bytes(sys.stdin.buffer.read()).type.value}
    except Refused as refusal:
        found = {"code": refusal.code, "message": refusal.message}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()

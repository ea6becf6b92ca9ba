"""The blob store: bytes come back, nothing is torn, nothing leaks between workspaces, a full disk is said."""

import hashlib
import io
import os
import random
import resource
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from goldseal.files.engine.blobs import (
    BlobCorrupt,
    BlobMissing,
    BlobTooLarge,
    DigestMismatch,
    FolderBlobStore,
    StorageFull,
    SweepResult,
)
from goldseal.files.engine.keystore import FolderKeyStore, KeyDestroyed

ROOT = Path(__file__).parents[3]
NORTH = UUID("01890000-0000-7000-8000-000000000001")
SOUTH = UUID("01890000-0000-7000-8000-000000000002")
LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture
def keys(tmp_path):
    keys = FolderKeyStore(tmp_path / "keys", data_root=tmp_path / "data")
    keys.create(NORTH)
    keys.create(SOUTH)
    return keys


@pytest.fixture
def blobs(tmp_path, keys):
    return FolderBlobStore(tmp_path / "data" / "blobs", keys=keys)


def put(blobs, content: bytes, workspace_id: UUID = NORTH, **kwargs):
    kwargs = {"max_bytes": 10_000_000} | kwargs
    return blobs.put(workspace_id=workspace_id, source=io.BytesIO(content), **kwargs)


def read(blobs, address: str, workspace_id: UUID = NORTH) -> bytes:
    with blobs.open(workspace_id=workspace_id, address=address) as content:
        return content.read()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 1_000_000])
def test_content_comes_back_and_is_described(blobs, size):
    content = random.Random(size).randbytes(size)
    stored = put(blobs, content)
    assert read(blobs, stored.address) == content
    assert stored.size == size
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.is_new
    assert blobs.exists(workspace_id=NORTH, address=stored.address)
    assert blobs.address_of(workspace_id=NORTH, sha256=stored.sha256) == stored.address
    blobs.verify(workspace_id=NORTH, address=stored.address)


def test_equal_content_is_kept_once(blobs, tmp_path):
    first, second = put(blobs, b"collar"), put(blobs, b"collar")
    assert (first.address, second.is_new) == (second.address, False)
    assert len(files(tmp_path / "data")) == 1


def test_nothing_readable_lies_on_the_disk(blobs, tmp_path):
    content = b"buyer's secret " * 50
    stored = put(blobs, content)
    for path in files(tmp_path / "data"):
        assert b"secret" not in path.read_bytes()
        assert stored.sha256 not in str(path)
        assert path.stat().st_mode & 0o077 == 0


def test_workspaces_cannot_ask_what_the_other_has(blobs):
    north, south = put(blobs, b"the same sketch"), put(blobs, b"the same sketch", SOUTH)
    assert north.address != south.address
    assert south.is_new
    assert not blobs.exists(workspace_id=SOUTH, address=north.address)
    with pytest.raises(BlobMissing):
        blobs.open(workspace_id=SOUTH, address=north.address)


@pytest.mark.parametrize(
    "address", ["", "../../keys/master.key", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"]
)
def test_an_address_cannot_lead_elsewhere(blobs, address):
    for ask in (blobs.open, blobs.exists, blobs.delete):
        with pytest.raises(ValueError, match="64 hexadecimal"):
            ask(workspace_id=NORTH, address=address)


def test_too_much_content_leaves_nothing(blobs, tmp_path):
    assert put(blobs, b"x" * 100, max_bytes=100).size == 100
    with pytest.raises(BlobTooLarge, match="larger than 101 bytes"):
        put(blobs, b"y" * 102, max_bytes=101)
    assert len(files(tmp_path / "data")) == 1


def test_content_that_arrived_altered_leaves_nothing(blobs, tmp_path):
    announced = hashlib.sha256(b"as sent").hexdigest()
    assert put(blobs, b"as sent", expected_sha256=announced.upper()).sha256 == announced
    with pytest.raises(DigestMismatch):
        put(blobs, b"as received", expected_sha256=announced)
    assert len(files(tmp_path / "data")) == 1


def test_a_source_that_breaks_leaves_nothing(blobs, tmp_path):
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        blobs.put(workspace_id=NORTH, source=Broken(), max_bytes=10)
    assert not files(tmp_path / "data")


def test_altered_cut_and_exchanged_blobs_are_found(blobs, tmp_path):
    content = random.Random(1).randbytes(200_000)
    stored, other = put(blobs, content), put(blobs, b"other")
    path = next(path for path in files(tmp_path / "data") if path.name == stored.address)
    other_path = next(path for path in files(tmp_path / "data") if path.name == other.address)
    original = path.read_bytes()
    for damaged in (
        original[:-1],
        original[:70_000],
        original + b"\x00",
        original[:-1] + bytes([original[-1] ^ 1]),
        other_path.read_bytes(),
        b"",
    ):
        path.write_bytes(damaged)
        with pytest.raises(BlobCorrupt):
            blobs.open(workspace_id=NORTH, address=stored.address)
    path.write_bytes(original[:100] + bytes([original[100] ^ 1]) + original[101:])
    with pytest.raises(BlobCorrupt):
        blobs.verify(workspace_id=NORTH, address=stored.address)
    assert put(blobs, content).address == stored.address
    blobs.verify(workspace_id=NORTH, address=stored.address)


def test_destroying_the_key_closes_every_blob(blobs, keys):
    stored, kept = put(blobs, b"north"), put(blobs, b"south", SOUTH)
    keys.destroy(NORTH)
    with pytest.raises(KeyDestroyed):
        blobs.open(workspace_id=NORTH, address=stored.address)
    with pytest.raises(KeyDestroyed):
        put(blobs, b"again")
    assert read(blobs, kept.address, SOUTH) == b"south"


def test_deleting_a_blob_and_a_workspace(blobs, tmp_path):
    first, second, south = put(blobs, b"1"), put(blobs, b"2"), put(blobs, b"3", SOUTH)
    blobs.delete(workspace_id=NORTH, address=first.address)
    blobs.delete(workspace_id=NORTH, address=first.address)
    assert not blobs.exists(workspace_id=NORTH, address=first.address)
    assert blobs.exists(workspace_id=NORTH, address=second.address)
    blobs.delete_workspace(workspace_id=NORTH)
    blobs.delete_workspace(workspace_id=NORTH)
    assert not (tmp_path / "data" / "blobs" / str(NORTH)).exists()
    assert read(blobs, south.address, SOUTH) == b"3"


def test_the_sweep_removes_old_blobs_without_a_row_and_old_leftovers_only(blobs, tmp_path):
    kept, orphan, foreign = put(blobs, b"kept"), put(blobs, b"orphan"), put(blobs, b"far", SOUTH)
    leftover = tmp_path / "data" / "blobs" / str(NORTH) / "tmp" / "dead.part"
    leftover.write_bytes(b"half")
    rows = {(NORTH, kept.address), (SOUTH, foreign.address), (SOUTH, orphan.address)}

    def known(workspace_id, addresses):
        return {address for address in addresses if (workspace_id, address) in rows}

    early = datetime.now(UTC) - timedelta(hours=1)
    assert blobs.sweep_orphans(known=known, older_than=early) == SweepResult(orphans=0, leftovers=0)
    assert blobs.sweep_orphans(known=known, older_than=LATER) == SweepResult(orphans=1, leftovers=1)
    assert not blobs.exists(workspace_id=NORTH, address=orphan.address)
    assert read(blobs, kept.address) == b"kept"
    assert read(blobs, foreign.address, SOUTH) == b"far"
    assert not leftover.exists()


def test_storing_old_content_again_saves_it_from_the_sweep(blobs, tmp_path):
    stored = put(blobs, b"used again")
    path = next(path for path in files(tmp_path / "data") if path.name == stored.address)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    horizon = datetime.now(UTC) - timedelta(hours=1)

    def nobody_but_a_new_row(workspace_id, addresses):
        put(blobs, b"used again")  # its row is not committed yet
        return set()

    result = blobs.sweep_orphans(known=nobody_but_a_new_row, older_than=horizon)
    assert result.orphans == 0
    assert read(blobs, stored.address) == b"used again"


def test_many_writers_of_the_same_and_of_other_content(blobs, tmp_path):
    contents = [random.Random(number % 5).randbytes(100_000) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda content: put(blobs, content), contents))
    assert len({blob.address for blob in stored}) == 5
    assert len(files(tmp_path / "data")) == 5
    for blob, content in zip(stored, contents, strict=True):
        assert read(blobs, blob.address) == content


WRITER = """
import io, os, random, sys
from pathlib import Path
from uuid import UUID
from goldseal.files.engine.blobs import FolderBlobStore
from goldseal.files.engine.keystore import FolderKeyStore
root, workspace, seed = Path(sys.argv[1]), UUID(sys.argv[2]), int(sys.argv[3])
blobs = FolderBlobStore(root / "data" / "blobs", keys=FolderKeyStore(root / "keys", data_root=root / "data"))
chance = random.Random(seed)
os.write(1, b"ready\\n")
while True:
    content = chance.randbytes(chance.randrange(1, 2_000_000))
    stored = blobs.put(workspace_id=workspace, source=io.BytesIO(content), max_bytes=10_000_000)
    os.write(1, stored.address.encode() + b"\\n")
"""


def run_python(program: str, *arguments: str, prefix: tuple[str, ...] = (), **kwargs) -> subprocess.Popen:
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        **kwargs,
    )


def test_a_writer_killed_at_any_moment_leaves_no_torn_blob(blobs, tmp_path):
    """The caller's row is played by the line that the writer prints after `put` has returned."""
    chance = random.Random(2859)
    rows: set[str] = set()
    for round_number in range(30):
        with run_python(WRITER, str(tmp_path), str(NORTH), str(round_number)) as writer:
            assert writer.stdout.readline() == b"ready\n", writer.stderr.read()
            time.sleep(chance.uniform(0, 0.06))
            writer.send_signal(signal.SIGKILL)
            lines = writer.stdout.read().decode().splitlines()
        rows.update(line for line in lines if len(line) == 64)
    folder = tmp_path / "data" / "blobs" / str(NORTH)
    stored = [path.name for path in files(folder) if path.parent.name != "tmp"]
    leftovers = files(folder / "tmp")
    assert len(rows) > 10
    assert leftovers, "no kill fell into a write: the test proves nothing"
    assert rows <= set(stored)
    for address in stored:
        blobs.verify(workspace_id=NORTH, address=address)
    swept = blobs.sweep_orphans(known=lambda _workspace, addresses: addresses & rows, older_than=LATER)
    assert swept.leftovers == len(leftovers)
    assert {path.name for path in files(folder)} == rows


FILLER = """
import io, os, random, sys
from pathlib import Path
from uuid import UUID
from goldseal.files.engine.blobs import FolderBlobStore, StorageFull
from goldseal.files.engine.keystore import FolderKeyStore
keys_root, data, workspace = Path(sys.argv[1]), Path(sys.argv[2]), UUID(sys.argv[3])
blobs = FolderBlobStore(data, keys=FolderKeyStore(keys_root, data_root=data))
put = lambda content: blobs.put(workspace_id=workspace, source=io.BytesIO(content), max_bytes=10**7)
stored, refused = [], 0
for size in range(0, 400_000, 9_001):
    try:
        stored.append(put(random.Random(size).randbytes(size)).address)
    except StorageFull as full:
        refused += 1
        message = str(full)
assert refused and stored, (refused, stored)
assert "no room left" in message
assert sorted(p.name for p in data.rglob("*") if p.is_file() and p.name != "lock") == sorted(stored)
for address in stored:
    blobs.verify(workspace_id=workspace, address=address)
for address in stored[1:]:
    blobs.delete(workspace_id=workspace, address=address)
put(b"room again" * 1000)
print(len(stored), refused)
"""


def test_a_full_disk_is_said_and_leaves_nothing_half_saved(keys, tmp_path):
    (tmp_path / "full").mkdir()
    mount = ("unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=1m none "$0" && exec "$@"')
    try:
        probe = subprocess.run([*mount, str(tmp_path / "full"), "true"], capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no `unshare` on this machine: a full disk cannot be made")
    if probe.returncode:
        pytest.skip("no user namespaces on this machine: a full disk cannot be made")
    arguments = (str(tmp_path / "keys"), str(tmp_path / "full"), str(NORTH))
    with run_python(FILLER, *arguments, prefix=(*mount, str(tmp_path / "full"))) as filler:
        _output, errors = filler.communicate(timeout=60)
    assert filler.returncode == 0, errors.decode()


def test_a_file_size_limit_is_said_too(blobs, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        with pytest.raises(StorageFull):
            put(blobs, b"x" * 300_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not files(tmp_path / "data")

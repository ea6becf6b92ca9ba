"""Parts of uploads on disk: joined whole, readable by nobody without the key, gone when told."""

import hashlib
import io
import itertools
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from goldseal.files.engine import parts as parts_module
from goldseal.files.engine.blobs import StorageFull
from goldseal.files.engine.keystore import FolderKeyStore
from goldseal.files.engine.parts import PartRejected, PartStore, TooManyParts
from goldseal.kit.crypto import DecryptionError

WORKSPACE = UUID("01950000-0000-7000-8000-00000000000a")
OTHER = UUID("01950000-0000-7000-8000-00000000000b")
UPLOAD = UUID("01950000-0000-7000-8000-00000000000c")
CONTENT = random.Random(3).randbytes(700_001)


@pytest.fixture
def store(tmp_path: Path) -> PartStore:
    keys = FolderKeyStore(tmp_path / "keys", data_root=tmp_path / "data")
    keys.create(WORKSPACE)
    keys.create(OTHER)
    return PartStore(tmp_path / "parts", keys=keys)


class Breaking(io.BytesIO):
    """Fails as a socket does once its bytes are read."""

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        if not piece:
            raise OSError("connection reset")
        return piece


def append(store: PartStore, offset: int, content: bytes, **options):
    source = options.pop("source", None) or io.BytesIO(content)
    return store.append(
        workspace_id=WORKSPACE, upload_id=UPLOAD, offset=offset, source=source, size=len(content), **options
    )


def whole(store: PartStore) -> bytes:
    with store.open(workspace_id=WORKSPACE, upload_id=UPLOAD) as joined:
        return joined.read()


@pytest.mark.parametrize("cuts", [[], [1], [65_536, 131_072], [10, 11, 300_000, 700_000]])
def test_parts_join_into_the_file_and_can_be_read_anywhere(store: PartStore, cuts: list[int]) -> None:
    places = [0, *cuts, len(CONTENT)]
    for start, end in itertools.pairwise(places):
        assert append(store, start, CONTENT[start:end]).size == end - start
    with store.open(workspace_id=WORKSPACE, upload_id=UPLOAD) as joined:
        assert joined.seek(0, 2) == len(CONTENT)
        for place in (0, 9, 65_535, 299_999, 699_990, 0):
            joined.seek(place)
            assert joined.read(20) == CONTENT[place : place + 20]
    assert whole(store) == CONTENT


def test_a_broken_connection_leaves_what_came(store: PartStore) -> None:
    arrived = store.append(
        workspace_id=WORKSPACE,
        upload_id=UPLOAD,
        offset=0,
        source=Breaking(CONTENT[:123_456]),
        size=len(CONTENT),
    )
    assert (arrived.size, arrived.is_broken) == (123_456, True)
    append(store, 123_456, CONTENT[123_456:])
    assert whole(store) == CONTENT


def test_a_part_the_row_never_counted_is_replaced(store: PartStore) -> None:
    append(store, 0, CONTENT[:1000])
    append(store, 1000, b"\x00" * 500)
    append(store, 1000, CONTENT[1000:])
    assert whole(store) == CONTENT


def test_a_part_with_another_digest_is_not_kept(store: PartStore, tmp_path: Path) -> None:
    digest = hashlib.sha256(CONTENT).digest()
    with pytest.raises(PartRejected):
        append(store, 0, CONTENT[:-1] + b"\x00", sha256=digest)
    with pytest.raises(PartRejected):
        append(store, 0, CONTENT, sha256=digest, source=Breaking(CONTENT[:5000]))
    assert [path for path in (tmp_path / "parts").rglob("*") if path.is_file()] == []
    append(store, 0, CONTENT, sha256=digest)
    assert whole(store) == CONTENT


def test_nothing_on_disk_is_readable_and_parts_cannot_change_places(store: PartStore, tmp_path: Path) -> None:
    append(store, 0, b"canary-" * 1000)
    append(store, 7000, b"canary-" * 1000)
    first, second = sorted((tmp_path / "parts").rglob("*.part"))
    assert b"canary" not in first.read_bytes() + second.read_bytes()
    assert first.stat().st_mode & 0o077 == 0
    swap = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(swap)
    with pytest.raises(DecryptionError):
        whole(store)


def test_a_missing_part_is_noticed(store: PartStore, tmp_path: Path) -> None:
    for start in (0, 1000, 2000):
        append(store, start, CONTENT[start : start + 1000])
    sorted((tmp_path / "parts").rglob("*.part"))[1].unlink()
    with pytest.raises(OSError, match="byte 1000"):
        whole(store)


def test_too_many_pieces_are_refused(store: PartStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "MAX_PARTS", 3)
    for start in range(3):
        append(store, start, b"x")
    with pytest.raises(TooManyParts):
        append(store, 3, b"x")


def test_a_full_disk_is_said(store: PartStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    append(store, 0, CONTENT[:1000])
    monkeypatch.setattr(parts_module.os, "fsync", full)
    with pytest.raises(StorageFull):
        append(store, 1000, CONTENT[1000:])
    monkeypatch.undo()
    assert [path.name for path in (tmp_path / "parts").rglob("*") if path.is_file()] == [
        "000000000000000.part"
    ]
    append(store, 1000, CONTENT[1000:])
    assert whole(store) == CONTENT


def test_sweeping_spares_what_a_row_knows_and_what_is_young(store: PartStore, tmp_path: Path) -> None:
    append(store, 0, CONTENT)
    store.append(workspace_id=OTHER, upload_id=UPLOAD, offset=0, source=io.BytesIO(b"x"), size=1)
    now = datetime.now(UTC)
    nobody = lambda _workspace, _ids: set()  # noqa: E731
    assert store.sweep(known=nobody, older_than=now - timedelta(hours=1)) == 0
    later = now + timedelta(hours=1)
    assert (
        store.sweep(known=lambda workspace, ids: ids if workspace == WORKSPACE else set(), older_than=later)
        == 1
    )
    assert whole(store) == CONTENT
    store.delete_workspace(workspace_id=WORKSPACE)
    assert not (tmp_path / "parts" / str(WORKSPACE)).exists()

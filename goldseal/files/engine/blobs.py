"""The blob store: the bytes of attachments on disk, encrypted per workspace and named by their content.

A blob lies at `<workspace>/<aa>/<address>`, where the address is an HMAC of the content's SHA-256 under a key
derived from the workspace's own. So equal files are kept once within a workspace, nobody can ask across
workspaces whether a file is known, and once the key is destroyed the names tell nothing either.

Bytes come first and rows last: temporary file, sync, rename, sync the folder, and only then does the caller
write its row. A crash leaves a leftover for the sweep, never a row without its bytes.
"""

import errno
import fcntl
import hashlib
import hmac
import io
import os
import re
import secrets
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from goldseal.files.engine.durable import make_folder, sync_folder
from goldseal.files.engine.keystore import KeyStore
from goldseal.kit.crypto import DecryptingReader, DecryptionError, Readable, derive_key, encrypt_stream

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SWEEP_BATCH = 500

Known = Callable[[UUID, frozenset[str]], Collection[str]]


class BlobError(Exception):
    """The store cannot do what was asked; the message says why."""


class BlobMissing(BlobError):
    """No blob has this address in this workspace."""


class BlobCorrupt(BlobError):
    """The blob on disk is not the one that was stored: altered, cut or exchanged."""


class BlobTooLarge(BlobError):
    """The content is larger than allowed; nothing of it was kept."""


class DigestMismatch(BlobError):
    """The content that arrived is not the content that was announced; nothing of it was kept."""


class StorageFull(BlobError):
    """The disk has no room; nothing of the content was kept and everything stored before is intact."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """What the caller's row keeps of a stored blob; `size` in bytes and `sha256` (hex) of the plain content."""

    address: str
    sha256: str
    size: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a sweep removed: blobs that no row knows, and temporary files of writers that died."""

    orphans: int
    leftovers: int


class BlobStore(Protocol):
    """Where blobs are kept: a folder here, a bucket elsewhere."""

    def put(
        self,
        *,
        workspace_id: UUID,
        source: Readable,
        max_bytes: int,
        expected_sha256: str | None = None,
    ) -> StoredBlob:
        """Store everything left in `source`. Raises BlobTooLarge, DigestMismatch, StorageFull, KeyStoreError."""

    def open(self, *, workspace_id: UUID, address: str) -> BinaryIO:
        """The plain content, seekable. Raises BlobMissing, BlobCorrupt, KeyStoreError."""

    def exists(self, *, workspace_id: UUID, address: str) -> bool:
        """Whether the workspace has a blob at this address."""

    def delete(self, *, workspace_id: UUID, address: str) -> None:
        """Remove one blob that no row refers to any more. May be repeated."""

    def delete_workspace(self, *, workspace_id: UUID) -> None:
        """Remove every blob of a workspace. May be repeated."""

    def sweep_orphans(self, *, known: Known, older_than: datetime) -> SweepResult:
        """Remove blobs last stored before `older_than` that `known` does not claim, and old leftovers."""


class FolderBlobStore:
    """Blobs in a folder of one machine (or of a shared file system with POSIX locks and renames)."""

    def __init__(self, root: Path, *, keys: KeyStore) -> None:
        """Keep blobs under `root`, made on first use; `keys` holds the key of each workspace."""
        self._root = root
        self._keys = keys

    def put(
        self,
        *,
        workspace_id: UUID,
        source: Readable,
        max_bytes: int,
        expected_sha256: str | None = None,
    ) -> StoredBlob:
        """Store everything left in `source` and return what the row should keep; constant memory.

        When this returns, the bytes survive a crash or a power cut; write the row then. `expected_sha256`
        (hex) is what the sender announced. Raises BlobTooLarge beyond `max_bytes`, DigestMismatch, StorageFull,
        KeyMissing or KeyDestroyed; in each case nothing is kept.
        """
        key = self._keys.get(workspace_id)
        metered = _MeteredSource(source, max_bytes=max_bytes)
        with _full_disk_is_said(), self._temporary_file(workspace_id) as (part, file):
            encrypt_stream(
                key=key,
                source=metered,
                sink=file,
                aad=workspace_id.bytes,
                final_aad=lambda: _address(key, metered.sha256).encode(),
            )
            file.flush()
            os.fsync(file.fileno())
            sha256 = metered.sha256.hex()
            if expected_sha256 is not None and not hmac.compare_digest(sha256, expected_sha256.lower()):
                raise DigestMismatch(
                    "The file arrived altered: its SHA-256 is not the one announced. Send it again."
                )
            address = _address(key, metered.sha256)
            is_new = self._publish(workspace_id, address, part)
        return StoredBlob(address=address, sha256=sha256, size=metered.size, is_new=is_new)

    def open(self, *, workspace_id: UUID, address: str) -> BinaryIO:
        """The plain content as a seekable binary file; decrypts only what is read.

        A cut or exchanged blob raises BlobCorrupt here; one altered in the middle raises DecryptionError when
        the altered chunk is read. Raises BlobMissing, KeyMissing or KeyDestroyed too.
        """
        key = self._keys.get(workspace_id)
        try:
            sealed = self._path(workspace_id, address).open("rb")
        except FileNotFoundError:
            raise BlobMissing("This file is not in the store.") from None
        try:
            reader = DecryptingReader(
                key=key, source=sealed, aad=workspace_id.bytes, final_aad=address.encode()
            )
        except DecryptionError as error:
            sealed.close()
            raise BlobCorrupt(f"The stored file {address[:12]}… is damaged: {error}") from error
        return io.BufferedReader(reader, buffer_size=64 * 1024)

    def verify(self, *, workspace_id: UUID, address: str) -> None:
        """Read the whole blob and compare its digest with its address. Raises BlobCorrupt, BlobMissing."""
        digest = hashlib.sha256()
        try:
            with self.open(workspace_id=workspace_id, address=address) as content:
                while piece := content.read(64 * 1024):
                    digest.update(piece)
        except DecryptionError as error:
            raise BlobCorrupt(f"The stored file {address[:12]}… is damaged: {error}") from error
        if _address(self._keys.get(workspace_id), digest.digest()) != address:
            raise BlobCorrupt(f"The stored file {address[:12]}… holds other content than its name says.")

    def address_of(self, *, workspace_id: UUID, sha256: str) -> str:
        """Where content with this SHA-256 (hex) lies in the workspace, whether or not it is there."""
        return _address(self._keys.get(workspace_id), bytes.fromhex(sha256))

    def exists(self, *, workspace_id: UUID, address: str) -> bool:
        """Whether the workspace has a blob at this address."""
        return self._path(workspace_id, address).is_file()

    def delete(self, *, workspace_id: UUID, address: str) -> None:
        """Remove one blob that no row refers to any more. May be repeated.

        Content is shared within a workspace: ask first whether another row holds the same address, in a
        transaction that keeps a new one from appearing, or leave the blob to `sweep_orphans`.
        """
        path = self._path(workspace_id, address)
        if path.exists():
            with self._lock(workspace_id, fcntl.LOCK_EX):
                path.unlink(missing_ok=True)
                sync_folder(path.parent)

    def delete_workspace(self, *, workspace_id: UUID) -> None:
        """Remove every blob and leftover of a workspace. May be repeated."""
        folder = self._folder(workspace_id)
        for _attempt in range(5):
            # A writer may still create a folder while the tree is removed; its key is gone, so it soon stops.
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
        else:
            raise BlobError(f"The folder of workspace {workspace_id} could not be removed. Try again.")
        if self._root.is_dir():
            sync_folder(self._root)

    def sweep_orphans(self, *, known: Known, older_than: datetime) -> SweepResult:
        """Remove blobs last stored before `older_than` that no row knows, and leftovers as old.

        `known(workspace_id, addresses)` answers which of these addresses have a row; it is asked in batches,
        late, so that its answer is fresh. `older_than` must lie further back than the longest time between
        `put` and the commit of its row (a day is ample). A `put` of content that is already there renews its
        age, so that a blob about to be used again is not swept.
        """
        horizon = older_than.timestamp()
        orphans = leftovers = 0
        for folder, workspace_id in self._workspace_folders():
            with os.scandir(folder / "tmp") if (folder / "tmp").is_dir() else _nothing() as entries:
                for entry in list(entries):
                    leftovers += self._unlink_if_older(Path(entry.path), horizon)
            batch: list[Path] = []
            for path in _blob_paths(folder, horizon):
                batch.append(path)
                if len(batch) == _SWEEP_BATCH:
                    orphans += self._sweep_batch(workspace_id, batch, known, horizon)
                    batch = []
            orphans += self._sweep_batch(workspace_id, batch, known, horizon)
        return SweepResult(orphans=orphans, leftovers=leftovers)

    def _sweep_batch(self, workspace_id: UUID, batch: list[Path], known: Known, horizon: float) -> int:
        if not batch:
            return 0
        claimed = known(workspace_id, frozenset(path.name for path in batch))
        swept = 0
        with self._lock(workspace_id, fcntl.LOCK_EX):
            for path in batch:
                if path.name not in claimed:
                    swept += self._unlink_if_older(path, horizon)
        return swept

    @staticmethod
    def _unlink_if_older(path: Path, horizon: float) -> int:
        try:
            if path.stat().st_mtime >= horizon:
                return 0
            path.unlink()
        except FileNotFoundError:
            return 0
        return 1

    def _publish(self, workspace_id: UUID, address: str, part: Path) -> bool:
        final = self._path(workspace_id, address)
        make_folder(final.parent)
        with self._lock(workspace_id, fcntl.LOCK_SH):
            # Renamed even where it exists: that renews its age for the sweep, and mends a damaged blob.
            is_new = not final.exists()
            part.rename(final)
        sync_folder(final.parent)
        return is_new

    @contextmanager
    def _temporary_file(self, workspace_id: UUID) -> Iterator[tuple[Path, BinaryIO]]:
        folder = self._folder(workspace_id) / "tmp"
        make_folder(folder)
        part = folder / f"{secrets.token_hex(16)}.part"
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                yield part, file
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def _lock(self, workspace_id: UUID, kind: int) -> Iterator[None]:
        """Writers share, the sweep excludes: it must not remove what a writer has just taken for stored."""
        descriptor = os.open(self._folder(workspace_id) / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)

    def _workspace_folders(self) -> Iterator[tuple[Path, UUID]]:
        if not self._root.is_dir():
            return
        for folder in sorted(self._root.iterdir()):
            try:
                yield folder, UUID(folder.name)
            except ValueError:
                continue

    def _folder(self, workspace_id: UUID) -> Path:
        return self._root / str(workspace_id)

    def _path(self, workspace_id: UUID, address: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", address):
            raise ValueError(f"A blob's address is 64 hexadecimal digits (got {address[:80]!r}).")
        return self._folder(workspace_id) / address[:2] / address


class _MeteredSource:
    """Passes a source through, counting, hashing and limiting what is read."""

    def __init__(self, source: Readable, *, max_bytes: int) -> None:
        self._source = source
        self._max_bytes = max_bytes
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> bytes:
        return self._digest.digest()

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(size)
        self.size += len(piece)
        if self.size > self._max_bytes:
            raise BlobTooLarge(f"The file is larger than {_megabytes(self._max_bytes)}. Send a smaller one.")
        self._digest.update(piece)
        return piece


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.3g} MB" if count >= 100_000 else f"{count} bytes"


def _address(key: bytes, sha256: bytes) -> str:
    return hmac.new(derive_key(key=key, purpose="blob-address"), sha256, hashlib.sha256).hexdigest()


def _blob_paths(folder: Path, horizon: float) -> Iterator[Path]:
    """The blobs of one workspace that were last stored before `horizon`."""
    for fan in sorted(folder.iterdir()):
        if len(fan.name) == 2 and fan.is_dir():
            for path in sorted(fan.iterdir()):
                if path.stat().st_mtime < horizon:
                    yield path


@contextmanager
def _nothing() -> Iterator[list[os.DirEntry[str]]]:
    yield []


@contextmanager
def _full_disk_is_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                "The server has no room left for files. Nothing of this file was kept; it can be sent again "
                "once room has been made."
            ) from error
        raise

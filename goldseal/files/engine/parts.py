"""The parts of uploads under way: each connection's bytes as one encrypted file, joined when all have come.

A part lies at `<workspace>/<upload>/<offset>.part`, encrypted under the workspace's key and bound to upload and
offset. What arrived before a connection broke is kept: a stream is closed properly wherever its source ends.
The row that counts the bytes is written after the part is on disk; a part the row does not know is replaced by
the next one at its offset.
"""

import errno
import hashlib
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
from typing import BinaryIO
from uuid import UUID

from goldseal.files.engine.blobs import StorageFull
from goldseal.files.engine.durable import make_folder, sync_folder
from goldseal.files.engine.keystore import KeyStore
from goldseal.kit.crypto import DecryptingReader, Readable, encrypt_stream

_NAME = re.compile(r"(\d{15})\.part")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PIECE = 64 * 1024
MAX_PARTS = 4000


class PartRejected(Exception):
    """The part is not the one whose digest was announced; nothing of it was kept."""


class TooManyParts(Exception):
    """The upload came in more pieces than any honest connection breaks into."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of one part: the bytes kept, and whether the connection broke before its end."""

    size: int
    is_broken: bool


class PartStore:
    """Parts in a folder of one machine, or of a file system that all machines share."""

    def __init__(self, root: Path, *, keys: KeyStore) -> None:
        """Keep parts under `root`, made on first use."""
        self._root = root
        self._keys = keys

    def append(
        self,
        *,
        workspace_id: UUID,
        upload_id: UUID,
        offset: int,
        source: Readable,
        size: int,
        sha256: bytes | None = None,
    ) -> Arrived:
        """Keep up to `size` bytes of `source` as the part at `offset`; constant memory, on disk on return.

        A source that fails with OSError or ends early leaves what came before. With `sha256` the part counts
        only whole: PartRejected otherwise. The caller holds the upload's row locked. Raises StorageFull,
        TooManyParts, KeyStoreError.
        """
        metered = _UntilBroken(source, size)
        with _full_disk_is_said():
            folder = self._folder(workspace_id, upload_id)
            make_folder(folder)
            self._make_way(folder, offset)
            draft = folder / f"{secrets.token_hex(8)}.draft"
            try:
                with draft.open("xb") as file:
                    draft.chmod(0o600)
                    encrypt_stream(
                        key=self._keys.get(workspace_id),
                        source=metered,
                        sink=file,
                        aad=_context(workspace_id, upload_id, offset),
                    )
                    file.flush()
                    os.fsync(file.fileno())
                if sha256 is not None and metered.digest.digest() != sha256:
                    raise PartRejected
                if metered.size:
                    draft.rename(folder / f"{offset:015d}.part")
                    sync_folder(folder)
            finally:
                draft.unlink(missing_ok=True)
        return Arrived(size=metered.size, is_broken=metered.size < size)

    def _make_way(self, folder: Path, offset: int) -> None:
        places = self._places(folder)
        for start, path in places:
            if start >= offset:
                path.unlink()
        if len(places) >= MAX_PARTS:
            raise TooManyParts

    def open(self, *, workspace_id: UUID, upload_id: UUID) -> BinaryIO:
        """The parts as one seekable file, decrypted as they are read."""
        folder = self._folder(workspace_id, upload_id)
        key = self._keys.get(workspace_id)

        def opened(offset: int, path: Path) -> DecryptingReader:
            return DecryptingReader(
                key=key, source=path.open("rb"), aad=_context(workspace_id, upload_id, offset)
            )

        return io.BufferedReader(_Joined(self._places(folder), opened), buffer_size=_PIECE)

    def delete(self, *, workspace_id: UUID, upload_id: UUID) -> None:
        """Remove the parts of an upload. May be repeated."""
        shutil.rmtree(self._folder(workspace_id, upload_id), ignore_errors=True)

    def delete_workspace(self, *, workspace_id: UUID) -> None:
        """Remove the parts of every upload of a workspace. May be repeated."""
        shutil.rmtree(self._root / str(workspace_id), ignore_errors=True)

    def sweep(
        self, *, known: Callable[[UUID, frozenset[UUID]], Collection[UUID]], older_than: datetime
    ) -> int:
        """Remove folders of uploads that no row knows, last written before `older_than`; how many."""
        swept = 0
        for folder, workspace_id in _named_by_id(self._root):
            old = {
                upload_id
                for path, upload_id in _named_by_id(folder)
                if path.stat().st_mtime < older_than.timestamp()
            }
            for upload_id in old - set(known(workspace_id, frozenset(old))) if old else ():
                self.delete(workspace_id=workspace_id, upload_id=upload_id)
                swept += 1
        return swept

    def _folder(self, workspace_id: UUID, upload_id: UUID) -> Path:
        return self._root / str(workspace_id) / str(upload_id)

    @staticmethod
    def _places(folder: Path) -> list[tuple[int, Path]]:
        names = ((_NAME.fullmatch(path.name), path) for path in folder.iterdir()) if folder.is_dir() else ()
        return sorted((int(match[1]), path) for match, path in names if match)


class _UntilBroken:
    """Passes on at most `limit` bytes of a source and takes a failing one for ended."""

    def __init__(self, source: Readable, limit: int) -> None:
        self._source = source
        self._left = limit
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        if not self._left:
            return b""
        try:
            piece = self._source.read(min(size, self._left))
        except OSError:
            piece = b""
        if not piece:
            self._left = 0
            return b""
        self._left -= len(piece)
        self.size += len(piece)
        self.digest.update(piece)
        return piece


class _Joined(io.RawIOBase):
    """Several encrypted parts as one plain file; one part is open at a time."""

    def __init__(
        self, places: list[tuple[int, Path]], opened: Callable[[int, Path], DecryptingReader]
    ) -> None:
        super().__init__()
        self._places = places
        self._opened = opened
        self._index = -1
        self._part: DecryptingReader | None = None
        self._position = 0
        self._size = 0
        for index, (start, _path) in enumerate(places):
            if start != self._size:
                raise OSError(f"A part of the upload is missing: nothing starts at byte {self._size}.")
            self._size += self._enter(index).size

    def _enter(self, index: int) -> DecryptingReader:
        if index != self._index or self._part is None:
            if self._part is not None:
                self._part.close()
            self._part = self._opened(*self._places[index])
            self._index = index
        return self._part

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: memoryview | bytearray, /) -> int:  # type: ignore[override]
        if self._position >= self._size:
            return 0
        index = max(i for i, (start, _path) in enumerate(self._places) if start <= self._position)
        part = self._enter(index)
        part.seek(self._position - self._places[index][0])
        count = part.readinto(buffer)
        self._position += count
        return count

    def close(self) -> None:
        if self._part is not None:
            self._part.close()
        super().close()


def _context(workspace_id: UUID, upload_id: UUID, offset: int) -> bytes:
    return b"part:" + workspace_id.bytes + upload_id.bytes + offset.to_bytes(8, "big")


def _named_by_id(folder: Path) -> Iterator[tuple[Path, UUID]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            yield path, UUID(path.name)
        except ValueError:
            continue


@contextmanager
def _full_disk_is_said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull("The server has no room left for this upload.") from error
        raise

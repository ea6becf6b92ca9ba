"""Reading a request's body without waiting for ever on a connection that has gone silent.

A phone that leaves the Wi-Fi does not close its connection; a plain read would hold a server thread, and the
upload's lock, until somebody restarts the server. The reads are done by a thread of their own; when nothing
comes for half a minute the body counts as ended, and what came before is kept.
"""

import queue
import threading
from typing import Any

from goldseal.kit.crypto import Readable

SILENCE_SECONDS = 30.0
_PIECE = 64 * 1024
_AHEAD = 4


class Unstalled:
    """A source that ends when its connection breaks or falls silent; at most 256 KiB are read ahead."""

    def __init__(self, source: Readable, *, silence_seconds: float = SILENCE_SECONDS) -> None:
        """Start reading `source` on the first read."""
        self._source = source
        self._silence = silence_seconds
        self._pieces: queue.Queue[bytes] = queue.Queue(maxsize=_AHEAD)
        self._rest = b""
        self._is_over = False
        self._thread: threading.Thread | None = None

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end, at a break, and after the silence."""
        if self._rest:
            piece, self._rest = self._rest[:size], self._rest[size:]
            return piece
        if self._is_over:
            return b""
        if self._thread is None:
            self._thread = threading.Thread(target=self._read_ahead, daemon=True, name="upload-body")
            self._thread.start()
        try:
            piece = self._pieces.get(timeout=self._silence)
        except queue.Empty:
            piece = b""
        self._is_over = not piece
        self._rest = piece[size:]
        return piece[:size]

    def _read_ahead(self) -> None:
        piece: Any = b"-"
        while piece and not self._is_over:
            try:
                piece = self._source.read(_PIECE)
            except Exception:
                # Whatever a server's input raises when its peer is gone: the body has ended.
                piece = b""
            while not self._is_over:
                try:
                    self._pieces.put(piece, timeout=1)
                    break
                except queue.Full:
                    continue

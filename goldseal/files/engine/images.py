"""Pictures made safe: decoded in a caged child process and encoded afresh, so that only pixels survive.

What comes out: JPEG for photographs (JPEG, HEIC, opaque WebP), PNG for PNG and for WebP with transparency;
upright, 8-bit sRGB, no profile, no comments, no thumbnails, no trailing data. Of the metadata only the moment
of exposure is kept, and the place only when the inspection asks for it. Moving pictures are refused: a still
taken from one is not what its sender saw.
"""

import json
import os
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from goldseal.files.engine.pictures import Outline
from goldseal.files.engine.refusals import ImageRefused, Refused
from goldseal.files.engine.sniff import FileType, sniff_bytes

THUMBNAIL_SIDE = 320
PRINT_SIDE = 1400

_WORKER = Path(__file__).with_name("decode_worker.py")
_UNREADABLE = "This picture is damaged and cannot be opened. Take it again, or send the original file."
_SENTENCES = {
    "unreadable": _UNREADABLE,
    "animated": "Moving pictures are not accepted as a photo. Send a still picture.",
    "too_much_memory": "This picture needs too much memory to open. Send it smaller, as JPEG.",
    "took_too_long": "This picture takes too long to open. Send it smaller, as JPEG.",
    "crashed": _UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What a picture may cost: bytes as sent, pixels, and memory, processor and clock time of its decoding."""

    max_bytes: int = 30_000_000
    max_pixels: int = 50_000_000
    memory_bytes: int = 1_500_000_000
    cpu_seconds: int = 10
    wall_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class SafeImage:
    """A picture encoded afresh, and its derivatives as JPEG without any metadata.

    `taken_at` is the camera's own clock, `YYYY-MM-DDTHH:MM:SS` with an offset where the camera stated one: a
    claim of the sender, not proof. `location` is (latitude, longitude) in degrees, only when asked for.
    `thumbnail` fits 320 pixels, `print` 1400 pixels; neither is enlarged.
    """

    content: bytes
    type: FileType
    width: int
    height: int
    taken_at: str | None
    location: tuple[float, float] | None
    thumbnail: bytes
    print: bytes


class ImageCleaner:
    """A small pool of caged decoders that stay warm; safe to share between threads. Close it when done.

    A child that crashes, hangs or has served `recycle_after` pictures is replaced.
    """

    def __init__(
        self, *, limits: ImageLimits | None = None, processes: int = 1, recycle_after: int = 200
    ) -> None:
        """Children are started when first needed; at most `processes` decode at once, others wait."""
        self.limits = limits or ImageLimits()
        self._recycle_after = recycle_after
        self._processes = processes
        self._owner = 0
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._refill = threading.Lock()

    def clean(self, data: bytes, *, keep_location: bool = False) -> SafeImage:
        """The picture in `data` made safe. Raises ImageRefused with a sentence for the sender."""
        kind = self._check(data)
        order = {
            "type": kind.value,
            "max_pixels": self.limits.max_pixels,
            "keep_location": keep_location,
            "quality": 90,
            "derivatives": [THUMBNAIL_SIDE, PRINT_SIDE],
            "memory_bytes": self.limits.memory_bytes,
            "cpu_seconds": self.limits.cpu_seconds,
        }
        facts, parts = self._decode(order, data)
        refusal = facts.get("refused")
        if refusal == "too_many_pixels":
            raise _too_many_pixels(self.limits)
        if refusal:
            raise ImageRefused(refusal, _SENTENCES.get(refusal, _UNREADABLE))
        location = facts["location"]
        return SafeImage(
            content=parts[0],
            type=FileType(facts["type"]),
            width=facts["width"],
            height=facts["height"],
            taken_at=_iso_time(facts["taken_at"], facts["utc_offset"]),
            location=(location[0], location[1]) if location else None,
            thumbnail=parts[2],
            print=parts[1],
        )

    def close(self) -> None:
        """Stop the idle children. The cleaner may be used again afterwards."""
        with self._refill:
            if self._owner == os.getpid():
                while not self._idle.empty():
                    child = self._idle.get_nowait()
                    if child:
                        child.stop()
            self._owner = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check(self, data: bytes) -> FileType:
        if len(data) > self.limits.max_bytes:
            raise ImageRefused(
                "too_large",
                f"This picture has {len(data) / 1e6:.1f} MB; at most {self.limits.max_bytes / 1e6:.0f} MB are "
                "accepted. Send it smaller, as JPEG.",
            )
        try:
            sniffed = sniff_bytes(data)
        except Refused as refusal:
            raise ImageRefused(refusal.code, refusal.message) from refusal
        if sniffed.outline is None:
            raise ImageRefused("not_an_image", "This is not a photo. Send a JPEG, PNG, WebP or HEIC picture.")
        self._check_outline(sniffed.outline)
        return sniffed.type

    def _check_outline(self, outline: Outline) -> None:
        if outline.is_animated:
            raise ImageRefused("animated", _SENTENCES["animated"])
        if outline.width * outline.height > self.limits.max_pixels:
            raise _too_many_pixels(self.limits, outline)

    def _decode(self, order: dict[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
        child = self._borrow()
        keep = False
        try:
            answer = child.ask(order, data, deadline=time.monotonic() + self.limits.wall_seconds)
            keep = child.served < self._recycle_after
        except _ChildFailed as failure:
            answer = {"refused": failure.code}, []
        finally:
            if not keep:
                child.stop()
            self._idle.put(child if keep else None)
        return answer

    def _borrow(self) -> "_Child":
        with self._refill:
            if self._owner != os.getpid():
                # After a fork the pipes belong to the parent's children: leave them to it.
                self._owner = os.getpid()
                self._idle = queue.LifoQueue()
                for _place in range(self._processes):
                    self._idle.put(None)
            idle = self._idle
        child = idle.get()
        if child is not None and child.is_alive():
            return child
        if child is not None:
            child.stop()
        try:
            return _Child()
        except BaseException:
            idle.put(None)
            raise


class _ChildFailed(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Child:
    """One decoding process and its pipes."""

    def __init__(self) -> None:
        self.served = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own script, nothing from outside
            [sys.executable, "-I", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
            close_fds=True,
            bufsize=0,
        )
        if self._process.stdin:
            os.set_blocking(self._process.stdin.fileno(), False)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def ask(
        self, order: dict[str, Any], data: bytes, *, deadline: float
    ) -> tuple[dict[str, Any], list[bytes]]:
        self.served += 1
        head = json.dumps(order).encode()
        self._send(struct.pack(">II", len(head), len(data)) + head, deadline)
        self._send(data, deadline)
        facts = json.loads(self._receive(struct.unpack(">I", self._receive(4, deadline))[0], deadline))
        return facts, [self._receive(size, deadline) for size in facts["sizes"]]

    def _send(self, data: bytes, deadline: float) -> None:
        pipe = self._process.stdin
        if pipe is None:
            raise _ChildFailed("crashed")
        view = memoryview(data)
        while view:
            self._wait(pipe.fileno(), deadline, writing=True)
            try:
                sent = os.write(pipe.fileno(), view[: 64 * 1024])
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._death() from None
            view = view[sent:]

    def _receive(self, count: int, deadline: float) -> bytes:
        pipe = self._process.stdout
        if pipe is None:
            raise _ChildFailed("crashed")
        pieces: list[bytes] = []
        while count:
            self._wait(pipe.fileno(), deadline, writing=False)
            piece = os.read(pipe.fileno(), min(count, 1 << 20))
            if not piece:
                raise self._death()
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)

    def _death(self) -> _ChildFailed:
        """Why the child closed its pipes: out of processor time, or a decoder that broke."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        return _ChildFailed("took_too_long" if code == -signal.SIGXCPU else "crashed")

    @staticmethod
    def _wait(descriptor: int, deadline: float, *, writing: bool) -> None:
        poller = select.poll()
        poller.register(descriptor, select.POLLOUT if writing else select.POLLIN)
        if not poller.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise _ChildFailed("took_too_long")


def _too_many_pixels(limits: ImageLimits, outline: Outline | None = None) -> ImageRefused:
    has = f" has {outline.width} × {outline.height} pixels;" if outline else " is too large:"
    return ImageRefused(
        "too_many_pixels",
        f"This picture{has} at most {limits.max_pixels // 1_000_000} megapixels are accepted. Choose a smaller "
        "size in the camera's settings.",
    )


def _iso_time(taken_at: str | None, offset: str | None) -> str | None:
    if not taken_at:
        return None
    day, clock = taken_at.split(" ")
    return f"{day.replace(':', '-')}T{clock}{offset or ''}"

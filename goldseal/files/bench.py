"""Measure an upload of 60 MB of photos over three broken connections: is every byte there, is memory flat."""

import hashlib
import io
import random
import statistics
import threading
import time
from datetime import datetime
from typing import Self

import psutil
from PIL import Image

from goldseal.files.models import Attachment
from goldseal.files.rules.tus import Announced
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority
from goldseal.files.upload_services import begin_upload, continue_upload
from goldseal.kit.actors import Actor

PHOTOS = 12
CUTS = 3


class _Line(io.RawIOBase):
    """A connection that hands out `content` and fails, as a socket does, at byte `cut`."""

    def __init__(self, content: bytes, cut: int | None) -> None:
        super().__init__()
        self._content = memoryview(content)
        self._cut = cut
        self._position = 0

    def read(self, size: int = -1, /) -> bytes:
        end = self._position + size
        if self._cut is not None and end > self._cut:
            raise OSError("connection reset by peer")
        piece = bytes(self._content[self._position : end])
        self._position += len(piece)
        return piece


def sixty_megabytes(*, actor: Actor, now: datetime) -> dict[str, float]:
    """Send twelve photos of about five megabytes as `actor`, three of them over a line that breaks.

    Call inside the scope of the actor's workspace. Returns seconds per photo (median), megabytes sent, how many
    photos arrived byte for byte (by the digest the server acknowledges), and by how many megabytes this
    process's resident memory grew at the most, and in the end.
    """
    photos = [_photo(seed) for seed in range(PHOTOS)]
    chance = random.Random(60)  # noqa: S311 - where the line breaks, no secret
    cut_at = {
        number: chance.randrange(len(photos[number]) // 4, len(photos[number])) for number in range(CUTS)
    }
    attest_authority(version=STATEMENT_VERSION, actor=actor, now=now)
    _send(_photo(99), None, actor, now)
    seconds: list[float] = []
    whole = 0
    with _Memory() as memory:
        for number, content in enumerate(photos):
            begun = time.perf_counter()
            kept = _send(content, cut_at.get(number), actor, now)
            seconds.append(time.perf_counter() - begun)
            whole += kept.original_sha256 == hashlib.sha256(content).hexdigest()
    return {
        "photo_s": statistics.median(seconds),
        "sent_mb": sum(map(len, photos)) / 1e6,
        "whole": float(whole),
        "of": float(PHOTOS),
        "memory_peak_growth_mb": memory.peak_growth_mb,
        "memory_growth_mb": memory.growth_mb,
    }


def _send(content: bytes, cut: int | None, actor: Actor, now: datetime) -> Attachment:
    upload = begin_upload(
        length=len(content),
        said=Announced(name="bench.jpg", sha256=hashlib.sha256(content).hexdigest()),
        actor=actor,
        now=now,
    )
    while upload.attachment is None:
        line = _Line(content, cut)
        line.read(upload.offset)
        step = continue_upload(
            upload_id=upload.pk,
            offset=upload.offset,
            source=line,
            size=len(content) - upload.offset,
            actor=actor,
            now=now,
        )
        if step.refused:
            raise step.refused
        upload, cut = step.upload, None
    return upload.attachment


def _photo(seed: int) -> bytes:
    """A 12-megapixel picture with enough noise to weigh about five megabytes."""
    noise = Image.effect_noise((4000, 3000), 24 + seed % 3).convert("RGB")
    output = io.BytesIO()
    noise.save(output, "JPEG", quality=88)
    return output.getvalue()


class _Memory:
    """This process's resident memory, looked at every ten milliseconds."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._peak = self._process.memory_info().rss
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._is_over.wait(0.01):
            self._peak = max(self._peak, self._process.memory_info().rss)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._is_over.set()
        self._thread.join()

    @property
    def peak_growth_mb(self) -> float:
        return float(self._peak - self._before) / 1e6

    @property
    def growth_mb(self) -> float:
        return float(self._process.memory_info().rss - self._before) / 1e6

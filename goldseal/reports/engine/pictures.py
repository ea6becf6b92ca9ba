"""Photos put into a laid-out PDF where small stand-ins were: typst decodes every pixel, and paper needs none of it.

Thirty photos of 1400 pixels take 0.2 s to decode, their stand-ins nothing. A stand-in has the photo's proportions
and colour model; its object in the PDF gets the photo's bytes, width, height and length, and the table of offsets
is written anew. Same input, same bytes.
"""

import hashlib
import io
import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

from goldseal.reports.engine.photos import PrintPhoto

STAND_IN_SIDE = 96
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_TABLE = re.compile(rb"xref\r?\n0 (\d+)\r?\n")
_ENTRY = 20
_IMAGE = re.compile(
    rb"(\d+ 0 obj\s*<<)/Length (\d+)(/Type/XObject/Subtype/Image/Filter/DCTDecode)/Width (\d+)/Height (\d+)"
    rb"(/ColorSpace [^<>]{1,40}/BitsPerComponent 8>>\s*stream\r?\n)"
)
_HEAD_MAX = 400


class NotSwappedError(ValueError):
    """The PDF is not built as expected: lay it out with the photos themselves."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """Bytes of the PDF from `start` to `end` that become something else."""

    start: int
    end: int
    new: bytes


def stand_in(photo: PrintPhoto) -> bytes | None:
    """A tiny JPEG in the proportions of a photo, its own for every content; None where the photo must be decoded."""
    if photo.has_profile or max(photo.width, photo.height) <= STAND_IN_SIDE:
        return None
    scale = STAND_IN_SIDE / max(photo.width, photo.height)
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    sink = io.BytesIO()
    grey = Image.new("L" if photo.is_grey else "RGB", size)
    grey.save(sink, "JPEG", quality=30, comment=hashlib.sha256(photo.data).digest())
    return sink.getvalue()


def with_photos(pdf: bytes, photos: Mapping[bytes, PrintPhoto]) -> bytes:
    """The PDF with the photo of each stand-in in its place. Raises NotSwappedError unless every one was found."""
    offsets, table = _offsets(pdf)
    edits = []
    seen: set[bytes] = set()
    for offset in offsets:
        head = _IMAGE.match(pdf, offset, offset + _HEAD_MAX) if offset else None
        if head is None:
            continue
        data = pdf[head.end() : head.end() + int(head.group(2))]
        photo = photos.get(data)
        if photo is not None:
            seen.add(data)
            edits.append(_Edit(offset, head.end() + len(data), _object(head, photo)))
    if seen != photos.keys():
        raise NotSwappedError(f"{len(photos) - len(seen)} stand-ins are not in the PDF.")
    return _written(pdf, sorted(edits, key=lambda edit: edit.start), offsets, table)


def _offsets(pdf: bytes) -> tuple[list[int], int]:
    """Where each object begins (0 for a free entry), by number, and where their table begins."""
    end = _END.search(pdf, max(0, len(pdf) - 64))
    start = int(end.group(1)) if end else -1
    table = _TABLE.match(pdf, start) if start > 0 else None
    if table is None:
        raise NotSwappedError("The PDF has no plain table of offsets.")
    rows = range(table.end(), table.end() + int(table.group(1)) * _ENTRY, _ENTRY)
    entries = [pdf[row : row + _ENTRY] for row in rows]
    if any(len(entry) != _ENTRY or entry[17:18] not in (b"n", b"f") for entry in entries):
        raise NotSwappedError("The table of offsets is not as expected.")
    return [int(entry[:10]) if entry[17:18] == b"n" else 0 for entry in entries], table.end()


def _object(head: re.Match[bytes], photo: PrintPhoto) -> bytes:
    size = b"/Length %d%b/Width %d/Height %d" % (len(photo.data), head.group(3), photo.width, photo.height)
    return head.group(1) + size + head.group(6) + photo.data


def _written(pdf: bytes, edits: list[_Edit], offsets: list[int], table: int) -> bytes:
    """The PDF with its edits, every offset behind them moved along."""
    starts = [edit.start for edit in edits]
    moved = [0]
    for edit in edits:
        moved.append(moved[-1] + len(edit.new) - (edit.end - edit.start))
    parts, at = [], 0
    for edit in edits:
        parts += [pdf[at : edit.start], edit.new]
        at = edit.end
    parts.append(pdf[at:table])
    for number, offset in enumerate(offsets):
        entry = pdf[table + number * _ENTRY : table + (number + 1) * _ENTRY]
        parts.append(
            b"%010d" % (offset + moved[bisect_left(starts, offset)]) + entry[10:] if offset else entry
        )
    tail = pdf[table + len(offsets) * _ENTRY :]
    end = _END.search(tail)
    if end is None:
        raise NotSwappedError("The PDF has no end.")
    parts += [tail[: end.start(1)], b"%d" % (int(end.group(1)) + moved[-1]), tail[end.end(1) :]]
    return b"".join(parts)

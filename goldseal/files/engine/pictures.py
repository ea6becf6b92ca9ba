"""The structure of JPEG, PNG, WebP and HEIC files, walked from the first byte to the last without decoding.

Sources: ITU-T T.81 Annex B (JPEG), ISO/IEC 15948 §5 (PNG), RFC 9649 (WebP), ISO/IEC 14496-12 §4 and
23008-12 (HEIF).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from goldseal.files.engine.refusals import Refused, malformed, polyglot, truncated

_JPEG_NO_LENGTH = {0x01, *range(0xD0, 0xD8)}
_JPEG_FRAME = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_JPEG_JUNK_LIMIT = 64 * 1024

_TAIL_LIMIT = 64 * 1024
_FOREIGN_TAIL = re.compile(
    rb"%PDF-|<html|<script|<!doctype|<svg[\s>]|<\?php|<body|<iframe|PK\x05\x06|PK\x06\x06", re.IGNORECASE
)
_PDF_START = re.compile(rb"%PDF-\d")
_FOREIGN_START = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf", b"\xca\xfe\xba\xbe", b"#!")


@dataclass(frozen=True, slots=True)
class Outline:
    """What the structure of a picture tells before anything is decoded: size in pixels, and whether it moves."""

    width: int
    height: int
    is_animated: bool = False


def outline_jpeg(data: bytes) -> Outline:
    """Walk the segments and scans of a JPEG to its end-of-image marker. Raises Refused."""
    size: tuple[int, int] | None = None
    has_scan = False
    position, junk = 2, 0
    while True:
        start = data.find(b"\xff", position)
        if start < 0 or start + 1 >= len(data):
            raise truncated("photo")
        marker = data[start + 1]
        junk += start - position
        if junk > _JPEG_JUNK_LIMIT:
            raise malformed("photo")
        if marker in (0xFF, 0x00):
            # Fill bytes (T.81 §B.1.1.2), or junk that cameras leave between segments and decoders skip.
            position = start + (1 if marker == 0xFF else 2)
            continue
        position = start + 2
        if marker in _JPEG_NO_LENGTH:
            continue
        if marker == 0xD9:
            break
        if position + 2 > len(data):
            raise truncated("photo")
        length = int.from_bytes(data[position : position + 2], "big")
        if length < 2:
            raise malformed("photo")
        if position + length > len(data):
            raise truncated("photo")
        if marker in _JPEG_FRAME and length >= 8 and size is None:
            height, width = struct.unpack_from(">HH", data, position + 3)
            size = (width, height)
        position += length
        if marker == 0xDA:
            has_scan = True
            found = _JPEG_NEXT_MARKER.search(data, position)
            if not found:
                raise truncated("photo")
            position = found.start()
    if size is None or not has_scan or 0 in size:
        raise malformed("photo")
    _check_tail(data, position, "photo")
    return Outline(*size)


def outline_png(data: bytes) -> Outline:
    """Walk the chunks of a PNG, checking the CRC of each critical one. Raises Refused."""
    size: tuple[int, int] | None = None
    has_pixels = is_animated = False
    position = 8
    while True:
        if position + 12 > len(data):
            raise truncated("picture")
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if length > 0x7FFFFFFF or not kind.isalpha():
            raise malformed("picture")
        if end > len(data):
            raise truncated("picture")
        is_critical = not kind[0] & 0x20
        body = memoryview(data)[position + 4 : end - 4]
        if is_critical and zlib.crc32(body) != int.from_bytes(data[end - 4 : end], "big"):
            raise malformed("picture")
        if (size is None) != (kind == b"IHDR"):
            raise malformed("picture")
        if kind == b"IHDR":
            if length != 13:
                raise malformed("picture")
            size = struct.unpack_from(">II", data, position + 8)
        has_pixels |= kind == b"IDAT"
        is_animated |= kind == b"acTL"
        position = end
        if kind == b"IEND":
            break
    if size is None or not has_pixels or 0 in size:
        raise malformed("picture")
    _check_tail(data, position, "picture")
    return Outline(*size, is_animated=is_animated)


def outline_webp(data: bytes) -> Outline:
    """Walk the RIFF chunks of a WebP. Raises Refused."""
    stated_end = 8 + int.from_bytes(data[4:8], "little")
    if stated_end > len(data):
        raise truncated("picture")
    size: tuple[int, int] | None = None
    has_pixels = is_animated = False
    position = 12
    while position + 8 <= stated_end:
        kind, length = struct.unpack_from("<4sI", data, position)
        body = position + 8
        if body + length > stated_end:
            raise malformed("picture")
        found = _webp_size(data[body : body + min(length, 10)], kind)
        size = size or found
        has_pixels |= kind in (b"VP8 ", b"VP8L", b"ANMF")
        is_animated |= kind in (b"ANIM", b"ANMF")
        position = body + length + (length & 1)
    if size is None or not has_pixels or 0 in size:
        raise malformed("picture")
    _check_tail(data, stated_end, "picture")
    return Outline(*size, is_animated=is_animated)


def outline_heic(data: bytes) -> Outline:
    """Walk the boxes of a HEIC; the size is that of its largest stated image item. Raises Refused."""
    has_meta = False
    size = (0, 0)
    for kind, start, end in top_boxes(data, "photo"):
        if kind == b"meta":
            has_meta = True
            for width, height in _stated_sizes(data, start + 4, end, depth=0):
                size = max(size, (width, height), key=lambda pair: pair[0] * pair[1])
    if not has_meta or 0 in size:
        raise malformed("photo")
    _check_tail(data, len(data), "photo")
    return Outline(*size)


def top_boxes(data: bytes, what: str) -> Iterator[tuple[bytes, int, int]]:
    """The outermost boxes of an ISO media file as (type, start of content, end); they must fill the file.

    Raises Refused: `truncated` when a box runs past the end, `malformed` when what follows is no box.
    """
    position = 0
    while position < len(data):
        if not data[position:].strip(b"\x00"):
            return
        box = _box_at(data, position, len(data))
        if box is None:
            raise malformed(what)
        kind, start, end = box
        if end > len(data):
            raise truncated(what)
        yield kind, start, end
        position = end


def _box_at(data: bytes, position: int, limit: int) -> tuple[bytes, int, int] | None:
    if position + 8 > limit:
        return None
    length, kind = struct.unpack_from(">I4s", data, position)
    start = position + 8
    if length == 1 and position + 16 <= limit:
        length = int.from_bytes(data[position + 8 : position + 16], "big")
        start = position + 16
    elif length == 0:
        length = limit - position
    if length < start - position or not all(0x20 <= byte < 0x7F for byte in kind):
        return None
    return kind, start, position + length


def _stated_sizes(data: bytes, start: int, end: int, *, depth: int) -> Iterator[tuple[int, int]]:
    position = start
    while position < end and depth < 4:
        box = _box_at(data, position, end)
        if box is None or box[2] > end:
            return
        kind, inner, position = box
        if kind in (b"iprp", b"ipco"):
            yield from _stated_sizes(data, inner, position, depth=depth + 1)
        elif kind == b"ispe" and position - inner >= 12:
            yield struct.unpack_from(">II", data, inner + 4)


def _webp_size(body: bytes, kind: bytes) -> tuple[int, int] | None:
    if kind == b"VP8X" and len(body) == 10:
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8 " and len(body) == 10 and body[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    return None


def hides_pdf(data: bytes) -> bool:
    """Whether a viewer that looks for a PDF within the first 1024 bytes would find one (most do)."""
    return _PDF_START.search(data, 0, 1032) is not None


def _check_tail(data: bytes, end: int, what: str) -> None:
    """Judge what follows the picture's own end.

    Phones append a gain map, a depth picture, a short film or their own notes; all of that is dropped when the
    picture is encoded again. What another program could take for a file of its own is refused.
    """
    tail = data[end:]
    if hides_pdf(data):
        raise polyglot(what)
    if _FOREIGN_TAIL.search(tail) or tail.lstrip().startswith(_FOREIGN_START):
        raise polyglot(what)
    # A ZIP directory is found from the end of the file, whatever the picture says of its own end.
    directory = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if directory >= 0 and b"PK\x01\x02" in data[:directory]:
        raise polyglot(what)
    is_phone_extra = tail.startswith(b"\xff\xd8\xff") or tail[4:8] == b"ftyp" or tail.endswith(b"SEFT")
    if len(tail) > _TAIL_LIMIT and not is_phone_extra and tail.strip(b"\x00"):
        raise Refused(
            "trailing_data",
            f"This {what} has {len(tail) // 1024} KB of other data after its end and is not accepted. "
            "Save it again, or take a new one.",
        )

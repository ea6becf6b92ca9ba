"""The structure of PDF, plain text, CSV and sound files, walked without opening them in a viewer."""

import csv
import io
import re
import struct
import zlib

from goldseal.files.engine.pictures import top_boxes
from goldseal.files.engine.refusals import Refused, malformed, polyglot, truncated

_PDF_HEADER = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n\s]")
_PDF_ENCRYPTED = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
_MARKUP = re.compile(r"\s*(<!doctype|<html|<\?xml|<svg|<script|<\?php)", re.IGNORECASE)
_CSV_SAMPLE_CHARS = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_FILM_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"qt  "}
_SOUND_BRANDS = {b"M4A ", b"M4B "}


def check_pdf(data: bytes) -> None:
    """A PDF begins with its header at byte 0, ends with %%EOF, and opens without a password. Raises Refused."""
    if not _PDF_HEADER.match(data):
        raise malformed("PDF")
    end = data.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in data[max(0, end - 1024) : end]:
        raise truncated("PDF")
    tail = data[end + 5 :]
    if len(tail.strip(b"\x00\r\n\t \x1a")) > 1024 or b"PK\x05\x06" in data[-65_557:]:
        raise polyglot("PDF")
    if _PDF_ENCRYPTED.search(data):
        raise Refused(
            "encrypted",
            "This PDF is protected by a password. Save it without the password and send it again.",
        )


def check_text(data: bytes) -> bool:
    """Plain text is UTF-8 without control characters and is no markup; True if it is a table (CSV).

    Raises Refused.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            "not_utf8",
            f"This file is not UTF-8 text (byte {error.start + 1}). In a spreadsheet, save it as "
            "“CSV UTF-8”; otherwise send a PDF, JPEG, PNG, Word (.docx) or Excel (.xlsx) file.",
        ) from None
    if _CONTROL.search(text):
        raise Refused(
            "unknown",
            "This kind of file is not accepted. Send a photo (JPEG, PNG, WebP, HEIC), a PDF, a Word (.docx) or "
            "Excel (.xlsx) file, or plain text.",
        )
    if _MARKUP.match(text):
        raise Refused(
            "markup",
            "Web pages and XML can carry programs and are not accepted. Save it as PDF or plain text.",
        )
    return _is_table(text[:_CSV_SAMPLE_CHARS], is_whole=len(text) <= _CSV_SAMPLE_CHARS)


def check_film_or_sound(data: bytes) -> bool:
    """An MP4 or M4A whose boxes fill it and hold an index and media; True if it is sound only. Raises Refused."""
    kinds = [kind for kind, _start, _end in top_boxes(data, "recording")]
    if b"moov" not in kinds or not {b"mdat", b"moof"} & set(kinds):
        raise truncated("recording")
    if b"PK\x05\x06" in data[-65_557:]:
        raise polyglot("recording")
    brands = {data[8:12], *(data[i : i + 4] for i in range(16, int.from_bytes(data[:4], "big"), 4))}
    if not brands & (_FILM_BRANDS | _SOUND_BRANDS):
        raise malformed("recording")
    # Each track names its handler; a recording without a "vide" handler has no pictures.
    return b"hdlr" in data and not re.search(rb"hdlr\x00{8}vide", data)


def check_ogg(data: bytes) -> None:
    """An Ogg file whose pages follow one another to the end with right checksums (RFC 3533 §6). Raises Refused."""
    position = 0
    while position < len(data):
        if position + 27 > len(data) or data[position : position + 5] != b"OggS\x00":
            raise malformed("recording") if position + 27 <= len(data) else truncated("recording")
        segments = data[position + 26]
        header_end = position + 27 + segments
        end = header_end + sum(data[position + 27 : header_end])
        if end > len(data):
            raise truncated("recording")
        page = bytearray(data[position:end])
        stated = struct.unpack_from("<I", page, 22)[0]
        page[22:26] = bytes(4)
        if _ogg_crc(page) != stated:
            raise malformed("recording")
        position = end


def _is_table(sample: str, *, is_whole: bool) -> bool:
    """At least two rows, all of the same two or more columns, under one usual delimiter."""
    lines = sample if is_whole else sample[: sample.rfind("\n") + 1]
    for delimiter in ",;\t":
        try:
            reader = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True)
            widths = [len(row) for row in reader if row]
        except csv.Error:
            continue
        if len(widths) >= 2 and widths[0] >= 2 and len(set(widths)) == 1:
            return True
    return False


_REVERSED_BITS = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def _ogg_crc(page: bytes | bytearray) -> int:
    """Ogg's CRC-32: the polynomial of zlib's, but unreflected and starting from zero, so turned around here."""
    register = zlib.crc32(page.translate(_REVERSED_BITS), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{register:032b}"[::-1], 2)

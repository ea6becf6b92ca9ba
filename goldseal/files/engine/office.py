"""Strict reading of Word and Excel files: the ZIP by its own rules, and no part that could do harm.

The directory is not believed: every part is unpacked under a limit and its real size counted; parts may not
overlap, hide between others, or lead out of the archive. XML is parsed with expat and refused at a DTD.
Sources: APPNOTE 6.3.10 §4.3 (ZIP), ISO/IEC 29500-2 (packages).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from goldseal.files.engine.refusals import Refused, malformed, polyglot, truncated

MAX_PARTS = 2000
MAX_RATIO = 100
MAX_UNPACKED_BYTES = 300_000_000
_SMALL_PART_BYTES = 1_000_000
_PIECE = 256 * 1024

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_BAD_NAME = re.compile(r"[\x00-\x1f\\:*?\"<>|]|^/|//|(^|/)\.\.?(/|$)")


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def check_office(data: bytes) -> str:
    """'docx' or 'xlsx' for a sound Word or Excel file in `data`. Raises Refused."""
    parts, directory_start = _directory(data)
    types = ""
    unpacked = 0
    end = 0
    for part in sorted(parts, key=lambda p: p.offset):
        start = _content_start(data, part, previous_end=end)
        end = start + part.packed
        if end > directory_start:
            raise malformed("Office file")
        head, size = _unpack(data, part, start, allowed=MAX_UNPACKED_BYTES - unpacked)
        unpacked += size
        if part.name == "[Content_Types].xml":
            types = head
    if unpacked > MAX_RATIO * len(data) and unpacked > _SMALL_PART_BYTES:
        raise _bomb()
    if directory_start - end > 24:
        raise polyglot("Office file")
    return _kind(types, {part.name for part in parts})


def _directory(data: bytes) -> tuple[list[_Part], int]:
    """The parts named by the central directory, and where it begins. It must end the file exactly."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end < 0 or end + 22 > len(data):
        raise truncated("Office file")
    disk, start_disk, here, total, size, start, comment = struct.unpack_from("<HHHHIIH", data, end + 4)
    if end + 22 + comment != len(data):
        raise polyglot("Office file")
    if disk or start_disk or here != total or start + size != end:
        raise malformed("Office file")
    if total > MAX_PARTS:
        raise Refused("too_many_parts", f"This file holds {total} parts; at most {MAX_PARTS} are accepted.")
    parts: list[_Part] = []
    position = start
    for _number in range(total):
        if position + 46 > end or data[position : position + 4] != b"PK\x01\x02":
            raise malformed("Office file")
        made_by, _needs, flags, method = struct.unpack_from("<HHHH", data, position + 4)
        crc, packed, unpacked, name_length, extra, note, _disk = struct.unpack_from(
            "<IIIHHHH", data, position + 16
        )
        attributes, offset = struct.unpack_from("<II", data, position + 38)
        raw_name = data[position + 46 : position + 46 + name_length]
        name = raw_name.decode("utf-8", "replace")
        is_link = made_by >> 8 == 3 and (attributes >> 16) & 0o170000 == 0o120000
        if _BAD_NAME.search(name) or is_link or not name or "\ufffd" in name:
            raise Refused(
                "bad_part_name",
                "This Office file has a part with a forbidden name and is not accepted. Save it again in Word or "
                "Excel.",
            )
        parts.append(_Part(name, flags, method, crc, packed, unpacked, offset))
        position += 46 + name_length + extra + note
    if position != end or len({part.name.lower() for part in parts}) != len(parts):
        raise malformed("Office file")
    return parts, start


def _content_start(data: bytes, part: _Part, *, previous_end: int) -> int:
    """Where the part's bytes begin, by its own header; it must follow the previous part without a gap."""
    if data[part.offset : part.offset + 4] != b"PK\x03\x04" or part.offset + 30 > len(data):
        raise malformed("Office file")
    _needs, flags, method, _time, _crc, packed, _size, name_length, extra = struct.unpack_from(
        "<HHHIIIIHH", data, part.offset + 4
    )
    name = data[part.offset + 30 : part.offset + 30 + name_length].decode("utf-8", "replace")
    if flags & 1 or part.flags & 1:
        raise Refused("encrypted", "This file is protected by a password. Save it without and send it again.")
    if name != part.name or method != part.method or method not in (0, 8):
        raise malformed("Office file")
    if not flags & 8 and packed != part.packed:
        raise malformed("Office file")
    # A gap may hold the data descriptor of the part before (12 to 24 bytes), nothing more.
    if not 0 <= part.offset - previous_end <= 24:
        raise malformed("Office file")
    return part.offset + 30 + int(name_length) + int(extra)


def _unpack(data: bytes, part: _Part, start: int, *, allowed: int) -> tuple[str, int]:
    """Unpack and check one part; the text of the content-types part (else ''), and the real size in bytes."""
    size = crc = 0
    kept: list[bytes] = []
    xml = _XmlGuard(part.name)
    limit = min(allowed, max(_SMALL_PART_BYTES, MAX_RATIO * part.packed))
    for piece in _pieces(data[start : start + part.packed], part):
        size += len(piece)
        if size > limit:
            raise _bomb()
        if size > part.size:
            raise Refused(
                "lying_size", "This Office file lies about the size of its parts and is not accepted."
            )
        crc = zlib.crc32(piece, crc)
        xml.feed(piece)
        if part.name == "[Content_Types].xml":
            kept.append(piece)
    if size != part.size or crc != part.crc:
        raise malformed("Office file")
    xml.finish()
    return b"".join(kept).decode("utf-8", "replace"), size


def _pieces(packed: bytes, part: _Part) -> Iterator[bytes]:
    if part.method == 0:
        for start in range(0, len(packed), _PIECE):
            yield packed[start : start + _PIECE]
        return
    inflater = zlib.decompressobj(-15)
    pending = packed
    try:
        while not inflater.eof:
            piece = inflater.decompress(pending, _PIECE)
            pending = inflater.unconsumed_tail
            if not piece and not pending and not inflater.eof:
                raise malformed("Office file")
            yield piece
    except zlib.error:
        raise malformed("Office file") from None
    if inflater.unused_data or pending:
        raise malformed("Office file")


class _XmlGuard:
    """Parses a part that is XML and refuses a DTD, inserted web pages and links that fetch by themselves."""

    def __init__(self, name: str) -> None:
        self._is_links = name.endswith(".rels")
        # A Mac that packs a folder again adds binary notes under the names of the parts, in a folder of its own.
        is_named_xml = name.endswith((".xml", ".rels", ".vml")) and not name.startswith("__MACOSX/")
        self._is_xml: bool | None = True if is_named_xml else None
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        if self._is_links:
            self._parser.StartElementHandler = self._element

    def feed(self, piece: bytes) -> None:
        if self._is_xml is None:
            # A part under any other name that begins like markup is held to the same rules.
            self._is_xml = piece.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")
        if self._is_xml:
            self._parse(piece, is_final=False)

    def finish(self) -> None:
        if self._is_xml:
            self._parse(b"", is_final=True)

    def _parse(self, piece: bytes, *, is_final: bool) -> None:
        try:
            self._parser.Parse(piece, is_final)
        except (expat.ExpatError, LookupError, ValueError):
            raise malformed("Office file") from None

    @staticmethod
    def _doctype(*_declaration: object) -> None:
        raise Refused(
            "dtd",
            "This Office file holds a document type definition, which can do harm, and is not accepted.",
        )

    @staticmethod
    def _element(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] != "Relationship":
            return
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        is_fetched = attributes.get("TargetMode", "").lower() == "external" and kind != "hyperlink"
        if is_fetched or kind in ("afchunk", "attachedtemplate"):
            raise Refused(
                "external_content",
                "This Office file pulls in content from elsewhere (a linked picture, template or page) and is "
                "not accepted. Embed the content, or save it as PDF.",
            )


def _bomb() -> Refused:
    return Refused(
        "zip_bomb",
        "This file unpacks to far more than its size and is not accepted. Save it again in Word or Excel, with "
        "fewer or smaller parts.",
    )


def _kind(types: str, names: set[str]) -> str:
    lowered = {name.lower() for name in names}
    if "macroenabled" in types.lower() or any(
        name.endswith("vbaproject.bin") or "/activex/" in name for name in lowered
    ):
        raise Refused(
            "macros",
            "Files with macros are not accepted. Save it as a plain .docx or .xlsx and send it again.",
        )
    if _WORD in types and "word/document.xml" in lowered:
        return "docx"
    if _EXCEL in types and any(name.startswith("xl/") for name in lowered):
        return "xlsx"
    raise Refused(
        "unknown_archive",
        "Archives and this kind of Office file are not accepted. Send the files one by one, as PDF, Word (.docx) "
        "or Excel (.xlsx).",
    )

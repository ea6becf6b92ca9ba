"""Word and Excel files: honest ones pass, bombs, disguises and programs do not."""

import io
import random
import re
import struct
import zipfile

import pytest

from goldseal.files.engine.sniff import FileType, sniff_bytes
from goldseal.files.tests import makers
from goldseal.files.tests.looks import refused_bytes

ZIP = makers.archive({"evil.class": b"\xca\xfe\xba\xbe"})


def spoiled(old: bytes, new: bytes, *, kind: str = "docx", count: int = -1) -> bytes:
    data = makers.office(kind)
    assert old in data
    return data.replace(old, new, count)


def with_directory_field(offset: int, layout: str, value: int) -> bytes:
    """The last part's directory entry with one field overwritten."""
    data = bytearray(makers.office())
    struct.pack_into(layout, data, data.rindex(b"PK\x01\x02") + offset, value)
    return bytes(data)


def overlapping() -> bytes:
    """Two names for the same packed bytes (the trick of quoted-overlap bombs)."""
    data = bytearray(makers.office(extra={"word/a.xml": b"<a/>", "word/b.xml": b"<a/>"}))
    first = data.index(b"PK\x01\x02", data.rindex(b"PK\x03\x04"))
    entries = [match.start() for match in re.finditer(b"PK\x01\x02", bytes(data))]
    assert entries[0] == first
    target = struct.unpack_from("<I", data, entries[-2] + 42)[0]
    struct.pack_into("<I", data, entries[-1] + 42, target)
    return bytes(data)


def quoted_overlap() -> bytes:
    """One part whose stored bytes hold another part's whole record: the same bytes are read twice."""
    record = makers.archive({"word/b.xml": b"<b/>"})
    record = record[: record.index(b"PK\x01\x02")]
    output = io.BytesIO(makers.office())
    with zipfile.ZipFile(output, "a") as package:
        package.writestr("word/a.bin", record, zipfile.ZIP_STORED)
        package.writestr("word/b.xml", b"<b/>", zipfile.ZIP_DEFLATED)
    data = bytearray(output.getvalue())
    inner = data.index(record)
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 42, inner)
    return bytes(data)


def hidden_gap() -> bytes:
    """Bytes between two parts that no directory entry names."""
    data = makers.office()
    second = data.index(b"PK\x03\x04", 4)
    shifted = bytearray(data[:second] + b"<script>x</script>" * 10 + data[second:])
    entries = [match.start() for match in re.finditer(b"PK\x01\x02", bytes(shifted))]
    for entry in entries[1:]:
        offset = struct.unpack_from("<I", shifted, entry + 42)[0]
        struct.pack_into("<I", shifted, entry + 42, offset + 180)
    struct.pack_into("<I", shifted, len(shifted) - 6, entries[0])
    return bytes(shifted)


BOMB_IN_BALLAST = makers.office(
    extra={"word/bomb.bin": bytes(30_000_000), "word/ballast.bin": random.Random(4).randbytes(2_000_000)}
)
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><document>&c;</document>'
)
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'
EXTERNAL = 'TargetMode="External"'

OFFICE = {
    "bomb": (makers.office(extra={"word/media/x.xml": b"<a>" + b"0" * 30_000_000 + b"</a>"}), "zip_bomb"),
    "many small bombs": (
        makers.office(extra={f"word/{n}.bin": bytes(900_000) for n in range(20)}),
        "zip_bomb",
    ),
    "bomb hidden by ballast": (BOMB_IN_BALLAST, "zip_bomb"),
    "quoted overlap": (quoted_overlap(), "malformed"),
    "hidden gap": (hidden_gap(), "malformed"),
    "too many parts": (makers.office(extra={f"word/{n}.bin": b"" for n in range(2000)}), "too_many_parts"),
    "size understated": (with_directory_field(24, "<I", 10), "lying_size"),
    "size overstated": (with_directory_field(24, "<I", 1 << 30), "malformed"),
    "wrong checksum": (with_directory_field(16, "<I", 12345), "malformed"),
    "packed size overstated": (with_directory_field(20, "<I", 1 << 20), "malformed"),
    "offset outside": (with_directory_field(42, "<I", 1 << 30), "malformed"),
    "other method": (with_directory_field(10, "<H", 12), "malformed"),
    "encrypted part": (with_directory_field(8, "<H", 1), "encrypted"),
    "symbolic link": (
        bytes(
            bytearray(with_directory_field(38, "<I", 0o120777 << 16)).replace(
                b"PK\x01\x02\x14\x00", b"PK\x01\x02\x14\x03"
            )
        ),
        "bad_part_name",
    ),
    "overlap": (overlapping(), "malformed"),
    "climbing name": (makers.office(extra={"../../etc/passwd": b"x"}), "bad_part_name"),
    "absolute name": (makers.office(extra={"/etc/passwd": b"x"}), "bad_part_name"),
    "windows name": (spoiled(b"word/document.xml", b"word\\document.xml"), "bad_part_name"),
    "drive name": (makers.office(extra={"C:autoexec.bat": b"x"}), "bad_part_name"),
    "same name twice": (makers.office(extra={"WORD/document.xml": b"<a/>"}), "malformed"),
    "names that differ": (spoiled(b"word/document.xml", b"word/innocent.xml", count=1), "malformed"),
    "dtd": (makers.office(extra={"word/document.xml": BILLION_LAUGHS}), "dtd"),
    "outside entity": (makers.office("xlsx", extra={"xl/workbook.xml": OUTSIDE}), "dtd"),
    "dtd in utf-16": (
        makers.office(extra={"word/document.xml": OUTSIDE.decode().encode("utf-16")}),
        "dtd",
    ),
    "dtd under another name": (makers.office(extra={"customXml/item1.dat": OUTSIDE}), "dtd"),
    "broken xml": (makers.office(extra={"word/document.xml": b"<document>"}), "malformed"),
    "remote template": (
        makers.office(
            extra={"word/_rels/settings.xml.rels": makers.relationships("attachedTemplate", "x", EXTERNAL)}
        ),
        "external_content",
    ),
    "remote picture": (
        makers.office(
            extra={"word/_rels/document.xml.rels": makers.relationships("image", "http://x/", EXTERNAL)}
        ),
        "external_content",
    ),
    "inserted page": (
        makers.office(extra={"word/_rels/document.xml.rels": makers.relationships("aFChunk", "a.htm")}),
        "external_content",
    ),
    "macros by part": (makers.office(extra={"word/vbaProject.bin": b"x"}), "macros"),
    "macros by type": (
        makers.office("xlsx", content_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "macros",
    ),
    "zip appended": (makers.office() + ZIP, "malformed"),
    "bytes appended": (makers.office() + b"more", "polyglot"),
    "no content types": (makers.archive({"word/document.xml": b"<document/>"}), "unknown_archive"),
}


@pytest.mark.parametrize("name", OFFICE)
def test_harmful_office_files_are_refused(name):
    data, code = OFFICE[name]
    assert refused_bytes(data) == code


def test_a_bomb_is_stopped_long_before_it_is_unpacked():
    import tracemalloc

    data = makers.office(extra={"word/media/x.bin": bytes(200_000_000)})
    tracemalloc.start()
    try:
        assert refused_bytes(data) == "zip_bomb"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_well_packed_large_table_is_accepted():
    """Sheets pack well: the ratio allowed must leave room for honest ones."""
    rows = b"".join(b"<row r='%d'><c><v>%d</v></c></row>" % (n, n * 7919 % 10007) for n in range(60_000))
    data = makers.office("xlsx", extra={"xl/worksheets/sheet1.xml": b"<sheet>" + rows + b"</sheet>"})
    assert sniff_bytes(data).type == FileType.XLSX


def test_links_to_pages_are_allowed():
    links = makers.relationships("hyperlink", "https://example.org/", EXTERNAL)
    data = makers.office(extra={"word/_rels/document.xml.rels": links})
    assert sniff_bytes(data).type == FileType.DOCX


def test_parts_written_as_a_stream_are_accepted():
    """Programs that stream put the sizes after each part (a data descriptor)."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            super().__init__()
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, piece) -> int:
            self.content += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(io.BytesIO(makers.office("xlsx"))) as plain:
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as streamed:
            for name in plain.namelist():
                streamed.writestr(name, plain.read(name))
    assert b"PK\x07\x08" in pipe.content
    assert sniff_bytes(pipe.content).type == FileType.XLSX

"""The type of an upload comes from its bytes; two-faced, harmful, cut and unknown files get a sentence."""

import io
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldseal.files.engine.refusals import Refused
from goldseal.files.engine.sniff import FileType, sniff, sniff_bytes
from goldseal.files.tests import makers
from goldseal.files.tests.looks import refused_bytes

DATA = Path(__file__).parents[4] / "shared" / "data"

SOUND = {
    "jpeg": (makers.jpeg(), FileType.JPEG),
    "progressive": (makers.jpeg(progressive=True), FileType.JPEG),
    "png": (makers.png(), FileType.PNG),
    "webp": (makers.webp(), FileType.WEBP),
    "webp_lossless": (makers.webp(lossless=True), FileType.WEBP),
    "heic": (makers.heic(), FileType.HEIC),
    "pdf": (makers.pdf(), FileType.PDF),
    "docx": (makers.office("docx"), FileType.DOCX),
    "xlsx": (makers.office("xlsx"), FileType.XLSX),
    "csv": (b"style,qty\r\nKX-9,1200\r\n", FileType.CSV),
    "csv_bom": ("\ufeffstyle;রং\nKX-9;লাল\n".encode(), FileType.CSV),
    "text": ("Pull test at 90 N.\nসব ঠিক আছে।\n".encode(), FileType.TEXT),
    "m4a": (makers.recording(), FileType.M4A),
    "mp4": (makers.recording(b"isom", b"vide"), FileType.MP4),
    "ogg": (makers.ogg(), FileType.OGG),
}


def answer(data: bytes) -> str:
    """The type or the refusal's code; anything else that is raised fails the test."""
    try:
        return sniff_bytes(data).type.value
    except Refused as refused:
        return refused.code


@pytest.mark.parametrize("name", SOUND)
def test_sound_files_are_what_they_are(name):
    data, expected = SOUND[name]
    found = sniff(io.BytesIO(data))
    assert found.type == expected
    assert (found.outline is not None) == found.type.is_image
    assert "/" in found.type.mime


def test_pixels_are_known_before_decoding():
    for data in (makers.jpeg(), makers.png(), makers.webp(), makers.webp(lossless=True)):
        outline = sniff_bytes(data).outline
        assert (outline.width, outline.height) == (60, 40)
    outline = sniff_bytes(makers.heic()).outline
    assert (outline.width, outline.height) == (64, 64)


@pytest.mark.parametrize("name", [name for name in SOUND if "csv" not in name and name != "text"])
def test_a_cut_file_is_refused_wherever_it_is_cut(name):
    data = SOUND[name][0]
    # Of fewer than nine bytes, only a few letters that mean nothing are left.
    for end in sorted({9, 20, 40, *random.Random(5).sample(range(9, len(data)), 40), len(data) - 12}):
        if name == "ogg" and end == len(data) // 2:
            continue  # cut between two pages an Ogg file is whole
        if name == "pdf" and data[:end].rstrip().endswith(b"%%EOF"):
            continue
        with pytest.raises(Refused):
            sniff_bytes(data[:end])


@pytest.mark.parametrize("max_bytes", [10, 11])
def test_size_limit_is_exact(max_bytes):
    source = io.BytesIO(b"01234567890")
    if max_bytes == 11:
        assert sniff(source, max_bytes=max_bytes).type == FileType.TEXT
    else:
        with pytest.raises(Refused, match="at most 0 MB"):
            sniff(source, max_bytes=max_bytes)


ZIP = makers.archive({"evil.class": b"\xca\xfe\xba\xbe"})
GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"

HOSTILE = {
    "empty": (b"", "empty"),
    "svg": (SVG, "svg"),
    "svg after a comment": (b"<!-- a drawing --><svg onload='alert(1)'/>", "svg"),
    "svg in utf-16": (SVG.decode().encode("utf-16"), "svg"),
    "html": (HTML, "markup"),
    "xml": (b"<?xml version='1.0'?><order/>", "markup"),
    "gif": (GIF, "gif"),
    "gif and script": (GIF[:6] + b"/*" + GIF[8:] + b"*/=1;alert(1)", "gif"),
    "gifar": (GIF + ZIP, "gif"),
    "jpeg and zip": (makers.jpeg() + ZIP, "polyglot"),
    "png and zip": (makers.png() + ZIP, "polyglot"),
    "webp and zip": (makers.webp() + ZIP, "polyglot"),
    "heic and zip": (makers.heic() + makers.box(b"free", ZIP), "polyglot"),
    "jpeg with a zip in a comment": (makers.jpeg(comment=ZIP), "polyglot"),
    "jpeg and html": (makers.jpeg() + HTML, "polyglot"),
    "png and php": (makers.png() + b"<?php system($_GET[0]);", "polyglot"),
    "jpeg and pdf": (makers.jpeg() + makers.pdf(), "polyglot"),
    "jpeg with a pdf in a comment": (makers.jpeg(comment=makers.pdf()), "polyglot"),
    "jpeg and a lot of noise": (makers.jpeg() + random.Random(3).randbytes(70_000), "trailing_data"),
    "pdf after other data": (b"junk\n" + makers.pdf(), "polyglot"),
    "pdf and zip": (makers.pdf() + ZIP, "polyglot"),
    "pdf and a lot more": (makers.pdf() + b"x" * 3000, "polyglot"),
    "pdf with a password": (makers.pdf(trailer=b"/Encrypt 5 0 R"), "encrypted"),
    "docx after a pdf header": (b"%PDF-1.7\n" + makers.office(), "truncated"),
    "docx after other data": (b"\x89other" + makers.office(), "not_utf8"),
    "archive": (ZIP, "unknown_archive"),
    "tiff": (b"MM\x00*" + bytes(20), "tiff"),
    "avif": (makers.box(b"ftyp", b"avif" + bytes(8)), "avif"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old_office"),
    "program": (b"MZ\x90\x00", "program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "nul in text": (b"style\x00", "unknown"),
    "latin-1 text": ("Größe".encode("latin-1"), "not_utf8"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_foreign_files_are_refused_with_a_sentence(name):
    data, code = HOSTILE[name]
    assert refused_bytes(data) == code


def test_the_sentence_for_svg_says_what_to_do():
    with pytest.raises(
        Refused, match=r"^SVG drawings can carry programs and are not accepted; save it as PNG\.$"
    ):
        sniff_bytes(SVG)


@pytest.mark.parametrize(
    "extra",
    [
        b"\x00" * 100_000,
        b"\r\n",
        makers.jpeg() * 200,
        b"\x00\x00\x00\x18ftypmp42" + random.Random(1).randbytes(200_000),
        random.Random(2).randbytes(80_000) + b"SEFT",
    ],
    ids=["padding", "newline", "gain map", "motion photo", "maker's trailer"],
)
def test_what_phones_append_is_tolerated(extra):
    assert sniff_bytes(makers.jpeg() + extra).type == FileType.JPEG


def test_moving_pictures_are_known():
    frames = [makers.picture(), makers.picture().rotate(180)]
    for kind in ("PNG", "WEBP"):
        data = makers.encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert sniff_bytes(data).outline.is_animated


def test_a_wrong_checksum_in_a_png_is_refused():
    data = bytearray(makers.png())
    data[data.index(b"IDAT") + 6] ^= 1
    assert refused_bytes(bytes(data)) == "malformed"


def test_a_wrong_checksum_in_ogg_is_refused():
    data = bytearray(makers.ogg())
    data[-1] ^= 1
    assert refused_bytes(bytes(data)) == "malformed"


# --- whatever comes


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(SOUND)), data=st.data())
def test_no_damage_makes_it_stumble(name, data):
    content = bytearray(SOUND[name][0])
    for _change in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
        if not content:
            break
    answer(bytes(content))


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF\x20\x00\x00\x00WEBP",
            b"\x00\x00\x00\x18ftypheic",
            b"%PDF-1.4\n",
            b"PK\x03\x04",
            b"OggS\x00",
            b"<svg",
        ]
    ),
    rest=st.binary(max_size=200),
)
def test_no_noise_makes_it_stumble(start, rest):
    answer(start + rest)


def test_checksum_of_ogg_agrees_with_the_published_check_value():
    """CRC-32/CKSUM of "123456789" is 0x765E7680 in the catalogue of CRC algorithms; Ogg leaves out the final XOR."""
    from goldseal.files.engine.documents import _ogg_crc

    assert _ogg_crc(b"123456789") == 0x765E7680 ^ 0xFFFFFFFF
    assert zlib.crc32(b"123456789") == 0xCBF43926


EXPECTED_OFFICE = {
    "pypdf/example.pdf": "pdf",
    "pypdf/multilang.pdf": "pdf",
    "pypdf/encryption__r6-empty-password.pdf": "encrypted",
    "pypdf/encryption__r5-user-password.pdf": "encrypted",
    "pypdf/libreoffice-writer-password.pdf": "encrypted",
    "python_docx/doc-default.docx": "docx",
    "qpdf_bad/bad-token-startxref.pdf": "pdf",
}


@pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real inputs is not beside the project")
def test_real_documents():
    for name, expected in EXPECTED_OFFICE.items():
        data = (DATA / "office" / name).read_bytes()
        assert answer(data) == expected, name
    for path in sorted((DATA / "office").rglob("*.docx")):
        assert sniff_bytes(path.read_bytes()).type == FileType.DOCX, path.name
    for path in sorted((DATA / "tabular").rglob("*.xlsx")):
        assert sniff_bytes(path.read_bytes()).type == FileType.XLSX, path.name
    for path in sorted((DATA / "tabular").rglob("*.xlsm")):
        assert refused_bytes(path.read_bytes()) == "macros", path.name

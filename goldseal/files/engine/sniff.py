"""The type of an upload, decided by strict parsing of its bytes; its name and claimed type count for nothing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from goldseal.files.engine.documents import check_film_or_sound, check_ogg, check_pdf, check_text
from goldseal.files.engine.office import check_office
from goldseal.files.engine.pictures import (
    Outline,
    hides_pdf,
    outline_heic,
    outline_jpeg,
    outline_png,
    outline_webp,
)
from goldseal.files.engine.refusals import Refused

MAX_FILE_BYTES = 60_000_000


class FileType(StrEnum):
    """The types of file that are accepted; the value is the usual extension."""

    JPEG = "jpg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    TEXT = "txt"
    MP4 = "mp4"
    M4A = "m4a"
    OGG = "ogg"

    @property
    def mime(self) -> str:
        """The media type to serve the file with."""
        return _MIME[self]

    @property
    def is_image(self) -> bool:
        """Whether the file is a picture, to be decoded and encoded again before anyone sees it."""
        return self in (FileType.JPEG, FileType.PNG, FileType.WEBP, FileType.HEIC)


_OFFICE_MIME = "application/vnd.openxmlformats-officedocument."
_MIME = {
    FileType.JPEG: "image/jpeg",
    FileType.PNG: "image/png",
    FileType.WEBP: "image/webp",
    FileType.HEIC: "image/heic",
    FileType.PDF: "application/pdf",
    FileType.DOCX: _OFFICE_MIME + "wordprocessingml.document",
    FileType.XLSX: _OFFICE_MIME + "spreadsheetml.sheet",
    FileType.CSV: "text/csv; charset=utf-8",
    FileType.TEXT: "text/plain; charset=utf-8",
    FileType.MP4: "video/mp4",
    FileType.M4A: "audio/mp4",
    FileType.OGG: "audio/ogg",
}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What an upload is; `outline` (size in pixels) for pictures only."""

    type: FileType
    outline: Outline | None = None


_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
_ANSWERS: tuple[tuple[bytes, str, str], ...] = (
    (b"GIF8", "gif", "GIF pictures are not accepted. Save it as PNG or JPEG."),
    (b"BM", "bmp", "BMP pictures are not accepted. Save it as PNG or JPEG."),
    (b"II*\x00", "tiff", "TIFF and raw pictures are not accepted. Save it as JPEG or PNG."),
    (b"MM\x00*", "tiff", "TIFF and raw pictures are not accepted. Save it as JPEG or PNG."),
    (b"icns", "icon", "Icons are not accepted. Save the picture as PNG."),
    (b"\x00\x00\x01\x00", "icon", "Icons are not accepted. Save the picture as PNG."),
    (b"\x00\x00\x00\x0cjP  ", "jpeg2000", "JPEG 2000 pictures are not accepted. Save it as JPEG or PNG."),
    (b"\xff\x4f\xff\x51", "jpeg2000", "JPEG 2000 pictures are not accepted. Save it as JPEG or PNG."),
    (b"\x01\xda", "sgi", "SGI pictures are not accepted. Save it as JPEG or PNG."),
    (b"8BPS", "photoshop", "Photoshop files are not accepted. Save it as JPEG, PNG or PDF."),
    (b"%!PS", "postscript", "PostScript and Illustrator files are not accepted. Save it as PDF."),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "old_office",
        "This is an old Office file (.doc, .xls) or one with a password. Save it as .docx, .xlsx or PDF, "
        "without a password.",
    ),
    (b"MZ", "program", "Programs are not accepted."),
    (b"\x7fELF", "program", "Programs are not accepted."),
    (b"\xca\xfe\xba\xbe", "program", "Programs are not accepted."),
    (b"#!", "program", "Programs are not accepted."),
    (b"Rar!", "archive", "Archives are not accepted. Send the files one by one."),
    (b"7z\xbc\xaf\x27\x1c", "archive", "Archives are not accepted. Send the files one by one."),
    (b"\x1f\x8b", "archive", "Archives are not accepted. Send the files one by one."),
    (b"{\\rtf", "rtf", "RTF files are not accepted. Save it as .docx or PDF."),
)


def sniff(source: BinaryIO, *, max_bytes: int = MAX_FILE_BYTES) -> Sniffed:
    """What the whole of `source` (a seekable file) is. Raises Refused with a sentence for the sender.

    The file is read into memory: `max_bytes` is the bound.
    """
    source.seek(0, 2)
    size = source.tell()
    if size == 0:
        raise Refused("empty", "This file is empty. Take the photo again, or send another file.")
    if size > max_bytes:
        raise Refused(
            "too_large", f"This file has {size / 1e6:.1f} MB; at most {max_bytes / 1e6:.0f} MB are accepted."
        )
    source.seek(0)
    return sniff_bytes(source.read())


def sniff_bytes(data: bytes) -> Sniffed:
    """What the whole file in `data` is. Raises Refused with a sentence for the sender."""
    if not data:
        raise Refused("empty", "This file is empty. Take the photo again, or send another file.")
    if data[:3] == b"\xff\xd8\xff":
        return Sniffed(FileType.JPEG, outline_jpeg(data))
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return Sniffed(FileType.PNG, outline_png(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Sniffed(FileType.WEBP, outline_webp(data))
    if data[4:8] == b"ftyp":
        return _sniff_boxes(data)
    if data[:5] == b"%PDF-":
        check_pdf(data)
        return Sniffed(FileType.PDF)
    if hides_pdf(data):
        raise Refused(
            "polyglot",
            "This PDF has other data before its beginning and is not accepted. Print or save it as PDF again.",
        )
    if data[:4] == b"PK\x03\x04":
        return Sniffed(FileType(check_office(data)))
    if data[:4] == b"OggS":
        check_ogg(data)
        return Sniffed(FileType.OGG)
    for magic, code, message in _ANSWERS:
        if data.startswith(magic):
            raise Refused(code, message)
    _refuse_markup(data)
    return Sniffed(FileType.CSV if check_text(data) else FileType.TEXT)


def _sniff_boxes(data: bytes) -> Sniffed:
    brand = data[8:12]
    if brand in (b"avif", b"avis"):
        raise Refused("avif", "AVIF pictures are not accepted. Save it as JPEG.")
    if brand in (b"hevc", b"hevx"):
        raise Refused("animated", "Moving pictures are not accepted as a photo. Send a still picture.")
    if brand in _HEIC_BRANDS:
        return Sniffed(FileType.HEIC, outline_heic(data))
    return Sniffed(FileType.M4A if check_film_or_sound(data) else FileType.MP4)


def _refuse_markup(data: bytes) -> None:
    head = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in head:
        raise Refused("svg", "SVG drawings can carry programs and are not accepted; save it as PNG.")

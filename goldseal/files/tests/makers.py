"""Small sound files of every accepted type, made on the spot, for tests to use and to spoil."""

import io
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue, the top left corner white: whichever way it is turned, it shows."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    image.paste((255, 255, 255), (0, 0, width // 4, height // 4))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **kwargs) -> bytes:
    output = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(output, **kwargs)
    else:
        image.save(output, kind, **kwargs)
    return output.getvalue()


def jpeg(**kwargs) -> bytes:
    return encoded(picture(), "JPEG", **kwargs)


def png(**kwargs) -> bytes:
    return encoded(picture(), "PNG", **kwargs)


def webp(**kwargs) -> bytes:
    return encoded(picture(), "WEBP", **kwargs)


def heic(**kwargs) -> bytes:
    return encoded(picture(64, 64), "HEIF", **kwargs)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int, height: int) -> bytes:
    """A true PNG of that many black pixels, one bit each: some 110 kB for 900 megapixels."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    pixels = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", pixels)
        + png_chunk(b"IEND", b"")
    )


def pdf(body: bytes = b"", trailer: bytes = b"") -> bytes:
    """A one-page PDF with a right cross-reference table."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>" + body,
    ]
    output = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(output))
        output += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(output)
    output += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return output + b"trailer << /Size 4 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)


def office(kind: str = "docx", extra: dict[str, bytes] | None = None, **replaced: str) -> bytes:
    """A minimal Word or Excel file; `extra` adds or replaces parts by name."""
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[kind]
    content_type = replaced.get("content_type", {"docx": WORD, "xlsx": EXCEL}[kind])
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Override PartName="/{main}" '
            f'ContentType="{content_type}"/></Types>'
        ).encode(),
        "_rels/.rels": relationships("officeDocument", main),
        main: b"<?xml version='1.0' encoding='UTF-8'?><document>Measure the chest at 1 inch</document>",
        **(extra or {}),
    }
    return archive(parts)


def archive(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return output.getvalue()


def relationships(kind: str, target: str, mode: str = "") -> bytes:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/{kind}" '
        f'Target="{target}" {mode}/></Relationships>'
    ).encode()


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def recording(brand: bytes = b"M4A ", handler: bytes = b"soun") -> bytes:
    """The boxes of a sound or film recording, without any media worth playing."""
    handler_box = box(b"hdlr", bytes(8) + handler + bytes(13))
    return (
        box(b"ftyp", brand + bytes(4) + brand)
        + box(b"moov", box(b"trak", box(b"mdia", handler_box)))
        + box(b"mdat", b"\x21\x10")
    )


def ogg(pages: int = 2) -> bytes:
    """Ogg pages with checksums computed bit by bit as RFC 3533 §6 describes."""
    output = b""
    for number in range(pages):
        body = bytes([number]) * 200
        head = b"OggS\x00" + bytes([2 if number == 0 else 0]) + bytes(8) + struct.pack("<II", 7, number)
        page = bytearray(head + bytes(4) + bytes([1, len(body)]) + body)
        register = 0
        for byte in page:
            register ^= byte << 24
            for _bit in range(8):
                register = ((register << 1) ^ (0x04C11DB7 if register >> 31 else 0)) & 0xFFFFFFFF
        page[22:26] = struct.pack("<I", register)
        output += bytes(page)
    return output

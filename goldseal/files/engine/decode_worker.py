"""The child process that decodes hostile pictures: no access to the program, little memory, little time.

Run as a script of its own with the standard library, Pillow and pillow-heif only; it speaks length-prefixed
messages over its pipes (see `images`). A decoder that crashes, hangs or swells does it here, and the parent
starts another child. The limits hold accidents and bombs; they are no jail for a decoder that is taken over.
"""

import io
import json
import os
import re
import resource
import struct
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageFile

_SRGB = ImageCms.createProfile("sRGB")
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ICC_LIMIT = 4_000_000
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")
_WHITE = (255, 255, 255)


class _RefusedHere(Exception):
    """Carries a refusal code to the parent, which has the sentence for it."""


def clean(data: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Decode, turn upright, convert to 8-bit sRGB and encode afresh; facts, then the image and derivatives."""
    image = _open(data, order)
    taken_at, offset, location, orientation = _allowed_metadata(image, order)
    has_alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    image = _to_srgb(image, has_alpha=has_alpha)
    if orientation in _TRANSPOSE:
        image = image.transpose(_TRANSPOSE[orientation])
    is_png = order["type"] == "png" or (order["type"] == "webp" and has_alpha)
    exif = _fresh_exif(taken_at, offset, location)
    output = io.BytesIO()
    if is_png:
        image.save(output, "PNG", exif=exif, compress_level=4)
    else:
        image = _flat(image)
        image.save(output, "JPEG", quality=order["quality"], exif=exif, subsampling="4:2:0")
    parts = [output.getvalue()]
    smaller = _flat(image)
    for side in sorted(order["derivatives"], reverse=True):
        smaller = _fit(smaller, side)
        output = io.BytesIO()
        smaller.save(output, "JPEG", quality=82, progressive=False)
        parts.append(output.getvalue())
    facts = {
        "type": "png" if is_png else "jpg",
        "width": image.width,
        "height": image.height,
        "taken_at": taken_at,
        "utc_offset": offset,
        "location": location,
    }
    return facts, parts


def _open(data: bytes, order: dict[str, Any]) -> Image.Image:
    kind = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}[order["type"]]
    image: Image.Image = Image.open(io.BytesIO(data), formats=[kind])
    if image.width * image.height > order["max_pixels"]:
        raise _RefusedHere("too_many_pixels")
    if kind in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise _RefusedHere("animated")
    image.load()
    if image.width * image.height > order["max_pixels"]:
        raise _RefusedHere("too_many_pixels")
    return image


def _allowed_metadata(
    image: Image.Image, order: dict[str, Any]
) -> tuple[str | None, str | None, list[float] | None, int]:
    """When it was taken, where (only if asked for), and which way is up; a broken EXIF counts as none."""
    taken_at = offset = location = None
    orientation = 1
    with suppress(Exception):
        exif = image.getexif()
        stated = exif.get(ExifTags.Base.Orientation)
        orientation = stated if isinstance(stated, int) else 1
        with suppress(Exception):
            details = exif.get_ifd(ExifTags.IFD.Exif)
            when = _text(details.get(ExifTags.Base.DateTimeOriginal))
            if _is_time(when):
                taken_at = when
                zone = _text(details.get(ExifTags.Base.OffsetTimeOriginal))
                offset = zone if _OFFSET.fullmatch(zone) else None
        if order["keep_location"]:
            with suppress(Exception):
                location = _location(exif.get_ifd(ExifTags.IFD.GPSInfo))
    return taken_at, offset, location, orientation


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\x00 ") if isinstance(value, str) else ""


def _is_time(text: str) -> bool:
    found = _TIME.fullmatch(text)
    if not found:
        return False
    year, month, day, hour, minute, second = map(int, found.groups())
    return year >= 1990 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61


def _location(gps: dict[int, Any]) -> list[float] | None:
    """Latitude and longitude in degrees, north and east positive, to a metre."""
    tags = ExifTags.GPS
    pair: list[float] = []
    for value_tag, side_tag, sides, limit in (
        (tags.GPSLatitude, tags.GPSLatitudeRef, "NS", 90),
        (tags.GPSLongitude, tags.GPSLongitudeRef, "EW", 180),
    ):
        degrees, minutes, seconds = (float(part) for part in gps[value_tag])
        side = _text(gps[side_tag]).upper()
        value = degrees + minutes / 60 + seconds / 3600
        if side not in tuple(sides) or not 0 <= value <= limit:
            return None
        pair.append(round(-value if side in "SW" else value, 5))
    return pair


def _fresh_exif(taken_at: str | None, offset: str | None, location: list[float] | None) -> bytes:
    """A new EXIF block that holds the allowed facts, rebuilt from their values; empty without any."""
    if not taken_at and not location:
        return b""
    exif = Image.Exif()
    if taken_at:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        details[ExifTags.Base.DateTimeOriginal] = taken_at
        if offset:
            details[ExifTags.Base.OffsetTimeOriginal] = offset
    if location:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        for value, value_tag, side_tag, sides in (
            (location[0], ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "NS"),
            (location[1], ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "EW"),
        ):
            minutes, seconds = divmod(abs(value) * 3600, 60)
            degrees, minutes = divmod(minutes, 60)
            gps[value_tag] = (degrees, minutes, round(seconds, 4))
            gps[side_tag] = sides[0] if value >= 0 else sides[1]
    return exif.tobytes()


def _to_srgb(image: Image.Image, *, has_alpha: bool) -> Image.Image:
    """8-bit sRGB (or grey), with alpha where there was some; metadata and profile are gone."""
    profile = image.info.get("icc_profile")
    image = _to_eight_bits(image)
    if has_alpha:
        image = image.convert("RGBA")
    elif image.mode in ("1", "P", "LA"):
        image = image.convert("L" if image.mode == "1" else "RGB")
    if profile and len(profile) <= _ICC_LIMIT:
        # A broken profile is left out, as browsers do: the colours are then taken for sRGB.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if not _is_srgb(given):
                target = "RGBA" if image.mode == "RGBA" else "RGB"
                converted = ImageCms.profileToProfile(image, given, _SRGB, outputMode=target)
                image = converted or image
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGB")
    if isinstance(image, ImageFile.ImageFile):
        image = image.copy()  # a bare image: nothing of the file's format or metadata can reach the encoder
    image.info = {}
    return image


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return "srgb" in ImageCms.getProfileDescription(profile).lower()


def _to_eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode == "I":
        wide = image.convert("I")
        return wide.point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if image.mode == "F":
        return image.convert("L")
    return image


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency, on white paper."""
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGB", image.size, _WHITE)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _fit(image: Image.Image, side: int) -> Image.Image:
    """No side longer than `side` pixels; never enlarged."""
    if max(image.size) <= side:
        return image
    factor = side / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    whole = int(1 / factor)
    if whole >= 2:
        image = image.reduce(whole)  # averaging whole blocks first halves the time and shows no difference
    return image.resize(size, Image.Resampling.LANCZOS)


def _read(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _orders(pipe: BinaryIO) -> Iterator[tuple[dict[str, Any], bytes]]:
    with suppress(EOFError):
        while True:
            order_size, data_size = struct.unpack(">II", _read(pipe, 8))
            yield json.loads(_read(pipe, order_size)), _read(pipe, data_size)


def _limit(kind: int, amount: int) -> None:
    # A platform without this limit (macOS has no RLIMIT_AS to speak of) still has the parent's deadline.
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (amount, resource.getrlimit(kind)[1]))


def main() -> None:
    """Answer orders from standard input until it closes."""
    answers = os.fdopen(os.dup(1), "wb")
    # A library that prints must not speak into the answers.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # the order carries the limit, checked before any pixel is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)
    for never in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(never, (0, 0))
    for order, data in _orders(sys.stdin.buffer):
        _limit(resource.RLIMIT_AS, order["memory_bytes"])
        usage = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + 1 + order["cpu_seconds"])
        parts: list[bytes] = []
        try:
            facts, parts = clean(data, order)
        except _RefusedHere as refusal:
            facts = {"refused": str(refusal)}
        except MemoryError:
            facts = {"refused": "too_much_memory"}
        except Exception:
            # Decoders raise nearly anything on hostile bytes; whatever it is, the picture cannot be read.
            facts = {"refused": "unreadable"}
        facts["sizes"] = [len(part) for part in parts]
        head = json.dumps(facts).encode()
        answers.write(struct.pack(">I", len(head)) + head)
        for part in parts:
            answers.write(part)
        answers.flush()


if __name__ == "__main__":
    main()

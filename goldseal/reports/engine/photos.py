"""Photos as they go to paper: small enough to print well, plain baseline JPEG."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

LONG_SIDE = 1400  # pixels: 83 mm wide on the page at 300 dpi is 980; zooming on screen wants a little more
QUALITY = 80
STEPS = ((LONG_SIDE, QUALITY), (1000, 72), (700, 60), (480, 55), (360, 45))
CONTACT_FROM = 61  # so many photos are printed as a contact sheet, four in a row: 41 mm wide
CONTACT_STEP = 2  # 700 pixels on 41 mm are 430 dpi
MOST_BYTES = 16 * 1024 * 1024  # of photos in one report, out of the 20 MB that are verified
MOST_PIXELS = 50_000_000


class PhotoUnreadableError(ValueError):
    """The bytes given for a photo are not a picture that can be printed; `size` where it has too many pixels."""

    def __init__(self, name: str, size: tuple[int, int] | None = None) -> None:
        self.name, self.size = name, size
        super().__init__(
            f"Photo {name} has {size[0]} × {size[1]} pixels; at most 50 million are printed."
            if size
            else f"Photo {name} cannot be read as a JPEG, PNG or WebP picture."
        )


class TooManyPhotosError(ValueError):
    """The photos do not fit one report."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            f"The {count} photos are too large together for one report, even printed small. "
            "Leave some of them out."
        )


@dataclass(frozen=True)
class PrintPhoto:
    """JPEG bytes ready for the page, with their size in pixels, grey or in colour."""

    data: bytes
    width: int
    height: int
    is_grey: bool = False
    has_profile: bool = False  # carries a colour profile of its own


def print_photos(*, pictures: Sequence[tuple[str, bytes]], most_bytes: int = MOST_BYTES) -> list[PrintPhoto]:
    """Return every ``(name, data)`` as a ``PrintPhoto``, all together at most ``most_bytes``.

    Many photos are printed smaller, step by step, so that the report stays within what can be verified; a
    contact sheet begins with small ones.
    Raises ``PhotoUnreadableError``, and ``TooManyPhotosError`` when even the smallest step is too much.
    """
    for long_side, quality in STEPS[CONTACT_STEP if len(pictures) >= CONTACT_FROM else 0 :]:
        printed = []
        total = 0
        for name, data in pictures:
            printed.append(print_photo(data=data, name=name, long_side=long_side, quality=quality))
            total += len(printed[-1].data)
            if total > most_bytes:
                break
        if total <= most_bytes:
            return printed
    raise TooManyPhotosError(len(pictures))


def loaded_photo(*, data: bytes, name: str, count: int) -> bytes:
    """A picture as it is held in memory until it is laid out: of a contact sheet's ``count`` only a small one."""
    if count < CONTACT_FROM:
        return data
    long_side, quality = STEPS[CONTACT_STEP]
    return print_photo(data=data, name=name, long_side=long_side, quality=quality).data


def print_photo(*, data: bytes, name: str, long_side: int = LONG_SIDE, quality: int = QUALITY) -> PrintPhoto:
    """Return ``data`` as a JPEG whose long side is at most ``long_side`` pixels.

    A JPEG in grey or RGB that is already small enough and needs no turning passes through unchanged
    (microseconds). Anything else Pillow reads is turned upright, scaled and written anew without metadata.
    Raises ``PhotoUnreadableError`` naming the photo.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise PhotoUnreadableError(name, image.size)
            small = max(image.size) <= long_side
            upright = image.getexif().get(0x0112, 1) == 1
            if image.format == "JPEG" and image.mode in ("L", "RGB") and small and upright:
                return PrintPhoto(
                    data=data,
                    width=image.width,
                    height=image.height,
                    is_grey=image.mode == "L",
                    has_profile="icc_profile" in image.info,
                )
            if image.format == "JPEG":
                image.draft("RGB", (long_side, long_side))
            turned = ImageOps.exif_transpose(image)
            if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
                layer = turned.convert("RGBA")
                turned = Image.new("RGB", layer.size, "white")
                turned.paste(layer, mask=layer.getchannel("A"))
            turned = turned.convert("RGB")
            turned.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
            sink = io.BytesIO()
            turned.save(sink, "JPEG", quality=quality, optimize=False, exif=b"", icc_profile=None)
            return PrintPhoto(data=sink.getvalue(), width=turned.width, height=turned.height)
    except PhotoUnreadableError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoUnreadableError(name) from error

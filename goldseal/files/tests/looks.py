"""What several tests ask of a picture."""

import io
import re

import pytest
from PIL import ExifTags, Image

from goldseal.files.engine.images import ImageCleaner
from goldseal.files.engine.refusals import ImageRefused, Refused
from goldseal.files.engine.sniff import sniff_bytes


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal(cleaner: ImageCleaner, data: bytes) -> str:
    with pytest.raises(ImageRefused) as caught:
        cleaner.clean(data)
    assert caught.value.message.endswith(".")
    return caught.value.code


def is_near(found, wanted, tolerance=12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(found, wanted, strict=True))


def looks_upright(data: bytes) -> bool:
    """Whether this is `makers.picture`, upright: red left with a white corner on top, blue right."""
    image = opened(data).convert("RGB")
    width, height = image.size
    return (
        is_near(image.getpixel((width // 10, height // 10)), (255, 255, 255), 30)
        and is_near(image.getpixel((width // 10, height * 9 // 10)), (200, 30, 30), 30)
        and is_near(image.getpixel((width * 9 // 10, height // 10)), (30, 30, 200), 30)
        and width > height
    )


def full_exif() -> Image.Exif:
    """An EXIF block with a canary in each corner."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "CANARY-MAKE"
    exif[ExifTags.Base.Artist] = "<script>CANARY-ARTIST</script>"
    exif[ExifTags.Base.ImageDescription] = "CANARY-DESCRIPTION"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:03:04 10:20:30"
    details[ExifTags.Base.OffsetTimeOriginal] = "+06:00"
    details[ExifTags.Base.BodySerialNumber] = "CANARY-SERIAL"
    details[ExifTags.Base.UserComment] = b"CANARY-COMMENT"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (23.0, 48.0, 36.36)
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (90.0, 24.0, 45.0)
    gps[ExifTags.GPS.GPSAreaInformation] = b"CANARY-AREA"
    return exif


def refused_bytes(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        sniff_bytes(data)
    message = caught.value.message
    assert re.fullmatch(r"[A-Z].{15,250}\.", message), message
    return caught.value.code

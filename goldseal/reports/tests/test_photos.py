"""Photos for the page."""

import io

import pytest
from PIL import Image

from goldseal.reports.engine.photos import (
    LONG_SIDE,
    PhotoUnreadableError,
    TooManyPhotosError,
    print_photo,
    print_photos,
)
from goldseal.reports.tests import example


def test_small_jpeg_passes_through_untouched():
    data = example.photo(index=0, size=(1400, 1050))
    assert print_photo(data=data, name="1").data is data


def test_large_photo_is_scaled_to_the_long_side():
    photo = print_photo(data=example.photo(index=0, size=(3000, 2000)), name="1")
    assert (photo.width, photo.height) == (LONG_SIDE, round(LONG_SIDE * 2 / 3))
    assert Image.open(io.BytesIO(photo.data)).size == (photo.width, photo.height)


def test_photo_is_turned_upright_and_loses_its_metadata():
    sink = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter right
    exif[0x010F] = "Maker"
    Image.new("RGB", (40, 20), "red").save(sink, "JPEG", exif=exif)
    photo = print_photo(data=sink.getvalue(), name="1")
    assert (photo.width, photo.height) == (20, 40)
    assert not Image.open(io.BytesIO(photo.data)).getexif()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "L", "1"])
def test_other_modes_become_printable(mode):
    sink = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (30, 30)).save(sink, kind)
    assert Image.open(io.BytesIO(print_photo(data=sink.getvalue(), name="1").data)).mode in ("RGB", "L")


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff\xe0", b"%PDF-1.7"])
def test_not_a_photo_is_named(data):
    with pytest.raises(PhotoUnreadableError, match="Photo 7"):
        print_photo(data=data, name="7")


def test_many_photos_are_printed_smaller_until_they_fit():
    data = example.photo(index=0, size=(1400, 1050))
    pictures = [(str(n), data) for n in range(4)]
    whole = print_photos(pictures=pictures, most_bytes=5 * len(data))
    assert [photo.data for photo in whole] == [data] * 4
    smaller = print_photos(pictures=pictures, most_bytes=3 * len(data))
    assert {photo.width for photo in smaller} == {1000}
    assert sum(len(photo.data) for photo in smaller) <= 3 * len(data)
    with pytest.raises(TooManyPhotosError, match="The 4 photos are too large together"):
        print_photos(pictures=pictures, most_bytes=1000)

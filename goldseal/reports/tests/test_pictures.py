"""Photos in the laid-out PDF: each byte for byte, at its own size, in a file that stays well formed."""

import io
import shutil
import subprocess
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops

from goldseal.reports.engine import render as rendering
from goldseal.reports.engine.photos import print_photo
from goldseal.reports.engine.pictures import NotSwappedError, stand_in, with_photos
from goldseal.reports.tests import example


def grey(width: int, height: int) -> bytes:
    sink = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(sink, "JPEG")
    return sink.getvalue()


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes]:
    photos = example.photos(count=3, size=(1400, 1050))
    photos["0" * 64] = grey(1050, 1400)
    photos["1" * 64] = grey(60, 40)  # so small that it is laid out itself
    return photos


def images_of(pdf: bytes) -> dict[bytes, Any]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert not opened.check_pdf_syntax()
        found = [o for o in opened.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
        return {one.read_raw_bytes(): (int(one.Width), int(one.Height)) for one in found}


def test_every_photo_is_in_the_file_byte_for_byte(render: Any, pictures: dict[str, bytes]) -> None:
    pdf = render(example.record(shas=list(pictures)), pictures)
    found = images_of(pdf)
    for data in pictures.values():
        with Image.open(io.BytesIO(data)) as image:
            assert found[data] == image.size
    assert render(example.record(shas=list(pictures)), pictures) == pdf


def test_the_paper_looks_as_if_the_photos_were_laid_out(
    render: Any, pictures: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    record = example.record(shas=list(pictures))
    swapped = render(record, pictures)
    monkeypatch.setattr(rendering, "stand_in", lambda photo: None)
    whole = render(record, pictures)
    assert images_of(whole) == images_of(swapped)
    for page in ("3", "4", "5"):
        shown = [_drawn(pdf, page) for pdf in (swapped, whole)]
        assert shown[0].size == shown[1].size
        difference = ImageChops.difference(shown[0], shown[1]).convert("L")
        assert sum(n * count for n, count in enumerate(difference.histogram())) / (whole_area(shown[0])) < 0.2


def whole_area(image: Image.Image) -> int:
    return image.width * image.height


def _drawn(pdf: bytes, page: str) -> Image.Image:
    command = ["pdftoppm", "-r", "40", "-png", "-f", page, "-l", page, "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def test_a_pdf_of_another_build_is_laid_out_with_the_photos(
    render: Any, pictures: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(pdf: bytes, photos: Any) -> bytes:
        raise NotSwappedError("another build")

    monkeypatch.setattr(rendering, "with_photos", refuse)
    pdf = render(example.record(shas=list(pictures)), pictures)
    assert set(pictures.values()) <= images_of(pdf).keys()


@pytest.mark.parametrize(
    "pdf", [b"", b"%PDF-1.7", b"%PDF-1.7\nstartxref\n9\n%%EOF", b"xref\n0 9\nstartxref\n1\n%%EOF"]
)
def test_what_is_no_such_pdf_is_refused(pdf: bytes) -> None:
    with pytest.raises(NotSwappedError):
        with_photos(pdf, {})


def test_a_photo_with_a_colour_profile_is_laid_out_itself() -> None:
    sink = io.BytesIO()
    Image.new("RGB", (800, 600)).save(sink, "JPEG", icc_profile=b"profile")
    assert stand_in(print_photo(data=sink.getvalue(), name="1")) is None

"""Hostile pictures are refused with a sentence, and harm nobody who comes after them."""

import random
import struct
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from PIL import ExifTags, Image

from goldseal.files.engine.images import ImageCleaner, ImageLimits
from goldseal.files.engine.refusals import ImageRefused
from goldseal.files.tests import makers
from goldseal.files.tests.looks import full_exif, looks_upright, opened, refusal


def jpeg_of(width: int, height: int) -> bytes:
    """A small JPEG whose header claims another size."""
    data = bytearray(makers.jpeg())
    place = data.index(b"\xff\xc0") + 5
    struct.pack_into(">HH", data, place, height, width)
    return bytes(data)


def png_of(width: int, height: int, pixels: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + makers.png_chunk(b"IHDR", header)
        + makers.png_chunk(b"IDAT", zlib.compress(pixels))
        + makers.png_chunk(b"IEND", b"")
    )


def many_scans(scans: int) -> bytes:
    """A large progressive JPEG whose last scan is repeated: little to send, long to decode."""
    data = makers.encoded(Image.new("RGB", (4000, 3000), (80, 80, 80)), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + data[-2:]


def test_a_bomb_is_refused_from_its_header_at_once(cleaner):
    bomb = makers.png_bomb(30_000, 30_000)
    assert len(bomb) < 200_000
    start = time.monotonic()
    with pytest.raises(ImageRefused, match="30000 × 30000 pixels; at most 50 megapixels"):
        cleaner.clean(bomb)
    assert time.monotonic() - start < 1


def test_fifty_megapixels_are_allowed_and_no_more(cleaner):
    assert cleaner.clean(makers.png_bomb(10_000, 5_000)).width == 10_000
    assert refusal(cleaner, makers.png_bomb(10_000, 5_001)) == "too_many_pixels"


def test_fifty_megapixels_in_colour_fit_the_memory_allowed(cleaner):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    image = Image.new("RGB", (10_000, 5_000), (120, 130, 140))
    safe = cleaner.clean(makers.encoded(image, "JPEG", quality=70, exif=exif))
    assert (safe.width, safe.height) == (5_000, 10_000)


def test_lying_headers(cleaner):
    assert refusal(cleaner, jpeg_of(65_000, 65_000)) == "too_many_pixels"
    assert refusal(cleaner, jpeg_of(0, 40)) == "malformed"
    short = png_of(4000, 4000, b"\x00" * 100)
    assert refusal(cleaner, short) == "unreadable"
    # More data than the header says: the surplus is never unpacked into pixels.
    long = png_of(10, 10, b"\x00" * 100_000_000)
    assert cleaner.clean(long).width == 10


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(cleaner, kind):
    frames = [makers.picture(), makers.picture().rotate(180)]
    data = makers.encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    assert refusal(cleaner, data) == "animated"


def test_other_files_are_no_photo(cleaner):
    assert refusal(cleaner, makers.pdf()) == "not_an_image"
    assert refusal(cleaner, b"plain text") == "not_an_image"
    assert refusal(cleaner, b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "svg"
    assert refusal(cleaner, b"") == "empty"


def test_too_many_bytes_are_refused():
    with ImageCleaner(limits=ImageLimits(max_bytes=500)) as strict:
        assert refusal(strict, makers.jpeg() + bytes(500)) == "too_large"


def test_a_picture_that_eats_processor_time_is_stopped_and_the_next_is_served():
    with ImageCleaner(limits=ImageLimits(cpu_seconds=1)) as strict:
        start = time.monotonic()
        assert refusal(strict, many_scans(3000)) == "took_too_long"
        assert time.monotonic() - start < 8
        assert looks_upright(strict.clean(makers.jpeg()).content)


def test_a_picture_that_takes_too_long_by_the_clock_is_stopped():
    with ImageCleaner(limits=ImageLimits(wall_seconds=0.7)) as strict:
        strict.clean(makers.jpeg())
        assert refusal(strict, many_scans(3000)) == "took_too_long"
    with ImageCleaner() as relaxed:
        assert looks_upright(relaxed.clean(makers.jpeg()).content)


def test_a_picture_that_eats_memory_is_refused_and_the_next_is_served():
    with ImageCleaner(limits=ImageLimits(memory_bytes=420_000_000)) as strict:
        big = makers.encoded(Image.new("RGB", (10_000, 5_000)), "JPEG")
        assert refusal(strict, big) in ("too_much_memory", "unreadable", "crashed")
        assert looks_upright(strict.clean(makers.jpeg()).content)


def test_a_child_killed_meanwhile_is_replaced(cleaner):
    cleaner.clean(makers.jpeg())
    for child in decoders():
        child.kill()
        child.wait()
    assert looks_upright(cleaner.clean(makers.jpeg()).content)


def decoders() -> set[psutil.Process]:
    return {child for child in psutil.Process().children() if "decode_worker.py" in " ".join(child.cmdline())}


def test_children_are_renewed_and_stopped():
    before = decoders()
    seen = set()
    with ImageCleaner(recycle_after=2) as cleaner:
        for _number in range(5):
            cleaner.clean(makers.jpeg())
            now = decoders() - before
            assert len(now) <= 1
            seen |= now
    assert len(seen) == 3
    assert decoders() == before


def test_many_threads_share_few_children():
    contents = [makers.encoded(makers.picture(60 + 2 * n, 40), "JPEG") for n in range(12)]
    with ImageCleaner(processes=2) as shared:
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(shared.clean, contents))
    assert [safe.width for safe in results] == [60 + 2 * n for n in range(12)]


@pytest.mark.parametrize("is_caged", [False, True])
def test_a_caged_decoder_cannot_write_files(tmp_path, is_caged):
    """Tried from within, so that it holds for whatever a decoder is made to do; uncaged, the write succeeds."""
    worker = Path(__file__).parents[1] / "engine" / "decode_worker.py"
    loot = tmp_path / "loot"
    program = (
        "import importlib.util, io, os, sys\n"
        f"spec = importlib.util.spec_from_file_location('decode_worker', {str(worker)!r})\n"
        "worker = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(worker)\n"
        "sys.stdin = io.TextIOWrapper(io.BytesIO())\n"
        f"{'worker.main()' if is_caged else ''}\n"
        f"os.write(os.open({str(loot)!r}, os.O_CREAT | os.O_WRONLY), b'x' * 10)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (ended.returncode != 0) == is_caged, ended.stderr
    assert loot.stat().st_size == (0 if is_caged else 10)


def test_no_damage_stops_the_service(cleaner):
    """Random damage to sound pictures: each is either refused with a sentence or comes out whole."""
    chance = random.Random(9)
    sources = [makers.jpeg(exif=full_exif()), makers.png(), makers.webp(), makers.heic()]
    accepted = 0
    for number in range(160):
        data = bytearray(sources[number % 4])
        for _change in range(chance.randrange(1, 4)):
            data[chance.randrange(12, len(data))] = chance.randrange(256)
        try:
            safe = cleaner.clean(bytes(data))
        except ImageRefused as refused:
            message = refused.message
            if not message.endswith("."):
                pytest.fail(f"not a sentence: {message}")
            continue
        accepted += 1
        assert opened(safe.content).size == (safe.width, safe.height)
    assert accepted > 5

"""Pictures come out upright, in sRGB and without secrets."""

import os
import struct
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageCms, ImageFilter, PngImagePlugin

from goldseal.files.engine.refusals import ImageRefused
from goldseal.files.engine.sniff import FileType
from goldseal.files.tests import makers
from goldseal.files.tests.looks import full_exif, is_near, looks_upright, opened

IMAGES = Path(__file__).parents[4] / "shared" / "data" / "images"
has_real_images = pytest.mark.skipif(
    not IMAGES.is_dir(), reason="the folder of real inputs is not beside the project"
)


# --- what comes out


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (makers.jpeg(quality=95), FileType.JPEG),
        (makers.jpeg(quality=95, progressive=True), FileType.JPEG),
        (makers.png(), FileType.PNG),
        (makers.webp(quality=95), FileType.JPEG),
        (makers.encoded(makers.picture(96, 64), "HEIF", quality=95), FileType.JPEG),
    ],
    ids=["jpeg", "progressive", "png", "webp", "heic"],
)
def test_each_type_comes_out_safe(cleaner, data, expected):
    safe = cleaner.clean(data)
    assert safe.type == expected
    assert opened(safe.content).format == {"jpg": "JPEG", "png": "PNG"}[safe.type]
    assert opened(safe.content).size == (safe.width, safe.height)
    for content in (safe.content, safe.thumbnail, safe.print):
        assert looks_upright(content)
    assert opened(safe.thumbnail).format == opened(safe.print).format == "JPEG"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_turned_upright(cleaner, kind, orientation):
    """Stored turned by the inverse of what EXIF 2.32 §4.6.4 says the viewer must do, so upright when obeyed."""
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = makers.picture(80, 48)
    image = image.transpose(undo) if undo is not None else image
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    safe = cleaner.clean(makers.encoded(image, kind, exif=exif, quality=95))
    assert (safe.width, safe.height) == (80, 48)
    for content in (safe.content, safe.thumbnail, safe.print):
        assert looks_upright(content)
        assert ExifTags.Base.Orientation not in opened(content).getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("keep_location", [False, True])
def test_only_the_allowed_metadata_survives(cleaner, kind, keep_location):
    data = makers.encoded(makers.picture(96, 64), kind, exif=full_exif().tobytes())
    assert b"CANARY" in data
    safe = cleaner.clean(data, keep_location=keep_location)
    assert safe.taken_at == "2026-03-04T10:20:30+06:00"
    for content in (safe.content, safe.thumbnail, safe.print):
        assert b"CANARY" not in content
        assert b"<script" not in content
    exif = opened(safe.content).getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    assert details == {
        ExifTags.Base.DateTimeOriginal: "2026:03:04 10:20:30",
        ExifTags.Base.OffsetTimeOriginal: "+06:00",
    }
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if keep_location:
        # 23° 48′ 36.36″ = 23 + 48/60 + 36.36/3600 = 23.8101°; 90° 24′ 45″ = 90.4125°
        assert safe.location == (23.8101, 90.4125)
        assert [float(part) for part in gps[ExifTags.GPS.GPSLatitude]] == pytest.approx([23, 48, 36.36])
        assert set(gps) == {1, 2, 3, 4}
    else:
        assert safe.location is None
        assert not gps
        assert set(exif) == {ExifTags.IFD.Exif}
    assert not opened(safe.thumbnail).getexif()
    assert not opened(safe.print).getexif()


def test_places_south_and_west_are_negative(cleaner):
    exif = full_exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {ExifTags.GPS.GPSLatitudeRef: "S", ExifTags.GPS.GPSLongitudeRef: "W"}
    )
    assert cleaner.clean(makers.jpeg(exif=exif), keep_location=True).location == (-23.8101, -90.4125)


@pytest.mark.parametrize(
    "when", ["0000:00:00 00:00:00", "yesterday", "2026:13:01 00:00:00", "", "2026-03-04"]
)
def test_a_time_that_is_none_is_left_out(cleaner, when):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = when
    safe = cleaner.clean(makers.jpeg(exif=exif))
    assert safe.taken_at is None
    assert not opened(safe.content).getexif()


def test_comments_texts_profiles_and_appendices_are_gone(cleaner):
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", "CANARY-XMP")
    texts.add_text("Comment", "CANARY-TEXT")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for data in (
        makers.png(pnginfo=texts, icc_profile=profile),
        makers.jpeg(comment=b"CANARY-COMMENT", xmp=b"<x>CANARY-XMP</x>", icc_profile=profile, dpi=(300, 300)),
        makers.jpeg() + b"CANARY-TAIL",
        makers.webp(xmp=b"<x>CANARY-XMP</x>", icc_profile=profile),
    ):
        safe = cleaner.clean(data)
        for content in (safe.content, safe.thumbnail, safe.print):
            assert b"CANARY" not in content
            assert "icc_profile" not in opened(content).info
            assert "comment" not in opened(content).info


def test_a_page_hidden_in_exif_does_not_come_through(cleaner):
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "<html><body onload=alert(1)>" * 50
    safe = cleaner.clean(makers.jpeg(exif=exif))
    assert b"<html" not in safe.content


def test_colours_of_a_wide_profile_are_brought_to_srgb(cleaner):
    """A profile whose red and green primaries are exchanged turns pure stored red into green."""
    primaries = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack_from(">I", primaries, 128)[0]
    entries = {bytes(primaries[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    primaries[entries[b"rXYZ"] : entries[b"rXYZ"] + 4] = b"gXYZ"
    primaries[entries[b"gXYZ"] : entries[b"gXYZ"] + 4] = b"rXYZ"
    exchanged = bytes(primaries).replace("sRGB".encode("utf-16-be"), "XXXX".encode("utf-16-be"))
    image = Image.new("RGB", (32, 32), (255, 0, 0))
    for kind in ("PNG", "JPEG"):
        safe = cleaner.clean(makers.encoded(image, kind, icc_profile=exchanged))
        assert is_near(opened(safe.content).getpixel((16, 16)), (0, 255, 0), 8)


@pytest.mark.parametrize("profile", [b"junk", b"\x00" * 500, os.urandom(3000)])
def test_a_broken_profile_is_left_out(cleaner, profile):
    safe = cleaner.clean(makers.jpeg(icc_profile=profile))
    assert looks_upright(safe.content)


def test_unusual_pixel_formats(cleaner):
    deep = Image.new("I;16", (40, 20), 0x8080)
    cmyk = makers.picture(mode="CMYK")
    cases = [
        (makers.encoded(cmyk, "JPEG", quality=95), "RGB", None),
        (makers.encoded(deep, "PNG"), "L", 128),
        (makers.encoded(makers.picture(mode="1"), "PNG"), "L", 255),
        (makers.encoded(makers.picture(mode="L"), "JPEG"), "L", None),
        (makers.encoded(makers.picture(mode="P"), "PNG"), "RGB", None),
        (makers.encoded(makers.picture(mode="LA"), "PNG"), "RGBA", None),
    ]
    for data, mode, corner in cases:
        safe = cleaner.clean(data)
        image = opened(safe.content)
        assert image.mode == mode
        if corner is not None:
            assert abs(image.getpixel((0, 0)) - corner) <= 1
        assert opened(safe.thumbnail).mode in ("RGB", "L")
    assert looks_upright(cleaner.clean(cases[0][0]).content)


def test_transparency_is_kept_in_png_and_put_on_white_elsewhere(cleaner):
    image = Image.new("RGBA", (40, 20), (10, 200, 10, 0))
    for kind in ("PNG", "WEBP"):
        safe = cleaner.clean(makers.encoded(image, kind, **({"lossless": True} if kind == "WEBP" else {})))
        assert safe.type == FileType.PNG
        assert opened(safe.content).getpixel((5, 5))[3] == 0
        assert is_near(opened(safe.thumbnail).getpixel((5, 5)), (255, 255, 255), 3)


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (300, 200), (5000, 10), (1, 1), (1401, 2)])
def test_derivatives_fit_their_side_and_are_never_enlarged(cleaner, width, height):
    safe = cleaner.clean(makers.encoded(Image.new("RGB", (width, height), (90, 90, 90)), "JPEG"))
    for content, side in ((safe.thumbnail, 320), (safe.print, 1400)):
        found = opened(content).size
        assert max(found) == min(side, max(width, height))
        assert abs(found[0] * height - found[1] * width) <= max(width, height)
        assert min(found) >= 1


def test_a_jpeg_of_twelve_megapixels_keeps_its_detail(cleaner):
    base = Image.effect_noise((400, 300), 80).resize((4000, 3000), Image.Resampling.BICUBIC)
    sharp = base.convert("RGB")
    safe = cleaner.clean(makers.encoded(sharp, "JPEG", quality=92))
    difference = sum(
        abs(a - b)
        for a, b in zip(
            opened(safe.content).convert("L").resize((400, 300)).tobytes(),
            sharp.convert("L").resize((400, 300)).tobytes(),
            strict=True,
        )
    )
    assert difference / 120_000 < 1.5
    small = opened(safe.print).convert("L")
    wanted = sharp.convert("L").resize(small.size, Image.Resampling.LANCZOS).filter(ImageFilter.BoxBlur(1))
    blurred = small.filter(ImageFilter.BoxBlur(1))
    total = sum(abs(a - b) for a, b in zip(blurred.tobytes(), wanted.tobytes(), strict=True))
    assert total / (small.width * small.height) < 2


# --- real pictures

EXPECTED = {
    "heic/broken_thumbnail.heic": (128, 128),
    "heic/crop_mismatch_thumbnail.heic": (64, 64),
    "heic/empty.heic": "empty",
    "heic/example.heic": (1280, 854),
    "heic/truncated.heic": "truncated",
    "piexif/notjpeg.jpg": "empty",
    "piexif/02.jpg": (400, 210),
    "pillow/broken.png": "malformed",
    "pillow/crash-465703f71a0f0094873a3e0e82c9f798161171b8.sgi": "sgi",
    "pillow/crash-4fb027452e6988530aa5dabee76eecacb3b79f8a.j2k": "jpeg2000",
    "pillow/decompression_bomb.gif": "gif",
    "pillow/decompression_bomb_extents.gif": "gif",
    "pillow/exif_typeerror.jpg": (800, 531),
    "pillow/hopper_16bit_qtables.jpg": (128, 128),
    "pillow/hopper_bad_exif.jpg": (500, 500),
    "pillow/invalid-exif.jpg": (200, 200),
    "pillow/jpeg_ff00_header.jpg": (300, 225),
    "pillow/junk_jpeg_header.jpg": (1024, 768),
    "pillow/multiple_comments.gif": "gif",
    "pillow/oom-8ed3316a4109213ca96fb8a256a0bfefdece1461.icns": "icon",
    "pillow/p_trns_single.png": (64, 64),
    "pillow/pil_sample_cmyk.jpg": (100, 100),
    "pillow/timeout-6646305047838720": "tiff",
}


@has_real_images
@pytest.mark.parametrize("name", EXPECTED)
def test_named_real_pictures(cleaner, name):
    data = (IMAGES / name).read_bytes()
    try:
        safe = cleaner.clean(data)
        found: object = (safe.width, safe.height)
    except ImageRefused as refused:
        found = refused.code
    assert found == EXPECTED[name]


@has_real_images
def test_every_real_picture_is_cleaned_or_refused_with_a_sentence(cleaner):
    paths = [path for path in sorted(IMAGES.rglob("*")) if path.is_file()]
    cleaned = 0
    for path in paths:
        if path.suffix in (".txt", ".yaml"):
            continue
        try:
            safe = cleaner.clean(path.read_bytes())
        except ImageRefused as refused:
            if not refused.message.endswith("."):
                pytest.fail(f"{path.name}: {refused.message}")
            continue
        cleaned += 1
        image = opened(safe.content)
        assert image.size == (safe.width, safe.height), path.name
        assert image.mode in ("RGB", "RGBA", "L"), path.name
        assert "icc_profile" not in image.info
        assert not image.getexif().get_ifd(ExifTags.IFD.GPSInfo), path.name
        assert max(opened(safe.thumbnail).size) <= 320
    assert cleaned >= 40
    for folder in ("fabric_defects", "fabric_stain"):
        for path in (IMAGES / folder).glob("*.[jp][pn]g"):
            safe = cleaner.clean(path.read_bytes())
            assert (safe.width, safe.height) == opened(path.read_bytes()).size


@has_real_images
def test_a_turned_real_picture_equals_its_straight_twin(cleaner):
    straight = cleaner.clean((IMAGES / "pillow" / "hopper.jpg").read_bytes())
    for name in ("hopper_orientation_2.jpg", "hopper_orientation_4.jpg", "hopper_orientation_6.webp"):
        turned = cleaner.clean((IMAGES / "pillow" / name).read_bytes())
        pair = zip(
            opened(straight.content).convert("L").tobytes(),
            opened(turned.content).convert("L").tobytes(),
            strict=True,
        )
        assert sum(abs(a - b) for a, b in pair) / (128 * 128) < 8, name

"""Plain drawings for the demo's corrective actions: what was found, and a workplace before and after."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

from goldseal.ops.demo_pictures import DARK, SHADOW, THREAD, YARN, drawn

WIDTH, HEIGHT = 480, 360
STEEL, EDGE, GROUND = (176, 182, 190), (96, 104, 116), (58, 66, 82)
WOOD, GLOW, CLOTH = (150, 118, 84), (255, 250, 222), (120, 140, 186)


def mislink_photo() -> io.BytesIO:
    """Knit with a linked seam from which one loop has slipped."""
    return drawn(_mislink)


def slub_photo() -> io.BytesIO:
    """Knit in which the yarn runs thick and thin."""
    return drawn(_slub)


def points_photo(*, worn: bool) -> io.BytesIO:
    """The point plate of a linking machine; worn points are short and bent."""
    return _painted(lambda pen: _points(pen, worn))


def bench_photo(*, lit: bool) -> io.BytesIO:
    """The checking place at the linking line, without and with its light box."""
    return _painted(lambda pen: _bench(pen, lit))


def _painted(paint: Callable[[ImageDraw.ImageDraw], None]) -> io.BytesIO:
    picture = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    paint(ImageDraw.Draw(picture))
    into = io.BytesIO()
    picture.save(into, "PNG")
    into.seek(0)
    return into


def _mislink(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    pen.line((0, 176, WIDTH, 176), SHADOW, 12)
    for x in range(0, WIDTH, 18):
        if not 214 < x < 252:
            pen.arc((x, 166, x + 18, 188), 180, 360, THREAD, 4)
    pen.ellipse((212, 180, 256, 214), DARK)
    pen.arc((214, 186, 254, 244), 0, 180, YARN, 8)


def _slub(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    for y, thick in ((126, 15), (180, 22), (252, 13)):
        for x in range(90, 390, 24):
            size = thick if 160 < x < 310 else thick // 2
            pen.line((x + 3, y, x + 12, y + 20), YARN, size)
            pen.line((x + 21, y, x + 12, y + 20), YARN, size)


def _points(pen: ImageDraw.ImageDraw, worn: bool) -> None:
    pen.rectangle((20, 220, WIDTH - 20, 300), STEEL, EDGE, 3)
    for x in (70, 240, 410):
        pen.ellipse((x - 9, 252, x + 9, 270), EDGE)
    for number, x in enumerate(range(40, WIDTH - 30, 20)):
        bent, height = (12, 84) if worn and number in (7, 8, 13) else (0, 140)
        height = 96 if worn and number in (4, 16) else height
        pen.polygon([(x - 4, 222), (x + 4, 222), (x + bent, 222 - height)], STEEL, EDGE)


def _bench(pen: ImageDraw.ImageDraw, lit: bool) -> None:
    wall = (222, 224, 218) if lit else (88, 92, 98)
    pen.rectangle((0, 0, WIDTH, 230), wall)
    pen.rectangle((0, 230, WIDTH, HEIGHT), WOOD if lit else (84, 68, 52))
    if lit:
        pen.rectangle((120, 150, 360, 250), (236, 236, 232), EDGE, 4)
        pen.rectangle((134, 164, 346, 238), GLOW)
    cloth = CLOTH if lit else (66, 76, 100)
    pen.polygon([(170, 190), (310, 190), (344, 232), (316, 246), (300, 226), (300, 300), (180, 300),
                 (180, 226), (164, 246), (136, 232)], cloth, EDGE)  # fmt: skip
    pen.arc((214, 176, 266, 206), 0, 180, EDGE, 4)

"""Drawn cloth and surfaces for the sample photos: knit texture, garment parts, shadows, the look of a photo."""

import random
from collections.abc import Sequence
from math import cos, pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]
Point = tuple[float, float]
SIZE = (1600, 1200)

NAVY: Colour = (44, 58, 98)
OATMEAL: Colour = (214, 198, 170)
RUST: Colour = (168, 82, 48)
_SUPER = 4


def shade(colour: Colour, factor: float) -> Colour:
    """The colour made darker (factor below 1) or lighter (above 1, towards white)."""
    if factor <= 1:
        red, green, blue = (round(part * factor) for part in colour)
    else:
        red, green, blue = (round(part + (255 - part) * (factor - 1)) for part in colour)
    return red, green, blue


def grain(size: tuple[int, int], *, seed: int, cell: int = 1) -> Image.Image:
    """Grey noise, the same for the same seed; `cell` above 1 makes soft patches of that many pixels."""
    small = (max(2, size[0] // cell + 2), max(2, size[1] // cell + 2))
    # A picture needs repeatable noise, not secrecy.
    data = random.Random(seed).randbytes(small[0] * small[1])  # noqa: S311
    image = Image.frombytes("L", small, data)
    return image if small == size else image.resize(size, Image.Resampling.BICUBIC)


def soft(image: Image.Image, noise: Image.Image, strength: float) -> Image.Image:
    """Brighten and darken an image by grey noise around its middle."""
    light = noise.point(lambda value: round(128 + (value - 128) * strength)).convert("RGB")
    return ImageChops.overlay(image, light)


def _stitch(width: int, height: int, *, purl: bool) -> Image.Image:
    wide, high = width * _SUPER, height * _SUPER
    tile = Image.new("L", (wide, high), 38)
    pen = ImageDraw.Draw(tile)
    for row in (1, 0, -1):
        top = row * high
        for side in (-1, 1):
            if purl:
                start: Point = (wide / 2 - side * wide * 0.02, top + high * 0.25)
                end: Point = (wide / 2 + side * wide * 0.52, top + high * 0.6)
            else:
                start = (wide / 2 + side * wide * 0.33, top - high * 0.16)
                end = (wide / 2 + side * wide * 0.11, top + high * 1.0)
            thick = wide * (0.4 if not purl else 0.34)
            for step in range(9):
                part = 1 - step / 9
                tone = 62 + round(step * 17.5)
                shift = -wide * 0.045 * (step / 9)
                ends = ((start[0] + shift, start[1]), (end[0] + shift, end[1]))
                half = thick * part / 2
                pen.line(ends, fill=tone, width=max(1, round(thick * part)))
                for x, y in ends:
                    pen.ellipse((x - half, y - half, x + half, y + half), fill=tone)
            if width >= 24 and not purl:
                for ply in range(1, 7):  # the twist of a two-ply yarn
                    at = ply / 7
                    x = start[0] + (end[0] - start[0]) * at
                    y = start[1] + (end[1] - start[1]) * at
                    reach = thick * 0.34
                    pen.line((x - reach, y + reach * 0.5, x + reach, y - reach * 0.5), fill=112, width=_SUPER)
    return tile.resize((width, height), Image.Resampling.LANCZOS)


def _tiled(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    out = Image.new("L", size)
    for y in range(0, size[1], tile.height):
        for x in range(0, size[0], tile.width):
            out.paste(tile, (x, y))
    return out


def _uneven(image: Image.Image, *, seed: int, cell: int, reach: float) -> Image.Image:
    """Shift the picture a little here and there, as hand-fed yarn does."""
    rng = random.Random(seed)  # noqa: S311
    across, down = image.width // cell + 1, image.height // cell + 1
    jitter = [
        [(rng.uniform(-reach, reach), rng.uniform(-reach, reach)) for _ in range(across + 1)]
        for _ in range(down + 1)
    ]
    mesh = []
    for j in range(down):
        for i in range(across):
            box = (i * cell, j * cell, min((i + 1) * cell, image.width), min((j + 1) * cell, image.height))
            if box[0] >= box[2] or box[1] >= box[3]:
                continue
            corners: list[float] = []
            for x, y, a, b in ((0, 1, i, j), (0, 3, i, j + 1), (2, 3, i + 1, j + 1), (2, 1, i + 1, j)):
                corners += [box[x] + jitter[b][a][0], box[y] + jitter[b][a][1]]
            mesh.append((box, tuple(corners)))
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def knit(
    size: tuple[int, int],
    colour: Colour,
    *,
    stitch: tuple[int, int] = (10, 8),
    rib: bool = False,
    seed: int = 1,
) -> Image.Image:
    """Plain knit, or a 2×2 rib, in one colour; `stitch` is the width and height of one loop in pixels."""
    loop = _stitch(*stitch, purl=False)
    tile = loop
    if rib:
        wide, high = stitch
        tile = Image.new("L", (wide * 4, high))
        tile.paste(loop, (0, 0))
        tile.paste(loop, (wide, 0))
        dark = _stitch(*stitch, purl=True).point(lambda value: round(value * 0.74))
        tile.paste(dark, (wide * 2, 0))
        tile.paste(dark, (wide * 3, 0))
    # The border is drawn too wide and cut off: the shifted mesh would show black at its edge.
    grey = _uneven(
        _tiled(tile, (size[0] + 32, size[1] + 32)), seed=seed, cell=stitch[0] * 4, reach=stitch[0] * 0.09
    ).crop((16, 16, size[0] + 16, size[1] + 16))
    cloth = ImageOps.colorize(
        grey, black=shade(colour, 0.34), mid=shade(colour, 0.92), white=shade(colour, 1.36), midpoint=132
    )
    cloth = soft(cloth, grain(size, seed=seed + 1, cell=140), 0.09)
    return soft(cloth, grain(size, seed=seed + 2, cell=2), 0.12)


def curve(points: Sequence[Point], *, steps: int = 14) -> list[Point]:
    """A smooth closed outline through the points (Catmull-Rom)."""
    out: list[Point] = []
    count = len(points)
    for i in range(count):
        a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            out.append(
                (
                    _spline(a[0], b[0], c[0], d[0], t),
                    _spline(a[1], b[1], c[1], d[1], t),
                )
            )
    return out


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def outline_mask(outline: Sequence[Point], size: tuple[int, int] = SIZE) -> Image.Image:
    """A smooth-edged mask of a polygon."""
    big = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    ImageDraw.Draw(big).polygon([(x * 2, y * 2) for x, y in outline], fill=255)
    return big.resize(size, Image.Resampling.LANCZOS)


def lay(
    scene: Image.Image,
    cloth: Image.Image,
    mask: Image.Image,
    *,
    shadow: int = 120,
    lift: int = 14,
    round_edge: int = 26,
    depth: float = 0.62,
) -> None:
    """Lay a piece of cloth on the scene: cast shadow below it, darker where it curves away at its edge."""
    cast = ImageChops.offset(mask.filter(ImageFilter.GaussianBlur(lift)), lift // 2, lift)
    scene.paste((28, 26, 26), (0, 0), cast.point(lambda value: value * shadow // 255))
    inside = mask.filter(ImageFilter.GaussianBlur(round_edge))
    light = inside.point(lambda value: round(255 * min(1.0, depth + (1 - depth) * max(0, value - 110) / 130)))
    scene.paste(ImageChops.multiply(cloth, light.convert("RGB")), (0, 0), mask)


def turned(cloth: Image.Image, angle: float, *, size: tuple[int, int] = SIZE) -> Image.Image:
    """The cloth turned about its middle and cut to the scene's size."""
    wide = cloth.rotate(angle, Image.Resampling.BICUBIC, expand=False)
    left, top = (wide.width - size[0]) // 2, (wide.height - size[1]) // 2
    return wide.crop((left, top, left + size[0], top + size[1]))


def table(colour: Colour = (226, 224, 218), *, seed: int = 5) -> Image.Image:
    """An inspection table under a lamp."""
    top = Image.new("RGB", SIZE, colour)
    lamp = ImageOps.invert(Image.radial_gradient("L")).resize((2400, 2000), Image.Resampling.BICUBIC)
    lamp = lamp.crop((300, 250, 1900, 1450))
    top = ImageChops.multiply(top, lamp.point(lambda value: 176 + value * 79 // 255).convert("RGB"))
    top = soft(top, grain(SIZE, seed=seed, cell=260), 0.10)
    return soft(top, grain(SIZE, seed=seed + 1, cell=3), 0.05)


def fold(scene: Image.Image, points: Sequence[Point], *, width: int = 26, dark: int = 70) -> None:
    """A soft crease along a line: a shadow and a light beside it."""
    for shift, tone, strength in ((0, (24, 18, 14), dark), (width // 2, (255, 250, 238), dark // 3)):
        line = Image.new("L", SIZE, 0)
        moved = [(x + shift, y + shift / 3) for x, y in points]
        ImageDraw.Draw(line).line(moved, fill=strength, width=width // 2, joint="curve")
        scene.paste(tone, (0, 0), line.filter(ImageFilter.GaussianBlur(width / 2)))


def photographed(scene: Image.Image, *, seed: int) -> Image.Image:
    """The look of a phone's photo: a little warmth, vignette and grain."""
    edge = ImageOps.invert(Image.radial_gradient("L")).resize((2300, 1900), Image.Resampling.BICUBIC)
    edge = edge.crop((350, 350, 1950, 1550)).point(lambda value: min(255, 196 + value // 2))
    out = ImageChops.multiply(scene, edge.convert("RGB"))
    out = ImageChops.multiply(out, Image.new("RGB", SIZE, (255, 252, 246)))
    out = soft(out, grain(SIZE, seed=seed, cell=2), 0.035)
    return out.filter(ImageFilter.UnsharpMask(1.2, 40, 2))


def arrow(scene: Image.Image, tip: Point, *, angle: float, length: float = 150) -> None:
    """The orange arrow sticker that inspectors lay beside a defect; `angle` in degrees, 0 points right."""
    turn = angle * pi / 180
    shape = [(0, 0), (-52, -44), (-52, -19), (-length, -19), (-length, 19), (-52, 19), (-52, 44)]
    outline = [
        (tip[0] + x * cos(turn) - y * sin(turn), tip[1] + x * sin(turn) + y * cos(turn)) for x, y in shape
    ]
    sticker = Image.new("RGB", SIZE, (240, 104, 28))
    lay(scene, sticker, outline_mask(outline), shadow=110, lift=6, round_edge=3, depth=0.9)

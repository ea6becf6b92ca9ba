"""Draws the twelve photos of the sample inspection: `python -m goldseal.ops.sample.draw FONTS OUT`.

Everything in them is invented. The same fonts and library versions give the same pictures; the drawn files
are committed, so this runs only when a picture is to change.
"""

import random
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from goldseal.ops.sample import cartons
from goldseal.ops.sample.cloth import (
    NAVY,
    OATMEAL,
    RUST,
    SIZE,
    Colour,
    Point,
    arrow,
    curve,
    fold,
    grain,
    knit,
    lay,
    outline_mask,
    photographed,
    shade,
    soft,
    table,
    turned,
)
from goldseal.ops.sample.print_work import Fonts, care_symbols, hangtag, ruler, tape, woven_label

BYTES_MAX = 240_000
CLOSE = (46, 36)


def sweater(
    scene: Image.Image, colour: Colour, fonts: Fonts, *, is_back: bool = False, seed: int = 11
) -> None:
    """A crew-neck sweater laid flat: sleeves, body, ribs, collar and the creases of a real one."""
    loop = (9, 7)
    cloth = knit((2000, 2000), colour, stitch=loop, seed=seed)
    ribs = knit((2000, 2000), shade(colour, 0.95), stitch=(7, 7), rib=True, seed=seed + 5)
    for side in (-1, 1):

        def at(points: Sequence[Point], side: int = side) -> list[Point]:
            return [(800 + side * (x - 800), y) for x, y in points]

        sleeve = at(
            [
                (640, 236),
                (556, 240),
                (486, 312),
                (404, 470),
                (324, 690),
                (262, 886),
                (360, 922),
                (452, 700),
                (560, 470),
            ]
        )
        cuff = at([(264, 876), (358, 910), (332, 996), (312, 1000), (246, 974), (240, 958)])
        lay(scene, turned(cloth, -side * 20), outline_mask(curve(sleeve)), shadow=100)
        lay(scene, turned(ribs, -side * 20), outline_mask(cuff), round_edge=12)
    dip = 205 if is_back else 262
    body = [(690, 178), (610, 204), (552, 236), (532, 330), (534, 470), (524, 700), (520, 960)]
    body += [(800 + (800 - x), y) for x, y in reversed(body)]
    lay(scene, turned(cloth, 0), outline_mask(body), shadow=90)
    hem = [(520, 948), (1080, 948), (1070, 1034), (1052, 1044), (548, 1044), (530, 1034)]
    lay(scene, turned(ribs, 0), outline_mask(hem), round_edge=14)
    _collar(scene, cloth, ribs, fonts, dip, is_back=is_back)
    for crease in (
        [(560, 300), (600, 420), (604, 560)],
        [(1034, 330), (1000, 450), (1006, 600)],
        [(640, 760), (700, 850), (712, 930)],
        [(960, 720), (900, 830)],
    ):
        fold(scene, crease, dark=46)


def _collar(
    scene: Image.Image, cloth: Image.Image, ribs: Image.Image, fonts: Fonts, dip: int, *, is_back: bool
) -> None:
    def arc(spread: float, depth: float) -> list[Point]:
        return [(800 - spread * cos(t * pi / 24), 178 + depth * sin(t * pi / 24)) for t in range(25)]

    band = 34
    opening = [*arc(112, dip - 178), (912, 168), (800, 150), (688, 168)]
    if not is_back:
        inside = ImageChops.multiply(turned(cloth, 0), Image.new("RGB", SIZE, (120, 118, 116)))
        lay(scene, inside, outline_mask(opening), shadow=0, depth=0.5)
        label = woven_label(fonts, (92, 40), "NORTHFOLD", "")
        scene.paste(label, (754, 176))
    neck = arc(112 + band, dip - 178 + band) + list(reversed(arc(112, dip - 178)))
    back = [(656, 186), (688, 152), (800, 134), (912, 152), (944, 186), (912, 190), (800, 168), (688, 190)]
    lay(scene, turned(ribs, 0), outline_mask(curve(back)), round_edge=8, shadow=60)
    if is_back:
        neck = [*arc(112 + band, dip - 178 + band), (912, 160), (800, 146), (688, 160)]
    lay(scene, turned(ribs, 0), outline_mask(neck), round_edge=9, shadow=80, lift=6)


def front(fonts: Fonts) -> Image.Image:
    """Garment front, with the card of the approved sample beside it."""
    scene = table()
    sweater(scene, NAVY, fonts)
    card = [(1220, 130), (1500, 150), (1488, 320), (1208, 300)]
    lay(scene, Image.new("RGB", SIZE, (252, 250, 244)), outline_mask(card), round_edge=2, depth=0.95, lift=8)
    text = Image.new("L", (260, 150), 0)
    pen = ImageDraw.Draw(text)
    pen.text((12, 10), "APPROVED SAMPLE", font=fonts.bold(24), fill=255)
    pen.text((12, 52), "Style NF-1042", font=fonts.medium(24), fill=255)
    pen.text((12, 88), "Navy · size M", font=fonts.regular(24), fill=255)
    text = text.rotate(-4, Image.Resampling.BICUBIC)
    scene.paste((36, 38, 70), (1222, 148), text)
    return scene


def back(fonts: Fonts) -> Image.Image:
    """Garment back."""
    scene = table((220, 222, 224), seed=9)
    sweater(scene, OATMEAL, fonts, is_back=True, seed=31)
    return scene


def labels(fonts: Fonts) -> Image.Image:
    """Main label and care label in the back neck."""
    scene = knit(SIZE, NAVY, stitch=(26, 20), seed=41)
    rib = knit((1600, 300), shade(NAVY, 0.95), stitch=(20, 18), rib=True, seed=42)
    mask = outline_mask(curve([(-200, -120), (800, -60), (1800, -120), (1800, 130), (800, 230), (-200, 130)]))
    top = Image.new("RGB", SIZE)
    top.paste(rib, (0, 0))
    lay(scene, top, mask, round_edge=18)
    main = woven_label(fonts, (520, 210), "NORTHFOLD", "KNITWEAR  ·  M")
    _put(scene, main, (540, 300), -1.5)
    care = Image.new("RGB", (360, 470), (250, 249, 245))
    pen = ImageDraw.Draw(care)
    pen.text((180, 30), "M", font=fonts.bold(56), fill=(30, 30, 34), anchor="ma")
    lines = ("50 % WOOL", "50 % ACRYLIC", "HAND WASH COLD", "DRY FLAT")
    for number, line in enumerate(lines):
        pen.text((180, 118 + number * 38), line, font=fonts.medium(27), fill=(40, 40, 44), anchor="ma")
    care_symbols(care, (34, 292))
    pen.text((180, 384), "MADE IN BANGLADESH", font=fonts.bold(25), fill=(30, 30, 34), anchor="ma")
    pen.text((180, 420), "NF-1042", font=fonts.regular(23), fill=(60, 60, 64), anchor="ma")
    _put(scene, soft(care, grain(care.size, seed=4, cell=60), 0.08), (690, 540), 2.5)
    return scene


def tag(fonts: Fonts) -> Image.Image:
    """Hangtag with barcode on the garment."""
    scene = knit(SIZE, OATMEAL, stitch=(18, 14), seed=51)
    fold(scene, [(120, 1150), (420, 820), (560, 380)], width=60, dark=30)
    fold(scene, [(1500, 60), (1340, 500), (1420, 1000)], width=70, dark=28)
    cord = curve([(700, -40), (640, 60), (742, 170), (842, 60), (760, -40)])
    _thread(scene, cord[:60], (60, 54, 48), 7)
    _put(scene, hangtag(fonts), (500, 150), -4)
    return scene


def dropped(fonts: Fonts) -> Image.Image:
    """Drop stitch that runs: a ladder of bare threads below an open loop."""
    scene = knit(SIZE, NAVY, stitch=CLOSE, seed=61)
    column = [(862, 300), (880, 420), (874, 620), (884, 820), (866, 936), (838, 820), (832, 620), (836, 420)]
    gap = outline_mask(curve(column)).filter(ImageFilter.GaussianBlur(5))
    scene.paste(shade(NAVY, 0.2), (0, 0), gap.point(lambda value: value * 235 // 255))
    rng = random.Random(6)  # noqa: S311
    for y in range(340, 920, 36):
        sag = rng.uniform(6, 13)
        wave: list[Point] = [
            (822, y),
            (842, y + sag * 0.7),
            (858, y + sag),
            (876, y + sag * 0.6),
            (896, y - 2),
        ]
        _thread(scene, wave, (74, 94, 148), 11)
    loop = curve([(836, 300), (842, 250), (862, 238), (880, 254), (884, 304), (870, 330), (848, 330)])
    _thread(scene, [*loop, loop[0]], (84, 106, 164), 15)
    arrow(scene, (800, 620), angle=0, length=190)
    _put(scene, ruler(fonts, 1180), (240, 1020), 0)
    return scene


def stained(fonts: Fonts) -> Image.Image:
    """Oil stain."""
    scene = knit(SIZE, OATMEAL, stitch=(30, 24), seed=71)
    rng = random.Random(8)  # noqa: S311
    spots = [(790, 560, 150, 0.62), (960, 690, 46, 0.5), (640, 420, 26, 0.42)]
    for x, y, radius, strength in spots:
        around: list[Point] = [
            (
                x + radius * rng.uniform(0.78, 1.2) * cos(k * pi / 6),
                y + radius * rng.uniform(0.66, 1.0) * sin(k * pi / 6),
            )
            for k in range(12)
        ]
        mask = outline_mask(curve(around)).filter(ImageFilter.GaussianBlur(radius / 9))
        rim = ImageChops.subtract(mask, mask.filter(ImageFilter.GaussianBlur(radius / 5)), scale=0.7)
        wet = ImageChops.multiply(scene, Image.new("RGB", SIZE, (150, 118, 74)))
        scene.paste(wet, (0, 0), mask.point(lambda value, part=strength: round(value * part)))
        scene.paste(shade((104, 74, 38), 0.9), (0, 0), rim.point(lambda value: value * 2 // 5))
    arrow(scene, (600, 640), angle=-14, length=180)
    _put(scene, ruler(fonts, 1180), (260, 1010), -1)
    return scene


def mislinked(fonts: Fonts) -> Image.Image:
    """Open seam where the linking missed the loops at the shoulder."""
    scene = knit(SIZE, RUST, stitch=(34, 27), seed=81)
    lower = turned(knit((2000, 2000), RUST, stitch=(34, 27), seed=82), 78)
    lay(
        scene,
        lower,
        outline_mask([(-300, 640), (500, 600), (1200, 566), (2000, 530), (2000, 1700), (-300, 1700)]),
        round_edge=30,
    )
    hole = curve([(640, 596), (760, 560), (880, 556), (990, 578), (930, 622), (800, 640), (690, 628)])
    mask = outline_mask(hole).filter(ImageFilter.GaussianBlur(4))
    scene.paste((38, 18, 12), (0, 0), mask.point(lambda value: value * 240 // 255))
    for x in (690, 744, 800, 858, 914, 958):  # loops that hang free
        free = curve([(x - 14, 566), (x - 12, 604), (x, 618), (x + 12, 604), (x + 14, 562)])
        _thread(scene, free[:56], (196, 104, 66), 12)
    x = -20
    while x < 1640:
        y = 622 - x * 0.046
        if not 640 < x < 980:
            link: list[Point] = [(x - 20, y + 12), (x - 4, y - 13), (x + 16, y - 9), (x + 22, y + 10)]
            _thread(scene, link, shade(RUST, 1.05), 13)
        x += 30
    _thread(scene, curve([(985, 572), (1050, 520), (1120, 560), (1180, 500)])[:42], (200, 110, 70), 9)
    arrow(scene, (812, 660), angle=-90, length=180)
    _put(scene, ruler(fonts, 1180), (220, 1030), 0)
    return scene


def uncut(fonts: Fonts) -> Image.Image:
    """Uncut thread ends at the cuff."""
    scene = knit(SIZE, RUST, stitch=(22, 17), seed=91)
    rib = Image.new("RGB", SIZE)
    rib.paste(knit((1600, 680), shade(RUST, 0.96), stitch=(20, 17), rib=True, seed=92), (0, 520))
    lay(
        scene,
        rib,
        outline_mask([(0, 600), (1600, 560), (1600, 1200), (0, 1200)]),
        round_edge=22,
        shadow=100,
        lift=8,
    )
    for tail in (
        [(790, 590), (850, 660), (960, 640), (1000, 740), (920, 820), (1010, 900), (1130, 880)],
        [(786, 592), (740, 690), (800, 770), (720, 850)],
    ):
        points = curve(tail)
        _thread(scene, points[: -2 * 14], (206, 116, 76), 10)
    arrow(scene, (700, 640), angle=-20, length=180)
    _put(scene, ruler(fonts, 1000), (480, 1060), 0)
    return scene


def measured(fonts: Fonts) -> Image.Image:
    """Tape across the chest, 2.5 cm below the armhole."""
    scene = table((222, 220, 214), seed=15)
    sweater(scene, NAVY, fonts, seed=23)
    scene = scene.crop((380, 190, 1220, 820)).resize(SIZE, Image.Resampling.LANCZOS)
    strip = tape(fonts, 1500, start=-10, pixels_per_cm=19.74)
    _put(scene, strip, (231, 560), 0.2)
    return scene


def _put(scene: Image.Image, item: Image.Image, place: tuple[int, int], angle: float) -> None:
    """Lay a flat thing on the scene, turned a little, with its shadow."""
    mask = Image.new("L", item.size, 255)
    if item.mode == "RGBA":
        mask = item.getchannel("A")
    flat = Image.new("RGB", SIZE)
    where = Image.new("L", SIZE, 0)
    flat.paste(item.convert("RGB"), place)
    where.paste(mask, place)
    middle = (place[0] + item.width / 2, place[1] + item.height / 2)
    flat = flat.rotate(angle, Image.Resampling.BICUBIC, center=middle)
    where = where.rotate(angle, Image.Resampling.BICUBIC, center=middle)
    cast = ImageChops.offset(where.filter(ImageFilter.GaussianBlur(9)), 6, 9)
    scene.paste((24, 22, 22), (0, 0), cast.point(lambda value: value * 130 // 255))
    scene.paste(flat, (0, 0), where)


def _thread(scene: Image.Image, points: Sequence[Point], colour: Colour, width: int) -> None:
    """A round yarn along a line: shadow, body, light."""
    cast = Image.new("L", SIZE, 0)
    ImageDraw.Draw(cast).line([(x + 4, y + 7) for x, y in points], fill=150, width=width, joint="curve")
    scene.paste((18, 14, 14), (0, 0), cast.filter(ImageFilter.GaussianBlur(4)))
    pen = ImageDraw.Draw(scene)
    for part, factor in ((1.0, 0.62), (0.72, 0.9), (0.42, 1.1), (0.16, 1.28)):
        line = max(1, round(width * part))
        tone = shade(colour, factor)
        pen.line(
            [(x - (1 - part) * 2, y - (1 - part) * 2) for x, y in points],
            fill=tone,
            width=line,
            joint="curve",
        )
        for x, y in points[:: max(1, len(points) - 1)]:
            pen.ellipse((x - line / 2, y - line / 2, x + line / 2, y + line / 2), fill=tone)


SCENES: tuple[Callable[[Fonts], Image.Image], ...] = (
    cartons.warehouse,
    cartons.shipping_mark,
    cartons.opened,
    front,
    back,
    labels,
    tag,
    measured,
    dropped,
    stained,
    mislinked,
    uncut,
)


def encode(scene: Image.Image) -> bytes:
    """A JPEG within the size of one sample photo: softer where full sharpness would cost too much quality."""
    data = b""
    for blur in (0.0, 0.6, 0.9, 1.2):
        photo = scene.filter(ImageFilter.GaussianBlur(blur)) if blur else scene
        for quality in range(86, 61, -3):
            buffer = BytesIO()
            photo.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
            data = buffer.getvalue()
            if len(data) <= BYTES_MAX:
                return data
    return data


def main(fonts_folder: str, out_folder: str) -> None:
    """Draw all photos as 01.jpg … 12.jpg."""
    fonts = Fonts(Path(fonts_folder))
    for number, scene in enumerate(SCENES, start=1):
        photo = photographed(scene(fonts), seed=number * 100)
        (Path(out_folder) / f"{number:02d}.jpg").write_bytes(encode(photo))


if __name__ == "__main__":
    main(*sys.argv[1:3])

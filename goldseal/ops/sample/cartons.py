"""The carton scenes of the sample photos: warehouse, shipping mark, opened carton."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from goldseal.ops.sample.cloth import NAVY, SIZE, fold, grain, knit, lay, outline_mask, shade, soft, table
from goldseal.ops.sample.print_work import Fonts, barcode, umbrella, up_arrows

KRAFT = (190, 148, 100)
PRINT = (58, 42, 30)


def board(size: tuple[int, int], *, seed: int, colour: tuple[int, int, int] = KRAFT) -> Image.Image:
    """Corrugated board: faint flutes, fibres and patches."""
    face = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(face)
    for x in range(0, size[0], 12):
        pen.line((x, 0, x, size[1]), fill=shade(colour, 0.975), width=4)
    face = soft(face, grain(size, seed=seed, cell=180), 0.10)
    return soft(face, grain(size, seed=seed + 1, cell=3), 0.09)


def warehouse(fonts: Fonts) -> Image.Image:
    """The packed lot on pallets."""
    scene = Image.new("RGB", SIZE, (206, 208, 206))
    pen = ImageDraw.Draw(scene)
    for y in range(760):
        tone = 158 + round(60 * y / 760)
        pen.line((0, y, 1600, y), fill=(tone, tone + 2, tone + 1))
    for x in range(-100, 1700, 230):  # wall panels
        pen.line((x, 0, x, 760), fill=(172, 176, 176), width=3)
    for y in range(760, 1200):
        tone = 122 + round(48 * (y - 760) / 440)
        pen.line((0, y, 1600, y), fill=(tone, tone - 1, tone - 4))
    pen.polygon([(0, 1130), (1600, 1010), (1600, 1034), (0, 1160)], fill=(208, 176, 40))
    scene = soft(scene, grain(SIZE, seed=77, cell=4), 0.06)
    number = 1
    rng = random.Random(20)  # noqa: S311
    for left, scale, base in ((985, 0.74, 850), (96, 1.0, 985)):
        number = _pallet(scene, fonts, rng, left=left, base=base, scale=scale, first=number)
    light = Image.new("L", SIZE, 0)
    ImageDraw.Draw(light).ellipse((250, -420, 1350, 240), fill=110)
    scene.paste((255, 252, 240), (0, 0), light.filter(ImageFilter.GaussianBlur(140)))
    return scene


def _pallet(
    scene: Image.Image, fonts: Fonts, rng: random.Random, *, left: int, base: int, scale: float, first: int
) -> int:
    wide, high, deep = round(236 * scale), round(168 * scale), round(96 * scale)
    columns, rows = (3, 4)
    pen = ImageDraw.Draw(scene)
    span = wide * columns
    cast = Image.new("L", SIZE, 0)
    ImageDraw.Draw(cast).polygon(
        [
            (left - 20, base + 60),
            (left + span + 30, base + 60),
            (left + span + deep + 90, base),
            (left + 40, base - 30),
        ],
        fill=150,
    )
    scene.paste((30, 28, 26), (0, 0), cast.filter(ImageFilter.GaussianBlur(22)))
    for x in range(3):
        at = left + x * (span - 70) // 2
        pen.rectangle((at, base + 10, at + 70, base + 48), fill=(112, 84, 54))
    pen.rectangle((left - 10, base, left + span + 10, base + 14), fill=(154, 118, 78))
    pen.rectangle((left - 10, base + 44, left + span + 10, base + 56), fill=(132, 100, 64))
    number = first
    for row in range(rows):
        for column in range(columns):
            x = left + column * wide + rng.randint(-3, 3)
            y = base - (row + 1) * high
            tone = rng.uniform(0.95, 1.03)
            face = board((wide, high), seed=number * 3, colour=shade(KRAFT, tone))
            _small_mark(face, fonts, number, scale)
            scene.paste(face, (x, y))
            pen.rectangle((x, y, x + wide - 1, y + high - 1), outline=shade(KRAFT, 0.62), width=2)
            if column == columns - 1:
                side = [
                    (x + wide, y),
                    (x + wide + deep, y - deep // 2),
                    (x + wide + deep, y + high - deep // 2),
                    (x + wide, y + high),
                ]
                pen.polygon(side, fill=shade(KRAFT, 0.66), outline=shade(KRAFT, 0.5))
            if row == rows - 1:
                top = [(x, y), (x + deep, y - deep // 2), (x + wide + deep, y - deep // 2), (x + wide, y)]
                pen.polygon(top, fill=shade(KRAFT, 1.16), outline=shade(KRAFT, 0.8))
                mid = (x + wide / 2, x + wide / 2 + deep)
                pen.line((mid[0], y, mid[1], y - deep // 2), fill=(214, 188, 140), width=round(20 * scale))
            number += 1
    return number


def _small_mark(face: Image.Image, fonts: Fonts, number: int, scale: float) -> None:
    pen = ImageDraw.Draw(face)

    def size(value: float) -> int:
        return max(8, round(value * scale))

    pen.rectangle((face.width * 0.44, 0, face.width * 0.56, size(34)), fill=(206, 176, 126))
    pen.text((size(18), size(42)), "NORTHFOLD", font=fonts.bold(size(26)), fill=PRINT)
    pen.text((size(18), size(76)), "PO 50217", font=fonts.medium(size(15)), fill=PRINT)
    pen.text((size(18), size(98)), "24 PCS", font=fonts.medium(size(15)), fill=PRINT)
    pen.text((size(18), size(122)), f"C/NO {number} / 100", font=fonts.bold(size(18)), fill=PRINT)
    left, top = round(face.width * 0.66), size(84)
    pen.rectangle((left, top, left + size(62), top + size(50)), fill=(244, 240, 230))
    for bar in range(0, size(50), 4):
        if (bar * 7 + number) % 3:
            pen.line((left + 6 + bar, top + 6, left + 6 + bar, top + size(42)), fill=(30, 30, 34), width=2)


def shipping_mark(fonts: Fonts) -> Image.Image:
    """One carton's shipping mark."""
    scene = board(SIZE, seed=301)
    pen = ImageDraw.Draw(scene)
    tape_band = soft(
        Image.new("RGB", (1600, 110), (212, 182, 130)), grain((1600, 110), seed=5, cell=90), 0.14
    )
    scene.paste(tape_band, (0, 0))
    pen.line((0, 110, 1600, 110), fill=shade(KRAFT, 0.8), width=3)
    pen.line((0, 54, 1600, 56), fill=shade(KRAFT, 0.7), width=2)
    pen.text((120, 170), "NORTHFOLD KNITWEAR", font=fonts.bold(92), fill=PRINT)
    pen.line((120, 296, 1480, 296), fill=PRINT, width=7)
    rows = (
        ("PO NO", "50217"),
        ("STYLE", "NF-1042"),
        ("COLOUR", "NAVY"),
        ("SIZE", "M"),
        ("QTY", "24 PCS"),
        ("G.W. / N.W.", "13.4 / 12.1 KG"),
        ("MEAS.", "60 × 40 × 38 CM"),
    )
    for number, (name, value) in enumerate(rows):
        y = 336 + number * 84
        pen.text((120, y), name, font=fonts.medium(54), fill=PRINT)
        pen.text((480, y), value, font=fonts.bold(54), fill=PRINT)
    pen.text((120, 950), "CARTON NO", font=fonts.medium(54), fill=PRINT)
    pen.text((480, 930), "12 / 100", font=fonts.bold(84), fill=PRINT)
    pen.text((120, 1064), "MADE IN BANGLADESH", font=fonts.bold(58), fill=PRINT)
    up_arrows(pen, (1180, 340), PRINT)
    umbrella(pen, (1340, 346), PRINT)
    sticker = Image.new("RGB", (580, 330), (252, 251, 247))
    code = barcode(fonts, "200104210124", module=4)
    sticker.paste(code, ((580 - code.width) // 2, 22))
    ImageDraw.Draw(sticker).text(
        (290, 238), "NF-1042  NAVY  M", font=fonts.bold(38), fill=(30, 30, 34), anchor="ma"
    )
    where = Image.new("L", SIZE, 0)
    where.paste(255, (960, 740, 1540, 1070))
    scene.paste(
        (40, 30, 20),
        (0, 0),
        ImageChops.offset(where.filter(ImageFilter.GaussianBlur(8)), 5, 7).point(lambda v: v // 2),
    )
    scene.paste(sticker, (960, 740))
    # Print on board is never quite even.
    worn = soft(scene, grain(SIZE, seed=88, cell=5), 0.10)
    fold(worn, [(1570, 60), (1560, 600), (1580, 1180)], width=40, dark=60)
    return worn


def opened(fonts: Fonts) -> Image.Image:
    """An opened carton seen from above: folded sweaters in polybags."""
    scene = table((176, 178, 178), seed=19)
    flap = board((2000, 2000), seed=401).crop((0, 0, *SIZE))
    for corners in (
        [(330, 200), (1270, 200), (1230, 30), (370, 30)],
        [(330, 1000), (1270, 1000), (1240, 1170), (360, 1170)],
        [(330, 200), (330, 1000), (70, 960), (70, 240)],
        [(1270, 200), (1270, 1000), (1530, 960), (1530, 240)],
    ):
        lay(scene, flap, outline_mask(corners), round_edge=10, depth=0.8)
    lay(
        scene,
        Image.new("RGB", SIZE, (74, 54, 36)),
        outline_mask([(330, 200), (1270, 200), (1270, 1000), (330, 1000)]),
        shadow=0,
    )
    for row in range(2):
        for column in range(2):
            left, top = 362 + column * 446, 226 + row * 384
            _folded(scene, fonts, left, top, seed=410 + row * 2 + column)
    return scene


def _folded(scene: Image.Image, fonts: Fonts, left: int, top: int, *, seed: int) -> None:
    wide, high = 430, 366
    cloth = Image.new("RGB", SIZE)
    cloth.paste(knit((wide, high), NAVY, stitch=(9, 7), seed=seed), (left, top))
    box = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
    lay(scene, cloth, outline_mask(box), round_edge=34, shadow=150)
    rib = Image.new("RGB", SIZE)
    rib.paste(
        knit((200, 60), shade(NAVY, 0.95), stitch=(7, 7), rib=True, seed=seed + 1), (left + 115, top + 10)
    )
    collar = [(left + 115, top + 12), (left + 315, top + 12), (left + 276, top + 62), (left + 154, top + 62)]
    lay(scene, rib, outline_mask(collar), round_edge=8, lift=5)
    pen = ImageDraw.Draw(scene)
    pen.rectangle((left + 178, top + 20, left + 252, top + 46), fill=(34, 38, 56), outline=(186, 160, 96))
    film = Image.new("L", SIZE, 0)
    rng = random.Random(seed)  # noqa: S311
    shine = ImageDraw.Draw(film)
    for _ in range(7):
        x, y = left + rng.randint(10, wide - 120), top + rng.randint(70, high - 110)
        slope, reach = rng.uniform(-0.5, 0.5), rng.randint(50, 110)
        shine.line(
            [(x, y), (x + reach, y + slope * reach)], fill=rng.randint(90, 160), width=rng.randint(3, 8)
        )
    film = film.filter(ImageFilter.GaussianBlur(5))
    veil = Image.new("L", SIZE, 0)
    ImageDraw.Draw(veil).rectangle((left - 6, top - 6, left + wide + 6, top + high + 6), fill=34)
    scene.paste((236, 242, 250), (0, 0), ImageChops.lighter(film, veil.filter(ImageFilter.GaussianBlur(3))))
    pen.text(
        (left + 215, top + 288),
        "WARNING: keep this bag",
        font=fonts.medium(17),
        fill=(226, 230, 238),
        anchor="ma",
    )
    pen.text(
        (left + 215, top + 310),
        "away from babies and children",
        font=fonts.medium(17),
        fill=(226, 230, 238),
        anchor="ma",
    )
    pen.rectangle((left + 318, top + 206, left + 412, top + 262), fill=(250, 249, 244))
    pen.text((left + 365, top + 212), "NAVY  M", font=fonts.bold(18), fill=(30, 30, 34), anchor="ma")
    for bar in range(0, 78, 4):
        if bar % 3:
            pen.line((left + 326 + bar, top + 238, left + 326 + bar, top + 256), fill=(30, 30, 34), width=2)

"""Printed and woven things in the sample photos: labels, hangtag, barcode, ruler, tape."""

from functools import cache
from math import cos, pi, sin
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from goldseal.ops.sample.cloth import grain, soft

INK = (34, 36, 46)
# EAN-13 bar patterns: widths for the left odd set; even is the reversed complement, right the complement.
_ODD = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
_PARITY = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO")


class Fonts:
    """Noto Sans from a folder of TTF files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def regular(self, size: int) -> ImageFont.FreeTypeFont:
        """Noto Sans Regular in pixels."""
        return _font(self.folder / "NotoSans-Regular.ttf", size)

    def medium(self, size: int) -> ImageFont.FreeTypeFont:
        """Noto Sans Medium in pixels."""
        return _font(self.folder / "NotoSans-Medium.ttf", size)

    def bold(self, size: int) -> ImageFont.FreeTypeFont:
        """Noto Sans Bold in pixels."""
        return _font(self.folder / "NotoSans-Bold.ttf", size)


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def woven_label(fonts: Fonts, size: tuple[int, int], title: str, line: str) -> Image.Image:
    """A dark woven label with a light name and fine weave."""
    label = Image.new("RGB", size, (30, 34, 52))
    pen = ImageDraw.Draw(label)
    for y in range(0, size[1], 3):
        pen.line((0, y, size[0], y), fill=(42, 46, 66))
    inset = max(2, size[1] // 18)
    pen.rectangle(
        (inset, inset, size[0] - inset - 1, size[1] - inset - 1),
        outline=(186, 160, 96),
        width=max(1, inset // 3),
    )
    big = size[1] * (34 if line else 30) // 100
    pen.text(
        (size[0] / 2, size[1] * (0.4 if line else 0.5)),
        title,
        font=fonts.bold(big),
        fill=(240, 234, 220),
        anchor="mm",
    )
    if line:
        pen.text(
            (size[0] / 2, size[1] * 0.74),
            line,
            font=fonts.medium(big // 2),
            fill=(206, 184, 128),
            anchor="mm",
        )
    return soft(label, grain(size, seed=3, cell=2), 0.12)


def care_symbols(label: Image.Image, place: tuple[int, int]) -> None:
    """Five care symbols in a row: hand wash, no bleach, no tumble drying, iron, dry clean."""
    pen = ImageDraw.Draw(label)
    x, y = place
    step, high = 60, 44
    pen.line((x, y + 6, x + 8, y + high, x + 38, y + high, x + 46, y + 6), fill=INK, width=3)
    pen.line((x + 12, y + 14, x + 22, y + 26, x + 34, y + 14), fill=INK, width=3)
    for number, shape in enumerate(("triangle", "dryer", "iron", "circle"), start=1):
        left = x + number * step
        if shape == "triangle":
            pen.polygon((left, y + high, left + 46, y + high, left + 23, y + 4), outline=INK, width=3)
        elif shape == "dryer":
            pen.rectangle((left, y + 2, left + 44, y + high), outline=INK, width=3)
            pen.ellipse((left + 6, y + 8, left + 38, y + high - 6), outline=INK, width=3)
        elif shape == "iron":
            pen.line(
                (left, y + high, left + 46, y + high, left + 40, y + 18, left + 12, y + 18), fill=INK, width=3
            )
            pen.line((left, y + high, left + 14, y + 30, left + 42, y + 30), fill=INK, width=3)
        else:
            pen.ellipse((left, y + 4, left + 42, y + high + 2), outline=INK, width=3)
        if shape in ("triangle", "dryer"):
            pen.line((left, y, left + 46, y + high), fill=INK, width=3)
            pen.line((left + 46, y, left, y + high), fill=INK, width=3)


def barcode(fonts: Fonts, digits: str, *, module: int = 4, high: int = 150) -> Image.Image:
    """An EAN-13 barcode that scans; `digits` are the first twelve, the check digit is added."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    digits += str(-total % 10)
    bits = "101"
    for digit, parity in zip(digits[1:7], _PARITY[int(digits[0])], strict=True):
        odd = _ODD[int(digit)]
        bits += odd if parity == "O" else _complement(odd)[::-1]
    bits += "01010" + "".join(_complement(_ODD[int(digit)]) for digit in digits[7:]) + "101"
    image = Image.new("RGB", (len(bits) * module + 22 * module, high + 40), (252, 251, 247))
    pen = ImageDraw.Draw(image)
    for place, bit in enumerate(bits):
        if bit == "1":
            left = (place + 11) * module
            guard = place < 3 or place >= len(bits) - 3 or 45 <= place < 50
            pen.rectangle((left, 6, left + module - 1, high + (14 if guard else 0)), fill=(22, 22, 26))
    middle = image.width / 2
    text = f"{digits[0]}  {digits[1:7]}  {digits[7:]}"
    pen.text((middle - 8, high + 8), text, font=fonts.medium(26), fill=INK, anchor="ma")
    return image


def hangtag(fonts: Fonts) -> Image.Image:
    """A card hangtag with its eyelet, facts and barcode."""
    card = Image.new("RGB", (560, 880), (250, 247, 239))
    pen = ImageDraw.Draw(card)
    pen.rectangle((22, 22, 537, 857), outline=(196, 176, 128), width=3)
    pen.ellipse((252, 44, 308, 100), fill=(176, 150, 92))
    pen.ellipse((264, 56, 296, 88), fill=(84, 74, 60))
    pen.text((280, 136), "NORTHFOLD", font=fonts.bold(62), fill=INK, anchor="ma")
    pen.text((280, 216), "K N I T W E A R", font=fonts.medium(30), fill=(150, 128, 78), anchor="ma")
    pen.line((120, 278, 440, 278), fill=(196, 176, 128), width=3)
    facts = (("Style", "NF-1042"), ("Colour", "Oatmeal"), ("Size", "L"), ("Fibre", "50 % wool  50 % acrylic"))
    for number, (name, value) in enumerate(facts):
        y = 310 + number * 54
        pen.text((64, y), name, font=fonts.regular(30), fill=(110, 106, 100))
        pen.text((190, y), value, font=fonts.medium(30), fill=INK)
    code = barcode(fonts, "200104210307")
    card.paste(code, ((560 - code.width) // 2, 556))
    pen.text((280, 800), "DEMO · NOT FOR SALE", font=fonts.medium(22), fill=(120, 114, 104), anchor="ma")
    return soft(card, grain(card.size, seed=12, cell=3), 0.05)


def ruler(fonts: Fonts, length: int, *, pixels_per_mm: float = 9.0) -> Image.Image:
    """A steel ruler with millimetres."""
    strip = Image.new("RGB", (length, 104), (206, 209, 212))
    pen = ImageDraw.Draw(strip)
    for y in range(104):
        tone = 196 + round(34 * sin(pi * (y + 8) / 110))
        pen.line((0, y, length, y), fill=(tone, tone + 2, tone + 5))
    for mm in range(int((length - 40) / pixels_per_mm) + 1):
        x = 20 + mm * pixels_per_mm
        high = 46 if mm % 10 == 0 else 34 if mm % 5 == 0 else 22
        pen.line((x, 0, x, high), fill=(30, 32, 38), width=2)
        if mm % 10 == 0:
            pen.text((x, 52), str(mm // 10), font=fonts.medium(30), fill=(30, 32, 38), anchor="ma")
    pen.text((length - 22, 66), "cm", font=fonts.regular(24), fill=(70, 72, 78), anchor="ra")
    return soft(strip, grain(strip.size, seed=2, cell=2), 0.05)


def tape(fonts: Fonts, length: int, *, start: int, pixels_per_cm: float) -> Image.Image:
    """A yellow tape measure; its zero stands at `-start` centimetres from the left end."""
    strip = Image.new("RGB", (length, 92), (246, 206, 62))
    pen = ImageDraw.Draw(strip)
    pen.line((0, 3, length, 3), fill=(196, 150, 30), width=3)
    pen.line((0, 88, length, 88), fill=(196, 150, 30), width=3)
    for half in range(int(length / pixels_per_cm * 2) + 1):
        x = half * pixels_per_cm / 2
        value = start + half / 2
        if value < 0:
            continue
        is_cm = half % 2 == 0
        tall = 38 if is_cm and value % 5 == 0 else 28 if is_cm else 18
        pen.line((x, 4, x, 4 + tall), fill=INK, width=2)
        if is_cm and value % 5 == 0 and value:
            colour = (176, 30, 30) if value % 10 == 0 else INK
            pen.text((x, 46), str(int(value)), font=fonts.bold(30), fill=colour, anchor="ma")
    zero = -start * pixels_per_cm
    if zero > 0:
        pen.rectangle((zero - 46, 0, zero, 92), fill=(176, 178, 182))
        pen.line((zero, 0, zero, 92), fill=(110, 112, 118), width=3)
        strip = strip.crop((round(zero - 46), 0, length, 92))
    return soft(strip, grain(strip.size, seed=7, cell=3), 0.05)


def up_arrows(pen: ImageDraw.ImageDraw, place: tuple[int, int], ink: tuple[int, int, int]) -> None:
    """The "this way up" mark."""
    x, y = place
    for left in (x, x + 60):
        pen.polygon((left, y + 34, left + 22, y, left + 44, y + 34), fill=ink)
        pen.rectangle((left + 15, y + 30, left + 29, y + 84), fill=ink)
    pen.rectangle((x - 6, y + 94, x + 110, y + 104), fill=ink)


def umbrella(pen: ImageDraw.ImageDraw, place: tuple[int, int], ink: tuple[int, int, int]) -> None:
    """The "keep dry" mark."""
    x, y = place
    pen.pieslice((x, y, x + 104, y + 96), 180, 360, fill=ink)
    pen.line((x + 52, y + 30, x + 52, y + 92), fill=ink, width=7)
    pen.arc((x + 30, y + 78, x + 56, y + 104), 0, 180, fill=ink, width=7)
    for drop in range(3):
        turn = drop * pi / 8 + pi / 3
        pen.ellipse((x + 52 - 66 * cos(turn), y - 20, x + 58 - 66 * cos(turn), y - 8), fill=ink)


def _complement(bits: str) -> str:
    return bits.translate(str.maketrans("01", "10"))

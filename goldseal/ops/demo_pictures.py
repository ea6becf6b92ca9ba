"""Plain drawings of a few defects for the demo's library: knit stitches, and what is wrong with them."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime

from PIL import Image, ImageDraw, ImageFilter

from goldseal.catalog.models import Defect
from goldseal.catalog.services import set_defect_picture
from goldseal.files.services import receive_file
from goldseal.kit.actors import Actor

WIDTH, HEIGHT = 480, 360
STITCH = 24
YARN, SHADOW, DARK = (108, 128, 176), (74, 92, 138), (30, 32, 44)
THREAD, BROWN, PEARL = (240, 236, 224), (92, 62, 30), (246, 244, 238)
Draw = ImageDraw.ImageDraw


def draw_pictures(*, actor: Actor, now: datetime) -> None:
    """Give the defects that have a drawing their picture."""
    for code, wrong in WRONG.items():
        defect = Defect.objects.get(code=code)
        picture = receive_file(source=drawn(wrong), name=f"{code}.png", actor=actor, now=now)
        set_defect_picture(defect_id=defect.pk, attachment=picture, actor=actor, now=now)


def drawn(wrong: Callable[[Image.Image], None], *, is_turned: bool = False) -> io.BytesIO:
    """A PNG of knit stitches with this wrong in them, upright or turned by a quarter."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), SHADOW)
    pen = ImageDraw.Draw(picture)
    for top in range(-STITCH, HEIGHT, STITCH * 3 // 4):
        for left in range(0, WIDTH, STITCH):
            _stitch(pen, left, top)
    wrong(picture)
    into = io.BytesIO()
    cut = picture.crop((80, 60, 400, 300))
    (cut.transpose(Image.Transpose.ROTATE_90) if is_turned else cut).save(into, "PNG")
    into.seek(0)
    return into


def _stitch(pen: Draw, left: int, top: int) -> None:
    """One knit stitch: two legs that meet at its foot."""
    middle, foot = left + STITCH // 2, top + STITCH
    pen.line((left + 3, top + 3, middle, foot), YARN, 7)
    pen.line((left + STITCH - 3, top + 3, middle, foot), YARN, 7)


def _hole(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    pen.polygon([(200, 150), (250, 128), (296, 152), (304, 206), (262, 238), (210, 226), (184, 188)], DARK)
    for x, y in ((206, 156), (252, 134), (298, 176), (262, 232), (194, 196)):
        pen.line((x, y, x + (240 - x) // 3, y + (184 - y) // 3), YARN, 6)


def _dropped(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    pen.ellipse((218, 132, 268, 230), DARK)
    pen.arc((222, 110, 264, 176), 0, 180, YARN, 8)


def _ladder(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    pen.rectangle((224, 0, 262, HEIGHT), DARK)
    for y in range(6, HEIGHT, 17):
        pen.line((222, y, 264, y + 3), YARN, 5)


def _open_seam(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    pen.line((0, 180, WIDTH, 180), SHADOW, 16)
    for x in range(4, WIDTH, 22):
        if not 150 < x < 320:
            pen.line((x, 180, x + 13, 180), THREAD, 5)
    pen.polygon([(140, 180), (235, 146), (335, 180), (235, 216)], DARK)


def _stain(picture: Image.Image) -> None:
    blot = Image.new("L", picture.size, 0)
    pen = ImageDraw.Draw(blot)
    for box in ((170, 110, 310, 230), (150, 160, 240, 250), (270, 190, 340, 240), (318, 120, 346, 146)):
        pen.ellipse(box, 165)
    picture.paste(BROWN, mask=blot.filter(ImageFilter.GaussianBlur(6)))


def _scorch(picture: Image.Image) -> None:
    mark = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mark).polygon([(240, 60), (330, 200), (320, 300), (160, 300), (150, 200)], 190)
    picture.paste(BROWN, mask=mark.filter(ImageFilter.GaussianBlur(9)))


def _missing_button(picture: Image.Image) -> None:
    pen = ImageDraw.Draw(picture)
    pen.rectangle((180, 0, 300, HEIGHT), YARN)
    for y in (60, 300):
        pen.ellipse((206, y - 34, 274, y + 34), PEARL, DARK, 3)
        for dx, dy in ((-9, -9), (9, -9), (-9, 9), (9, 9)):
            pen.ellipse((240 + dx - 4, y + dy - 4, 240 + dx + 4, y + dy + 4), DARK)
    for x, y in ((226, 168), (250, 176), (236, 190)):
        pen.line((x, y, x + 12, y - 14), THREAD, 4)


WRONG: Mapping[str, Callable[[Image.Image], None]] = {
    "KN01": _dropped,
    "KN02": _hole,
    "KN03": _ladder,
    "SW03": _open_seam,
    "FC03": _stain,
    "FN02": _scorch,
    "TL01": _missing_button,
}

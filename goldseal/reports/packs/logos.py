"""A pack's logo: what it may be, and how it is made safe: decoded in a caged child process and written afresh."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goldseal.files.engine.images import ImageCleaner, ImageLimits
from goldseal.files.engine.pictures import Outline, outline_jpeg, outline_png
from goldseal.files.engine.refusals import Refused
from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words
from goldseal.reports.packs.problems import PackError, one_problem

LOGOS = {"logo.png": "PNG", "logo.jpg": "JPEG"}
LOGO_MAX, LOGO_SIDE_MAX = 300_000, 2000
_LIMITS = ImageLimits(
    max_bytes=LOGO_MAX,
    max_pixels=LOGO_SIDE_MAX**2,
    memory_bytes=1_000_000_000,
    cpu_seconds=5,
    wall_seconds=10.0,
)
_NO_PICTURE = gettext_lazy("This is no PNG or JPEG picture that can be opened. Save it again as PNG or JPEG.")
_REFUSED: dict[str, Words] = {
    "polyglot": gettext_lazy("This picture has another file hidden inside it. Save it again as PNG or JPEG."),
    "animated": gettext_lazy("A logo does not move. Send a still picture."),
}


def check_logo(data: bytes, *, name: str) -> None:
    """Raise PackError unless the bytes are built as a picture of the kind its name says, of a size for paper.

    `name` is empty while the manifest does not say one. Nothing is decoded.
    """
    if len(data) > LOGO_MAX:
        raise _wrong(
            name,
            _("A logo has at most %(most)s kB (this has %(count)s).")
            % _in_digits(most=LOGO_MAX // 1000, count=len(data) // 1000),
        )
    kind, outline = _outline(data, name)
    if outline.is_animated:
        raise _wrong(name, str(_REFUSED["animated"]))
    if max(outline.width, outline.height) > LOGO_SIDE_MAX:
        raise _wrong(
            name,
            _("A logo has at most %(most)s pixels a side (this has %(width)s × %(height)s).")
            % _in_digits(most=LOGO_SIDE_MAX, width=outline.width, height=outline.height),
        )
    if name and kind != LOGOS[name]:
        said = _("This is a %(kind)s picture; %(name)s must be %(wanted)s.")
        raise _wrong(name, said % {"kind": kind, "name": name, "wanted": LOGOS[name]})


def _outline(data: bytes, name: str) -> tuple[str, Outline]:
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return "JPEG", outline_jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return "PNG", outline_png(data)
    except Refused as refused:
        raise _wrong(name, str(_REFUSED.get(refused.code, _NO_PICTURE))) from None
    raise _wrong(name, str(_NO_PICTURE))


def clean_logo(data: bytes, *, name: str) -> bytes:
    """The logo decoded in a child process with limits and written afresh, so that only its pixels are kept.

    Takes half a second. Raises PackError.
    """
    check_logo(data, name=name)
    with ImageCleaner(limits=_LIMITS) as cleaner:
        try:
            cleaned = cleaner.clean(data).content
        except Refused as refused:
            raise _wrong(name, str(_REFUSED.get(refused.code, _NO_PICTURE))) from None
    if len(cleaned) > LOGO_MAX:
        raise _wrong(
            name,
            _("Written afresh this logo has %(count)s kB; at most %(most)s. Save it smaller.")
            % _in_digits(count=len(cleaned) // 1000, most=LOGO_MAX // 1000),
        )
    return cleaned


def _wrong(name: str, sentence: str) -> PackError:
    return one_problem(sentence, place=name or "logo")


def _in_digits(**numbers: int) -> dict[str, str]:
    return {name: in_digits_of_page(str(number)) for name, number in numbers.items()}

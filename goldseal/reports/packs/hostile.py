"""What a manifest may not hold whatever it says: texts made to exhaust the reader, and control characters."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from goldseal.reports.packs.lines import Place

LINE_MAX, DOTS_MAX, DEPTH_MAX = 2_000, 8, 8
# TOML's strings and comments as whole tokens, so that what they hold is never taken for a key. A string
# that does not end takes the rest: the parser stops at its beginning, whatever follows.
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"{3,5}|\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[A-Za-z0-9_-]++"
    r"|[ \t]++"
    r"|.",
    re.DOTALL,
)


def refused_text(text: str) -> tuple[int, str] | None:
    """The line and the sentence of the first thing for which a text is not even parsed; None if there is none."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LINE_MAX:
            said = _("A line has at most %(most)s letters (this has %(count)s).")
            return number, said % {"most": LINE_MAX, "count": len(line)}
        if found := control_in(line.replace("\t", " ")):
            return number, control_sentence(found)
    return _refused_shape(text)


def _refused_shape(text: str) -> tuple[int, str] | None:
    """Keys with many parts and values deep in one another: each costs the parser far more than it is long."""
    dots = depth = 0
    for token in _TOKEN.finditer(text):
        first = token.group()[0]
        if first == ".":
            dots += 1
        elif first not in " \t\"'_-" and not first.isalnum():
            dots = 0
        depth = max(0, depth + (first in "[{") - (first in "]}"))
        if dots > DOTS_MAX:
            said = _("A key or table name has at most %(most)s dots.") % {"most": DOTS_MAX}
        elif depth > DEPTH_MAX:
            said = _("Lists and tables stand at most %(most)s deep in one another.") % {"most": DEPTH_MAX}
        else:
            continue
        return 1 + text.count("\n", 0, token.start()), said
    return None


def control_in(text: str) -> str:
    """The first control character of a text (line breaks and tabs are such too), else nothing."""
    if text.isprintable():
        return ""
    return next((char for char in text if unicodedata.category(char) == "Cc"), "")


def control_sentence(char: str) -> str:
    """Why a text with this control character is refused."""
    said = _("A text holds no control characters such as line breaks (this has U+%(code)s).")
    return said % {"code": f"{ord(char):04X}"}


def controls(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every place of a parsed manifest whose key or text holds a control character, with that character."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if found := control_in(key):
                yield place, found
            else:
                yield from controls(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from controls(inner, (*place, number))
    elif isinstance(value, str) and (found := control_in(value)):
        yield place, found

"""What a manifest may not hold whatever it says: texts made to exhaust the reader, and control characters."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from goldseal.kit.wording import in_digits_of_page
from goldseal.reports.packs.lines import Place

LINE_MAX, DOTS_MAX, DEPTH_MAX = 2_000, 8, 8
# By these a text reads otherwise than it is stored (Unicode's bidirectional controls).
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
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


def refused_text(text: str) -> list[tuple[int, str]]:
    """The lines, with a sentence each, for which a text is not even parsed; empty if there are none."""
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LINE_MAX:
            said = _("A line has at most %(most)s letters (this has %(count)s).")
            numbers = {"most": LINE_MAX, "count": len(line)}
            found.append((number, said % _in_digits(numbers)))
        elif char := control_in(line.replace("\t", " ")):
            found.append((number, control_sentence(char)))
    return found or _refused_shape(text)


def _refused_shape(text: str) -> list[tuple[int, str]]:
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
            said = _("A key or table name has at most %(most)s dots.") % _in_digits({"most": DOTS_MAX})
        elif depth > DEPTH_MAX:
            said = _("Lists and tables stand at most %(most)s deep in one another.")
            said %= _in_digits({"most": DEPTH_MAX})
        else:
            continue
        return [(1 + text.count("\n", 0, token.start()), said)]
    return []


def _in_digits(numbers: Mapping[str, int]) -> dict[str, str]:
    return {name: in_digits_of_page(str(number)) for name, number in numbers.items()}


def control_in(text: str) -> str:
    """The first control character of a text (line breaks, tabs, changes of direction are such), else nothing."""
    if text.isprintable():
        return ""
    return next((char for char in text if unicodedata.category(char) == "Cc" or char in DIRECTIONS), "")


def control_sentence(char: str) -> str:
    """Why a text with this control character is refused."""
    if char in "\n\r":
        return _(
            "This text stands on one line, and there is a line break in it. Several lines may stand in the "
            "text of an extra field or of a field of the exchange file."
        )
    if char == "\t":
        return _("This text stands on one line, and there is a tab in it. Put a space in its place.")
    said = _("A text holds no control characters (this has U+%(code)s).")
    return said % {"code": f"{ord(char):04X}"}


def controls(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every place of a parsed manifest whose key or text holds a control character, with a sentence.

    A fixed text of the form or of the exchange file (`text`) may have several lines.
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if found := control_in(key):
                yield place, control_sentence(found)
            else:
                yield from controls(inner, (*place, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from controls(inner, (*place, number))
    elif isinstance(value, str):
        several = place[:1] in (("extra",), ("export",)) and place[-1] == "text"
        if found := control_in(re.sub(r"[\n\t]", " ", value) if several else value):
            yield place, control_sentence(found)

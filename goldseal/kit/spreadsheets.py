"""Cells of an exported spreadsheet that cannot become formulas."""

import re
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)*%?$")
# The wide forms too: spreadsheets set to Japanese or Chinese take them for the narrow ones.
_STARTERS = (
    "=",
    "+",
    "-",
    "@",
    "\N{FULLWIDTH EQUALS SIGN}",
    "\N{FULLWIDTH PLUS SIGN}",
    "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)


def harmless_cell(value: Any) -> str:
    """The text of a cell; one that a spreadsheet would run as a formula is led by an apostrophe.

    Negative numbers stay numbers.
    """
    text = "" if value is None else strip_tags(value) if isinstance(value, SafeString) else str(value)
    if (text[:1] in ("\t", "\r", "\n") or text.lstrip().startswith(_STARTERS)) and not _NUMBER.match(text):
        return f"'{text}"
    return text

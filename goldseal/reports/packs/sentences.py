"""What the readers of TOML and of a manifest's shape complain about, in our words and the page's language."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words
from goldseal.reports.packs.problems import shortened

# By how the message of Python's own reader (tomllib) begins.
_TOML: tuple[tuple[str, Words], ...] = (
    (
        r"Cannot (overwrite|declare|redefine|mutate)|Duplicate inline table key",
        gettext_lazy("the same key or table stands here a second time"),
    ),
    (r"Expected '=' after a key", gettext_lazy("a key is followed by = and its value")),
    (r"Expected '\]", gettext_lazy("the name of a table ends with ]")),
    (
        r"Expected newline or end of document",
        gettext_lazy("the line goes on where it should end; are the quotes right?"),
    ),
    (r"Invalid date or datetime", gettext_lazy("there is no such date")),
    (
        r"Invalid initial character for a key part",
        gettext_lazy("a key is made of letters, digits, - and _; any other stands in quotes"),
    ),
    (
        r"Invalid statement",
        gettext_lazy("a line holds a [table], a key = value, or a # comment"),
    ),
    (r"Invalid value", gettext_lazy("the value cannot be read; a text stands in quotes")),
    (r"Unclosed (array|inline table)", gettext_lazy("a list or table is opened here and never closed")),
    (
        r"Unterminated string|Expected [\"']",
        gettext_lazy("a text begins here and its closing quote is missing"),
    ),
    (
        r"Unescaped|Escaped|Invalid hex value",
        gettext_lazy("a \\ in a text has a meaning of its own; put such a text in single quotes"),
    ),
    (r"Found invalid character|Illegal character", gettext_lazy("a character stands here that may not")),
)
_ANY_TOML = gettext_lazy("from here on it cannot be read")


def toml_sentence(message: str) -> str:
    """Why a text is no TOML, from the message of Python's reader."""
    why = next((words for start, words in _TOML if re.match(start, message)), _ANY_TOML)
    return _("This is no TOML: %(why)s.") % {"why": str(why).removesuffix(".")}


_SHAPES: Mapping[str, Words] = {
    "extra_forbidden": gettext_lazy("there is no such field"),
    "missing": gettext_lazy("is missing"),
    "string_type": gettext_lazy("must be a text in quotes"),
    "list_type": gettext_lazy("must be a list in [ ]"),
    "string_too_long": gettext_lazy("has more than %(most)s letters"),
    "string_too_short": gettext_lazy("must not be empty"),
    "string_pattern_mismatch": gettext_lazy("is made of small letters, digits and dashes, at most 40"),
    "too_long": gettext_lazy("has more than %(most)s rows"),
    "too_short": gettext_lazy("must not be empty"),
}
_ANY_SHAPE = gettext_lazy("must be a table with fields of its own")


def shape_sentence(detail: Mapping[str, Any]) -> str:
    """What is wrong with a field's shape, from one of pydantic's error details."""
    if detail["type"] == "literal_error":
        got = shortened(str(detail["input"]))
        return _("must be one of %(allowed)s (got %(got)s)") % {
            "allowed": ", ".join(allowed_names(detail)),
            "got": got,
        }
    words = _SHAPES.get(detail["type"], _ANY_SHAPE)
    most = in_digits_of_page(str((detail.get("ctx") or {}).get("max_length", "")))
    return str(words) % {"most": most} if "%(" in str(words) else str(words)


def allowed_names(detail: Mapping[str, Any]) -> list[str]:
    """The codes that a field may hold, from the detail of a literal error."""
    expected = str(detail["ctx"]["expected"]).replace(" or ", ", ")
    return [name for name in (part.strip("' ") for part in expected.split(",")) if name]

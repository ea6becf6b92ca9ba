"""Words for verdicts and severities that a pack may not use: those of another one, however they are written."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from goldseal.reports.packs.lines import Place
from goldseal.reports.packs.problems import Finding, shortened

TABLES = {"verdicts": "verdict.", "severities": "severity."}
BANGLA_MARKS = 9  # Unicode's combining classes: up to here they spell Bangla, above they are accents


def clashes_in(raw: Mapping[str, Any], house: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    """Every word of a parsed manifest by which one verdict or severity would read as another.

    `house`: the house's own words by label key. A word is another's in whatever case, with accents, spaces or signs
    in it, in either language, and when nothing but such words stands beside it.
    """
    known = {
        _folded(word): key
        for key, words in house.items()
        if key.startswith(tuple(TABLES.values()))
        for word in words.values()
    }
    for place, key, text in _given(raw):
        word = _folded(text)
        parts = [known.get(part) for part in _parts(text)]
        other = known.get(word)
        if other is None and None not in parts:
            other = next((part for part in parts if part != key), None)
        if other is None or other == key:
            known.setdefault(word, key)
        else:
            told = _("“%(word)s” is the word for %(other)s; choose one that says nothing else")
            yield Finding(place, told % {"word": shortened(text), "other": _place_of(other)})


def _given(raw: Mapping[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """Place, label key and text of each such word; `labels` may name them too."""
    rows = [
        ((table, name), f"{start}{name}", words)
        for table, start in TABLES.items()
        for name, words in _table(raw.get(table)).items()
    ]
    rows += [
        (("labels", key), key, words)
        for key, words in _table(raw.get("labels")).items()
        if key.startswith(tuple(TABLES.values()))
    ]
    for place, key, words in rows:
        for language, text in _table(words).items():
            if isinstance(text, str) and text:
                yield (*place, language), key, text


def _parts(text: str) -> list[str]:
    """The words of a text in small letters, without accents and signs."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (char for char in plain if unicodedata.combining(char) <= BANGLA_MARKS)
    letters = "".join(char if _spells(char) else " " for char in kept if unicodedata.category(char) != "Cf")
    return re.split(" +", letters.strip()) if letters.strip() else []


def _spells(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def _folded(text: str) -> str:
    return "".join(_parts(text)) or text.strip()


def _place_of(key: str) -> str:
    return next(key.replace(start, f"{table}.") for table, start in TABLES.items() if key.startswith(start))


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

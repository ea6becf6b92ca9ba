"""Sentences for the activity log: each room declares in `activity.py` how its events read."""

import re
from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any

from goldseal.kit.permissions import Role
from goldseal.kit.wording import SEVERITIES, VERDICTS, day_in_words, in_digits_of_page
from goldseal.kit.words import Words

_DAY, _DECIMAL = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{1,12}\.\d{1,6}")
_SENTENCES: dict[str, Words] = {}
# Facts that are kept as codes and read as words.
_READINGS: dict[str, Mapping[str, Words]] = {
    "role": {role.value: role.label for role in Role},
    "verdict": {code: words for code, (words, _icon) in VERDICTS.items()},
    "severity": SEVERITIES,
}


def declare_events(sentences: Mapping[str, Words]) -> None:
    """Add a room's events; placeholders in braces name keys of the payload."""
    _SENTENCES.update(sentences)


def declare_readings(readings: Mapping[str, Mapping[str, Words]]) -> None:
    """Say how a room's coded facts read: the fact's name in the payload, and the words of its codes."""
    _READINGS.update(readings)


def declared_events() -> frozenset[str]:
    """Every event that has a sentence."""
    return frozenset(_SENTENCES)


def sentence_for(event: str, data: Mapping[str, Any]) -> str:
    """What happened, in words; missing facts (destroyed on erasure) read as a dash."""
    template = str(_SENTENCES.get(event, event))
    facts = {
        name: _shown(data.get(name), _READINGS.get(name, {}))
        for _text, name, _spec, _conversion in Formatter().parse(template)
        if name
    }
    return template.format_map(facts)


def _shown(value: Any, readings: Mapping[str, Words]) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, list) and len(value) == 2:
        return f"{_shown(value[0], readings)} → {_shown(value[1], readings)}"
    if isinstance(value, Mapping):
        return ", ".join(str(key) for key in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return in_digits_of_page(str(value))
    if isinstance(value, str) and (day := _as_day(value)):
        return day_in_words(day)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return in_digits_of_page(value)
    return str(readings.get(value, value)) if isinstance(value, str) else str(value)


def _as_day(value: str) -> date | None:
    """The date that a fact holds as text."""
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None

"""Sentences for the activity log: each room declares in `activity.py` how its events read."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from goldseal.kit.words import Words

_SENTENCES: dict[str, Words] = {}


def declare_events(sentences: Mapping[str, Words]) -> None:
    """Add a room's events; placeholders in braces name keys of the payload."""
    _SENTENCES.update(sentences)


def declared_events() -> frozenset[str]:
    """Every event that has a sentence."""
    return frozenset(_SENTENCES)


def sentence_for(event: str, data: Mapping[str, Any]) -> str:
    """What happened, in words; missing facts (destroyed on erasure) read as a dash."""
    template = str(_SENTENCES.get(event, event))
    facts = {
        name: _shown(data.get(name))
        for _text, name, _spec, _conversion in Formatter().parse(template)
        if name
    }
    return template.format_map(facts)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, list) and len(value) == 2:
        return f"{_shown(value[0])} → {_shown(value[1])}"
    if isinstance(value, Mapping):
        return ", ".join(str(key) for key in value)
    return str(value)

"""Where in a TOML text a place of the manifest stands, so that a problem can name its line."""

import re
from collections import defaultdict
from collections.abc import Sequence

Place = tuple[str | int, ...]
_TABLE = re.compile(r"^\s*(\[\[?)([^\]]+)\]\]?\s*(#.*)?$")
_KEY = re.compile(r'^\s*("[^"]*"|\'[^\']*\'|[A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=')


class Lines:
    """The lines of a text's places, read once."""

    def __init__(self, text: str) -> None:
        self._known = _lines(text)

    def of(self, place: Sequence[str | int]) -> int:
        """The line (from 1) of a place such as ("extra", 1, "path"): its own, else that of what holds it, else 1."""
        wanted = tuple(place)
        while wanted:
            if wanted in self._known:
                return self._known[wanted]
            wanted = wanted[:-1]
        return 1


def _lines(text: str) -> dict[Place, int]:
    found: dict[Place, int] = {}
    counts: defaultdict[Place, int] = defaultdict(int)
    table: Place = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if head := _TABLE.match(line):
            table = _inside(_names(head.group(2)), counts)
            if head.group(1) == "[[":
                counts[table] += 1
                found.setdefault(table, number)
                table = (*table, counts[table] - 1)
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            place = (*table, *_names(key.group(1)))
            for depth in range(len(table) + 1, len(place) + 1):
                found.setdefault(place[:depth], number)
    return found


def _inside(names: list[str], counts: dict[Place, int]) -> Place:
    """A table's names with the number of the latest element after each that is an array of tables."""
    place: Place = ()
    for position, name in enumerate(names):
        place = (*place, name)
        if position < len(names) - 1 and counts.get(place):
            place = (*place, counts[place] - 1)
    return place


def _names(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]

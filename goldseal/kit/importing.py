"""Kinds of import: each room declares in `imports.py` what can be read from a sheet and how it is written."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from goldseal.kit.actors import Actor
from goldseal.kit.words import Words

SPREAD = "+"  # what a column of a mapping is matched to when its name is a value, such as a size


class Holds(StrEnum):
    """What the cells of a field hold."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class ImportField:
    """A field that a column can be matched to.

    `names` are what sheets call it, in any script; case and signs do not matter. `choices` gives the words
    that stand for each code (`holds` CHOICE). `length_max` in letters (TEXT). `is_identifying`: its value may
    be written once for several rows, as a merged cell or with empty cells below.
    """

    key: str
    label: Words
    holds: Holds = Holds.TEXT
    names: tuple[str, ...] = ()
    is_required: bool = False
    is_identifying: bool = False
    length_max: int = 0
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpreadColumns:
    """Columns whose names are values: one column per size.

    Each filled cell of such a column becomes a row of its own: the column's name is the value of `name_field`,
    the cell that of `value_field`. `is_one` tells by its name whether a column is probably one of them.
    """

    label: Words
    name_field: str
    value_field: str
    is_one: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row of the sheet; `column` 0 where it is no single cell."""

    row: int
    column: int
    words: Words


@dataclass(slots=True)
class ImportRow:
    """The typed values of one record; `number` is the row of the sheet, `columns` where each value stood.

    `unread` names the fields whose cells could not be read: that is told already, their values are None here,
    and the row is not imported, but everything else about it can be checked.
    """

    number: int
    values: dict[str, Any]
    columns: dict[str, int]
    unread: frozenset[str] = frozenset()

    def problem(self, key: str, words: Words) -> Problem:
        """Something wrong with one value."""
        return Problem(self.number, self.columns.get(key, 0), words)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a kind needs to know beside the rows: the run they came with, when, and the way for what is there.

    `existing` is the code of one of the kind's ways to treat records that are there already.
    """

    run_id: UUID
    existing: str
    now: datetime


Progress = Callable[[int], None]


@dataclass(slots=True)
class Prepared:
    """Rows compared with what is stored: what is wrong, and how to write the others.

    `held` are rows without a problem of their own that stay out because what they belong to is not whole.
    `write` writes every row that is neither bad nor held, inside the open transaction; it reports to its
    `progress` how many rows are done and gives counts by what was done (`created`, `changed`), for the page
    and the trail.
    """

    problems: list[Problem]
    write: Callable[[Actor, datetime, Progress], dict[str, int]]
    held: list[Problem] = field(default_factory=list)


def bad_rows(rows: Iterable[ImportRow], problems: Iterable[Problem]) -> set[int]:
    """The numbers of rows that cannot be imported as they are: something is wrong with them or unreadable."""
    return {row.number for row in rows if row.unread} | {problem.row for problem in problems}


def held_back(groups: Iterable[Sequence[ImportRow]], bad: Collection[int], words: Words) -> list[Problem]:
    """Of groups that are written whole or not at all: the good rows beside a bad one, each once, by their number.

    `words` say why, with `%(row)s` for the number of the first bad row.
    """
    held: dict[int, Problem] = {}
    for group in groups:
        cause = next((row.number for row in group if row.number in bad), None)
        if cause is not None:
            for row in group:
                if row.number not in bad:
                    held.setdefault(row.number, Problem(row.number, 0, words % {"row": cause}))
    return [held[number] for number in sorted(held)]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind of import.

    `prepare(rows, occasion)` reads what it needs in few queries and tells all that is wrong at once.
    `existing` are the ways to treat records that are there already, the first being the default; a way is a
    code and its label.
    """

    code: str
    title: Words
    lead: Words
    permission: str
    fields: tuple[ImportField, ...]
    prepare: Callable[[Sequence[ImportRow], Occasion], Prepared]
    existing: tuple[tuple[str, Words], ...]
    spread: SpreadColumns | None = None

    def field(self, key: str) -> ImportField | None:
        """The field with this key."""
        return next((f for f in self.fields if f.key == key), None)


_KINDS: dict[str, ImportKind] = {}


def declare_import(kind: ImportKind) -> None:
    """Add a kind; declared once, at start-up. A code declared twice with different content is an error."""
    known = _KINDS.setdefault(kind.code, kind)
    if known is not kind:
        raise LookupError(f"The kind of import {kind.code} is declared twice.")


def import_kind(code: str) -> ImportKind | None:
    """The kind with this code, or None."""
    return _KINDS.get(code)


def import_kinds() -> list[ImportKind]:
    """Every declared kind, in the order of declaration."""
    return list(_KINDS.values())

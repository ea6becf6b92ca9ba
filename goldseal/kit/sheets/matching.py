"""Columns matched to fields: guessed from their names, remembered by source, read into typed rows."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from goldseal.kit.importing import (
    SPREAD,
    Holds,
    ImportField,
    ImportKind,
    ImportRow,
    Problem,
    SpreadColumns,
)
from goldseal.kit.sheets import values
from goldseal.kit.sheets.heading import Heading, normalised
from goldseal.kit.sheets.table import Table
from goldseal.kit.words import Words

TOTALS = frozenset(
    normalised(words)
    for words in ("Total", "Totals", "Grand Total", "Sub Total", "Subtotal", "Sum", "মোট", "সর্বমোট", "উপমোট")
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person wants a sheet read: the field of each column, and what the cells leave open.

    `columns[0]` is the field of the first column: a key, `SPREAD`, or empty for one that is left out.
    `date_order` as in `values.calendar_date`. `is_filled_down`: an empty cell of an identifying field repeats
    the one above.
    """

    columns: tuple[str, ...]
    date_order: str = ""
    is_filled_down: bool = False


@dataclass(slots=True)
class ReadRows:
    """The typed rows of a sheet, what is wrong with its cells, and how many rows of totals were left out.

    Every row with a problem is among the `rows`, too, with its fields that are `unread`.
    """

    rows: list[ImportRow]
    problems: list[Problem]
    totals: int
    sheet_rows: int


def known_names(kind: ImportKind) -> Callable[[str], bool]:
    """Whether a text is a name that a column of this kind may have."""
    names = {name for f in kind.fields for name in _names(f)}
    return lambda text: normalised(text) in names


def guessed_columns(heading: Heading, kind: ImportKind, remembered: Mapping[str, str]) -> list[str]:
    """The field of each column: as remembered for its name, else guessed; no field twice."""
    by_name = {name: f.key for f in reversed(kind.fields) for name in _names(f)}
    taken: set[str] = set()
    columns = []
    for parts, name in zip(heading.parts, source_names(heading), strict=True):
        found = remembered.get(name)
        if found is None or (found and found != SPREAD and kind.field(found) is None):
            tries = [normalised(" ".join(parts)), *map(normalised, parts[-1:])]
            found = next((by_name[t] for t in tries if t in by_name), "")
        if found != SPREAD and found in taken:
            found = ""
        taken.add(found)
        columns.append(found)
    spread = kind.spread
    if spread and spread.name_field not in taken and SPREAD not in remembered.values():
        for position, parts in enumerate(heading.parts):
            if not columns[position] and parts and spread.is_one(parts[-1]):
                columns[position] = SPREAD
    return columns


def source_names(heading: Heading) -> list[str]:
    """The columns' names for remembering; one that stands there again is numbered."""
    seen: dict[str, int] = {}
    names = []
    for name in map(normalised, heading.names):
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} #{seen[name]}")
    return names


def source_of(heading: Heading) -> str:
    """What a source is known by: the set of its columns' names, whatever their order."""
    names = sorted({name for name in source_names(heading) if name})
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def matching_problems(columns: Sequence[str], kind: ImportKind) -> list[Words]:
    """What is wrong with a matching: a field twice, or one that is needed and missing."""
    problems: list[Words] = []
    used = [column for column in columns if column]
    provided = set(used)
    spread = kind.spread
    if spread and SPREAD in provided:
        provided |= {spread.name_field, spread.value_field}
        if {spread.name_field, spread.value_field} & set(used):
            problems.append(_("Choose either one column per size or columns for size and value, not both."))
    for f in kind.fields:
        if used.count(f.key) > 1:
            problems.append(_("“%(field)s” is chosen for two columns.") % {"field": f.label})
        if f.is_required and f.key not in provided:
            problems.append(_("Choose the column that holds “%(field)s”.") % {"field": f.label})
    return problems


def read_rows(table: Table, heading: Heading, reading: Reading, kind: ImportKind) -> ReadRows:
    """Every row below the header with its values by field.

    Empty rows, rows of totals and rows that repeat the header, as printed sheets do on every page, are left out.
    """
    return _Reader(table, heading, reading, kind).read()


class _Reader:
    """One pass over a sheet."""

    def __init__(self, table: Table, heading: Heading, reading: Reading, kind: ImportKind) -> None:
        self.table, self.heading, self.reading, self.kind = table, heading, reading, kind
        self.found = ReadRows([], [], 0, 0)
        self.fields = [(f, reading.columns.index(f.key) + 1) for f in kind.fields if f.key in reading.columns]
        self.sizes = [column for column, key in enumerate(reading.columns, 1) if key == SPREAD]
        self.used = [column for _f, column in self.fields] + self.sizes
        self.heads = {c: normalised(parts[-1]) for c, parts in enumerate(heading.parts, 1) if parts}
        self.above: dict[int, str] = {}
        self.decimal_comma = self._decimal_comma()
        self.date_order = reading.date_order or self._date_order()
        self.choices = {
            f.key: {normalised(w): code for code, words in f.choices.items() for w in (code, *words)}
            for f in kind.fields
        }

    def read(self) -> ReadRows:
        for row in range(self.heading.first_data_row, len(self.table.rows) + 1):
            filled = [c for c in self.used if self.table.text(row, c) or (row, c) in self.table.faults]
            if not any((row, c) not in self.table.repeated for c in filled):
                continue
            if any(normalised(self.table.text(row, c)) in TOTALS for c, _f in self._texts()):
                self.found.totals += 1
                continue
            if self._repeats_header(row, filled):
                continue
            self.found.sheet_rows += 1
            self._read_row(row)
        return self.found

    def _repeats_header(self, row: int, filled: list[int]) -> bool:
        """Whether nothing but names of columns stands in a row; a number alone may be the pieces of a size."""
        is_named = any(column in filled for column, _f in self._texts())
        return is_named and all(normalised(self.table.text(row, c)) == self.heads.get(c) for c in filled)

    def _texts(self) -> list[tuple[int, ImportField]]:
        return [(column, f) for f, column in self.fields if f.holds is Holds.TEXT]

    def _cells(self, columns: list[int]) -> Iterator[str]:
        below = range(self.heading.first_data_row, len(self.table.rows) + 1)
        return (self.table.text(row, column) for row in below for column in columns)

    def _decimal_comma(self) -> bool | None:
        numeric = [c for f, c in self.fields if f.holds in (Holds.WHOLE, Holds.DECIMAL)] + self.sizes
        shown = values.uses_decimal_comma(self._cells(numeric))
        return True if shown is None and self.table.is_decimal_comma else shown

    def _date_order(self) -> str:
        return values.date_order_of(self._cells([c for f, c in self.fields if f.holds is Holds.DATE]))

    def _read_row(self, row: int) -> None:
        typed: dict[str, Any] = {}
        columns: dict[str, int] = {}
        unread: set[str] = set()
        for f, column in self.fields:
            columns[f.key] = column
            typed[f.key] = self._value_or_problem(row, column, f, unread)
        if self.sizes and self.kind.spread:
            self._read_sizes(ImportRow(row, typed, columns, frozenset(unread)), self.kind.spread)
        else:
            self.found.rows.append(ImportRow(row, typed, columns, frozenset(unread)))

    def _read_sizes(self, row: ImportRow, spread: SpreadColumns) -> None:
        """A record for each filled size; a row without any stays one record, so that the rest of it is checked."""
        value_field = self.kind.field(spread.value_field)
        if value_field is None:
            return
        records = []
        has_any = False
        for column in self.sizes:
            if not self.table.text(row.number, column) and (row.number, column) not in self.table.faults:
                continue
            has_any = True
            unread = set(row.unread)
            value = self._value_or_problem(row.number, column, value_field, unread)
            if not value and value_field.key not in unread:  # a zero is not ordered
                continue
            own = {spread.name_field: self.heading.parts[column - 1][-1], spread.value_field: value}
            places = {spread.name_field: column, spread.value_field: column}
            records.append(ImportRow(row.number, row.values | own, row.columns | places, frozenset(unread)))
        if not records:
            words = (
                _("Nothing but zeros stands in this row.")
                if has_any
                else _("Nothing stands under any size in this row.")
            )
            self.found.problems.append(Problem(row.number, 0, words))
            none = dict.fromkeys((spread.name_field, spread.value_field))
            records = [ImportRow(row.number, row.values | none, row.columns, row.unread | set(none))]
        self.found.rows.extend(records)

    def _value_or_problem(self, row: int, column: int, f: ImportField, unread: set[str]) -> Any:
        """The value; where it cannot be read, None, with the problem told and the field among the `unread`."""
        try:
            return self._value(row, column, f)
        except values.Unreadable as problem:
            self.found.problems.append(Problem(row, column, problem.words))
            unread.add(f.key)
            return None

    def _value(self, row: int, column: int, f: ImportField) -> Any:
        fault = self.table.faults.get((row, column))
        if fault is not None:
            self.above[column] = ""  # an empty cell below repeats this one, which nobody can read
            raise values.Unreadable(fault)
        text = self.table.text(row, column)
        if (row, column) in self.table.repeated and not f.is_identifying and f.holds is not Holds.DATE:
            raise values.Unreadable(
                _("This cell is merged with the one above. Write the value of each row into its own cell.")
            )
        if not text and f.is_identifying and self.reading.is_filled_down:
            text = self.above.get(column, "")
        self.above[column] = text
        if not text:
            if f.is_required:
                raise values.Unreadable(_("“%(field)s” is missing.") % {"field": f.label})
            return None
        return self._typed(text, f)

    def _typed(self, text: str, f: ImportField) -> Any:
        if f.holds is Holds.WHOLE:
            return values.whole_number(text, decimal_comma=self.decimal_comma)
        if f.holds is Holds.DECIMAL:
            return values.decimal_number(text, decimal_comma=self.decimal_comma)
        if f.holds is Holds.DATE:
            return values.calendar_date(text, order=self.date_order)
        if f.holds is Holds.YES_NO:
            return values.yes_or_no(text)
        if f.holds is Holds.CHOICE:
            code = self.choices[f.key].get(normalised(text))
            if code is None:
                allowed = ", ".join(words[0] for words in f.choices.values())
                raise values.Unreadable(
                    _("“%(text)s” is not known here. Allowed: %(allowed)s.")
                    % {"text": text[:40], "allowed": allowed}
                )
            return code
        return _tidied(text, f)


def _tidied(text: str, f: ImportField) -> str:
    if "\x00" in text:
        raise values.Unreadable(_("This text holds characters that cannot be stored. Type it anew."))
    tidy = " ".join(text.split()) if f.length_max <= 300 else text.replace("\r\n", "\n")
    if f.length_max and len(tidy) > f.length_max:
        raise values.Unreadable(
            _("“%(field)s” has at most %(most)s letters; here are %(count)s.")
            % {"field": f.label, "most": f.length_max, "count": len(tidy)}
        )
    return tidy


def _names(f: ImportField) -> list[str]:
    """What a column of this field may be called: its label in every language of the product, and its other names."""
    labels = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.append(str(f.label))
    return [found for name in (*labels, *f.names) if (found := normalised(name))]

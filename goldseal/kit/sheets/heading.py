"""Finding the header of a sheet: the row that names the columns, and the row below it where there are two."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from goldseal.kit.sheets.table import Table
from goldseal.kit.sheets.values import looks_like_value

SEARCHED_ROWS = 30
_SIGNS = (
    (re.compile(r"±|\+\s*/?\s*[-−–]"), " both "),
    (re.compile(r"\+"), " plus "),
    (re.compile(r"\(\s*[-−–]\s*\)|[-−–]\s*$"), " minus "),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The header: its first row, how many rows it has (1 or 2), and what names each column.

    `parts` are the words of a column from above to below: `("Size", "XL")` under a header in two rows.
    """

    row: int
    depth: int
    parts: tuple[tuple[str, ...], ...]

    @property
    def first_data_row(self) -> int:
        """The row below the header."""
        return self.row + self.depth

    @property
    def names(self) -> list[str]:
        """Each column's whole name."""
        return [" ".join(parts) for parts in self.parts]


def normalised(name: str) -> str:
    """A column's name for comparing: letters and digits of any script in small letters, single spaces.

    Plus and minus are words, so that the two tolerances of a chart are told apart.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    for sign, word in _SIGNS:
        plain = sign.sub(word, plain)
    # A vowel sign of Bangla is a mark, no letter, and belongs to its word.
    kept = (c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in plain)
    return " ".join("".join(kept).split())


def find_heading(table: Table, *, is_known: Callable[[str], bool]) -> Heading:
    """The header of a table.

    It is the row of the first thirty with the most names that `is_known` recognises (two at least), the
    first of them; without such names the first row that is as wide as its data and holds mostly words.
    """
    last = min(len(table.rows), SEARCHED_ROWS)
    best, most = 0, 1
    for row in range(1, last + 1):
        found = sum(is_known(table.text(row, column)) for column in table.filled(row))
        if found > most:
            best, most = row, found
    return heading_at(table, best or _first_row_of_words(table, last), is_known=is_known)


def heading_at(table: Table, row: int, *, is_known: Callable[[str], bool]) -> Heading:
    """The header that begins in `row`, with the second row of it where there is one."""
    upper = _spread_names(table, row)
    depth = 2 if _goes_on_below(table, row, is_known) else 1
    lower = _spread_names(table, row + 1) if depth == 2 else [""] * len(upper)
    lower += [""] * (len(upper) - len(lower))
    upper += [""] * (len(lower) - len(upper))
    pairs = zip(upper, lower, strict=True)
    parts = tuple(tuple(dict.fromkeys(part for part in pair if part)) for pair in pairs)
    return Heading(row, depth, parts)


def _first_row_of_words(table: Table, last: int) -> int:
    widths = [len(table.filled(row)) for row in range(1, last + 1)]
    wanted = max(widths, default=0)
    for row in range(1, last + 1):
        columns = table.filled(row)
        words = sum(not looks_like_value(table.text(row, column)) for column in columns)
        if columns and len(columns) * 2 >= wanted and words * 2 > len(columns):
            return row
    return next((row for row in range(1, last + 1) if widths[row - 1]), 1)


def _spread_names(table: Table, row: int) -> list[str]:
    """The texts of a row of the header, a merged one over all its columns."""
    names = [" ".join(table.text(row, column).split()) for column in range(1, table.width + 1)]
    for merge in table.merges:
        if merge.top <= row <= merge.bottom:
            for column in range(merge.left, min(merge.right, len(names)) + 1):
                names[column - 1] = names[merge.left - 1]
    return names


def _goes_on_below(table: Table, row: int, is_known: Callable[[str], bool]) -> bool:
    """Whether the next row belongs to the header: it divides a merged name, or fills what the row left open."""
    if row >= len(table.rows):
        return False
    wide = [m for m in table.merges if m.top == row and m.bottom == row and m.right > m.left]
    below = [column for column in table.filled(row + 1) if (row + 1, column) not in table.repeated]
    if wide:
        return any(m.left <= column <= m.right for m in wide for column in below)
    above = set(table.filled(row))
    opens = [column for column in below if column not in above and column > min(above, default=0)]
    # Without merged cells (CSV): "Size,,," above "S,M,L,XL"; data would stand under the other names, too.
    is_sparse = len(below) <= len(opens) + 1 and len(opens) > 1
    return is_sparse and not all(looks_like_value(table.text(row + 1, column)) for column in opens)

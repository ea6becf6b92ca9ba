"""A sheet as a rectangle of text cells with their addresses, and how large one may be."""

from dataclasses import dataclass, field

from goldseal.kit.words import Words

FILE_BYTES_MAX = 20_000_000
UNPACKED_BYTES_MAX = 150_000_000  # of an XLSX, which is a ZIP: a bomb is refused before it is unpacked
ROWS_MAX = 200_000
COLUMNS_MAX = 500
CELL_LETTERS_MAX = 32_767  # as in the spreadsheet programs themselves


class NumberText(str):
    """The text of a cell that was a number to its program: its point is a decimal point, whatever the language."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one; rows and columns from 1, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Table:
    """What a sheet holds. Rows and columns are counted from 1, as the sheet shows them.

    `rows` may be ragged; `faults` says of a cell why its content cannot be read; `repeated` are cells that
    show the value of the merged cell they are the lower part of. `is_decimal_comma`: the file was written
    where 12,5 means twelve and a half. `encoding` is how a text file was read.
    """

    rows: list[list[str]]
    faults: dict[tuple[int, int], Words] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    repeated: set[tuple[int, int]] = field(default_factory=set)
    is_decimal_comma: bool = False
    encoding: str = ""

    @property
    def width(self) -> int:
        """Columns of the longest row."""
        return max(map(len, self.rows), default=0)

    def text(self, row: int, column: int) -> str:
        """The text of a cell without outer spaces; empty where there is none."""
        if not 1 <= row <= len(self.rows) or not 1 <= column <= len(self.rows[row - 1]):
            return ""
        found = self.rows[row - 1][column - 1]
        bare = found.strip()
        return found if bare == found else bare

    def filled(self, row: int) -> list[int]:
        """The columns of a row that hold something."""
        return [c for c in range(1, len(self.rows[row - 1]) + 1) if self.text(row, c)]


def address(row: int, column: int) -> str:
    """A cell as the sheet names it: row 3, column 28 is AB3."""
    return f"{letters(column)}{row}"


def letters(column: int) -> str:
    """A column's letters: 1 is A, 28 is AB."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found

"""The colour × size grid of an order: what may stand in it, and its totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

COLOURS_MAX = 30
SIZES_MAX = 30
QUANTITY_MAX = 10_000_000  # pieces of one order; also the largest lot of ISO 2859-1 that is inspected here


@dataclass(frozen=True, slots=True)
class Quantity:
    """Pieces of one colour in one size."""

    colour: str
    size: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Colours down, sizes across, in the order in which they were written; empty cells are absent."""

    colours: tuple[str, ...]
    sizes: tuple[str, ...]
    cells: Mapping[tuple[str, str], int]

    @property
    def total(self) -> int:
        """All pieces."""
        return sum(self.cells.values())

    def of_colour(self, colour: str) -> int:
        """Pieces of one colour in all sizes."""
        return sum(pieces for (c, _size), pieces in self.cells.items() if c == colour)

    def of_size(self, size: str) -> int:
        """Pieces of one size in all colours."""
        return sum(pieces for (_colour, s), pieces in self.cells.items() if s == size)

    def rows(self) -> list[tuple[str, list[int | None], int]]:
        """For a table: each colour with its cells in the order of the sizes (None: not ordered) and its sum."""
        return [
            (colour, [self.cells.get((colour, size)) for size in self.sizes], self.of_colour(colour))
            for colour in self.colours
        ]


def grid_of(quantities: Iterable[Quantity]) -> Grid:
    """The grid of some quantities; colours and sizes stand in the order of their first appearance."""
    colours: dict[str, None] = {}
    sizes: dict[str, None] = {}
    cells: dict[tuple[str, str], int] = {}
    for entry in quantities:
        colours.setdefault(entry.colour)
        sizes.setdefault(entry.size)
        cells[(entry.colour, entry.size)] = cells.get((entry.colour, entry.size), 0) + entry.pieces
    return Grid(tuple(colours), tuple(sizes), cells)


def first_twice(names: Sequence[str]) -> str:
    """The first name that stands twice (letters' case and outer spaces aside), or an empty text."""
    seen: set[str] = set()
    for name in names:
        key = name.strip().casefold()
        if key in seen:
            return name.strip()
        seen.add(key)
    return ""

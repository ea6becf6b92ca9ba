"""The colour × size grid as a form: works without scripts and keeps what was typed, right or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from goldseal.catalog.rules.grid import COLOURS_MAX, QUANTITY_MAX, SIZES_MAX, Grid, Quantity, first_twice

ADD_COLOUR, ADD_SIZE, RECKON = "add-colour", "add-size", "reckon"
FIRST_ROWS, FIRST_COLUMNS = 3, 5


@dataclass(slots=True)
class Cell:
    """One field of the grid as it was typed."""

    name: str
    text: str
    label: str
    is_wrong: bool = False


@dataclass(slots=True)
class GridInput:
    """What stands in the grid's fields: colours down, sizes across, pieces as text.

    `barcodes` and `ratio` (pieces in one carton) lie beside the pieces, cell by cell.
    """

    colours: list[str]
    sizes: list[str]
    pieces: list[list[str]]
    barcodes: list[list[str]] = field(default_factory=list)
    ratio: list[list[str]] = field(default_factory=list)
    wrong: set[tuple[int, int]] = field(default_factory=set)
    problem: str = ""

    def __post_init__(self) -> None:
        for matrix in (self.barcodes, self.ratio):
            if not matrix:
                matrix.extend([""] * len(self.sizes) for _row in self.colours)

    @classmethod
    def empty(cls) -> "GridInput":
        """A blank grid to begin with."""
        return cls(
            [""] * FIRST_ROWS, [""] * FIRST_COLUMNS, [[""] * FIRST_COLUMNS for _row in range(FIRST_ROWS)]
        )

    @classmethod
    def of(
        cls, grid: Grid, barcodes: Mapping[tuple[str, str], str], packing: Mapping[str, Any]
    ) -> "GridInput":
        """The fields of a stored grid with its barcodes and packing."""
        shares = {(s["colour"], s["size"]): s["pieces"] for s in packing.get("ratio", ())}

        def matrix(held: Mapping[tuple[str, str], Any]) -> list[list[str]]:
            return [[str(held.get((c, s), "")) for s in grid.sizes] for c in grid.colours]

        return cls(list(grid.colours), list(grid.sizes), matrix(grid.cells), matrix(barcodes), matrix(shares))

    @classmethod
    def posted(cls, data: Mapping[str, str]) -> "GridInput":
        """The fields as they were sent."""
        down = _count(data.get("colours", ""), COLOURS_MAX)
        across = _count(data.get("sizes", ""), SIZES_MAX)

        def matrix(name: str) -> list[list[str]]:
            return [[data.get(f"{name}-{i}-{j}", "")[:30] for j in range(across)] for i in range(down)]

        return cls(
            [data.get(f"colour-{i}", "")[:200] for i in range(down)],
            [data.get(f"size-{j}", "")[:200] for j in range(across)],
            matrix("pieces"),
            matrix("barcode"),
            matrix("ratio"),
        )

    @property
    def _matrices(self) -> tuple[list[list[str]], ...]:
        return self.pieces, self.barcodes, self.ratio

    def rearranged(self, action: str) -> bool:
        """Do what a button beside the grid asks for; False if the button is none of the grid's."""
        kind, _dash, place = action.rpartition("-")
        index = int(place) if place.isdecimal() else -1
        if action == ADD_COLOUR:
            if len(self.colours) < COLOURS_MAX:
                self.colours.append("")
                for matrix in self._matrices:
                    matrix.append([""] * len(self.sizes))
        elif action == ADD_SIZE:
            if len(self.sizes) < SIZES_MAX:
                self.sizes.append("")
                for matrix in self._matrices:
                    for row in matrix:
                        row.append("")
        elif kind == "drop-colour" and 0 <= index < len(self.colours):
            del self.colours[index]
            for matrix in self._matrices:
                del matrix[index]
        elif kind == "drop-size" and 0 <= index < len(self.sizes):
            del self.sizes[index]
            for matrix in self._matrices:
                for row in matrix:
                    del row[index]
        else:
            return action == RECKON
        return True

    def quantities(self) -> list[Quantity] | None:
        """The pieces, or None with `problem` and `wrong` telling what is not right.

        Empty cells and zeros are not ordered. Digits may be Bangla; 1,000 and 1 000 are read as 1000.
        """
        found: list[Quantity] = []
        problems: list[str] = []
        for i, row in enumerate(self.pieces):
            for j, text in enumerate(row):
                plain = "".join(text.split()).replace(",", "")
                if not plain:
                    continue
                place = f"{self.colours[i].strip() or _('colour %d') % (i + 1)} · {self.sizes[j].strip() or _('size %d') % (j + 1)}"
                if not plain.isdecimal() or int(plain) > QUANTITY_MAX:
                    self.wrong.add((i, j))
                    problems.append(_("%s: enter whole pieces, such as 144.") % place)
                elif int(plain) > 0:
                    if not self.colours[i].strip() or not self.sizes[j].strip():
                        self.wrong.add((i, j))
                        problems.append(_("%s: name the colour and the size.") % place)
                    found.append(Quantity(self.colours[i].strip(), self.sizes[j].strip(), int(plain)))
        twice = first_twice([c for c in self.colours if c.strip()]) or first_twice(
            [s for s in self.sizes if s.strip()]
        )
        if twice:
            problems.append(_("“%s” stands there twice. Add the pieces up in one place.") % twice)
        self.problem = " ".join(problems[:5])
        return None if problems else found

    def codes(self) -> dict[tuple[str, str], str]:
        """The barcodes typed, by colour and size, of what is ordered."""
        return {self._place(i, j): self.barcodes[i][j] for i, j in self._ordered()}

    def shares(self) -> list[dict[str, Any]]:
        """What one carton holds, of what is ordered; what is no number stays as it was typed."""
        return [
            {
                "colour": self.colours[i].strip(),
                "size": self.sizes[j].strip(),
                "pieces": int(text) if (text := self.ratio[i][j].strip()).isdecimal() else text,
            }
            for i, j in self._ordered()
            if self.ratio[i][j].strip()
        ]

    def carton_rows(self) -> list[tuple[str, Cell, Cell]]:
        """For each colour and size that is ordered: its name, the field of its barcode, that of its share."""
        rows = []
        for i, j in self._ordered():
            name = " · ".join(self._place(i, j))
            rows.append(
                (
                    name,
                    Cell(f"barcode-{i}-{j}", self.barcodes[i][j], _("Barcode of %s") % name),
                    Cell(f"ratio-{i}-{j}", self.ratio[i][j], _("Pieces of %s in one carton") % name),
                )
            )
        return rows

    def _place(self, i: int, j: int) -> tuple[str, str]:
        return self.colours[i].strip(), self.sizes[j].strip()

    def _ordered(self) -> list[tuple[int, int]]:
        return [
            (i, j)
            for i in range(len(self.colours))
            for j in range(len(self.sizes))
            if _read(self.pieces[i][j]) and all(self._place(i, j))
        ]

    def heads(self) -> list[Cell]:
        """The fields of the head row."""
        return [Cell(f"size-{j}", size, _("Size %d") % (j + 1)) for j, size in enumerate(self.sizes)]

    def rows(self) -> list[tuple[Cell, list[Cell], int]]:
        """For each colour: its own field, its cells, and the sum of what can be read."""
        shown = []
        for i, colour in enumerate(self.colours):
            name = colour.strip() or _("colour %d") % (i + 1)
            cells = [
                Cell(
                    f"pieces-{i}-{j}",
                    self.pieces[i][j],
                    f"{name} · {self.sizes[j].strip() or _('size %d') % (j + 1)}",
                    (i, j) in self.wrong,
                )
                for j in range(len(self.sizes))
            ]
            shown.append(
                (
                    Cell(f"colour-{i}", colour, _("Colour %d") % (i + 1)),
                    cells,
                    sum(map(_read, self.pieces[i])),
                )
            )
        return shown

    def size_sums(self) -> list[int]:
        """The sum of each size."""
        return [sum(_read(row[j]) for row in self.pieces) for j in range(len(self.sizes))]

    @property
    def total(self) -> int:
        """All pieces that can be read."""
        return sum(self.size_sums())


def _read(text: str) -> int:
    plain = "".join(text.split()).replace(",", "")
    return int(plain) if plain.isdecimal() else 0


def _count(text: str, most: int) -> int:
    return min(int(text), most) if text.isdecimal() and len(text) < 6 else 0

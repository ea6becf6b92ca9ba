"""A range of cartons as it is typed on the plan form, with what these cartons hold of their own."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

CARTON_ROWS_MAX = 200
CARTON_NUMBER_MAX, CARTON_PIECES_MAX = 100_000, 10_000
NAME_MAX, CODES_MAX = 40, 60
SHARE = re.compile(r"(?P<what>.+?)[\s:=×*]+(?P<pieces>\d{1,5})")

Place = tuple[str, str]  # colour, size


class CartonError(ValueError):
    """What is not right about a range, in a sentence for the person who typed it."""


@dataclass(slots=True)
class CartonRow:
    """One range of cartons as typed; the last four are asked where cartons are opened and compared."""

    first: str = ""
    last: str = ""
    pieces: str = ""
    colour: str = ""
    size: str = ""
    name: str = ""
    ratio: str = ""
    gross_kg: str = ""
    barcodes: str = ""

    @classmethod
    def posted(cls, data: Mapping[str, str], number: int) -> "CartonRow":
        """The row of this number as it was sent."""
        return cls(**{one.name: data.get(f"carton-{number}-{one.name}", "")[:2000] for one in fields(cls)})

    @classmethod
    def taken(cls, kept: Mapping[str, Any]) -> "CartonRow":
        """The row of a range that another inspection keeps."""
        texts = {one.name: str(kept.get(one.name) or "") for one in fields(cls)}
        shares = kept.get("ratio") or ()
        texts["ratio"] = ", ".join(f"{one['colour']} {one['size']} {one['pieces']}" for one in shares)
        texts["barcodes"] = " ".join(kept.get("barcodes") or ())
        return cls(**texts)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in the row."""
        return not any(text.strip() for text in (self.first, self.last, self.pieces, self.ratio))

    def read(self, places: Collection[Place]) -> dict[str, Any]:
        """The range; `places` are the colours and sizes of the order. Raises CartonError."""
        first, last = whole(self.first), whole(self.last or self.first)
        if first is None or last is None or not 1 <= first <= last <= CARTON_NUMBER_MAX:
            raise CartonError(_("Write the range as first and last carton, such as 1 and 40."))
        near = [place for place in places if self.colour in ("", place[0]) and self.size in ("", place[1])]
        ratio = shares_in(self.ratio, near or places)
        pieces = whole(self.pieces) if self.pieces.strip() else sum(share["pieces"] for share in ratio)
        if pieces is None or not 1 <= pieces <= CARTON_PIECES_MAX:
            raise CartonError(_("Enter how many pieces each carton holds, from 1 to 10,000."))
        codes = self.barcodes.replace(",", " ").split()
        if len(codes) > CODES_MAX or any(len(code) > 64 for code in codes):
            raise CartonError(_("At most 60 barcodes for a range, each of at most 64 characters."))
        own: dict[str, Any] = {
            "colour": self.colour[:100],
            "size": self.size[:100],
            "name": " ".join(self.name.split())[:NAME_MAX],
            "ratio": ratio,
            "gross_kg": self.gross_kg.strip(),
            "barcodes": codes,
        }
        return {"first": first, "last": last, "pieces": pieces} | {n: v for n, v in own.items() if v}


def shares_in(text: str, places: Collection[Place]) -> list[dict[str, Any]]:
    """A ratio as people write it: "Navy S 2, Navy M 4", or only "S 2, M 4" where the colour is clear.

    Raises CartonError naming what cannot be read.
    """
    shares: list[dict[str, Any]] = []
    for part in filter(None, (one.strip() for one in re.split(r"[,;\n]", text))):
        match = SHARE.fullmatch(part)
        named = "".join(match["what"].split()).casefold() if match else ""
        found = [one for one in places if "".join("".join(one).split()).casefold() == named]
        found = found or [one for one in places if "".join(one[1].split()).casefold() == named]
        if match is None or len(found) != 1:
            told = {"part": part[:60], "example": "{} {} 4".format(*next(iter(places), ("Navy", "M")))}
            raise CartonError(
                _("“%(part)s”: write colour, size and pieces of the order, such as %(example)s.") % told
            )
        shares.append({"colour": found[0][0], "size": found[0][1], "pieces": int(match["pieces"])})
    return shares


def whole(text: str) -> int | None:
    """A whole number as people type it; None where it is none."""
    plain = "".join(text.split()).replace(",", "")
    return int(plain) if plain.isdecimal() and len(plain) < 12 else None

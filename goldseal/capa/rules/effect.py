"""The effect check: a defect's rate in the inspections after the action, against a target, in a window.

The check waits until there are enough pieces; too few prove nothing. After closing, the same rate is watched
for a while, and a return of the defect reopens the case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

DAYS, INSPECTIONS, PIECES = "days", "inspections", "pieces"
WINDOWS = (DAYS, INSPECTIONS, PIECES)
WAITING, MET, NOT_MET = "waiting", "met", "not_met"


@dataclass(frozen=True, slots=True)
class Counted:
    """One inspection: its day, a key that orders those of a day, pieces checked and defects of the code found."""

    day: date
    key: str
    pieces: int
    found: int


@dataclass(frozen=True, slots=True)
class Window:
    """From which day, for how many days, inspections or pieces, and the pieces needed at least."""

    from_on: date
    kind: str
    size: int
    min_pieces: int = 1

    def __post_init__(self) -> None:
        if self.kind not in WINDOWS or self.size < 1 or self.min_pieces < 1:
            raise ValueError(f"A window is {', '.join(WINDOWS)}, 1 or more (got {self.kind}, {self.size})")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the numbers say: state, figures, and what is still missing while it waits.

    `rate` is defects per 100 pieces, None where nothing was checked.
    """

    state: str
    inspections: int
    pieces: int
    found: int
    rate: Fraction | None
    missing_pieces: int = 0
    missing_inspections: int = 0
    days_left: int = 0


def judge(*, counts: Iterable[Counted], target: Fraction, window: Window, today: date) -> Outcome:
    """Whether the rate in the window is at or below `target` (defects per 100 pieces).

    A window of inspections or pieces ends with the inspection that fills it, one of days with its last day;
    where it holds fewer pieces than `min_pieces`, the inspections after it count too until there are enough.
    """
    if target < 0:
        raise ValueError(f"The target must not be negative (got {target})")
    rows = sorted(
        (row for row in counts if row.day >= window.from_on and row.pieces > 0),
        key=lambda row: (row.day, row.key),
    )
    taken = _within(rows, window)
    pieces, found = sum(row.pieces for row in taken), sum(row.found for row in taken)
    rate = Fraction(found * 100, pieces) if pieces else None
    days_left = max(0, (window.from_on + timedelta(days=window.size) - today).days)
    wanted = max(window.min_pieces, window.size if window.kind == PIECES else 0)
    missing = {
        "missing_pieces": max(0, wanted - pieces),
        "missing_inspections": max(0, window.size - len(taken)) if window.kind == INSPECTIONS else 0,
        "days_left": days_left if window.kind == DAYS else 0,
    }
    if rate is None or any(missing.values()):
        return Outcome(WAITING, len(taken), pieces, found, rate, **missing)
    return Outcome(MET if rate <= target else NOT_MET, len(taken), pieces, found, rate)


def _within(rows: Sequence[Counted], window: Window) -> list[Counted]:
    taken: list[Counted] = []
    pieces = 0
    last = window.from_on + timedelta(days=window.size)
    for row in rows:
        inside = {
            DAYS: row.day < last,
            INSPECTIONS: len(taken) < window.size,
            PIECES: pieces < window.size,
        }[window.kind]
        if not inside and pieces >= window.min_pieces:
            break
        taken.append(row)
        pieces += row.pieces
    return taken


def recurs(
    *, counts: Iterable[Counted], target: Fraction, closed_on: date, watched_until: date, min_pieces: int
) -> Outcome | None:
    """The figures with which the defect returned after closing, or None while it has not.

    Only inspections after the day of closing and up to the last watched day count, and only together with
    enough pieces.
    """
    rows = [row for row in counts if closed_on < row.day <= watched_until and row.pieces > 0]
    pieces, found = sum(row.pieces for row in rows), sum(row.found for row in rows)
    if pieces < max(1, min_pieces):
        return None
    rate = Fraction(found * 100, pieces)
    return Outcome(NOT_MET, len(rows), pieces, found, rate) if rate > target else None

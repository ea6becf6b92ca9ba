"""Containment in figures: pieces in the lot, sorted, found bad, rechecked, released and held must add up."""

from dataclasses import dataclass

MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class Quantities:
    """Pieces of one containment.

    `sorted` were looked at one by one, `found_bad` of them were bad, `rechecked` of those were mended and
    found good; `released` may go on, `held` may not. What is not released is held.
    """

    in_lot: int
    sorted: int = 0
    found_bad: int = 0
    rechecked: int = 0
    released: int = 0
    held: int = 0


def problems_of(found: Quantities) -> dict[str, str]:
    """What does not add up: field → code of the sentence; empty where everything does."""
    problems: dict[str, str] = {}
    for name in ("in_lot", "sorted", "found_bad", "rechecked", "released", "held"):
        if not 0 <= getattr(found, name) <= MOST:
            problems[name] = "range"
    if problems:
        return problems
    if found.in_lot < 1:
        problems["in_lot"] = "none"
    if found.sorted > found.in_lot:
        problems["sorted"] = "more_than_lot"
    if found.found_bad > found.sorted:
        problems["found_bad"] = "more_than_sorted"
    if found.rechecked > found.found_bad:
        problems["rechecked"] = "more_than_bad"
    if not problems and found.released > good_of(found):
        problems["released"] = "more_than_good"
    if found.released + found.held != found.in_lot:
        problems["held"] = "sum"
    return problems


def good_of(found: Quantities) -> int:
    """Pieces known to be good: sorted and not bad, and those mended and found good."""
    return found.sorted - found.found_bad + found.rechecked

"""Sizes of a measurement chart against its tolerances: may a garment pass as two sizes at once?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from goldseal.catalog.rules.lengths import parse_length


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two neighbouring sizes whose tolerances meet at one point of measure; amounts in the chart's unit."""

    code: str
    smaller: str
    larger: str
    step: Fraction
    tolerance: Fraction


def overlaps(*, points: Sequence[Mapping[str, Any]], sizes: Sequence[str], unit: str) -> list[Overlap]:
    """Where a tolerance is not below half the grade step between neighbouring sizes (DOMAIN §7).

    Of unequal tolerances the mean of the two that face each other counts: plus of the smaller size, minus of
    the larger. A point that is the same in both sizes is not graded and cannot overlap.
    """
    found = []
    for point in points:
        facing = (_amount(point["tol_plus"], unit) + _amount(point["tol_minus"], unit)) / 2
        given = [size for size in sizes if size in point["spec"]]
        for size, following in pairwise(given):
            here, there = (_amount(point["spec"][name], unit) for name in (size, following))
            step = abs(there - here)
            if step and facing * 2 >= step:
                smaller, larger = (size, following) if here < there else (following, size)
                found.append(Overlap(point["code"], smaller, larger, step, facing))
    return found


def _amount(text: str, unit: str) -> Fraction:
    return abs(parse_length(text, unit).value)

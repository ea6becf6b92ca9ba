"""A measurement chart as a form: points down, sizes across; works without scripts and keeps what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goldseal.catalog.rules.grid import SIZES_MAX
from goldseal.catalog.services.charts import POINTS_MAX
from goldseal.kit.words import Words

ADD_POINT, ADD_SIZE = "add-point", "add-size"
FIRST_POINTS, FIRST_SIZES = 4, 4
TEXTS = ("code", "name_en", "name_bn", "how", "tol_minus", "tol_plus")


@dataclass(slots=True)
class Row:
    """One point as it was typed; `amounts` in the order of the sizes."""

    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(TEXTS, ""))
    is_critical: bool = False
    amounts: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(text.strip() for text in (*self.texts.values(), *self.amounts))


@dataclass(slots=True)
class ChartInput:
    """What stands in the chart's fields, and what is wrong there: (row, field or size) → words."""

    sizes: list[str]
    rows: list[Row]
    wrong: dict[tuple[int, str], Words] = field(default_factory=dict)
    problem: Words = ""

    @classmethod
    def empty(cls, sizes: Sequence[str]) -> "ChartInput":
        """A blank chart; `sizes` are those the style was ordered in."""
        held = list(sizes) or [""] * FIRST_SIZES
        return cls(held, [Row(amounts=[""] * len(held)) for _row in range(FIRST_POINTS)])

    @classmethod
    def of(cls, sizes: Sequence[str], points: Sequence[Mapping[str, Any]]) -> "ChartInput":
        """The fields of a stored chart."""
        return cls(
            list(sizes),
            [
                Row(
                    {name: str(point.get(name, "")) for name in TEXTS},
                    bool(point.get("critical")),
                    [point["spec"].get(size, "") for size in sizes],
                )
                for point in points
            ],
        )

    @classmethod
    def posted(cls, data: Mapping[str, str]) -> "ChartInput":
        """The fields as they were sent."""
        down, across = _count(data.get("points", ""), POINTS_MAX), _count(data.get("sizes", ""), SIZES_MAX)
        return cls(
            [data.get(f"size-{j}", "")[:60] for j in range(across)],
            [
                Row(
                    {name: data.get(f"{name}-{i}", "")[:400] for name in TEXTS},
                    f"critical-{i}" in data,
                    [data.get(f"amount-{i}-{j}", "")[:40] for j in range(across)],
                )
                for i in range(down)
            ],
        )

    def rearranged(self, action: str) -> bool:
        """Do what a button beside the chart asks for; False if the button is none of the chart's."""
        kind, _dash, place = action.rpartition("-")
        index = int(place) if place.isdecimal() and len(place) < 6 else -1
        if action == ADD_POINT:
            if len(self.rows) < POINTS_MAX:
                self.rows.append(Row(amounts=[""] * len(self.sizes)))
        elif action == ADD_SIZE:
            if len(self.sizes) < SIZES_MAX:
                self.sizes.append("")
                for row in self.rows:
                    row.amounts.append("")
        elif kind == "drop-point" and 0 <= index < len(self.rows):
            del self.rows[index]
        elif kind == "drop-size" and 0 <= index < len(self.sizes):
            del self.sizes[index]
            for row in self.rows:
                del row.amounts[index]
        else:
            return False
        return True

    def values(self) -> dict[str, Any]:
        """What the service takes: rows and sizes in which nothing stands are left out."""
        self.rows = [row for row in self.rows if not row.is_blank] or self.rows[:1]
        used = [
            j for j, size in enumerate(self.sizes) if size.strip() or any(r.amounts[j] for r in self.rows)
        ]
        return {
            "sizes": [self.sizes[j].strip() for j in used],
            "points": [
                {
                    **row.texts,
                    "critical": row.is_critical,
                    "spec": {self.sizes[j].strip(): row.amounts[j] for j in used},
                }
                for row in self.rows
            ],
        }

    def show_problems(self, fields: Mapping[str, Words]) -> bool:
        """Put what the service said at the points and sizes concerned; whether anything belonged there."""
        for name, words in fields.items():
            start, _dot, rest = name.partition(".")
            place, _dot, at = rest.partition(".")
            if start == "points" and place.isdecimal():
                self.wrong[int(place), at] = words
            elif start == "points":
                self.problem = words
        return bool(self.wrong or self.problem)

    def shown(self) -> list[dict[str, Any]]:
        """For the template: each row with its fields, and what is wrong in it."""
        return [
            {
                "texts": row.texts,
                "is_critical": row.is_critical,
                "cells": [
                    (
                        f"amount-{i}-{j}",
                        amount,
                        self.sizes[j],
                        (i, f"spec.{self.sizes[j].strip()}") in self.wrong,
                    )
                    for j, amount in enumerate(row.amounts)
                ],
                "wrong_fields": [at for place, at in self.wrong if place == i],
                "problems": [
                    (at.removeprefix("spec.") if at.startswith("spec.") else "", words)
                    for (place, at), words in self.wrong.items()
                    if place == i
                ],
            }
            for i, row in enumerate(self.rows)
        ]


def _count(text: str, most: int) -> int:
    return min(int(text), most) if text.isdecimal() and len(text) < 6 else 0

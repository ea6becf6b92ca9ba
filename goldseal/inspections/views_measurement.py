"""Measurement of a size set: one size at a time, before and after wash, with what is still to be measured."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.snapshots import chart_of
from goldseal.inspections.views_sheet import Chart, Held, held_in, points_at, sheet
from goldseal.kit.words import Words

WASHED: Sequence[tuple[str, Words]] = (
    ("before", _("Before wash")),
    ("after", _("After wash")),
    ("none", _("Not washed")),
)
PIECES_MAX = 20
PIECES_LEAST = 3


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows: the sheet of one size."""
    chart, held = chart_of(inspection), held_in(state)
    wash = _wash(request, inspection, held)
    wanted = wanted_of(inspection)
    sizes: list[dict[str, Any]] = [
        {"size": size, "left": _left(chart, held, size, wash, wanted), "done": _done(held, size, wash)}
        for size in sizes_of(inspection, chart)
    ]
    names = [str(one["size"]) for one in sizes]
    asked = request.GET.get("size", "")
    size = asked if asked in names else next((str(one["size"]) for one in sizes if one["left"]), "")
    size = size or (names[0] if names else "")
    numbers = _numbers(held, size, max(*wanted, PIECES_LEAST, _asked_pieces(request)))
    return {
        "sizes": sizes,
        "size": size,
        "wash": wash,
        "washes": [(code, words, (wash or "none") == code) for code, words in WASHED],
        "left": sum(int(one["left"]) for one in sizes),
        "more_pieces": min(len(numbers) + 1, PIECES_MAX),
        "sheet": sheet(
            inspection=inspection,
            chart=chart,
            held=held,
            sent=sent,
            size=size,
            numbers=numbers,
            wash=wash,
            wanted=wanted,
        ),
        "colours": list(dict.fromkeys(line["colour"] for line in inspection.ordered)),
        "colour": _colour(held, size),
    }


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """The measured pieces by size, before and after wash, for the inspection's page."""
    chart, held = chart_of(inspection), held_in(state)
    tables = []
    for size in sizes_of(inspection, chart):
        for wash, words in (("", ""), *WASHED[:2]):
            numbers = sorted(
                {
                    key[0]
                    for key, kept in held.items()
                    if key[2] == wash and kept.candidates[0]["size"] == size
                }
            )
            if numbers:
                table = sheet(
                    inspection=inspection,
                    chart=chart,
                    held=held,
                    sent=Sent(),
                    size=size,
                    numbers=numbers,
                    wash=wash,
                )
                tables.append({**table, "washed": words})
    return {"tables": tables}


def sizes_of(inspection: Inspection, chart: Chart) -> list[str]:
    """The sizes of the lot that the chart has, in the order of the lot; then the chart's others."""
    known = dict.fromkeys(key.partition("|")[0] for key in chart)
    ordered = dict.fromkeys(line["size"] for line in inspection.ordered)
    return [*(size for size in ordered if size in known), *(size for size in known if size not in ordered)]


def wanted_of(inspection: Inspection) -> tuple[int, int]:
    """On how many pieces of each size critical points, and on how many the others, are to be measured."""
    critical = int(inspection.rules.get("measured_pieces_critical", 0))
    every = int(inspection.rules.get("measured_pieces_all", 0))
    return (max(critical, every) or 1, every if critical or every else 1)


def _wash(request: HttpRequest, inspection: Inspection, held: Held) -> str:
    """Before or after wash as asked for; else as last recorded; else before, where the stage is the wash."""
    asked = request.GET.get("wash", "")
    if asked in ("before", "after", "none"):
        return "" if asked == "none" else asked
    if held:
        last = max(held.values(), key=lambda kept: kept.heads[-1].id)
        return str(last.candidates[0].get("wash", ""))
    is_washed = inspection.stage.code == "WSH" or any(point.get("wash") for point in inspection.points)
    return "before" if is_washed else ""


def _left(chart: Chart, held: Held, size: str, wash: str, wanted: tuple[int, int]) -> int:
    """How many values of this size are still to be measured."""
    left = 0
    for point in points_at(chart, size, wash):
        done = sum(
            code == point.code and washed == wash and kept.candidates[0]["size"] == size
            for (_number, code, washed), kept in held.items()
        )
        left += max(0, (wanted[0] if point.is_critical else wanted[1]) - done)
    return left


def _done(held: Held, size: str, wash: str) -> int:
    return sum(
        washed == wash and kept.candidates[0]["size"] == size for (_n, _c, washed), kept in held.items()
    )


def _numbers(held: Held, size: str, count: int) -> list[int]:
    """The pieces of this size, measured before or after wash; then numbers that no piece has yet."""
    used = {number for number, _code, _wash in held}
    own = sorted({key[0] for key, kept in held.items() if kept.candidates[0]["size"] == size})
    free = (number for number in range(1, len(used) + count + 1) if number not in used)
    return [*own, *(next(free) for _ in range(count - len(own)))]


def _asked_pieces(request: HttpRequest) -> int:
    asked = request.GET.get("pieces", "")
    return min(int(asked), PIECES_MAX) if asked.isdecimal() and len(asked) < 4 else 0


def _colour(held: Held, size: str) -> str:
    """The colour of the pieces measured last."""
    last = max(held.values(), key=lambda kept: kept.heads[-1].id, default=None)
    return str(last.candidates[0].get("colour", "")) if last else ""

"""Figures from the counts of decided inspections: a defect's rate, and Pareto over code, line, operation, shift."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from goldseal.capa.choices import SHIFT_WORDS, ActionKind, CheckState, Metric
from goldseal.capa.models import Action, DefectCount, EffectCheck, InspectionCount
from goldseal.capa.rules.effect import Counted, Outcome, Window, judge, recurs
from goldseal.capa.selectors import open_workspace, today_at
from goldseal.catalog.choices import in_language
from goldseal.catalog.models import Defect
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.metrics import ParetoRow, pareto

DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "code": ("code",),
    "line": ("count__line__site__code", "count__line__name"),
    "operation": ("count__operation",),
    "shift": ("count__shift",),
    "stage": ("count__stage__code",),
    "style": ("count__style__code",),
}
MOST_ROWS = 2000


def counting_from(check: EffectCheck) -> date | None:
    """The day from which inspections count: the check's own, but never before the last corrective action was done.

    None while a corrective action is not submitted as done: what was inspected before it proves nothing.
    """
    if check.state != CheckState.WAITING:
        return check.from_on
    rows = Action.objects.filter(nonconformity_id=check.nonconformity_id, kind=ActionKind.CORRECTIVE)
    done = list(rows.values_list("submitted_at", flat=True))
    if not done or None in done:
        return None
    last = max(at for at in done if at is not None)
    return max(check.from_on, today_at(open_workspace(), last))


def counts_for(check: EffectCheck, *, since: date | None = None) -> list[Counted]:
    """The inspections that the check's line, stage, operation, buyer and style name, from `counting_from` on.

    The inspection that opened the case is never among them: it is the problem, not the effect.
    """
    opened_by = check.nonconformity.inspection_id
    first = since or counting_from(check)
    if first is None:
        return []
    where: dict[str, Any] = {
        name: value
        for name, value in (
            ("stage_id", check.stage_id),
            ("line_id", check.line_id),
            ("buyer_id", check.buyer_id),
            ("style_id", check.style_id),
            ("operation__iexact", check.operation or None),
        )
        if value is not None
    }
    where["counted_on__gte"] = first
    checked = (
        InspectionCount.objects.filter(**where)
        .values("inspection_id", "counted_on")
        .annotate(total=Sum("pieces"))
        .order_by("counted_on", "inspection_id")
    )
    found = DefectCount.objects.filter(
        Q(code=check.code), **{f"count__{name}": value for name, value in where.items()}
    )
    defects: dict[UUID, int] = dict(
        found.values_list("count__inspection_id").annotate(total=Sum("found")).order_by()
    )
    return [
        Counted(
            row["counted_on"],
            str(row["inspection_id"]),
            row["total"],
            defects.get(row["inspection_id"], 0),
        )
        for row in checked
        if row["inspection_id"] != opened_by
    ]


def counts_at(stage_id: UUID | None, operation: str) -> bool:
    """Whether inspections of that stage were ever counted at that operation."""
    rows = InspectionCount.objects.filter(operation__iexact=operation)
    return bool(operation) and (rows.filter(stage_id=stage_id) if stage_id else rows).exists()


def inspections_by_id(rows: Sequence[Counted]) -> dict[UUID, Inspection]:
    """The inspections that were counted, by id."""
    return Inspection.objects.select_related("stage").in_bulk([UUID(row.key) for row in rows])


def outcome_of(check: EffectCheck, today: date) -> Outcome | None:
    """What the numbers say of a check so far; None where nothing is counted for it."""
    if check.metric != Metric.RATE:
        return None
    return judge(
        counts=counts_for(check),
        target=Fraction(check.target),
        window=Window(
            counting_from(check) or check.from_on, check.window, check.window_size, check.min_pieces
        ),
        today=today,
    )


def return_of(check: EffectCheck, closed_on: date) -> Outcome | None:
    """The figures with which the defect came back after closing, while it is watched; None otherwise."""
    if check.metric != Metric.RATE or check.watch_until is None:
        return None
    return recurs(
        counts=counts_for(check, since=closed_on),
        target=Fraction(check.target),
        closed_on=closed_on,
        watched_until=check.watch_until,
        min_pieces=check.min_pieces,
    )


@dataclass(frozen=True, slots=True)
class Pareto:
    """A Pareto chart's rows, and the pieces checked and defects found in its time."""

    rows: tuple[ParetoRow, ...]
    pieces: int
    defects: int


def pareto_between(*, first: date, last: date, by: Sequence[str], where: Mapping[str, UUID | None]) -> Pareto:
    """Defects found by inspections decided on these days, counted by one or more of DIMENSIONS together.

    `where`: ids of line, stage, style and buyer to which it is narrowed.
    """
    narrowed = {f"{name}_id": pk for name, pk in where.items() if pk}
    checked = InspectionCount.objects.filter(counted_on__range=(first, last), **narrowed)
    found = DefectCount.objects.filter(count__counted_on__range=(first, last)).filter(
        **{f"count__{name}": pk for name, pk in narrowed.items()}
    )
    names = [name for key in by for name in DIMENSIONS[key]]
    grouped = list(_grouped(found, names)[:MOST_ROWS])
    known = _names(grouped) if "code" in by else {}
    counts: dict[str, int] = {}
    for row in grouped:
        label = " · ".join(filter(None, (_shown(row, key, known) for key in by))) or "–"
        counts[label] = counts.get(label, 0) + row["total"]
    return Pareto(
        pareto(counts),
        checked.aggregate(total=Sum("pieces"))["total"] or 0,
        sum(counts.values()),
    )


def _grouped(rows: QuerySet[DefectCount], names: Sequence[str]) -> Any:
    return rows.values(*names).annotate(total=Sum("found")).order_by("-total")


def _names(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    codes = {row["code"] for row in rows}
    library = Defect.objects.filter(code__in=codes).values_list("code", "name_en", "name_bn")
    return {code: in_language(english, bangla) for code, english, bangla in library}


def _shown(row: Mapping[str, Any], key: str, known: Mapping[str, str]) -> str:
    values = [str(row[name] or "") for name in DIMENSIONS[key]]
    if key == "code":
        return f"{values[0]} {known.get(values[0], '')}".strip()
    if key == "shift":
        return str(SHIFT_WORDS.get(values[0], values[0]))
    return " ".join(filter(None, values))

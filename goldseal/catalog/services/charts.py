"""Writing the measurement charts of styles: points of measure by size, exact amounts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import LengthUnit, Wash
from goldseal.catalog.models import MeasurementChart, Style
from goldseal.catalog.rules.grid import SIZES_MAX, first_twice
from goldseal.catalog.rules.lengths import format_measure, parse_length
from goldseal.catalog.services import writing
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

EDIT, NOUN = "catalog.edit", "chart"
NEW = 0  # as a revision: there must be no such chart yet
POINTS_MAX, CODE_MAX, NAME_MAX, HOW_MAX, SIZE_MAX = 60, 20, 120, 300, 20
Point = Mapping[str, Any]


def save_chart(
    *,
    style_id: UUID,
    wash: str = "",
    unit: str = "cm",
    points: Sequence[Point],
    sizes: Sequence[str] | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
    revision: int | None = None,
) -> MeasurementChart:
    """Write the chart of a style for one wash ("", before, after); replaces the one there is.

    `points`: [{code, name_en, name_bn, how, critical, tol_minus, tol_plus, spec: {size: amount}}], amounts as
    text in `unit` (cm, in or mm), kept as they were written; tolerances are amounts, their sign does not
    matter. `sizes` gives the order of the sizes, which is otherwise that of their first appearance.
    Invalid names what is wrong at `points.<place>.<field>` or `points.<place>.spec.<size>`, places counted
    from 0; NotFound for a style that is not there; Conflict if `revision` is given and somebody changed the
    chart since (0: Invalid if there is one already). Inspections that are planned keep the points they were planned with.
    """
    authorize(actor, EDIT)
    with writing.uniqueness_told(), recorded_change():
        style = writing.locked(Style, style_id)
        values = checked_chart(wash=wash, unit=unit, points=points, sizes=sizes, note=note)
        held = MeasurementChart.objects.filter(style=style, wash=wash).first()
        if held is None:
            chart = MeasurementChart(style=style, created_at=now)
        elif revision == NEW:
            raise Invalid(
                fields={"wash": _("This style already has a chart for this wash. Change that one.")}
            )
        else:
            chart = writing.locked(MeasurementChart, held.pk, revision=revision)
        return _write(chart, values, actor=actor, now=now)


def retire_chart(*, chart_id: UUID, actor: Actor, now: datetime) -> MeasurementChart:
    """Plan no more inspections with this chart."""
    return writing.set_active(
        MeasurementChart, chart_id, is_active=False, noun=NOUN, permission=EDIT, actor=actor, now=now
    )


def restore_chart(*, chart_id: UUID, actor: Actor, now: datetime) -> MeasurementChart:
    """Use a retired chart again."""
    return writing.set_active(
        MeasurementChart, chart_id, is_active=True, noun=NOUN, permission=EDIT, actor=actor, now=now
    )


def delete_chart(*, chart_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a chart; inspections have copied what they need of it."""
    writing.delete_row(MeasurementChart, chart_id, noun=NOUN, permission=EDIT, actor=actor, now=now)


def _write(
    chart: MeasurementChart, values: dict[str, Any], *, actor: Actor, now: datetime
) -> MeasurementChart:
    is_new = chart._state.adding
    before = {} if is_new else _by_code(chart.points)
    changed = [name for name, value in values.items() if is_new or getattr(chart, name) != value]
    if not changed:
        return chart
    for name, value in values.items():
        setattr(chart, name, value)
    chart.updated_at = now
    if not is_new:
        chart.revision += 1
    writing.check_fields(chart)
    chart.save()
    payload: dict[str, Any] = {
        "code": chart.style.code,
        "wash": chart.wash,
        "unit": chart.unit,
        "points": len(chart.points),
    }
    if is_new:
        record(event="chart.created", actor=actor, now=now, obj=chart, payload=payload)
        return chart
    after = _by_code(chart.points)
    altered = {
        code: [before.get(code), after.get(code)]
        for code in {**before, **after}
        if before.get(code) != after.get(code)
    }
    altered |= {name: ["", ""] for name in changed if name != "points"}
    record(event="chart.edited", actor=actor, now=now, obj=chart, payload={**payload, "changed": altered})
    return chart


def _by_code(points: Sequence[Point]) -> dict[str, str]:
    """Each point in one line, for the trail."""
    return {
        point["code"]: f"−{point['tol_minus']} +{point['tol_plus']}: "
        + ", ".join(f"{size} {amount}" for size, amount in point["spec"].items())
        for point in points
    }


def checked_chart(
    *, wash: str, unit: str, points: Sequence[Point], sizes: Sequence[str] | None, note: str
) -> dict[str, Any]:
    """The fields of a chart as they are kept; Invalid as `save_chart` says."""
    problems: dict[str, Words] = {}
    if wash not in Wash.values:
        problems["wash"] = _("Choose one from the list.")
    if unit not in LengthUnit.values:
        problems["unit"] = _("Choose one from the list.")
    if not 1 <= len(points) <= POINTS_MAX:
        problems["points"] = _("A chart has between 1 and %(most)s points.") % {"most": POINTS_MAX}
    named = [str(size).strip() for size in sizes or ()]
    for point in points:
        named += [str(size).strip() for size in point.get("spec") or {} if str(size).strip() not in named]
    are_points_readable = named and not problems
    problems = {**_size_problems(named), **problems}
    if not are_points_readable:
        raise Invalid(fields=problems)
    kept: list[dict[str, Any]] = []
    for place, point in enumerate(points):
        tidied = _tidied(point)
        found = {**_text_problems(tidied, kept), **_amount_problems(tidied, unit)}
        problems |= {f"points.{place}.{field}": words for field, words in found.items()}
        kept.append(tidied)
    if problems:
        raise Invalid(fields=problems)
    used = [size for size in named if any(size in point["spec"] for point in kept)]
    return {"wash": wash, "unit": unit, "note": note.strip(), "points": kept, "sizes": used}


def _size_problems(sizes: Sequence[str]) -> dict[str, Words]:
    twice = first_twice(sizes)
    if twice:
        return {"points": _("The size “%(name)s” stands there twice.") % {"name": twice[:SIZE_MAX]}}
    if not sizes or len(sizes) > SIZES_MAX:
        return {"points": _("A chart has between 1 and %(most)s sizes.") % {"most": SIZES_MAX}}
    if any(not size or len(size) > SIZE_MAX or not writing.is_writable(size) for size in sizes):
        return {"points": _("Sizes have between 1 and %(most)s letters.") % {"most": SIZE_MAX}}
    return {}


def _tidied(point: Point) -> dict[str, Any]:
    def text(name: str) -> str:
        return " ".join(str(point.get(name) or "").split())

    spec = {str(s).strip(): " ".join(str(a).split()) for s, a in (point.get("spec") or {}).items()}
    return {
        "code": text("code"),
        "name_en": text("name_en"),
        "name_bn": text("name_bn"),
        "how": text("how"),
        "critical": bool(point.get("critical", False)),
        "tol_minus": text("tol_minus").lstrip("-−–±") or "0",
        "tol_plus": text("tol_plus").lstrip("+±") or "0",
        "spec": {size: amount for size, amount in spec.items() if amount},
    }


def _text_problems(point: Point, earlier: Sequence[Point]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for name, most in (("code", CODE_MAX), ("name_en", NAME_MAX), ("name_bn", NAME_MAX), ("how", HOW_MAX)):
        if len(point[name]) > most or not writing.is_writable(point[name]):
            found[name] = _("At most %(most)s letters.") % {"most": most}
    if not point["code"]:
        found["code"] = _("Every point needs a code, such as A or CH1.")
    elif point["code"].casefold() in {other["code"].casefold() for other in earlier}:
        found["code"] = _("Point %(code)s stands there twice.") % {"code": point["code"][:CODE_MAX]}
    return found


def _amount_problems(point: Point, unit: str) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for name in ("tol_minus", "tol_plus"):
        problem = amount_problem(point[name], unit, above_zero=False)
        if problem:
            found[name] = problem
    if not point["spec"]:
        found["spec"] = _("Enter the measure of at least one size.")
    for size, amount in point["spec"].items():
        problem = amount_problem(amount, unit, above_zero=True)
        if problem:
            found[f"spec.{size}"] = problem
    return found


def amount_problem(text: str, unit: str, *, above_zero: bool) -> Words:
    """What is wrong with one amount; nothing where it can be read in the chart's unit."""
    try:
        value = parse_length(text, unit).value
    except ValueError:
        return _other_unit(text, unit) or _("Write the amount as 16, 16.25, 3/4 or 12 3/8.")
    if value < 0 or (above_zero and value == Fraction(0)):
        return _("The amount must be above zero.")
    return ""


def _other_unit(text: str, unit: str) -> Words:
    """Where an amount carries the mark of another unit: which, and what it is in the chart's."""
    for other in LengthUnit.values:
        if other == unit:
            continue
        try:
            amount = parse_length(text, other).in_unit(unit)
        except ValueError:
            continue
        told = {"text": text[:20], "other": other, "unit": unit, "amount": format_measure(amount, unit=unit)}
        return _("“%(text)s” is in %(other)s, the chart is in %(unit)s: that is %(amount)s.") % told
    return ""

"""Pages of the measurement charts of a style."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.chartinput import ChartInput
from goldseal.catalog.forms import CatalogForm
from goldseal.catalog.models import CatalogRecord, MeasurementChart, Style
from goldseal.catalog.rules.grading import overlaps
from goldseal.catalog.rules.lengths import format_measure
from goldseal.catalog.services.charts import NEW
from goldseal.catalog.views import parts
from goldseal.kit.errors import Invalid
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize


class ChartForm(CatalogForm):
    """A chart without its points; see `ChartInput`. A stored chart keeps its wash."""

    model = MeasurementChart
    groups = ((gettext_lazy("Measurement chart"), (("wash", "unit"), ("note",))),)
    tall = ()

    def links(self, row: CatalogRecord | None) -> dict[str, forms.Field]:
        """The wash stands fixed once the chart is there: it tells a style's charts apart."""
        if row is None:
            return {}
        wash = forms.CharField(required=False, widget=forms.HiddenInput, label=_("wash"))
        return {"wash": wash}


@require_GET
def chart_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One chart: points by size, and where tolerances of neighbouring sizes meet."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    chart = selectors.found(selectors.charts(), pk)
    meet = [
        {
            "code": overlap.code,
            "smaller": overlap.smaller,
            "larger": overlap.larger,
            "step": format_measure(overlap.step, unit=chart.unit),
            "tolerance": format_measure(overlap.tolerance, unit=chart.unit),
        }
        for overlap in overlaps(points=chart.points, sizes=chart.sizes, unit=chart.unit)
    ]
    return render(
        request,
        "catalog/chart.html",
        {
            "row": chart,
            "noun": "charts",
            "heading": _("Measurement chart"),
            "lead": f"{chart.style.code} {chart.style.label} · {chart.get_wash_display()}",
            "back_url": parts.address(request, f"styles/{chart.style_id}/"),
            "back_label": chart.style.code,
            "may_edit": actor.may(parts.EDIT),
            "points": [
                {**point, "cells": [point["spec"].get(size, "") for size in chart.sizes]}
                for point in chart.points
            ],
            "overlaps": meet,
            "catalog_url": parts.address(request),
            "history": parts.history(actor, chart),
        },
    )


@require_http_methods(["GET", "POST"])
def new_chart(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Add a chart to a style."""
    actor, _now = visit(request)
    authorize(actor, parts.EDIT)
    style = selectors.found(selectors.styles(), pk)
    return _form(
        request,
        style,
        None,
        heading=_("Add a measurement chart"),
        submit=_("Add the chart"),
        back=f"styles/{pk}/",
        back_label=style.code,
    )


@require_http_methods(["GET", "POST"])
def edit_chart(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a chart."""
    actor, _now = visit(request)
    authorize(actor, parts.EDIT)
    chart = selectors.found(selectors.charts(), pk)
    return _form(
        request,
        chart.style,
        chart,
        heading=_("Measurement chart"),
        submit=_("Save"),
        back=f"charts/{pk}/",
        back_label=_("Measurement chart"),
    )


def _form(request: HttpRequest, style: Style, chart: MeasurementChart | None, **page: Any) -> HttpResponse:
    """The editor: its buttons rearrange the chart and save nothing; the main button saves."""
    actor, now = visit(request)
    page |= {"template": "catalog/chart_form.html", "style": style, "chart": chart}
    if request.method != "POST":
        held = (
            ChartInput.of(chart.sizes, chart.points)
            if chart
            else ChartInput.empty(selectors.sizes_ordered(style))
        )
        return parts.form_page(request, ChartForm(row=chart), grid=held, **page)
    grid = ChartInput.posted(request.POST)
    if grid.rearranged(request.POST.get("grid", "")):
        return parts.form_page(request, ChartForm(initial=request.POST.dict(), row=chart), grid=grid, **page)
    form = ChartForm(request.POST, row=chart)

    def act(cleaned: dict[str, Any]) -> MeasurementChart:
        try:
            return services.save_chart(
                style_id=style.pk,
                **form.values() | ({"wash": chart.wash} if chart else {}),
                **grid.values(),
                revision=cleaned.get("revision") if chart else NEW,
                actor=actor,
                now=now,
            )
        except Invalid as problem:
            if grid.show_problems(problem.fields):
                own = {name: words for name, words in problem.fields.items() if name in form.fields}
                told = grid.problem or _("Some points need a look. What you typed is still here.")
                raise Invalid(fields={**own, "points": told}) from None
            raise

    saved = submitted(form, act)
    if saved is None:
        return parts.form_page(request, form, grid=grid, **page)
    messages.success(request, _("Saved."))
    return redirect(parts.address(request, f"charts/{saved.pk}/"))


retire_chart = parts.posted(
    services.retire_chart,
    key="chart_id",
    done=gettext_lazy("The chart is retired. Its records stay."),
    path="charts/{pk}/",
)
restore_chart = parts.posted(
    services.restore_chart,
    key="chart_id",
    done=gettext_lazy("The chart is in use again."),
    path="charts/{pk}/",
)
delete_chart = parts.posted(
    services.delete_chart,
    key="chart_id",
    done=gettext_lazy("The chart is deleted."),
    path="styles/",
    failed="charts/{pk}/",
)

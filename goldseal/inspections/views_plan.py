"""Planning an inspection: choose the order, then the lot, cartons and chart, with the plan shown as one types."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goldseal.catalog.models import Method, Order, Stage
from goldseal.catalog.selectors import found, rules_for
from goldseal.inspections import page_selectors, selectors, services
from goldseal.inspections.forms_plan import (
    WITH_CARTONS,
    WITH_CHART,
    WITH_LOT,
    PlanForm,
    PlanTables,
    first_values,
)
from goldseal.inspections.models import Inspection, InspectionRequest
from goldseal.inspections.views_shown import place
from goldseal.kit.errors import Invalid, NotFound
from goldseal.kit.forming import show_problem
from goldseal.kit.listing import Column, Listing
from goldseal.kit.visits import visit
from goldseal.kit.wording import day_in_words, number_in_words_of_page
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


@require_http_methods(["GET", "POST"])
def new_inspection(request: HttpRequest, slug: str) -> HttpResponse:
    """The order, then its stage, then the form: each step is a link that can be kept."""
    actor, now = visit(request)
    authorize(actor, "inspections.plan")
    former = _former(request.GET.get("again", ""))
    wish = page_selectors.open_request(request.GET.get("request", ""))
    asked = str((former or wish).order_id) if former or wish else request.GET.get("order", "")  # type: ignore[union-attr]
    if not asked:
        return _choose_order(request)
    order = _order(asked)
    stage = (
        former.stage
        if former
        else wish.stage
        if wish
        else page_selectors.stage_in_use(request.GET.get("stage", ""))
    )
    if stage is None:
        return _choose_stage(request, order)
    today = now.astimezone(ZoneInfo(workspace_of(request).time_zone)).date()
    shown = Shown(order, stage, former, wish, PlanTables.fresh(page_selectors.lot_lines(order)))
    shown.chart = page_selectors.chart_for(order.style_id) if stage.method_code in WITH_CHART else []
    if request.method == "GET":
        first = first_values(order, rules_for(order.buyer, stage), wish.wanted_on if wish else today)
        shown.tables.rearranged("take-points", shown.chart)
        if former and former.cartons:
            shown.tables.take_cartons(former.cartons)
        return _show(request, shown, PlanForm(stage=stage, initial=first))
    shown.tables = PlanTables.posted(shown.tables.order_lines, request.POST)
    shown.tables.least = 2 if stage.method_code == Method.AQL else 1
    action = request.POST.get("rows", "")
    if action and shown.tables.rearranged(action, shown.chart):
        # Rearranging is no attempt to plan: what was typed is shown as it is, without complaints.
        typed = {name: request.POST.get(name, "") for name in PlanForm.base_fields}
        return _show(request, shown, PlanForm(stage=stage, initial=typed))
    form = PlanForm(request.POST, stage=stage)
    wanted = _request(shown, form, request.POST.getlist("more_orders")[:50])
    if wanted is not None:
        try:
            made = services.plan_inspection(request=wanted, actor=actor, now=now)
        except Invalid as problem:
            shown.tables.wrong |= {
                name: str(words)
                for name, words in problem.fields.items()
                if name in ("cartons", "plan", "lot")
            }
            show_problem(form, problem)
        else:
            messages.success(
                request,
                _("The inspection is planned and its sample drawn.")
                if made.method == Method.AQL
                else _("The inspection is planned."),
            )
            return redirect(place(request, f"{made.pk}/"))
    return _show(request, shown, form, status=422)


@dataclass(slots=True)
class Shown:
    """What the plan page is about."""

    order: Order
    stage: Stage
    former: Inspection | None
    wish: InspectionRequest | None
    tables: PlanTables
    chart: Sequence[Mapping[str, Any]] = ()


def _former(text: str) -> Inspection | None:
    """The inspection that is to be repeated, where the address names one."""
    if not text:
        return None
    try:
        return selectors.inspection_or_missing(UUID(text))
    except ValueError:
        raise NotFound from None


def _request(shown: Shown, form: PlanForm, more: Sequence[str]) -> services.PlanRequest | None:
    tables, method = shown.tables, shown.stage.method_code
    is_valid = form.is_valid()
    is_of_units = bool(form.cleaned_data.get("lot_size"))
    lines = tables.lot_lines() if method in WITH_LOT and not is_of_units else []
    cartons, points = tables.carton_ranges(), tables.chart()
    if not is_valid or tables.wrong:
        return None
    values = form.cleaned_data
    known = {str(order.pk): order.pk for order in page_selectors.orders_beside(shown.order)}
    return services.PlanRequest(
        order_id=shown.order.pk,
        stage_id=shown.stage.pk,
        planned_on=values["planned_on"],
        inspector_id=form.chosen_id("inspector"),
        line_id=form.chosen_id("line"),
        supplier_id=form.chosen_id("supplier"),
        reinspection_of_id=shown.former.pk if shown.former else None,
        # Several orders are taken whole: the grid shows the lines of the first only.
        more_orders=(chosen := [known[pk] for pk in more if pk in known]),
        lot_size=values.get("lot_size"),
        level=values.get("level", ""),
        inspection=values.get("inspection", ""),
        counting=values.get("counting", ""),
        scheme=values.get("scheme", ""),
        limits=form.limits(),
        lines=[] if chosen else lines,
        cartons=cartons,
        points=points,
        is_extra=bool(values.get("is_extra")),
        request_id=shown.wish.pk if shown.wish else None,
        header={"place": values["place"]} if values["place"] else {},
    )


def _show(request: HttpRequest, shown: Shown, form: PlanForm, status: int = 200) -> HttpResponse:
    tables, method = shown.tables, shown.stage.method_code
    context = {
        "heading": _("Plan an inspection"),
        "order": shown.order,
        "stage": shown.stage,
        "former": shown.former,
        "wish": shown.wish,
        "buyer": shown.order.buyer,
        "form": form,
        "tables": tables,
        "asks": {
            "sampling": method == Method.AQL,
            "lot": method in WITH_LOT,
            "cartons": method in WITH_CARTONS,
            "packing": method == Method.PACKING,
            "chart": method in WITH_CHART,
        },
        "beside": page_selectors.orders_beside(shown.order) if method == Method.AQL else [],
        "lot": [
            (line, text, f"lot-{i}", tables.wrong.get(f"lot-{i}", ""))
            for i, (line, text) in enumerate(zip(tables.order_lines, tables.lot, strict=True))
        ],
        "cartons": [
            (row, f"carton-{i}", tables.wrong.get(f"carton-{i}", "")) for i, row in enumerate(tables.cartons)
        ],
        "points": [
            (row, f"point-{i}", tables.wrong.get(f"point-{i}", "")) for i, row in enumerate(tables.points)
        ],
        "ratio_example": ", ".join(f"{line.colour} {line.size} 4" for line in tables.order_lines[:2]),
        "units": ("cm", "mm", "in"),
        "has_chart": bool(shown.chart),
        "back_url": place(request),
        "preview_url": place(request, f"new/preview/?order={shown.order.pk}&stage={shown.stage.pk}"),
        **(_preview(form, tables) if method == Method.AQL else {}),
    }
    return render(request, "inspections/plan.html", context, status=status)


def _choose_stage(request: HttpRequest, order: Order) -> HttpResponse:
    """The stages of the order's quality day, with what was inspected so far."""
    return render(
        request,
        "inspections/plan_stages.html",
        {
            "heading": _("Which stage is inspected?"),
            "order": order,
            "rows": page_selectors.stages_of_order(order),
            "url": place(request),
            "next_url": place(request, f"new/?order={order.pk}&stage="),
        },
    )


@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan that the choices in the form would give: a part of the page."""
    actor, _now = visit(request)
    authorize(actor, "inspections.plan")
    order = _order(request.GET.get("order", ""))
    stage = page_selectors.stage_in_use(request.GET.get("stage", ""))
    if stage is None or stage.method_code != Method.AQL:
        raise NotFound
    tables = PlanTables.posted(page_selectors.lot_lines(order), request.POST)
    typed = {name: request.POST.get(name, "") for name in PlanForm.base_fields}
    form = PlanForm(stage=stage, initial=typed)
    return render(request, "inspections/plan_preview.html", _preview(form, tables))


def _preview(form: PlanForm, tables: PlanTables) -> dict[str, Any]:
    """The plan as chosen so far, or the sentence that says what is missing."""
    units = str(form["lot_size"].value() or "")
    lot_size = int(units) if units.isdecimal() and len(units) < 9 else tables.lot_size
    plan = page_selectors.plan_preview(
        lot_size=lot_size,
        level=str(form["level"].value() or ""),
        limits=form.limits(),
        inspection=str(form["inspection"].value() or ""),
    )
    if isinstance(plan, str):
        return {"preview": None, "preview_problem": plan, "lot_size": lot_size}
    shown = [
        {
            "severity": name,
            **asdict(plan.plans[name]),
            "follows_arrow": plan.plans[name].code_letter != plan.plans[name].plan_letter,
        }
        for name in ("critical", "major", "minor")
        if name in plan.plans
    ]
    return {"preview": plan, "preview_plans": shown, "lot_size": lot_size}


def _order(text: str) -> Order:
    try:
        pk = UUID(text)
    except ValueError:
        raise NotFound from None
    return found(page_selectors.orders_to_plan(), pk)


def _choose_order(request: HttpRequest) -> HttpResponse:
    target = place(request, "new/?order=")
    listing = Listing(
        request,
        page_selectors.orders_to_plan(),
        [
            Column("po", _("PO number"), lambda o: o.po_number, sort="po_number"),
            Column("buyer", _("Buyer"), lambda o: o.buyer.name, sort="buyer__name"),
            Column("style", _("Style"), lambda o: f"{o.style.code} {o.style.label}", sort="style__code"),
            Column(
                "quantity",
                _("Pieces"),
                lambda o: number_in_words_of_page(o.quantity),
                sort="quantity",
                css="end",
            ),
            Column(
                "leaves",
                _("Ex-factory"),
                lambda o: day_in_words(o.ex_factory_on) if o.ex_factory_on else "",
            ),
        ],
        search=("po_number", "style__code", "style__name", "buyer__name"),
        link=lambda o: f"{target}{o.pk}",
        empty_icon="package",
        empty_title=_("No order to inspect"),
        empty_text=_("Add an order with its colours and sizes first."),
    )
    return render(
        request,
        "kit/list_page.html",
        {
            "heading": _("Which order is inspected?"),
            "listing": listing,
            "back_url": place(request),
            "back_label": _("Inspections"),
        },
    )

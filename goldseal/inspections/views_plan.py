"""Planning an inspection: choose the order, then the lot, cartons and chart, with the plan shown as one types."""

from dataclasses import asdict
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from goldseal.catalog.models import Order
from goldseal.catalog.selectors import found
from goldseal.inspections import page_selectors, services
from goldseal.inspections.forms_plan import PlanForm, PlanTables, first_values, inspector_of
from goldseal.inspections.views_shown import place
from goldseal.kit.errors import Invalid, NotFound
from goldseal.kit.forming import show_problem
from goldseal.kit.listing import Column, Listing
from goldseal.kit.visits import visit
from goldseal.kit.wording import day_in_words, number_in_words_of_page
from goldseal.workspaces.permissions import authorize


@require_http_methods(["GET", "POST"])
def new_inspection(request: HttpRequest, slug: str) -> HttpResponse:
    """Without `?order=` the orders to choose from; with it the form."""
    actor, now = visit(request)
    authorize(actor, "inspections.plan")
    asked = request.GET.get("order", "")
    if not asked:
        return _choose_order(request)
    order = _order(asked)
    tables = PlanTables.fresh(page_selectors.lot_lines(order))
    last = page_selectors.last_chart(order.style_id)
    if request.method == "GET":
        zone = ZoneInfo(request.workspace.time_zone)  # type: ignore[attr-defined]
        first = first_values(order, now.astimezone(zone).date())
        return _show(request, order, PlanForm(initial=first), tables, last)
    tables = PlanTables.posted(tables.order_lines, request.POST)
    action = request.POST.get("rows", "")
    if action and tables.rearranged(action, last.points if last else []):
        # Rearranging is no attempt to plan: what was typed is shown as it is, without complaints.
        typed = {name: request.POST.get(name, "") for name in PlanForm.base_fields}
        return _show(request, order, PlanForm(initial=typed), tables, last)
    form = PlanForm(request.POST)
    wanted = _request(order, form, tables)
    if wanted is not None:
        try:
            made = services.plan_inspection(request=wanted, actor=actor, now=now)
        except Invalid as problem:
            tables.wrong |= {
                name: str(words) for name, words in problem.fields.items() if name in ("cartons", "plan")
            }
            show_problem(form, problem)
        else:
            messages.success(request, _("The inspection is planned and its sample drawn."))
            return redirect(place(request, f"{made.pk}/"))
    return _show(request, order, form, tables, last, status=422)


def _request(order: Order, form: PlanForm, tables: PlanTables) -> services.PlanRequest | None:
    lines, cartons, points = tables.lot_lines(), tables.carton_ranges(), tables.chart()
    if not form.is_valid() or tables.wrong:
        return None
    values = form.cleaned_data
    return services.PlanRequest(
        order_id=order.pk,
        stage_id=UUID(values["stage"]),
        planned_on=values["planned_on"],
        inspector_id=inspector_of(form),
        level=values["level"],
        inspection=values["inspection"],
        counting=values["counting"],
        limits={name: values[name] for name in ("critical", "major", "minor")},
        lines=lines,
        cartons=cartons,
        points=points,
        header={"place": values["place"]} if values["place"] else {},
    )


def _show(
    request: HttpRequest,
    order: Order,
    form: PlanForm,
    tables: PlanTables,
    last: Any,
    status: int = 200,
) -> HttpResponse:
    context = {
        "heading": _("Plan an inspection"),
        "order": order,
        "buyer": order.buyer,
        "form": form,
        "tables": tables,
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
        "units": ("cm", "mm", "in"),
        "last": last,
        "back_url": place(request),
        "preview_url": place(request, f"new/preview/?order={order.pk}"),
        **_preview(form, tables),
    }
    return render(request, "inspections/plan.html", context, status=status)


@require_POST
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan that the choices in the form would give: a part of the page."""
    actor, _now = visit(request)
    authorize(actor, "inspections.plan")
    order = _order(request.GET.get("order", ""))
    tables = PlanTables.posted(page_selectors.lot_lines(order), request.POST)
    form = PlanForm(initial={name: request.POST.get(name, "") for name in PlanForm.base_fields})
    return render(request, "inspections/plan_preview.html", _preview(form, tables))


def _preview(form: PlanForm, tables: PlanTables) -> dict[str, Any]:
    """The plan as chosen so far, or the sentence that says what is missing."""
    plan = page_selectors.plan_preview(
        lot_size=tables.lot_size,
        level=str(form["level"].value() or ""),
        limits=form.limits(),
        inspection=str(form["inspection"].value() or ""),
    )
    if isinstance(plan, str):
        return {"preview": None, "preview_problem": plan, "lot_size": tables.lot_size}
    shown = [
        {
            "severity": name,
            **asdict(plan.plans[name]),
            "follows_arrow": plan.plans[name].code_letter != plan.plans[name].plan_letter,
        }
        for name in ("critical", "major", "minor")
        if name in plan.plans
    ]
    return {"preview": plan, "preview_plans": shown, "lot_size": tables.lot_size}


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

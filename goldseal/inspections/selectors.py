"""Reading inspections."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Q, QuerySet

from goldseal.catalog.models import MeasurementChart, Order, Stage
from goldseal.inspections.models import Evidence, Inspection, InspectionState, Signature
from goldseal.inspections.rules.events import Event
from goldseal.kit.actors import Actor
from goldseal.kit.errors import NotFound, ScopeError
from goldseal.kit.rows import run_prepared
from goldseal.workspaces.services import current_scope

# What a list does not show is not read: these may be long.
HEAVY = ("plan", "rules", "ordered", "points", "checklist", "cartons", "drawn", "header", "summary")


def listed() -> QuerySet[Inspection]:
    """Inspections as lists show them, without what only their own page needs."""
    return inspections().defer(*HEAVY)


def inspections() -> QuerySet[Inspection]:
    """The open workspace's inspections with what they refer to."""
    return Inspection.objects.select_related(
        "stage", "buyer", "style", "order", "inspector", "line", "supplier"
    )


def filtered(
    conditions: Mapping[str, Any], *, text: str = "", after: UUID | None = None
) -> QuerySet[Inspection]:
    """Inspections by these lookups and words, newest first; `after` is the last one of the page before."""
    rows = listed().filter(**conditions).filter(words_match(text)).order_by("-pk")
    return rows.filter(pk__lt=after) if after else rows


ORDERS_MAX = 2000


def words_match(text: str) -> Q:
    """Inspections of the orders that each of these words is found in (PO, style or buyer), or by their number.

    The words are looked up among the orders first, which are few, so that a workspace with a million
    inspections is never read from end to end. A number may be written as 12, FIN-12 or FIN-00012, and a
    stage's code among the words narrows to that stage.
    """
    asked = text.replace("\x00", "").split()[:5]
    if not asked:
        return Q()
    named = Stage.objects.filter(code__in=[word.upper() for word in asked]).values_list("code", "pk")
    stages = dict(named)
    words = [word for word in asked if word.upper() not in stages]
    at_stage = Q(stage_id__in=list(stages.values())) if stages else Q()
    return at_stage & _orders_or_numbers(words) if words else at_stage


def _orders_or_numbers(words: Sequence[str]) -> Q:
    match = Q(order_id__in=_orders_with(words))
    for place, word in enumerate(words):
        stage, _dash, number = word.upper().rpartition("-")
        if not number.isdecimal() or len(number) > 9:
            continue
        own = Q(number=int(number))
        if stage:
            own &= Q(stage_id__in=list(Stage.objects.filter(code=stage).values_list("pk", flat=True)))
        others = [*words[:place], *words[place + 1 :]]
        match |= own & Q(order_id__in=_orders_with(others)) if others else own
    return match


def _orders_with(words: Sequence[str]) -> list[UUID]:
    rows = Order.objects.all()
    for word in words:
        rows = rows.filter(
            Q(po_number__icontains=word)
            | Q(style__code__icontains=word)
            | Q(style__name__icontains=word)
            | Q(buyer__code__iexact=word)
            | Q(buyer__name__icontains=word)
        )
    return list(rows.values_list("pk", flat=True)[:ORDERS_MAX])


def inspection_or_missing(pk: UUID) -> Inspection:
    """One inspection; NotFound for a foreign and a nonexistent one alike."""
    found = inspections().filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def chart_points(style_id: UUID) -> list[dict[str, Any]]:
    """The catalog's points of measure of a style as an inspection keeps them; before and after wash apart."""
    charts = MeasurementChart.objects.filter(style_id=style_id, is_active=True).order_by("wash")
    return [
        {**point, "unit": chart.unit, **({"wash": chart.wash} if chart.wash else {})}
        for chart in charts
        for point in chart.points
    ]


# One text for all of them: a phone's batch reads whatever came before it, and fields one by one take four times as long.
EVENTS = """
SELECT json_agg(json_build_array(event_id, kind, at, "by", device, body, supersedes) ORDER BY event_id)::text
FROM inspections_inspectionevent WHERE workspace_id = %s AND inspection_id = %s
"""


def events_of(inspection: Inspection) -> list[Event]:
    """Everything recorded, as the rules know it, in order of id."""
    if current_scope() is None:
        raise ScopeError("Tenant data can be touched only inside a workspace scope.")
    (found,) = run_prepared(EVENTS, [inspection.workspace_id, inspection.pk]) or (None,)
    return [
        Event(event_id, kind, at, by, device, body, tuple(supersedes))
        for event_id, kind, at, by, device, body, supersedes in orjson.loads(found or "[]")
    ]


def evidence_of(inspection: Inspection) -> dict[str, Evidence]:
    """The stored photos by the digest that the events name."""
    rows = Evidence.objects.filter(inspection=inspection).select_related("attachment__uploaded_by")
    return {row.sha256: row for row in rows}


def signatures_of(inspection: Inspection) -> QuerySet[Signature]:
    """Who signed, in order."""
    return Signature.objects.filter(inspection=inspection).select_related("signer").order_by("signed_at")


def waiting_for(actor: Actor, today: date) -> QuerySet[Inspection]:
    """What this person has to inspect: theirs or nobody's, due by today or begun."""
    mine = listed().filter(state__in=[InspectionState.PLANNED, InspectionState.IN_PROGRESS])
    own = mine.filter(inspector_id=actor.person_id) | mine.filter(inspector__isnull=True)
    return own.filter(planned_on__lte=today).order_by("planned_on", "number")


def next_number() -> int:
    """The number of the workspace's next inspection; call with the workspace's counter locked."""
    last = Inspection.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1

"""Reading inspections."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from goldseal.catalog.models import Buyer, MeasurementChart, Order, Style
from goldseal.inspections.models import Evidence, Inspection, InspectionEvent, InspectionState, Signature
from goldseal.inspections.rules.events import Event
from goldseal.inspections.snapshots import event_of
from goldseal.kit.actors import Actor
from goldseal.kit.errors import NotFound


def inspections() -> QuerySet[Inspection]:
    """The open workspace's inspections with what every list shows of them."""
    return Inspection.objects.select_related(
        "stage", "buyer", "style", "order", "inspector", "line", "supplier"
    )


def filtered(
    conditions: Mapping[str, Any], *, text: str = "", after: UUID | None = None
) -> QuerySet[Inspection]:
    """Inspections by these lookups and words, newest first; `after` is the last one of the page before."""
    rows = inspections().filter(**conditions).filter(words_match(text)).order_by("-pk")
    return rows.filter(pk__lt=after) if after else rows


def words_match(text: str) -> Q:
    """Inspections whose code, PO, style or buyer begins with each of these words.

    Every word is looked up in the small tables first (orders, styles, buyers), so that a workspace with a
    million inspections is never read from end to end.
    """
    found = Q()
    for word in text.split()[:5]:
        found &= _word_matches(word)
    return found


def _word_matches(word: str) -> Q:
    orders = Order.objects.filter(po_number__istartswith=word).values("pk")
    styles = Style.objects.filter(Q(code__istartswith=word) | Q(name__icontains=word)).values("pk")
    buyers = Buyer.objects.filter(Q(code__istartswith=word) | Q(name__icontains=word)).values("pk")
    match = Q(order_id__in=orders) | Q(style_id__in=styles) | Q(buyer_id__in=buyers)
    stage, _dash, number = word.upper().rpartition("-")
    if number.isdecimal() and len(number) < 10:
        match |= Q(number=int(number), **({"stage__code": stage} if stage else {}))
    return match


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


def events_of(inspection: Inspection) -> list[Event]:
    """Everything recorded, as the rules know it, in order of id."""
    rows = InspectionEvent.objects.filter(inspection=inspection).order_by("event_id")
    return [event_of(row) for row in rows]


def evidence_of(inspection: Inspection) -> dict[str, Evidence]:
    """The stored photos by the digest that the events name."""
    rows = Evidence.objects.filter(inspection=inspection).select_related("attachment")
    return {row.sha256: row for row in rows}


def signatures_of(inspection: Inspection) -> QuerySet[Signature]:
    """Who signed, in order."""
    return Signature.objects.filter(inspection=inspection).select_related("signer").order_by("signed_at")


def waiting_for(actor: Actor, today: date) -> QuerySet[Inspection]:
    """What this person has to inspect: theirs or nobody's, due by today or begun."""
    mine = inspections().filter(state__in=[InspectionState.PLANNED, InspectionState.IN_PROGRESS])
    own = mine.filter(inspector_id=actor.person_id) | mine.filter(inspector__isnull=True)
    return own.filter(planned_on__lte=today).order_by("planned_on", "number")


def next_number() -> int:
    """The number of the workspace's next inspection; call with the workspace's counter locked."""
    last = Inspection.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1

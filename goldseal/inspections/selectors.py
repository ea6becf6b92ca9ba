"""Reading inspections."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from goldseal.catalog.models import MeasurementChart
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

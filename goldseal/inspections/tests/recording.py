"""Recording as a device would send it: events, and a metal detection that passes so that a final may."""

from datetime import date
from typing import Any
from uuid import UUID

from goldseal.catalog.models import Order, Stage
from goldseal.inspections import services
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.events import Event
from goldseal.inspections.selectors import events_of
from goldseal.inspections.tests.makers import NOW, PASSWORD, Floor
from goldseal.kit.ids import new_id


def event(kind: str, body: dict[str, Any], by: str, supersedes: list[str] | None = None) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "kind": kind,
        "at": "2026-03-16T10:00:00Z",
        "by": by,
        "device": "test",
        "body": body,
        "supersedes": supersedes or [],
    }


def planned_at(at: Floor, code: str, **more: Any) -> Inspection:
    """An inspection of the floor's order at the stage of this code."""
    with at.place.scope():
        return services.plan_inspection(
            request=services.PlanRequest(
                order_id=more.pop("order_id", at.order_id),
                stage_id=Stage.objects.get(code=code).pk,
                planned_on=date(2026, 3, 16),
                inspector_id=at.inspector.pk,
                **more,
            ),
            actor=at.place.actor,
            now=NOW,
        )


def send(at: Floor, inspection: Inspection, *found: tuple[str, dict[str, Any]]) -> services.Received:
    """What an inspector records."""
    with at.place.scope():
        return services.apply_events(
            inspection_id=inspection.pk,
            events=[event(kind, body, str(at.inspector.pk)) for kind, body in found],
            actor=at.actor,
            now=NOW,
        )


def codes(received: services.Received) -> set[str]:
    """The codes of the reasons so far."""
    return {reason.code for reason in received.decision.reasons}


def events_at(at: Floor, inspection: Inspection) -> list[Event]:
    """Everything on record."""
    with at.place.scope():
        return events_of(inspection)


def decided(at: Floor, inspection: Inspection) -> Inspection:
    """Signed and submitted by the inspector."""
    with at.place.scope():
        services.sign_inspection(
            inspection_id=inspection.pk,
            signer=at.inspector,
            password=PASSWORD,
            role="inspector",
            meaning="Inspected as recorded",
            device="test",
            actor=at.actor,
            now=NOW,
        )
        services.decide_inspection(inspection_id=inspection.pk, device="test", actor=at.actor, now=NOW)
        return Inspection.objects.select_related("stage").get(pk=inspection.pk)


def scanned_clean(lot: int, hour: int = 9) -> list[tuple[str, dict[str, Any]]]:
    """One hour of metal detection without a find."""
    return [
        (
            "calibration_recorded",
            {"machine": "MD-1", "hour": hour, "card_kind": "ferrous", "card_mm": "1.2", "points": [True] * 9},
        ),
        ("pieces_scanned", {"machine": "MD-1", "hour": hour, "pieces": lot}),
    ]


def pass_metal(at: Floor, order_id: UUID | None = None) -> Inspection:
    """Metal detection of the order, passed."""
    with at.place.scope():
        lot = Order.objects.get(pk=order_id or at.order_id).quantity
    inspection = planned_at(at, "MTL", order_id=order_id or at.order_id)
    send(at, inspection, *scanned_clean(lot))
    return decided(at, inspection)

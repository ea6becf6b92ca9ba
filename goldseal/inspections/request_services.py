"""Asking for an inspection: somebody wants an order looked at on a day, somebody plans it or says why not."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import Order, Stage
from goldseal.inspections.models import Inspection, InspectionRequest, RequestState
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize


def request_inspection(
    *,
    order_id: UUID,
    stage_id: UUID,
    wanted_on: date,
    quantity: int | None,
    note: str,
    actor: Actor,
    now: datetime,
) -> InspectionRequest:
    """Ask that an order be inspected at a stage on a day. Invalid names the field."""
    authorize(actor, "inspections.request")
    order = Order.objects.filter(pk=order_id, is_active=True).first()
    stage = Stage.objects.filter(pk=stage_id, is_active=True).first()
    problems: dict[str, Words] = {}
    if order is None:
        problems["order"] = _("Choose an order.")
    if stage is None:
        problems["stage"] = _("Choose a stage.")
    if quantity is not None and not 1 <= quantity <= 10_000_000:
        problems["quantity"] = _("Enter 1 to 10,000,000 pieces.")
    if len(note.strip()) > 500:
        problems["note"] = _("At most 500 characters.")
    if order is None or stage is None or problems:
        raise Invalid(fields=problems)
    with recorded_change():
        asked = InspectionRequest.objects.create(
            order=order,
            stage=stage,
            wanted_on=wanted_on,
            quantity=quantity,
            note=note.strip(),
            requested_by_id=actor.person_id,
            created_at=now,
        )
        record(
            event="inspection.requested",
            actor=actor,
            now=now,
            obj=asked,
            payload={"order": order.po_number, "stage": stage.code, "day": wanted_on},
        )
    return asked


def decline_request(*, request_id: UUID, answer: str, actor: Actor, now: datetime) -> InspectionRequest:
    """Say why a requested inspection is not planned. Conflict where it is answered already."""
    authorize(actor, "inspections.plan")
    if len(answer.strip()) < 3:
        raise Invalid(fields={"answer": _("Say why in a few words.")})
    with recorded_change():
        asked = _open_request(request_id)
        asked.state, asked.answer = RequestState.DECLINED, answer.strip()[:300]
        asked.save(update_fields=["state", "answer"])
        record(
            event="inspection.request_declined",
            actor=actor,
            now=now,
            obj=asked,
            payload={"order": asked.order.po_number, "answer": asked.answer},
        )
    return asked


def answer_request(*, request_id: UUID, inspection: Inspection) -> None:
    """Note that a request is answered by this planned inspection; a part of planning it."""
    asked = _open_request(request_id)
    if (asked.order_id, asked.stage_id) != (inspection.order_id, inspection.stage_id):
        raise Invalid(fields={"request": _("This request is about another order or stage.")})
    asked.state, asked.inspection = RequestState.PLANNED, inspection
    asked.save(update_fields=["state", "inspection"])


def _open_request(request_id: UUID) -> InspectionRequest:
    asked = (
        InspectionRequest.objects.select_for_update(of=("self",))
        .select_related("order", "stage")
        .filter(pk=request_id)
        .first()
    )
    if asked is None:
        raise NotFound
    if asked.state != RequestState.OPEN:
        raise Conflict(_("This request is answered already."))
    return asked

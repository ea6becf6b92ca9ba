"""Recording, signing and deciding inspections; the page, the API and the demo all come through here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.accounts.services import prove_identity
from goldseal.inspections import selectors
from goldseal.inspections.event_services import (
    Received,
    apply_events,
    locked,
    own_event,
    record_finding,
    take,
)
from goldseal.inspections.events import inspection_decided
from goldseal.inspections.gates import gate_reasons, kept_reasons
from goldseal.inspections.models import Inspection, InspectionState, Signature
from goldseal.inspections.plan_services import PlanRequest, member_named, plan_inspection
from goldseal.inspections.rules.signing import statement_hash
from goldseal.inspections.rules.state import SIGNED, SUBMITTED, State, submission_body
from goldseal.inspections.snapshots import refuse_unseen, state_of
from goldseal.inspections.switching_services import score_lot
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

__all__ = ["PlanRequest", "Received", "apply_events", "plan_inspection", "record_finding"]


def assign_inspection(
    *, inspection_id: UUID, inspector_id: UUID | None, actor: Actor, now: datetime
) -> Inspection:
    """Give a planned or running inspection to an inspector, or to nobody in particular."""
    authorize(actor, "inspections.plan")
    inspector = member_named(inspector_id)
    with recorded_change():
        inspection = locked(inspection_id)
        refuse_unless_open(inspection)
        inspection.inspector = inspector
        inspection.save(update_fields=["inspector"])
        name = inspector.display_name if inspector else "–"
        record(
            event="inspection.assigned",
            actor=actor,
            now=now,
            obj=inspection,
            payload={"code": inspection.code, "inspector": name},
        )
    return inspection


def cancel_inspection(*, inspection_id: UUID, reason: str, actor: Actor, now: datetime) -> Inspection:
    """Cancel an inspection that is not decided yet; what was recorded stays."""
    authorize(actor, "inspections.plan")
    if len(reason.strip()) < 3:
        raise Invalid(fields={"reason": _("Say why in a few words.")})
    with recorded_change():
        inspection = locked(inspection_id)
        refuse_unless_open(inspection)
        inspection.state = InspectionState.CANCELLED
        inspection.save(update_fields=["state"])
        record(
            event="inspection.cancelled",
            actor=actor,
            now=now,
            obj=inspection,
            payload={"code": inspection.code, "reason": reason.strip()},
        )
    return inspection


def sign_inspection(
    *,
    inspection_id: UUID,
    signer: User,
    password: str,
    role: str,
    meaning: str,
    device: str,
    seen: str = "",
    actor: Actor,
    now: datetime,
) -> Signature:
    """Sign what is recorded so far, as oneself, after proving it (K31, PROMISES §5).

    The signature binds to the record's content hash: whatever is recorded afterwards makes it stale and
    it must be given again before submitting. `role`: inspector, factory_representative or qa. `seen`: the content
    hash of what the signer was shown; Conflict where the record is another one by now.
    """
    authorize(actor, "inspections.sign")
    if role != "inspector":
        authorize(actor, "inspections.countersign")
    if signer.pk != actor.person_id or actor.grant_id is not None:
        raise Forbidden(_("One can sign only as oneself."))
    method = prove_identity(user=signer, password=password, signed_in_at=actor.signed_in_at, now=now)
    with recorded_change():
        inspection = locked(inspection_id)
        refuse_unless_open(inspection)
        state = state_of(inspection, selectors.events_of(inspection))
        refuse_unseen(seen, state.content_hash)
        given = Given(role=role, meaning=meaning, method=method, device=device)
        return give_signature(
            inspection=inspection, state=state, signer=signer, given=given, actor=actor, now=now
        )


@dataclass(frozen=True, slots=True)
class Given:
    """A signature as it was given: as what and meaning what, how the person was proved, and on which device.

    A device that signed without a connection brings the event's `id`, its own time `at` and the name `drawn`
    by finger.
    """

    role: str
    meaning: str
    method: str
    device: str
    id: str = ""
    at: str = ""
    drawn: str = ""


def give_signature(
    *, inspection: Inspection, state: State, signer: User, given: Given, actor: Actor, now: datetime
) -> Signature:
    """Make the signature of a person who is proved: one function for every way to sign.

    `inspection` is locked and open, `state` is the state of all its events, `signed_at` the server's time.
    """
    meaning = given.meaning.strip()
    body = {
        "printed_name": signer.display_name,
        "role": given.role,
        "meaning": meaning,
        "set_hash": state.content_hash,
    }
    heads = state.heads(SIGNED, given.role, str(signer.pk))
    event = own_event(
        SIGNED, body, str(signer.pk), given.device, now, supersedes=heads, event_id=given.id, at=given.at
    )
    take(inspection=inspection, batch=[event], actor=actor, now=now)
    signature = Signature.objects.create(
        inspection=inspection,
        signer=signer,
        role=given.role,
        printed_name=signer.display_name,
        meaning=meaning,
        record_hash=state.content_hash,
        statement_hash=statement_hash(
            inspection_id=str(inspection.pk),
            signer_id=str(signer.pk),
            printed_name=signer.display_name,
            role=given.role,
            meaning=meaning,
            record_hash=state.content_hash,
            signed_at=now,
            method=given.method,
        ),
        method=given.method,
        drawn=given.drawn,
        event_id=UUID(event.id),
        signed_at=now,
    )
    record(
        event="inspection.signed",
        actor=actor,
        now=now,
        obj=inspection,
        payload={
            "code": inspection.code,
            "role": given.role,
            "meaning": meaning,
            "record_hash": state.content_hash,
            "statement_hash": signature.statement_hash,
        },
    )
    return signature


def decide_inspection(*, inspection_id: UUID, device: str, actor: Actor, now: datetime) -> Received:
    """Submit the record as it stands and fix its verdict. Needs a current signature of the inspector.

    A record that is still pending (something unanswered or in conflict) may be submitted: pending is a
    verdict too, and the reasons say what is open.
    """
    authorize(actor, "inspections.sign")
    with recorded_change():
        inspection = locked(inspection_id)
        refuse_unless_open(inspection)
        events = selectors.events_of(inspection)
        state = state_of(inspection, events)
        signed = [
            body for body in state.values(SIGNED) if body["role"] == "inspector" and state.is_current(body)
        ]
        if not signed:
            raise Conflict(_("Sign the record as it stands before submitting it."))
        event = own_event(SUBMITTED, submission_body(events), str(actor.person_id), device, now)
        gates = gate_reasons(inspection)
        inspection.accepted_submission = UUID(event.id)
        received = take(inspection=inspection, batch=[event], actor=actor, now=now)
        inspection.header = (
            {**inspection.header, "gates": kept_reasons(gates)} if gates else inspection.header
        )
        inspection.state, inspection.decided_at = InspectionState.DECIDED, now
        inspection.save(update_fields=["state", "decided_at", "accepted_submission", "header"])
        score_lot(inspection, received.decision, now=now)
        record(
            event="inspection.decided",
            actor=actor,
            now=now,
            obj=inspection,
            payload={
                "code": inspection.code,
                "verdict": inspection.verdict,
                "content_hash": inspection.content_hash,
            },
        )
        facts = {
            "inspection_id": inspection.pk,
            "workspace_id": inspection.workspace_id,
            "verdict": inspection.verdict,
            "now": now,
        }
        transaction.on_commit(lambda: inspection_decided.send(sender=Inspection, **facts))
    return received


def refuse_unless_open(inspection: Inspection) -> None:
    """Conflict where the inspection is decided or cancelled."""
    if inspection.state not in (InspectionState.PLANNED, InspectionState.IN_PROGRESS):
        raise Conflict(
            _("This inspection is %(state)s already.") % {"state": inspection.get_state_display().lower()}
        )

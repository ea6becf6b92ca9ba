"""Recording, signing and deciding inspections; the page, the API and the demo all come through here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.accounts.services import prove_identity
from goldseal.files.models import Attachment
from goldseal.inspections import selectors
from goldseal.inspections.events import inspection_decided
from goldseal.inspections.models import Evidence, Inspection, InspectionEvent, InspectionState, Signature
from goldseal.inspections.plan_services import PlanRequest, member_named, plan_inspection
from goldseal.inspections.rules.events import (
    Event,
    EventError,
    EventMismatchError,
    parse_events,
)
from goldseal.inspections.rules.signing import statement_hash
from goldseal.inspections.rules.state import SIGNED, SUBMITTED, State, submission_body
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.snapshots import refresh, state_of
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.ids import new_id
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

__all__ = ["PlanRequest", "plan_inspection"]

EVENTS_MAX = 50_000


def assign_inspection(
    *, inspection_id: UUID, inspector_id: UUID | None, actor: Actor, now: datetime
) -> Inspection:
    """Give a planned or running inspection to an inspector, or to nobody in particular."""
    authorize(actor, "inspections.plan")
    inspector = member_named(inspector_id)
    with recorded_change():
        inspection = _locked(inspection_id)
        _refuse_unless_open(inspection)
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
        inspection = _locked(inspection_id)
        _refuse_unless_open(inspection)
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


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch: the ids that are on record now, and the state they add up to."""

    accepted: tuple[str, ...]
    repeated: tuple[str, ...]
    inspection: Inspection
    state: State
    decision: Decision


def apply_events(*, inspection_id: UUID, events: Sequence[Any], actor: Actor, now: datetime) -> Received:
    """Take in a batch of events, in any order, any number of times.

    The same id with the same content is a repeat; with other content a Conflict. Signing and submitting
    have services of their own. Photos must have been received before an event names them. Events that
    arrive after the submission are kept as addenda and change nothing.
    """
    authorize(actor, "inspections.record")
    batch = _parsed(events)
    for event in batch:
        if event.kind in (SIGNED, SUBMITTED):
            raise Invalid(fields={"events": _("Signing and submitting have addresses of their own.")})
        _refuse_foreign_author(event, actor)
    with recorded_change():
        return _take(_locked(inspection_id), batch, actor, now)


def _parsed(events: Sequence[Any]) -> tuple[Event, ...]:
    try:
        return parse_events(list(events))
    except EventError as refused:
        fields = {problem.path: problem.message for problem in refused.problems[:50]}
        raise Invalid(fields=fields) from None


def _refuse_foreign_author(event: Event, actor: Actor) -> None:
    if actor.person_id is not None and event.by != str(actor.person_id):
        raise Forbidden(_("An event can be sent only by the person who recorded it."))


def _take(inspection: Inspection, batch: Sequence[Event], actor: Actor, now: datetime) -> Received:
    if inspection.state == InspectionState.CANCELLED:
        raise Conflict(_("This inspection is cancelled."))
    stored = selectors.events_of(inspection)
    known = {event.id: event for event in stored}
    fresh: dict[str, Event] = {}
    repeated: list[str] = []
    for event in batch:
        earlier = known.get(event.id) or fresh.get(event.id)
        if earlier is None:
            fresh[event.id] = event
        elif earlier != event:
            raise Conflict(str(EventMismatchError(event.id)))
        else:
            repeated.append(event.id)
    if len(known) + len(fresh) > EVENTS_MAX:
        raise Invalid(fields={"events": _("One inspection holds at most 50 000 records.")})
    _link_evidence(inspection, fresh.values())
    InspectionEvent.objects.bulk_create(
        [
            InspectionEvent(
                workspace_id=inspection.workspace_id,
                inspection=inspection,
                event_id=UUID(event.id),
                kind=event.kind,
                at=event.at,
                by=event.by,
                device=event.device,
                body=dict(event.body),
                supersedes=list(event.supersedes),
                digest=event.digest(),
                received_at=now,
                received_by_id=actor.person_id,
            )
            for event in fresh.values()
        ]
    )
    everything = [*stored, *fresh.values()]
    if fresh and inspection.state == InspectionState.PLANNED:
        inspection.state, inspection.started_at = InspectionState.IN_PROGRESS, now
    state, decision = refresh(inspection, everything)
    inspection.save(update_fields=["state", "started_at", "summary", "verdict", "content_hash"])
    found = [event for event in fresh.values() if event.kind not in (SIGNED, SUBMITTED)]
    if found:
        record(
            event="inspection.recorded",
            actor=actor,
            now=now,
            obj=inspection,
            payload={"code": inspection.code, "count": len(found), "content_hash": inspection.content_hash},
        )
    return Received(tuple(fresh), tuple(repeated), inspection, state, decision)


def _link_evidence(inspection: Inspection, events: Any) -> None:
    """Every photo an event names must be a stored file of this workspace: bytes first, record last."""
    named: set[str] = set()
    for event in events:
        named.update(event.body.get("photos", ()))
        if event.kind == "photo_attached":
            named.add(event.body["sha256"])
    named -= set(
        Evidence.objects.filter(inspection=inspection, sha256__in=named).values_list("sha256", flat=True)
    )
    if not named:
        return
    # A device knows the digest of what it sent; we keep a cleaned copy and remember both.
    rows = Attachment.objects.filter(Q(sha256__in=named) | Q(original_sha256__in=named))
    found = {digest: row for row in rows for digest in (row.sha256, row.original_sha256) if digest in named}
    absent = sorted(named - found.keys())
    if absent:
        raise Invalid(
            fields={
                "photos": _("These photos have not been received yet: %(digests)s. Send them first.")
                % {"digests": ", ".join(d[:12] for d in absent)}
            }
        )
    Evidence.objects.bulk_create(
        [
            Evidence(
                workspace_id=inspection.workspace_id, inspection=inspection, attachment=row, sha256=digest
            )
            for digest, row in found.items()
        ]
    )


def sign_inspection(
    *,
    inspection_id: UUID,
    signer: User,
    password: str,
    role: str,
    meaning: str,
    device: str,
    actor: Actor,
    now: datetime,
) -> Signature:
    """Sign what is recorded so far, as oneself, after proving it (K31, PROMISES §5).

    The signature binds to the record's content hash: whatever is recorded afterwards makes it stale and
    it must be given again before submitting. `role`: inspector, factory_representative or qa.
    """
    authorize(actor, "inspections.sign")
    if role != "inspector":
        authorize(actor, "inspections.countersign")
    if signer.pk != actor.person_id or actor.grant_id is not None:
        raise Forbidden(_("One can sign only as oneself."))
    method = prove_identity(user=signer, password=password, signed_in_at=actor.signed_in_at, now=now)
    with recorded_change():
        inspection = _locked(inspection_id)
        _refuse_unless_open(inspection)
        events = selectors.events_of(inspection)
        state = state_of(inspection, events)
        body = {
            "printed_name": signer.display_name,
            "role": role,
            "meaning": meaning.strip(),
            "set_hash": state.content_hash,
        }
        event = _own_event(
            SIGNED, body, str(signer.pk), device, now, supersedes=state.heads(SIGNED, role, str(signer.pk))
        )
        _take(inspection, [event], actor, now)
        signature = Signature.objects.create(
            inspection=inspection,
            signer=signer,
            role=role,
            printed_name=signer.display_name,
            meaning=meaning.strip(),
            record_hash=state.content_hash,
            statement_hash=statement_hash(
                inspection_id=str(inspection.pk),
                signer_id=str(signer.pk),
                printed_name=signer.display_name,
                role=role,
                meaning=meaning.strip(),
                record_hash=state.content_hash,
                signed_at=now,
                method=method,
            ),
            method=method,
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
                "role": role,
                "meaning": meaning.strip(),
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
        inspection = _locked(inspection_id)
        _refuse_unless_open(inspection)
        events = selectors.events_of(inspection)
        state = state_of(inspection, events)
        signed = [
            body for body in state.values(SIGNED) if body["role"] == "inspector" and state.is_current(body)
        ]
        if not signed:
            raise Conflict(_("Sign the record as it stands before submitting it."))
        event = _own_event(SUBMITTED, submission_body(events), str(actor.person_id), device, now)
        inspection.accepted_submission = UUID(event.id)
        received = _take(inspection, [event], actor, now)
        inspection.state, inspection.decided_at = InspectionState.DECIDED, now
        inspection.save(update_fields=["state", "decided_at", "accepted_submission"])
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


def _own_event(
    kind: str, body: Mapping[str, Any], by: str, device: str, now: datetime, supersedes: Sequence[str] = ()
) -> Event:
    """An event the server makes in the name of the person who just acted."""
    raw = {
        "id": str(new_id()),
        "kind": kind,
        "at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "by": by,
        "device": (device or "web")[:64],
        "body": dict(body),
        "supersedes": list(supersedes),
    }
    return _parsed([raw])[0]


def record_finding(
    *,
    inspection_id: UUID,
    kind: str,
    body: Mapping[str, Any],
    recorder: User,
    device: str,
    actor: Actor,
    now: datetime,
    supersedes: Sequence[str] = (),
) -> Received:
    """One finding entered on a page: the same event a device would send, made here."""
    authorize(actor, "inspections.record")
    event = _own_event(kind, body, str(recorder.pk), device, now, supersedes)
    if event.kind in (SIGNED, SUBMITTED):
        raise Invalid(fields={"kind": _("Signing and submitting have addresses of their own.")})
    with recorded_change():
        return _take(_locked(inspection_id), [event], actor, now)


def _locked(inspection_id: UUID) -> Inspection:
    found = (
        Inspection.objects.select_for_update(of=("self",))
        .select_related("stage", "buyer", "style", "order", "inspector")
        .filter(pk=inspection_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _refuse_unless_open(inspection: Inspection) -> None:
    if inspection.state not in (InspectionState.PLANNED, InspectionState.IN_PROGRESS):
        raise Conflict(
            _("This inspection is %(state)s already.") % {"state": inspection.get_state_display().lower()}
        )

"""Taking in what was recorded: events in any order, any number of times, each kept once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.catalog.models import Method, Stage
from goldseal.files.engine.looks import bands
from goldseal.files.models import Attachment
from goldseal.inspections import selectors, tallies
from goldseal.inspections.deciding import counted_so_far, readiness_of, refresh
from goldseal.inspections.models import Evidence, EvidenceBand, Inspection, InspectionState
from goldseal.inspections.rules.bodies_methods import KINDS_OF
from goldseal.inspections.rules.events import Event, EventError, EventMismatchError, parse_events
from goldseal.inspections.rules.state import SIGNED, SUBMITTED
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.snapshots import is_taken_over, refuse_documents
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound, ScopeError
from goldseal.kit.ids import new_id
from goldseal.kit.rows import as_stored, columns_of, run_prepared
from goldseal.trail.services import record
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import current_scope

EVENTS_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch: the ids that are on record now, and the state they add up to."""

    accepted: tuple[str, ...]
    repeated: tuple[str, ...]
    inspection: Inspection
    decision: Decision


def apply_events(
    *, inspection_id: UUID, events: Sequence[Any], actor: Actor, now: datetime, is_late: bool = False
) -> Received:
    """Take in a batch of events, in any order, any number of times.

    The same id with the same content is a repeat; with other content a Conflict. Signing and submitting
    have services of their own. Photos must have been received before an event names them. Events that
    arrive after the submission are kept as addenda and change nothing. `is_late` says that they waited on a
    device for a connection: nobody stands there any more to be told (`tallies.refuse_rechecks_beyond`).
    """
    authorize(actor, "inspections.record")
    batch = _parsed(events)
    for event in batch:
        if event.kind in (SIGNED, SUBMITTED):
            raise Invalid(fields={"events": _("Signing and submitting have addresses of their own.")})
        _refuse_foreign_author(event, actor)
    # No savepoint: whatever is refused is refused before the first row is written.
    return take(inspection=locked(inspection_id), batch=batch, actor=actor, now=now, is_late=is_late)


def _parsed(events: Sequence[Any]) -> tuple[Event, ...]:
    try:
        return parse_events(list(events))
    except EventError as refused:
        fields = {problem.path: problem.message for problem in refused.problems[:50]}
        raise Invalid(fields=fields) from None


def _refuse_foreign_author(event: Event, actor: Actor) -> None:
    if actor.person_id is not None and event.by != str(actor.person_id):
        raise Forbidden(_("An event can be sent only by the person who recorded it."))


def take(
    *, inspection: Inspection, batch: Sequence[Event], actor: Actor, now: datetime, is_late: bool = False
) -> Received:
    if inspection.state == InspectionState.CANCELLED:
        raise Conflict(_("This inspection is cancelled."))
    if is_taken_over(inspection):
        raise Conflict(_("This inspection was taken over from a sheet; nothing is recorded in it here."))
    is_counted = inspection.method == Method.ENDLINE and not _ends_record(batch)
    stored = _stored(inspection, batch, is_counted=is_counted)
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
    _refuse_what_is_not_theirs(inspection, fresh.values(), known, actor)
    if is_counted and not is_late:
        tallies.refuse_rechecks_beyond(inspection, batch=batch, stored=stored, fresh=fresh)
    _link_evidence(inspection, fresh.values())
    is_begun = bool(fresh) and inspection.state == InspectionState.PLANNED
    if is_begun:
        inspection.state, inspection.started_at = InspectionState.IN_PROGRESS, now
    if is_counted:
        _keep(inspection, fresh.values(), actor, now, is_row_changed=is_begun)
        if inspection.state != InspectionState.DECIDED:
            tallies.add_up(inspection, stored=stored, fresh=fresh.values())
        decision = counted_so_far(inspection)
    else:
        state, decision = refresh(inspection, [*stored, *fresh.values()])
        if inspection.ready_at is None and inspection.drawn and readiness_of(inspection, state).is_ready:
            inspection.ready_at = now
        _keep(inspection, fresh.values(), actor, now, is_row_changed=True)
    found = [event for event in fresh.values() if event.kind not in (SIGNED, SUBMITTED)]
    if found:
        record(
            event="inspection.recorded",
            actor=actor,
            now=now,
            obj=inspection,
            payload={"code": inspection.code, "count": len(found), "content_hash": inspection.content_hash},
        )
    return Received(tuple(fresh), tuple(repeated), inspection, decision)


# What is recorded against a lot's safety: another person may not take it back.
OF_SAFETY = ("calibration_recorded", "metal_found", "needle_broken")


def _refuse_what_is_not_theirs(
    inspection: Inspection, events: Iterable[Event], known: Mapping[str, Event], actor: Actor
) -> None:
    """Only records of the inspection's own method; a find of somebody else is taken back by QA only."""
    for event in events:
        if event.kind not in KINDS_OF[inspection.method]:
            words = _("This inspection is made by %(method)s; it does not take such a record.")
            raise Invalid(fields={"events": words % {"method": inspection.get_method_display()}})
        for one in event.supersedes:
            earlier = known.get(one)
            if earlier is None or earlier.kind not in OF_SAFETY or earlier.by == event.by:
                continue
            if not actor.may("inspections.countersign"):
                raise Forbidden(
                    _("Only the person who recorded this, or the QA manager, can change it or take it back.")
                )


def _ends_record(batch: Sequence[Event]) -> bool:
    return any(event.kind in (SIGNED, SUBMITTED) for event in batch)


def _stored(inspection: Inspection, batch: Sequence[Event], *, is_counted: bool) -> list[Event]:
    """What is on record already; of a day of taps only what this batch may concern."""
    if inspection.state == InspectionState.PLANNED:
        return []
    if is_counted:
        return tallies.related_events(inspection, batch)
    return selectors.events_of(inspection)


INSERT = """
INSERT INTO inspections_inspectionevent (id, workspace_id, inspection_id, event_id, kind, at, "by", device, body,
    supersedes, digest, received_at, received_by_id)
SELECT r.key, %(workspace)s, %(inspection)s, r.id, r.kind, r.at, r."by", r.device, r.body, r.supersedes, r.digest,
    %(now)s, %(person)s
FROM jsonb_to_recordset(%(events)s::jsonb)
    AS r(key uuid, id uuid, kind text, at text, "by" text, device text, body jsonb, supersedes jsonb, digest text)
"""
UPDATE = """
WITH kept AS (INSERT_EVENTS)
UPDATE inspections_inspection SET state = %(state)s, started_at = %(started_at)s, ready_at = %(ready_at)s,
    summary = %(summary)s::jsonb, verdict = %(verdict)s, content_hash = %(content_hash)s
WHERE workspace_id = %(workspace)s AND id = %(inspection)s
""".replace("INSERT_EVENTS", INSERT)


def _keep(
    inspection: Inspection, events: Iterable[Event], actor: Actor, now: datetime, *, is_row_changed: bool
) -> None:
    """The events, and with them what the inspection's row says of them: one statement for both."""
    rows = [{**event.record(), "key": str(new_id()), "digest": event.digest()} for event in events]
    if not rows and not is_row_changed:
        return
    values: dict[str, Any] = {
        "workspace": inspection.workspace_id,
        "inspection": inspection.pk,
        "events": orjson.dumps(rows).decode(),
        "now": now,
        "person": actor.person_id,
    }
    if is_row_changed:
        values |= {
            name: getattr(inspection, name)
            for name in ("state", "started_at", "ready_at", "verdict", "content_hash")
        }
        values["summary"] = json.dumps(inspection.summary, cls=DjangoJSONEncoder)
    run_prepared(UPDATE if is_row_changed else INSERT, values)


def _link_evidence(inspection: Inspection, events: Any) -> None:
    """Every photo an event names must be a stored file of this workspace: bytes first, record last."""
    named: set[str] = set()
    for event in events:
        named.update(event.body.get("photos", ()))
        if event.kind == "photo_attached":
            named.add(event.body["sha256"])
    if not named:
        return
    named -= set(
        Evidence.objects.filter(inspection=inspection, sha256__in=named).values_list("sha256", flat=True)
    )
    if not named:
        return
    # A device knows the digest of what it sent; we keep a cleaned copy and remember both.
    rows = Attachment.objects.filter(Q(sha256__in=named) | Q(original_sha256__in=named))
    refuse_documents(rows)
    found = {digest: row for row in rows for digest in (row.sha256, row.original_sha256) if digest in named}
    absent = sorted(named - found.keys())
    if absent:
        raise Invalid(
            fields={
                "photos": _("These photos have not been received yet: %(digests)s. Send them first.")
                % {"digests": ", ".join(d[:12] for d in absent)}
            }
        )
    linked = Evidence.objects.bulk_create(
        [
            Evidence(
                workspace_id=inspection.workspace_id, inspection=inspection, attachment=row, sha256=digest
            )
            for digest, row in found.items()
        ]
    )
    EvidenceBand.objects.bulk_create(
        [
            EvidenceBand(workspace_id=one.workspace_id, evidence=one, band=band, part=part)
            for one in linked
            if (look := one.attachment.visual_hash) is not None
            for band, part in enumerate(bands(look))
        ]
    )


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
    event = own_event(kind, body, str(recorder.pk), device, now, supersedes)
    if event.kind in (SIGNED, SUBMITTED):
        raise Invalid(fields={"kind": _("Signing and submitting have addresses of their own.")})
    return take(inspection=locked(inspection_id), batch=[event], actor=actor, now=now)


def own_event(
    kind: str,
    body: Mapping[str, Any],
    by: str,
    device: str,
    now: datetime,
    supersedes: Sequence[str] = (),
    *,
    event_id: str = "",
    at: str = "",
) -> Event:
    """An event the server makes in the name of the person who just acted, or acted earlier `at` their device."""
    raw = {
        "id": event_id or str(new_id()),
        "kind": kind,
        "at": at or now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "by": by,
        "device": (device or "web")[:64],
        "body": dict(body),
        "supersedes": list(supersedes),
    }
    return _parsed([raw])[0]


INSPECTION_COLUMNS = columns_of(Inspection)
STAGE_COLUMNS = columns_of(Stage, only=("id", "workspace_id", "code"))
LOCK = f"""
SELECT {", ".join(f"i.{column}" for column in INSPECTION_COLUMNS)}, {", ".join(f"s.{column}" for column in STAGE_COLUMNS)}
FROM inspections_inspection i JOIN catalog_stage s ON s.workspace_id = i.workspace_id AND s.id = i.stage_id
WHERE i.workspace_id = %s AND i.id = %s AND coalesce(i.buyer_id = %s, true) FOR NO KEY UPDATE OF i
"""  # noqa: S608 — columns of our own models, values are parameters


def locked(inspection_id: UUID) -> Inspection:
    """The inspection with its stage, locked until the transaction ends; NotFound where there is none.

    Written out, because every tap passes here and building the query takes longer than running it.
    """
    here = current_scope()
    if here is None:
        raise ScopeError("Tenant data can be touched only inside a workspace scope.")
    row = run_prepared(LOCK, [here.workspace_id, inspection_id, here.compartment_id])
    if row is None:
        raise NotFound
    found = as_stored(Inspection, INSPECTION_COLUMNS, row)
    found.stage = as_stored(Stage, STAGE_COLUMNS, row[len(INSPECTION_COLUMNS) :])
    return found

"""Findings entered on a page: several at once, made into the same events that a device would send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.inspections import selectors, services
from goldseal.inspections.models import InspectionEvent
from goldseal.inspections.rules.state import WITHDRAWN
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.ids import new_id
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of a form: `id` (UUIDv7) is made with the form, so that sending it twice records it once.

    `at` is the clock of the person's device where a page script told it ("" = now).
    """

    kind: str
    body: Mapping[str, Any]
    supersedes: Sequence[str] = ()
    id: str = ""
    at: str = ""


def record_findings(
    *,
    inspection_id: UUID,
    findings: Sequence[Finding],
    recorder: User,
    device: str,
    actor: Actor,
    now: datetime,
) -> services.Received | None:
    """Record what a form holds, all or nothing; an entry whose id is on record with the same content is a repeat.

    Raises Invalid with paths such as `events[2].body.made`, Conflict, NotFound, Forbidden. None where there
    was nothing to record.
    """
    authorize(actor, "inspections.record")
    selectors.inspection_or_missing(inspection_id)
    if not findings:
        return None
    known = {
        str(row.event_id): row
        for row in InspectionEvent.objects.filter(
            inspection_id=inspection_id, event_id__in=[f.id for f in findings if f.id]
        )
    }
    events = []
    for finding in findings:
        earlier = known.get(finding.id)
        if earlier is not None:
            if earlier.by != str(recorder.pk) or earlier.kind != finding.kind:
                raise Conflict(_("This form was sent before with other content. Reload the page."))
            if all(earlier.body.get(name) == value for name, value in finding.body.items()):
                continue
            raise Conflict(_("This form was sent before with other content. Reload the page."))
        events.append(
            {
                "id": finding.id or str(new_id()),
                "kind": finding.kind,
                "at": finding.at or now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "by": str(recorder.pk),
                "device": (device or "web")[:64],
                "body": dict(finding.body),
                "supersedes": list(finding.supersedes),
            }
        )
    if not events:
        return None
    return services.apply_events(inspection_id=inspection_id, events=events, actor=actor, now=now)


def choose_record(
    *,
    inspection_id: UUID,
    keep: str,
    heads: Sequence[str],
    recorder: User,
    device: str,
    actor: Actor,
    now: datetime,
) -> services.Received | None:
    """Settle a conflict: what the event `keep` says stands, all of `heads` are superseded.

    Raises Invalid where `keep` is none of the records in conflict.
    """
    authorize(actor, "inspections.record")
    inspection = selectors.inspection_or_missing(inspection_id)
    chosen = next((event for event in selectors.events_of(inspection) if event.id == keep), None)
    if chosen is None or keep not in heads:
        raise Invalid(_("Choose one of the records."))
    body = {"reason": "Chosen in a conflict"} if chosen.kind == WITHDRAWN else chosen.body
    return record_findings(
        inspection_id=inspection_id,
        findings=[Finding(chosen.kind, body, heads)],
        recorder=recorder,
        device=device,
        actor=actor,
        now=now,
    )


def sign_and_submit(
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
) -> services.Received:
    """Sign the record as it stands and submit it, in one go: either both are done or neither."""
    with recorded_change():
        services.sign_inspection(
            inspection_id=inspection_id,
            signer=signer,
            password=password,
            role=role,
            meaning=meaning,
            device=device,
            seen=seen,
            actor=actor,
            now=now,
        )
        return services.decide_inspection(inspection_id=inspection_id, device=device, actor=actor, now=now)

"""Appending to the trail: entries wait until the transaction's last statement, then take the head's lock."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model

from goldseal.kit.actors import Actor
from goldseal.kit.rowlevel import WORKSPACE, in_force, kept_on_connection
from goldseal.kit.rows import run_prepared
from goldseal.trail.models import Entry
from goldseal.trail.rules.chain import around_place, commitment


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that waits for the end of its transaction."""

    workspace_id: UUID
    event: str
    object_type: str
    object_id: UUID | None
    actor: Actor
    payload: dict[str, Any]
    now: datetime


def _waiting() -> list[Pending]:
    held: list[Pending] = kept_on_connection("_goldseal_trail", list)
    return held


@contextmanager
def recorded_change() -> Iterator[None]:
    """The transaction of one service call: an error inside forgets the entries it recorded.

    The entries are appended by the workspace scope around it, as its last statements, so that the
    chain's head is locked only briefly.
    """
    waiting = _waiting()
    mark = len(waiting)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del waiting[mark:]
        raise


def record(
    *,
    event: str,
    actor: Actor,
    now: datetime,
    obj: Model | None = None,
    workspace_id: UUID | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Note what `actor` did. `event` is `<noun>.<verb in past tense>`; the payload is JSON-like.

    The workspace is the object's, the given one, or the actor's.
    """
    where = workspace_id or getattr(obj, "workspace_id", None) or actor.workspace_id
    if where is None:
        raise ValueError(f"{event}: no workspace to record it in.")
    if in_force(WORKSPACE) != str(where):
        raise RuntimeError(f"{event}: recorded outside the scope of its workspace.")
    _waiting().append(
        Pending(
            workspace_id=where,
            event=event,
            object_type=obj._meta.label_lower if obj is not None else "",
            object_id=obj.pk if obj is not None and isinstance(obj.pk, UUID) else None,
            actor=actor,
            payload=_plain(payload or {}),
            now=now,
        )
    )


def waiting_count() -> int:
    """How many entries wait; the mark to which `forget_waiting` goes back."""
    return len(_waiting())


def forget_waiting(mark: int = 0) -> None:
    """Drop the entries recorded since the mark: their transaction is being rolled back."""
    del _waiting()[mark:]


def append_waiting(workspace_id: UUID) -> int:
    """Append what was recorded for a workspace; returns how many. The last statements of its scope."""
    waiting = _waiting()
    batch = [pending for pending in waiting if pending.workspace_id == workspace_id]
    if batch:
        waiting[:] = [pending for pending in waiting if pending.workspace_id != workspace_id]
        _append(batch, workspace_id)
    return len(batch)


def _append(batch: list[Pending], workspace_id: UUID) -> None:
    """One statement, because every other writer of the workspace waits for the head's lock (migration 0003)."""
    rows = json.dumps([_to_append(pending) for pending in batch], cls=ExactJSON)
    run_prepared("SELECT trail_append(%s, %s, %s::jsonb)", [workspace_id, batch[-1].now, rows])


class ExactJSON(DjangoJSONEncoder):
    """Instants to the microsecond: what is hashed is what is stored."""

    def default(self, o: Any) -> Any:
        """See `json.JSONEncoder.default`."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def hashed_fields(entry: Entry) -> dict[str, Any]:
    """The fields of an entry that its hash covers, besides its place in the chain."""
    return {
        "workspace": str(entry.workspace_id),
        "event": entry.event,
        "object_type": entry.object_type,
        "object": str(entry.object_id or ""),
        "actor": str(entry.actor_id or ""),
        "grant": str(entry.grant_id or ""),
        "via": entry.via,
        "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


STORED_AS = ("id", "event", "object_type", "object_id", "actor_id", "grant_id", "via", "at", "commitment")


def _to_append(pending: Pending) -> dict[str, Any]:
    """An entry and its payload as `trail_append` takes them."""
    salt, actor = os.urandom(16), pending.actor
    said = {"data": pending.payload, "actor_name": actor.name, "device": actor.device}
    entry = Entry(
        workspace_id=pending.workspace_id,
        event=pending.event,
        object_type=pending.object_type,
        object_id=pending.object_id,
        actor_id=actor.person_id,
        grant_id=actor.grant_id,
        via=actor.via,
        at=pending.now,
        commitment=commitment(salt, said),
    )
    before, after = around_place({**hashed_fields(entry), "commitment": entry.commitment})
    return {
        **{name: getattr(entry, name) for name in STORED_AS},
        **said,
        "salt": salt.hex(),
        "hashed_before": before,
        "hashed_after": after,
    }


def _plain(payload: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as JSON would give it back: what is committed to is what is stored."""
    result: dict[str, Any] = json.loads(DjangoJSONEncoder().encode(dict(payload)))
    return result

"""Reading and verifying chains."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from goldseal.trail.models import Anchor, Chain, Entry
from goldseal.trail.rules.chain import ChainLink, ChainProblem, first_problem
from goldseal.trail.services import hashed_fields


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verifying one workspace's chain found."""

    workspace_id: UUID
    entries: int
    anchors: int
    problem: ChainProblem | None


def entries_of(workspace_id: UUID) -> QuerySet[Entry]:
    """A workspace's entries, newest first, with their payloads."""
    return Entry.objects.filter(workspace_id=workspace_id).select_related("payload").order_by("-sequence")


def entries_about(workspace_id: UUID, object_id: UUID) -> QuerySet[Entry]:
    """What happened to one object, newest first."""
    return entries_of(workspace_id).filter(object_id=object_id)


def chain_links(workspace_id: UUID) -> Iterator[ChainLink]:
    """The chain in order, streamed; memory stays flat."""
    entries = Entry.objects.filter(workspace_id=workspace_id).select_related("payload").order_by("sequence")
    for entry in entries.iterator(chunk_size=2000):
        payload = getattr(entry, "payload", None)
        yield ChainLink(
            sequence=entry.sequence,
            previous=entry.previous,
            hash=entry.hash,
            fields=hashed_fields(entry),
            commitment=entry.commitment,
            salt=bytes(payload.salt) if payload else None,
            payload={"data": payload.data, "actor_name": payload.actor_name, "device": payload.device}
            if payload
            else None,
        )


def verify_chain(workspace_id: UUID, *, anchors: list[Anchor]) -> ChainReport:
    """Recompute a chain against its head and its signed anchors (the caller has checked signatures)."""
    head = Chain.objects.filter(workspace_id=workspace_id).first()
    seen, problem = first_problem(
        chain_links(workspace_id),
        head=(head.sequence, head.hash) if head else None,
        anchors={anchor.sequence: anchor.hash for anchor in anchors},
    )
    return ChainReport(workspace_id, seen, len(anchors), problem)

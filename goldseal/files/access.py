"""Which attachments a buyer guest may see: only those that a record they see refers to.

An attachment belongs to no buyer by itself. A higher room declares a function that, inside the guest's own
scope, says which of some attachments are referred to by rows the guest sees.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from goldseal.kit.actors import Actor

Referred = Callable[[Actor, frozenset[UUID]], Collection[UUID]]
_SOURCES: list[Referred] = []


def declare_attachment_access(source: Referred) -> None:
    """Add a function `(actor, ids) -> those of ids the actor sees through the room's own rows`."""
    if source not in _SOURCES:
        _SOURCES.append(source)


def attachments_seen_through_records(actor: Actor, ids: frozenset[UUID]) -> frozenset[UUID]:
    """Which of `ids` some record that the actor sees refers to. Call inside the actor's scope."""
    seen: set[UUID] = set()
    for source in _SOURCES:
        if ids - seen:
            seen.update(source(actor, ids - seen))
    return frozenset(seen) & ids

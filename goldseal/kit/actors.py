"""Who acts: the one value that every service receives as `actor`."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from goldseal.kit.permissions import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token of a person, or the program itself, at one front door.

    `permissions` are the codes held in `workspace_id` (or in the staff area when that is None);
    `compartment_id` narrows a buyer guest to one buyer; `grant_id` marks operator staff inside a
    customer's workspace; `signed_in_at` is the last time the person proved who they are; `device_id` is the
    registered device of a call by the Floor app, `device` what any browser calls itself.
    """

    person_id: UUID | None
    name: str
    via: str
    workspace_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[str] = frozenset()
    compartment_id: UUID | None = None
    grant_id: UUID | None = None
    signed_in_at: datetime | None = None
    device: str = ""
    device_id: UUID | None = None
    address: str = field(default="", repr=False)

    def may(self, permission: str) -> bool:
        """Whether the permission is held. Services call `authorize`, which raises; pages may ask."""
        return permission in self.permissions


def system_actor(workspace_id: UUID | None = None, *, via: str = "job") -> Actor:
    """The program acting on its own account: scheduled work, commands, the demo."""
    return Actor(person_id=None, name="Goldseal", via=via, workspace_id=workspace_id)

"""Two factories, their people, and a catalog to try things on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from goldseal.accounts.models import User
from goldseal.catalog import services
from goldseal.catalog.models import Buyer, Order, Site, Style, Supplier
from goldseal.catalog.rules.grid import Quantity
from goldseal.kit.actors import Actor
from goldseal.kit.permissions import Role, permissions_of
from goldseal.workspaces.models import Membership, Workspace
from goldseal.workspaces.services import create_workspace, workspace_scope

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def person(name: str) -> User:
    return User.objects.create_user(f"{name}@example.test", name=name)


def actor_in(workspace: Workspace, user: User, role: Role, *, buyer: Buyer | None = None) -> Actor:
    return Actor(
        person_id=user.pk,
        name=user.display_name,
        via="web",
        workspace_id=workspace.pk,
        roles=frozenset({role}),
        permissions=permissions_of([role]),
        compartment_id=buyer.pk if buyer else None,
    )


@dataclass(frozen=True)
class Factory:
    """A workspace with its owner."""

    workspace: Workspace
    owner: User

    @property
    def actor(self) -> Actor:
        return actor_in(self.workspace, self.owner, Role.OWNER)

    def scope(self, buyer: Buyer | None = None):
        return workspace_scope(self.workspace.pk, compartment_id=buyer.pk if buyer else None)

    def member(self, name: str, role: Role, *, buyer: Buyer | None = None) -> User:
        user = person(name)
        with self.scope():
            Membership.objects.create(
                user=user, role=role.value, joined_at=NOW, compartment_id=buyer.pk if buyer else None
            )
        return user


def factory(name: str, *, kind: str = "production_site") -> Factory:
    owner = person(name)
    actor = Actor(person_id=owner.pk, name=name, via="web")
    workspace = create_workspace(name=f"{name} knits", kind=kind, owner=owner, actor=actor, now=NOW)
    return Factory(workspace, owner)


def add_buyer(place: Factory, code: str = "NORTH", **values) -> Buyer:
    return services.create_buyer(
        values={"code": code, "name": f"Buyer {code}", **values}, actor=place.actor, now=NOW
    )


def add_site(place: Factory, code: str = "U1") -> Site:
    return services.create_site(values={"code": code, "name": f"Unit {code}"}, actor=place.actor, now=NOW)


def add_supplier(place: Factory, code: str = "MILL1") -> Supplier:
    return services.create_supplier(values={"code": code, "name": f"Mill {code}"}, actor=place.actor, now=NOW)


def add_style(place: Factory, buyer: Buyer, code: str = "NF-1042", **values) -> Style:
    return services.create_style(
        values={"buyer": buyer.pk, "code": code, "name": "Crew-neck sweater", **values},
        actor=place.actor,
        now=NOW,
    )


GRID = [
    Quantity("Navy", "S", 144),
    Quantity("Navy", "M", 288),
    Quantity("Ecru", "S", 96),
    Quantity("Ecru", "M", 192),
]


def add_order(place: Factory, style: Style, po_number: str = "PO-50217", quantities=GRID, **values) -> Order:
    return services.save_order(
        values={"style": style.pk, "po_number": po_number, "ex_factory_on": date(2026, 3, 20), **values},
        quantities=quantities,
        actor=place.actor,
        now=NOW,
    )

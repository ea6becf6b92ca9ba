"""Who breaks in and what they hold: people, their workspaces, browsers and tokens."""

from allauth.account.models import EmailAddress
from django.test import Client

from goldseal.accounts.models import User
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.clock import utc_now
from goldseal.kit.permissions import Role, permissions_of
from goldseal.workspaces import services
from goldseal.workspaces.models import (
    Membership,
    Workspace,
)

NOW = utc_now()
PASSWORD = "paper seal violet 9"


def person(name: str) -> User:
    user = User.objects.create_user(f"{name}@example.test", PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def founded(owner: User) -> Workspace:
    return services.create_workspace(
        name=f"{owner.name} sweaters",
        kind="production_site",
        owner=owner,
        actor=system_actor(via="command"),
        now=NOW,
    )


def join(place: Workspace, user: User, role: Role) -> Membership:
    with services.workspace_scope(place.pk):
        return Membership.objects.create(user=user, role=role.value, joined_at=NOW)


def actor(place: Workspace, user: User, role: Role = Role.OWNER) -> Actor:
    return Actor(user.pk, user.name, "web", place.pk, frozenset({role}), permissions_of([role]))


def signed_in(user: User, **headers: str) -> Client:
    client = Client(raise_request_exception=False, **headers)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def token(place: Workspace, user: User, role: Role, scopes: str = "write") -> str:
    with services.workspace_scope(place.pk, actor_id=user.pk):
        return services.make_token(
            label="t", scopes=scopes, days=30, user=user, actor=actor(place, user, role), now=NOW
        )[1]


def ask(secret: str, path: str = "/api/v1/inspections") -> int:
    return (
        Client(raise_request_exception=False)
        .get(path, headers={"Authorization": f"Bearer {secret}"})
        .status_code
    )


def at(place: Workspace, path: str = "") -> str:
    return f"/w/{place.slug}/{path}"


def invited(place: Workspace, by: User, email: str, role: Role = Role.VIEWER) -> str:
    with services.workspace_scope(place.pk):
        return services.invite_member(email=email, role=role.value, actor=actor(place, by), now=NOW)[1]

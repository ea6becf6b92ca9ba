"""Alice owns a workspace, Bob inspects in it, Charlie owns another; a client for each."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.test import Client

from goldseal.accounts.models import User
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.permissions import Role, permissions_of
from goldseal.workspaces.models import Membership, Workspace
from goldseal.workspaces.services import create_workspace, workspace_scope

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Person:
    user: User
    workspace: Workspace
    role: Role = Role.OWNER

    @property
    def actor(self) -> Actor:
        return Actor(
            person_id=self.user.pk,
            name=self.user.name,
            via="web",
            workspace_id=self.workspace.pk,
            roles=frozenset({self.role}),
            permissions=permissions_of([self.role]),
        )

    @property
    def base(self) -> str:
        return f"/w/{self.workspace.slug}/files/"

    def scope(self):
        return workspace_scope(self.workspace.pk, actor_id=self.user.pk)

    def client(self, **options) -> Client:
        client = Client(**options)
        client.force_login(self.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def attests(self) -> None:
        with self.scope():
            attest_authority(version=STATEMENT_VERSION, actor=self.actor, now=NOW)


def owner(name: str) -> Person:
    user = User.objects.create_user(f"{name}@example.test", name=name.title())
    workspace = create_workspace(
        name=name, kind="production_site", owner=user, actor=system_actor(via="command"), now=NOW
    )
    return Person(user, workspace)


def member(name: str, workspace: Workspace, role: Role = Role.INSPECTOR) -> Person:
    user = User.objects.create_user(f"{name}@example.test", name=name.title())
    with workspace_scope(workspace.pk):
        Membership.objects.create(user=user, role=role.value, joined_at=NOW)
    return Person(user, workspace, role)

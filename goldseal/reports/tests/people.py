"""Two workspaces and their people: Alice owns one, Bob inspects there, Charlie owns the other."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from goldseal.accounts.models import User
from goldseal.kit.actors import Actor, system_actor
from goldseal.kit.permissions import Role, permissions_of
from goldseal.reports import services
from goldseal.reports.models import BuyerResponse, ReportVersion
from goldseal.reports.tests import kinds
from goldseal.workspaces.models import Membership, Workspace
from goldseal.workspaces.services import create_workspace, workspace_scope

NOW = datetime(2026, 11, 20, 10, 42, tzinfo=UTC)


def founded(name: str) -> Workspace:
    """A workspace owned by a person of that name."""
    owner = User.objects.create_user(f"{name}@example.test", name=name)
    return create_workspace(
        name=f"{name} sweaters",
        kind="production_site",
        owner=owner,
        actor=system_actor(via="command"),
        now=NOW,
    )


def actor(workspace: Workspace, name: str, role: Role = Role.OWNER, buyer_id: UUID | None = None) -> Actor:
    """A person acting in the workspace."""
    user = User.objects.filter(email=f"{name}@example.test").first()
    user = user or User.objects.create_user(f"{name}@example.test", name=name)
    return Actor(
        person_id=user.pk,
        name=name,
        via="web",
        workspace_id=workspace.pk,
        roles=frozenset({role}),
        permissions=permissions_of([role]),
        compartment_id=buyer_id,
    )


def member(workspace: Workspace, name: str, role: Role, buyer_id: UUID | None = None) -> User:
    """A person who belongs to the workspace and can sign in."""
    user = User.objects.create_user(f"{name}@example.test", name=name)
    with workspace_scope(workspace.pk):
        Membership.objects.create(user=user, role=role.value, compartment_id=buyer_id, joined_at=NOW)
    return user


def sealed(workspace: Workspace, who: Actor, subject_id: UUID, *, now: datetime = NOW) -> ReportVersion:
    """A sealed version of the report about a record."""
    with workspace_scope(workspace.pk):
        version = services.seal_report(
            kind="test-inspection", subject_id=subject_id, language="en", actor=who, now=now
        )
    assert version.state == "sealed", version.failure
    return version


def checked(workspace: Workspace, who: Actor, version: ReportVersion) -> None:
    """The pre-share check done."""
    with workspace_scope(workspace.pk):
        services.complete_pre_share_check(
            version_id=version.pk, ticks=dict.fromkeys(services.TICKS, True), actor=who, now=NOW
        )


def shared(workspace: Workspace, who: Actor, version: ReportVersion, *, days: int = 30) -> str:
    """A link's secret."""
    with workspace_scope(workspace.pk):
        return services.share_report(
            version_id=version.pk, recipient="Northfold office", days=days, actor=who, now=NOW
        )[1]


def answered(secret: str, *, kind: str = "acknowledge", text: str = "", now: datetime = NOW) -> BuyerResponse:
    """An answer under a link by Buyer One."""
    return services.answer_shared(secret=secret, key="", kind=kind, name="Buyer One", text=text, now=now)


def pdf_of(workspace: Workspace, version: ReportVersion) -> bytes:
    """The sealed bytes, as the command line would have them."""
    with workspace_scope(workspace.pk):
        return services.download_report(
            version_id=version.pk, form="pdf", actor=system_actor(workspace.pk), now=NOW
        ).content


def guest_of(workspace: Workspace, buyer_id: UUID, name: str = "gina") -> Actor:
    """A guest of a buyer, who can sign in."""
    member(workspace, name, Role.BUYER_GUEST, buyer_id)
    return replace(as_role(actor(workspace, name), Role.BUYER_GUEST), compartment_id=buyer_id)


def as_role(who: Actor, role: Role) -> Actor:
    """The same person in another role."""
    return replace(who, roles=frozenset({role}), permissions=permissions_of([role]))


__all__ = [
    "NOW",
    "actor",
    "answered",
    "as_role",
    "checked",
    "founded",
    "guest_of",
    "kinds",
    "member",
    "pdf_of",
    "sealed",
    "shared",
]

"""Reading workspaces and resolving who may act where."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest

from goldseal.accounts.models import User
from goldseal.accounts.selectors import has_second_factor
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import token_digest
from goldseal.kit.permissions import Role, lent_permissions, permission, permissions_of
from goldseal.kit.rowlevel import settings_made
from goldseal.kit.rows import as_stored, columns_of, run_prepared
from goldseal.workspaces.models import (
    AccessGrant,
    Device,
    DeviceHolder,
    Invitation,
    Membership,
    OperatorMember,
    Workspace,
    WorkspaceState,
)

ACCESS_REVIEW_EVERY = timedelta(days=90)
CLOSED_STATES = (WorkspaceState.ERASING,)


WORKSPACE_COLUMNS = columns_of(Workspace)
DOOR_OF_TOKEN = f"""
SELECT {", ".join(f"(place).{column}" for column in WORKSPACE_COLUMNS)},
    user_id, user_name, email, scopes, role, compartment_id, device_id FROM door_of_token(%s, %s)
"""  # noqa: S608 — columns of our own model, values are parameters


@dataclass(frozen=True, slots=True)
class Door:
    """A way into one workspace for one person: the workspace and the actor the person is there."""

    workspace: Workspace
    actor: Actor


def workspace_of(request: HttpRequest) -> Workspace:
    """The workspace this request is in, opened by the middleware."""
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    return workspace


def workspaces_of(user: User) -> list[Membership]:
    """The person's active memberships with their workspaces; call inside `person_scope`."""
    rows = Membership._base_manager.filter(user=user, is_active=True).select_related("workspace")
    return [row for row in rows.order_by("workspace__name") if row.workspace.state not in CLOSED_STATES]


def open_door(
    *,
    user: User,
    slug: str,
    now: datetime,
    via: str,
    device: str,
    address: str,
    signed_in_at: datetime | None,
) -> Door | None:
    """How `user` enters the workspace called `slug`, or None: foreign and nonexistent alike.

    Call inside `person_scope(user)`: row-level security shows the workspace only to members and to
    operator staff with a live grant.
    """
    member = (
        Membership._base_manager.select_related("workspace")
        .filter(workspace__slug=slug, user=user, is_active=True)
        .first()
    )
    workspace = member.workspace if member else Workspace.objects.filter(slug=slug).first()
    if workspace is None or workspace.state in CLOSED_STATES:
        return None
    common = {"person_id": user.pk, "name": user.display_name, "via": via, "workspace_id": workspace.pk}
    if member is not None:
        role = Role(member.role)
        return Door(
            workspace,
            Actor(
                **common,  # type: ignore[arg-type]
                roles=frozenset({role}),
                permissions=permissions_of([role]),
                compartment_id=member.compartment_id,
                signed_in_at=signed_in_at,
                device=device,
                address=address,
            ),
        )
    grant = live_grants(user, now).filter(workspace=workspace).first()
    if grant is None or not _may_hold_grants(user):
        return None
    return Door(
        workspace,
        Actor(
            **common,  # type: ignore[arg-type]
            permissions=lent_permissions(),
            grant_id=grant.pk,
            signed_in_at=signed_in_at,
            device=device,
            address=address,
        ),
    )


def _may_hold_grants(user: User) -> bool:
    """Whether the person still has a role with the operator that may take grants: a grant ends with the role."""
    roles = [Role(row.role) for row in OperatorMember.objects.filter(user=user)]
    return "staff.grant" in permissions_of(roles)


@contextmanager
def door_of_token(*, secret: str, now: datetime, device: str, address: str) -> Iterator[Door | None]:
    """The workspace and actor an API token stands for, with the settings of both in force, in one transaction.

    One round trip (migrations 0005, 0008); both walls hold as for everybody else. A read-only token lends reading
    permissions only, one of the Floor app an inspector's at most. Called at every call of the API; `workspace_scope` in it costs no statement of its own.
    """
    with transaction.atomic():
        row = run_prepared(DOOR_OF_TOKEN, [token_digest(secret), now])
        if row is None:
            yield None
            return
        workspace = as_stored(Workspace, WORKSPACE_COLUMNS, row)
        holder = _Holder._make(row[len(WORKSPACE_COLUMNS) :])
        with settings_made(
            workspace_id=str(workspace.pk),
            compartment_id=str(holder.compartment_id or ""),
            actor_id=str(holder.user_id),
            capability="",
        ):
            yield _door_of(holder, workspace, device, address)


class _Holder(NamedTuple):
    """Whose token it is, and as what they belong to the workspace."""

    user_id: UUID
    name: str
    email: str
    scopes: str
    role: str
    compartment_id: UUID | None
    device_id: UUID | None


def _door_of(holder: _Holder, workspace: Workspace, device: str, address: str) -> Door | None:
    if workspace.state in CLOSED_STATES:
        return None
    user = User(pk=holder.user_id, name=holder.name, email=holder.email)
    if workspace.is_mfa_required and not has_second_factor(user):
        return None  # a token must not be the way around the workspace's rule
    role = Role(holder.role)
    held = permissions_of([role])
    if holder.scopes == "read":
        held = frozenset(code for code in held if permission(code).reading)
    elif holder.scopes == "floor":
        held &= permissions_of([Role.INSPECTOR])
    actor = Actor(
        person_id=user.pk,
        name=user.display_name,
        via="api",
        workspace_id=workspace.pk,
        roles=frozenset({role}),
        permissions=held,
        compartment_id=holder.compartment_id,
        signed_in_at=None,
        device=device,
        device_id=holder.device_id,
        address=address,
    )
    return Door(workspace, actor)


def live_grants(user: User, now: datetime) -> QuerySet[AccessGrant]:
    """Access grants of an operator person that hold at `now`."""
    return AccessGrant._base_manager.filter(
        staff=user, starts_at__lte=now, expires_at__gt=now, ended_at__isnull=True
    )


def operator_actor(
    *, user: User, via: str, device: str, address: str, signed_in_at: datetime | None
) -> Actor:
    """The person in the operator's staff area, with the permissions of all their operator roles."""
    roles = frozenset(Role(row.role) for row in OperatorMember.objects.filter(user=user))
    return Actor(
        person_id=user.pk,
        name=user.display_name,
        via=via,
        roles=roles,
        permissions=permissions_of(roles),
        signed_in_at=signed_in_at,
        device=device,
        address=address,
    )


def members() -> QuerySet[Membership]:
    """People of the open workspace."""
    return Membership.objects.select_related("user").order_by("user__name", "user__email")


def open_invitations(now: datetime) -> QuerySet[Invitation]:
    """Invitations of the open workspace that can still be accepted."""
    return Invitation.objects.filter(
        accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
    ).order_by("-created_at")


def grants() -> QuerySet[AccessGrant]:
    """Every access grant the open workspace ever had, newest first."""
    return AccessGrant.objects.select_related("staff", "ended_by").order_by("-starts_at")


def invitation_of(digest: str) -> Invitation | None:
    """The invitation a secret points at; call inside `capability_scope(digest)`."""
    return Invitation._base_manager.select_related("workspace").filter(digest=digest).first()


def workspace_by_id(workspace_id: UUID) -> Workspace | None:
    """A workspace by key; needs its scope, a membership, or the operator's view."""
    return Workspace.objects.filter(pk=workspace_id).first()


def access_review_due(workspace: Workspace, now: datetime) -> bool:
    """Whether 90 days have passed since somebody signed off who has access (K29)."""
    since = workspace.access_reviewed_at or workspace.created_at
    return now - since >= ACCESS_REVIEW_EVERY


def devices() -> list[Device]:
    """Devices in use with the people who hold them, the one heard of last first."""
    holders = DeviceHolder.objects.select_related("user").order_by("added_at")
    rows = Device.objects.filter(revoked_at__isnull=True).prefetch_related(Prefetch("holders", holders))
    return list(rows.order_by(F("last_contact_at").desc(nulls_last=True), "pk"))


def places_of(user: User, code: str) -> list[Membership]:
    """The person's memberships whose role holds a permission; call inside `person_scope`."""
    return [row for row in workspaces_of(user) if code in permissions_of([Role(row.role)])]

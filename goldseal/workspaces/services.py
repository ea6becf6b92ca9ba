"""Changing workspaces and who belongs to them."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import ApiToken, User
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import new_token, token_digest
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import WORKSPACE_ROLES, Role
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.events import member_invited, workspace_created
from goldseal.workspaces.grant_services import end_grant, give_operator_role, grant_access
from goldseal.workspaces.models import (
    Invitation,
    Membership,
    Workspace,
    WorkspaceKind,
)
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.scoping import (
    capability_scope,
    current_scope,
    operator_scope,
    person_scope,
    workspace_scope,
)
from goldseal.workspaces.selectors import CLOSED_STATES, invitation_of
from goldseal.workspaces.token_services import make_token, revoke_token

__all__ = [
    "capability_scope",
    "current_scope",
    "end_grant",
    "give_operator_role",
    "grant_access",
    "make_token",
    "operator_scope",
    "person_scope",
    "revoke_token",
    "workspace_scope",
]

INVITATION_LIFE = timedelta(days=7)
INVITATIONS_A_DAY = 100


def create_workspace(
    *,
    name: str,
    kind: str,
    owner: User,
    actor: Actor,
    now: datetime,
    language: str = "en",
    time_zone: str = "Asia/Dhaka",
    slug: str = "",
) -> Workspace:
    """A new workspace with `owner` as its first member. Any signed-in person may found one."""
    problems: dict[str, object] = {}
    if not name.strip():
        problems["name"] = _("Give the workspace a name: your company or production site.")
    if kind not in WorkspaceKind.values:
        problems["kind"] = _("Choose what the workspace is for.")
    if problems:
        raise Invalid(fields=problems)  # type: ignore[arg-type]
    workspace = Workspace(
        id=new_id(),
        slug=slug or _free_slug(name),
        name=name.strip(),
        kind=kind,
        language=language,
        time_zone=time_zone,
        created_at=now,
    )
    with workspace_scope(workspace.pk, actor_id=owner.pk), recorded_change():
        workspace.save(force_insert=True)
        Membership.objects.create(user=owner, role=Role.OWNER.value, joined_at=now)
        record(
            event="workspace.created",
            actor=actor,
            now=now,
            obj=workspace,
            workspace_id=workspace.pk,
            payload={"name": workspace.name, "kind": kind},
        )
        workspace_created.send(sender=Workspace, workspace=workspace, actor=actor, now=now)
    return workspace


def _free_slug(name: str) -> str:
    """Readable, and random enough that addresses neither collide nor tell who else is a customer."""
    stem = slugify(name)[:40] or "workspace"
    return f"{stem}-{secrets.token_hex(3)}"


def edit_workspace(
    *, workspace: Workspace, values: dict[str, object], actor: Actor, now: datetime
) -> Workspace:
    """Change name, address, contact, language, time zone, report prefix, second-factor rule, Floor's two limits."""
    authorize(actor, "workspace.edit")
    allowed = {
        "name",
        "address",
        "contact_email",
        "country",
        "language",
        "time_zone",
        "report_prefix",
        "is_mfa_required",
        "floor_idle_minutes",
        "floor_wipe_days",
    }
    changed = {}
    for field, value in values.items():
        if field in allowed and getattr(workspace, field) != value:
            changed[field] = [getattr(workspace, field), value]
            setattr(workspace, field, value)
    if changed:
        with recorded_change():
            workspace.save(update_fields=sorted(changed))
            record(
                event="workspace.edited",
                actor=actor,
                now=now,
                obj=workspace,
                workspace_id=workspace.pk,
                payload={"changed": changed},
            )
    return workspace


def invite_member(
    *, email: str, role: str, actor: Actor, now: datetime, compartment_id: UUID | None = None
) -> tuple[Invitation, str]:
    """Invite a person by e-mail; returns the invitation and its secret, which goes into the letter only."""
    authorize(actor, "members.manage")
    _check_role(role, compartment_id, actor)
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(fields={"email": _("Enter an e-mail address like name@company.com.")}) from None
    email = email.strip().lower()
    if Membership.objects.filter(user__email__iexact=email, is_active=True).exists():
        raise Invalid(fields={"email": _("This person already belongs to the workspace.")})
    if Invitation.objects.filter(created_at__gt=now - timedelta(days=1)).count() >= INVITATIONS_A_DAY:
        raise TooMany(_("A workspace may invite 100 people a day. Go on tomorrow."))
    secret = new_token()
    with recorded_change():
        Invitation.objects.filter(email=email, accepted_at__isnull=True, revoked_at__isnull=True).update(
            revoked_at=now
        )
        invitation = Invitation.objects.create(
            email=email,
            role=role,
            compartment_id=compartment_id,
            digest=token_digest(secret),
            invited_by_id=actor.person_id,
            created_at=now,
            expires_at=now + INVITATION_LIFE,
        )
        record(
            event="member.invited",
            actor=actor,
            now=now,
            obj=invitation,
            payload={"email": email, "role": role},
        )
    workspace = Workspace.objects.get(pk=invitation.workspace_id)
    facts = {
        "workspace": workspace,
        "email": email,
        "role": Role(role),
        "secret": secret,
        "language": workspace.language,
        "inviter": actor.name,
    }
    transaction.on_commit(lambda: member_invited.send(sender=Invitation, **facts))
    return invitation, secret


def compartment_of(values: dict[str, object]) -> UUID | None:
    """The buyer chosen in a form, as the compartment of a buyer guest; none for every other role."""
    chosen = values.get("buyer")
    return UUID(str(chosen)) if chosen and values.get("role") == Role.BUYER_GUEST.value else None


def _check_role(role: str, compartment_id: UUID | None, actor: Actor) -> None:
    if role not in [r.value for r in WORKSPACE_ROLES]:
        raise Invalid(fields={"role": _("Choose one of the roles.")})
    if role == Role.OWNER.value:
        authorize(actor, "members.make_owner")
    if (role == Role.BUYER_GUEST.value) != (compartment_id is not None):
        raise Invalid(fields={"buyer": _("A buyer guest, and only a buyer guest, belongs to one buyer.")})


def revoke_invitation(*, invitation_id: UUID, actor: Actor, now: datetime) -> None:
    """Withdraw an invitation that nobody accepted yet."""
    authorize(actor, "members.manage")
    with recorded_change():
        changed = Invitation.objects.filter(
            pk=invitation_id, accepted_at__isnull=True, revoked_at__isnull=True
        ).update(revoked_at=now)
        if not changed:
            raise NotFound
        invitation = Invitation.objects.get(pk=invitation_id)
        record(
            event="member.invitation_revoked",
            actor=actor,
            now=now,
            obj=invitation,
            payload={"email": invitation.email},
        )


def accept_invitation(*, secret: str, user: User, actor: Actor, now: datetime) -> Workspace:
    """Join by an invitation's secret. The signed-in address must be the invited one."""
    digest = token_digest(secret)
    with capability_scope(digest):
        invitation = invitation_of(digest)
    if invitation is None:
        raise NotFound
    if invitation.accepted_at or invitation.revoked_at or invitation.expires_at <= now:
        raise Conflict(_("This invitation is no longer open. Ask for a new one."))
    if invitation.email.lower() != user.email.lower():
        raise Forbidden(_("This invitation is for another e-mail address. Sign in with the invited one."))
    with workspace_scope(invitation.workspace_id, actor_id=user.pk), recorded_change():
        workspace = Workspace.objects.get(pk=invitation.workspace_id)
        if workspace.state in CLOSED_STATES:
            raise NotFound
        # Not even the inviter knows of whom an address is: somebody's second address must not lower (or, for
        # the only owner, end) the role the person has.
        if Membership.objects.select_for_update().filter(user=user, is_active=True).exists():
            raise Conflict(_("You already belong to this workspace."))
        taken = Invitation.objects.filter(
            pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
        ).update(accepted_at=now, accepted_by=user)
        if not taken:
            raise Conflict(_("This invitation is no longer open. Ask for a new one."))
        Membership.objects.update_or_create(
            user=user,
            defaults={
                "role": invitation.role,
                "compartment_id": invitation.compartment_id,
                "is_active": True,
                "joined_at": now,
            },
        )
        record(
            event="member.joined",
            actor=actor,
            now=now,
            obj=invitation,
            payload={"email": user.email, "role": invitation.role},
        )
        return workspace


def change_role(
    *, membership_id: UUID, role: str, actor: Actor, now: datetime, compartment_id: UUID | None = None
) -> Membership:
    """Give a member another role. The last owner stays owner."""
    authorize(actor, "members.manage")
    _check_role(role, compartment_id, actor)
    with recorded_change():
        member = _locked_member(membership_id)
        if member.role == Role.OWNER.value and role != member.role:
            authorize(actor, "members.make_owner")
            _keep_one_owner(member)
        before, member.role, member.compartment_id = member.role, role, compartment_id
        member.save(update_fields=["role", "compartment_id"])
        record(
            event="member.role_changed",
            actor=actor,
            now=now,
            obj=member,
            payload={"email": member.user.email, "role": [before, role]},
        )
    return member


def remove_member(*, membership_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a person out of the workspace; their work stays. The last owner cannot be removed."""
    if current_scope() is None:
        raise NotFound
    with recorded_change():
        member = _locked_member(membership_id)
        if member.user_id != actor.person_id:
            authorize(actor, "members.manage")
        if member.role == Role.OWNER.value:
            if member.user_id != actor.person_id:
                authorize(actor, "members.make_owner")
            _keep_one_owner(member)
        member.is_active = False
        member.save(update_fields=["is_active"])
        # A token must not wake up if the person is invited again some day.
        ApiToken.objects.filter(
            workspace_id=member.workspace_id, user_id=member.user_id, revoked_at__isnull=True
        ).update(revoked_at=now)
        record(event="member.removed", actor=actor, now=now, obj=member, payload={"email": member.user.email})


def _locked_member(membership_id: UUID) -> Membership:
    """The member, locked together with every owner, always in one order: two owners who remove each other at
    once wait for one another and do not deadlock."""
    rows = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(Q(pk=membership_id) | Q(role=Role.OWNER.value), is_active=True)
        .order_by("pk")
    )
    member = next((row for row in rows if row.pk == membership_id), None)
    if member is None:
        raise NotFound
    return member


def _keep_one_owner(member: Membership) -> None:
    others = Membership.objects.filter(role=Role.OWNER.value, is_active=True).exclude(pk=member.pk)
    if not others.exists():
        raise Conflict(_("A workspace needs at least one owner. Make somebody else an owner first."))


def review_access(*, workspace: Workspace, actor: Actor, now: datetime) -> None:
    """Sign off that everybody's access was reviewed (K29)."""
    authorize(actor, "members.manage")
    with recorded_change():
        workspace.access_reviewed_at = now
        workspace.save(update_fields=["access_reviewed_at"])
        record(
            event="workspace.access_reviewed",
            actor=actor,
            now=now,
            obj=workspace,
            workspace_id=workspace.pk,
            payload={"members": Membership.objects.filter(is_active=True).count()},
        )

"""The operator's staff: their roles, and the leave they take to read one customer's workspace (K6)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import AccessGrant, OperatorMember, Purpose, Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.scoping import workspace_scope

LONGEST_GRANT = timedelta(days=14)


def grant_access(
    *, workspace_id: UUID, purpose: str, reason: str, hours: int, staff: User, actor: Actor, now: datetime
) -> AccessGrant:
    """Operator staff take leave to read one workspace; the workspace sees it in its own log (K6)."""
    authorize(actor, "staff.grant")
    problems: dict[str, object] = {}
    if purpose not in Purpose.values:
        problems["purpose"] = _("Choose one of the four purposes.")
    if len(reason.strip()) < 10:
        problems["reason"] = _("Say why, in at least ten characters; the customer reads this.")
    if not 1 <= hours <= LONGEST_GRANT // timedelta(hours=1):
        problems["hours"] = _("Between 1 and 336 hours.")
    if problems:
        raise Invalid(fields=problems)  # type: ignore[arg-type]
    with workspace_scope(workspace_id, actor_id=actor.person_id), recorded_change():
        if not Workspace.objects.filter(pk=workspace_id).exists():
            raise NotFound
        grant = AccessGrant.objects.create(
            staff=staff,
            purpose=purpose,
            reason=reason.strip(),
            starts_at=now,
            expires_at=now + timedelta(hours=hours),
        )
        record(
            event="grant.given",
            actor=actor,
            now=now,
            obj=grant,
            payload={
                "purpose": purpose,
                "reason": grant.reason,
                "until": grant.expires_at,
                "staff": staff.display_name,
            },
        )
    return grant


def end_grant(*, grant_id: UUID, actor: Actor, now: datetime) -> None:
    """End an access grant at once: the workspace's administrators may, and the staff person may."""
    with recorded_change():
        grant = AccessGrant.objects.select_for_update().filter(pk=grant_id).first()
        if grant is None:
            raise NotFound
        if grant.staff_id != actor.person_id:
            authorize(actor, "grants.manage")
        if grant.ended_at is None:
            grant.ended_at, grant.ended_by_id = now, actor.person_id
            grant.save(update_fields=["ended_at", "ended_by"])
            record(event="grant.ended", actor=actor, now=now, obj=grant, payload={"purpose": grant.purpose})


def give_operator_role(*, user: User, role: str, actor: Actor, now: datetime) -> OperatorMember:
    """Give a person a role with the operator of the platform."""
    authorize(actor, "staff.roles")
    member, _created = OperatorMember.objects.get_or_create(
        user=user, role=Role(role).value, defaults={"since": now}
    )
    return member

"""What may be done with a workspace and its people, and `authorize`, the check every service makes."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Forbidden, NotSignedIn
from goldseal.kit.permissions import (
    ADMINS,
    EVERYONE,
    FLOOR,
    MANAGERS,
    OWNERS,
    READERS,
    Permission,
    Role,
    declare_permissions,
    permission,
)

declare_permissions(
    [
        Permission("workspace.view", _("Open the workspace"), EVERYONE, reading=True),
        Permission("workspace.edit", _("Change the workspace's name, address and rules"), ADMINS),
        Permission("workspace.export", _("Export everything the workspace holds"), OWNERS),
        Permission("workspace.erase", _("Erase the workspace"), OWNERS),
        Permission("members.view", _("See who belongs to the workspace"), READERS, reading=True),
        Permission("members.manage", _("Invite people, change roles, remove people"), ADMINS),
        Permission("members.make_owner", _("Make or unmake an owner"), OWNERS),
        Permission(
            "activity.view", _("Read the activity log"), ADMINS | {Role.QA_MANAGER, Role.VIEWER}, reading=True
        ),
        Permission("grants.manage", _("End an access grant of the operator's staff"), ADMINS),
        Permission("tokens.manage", _("Make and revoke own API tokens"), READERS),
        Permission("devices.use", _("Inspect with the Floor app on a registered device"), FLOOR),
        Permission("devices.manage", _("See the devices on the floor and revoke them"), MANAGERS),
        Permission(
            "staff.area",
            _("Open the operator's staff area"),
            frozenset(
                {
                    Role.PLATFORM_ADMIN,
                    Role.MANAGEMENT,
                    Role.EXPERT,
                    Role.SUPPORT,
                    Role.PRIVACY_OFFICER,
                    Role.HR_FINANCE,
                }
            ),
            reading=True,
        ),
        Permission(
            "staff.workspaces",
            _("See the list of workspaces"),
            frozenset({Role.PLATFORM_ADMIN, Role.MANAGEMENT, Role.SUPPORT, Role.PRIVACY_OFFICER}),
            reading=True,
        ),
        Permission(
            "staff.grant",
            _("Take an access grant to a workspace"),
            frozenset({Role.PLATFORM_ADMIN, Role.MANAGEMENT, Role.EXPERT}),
        ),
        Permission("staff.roles", _("Give and take operator roles"), frozenset({Role.PLATFORM_ADMIN})),
    ]
)


def authorize(actor: Actor, code: str) -> None:
    """Let the actor pass, or raise.

    The program itself may do what its callers asked of it; a person needs the permission in the
    workspace (or staff area) the actor was resolved for. Which rows are visible at all is the
    scope's matter: a foreign object has already answered "not found".
    """
    permission(code)
    if actor.person_id is None and actor.via in ("job", "command"):
        return
    if actor.person_id is None:
        raise NotSignedIn
    if not actor.may(code):
        raise Forbidden

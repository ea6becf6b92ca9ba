"""Roles and the permission table: each room declares its rows in `permissions.py`; this is where they meet."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.kit.words import Words


class Role(StrEnum):
    """What a person is in a workspace, or for the operator of the platform."""

    OWNER = "owner"
    ADMIN = "admin"
    QA_MANAGER = "qa_manager"
    INSPECTOR = "inspector"
    VIEWER = "viewer"
    BUYER_GUEST = "buyer_guest"
    PLATFORM_ADMIN = "platform_admin"
    MANAGEMENT = "management"
    EXPERT = "expert"
    SUBCONTRACTOR = "subcontractor"
    SUPPORT = "support"
    PRIVACY_OFFICER = "privacy_officer"
    HR_FINANCE = "hr_finance"

    @property
    def label(self) -> Words:
        """The role's name for people."""
        return ROLE_LABELS[self]


ROLE_LABELS: dict[Role, Words] = {
    Role.OWNER: _("Owner"),
    Role.ADMIN: _("Administrator"),
    Role.QA_MANAGER: _("QA manager"),
    Role.INSPECTOR: _("Inspector"),
    Role.VIEWER: _("Viewer"),
    Role.BUYER_GUEST: _("Buyer guest"),
    Role.PLATFORM_ADMIN: _("Platform administrator"),
    Role.MANAGEMENT: _("Management"),
    Role.EXPERT: pgettext_lazy("role", "Expert"),
    Role.SUBCONTRACTOR: _("Subcontractor"),
    Role.SUPPORT: pgettext_lazy("role", "Support"),
    Role.PRIVACY_OFFICER: _("Privacy officer"),
    Role.HR_FINANCE: _("HR and finance"),
}

WORKSPACE_ROLES = (Role.OWNER, Role.ADMIN, Role.QA_MANAGER, Role.INSPECTOR, Role.VIEWER, Role.BUYER_GUEST)
OPERATOR_ROLES = tuple(role for role in Role if role not in WORKSPACE_ROLES)

OWNERS = frozenset({Role.OWNER})
ADMINS = OWNERS | {Role.ADMIN}
MANAGERS = ADMINS | {Role.QA_MANAGER}
FLOOR = MANAGERS | {Role.INSPECTOR}
READERS = FLOOR | {Role.VIEWER}
EVERYONE = READERS | {Role.BUYER_GUEST}


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the table: a code, what it lets a person do, and the roles that hold it.

    `reading` marks permissions that change nothing; only these are ever lent to operator staff by
    an access grant (K6).
    """

    code: str
    label: Words
    roles: frozenset[Role]
    reading: bool = False


_TABLE: dict[str, Permission] = {}


def declare_permissions(permissions: Iterable[Permission]) -> None:
    """Add a room's rows to the table. A code declared twice with different content is an error."""
    for permission in permissions:
        known = _TABLE.setdefault(permission.code, permission)
        if known is not permission:
            raise LookupError(f"Permission {permission.code} is declared twice.")


def permission(code: str) -> Permission:
    """The row for a code; LookupError for a name nobody declared."""
    try:
        return _TABLE[code]
    except KeyError:
        raise LookupError(f"No room declares the permission {code!r}.") from None


def permission_table() -> list[Permission]:
    """Every row, by code: the page, the docs and the tests are generated from this."""
    return [_TABLE[code] for code in sorted(_TABLE)]


def permissions_of(roles: Iterable[Role]) -> frozenset[str]:
    """The codes that any of the roles holds."""
    held = frozenset(roles)
    return frozenset(row.code for row in _TABLE.values() if row.roles & held)


def lent_permissions() -> frozenset[str]:
    """What an access grant lends to operator staff: reading as a viewer does, nothing more."""
    return frozenset(row.code for row in _TABLE.values() if row.reading and Role.VIEWER in row.roles)

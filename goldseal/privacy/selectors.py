"""Reading for privacy: who belongs to the open workspace, where a person left traces."""

from typing import Any
from uuid import UUID

from goldseal.privacy.models import Erasure, Export
from goldseal.workspaces.models import AccessGrant, Membership
from goldseal.workspaces.selectors import members
from goldseal.workspaces.services import person_scope


def member_particulars() -> list[dict[str, Any]]:
    """Name, address and role of everybody who belongs or belonged to the open workspace."""
    return [
        {
            "person": str(row.user_id),
            "name": row.user.name,
            "email": row.user.email,
            "role": row.role,
            "is_active": row.is_active,
        }
        for row in members()
    ]


def workspaces_touched_by(person_id: UUID) -> list[UUID]:
    """Workspaces the person belongs or belonged to, or looked into under a grant."""
    with person_scope(person_id):
        belonged = set(
            Membership._base_manager.filter(user_id=person_id).values_list("workspace_id", flat=True)
        )
        looked = set(
            AccessGrant._base_manager.filter(staff_id=person_id).values_list("workspace_id", flat=True)
        )
    return sorted(belonged | looked)


def exports() -> list[Export]:
    """The open workspace's latest exports."""
    return list(Export.objects.select_related("requested_by").order_by("-requested_at")[:20])


def erasure_of(subject_id: UUID) -> Erasure | None:
    """The latest erasure of a workspace or person."""
    return Erasure.objects.filter(subject_id=subject_id).order_by("-requested_at").first()

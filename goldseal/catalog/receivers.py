"""What the catalog lays into a new workspace, and which compartments it gives the second wall."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from goldseal.catalog.selectors import compartments
from goldseal.catalog.services import load_starter_pack
from goldseal.kit.actors import system_actor
from goldseal.kit.compartments import declare_compartments
from goldseal.workspaces.events import workspace_created
from goldseal.workspaces.models import Workspace, WorkspaceKind

declare_compartments(compartments)


@receiver(workspace_created, dispatch_uid="catalog.starter_pack")
def lay_in_starter_pack(*, workspace: Workspace, now: datetime, **_others: Any) -> None:
    """A production site begins with the stages and the defect library."""
    if workspace.kind == WorkspaceKind.PRODUCTION_SITE:
        load_starter_pack(actor=system_actor(workspace.pk), now=now)

"""What happens here when something happens in a lower room."""

from typing import Any

from django.dispatch import receiver

from goldseal.files.stores import ensure_key
from goldseal.workspaces.events import workspace_created
from goldseal.workspaces.models import Workspace


@receiver(workspace_created, dispatch_uid="files.make_key")
def make_key(*, workspace: Workspace, **_details: Any) -> None:
    """A new workspace gets its key before anything is stored in it."""
    ensure_key(workspace.pk)

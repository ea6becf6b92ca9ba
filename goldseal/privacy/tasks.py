"""Jobs of privacy: writing exports, carrying out erasures."""

from uuid import UUID

from procrastinate.contrib.django import app

from goldseal.kit.actors import system_actor
from goldseal.kit.clock import utc_now
from goldseal.privacy import services
from goldseal.workspaces.services import workspace_scope


@app.task(name="privacy.write_export", retry=2)
def write_export_job(workspace_id: str, export_id: str) -> None:
    """Write a requested export."""
    workspace = UUID(workspace_id)
    with workspace_scope(workspace):
        services.write_requested_export(
            export_id=UUID(export_id), actor=system_actor(workspace), now=utc_now()
        )


@app.task(name="privacy.erase_workspace", retry=5)
def erase_workspace_job(erasure_id: str) -> None:
    """Carry out the erasure of a workspace. Its payload names only the erasure, which outlives the workspace."""
    services.erase_workspace(erasure_id=UUID(erasure_id), now=utc_now())

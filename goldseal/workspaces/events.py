"""Named events of workspaces."""

from django.dispatch import Signal

workspace_created = Signal()

"""Named events of inspections, sent after the change is committed."""

from django.dispatch import Signal

# kwargs: inspection_id, workspace_id, verdict, now
inspection_decided = Signal()

# kwargs: audit_id, workspace_id, verdict, now
audit_decided = Signal()

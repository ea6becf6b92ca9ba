"""Named events of reports, sent after the change is committed."""

from django.dispatch import Signal

# kwargs: workspace_id, version_id, now.
report_sealed = Signal()

# kwargs: workspace_id, version_id, share_id, now. The link's secret is nowhere but with the person who shared.
report_shared = Signal()

# kwargs: workspace_id, version_id, kind (acknowledge, concession, reject, comment), now.
report_answered = Signal()

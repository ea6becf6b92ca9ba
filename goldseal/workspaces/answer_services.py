"""Forgetting the answers kept for writes that might be sent again."""

from datetime import datetime, timedelta

from goldseal.workspaces.models import WriteAnswer

KEPT_FOR = timedelta(days=7)


def forget_answers(*, now: datetime) -> int:
    """Remove the open workspace's kept answers that are older than a week; returns how many."""
    return WriteAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]

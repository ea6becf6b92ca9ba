"""What is removed or renewed by the clock: expired uploads, orphans, exports, sessions; daily anchors."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime

from django.contrib.sessions.models import Session

from goldseal.catalog.services.importing import forget_imports, stop_stuck_imports
from goldseal.files.services import sweep_files
from goldseal.ops import chains
from goldseal.privacy.services import sweep_exports
from goldseal.workspaces.answer_services import forget_answers
from goldseal.workspaces.services import workspace_scope


def sweep(*, now: datetime) -> dict[str, int]:
    """Remove what is due and anchor the chains; returns what was removed or made, by name."""
    swept = sweep_files(now=now)
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    return {
        **asdict(swept),
        "exports": sweep_exports(now=now),
        "sessions": sessions,
        "answers": sum(_in_each_workspace(forget_answers, now)),
        "imports": sum(_in_each_workspace(forget_imports, now)),
        "stuck_imports": sum(_in_each_workspace(stop_stuck_imports, now)),
        "anchors": chains.anchor_all(now=now),
    }


def _in_each_workspace(forget: Callable[..., int], now: datetime) -> Iterator[int]:
    for workspace_id in chains.workspace_ids():
        with workspace_scope(workspace_id):
            yield forget(now=now)

"""What is removed or renewed by the clock: expired uploads, orphans, exports, sessions; daily anchors."""

from dataclasses import asdict
from datetime import datetime

from django.contrib.sessions.models import Session

from goldseal.files.services import sweep_files
from goldseal.ops import chains
from goldseal.privacy.services import sweep_exports


def sweep(*, now: datetime) -> dict[str, int]:
    """Remove what is due and anchor the chains; returns what was removed or made, by name."""
    swept = sweep_files(now=now)
    sessions = Session.objects.filter(expire_date__lt=now).delete()[0]
    return {
        **asdict(swept),
        "exports": sweep_exports(now=now),
        "sessions": sessions,
        "anchors": chains.anchor_all(now=now),
    }

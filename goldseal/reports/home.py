"""What reports put on a workspace's home: sealed versions that wait for the check before sharing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.kit.actors import Actor
from goldseal.kit.home import HomeSection, declare_home_section
from goldseal.reports.selectors import unchecked

SHOWN = 6


def _context(actor: Actor, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    return {"unchecked": list(unchecked()[:SHOWN])}


declare_home_section(
    HomeSection(order=30, permission="reports.share", template="reports/home.html", context=_context)
)

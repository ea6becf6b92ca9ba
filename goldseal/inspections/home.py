"""The workspace's home: my inspections of today, and what is decided but not yet reported."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.inspections import audit_selectors, floor_selectors, page_selectors, selectors
from goldseal.inspections.reports import KIND
from goldseal.kit.actors import Actor
from goldseal.kit.home import HomeSection, declare_home_section
from goldseal.kit.listing import first_rows
from goldseal.reports.selectors import reports

SHOWN = 8


def my_inspections(actor: Actor, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What waits for this person: theirs and nobody's, due or begun; and what waits for its report."""
    today = now.astimezone(zone).date()
    waiting, audits = [], []
    if actor.may("inspections.record"):
        waiting = first_rows(selectors.waiting_for(actor, today), SHOWN + 1)
        audits = first_rows(audit_selectors.waiting_for(actor, today), SHOWN)
    unreported = []
    if actor.may("reports.seal"):
        told = reports().filter(kind=KIND).values("subject_id")
        unreported = first_rows(page_selectors.decided_without_report(told), SHOWN + 1)
    return {
        "today": today,
        "waiting": waiting[:SHOWN],
        "audits": audits,
        "has_more_waiting": len(waiting) > SHOWN,
        "unreported": unreported[:SHOWN],
        "has_more_unreported": len(unreported) > SHOWN,
        "may_plan": actor.may("inspections.plan"),
        "may_record": actor.may("inspections.record"),
    }


declare_home_section(
    HomeSection(
        order=10, permission="inspections.view", template="inspections/home.html", context=my_inspections
    )
)


def now_in_progress(actor: Actor, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """What is being inspected now, for those who plan: when and from whom it was last heard of."""
    return {"running": floor_selectors.running(now, zone.key, SHOWN)}


declare_home_section(
    HomeSection(
        order=15,
        permission="inspections.plan",
        template="inspections/home_live.html",
        context=now_in_progress,
    )
)

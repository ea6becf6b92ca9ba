"""The workspace's home: my actions and cases, and what waits for my review."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from goldseal.capa import selectors
from goldseal.kit.actors import Actor
from goldseal.kit.home import HomeSection, declare_home_section

SHOWN = 12


def what_needs_me(actor: Actor, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The most urgent cases and actions that wait for me, mine and those to review; and answers of suppliers."""
    may_review = actor.may("capa.review")
    actions = list(selectors.actions_for(actor.person_id, may_review=may_review)[:SHOWN])
    cases = list(selectors.cases_for(actor.person_id, may_review=may_review)[:SHOWN])
    return {
        "today": now.astimezone(zone).date(),
        "actions": [row for row in actions if row.owner_id == actor.person_id],
        "cases": [row for row in cases if row.owner_id == actor.person_id],
        "reviews": [row for row in cases if row.owner_id != actor.person_id],
        "action_reviews": [row for row in actions if row.owner_id != actor.person_id],
        "answers": list(selectors.answers_to_judge()[:SHOWN]) if actor.may("capa.scar") else [],
    }


declare_home_section(
    HomeSection(order=12, permission="capa.work", template="capa/home.html", context=what_needs_me)
)

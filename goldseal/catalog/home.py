"""The first steps of a new production site, on the workspace's home until they are done (K8)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.selectors import steps_done
from goldseal.kit.actors import Actor
from goldseal.kit.home import HomeSection, declare_home_section
from goldseal.kit.words import Words

# Key of `steps_done`, what to do, where within the catalog.
STEPS: tuple[tuple[str, Words, str], ...] = (
    ("site", _("Add your production site"), "sites/new/"),
    ("line", _("Add its lines"), "sites/"),
    ("defects", _("Load the defect library"), "starter/"),
    ("buyer", _("Add the first buyer with its AQLs"), "buyers/new/"),
    ("style", _("Add the first style"), "styles/new/"),
    ("order", _("Add the first order"), "orders/new/"),
)


def first_steps(actor: Actor, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The steps with what is done; none where the workspace is no production site."""
    facts = steps_done(actor.workspace_id) if actor.workspace_id else None
    if facts is None:
        return {"steps": [], "done": 0, "left": 0}
    steps = [{"label": label, "path": path, "is_done": facts[key]} for key, label, path in STEPS]
    done = sum(1 for step in steps if step["is_done"])
    return {"steps": steps, "done": done, "left": len(steps) - done}


declare_home_section(
    HomeSection(order=60, permission="catalog.edit", template="catalog/onboarding.html", context=first_steps)
)

"""The room's settings: when nonconformities open by themselves, how long things take, whom letters reach."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from goldseal.capa.models import CapaSettings
from goldseal.capa.selectors import settings_in_force
from goldseal.capa.writing_services import check_row
from goldseal.kit.actors import Actor
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

FIELDS = (
    "opens_on_fail",
    "red_lights_max",
    "dhu_max",
    "due_days",
    "remind_before_days",
    "escalate_after_days",
    "watch_days",
    "min_pieces",
    "currency",
)


def set_capa_settings(*, values: Mapping[str, Any], actor: Actor, now: datetime) -> CapaSettings:
    """Change the settings; what is left out stays. Raises Invalid at each field, Forbidden."""
    authorize(actor, "capa.settings")
    with recorded_change():
        row = settings_in_force()
        before = {name: getattr(row, name) for name in FIELDS}
        for name in FIELDS:
            if name in values:
                value = values[name]
                setattr(row, name, value.strip().upper() if isinstance(value, str) else value)
        problems: dict[str, Words] = {}
        if not re.fullmatch(r"[A-Z]{3}", row.currency):
            problems["currency"] = _("Enter the three letters of a currency, such as BDT or USD.")
        check_row(row, problems)
        row.save()
        changed = {
            name: [str(before[name]), str(getattr(row, name))]
            for name in FIELDS
            if before[name] != getattr(row, name)
        }
        if changed:
            record(event="capa.settings_changed", actor=actor, now=now, obj=row, payload={"changed": changed})
    return row

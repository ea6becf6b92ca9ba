"""Four-point fabric inspection: rolls and flaws."""

from typing import Any

from django.http import HttpRequest

from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows."""
    return {}


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """What the inspection's page shows of it."""
    return {}

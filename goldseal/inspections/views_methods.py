"""What each method beside sampling shows: its entry page and its part of the inspection's page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from goldseal.catalog.models import Method
from goldseal.inspections import (
    views_checklist,
    views_endline,
    views_four_point,
    views_measurement,
    views_metal,
    views_packing,
    views_roving,
)
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision

Entry = Callable[[HttpRequest, Inspection, State, Decision, Sent], dict[str, Any]]
Shown = Callable[[Inspection, State], dict[str, Any]]

ENTRY: Mapping[str, Entry] = {
    Method.CHECKLIST: views_checklist.entry,
    Method.ROVING: views_roving.entry,
    Method.ENDLINE: views_endline.entry,
    Method.FOUR_POINT: views_four_point.entry,
    Method.MEASUREMENT: views_measurement.entry,
    Method.METAL: views_metal.entry,
    Method.PACKING: views_packing.entry,
}
SHOWN: Mapping[str, Shown] = {
    Method.CHECKLIST: views_checklist.shown,
    Method.ROVING: views_roving.shown,
    Method.ENDLINE: views_endline.shown,
    Method.FOUR_POINT: views_four_point.shown,
    Method.MEASUREMENT: views_measurement.shown,
    Method.METAL: views_metal.shown,
    Method.PACKING: views_packing.shown,
}

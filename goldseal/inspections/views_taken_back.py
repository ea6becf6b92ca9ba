"""What was taken back or corrected, struck through under the list in which it stood."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from goldseal.catalog.choices import in_language
from goldseal.catalog.models import Method
from goldseal.inspections import page_selectors
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.state import WITHDRAWN, State
from goldseal.inspections.views_said import said, section_of_body
from goldseal.inspections.views_shown import KINDS, check_labels
from goldseal.kit.visits import visit

SHOWN = 20
# The list of a method's page in which a kind stands; sampling has its sections.
LISTS: Mapping[str, str] = {
    "item_answered": "answers",
    "operator_checked": "visits",
    "pieces_tallied": "taps",
    "roll_inspected": "rolls",
    "flaw_recorded": "flaws",
    "piece_measured": "measurement",
    "calibration_recorded": "day",
    "pieces_scanned": "day",
    "metal_found": "finds",
    "needle_broken": "finds",
    "lot_rerun": "finds",
    "carton_checked": "cartons",
}


def taken_back(request: HttpRequest, inspection: Inspection, state: State) -> dict[str, Any]:
    """For a page: `gone`, the latest 20 lines by the list in which they stood (the rest under "other").

    `gone_more` says that there are older ones, which the history tells of. A correction that only adds, such
    as one more carton opened, takes nothing back and is left out, as are addenda.
    """
    actor, _now = visit(request)
    pairs = page_selectors.superseded(inspection, SHOWN + 1)
    addenda = {event.id for event in state.addenda}
    lines = [
        (later, earlier)
        for later, earlier in pairs
        if later.id not in addenda and earlier.id not in addenda and _takes_back(later, earlier)
    ]
    names = page_selectors.people_named(sorted({later.by for later, _earlier in lines[:SHOWN]}))
    labels = _labels(inspection)
    gone: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for later, earlier in lines[:SHOWN]:
        if inspection.method == Method.AQL:
            place = section_of_body(earlier.kind, earlier.body)
        else:
            place = LISTS.get(earlier.kind, "other")
        gone[place].append(_line(later, earlier, names, labels))
    return {
        "gone": dict(gone),
        "gone_more": len(lines) > SHOWN or len(pairs) > SHOWN,
        "may_read_history": actor.may("activity.view"),
    }


def _takes_back(later: Event, earlier: Event) -> bool:
    if later.kind == WITHDRAWN:
        return earlier.kind != WITHDRAWN
    return later.kind == earlier.kind and not _only_adds(later.body, earlier.body)


def _only_adds(later: Mapping[str, Any], earlier: Mapping[str, Any]) -> bool:
    """Whether everything the earlier body said is still said."""
    return all(
        all(one in later.get(name, ()) for one in value)
        if isinstance(value, list)
        else later.get(name) == value
        for name, value in earlier.items()
        if value not in ("", None)
    )


def _line(
    later: Event, earlier: Event, names: Mapping[str, str], labels: Mapping[str, str]
) -> dict[str, Any]:
    key = str(earlier.body.get("check") or earlier.body.get("item") or "")
    return {
        "is_withdrawn": later.kind == WITHDRAWN,
        "what": labels.get(key, key) or KINDS.get(earlier.kind, earlier.kind),
        "said": said(earlier.kind, earlier.body),
        "who": names.get(later.by) or _("Erased person"),
        "at": datetime.fromisoformat(later.at),
        "why": later.body["reason"] if later.kind == WITHDRAWN else "",
    }


def _labels(inspection: Inspection) -> dict[str, str]:
    """What checks and questions are called, by their codes."""
    items = inspection.checklist.get("items", ())
    asked = {item["key"]: in_language(item["label_en"], item.get("label_bn") or "") for item in items}
    return check_labels(inspection) | asked

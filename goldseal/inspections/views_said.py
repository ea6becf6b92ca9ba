"""What an event says, in one line: for two records that disagree, and for what was taken back."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from goldseal.inspections.rules.bodies import BODIES
from goldseal.inspections.rules.state import WITHDRAWN, Entry, State
from goldseal.inspections.tallies import COUNTS
from goldseal.inspections.views_checklist import ANSWERS
from goldseal.inspections.views_endline import COUNT_WORDS, clock
from goldseal.inspections.views_shown import CARTONS, KINDS
from goldseal.kit.wording import SEVERITIES, VERDICTS, number_in_words_of_page

UNIT = "\0"  # before a unit, which belongs to the value before it
HIDDEN = ("section", "check", "item", "photos", "sha256", "about")


def said(kind: str, body: Mapping[str, Any]) -> str:
    """What an event says, short: the facts that tell versions apart, in the order in which they are asked."""
    return " · ".join(_parts(kind, body)).replace(f" · {UNIT}", " ")


def _parts(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    for key in BODIES[kind]:
        value = body.get(key)
        if key in HIDDEN or value in ("", [], None) or isinstance(value, bool):
            continue
        if key.endswith("unit"):
            yield f"{UNIT}{value}"
        elif key.endswith(("_kg", "_mm")):
            yield f"{value} {key[-2:]}"
        elif key in COUNTS:
            if value:
                yield f"{COUNT_WORDS[key]}{_times(value)}"
        elif key == "points":
            yield _("%(n)s of %(all)s points") % {
                "n": number_in_words_of_page(sum(value)),
                "all": number_in_words_of_page(len(value)),
            }
        elif key == "hour":
            yield clock(int(value))
        else:
            yield _plain(value)


def _plain(value: Any) -> str:
    """A value as a person reads it; lists of defects as code × count."""
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, dict):
        parts = [_plain(part) for name, part in value.items() if name != "count"]
        return " ".join(parts) + _times(int(value.get("count", 1)))
    if isinstance(value, int):
        return number_in_words_of_page(value)
    word = ANSWERS.get(value) or VERDICTS.get(value)
    return str(word[0] if word else SEVERITIES.get(value, value))


def _times(count: int) -> str:
    return f" × {number_in_words_of_page(count)}" if count > 1 else ""


def conflicts_of(state: State, names: Mapping[str, str], section: str = "") -> list[dict[str, Any]]:
    """Where two records disagree: both versions, by whom and when, to choose from."""
    return [
        {
            "kind": KINDS.get(entry.kind, entry.kind),
            "about": " ".join(str(part) for part in entry.key if len(str(part)) < 36),
            "heads": " ".join(entry.head_ids),
            "versions": [
                {
                    "id": event.id,
                    "who": names.get(event.by, ""),
                    "at": event.at,
                    "said": _("withdrawn") if event.kind == WITHDRAWN else said(event.kind, event.body),
                }
                for event in entry.heads
            ],
        }
        for entry in state.conflicts
        if entry.kind != "signed" and (not section or section_of_entry(entry) == section)
    ]


def section_of_entry(entry: Entry) -> str:
    """The tab on which an entry is recorded."""
    return section_of_body(entry.kind, entry.candidates[0] if entry.candidates else {})


def section_of_body(kind: str, body: Mapping[str, Any]) -> str:
    """The tab on which an event of this kind is recorded."""
    fixed = {
        "quantity_counted": "quantity",
        "defect_recorded": "workmanship",
        "cartons_opened": CARTONS,
        "readiness_confirmed": CARTONS,
        "piece_measured": "measurement",
        "inspection_started": "quantity",
    }
    return fixed.get(kind) or str(body.get("section", "remarks"))

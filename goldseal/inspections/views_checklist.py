"""Checklist: questions asked one by one, section by section, each recorded by one tap or one field."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import in_language
from goldseal.catalog.rules.questions import choice_values
from goldseal.inspections.deciding_methods import items_of
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.page_selectors import photo_ids
from goldseal.inspections.rules import checklists
from goldseal.inspections.rules.checklist import SECTION_TITLES
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision
from goldseal.inspections.views_shown import title_of
from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words

ANSWERED = "item_answered"
ANSWERS: Mapping[str, tuple[Words, str]] = {
    "yes": (_("Yes"), "check"),
    "no": (_("No"), "x"),
    "na": (_("N/A"), "minus"),
}
VALUES = ("number", "text", "barcode", "note")


def entry(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    """What the entry page shows: every question with its form; those not asked yet are there, but hidden."""
    items = items_of(inspection)
    decided = _decided(items, state)
    photos = photo_ids(inspection)
    questions = [
        _question(item, place, decided, state, photos) | {"entry": _entry(item, place, state, sent)}
        for place, item in enumerate(items)
    ]
    following = next((row for row in questions if row["is_asked"] and row["is_open"]), None)
    return {
        "sections": _by_section(questions),
        "answers_of_items": ANSWERS.items(),
        "answered": decided.answered,
        "asked": len(decided.items),
        "following": following,
        "stopped_by": [row for row in questions if row["is_failing"] and row["stops"]],
    }


def shown(inspection: Inspection, state: State) -> dict[str, Any]:
    """The questions that were asked with their answers, for the inspection's page."""
    items = items_of(inspection)
    decided = _decided(items, state)
    photos = photo_ids(inspection) if items else {}
    questions = [_question(item, place, decided, state, photos) for place, item in enumerate(items)]
    return {
        "sections": _by_section([row for row in questions if row["is_asked"]]),
        "answered": decided.answered,
        "asked": len(decided.items),
    }


def _decided(items: Sequence[checklists.Item], state: State) -> checklists.ChecklistDecision:
    answers = {str(body["item"]): body for body in state.values(ANSWERED)}
    return checklists.decide(items=items, answers=answers)


def _entry(item: checklists.Item, place: int, state: State, sent: Sent) -> Any:
    held = state.value(ANSWERED, item["key"]) or {}
    values = {name: held.get(name, "") for name in VALUES}
    return sent.entry(f"i{place}", ANSWERED, values, state.heads(ANSWERED, item["key"]))


def _question(
    item: checklists.Item,
    place: int,
    decided: checklists.ChecklistDecision,
    state: State,
    photos: Mapping[str, Any],
) -> dict[str, Any]:
    """One question: its words, what is recorded, and whether that fails or still lacks something."""
    body = state.value(ANSWERED, item["key"]) or {}
    fact = next((fact for fact in decided.items if fact.key == item["key"]), None)
    is_failing = bool(fact and fact.is_failing)
    is_answered = bool(fact and fact.is_answered)
    wanted = item.get("needs_photo", "")
    lacks_photo = (
        item["kind"] != "photo"
        and (wanted == "always" or (wanted == "on_fail" and is_failing))
        and not body.get("photos")
    )
    condition = item.get("only_if") or {}
    return {
        "key": item["key"],
        "anchor": f"q{place}",
        "section": item["section"],
        "label": in_language(item["label_en"], item.get("label_bn") or ""),
        "kind": item["kind"],
        "unit": item.get("unit") or "",
        "least": item.get("min"),
        "most": item.get("max"),
        "range": range_of(item),
        "choices": choices_of(item),
        "is_required": item.get("is_required", True),
        "stops": bool(item.get("is_auto_fail")),
        "holds": item.get("severity_on_fail") == "hold",
        "needs_photo": wanted,
        "is_asked": fact is not None,
        "if_key": condition.get("key", ""),
        "if_values": json.dumps(list(condition.get("is", ()))),
        "value": fact.value if fact else "",
        "said": said_of(item, body),
        "body": body,
        "is_failing": is_failing,
        "is_answered": is_answered,
        "lacks_photo": lacks_photo,
        "is_open": (item.get("is_required", True) and not is_answered) or lacks_photo,
        "digests": body.get("photos", ()),
        "photos": [photos[digest] for digest in body.get("photos", ()) if digest in photos],
        "heads": " ".join(state.heads(ANSWERED, item["key"])) if body else "",
    }


def _by_section(questions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions under their sections, in the order of the checklist, with how many are answered."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in questions:
        found.setdefault(row["section"], []).append(row)
    return [
        {
            "key": section,
            "title": title_of(section) if section in SECTION_TITLES else section,
            "rows": rows,
            "asked": sum(row["is_asked"] for row in rows),
            "answered": sum(row["is_answered"] for row in rows),
            "is_asked": any(row["is_asked"] for row in rows),
        }
        for section, rows in found.items()
    ]


def choices_of(item: checklists.Item) -> list[tuple[str, str]]:
    """The answers of a choice with their words."""
    labels = {
        str(choice["value"]): in_language(choice.get("label_en") or "", choice.get("label_bn") or "")
        for choice in item.get("choices") or ()
        if isinstance(choice, Mapping)
    }
    return [(value, labels.get(value) or value) for value in choice_values(item=item)]


def range_of(item: checklists.Item) -> str:
    """The allowed range of a number: 12–14, ≥ 12 or ≤ 14; "" where there is none."""
    least, most = item.get("min"), item.get("max")
    if least is not None and most is not None:
        return in_digits_of_page(f"{least}–{most}")
    if least is not None:
        return in_digits_of_page(f"≥ {least}")
    return in_digits_of_page(f"≤ {most}") if most is not None else ""


def said_of(item: checklists.Item, body: Mapping[str, Any]) -> Words:
    """The recorded answer in words."""
    value = checklists.value_of(item=item, answer=body)
    if not value or item["kind"] == "photo":
        return ""
    if item["kind"] == "yes_no_na" and value in ANSWERS:
        return ANSWERS[value][0]
    if item["kind"] == "choice":
        return dict(choices_of(item)).get(value, value)
    return (
        in_digits_of_page(f"{value} {item.get('unit') or ''}".strip()) if item["kind"] == "number" else value
    )

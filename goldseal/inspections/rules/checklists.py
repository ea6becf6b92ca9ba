"""Checklists from templates: which items are asked, what an answer leads to, and whether a template is sound.

An item is a mapping: key, section, label_en, label_bn, kind, is_required, min, max, choices, failing (answers that
fail), severity_on_fail (fail or hold), is_auto_fail, needs_photo ("", always, on_fail), and
only_if {key, is: [answers]}. A condition names an earlier item, so items are read once, from the top.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from goldseal.catalog.rules.lengths import format_decimal, plain_number
from goldseal.catalog.rules.questions import YES_NO_NA, choice_values
from goldseal.inspections.rules.findings import Reason

# Where the body of an answer keeps the value of each kind.
FIELD_OF = {
    "yes_no_na": "answer",
    "number": "number",
    "choice": "choice",
    "text": "text",
    "barcode": "barcode",
    "photo": "photos",
}

Item = Mapping[str, Any]
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One item that is asked: its value as text ("" where unanswered), and whether the answer fails."""

    key: str
    section: str
    value: str
    is_answered: bool
    is_failing: bool


@dataclass(frozen=True, slots=True)
class ChecklistDecision:
    """The items asked, whether an automatic fail decides the whole, and the reasons."""

    items: tuple[ItemFacts, ...]
    is_auto_failed: bool
    reasons: tuple[Reason, ...]

    @property
    def answered(self) -> int:
        """How many of the items asked are answered."""
        return sum(item.is_answered for item in self.items)


def value_of(*, item: Item, answer: Mapping[str, Any] | None) -> str:
    """The answer to an item as text: yes, 12.5, a choice, or the number of photos; "" where there is none."""
    value = (answer or {}).get(FIELD_OF[item["kind"]])
    if item["kind"] == "photo":
        return str(len(value)) if value else ""
    return "" if value is None else str(value)


def visible_items(*, items: Sequence[Item], answers: Answers) -> tuple[Item, ...]:
    """The items that are asked, given the answers so far: unconditional ones and those whose condition holds.

    The answer to an item that is itself hidden is kept, but opens nothing.
    """
    shown: dict[str, Item] = {}
    for item in items:
        condition = item.get("only_if")
        if condition:
            asked = shown.get(condition["key"])
            if asked is None:
                continue
            value = value_of(item=asked, answer=answers.get(condition["key"]))
            if value not in condition["is"]:
                continue
        shown[item["key"]] = item
    return tuple(shown.values())


def decide(*, items: Sequence[Item], answers: Answers) -> ChecklistDecision:
    """Judge a checklist as far as it is answered; `answers` holds the body of each answer by the item's key.

    A required item without an answer, a missing photo and an answer that cannot be read leave its section
    pending. A failing answer or a number outside its range fails the section or puts it on hold, as the item
    says; an automatic fail fails the whole.
    """
    facts: list[ItemFacts] = []
    reasons: list[Reason] = []
    is_auto_failed = False
    for item in visible_items(items=items, answers=answers):
        answer = answers.get(item["key"]) or {}
        value = value_of(item=item, answer=answer)
        open_because = _why_open(item, value)
        broken = "" if open_because or not value else _why_failing(item, value)
        facts.append(ItemFacts(item["key"], item["section"], value, bool(value), bool(broken)))
        reasons += _reasons(item, answer, open_because, broken)
        is_auto_failed = is_auto_failed or bool(broken and item.get("is_auto_fail"))
    return ChecklistDecision(tuple(facts), is_auto_failed, tuple(reasons))


def _why_open(item: Item, value: str) -> tuple[str, str] | None:
    if not value:
        return ("item_unanswered", "not answered yet") if item.get("is_required", True) else None
    allowed = choice_values(item=item) if item["kind"] == "choice" else YES_NO_NA
    if item["kind"] in ("choice", "yes_no_na") and value not in allowed:
        return "item_not_offered", f"{value!r} is not one of {', '.join(allowed)}"
    if item["kind"] == "number":
        try:
            plain_number(value)
        except ValueError as refused:
            return "item_unreadable", str(refused)
    return None


def _why_failing(item: Item, value: str) -> str:
    if value in item.get("failing", ()):
        return f"answered {value}"
    if item["kind"] == "number":
        least, most = item.get("min"), item.get("max")
        if least is not None and plain_number(value) < plain_number(least):
            return f"{value} is below {format_decimal(plain_number(least))}"
        if most is not None and plain_number(value) > plain_number(most):
            return f"{value} is above {format_decimal(plain_number(most))}"
    return ""


def _reasons(
    item: Item, answer: Mapping[str, Any], open_because: tuple[str, str] | None, broken: str
) -> Iterable[Reason]:
    section, label = item["section"], item["label_en"]
    if open_because:
        yield Reason(open_because[0], section, "pending", f"{label}: {open_because[1]}")
    if broken and item.get("is_auto_fail"):
        yield Reason("auto_fail", "", "fail", f"{label}: {broken}; this fails the inspection")
    elif broken:
        verdict = item.get("severity_on_fail") or "fail"
        yield Reason(f"item_{verdict}", section, verdict, f"{label}: {broken}")
    wanted = item.get("needs_photo", "")
    is_wanted = wanted == "always" or (wanted == "on_fail" and bool(broken))
    if is_wanted and item["kind"] != "photo" and not answer.get("photos"):
        yield Reason("item_photo_missing", section, "pending", f"{label}: a photo is required")

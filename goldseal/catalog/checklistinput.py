"""The questions of a checklist as a form: works without scripts and keeps what was typed, right or wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from goldseal.catalog.choices import (
    AnswerKind,
    AuditSection,
    ChecklistSection,
    FailMeans,
    PhotoRule,
    in_language,
)
from goldseal.catalog.rules.questions import YES_NO_NA
from goldseal.catalog.services.checklist_items import (
    ANSWER_MAX,
    CHOICES_MAX,
    ITEMS_MAX,
    KEY_MAX,
    LABEL_MAX,
    UNIT_MAX,
    key_from,
)
from goldseal.kit.words import Words

ADD = "add"
SPARE_CHOICES = 2
AUTO_FAIL = "auto"  # one choice on the page, two fields in the record
Item = dict[str, Any]
Option = tuple[str, Words, bool]  # value, label, whether it is chosen


def empty_item(section: str = ChecklistSection.CONFORMITY) -> Item:
    """A blank question."""
    return {
        "key": "",
        "section": str(section),
        "label_en": "",
        "label_bn": "",
        "kind": AnswerKind.YES_NO_NA.value,
        "is_required": True,
        "unit": "",
        "min": None,
        "max": None,
        "choices": [],
        "failing": ["no"],
        "severity_on_fail": FailMeans.FAIL.value,
        "is_auto_fail": False,
        "needs_photo": "",
        "only_if": None,
    }


@dataclass(slots=True)
class Question:
    """One question as the template shows it: `name` begins the names of its fields."""

    place: int
    item: Item
    earlier: Sequence[Item]
    wrong: Mapping[str, Words]
    is_open: bool
    is_last: bool
    for_audits: bool = False

    @property
    def name(self) -> str:
        """Begins the names of the question's fields."""
        return f"q-{self.place}"

    @property
    def label(self) -> str:
        """The question in the page's language."""
        return in_language(self.item["label_en"], self.item["label_bn"])

    @property
    def kinds(self) -> list[Option]:
        """How it is answered."""
        return _options(AnswerKind.choices, self.item["kind"])

    @property
    def sections(self) -> list[Option]:
        """To which part of the inspection or audit it belongs."""
        choices = AuditSection.choices if self.for_audits else ChecklistSection.choices
        return _options(choices, self.item["section"])

    @property
    def photo_rules(self) -> list[Option]:
        """When a photo is needed."""
        return _options(PhotoRule.choices, self.item["needs_photo"])

    @property
    def consequences(self) -> list[Option]:
        """What a failing answer does."""
        held = AUTO_FAIL if self.item["is_auto_fail"] else self.item["severity_on_fail"]
        return _options([*FailMeans.choices, (AUTO_FAIL, _("The whole inspection fails"))], held)

    @property
    def kind_label(self) -> Words:
        """How it is answered, in words."""
        return dict(AnswerKind.choices).get(self.item["kind"], "")

    @property
    def failing_answers(self) -> list[Option]:
        """The answers of a yes/no question that fail it."""
        if self.item["kind"] != AnswerKind.YES_NO_NA:
            return []
        return [(a, label, a in self.item["failing"]) for a, label in _answers(self.item) if a != "na"]

    @property
    def choice_rows(self) -> list[dict[str, Any]]:
        """The answers of a choice, and blank rows for more."""
        if self.item["kind"] != AnswerKind.CHOICE:
            return []
        rows = [{**c, "fails": c["value"] in self.item["failing"]} for c in self.item["choices"]]
        blank = {"value": "", "label_en": "", "label_bn": "", "fails": False}
        most = min(CHOICES_MAX, max(len(rows) + SPARE_CHOICES, 3))
        return rows + [dict(blank) for _row in range(most - len(rows))]

    @property
    def askable(self) -> list[Option]:
        """The earlier questions that this one can depend on."""
        held = (self.item["only_if"] or {}).get("key", "")
        return [
            (e["key"], in_language(e["label_en"], e["label_bn"]), e["key"] == held)
            for e in self.earlier
            if e["key"] and _answers(e)
        ]

    @property
    def condition_answers(self) -> list[Option]:
        """The answers of the question that this one depends on."""
        condition = self.item["only_if"]
        asked = next((e for e in self.earlier if condition and e["key"] == condition["key"]), None)
        return [(a, label, a in condition["is"]) for a, label in _answers(asked)] if asked else []

    @property
    def is_number(self) -> bool:
        """Whether it has a unit and limits."""
        return bool(self.item["kind"] == AnswerKind.NUMBER)

    @property
    def can_fail(self) -> bool:
        """Whether one chooses what a failing answer does; in an audit it is always a finding."""
        return not self.for_audits and self.item["kind"] in (
            AnswerKind.YES_NO_NA,
            AnswerKind.NUMBER,
            AnswerKind.CHOICE,
        )


@dataclass(slots=True)
class ChecklistInput:
    """What stands in the editor: the questions, which of them is open, and what is wrong."""

    items: list[Item]
    for_audits: bool = False
    opened: int = -1
    wrong: dict[int, dict[str, Words]] = field(default_factory=dict)
    problem: Words = ""

    @classmethod
    def of(cls, items: Sequence[Item], *, for_audits: bool = False) -> "ChecklistInput":
        """The fields of stored questions; one blank question for a new checklist."""
        if items:
            return cls([dict(item) for item in items], for_audits)
        first = AuditSection.DOCUMENTS if for_audits else ChecklistSection.CONFORMITY
        return cls([empty_item(first)], for_audits, opened=0)

    @classmethod
    def posted(cls, data: QueryDict, *, for_audits: bool = False) -> "ChecklistInput":
        """The questions as they were sent."""
        count = data.get("questions", "")
        number = min(int(count), ITEMS_MAX) if count.isdecimal() and len(count) < 6 else 0
        items = [_posted(data, f"q-{place}") for place in range(number)]
        taken = {item["key"] for item in items}
        for item in items:
            if not item["key"] and item["label_en"].strip():
                item["key"] = key_from(item["label_en"], taken)
                taken.add(item["key"])
        return cls(items, for_audits)

    def rearranged(self, action: str) -> bool:
        """Do what a button of the editor asks for; False if the button is none of the editor's."""
        verb, _dash, number = action.partition("-")
        place = int(number) if number.isdecimal() and len(number) < 6 else -1
        if action == ADD:
            if len(self.items) < ITEMS_MAX:
                self.items.append(empty_item(self.items[-1]["section"] if self.items else ""))
                self.opened = len(self.items) - 1
            return True
        if not 0 <= place < len(self.items):
            return False
        if verb == "drop":
            del self.items[place]
        elif verb == "up" and place > 0:
            self.items[place - 1 : place + 1] = reversed(self.items[place - 1 : place + 1])
        elif verb == "down" and place < len(self.items) - 1:
            self.items[place : place + 2] = reversed(self.items[place : place + 2])
        elif verb == "show":
            self.opened = place
        return verb in ("drop", "up", "down", "show")

    def show_problems(self, fields: Mapping[str, Words]) -> None:
        """Put what the service said beside the questions concerned."""
        for name, words in fields.items():
            start, _dot, rest = name.partition(".")
            place, _dot, at = rest.partition(".")
            if start == "items" and place.isdecimal():
                self.wrong.setdefault(int(place), {})[at] = words
            elif start == "items":
                self.problem = words

    def questions(self) -> list[Question]:
        """For the template."""
        return [
            Question(
                place=place,
                item=item,
                earlier=self.items[:place],
                wrong=self.wrong.get(place, {}),
                is_open=place == self.opened or place in self.wrong,
                is_last=place == len(self.items) - 1,
                for_audits=self.for_audits,
            )
            for place, item in enumerate(self.items)
        ]


def _posted(data: QueryDict, name: str) -> Item:
    def text(field_name: str, most: int = LABEL_MAX) -> str:
        return data.get(f"{name}-{field_name}", "")[: most * 2]

    kind = text("kind")
    consequence = text("consequence")
    failing: list[str] = []
    choices: list[dict[str, str]] = []
    if kind == AnswerKind.YES_NO_NA:
        failing = [a for a in data.getlist(f"{name}-failing") if a in YES_NO_NA]
        if not text("was") or text("was") != kind:
            failing = ["no"]  # the usual question: yes is good
    for row in range(CHOICES_MAX):
        label = text(f"choice-{row}-en", ANSWER_MAX)
        if not label.strip():
            continue
        value = text(f"choice-{row}-value", KEY_MAX) or key_from(
            label, {choice["value"] for choice in choices}
        )
        choices.append({"value": value, "label_en": label, "label_bn": text(f"choice-{row}-bn", ANSWER_MAX)})
        if f"{name}-choice-{row}-fails" in data:
            failing.append(value)
    asked = text("if", KEY_MAX)
    return {
        "key": text("key", KEY_MAX),
        "section": text("section", KEY_MAX),
        "label_en": text("label_en"),
        "label_bn": text("label_bn"),
        "kind": kind,
        "is_required": f"{name}-required" in data,
        "unit": text("unit", UNIT_MAX),
        "min": text("min", UNIT_MAX) or None,
        "max": text("max", UNIT_MAX) or None,
        "choices": choices,
        "failing": failing,
        "severity_on_fail": consequence if consequence in FailMeans.values else FailMeans.FAIL.value,
        "is_auto_fail": consequence == AUTO_FAIL,
        "needs_photo": text("photo", KEY_MAX),
        "only_if": {"key": asked, "is": data.getlist(f"{name}-if-is")[:CHOICES_MAX]} if asked else None,
    }


def _answers(item: Mapping[str, Any]) -> list[tuple[str, Words]]:
    if item["kind"] == AnswerKind.YES_NO_NA:
        return [("yes", _("yes")), ("no", _("no")), ("na", _("not applicable"))]
    if item["kind"] == AnswerKind.CHOICE:
        return [
            (choice["value"], in_language(choice["label_en"], choice["label_bn"]))
            for choice in item["choices"]
        ]
    return []


def _options(choices: Sequence[tuple[Any, Any]], held: str) -> list[Option]:
    return [(str(value), label, value == held) for value, label in choices]

"""What the questions of a checklist may hold, and how they are kept."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import AnswerKind, AuditSection, ChecklistSection, FailMeans, PhotoRule
from goldseal.catalog.rules.questions import YES_NO_NA, check_template, choice_values
from goldseal.catalog.services.writing import is_writable
from goldseal.kit.errors import Invalid
from goldseal.kit.words import Words

ITEMS_MAX, CHOICES_MAX = 80, 12
LABEL_MAX, ANSWER_MAX, UNIT_MAX, KEY_MAX = 200, 80, 12, 40
_KEY = re.compile(r"[a-z0-9_]{1,40}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,7}([.,][0-9]{1,4})?", re.ASCII)
Item = Mapping[str, Any]


def checked_items(items: Sequence[Item], *, for_audits: bool = False) -> list[dict[str, Any]]:
    """The questions as they are kept, each with all its fields; those of audits have sections of their own.

    A question holds key (made from the English label where it is empty, and kept from then on), section,
    label_en, label_bn, kind (`AnswerKind`), is_required, unit, min, max (for numbers, as text), choices
    [{value, label_en, label_bn}], failing [answers], severity_on_fail (fail or hold), is_auto_fail,
    needs_photo ("", always, on_fail), only_if {key of an earlier question, is: [answers]} or None.
    Invalid names what is wrong at `items.<place>.<field>`, places counted from 0.
    """
    if not 1 <= len(items) <= ITEMS_MAX:
        raise Invalid(
            fields={"items": _("A checklist has between 1 and %(most)s questions.") % {"most": ITEMS_MAX}}
        )
    taken = {str(item.get("key") or "") for item in items}
    kept: list[dict[str, Any]] = []
    problems: dict[str, Words] = {}
    for place, item in enumerate(items):
        tidied = _tidied(item, taken)
        for field, words in _problems(tidied, kept, AuditSection if for_audits else ChecklistSection):
            problems.setdefault(f"items.{place}.{field}", words)
        kept.append(tidied)
    if problems:
        raise Invalid(fields=problems)
    unsound = check_template(items=kept)
    if unsound:
        raise Invalid(fields={"items": " ".join(unsound[:5])})
    return kept


def answers_of(item: Item) -> tuple[str, ...]:
    """The answers that can be told beforehand: those of yes/no and of a choice."""
    if item["kind"] == AnswerKind.YES_NO_NA:
        return YES_NO_NA
    return choice_values(item=item) if item["kind"] == AnswerKind.CHOICE else ()


def _tidied(item: Item, taken: set[str]) -> dict[str, Any]:
    """The question with every field, texts without outer spaces; what its kind has no use for is left out."""
    kind = _text(item, "kind") or AnswerKind.YES_NO_NA.value
    choices: list[dict[str, str]] = []
    if kind == AnswerKind.CHOICE:
        for given in item.get("choices") or ():
            label = _text(given, "label_en")
            value = _text(given, "value") or key_from(label, {c["value"] for c in choices})
            choices.append({"value": value, "label_en": label, "label_bn": _text(given, "label_bn")})
    key = _text(item, "key")
    if not key:
        key = key_from(_text(item, "label_en"), taken)
        taken.add(key)
    condition = item.get("only_if") or None
    is_number = kind == AnswerKind.NUMBER
    return {
        "key": key,
        "section": _text(item, "section") or ChecklistSection.CONFORMITY.value,
        "label_en": _text(item, "label_en"),
        "label_bn": _text(item, "label_bn"),
        "kind": kind,
        "is_required": bool(item.get("is_required", True)),
        "unit": _text(item, "unit") if is_number else "",
        "min": (_text(item, "min").replace(",", ".") or None) if is_number else None,
        "max": (_text(item, "max").replace(",", ".") or None) if is_number else None,
        "choices": choices,
        "failing": [str(answer) for answer in item.get("failing") or ()],
        "severity_on_fail": _text(item, "severity_on_fail") or FailMeans.FAIL.value,
        "is_auto_fail": bool(item.get("is_auto_fail", False)),
        "needs_photo": _text(item, "needs_photo"),
        "only_if": {"key": _text(condition, "key"), "is": [str(a) for a in condition.get("is") or ()]}
        if condition
        else None,
    }


def _problems(
    item: Item, earlier: Sequence[Item], sections: type[AuditSection | ChecklistSection]
) -> list[tuple[str, Words]]:
    """What is wrong with one question: field and words."""
    found: list[tuple[str, Words]] = []
    if not item["label_en"]:
        found.append(("label_en", _("Write the question in English.")))
    for name in ("label_en", "label_bn"):
        if len(item[name]) > LABEL_MAX or not is_writable(item[name]):
            found.append((name, _("At most %(most)s letters.") % {"most": LABEL_MAX}))
    if not _KEY.fullmatch(item["key"]) or item["key"] in {other["key"] for other in earlier}:
        found.append(("key", _("Keys differ, and have up to 40 small letters a–z, digits and underscores.")))
    for name, choices in (
        ("kind", AnswerKind),
        ("section", sections),
        ("severity_on_fail", FailMeans),
        ("needs_photo", PhotoRule),
    ):
        if item[name] not in choices.values:
            found.append((name, _("Choose one from the list.")))
    found += _range_problems(item)
    found += _choice_problems(item)
    possible = answers_of(item)
    if any(answer not in possible for answer in item["failing"]):
        found.append(("failing", _("Only answers of this question can fail it; a number has limits.")))
    if item["only_if"] is not None:
        found += _condition_problems(item["only_if"], earlier)
    return found


def _range_problems(item: Item) -> list[tuple[str, Words]]:
    found: list[tuple[str, Words]] = []
    if len(item["unit"]) > UNIT_MAX or not is_writable(item["unit"]):
        found.append(("unit", _("At most %(most)s letters.") % {"most": UNIT_MAX}))
    for name in ("min", "max"):
        if item[name] is not None and not _NUMBER.fullmatch(item[name]):
            found.append((name, _("Enter a number, such as 7.5.")))
    if not found and None not in (item["min"], item["max"]) and Decimal(item["min"]) > Decimal(item["max"]):
        found.append(("max", _("The largest number is below the smallest.")))
    return found


def _choice_problems(item: Item) -> list[tuple[str, Words]]:
    choices = item["choices"]
    if item["kind"] != AnswerKind.CHOICE:
        return []
    if not 2 <= len(choices) <= CHOICES_MAX:
        return [
            ("choices", _("A choice has between 2 and %(most)s answers.") % {"most": CHOICES_MAX}),
        ]
    if any(not choice["label_en"] for choice in choices):
        return [("choices", _("Write every answer in English."))]
    values = [choice["value"] for choice in choices]
    if len(set(values)) < len(values) or not all(_KEY.fullmatch(value) for value in values):
        return [("choices", _("Two answers are the same. Answers must differ."))]
    texts = [choice[name] for choice in choices for name in ("label_en", "label_bn")]
    if any(len(text) > ANSWER_MAX or not is_writable(text) for text in texts):
        return [("choices", _("At most %(most)s letters.") % {"most": ANSWER_MAX})]
    return []


def _condition_problems(condition: Item, earlier: Sequence[Item]) -> list[tuple[str, Words]]:
    asked = next((item for item in earlier if item["key"] == condition["key"]), None)
    if asked is None or not answers_of(asked):
        return [("only_if", _("Choose an earlier question that is answered by yes or no, or by a choice."))]
    if not condition["is"] or not set(condition["is"]) <= set(answers_of(asked)):
        return [("only_if", _("Choose the answers after which this is asked."))]
    return []


def _text(item: Item, name: str) -> str:
    value = item.get(name)
    return "" if value is None else str(value).strip()


def key_from(label: str, taken: set[str]) -> str:
    """A key that is not `taken`, from the first words of a label; numbered where it is taken or nothing is left of it."""
    words = re.findall(r"[a-z0-9]+", label.lower())
    base = "_".join(words)[: KEY_MAX - 4].strip("_") or "question"
    if base not in taken:
        return base
    return next(key for n in range(2, len(taken) + 3) if (key := f"{base}_{n}") not in taken)

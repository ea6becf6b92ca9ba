"""Questions of a checklist: what an item may be, and whether a template is sound.

An item is a mapping: key, section, label_en, label_bn, kind, is_required, unit, min, max, choices, failing
(answers that fail), severity_on_fail (fail or hold), is_auto_fail, needs_photo ("", always, on_fail), and
only_if {key, is: [answers]}. A condition names an earlier item, so items are read once, from the top.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from goldseal.catalog.rules.lengths import plain_number

KINDS = ("yes_no_na", "number", "choice", "text", "photo", "barcode")
YES_NO_NA = ("yes", "no", "na")
ON_FAIL = ("fail", "hold")
NEEDS_PHOTO = ("", "always", "on_fail")

Item = Mapping[str, Any]


def choice_values(*, item: Item) -> tuple[str, ...]:
    """The answers a choice offers; each choice is {value, label_en, label_bn} or the value itself."""
    return tuple(
        str(choice["value"]) if isinstance(choice, Mapping) else str(choice)
        for choice in item.get("choices") or ()
    )


def check_template(*, items: Sequence[Item]) -> list[str]:
    """What is wrong with a template, one sentence per problem; an empty list means that it is sound."""
    problems: list[str] = []
    earlier: dict[str, Item] = {}
    for number, item in enumerate(items, start=1):
        key = str(item.get("key") or "")
        name = f"Item {number} ({key})" if key else f"Item {number}"
        if not key:
            problems.append(f"{name}: a key is needed")
        elif key in earlier:
            problems.append(f"{name}: the key {key} is used twice")
        problems += [f"{name}: {problem}" for problem in _problems_of(item)]
        problems += [f"{name}: {problem}" for problem in _condition_problems(item, earlier)]
        if key:
            earlier[key] = item
    return problems


def _problems_of(item: Item) -> Iterable[str]:
    if not item.get("section"):
        yield "a section is needed"
    if not item.get("label_en"):
        yield "an English label is needed"
    for name, allowed in (
        ("kind", KINDS),
        ("severity_on_fail", ("", *ON_FAIL)),
        ("needs_photo", NEEDS_PHOTO),
    ):
        if (value := item.get(name, "")) not in allowed:
            yield f"{name} must be one of {', '.join(filter(None, allowed))} (got {value!r})"
    choices = choice_values(item=item)
    if item.get("kind") == "choice" and (not choices or len(set(choices)) != len(choices)):
        yield "a choice needs choices, each named once"
    yield from _range_problems(item)
    possible = {"yes_no_na": YES_NO_NA, "choice": choices}.get(str(item.get("kind")))
    for answer in item.get("failing") or ():
        if possible is None:
            yield "failing answers are for yes/no and choice items; a number has min and max"
            return
        if answer not in possible:
            yield f"the failing answer {answer!r} cannot be given"


def _range_problems(item: Item) -> Iterable[str]:
    try:
        least, most = (
            None if item.get(name) is None else plain_number(item[name]) for name in ("min", "max")
        )
    except ValueError as refused:
        yield str(refused)
        return
    if item.get("kind") != "number" and (least is not None or most is not None):
        yield "min and max are for numbers"
    if least is not None and most is not None and least > most:
        yield f"min {item['min']} is above max {item['max']}"


def _condition_problems(item: Item, earlier: Mapping[str, Item]) -> Iterable[str]:
    condition = item.get("only_if")
    if not condition:
        return
    asked = earlier.get(condition.get("key", ""))
    if asked is None:
        yield f"its condition names {condition.get('key')!r}, which is no earlier item"
        return
    possible = {"yes_no_na": YES_NO_NA, "choice": choice_values(item=asked)}.get(str(asked.get("kind")))
    if possible is None:
        yield f"its condition names {condition['key']}, which is neither yes/no nor choice"
        return
    values = condition.get("is") or ()
    if not values:
        yield "its condition names no answer"
    for value in values:
        if value not in possible:
            yield f"its condition asks for {value!r}, which {condition['key']} cannot have"

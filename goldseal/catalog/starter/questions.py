"""How the starter pack's checklists are written down: one function per kind of question."""

from collections.abc import Sequence
from typing import Any

Item = dict[str, Any]
Condition = tuple[str, tuple[str, ...]]  # key of an earlier question, the answers that show this one


def _item(
    kind: str,
    section: str,
    key: str,
    label_en: str,
    label_bn: str,
    *,
    is_required: bool = True,
    unit: str = "",
    least: str | None = None,
    most: str | None = None,
    choices: Sequence[tuple[str, str, str]] = (),
    failing: Sequence[str] = (),
    on_fail: str = "fail",
    stops: bool = False,
    photo: str = "",
    only_if: Condition | None = None,
) -> Item:
    return {
        "key": key,
        "section": section,
        "label_en": label_en,
        "label_bn": label_bn,
        "kind": kind,
        "is_required": is_required,
        "unit": unit,
        "min": least,
        "max": most,
        "choices": [{"value": v, "label_en": en, "label_bn": bn} for v, en, bn in choices],
        "failing": list(failing),
        "severity_on_fail": on_fail,
        "is_auto_fail": stops,
        "needs_photo": photo,
        "only_if": {"key": only_if[0], "is": list(only_if[1])} if only_if else None,
    }


def check(section: str, key: str, label_en: str, label_bn: str, **more: Any) -> Item:
    """Yes, no or not applicable; no fails. `stops`: a no fails the whole inspection."""
    return _item("yes_no_na", section, key, label_en, label_bn, failing=("no",), **more)


def fact(section: str, key: str, label_en: str, label_bn: str, **more: Any) -> Item:
    """Yes or no as a fact, neither of which fails."""
    return _item("yes_no_na", section, key, label_en, label_bn, **more)


def amount(section: str, key: str, label_en: str, label_bn: str, unit: str, **more: Any) -> Item:
    """A number in `unit`; it fails outside `least` to `most` where they are given."""
    return _item("number", section, key, label_en, label_bn, unit=unit, **more)


def choice(
    section: str, key: str, label_en: str, label_bn: str, choices: Sequence[tuple[str, str, str]], **more: Any
) -> Item:
    """One of (value, English, Bangla)."""
    return _item("choice", section, key, label_en, label_bn, choices=choices, **more)


def words(section: str, key: str, label_en: str, label_bn: str, **more: Any) -> Item:
    """Free text."""
    return _item("text", section, key, label_en, label_bn, **more)


def photo(section: str, key: str, label_en: str, label_bn: str, **more: Any) -> Item:
    """A photo."""
    return _item("photo", section, key, label_en, label_bn, **more)


def barcode(section: str, key: str, label_en: str, label_bn: str, **more: Any) -> Item:
    """A scanned code."""
    return _item("barcode", section, key, label_en, label_bn, **more)

"""How one field of an event's body is checked, and the sentence that refuses what may not stand there."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from goldseal.inspections.rules.measurement import parse_measure

ZONES = ("A", "B", "C")
_DECIMAL = re.compile(r"-?[0-9]{1,7}(\.[0-9]{1,6})?", re.ASCII)

_UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)

# A check returns the value to keep or raises RefusedError with what is allowed; a list may name the place inside.
Check = Callable[[Any], Any]


class RefusedError(ValueError):
    """A value that may not stand where it stands; `place` is appended to the path of the field."""

    def __init__(self, allowed: str, *, place: str = "") -> None:
        super().__init__(allowed)
        self.allowed = allowed
        self.place = place


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body: its check, whether it must be there, and what stands for it when it is not."""

    check: Check
    is_required: bool = True
    default: Any = None


def uuid7(value: Any) -> str:
    """A UUIDv7 in lower case with hyphens."""
    if not isinstance(value, str) or not _UUID7.fullmatch(value):
        raise RefusedError("must be a UUIDv7 in lower case, such as 018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d8e9f")
    return value


def text(limit: int, *, least: int = 1, lines: bool = False) -> Check:
    """Text of `least` to `limit` characters without control characters (line breaks only where allowed)."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise RefusedError("must be text")
        if not least <= len(value.strip()) or len(value) > limit:
            raise RefusedError(f"must be text of {least} to {limit} characters (got {len(value.strip())})")
        for sign in "" if value.isprintable() else value:
            # Cs: a lone surrogate has no UTF-8 form. Cc: NUL and its kin are no text a person typed.
            category = unicodedata.category(sign)
            if category == "Cs" or (category == "Cc" and not (lines and sign in "\n\r\t")):
                raise RefusedError(f"must not contain the control character U+{ord(sign):04X}")
        return value.strip()

    return check


def pattern(expression: str, allowed: str) -> Check:
    """Text that matches the whole expression; `allowed` tells a person what that is."""
    compiled = re.compile(expression, re.ASCII)

    def check(value: Any) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            raise RefusedError(f"must be {allowed}")
        return value

    return check


def whole(least: int, most: int) -> Check:
    """A whole number between two bounds, both allowed."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            shown = value if isinstance(value, int | float) else type(value).__name__
            raise RefusedError(f"must be a whole number from {least} to {most} (got {shown})")
        return value

    return check


def one_of(*allowed: str) -> Check:
    """One of the listed codes."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise RefusedError(f"must be one of {', '.join(allowed)}")
        return value

    return check


def list_of(item: Check, *, least: int = 0, most: int) -> Check:
    """A list of distinct items, kept in ascending order because its order means nothing."""

    def check(value: Any) -> list[Any]:
        if not isinstance(value, list | tuple) or not least <= len(value) <= most:
            got = len(value) if isinstance(value, list | tuple) else type(value).__name__
            raise RefusedError(f"must be a list of {least} to {most} items (got {got})")
        kept = []
        for place, element in enumerate(value):
            try:
                kept.append(item(element))
            except RefusedError as refused:
                raise RefusedError(refused.allowed, place=f"[{place}]{refused.place}") from None
        if len(set(kept)) != len(kept):
            raise RefusedError("must not name anything twice")
        return sorted(kept)

    return check


def measure(value: Any) -> str:
    """A tape value such as 53.5 or 12 3/8, kept as it was written."""
    try:
        parse_measure(value)
    except ValueError as refused:
        raise RefusedError(f"cannot be read: {refused}") from None
    return str(value)


def number(value: Any) -> str:
    """A decimal number, kept as text so that nothing is rounded: 12, 12.5, -0.3."""
    kept = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _DECIMAL.fullmatch(kept):
        raise RefusedError("must be a number such as 12.5, at most 9999999")
    return kept


def positive(most: int) -> Check:
    """A decimal number above 0 and at most `most`, kept as text."""

    def check(value: Any) -> str:
        kept = number(value)
        if not 0 < Decimal(kept) <= most:
            raise RefusedError(f"must be above 0 and at most {most}")
        return kept

    return check


def tape(value: Any) -> str:
    """A tape value above 0."""
    kept = measure(value)
    if parse_measure(kept) <= 0:
        raise RefusedError("must be above 0")
    return kept


def switch(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise RefusedError("must be true or false")
    return value


def objects_of(fields: "Mapping[str, Field]", *, most: int) -> Check:
    """A list of objects with exactly these fields, in the order given."""

    def check(value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list | tuple) or len(value) > most:
            raise RefusedError(f"must be a list of at most {most} objects")
        return [_object(item, fields, place) for place, item in enumerate(value)]

    return check


def _object(item: Any, fields: "Mapping[str, Field]", place: int) -> dict[str, Any]:
    if not isinstance(item, Mapping) or not set(item) <= set(fields):
        raise RefusedError(f"must be an object with {', '.join(fields)}", place=f"[{place}]")
    kept: dict[str, Any] = {}
    for name, field in fields.items():
        value = item.get(name)
        if value is None:
            if field.is_required:
                raise RefusedError("is missing", place=f"[{place}].{name}")
            if field.default is not None:
                kept[name] = field.default
            continue
        try:
            kept[name] = field.check(value)
        except RefusedError as refused:
            raise RefusedError(refused.allowed, place=f"[{place}].{name}{refused.place}") from None
    return kept


SHA256 = pattern(r"[0-9a-f]{64}", "a SHA-256 in 64 lower-case hexadecimal digits")
code = pattern(r"[A-Z][A-Z0-9-]{1,15}", "a defect code such as SW03")
NAME = pattern(r"[a-z][a-z0-9_]{0,39}", "a code of 1 to 40 lower-case letters, digits and underscores")
PHOTOS = Field(list_of(SHA256, most=20), is_required=False, default=())


def optional(check: Check) -> Field:
    """A field that may be left out."""
    return Field(check, is_required=False)

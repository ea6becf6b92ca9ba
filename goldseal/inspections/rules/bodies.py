"""What the body of each kind of event may hold: fields, limits and the sentences that refuse the rest."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from goldseal.inspections.rules.measurement import UNITS, parse_measure

SECTIONS = (
    "quantity",
    "shipping_marks",
    "conformity",
    "packing",
    "labelling",
    "workmanship",
    "measurement",
    "onsite_tests",
    "special",
    "remarks",
)
VERDICTS = ("pass", "fail", "na", "pending", "hold")
ANSWERS = ("pass", "fail", "na", "hold")
SEVERITIES = ("critical", "major", "minor")
ZONES = ("A", "B", "C")
SIGNING_ROLES = ("inspector", "factory_representative", "qa")
QUANTITY_MAX = 10_000_000
COVERS_MAX = 50_000

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
        for sign in value:
            # Cs: a lone surrogate has no UTF-8 form. Cc: NUL and its kin are no text a person typed.
            category = unicodedata.category(sign)
            if category == "Cs" or (category == "Cc" and not (lines and sign in "\n\r\t")):
                raise RefusedError(f"must not contain the control character U+{ord(sign):04X}")
        return value

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


_SHA256 = pattern(r"[0-9a-f]{64}", "a SHA-256 in 64 lower-case hexadecimal digits")
_NAME = pattern(r"[a-z][a-z0-9_]{0,39}", "a code of 1 to 40 lower-case letters, digits and underscores")
_PHOTOS = Field(list_of(_SHA256, most=20), is_required=False, default=())


def _optional(check: Check) -> Field:
    return Field(check, is_required=False)


BODIES: Mapping[str, Mapping[str, Field]] = {
    "inspection_started": {"place": _optional(text(200)), "note": _optional(text(1000, lines=True))},
    "quantity_counted": {
        "colour": Field(text(60)),
        "size": Field(text(20)),
        "made": Field(whole(0, QUANTITY_MAX)),
        "packed": Field(whole(0, QUANTITY_MAX)),
        "offered": _optional(whole(0, QUANTITY_MAX)),
    },
    "cartons_opened": {"cartons": Field(list_of(whole(1, 1_000_000), least=1, most=5000))},
    "check_answered": {
        "section": Field(one_of(*SECTIONS)),
        "check": Field(_NAME),
        "answer": Field(one_of(*ANSWERS)),
        "value": _optional(text(200)),
        "note": _optional(text(1000, lines=True)),
        "photos": _PHOTOS,
    },
    "defect_recorded": {
        "code": Field(pattern(r"[A-Z][A-Z0-9-]{1,15}", "a defect code such as SW03")),
        "severity": Field(one_of(*SEVERITIES)),
        "zone": _optional(one_of(*ZONES)),
        "colour": _optional(text(60)),
        "size": _optional(text(20)),
        "carton": _optional(whole(1, 1_000_000)),
        "pieces": Field(whole(1, 10_000), is_required=False, default=1),
        "piece_no": _optional(whole(1, 10_000)),
        "note": _optional(text(1000, lines=True)),
        "photos": _PHOTOS,
    },
    "piece_measured": {
        "piece_no": Field(whole(1, 10_000)),
        "colour": _optional(text(60)),
        "size": Field(text(20)),
        "pom": Field(
            pattern(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", "the code of a point of measure such as P01")
        ),
        "value": Field(measure),
        "unit": Field(one_of(*UNITS)),
    },
    "photo_attached": {
        "sha256": Field(_SHA256),
        "section": Field(one_of(*SECTIONS)),
        "caption_en": _optional(text(300)),
        "caption_bn": _optional(text(300)),
        "about": _optional(uuid7),
    },
    "remark_written": {"section": Field(one_of(*SECTIONS)), "text": Field(text(4000, lines=True))},
    "section_concluded": {
        "section": Field(one_of(*SECTIONS)),
        "verdict": Field(one_of(*VERDICTS)),
        "remark": _optional(text(1000, lines=True)),
    },
    "signed": {
        "printed_name": Field(text(120)),
        "role": Field(one_of(*SIGNING_ROLES)),
        "meaning": Field(text(300)),
        "set_hash": Field(_SHA256),
    },
    "submitted": {"covers": Field(list_of(uuid7, least=1, most=COVERS_MAX)), "set_hash": Field(_SHA256)},
    "event_withdrawn": {"reason": Field(text(500, lines=True))},
}

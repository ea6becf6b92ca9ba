"""Findings as forms send them: named groups of fields, each one event; read here, shown again with what was typed.

A form lists its groups in `groups`; the fields of a group are named `<group>-<field>`, those that all groups
share `all-<field>`. `<group>-kind`, `-id` and `-supersedes` are hidden. The page script reads the same names.

A name may say more: `<group>-<field>:int` is a whole number, `:bool` a switch (a tick, or true and false),
`:nine` the ticked places 1 to 9 (or `all`) of nine yes/no values, and `<group>-<field>.<row>.<part>` a part of a row of a
list; a row whose `:key` or `:count` part is blank is left out (`:count` is a whole number as well).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from goldseal.inspections.recording_services import Finding
from goldseal.inspections.rules.bodies import BODIES
from goldseal.inspections.rules.events import Event, EventError, parse_event
from goldseal.inspections.rules.state import SIGNED, SUBMITTED, WITHDRAWN, State
from goldseal.kit.ids import new_id
from goldseal.kit.words import Words

GROUPS_MAX = 1000
WHOLE = {"made", "packed", "offered", "pieces", "piece_no", "carton"}
WHOLE_LISTS = {"cartons"}
LISTS = {"photos"}
# Numbers are kept with a decimal point and ASCII digits, however they are typed; lengths with ASCII digits.
NUMBERS = {"number", "gsm", "shrinkage_length_pct", "shrinkage_width_pct", "gross_kg", "card_mm"}
LENGTHS = {
    ("roll_inspected", "length"),
    ("roll_inspected", "width"),
    ("flaw_recorded", "at"),
    ("flaw_recorded", "size"),
    ("flaw_recorded", "runs_to"),
    ("piece_measured", "value"),
}
# What decides whether a group says anything; a blank one is left out.
SAYS = {
    "quantity_counted": ("made", "packed", "offered"),
    "piece_measured": ("value",),
    "remark_written": ("text",),
    "cartons_opened": ("cartons",),
    "item_answered": ("answer", "number", "choice", "text", "barcode", "note", "photos"),
}
ENTRY_ID = re.compile(r"[0-9a-f-]{36}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)
STRUCTURED = re.compile(
    r"(?P<field>[a-z_]+)(?:\.(?P<row>\d{1,3})\.(?P<part>[a-z_]+))?(?::(?P<type>int|bool|nine|list|key|count))?",
    re.ASCII,
)
GROUP_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)

ALLOWED: Mapping[str, Words] = {
    "made": _("Enter whole pieces from 0 to 10,000,000."),
    "packed": _("Enter whole pieces from 0 to 10,000,000."),
    "offered": _("Enter whole pieces from 0 to 10,000,000."),
    "cartons": _("Tick at least one carton."),
    "answer": _("Choose pass, fail, not applicable or hold."),
    "code": _("Choose a defect."),
    "severity": _("Choose critical, major or minor."),
    "zone": _("Choose zone A, B or C."),
    "colour": _("At most 60 characters on one line."),
    "size": _("At most 20 characters on one line."),
    "carton": _("Enter a carton number from 1 to 1,000,000."),
    "pieces": _("Enter 1 to 10,000 pieces; exactly 1 where the piece has a number."),
    "piece_no": _("Enter the piece's number, from 1 to 10,000."),
    "value": _("Write the value as 16, 16.25, 3/4 or 12 3/8; a check's value has at most 200 characters."),
    "note": _("At most 1,000 characters."),
    "remark": _("At most 1,000 characters."),
    "text": _("Write 1 to 4,000 characters."),
    "caption_en": _("At most 300 characters on one line."),
    "caption_bn": _("At most 300 characters on one line."),
    "photos": _("At most 20 photos."),
    "verdict": _("Choose pass, fail, not applicable, hold or pending."),
    "reason": _("Say why, in at most 500 characters."),
    "place": _("At most 200 characters on one line."),
    "round": _("Enter the number of the round, from 1 to 48."),
    "operator": _("Write the operator's name or number, at most 60 characters on one line."),
    "operation": _("Write the operation, at most 80 characters on one line."),
    "machine": _("Write the machine, at most 40 characters on one line."),
    "actions": _("Tick only actions of the list."),
    "defects": _("Tick the defects; of each from 1 to 1,000."),
    "hour": _("Choose an hour from 0 to 23."),
    "passed": _("Enter whole pieces from 0 to 1,000."),
    "altered": _("Enter whole pieces from 0 to 1,000."),
    "rejected": _("Enter whole pieces from 0 to 1,000."),
    "recheck_passed": _("Enter whole pieces from 0 to 1,000."),
    "recheck_rejected": _("Enter whole pieces from 0 to 1,000."),
    "card_mm": _("Write the test piece in millimetres, such as 1.2."),
    "what": _("Write what was found, at most 200 characters on one line."),
    "needle": _("Write which needle broke, at most 60 characters on one line."),
    "is_whole_found": _("Say whether all pieces of the needle were found."),
    "number": _("Write a number such as 12 or 12.5."),
    "choice": _("Choose one of the answers."),
    "barcode": _("At most 64 characters on one line."),
    "roll": _("Write the roll's number, at most 40 characters on one line."),
    "length": _("Write the length as a number above 0, such as 120 or 109.7."),
    "width": _("Write the width as a number above 0, such as 60 or 152.5."),
    "length_unit": _("Choose yd or m."),
    "width_unit": _("Choose in, cm or mm."),
    "unit": _("Choose in, cm or mm."),
    "dye_lot": _("At most 40 characters on one line."),
    "shade_group": _("At most 20 characters on one line."),
    "gsm": _("Write the weight as a number, such as 180 or 182.5."),
    "shrinkage_length_pct": _("Write the change in per cent as a number, such as 3 or -1.5."),
    "shrinkage_width_pct": _("Write the change in per cent as a number, such as 3 or -1.5."),
    "at": _("Write where on the roll the flaw begins, as a number such as 12 or 12.5."),
    "runs_to": _("Write where on the roll the flaw ends, as a number such as 15."),
    "ratio": _("Enter whole pieces from 0 to 10,000 for each colour and size."),
    "barcodes": _("A barcode has at most 64 characters."),
    "gross_kg": _("Write the weight in kg, such as 12.4."),
}
# Where one name means different things.
ALLOWED_OF: Mapping[tuple[str, str], Words] = {
    ("flaw_recorded", "size"): _("Write the flaw's longest size as 2, 2.5 or 3/4."),
    ("item_answered", "answer"): _("Choose yes, no or not applicable."),
    ("item_answered", "text"): _("At most 2,000 characters."),
    ("carton_checked", "pieces"): _("Enter whole pieces from 0 to 10,000."),
}
WHOLE_WANTED = _("Enter a whole number, 0 or more.")
UNREADABLE = _("This page could not be read. Reload it and try again.")


@dataclass(slots=True)
class Group:
    """One group of a form: what it would record, and what is wrong with it."""

    name: str
    finding: Finding | None = None
    wrong: dict[str, Words] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """A group to be shown: hidden parts, values as recorded or as typed, and what is wrong."""

    name: str
    kind: str
    id: str
    supersedes: str
    values: dict[str, Any]
    wrong: dict[str, Words]
    is_recorded: bool = False


class Sent:
    """What a form sent, or nothing yet."""

    def __init__(self, data: QueryDict | None = None) -> None:
        self.data = data
        self.groups: list[Group] = []
        self.problem: Words = ""

    @property
    def names(self) -> list[str]:
        """The groups the form says it has."""
        listed = str(self.data.get("groups", "")).split() if self.data else []
        return [name for name in listed[:GROUPS_MAX] if GROUP_NAME.fullmatch(name)]

    def read(
        self,
        *,
        state: State,
        photos: Sequence[str] = (),
        severities: Mapping[str, Mapping[str, str]] | None = None,
    ) -> list[Finding]:
        """The findings to record; `groups` hold what is wrong. Unchanged and blank groups are left out."""
        for name in self.names:
            self.groups.append(self._group(name, state, photos, severities or {}))
        if not self.groups:
            self.problem = UNREADABLE
        return [group.finding for group in self.groups if group.finding and not group.wrong]

    @property
    def is_wrong(self) -> bool:
        """Whether anything has to be mended first."""
        return bool(self.problem) or any(group.wrong for group in self.groups)

    def wrong_at(self, name: str) -> dict[str, Words]:
        """What is wrong with a group, by field."""
        return next((group.wrong for group in self.groups if group.name == name), {})

    def refuse(self, paths: Mapping[str, Words]) -> None:
        """Put what the service said of `events[i].body.field` at the field concerned; how a field is written was read before."""
        sent = [group for group in self.groups if group.finding]
        for path, sentence in paths.items():
            match = re.match(r"events\[(\d+)\]\.(?:body\.)?(\w+)", path)
            if match and int(match[1]) < len(sent):
                sent[int(match[1])].wrong[match[2]] = sentence
            else:
                self.problem = sentence

    def typed(self, name: str, field: str, known: Any = "") -> Any:
        """What was typed into a field, `:int` and the like included, where its form came back; else `known`."""
        if self.data is None or name not in self.names:
            return known
        return self.data.get(f"{name}-{field}", "")

    def ticked(self, name: str, field: str, known: Sequence[Any] = ()) -> list[str]:
        """What was ticked in a field, where its form came back; else `known`."""
        if self.data is None or name not in self.names:
            return [str(one) for one in known]
        return self.data.getlist(f"{name}-{field}")

    def entry(self, name: str, kind: str, values: Mapping[str, Any], supersedes: Iterable[str] = ()) -> Entry:
        """The group `name` to be shown: recorded values, or what was typed where the form came back."""
        heads = list(supersedes)
        shown = dict(values)
        if self.data is not None and name in self.names:
            for key in shown:
                full = f"{name}-{key}"
                shown[key] = (
                    self.data.getlist(full) if key in WHOLE_LISTS | LISTS else self.data.get(full, "")
                )
        return Entry(name, kind, str(new_id()), " ".join(heads), shown, self.wrong_at(name), bool(heads))

    def _group(
        self,
        name: str,
        state: State,
        photos: Sequence[str],
        severities: Mapping[str, Mapping[str, str]],
    ) -> Group:
        data = self.data if self.data is not None else QueryDict()
        kind = data.get(f"{name}-kind", "")
        group = Group(name)
        if kind not in BODIES or kind in (SIGNED, SUBMITTED):
            self.problem = UNREADABLE
            return group
        body = _body(data, name, kind, group)
        supersedes = [s for s in data.get(f"{name}-supersedes", "").split() if ENTRY_ID.fullmatch(s)]
        sent_id = data.get(f"{name}-id", "")
        at = data.get("all-at", "")
        if photos and "photos" in BODIES[kind]:
            body["photos"] = [*body.get("photos", ()), *photos]
        if kind == "photo_attached" and photos:
            body["sha256"] = photos[0]
        if kind in SAYS and not any(part in body for part in SAYS[kind]) and not group.wrong:
            if not supersedes:
                return group
            kind, body = WITHDRAWN, {"reason": "Entry cleared"}
        if kind == "defect_recorded" and "code" in body and "severity" not in body:
            known = severities.get(body["code"], {})
            body["severity"] = known.get(body.get("zone", ""), "")
        finding = Finding(kind, body, supersedes, sent_id, at if INSTANT.fullmatch(at) else "")
        event = _checked(finding, group)
        if event is not None and not _stands(state, event):
            group.finding = Finding(kind, dict(event.body), supersedes, sent_id, finding.at)
        return group


def _structured(data: QueryDict, name: str, group: Group) -> dict[str, Any]:
    """The fields of a group whose names say how they are to be read."""
    body: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    dropped: set[tuple[str, int]] = set()
    for full in data:
        match = STRUCTURED.fullmatch(full.removeprefix(f"{name}-")) if full.startswith(f"{name}-") else None
        if match is None or not (match["row"] or match["type"]):
            continue
        field, text = match["field"], data.get(full, "").strip()
        value = _typed(data.getlist(full), match["type"] or "")
        if match["type"] in ("int", "count") and text and value is None:
            group.wrong[field] = ALLOWED.get(field, WHOLE_WANTED)
        if match["row"] is None:
            if value is not None:
                body[field] = value
            continue
        row = int(match["row"])
        if match["type"] in ("key", "count") and not text:
            dropped.add((field, row))
        if value is not None:
            rows.setdefault(field, {}).setdefault(row, {})[match["part"]] = value
    for field, parts in rows.items():
        kept = [part for row, part in sorted(parts.items()) if (field, row) not in dropped]
        if kept:
            body[field] = kept
    return body


def _typed(texts: Sequence[str], kind: str) -> Any:
    """A value as its name says; None where nothing was typed or ticked."""
    text = texts[-1].strip() if texts else ""
    if kind == "nine":
        return ["all" in texts or str(place) in texts for place in range(1, 10)]
    if kind == "bool":
        return text in ("on", "true") if text else None
    if kind in ("int", "count"):
        return _whole(text) if text else None
    if kind == "list":
        return [one for one in texts if one]
    return text or None


def _body(data: QueryDict, name: str, kind: str, group: Group) -> dict[str, Any]:
    body: dict[str, Any] = _structured(data, name, group)
    for key in BODIES[kind]:
        if key in body or key in group.wrong:
            continue
        full = f"{name}-{key}" if f"{name}-{key}" in data else f"all-{key}"
        if key in WHOLE_LISTS | LISTS:
            texts = [text for text in data.getlist(full) if text]
            if texts:
                body[key] = [_whole(text) for text in texts] if key in WHOLE_LISTS else texts
            continue
        text = data.get(full, "").replace("\r\n", "\n").strip()
        if not text:
            continue
        value: Any = _whole(text) if key in WHOLE else _as_number(key, text, kind)
        if value is None:
            group.wrong[key] = ALLOWED[key]
        else:
            body[key] = value
    return body


def _as_number(key: str, text: str, kind: str) -> str:
    """Digits of any script as ASCII where a number is meant; a comma is a decimal comma (12,5 is 12.5)."""
    if key not in NUMBERS and (kind, key) not in LENGTHS:
        return text
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)
    return plain.replace(",", ".").replace("−", "-").removeprefix("+") if key in NUMBERS else plain


def _allowed(kind: str, key: str) -> Words:
    """What may stand in a field."""
    return ALLOWED_OF.get((kind, key)) or ALLOWED.get(key, UNREADABLE)


def _whole(text: str) -> int | None:
    """A whole number as people type it: Bangla digits, 1,000 and 1 000 too."""
    plain = "".join(text.split()).replace(",", "")
    return int(plain) if plain.isdecimal() and len(plain) < 12 else None


def _checked(finding: Finding, group: Group) -> Event | None:
    """The event this would be, or None with what is wrong put at the group's fields."""
    try:
        return parse_event(
            {
                "id": finding.id or str(new_id()),
                "kind": finding.kind,
                "at": "2000-01-01T00:00:00Z",
                "by": "page",
                "device": "page",
                "body": finding.body,
                "supersedes": list(finding.supersedes),
            }
        )
    except EventError as error:
        for problem in error.problems:
            key = problem.path.removeprefix("body.").partition("[")[0]
            group.wrong.setdefault(key, _allowed(finding.kind, key))
        return None


def _stands(state: State, event: Event) -> bool:
    """Whether exactly this is on record already under its key, so that saving a grid records only changes."""
    if event.kind not in ("quantity_counted", "piece_measured", "section_concluded"):
        return False
    keys = {
        "quantity_counted": ("colour", "size"),
        "piece_measured": ("piece_no", "pom", "wash"),
        "section_concluded": ("section",),
    }[event.kind]
    held = state.value(event.kind, *(event.body[key] for key in keys if key in event.body))
    return held is not None and dict(held) == dict(event.body)

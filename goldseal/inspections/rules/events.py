"""Events of an inspection: reading them strictly and fingerprinting them.

An event is what one person recorded on one device: it is never edited, only superseded by a later event or
withdrawn. Its id is a UUIDv7 made on the device; `at` is that device's clock and serves for display only.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import orjson

from goldseal.inspections.rules.bodies import BODIES
from goldseal.inspections.rules.fields import Field, RefusedError, list_of, pattern, text, uuid7

KINDS = tuple(BODIES)
BATCH_MAX = 5000
SUPERSEDES_MAX = 100


class Problem(NamedTuple):
    """One thing wrong: where (a field path such as `body.pieces`) and what is allowed there."""

    path: str
    message: str


class EventError(ValueError):
    """Events that cannot be read; `problems` names every place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{path} {message}" for path, message in self.problems))


class EventMismatchError(ValueError):
    """One id was used for two different events; neither may silently win."""

    def __init__(self, event_id: str) -> None:
        self.event_id = event_id
        super().__init__(
            f"Event {event_id} was already received with different content; give a new event a new id"
        )


@dataclass(frozen=True)
class Event:
    """One checked event. `body` holds plain JSON values as `bodies.BODIES` allows for the kind."""

    id: str
    kind: str
    at: str
    by: str
    device: str
    body: Mapping[str, Any]
    supersedes: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """The event as a JSON object, as it is stored, sent and hashed."""
        return {
            "id": self.id,
            "kind": self.kind,
            "at": self.at,
            "by": self.by,
            "device": self.device,
            "body": dict(self.body),
            "supersedes": list(self.supersedes),
        }

    def digest(self) -> str:
        """SHA-256 in hex over the canonical JSON (RFC 8785) of the record."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(canonical(self.record())).hexdigest()


def canonical(record: Mapping[str, Any]) -> bytes:
    """The canonical JSON of RFC 8785 for what events hold: text, whole numbers, switches, lists, objects.

    Without fractions and with ASCII names this writer comes to the same bytes (a test compares them with the
    rfc8785 package), many times as fast.
    """
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS)


def _instant(value: Any) -> str:
    """An instant in UTC; the calendar is checked too, so 30 February is refused."""
    kept: str = _INSTANT(value)
    try:
        datetime.fromisoformat(kept)
    except ValueError:
        raise RefusedError("must be a date and time that exists") from None
    return kept


_INSTANT = pattern(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z",
    "an instant in UTC such as 2026-03-14T09:30:00Z",
)
_ENVELOPE: Mapping[str, Field] = {
    "id": Field(uuid7),
    "kind": Field(lambda value: value),
    "at": Field(_instant),
    "by": Field(text(64)),
    "device": Field(text(64)),
    "body": Field(lambda value: value),
    "supersedes": Field(list_of(uuid7, most=SUPERSEDES_MAX), is_required=False, default=()),
}


def parse_event(raw: object, *, place: str = "") -> Event:
    """Read one event from a JSON object; `place` is put before the path of every problem.

    Absent and null optional fields are the same. Raises EventError with all problems at once.
    """
    problems: list[Problem] = []
    if not isinstance(raw, Mapping):
        raise EventError([Problem(place or "event", "must be an object with id, kind, at, by, device, body")])
    prefix = f"{place}." if place else ""
    envelope = _read(raw, _ENVELOPE, prefix, problems)
    kind, body = envelope.get("kind"), envelope.get("body")
    checked: dict[str, Any] = {}
    if "kind" in envelope and (not isinstance(kind, str) or kind not in BODIES):
        problems.append(Problem(f"{prefix}kind", f"must be one of {', '.join(KINDS)}"))
    elif "body" in envelope and not isinstance(body, Mapping):
        problems.append(Problem(f"{prefix}body", "must be an object"))
    elif isinstance(kind, str) and isinstance(body, Mapping):
        checked = _read(body, BODIES[kind], f"{prefix}body.", problems)
        problems += _across(kind, checked, envelope, prefix)
    if problems:
        raise EventError(problems)
    return Event(
        id=envelope["id"],
        kind=str(kind),
        at=envelope["at"],
        by=envelope["by"],
        device=envelope["device"],
        body=checked,
        supersedes=tuple(envelope["supersedes"]),
    )


def parse_events(raw: object) -> tuple[Event, ...]:
    """Read a batch of events from a JSON array of at most 5000; paths begin with `events[i]`."""
    if not isinstance(raw, list | tuple) or len(raw) > BATCH_MAX:
        raise EventError([Problem("events", f"must be a list of at most {BATCH_MAX} events")])
    events: list[Event] = []
    problems: list[Problem] = []
    for index, item in enumerate(raw):
        try:
            events.append(parse_event(item, place=f"events[{index}]"))
        except EventError as error:
            problems += error.problems
    if problems:
        raise EventError(problems)
    return tuple(events)


def unique_events(events: Iterable[Event]) -> dict[str, Event]:
    """The events by id, in order of id. A repeated event counts once; raises EventMismatchError for a false repeat."""
    known: dict[str, Event] = {}
    for event in events:
        if known.setdefault(event.id, event) != event:
            raise EventMismatchError(event.id)
    return dict(sorted(known.items()))


def set_hash(events: Iterable[Event]) -> str:
    """SHA-256 in hex over a set of events: lines "id digest\\n" in order of id, ASCII."""
    return hash_in_order(unique_events(events).values())


def hash_in_order(events: Iterable[Event]) -> str:
    """`set_hash` of events that are known to be unique and in order of id."""
    lines = "".join([f"{event.id} {event.digest()}\n" for event in events])
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


def _read(
    raw: Mapping[Any, Any], fields: Mapping[str, Field], prefix: str, problems: list[Problem]
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in () if raw.keys() <= fields.keys() else raw:
        if name not in fields:
            shown = str(name)[:40].encode("ascii", "backslashreplace").decode("ascii")
            problems.append(
                Problem(f"{prefix}{shown}", f"is not a field here; allowed are {', '.join(fields)}")
            )
    for name, field in fields.items():
        value = raw.get(name)
        if value is None:
            if field.is_required:
                problems.append(Problem(f"{prefix}{name}", "is missing"))
            elif field.default is not None:
                kept[name] = list(field.default) if isinstance(field.default, tuple) else field.default
            continue
        try:
            kept[name] = field.check(value)
        except RefusedError as refused:
            problems.append(Problem(f"{prefix}{name}{refused.place}", refused.allowed))
    return kept


def _across(
    kind: str, body: Mapping[str, Any], envelope: Mapping[str, Any], prefix: str
) -> Iterable[Problem]:
    """Rules that concern more than one field."""
    supersedes = envelope.get("supersedes", [])
    if envelope.get("id") in supersedes:
        yield Problem(f"{prefix}supersedes", "must not name the event itself")
    if kind == "event_withdrawn" and "supersedes" in envelope and not supersedes:
        yield Problem(f"{prefix}supersedes", "must name the events that are withdrawn")
    if kind == "submitted" and supersedes:
        yield Problem(f"{prefix}supersedes", "must be empty: a submission is final")
    if kind == "defect_recorded" and body.get("piece_no") is not None and body.get("pieces", 1) != 1:
        yield Problem(f"{prefix}body.pieces", "must be 1 where piece_no names the piece")

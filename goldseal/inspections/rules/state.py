"""From a set of events to the state of an inspection: the same for every order, repetition and batching.

An event is *live* while no event of the record supersedes it. What it says is kept under a key: a field that
holds one value (an answer, a measured point, a section's verdict) is keyed by its name; an item of a list (a
defect, a photo, a remark) by its thread, the events that supersede one another. Two live events that say
different things under one key are a conflict: both are kept and a person chooses by superseding both. The
comparison is always with what both superseded, never with arrival or clock time.

A submission names the events it covers. They alone are the record; whatever else arrives is an addendum.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from goldseal.inspections.rules.events import Event, Problem, hash_in_order, set_hash, unique_events

WITHDRAWN = "event_withdrawn"
SUBMITTED = "submitted"
SIGNED = "signed"

Key = tuple[str | int, ...]

# Kinds that hold one value per key, and the body fields that make the key; a field that is left out of
# the body is left out of the key. `signed` adds the signer.
_FIELD_KEYS: Mapping[str, tuple[str, ...]] = {
    "inspection_started": (),
    "quantity_counted": ("colour", "size"),
    "check_answered": ("section", "check"),
    "piece_measured": ("piece_no", "pom", "wash"),
    "section_concluded": ("section",),
    "readiness_confirmed": (),
    "second_sample_started": (),
    "item_answered": ("item",),
    "roll_inspected": ("roll",),
    "pieces_scanned": ("machine", "hour"),
    "carton_checked": ("carton",),
    SIGNED: ("role",),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under one key: the live events, and the value they agree on.

    `value` is None while they disagree (`is_conflict`) and where all that is live is a withdrawal.
    """

    kind: str
    key: Key
    heads: tuple[Event, ...]
    value: Mapping[str, Any] | None
    is_conflict: bool

    @property
    def head_ids(self) -> list[str]:
        """The ids that a correction of this entry has to supersede."""
        return [event.id for event in self.heads]

    @property
    def says_something(self) -> bool:
        """Whether anything live is not a withdrawal."""
        return any(event.kind != WITHDRAWN for event in self.heads)

    @property
    def candidates(self) -> tuple[Mapping[str, Any], ...]:
        """The values of the live events, withdrawals left out; several differ only in a conflict."""
        return tuple(event.body for event in self.heads if event.kind != WITHDRAWN)


@dataclass(frozen=True, slots=True)
class State:
    """The state of one inspection.

    `content_hash` is the set hash of the record without signatures and submission: what a signature binds to.
    `missing` are ids that the submission covers and that have not arrived. `problems` are contradictions that
    no correction mends, such as an event that supersedes one of another kind; such a claim has no effect.
    """

    entries: Mapping[str, Mapping[Key, Entry]]
    submission: Event | None
    addenda: tuple[Event, ...]
    missing: tuple[str, ...]
    problems: tuple[Problem, ...]
    content_hash: str

    @property
    def conflicts(self) -> tuple[Entry, ...]:
        """Entries where two people recorded different things; a person has to choose."""
        return tuple(
            entry for of_kind in self.entries.values() for entry in of_kind.values() if entry.is_conflict
        )

    @property
    def is_complete(self) -> bool:
        """Whether the record is submitted and everything it covers has arrived."""
        return self.submission is not None and not self.missing

    @property
    def cartons_opened(self) -> tuple[int, ...]:
        """Every carton that was opened, ascending."""
        opened = (body["cartons"] for entry in self.of_kind("cartons_opened") for body in entry.candidates)
        return tuple(sorted({number for cartons in opened for number in cartons}))

    def of_kind(self, kind: str) -> tuple[Entry, ...]:
        """The entries of one kind that still say something, in order of key."""
        return tuple(entry for entry in self.entries.get(kind, {}).values() if entry.says_something)

    def values(self, kind: str) -> tuple[Mapping[str, Any], ...]:
        """The agreed values of one kind, in order of key; entries in conflict are left out."""
        return tuple(entry.value for entry in self.of_kind(kind) if entry.value is not None)

    def value(self, kind: str, *key: str | int) -> Mapping[str, Any] | None:
        """The agreed value under one key, or None."""
        entry = self.entries.get(kind, {}).get(key)
        return entry.value if entry else None

    def heads(self, kind: str, *key: str | int) -> list[str]:
        """The ids that an event under this key has to supersede so that it corrects and does not conflict."""
        entry = self.entries.get(kind, {}).get(key)
        return entry.head_ids if entry else []

    def is_current(self, signature: Mapping[str, Any]) -> bool:
        """Whether a signature's body still binds to the record as it stands."""
        return bool(signature["set_hash"] == self.content_hash)


def apply_events(events: Iterable[Event], *, accepted_submission: str | None = None) -> State:
    """Derive the state from the set of events.

    `accepted_submission` is the id of the submission that was accepted and sealed first; without it the
    smallest id among several stands. Raises EventMismatchError where one id names two different events.
    """
    known = unique_events(events)
    problems: list[Problem] = []
    submission = _choose_submission(known, accepted_submission, problems)
    record, missing = _record(known, submission, problems)
    dead, edges = _superseded(record, problems)
    threads = _threads(record, edges)
    heads: defaultdict[tuple[str, Key], list[Event]] = defaultdict(list)
    for event in record.values():
        if event.id in dead or event.kind == SUBMITTED:
            continue
        for place in _places(event, record, threads):
            heads[place].append(event)
    entries: defaultdict[str, dict[Key, Entry]] = defaultdict(dict)
    for (kind, key), live in sorted(heads.items(), key=lambda item: (item[0][0], _sortable(item[0][1]))):
        entries[kind][key] = _entry(kind, key, live)
    return State(
        entries=dict(entries),
        submission=submission,
        addenda=tuple(event for event in known.values() if event.id not in record),
        missing=missing,
        problems=tuple(problems),
        content_hash=hash_in_order(
            record[key] for key in sorted(record) if record[key].kind not in (SIGNED, SUBMITTED)
        ),
    )


def submission_body(events: Iterable[Event]) -> dict[str, Any]:
    """The body of a submission that covers exactly these events."""
    covered = unique_events(event for event in events if event.kind != SUBMITTED)
    return {"covers": list(covered), "set_hash": set_hash(covered.values())}


def _choose_submission(
    known: Mapping[str, Event], accepted: str | None, problems: list[Problem]
) -> Event | None:
    submissions = [event for event in known.values() if event.kind == SUBMITTED]
    if accepted is not None:
        chosen = next((event for event in submissions if event.id == accepted), None)
        if chosen is None:
            problems.append(Problem(accepted, "is the accepted submission, which is not among the events"))
    else:
        chosen = submissions[0] if submissions else None
    for event in submissions:
        if chosen is not None and event.id != chosen.id:
            problems.append(
                Problem(event.id, "submits an inspection that was submitted already; kept as addendum")
            )
    return chosen


def _record(
    known: Mapping[str, Event], submission: Event | None, problems: list[Problem]
) -> tuple[dict[str, Event], tuple[str, ...]]:
    if submission is None:
        return {key: event for key, event in known.items() if event.kind != SUBMITTED}, ()
    covers = submission.body["covers"]
    record = {key: known[key] for key in covers if key in known and known[key].kind != SUBMITTED}
    missing = tuple(key for key in covers if key not in known)
    if not missing and set_hash(record.values()) != submission.body["set_hash"]:
        problems.append(Problem(submission.id, "covers events whose content differs from its set hash"))
    record[submission.id] = submission
    return record, missing


def _superseded(
    record: Mapping[str, Event], problems: list[Problem]
) -> tuple[set[str], list[tuple[str, str]]]:
    """The ids that are no longer live, and the valid (later, earlier) pairs, unknown earlier ids included."""
    dead: set[str] = set()
    edges: list[tuple[str, str]] = []
    for event in record.values():
        for target in event.supersedes:
            earlier = record.get(target)
            if earlier is None or event.kind == earlier.kind or WITHDRAWN in (event.kind, earlier.kind):
                edges.append((event.id, target))
                if earlier is not None:
                    dead.add(target)
            else:
                problems.append(Problem(event.id, f"cannot supersede {target}, which is a {earlier.kind}"))
    return dead, edges


def _threads(record: Mapping[str, Event], edges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """For every event that is an item of a list, the smallest id of its thread; one alone is its own and not listed."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while (up := parent.get(node, node)) != node:
            parent[node] = parent.get(up, up)
            node = up
        return node

    for later, earlier in edges:
        # One withdrawal may end several items; it must not tie them into one thread.
        if record[later].kind != WITHDRAWN and (earlier not in record or record[earlier].kind != WITHDRAWN):
            first, second = sorted((root(later), root(earlier)))
            parent[second] = first
    # An item that restores a withdrawn one continues the thread of what was withdrawn.
    for later, earlier in edges:
        if record[later].kind != WITHDRAWN and earlier in record and record[earlier].kind == WITHDRAWN:
            for withdrawn in record[earlier].supersedes:
                if withdrawn in record and record[withdrawn].kind == record[later].kind:
                    first, second = sorted((root(later), root(withdrawn)))
                    parent[second] = first
                    break
    return {key: root(key) for key in list(parent)}


def _places(event: Event, record: Mapping[str, Event], threads: Mapping[str, str]) -> set[tuple[str, Key]]:
    """Where an event speaks: under its own key, or for a withdrawal under the keys of what it withdraws."""
    if event.kind != WITHDRAWN:
        return {(event.kind, _key(event, threads))}
    targets = (record[target] for target in event.supersedes if target in record)
    return {
        (target.kind, _key(target, threads))
        for target in targets
        if target.kind not in (WITHDRAWN, SUBMITTED)
    }


def _key(event: Event, threads: Mapping[str, str]) -> Key:
    fields = _FIELD_KEYS.get(event.kind)
    if fields is None:
        return (threads.get(event.id, event.id),)
    key: Key = tuple(event.body[name] for name in fields if name in event.body)
    return (*key, event.by) if event.kind == SIGNED else key


def _entry(kind: str, key: Key, live: list[Event]) -> Entry:
    if len(live) == 1:  # nearly always
        return Entry(kind, key, (live[0],), None if live[0].kind == WITHDRAWN else live[0].body, False)
    heads = tuple(sorted(live, key=lambda event: event.id))
    said = [None if event.kind == WITHDRAWN else event.body for event in heads]
    is_conflict = any(other != said[0] for other in said[1:])
    return Entry(kind, key, heads, None if is_conflict else said[0], is_conflict)


def _sortable(key: Key) -> tuple[tuple[bool, str | int], ...]:
    return tuple((isinstance(part, str), part) for part in key)

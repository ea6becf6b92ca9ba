"""Writes floor/cases/state.json: histories of events with the state each adds up to, read by pytest and vitest.

What is expected is worked out here from the definition, by a path of its own: threads as connected parts of a
graph, digests by the rfc8785 package, the spelling that is kept made first and the one that is sent from it.
Neither goldseal/inspections/rules/state.py nor floor/src/core/state.ts is asked.
"""

import hashlib
import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import rfc8785

OUT = Path(__file__).resolve().parents[1] / "floor" / "cases" / "state.json"
HISTORIES = 60
SEED = 20260314
Record = dict[str, Any]

FIELD_KEYS: Mapping[str, tuple[str, ...]] = {
    "inspection_started": (),
    "quantity_counted": ("colour", "size"),
    "check_answered": ("section", "check"),
    "piece_measured": ("piece_no", "pom", "wash"),
    "section_concluded": ("section",),
    "readiness_confirmed": (),
    "signed": ("role",),
}
COLOURS = ("Navy", "নীল", "Écru", "Red 😀", "Red \ufb01", "Sand")
ROLES = ("inspector", "qa")


def uid(number: int) -> str:
    return f"018f3b1c-7a2e-7c1d-9b4f-{number:012x}"


def body_of(rng: random.Random, kind: str) -> Record:
    """A body in the spelling that is kept."""
    if kind == "defect_recorded":
        found: Record = {
            "code": rng.choice(("SW03", "FB01")),
            "severity": rng.choice(("critical", "major", "minor")),
            "pieces": rng.choice((1, 1, 2)),
            "photos": sorted(rng.sample([f"{n:064x}" for n in (10, 9, 255)], rng.randrange(3))),
        }
        if rng.random() < 0.4:
            found["note"] = rng.choice(('"quoted" \\ slash', "two\nlines\tand a tab", "ভাঙা সেলাই"))
        return found
    if kind == "quantity_counted":
        return {
            "colour": rng.choice(COLOURS),
            "size": rng.choice("ML"),
            "made": 10,
            "packed": rng.randrange(8, 10),
        }
    if kind == "check_answered":
        answer = rng.choice(("pass", "fail", "na"))
        return {
            "section": "packing",
            "check": rng.choice(("carton_mark", "polybag")),
            "answer": answer,
            "photos": [],
        }
    if kind == "piece_measured":
        kept = {
            "piece_no": rng.choice((1, 2, 10)),
            "size": "M",
            "pom": "P01",
            "value": rng.choice(("53", "12 3/8")),
            "unit": "in",
        }
        return kept | ({"wash": "after"} if rng.random() < 0.3 else {})
    if kind == "section_concluded":
        return {"section": rng.choice(("packing", "workmanship")), "verdict": rng.choice(("pass", "fail"))}
    if kind == "cartons_opened":
        return {"cartons": sorted(rng.sample((2, 10, 100, 9), 2))}
    if kind == "signed":
        return {
            "printed_name": "A B",
            "role": rng.choice(ROLES),
            "meaning": "Inspected",
            "set_hash": "0" * 64,
        }
    if kind == "inspection_started":
        return {"place": rng.choice(("Hall 1", "Hall 2"))}
    return {"reason": "tapped by mistake"}


KINDS = (
    *("defect_recorded",) * 3, "quantity_counted", "check_answered", "piece_measured", "section_concluded",
    "cartons_opened", "signed", "inspection_started",
)  # fmt: skip


def history(rng: random.Random) -> list[Record]:
    """Events of two devices that correct, withdraw and restore one another, a few with ids that never arrive."""
    events: list[Record] = []
    numbers = rng.sample(range(1, 60), rng.randrange(1, 16))
    for number in numbers:
        earlier = [event for event in events if rng.random() < 0.5]
        kind, supersedes = rng.choice(KINDS), list[str]()
        roll = rng.random()
        if earlier and roll < 0.25:
            kind, supersedes = (
                "event_withdrawn",
                [one["id"] for one in rng.sample(earlier, min(len(earlier), rng.choice((1, 1, 2))))],
            )
        elif earlier and roll < 0.65:
            target = rng.choice(earlier)
            if target["kind"] == "event_withdrawn":
                kind = _restored(rng.choice(target["supersedes"]), events) or kind
            else:
                kind = target["kind"]
            supersedes = [target["id"]]
        elif roll < 0.7:
            supersedes = [uid(900 + rng.randrange(3))]
        elif earlier and roll < 0.73:
            supersedes = [rng.choice(earlier)["id"]]
        body = body_of(rng, kind)
        if kind == "defect_recorded" and supersedes and rng.random() < 0.3:
            body = next(
                (one["body"] for one in events if one["id"] in supersedes and one["kind"] == kind), body
            )
        events.append(
            {
                "id": uid(number),
                "kind": kind,
                "at": f"2026-03-14T09:{number:02d}:00Z",
                "by": rng.choice(("u1", "u2")),
                "device": "floor:0a1b2c3d:7",
                "body": body,
                "supersedes": sorted(supersedes),
            }
        )
    if rng.random() < 0.3:
        covered = [event for event in events if rng.random() < 0.8] or events[:1]
        true_hash = hash_of(covered)
        covers = sorted([event["id"] for event in covered] + ([uid(950)] if rng.random() < 0.3 else []))
        for number in (70, 71)[: rng.choice((1, 1, 2))]:
            said = true_hash if rng.random() < 0.7 else "f" * 64
            events.append(
                {
                    "id": uid(number), "kind": "submitted", "at": "2026-03-14T10:00:00Z", "by": "u1",
                    "device": "floor:0a1b2c3d:8", "body": {"covers": covers, "set_hash": said}, "supersedes": [],
                }
            )  # fmt: skip
    return events


def _restored(withdrawn: str, events: list[Record]) -> str:
    """The kind of what was withdrawn, so that it can be recorded again; "" where it never arrived."""
    kinds = [one["kind"] for one in events if one["id"] == withdrawn]
    return kinds[0] if kinds and kinds[0] != "event_withdrawn" else ""


def sent(rng: random.Random, event: Record) -> Record:
    """The same event as a careless sender spells it: spaces around text, defaults left out, lists in any order."""
    body = dict(event["body"])
    for name in ("note", "place", "colour", "reason"):
        if name in body and rng.random() < 0.5:
            body[name] = f" {body[name]} "
    if body.get("photos") == [] and rng.random() < 0.7:
        del body["photos"]
    if event["kind"] == "defect_recorded" and body["pieces"] == 1 and rng.random() < 0.5:
        body["pieces"] = None
    for name in ("photos", "cartons"):
        if name in body:
            body[name] = rng.sample(body[name], len(body[name]))
    return event | {"body": body}


def digest(event: Record) -> str:
    return hashlib.sha256(rfc8785.dumps(event)).hexdigest()


def hash_of(events: Iterable[Record]) -> str:
    lines = "".join(f"{event['id']} {digest(event)}\n" for event in sorted(events, key=lambda one: one["id"]))
    return hashlib.sha256(lines.encode()).hexdigest()


def expected(events: list[Record]) -> Record:
    """The state by definition."""
    known = {event["id"]: event for event in sorted(events, key=lambda one: one["id"])}
    submissions = [event for event in known.values() if event["kind"] == "submitted"]
    problems = [
        [event["id"], "submits an inspection that was submitted already; kept as addendum"]
        for event in submissions[1:]
    ]
    submission, missing = (submissions[0] if submissions else None), list[str]()
    record = {key: event for key, event in known.items() if event["kind"] != "submitted"}
    if submission:
        covers = submission["body"]["covers"]
        record = {key: event for key, event in record.items() if key in covers}
        missing = [key for key in covers if key not in known]
        if not missing and hash_of(record.values()) != submission["body"]["set_hash"]:
            problems.append([submission["id"], "covers events whose content differs from its set hash"])
    content = hash_of(event for event in record.values() if event["kind"] != "signed")
    in_force = {
        (e["id"], t) for e in record.values() for t in e["supersedes"] if _may_supersede(e, record.get(t))
    }
    for event in record.values():
        for target in event["supersedes"]:
            if (event["id"], target) not in in_force:
                problems.append(
                    [event["id"], f"cannot supersede {target}, which is a {record[target]['kind']}"]
                )
    heads: dict[tuple[str, tuple[Any, ...]], list[Record]] = {}
    for event in record.values():
        if not any(target == event["id"] for _, target in in_force):
            for place in _places(event, record, in_force):
                heads.setdefault(place, []).append(event)
    return {
        "entries": [
            _entry(place, live) for place, live in sorted(heads.items(), key=lambda one: _order(one[0]))
        ],
        "addenda": [key for key in known if key not in record and known[key] is not submission],
        "missing": missing,
        "problems": sorted(problems),
        "content_hash": content,
    }


def _may_supersede(later: Record, earlier: Record | None) -> bool:
    return (
        earlier is None
        or later["kind"] == earlier["kind"]
        or "event_withdrawn" in (later["kind"], earlier["kind"])
    )


def _places(event: Record, record: Mapping[str, Record], in_force: set[tuple[str, str]]) -> set[Any]:
    spoken_of = [event]
    if event["kind"] == "event_withdrawn":
        spoken_of = [
            record[t] for t in event["supersedes"] if t in record and record[t]["kind"] != "event_withdrawn"
        ]
    return {(one["kind"], _key(one, record, in_force)) for one in spoken_of}


def _key(event: Record, record: Mapping[str, Record], in_force: set[tuple[str, str]]) -> tuple[Any, ...]:
    fields = FIELD_KEYS.get(event["kind"])
    if fields is None:
        return (min(_thread(event["id"], record, in_force)),)
    key = tuple(event["body"][name] for name in fields if name in event["body"])
    return (*key, event["by"]) if event["kind"] == "signed" else key


def _thread(start: str, record: Mapping[str, Record], in_force: set[tuple[str, str]]) -> set[str]:
    """Everything that can be walked to from one event over what ties two events together."""
    ties = set()
    for later, earlier in in_force:
        if record[later]["kind"] == "event_withdrawn":
            continue
        if earlier in record and record[earlier]["kind"] == "event_withdrawn":
            restored = [
                t
                for t in record[earlier]["supersedes"]
                if t in record and record[t]["kind"] == record[later]["kind"]
            ]
            ties |= {(later, one) for one in restored[:1]}
        else:
            ties.add((later, earlier))
    found = {start}
    while more := {b for pair in ties for a, b in (pair, pair[::-1]) if a in found} - found:
        found |= more
    return found


def _entry(place: tuple[str, tuple[Any, ...]], live: list[Record]) -> list[Any]:
    said = [None if event["kind"] == "event_withdrawn" else event["body"] for event in live]
    is_conflict = any(one != said[0] for one in said)
    return [
        place[0],
        list(place[1]),
        [event["id"] for event in live],
        None if is_conflict else said[0],
        is_conflict,
    ]


def _order(place: tuple[str, tuple[Any, ...]]) -> Any:
    return place[0], tuple((isinstance(part, str), part) for part in place[1])


def main() -> None:
    rng = random.Random(SEED)
    lines = []
    for number in range(HISTORIES):
        kept = history(rng)
        case = {
            "name": f"history {number}",
            "events": [sent(rng, event) for event in kept],
            "digests": {event["id"]: digest(event) for event in kept},
            "expected": expected(kept),
        }
        lines.append(json.dumps(case, ensure_ascii=False))
    OUT.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()

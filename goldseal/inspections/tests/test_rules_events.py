"""Events are read strictly; their state depends on the set alone and never loses an update."""

import hashlib
import json
import random
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import events as ev
from goldseal.inspections.rules.state import State, apply_events, submission_body

DEFECT = {"code": "SW03", "severity": "major", "zone": "A", "colour": "Navy", "size": "M", "carton": 4}


def uid(number: int) -> str:
    return f"018f3b1c-7a2e-7c1d-9b4f-{number:012x}"


def raw(number: int, kind: str, body: dict[str, Any], *supersedes: int, by: str = "u1") -> dict[str, Any]:
    return {
        "id": uid(number),
        "kind": kind,
        "at": "2026-03-14T09:30:00Z",
        "by": by,
        "device": "phone-1",
        "body": body,
        "supersedes": [uid(target) for target in supersedes],
    }


def event(number: int, kind: str, body: dict[str, Any], *supersedes: int, by: str = "u1") -> ev.Event:
    return ev.parse_event(raw(number, kind, body, *supersedes, by=by))


def check(number: int, answer: str, *supersedes: int, name: str = "carton_mark", by: str = "u1") -> ev.Event:
    return event(
        number, "check_answered", {"section": "packing", "check": name, "answer": answer}, *supersedes, by=by
    )


def withdrawal(number: int, *supersedes: int) -> ev.Event:
    return event(number, "event_withdrawn", {"reason": "tapped by mistake"}, *supersedes)


def refused(data: Any) -> dict[str, str]:
    with pytest.raises(ev.EventError) as caught:
        ev.parse_event(data)
    return {problem.path: problem.message for problem in caught.value.problems}


# Reading


def test_an_event_is_read_and_its_defaults_are_filled_in() -> None:
    read = ev.parse_event(raw(1, "defect_recorded", DEFECT))
    assert read.body["pieces"] == 1
    assert read.body["photos"] == []
    assert ev.parse_event(json.loads(json.dumps(read.record()))) == read


def test_every_problem_is_named_at_once_with_its_place() -> None:
    body = {"code": "sw 3", "severity": "severe", "pieces": 0, "zone": "D", "piece": 3, "photos": ["x"]}
    problems = refused(raw(1, "defect_recorded", body) | {"at": "yesterday"})
    assert set(problems) == {
        "at",
        "body.code",
        "body.severity",
        "body.pieces",
        "body.zone",
        "body.piece",
        "body.photos[0]",
    }
    assert problems["body.severity"] == "must be one of critical, major, minor"
    assert problems["body.pieces"] == "must be a whole number from 1 to 10000 (got 0)"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": "018f3b1c-7a2e-4c1d-9b4f-000000000001"}, "id"),  # version 4
        ({"id": uid(1).upper()}, "id"),
        ({"kind": "defect_deleted"}, "kind"),
        ({"kind": ["defect_recorded"]}, "kind"),
        ({"at": "2026-02-30T09:30:00Z"}, "at"),
        ({"at": "2026-03-14T09:30:00+06:00"}, "at"),
        ({"by": ""}, "by"),
        ({"device": "x" * 65}, "device"),
        ({"body": []}, "body"),
        ({"supersedes": [uid(1)]}, "supersedes"),
        ({"supersedes": ["x"]}, "supersedes[0]"),
        ({"supersedes": [uid(2), uid(2)]}, "supersedes"),
        ({"extra": 1}, "extra"),
        ({"body": DEFECT | {"note": "nul \x00"}}, "body.note"),
        ({"body": DEFECT | {"note": "\ud800"}}, "body.note"),
        ({"body": DEFECT | {"note": "x" * 1001}}, "body.note"),
        ({"body": DEFECT | {"pieces": True}}, "body.pieces"),
        ({"body": DEFECT | {"pieces": 1.0}}, "body.pieces"),
        ({"body": DEFECT | {"pieces": 2, "piece_no": 7}}, "body.pieces"),
    ],
)
def test_what_is_refused(change: dict[str, Any], path: str) -> None:
    assert list(refused(raw(1, "defect_recorded", DEFECT) | change)) == [path]


def test_what_is_absent_or_null_is_missing() -> None:
    assert refused({"kind": "signed", "id": None})["id"] == "is missing"
    assert refused("nonsense")["event"].startswith("must be an object")
    assert "body.value" in refused(
        raw(1, "piece_measured", {"piece_no": 1, "size": "M", "pom": "P1", "unit": "cm", "value": "12 3"})
    )
    assert "supersedes" in refused(raw(1, "event_withdrawn", {"reason": "mistake"}))


def test_a_batch_names_the_event() -> None:
    with pytest.raises(ev.EventError, match=r"events\[1\]\.body\.severity must be one of"):
        ev.parse_events(
            [raw(1, "defect_recorded", DEFECT), raw(2, "defect_recorded", DEFECT | {"severity": "x"})]
        )
    with pytest.raises(ev.EventError, match="at most 5000"):
        ev.parse_events("x")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda part: (
            st.lists(part)
            | st.dictionaries(
                st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(list(raw(1, "x", {}))),
                part,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_does_more_than_raise_event_error(data: Any) -> None:
    with pytest.raises(ev.EventError):
        ev.parse_event(data)


def test_the_digest_is_sha256_of_canonical_json() -> None:
    one = check(1, "pass")
    # Written by hand: keys ascending, no spaces (RFC 8785).
    text = (
        '{"at":"2026-03-14T09:30:00Z","body":{"answer":"pass","check":"carton_mark","photos":[],'
        f'"section":"packing"}},"by":"u1","device":"phone-1","id":"{uid(1)}","kind":"check_answered","supersedes":[]}}'
    )
    assert one.digest() == hashlib.sha256(text.encode()).hexdigest()
    line = f"{uid(1)} {one.digest()}\n"
    assert ev.set_hash([one, one]) == hashlib.sha256(line.encode()).hexdigest()


# State


def test_a_correction_replaces_and_a_withdrawal_removes() -> None:
    first, second = (
        event(1, "defect_recorded", DEFECT),
        event(2, "defect_recorded", DEFECT | {"pieces": 3}, 1),
    )
    assert [body["pieces"] for body in apply_events([first, second]).values("defect_recorded")] == [3]
    assert apply_events([first, second, withdrawal(3, 2)]).of_kind("defect_recorded") == ()


def test_the_same_id_with_other_content_is_refused() -> None:
    with pytest.raises(ev.EventMismatchError, match=uid(1)):
        apply_events([check(1, "pass"), check(1, "fail")])


def test_concurrent_corrections_are_both_kept_until_a_person_chooses() -> None:
    base = [check(1, "pass"), check(2, "fail", 1, by="u2"), check(3, "hold", 1, by="u3")]
    state = apply_events(base)
    (conflict,) = state.conflicts
    assert [body["answer"] for body in conflict.candidates] == ["fail", "hold"]
    assert state.value("check_answered", "packing", "carton_mark") is None
    # A later correction of one branch does not end the conflict with the other.
    assert apply_events([*base, check(4, "na", 2, by="u2")]).conflicts
    assert state.heads("check_answered", "packing", "carton_mark") == [uid(2), uid(3)]
    settled = apply_events([*base, check(5, "fail", 2, 3)])
    assert not settled.conflicts
    assert settled.values("check_answered")[0]["answer"] == "fail"


def test_two_who_say_the_same_agree() -> None:
    state = apply_events([check(1, "pass"), check(2, "pass", by="u2")])
    assert not state.conflicts
    assert state.values("check_answered")[0]["answer"] == "pass"


def test_a_defect_corrected_by_two_is_one_defect_in_conflict() -> None:
    state = apply_events(
        [
            event(1, "defect_recorded", DEFECT),
            event(2, "defect_recorded", DEFECT | {"pieces": 2}, 1),
            event(3, "defect_recorded", DEFECT | {"pieces": 5}, 1, by="u2"),
        ]
    )
    assert len(state.of_kind("defect_recorded")) == len(state.conflicts) == 1


def test_withdrawing_against_a_correction_is_a_conflict_and_can_be_restored() -> None:
    base = [
        event(1, "defect_recorded", DEFECT),
        event(2, "defect_recorded", DEFECT | {"pieces": 2}, 1),
        withdrawal(3, 1),
    ]
    assert len(apply_events(base).conflicts) == 1
    restored = apply_events([*base, event(4, "defect_recorded", DEFECT | {"pieces": 2}, 2, 3)])
    assert not restored.conflicts
    assert len(restored.values("defect_recorded")) == 1


def test_one_withdrawal_of_two_items_does_not_tie_them() -> None:
    base = [event(1, "defect_recorded", DEFECT), event(2, "defect_recorded", DEFECT), withdrawal(3, 1, 2)]
    assert apply_events(base).of_kind("defect_recorded") == ()
    assert not apply_events(base).conflicts
    corrections = [
        event(4, "defect_recorded", DEFECT | {"pieces": 2}, 1),
        event(5, "defect_recorded", DEFECT, 2),
    ]
    assert len(apply_events([*base, *corrections]).conflicts) == 2


def test_an_event_of_another_kind_cannot_be_superseded() -> None:
    state = apply_events(
        [check(1, "pass"), event(2, "remark_written", {"section": "packing", "text": "x"}, 1)]
    )
    assert state.value("check_answered", "packing", "carton_mark") is not None
    assert [problem.path for problem in state.problems] == [uid(2)]


def test_what_arrives_after_the_submission_is_an_addendum() -> None:
    recorded = [event(1, "defect_recorded", DEFECT), check(2, "pass")]
    done = event(9, "submitted", submission_body(recorded))
    late = [withdrawal(3, 1), check(4, "fail", 2)]  # ids smaller than the submission's: clocks prove nothing
    state = apply_events([*recorded, done, *late])
    assert [item.id for item in state.addenda] == [uid(3), uid(4)]
    assert len(state.values("defect_recorded")) == 1
    assert state.values("check_answered")[0]["answer"] == "pass"
    assert state.content_hash == apply_events(recorded).content_hash
    assert state.is_complete


def test_a_second_submission_does_not_replace_the_accepted_one() -> None:
    recorded = [check(2, "pass")]
    accepted = event(9, "submitted", submission_body(recorded))
    backdated = event(1, "submitted", submission_body([*recorded, check(3, "fail")]))
    state = apply_events([*recorded, check(3, "fail"), accepted, backdated], accepted_submission=uid(9))
    assert state.submission == accepted
    assert backdated in state.addenda
    assert any("submitted already" in problem.message for problem in state.problems)


def test_a_submission_waits_for_what_it_covers_and_notices_other_content() -> None:
    recorded = [check(1, "pass"), check(2, "pass", name="ratio")]
    done = event(9, "submitted", submission_body(recorded))
    partial = apply_events([recorded[0], done])
    assert partial.missing == (uid(2),)
    assert not partial.is_complete
    false = event(9, "submitted", {"covers": [uid(1), uid(2)], "set_hash": "0" * 64})
    assert any("differs from its set hash" in p.message for p in apply_events([*recorded, false]).problems)


def test_a_signature_binds_to_the_record_as_it_was() -> None:
    recorded = [check(1, "pass")]
    body = {"printed_name": "Inspector One", "role": "inspector", "meaning": "I inspected this lot"}
    signed = event(5, "signed", body | {"set_hash": apply_events(recorded).content_hash})
    state = apply_events([*recorded, signed])
    assert state.is_current(state.values("signed")[0])
    changed = apply_events([*recorded, signed, check(6, "fail", 1)])
    assert not changed.is_current(changed.values("signed")[0])


def test_opened_cartons_add_up() -> None:
    state = apply_events(
        [
            event(1, "cartons_opened", {"cartons": [7, 2]}),
            event(2, "cartons_opened", {"cartons": [2, 9]}, by="u2"),
        ]
    )
    assert state.cartons_opened == (2, 7, 9)
    assert not state.conflicts


@st.composite
def histories(draw: st.DrawFn) -> list[ev.Event]:
    """Random histories of several people who answer, correct, withdraw and perhaps submit."""
    history: list[ev.Event] = []
    for number in range(1, draw(st.integers(1, 14)) + 1):
        targets = draw(
            st.lists(st.integers(1, 16).filter(lambda n, own=number: n != own), max_size=3, unique=True)
        )
        by = draw(st.sampled_from(["u1", "u2", "u3"]))
        kind = draw(st.sampled_from(["check", "defect", "withdraw", "measure", "cartons"]))
        if kind == "check":
            name = draw(st.sampled_from(["a", "b"]))
            history.append(check(number, draw(st.sampled_from(["pass", "fail"])), *targets, name=name, by=by))
        elif kind == "defect":
            body = DEFECT | {"pieces": draw(st.integers(1, 3))}
            history.append(event(number, "defect_recorded", body, *targets, by=by))
        elif kind == "withdraw" and targets:
            history.append(withdrawal(number, *targets))
        elif kind == "cartons":
            history.append(event(number, "cartons_opened", {"cartons": [draw(st.integers(1, 5))]}, *targets))
        else:
            body = {
                "piece_no": 1,
                "size": "M",
                "pom": "P1",
                "unit": "cm",
                "value": draw(st.sampled_from(["50", "51"])),
            }
            history.append(event(number, "piece_measured", body, *targets, by=by))
    if draw(st.booleans()):
        covered = draw(st.lists(st.sampled_from(history), min_size=1, unique_by=lambda item: item.id))
        history.append(event(40, "submitted", submission_body(covered)))
    return history


@given(histories(), st.randoms(use_true_random=False))
def test_any_order_repetition_and_batching_gives_the_same_state(
    history: list[ev.Event], rng: random.Random
) -> None:
    want = apply_events(history)
    mixed = history + rng.choices(history, k=len(history))
    rng.shuffle(mixed)
    assert apply_events(mixed) == want
    # Two devices exchange what they have in batches; both end alike.
    cut = rng.randrange(len(mixed) + 1)
    left, right = mixed[:cut], mixed[cut:]
    apply_events(left)
    assert apply_events([*right, *left]) == apply_events([*left, *right]) == want


@given(histories())
def test_no_update_is_lost(history: list[ev.Event]) -> None:
    """Every event is visible, or superseded by one of the record, or an addendum."""
    state: State = apply_events(history)
    record = [item for item in history if item not in state.addenda]
    shown = {
        head.id for of_kind in state.entries.values() for entry in of_kind.values() for head in entry.heads
    }
    superseded = {target for item in record for target in item.supersedes}
    for item in record:
        assert (
            item.id in shown | superseded
            or item.kind == "submitted"
            or (
                item.kind == "event_withdrawn"
                and not any(o.id in item.supersedes and o.kind != "event_withdrawn" for o in record)
            )
        )


JSON_VALUES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.booleans()
    | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefghij_", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcdefghij_", min_size=1), JSON_VALUES))
def test_canonical_json_is_that_of_rfc_8785(record: dict[str, Any]) -> None:
    assert ev.canonical(record) == rfc8785.dumps(record)

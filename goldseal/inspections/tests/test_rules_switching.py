"""Switching follows the worked sequences, and a plain reading of clause 9 kept on its own."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import sampling
from goldseal.inspections.rules.switching import Policy, SwitchingState, tighter_accept

DOMAIN = Path(__file__).resolve().parents[3].parent / "shared" / "domain"
GOOD = {"accepted": True, "nonconforming": 2, "accept": 7, "tighter_accept": 5}
POOR = {"accepted": True, "nonconforming": 6, "accept": 7, "tighter_accept": 5}
BAD = {"accepted": False, "nonconforming": 9, "accept": 7, "tighter_accept": 5}


def domain(name: str) -> Any:
    path = DOMAIN / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def run(*lots: dict[str, Any], state: SwitchingState | None = None) -> SwitchingState:
    state = state or SwitchingState.start()
    for lot in lots:
        state = state.after(**lot)
    return state


def test_every_worked_sequence() -> None:
    seen = 0
    for sequence in domain("switching_worked_cases.json")["sequences"]:
        state = SwitchingState.start()
        flags = {key: sequence["initial"][key] for key in ("production_steady", "reduced_approved")}
        for number, lot in enumerate(sequence["lots"], start=1):
            place = (sequence["id"], number)
            if lot.get("event") == "corrective_action_accepted":
                state = state.reinstate()
            elif lot.get("event") in ("steady_on", "steady_off"):
                flags["production_steady"] = lot["event"] == "steady_on"
                state = state.review(**flags)
            else:
                assert state.inspection == lot["state_before"], place
                plan = sampling.single_plan(
                    lot_size=lot["lot_size"],
                    level=lot["level"],
                    aql=lot["aql"],
                    inspection=state.inspection,
                )
                assert (plan.plan_letter, plan.sample_size, plan.accept) == (lot["code"], lot["n"], lot["ac"])
                state = state.after(
                    accepted=lot["d"] <= plan.accept,
                    nonconforming=lot["d"],
                    accept=plan.accept,
                    tighter_accept=tighter_accept(plan),
                    original=lot["original"],
                    **flags,
                )
                assert state.tightened_not_accepted == lot["tightened_not_accepted"], place
                seen += 1
            assert (state.inspection, state.score) == (lot["state_after"], lot["score_after"]), place
    assert seen > 100


def test_the_sequences_of_the_notes() -> None:
    # SW-06: accepted lots in between do not reset the cumulative count.
    state = run(BAD, BAD)
    for _ in range(4):
        state = run(BAD, GOOD, state=state)
    assert (state.inspection, state.tightened_not_accepted) == ("tightened", 4)
    assert run(BAD, state=state).inspection == "discontinued"
    # SW-08 and SW-14: ten good lots, reduced, one rejection, normal at score 0.
    reduced = run(*[GOOD] * 10)
    assert (reduced.inspection, reduced.score) == ("reduced", 30)
    normal = run(GOOD, BAD, state=reduced)
    assert (normal.inspection, normal.score) == ("normal", 0)
    # SW-10: fifteen lots with Ac 0.
    zero = {"accepted": True, "nonconforming": 0, "accept": 0, "tighter_accept": None}
    assert run(*[zero] * 14).score == 28
    assert run(*[zero] * 15).inspection == "reduced"
    # SW-12: not steady, then steady.
    waiting = run(*[GOOD | {"production_steady": False}] * 11)
    assert (waiting.inspection, waiting.score) == ("normal", 33)
    assert waiting.review().inspection == "reduced"
    # SW-16: lots of several plans.
    lots = [(7, 5, 1), (0, None, 0), (7, 5, 5), (0, None, 0), (3, 2, 2), (3, 2, 3), (3, 2, 1)]
    state, scores = SwitchingState.start(), []
    for ac, tighter, d in lots:
        state = state.after(accepted=True, nonconforming=d, accept=ac, tighter_accept=tighter)
        scores.append(state.score)
    assert scores == [3, 5, 8, 10, 13, 0, 3]


def test_the_tighter_number_of_every_single_plan() -> None:
    steps = {2: 1, 3: 2, 5: 3, 7: 5, 10: 7, 14: 10, 21: 14, 30: 21, 44: 30}
    seen = set()
    for aql in sampling.AQLS:
        for lot in (8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000, 600_000):
            plan = sampling.single_plan(lot_size=lot, level="III", aql=aql)
            if plan.accept >= 2:
                assert tighter_accept(plan) == steps[plan.accept], plan
                seen.add(plan.accept)
            else:
                assert tighter_accept(plan) is None
    assert seen == set(steps)


def test_a_plan_reached_by_an_arrow_is_read_in_its_own_row() -> None:
    plan = sampling.single_plan(lot_size=35_000, level="III", aql="4.0")
    assert (plan.code_letter, plan.plan_letter) == ("N", "M")
    assert tighter_accept(plan) == 14
    # Letter N at AQL 2.5 draws 500, so its number is not comparable with a sample of 315.
    assert tighter_accept(plan, row="code_letter") is None
    plain = sampling.single_plan(lot_size=2000, level="II", aql="2.5")
    assert tighter_accept(plain, row="code_letter") == tighter_accept(plain) == 5


def test_zero_tolerance_has_no_tighter_number() -> None:
    plans = sampling.inspection_plan(lot_size=2000, level="II", limits={"critical": "0", "major": "2.5"})
    assert tighter_accept(plans.plans["critical"]) is None


def test_why_it_is_where_it_is() -> None:
    assert run().reason == "started"
    tightened = run(GOOD, BAD, GOOD, GOOD, BAD)
    assert (tightened.reason, tightened.sentence) == (
        "two_of_five_rejected",
        "2 of the last 5 lots not accepted",
    )
    assert run(BAD, BAD).sentence == "2 of the last 2 lots not accepted"
    assert run(GOOD, state=tightened).sentence == tightened.sentence
    assert run(*[BAD] * 7).reason == "five_rejected"
    assert run(*[BAD] * 7).reinstate().reason == "reinstated"
    reduced = run(*[GOOD] * 10)
    assert run(GOOD | {"production_steady": False}, state=reduced).reason == "production_irregular"
    assert run(GOOD | {"reduced_approved": False}, state=reduced).reason == "approval_withdrawn"
    assert run(BAD, state=reduced).reason == "rejected_on_reduced"


def test_what_is_refused() -> None:
    ended = run(*[BAD] * 7)
    with pytest.raises(ValueError, match="Inspection is discontinued; no further lot"):
        ended.after(**GOOD)
    with pytest.raises(ValueError, match=r"Only discontinued inspection can be reinstated \(it is normal\)"):
        SwitchingState.start().reinstate()
    with pytest.raises(ValueError, match="must not be negative"):
        SwitchingState.start().after(**GOOD | {"nonconforming": -1})
    with pytest.raises(ValueError, match="Tighter row must be one of"):
        Policy(tighter_row="any")


def test_settings_for_what_the_standard_leaves_open() -> None:
    strict = SwitchingState.start(policy=Policy(count_rejection_on_reduced=True))
    assert run(*[GOOD] * 10, BAD, BAD, state=strict).inspection == "tightened"
    assert run(*[GOOD] * 10, BAD, BAD).inspection == "normal"
    whole = SwitchingState.start(policy=Policy(score_full_inspection=False))
    assert run(GOOD, GOOD | {"is_full_inspection": True}, state=whole).score == 3
    assert run(GOOD, GOOD | {"is_full_inspection": True}).score == 6
    assert run(BAD, BAD | {"is_full_inspection": True}, state=whole).inspection == "tightened"


def test_double_sampling_scores_the_first_sample() -> None:
    assert run(GOOD | {"accepted_on_first": True}).score == 3
    assert run(GOOD, GOOD | {"accepted_on_first": False}).score == 0


lots = st.builds(
    dict,
    nonconforming=st.integers(0, 9),
    accept=st.sampled_from([0, 1, 2, 3, 5, 7]),
    original=st.sampled_from([True, True, True, False]),
    production_steady=st.sampled_from([True, True, True, False]),
    reduced_approved=st.sampled_from([True, True, True, False]),
)


class Oracle:
    """Clause 9 by its own words: the whole history is kept and every rule looks back over it."""

    def __init__(self) -> None:
        self.now = "normal"
        self.period: list[tuple[bool, int]] = []  # outcomes and points since this stage of inspection began
        self.start = 0

    def go(self, stage: str) -> None:
        self.now, self.period = stage, []

    @property
    def score(self) -> int:
        total = 0
        for _, points in self.period:
            total = total + points if points else 0
        return total

    def lot(self, ok: bool, d: int, ac: int, tighter: int | None, steady: bool, approved: bool) -> None:
        passes = ac <= 1 or (tighter is not None and d <= tighter)
        self.period.append((ok, (2 if ac <= 1 else 3) if ok and passes else 0))
        outcomes = [outcome for outcome, _ in self.period]
        if self.now == "normal":
            if sum(not outcome for outcome in outcomes[-5:]) == 2:
                self.go("tightened")
            elif self.score >= 30 and steady and approved:
                self.go("reduced")
        elif self.now == "tightened":
            if outcomes.count(False) == 5:
                self.go("discontinued")
            elif len(outcomes) >= 5 and all(outcomes[-5:]):
                self.go("normal")
        elif self.now == "reduced" and not (ok and steady and approved):
            self.go("normal")


@given(st.lists(st.one_of(lots, st.just(None)), max_size=60))
def test_any_run_of_lots_agrees_with_the_plain_reading(sequence: list[dict[str, Any] | None]) -> None:
    steps = {0: None, 1: None, 2: 1, 3: 2, 5: 3, 7: 5}
    state, oracle = SwitchingState.start(), Oracle()
    for entry in sequence:
        # None stands for a run of good lots, without which reduced inspection is hardly ever reached.
        batch = [dict(GOOD)] * 9 if entry is None else [entry]
        for lot in batch:
            if state.inspection == "discontinued":
                state = state.reinstate()
                oracle.go("tightened")
            accepted = lot["nonconforming"] <= lot["accept"]
            tighter = steps[lot["accept"]]
            state = state.after(**lot | {"accepted": accepted, "tighter_accept": tighter})
            if lot.get("original", True):
                oracle.lot(
                    accepted,
                    lot["nonconforming"],
                    lot["accept"],
                    tighter,
                    lot.get("production_steady", True),
                    lot.get("reduced_approved", True),
                )
            assert state.inspection == oracle.now
            if state.inspection == "normal":
                assert state.score == oracle.score
            assert SwitchingState.from_dict(json.loads(json.dumps(state.as_dict()))) == state


def test_a_state_cannot_be_changed() -> None:
    state = run(GOOD)
    with pytest.raises(AttributeError):
        state.score = 30  # type: ignore[misc]
    assert replace(state, score=0) != state

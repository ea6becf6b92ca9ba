"""The traffic light turns at its thresholds, tells the next visit, and red asks for its actions."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import roving
from goldseal.inspections.rules.roving import PRESETS, Light


def check(number: int = 1, defects: int = 0, **change: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "round": number,
        "operator": "12",
        "operation": "Linking",
        "machine": "L-4",
        "pieces": 7,
        "defects": [{"code": "SW04", "severity": "major", "count": defects}] if defects else [],
        "is_machine_out": False,
        "actions": [],
        "at": "2026-03-02T08:00:00Z",
    }
    return body | change


@pytest.mark.parametrize(
    ("light", "colours"),
    [
        # DOMAIN §2: 7 pieces, one defect is red; 5 pieces, 0/1/2+ is green/yellow/red.
        (PRESETS["seven_zero"], ["green", "red", "red"]),
        (PRESETS["five_piece"], ["green", "yellow", "red"]),
        (Light(), ["green", "yellow", "red"]),
    ],
)
def test_the_colour_by_defects(light: Light, colours: list[str]) -> None:
    got = [roving.colour_of(check=check(defects=found), light=light) for found in (0, 1, 2)]
    assert got == colours


def test_a_machine_out_of_use_is_blue_and_a_critical_defect_red() -> None:
    assert roving.colour_of(check=check(defects=5, is_machine_out=True), light=Light()) == "blue"
    critical = check(defects=1) | {"defects": [{"code": "SF01", "severity": "critical"}]}
    assert roving.colour_of(check=critical, light=Light()) == "red"


def test_the_latest_round_counts_and_the_history_is_kept() -> None:
    rounds = [check(2, at="2026-03-02T10:00:00Z"), check(1, 2, actions=["recheck_bundle"])]
    got = roving.decide(rounds=rounds)
    (light,) = got.lights
    assert (light.colour, light.history) == ("green", ((1, "red"), (2, "green")))
    assert light.due_at == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert got.board["green"] == (light,)
    assert got.board["red"] == ()
    assert got.reasons == ()


def test_the_next_visit_by_colour() -> None:
    # Three visits an hour on red.
    (light,) = roving.decide(rounds=[check(defects=2)], light=PRESETS["visits_per_hour"]).lights
    assert light.due_at == datetime(2026, 3, 2, 8, 20, tzinfo=UTC)
    (blue,) = roving.decide(rounds=[check(is_machine_out=True)]).lights
    assert blue.due_at is None


def test_red_without_its_actions_is_pending() -> None:
    light = Light(on_red=("recheck_bundle", "stop_line"))
    got = roving.decide(rounds=[check(defects=2, actions=["recheck_bundle"])], light=light)
    assert got.lights[0].open_actions == ("stop_line",)
    (reason,) = got.reasons
    assert (reason.code, reason.section, reason.verdict) == ("red_without_action", "roving", "pending")
    assert reason.message == "Round 1, 12, Linking is red; not recorded yet: stop line"
    # A later green round does not do what the red one asked for.
    assert roving.decide(rounds=[check(1, 2), check(2)]).reasons


def test_a_short_round_is_pending_unless_it_is_red_already() -> None:
    assert [reason.code for reason in roving.decide(rounds=[check(pieces=5)]).reasons] == ["round_incomplete"]
    red = check(defects=2, pieces=5, actions=["recheck_bundle"])
    assert roving.decide(rounds=[red]).reasons == ()
    assert roving.decide(rounds=[check(is_machine_out=True, pieces=0)]).reasons == ()


def test_nothing_checked() -> None:
    assert [reason.code for reason in roving.decide(rounds=[]).reasons] == ["no_round"]


@pytest.mark.parametrize(
    "change",
    [
        {"yellow_at": 3},
        {"sample_n": 0},
        {"on_red": ("dance",)},
        {"revisit_minutes": {"green": 60}},
        {"revisit_minutes": {"green": 60, "yellow": 30, "red": 0}},
    ],
)
def test_lights_that_make_no_sense(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needs at least|must be among|are needed"):
        Light(**change)


rounds = st.lists(
    st.builds(
        check,
        st.integers(1, 5),
        st.integers(0, 3),
        operator=st.sampled_from("ABC"),
        is_machine_out=st.booleans(),
    ),
    unique_by=lambda body: (body["round"], body["operator"]),
)


@given(rounds, st.randoms(use_true_random=False))
def test_the_board_does_not_depend_on_the_order(sequence: list[dict[str, Any]], random: Any) -> None:
    shuffled = sequence[:]
    random.shuffle(shuffled)
    got = roving.decide(rounds=sequence)
    assert roving.decide(rounds=shuffled) == got
    assert sorted(light.operator for group in got.board.values() for light in group) == sorted(
        {body["operator"] for body in sequence}
    )


def test_two_visits_of_one_round_are_added_up_and_the_graver_colour_stands() -> None:
    yellow = check(1, 1, pieces=3)
    later = check(1, 1, pieces=4, at="2026-03-02T09:00:00Z", machine="L-5")
    (light,) = roving.decide(rounds=[later, yellow]).lights
    # Two defects in one visit are red; one in each of two visits is twice yellow.
    assert (light.colour, light.pieces, light.defects, light.machine) == ("yellow", 7, 2, "L-5")
    assert light.history == ((1, "yellow"),)
    assert light.due_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    red = check(1, 2, at="2026-03-02T07:00:00Z")
    got = roving.decide(rounds=[red, later])
    assert got.lights[0].colour == "red"
    assert [reason.code for reason in got.reasons] == ["red_without_action"]
    done = roving.decide(rounds=[red, later | {"actions": ["recheck_bundle"]}])
    assert done.reasons == ()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=1, max_size=4), st.randoms())
def test_visits_add_up_in_any_order(found: list[tuple[int, int]], chance: Any) -> None:
    visits = [
        check(1, defects, pieces=pieces, at=f"2026-03-02T08:0{n}:00Z")
        for n, (pieces, defects) in enumerate(found)
    ]
    (light,) = roving.decide(rounds=chance.sample(visits, len(visits))).lights
    assert light.pieces == sum(pieces for pieces, _ in found)
    assert light.defects == sum(defects for _, defects in found)
    assert light.colour == ("green", "yellow", "red")[min(2, max(defects for _, defects in found))]

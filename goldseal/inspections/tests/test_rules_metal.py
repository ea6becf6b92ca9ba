"""Metal detection: calibrations that are missing or failed, pieces to run again, needles and finds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import metal
from goldseal.inspections.rules.metal import Settings


def calibration(hour: int, *, bad: tuple[int, ...] = (), **change: Any) -> dict[str, Any]:
    points = [number not in bad for number in range(1, 10)]
    return {
        "machine": "MD1",
        "hour": hour,
        "card_kind": "ferrous",
        "card_mm": "1.2",
        "points": points,
    } | change


def scan(hour: int, pieces: int = 100, machine: str = "MD1") -> dict[str, Any]:
    return {"machine": machine, "hour": hour, "pieces": pieces}


def codes(**records: Any) -> list[tuple[str, str]]:
    return [(reason.code, reason.verdict) for reason in metal.decide(**records).reasons]


DAY = {"calibrations": [calibration(8), calibration(9)], "scanned": [scan(8), scan(9)]}


def test_a_calibrated_day_passes() -> None:
    got = metal.decide(**DAY, lot_pieces=200)
    assert (got.scanned, got.missing, got.failures, got.reasons) == (200, (), (), ())


def test_hours_without_a_calibration() -> None:
    got = metal.decide(calibrations=[calibration(8)], scanned=[scan(8), scan(9)])
    assert got.missing == (("MD1", 9, "ferrous"),)
    assert [(r.code, r.section, r.verdict) for r in got.reasons] == [
        ("calibration_missing", "metal", "pending")
    ]
    assert got.reasons[0].message == "MD1, 09:00: no ferrous calibration recorded"


def test_a_shift_asks_for_its_hours_and_may_pass_midnight() -> None:
    shift = Settings(shift=(22, 2), machines=("MD1", "MD2"))
    got = metal.decide(calibrations=[calibration(22), calibration(0)], settings=shift)
    assert got.missing == (
        ("MD1", 23, "ferrous"),
        ("MD1", 1, "ferrous"),
        *(("MD2", hour, "ferrous") for hour in (22, 23, 0, 1)),
    )


def test_a_longer_interval_covers_the_next_hour() -> None:
    every_two = Settings(interval_minutes=120, shift=(8, 12))
    done = [calibration(8), calibration(10)]
    assert metal.decide(calibrations=done, scanned=[scan(9)], settings=every_two).missing == ()
    got = metal.decide(calibrations=done[:1], scanned=[scan(9)], settings=every_two)
    assert [hour for _, hour, _ in got.missing] == [10, 11]
    # A calibration before the shift began is that of another shift.
    assert metal.decide(calibrations=[calibration(7), calibration(10)], settings=every_two).missing == (
        ("MD1", 8, "ferrous"),
        ("MD1", 9, "ferrous"),
    )


def test_every_kind_of_card_is_asked_for_at_its_size() -> None:
    settings = Settings(card_mm={"ferrous": "1.2", "stainless": "2.5"})
    assert codes(**DAY, settings=settings) == [("calibration_missing", "pending")] * 2
    coarse = [calibration(8, card_mm="1.5"), calibration(9)]
    assert codes(**DAY | {"calibrations": coarse}) == [("card_too_large", "hold")]


def test_a_failed_calibration_holds_all_since_the_last_good_one() -> None:
    records: dict[str, Any] = {
        "calibrations": [calibration(8), calibration(9), calibration(10, bad=(3, 9)), calibration(11)],
        "scanned": [scan(8), scan(9, 70), scan(10, 30), scan(11, 50)],
    }
    got = metal.decide(**records)
    (failure,) = got.failures
    assert (failure.since_hour, failure.hour, failure.points, failure.pieces) == (9, 10, (3, 9), 100)
    assert got.pieces_to_rerun == 100
    assert [(reason.code, reason.verdict) for reason in got.reasons] == [("calibration_failed", "hold")]
    assert "not detected at point 3, 9; run again the 100 pieces since 09:00" in got.reasons[0].message
    assert codes(**records, reruns=[scan(11, 100)]) == []
    assert metal.decide(**records, reruns=[scan(11, 60)]).pieces_to_rerun == 40
    # What was run before the failure was found proves nothing.
    assert codes(**records, reruns=[scan(9, 100)]) == [("calibration_failed", "hold")]


def test_each_failure_needs_its_own_rerun() -> None:
    records: dict[str, Any] = {
        "calibrations": [
            calibration(8, bad=(1,)),
            calibration(9),
            calibration(10, bad=(1,)),
            calibration(11),
        ],
        "scanned": [scan(8, 10), scan(9, 20), scan(10, 30)],
    }
    assert metal.decide(**records).pieces_to_rerun == 60
    assert metal.decide(**records, reruns=[scan(9, 10)]).pieces_to_rerun == 50
    assert codes(**records, reruns=[scan(9, 10), scan(11, 50)]) == []


def test_two_cards_failing_in_one_hour_count_the_pieces_once() -> None:
    bad = [calibration(8, bad=(1,)), calibration(8, bad=(2,), card_kind="stainless", card_mm="2.0")]
    assert metal.decide(calibrations=bad, scanned=[scan(8, 40)]).pieces_to_rerun == 40


def test_finds_and_needles() -> None:
    find = {"machine": "MD1", "hour": 9, "pieces": 1, "what": "needle tip", "is_resolved": False}
    needle = {"hour": 9, "machine": "L-4", "needle": "DBx1 #11", "is_whole_found": False}
    assert codes(**DAY, found=[find], needles=[needle]) == [
        ("metal_unresolved", "fail"),
        ("needle_incomplete", "fail"),
    ]
    assert (
        codes(**DAY, found=[find | {"is_resolved": True}], needles=[needle | {"is_whole_found": True}]) == []
    )


def test_the_whole_lot_must_pass_the_detector() -> None:
    assert codes(**DAY, lot_pieces=201) == [("not_all_scanned", "pending")]
    assert codes() == [("nothing_scanned", "pending")]


def test_settings_that_are_refused() -> None:
    with pytest.raises(ValueError, match="60 minutes or whole hours"):
        Settings(interval_minutes=90)
    with pytest.raises(ValueError, match="from 0 to 23"):
        Settings(shift=(8, 24))


@given(
    st.lists(st.tuples(st.integers(0, 23), st.booleans(), st.integers(0, 50)), unique_by=lambda one: one[0])
)
def test_running_everything_again_at_the_end_always_releases(hours: list[tuple[int, bool, int]]) -> None:
    calibrations = [calibration(hour, bad=() if good else (5,)) for hour, good, _ in hours]
    scanned = [scan(hour, pieces) for hour, _, pieces in hours]
    got = metal.decide(calibrations=calibrations, scanned=scanned)
    assert got.pieces_to_rerun <= got.scanned
    # Through a detector that was found good at the end of the day, and not before.
    reruns = [scan(23, got.pieces_to_rerun)]
    repaired = [*calibrations, calibration(23)]
    assert metal.decide(calibrations=repaired, scanned=scanned, reruns=reruns).pieces_to_rerun == 0
    if not any(good for _, good, _ in hours):
        unrepaired = metal.decide(calibrations=calibrations, scanned=scanned, reruns=reruns)
        assert unrepaired.pieces_to_rerun == got.pieces_to_rerun

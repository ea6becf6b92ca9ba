"""Verdicts: counts against Ac and Re, sections, and the whole, at their limits."""

from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import events as ev
from goldseal.inspections.rules.measurement import PointOfMeasure
from goldseal.inspections.rules.sampling import inspection_plan
from goldseal.inspections.rules.state import State, apply_events
from goldseal.inspections.rules.verdict import Decision, Settings, count_defects, decide

# Lot 1000, level II: J, n = 80; AQL 2.5 is 5/6, AQL 4.0 is 7/8 (DOMAIN §4, row J).
PLAN = inspection_plan(lot_size=1000, level="II", limits={"critical": "0", "major": "2.5", "minor": "4.0"})
ORDERED = {("Navy", "M"): 600, ("Navy", "L"): 400}
POINTS = {
    "M": [
        PointOfMeasure("chest", Fraction(53), Fraction(1), Fraction(1), is_critical=True),
        PointOfMeasure("length", Fraction(70), Fraction(1), Fraction(1)),
    ]
}
REQUIRED = (
    "quantity",
    "shipping_marks",
    "conformity",
    "packing",
    "labelling",
    "workmanship",
    "measurement",
    "onsite_tests",
)


def event(number: int, kind: str, body: dict[str, Any], *supersedes: str) -> ev.Event:
    return ev.parse_event(
        {
            "id": f"018f3b1c-7a2e-7c1d-9b4f-{number:012x}",
            "kind": kind,
            "at": "2026-03-14T09:30:00Z",
            "by": "u1",
            "device": "d1",
            "body": body,
            "supersedes": list(supersedes),
        }
    )


class Record:
    """A complete, faultless inspection to which a test adds what it is about."""

    def __init__(self, *, but: tuple[str, ...] = (), made: int = 600, packed: int = 600) -> None:
        self.numbers = count(1)
        self.events: list[ev.Event] = []
        self.add("quantity_counted", colour="Navy", size="M", made=made, packed=packed)
        self.add("quantity_counted", colour="Navy", size="L", made=400, packed=400)
        self.measure(1, chest="53", length="70")
        for section in REQUIRED:
            if section not in but:
                self.conclude(section, "pass")

    def add(self, kind: str, *supersedes: str, **body: Any) -> str:
        self.events.append(event(next(self.numbers), kind, body, *supersedes))
        return self.events[-1].id

    def measure(self, piece: int, **values: str) -> None:
        for pom, value in values.items():
            self.add("piece_measured", piece_no=piece, size="M", pom=pom, value=value, unit="cm")

    def conclude(self, section: str, verdict: str) -> None:
        self.add("section_concluded", section=section, verdict=verdict)

    def defect(self, severity: str, pieces: int = 1, **more: Any) -> None:
        self.add("defect_recorded", code="SW03", severity=severity, pieces=pieces, **more)

    @property
    def state(self) -> State:
        return apply_events(self.events)

    def decide(self, settings: Settings | None = None, **more: Any) -> Decision:
        return decide(state=self.state, plan=PLAN, ordered=ORDERED, points=POINTS, settings=settings, **more)


def codes(decision: Decision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def section(decision: Decision, name: str) -> str:
    return next(item.verdict for item in decision.sections if item.section == name)


def test_a_faultless_inspection_passes_without_reasons() -> None:
    decision = Record().decide()
    assert (decision.verdict, decision.reasons) == ("pass", ())
    assert section(decision, "special") == "na"


@pytest.mark.parametrize(
    ("severity", "found", "verdict"),
    [
        ("critical", 1, "fail"),
        ("major", 5, "pass"),
        ("major", 6, "fail"),
        ("minor", 7, "pass"),
        ("minor", 8, "fail"),
    ],
)
def test_counts_at_ac_and_re(severity: str, found: int, verdict: str) -> None:
    record = Record()
    record.defect(severity, found)
    decision = record.decide()
    assert decision.verdict == section(decision, "workmanship") == verdict
    assert codes(decision) == ([f"{severity}_rejected"] if verdict == "fail" else [])


def test_the_live_count_says_how_many_are_left() -> None:
    record = Record()
    record.defect("major", 4)
    major = count_defects(state=record.state, plan=PLAN, settings=Settings())[1]
    assert (major.found, major.accept, major.reject, major.left) == (4, 5, 6, 1)


def test_a_piece_with_several_defects_is_one_defective_under_its_worst() -> None:
    record = Record()
    record.defect("minor", piece_no=3)
    record.defect("major", piece_no=3)
    record.defect("minor", piece_no=3)
    record.defect("minor", piece_no=4)
    by_pieces = count_defects(state=record.state, plan=PLAN, settings=Settings())
    by_defects = count_defects(state=record.state, plan=PLAN, settings=Settings(counting="defects"))
    assert [item.found for item in by_pieces] == [0, 1, 1]
    assert [item.found for item in by_defects] == [0, 1, 3]


def test_a_smaller_plan_can_be_judged_on_its_own_sample() -> None:
    # Lot 120, level II: 1.5 leads to n = 32, 2.5 to n = 20 (DOMAIN §4, row F).
    plan = inspection_plan(lot_size=120, level="II", limits={"major": "1.5", "minor": "2.5"})
    record = Record()
    record.defect("minor", piece_no=20)
    record.defect("minor", piece_no=21)
    found = {
        basis: count_defects(state=record.state, plan=plan, settings=Settings(sample_basis=basis))[2].found
        for basis in ("drawn", "own_plan")
    }
    assert found == {"drawn": 2, "own_plan": 1}


def test_a_disputed_defect_counts_as_its_gravest_version_and_leaves_the_verdict_pending() -> None:
    record = Record()
    first = record.add("defect_recorded", code="SW03", severity="minor")
    record.add("defect_recorded", first, code="SW03", severity="major", pieces=2)
    record.add("defect_recorded", first, code="SW03", severity="minor", pieces=4)
    decision = record.decide()
    assert [item.found for item in decision.counts] == [0, 2, 0]
    assert (decision.verdict, codes(decision)) == ("pending", ["conflict"])


@pytest.mark.parametrize("missing", REQUIRED)
def test_an_unanswered_required_section_leaves_it_pending(missing: str) -> None:
    decision = Record(but=(missing,)).decide()
    assert (decision.verdict, codes(decision)) == ("pending", ["section_unanswered"])


def test_hold_beats_pending_and_fail_beats_hold() -> None:
    record = Record(but=("packing", "labelling"))
    record.conclude("packing", "hold")
    assert record.decide().verdict == "hold"
    record.defect("critical")
    decision = record.decide()
    assert decision.verdict == "fail"
    assert codes(decision)[0] == "critical_rejected"  # gravest first


def test_a_person_may_be_stricter_than_the_numbers_and_not_laxer() -> None:
    stricter = Record(but=("workmanship",))
    stricter.conclude("workmanship", "fail")
    assert stricter.decide().verdict == "fail"
    laxer = Record()
    laxer.add("check_answered", section="packing", check="ratio", answer="fail")
    assert section(laxer.decide(), "packing") == "fail"


def test_not_applicable_needs_no_answers_but_hides_no_failure() -> None:
    settings = Settings(required_checks={"onsite_tests": ("pull",), "packing": ("ratio",)})
    record = Record(but=("onsite_tests",))
    record.conclude("onsite_tests", "na")
    decision = record.decide(settings)
    assert section(decision, "onsite_tests") == "na"
    assert (section(decision, "packing"), codes(decision)) == ("pending", ["checks_unanswered"])
    record.add("check_answered", section="onsite_tests", check="pull", answer="fail")
    assert section(record.decide(settings), "onsite_tests") == "fail"
    never = Record(but=("workmanship",))
    never.conclude("workmanship", "na")
    assert codes(never.decide()) == ["section_cannot_be_na"]


@pytest.mark.parametrize(("offered", "verdict"), [(550, "pass"), (549, "hold"), (650, "pass"), (651, "hold")])
def test_the_quantity_tolerance_is_five_per_cent_of_the_order(offered: int, verdict: str) -> None:
    # 1000 ordered; 400 of them in L are offered as ordered, so 950 to 1050 in all may be offered.
    record = Record(made=700, packed=700)
    first = record.events[0].id
    record.add("quantity_counted", first, colour="Navy", size="M", made=700, packed=700, offered=offered)
    decision = record.decide()
    assert section(decision, "quantity") == verdict
    assert codes(decision) == ([] if verdict == "pass" else ["quantity_outside_tolerance"])


def test_a_lot_that_is_not_ready_is_pending() -> None:
    # 1000 offered: 599 + 400 made is short of all; 399 + 400 packed is short of 80 %.
    assert codes(Record(made=599).decide()) == ["not_all_made"]
    assert codes(Record(packed=400).decide()) == []
    assert codes(Record(packed=399).decide()) == ["not_enough_packed"]


def test_every_colour_and_size_is_counted() -> None:
    record = Record()
    record.add("event_withdrawn", record.events[1].id, reason="wrong table")
    assert codes(record.decide()) == ["quantity_not_counted"]
    record.add("quantity_counted", record.events[-1].id, colour="Navy", size="L", made=400, packed=400)
    record.add("quantity_counted", colour="Red", size="L", made=0, packed=0)
    assert codes(record.decide()) == ["quantity_not_ordered"]


def test_measurement_fails_above_ten_per_cent_of_points() -> None:
    record = Record()
    for piece in range(2, 6):
        record.measure(piece, chest="53", length="70")
    record.measure(6, chest="55", length="70")
    # 1 of 12 points out: 8.3 %.
    assert record.decide().verdict == "pass"
    assert codes(record.decide(Settings(is_critical_point_failing=True))) == ["critical_point_out"]
    record.measure(7, chest="53", length="72")
    # 2 of 14 points out: 14.3 %.
    decision = record.decide()
    assert (section(decision, "measurement"), codes(decision)) == ("fail", ["points_out_of_tolerance"])
    assert "2 of 14 points out of tolerance (14.3 %)" in decision.reasons[0].message


def test_measurement_fails_above_five_pieces_out() -> None:
    record = Record()
    for piece in range(2, 60):
        record.measure(piece, chest="53", length="70")
    for piece in range(60, 65):
        record.measure(piece, chest="55")
    assert record.decide().verdict == "pass"
    record.measure(65, chest="55")
    assert codes(record.decide()) == ["pieces_out_of_tolerance"]
    assert record.decide(Settings(pieces_out_max=None)).verdict == "pass"


def test_a_value_that_fits_no_point_is_not_swallowed() -> None:
    record = Record()
    record.add("piece_measured", piece_no=1, size="M", pom="hem", value="40", unit="cm")
    assert codes(record.decide()) == ["measurement_unfit"]


def test_drawn_cartons_have_to_be_opened() -> None:
    record = Record()
    record.add("cartons_opened", cartons=[2, 7])
    assert record.decide(drawn_cartons=(2, 7)).verdict == "pass"
    assert codes(record.decide(drawn_cartons=(2, 7, 9))) == ["cartons_not_opened"]


def test_a_setting_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="Counting must be one of defectives, defects"):
        Settings(counting="pieces")


@given(st.lists(st.tuples(st.sampled_from(["critical", "major", "minor"]), st.integers(1, 9)), max_size=6))
def test_more_defects_never_make_a_better_verdict(found: list[tuple[str, int]]) -> None:
    record, order = Record(), ["pass", "fail"]
    worst = 0
    for severity, pieces in found:
        record.defect(severity, pieces)
        now = order.index(record.decide().verdict)
        assert now >= worst
        worst = now

"""The verdict: defects against Ac and Re, each section, then the inspection, every step with its reasons.

A section takes the gravest of what its facts say and what the inspector concluded, so a person may be stricter
than the numbers and never laxer. Over all: one failed section fails the inspection; otherwise hold beats
pending, pending beats pass. Pending means that something is still to be recorded or decided here; hold means
that the answer must come from elsewhere (the buyer, a laboratory).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from goldseal.inspections.rules import measurement
from goldseal.inspections.rules.bodies import SECTIONS, SEVERITIES
from goldseal.inspections.rules.findings import GRAVITY, Reason, conflict_reasons, gravest, pending
from goldseal.inspections.rules.metrics import rounded
from goldseal.inspections.rules.sampling import DoublePlan, InspectionPlan, Plan
from goldseal.inspections.rules.state import State

COUNTING = ("defectives", "defects")
SAMPLE_BASES = ("drawn", "own_plan")
# These two are what a final inspection is for; "not applicable" is no answer to them.
NEVER_NA = ("quantity", "workmanship")
SECOND_SAMPLE = "second_sample_started"


@dataclass(frozen=True, slots=True)
class Settings:
    """What buyers set differently. The defaults are the trade's usual ones (DOMAIN §4 and §7).

    `counting`: defectives counts each piece once under its worst defect; defects counts every defect.
    `sample_basis`: a severity whose plan is smaller than the drawn sample is judged on all drawn pieces
    (drawn, the stricter reading) or on the pieces numbered up to its own sample size (own_plan).
    Percentages are of the ordered quantity (tolerance) and of the quantity offered (made, packed).
    Measurement fails above `points_out_pct_max` per cent of points out of tolerance or above
    `pieces_out_max` pieces with a point out (None: no such rule). A critical point out counts as a major
    defect in the usual library (MS01), so `is_critical_point_failing` is off unless the buyer asks for it.
    """

    counting: str = "defectives"
    sample_basis: str = "drawn"
    required_sections: tuple[str, ...] = tuple(
        name for name in SECTIONS if name not in ("special", "remarks")
    )
    required_checks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quantity_tolerance_pct: Fraction = Fraction(5)
    made_pct_min: Fraction = Fraction(100)
    packed_pct_min: Fraction = Fraction(80)
    points_out_pct_max: Fraction = Fraction(10)
    pieces_out_max: int | None = 5
    is_critical_point_failing: bool = False

    def __post_init__(self) -> None:
        if self.counting not in COUNTING:
            raise ValueError(f"Counting must be one of {', '.join(COUNTING)} (got {self.counting!r})")
        if self.sample_basis not in SAMPLE_BASES:
            raise ValueError(
                f"Sample basis must be one of {', '.join(SAMPLE_BASES)} (got {self.sample_basis!r})"
            )


@dataclass(frozen=True, slots=True)
class SeverityCount:
    """What was found of one severity against its plan; Ac and Re are None where the plan does not judge it."""

    severity: str
    found: int
    accept: int | None
    reject: int | None
    # Double sampling: the first sample was neither accepted nor rejected, and the second is not begun.
    needs_second_sample: bool = False

    @property
    def is_rejected(self) -> bool:
        """Whether the rejection number is reached."""
        return self.reject is not None and self.found >= self.reject

    @property
    def left(self) -> int | None:
        """How many more may be found before the lot is rejected; negative once it is."""
        return None if self.accept is None else self.accept - self.found


@dataclass(frozen=True, slots=True)
class SectionVerdict:
    """The verdict of one section and what led to it."""

    section: str
    verdict: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict of the inspection, its sections in report order, the counts and all reasons, gravest first."""

    verdict: str
    sections: tuple[SectionVerdict, ...]
    counts: tuple[SeverityCount, ...]
    measurement: measurement.MeasurementSummary
    reasons: tuple[Reason, ...]
    # What a method counts beside defects, as JSON values by name, such as dhu or points_per_100.
    figures: Mapping[str, Any] = field(default_factory=dict)


def decide(
    *,
    state: State,
    plan: InspectionPlan,
    ordered: Mapping[tuple[str, str], int],
    points: Mapping[str, Sequence[measurement.PointOfMeasure]],
    drawn_cartons: Iterable[int] = (),
    is_draw_shown: bool = True,
    settings: Settings | None = None,
    doubles: Mapping[str, DoublePlan] | None = None,
    further: Sequence[Reason] = (),
) -> Decision:
    """Decide an inspection as far as it is recorded; callable at any time, which makes it the live count.

    `ordered` holds the ordered pieces per (colour, size), `points` the points of measure per size, and
    `drawn_cartons` the cartons that the draw told to open, named in a reason only where `is_draw_shown`. `doubles` are the double sampling plans of the
    severities judged by one. `further` are reasons found elsewhere, such as metal detection that has not
    passed or photos that are missing.
    """
    settings = settings or Settings()
    counts = count_defects(state=state, plan=plan, settings=settings, doubles=doubles)
    pieces, unreadable = measured_pieces(state=state, points=points)
    summary = measurement.summarise(pieces)
    facts: defaultdict[str, list[Reason]] = defaultdict(list)
    for reason in (
        *_quantity_facts(state, ordered, settings),
        *_workmanship_facts(state, counts, settings, drawn_cartons, is_draw_shown),
        *measurement_verdict_reasons(summary, unreadable, settings),
        *_check_facts(state, settings),
        *conflict_reasons(state),
        *further,
    ):
        facts[reason.section].append(reason)
    sections = tuple(_conclude(state, name, facts[name], settings) for name in SECTIONS)
    whole = list(facts[""])
    if state.missing:
        whole.append(
            pending("events_missing", "", f"{len(state.missing)} recorded events have not arrived yet")
        )
    reasons = [reason for section in sections for reason in section.reasons] + whole
    reasons.sort(key=lambda reason: GRAVITY.index(reason.verdict))
    verdict = gravest([section.verdict for section in sections] + [reason.verdict for reason in whole])
    return Decision("pass" if verdict == "na" else verdict, sections, counts, summary, tuple(reasons))


def count_defects(
    *,
    state: State,
    plan: InspectionPlan,
    settings: Settings,
    doubles: Mapping[str, DoublePlan] | None = None,
) -> tuple[SeverityCount, ...]:
    """Count what was found per severity, in the buyer's way, against the plan.

    Counting defectives, records that name the same piece count once under the worst severity among them;
    a record without a piece number stands for as many different pieces as it says. While a defect is in
    conflict the gravest of its versions counts, so a dispute never hides a rejection.

    With a double plan the first sample's defects are judged alone; only where they decide nothing, and the
    second sample is begun, both samples' are judged together (ISO 2859-1 §11.1.2).
    """
    found: Counter[tuple[str, int]] = Counter()
    worst_of_piece: dict[tuple[int, int], str] = {}
    for entry in state.of_kind("defect_recorded"):
        body = entry.value or min(
            entry.candidates, key=lambda body: (SEVERITIES.index(body["severity"]), -int(body["pieces"]))
        )
        severity, piece_no, sample = str(body["severity"]), body.get("piece_no"), int(body.get("sample", 1))
        own = plan.plans.get(severity)
        if (
            settings.sample_basis == "own_plan"
            and own is not None
            and piece_no is not None
            and piece_no > own.units_to_inspect
        ):
            continue
        if settings.counting == "defects" or piece_no is None:
            found[severity, sample] += int(body["pieces"])
        else:
            piece = sample, int(piece_no)
            worst_of_piece[piece] = min(worst_of_piece.get(piece, severity), severity, key=SEVERITIES.index)
    for (sample, _piece), severity in worst_of_piece.items():
        found[severity, sample] += 1
    is_second_begun = state.value(SECOND_SAMPLE) is not None
    return tuple(
        _severity_count(
            severity,
            (found[severity, 1], found[severity, 2]),
            plan.plans.get(severity),
            (doubles or {}).get(severity),
            is_second_begun,
        )
        for severity in SEVERITIES
    )


def _severity_count(
    severity: str, found: tuple[int, int], own: Plan | None, double: DoublePlan | None, is_second_begun: bool
) -> SeverityCount:
    first, second = found
    if double is None or double.kind != "double":
        both = first + second
        return SeverityCount(severity, both, own.accept if own else None, own.reject if own else None)
    if double.decide(first) != "second_sample":
        return SeverityCount(severity, first, double.ac1, double.re1)
    if not is_second_begun:
        return SeverityCount(severity, first, double.ac1, double.re1, needs_second_sample=True)
    return SeverityCount(severity, first + second, double.ac2, double.re2)


def measured_pieces(
    *, state: State, points: Mapping[str, Sequence[measurement.PointOfMeasure]]
) -> tuple[tuple[measurement.PieceResult, ...], tuple[str, ...]]:
    """Evaluate every measured piece; the second part names values that fit no point of the chart.

    A piece measured before and after wash is judged twice, each time by the chart that holds then.
    """
    values: defaultdict[tuple[int, str, str], dict[str, Fraction]] = defaultdict(dict)
    unfit: list[str] = []
    for body in state.values("piece_measured"):
        wash = str(body.get("wash", ""))
        chart = {point.code: point for point in _points_at(points, body["size"], wash)}
        point = chart.get(body["pom"])
        place = f"piece {body['piece_no']}, {body['pom']}, size {body['size']}"
        if point is None:
            unfit.append(f"{place}: not in the measurement chart")
        elif point.unit != body["unit"]:
            unfit.append(f"{place}: measured in {body['unit']}, the chart is in {point.unit}")
        else:
            values[body["piece_no"], body["size"], wash][point.code] = measurement.parse_measure(
                body["value"]
            )
    pieces = tuple(
        measurement.evaluate_piece(
            size=size, piece_no=piece_no, points=_points_at(points, size, wash), measured=measured
        )
        for (piece_no, size, wash), measured in sorted(values.items())
    )
    return pieces, tuple(unfit)


def _points_at(
    points: Mapping[str, Sequence[measurement.PointOfMeasure]], size: str, wash: str
) -> Sequence[measurement.PointOfMeasure]:
    return points.get(f"{size}|{wash}") or points.get(size, ())


def _conclude(state: State, name: str, facts: list[Reason], settings: Settings) -> SectionVerdict:
    is_required = name in settings.required_sections
    body = state.value("section_concluded", name)
    concluded = str(body["verdict"]) if body else None
    reasons = list(facts)
    if concluded == "na":
        # What does not apply need not be answered; a recorded failure still stands.
        reasons = [reason for reason in facts if reason.verdict != "pending" or reason.code == "conflict"]
        if name in NEVER_NA and is_required:
            reasons.append(pending("section_cannot_be_na", name, f"Section {name} cannot be not applicable"))
    elif concluded is None and is_required:
        reasons.append(pending("section_unanswered", name, f"Section {name} is not concluded"))
    elif concluded in ("fail", "hold", "pending"):
        remark = f": {body['remark']}" if body and body.get("remark") else ""
        reasons.append(
            Reason(
                f"section_concluded_{concluded}", name, concluded, f"Inspector concluded {concluded}{remark}"
            )
        )
    verdict = gravest([reason.verdict for reason in reasons] + [concluded or "na"])
    return SectionVerdict(name, verdict, tuple(reasons))


def _quantity_facts(
    state: State, ordered: Mapping[tuple[str, str], int], settings: Settings
) -> Iterable[Reason]:
    counted = {(body["colour"], body["size"]): body for body in state.values("quantity_counted")}
    absent = [f"{colour} {size}" for colour, size in ordered if (colour, size) not in counted]
    if absent:
        yield pending("quantity_not_counted", "quantity", f"Not counted yet: {', '.join(absent)}")
        return
    extra = [f"{colour} {size}" for colour, size in counted if (colour, size) not in ordered]
    if extra:
        message = f"Counted, but not in the order: {', '.join(extra)}"
        yield Reason("quantity_not_ordered", "quantity", "hold", message)
    order_total = sum(ordered.values())
    offered = sum(
        body["offered"] if "offered" in body else ordered.get(key, body["packed"])
        for key, body in counted.items()
    )
    off_by = abs(offered - order_total)
    if off_by * 100 > settings.quantity_tolerance_pct * order_total:
        message = (
            f"{offered} pieces offered for {order_total} ordered, outside ±"
            f"{measurement.format_decimal(settings.quantity_tolerance_pct)} %: ask the buyer"
        )
        yield Reason("quantity_outside_tolerance", "quantity", "hold", message)
    for done, least, code in (
        ("made", settings.made_pct_min, "not_all_made"),
        ("packed", settings.packed_pct_min, "not_enough_packed"),
    ):
        count = sum(body[done] for body in counted.values())
        if count * 100 < least * offered:
            least_text = measurement.format_decimal(least)
            message = f"{count} of {offered} pieces {done}; at least {least_text} % must be {done}"
            yield pending(code, "quantity", message)


def _workmanship_facts(
    state: State,
    counts: Iterable[SeverityCount],
    settings: Settings,
    drawn_cartons: Iterable[int],
    is_draw_shown: bool,
) -> Iterable[Reason]:
    for count in counts:
        if count.is_rejected:
            message = (
                f"{count.found} {count.severity} {settings.counting} found; "
                f"{count.accept} allowed (Ac {count.accept}, Re {count.reject})"
            )
            yield Reason(f"{count.severity}_rejected", "workmanship", "fail", message)
        elif count.needs_second_sample:
            message = (
                f"{count.found} {count.severity} in the first sample: more than Ac {count.accept} and fewer "
                f"than Re {count.reject}, so the second sample decides"
            )
            yield pending("second_sample_needed", "workmanship", message)
    unopened = sorted(set(drawn_cartons) - set(state.cartons_opened))
    if unopened:
        named = f": {', '.join(map(str, unopened))}" if is_draw_shown else ""
        message = f"Drawn cartons not opened yet{named}"
        yield pending("cartons_not_opened", "workmanship", message)


def measurement_verdict_reasons(
    summary: measurement.MeasurementSummary, unfit: Sequence[str], settings: Settings
) -> Iterable[Reason]:
    """What the measured points lead to by the buyer's rule (DOMAIN §7)."""
    if unfit:
        yield pending("measurement_unfit", "measurement", "; ".join(unfit))
    share = summary.points_out_pct
    if share is None:
        if "measurement" in settings.required_sections:
            yield pending("nothing_measured", "measurement", "No piece is measured yet")
        return
    if share > settings.points_out_pct_max:
        message = (
            f"{summary.points_out} of {summary.points_measured} points out of tolerance ({rounded(share, places=1)} %); "
            f"at most {measurement.format_decimal(settings.points_out_pct_max)} % allowed"
        )
        yield Reason("points_out_of_tolerance", "measurement", "fail", message)
    if settings.pieces_out_max is not None and summary.pieces_with_any_out > settings.pieces_out_max:
        message = f"{summary.pieces_with_any_out} pieces out of tolerance; at most {settings.pieces_out_max} allowed"
        yield Reason("pieces_out_of_tolerance", "measurement", "fail", message)
    if settings.is_critical_point_failing and summary.pieces_with_critical_out:
        message = f"A critical point is out of tolerance on {summary.pieces_with_critical_out} pieces"
        yield Reason("critical_point_out", "measurement", "fail", message)


def _check_facts(state: State, settings: Settings) -> Iterable[Reason]:
    for entry in state.of_kind("check_answered"):
        body = entry.value
        if body is not None and body["answer"] in ("fail", "hold"):
            note = f": {body['note']}" if body.get("note") else ""
            message = f"Check {body['check']} is answered {body['answer']}{note}"
            yield Reason(f"check_{body['answer']}", body["section"], body["answer"], message)
    for section, checks in settings.required_checks.items():
        absent = [check for check in checks if not _has_value(state, section, check)]
        if absent:
            yield pending("checks_unanswered", section, f"Not answered yet: {', '.join(absent)}")


def _has_value(state: State, section: str, check: str) -> bool:
    entry = state.entries.get("check_answered", {}).get((section, check))
    return entry is not None and bool(entry.candidates)

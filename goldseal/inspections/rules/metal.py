"""Metal detection and broken needles: calibration by the hour at nine points, re-run after a failure, the log.

The clock hour (0 to 23) is the grain of the record, as the log sheets have it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from goldseal.catalog.rules.lengths import Number, plain_number
from goldseal.inspections.rules.findings import Reason

SECTION = "metal"

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the buyer asks of metal detection.

    `interval_minutes` between calibrations is a whole number of hours. `shift` is its first hour and the hour
    in which it is over (20, 4 runs past midnight); without it, calibration is asked in the hours in which
    pieces were scanned. `machines` are asked for even where nothing was recorded for them. `card_mm` is the
    largest test piece per kind of card that counts; every kind named is asked for.
    """

    interval_minutes: int = 60
    shift: tuple[int, int] | None = None
    machines: tuple[str, ...] = ()
    card_mm: Mapping[str, Number] = field(default_factory=lambda: {"ferrous": "1.2"})

    def __post_init__(self) -> None:
        if self.interval_minutes < 60 or self.interval_minutes % 60:
            raise ValueError(f"The interval must be 60 minutes or whole hours (got {self.interval_minutes})")
        if self.shift and not all(0 <= hour <= 23 for hour in self.shift):
            raise ValueError(f"The shift's hours must be from 0 to 23 (got {self.shift})")


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed calibration: the points not detected (1 to 9) and the pieces that must be run again.

    `since_hour` is that of the last good calibration before it, or the first hour of the record.
    """

    machine: str
    since_hour: int
    hour: int
    card_kind: str
    points: tuple[int, ...]
    pieces: int


@dataclass(frozen=True, slots=True)
class MetalDecision:
    """Pieces scanned, missing calibrations as (machine, hour, card), failures, pieces to re-run, the reasons."""

    scanned: int
    missing: tuple[tuple[str, int, str], ...]
    failures: tuple[Failure, ...]
    pieces_to_rerun: int
    reasons: tuple[Reason, ...]


def decide(
    *,
    calibrations: Sequence[Body] = (),
    scanned: Sequence[Body] = (),
    found: Sequence[Body] = (),
    needles: Sequence[Body] = (),
    reruns: Sequence[Body] = (),
    lot_pieces: int | None = None,
    settings: Settings | None = None,
) -> MetalDecision:
    """Judge one lot's metal detection from its records.

    Bodies: calibrations {machine, hour, card_kind, card_mm, points: nine yes/no}, scanned {machine, hour,
    pieces}, found {machine, hour, pieces, what, is_resolved}, needles {hour, machine, needle, is_whole_found},
    reruns {machine, hour, pieces}. Pending while a calibration is missing or, where `lot_pieces` is given,
    pieces are not scanned. A failed calibration holds the lot until everything that the machine scanned since
    its last good one (both hours included, because the minute is not known) has been run again in that hour or
    later. Metal that is not resolved and a needle whose pieces are not all found fail.
    """
    settings = settings or Settings()
    order = _Order(settings.shift[0] if settings.shift else 0)
    missing = tuple(_missing(calibrations, scanned, settings, order))
    failures = tuple(_failures(calibrations, scanned, order))
    left = {
        failure: _left_to_rerun(failure, failures, calibrations, scanned, reruns, order)
        for failure in failures
    }
    total = sum(int(body["pieces"]) for body in scanned)
    reasons = [
        *_gaps(calibrations, missing, settings),
        *_scan_gaps(total, lot_pieces),
        *_rerun_reasons(left),
        *_finds(found, needles),
    ]
    return MetalDecision(total, missing, failures, max(left.values(), default=0), tuple(reasons))


@dataclass(frozen=True, slots=True)
class _Order:
    """The hours in the order of the shift, which may run past midnight."""

    first: int

    def of(self, hour: int) -> int:
        return (hour - self.first) % 24


def _is_good(calibration: Body) -> bool:
    return all(calibration["points"])


def _missing(
    calibrations: Sequence[Body], scanned: Sequence[Body], settings: Settings, order: _Order
) -> Iterable[tuple[str, int, str]]:
    done = {(body["machine"], body["hour"], body["card_kind"]) for body in calibrations}
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for body in scanned:
        wanted[body["machine"]].add(body["hour"])
    if settings.shift:
        start, end = settings.shift
        span = (end - start) % 24 or 24
        for machine in {*settings.machines, *wanted, *(machine for machine, _, _ in done)}:
            wanted[machine].update((start + passed) % 24 for passed in range(span))
    step = settings.interval_minutes // 60
    for machine in sorted({*wanted, *settings.machines}):
        for hour in sorted(wanted[machine], key=order.of):
            # A calibration covers its own hour and those up to the next one due.
            covering = [(hour - back) % 24 for back in range(min(step, order.of(hour) + 1))]
            for kind in settings.card_mm:
                if not any((machine, earlier, kind) in done for earlier in covering):
                    yield machine, hour, kind


def _failures(calibrations: Sequence[Body], scanned: Sequence[Body], order: _Order) -> Iterable[Failure]:
    for body in sorted(calibrations, key=lambda body: (body["machine"], order.of(body["hour"]))):
        if _is_good(body):
            continue
        good = [
            order.of(other["hour"])
            for other in calibrations
            if (other["machine"], other["card_kind"]) == (body["machine"], body["card_kind"])
            and _is_good(other)
            and order.of(other["hour"]) < order.of(body["hour"])
        ]
        failure = Failure(
            machine=body["machine"],
            since_hour=(max(good, default=0) + order.first) % 24,
            hour=body["hour"],
            card_kind=body["card_kind"],
            points=tuple(number for number, seen in enumerate(body["points"], start=1) if not seen),
            pieces=0,
        )
        yield replace(failure, pieces=_pieces_of([failure], scanned, order))


def _pieces_of(failures: Sequence[Failure], scanned: Sequence[Body], order: _Order) -> int:
    """Pieces scanned in the doubtful hours; an hour that several failures reach back to counts once."""
    doubtful = {
        (failure.machine, hour)
        for failure in failures
        for hour in range(order.of(failure.since_hour), order.of(failure.hour) + 1)
    }
    return sum(
        int(body["pieces"]) for body in scanned if (body["machine"], order.of(body["hour"])) in doubtful
    )


def _counts(rerun: Body, failure: Failure, calibrations: Sequence[Body], order: _Order) -> bool:
    """Whether a re-run answers a failure: from its hour on, through a detector that was found good before.

    On the machine that failed, the good calibration must not be older than the failure.
    """
    since = order.of(failure.hour)
    at = order.of(rerun["hour"])
    least = since if rerun["machine"] == failure.machine else 0
    return at >= since and any(
        _is_good(body)
        and (body["machine"], body["card_kind"]) == (rerun["machine"], failure.card_kind)
        and least <= order.of(body["hour"]) <= at
        for body in calibrations
    )


def _left_to_rerun(
    failure: Failure,
    failures: Sequence[Failure],
    calibrations: Sequence[Body],
    scanned: Sequence[Body],
    reruns: Sequence[Body],
    order: _Order,
) -> int:
    """Pieces that this failure and later ones made doubtful, less what was run again from its hour on."""
    from_here = [other for other in failures if order.of(other.hour) >= order.of(failure.hour)]
    again = sum(int(body["pieces"]) for body in reruns if _counts(body, failure, calibrations, order))
    return max(0, _pieces_of(from_here, scanned, order) - again)


def _gaps(
    calibrations: Sequence[Body], missing: Sequence[tuple[str, int, str]], settings: Settings
) -> Iterable[Reason]:
    for machine, hour, kind in missing:
        message = f"{machine}, {hour:02d}:00: no {kind} calibration recorded"
        yield Reason("calibration_missing", SECTION, "pending", message)
    for body in calibrations:
        largest = settings.card_mm.get(body["card_kind"])
        if largest is not None and plain_number(body["card_mm"]) > plain_number(largest):
            message = (
                f"{body['machine']}, {body['hour']:02d}:00: calibrated with a {body['card_kind']} card of "
                f"{body['card_mm']} mm; at most {largest} mm allowed"
            )
            yield Reason("card_too_large", SECTION, "hold", message)


def _scan_gaps(total: int, lot_pieces: int | None) -> Iterable[Reason]:
    if not total:
        yield Reason("nothing_scanned", SECTION, "pending", "No piece is scanned yet")
    elif lot_pieces is not None and total < lot_pieces:
        message = f"{total} of {lot_pieces} pieces scanned"
        yield Reason("not_all_scanned", SECTION, "pending", message)


def _rerun_reasons(left: Mapping[Failure, int]) -> Iterable[Reason]:
    for failure, pieces in left.items():
        if pieces:
            points = ", ".join(map(str, failure.points))
            message = (
                f"{failure.machine}, {failure.hour:02d}:00: {failure.card_kind} card not detected at point "
                f"{points}; run again the {failure.pieces} pieces since {failure.since_hour:02d}:00"
            )
            yield Reason("calibration_failed", SECTION, "hold", message)


def _finds(found: Iterable[Body], needles: Iterable[Body]) -> Iterable[Reason]:
    for body in found:
        if not body["is_resolved"]:
            message = (
                f"{body['machine']}, {body['hour']:02d}:00: metal found and not resolved: {body['what']}"
            )
            yield Reason("metal_unresolved", SECTION, "fail", message)
    for body in needles:
        if not body["is_whole_found"]:
            message = (
                f"{body['machine']}, {body['hour']:02d}:00: needle {body['needle']} broken, "
                "not all its pieces found"
            )
            yield Reason("needle_incomplete", SECTION, "fail", message)

"""Hundred-per-cent inspection at the end of the line: taps summed by the hour, live rates, open alters.

Every piece is first checked once and then passed, altered or rejected; an altered piece comes back and is
rechecked. Counts are added, so taps may arrive in any order and from any number of devices.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from goldseal.catalog.rules.lengths import Number, plain_number
from goldseal.inspections.rules import metrics
from goldseal.inspections.rules.findings import Reason

SECTION = "endline"
RECHECKS = ("recheck_passed", "recheck_rejected")
_COUNTS = ("passed", "altered", "rejected", *RECHECKS)


def open_in(counts: Mapping[str, int]) -> int:
    """Altered pieces less those rechecked; a count that is left out is none."""
    return counts.get("altered", 0) - sum(counts.get(name, 0) for name in RECHECKS)


def is_beyond_open(*, before: int, change: int) -> bool:
    """Whether a change takes away more open alters than there are; less than none may stay as it is, not grow."""
    return before + change < min(0, before)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of pieces, and of defects by (code, zone); the zone is "" where none was tapped."""

    passed: int = 0
    altered: int = 0
    rejected: int = 0
    recheck_passed: int = 0
    recheck_rejected: int = 0
    defects: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def checked(self) -> int:
        """Pieces checked for the first time."""
        return self.passed + self.altered + self.rejected

    @property
    def defects_total(self) -> int:
        """All defects of all codes and zones."""
        return sum(self.defects.values())

    @property
    def open_alters(self) -> int:
        """Altered pieces that have not come back; negative where more came back than were altered."""
        return open_in({name: getattr(self, name) for name in ("altered", *RECHECKS)})

    def add(self, other: "Tally") -> "Tally":
        """Both together; the order does not matter."""
        keys = (*self.defects, *other.defects)
        return Tally(
            **{name: getattr(self, name) + getattr(other, name) for name in _COUNTS},
            defects={key: self.defects.get(key, 0) + other.defects.get(key, 0) for key in keys},
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """`hourly_target` pieces to check in an hour, and the DHU above which the line fails; None: none set."""

    hourly_target: int | None = None
    dhu_max: Number | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """Rates in per cent of the pieces checked, None where nothing was checked.

    `dhu` is defects per hundred units, `rft` pieces right first time, `alter` pieces sent back and `reject`
    pieces rejected at the first check or at the recheck.
    """

    dhu: Fraction | None
    rft: Fraction | None
    alter: Fraction | None
    reject: Fraction | None


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: its counts, its rates and what the target leaves (negative once it is passed), if one is set."""

    hour: int
    tally: Tally
    rates: Rates
    to_target: int | None


@dataclass(frozen=True, slots=True)
class EndlineDecision:
    """The day so far: total, rates, hours in order, defects by code (largest first), and the reasons."""

    total: Tally
    rates: Rates
    hours: tuple[Hour, ...]
    pareto: tuple[metrics.ParetoRow, ...]
    reasons: tuple[Reason, ...]


def tally_of(*, body: Mapping[str, Any]) -> Tally:
    """The counts of one tap or of one hour's entry: {passed, altered, …, defects: [{code, zone, count}]}."""
    defects: defaultdict[tuple[str, str], int] = defaultdict(int)
    for defect in body.get("defects", ()):
        defects[defect["code"], defect.get("zone", "")] += int(defect.get("count", 1))
    return Tally(**{name: int(body.get(name, 0)) for name in _COUNTS}, defects=dict(defects))


def merge(*, tallies: Iterable[Tally]) -> Tally:
    """All counts added up."""
    counts = dict.fromkeys(_COUNTS, 0)
    defects: defaultdict[tuple[str, str], int] = defaultdict(int)
    for tally in tallies:
        for name in _COUNTS:
            counts[name] += getattr(tally, name)
        for key, count in tally.defects.items():
            defects[key] += count
    return Tally(**counts, defects=dict(defects))


def rates_of(*, tally: Tally) -> Rates:
    """The rates of these counts; without a piece checked first there is no rate."""
    checked = tally.checked
    if not checked:
        return Rates(None, None, None, None)
    rejected = tally.rejected + max(0, min(tally.recheck_rejected, tally.altered))
    return Rates(
        dhu=metrics.dhu(defects=tally.defects_total, checked=checked),
        rft=metrics.rft(passed_first_time=tally.passed, first_checked=checked),
        alter=metrics.rework_rate(reworked=tally.altered, checked=checked),
        reject=metrics.reject_rate(rejected=rejected, checked=checked),
    )


def decide(*, tallies: Iterable[Mapping[str, Any]], settings: Settings | None = None) -> EndlineDecision:
    """The live figures of a line from its taps ({hour, passed, altered, rejected, recheck_…, defects}).

    Pending while nothing is checked, alters are open or the numbers are impossible; fail above the DHU limit,
    if one is set (the limit itself is allowed).
    """
    settings = settings or Settings()
    by_hour: defaultdict[int, list[Tally]] = defaultdict(list)
    for body in tallies:
        by_hour[body["hour"]].append(tally_of(body=body))
    hours = []
    for number, parts in sorted(by_hour.items()):
        tally = merge(tallies=parts)
        left = None if settings.hourly_target is None else settings.hourly_target - tally.checked
        hours.append(Hour(number, tally, rates_of(tally=tally), left))
    total = merge(tallies=(hour.tally for hour in hours))
    rates = rates_of(tally=total)
    by_code: defaultdict[str, int] = defaultdict(int)
    for (code, _), count in total.defects.items():
        by_code[code] += count
    reasons = tuple(_reasons(total, rates, settings))
    return EndlineDecision(total, rates, tuple(hours), metrics.pareto(by_code), reasons)


def _reasons(total: Tally, rates: Rates, settings: Settings) -> Iterable[Reason]:
    if not total.checked:
        yield Reason("nothing_checked", SECTION, "pending", "No piece is checked yet")
    if total.defects_total and not total.checked:
        message = f"{total.defects_total} defects are recorded, but no piece is checked"
        yield Reason("defects_without_pieces", SECTION, "pending", message)
    if total.open_alters < 0:
        back = total.recheck_passed + total.recheck_rejected
        message = f"{back} pieces rechecked, but only {total.altered} altered; correct the hour that is wrong"
        yield Reason("rechecked_more_than_altered", SECTION, "pending", message)
    elif total.open_alters:
        message = f"{total.open_alters} of {total.altered} altered pieces are not rechecked yet"
        yield Reason("alters_open", SECTION, "pending", message)
    if settings.dhu_max is not None and rates.dhu is not None and rates.dhu > plain_number(settings.dhu_max):
        message = f"DHU is {metrics.rounded(rates.dhu)}; at most {settings.dhu_max} allowed"
        yield Reason("dhu_over_limit", SECTION, "fail", message)

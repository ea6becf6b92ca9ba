"""Roving inspection by traffic light: each operator's colour at each operation, the next visit, what red demands.

Sources disagree on sample and thresholds (DOMAIN §2), so they are settings. Blue is a machine out of use.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from goldseal.inspections.rules.findings import Reason

SECTION = "roving"
# In the order in which a supervisor walks to them.
COLOURS = ("red", "yellow", "blue", "green")
ACTIONS = ("recheck_bundle", "stop_line", "train")

Round = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Light:
    """The traffic light of one buyer or factory.

    `sample_n` pieces are looked at; `yellow_at` and `red_at` are the defects from which the colour changes.
    `revisit_minutes` is the time to the next visit by colour (a machine out of use has none), `on_red` what
    must be done when an operation turns red. A critical defect is red whatever the thresholds.
    """

    sample_n: int = 7
    yellow_at: int = 1
    red_at: int = 2
    revisit_minutes: Mapping[str, int] = field(
        default_factory=lambda: {"green": 120, "yellow": 60, "red": 30}
    )
    on_red: tuple[str, ...] = ("recheck_bundle",)

    def __post_init__(self) -> None:
        if self.sample_n < 1 or not 1 <= self.yellow_at <= self.red_at:
            raise ValueError(
                "The light needs at least 1 piece and 1 <= yellow <= red "
                f"(got {self.sample_n}, {self.yellow_at}, {self.red_at})"
            )
        unknown = [action for action in self.on_red if action not in ACTIONS]
        if unknown:
            raise ValueError(f"Red actions must be among {', '.join(ACTIONS)} (got {unknown[0]!r})")
        if set(self.revisit_minutes) != {"green", "yellow", "red"} or min(self.revisit_minutes.values()) < 1:
            raise ValueError("Minutes to the next visit are needed for green, yellow and red, 1 or more")


PRESETS: Mapping[str, Light] = {
    "seven_zero": Light(red_at=1),
    "five_piece": Light(sample_n=5),
    "visits_per_hour": Light(revisit_minutes={"green": 60, "yellow": 30, "red": 20}, on_red=("stop_line",)),
}


@dataclass(frozen=True, slots=True)
class OperatorLight:
    """One operator at one operation: the colour of the latest round, the colours so far, the next visit.

    `history` is (round, colour) in the order of rounds. `due_at` is None for blue and where the round
    carries no time. `open_actions` are actions that red demands and the latest round does not record.
    """

    operator: str
    operation: str
    machine: str
    colour: str
    pieces: int
    defects: int
    history: tuple[tuple[int, str], ...]
    due_at: datetime | None
    open_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RovingDecision:
    """Every operator's light, the board of the line by colour (red first), and the reasons."""

    lights: tuple[OperatorLight, ...]
    board: Mapping[str, tuple[OperatorLight, ...]]
    reasons: tuple[Reason, ...]


def colour_of(*, check: Round, light: Light) -> str:
    """The colour of one visit: blue where the machine is out of use, else by its defects.

    Several visits put together (`visits_together`) carry theirs.
    """
    if "colour" in check:
        return str(check["colour"])
    if check.get("is_machine_out"):
        return "blue"
    found = defects_in(check)
    if found >= light.red_at or any(defect.get("severity") == "critical" for defect in check["defects"]):
        return "red"
    return "yellow" if found >= light.yellow_at else "green"


def defects_in(check: Round) -> int:
    """The defects of one round; one without a count is one."""
    return sum(int(defect.get("count", 1)) for defect in check["defects"])


def visits_together(*, visits: Sequence[Round], light: Light) -> Round:
    """The visits of one operator at one operation in one round as one: pieces, defects and actions added up.

    Two people on one line, or two devices, may visit the same operator; both have looked at pieces. The colour
    is the gravest of the visits', not that of the sum: one defect in each of two samples is twice a yellow
    sample, not a red one. The time and the machine are those of the latest visit.
    """
    if len(visits) == 1:
        return visits[0]
    in_time = sorted(visits, key=lambda visit: str(visit.get("at", "")))
    colours = {colour_of(check=visit, light=light) for visit in visits}
    return {
        **in_time[-1],
        "pieces": sum(visit["pieces"] for visit in visits),
        "defects": [defect for visit in in_time for defect in visit["defects"]],
        "actions": sorted({action for visit in visits for action in visit.get("actions", ())}),
        "colour": min(colours, key=COLOURS.index),
    }


def decide(*, rounds: Iterable[Round], light: Light | None = None) -> RovingDecision:
    """The board of a line from its visits, in any order; those of one place in one round count as one.

    A visit holds round, operator, operation, machine, pieces, defects [{code, severity, count}],
    is_machine_out, actions, and at (ISO instant) where the next visit shall be told. Pending while nothing is
    checked, a round has fewer pieces than the sample without being red, or a red one lacks its actions.
    """
    light = light or Light()
    by_place: defaultdict[tuple[str, str], defaultdict[int, list[Round]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for check in rounds:
        by_place[check["operator"], check["operation"]][check["round"]].append(check)
    lights: list[OperatorLight] = []
    reasons: list[Reason] = []
    for _, by_round in sorted(by_place.items()):
        checks = [visits_together(visits=visits, light=light) for _, visits in sorted(by_round.items())]
        lights.append(_light_of(checks, light))
        for check in checks:
            reasons += _reasons_of(check, light)
    if not lights:
        reasons.append(Reason("no_round", SECTION, "pending", "No operator is checked yet"))
    board = {colour: tuple(one for one in lights if one.colour == colour) for colour in COLOURS}
    return RovingDecision(tuple(lights), board, tuple(reasons))


def _light_of(checks: Sequence[Round], light: Light) -> OperatorLight:
    latest = checks[-1]
    colour = colour_of(check=latest, light=light)
    minutes = light.revisit_minutes.get(colour)
    at = datetime.fromisoformat(str(latest["at"])) if latest.get("at") else None
    return OperatorLight(
        operator=latest["operator"],
        operation=latest["operation"],
        machine=latest.get("machine", ""),
        colour=colour,
        pieces=latest["pieces"],
        defects=defects_in(latest),
        history=tuple((check["round"], colour_of(check=check, light=light)) for check in checks),
        due_at=at + timedelta(minutes=minutes) if at and minutes else None,
        open_actions=_open_actions(latest, light),
    )


def _open_actions(check: Round, light: Light) -> tuple[str, ...]:
    if colour_of(check=check, light=light) != "red":
        return ()
    return tuple(action for action in light.on_red if action not in check.get("actions", ()))


def _reasons_of(check: Round, light: Light) -> Iterable[Reason]:
    place = f"Round {check['round']}, {check['operator']}, {check['operation']}"
    missing = _open_actions(check, light)
    if missing:
        message = f"{place} is red; not recorded yet: {', '.join(missing).replace('_', ' ')}"
        yield Reason("red_without_action", SECTION, "pending", message)
    if check["pieces"] < light.sample_n and colour_of(check=check, light=light) in ("green", "yellow"):
        message = f"{place}: {check['pieces']} of {light.sample_n} pieces checked"
        yield Reason("round_incomplete", SECTION, "pending", message)

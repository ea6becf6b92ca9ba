"""Who is already governed by a buyer's rules: a higher room says so, for this one cannot know."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RulesInUse:
    """Inspections of a buyer that keep the rules they were planned with: not yet begun, and running."""

    planned: int
    running: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.planned + self.running


_COUNTERS: list[Callable[[UUID], tuple[int, int]]] = []


def declare_rules_in_use(counter: Callable[[UUID], tuple[int, int]]) -> None:
    """Register how to count (planned, running) inspections of a buyer; called once per room, at start-up."""
    if counter not in _COUNTERS:
        _COUNTERS.append(counter)


def rules_in_use(buyer_id: UUID) -> RulesInUse | None:
    """How many inspections of the open workspace keep this buyer's present rules; None if nobody counts."""
    if not _COUNTERS:
        return None
    counts = [counter(buyer_id) for counter in _COUNTERS]
    return RulesInUse(sum(planned for planned, _ in counts), sum(running for _, running in counts))

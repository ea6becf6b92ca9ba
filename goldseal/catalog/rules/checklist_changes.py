"""What differs between two versions of a checklist, question by question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChecklistChanges:
    """Questions of the later version that are new or ask something else, of the earlier one that are gone.

    `is_reordered`: the questions that stand in both versions follow each other in another order.
    """

    added: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    changed: tuple[Item, ...] = ()
    is_reordered: bool = False

    @property
    def has_any(self) -> bool:
        """Whether the versions differ at all."""
        return bool(self.added or self.removed or self.changed or self.is_reordered)


def changes_between(*, before: Sequence[Item], after: Sequence[Item]) -> ChecklistChanges:
    """What became of a checklist; a question is the same one as long as its key is."""
    old = {item["key"]: item for item in before}
    new = {item["key"]: item for item in after}
    return ChecklistChanges(
        added=tuple(item for key, item in new.items() if key not in old),
        removed=tuple(item for key, item in old.items() if key not in new),
        changed=tuple(item for key, item in new.items() if key in old and old[key] != item),
        is_reordered=[key for key in old if key in new] != [key for key in new if key in old],
    )

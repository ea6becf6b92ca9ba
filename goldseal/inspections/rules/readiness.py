"""Whether a lot is ready to be inspected: enough made and packed, before anybody sees which cartons are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from goldseal.catalog.rules.lengths import format_decimal
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Settings


@dataclass(frozen=True, slots=True)
class Readiness:
    """Pieces made and packed of the lot as far as said, and why that is not enough (empty when it is)."""

    made: int | None
    packed: int | None
    lot: int
    shortfalls: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        """Whether the draw may be shown."""
        return self.made is not None and not self.shortfalls


def readiness(
    *, state: State, ordered: Mapping[tuple[str, str], int], lot_size: int, settings: Settings
) -> Readiness:
    """Readiness from the confirmation, or from the quantities where all of them are counted.

    Source: DOMAIN §4 (final readiness: everything made, at least 80 % packed, or as the buyer says).
    """
    body = state.value("readiness_confirmed")
    if body is not None:
        made, packed = int(body["made"]), int(body["packed"])
    else:
        counted = {(b["colour"], b["size"]): b for b in state.values("quantity_counted")}
        if not ordered or any(key not in counted for key in ordered):
            return Readiness(None, None, lot_size, ())
        made = sum(int(b["made"]) for b in counted.values())
        packed = sum(int(b["packed"]) for b in counted.values())
    short = []
    for count, least, what in (
        (made, settings.made_pct_min, "made"),
        (packed, settings.packed_pct_min, "packed"),
    ):
        if Fraction(count * 100) > (100 + settings.quantity_tolerance_pct) * lot_size:
            short.append(f"{count} pieces {what} of a lot of {lot_size}: more than there can be")
        if Fraction(count * 100) < least * lot_size:
            short.append(f"{count} of {lot_size} pieces {what}; at least {format_decimal(least)} % must be")
    return Readiness(made, packed, lot_size, tuple(short))

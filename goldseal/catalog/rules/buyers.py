"""Which of a buyer's rules hold at a stage: the buyer's own, its rule for the stage, the stage's settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from goldseal.catalog.rules.aql import PREFERRED_AQLS, ZERO_TOLERANCE

AQL_RULES = ("aql_critical", "aql_major", "aql_minor")
# Where a stage may differ: what it is called here, and in the stage's settings.
STAGE_CHOICES: Mapping[str, str] = {
    "aql_level": "level",
    "count_by": "count_by",
    "sampling_scheme": "sampling_scheme",
    "inspection_type": "inspection_type",
}
# What a stage's settings say where the buyer says nothing (0 or none).
STAGE_AMOUNTS: Mapping[str, str] = {
    "measured_pieces_critical": "pieces_critical",
    "measured_pieces_all": "pieces_all",
    "dhu_max": "dhu_max",
}


@dataclass(frozen=True, slots=True)
class BuyerRules:
    """Every rule by which one buyer's goods are inspected at one stage; shares in per cent.

    `measured_pieces_*`: pieces per size, 0 for no such rule; `fabric_*_points_max`: points per 100 square
    yards; `dhu_max` and `pieces_out_max`: None for no such limit. The three points that ISO 2859-1 leaves
    open in switching are `counts_rejection_on_reduced`, `switching_tighter_row` (plan or code_letter) and
    `scores_full_inspection`.
    """

    aql_level: str
    aql_critical: str
    aql_major: str
    aql_minor: str
    inspection_type: str
    sampling_scheme: str
    count_by: str
    sample_basis: str
    is_switching: bool
    counts_rejection_on_reduced: bool
    switching_tighter_row: str
    scores_full_inspection: bool
    quantity_tolerance_pct: Decimal
    made_pct_min: Decimal
    packed_pct_min: Decimal
    carton_rule: str
    carton_weight_tolerance_pct: Decimal
    points_out_pct_max: Decimal
    pieces_out_max: int | None
    is_critical_point_failing: bool
    measured_pieces_critical: int
    measured_pieces_all: int
    fabric_roll_points_max: Decimal
    fabric_lot_points_max: Decimal
    rolls_pct_min: Decimal
    hole_rule: str
    dhu_max: Decimal | None
    photos_per_defect: int
    required_photos: str
    report_language: str

    @property
    def limits(self) -> dict[str, str]:
        """The AQL of each severity."""
        return {"critical": self.aql_critical, "major": self.aql_major, "minor": self.aql_minor}


def rules_at_stage(
    *, buyer: Mapping[str, Any], stage_rule: Mapping[str, Any], settings: Mapping[str, Any]
) -> BuyerRules:
    """The rules that hold: the buyer's word for this stage, then the stage's settings, then the buyer's own.

    `buyer` holds every field of `BuyerRules`; `stage_rule` what the buyer asks for at this stage only;
    `settings` are the stage's, by the names of `STAGE_CHOICES` and `STAGE_AMOUNTS`. An AQL of the settings
    holds only where it is tighter than the buyer's: a stage may be stricter with itself than the buyer is,
    never laxer. Pieces to measure and the DHU limit of the settings hold where the buyer has none.
    """
    held = {name: buyer[name] for name in BuyerRules.__dataclass_fields__}
    for name, key in STAGE_CHOICES.items():
        held[name] = stage_rule.get(name) or settings.get(key) or held[name]
    for name in AQL_RULES:
        held[name] = stage_rule.get(name) or _tighter(held[name], settings.get(name))
    for name, key in STAGE_AMOUNTS.items():
        if not held[name] and settings.get(key):
            held[name] = Decimal(str(settings[key])) if name == "dhu_max" else int(settings[key])
    return BuyerRules(**held)


def _tighter(buyers: str, own: str | None) -> str:
    if not own:
        return buyers
    order = (ZERO_TOLERANCE, *PREFERRED_AQLS)
    return min(buyers, own, key=order.index)

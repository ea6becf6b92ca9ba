"""The starter checklist of every stage, by the stage's code."""

from collections.abc import Mapping

from goldseal.catalog.starter import checklists_finishing, checklists_making
from goldseal.catalog.starter.questions import Item

# The pre-final asks what the final will ask.
CHECKLISTS: Mapping[str, tuple[Item, ...]] = {
    "PPM": checklists_making.PPM,
    "YRN": checklists_making.YRN,
    "FAB": checklists_making.FAB,
    "KNT": checklists_making.KNT,
    "CUT": checklists_making.CUT,
    "PRT": checklists_making.PRT,
    "LNK": checklists_making.LNK,
    "SEW": checklists_making.SEW,
    "MND": checklists_finishing.MND,
    "END": checklists_finishing.END,
    "WSH": checklists_finishing.WSH,
    "IRN": checklists_finishing.IRN,
    "MTL": checklists_finishing.MTL,
    "PKG": checklists_finishing.PKG,
    "PRE": checklists_finishing.FIN,
    "FIN": checklists_finishing.FIN,
}

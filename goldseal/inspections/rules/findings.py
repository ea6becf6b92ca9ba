"""What leads to a verdict: one reason each, and how the gravest of several is found."""

from collections.abc import Iterable
from dataclasses import dataclass

from goldseal.inspections.rules.state import Entry, State

GRAVITY = ("fail", "hold", "pending", "pass", "na")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a code for machines, the section ("" for the whole), and a sentence.

    `verdict` is what this reason alone would lead to.
    """

    code: str
    section: str
    verdict: str
    message: str


def pending(code: str, section: str, message: str) -> Reason:
    """Something is still to be recorded or decided here."""
    return Reason(code, section, "pending", message)


def conflict_reasons(state: State) -> Iterable[Reason]:
    """Records of two people that disagree, signatures apart."""
    for entry in state.conflicts:
        if entry.kind != "signed":
            what = entry.kind.replace("_", " ")
            message = f"{len(entry.heads)} records disagree ({what}); choose one"
            yield pending("conflict", _section_of(entry), message)


def _section_of(entry: Entry) -> str:
    fixed = {
        "quantity_counted": "quantity",
        "defect_recorded": "workmanship",
        "cartons_opened": "workmanship",
        "piece_measured": "measurement",
        "remark_written": "remarks",
        "operator_checked": "roving",
        "roll_inspected": "four_point",
        "calibration_recorded": "metal",
        "pieces_scanned": "metal",
        "carton_checked": "packing",
    }
    body = entry.candidates[0] if entry.candidates else {}
    return fixed.get(entry.kind) or str(body.get("section", ""))


def gravest(verdicts: Iterable[str]) -> str:
    """The gravest of some verdicts: fail, hold, pending, pass, na."""
    return min(verdicts, key=GRAVITY.index, default="na")

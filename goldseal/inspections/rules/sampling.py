"""Sampling plans by attributes, single and double: which sample to draw and what it may hold (ISO 2859-1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from goldseal.inspections.rules import sampling_tables as tables

LOT_SIZE_MIN = 2
LOT_SIZE_MAX = 10_000_000
AQLS = tables.AQL_COLUMNS
LEVELS = tables.LEVELS
INSPECTIONS = ("normal", "tightened", "reduced")
VARIANTS = ("iso", "z14")
SEVERITIES = ("critical", "major", "minor")
ZERO_TOLERANCE = "0"

_AQL_TEXT = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?", re.ASCII)
_COLUMN_BY_VALUE = {Decimal(text): column for column, text in enumerate(AQLS)}


@dataclass(frozen=True, slots=True)
class Plan:
    """One single sampling plan for one lot and one AQL.

    `code_letter` comes from Table 1; `plan_letter` is the row the plan was read from after the arrows
    of the master table were followed, and `sample_size`, `accept` (Ac) and `reject` (Re) are that row's.
    `units_to_inspect` is the sample size, or the whole lot where the lot is not larger
    (`is_full_inspection`). Ac and Re stay those of the plan in that case.
    """

    lot_size: int
    level: str
    aql: str
    inspection: str
    code_letter: str
    plan_letter: str
    sample_size: int
    accept: int
    reject: int
    units_to_inspect: int
    is_full_inspection: bool


@dataclass(frozen=True, slots=True)
class DoublePlan:
    """One double sampling plan for normal inspection, in the standard's own symbols.

    Inspect `n1` units: d1 up to `ac1` accepts, `re1` or more rejects, anything between calls for `n2` further
    units, and d1 + d2 up to `ac2` accepts, `re2` or more rejects. Where the table prints * there is no double
    plan and the single plan of the same cell is used: then `kind` is "single", `n1`, `ac1` and `re1` are that
    plan's, `n2` is 0 and `ac2` and `re2` are None. `units_to_inspect` is the most that may have to be looked
    at, n1 + n2, or the whole lot where it is not larger (`is_full_inspection`); Ac and Re stay the plan's.
    """

    lot_size: int
    level: str
    aql: str
    variant: str
    kind: str
    code_letter: str
    plan_letter: str
    n1: int
    ac1: int
    re1: int
    n2: int
    ac2: int | None
    re2: int | None
    units_to_inspect: int
    is_full_inspection: bool

    def decide(self, d1: int, d2: int | None = None) -> str:
        """Accept, reject or second_sample, from the nonconforming units found in each sample alone.

        `d2` is not looked at where the first sample decides. Raises ValueError for a negative count.
        """
        if d1 < 0 or (d2 is not None and d2 < 0):
            raise ValueError(f"Nonconforming units must not be negative (got {d1} and {d2})")
        if d1 <= self.ac1:
            return "accept"
        if d1 >= self.re1 or self.ac2 is None:
            return "reject"
        if d2 is None:
            return "second_sample"
        return "accept" if d1 + d2 <= self.ac2 else "reject"


@dataclass(frozen=True, slots=True)
class InspectionPlan:
    """The plans of one inspection, one per severity, and the one sample drawn for all of them.

    `units_to_inspect` is the largest of the plans' units: severities may resolve to different sample
    sizes, so the larger sample is drawn and every plan is kept on record.
    """

    lot_size: int
    level: str
    inspection: str
    plans: Mapping[str, Plan]
    units_to_inspect: int
    is_full_inspection: bool


def single_plan(*, lot_size: int, level: str, aql: str, inspection: str = "normal") -> Plan:
    """Look up the single sampling plan of ISO 2859-1:1999 (Table 1, then Table 2-A, 2-B or 2-C).

    `lot_size` counts units, 2 to 10 000 000. `level` is exactly one of S-1 to S-4, I, II, III.
    `aql` is a text as the table heads its columns ("0.065", "1.0", "2.5", "10"); another plain decimal
    text of the same value ("1", "4", "2.50") names the same column and comes back as the heading.
    Numbers are refused: a binary float is not a column heading. `inspection` is normal, tightened or
    reduced. Raises ValueError that says what is allowed.
    """
    _check_lot_size(lot_size)
    _check_choice("Inspection level", level, LEVELS)
    _check_choice("Inspection", inspection, INSPECTIONS)
    column = _aql_column(aql)
    code_letter = _code_letter(lot_size, level)
    plan_letter, sample_size, accept = _follow_arrows(inspection, code_letter, column)
    return Plan(
        lot_size=lot_size,
        level=level,
        aql=AQLS[column],
        inspection=inspection,
        code_letter=code_letter,
        plan_letter=plan_letter,
        sample_size=sample_size,
        accept=accept,
        reject=accept + 1,
        units_to_inspect=min(sample_size, lot_size),
        is_full_inspection=sample_size >= lot_size,
    )


def double_plan(*, lot_size: int, level: str, aql: str, variant: str = "iso") -> DoublePlan:
    """Look up the double sampling plan for normal inspection (ISO 2859-1:1999 Table 1, then Table 3-A).

    `variant` "iso" reads Table 3-A, "z14" Table III-A of MIL-STD-105E and ANSI/ASQ Z1.4; they differ only where
    the single plan's Ac is 3 or 7. The other arguments and their errors are those of `single_plan`.

    Table 3-A has its arrows where Table 2-A has them, and every pair of Ac and Re follows from the Ac of the
    single plan in the same cell, so it is derived from there. Open points, as decided here: row A holds no
    double plan (n = 2 cannot be halved), so a numbered cell of row A is a *; the cells A/10 and A/15 are arrows
    down as in Table 2-A, where one printed source has *; the ISO pairs for Ac 3 (1, 3; 4, 5) and Ac 7
    (3, 6; 9, 10) keep the single plan's operating characteristic more closely than the older ones.
    """
    _check_choice("Variant", variant, VARIANTS)
    single = single_plan(lot_size=lot_size, level=level, aql=aql)
    if single.plan_letter == "A" or single.accept == 0:
        kind, n1, n2 = "single", single.sample_size, 0
        numbers: tuple[int, int, int | None, int | None] = (single.accept, single.reject, None, None)
    else:
        kind = "double"
        n1 = n2 = tables.DOUBLE_SIZES[single.plan_letter]
        changed = tables.DOUBLE_PAIRS_Z14 if variant == "z14" else {}
        ac1, re1, ac2 = changed.get(single.accept) or tables.DOUBLE_PAIRS[single.accept]
        numbers = (ac1, re1, ac2, ac2 + 1)
    return DoublePlan(
        lot_size=lot_size,
        level=level,
        aql=single.aql,
        variant=variant,
        kind=kind,
        code_letter=single.code_letter,
        plan_letter=single.plan_letter,
        n1=n1,
        ac1=numbers[0],
        re1=numbers[1],
        n2=n2,
        ac2=numbers[2],
        re2=numbers[3],
        units_to_inspect=min(n1 + n2, lot_size),
        is_full_inspection=n1 + n2 >= lot_size,
    )


def next_tighter_accept(*, inspection: str, letter: str, aql: str) -> int | None:
    """The Ac one AQL column to the left in the row `letter` of the master table.

    None where there is no column to the left or an arrow stands there. Raises ValueError for an AQL that
    the standard does not have.
    """
    column = _aql_column(aql)
    cells = next(cells for row, _, cells in _master_table(inspection) if row == letter)
    return int(cells[column - 1]) if column and cells[column - 1].isdecimal() else None


def inspection_plan(
    *,
    lot_size: int,
    level: str,
    limits: Mapping[str, str | None],
    inspection: str | Mapping[str, str] = "normal",
) -> InspectionPlan:
    """Plan one inspection from the buyer's AQL per severity ("critical", "major", "minor").

    An AQL of "0" or None means zero tolerance: ISO 2859-1 has no AQL 0, so by the buyers' convention none
    is allowed (Ac 0, Re 1) in the sample drawn for the other severities, whose largest plan it borrows.
    A severity that `limits` does not name is not judged. `inspection` may differ by severity, because each
    is switched on its own (ISO 2859-1 §9.3). Raises ValueError for unknown severities, for
    limits that the standard does not have, and when no severity has an AQL that would set a sample size.
    """
    unknown = [severity for severity in limits if severity not in SEVERITIES]
    if unknown:
        raise ValueError(f"Severity must be one of {', '.join(SEVERITIES)} (got {unknown[0]!r})")
    kinds = dict.fromkeys(SEVERITIES, inspection) if isinstance(inspection, str) else inspection
    tabled = {
        severity: single_plan(lot_size=lot_size, level=level, aql=aql, inspection=kinds[severity])
        for severity in SEVERITIES
        if (aql := limits.get(severity)) is not None and not is_zero_tolerance(aql)
    }
    if not tabled:
        raise ValueError("At least one severity needs an AQL from the table, because it sets the sample size")
    largest = max(tabled.values(), key=lambda plan: plan.sample_size)
    plans = {
        severity: tabled.get(severity) or _zero_tolerance_plan(largest)
        for severity in SEVERITIES
        if severity in limits
    }
    return InspectionPlan(
        lot_size=lot_size,
        level=level,
        inspection=largest.inspection,
        plans=plans,
        units_to_inspect=largest.units_to_inspect,
        is_full_inspection=largest.is_full_inspection,
    )


def is_zero_tolerance(aql: str | None) -> bool:
    """Whether the buyer's limit means "none allowed": None, or zero written as a plain decimal."""
    if aql is None:
        return True
    return isinstance(aql, str) and _AQL_TEXT.fullmatch(aql) is not None and Decimal(aql) == 0


def counts_defects_only(aql: str) -> bool:
    """Whether this AQL speaks of defects per 100 units only (above 10), so defectives cannot be counted.

    Source: ISO 2859-1 §5.2 (an AQL above 10 is not a percentage of nonconforming items).
    """
    return Decimal(AQLS[_aql_column(aql)]) > 10


def _zero_tolerance_plan(drawn: Plan) -> Plan:
    return Plan(
        lot_size=drawn.lot_size,
        level=drawn.level,
        aql=ZERO_TOLERANCE,
        inspection=drawn.inspection,
        code_letter=drawn.code_letter,
        plan_letter=drawn.plan_letter,
        sample_size=drawn.sample_size,
        accept=0,
        reject=1,
        units_to_inspect=drawn.units_to_inspect,
        is_full_inspection=drawn.is_full_inspection,
    )


def _check_lot_size(lot_size: object) -> None:
    # True is an int to Python; as a lot size it is a mistake.
    if isinstance(lot_size, bool) or not isinstance(lot_size, int):
        raise ValueError(f"Lot size must be a whole number (got {lot_size!r})")
    if not LOT_SIZE_MIN <= lot_size <= LOT_SIZE_MAX:
        raise ValueError(f"Lot size must be between 2 and 10 000 000 (got {lot_size})")


def _check_choice(what: str, value: object, allowed: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in allowed:
        raise ValueError(f"{what} must be one of {', '.join(allowed)} (got {value!r})")


def _aql_column(aql: object) -> int:
    if not isinstance(aql, str):
        raise ValueError(f'AQL must be given as text, such as "2.5" (got {aql!r})')
    column = _COLUMN_BY_VALUE.get(Decimal(aql)) if _AQL_TEXT.fullmatch(aql) else None
    if column is None:
        raise ValueError(f"AQL must be one of {', '.join(AQLS)} (got {aql!r})")
    return column


@cache
def _letter_rows() -> tuple[tuple[float, tuple[str, ...]], ...]:
    rows = (line.split() for line in tables.CODE_LETTERS.strip().splitlines())
    return tuple((float("inf") if top == "-" else int(top), tuple(letters)) for top, *letters in rows)


def _code_letter(lot_size: int, level: str) -> str:
    column = LEVELS.index(level)
    return next(letters[column] for top, letters in _letter_rows() if lot_size <= top)


@cache
def _master_table(inspection: str) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    text = {"normal": tables.NORMAL, "tightened": tables.TIGHTENED, "reduced": tables.REDUCED}[inspection]
    rows = (line.split() for line in text.strip().splitlines())
    return tuple((letter, int(size), tuple(cells)) for letter, size, *cells in rows)


def _follow_arrows(inspection: str, code_letter: str, column: int) -> tuple[str, int, int]:
    table = _master_table(inspection)
    row = next(index for index, (letter, _, _) in enumerate(table) if letter == code_letter)
    while (cell := table[row][2][column]) in ("v", "^"):
        row += 1 if cell == "v" else -1
    letter, sample_size, _ = table[row]
    return letter, sample_size, int(cell)

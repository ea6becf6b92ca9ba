"""Packing and cartons: how many to open, assortment, barcodes, gross weight, marks and size."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from goldseal.catalog.rules.gtin import is_gtin as is_gtin
from goldseal.catalog.rules.lengths import Number, format_decimal, plain_number
from goldseal.inspections.rules.draw import cartons_to_open
from goldseal.inspections.rules.findings import Reason

SECTION = "packing"

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Range:
    """Cartons `first` to `last` that hold something of their own; `name` as the packing list has it."""

    first: int
    last: int
    name: str = ""
    assortment: Mapping[tuple[str, str], int] | None = None
    barcodes: Collection[str] | None = None
    gross_kg: Number | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a carton shall be.

    `assortment` is the pieces per (colour, size) in each carton and `barcodes` those that may be on the pieces;
    None leaves out the check. `gross_kg` is the nominal gross weight, allowed to differ by
    `weight_tolerance_pct` per cent either way, both limits included. A carton that lies in one of `ranges` is
    judged by what that range says of these three.
    """

    assortment: Mapping[tuple[str, str], int] | None = None
    barcodes: Collection[str] | None = None
    gross_kg: Number | None = None
    weight_tolerance_pct: Number = 5
    are_marks_required: bool = True
    ranges: tuple[Range, ...] = ()

    def range_of(self, carton: int) -> Range | None:
        """The range that this carton lies in, if it has one of its own."""
        return next((one for one in self.ranges if one.first <= carton <= one.last), None)

    def of_carton(self, carton: int) -> "Settings":
        """What this carton shall be."""
        own = self.range_of(carton)
        if own is None:
            return self
        return replace(
            self, assortment=own.assortment, barcodes=own.barcodes, gross_kg=own.gross_kg, ranges=()
        )

    def __post_init__(self) -> None:
        if self.gross_kg is not None and plain_number(self.gross_kg) <= 0:
            raise ValueError(f"The nominal gross weight must be above 0 kg (got {self.gross_kg})")


@dataclass(frozen=True, slots=True)
class CartonFacts:
    """One carton: pieces too many (+) or too few (−) per (colour, size), strange barcodes, weight off in %."""

    carton: int
    differences: Mapping[tuple[str, str], int]
    strange_barcodes: tuple[str, ...]
    weight_off_pct: Fraction | None


@dataclass(frozen=True, slots=True)
class PackingDecision:
    """Cartons opened and needed, the facts of each, and the reasons."""

    opened: int
    needed: int
    cartons: tuple[CartonFacts, ...]
    reasons: tuple[Reason, ...]


def same_gtin(code: str) -> str:
    """The barcode as an EAN-13 where it is a UPC-A, because scanners read one as the other."""
    return f"0{code}" if len(code) == 12 and is_gtin(code) else code


def decide(
    *, cartons: Sequence[Body], total_cartons: int, settings: Settings | None = None
) -> PackingDecision:
    """Judge the cartons opened of a lot of `total_cartons`.

    A carton holds carton, pieces, ratio [{colour, size, pieces}], barcodes [{barcode, count}], gross_kg,
    is_mark_right and is_size_right. Pending while too few are opened or a check is not recorded; fail for
    a wrong assortment, barcode, weight, mark or size.
    """
    settings = settings or Settings()
    needed = cartons_to_open(total=total_cartons)
    strange = sorted({int(body["carton"]) for body in cartons if not 1 <= body["carton"] <= total_cartons})
    opened = len({body["carton"] for body in cartons} - set(strange))
    reasons = []
    for number in strange:
        message = f"Carton {number} is not of this lot, which has {total_cartons}; correct or take back"
        reasons.append(Reason("carton_unknown", SECTION, "pending", message))
    if opened < needed:
        message = f"{opened} of {needed} cartons opened (square root of {total_cartons}, rounded up)"
        reasons.append(Reason("too_few_cartons", SECTION, "pending", message))
    facts = []
    for body in sorted(cartons, key=lambda body: int(body["carton"])):
        own = settings.of_carton(body["carton"])
        fact = _facts_of(body, own)
        facts.append(fact)
        reasons += [
            Reason(code, SECTION, verdict, f"Carton {fact.carton}: {message}")
            for code, verdict, message in _faults_of(body, fact, own)
        ]
    return PackingDecision(opened, needed, tuple(facts), tuple(reasons))


def _facts_of(body: Body, settings: Settings) -> CartonFacts:
    differences: dict[tuple[str, str], int] = {}
    if settings.assortment is not None and body.get("ratio"):
        packed: Counter[tuple[str, str]] = Counter()
        for row in body["ratio"]:
            packed[row["colour"], row["size"]] += row["pieces"]
        differences = {
            key: off
            for key in dict.fromkeys([*settings.assortment, *packed])
            if (off := packed[key] - settings.assortment.get(key, 0))
        }
    strange: tuple[str, ...] = ()
    if settings.barcodes is not None:
        known = {same_gtin(code) for code in settings.barcodes}
        scanned = [row["barcode"] for row in body.get("barcodes", ())]
        strange = tuple(code for code in scanned if same_gtin(code) not in known)
    off_pct = None
    if settings.gross_kg is not None and body.get("gross_kg") is not None:
        nominal = plain_number(settings.gross_kg)
        off_pct = (plain_number(body["gross_kg"]) - nominal) * 100 / nominal
    return CartonFacts(body["carton"], differences, strange, off_pct)


def _faults_of(body: Body, fact: CartonFacts, settings: Settings) -> Iterable[tuple[str, str, str]]:
    yield from _ratio_faults(body, fact, settings)
    if settings.barcodes is not None and not body.get("barcodes"):
        yield "barcode_not_scanned", "pending", "no barcode scanned yet"
    for barcode in fact.strange_barcodes:
        why = "is not of this order" if is_gtin(barcode) else "is not of this order and no valid EAN or UPC"
        yield "barcode_mismatch", "fail", f"barcode {barcode} {why}"
    if settings.gross_kg is not None and fact.weight_off_pct is None:
        yield "carton_not_weighed", "pending", "not weighed yet"
    if fact.weight_off_pct is not None and abs(fact.weight_off_pct) > plain_number(
        settings.weight_tolerance_pct
    ):
        allowed = format_decimal(plain_number(settings.weight_tolerance_pct))
        off = format_decimal(fact.weight_off_pct)
        message = f"{body['gross_kg']} kg is {off} % from {settings.gross_kg} kg; ±{allowed} % allowed"
        yield "carton_weight_out", "fail", message
    for name, code, what in (
        ("is_mark_right", "carton_mark", "shipping mark"),
        ("is_size_right", "carton_size", "carton size"),
    ):
        if body.get(name) is False:
            yield f"{code}_wrong", "fail", f"{what} is wrong"
        elif body.get(name) is None and settings.are_marks_required:
            yield f"{code}_unseen", "pending", f"{what} is not checked yet"


def _ratio_faults(body: Body, fact: CartonFacts, settings: Settings) -> Iterable[tuple[str, str, str]]:
    if settings.assortment is None:
        return
    if not body.get("ratio"):
        yield "ratio_not_counted", "pending", "colours and sizes not counted yet"
    elif fact.differences:
        rows = [f"{colour} {size} {off:+d}" for (colour, size), off in fact.differences.items()]
        yield "ratio_wrong", "fail", f"assortment differs: {', '.join(rows)}"

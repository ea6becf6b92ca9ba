"""What each method of inspection adds to a record: rounds, hours, rolls, calibrations, cartons, answers."""

from typing import Annotated, Literal

from pydantic import Field

from goldseal.reports.rules.record_fields import (
    Code,
    Count,
    Instant,
    Long,
    Named,
    Part,
    Severity,
    Sha256,
    Short,
    Verdict,
)

Hour = Annotated[int, Field(ge=0, le=23)]
Light = Literal["green", "yellow", "red", "blue"]
Action = Literal["recheck_bundle", "stop_line", "train"]
CardKind = Literal["ferrous", "non_ferrous", "stainless"]
Balance = Annotated[int, Field(ge=-100_000_000, le=100_000_000)]


class Found(Part):
    """Defects of one code, counted."""

    code: Code
    name_en: Named
    name_bn: Short = ""
    severity: Severity | None = None
    count: Annotated[int, Field(ge=1)]


# ---- roving: rounds per operator and operation, with lights
class Visit(Part):
    round: Annotated[int, Field(ge=1, le=48)]
    colour: Light
    pieces: Count
    defects: Count
    visits: Annotated[int, Field(ge=1)] = 1  # several people in one round


class Place(Part):
    operator: Short
    operation: Short
    machine: Short = ""
    visits: list[Visit]


class RedVisit(Part):
    """A light that turned red: what was found and what was done."""

    round: Annotated[int, Field(ge=1, le=48)]
    operator: Short
    operation: Short
    at: Instant | None = None
    found: list[Found]
    actions: list[Action] = []
    note: Long = ""
    photos: list[Sha256] = []


class LightRule(Part):
    sample_n: Count
    yellow_at: Count
    red_at: Count


class Lights(Part):
    green: Count
    yellow: Count
    red: Count
    blue: Count


class Roving(Part):
    light: LightRule
    rounds: list[Annotated[int, Field(ge=1, le=48)]]
    places: Annotated[list[Place], Field(max_length=1000)]
    reds: Annotated[list[RedVisit], Field(max_length=2000)] = []
    pieces: Count
    defects: Count
    dhu: Short | None = None
    board: Lights  # as each place stood last
    lights: Lights | None = None  # over all visits


# ---- endline: hours with counts and rates
class Hundred(Part):
    """Counts of pieces and defects, and the rates that follow."""

    checked: Count
    passed: Count
    altered: Count
    rejected: Count
    recheck_passed: Count = 0
    recheck_rejected: Count = 0
    defects: Count
    dhu: Short | None = None
    defective_percent: Short | None = None
    rft: Short | None = None


class EndlineHour(Hundred):
    hour: Hour
    to_target: Balance | None = None


class Endline(Part):
    hours: Annotated[list[EndlineHour], Field(max_length=24)]
    total: Hundred
    open_alters: Balance
    hourly_target: Count | None = None
    dhu_max: Short | None = None


# ---- four-point: rolls and their flaws
class Flaw(Part):
    roll: Short
    at: Short
    code: Code
    name_en: Named
    name_bn: Short = ""
    size: Short
    unit: Literal["in", "cm", "mm"]
    points: Annotated[int, Field(ge=1, le=4)] | None = None
    is_hole: bool = False
    runs_to: Short = ""
    note: Long = ""
    photos: list[Sha256] = []


class FabricRoll(Part):
    roll: Short
    dye_lot: Short = ""
    shade: Short = ""
    length: Short
    length_unit: Literal["yd", "m"]
    width: Short
    width_unit: Literal["in", "cm", "mm"]
    gsm: Short = ""
    shrinkage_length_pct: Short = ""
    shrinkage_width_pct: Short = ""
    # How many flaws have 1, 2, 3 and 4 points: the size bands.
    by_points: Annotated[list[Count], Field(min_length=4, max_length=4)]
    points: Count  # after the cap of four in each yard or metre
    uncapped: Count
    per_100_yd2: Short | None = None
    per_100_m2: Short | None = None
    result: Literal["accepted", "rejected", "unfit"]
    note: Long = ""


class FourPoint(Part):
    roll_limit: Short
    lot_limit: Short = ""
    hole_rule: Literal["by_size", "always_four"]
    rolls: Annotated[list[FabricRoll], Field(max_length=2000)]
    flaws: Annotated[list[Flaw], Field(max_length=10_000)] = []
    rolls_total: Count
    points: Count
    per_100_yd2: Short | None = None
    per_100_m2: Short | None = None
    accepted: Count
    rejected: Count


# ---- metal detection
class Calibration(Part):
    machine: Short
    hour: Hour
    card_kind: CardKind
    card_mm: Short
    points: Annotated[list[bool], Field(min_length=9, max_length=9)]
    note: Long = ""


class Scanned(Part):
    machine: Short
    hour: Hour
    pieces: Count


class Stop(Part):
    """A calibration that failed: the points not detected and the pieces to run again."""

    machine: Short
    since_hour: Hour
    hour: Hour
    card_kind: CardKind
    points: list[Annotated[int, Field(ge=1, le=9)]]
    pieces: Count


class MetalFind(Part):
    machine: Short
    hour: Hour
    pieces: Count
    what: Short
    is_resolved: bool
    note: Long = ""
    photos: list[Sha256] = []


class Needle(Part):
    machine: Short
    hour: Hour
    operator: Short = ""
    needle: Short
    is_whole_found: bool
    note: Long = ""
    photos: list[Sha256] = []


class Rerun(Part):
    machine: Short
    hour: Hour
    pieces: Count
    note: Long = ""


class MissingCalibration(Part):
    machine: Short
    hour: Hour
    card_kind: CardKind


class Metal(Part):
    interval_minutes: Count
    lot: Count
    scanned_total: Count
    to_rerun: Count
    calibrations: Annotated[list[Calibration], Field(max_length=2000)]
    missing: Annotated[list[MissingCalibration], Field(max_length=2000)] = []
    scanned: Annotated[list[Scanned], Field(max_length=2000)]
    stops: Annotated[list[Stop], Field(max_length=500)] = []
    reruns: Annotated[list[Rerun], Field(max_length=500)] = []
    finds: Annotated[list[MetalFind], Field(max_length=2000)] = []
    needles: Annotated[list[Needle], Field(max_length=2000)] = []


# ---- packing
class Ratio(Part):
    colour: Short
    size: Short
    pieces: Count
    wanted: Count | None = None


class Carton(Part):
    carton: Annotated[int, Field(ge=1)]
    holds: Short = ""
    pieces: Count | None = None
    ratio: list[Ratio] = []
    barcodes: list[Short] = []
    strange_barcodes: list[Short] = []
    gross_kg: Short = ""
    weight_off_percent: Short = ""
    is_mark_right: bool | None = None
    is_size_right: bool | None = None
    result: Verdict
    note: Long = ""
    photos: list[Sha256] = []


class Packing(Part):
    cartons_total: Count
    needed: Count
    opened: Count
    gross_kg: Short = ""
    weight_tolerance_percent: Short = ""
    cartons: Annotated[list[Carton], Field(max_length=5000)]


# ---- checklists and audits
class Item(Part):
    section: Short
    label_en: Named
    label_bn: Short = ""
    kind: Literal["yes_no_na", "number", "choice", "text", "barcode", "photo"]
    answer: Literal["yes", "no", "na"] | None = None
    value_en: Long = ""
    value_bn: Long = ""
    unit: Short = ""
    result: Literal["pass", "fail", "hold", "pending", "na", "none"]
    note: Long = ""
    photos: list[Sha256] = []


class Checklist(Part):
    template: Short = ""
    asked: Count
    answered: Count
    failing: Count
    items: Annotated[list[Item], Field(max_length=1000)]

"""The record goldseal.inspection-report/1: what an inspection report holds, checked before it is sealed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from goldseal.reports.rules.method_parts import Checklist, Endline, FourPoint, Metal, Packing, Roving
from goldseal.reports.rules.record_fields import (
    Answer,
    Code,
    Count,
    Date,
    Heading,
    Instant,
    Judged,
    Long,
    Longer,
    Named,
    Numbered,
    ParetoRow,
    Part,
    Percent,
    Phrase,
    Picture,
    Severity,
    Sha256,
    Short,
    Signature,
    TrailAnchor,
    Workspace,
    checked,
    listed_once,
)
from goldseal.reports.rules.record_fields import RecordError as RecordError

SCHEMA = "goldseal.inspection-report/1"
PHOTOS_MAX = 600

ReportType = Literal[
    "inline",
    "pre_final",
    "final",
    "re_inspection",
    "sampling",
    "checklist",
    "roving",
    "endline",
    "four_point",
    "measurement",
    "metal",
    "packing",
]
SectionKey = Literal[
    "quantity",
    "shipping_marks",
    "conformity",
    "packing",
    "labelling",
    "workmanship",
    "measurement",
    "onsite_tests",
    "special",
    "remarks",
    "photos",
    "roving",
    "endline",
    "four_point",
    "metal",
]


class Stage(Part):
    code: Code
    name_en: Named
    name_bn: Short = ""


class Report(Heading):
    type: ReportType
    stage: Stage | None = None
    reinspection_no: Numbered | None = None


class Location(Part):
    text: Short
    latitude: Short | None = None
    longitude: Short | None = None


class Header(Part):
    inspected_on: Date | None = None
    started_at: Instant | None = None
    finished_at: Instant | None = None
    location: Location | None = None
    inspectors: list[Named] = []
    buyer: Short = ""
    brand: Short = ""
    vendor: Short = ""
    factory: Short = ""
    subcontractor: Short = ""
    supplier: Short = ""
    line: Phrase = ""
    purchase_orders: list[Named] = []
    style: Phrase = ""
    sku: Short = ""
    description: Long = ""
    season: Short = ""
    colours: list[Named] = []
    sizes: list[Named] = []
    composition: Short = ""
    order_quantity: Count | None = None
    ship_quantity: Count | None = None
    lot_quantity: Count | None = None
    produced_percent: Percent | None = None
    packed_percent: Percent | None = None
    cartons_total: Count | None = None
    ex_factory_on: Date | None = None
    etd_on: Date | None = None
    eta_on: Date | None = None
    port: Short = ""
    destination: Short = ""
    approved_sample_seen: bool | None = None
    trim_card_seen: bool | None = None


class SeverityPlan(Part):
    severity: Severity
    aql: Annotated[str, StringConstraints(max_length=8)]
    code_letter: Annotated[str, StringConstraints(max_length=2)]
    plan_letter: Annotated[str, StringConstraints(max_length=2)]
    sample_size: Count
    accept: Count
    reject: Count


class Cartons(Part):
    total: Count
    opened: list[Annotated[int, Field(ge=1)]] = []


class Plan(Part):
    standard: Short = "ISO 2859-1"
    level: Annotated[str, StringConstraints(max_length=8)]
    inspection: Literal["normal", "tightened", "reduced"]
    counting: Literal["defectives", "defects"] = "defectives"
    lot_size: Count
    sample_drawn: Count
    full_inspection: bool = False
    severities: list[SeverityPlan]
    seed_commitment: Sha256 | None = None
    seed: Short = ""  # disclosed once the inspection is decided; the commitment proves it
    cartons: Cartons | None = None
    note: Long = ""


class SeverityCount(Part):
    severity: Severity
    defects: Count
    defectives: Count
    counted: Count
    accept: Count
    reject: Count
    result: Literal["within", "over"]


class Defect(Part):
    no: Annotated[int, Field(ge=1)]
    code: Code
    name_en: Named
    name_bn: Short = ""
    severity: Severity
    zone: Short = ""
    colour: Short = ""
    size: Short = ""
    carton: Annotated[int, Field(ge=1)] | None = None
    pieces: Annotated[int, Field(ge=1)]
    note: Long = ""
    photos: list[Sha256] = []


class Metrics(Part):
    dhu: Short | None = None
    defective_percent: Short | None = None


class CheckRow(Part):
    label_en: Named
    label_bn: Short = ""
    answer: Answer | None = None
    value: Short | int | float | None = None
    remark: Long = ""


class Column(Part):
    en: Short
    bn: Short = ""


class Table(Part):
    columns: Annotated[list[Column], Field(min_length=1, max_length=8)]
    rows: Annotated[list[list[Short | int | float]], Field(max_length=500)]

    @model_validator(mode="after")
    def _rectangular(self) -> "Table":
        for index, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {index} has {len(row)} cells, the table has {len(self.columns)} columns"
                )
        return self


class Section(Part):
    key: SectionKey
    title_en: Named
    title_bn: Short = ""
    verdict: Answer
    rows: Annotated[list[CheckRow], Field(max_length=500)] = []
    remarks: Longer = ""
    table: Table | None = None


class Pom(Part):
    code: Code
    name_en: Named
    name_bn: Short = ""
    critical: bool = False
    tol_plus: Short
    tol_minus: Short


class Measured(Part):
    pom: Code
    spec: Short
    measured: Short
    deviation: Short
    out: bool


class Piece(Part):
    no: Annotated[int, Field(ge=1)]
    colour: Short = ""
    size: Short = ""
    carton: Annotated[int, Field(ge=1)] | None = None
    values: list[Measured]


class Measurement(Part):
    unit: Literal["cm", "in", "mm"]
    poms: Annotated[list[Pom], Field(max_length=100)]
    pieces: Annotated[list[Piece], Field(max_length=200)]
    measured: Count
    out_of_tolerance: Count
    pieces_out: Count | None = None
    rule: Long = ""
    rule_bn: Long = ""


class Photo(Picture):
    section: SectionKey | None = None
    taken_at: Instant | None = None


class NotArrived(Part):
    """Records that the submission covers and that a device has not sent: how many, and who was recording."""

    records: Annotated[int, Field(ge=1)]
    people: list[Named] = []


class Overall(Judged):
    reinspection_on: Date | None = None


class CorrectiveAction(Part):
    no: Code
    problem: Long
    action: Long
    owner: Short = ""
    due_on: Date | None = None


class InspectionReport(Part):
    schema_: Annotated[Literal["goldseal.inspection-report/1"], Field(alias="schema")]
    report: Report
    workspace: Workspace
    header: Header
    plan: Plan | None = None  # only where a sample was drawn
    counts: list[SeverityCount] = []
    defects: Annotated[list[Defect], Field(max_length=2000)] = []
    pareto: Annotated[list[ParetoRow], Field(max_length=200)] = []
    metrics: Metrics | None = None
    sections: Annotated[list[Section], Field(max_length=20)]
    measurement: Measurement | None = None
    roving: Roving | None = None
    endline: Endline | None = None
    four_point: FourPoint | None = None
    metal: Metal | None = None
    packing: Packing | None = None
    checklist: Checklist | None = None
    photos: Annotated[list[Photo], Field(max_length=PHOTOS_MAX)]
    not_arrived: NotArrived | None = None
    remarks: Longer = ""
    verdict: Overall
    corrective_actions: Annotated[list[CorrectiveAction], Field(max_length=200)] = []
    signatures: Annotated[list[Signature], Field(max_length=200)]
    trail_anchor: TrailAnchor | None = None

    @model_validator(mode="after")
    def _references_exist(self) -> "InspectionReport":
        known = listed_once(self.photos)
        for place, named in self._photos_named():
            for sha256 in named:
                if sha256 not in known:
                    raise ValueError(f"{place}.photos: {sha256[:12]}… is not among the photos")
        planned = [plan.severity for plan in self.plan.severities] if self.plan else []
        for count in self.counts:
            if count.severity not in planned:
                raise ValueError(f"counts: there is no plan for severity {count.severity}")
        return self

    def _photos_named(self) -> Iterator[tuple[str, list[str]]]:
        """Every place that names photos of the list."""
        parts: list[tuple[str, Sequence[Any]]] = [
            ("defects", self.defects),
            ("roving.reds", self.roving.reds if self.roving else ()),
            ("four_point.flaws", self.four_point.flaws if self.four_point else ()),
            ("metal.finds", self.metal.finds if self.metal else ()),
            ("metal.needles", self.metal.needles if self.metal else ()),
            ("packing.cartons", self.packing.cartons if self.packing else ()),
            ("checklist.items", self.checklist.items if self.checklist else ()),
        ]
        for name, rows in parts:
            for index, row in enumerate(rows):
                yield f"{name}[{index}]", row.photos


def check_record(*, record: Mapping[str, Any]) -> None:
    """Check that ``record`` is a goldseal.inspection-report/1, as ``docs/how-to/report-record.md`` tells.

    Raises ``RecordError`` naming every place that is wrong and what is allowed there.
    """
    checked(InspectionReport, record)

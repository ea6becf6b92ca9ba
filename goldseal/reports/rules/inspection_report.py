"""The record goldseal.inspection-report/1: what an inspection report holds, checked before it is sealed."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

SCHEMA = "goldseal.inspection-report/1"

_DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_INSTANT = _DATE[:-1] + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$"

Short = Annotated[str, StringConstraints(max_length=200)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Long = Annotated[str, StringConstraints(max_length=5000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Date = Annotated[str, StringConstraints(pattern=_DATE)]
Instant = Annotated[str, StringConstraints(pattern=_INSTANT)]  # with offset: printed as it stands
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
Percent = Annotated[float, Field(ge=0, le=1000)]
Severity = Literal["critical", "major", "minor"]
Verdict = Literal["pass", "fail", "hold", "pending"]
Answer = Literal["pass", "fail", "na", "hold", "pending"]
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
]


class RecordError(ValueError):
    """The record is not a goldseal.inspection-report/1; ``problems`` names each place and what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems[:8]) + (" …" if len(problems) > 8 else ""))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Superseded(_Part):
    number: Code
    version: Annotated[int, Field(ge=1)]
    content_hash: Sha256


class Report(_Part):
    number: Code
    version: Annotated[int, Field(ge=1)]
    type: Literal["inline", "pre_final", "final", "re_inspection"]
    reinspection_no: Annotated[int, Field(ge=1)] | None = None
    language: Literal["en", "bn", "both"]
    issued_at: Instant
    verify_url: Annotated[str, StringConstraints(max_length=500)] = ""
    supersedes: Superseded | None = None
    changes: Long = ""


class Workspace(_Part):
    name: Named
    name_bn: Short = ""
    address: Short = ""


class Location(_Part):
    text: Short
    latitude: Short | None = None
    longitude: Short | None = None


class Header(_Part):
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
    purchase_orders: list[Named] = []
    style: Short = ""
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


class SeverityPlan(_Part):
    severity: Severity
    aql: Annotated[str, StringConstraints(max_length=8)]
    code_letter: Annotated[str, StringConstraints(max_length=2)]
    plan_letter: Annotated[str, StringConstraints(max_length=2)]
    sample_size: Count
    accept: Count
    reject: Count


class Cartons(_Part):
    total: Count
    opened: list[Annotated[int, Field(ge=1)]] = []


class Plan(_Part):
    standard: Short = "ISO 2859-1"
    level: Annotated[str, StringConstraints(max_length=8)]
    inspection: Literal["normal", "tightened", "reduced"]
    counting: Literal["defectives", "defects"] = "defectives"
    lot_size: Count
    sample_drawn: Count
    full_inspection: bool = False
    severities: list[SeverityPlan]
    seed_commitment: Sha256 | None = None
    cartons: Cartons | None = None
    note: Long = ""


class SeverityCount(_Part):
    severity: Severity
    defects: Count
    defectives: Count
    counted: Count
    accept: Count
    reject: Count
    result: Literal["within", "over"]


class Defect(_Part):
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


class ParetoRow(_Part):
    code: Code
    name_en: Named
    name_bn: Short = ""
    count: Count
    share: Percent
    cumulative: Percent
    vital: bool = False


class Metrics(_Part):
    dhu: Short | None = None
    defective_percent: Short | None = None


class CheckRow(_Part):
    label_en: Named
    label_bn: Short = ""
    answer: Answer | None = None
    value: Short | int | float | None = None
    remark: Long = ""


class Column(_Part):
    en: Short
    bn: Short = ""


class Table(_Part):
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


class Section(_Part):
    key: SectionKey
    title_en: Named
    title_bn: Short = ""
    verdict: Answer
    rows: Annotated[list[CheckRow], Field(max_length=500)] = []
    remarks: Long = ""
    table: Table | None = None


class Pom(_Part):
    code: Code
    name_en: Named
    name_bn: Short = ""
    critical: bool = False
    tol_plus: Short
    tol_minus: Short


class Measured(_Part):
    pom: Code
    spec: Short
    measured: Short
    deviation: Short
    out: bool


class Piece(_Part):
    no: Annotated[int, Field(ge=1)]
    colour: Short = ""
    size: Short = ""
    carton: Annotated[int, Field(ge=1)] | None = None
    values: list[Measured]


class Measurement(_Part):
    unit: Literal["cm", "in", "mm"]
    poms: Annotated[list[Pom], Field(max_length=100)]
    pieces: Annotated[list[Piece], Field(max_length=200)]
    measured: Count
    out_of_tolerance: Count
    pieces_out: Count | None = None
    rule: Long = ""


class Photo(_Part):
    sha256: Sha256
    caption_en: Annotated[str, StringConstraints(max_length=500)] = ""
    caption_bn: Annotated[str, StringConstraints(max_length=500)] = ""
    section: SectionKey | None = None
    taken_at: Instant | None = None
    width: Count
    height: Count


class VerdictReason(_Part):
    code: Code
    text_en: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    text_bn: Annotated[str, StringConstraints(max_length=500)] = ""


class Overall(_Part):
    overall: Verdict
    reasons: list[VerdictReason] = []
    reinspection_on: Date | None = None


class CorrectiveAction(_Part):
    no: Code
    problem: Long
    action: Long
    owner: Short = ""
    due_on: Date | None = None


class Signature(_Part):
    printed_name: Named
    role: Short
    meaning: Short  # inspected, received, reviewed, approved, or words of the workspace's own
    signed_at: Instant
    record_hash: Sha256
    method: Short = ""


class TrailAnchor(_Part):
    sequence: Count
    hash: Sha256


class InspectionReport(_Part):
    schema_: Annotated[Literal["goldseal.inspection-report/1"], Field(alias="schema")]
    report: Report
    workspace: Workspace
    header: Header
    plan: Plan
    counts: list[SeverityCount]
    defects: Annotated[list[Defect], Field(max_length=2000)]
    pareto: Annotated[list[ParetoRow], Field(max_length=200)]
    metrics: Metrics | None = None
    sections: Annotated[list[Section], Field(max_length=20)]
    measurement: Measurement | None = None
    photos: Annotated[list[Photo], Field(max_length=300)]
    remarks: Long = ""
    verdict: Overall
    corrective_actions: Annotated[list[CorrectiveAction], Field(max_length=200)] = []
    signatures: Annotated[list[Signature], Field(max_length=20)]
    trail_anchor: TrailAnchor | None = None

    @model_validator(mode="after")
    def _references_exist(self) -> "InspectionReport":
        known = [photo.sha256 for photo in self.photos]
        if len(set(known)) != len(known):
            raise ValueError("photos: a photo is listed twice")
        for index, defect in enumerate(self.defects):
            for sha256 in defect.photos:
                if sha256 not in known:
                    raise ValueError(f"defects[{index}].photos: {sha256[:12]}… is not among the photos")
        planned = [plan.severity for plan in self.plan.severities]
        for count in self.counts:
            if count.severity not in planned:
                raise ValueError(f"counts: there is no plan for severity {count.severity}")
        return self


def check_record(*, record: Mapping[str, Any]) -> None:
    """Check that ``record`` is a goldseal.inspection-report/1, as ``docs/how-to/report-record.md`` tells.

    Raises ``RecordError`` naming every place that is wrong and what is allowed there.
    """
    try:
        InspectionReport.model_validate(dict(record))
    except ValidationError as error:
        raise RecordError([_problem(detail) for detail in error.errors(include_url=False)]) from error


def _problem(detail: Any) -> str:
    place = re.sub(r"\.(\d+)", r"[\1]", ".".join(str(part) for part in detail["loc"]))
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message

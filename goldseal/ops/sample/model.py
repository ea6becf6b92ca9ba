"""The shape of `bundle.json`, one finished inspection in a form that anyone can write (docs/how-to/bundle.md)."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

FORMAT = "goldseal.inspection-bundle/1"
SCHEMA_ID = "bundle.schema.json"

Section = Literal[
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
]
Severity = Literal["critical", "major", "minor"]
Verdict = Literal["pass", "fail", "na", "pending", "hold"]


def _plain(value: str) -> str:
    # Control characters and lone surrogates are no text a person typed, and no font or database takes them.
    if any((ord(sign) < 32 and sign not in "\n\t") or 0xD800 <= ord(sign) <= 0xDFFF for sign in value):
        raise ValueError("must not contain control characters")
    return value


def _one_line(value: str) -> str:
    if any(sign in "\n\t" for sign in value):
        raise ValueError("must be a single line")
    return _plain(value)


Short = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_one_line)]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_one_line)]
Line = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_one_line)]
Text = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_plain)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
DefectCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{1,15}$")]
PhotoFile = Annotated[
    str,
    StringConstraints(pattern=r"^photos/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\.(jpg|jpeg|png|webp|heic)$"),
]
Instant = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9 ./-]{1,16}$")]
Pieces = Annotated[int, Field(ge=0, le=10_000_000)]
CartonNo = Annotated[int, Field(ge=1, le=1_000_000)]
PieceNo = Annotated[int, Field(ge=1, le=10_000)]


class _Part(BaseModel):
    """Every object refuses unknown fields and does not turn one type into another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Party(_Part):
    """A buyer or a factory."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")]
    name: Name
    address: Line | None = None


class Style(_Part):
    """The article that was made."""

    number: Short
    name_en: Name
    name_bn: Name | None = None
    composition: Line | None = None
    gauge: Short | None = None
    season: Short | None = None


class OrderLine(_Part):
    """Ordered pieces of one colour and size."""

    colour: Short
    size: Annotated[str, Field(min_length=1, max_length=20), AfterValidator(_one_line)]
    quantity: Annotated[int, Field(ge=1, le=10_000_000)]


class Order(_Part):
    """The order under inspection; the lot is all of it."""

    number: Short
    ex_factory_on: Day | None = None
    destination: Name | None = None
    port: Name | None = None
    lines: Annotated[list[OrderLine], Field(min_length=1, max_length=500)]


class CartonRange(_Part):
    """Cartons `first` to `last`, each with the same number of pieces."""

    first: CartonNo
    last: CartonNo
    pieces: Annotated[int, Field(ge=1, le=10_000)]
    colour: Short | None = None
    size: Short | None = None


class Limits(_Part):
    """The buyer's AQL per severity as text; "0" means none allowed, absent means not judged."""

    critical: Amount | None = None
    major: Amount | None = None
    minor: Amount | None = None


class PlanInput(_Part):
    """What the sampling plan and the draw are computed from."""

    stage: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    level: Literal["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]
    inspection: Literal["normal", "tightened", "reduced"] = "normal"
    limits: Limits
    counting: Literal["defectives", "defects"] = "defectives"
    seed: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class Header(_Part):
    """When and where; and whether the references were at hand."""

    started_at: Instant
    ended_at: Instant
    place: Line | None = None
    approved_sample_seen: bool = False
    trim_card_seen: bool = False


class Point(_Part):
    """One point of measure with its value per size; amounts as text, exact."""

    code: Code
    name_en: Name
    name_bn: Name | None = None
    unit: Literal["cm", "mm", "in"]
    tol_minus: Amount
    tol_plus: Amount
    critical: bool = False
    spec: Annotated[dict[str, Amount], Field(min_length=1, max_length=40)]


class Quantity(_Part):
    """What was counted of one colour and size; `offered` defaults to the ordered quantity."""

    colour: Short
    size: Short
    made: Pieces
    packed: Pieces
    offered: Pieces | None = None


class CheckAnswer(_Part):
    """One answered check of a section."""

    check: Code
    label_en: Name
    label_bn: Name | None = None
    answer: Literal["pass", "fail", "na", "hold"]
    value: Name | None = None
    note: Line | None = None
    photos: list[PhotoFile] = Field(default_factory=list, max_length=20)


class SectionResult(_Part):
    """One section: its checks and what the inspector concluded."""

    section: Section
    verdict: Verdict
    remark: Line | None = None
    checks: Annotated[list[CheckAnswer], Field(max_length=100)] = Field(default_factory=list)


class Defect(_Part):
    """One recorded defect; `piece_no` names the piece, otherwise `pieces` says how many had it."""

    code: DefectCode
    severity: Severity
    zone: Literal["A", "B", "C"] | None = None
    colour: Short | None = None
    size: Short | None = None
    carton: CartonNo | None = None
    pieces: Annotated[int, Field(ge=1, le=10_000)] = 1
    piece_no: PieceNo | None = None
    note: Line | None = None
    photos: list[PhotoFile] = Field(default_factory=list, max_length=20)


class MeasuredPiece(_Part):
    """One measured piece: the tape value per point as text."""

    piece_no: PieceNo
    colour: Short
    size: Short
    values: Annotated[dict[str, Amount], Field(min_length=1, max_length=200)]


class Photo(_Part):
    """One photo of the folder `photos/`."""

    file: PhotoFile
    section: Section
    caption_en: Line
    caption_bn: Line | None = None
    taken_at: Instant | None = None


class Remark(_Part):
    """A remark to a section."""

    section: Section
    text: Text


class Signature(_Part):
    """Who is to stand in the signature block, and for what; a bundle signs nothing by itself."""

    printed_name: Name
    role: Literal["inspector", "factory_representative", "qa"]
    meaning: Line
    signed_at: Instant


class Contents(_Part):
    """The whole of `bundle.json`."""

    format: Literal["goldseal.inspection-bundle/1"]
    schema_: Literal["bundle.schema.json"] | None = Field(default=None, alias="$schema")
    buyer: Party
    factory: Party
    style: Style
    order: Order
    cartons: Annotated[list[CartonRange], Field(min_length=1, max_length=2000)]
    plan: PlanInput
    header: Header
    points: Annotated[list[Point], Field(max_length=200)] = Field(default_factory=list)
    quantities: Annotated[list[Quantity], Field(max_length=500)]
    cartons_opened: Annotated[list[CartonNo], Field(max_length=5000)]
    sections: Annotated[list[SectionResult], Field(max_length=10)]
    defects: Annotated[list[Defect], Field(max_length=2000)] = Field(default_factory=list)
    measurements: Annotated[list[MeasuredPiece], Field(max_length=500)] = Field(default_factory=list)
    photos: Annotated[list[Photo], Field(max_length=200)] = Field(default_factory=list)
    remarks: Annotated[list[Remark], Field(max_length=50)] = Field(default_factory=list)
    signatures: Annotated[list[Signature], Field(min_length=1, max_length=6)]


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `bundle.json`, as committed in `bundle.schema.json`."""
    schema = Contents.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID, **schema}

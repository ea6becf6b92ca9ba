"""Shapes of the API's requests and answers for inspections."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00]*$")]


Barcode = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f]*$")]


class Strict(Schema):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


class LineIn(Strict):
    """Pieces of one colour and size in the lot; `order` where several orders are inspected together."""

    order: UUID | None = None
    colour: Short
    size: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00]*$")]
    quantity: Annotated[int, Field(ge=1, le=10_000_000)]


class ShareIn(Strict):
    """Pieces of one colour and size in a carton."""

    colour: Short
    size: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00]*$")]
    pieces: Annotated[int, Field(ge=1, le=10_000)]


class CartonsIn(Strict):
    """Cartons `first` to `last`, each holding `pieces`.

    Where packing is inspected and these cartons hold something of their own (a ratio pack, a solid one): `name`
    as on the packing list, `ratio`, the `barcodes` that may be in them, `gross_kg` of one carton as text. What
    is left out is the order's; a range with `colour` and `size` is solid.
    """

    first: Annotated[int, Field(ge=1, le=100_000)]
    last: Annotated[int, Field(ge=1, le=100_000)]
    pieces: Annotated[int, Field(ge=1, le=10_000)]
    colour: Short | None = None
    size: Short | None = None
    name: (
        Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]*$")] | None
    ) = None
    ratio: Annotated[list[ShareIn], Field(min_length=1, max_length=200)] | None = None
    barcodes: Annotated[list[Barcode], Field(min_length=1, max_length=60)] | None = None
    gross_kg: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}([.,][0-9]{1,3})?$")] | None = None


Amount = Annotated[str, StringConstraints(min_length=1, max_length=16, pattern=r"^[0-9 ./,½¼¾⅛⅜⅝⅞-]+$")]
Size = Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[^\x00]*$")]


class PointIn(Strict):
    """One point of measure with its value per size; amounts are text, exact ("54.5", "12 3/8")."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
    name_en: Short
    name_bn: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")] = ""
    unit: Literal["cm", "mm", "in"] = "cm"
    tol_minus: Amount
    tol_plus: Amount
    critical: bool = False
    spec: Annotated[dict[Size, Amount], Field(min_length=1, max_length=40)]


class LimitsIn(Strict):
    """AQL per severity as text; "0" means none allowed."""

    critical: Annotated[str, StringConstraints(max_length=6)] = "0"
    major: Annotated[str, StringConstraints(max_length=6)] = "2.5"
    minor: Annotated[str, StringConstraints(max_length=6)] = "4.0"


class PlanIn(Strict):
    """What to inspect. What is left out comes from the buyer and the order."""

    order: UUID
    stage: UUID
    planned_on: date
    inspector: UUID | None = None
    line: UUID | None = None
    supplier: UUID | None = None
    reinspection_of: UUID | None = None
    more_orders: Annotated[list[UUID], Field(max_length=50)] = []
    lot_size: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    is_extra: bool = False
    request: UUID | None = None
    scheme: Literal["", "single", "double"] = ""
    level: Literal["", "S-1", "S-2", "S-3", "S-4", "I", "II", "III"] = ""
    inspection: Literal["", "normal", "tightened", "reduced"] = ""
    counting: Literal["", "defectives", "defects"] = ""
    lines: Annotated[list[LineIn], Field(max_length=500)] = []
    cartons: Annotated[list[CartonsIn], Field(max_length=2000)] = []
    points: Annotated[list[PointIn], Field(max_length=200)] = []
    limits: LimitsIn | None = None


class InspectionFilters(Strict):
    """Which inspections a list shows; what is left out does not narrow it."""

    state: Literal["", "planned", "in_progress", "decided", "cancelled"] = ""
    verdict: Literal["", "pass", "fail", "hold", "pending"] = ""
    method: Annotated[str, StringConstraints(max_length=12, pattern=r"^[a-z_]*$")] = ""
    stage: Annotated[str, StringConstraints(max_length=10, pattern=r"^[A-Z0-9]*$")] = ""
    buyer: UUID | None = None
    style: UUID | None = None
    order: UUID | None = None
    line: UUID | None = None
    supplier: UUID | None = None
    inspector: UUID | None = None
    planned_from: date | None = None
    planned_to: date | None = None
    q: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00]*$")] = ""
    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    def conditions(self) -> dict[str, Any]:
        """As lookups of the inspection."""
        lookups = {
            "state": self.state,
            "verdict": self.verdict,
            "method": self.method,
            "stage__code": self.stage,
            "buyer_id": self.buyer,
            "style_id": self.style,
            "order_id": self.order,
            "line_id": self.line,
            "supplier_id": self.supplier,
            "inspector_id": self.inspector,
            "planned_on__gte": self.planned_from,
            "planned_on__lte": self.planned_to,
        }
        return {name: value for name, value in lookups.items() if value}


class EventsIn(Strict):
    """A batch of events, in any order; each is checked strictly and every problem is named.

    `is_late`: they waited on a device for a connection, so a recheck without an open alter is kept and makes
    the day pending instead of being refused.
    """

    events: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=5000)]
    is_late: bool = False


class SignIn(Strict):
    """A signature: needs the person's password every time."""

    password: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    role: Literal["inspector", "factory_representative", "qa"] = "inspector"
    meaning: Annotated[str, StringConstraints(min_length=3, max_length=300, pattern=r"^[^\x00-\x1f]*$")]
    record_hash: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = Field(
        "",
        description="`content_hash` of the events as the signer read them; 409 where the record changed since",
    )
    device: Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f]*$")] = "api"


class SubmitIn(Strict):
    """Submitting the record as it stands."""

    device: Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f]*$")] = "api"


class InspectionOut(Schema):
    """One inspection as lists show it."""

    id: UUID
    code: str
    stage: str
    method: str
    buyer: UUID
    style: UUID
    order: UUID
    line: UUID | None
    supplier: UUID | None
    inspector: UUID | None
    reinspection_of: UUID | None
    state: str
    verdict: str
    lot_size: int
    sample_size: int
    planned_on: date
    seed_commitment: str
    content_hash: str
    decided_at: datetime | None


class InspectionDetail(InspectionOut):
    """One inspection whole: plan, draw, rules, checklist and what was found so far."""

    plan: dict[str, Any]
    rules: dict[str, Any]
    ordered: list[dict[str, Any]]
    points: list[dict[str, Any]]
    checklist: dict[str, Any]
    cartons: list[dict[str, Any]]
    packing: dict[str, Any]
    drawn: list[dict[str, Any]]
    ready_at: datetime | None
    summary: dict[str, Any]


class InspectionPage(Schema):
    """A page of inspections; `next` is the mark to ask for the following one with."""

    items: list[InspectionOut]
    next: str


class ReceivedOut(Schema):
    """What became of a batch."""

    accepted: list[str]
    repeated: list[str]
    verdict: str
    content_hash: str
    summary: dict[str, Any]


class EventsOut(Schema):
    """Everything recorded."""

    events: list[dict[str, Any]]
    content_hash: str


class SignatureOut(Schema):
    """A signature as given."""

    id: UUID
    role: str
    printed_name: str
    meaning: str
    record_hash: str
    statement_hash: str
    signed_at: datetime


class SamplingPlanOut(Schema):
    """One single sampling plan of ISO 2859-1."""

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

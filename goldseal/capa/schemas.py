"""Shapes of the API's requests and answers for corrective action."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

NO_NUL = r"^[^\x00]*$"
Line = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)]
Reason = Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)]
Pieces = Annotated[int, Field(ge=0, le=100_000_000)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


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


class DefectIn(Strict):
    """Pieces that show a defect; without a severity the library's."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=10, pattern=NO_NUL)]
    severity: Literal["", "critical", "major", "minor"] = ""
    quantity: Annotated[int, Field(ge=1, le=10_000_000)]


class NonconformityIn(Strict):
    """A nonconformity opened by hand."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=160, pattern=NO_NUL)]
    source: Literal["by_hand", "audit", "complaint", "supplier"] = "by_hand"
    severity: Literal["critical", "major", "minor"] = "major"
    problem: Text = ""
    place: Line = ""
    operation: Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)] = ""
    found_on: Day | None = None
    due_on: Day | None = None
    quantity: Pieces | None = None
    lot_size: Pieces | None = None
    buyer: UUID | None = None
    style: UUID | None = None
    order: UUID | None = None
    stage: UUID | None = None
    line: UUID | None = None
    supplier: UUID | None = None
    owner: UUID | None = None
    defects: Annotated[list[DefectIn], Field(max_length=60)] = []


class ContainmentIn(Strict):
    """What was done at once, in pieces that add up."""

    kind: Literal["sort", "hold_lot", "recheck"] = "sort"
    place: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
    in_lot: Pieces
    sorted: Pieces = 0
    found_bad: Pieces = 0
    rechecked: Pieces = 0
    released: Pieces = 0
    held: Pieces | None = None
    done_on: Day | None = None
    note: Reason = ""


class StepIn(Strict):
    """One step of a 5 Why."""

    answer: Reason
    proof: Reason = ""


class ChainIn(Strict):
    """One chain of 5 Why, written anew."""

    steps: Annotated[list[StepIn], Field(max_length=20)]


class RootsIn(Strict):
    """The root causes: why it was made, why it was not detected."""

    made: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)] = ""
    detected: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)] = ""


class ActionIn(Strict):
    """An action to plan."""

    kind: Literal["corrective", "preventive"] = "corrective"
    type: Literal["method", "machine", "tool", "material", "check", "layout", "training", "other"]
    words: Annotated[str, StringConstraints(min_length=5, max_length=2000, pattern=NO_NUL)]
    owner: UUID
    due_on: Day


class MoveIn(Strict):
    """A step through the states; `result` is what was done, to submit an action."""

    move: Literal["begin", "submit", "take_up", "approve", "decline", "verify", "reopen"]
    reason: Reason = ""
    result: Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)] = ""


class CaseMoveIn(Strict):
    """A step of a nonconformity through its states."""

    move: Literal["begin", "submit", "take_up", "approve", "decline", "verify", "reopen"]
    reason: Reason = ""


class EffectIn(Strict):
    """How the effect is proved."""

    metric: Literal["rate", "observed"] = "rate"
    code: Annotated[str, StringConstraints(max_length=10, pattern=NO_NUL)] = ""
    target: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)] | None = None
    stage: UUID | None = None
    line: UUID | None = None
    buyer: UUID | None = None
    style: UUID | None = None
    operation: Annotated[str, StringConstraints(max_length=80, pattern=NO_NUL)] = ""
    from_on: Day | None = None
    window: Literal["days", "inspections", "pieces"] = "inspections"
    window_size: Annotated[int, Field(ge=1, le=1_000_000)] = 3
    min_pieces: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class ScarIn(Strict):
    """A request for corrective action to a supplier; a letter with the link goes to `email`."""

    supplier: UUID
    email: Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=NO_NUL)]
    language: Literal["en", "bn"] = "en"
    asked: Annotated[str, StringConstraints(min_length=10, max_length=4000, pattern=NO_NUL)]
    due_on: Day
    days: Annotated[int, Field(ge=1, le=180)] = 30


class JudgeIn(Strict):
    """Whether the latest answer is accepted; declining needs a reason."""

    is_accepted: bool
    reason: Annotated[str, StringConstraints(max_length=1000, pattern=NO_NUL)] = ""


class ScarAnswerOut(Schema):
    """One answer of the supplier."""

    version: int
    name: str
    containment: str
    cause_made: str
    cause_detected: str
    actions: list[dict[str, str]]
    state: str
    decision: str
    at: datetime


class ScarOut(Schema):
    """A request to a supplier with every answer."""

    id: UUID
    number: str
    nonconformity_id: UUID
    supplier_id: UUID
    state: str
    asked: str
    due_on: date
    expires_at: datetime
    answers: list[ScarAnswerOut]


class ActionOut(Schema):
    """An action."""

    id: UUID
    code: str
    kind: str
    type: str
    words: str
    owner_id: UUID | None
    verifier_id: UUID | None
    due_on: date
    state: str
    result: str


class EffectOut(Schema):
    """The effect check in force and its figures."""

    round: int
    metric: str
    code: str
    target: Decimal
    from_on: date
    window: str
    window_size: int
    min_pieces: int
    state: str
    inspections: int
    pieces: int
    found: int
    rate: Decimal | None


class NonconformityRow(Schema):
    """A nonconformity as lists show it."""

    id: UUID
    number: str
    title: str
    source: str
    state: str
    severity: str
    found_on: date
    due_on: date
    quantity: int | None
    buyer_id: UUID | None
    style_id: UUID | None
    order_id: UUID | None
    stage_id: UUID | None
    line_id: UUID | None
    supplier_id: UUID | None
    inspection_id: UUID | None
    owner_id: UUID | None
    opened_at: datetime
    closed_at: datetime | None


class NonconformityPage(Schema):
    """One page of nonconformities; `next` goes into `after`."""

    items: list[NonconformityRow]
    next: UUID | None


class NonconformityOut(NonconformityRow):
    """A nonconformity with what was done about it."""

    problem: str
    place: str
    operation: str
    root_made: str
    root_detected: str
    reopened_count: int
    defects: list[dict[str, Any]]
    containments: list[dict[str, Any]]
    whys: dict[str, list[dict[str, str]]]
    actions: list[ActionOut]
    effect: EffectOut | None


Dimension = Literal["code", "line", "operation", "shift", "stage", "style"]


class ParetoIn(Schema):
    """The span of a Pareto chart, what it counts by, and what it is narrowed to."""

    first: Day
    last: Day
    by: Annotated[list[Dimension], Field(min_length=1, max_length=6)] = ["code"]
    line: UUID | None = None
    stage: UUID | None = None
    style: UUID | None = None


class ParetoOut(Schema):
    """One cause of a Pareto chart."""

    key: str
    count: int
    share_pct: float
    cumulative_pct: float
    is_vital: bool

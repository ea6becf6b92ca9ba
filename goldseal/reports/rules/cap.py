"""The record goldseal.cap/1: a nonconformity from discovery to proof (8D), checked before it is sealed."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from goldseal.reports.rules.record_fields import (
    Code,
    Count,
    Date,
    Heading,
    Instant,
    Judged,
    Longer,
    Named,
    Numbered,
    Part,
    Phrase,
    Picture,
    Pieces,
    Severity,
    Short,
    Signature,
    TrailAnchor,
    Verdict,
    Workspace,
    checked,
    listed_once,
)

SCHEMA = "goldseal.cap/1"
State = Literal[
    "open",
    "in_progress",
    "submitted",
    "in_review",
    "declined",
    "approved",
    "verified",
    "closed",
    "reopened",
]


class Report(Heading):
    type: Literal["cap"]


class CaseHeader(Part):
    """The order that a nonconformity is about, as far as it is about one."""

    buyer: Short = ""
    style: Phrase = ""
    purchase_orders: Annotated[list[Named], Field(max_length=200)] = []
    factory: Short = ""


class Evidence(Picture):
    purpose: Literal["found", "containment", "cause", "before", "after"]


class Case(Part):
    number: Code
    state: State
    source: Literal["inspection", "red_lights", "dhu", "audit", "complaint", "supplier", "by_hand"]
    severity: Severity
    title: Named
    problem: Longer = ""
    problem_bn: Longer = ""
    place: Phrase = ""
    operation: Short = ""
    found_on: Date
    due_on: Date
    quantity: Pieces | None = None
    lot_size: Pieces | None = None
    sample_size: Pieces | None = None
    line: Short = ""
    stage: Short = ""
    supplier: Short = ""
    inspection: Short = ""
    owner: Phrase = ""
    team: Phrase = ""
    verifier: Phrase = ""
    opened_at: Instant
    verified_at: Instant | None = None
    closed_at: Instant | None = None
    reopened: Count = 0
    buyer_approval: Phrase = ""
    buyer_approved_on: Date | None = None
    cost: Short = ""  # amount and currency


class FoundDefect(Part):
    code: Code
    name_en: Named
    name_bn: Short = ""
    severity: Severity
    quantity: Pieces


class Contained(Part):
    """What was done at once with the goods, in pieces that add up."""

    kind: Literal["sort", "hold_lot", "recheck"]
    place: Phrase
    note: Phrase = ""
    done_on: Date
    done_by: Phrase = ""
    in_lot: Pieces
    sorted: Pieces
    found_bad: Pieces
    rechecked: Pieces
    released: Pieces
    held: Pieces


class Why(Part):
    answer: Phrase
    proof: Phrase = ""


class WhyChain(Part):
    """A 5 Why; `root` is the cause chosen from it."""

    chain: Literal["made", "detected"]
    steps: Annotated[list[Why], Field(max_length=50)]
    root: Longer = ""


class BoneCause(Part):
    words: Phrase
    standing: Literal["suspected", "confirmed", "ruled_out"]


class Bone(Part):
    bone: Literal["man", "machine", "material", "method", "measurement", "environment", "management"]
    causes: Annotated[list[BoneCause], Field(max_length=500)]


class Compared(Part):
    """One row of is / is not."""

    question: Literal["what", "where", "when", "how_many"]
    is_: Annotated[Phrase, Field(alias="is")] = ""
    is_not: Phrase = ""


class Causes(Part):
    chains: Annotated[list[WhyChain], Field(max_length=2)]
    fishbone: Annotated[list[Bone], Field(max_length=7)] = []
    compared: Annotated[list[Compared], Field(max_length=4)] = []


class Action(Part):
    code: Code
    kind: Literal["corrective", "preventive"]
    type: Literal["method", "machine", "tool", "material", "check", "layout", "training", "other"]
    words: Longer
    result: Longer = ""
    owner: Phrase
    due_on: Date
    state: State
    verifier: Phrase = ""
    verified_at: Instant | None = None


class CarriedOver(Part):
    place: Phrase
    note: Phrase = ""
    done_on: Date | None = None


class Reinspection(Part):
    code: Code
    verdict: Verdict
    on: Date


class Effect(Part):
    """The effect check: what was to be reached, and the figures of new inspections."""

    round: Numbered
    metric: Literal["rate", "observed"]
    code: Short = ""
    stage: Short = ""
    line: Short = ""
    operation: Short = ""
    target: Short  # defects per 100 pieces at most, as text
    from_on: Date
    window: Literal["days", "inspections", "pieces"]
    window_size: Pieces
    min_pieces: Pieces
    state: Literal["waiting", "met", "not_met", "recurred"]
    inspections: Pieces
    pieces: Pieces
    found: Pieces
    rate: Short = ""
    observation: Longer = ""
    observed_by: Phrase = ""
    watch_until: Date | None = None


class CorrectiveActionReport(Part):
    schema_: Annotated[Literal["goldseal.cap/1"], Field(alias="schema")]
    report: Report
    workspace: Workspace
    header: CaseHeader
    verdict: Judged
    case: Case
    found: Annotated[list[FoundDefect], Field(max_length=10_000)]
    containment: Annotated[list[Contained], Field(max_length=10_000)]
    causes: Causes
    actions: Annotated[list[Action], Field(max_length=1000)]
    read_across: Annotated[list[CarriedOver], Field(max_length=10_000)]
    reinspections: Annotated[list[Reinspection], Field(max_length=500)]
    effect: Effect | None = None
    photos: Annotated[list[Evidence], Field(max_length=600)]
    signatures: Annotated[list[Signature], Field(max_length=200)] = []
    trail_anchor: TrailAnchor | None = None

    @model_validator(mode="after")
    def _photos_once(self) -> "CorrectiveActionReport":
        listed_once(self.photos)
        return self


def check_cap(*, record: Mapping[str, Any]) -> None:
    """Check that ``record`` is a goldseal.cap/1. Raises ``RecordError`` naming every place."""
    checked(CorrectiveActionReport, record)

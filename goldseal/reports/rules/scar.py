"""The record goldseal.scar/1: a request to a supplier with every answer, checked before it is sealed."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from goldseal.reports.rules.cap import CaseHeader, Evidence
from goldseal.reports.rules.record_fields import (
    Code,
    Date,
    Heading,
    Instant,
    Judged,
    Longer,
    Named,
    Numbered,
    Part,
    Phrase,
    Signature,
    TrailAnchor,
    Workspace,
    checked,
    listed_once,
)

SCHEMA = "goldseal.scar/1"


class Report(Heading):
    type: Literal["scar"]


class Request(Part):
    number: Code
    nonconformity: Code
    title: Named
    supplier: Named
    state: Literal["sent", "answered", "declined", "accepted", "withdrawn"]
    asked: Longer
    sent_at: Instant
    due_on: Date


class Planned(Part):
    """What the supplier will do."""

    words: Phrase
    owner: Phrase = ""
    due_on: Date | None = None


class Answer(Part):
    """One answer of the supplier, and what became of it."""

    version: Numbered
    name: Named
    at: Instant
    containment: Longer
    cause_made: Longer
    cause_detected: Longer
    actions: Annotated[list[Planned], Field(max_length=200)]
    state: Literal["given", "accepted", "declined"]
    decision: Phrase = ""
    decided_by: Phrase = ""
    decided_at: Instant | None = None


class SupplierRequest(Part):
    schema_: Annotated[Literal["goldseal.scar/1"], Field(alias="schema")]
    report: Report
    workspace: Workspace
    header: CaseHeader
    verdict: Judged
    scar: Request
    answers: Annotated[list[Answer], Field(max_length=1000)]
    photos: Annotated[list[Evidence], Field(max_length=600)]
    signatures: Annotated[list[Signature], Field(max_length=200)] = []
    trail_anchor: TrailAnchor | None = None

    @model_validator(mode="after")
    def _photos_once(self) -> "SupplierRequest":
        listed_once(self.photos)
        return self


def check_scar(*, record: Mapping[str, Any]) -> None:
    """Check that ``record`` is a goldseal.scar/1. Raises ``RecordError`` naming every place."""
    checked(SupplierRequest, record)

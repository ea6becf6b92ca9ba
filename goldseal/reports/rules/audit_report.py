"""The record goldseal.audit-report/1: one audit with its answers, score and findings, checked before it is sealed."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from goldseal.reports.rules.method_parts import Item
from goldseal.reports.rules.record_fields import (
    Code,
    Count,
    Date,
    Heading,
    Instant,
    Judged,
    Long,
    Named,
    Numbered,
    Part,
    Phrase,
    Picture,
    Short,
    Signature,
    TrailAnchor,
    Workspace,
    checked,
    listed_once,
)

SCHEMA = "goldseal.audit-report/1"
PHOTOS_MAX = 5000  # a checklist of 80 questions with 20 photos each, and room
Grade = Literal["major", "minor", "observation"]


class Report(Heading):
    type: Literal["audit"]


class Header(Part):
    about: Phrase
    site: Short = ""
    line: Phrase = ""
    supplier: Short = ""
    address: Phrase = ""
    auditor: Phrase = ""
    auditee: Short = ""
    scope: Long = ""
    criteria: Long = ""
    planned_on: Date | None = None
    started_at: Instant | None = None
    finished_at: Instant | None = None


class Template(Part):
    """The checklist that was asked, as it was when the audit was planned."""

    code: Code
    version: Numbered
    name_en: Named
    name_bn: Short = ""


class Grades(Part):
    """Findings of each grade, counted."""

    major: Count
    minor: Count
    observation: Count


class Score(Part):
    conforming: Count
    applicable: Count
    percent: Short  # as it is to be read; empty where nothing applies


class Section(Grades, Score):
    key: Code
    title_en: Named
    title_bn: Short = ""
    asked: Count
    answered: Count


class Answered(Item):
    """A question as in the checklist of an inspection, with the grade of its finding and who answered."""

    grade: Grade | Literal[""] = ""
    by: Phrase = ""
    at: Instant | None = None


class Finding(Answered):
    no: Numbered
    grade: Grade


class Audit(Score):
    code: Code
    checklist: Template
    pass_at_pct: Annotated[int, Field(ge=1, le=100)]
    grades: Grades
    sections: Annotated[list[Section], Field(max_length=200)]
    findings: Annotated[list[Finding], Field(max_length=1000)]
    items: Annotated[list[Answered], Field(max_length=1000)]
    replaced: Count = 0  # answers that a later one replaced


class AuditReport(Part):
    schema_: Annotated[Literal["goldseal.audit-report/1"], Field(alias="schema")]
    report: Report
    workspace: Workspace
    header: Header
    audit: Audit
    verdict: Judged
    photos: Annotated[list[Picture], Field(max_length=PHOTOS_MAX)]
    signatures: Annotated[list[Signature], Field(max_length=1000)]
    trail_anchor: TrailAnchor | None = None

    @model_validator(mode="after")
    def _references_exist(self) -> "AuditReport":
        known = listed_once(self.photos)
        for name, rows in (("items", self.audit.items), ("findings", self.audit.findings)):
            for index, row in enumerate(rows):
                for sha256 in row.photos:
                    if sha256 not in known:
                        raise ValueError(
                            f"audit.{name}[{index}].photos: {sha256[:12]}… is not among the photos"
                        )
        return self


def check_audit_report(*, record: Mapping[str, Any]) -> None:
    """Check that ``record`` is a goldseal.audit-report/1. Raises ``RecordError`` naming every place."""
    checked(AuditReport, record)

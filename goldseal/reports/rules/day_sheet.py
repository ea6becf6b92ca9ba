"""The record goldseal.day-sheet/1: one site and day over all its running lines, checked before it is sealed."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from goldseal.reports.rules.method_parts import Balance, Found, Hundred
from goldseal.reports.rules.record_fields import (
    Code,
    Count,
    Date,
    Heading,
    Named,
    ParetoRow,
    Part,
    Short,
    Signature,
    TrailAnchor,
    Workspace,
    checked,
)

SCHEMA = "goldseal.day-sheet/1"


class Report(Heading):
    type: Literal["day_sheet"]


class Header(Part):
    site: Named
    day: Date


class LineOfDay(Part):
    """A line, the stage that checked there and what ran on it; `running`: not everything is submitted yet."""

    line: Short
    stage: Short = ""
    stage_name_en: Short = ""
    stage_name_bn: Short = ""
    styles: list[Named] = []
    inspections: list[Code] = []
    running: bool = False
    top: Annotated[list[Found], Field(max_length=3)] = []


class HundredLine(LineOfDay):
    counts: Hundred
    open_alters: Balance


class HundredDay(Part):
    lines: Annotated[list[HundredLine], Field(max_length=500)]
    total: Hundred
    open_alters: Balance


class Rounds(Part):
    """Visits by light, pieces and defects of roving rounds."""

    visits: Count
    pieces: Count
    defects: Count
    dhu: Short | None = None
    green: Count
    yellow: Count
    red: Count
    blue: Count


class RoundsLine(LineOfDay):
    counts: Rounds


class RoundsDay(Part):
    lines: Annotated[list[RoundsLine], Field(max_length=500)]
    total: Rounds


class DaySheet(Part):
    schema_: Annotated[Literal["goldseal.day-sheet/1"], Field(alias="schema")]
    report: Report
    workspace: Workspace
    header: Header
    hundred: HundredDay | None = None
    rounds: RoundsDay | None = None
    pareto: Annotated[list[ParetoRow], Field(max_length=500)] = []
    signatures: Annotated[list[Signature], Field(max_length=200)] = []
    trail_anchor: TrailAnchor | None = None


def check_day_sheet(*, record: Mapping[str, Any]) -> None:
    """Check that ``record`` is a goldseal.day-sheet/1. Raises ``RecordError`` naming every place."""
    checked(DaySheet, record)

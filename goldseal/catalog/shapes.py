"""What the shapes of the catalog's API have in common: kinds of text and number, and the frames around records."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

NO_NUL = r"^[^\x00]*$"


def text(longest: int, shortest: int = 0) -> Any:
    return StringConstraints(max_length=longest, min_length=shortest, pattern=NO_NUL)


Code = Annotated[str, text(20, 1)]
ShortCode = Annotated[str, StringConstraints(max_length=10, min_length=1, pattern=r"^[A-Za-z0-9-]+$")]
Name = Annotated[str, text(120, 1)]
Text = Annotated[str, text(120)]
Note = Annotated[str, text(300)]
LongNote = Annotated[str, text(1000)]
Address = Annotated[str, text(400)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Small = Annotated[int, Field(ge=0, le=32767)]
Level = Literal["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]
InspectionType = Literal["normal", "tightened", "reduced"]
CountBy = Literal["defectives", "defects"]
SampleBasis = Literal["drawn", "own_plan"]
Family = Literal["sweater", "cut_and_sew"]
Status = Literal["open", "shipped", "cancelled"]
Gate = Literal["hard", "gate", "hold", "light", "none"]
DefectFamily = Literal["KN", "SW", "FC", "MS", "TL", "SF", "FN", "PK"]
Severity = Literal["critical", "major", "minor"]
SeverityOrNone = Literal["", "critical", "major", "minor"]
Zone = Literal["", "A", "B", "C"]
Method = Literal["checklist", "aql", "roving", "endline", "four_point", "measurement", "metal", "packing"]
FamilyOrBoth = Literal["", "sweater", "cut_and_sew"]
Scheme = Literal["single", "double"]
TighterRow = Literal["plan", "code_letter"]
HoleRule = Literal["by_size", "always_four"]
ReportLanguage = Literal["en", "bn", "en+bn"]
SupplierKind = Literal["yarn", "fabric", "trims", "subcontractor"]
Wash = Literal["", "before", "after"]
LengthUnit = Literal["cm", "in", "mm"]
Points = Annotated[Decimal, Field(ge=0, le=9999, max_digits=5, decimal_places=1)]
# fmt: off
Aql = Literal[
    "0", "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5",
    "2.5", "4.0", "6.5", "10", "15", "25", "40", "65", "100", "150", "250", "400", "650", "1000",
]
# fmt: on


def left_out() -> Any:
    """A field that may be left out; no default is shown, for on a change it means "stays"."""
    return Field(default_factory=lambda: None)


class Strict(Schema):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Revised(Strict):
    """`revision` as last read: the change is refused (409) if somebody changed the record since."""

    revision: Annotated[int, Field(ge=1, le=2_147_483_647)] = left_out()


class CatalogProblem(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []


class RecordOut(Schema):
    """What every record of the catalog has."""

    id: UUID
    is_active: bool
    revision: int


class Page(Schema):
    """One page of a list; `next` goes into `after` for the following one, empty at the end."""

    next: str

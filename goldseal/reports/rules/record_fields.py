"""The types that records are made of, and how a record that breaks them is told what is wrong and where."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

_DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_INSTANT = _DATE[:-1] + r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$"

Short = Annotated[str, StringConstraints(max_length=200)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]
# Free text of people: several remarks of one section are put together.
Longer = Annotated[str, StringConstraints(max_length=50_000)]
Long = Annotated[str, StringConstraints(max_length=5000)]
# A name made of several names, an address, a sentence.
Phrase = Annotated[str, StringConstraints(max_length=1000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Date = Annotated[str, StringConstraints(pattern=_DATE)]
Instant = Annotated[str, StringConstraints(pattern=_INSTANT)]  # with offset: printed as it stands
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
Pieces = Annotated[int, Field(ge=0, le=2_147_483_647)]  # typed by people: as many as is kept at all
Numbered = Annotated[int, Field(ge=1)]
Percent = Annotated[float, Field(ge=0, le=1000)]
Severity = Literal["critical", "major", "minor"]
Verdict = Literal["pass", "fail", "hold", "pending"]
Answer = Literal["pass", "fail", "na", "hold", "pending"]


class RecordError(ValueError):
    """The record is not what its schema says; ``problems`` names each place and what is allowed."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems[:8]) + (" …" if len(problems) > 8 else ""))


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Superseded(Part):
    number: Code
    version: Numbered
    content_hash: Sha256


class Heading(Part):
    """What every report says of itself; each schema adds its `type`."""

    number: Code
    version: Numbered
    language: Literal["en", "bn", "both"]
    issued_at: Instant
    verify_url: Annotated[str, StringConstraints(max_length=500)] = ""
    supersedes: Superseded | None = None
    changes: Long = ""


class Workspace(Part):
    name: Named
    name_bn: Short = ""
    address: Short = ""


class Signature(Part):
    printed_name: Named
    role: Short
    meaning: Phrase  # inspected, received, reviewed, approved, or words of the workspace's own
    signed_at: Instant
    record_hash: Sha256
    method: Short = ""


class TrailAnchor(Part):
    sequence: Count
    hash: Sha256


class ParetoRow(Part):
    code: Code
    name_en: Named
    name_bn: Short = ""
    count: Count
    share: Percent
    cumulative: Percent
    vital: bool = False


class Picture(Part):
    """A photo of the record, named by the digest of the stored file."""

    sha256: Sha256
    caption_en: Phrase = ""
    caption_bn: Phrase = ""
    width: Count
    height: Count


class VerdictReason(Part):
    code: Code
    text_en: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    text_bn: Annotated[str, StringConstraints(max_length=500)] = ""


class Judged(Part):
    overall: Verdict
    reasons: Annotated[list[VerdictReason], Field(max_length=200)] = []


def listed_once(photos: Sequence[Picture]) -> set[str]:
    """The digests of the photos. Raises ValueError where a photo is listed twice."""
    known = {photo.sha256 for photo in photos}
    if len(known) != len(photos):
        raise ValueError("photos: a photo is listed twice")
    return known


def checked(model: type[Part], record: Mapping[str, Any]) -> None:
    """Check a record against its model. Raises ``RecordError`` naming every place that is wrong."""
    try:
        model.model_validate(dict(record))
    except ValidationError as error:
        raise RecordError([_problem(detail) for detail in error.errors(include_url=False)]) from error


def _problem(detail: Any) -> str:
    place = re.sub(r"\.(\d+)", r"[\1]", ".".join(str(part) for part in detail["loc"]))
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message

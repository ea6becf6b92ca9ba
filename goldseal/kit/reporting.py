"""Kinds of report: each room declares in `reports.py` what it can put on paper; the reports room seals it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from goldseal.kit.words import Words


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """The record a report is about: its title in lists, whose compartment (buyer) it is, its page.

    `path` is the page's address within the workspace, such as `inspections/<id>/`.
    """

    title: str
    compartment_id: UUID | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class ReportContext:
    """What the reports room knows when a record is built; `issued_at` is in the workspace's time zone."""

    number: str
    version: int
    language: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class BuiltRecord:
    """A record ready for paper.

    `data` is a record such as goldseal.inspection-report/1. Of its `report` part only the kind's own keys are
    needed (`type`, `reinspection_no`): number, version, language, time, address and changes are filled in, and
    so is `workspace` where it is missing. `photos` maps each sha256 (hex) named in the data to the bytes of a
    picture. `facts` is a sentence for each tick of the pre-share check, shown beside it; words that are translated when
    they are read are kept in English and Bangla.
    """

    data: Mapping[str, Any]
    photos: Mapping[str, bytes] = field(default_factory=dict)
    facts: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One kind of report.

    `find` answers quickly what a record is; it raises NotFound for one the open scope does not show and
    Conflict for one that cannot be reported yet. `build` gathers the whole record. `template` is the typst
    file that lays it out. `waiting`, where there is one, names records of the open scope that can be reported and
    never were, oldest first and at most as many as asked for.
    """

    code: str
    label: Words
    template: Path
    find: Callable[[UUID], ReportSubject]
    build: Callable[[UUID, ReportContext], BuiltRecord]
    waiting: Callable[[int], list[UUID]] | None = None


_KINDS: dict[str, ReportKind] = {}


def declare_report_kind(kind: ReportKind) -> None:
    """Add a kind; declared once, at start-up. A code declared twice with different content is an error."""
    known = _KINDS.setdefault(kind.code, kind)
    if known is not kind:
        raise LookupError(f"The kind of report {kind.code} is declared twice.")


def report_kind(code: str) -> ReportKind | None:
    """The kind with this code, or None."""
    return _KINDS.get(code)


def report_kinds() -> list[ReportKind]:
    """Every declared kind, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]

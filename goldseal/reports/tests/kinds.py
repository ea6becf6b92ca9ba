"""A tiny kind of report for tests: records in a dictionary, each belonging to one workspace."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.ids import new_id
from goldseal.kit.reporting import BuiltRecord, ReportContext, ReportKind, ReportSubject, declare_report_kind
from goldseal.reports.tests import example
from goldseal.workspaces.services import current_scope

TEMPLATE = Path(__file__).resolve().parents[2] / "inspections" / "typst" / "final_inspection.typ"
PHOTOS = example.photos(count=1, size=(320, 240))


@dataclass
class Held:
    """One record that a test can change between two issues."""

    workspace_id: UUID
    data: dict[str, Any]
    photos: dict[str, bytes] = field(default_factory=dict)
    buyer_id: UUID | None = None
    is_open: bool = False
    title: str = "NF-1207 · Northfold"


RECORDS: dict[UUID, Held] = {}


def held(workspace_id: UUID, *, buyer_id: UUID | None = None, verdict: str = "pass", **changes: Any) -> UUID:
    """Put a record into the dictionary; returns its id."""
    subject_id = new_id()
    data = example.record(verdict=verdict, shas=list(PHOTOS))
    data.pop("workspace")
    data["report"] = {"type": "final"}
    RECORDS[subject_id] = Held(workspace_id, data, dict(PHOTOS), buyer_id, **changes)
    return subject_id


def _record(subject_id: UUID) -> Held:
    scope, found = current_scope(), RECORDS.get(subject_id)
    if found is None or scope is None or found.workspace_id != scope.workspace_id:
        raise NotFound
    return found


def _find(subject_id: UUID) -> ReportSubject:
    found = _record(subject_id)
    if found.is_open:
        raise Conflict("The inspection is not decided yet.")
    return ReportSubject(found.title, compartment_id=found.buyer_id, path="things/")


def _build(subject_id: UUID, context: ReportContext) -> BuiltRecord:
    found = _record(subject_id)
    return BuiltRecord(found.data, found.photos, {"counts": "9 defects in 125 pieces"})


KIND = ReportKind("test-inspection", "Test inspection", TEMPLATE, find=_find, build=_build)
declare_report_kind(KIND)

"""A record of any schema with one text in every field that takes a person's text: for hostile text."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from goldseal.reports.rules.audit_report import AuditReport
from goldseal.reports.rules.cap import CorrectiveActionReport
from goldseal.reports.rules.day_sheet import DaySheet
from goldseal.reports.rules.inspection_report import InspectionReport
from goldseal.reports.rules.scar import SupplierRequest
from goldseal.reports.rules.schemas import check_known

SHA = "ab" * 32
_VALID = {  # what a pattern asks for
    "^[0-9a-f]{64}$": SHA,
    "T([01]": "2026-11-20T09:05:00+06:00",
    r"^\d{4}-": "2026-11-20",
}

_ROOMS = Path(__file__).resolve().parents[2]
# Every schema of record with the paper it is laid out on.
PAPERS: Mapping[type[BaseModel], Path] = {
    InspectionReport: _ROOMS / "inspections" / "typst" / "final_inspection.typ",
    DaySheet: _ROOMS / "inspections" / "typst" / "day_sheet.typ",
    AuditReport: _ROOMS / "inspections" / "typst" / "audit_report.typ",
    CorrectiveActionReport: _ROOMS / "capa" / "typst" / "eight_d.typ",
    SupplierRequest: _ROOMS / "capa" / "typst" / "scar.typ",
}


def whole(model: type[BaseModel], texts: Iterator[str], language: str) -> dict[str, Any]:
    """A record that its own check accepts, every text filled."""
    record = filled(model, texts)
    record["report"] |= {"language": language, "verify_url": "https://goldseal.invalid/verify/abc"}
    if "counts" in record:
        record["verdict"]["overall"] = "hold"
    check_known(record=record)
    return record


def filled(model: type[BaseModel], texts: Iterator[str]) -> dict[str, Any]:
    """A record with every optional part there, one row in every list, and the next of `texts` in every text."""
    return {
        field.alias or name: _value(field.annotation, list(field.metadata), texts)
        for name, field in model.model_fields.items()
    }


def _value(kind: Any, limits: list[Any], texts: Iterator[str]) -> Any:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *more = get_args(kind)
        return _value(inner, [*limits, *more], texts)
    if origin in (Union, UnionType):
        chosen = next(one for one in get_args(kind) if one is not type(None))
        return _value(chosen, limits, texts)
    if origin is Literal:
        return get_args(kind)[0]
    if origin is list:
        least = max([1, *(_limit(one, "min_length") for one in _flat(limits))])
        return [_value(get_args(kind)[0], [], texts) for _ in range(least)]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return filled(kind, texts)
    return {int: 1, float: 1.0, bool: True}[kind] if kind in (int, float, bool) else _text(limits, texts)


def _text(limits: list[Any], texts: Iterator[str]) -> str:
    flat = _flat(limits)
    for one in flat:
        pattern = getattr(one, "pattern", None)
        if pattern:
            return next(valid for part, valid in _VALID.items() if part in pattern)
    most = min([5000, *(_limit(one, "max_length") or 5000 for one in flat)])
    return next(texts)[:most] or "x"


def _flat(limits: list[Any]) -> list[Any]:
    return [one for limit in limits for one in (limit.metadata if isinstance(limit, FieldInfo) else [limit])]


def _limit(limit: Any, name: str) -> int:
    return int(getattr(limit, name, None) or 0)

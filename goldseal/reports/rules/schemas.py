"""Which check belongs to which schema of record."""

from collections.abc import Callable, Mapping
from typing import Any

from goldseal.reports.rules import day_sheet, inspection_report

_CHECKS: Mapping[str, Callable[..., None]] = {
    inspection_report.SCHEMA: inspection_report.check_record,
    day_sheet.SCHEMA: day_sheet.check_day_sheet,
}


def check_known(*, record: Mapping[str, Any]) -> None:
    """Check a record against the schema it names; one of a schema declared elsewhere passes.

    Raises ``RecordError`` naming every place that is wrong and what is allowed there.
    """
    check = _CHECKS.get(str(record.get("schema", "")))
    if check is not None:
        check(record=record)

"""Which check belongs to which schema of record."""

from collections.abc import Callable, Mapping
from typing import Any

from goldseal.reports.rules import audit_report, cap, day_sheet, inspection_report, scar
from goldseal.reports.rules.record_fields import RecordError

CHECKS: Mapping[str, Callable[..., None]] = {
    inspection_report.SCHEMA: inspection_report.check_record,
    day_sheet.SCHEMA: day_sheet.check_day_sheet,
    audit_report.SCHEMA: audit_report.check_audit_report,
    cap.SCHEMA: cap.check_cap,
    scar.SCHEMA: scar.check_scar,
}


def check_known(*, record: Mapping[str, Any]) -> None:
    """Check a record against the schema it names.

    Raises ``RecordError`` naming every place that is wrong and what is allowed there.
    """
    check = CHECKS.get(str(record.get("schema", "")))
    if check is None:
        raise RecordError([f"schema: one of {', '.join(CHECKS)}"])
    check(record=record)

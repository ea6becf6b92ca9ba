"""The few facts of a record that lists and pages show without opening it."""

from collections.abc import Mapping
from typing import Any


def summary_of(*, record: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    """Counts against Ac/Re, sections with verdicts, photos, points measured, signatures, and the kind's own facts.

    `facts`: a sentence for each tick of the pre-share check.
    """
    plan = record.get("plan") or {}
    measurement = record.get("measurement") or {}
    header = record.get("header") or {}
    return {
        "lot_size": plan.get("lot_size"),
        "sample": plan.get("sample_drawn"),
        "counts": [
            {key: row.get(key) for key in ("severity", "counted", "accept", "reject", "result")}
            for row in record.get("counts", [])
        ],
        "sections": [
            {"en": row["title_en"], "bn": row.get("title_bn") or row["title_en"], "verdict": row["verdict"]}
            for row in record.get("sections", [])
        ],
        "photos": len(record.get("photos", [])),
        "measured": measurement.get("measured"),
        "out_of_tolerance": measurement.get("out_of_tolerance"),
        "buyer": header.get("buyer", ""),
        "style": header.get("style", ""),
        "inspected_on": header.get("inspected_on"),
        "reasons": [
            {"en": row["text_en"], "bn": row.get("text_bn") or row["text_en"]}
            for row in (record.get("verdict") or {}).get("reasons", [])
        ],
        "signatures": [
            {key: row.get(key, "") for key in ("printed_name", "role", "meaning", "signed_at")}
            for row in record.get("signatures", [])
        ],
        "facts": dict(facts),
    }


def verdict_of(record: Mapping[str, Any]) -> str:
    """The overall verdict's code, or an empty text for a record without one."""
    return str((record.get("verdict") or {}).get("overall", ""))[:10]

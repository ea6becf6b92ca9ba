"""The few facts of a record that lists and pages show without opening it."""

from collections.abc import Mapping
from typing import Any

# The figures that a method's part is told by: where they lie, and their names.
_FIGURES: tuple[tuple[str, str, str], ...] = (
    ("hundred.total.checked", "Checked", "চেক"),
    ("hundred.total.defects", "Defects", "ত্রুটি"),
    ("hundred.total.dhu", "DHU", "ডিএইচইউ"),
    ("hundred.total.rft", "RFT %", "আরএফটি %"),
    ("rounds.total.visits", "Visits of rounds", "রাউন্ডে ভিজিট"),
    ("rounds.total.dhu", "DHU of rounds", "রাউন্ডের ডিএইচইউ"),
    ("endline.total.checked", "Checked", "চেক"),
    ("endline.total.defects", "Defects", "ত্রুটি"),
    ("endline.total.dhu", "DHU", "ডিএইচইউ"),
    ("endline.total.defective_percent", "Defective %", "ত্রুটিযুক্ত %"),
    ("endline.total.rft", "RFT %", "আরএফটি %"),
    ("endline.open_alters", "Alters open", "অল্টার বাকি"),
    ("roving.pieces", "Pieces checked", "চেক করা পিস"),
    ("roving.defects", "Defects", "ত্রুটি"),
    ("roving.dhu", "DHU", "ডিএইচইউ"),
    ("roving.board.red", "Red lights", "লাল বাতি"),
    ("four_point.rolls_total", "Rolls of the lot", "লটের রোল"),
    ("four_point.points", "Points", "পয়েন্ট"),
    ("four_point.per_100_yd2", "Points per 100 yd²", "পয়েন্ট / ১০০ গজ²"),
    ("four_point.per_100_m2", "Points per 100 m²", "পয়েন্ট / ১০০ মি²"),
    ("four_point.rejected", "Rolls rejected", "বাতিল রোল"),
    ("metal.lot", "Lot", "লট"),
    ("metal.scanned_total", "Pieces scanned", "স্ক্যান করা পিস"),
    ("metal.to_rerun", "Pieces to run again", "আবার চালানোর পিস"),
    ("packing.cartons_total", "Cartons", "কার্টন"),
    ("packing.opened", "Cartons opened", "খোলা কার্টন"),
    ("checklist.asked", "Questions", "প্রশ্ন"),
    ("checklist.answered", "Answered", "উত্তর দেওয়া"),
    ("checklist.failing", "Findings", "ফাইন্ডিংস"),
)


def _figures(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures of the record's method that it has."""
    found = []
    for path, english, bangla in _FIGURES:
        here: Any = record
        for step in path.split("."):
            here = here.get(step) if isinstance(here, Mapping) else None
        if here not in (None, ""):
            found.append({"en": english, "bn": bangla, "value": here})
    return found


def summary_of(*, record: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    """Counts against Ac/Re, the method's figures, sections with verdicts, photos, points measured, signatures, and the kind's own facts.

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
        "figures": _figures(record),
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

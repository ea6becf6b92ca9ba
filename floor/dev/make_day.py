"""Writes floor/dev/day.json: an invented day as GET /api/v1/floor/day answers it, for looking at screens."""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from goldseal.catalog.rules.severity import SeverityRule, effective_severity
from goldseal.catalog.starter.checklists import CHECKLISTS
from goldseal.catalog.starter.defects import DEFECTS
from goldseal.inspections.rules.checklist import final_checklist
from goldseal.inspections.rules.draw import draw_sample
from goldseal.inspections.rules.sampling import double_plan, inspection_plan
from goldseal.inspections.snapshots import plan_snapshot

PERSON = {"id": "018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d8e01", "name": "Rehana Akter", "language": "bn"}
TODAY = "2026-11-22"
RULES = {
    "counting": "defectives", "sample_basis": "drawn", "quantity_tolerance_pct": "5", "made_pct_min": "100",
    "packed_pct_min": "80", "carton_weight_tolerance_pct": "5", "points_out_pct_max": "10", "pieces_out_max": 5,
    "is_critical_point_failing": False, "measured_pieces_critical": 4, "measured_pieces_all": 2,
    "fabric_roll_points_max": "40", "fabric_lot_points_max": "28", "rolls_pct_min": "10", "hole_rule": "by_size",
    "dhu_max": "8", "photos_per_defect": 2, "stage": {}, "gate": "hard",
}  # fmt: skip
STAGES = {
    "FIN": ("Final random inspection", "ফাইনাল র‍্যান্ডম পরিদর্শন"), "PRE": ("Pre-final", "প্রি-ফাইনাল"),
    "CUT": ("Cutting", "কাটিং"), "SEW": ("Sewing, roving", "সেলাই, রোভিং"), "END": ("End of line", "এন্ডলাইন"),
    "FAB": ("Fabric inward", "কাপড় গ্রহণ"), "WSH": ("Measurement after wash", "ওয়াশের পর মাপ"),
    "MTL": ("Metal detection", "মেটাল ডিটেকশন"), "PKG": ("Packing", "প্যাকিং"),
}  # fmt: skip
SIZES = ("S", "M", "L", "XL")
CHART = [
    ("P01", "Chest width", "বুকের মাপ", "cm", "1", "1", True, ("48", "51", "54", "57")),
    ("P02", "Body length", "বডির লম্বা", "cm", "1", "1.5", True, ("66", "68", "70", "72")),
    ("P03", "Sleeve length", "হাতার লম্বা", "cm", "1", "1", False, ("58", "60", "61.5", "63")),
    ("P04", "Neck opening", "গলার খোলা", "in", "1/4", "1/4", False, ("7 1/2", "7 3/4", "8", "8 1/4")),
    ("P05", "Cuff width", "কাফের চওড়া", "in", "1/8", "1/8", False, ("3 1/8", "3 1/4", "3 3/8", "3 1/2")),
]


def main() -> None:
    """The day as one JSON file beside this script."""
    day = {
        "made_at": f"{TODAY}T02:10:00Z",
        "person": PERSON,
        "workspace": {
            "id": "018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d8e02", "slug": "meghna", "name": "Meghna Knit Composite",
            "time_zone": "Asia/Dhaka", "language": "en",
        },
        "inspections": [_inspection(number, *row) for number, row in enumerate(_rows(), start=1)],
        "defects": [
            {
                "code": one.code, "family": one.family, "name_en": one.name_en, "name_bn": one.name_bn,
                "note_en": one.note_en, "note_bn": one.note_bn, "severity": one.severity, "is_legal": one.is_legal,
            }
            for one in DEFECTS
        ],
        "severities": {"adult": _severities(is_for_children=False)},
        "settings": {
            "today": TODAY,
            "policy": {"idle_minutes": 5, "wipe_days": 14, "digits": 6},
            "attestation": {
                "version": "1",
                "statement": "I may show and keep these photos for the inspection.",
                "is_confirmed": False,
            },
        },
    }  # fmt: skip
    target = Path(__file__).with_name("day.json")
    target.write_text(json.dumps(day, ensure_ascii=False, indent=1), encoding="utf-8")


def _rows() -> list[tuple[str, str, str, str, dict[str, Any]]]:
    return [
        ("FIN", "aql", "Finishing hall 2", "sweater", _aql()),
        ("END", "endline", "Sewing floor 3", "cut_and_sew", {"line": "Line 7", "stage": {"hourly_target": 60}}),
        ("SEW", "roving", "Sewing floor 3", "cut_and_sew", {
            "line": "Line 7",
            "places": [
                {"operator": "4107", "operation": "Shoulder join", "machine": "OL-12"},
                {"operator": "4112", "operation": "Neck rib attach", "machine": "OL-15"},
                {"operator": "4120", "operation": "Side seam", "machine": "OL-21"},
            ],
        }),
        ("CUT", "checklist", "Cutting", "cut_and_sew", {"checklist": {"items": list(CHECKLISTS["CUT"])}}),
        ("FAB", "four_point", "Fabric store", "cut_and_sew", {"lot_size": 18}),
        ("WSH", "measurement", "Washing", "sweater", {"wash": True}),
        ("MTL", "metal", "Finishing hall 2", "sweater", {"stage": {"interval_minutes": 60, "card_mm": "1.2", "shift": [8, 17]}}),
        ("PKG", "packing", "Finishing hall 2", "sweater", _packing()),
        ("PRE", "aql", "Finishing hall 1", "cut_and_sew", _aql(double=True)),
    ]  # fmt: skip


def _aql(*, double: bool = False) -> dict[str, Any]:
    limits = {"critical": "0", "major": "2.5", "minor": "4.0"}
    plan = inspection_plan(lot_size=2400, level="II", limits=limits)
    doubles = (
        {name: double_plan(lot_size=2400, level="II", aql=limits[name]) for name in ("major", "minor")}
        if double
        else None
    )
    units = 80 if double else plan.units_to_inspect
    draw = draw_sample(seed=bytes(range(32)), carton_contents=[24] * 100, sample_size=units)
    return {
        "plan": plan_snapshot(plan, doubles),
        "sample_size": units,
        "drawn": [{"carton": one.carton, "pieces": list(one.pieces)} for one in draw.cartons],
        "checklist": final_checklist(),
        "chart": not double,
    }


def _packing() -> dict[str, Any]:
    ratio = [
        {"colour": colour, "size": size, "pieces": pieces}
        for colour in ("Navy", "Ecru")
        for size, pieces in zip(SIZES, (2, 4, 4, 2), strict=True)
    ]
    return {
        "packing": {
            "ratio": ratio,
            "barcodes": ["5901234123457", "4006381333931"],
            "gross_kg": "11.4",
            "marks": "Main mark: PO, style, carton number",
        }
    }


def _inspection(
    number: int, stage: str, method: str, place: str, family: str, more: dict[str, Any]
) -> dict[str, Any]:
    lines = [
        {"colour": colour, "size": size, "quantity": 300} for colour in ("Navy", "Ecru") for size in SIZES
    ]
    chart = more.get("chart") or method == "measurement"
    return {
        "id": f"018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d9e{number:02d}",
        "code": f"INS-{1040 + number}",
        "stage": stage,
        "stage_name": {"en": STAGES[stage][0], "bn": STAGES[stage][1]},
        "method": method,
        "order": {
            "id": "o", "po_number": f"PO-88{120 + number // 3}", "quantity": 2400,
            "ex_factory_on": "2026-11-30", "destination": "Hamburg",
        },
        "style": {
            "id": "s", "code": "SW-2210" if family == "sweater" else "TS-0418",
            "name": "Rib pullover" if family == "sweater" else "Jersey T-shirt", "name_bn": "",
            "product_family": family, "is_for_children": False,
        },
        "buyer": {"id": "b", "code": "NRD", "name": "Nordlicht"},
        "line": {"id": "l", "code": "L7", "name": more["line"]} if more.get("line") else None,
        "supplier": None,
        "place": place,
        "inspector": PERSON["id"],
        "reinspection_of": None,
        "state": "planned",
        "verdict": "pending",
        "lot_size": more.get("lot_size", 2400),
        "sample_size": more.get("sample_size", 0),
        "planned_on": TODAY if number != 9 else "2026-11-21",
        "seed_commitment": "",
        "content_hash": "",
        "decided_at": None,
        "plan": more.get("plan", {}),
        "rules": {**RULES, "stage": more.get("stage", {})},
        "ordered": [] if method == "four_point" else lines,
        "points": [_point(row, wash) for row in CHART for wash in (("before", "after") if more.get("wash") else ("",))]
        if chart
        else [],
        "checklist": more.get("checklist", {}),
        "cartons": [{"first": 1, "last": 100, "pieces": 24}] if method in ("aql", "packing") else [],
        "drawn": more.get("drawn", []),
        "draw_hidden": bool(more.get("drawn")),
        "ready_at": None,
        "summary": {},
        "packing": more.get("packing", {}),
        "places": more.get("places", []),
        "often": ["SW03", "SW02", "FN01", "SW06", "KN02"],
        "severities": "adult",
        "events": [],
    }  # fmt: skip


def _point(row: Any, wash: str) -> dict[str, Any]:
    code, name_en, name_bn, unit, minus, plus, critical, spec = row
    return {
        "code": code, "name_en": name_en, "name_bn": name_bn, "unit": unit, "tol_minus": minus, "tol_plus": plus,
        "critical": critical, "spec": dict(zip(SIZES, spec, strict=True)), **({"wash": wash} if wash else {}),
    }  # fmt: skip


def _severities(*, is_for_children: bool) -> dict[str, dict[str, str]]:
    return {
        one.code: {
            zone: effective_severity(
                defect=SeverityRule(one.severity, one.zone_a, one.children),
                buyer={},
                zone=zone,
                is_for_children=is_for_children,
            )
            for zone in ("", "A", "B", "C")
        }
        for one in DEFECTS
    }


main()

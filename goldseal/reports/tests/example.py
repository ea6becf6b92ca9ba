"""One realistic inspection record, and drawn photos for it, for the report engine's tests and bench."""

import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw

SEED = hashlib.sha256(b"an example seed").hexdigest()

_DEFECTS = [
    ("KN01", "Drop stitch", "ড্রপ স্টিচ", "major", "A", "Navy", "M", 12, 2, "Front body, 4 cm above the rib"),
    ("SW04", "Mis-link / dropped loop", "লিংকিং মিস", "major", "B", "Navy", "L", 12, 1, "Left shoulder"),
    ("SW11", "Uncut / loose thread", "সুতা কাটা নাই", "minor", "C", "Ecru", "S", 31, 3, ""),
    ("FC04", "Dirt spot", "ময়লা দাগ", "major", "A", "Ecru", "M", 31, 1, "Below the neck, 6 mm"),
    ("KN08", "Knot on face", "গিঁট", "minor", "B", "Navy", "XL", 44, 2, ""),
    ("SW06", "Puckering", "কুঁচকানো (পাকারিং)", "minor", "B", "Ecru", "L", 58, 1, "Right armhole"),
    ("FN06", "Bad mending visible", "মেন্ডিং দেখা যায়", "major", "A", "Navy", "S", 58, 1, ""),
    ("SW11", "Uncut / loose thread", "সুতা কাটা নাই", "minor", "C", "Navy", "M", 77, 2, "Inside side seam"),
    ("PK06", "Folding wrong", "ভাঁজ ভুল", "minor", "C", "Navy", "L", 90, 1, ""),
]
_POMS = [
    ("A", "Body length from HPS", "বডি লেংথ (এইচপিএস)", True, "1.0", "1.0", 6800),
    ("B", "Chest 2.5 cm below armhole", "চেস্ট", True, "1.0", "1.0", 5400),
    ("C", "Bottom width", "বটম উইডথ", False, "1.0", "1.0", 5000),
    ("D", "Shoulder across", "শোল্ডার", False, "0.5", "0.5", 4350),
    ("E", "Neck width", "নেক উইডথ", False, "0.5", "0.5", 1900),
    ("F", "Neck stretch (minimum)", "নেক স্ট্রেচ (সর্বনিম্ন)", True, "6.0", "0.0", 3000),
    ("G", "Sleeve length from centre back", "স্লিভ লেংথ", False, "1.0", "1.0", 8400),
    ("H", "Cuff width", "কাফ উইডথ", False, "0.5", "0.5", 900),
    ("J", "Rib height", "রিব হাইট", False, "0.3", "0.3", 600),
]
_SECTIONS = [
    ("quantity", "Quantity and production status", "পরিমাণ ও উৎপাদন অবস্থা", []),
    ("shipping_marks", "Shipping marks", "শিপিং মার্ক", [
        ("Main mark as ordered", "মেইন মার্ক অর্ডার মতো", "pass", "4 of 4 cartons", ""),
        ("Side mark, gross and net weight", "সাইড মার্ক, মোট ও নিট ওজন", "pass", "14.2 / 12.8 kg", ""),
    ]),
    ("conformity", "Product conformity: style, material, colour", "পণ্যের মিল: স্টাইল, কাপড়, রং", [
        ("Style as the approved sample", "স্টাইল অনুমোদিত স্যাম্পলের মতো", "pass", "", ""),
        ("Yarn and gauge", "সুতা ও গেজ", "pass", "2/28 Nm, 12 gg", "Lot card seen"),
        ("Shade against the approved standard", "অনুমোদিত শেডের সাথে মিল", "pass", "Grade 4–5", "Light box, D65"),
    ]),
    ("packing", "Packing and assortment", "প্যাকিং ও অ্যাসোর্টমেন্ট", [
        ("Ratio S:M:L:XL per carton", "প্রতি কার্টনে রেশিও", "pass", "6:9:9:6", ""),
        ("Polybag with suffocation warning", "পলিব্যাগে সতর্কবার্তা", "pass", "", ""),
    ]),
    ("labelling", "Labelling, printed matter, marking", "লেবেলিং ও প্রিন্ট", [
        ("Care and fibre label", "কেয়ার ও ফাইবার লেবেল", "pass", "50 % wool, 50 % acrylic", ""),
        ("Country of origin", "উৎপাদনকারী দেশ", "pass", "Made in Bangladesh", ""),
    ]),
    ("workmanship", "Workmanship", "কারিগরি মান", []),
    ("measurement", "Measurement", "মাপ", []),
    ("onsite_tests", "On-site tests", "অন-সাইট টেস্ট", [
        ("Seam stretch", "সেলাই স্ট্রেচ", "pass", "5 pieces", ""),
        ("Colour rub, dry and wet", "রং ঘষা, শুকনা ও ভেজা", "pass", "4–5 / 4", ""),
        ("Barcode scan", "বারকোড স্ক্যান", "pass", "13 of 13", ""),
        ("Metal detection log", "মেটাল ডিটেকশন লগ", "pass", "1.2 mm Fe", "Nine points, hourly"),
        ("Moisture", "আর্দ্রতা", "na", "", "No meter on site"),
    ]),
    ("special", "Special points of the buyer", "বায়ারের বিশেষ বিষয়", [
        ("Spare yarn in each polybag", "প্রতি পলিব্যাগে বাড়তি সুতা", "pass", "3 m", ""),
    ]),
]  # fmt: skip
_CAPTIONS = [
    ("Warehouse with the packed lot", "প্যাক করা লটসহ গুদাম", "quantity"),
    ("Carton 12, shipping mark", "কার্টন ১২, শিপিং মার্ক", "shipping_marks"),
    ("Garment, front", "পোশাকের সামনে", "conformity"),
    ("Garment, back", "পোশাকের পেছন", "conformity"),
    ("Care label", "কেয়ার লেবেল", "labelling"),
    ("Drop stitch on the front body", "সামনের বডিতে ড্রপ স্টিচ", "workmanship"),
    ("Mis-link at the left shoulder", "বাঁ কাঁধে লিংকিং মিস", "workmanship"),
    ("Dirt spot below the neck", "নেকের নিচে ময়লা দাগ", "workmanship"),
]


def photo(*, index: int, size: tuple[int, int] = (1400, 1050), quality: int = 80) -> bytes:
    """Return a JPEG of a drawn knit in a colour of its own."""
    width, height = size
    base = [(38, 52, 92), (226, 216, 194), (120, 48, 60), (62, 92, 78)][index % 4]
    image = Image.new("RGB", size, base)
    draw = ImageDraw.Draw(image)
    step = max(12, width // 60)
    light = tuple(min(255, c + 22) for c in base)
    for row in range(-1, height // step + 2):
        for col in range(-1, width // step + 2):
            x, y = col * step, row * step
            draw.line(
                [(x, y), (x + step // 2, y + step * 0.8), (x + step, y)], fill=light, width=max(2, step // 5)
            )
    draw.ellipse(
        [width * 0.4, height * 0.4, width * 0.4 + 20 * (index % 9 + 3), height * 0.4 + 130],
        outline=(230, 190, 60),
        width=6,
    )
    draw.text((width * 0.05, height * 0.9), str(index + 1), fill=light, font_size=height // 12)
    sink = io.BytesIO()
    image.save(sink, "JPEG", quality=quality)
    return sink.getvalue()


def photos(*, count: int, size: tuple[int, int] = (1400, 1050)) -> dict[str, bytes]:
    """Return ``count`` different photos by sha256."""
    pictures = (photo(index=index, size=size) for index in range(count))
    return {hashlib.sha256(data).hexdigest(): data for data in pictures}


def record(
    *,
    language: str = "en",
    verdict: str = "fail",
    shas: list[str] | None = None,
    defect_rows: int | None = None,
    long_names: bool = False,
) -> dict[str, Any]:
    """Return a goldseal.inspection-report/1 record: a final inspection of 3 200 sweaters."""
    shas = shas or []
    rows = [_DEFECTS[i % len(_DEFECTS)] for i in range(defect_rows or len(_DEFECTS))]
    if verdict == "pass" and defect_rows is None:
        rows = [row for row in rows if row[3] == "minor"]
    tail_en = ", seen on the inside as well as on the outside of the garment" if long_names else ""
    tail_bn = " যা পোশাকের ভেতরে এবং বাইরে উভয় দিক থেকেই স্পষ্টভাবে দেখা যায়" if long_names else ""
    shots = shas[5:] or shas
    defects: list[dict[str, Any]] = [
        {
            "no": i + 1, "code": code, "name_en": en + tail_en, "name_bn": bn + tail_bn, "severity": severity,
            "zone": zone, "colour": colour, "size": size, "carton": carton, "pieces": pieces, "note": note,
            "photos": [shots[i % len(shots)]] if shots and i < 2 * len(shots) else [],
        }
        for i, (code, en, bn, severity, zone, colour, size, carton, pieces, note) in enumerate(rows)
    ]  # fmt: skip
    found = {
        s: sum(d["pieces"] for d in defects if d["severity"] == s) for s in ("critical", "major", "minor")
    }
    limits = {"critical": ("0", 0, 1), "major": ("2.5", 7, 8), "minor": ("4.0", 10, 11)}
    if verdict == "fail":
        limits["major"] = ("1.0", 3, 4)
    counts = [
        {
            "severity": s, "defects": n, "defectives": max(0, n - (n > 3)), "counted": max(0, n - (n > 3)),
            "accept": limits[s][1], "reject": limits[s][2],
            "result": "within" if max(0, n - (n > 3)) <= limits[s][1] else "over",
        }
        for s, n in found.items()
    ]  # fmt: skip
    sections: list[dict[str, Any]] = [
        {
            "key": key, "title_en": en, "title_bn": bn,
            "verdict": "fail" if key == "workmanship" and verdict == "fail" else "pass",
            "rows": [
                {"label_en": le, "label_bn": lb, "answer": a, "value": v, "remark": r}
                for le, lb, a, v, r in rows_
            ],
            "remarks": "",
        }
        for key, en, bn, rows_ in _SECTIONS
    ]  # fmt: skip
    sections[0]["table"] = {
        "columns": [
            {"en": "Colour / size", "bn": "রং / সাইজ"}, {"en": "Ordered", "bn": "অর্ডার"},
            {"en": "Produced", "bn": "উৎপাদিত"}, {"en": "Packed", "bn": "প্যাক"}, {"en": "To ship", "bn": "শিপ"},
        ],
        "rows": [
            ["Navy / S", 320, 320, 320, 320], ["Navy / M", 480, 482, 480, 480], ["Navy / L", 480, 480, 480, 480],
            ["Navy / XL", 320, 318, 318, 318], ["Ecru / S", 320, 320, 300, 320], ["Ecru / M", 480, 480, 470, 480],
            ["Ecru / L", 480, 480, 462, 480], ["Ecru / XL", 320, 320, 320, 320],
        ],
    }  # fmt: skip
    if verdict in ("pending", "hold"):
        sections[7]["verdict"] = verdict
        sections[7]["remarks"] = "The laboratory's colour fastness result is awaited."
    reasons = {
        "pass": [("all_within", "Every section is within the limits.", "সব অংশ সীমার মধ্যে আছে।")],
        "fail": [("over_limit", "Workmanship: major defectives above Ac 3.", "কারিগরি মান: মেজর ত্রুটি Ac ৩-এর বেশি।")],
        "pending": [("awaiting", "On-site tests: a result is awaited.", "অন-সাইট টেস্ট: একটি ফল বাকি।")],
        "hold": [("held", "Held on the buyer's instruction.", "বায়ারের নির্দেশে হোল্ড।")],
    }[verdict]  # fmt: skip
    return {
        "schema": "goldseal.inspection-report/1",
        "report": {
            "number": "FIN-2026-000147", "version": 1, "type": "final", "language": language,
            "issued_at": "2026-11-20T16:42:00+06:00",
            "verify_url": "http://127.0.0.1:8000/verify/Qm3v0T8xk2aYw7LrN5uHcg", "supersedes": None, "changes": "",
        },
        "workspace": {
            "name": "Shapla Sweaters Ltd (demo)", "name_bn": "শাপলা সোয়েটার্স লিমিটেড (ডেমো)",
            "address": "Plot 14, Demo Industrial Area, Gazipur, Bangladesh",
        },
        "header": {
            "inspected_on": "2026-11-20", "started_at": "2026-11-20T09:05:00+06:00",
            "finished_at": "2026-11-20T16:10:00+06:00",
            "location": {"text": "Finished goods store, floor 3", "latitude": "23.9999", "longitude": "90.4203"},
            "inspectors": ["Inspector One (demo)"], "buyer": "Northfold Knitwear (demo)", "brand": "Northfold",
            "factory": "Shapla Sweaters Ltd (demo)", "purchase_orders": ["NF-26-3381", "NF-26-3382"],
            "style": "NF-1207 Harbour crew neck", "sku": "NF1207-NVY/ECR",
            "description": "Men's crew neck jumper, 12 gauge, half cardigan body", "season": "AW26",
            "colours": ["Navy", "Ecru"], "sizes": ["S", "M", "L", "XL"],
            "composition": "50 % wool, 50 % acrylic", "order_quantity": 3200, "ship_quantity": 3198,
            "lot_quantity": 3200, "produced_percent": 100, "packed_percent": 98.4, "cartons_total": 107,
            "ex_factory_on": "2026-11-24", "etd_on": "2026-11-28", "eta_on": "2026-12-24", "port": "Chattogram",
            "destination": "Rotterdam", "approved_sample_seen": True, "trim_card_seen": True,
        },
        "plan": {
            "standard": "ISO 2859-1", "level": "II", "inspection": "normal", "counting": "defectives",
            "lot_size": 3200, "sample_drawn": 125, "full_inspection": False,
            "severities": [
                {"severity": s, "aql": a, "code_letter": "K", "plan_letter": "K", "sample_size": 125, "accept": ac, "reject": re}
                for s, (a, ac, re) in limits.items()
            ],
            "seed_commitment": SEED, "cartons": {"total": 107, "opened": [4, 12, 19, 31, 44, 52, 58, 63, 77, 90, 101]},
        },
        "counts": counts,
        "defects": defects,
        "pareto": _pareto(defects),
        "metrics": {"dhu": "11.2", "defective_percent": "9.6"},
        "sections": sections,
        "measurement": _measurement(),
        "photos": [
            {
                "sha256": sha, "caption_en": _CAPTIONS[i % len(_CAPTIONS)][0], "caption_bn": _CAPTIONS[i % len(_CAPTIONS)][1] + tail_bn,
                "section": _CAPTIONS[i % len(_CAPTIONS)][2], "taken_at": "2026-11-20T11:24:00+06:00", "width": 4000, "height": 3000,
            }
            for i, sha in enumerate(shas)
        ],
        "remarks": "Drop stitches come from carton 12 only; the factory sorts the cartons packed on line 4 the same day.",
        "verdict": {
            "overall": verdict, "reasons": [{"code": c, "text_en": e, "text_bn": b} for c, e, b in reasons],
            "reinspection_on": "2026-11-23" if verdict == "fail" else None,
        },
        "signatures": [
            {"printed_name": "Inspector One (demo)", "role": "Final inspector", "meaning": "inspected", "signed_at": "2026-11-20T16:20:00+06:00", "record_hash": hashlib.sha256(b"signed one").hexdigest()},
            {"printed_name": "Manager Two (demo)", "role": "QA manager", "meaning": "reviewed", "signed_at": "2026-11-20T16:38:00+06:00", "record_hash": hashlib.sha256(b"signed two").hexdigest()},
        ],
    }  # fmt: skip


def _pareto(defects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    totals: dict[tuple[str, str, str], int] = {}
    for d in defects:
        key = (d["code"], d["name_en"], d["name_bn"])
        totals[key] = totals.get(key, 0) + d["pieces"]
    whole = sum(totals.values())
    rows, running = [], 0
    for (code, en, bn), count in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        vital = running < 0.8 * whole
        running += count
        rows.append(
            {
                "code": code, "name_en": en, "name_bn": bn, "count": count, "share": round(100 * count / whole, 1),
                "cumulative": round(100 * running / whole, 1), "vital": vital,
            }
        )  # fmt: skip
    return rows


def _measurement() -> dict[str, Any]:
    pieces: list[dict[str, Any]] = []
    out = 0
    for no in range(1, 7):
        values: list[dict[str, Any]] = []
        for index, (code, _en, _bn, _critical, plus, minus, base) in enumerate(_POMS):
            spec = base + (no % 3) * 200
            deviation = ((no * 7 + index * 5) % 7 - 3) * 10
            if code == "F":
                deviation = abs(deviation) * 8
            if (no, code) == (4, "D"):
                deviation = 90
            is_out = deviation > float(plus) * 100 or -deviation > float(minus) * 100
            out += is_out
            sign = "+" if deviation > 0 else "−" if deviation < 0 else ""
            values.append(
                {
                    "pom": code, "spec": f"{spec / 100:.1f}", "measured": f"{(spec + deviation) / 100:.1f}",
                    "deviation": f"{sign}{abs(deviation) / 100:.1f}", "out": is_out,
                }
            )  # fmt: skip
        pieces.append(
            {"no": no, "colour": "Navy" if no < 4 else "Ecru", "size": "SML"[no % 3], "values": values}
        )
    return {
        "unit": "cm",
        "poms": [
            {"code": c, "name_en": e, "name_bn": b, "critical": k, "tol_plus": p, "tol_minus": m}
            for c, e, b, k, p, m, _ in _POMS
        ],
        "pieces": pieces,
        "measured": 54,
        "out_of_tolerance": out,
        "pieces_out": sum(any(v["out"] for v in p["values"]) for p in pieces),
        "rule": "Fails when more than 10 % of the points or any critical point is out of tolerance.",
    }

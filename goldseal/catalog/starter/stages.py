"""The sixteen stages of a knit factory, in the order of production (DOMAIN §2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SWEATER, CUT_AND_SEW = "sweater", "cut_and_sew"

# Rounds of a roving inspector, every two hours: one defect of seven pieces turns yellow, two turn red.
ROUNDS: Mapping[str, Any] = {
    "sample_n": 7,
    "yellow_at": 1,
    "red_at": 2,
    "revisit_minutes": {"green": 120, "yellow": 60, "red": 30},
    "on_red": ["recheck_bundle", "stop_line", "train"],
}
PIECES_PER_HOUR: Mapping[str, Any] = {"hourly_target": 60}


@dataclass(frozen=True, slots=True)
class StarterStage:
    """One stage as the starter pack brings it; an empty `product_family` means both."""

    code: str
    gate: str
    method_code: str
    name_en: str
    name_bn: str
    method_en: str
    method_bn: str
    who_en: str
    who_bn: str
    product_family: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


STAGES = (
    StarterStage(
        "PPM",
        "gate",
        "checklist",
        "Pre-production meeting, size set",
        "প্রি-প্রোডাকশন মিটিং, সাইজ সেট",
        "Checklist, risks, critical operations, attendance",
        "চেকলিস্ট, ঝুঁকি, ক্রিটিক্যাল অপারেশন, উপস্থিতি",
        "QA manager, merchandiser, technician, cutting, sewing, finishing",
        "কিউএ ম্যানেজার, মার্চেন্ডাইজার, টেকনিশিয়ান, কাটিং, সুইং, ফিনিশিং",
    ),
    StarterStage(
        "YRN",
        "gate",
        "aql",
        "Yarn/trim receiving",
        "সুতা ও ট্রিমস রিসিভিং",
        "Lot, count, shade band, strength; AQL at level S-2 or S-4",
        "লট, কাউন্ট, শেড ব্যান্ড, শক্তি; এস-২ বা এস-৪ লেভেলে একিউএল",
        "Store QC and laboratory",
        "স্টোর কিউসি ও ল্যাব",
        settings={"level": "S-2"},
    ),
    StarterStage(
        "FAB",
        "gate",
        "four_point",
        "Fabric 4-point",
        "ফেব্রিক ৪-পয়েন্ট",
        "At least 10 % of the rolls: points per roll, GSM, width, shade group, shrinkage",
        "কমপক্ষে ১০ % রোল: রোলপ্রতি পয়েন্ট, জিএসএম, চওড়া, শেড গ্রুপ, শ্রিংকেজ",
        "Fabric inspector",
        "ফেব্রিক ইন্সপেক্টর",
        product_family=CUT_AND_SEW,
        settings={"system": "yd_in"},
    ),
    StarterStage(
        "KNT",
        "hold",
        "roving",
        "Knitting panel check",
        "নিটিং প্যানেল চেক",
        "By machine and operator: first piece, then hourly; weight and panel size",
        "মেশিন ও অপারেটর ধরে: প্রথম পিস, তারপর ঘণ্টায় ঘণ্টায়; ওজন ও প্যানেলের মাপ",
        "Knitting QC",
        "নিটিং কিউসি",
        product_family=SWEATER,
        # Hourly by DOMAIN §2: a knitting machine repeats its fault until somebody looks.
        settings={**ROUNDS, "revisit_minutes": {"green": 60, "yellow": 60, "red": 30}},
    ),
    StarterStage(
        "CUT",
        "hold",
        "checklist",
        "Cutting / cut-panel",
        "কাটিং / কাট-প্যানেল চেক",
        "Lay, marker, notch, panel top, middle and bottom, bundle number",
        "লে, মার্কার, নচ, প্যানেলের ওপর-মাঝ-নিচ, বান্ডেল নম্বর",
        "Cutting QC",
        "কাটিং কিউসি",
        product_family=CUT_AND_SEW,
    ),
    StarterStage(
        "PRT",
        "hold",
        "checklist",
        "Print/emb/wash inline",
        "প্রিন্ট/এমব্রয়ডারি/ওয়াশ ইনলাইন",
        "Strike-off against bulk, first output",
        "স্ট্রাইক-অফের সাথে বাল্ক, প্রথম আউটপুট",
        "QC of the section",
        "সেকশন কিউসি",
    ),
    StarterStage(
        "LNK",
        "light",
        "roving",
        "Linking inline",
        "লিংকিং ইনলাইন",
        "Seven pieces of each operator: mis-link, seam stretch",
        "প্রতি অপারেটরের ৭ পিস: মিস-লিংক, সিম স্ট্রেচ",
        "Roving QC",
        "রোভিং কিউসি",
        product_family=SWEATER,
        settings=ROUNDS,
    ),
    StarterStage(
        "SEW",
        "light",
        "roving",
        "Sewing inline (roving, 7-0 / traffic light)",
        "সুইং ইনলাইন (রোভিং, ৭-০ / ট্রাফিক লাইট)",
        "Rounds by the roving inspector; the light is set by the defects found",
        "রোভিং কিউসির রাউন্ড; যত ত্রুটি, সেই মতো লাইট",
        "Roving QC",
        "রোভিং কিউসি",
        product_family=CUT_AND_SEW,
        settings=ROUNDS,
    ),
    StarterStage(
        "MND",
        "none",
        "endline",
        "Trimming & mending, light check",
        "ট্রিমিং, মেন্ডিং ও লাইট চেক",
        "Every piece, inside and outside, on the light box",
        "প্রতি পিস, ভেতর-বাহির, লাইট বক্সে",
        "Mender, light checker",
        "মেন্ডার, লাইট চেকার",
        product_family=SWEATER,
        settings=PIECES_PER_HOUR,
    ),
    StarterStage(
        "END",
        "none",
        "endline",
        "Endline / table",
        "এন্ডলাইন / টেবিল",
        "Every piece, defects by code and zone, alter and recheck; hourly",
        "প্রতি পিস, কোড ও জোন ধরে ত্রুটি, অল্টার ও রিচেক; ঘণ্টায় ঘণ্টায়",
        "Table checker",
        "টেবিল চেকার",
        settings=PIECES_PER_HOUR,
    ),
    StarterStage(
        "WSH",
        "hold",
        "measurement",
        "After wash",
        "ওয়াশের পর",
        "Shade, hand-feel, shrinkage, measurements before and after",
        "শেড, হ্যান্ডফিল, শ্রিংকেজ, আগে ও পরে মাপ",
        "Wash QC",
        "ওয়াশ কিউসি",
        # DOMAIN §7: critical points on at least five pieces of a size, every point on one or two.
        settings={"pieces_critical": 5, "pieces_all": 2},
    ),
    StarterStage(
        "IRN",
        "none",
        "endline",
        "Iron/finishing check",
        "আয়রন/ফিনিশিং চেক",
        "Every piece: get-up and measurements",
        "প্রতি পিস: গেট-আপ ও মাপ",
        "Finishing QC",
        "ফিনিশিং কিউসি",
        settings=PIECES_PER_HOUR,
    ),
    StarterStage(
        "MTL",
        "hard",
        "metal",
        "Metal detection",
        "মেটাল ডিটেকশন",
        "Nine-point calibration every hour with the 1.2 mm ferrous card; broken-needle log with all pieces",
        "১.২ মিমি ফেরাস কার্ডে ঘণ্টায় ঘণ্টায় ৯-পয়েন্ট ক্যালিব্রেশন; সব টুকরাসহ ভাঙা সুইয়ের লগ",
        "Packing and product safety",
        "প্যাকিং সেফটি",
        settings={"interval_minutes": 60, "card_mm": "1.2"},
    ),
    StarterStage(
        "PKG",
        "gate",
        "packing",
        "Packing & carton",
        "প্যাকিং ও কার্টন",
        "Ratio, barcode, polybag, carton size, weight and mark",
        "রেশিও, বারকোড, পলিব্যাগ, কার্টনের মাপ, ওজন ও মার্ক",
        "Packing QC",
        "প্যাকিং কিউসি",
    ),
    StarterStage(
        "PRE",
        "gate",
        "aql",
        "Pre-final (internal AQL)",
        "প্রি-ফাইনাল (নিজস্ব একিউএল)",
        "As the final inspection, often with a tighter AQL",
        "ফাইনালের মতোই, অনেক সময় আরও কড়া একিউএল",
        "Factory QA",
        "ফ্যাক্টরি কিউএ",
        settings={"aql_major": "1.5", "aql_minor": "2.5"},
    ),
    StarterStage(
        "FIN",
        "hard",
        "aql",
        "Final random inspection",
        "ফাইনাল র‍্যান্ডম পরিদর্শন",
        "AQL at level II, report, verdict",
        "লেভেল ২-এ একিউএল, রিপোর্ট, ফলাফল",
        "Buyer's QC, nominated or third-party inspector",
        "বায়ার কিউসি, নমিনেটেড বা থার্ড পার্টি ইন্সপেক্টর",
    ),
)

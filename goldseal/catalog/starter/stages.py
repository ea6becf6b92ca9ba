"""The sixteen stages of a knit factory, in the order of production (DOMAIN §2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StarterStage:
    """One stage as the starter pack brings it."""

    code: str
    gate: str
    name_en: str
    name_bn: str
    method_en: str
    method_bn: str


STAGES = (
    StarterStage(
        "PPM",
        "gate",
        "Pre-production meeting, size set",
        "প্রি-প্রোডাকশন মিটিং, সাইজ সেট",
        "Checklist, risks, critical operations, attendance",
        "চেকলিস্ট, ঝুঁকি, ক্রিটিক্যাল অপারেশন, উপস্থিতি",
    ),
    StarterStage(
        "YRN",
        "gate",
        "Yarn/trim receiving",
        "সুতা ও ট্রিমস রিসিভিং",
        "Lot, count, shade band, strength; AQL at level S-2 or S-4",
        "লট, কাউন্ট, শেড ব্যান্ড, শক্তি; এস-২ বা এস-৪ লেভেলে একিউএল",
    ),
    StarterStage(
        "FAB",
        "gate",
        "Fabric 4-point",
        "ফেব্রিক ৪-পয়েন্ট",
        "At least 10 % of the rolls: points per roll, GSM, width, shade group, shrinkage",
        "কমপক্ষে ১০ % রোল: রোলপ্রতি পয়েন্ট, জিএসএম, চওড়া, শেড গ্রুপ, শ্রিংকেজ",
    ),
    StarterStage(
        "KNT",
        "hold",
        "Knitting panel check",
        "নিটিং প্যানেল চেক",
        "By machine and operator: first piece, then hourly; weight and panel size",
        "মেশিন ও অপারেটর ধরে: প্রথম পিস, তারপর ঘণ্টায় ঘণ্টায়; ওজন ও প্যানেলের মাপ",
    ),
    StarterStage(
        "CUT",
        "hold",
        "Cutting / cut-panel",
        "কাটিং / কাট-প্যানেল চেক",
        "Lay, marker, notch, panel top, middle and bottom, bundle number",
        "লে, মার্কার, নচ, প্যানেলের ওপর-মাঝ-নিচ, বান্ডেল নম্বর",
    ),
    StarterStage(
        "PRT",
        "hold",
        "Print/emb/wash inline",
        "প্রিন্ট/এমব্রয়ডারি/ওয়াশ ইনলাইন",
        "Strike-off against bulk, first output",
        "স্ট্রাইক-অফের সাথে বাল্ক, প্রথম আউটপুট",
    ),
    StarterStage(
        "LNK",
        "light",
        "Linking inline",
        "লিংকিং ইনলাইন",
        "Seven pieces of each operator: mis-link, seam stretch",
        "প্রতি অপারেটরের ৭ পিস: মিস-লিংক, সিম স্ট্রেচ",
    ),
    StarterStage(
        "SEW",
        "light",
        "Sewing inline (roving, 7-0 / traffic light)",
        "সুইং ইনলাইন (রোভিং, ৭-০ / ট্রাফিক লাইট)",
        "Rounds by the roving inspector; the light is set by the defects found",
        "রোভিং কিউসির রাউন্ড; যত ত্রুটি, সেই মতো লাইট",
    ),
    StarterStage(
        "MND",
        "none",
        "Trimming & mending, light check",
        "ট্রিমিং, মেন্ডিং ও লাইট চেক",
        "Every piece, inside and outside, on the light box",
        "প্রতি পিস, ভেতর-বাহির, লাইট বক্সে",
    ),
    StarterStage(
        "END",
        "none",
        "Endline / table",
        "এন্ডলাইন / টেবিল",
        "Every piece, defects by code and zone, alter and recheck; hourly",
        "প্রতি পিস, কোড ও জোন ধরে ত্রুটি, অল্টার ও রিচেক; ঘণ্টায় ঘণ্টায়",
    ),
    StarterStage(
        "WSH",
        "hold",
        "After wash",
        "ওয়াশের পর",
        "Shade, hand-feel, shrinkage, measurements before and after",
        "শেড, হ্যান্ডফিল, শ্রিংকেজ, আগে ও পরে মাপ",
    ),
    StarterStage(
        "IRN",
        "none",
        "Iron/finishing check",
        "আয়রন/ফিনিশিং চেক",
        "Every piece: get-up and measurements",
        "প্রতি পিস: গেট-আপ ও মাপ",
    ),
    StarterStage(
        "MTL",
        "hard",
        "Metal detection",
        "মেটাল ডিটেকশন",
        "Nine-point calibration every hour with the 1.2 mm ferrous card; broken-needle log with all pieces",
        "১.২ মিমি ফেরাস কার্ডে ঘণ্টায় ঘণ্টায় ৯-পয়েন্ট ক্যালিব্রেশন; সব টুকরাসহ ভাঙা সুইয়ের লগ",
    ),
    StarterStage(
        "PKG",
        "gate",
        "Packing & carton",
        "প্যাকিং ও কার্টন",
        "Ratio, barcode, polybag, carton size, weight and mark",
        "রেশিও, বারকোড, পলিব্যাগ, কার্টনের মাপ, ওজন ও মার্ক",
    ),
    StarterStage(
        "PRE",
        "gate",
        "Pre-final (internal AQL)",
        "প্রি-ফাইনাল (নিজস্ব একিউএল)",
        "As the final inspection, often with a tighter AQL",
        "ফাইনালের মতোই, অনেক সময় আরও কড়া একিউএল",
    ),
    StarterStage(
        "FIN",
        "hard",
        "Final random inspection",
        "ফাইনাল র‍্যান্ডম পরিদর্শন",
        "AQL at level II, report, verdict",
        "লেভেল ২-এ একিউএল, রিপোর্ট, ফলাফল",
    ),
)

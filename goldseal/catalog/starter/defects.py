"""The 81 defect codes, family by family, with floor-usage Bangla and default severities (DOMAIN §9)."""

from dataclasses import dataclass

CRITICAL, MAJOR, MINOR = "critical", "major", "minor"


@dataclass(frozen=True, slots=True)
class StarterDefect:
    """One defect as the starter pack brings it; empty severities mean: as by default."""

    code: str
    name_en: str
    name_bn: str
    severity: str
    zone_a: str = ""
    children: str = ""
    is_legal: bool = False
    note_en: str = ""
    note_bn: str = ""

    @property
    def family(self) -> str:
        """The two letters the code begins with."""
        return self.code[:2]


DEFECTS = (
    StarterDefect("KN01", "Drop stitch", "ড্রপ স্টিচ", MAJOR),
    StarterDefect("KN02", "Hole / press-off", "ছিদ্র (হোল)", MAJOR),
    StarterDefect("KN03", "Ladder / run", "ল্যাডার", MAJOR),
    StarterDefect("KN04", "Needle line", "নিডেল লাইন", MINOR, zone_a=MAJOR),
    StarterDefect("KN05", "Sinker line", "সিঙ্কার লাইন", MINOR, zone_a=MAJOR),
    StarterDefect("KN06", "Barré", "ব্যারে দাগ", MAJOR),
    StarterDefect("KN07", "Slub, thick–thin yarn", "মোটা-চিকন সুতা", MINOR, zone_a=MAJOR),
    StarterDefect("KN08", "Knot on face", "গিঁট", MINOR, zone_a=MAJOR),
    StarterDefect("KN09", "Foreign fibre / fly", "ফ্লাই / ভিন্ন আঁশ", MINOR, zone_a=MAJOR),
    StarterDefect("KN10", "Missing / broken end", "সুতা ছেঁড়া", MAJOR),
    StarterDefect("KN11", "Tuck, float, bird's eye", "টাক / ফ্লোট", MINOR, zone_a=MAJOR),
    StarterDefect("KN12", "Pattern / jacquard error", "ডিজাইন ভুল", MAJOR),
    StarterDefect("KN13", "Uneven tension / density", "টেনশন অসমান", MAJOR),
    StarterDefect("KN14", "Wavy rib / curled edge", "রিব ঢেউ", MINOR),
    StarterDefect("KN15", "Weight / GSM out", "ওজন / জিএসএম আউট", MAJOR),
    StarterDefect("SW01", "Broken stitch", "ব্রোকেন স্টিচ", MAJOR),
    StarterDefect(
        "SW02",
        "Skip stitch",
        "স্কিপ স্টিচ",
        MINOR,
        zone_a=MAJOR,
        note_en="One skipped stitch is minor, two or more are major.",
        note_bn="একটি স্কিপ হলে মাইনর, দুই বা বেশি হলে মেজর।",
    ),
    StarterDefect("SW03", "Open seam", "ওপেন সিম", MAJOR),
    StarterDefect("SW04", "Mis-link / dropped loop", "লিংকিং মিস", MAJOR),
    StarterDefect("SW05", "Raw edge", "র এজ", MAJOR),
    StarterDefect("SW06", "Puckering", "কুঁচকানো (পাকারিং)", MINOR, zone_a=MAJOR),
    StarterDefect("SW07", "Wavy / roping / twisted seam", "সেলাই বাঁকা", MINOR, zone_a=MAJOR),
    StarterDefect("SW08", "Loose / tight tension", "সেলাই লুজ / টাইট", MAJOR),
    StarterDefect("SW09", "Run-off stitch", "রান অফ স্টিচ", MINOR),
    StarterDefect("SW10", "SPI out", "এসপিআই আউট", MINOR, zone_a=MAJOR),
    StarterDefect("SW11", "Uncut / loose thread", "সুতা কাটা নাই", MINOR),
    StarterDefect("SW12", "Pleat caught in seam", "প্লিট", MINOR, zone_a=MAJOR),
    StarterDefect("SW13", "Part caught in stitching", "অংশ সেলাইয়ে আটকা", MAJOR),
    StarterDefect("SW14", "Needle cut / damage", "নিডেল কাট", MAJOR),
    StarterDefect("SW15", "Stripe / panel mismatch", "চেক-স্ট্রাইপ মিলে না", MAJOR),
    StarterDefect("SW16", "High–low / asymmetry", "আপ-ডাউন", MAJOR),
    StarterDefect("SW17", "Wrong thread colour", "ভুল রঙের সুতা", MAJOR),
    StarterDefect("SW18", "Missing operation / bartack", "অপারেশন মিস", MAJOR),
    StarterDefect("SW19", "Twisted body / sleeve (spirality)", "টুইস্টিং", MAJOR),
    StarterDefect("SW20", "Neck stretch below minimum", "নেক স্ট্রেচ কম", MAJOR),
    StarterDefect("FC01", "Shade within garment", "শেড (এক পিসে)", MAJOR),
    StarterDefect("FC02", "Shade vs approved", "শেড মিলে না", MAJOR),
    StarterDefect("FC03", "Oil stain", "তেলের দাগ", MAJOR),
    StarterDefect("FC04", "Dirt spot", "ময়লা দাগ", MINOR, zone_a=MAJOR),
    StarterDefect("FC05", "Dye patch / spot", "ডাই স্পট", MAJOR),
    StarterDefect("FC06", "Pilling", "পিলিং", MINOR, zone_a=MAJOR),
    StarterDefect("FC07", "Crease mark", "ভাঁজের দাগ", MINOR, zone_a=MAJOR),
    StarterDefect("FC08", "Bow / skew out", "বোয়িং / স্কিউ", MAJOR),
    StarterDefect("FC09", "Print fault (register, crack, tacky)", "প্রিন্ট ত্রুটি", MAJOR),
    StarterDefect("FC10", "Embroidery fault", "এমব্রয়ডারি ত্রুটি", MINOR, zone_a=MAJOR),
    StarterDefect("FC11", "Bleeding / crocking", "রং ওঠা", MAJOR),
    StarterDefect("FC12", "Hand-feel not as approved", "হ্যান্ডফিল ভুল", MINOR, zone_a=MAJOR),
    StarterDefect("FC13", "Water / rust mark", "পানি / মরিচার দাগ", MAJOR),
    StarterDefect("MS01", "Critical POM out", "ক্রিটিক্যাল মাপ আউট", MAJOR),
    StarterDefect("MS02", "Other POM out", "মাপ আউট", MINOR),
    StarterDefect("MS03", "Size mix (label ≠ size)", "সাইজ মিক্স", MAJOR),
    StarterDefect("MS04", "Left–right differ", "ডান-বাম অসমান", MINOR, zone_a=MAJOR),
    StarterDefect("TL01", "Missing button / snap", "বোতাম নাই", MAJOR),
    StarterDefect(
        "TL02",
        "Loose button",
        "বোতাম ঢিলা",
        MAJOR,
        children=CRITICAL,
        note_en="Critical on garments for children: a loose button can be swallowed.",
        note_bn="বাচ্চাদের পোশাকে ক্রিটিক্যাল: ঢিলা বোতাম গিলে ফেলতে পারে।",
    ),
    StarterDefect("TL03", "Zip does not work", "জিপার নষ্ট", MAJOR),
    StarterDefect("TL04", "Main label wrong / missing", "মেইন লেবেল ভুল", MAJOR),
    StarterDefect(
        "TL05",
        "Care / fibre label wrong / missing",
        "কেয়ার লেবেল ভুল",
        CRITICAL,
        is_legal=True,
        note_en="A legal matter in many markets; the buyer decides the severity.",
        note_bn="অনেক দেশে আইনি বিষয়; কত গুরুতর তা বায়ার ঠিক করে।",
    ),
    StarterDefect(
        "TL06",
        "Wrong country of origin",
        "উৎপাদন দেশ ভুল",
        CRITICAL,
        is_legal=True,
        note_en="A legal matter in many markets; the buyer decides the severity.",
        note_bn="অনেক দেশে আইনি বিষয়; কত গুরুতর তা বায়ার ঠিক করে।",
    ),
    StarterDefect("TL07", "Wrong size label", "সাইজ লেবেল ভুল", MAJOR),
    StarterDefect(
        "TL08",
        "Cord not allowed (children)",
        "ড্রকর্ড নিয়ম ভঙ্গ",
        CRITICAL,
        note_en="Cords and drawstrings that the rules for children's garments do not allow.",
        note_bn="বাচ্চাদের পোশাকের নিয়মে যে কর্ড বা ড্রস্ট্রিং চলে না।",
    ),
    StarterDefect("TL09", "Hangtag / price / barcode wrong", "হ্যাংট্যাগ / বারকোড ভুল", MAJOR),
    StarterDefect("SF01", "Needle / metal fragment", "ভাঙা সুই / ধাতু", CRITICAL),
    StarterDefect("SF02", "Sharp point / edge", "ধারালো অংশ", CRITICAL),
    StarterDefect("SF03", "Mould, insect, blood", "ছত্রাক / পোকা / রক্ত", CRITICAL),
    StarterDefect(
        "SF04",
        "Small part comes off (children)",
        "ছোট অংশ খুলে যায়",
        CRITICAL,
        note_en="Small parts that a child could swallow.",
        note_bn="ছোট অংশ, যা বাচ্চা গিলে ফেলতে পারে।",
    ),
    StarterDefect("SF05", "Restricted substance fail", "নিষিদ্ধ রাসায়নিক", CRITICAL),
    StarterDefect("FN01", "Iron shine / poor press", "আয়রন ত্রুটি", MINOR),
    StarterDefect("FN02", "Scorch / burn", "পোড়া দাগ", MAJOR),
    StarterDefect("FN03", "Shrinkage out", "শ্রিংকেজ আউট", MAJOR),
    StarterDefect("FN04", "Uneven wash", "ওয়াশ অসমান", MAJOR),
    StarterDefect("FN05", "Bad smell", "দুর্গন্ধ", MAJOR),
    StarterDefect("FN06", "Bad mending visible", "মেন্ডিং দেখা যায়", MAJOR),
    StarterDefect("FN07", "Damp / moisture high", "ভেজা / আর্দ্রতা বেশি", MAJOR),
    StarterDefect("PK01", "Wrong ratio / assortment", "অ্যাসোর্ট ভুল", MAJOR),
    StarterDefect("PK02", "Short / excess in carton", "কম-বেশি", MAJOR),
    StarterDefect(
        "PK03",
        "Polybag / suffocation warning wrong",
        "পলিব্যাগ সতর্কবার্তা নাই",
        MAJOR,
        is_legal=True,
        note_en="Critical where the law of the market asks for the warning; the buyer decides.",
        note_bn="যে দেশের আইনে সতর্কবার্তা লাগে সেখানে ক্রিটিক্যাল; বায়ার ঠিক করে।",
    ),
    StarterDefect("PK04", "Shipping mark wrong", "কার্টন মার্ক ভুল", MAJOR),
    StarterDefect("PK05", "Carton damaged / wet / size", "কার্টন নষ্ট", MAJOR),
    StarterDefect("PK06", "Folding wrong", "ভাঁজ ভুল", MINOR),
    StarterDefect("PK07", "UPC/EAN mismatch or unreadable", "বারকোড মিলে না", MAJOR),
    StarterDefect("PK08", "Missing tissue / silica gel", "টিস্যু / সিলিকা নাই", MINOR),
)

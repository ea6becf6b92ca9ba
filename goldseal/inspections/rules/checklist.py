"""The checks of a final random inspection, section by section, as the trade asks them (DOMAIN §5)."""

from collections.abc import Mapping

# section → ((check, English, Bangla), …)
FINAL_CHECKS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "quantity": (
        ("ship_quantity", "Ship quantity agrees with the order", "শিপ পরিমাণ অর্ডারের সাথে মেলে"),
        ("ratio", "Colour and size ratio is right", "রং ও সাইজের অনুপাত ঠিক আছে"),
    ),
    "shipping_marks": (
        ("main_mark", "Main mark as specified", "মেইন মার্ক নির্দেশনা মতো"),
        ("side_mark", "Side mark as specified", "সাইড মার্ক নির্দেশনা মতো"),
        ("carton_numbers", "Carton numbers complete", "কার্টন নম্বর সম্পূর্ণ"),
    ),
    "conformity": (
        ("style", "Style as the approved sample", "স্টাইল অনুমোদিত স্যাম্পলের মতো"),
        ("material", "Material and hand-feel as approved", "ম্যাটেরিয়াল ও হ্যান্ডফিল অনুমোদিত"),
        ("colour", "Colour within the approved shade band", "রং অনুমোদিত শেড ব্যান্ডের মধ্যে"),
    ),
    "packing": (
        ("export_carton", "Export carton sound, right size and weight", "এক্সপোর্ট কার্টন ভালো, মাপ ও ওজন ঠিক"),
        ("polybag", "Polybag and suffocation warning right", "পলিব্যাগ ও সতর্কবার্তা ঠিক"),
        ("folding", "Folding as specified", "ভাঁজ নির্দেশনা মতো"),
        ("assortment", "Assortment in each carton right", "প্রতি কার্টনে অ্যাসোর্ট ঠিক"),
    ),
    "labelling": (
        ("main_label", "Main label right and straight", "মেইন লেবেল ঠিক ও সোজা"),
        ("care_label", "Care and fibre label right", "কেয়ার ও ফাইবার লেবেল ঠিক"),
        ("size_label", "Size label agrees with the garment", "সাইজ লেবেল গার্মেন্টের সাথে মেলে"),
        ("origin", "Country of origin right", "উৎপাদনকারী দেশ ঠিক"),
        ("hangtag", "Hangtag, price and barcode right", "হ্যাংট্যাগ, দাম ও বারকোড ঠিক"),
    ),
    "workmanship": (),
    "measurement": (),
    "onsite_tests": (
        ("barcode_scan", "Barcode scans", "বারকোড স্ক্যান হয়"),
        ("seam_pull", "Seam and button pull test", "সেলাই ও বোতাম টান পরীক্ষা"),
        ("colour_rub", "Colour rub test", "রং ঘষা পরীক্ষা"),
        ("neck_stretch", "Neck stretch", "নেক স্ট্রেচ"),
        ("piece_weight", "Piece weight", "পিস ওজন"),
        ("moisture", "Moisture", "আর্দ্রতা"),
        ("metal", "Metal detection record seen", "মেটাল ডিটেকশন রেকর্ড দেখা হয়েছে"),
        ("smell", "No bad smell", "দুর্গন্ধ নাই"),
    ),
    "special": (),
    "remarks": (),
}

SECTION_TITLES: Mapping[str, tuple[str, str]] = {
    "quantity": ("Quantity and production status", "পরিমাণ ও উৎপাদন অবস্থা"),
    "shipping_marks": ("Shipping marks", "শিপিং মার্ক"),
    "conformity": ("Product conformity", "পণ্যের সামঞ্জস্য"),
    "packing": ("Packing and assortment", "প্যাকিং ও অ্যাসোর্টমেন্ট"),
    "labelling": ("Labelling and marking", "লেবেল ও মার্কিং"),
    "workmanship": ("Workmanship", "ওয়ার্কম্যানশিপ"),
    "measurement": ("Measurement", "মাপ"),
    "onsite_tests": ("On-site tests", "অন-সাইট পরীক্ষা"),
    "special": ("Special points and buyer's comments", "বিশেষ বিষয় ও বায়ারের মন্তব্য"),
    "remarks": ("Remarks", "মন্তব্য"),
    "roving": ("Rounds on the line", "লাইনে রাউন্ড"),
    "endline": ("Hundred per cent check", "শতভাগ চেক"),
    "four_point": ("Fabric, four-point", "ফেব্রিক, ৪-পয়েন্ট"),
    "metal": ("Metal detection", "মেটাল ডিটেকশন"),
}


def final_checklist() -> dict[str, list[dict[str, str]]]:
    """The checklist as an inspection's snapshot keeps it: section → checks with both labels."""
    return {
        section: [
            {"check": code, "label_en": english, "label_bn": bangla} for code, english, bangla in checks
        ]
        for section, checks in FINAL_CHECKS.items()
    }

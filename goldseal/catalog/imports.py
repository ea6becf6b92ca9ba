"""What the catalog takes from sheets: orders, styles, measurement charts and the defect library."""

import re

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import DefectFamily, LengthUnit, ProductFamily, Severity, Wash
from goldseal.catalog.permissions import DEFECTS_EDIT
from goldseal.catalog.services.import_charts import prepare_charts
from goldseal.catalog.services.import_orders import KEEP, MERGE, REPLACE, prepare_orders
from goldseal.catalog.services.import_records import UPDATE, prepare_defects, prepare_styles
from goldseal.kit.importing import Holds, ImportField, ImportKind, SpreadColumns, declare_import

_LETTER = r"\d{0,2} ?x{0,5} ?[sml]"
_SIZE = re.compile(
    rf"(size )?({_LETTER}( ?[/-] ?{_LETTER})?|one ?size|o/?s|free( size)?|\d{{2,3}}|\d{{1,3}} ?[-/–] ?\d{{1,3}} ?(y|m|yrs?|cm)?"
    r"|\d{1,2} ?(y|m|t|yrs?|mths?))",
    re.IGNORECASE,
)


def is_size(name: str) -> bool:
    """Whether a column's name is a garment's size: S, 2XL, 38, 3-4Y, 104, One size."""
    return bool(_SIZE.fullmatch(name.strip()))


SEVERITY_WORDS = {
    Severity.CRITICAL.value: ("Critical", "Cr", "C", "গুরুতর", "ক্রিটিক্যাল"),
    Severity.MAJOR.value: ("Major", "Maj", "Ma", "মেজর", "বড়"),
    Severity.MINOR.value: ("Minor", "Min", "Mi", "মাইনর", "ছোট"),
}
FAMILY_WORDS = {
    DefectFamily.KNITTING.value: ("Knitting and yarn", "Knitting", "Yarn", "নিটিং", "সুতা"),
    DefectFamily.SEWING.value: ("Linking and sewing", "Sewing", "Linking", "Stitching", "সেলাই", "লিংকিং"),
    DefectFamily.FABRIC.value: ("Fabric and colour", "Fabric", "Colour", "Color", "Shade", "কাপড়", "রং"),
    DefectFamily.MEASUREMENT.value: ("Measurement", "Measurements", "মাপ"),
    DefectFamily.TRIMS.value: ("Trims and labels", "Trims", "Labels", "Accessories", "ট্রিমস", "লেবেল"),
    DefectFamily.SAFETY.value: ("Safety", "নিরাপত্তা"),
    DefectFamily.FINISHING.value: ("Finishing and wash", "Finishing", "Wash", "ফিনিশিং", "ওয়াশ"),
    DefectFamily.PACKING.value: ("Packing", "Packaging", "প্যাকিং"),
}
PRODUCT_WORDS = {
    ProductFamily.SWEATER.value: ("Sweater", "Flat knit", "Fully fashioned", "সোয়েটার"),
    ProductFamily.CUT_AND_SEW.value: (
        "Cut and sew knit",
        "Cut & sew",
        "Knit",
        "Circular knit",
        "কাট অ্যান্ড সিউ",
    ),
}

BUYER = ImportField(
    "buyer", _("Buyer"), names=("Buyer code", "Buyer name", "Customer", "Client", "Brand", "বায়ার", "ক্রেতা"),
    length_max=120, is_identifying=True,
)  # fmt: skip
STYLE_NAMES = (
    "Style", "Style no", "Style number", "Style code", "Style #", "Article", "Article no", "Article number", "Art no",
    "Item no", "Model", "স্টাইল", "স্টাইল নং", "স্টাইল নম্বর",
)  # fmt: skip

ORDERS = ImportKind(
    code="orders",
    title=_("Orders"),
    lead=_("One row for each colour and size, or one row for each colour with the sizes as columns."),
    permission="catalog.edit",
    fields=(
        ImportField(
            "po_number", _("PO number"), is_required=True, is_identifying=True, length_max=40,
            names=("PO", "PO no", "P.O. No.", "PO #", "Purchase order", "Purchase order no", "Order", "Order no", "Order number", "Order #",
                   "পিও", "পিও নং", "পিও নম্বর", "অর্ডার", "অর্ডার নং", "অর্ডার নম্বর"),
        ),
        ImportField(
            "style", _("Style number"), is_required=True, is_identifying=True, length_max=40, names=STYLE_NAMES
        ),
        BUYER,
        ImportField(
            "colour", _("Colour"), is_required=True, is_identifying=True, length_max=60,
            names=("Color", "Colour name", "Color name", "Colourway", "Colorway", "Shade", "রং", "রঙ", "কালার"),
        ),
        ImportField(
            "size", _("Size"), is_required=True, is_identifying=True, length_max=20, names=("Sizes", "Size name", "সাইজ", "মাপ")
        ),
        ImportField(
            "quantity", _("Quantity"), Holds.WHOLE, is_required=True,
            names=("Qty", "Pcs", "Pieces", "Order qty", "Order quantity", "Qty pcs", "Quantity pcs", "Units", "পরিমাণ", "পিস", "সংখ্যা"),
        ),
        ImportField(
            "ex_factory_on", _("Ex-factory date"), Holds.DATE, is_identifying=True,
            names=("Ex factory", "Ex-fty", "Ex fty date", "Exfactory", "X-factory", "Ship date", "Shipment date", "Shipment", "Delivery",
                   "Delivery date", "ETD", "শিপমেন্ট", "শিপমেন্ট তারিখ", "ডেলিভারি তারিখ", "এক্স-ফ্যাক্টরি তারিখ"),
        ),
        ImportField(
            "destination", _("Destination"), is_identifying=True, length_max=160,
            names=("Ship to", "Country", "Destination country", "Delivery to", "গন্তব্য", "দেশ"),
        ),
        ImportField(
            "port", _("Port of loading"), is_identifying=True, length_max=80, names=("Port", "POL", "Loading port", "বন্দর"),
        ),
        ImportField(
            "site", _("Site"), is_identifying=True, length_max=120, names=("Factory", "Unit", "Factory unit", "Plant", "কারখানা", "ইউনিট"),
        ),
        ImportField("barcode", _("Barcode"), length_max=14, names=("EAN", "GTIN", "UPC", "EAN13", "বারকোড")),
        ImportField(
            "note", _("Note"), is_identifying=True, length_max=1000, names=("Remarks", "Remark", "Comment", "Comments", "মন্তব্য"),
        ),
    ),
    spread=SpreadColumns(_("Pieces of this size"), "size", "quantity", is_size),
    existing=(
        (KEEP, _("Tell me: they are a problem")),
        (MERGE, _("Add new lines and take over the quantities of lines that are there")),
        (REPLACE, _("Replace all their lines by those of the sheet")),
    ),
    prepare=prepare_orders,
)  # fmt: skip

STYLES = ImportKind(
    code="styles",
    title=_("Styles"),
    lead=_("One row for each style."),
    permission="catalog.edit",
    fields=(
        ImportField(
            "buyer", _("Buyer"), names=BUYER.names, length_max=120, is_required=True, is_identifying=True
        ),
        ImportField("code", _("Style number"), is_required=True, length_max=40, names=STYLE_NAMES),
        ImportField(
            "name", _("Name"), is_required=True, length_max=160,
            names=("Style name", "Style description", "Item", "Item name", "Product", "Product name", "Garment", "নাম", "স্টাইলের নাম"),
        ),
        ImportField("name_bn", _("Name in Bangla"), length_max=160, names=("Bangla name", "Name (Bangla)", "বাংলা নাম", "বাংলায় নাম")),
        ImportField(
            "product_family", _("Product family"), Holds.CHOICE, choices=PRODUCT_WORDS,
            names=("Family", "Product type", "Type", "পণ্যের ধরন"),
        ),
        ImportField(
            "is_for_children", _("For children"), Holds.YES_NO, names=("Children", "Kids", "Childrenswear", "Kidswear", "শিশুদের")
        ),
        ImportField("season", _("Season"), length_max=40, names=("মৌসুম", "সিজন")),
        ImportField(
            "composition", _("Composition"), length_max=200,
            names=("Fabric composition", "Fibre", "Fiber", "Fibre content", "Yarn", "Material", "উপাদান", "কম্পোজিশন"),
        ),
        ImportField("gauge", _("Gauge"), length_max=20, names=("GG", "Gg", "Machine gauge", "গেজ")),
        ImportField("description", _("Description"), length_max=2000, names=("Remarks", "Details", "বিবরণ")),
    ),
    existing=(
        (KEEP, _("Tell me: they are a problem")),
        (UPDATE, _("Take over what the sheet says")),
    ),
    prepare=prepare_styles,
)  # fmt: skip

DEFECTS = ImportKind(
    code="defects",
    title=_("Defect library"),
    lead=_("One row for each defect, with its code, family and severity."),
    permission=DEFECTS_EDIT,
    fields=(
        ImportField(
            "code", _("Code"), is_required=True, length_max=10,
            names=("Defect code", "Code no", "Defect no", "কোড", "ত্রুটি কোড", "ডিফেক্ট কোড"),
        ),
        ImportField(
            "family", _("Family"), Holds.CHOICE, is_required=True, is_identifying=True, choices=FAMILY_WORDS,
            names=("Defect family", "Group", "Defect group", "Category", "Defect category", "শ্রেণি", "গ্রুপ"),
        ),
        ImportField(
            "name_en", _("Name in English"), is_required=True, length_max=120,
            names=("Defect", "Name", "Defect name", "Description", "Defect description", "English name", "ডিফেক্ট", "ত্রুটি"),
        ),
        ImportField("name_bn", _("Name in Bangla"), length_max=120, names=("Bangla", "Bangla name", "Name (Bangla)", "বাংলা নাম", "নাম")),
        ImportField(
            "severity", _("Severity"), Holds.CHOICE, is_required=True, choices=SEVERITY_WORDS,
            names=("Classification", "Class", "Default severity", "Defect class", "গুরুত্ব", "তীব্রতা"),
        ),
        ImportField(
            "severity_zone_a", _("Severity in zone A"), Holds.CHOICE, choices=SEVERITY_WORDS, names=("Zone A", "A zone", "জোন এ")
        ),
        ImportField(
            "severity_children", _("Severity on children's garments"), Holds.CHOICE, choices=SEVERITY_WORDS,
            names=("Children", "Kids", "Childrenswear", "শিশু"),
        ),
        ImportField("is_legal", _("Legal matter"), Holds.YES_NO, names=("Legal", "আইনি")),
        ImportField("note_en", _("Note in English"), length_max=300, names=("Note", "Notes", "Remarks")),
        ImportField("note_bn", _("Note in Bangla"), length_max=300, names=("মন্তব্য", "Note (Bangla)")),
    ),
    existing=(
        (KEEP, _("Tell me: they are a problem")),
        (UPDATE, _("Take over what the sheet says")),
    ),
    prepare=prepare_defects,
)  # fmt: skip

UNIT_WORDS = {
    LengthUnit.CM.value: ("cm", "cms", "centimetre", "centimeter", "সেমি", "সে.মি."),
    LengthUnit.INCH.value: ("inch", "in", "inches", "ইঞ্চি"),
    LengthUnit.MM.value: ("mm", "millimetre", "millimeter", "মিমি", "মি.মি."),
}
WASH_WORDS = {
    Wash.NONE.value: ("no wash", "none", "unwashed", "ওয়াশ ছাড়া"),
    Wash.BEFORE.value: ("before wash", "before", "BW", "ওয়াশের আগে"),
    Wash.AFTER.value: ("after wash", "after", "AW", "ওয়াশের পরে"),
}

CHARTS = ImportKind(
    code="charts",
    title=_("Measurement charts"),
    lead=_("One row for each point of measure of a style, with the sizes as columns."),
    permission="catalog.edit",
    fields=(
        ImportField(
            "style", _("Style number"), is_required=True, is_identifying=True, length_max=40, names=STYLE_NAMES
        ),
        BUYER,
        ImportField(
            "unit", _("Unit"), Holds.CHOICE, is_identifying=True, choices=UNIT_WORDS, names=("UOM", "Units", "একক")
        ),
        ImportField(
            "wash", _("Before or after wash"), Holds.CHOICE, is_identifying=True, choices=WASH_WORDS, names=("Wash", "ওয়াশ"),
        ),
        ImportField(
            "code", _("Code of the point"), is_identifying=True, length_max=10,
            names=("POM", "POM code", "Code", "Point", "No", "Sl", "Sl no", "কোড", "ক্রমিক"),
        ),
        ImportField(
            "name_en", _("Point of measure"), is_required=True, is_identifying=True, length_max=120,
            names=("Points of measure", "POM name", "Description", "Measurement point", "Measurement", "Name", "মাপের পয়েন্ট", "মাপ"),
        ),
        ImportField(
            "name_bn", _("Point in Bangla"), is_identifying=True, length_max=120, names=("Bangla", "Name in Bangla", "বাংলা নাম")
        ),
        ImportField(
            "how", _("How to measure"), is_identifying=True, length_max=300, names=("Method", "How", "Instruction", "কীভাবে মাপবেন")
        ),
        ImportField("tolerance", _("Tolerance ±"), is_identifying=True, length_max=20, names=("Tol", "Tolerance", "Tol +/-", "Tol ±", "টলারেন্স")),
        ImportField("tol_minus", _("Tolerance −"), is_identifying=True, length_max=20, names=("Tol -", "Tol minus", "Minus tolerance", "Tol (-)")),
        ImportField("tol_plus", _("Tolerance +"), is_identifying=True, length_max=20, names=("Tol +", "Tol plus", "Plus tolerance", "Tol (+)")),
        ImportField("critical", _("Critical point"), Holds.YES_NO, names=("Critical", "Crit", "Key point", "ক্রিটিক্যাল")),
        ImportField("size", _("Size"), is_required=True, is_identifying=True, length_max=20, names=("Sizes", "সাইজ")),
        ImportField("amount", _("Measure"), is_required=True, length_max=32, names=("Value", "Spec", "Amount", "মান")),
    ),
    spread=SpreadColumns(_("Measure of this size"), "size", "amount", is_size),
    existing=(
        (KEEP, _("Tell me: they are a problem")),
        (REPLACE, _("Replace their points by those of the sheet")),
    ),
    prepare=prepare_charts,
)  # fmt: skip

for _kind in (ORDERS, STYLES, CHARTS, DEFECTS):
    declare_import(_kind)

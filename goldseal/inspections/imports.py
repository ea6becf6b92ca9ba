"""What inspections take from sheets: inspections that were made and recorded elsewhere."""

from django.utils.translation import gettext_lazy as _

from goldseal.inspections.import_services import prepare_past_inspections
from goldseal.inspections.models import Verdict
from goldseal.kit.importing import Holds, ImportField, ImportKind, declare_import

VERDICT_WORDS = {
    Verdict.PASS.value: (
        "Pass", "Passed", "P", "OK", "Accept", "Accepted", "Acc", "Approved", "পাস", "পাশ", "গৃহীত", "উত্তীর্ণ", "অনুমোদিত",
    ),
    Verdict.FAIL.value: (
        "Fail", "Failed", "F", "NG", "Not OK", "Reject", "Rejected", "Rej", "ফেল", "বাতিল", "প্রত্যাখ্যাত", "অনুত্তীর্ণ", "রিজেক্ট",
    ),
    Verdict.HOLD.value: ("Hold", "On hold", "Held", "H", "হোল্ড", "স্থগিত", "আটকানো"),
}  # fmt: skip

PAST_INSPECTIONS = ImportKind(
    code="past_inspections",
    title=_("Past inspections"),
    lead=_("One row for each inspection that was made and recorded elsewhere, with its verdict."),
    permission="inspections.plan",
    fields=(
        ImportField(
            "inspected_on", _("Date of inspection"), Holds.DATE, is_required=True, is_identifying=True,
            names=("Date", "Inspection date", "Inspected on", "Insp date", "Audit date", "তারিখ", "পরিদর্শনের তারিখ"),
        ),
        ImportField(
            "stage", _("Stage"), is_required=True, is_identifying=True, length_max=120,
            names=("Stage code", "Inspection type", "Type of inspection", "Inspection stage", "Type", "ধাপ", "স্টেজ"),
        ),
        ImportField(
            "po_number", _("PO number"), is_required=True, is_identifying=True, length_max=40,
            names=("PO", "PO no", "P.O. No.", "PO #", "Purchase order", "Order", "Order no", "Order number", "Order #",
                   "পিও", "পিও নং", "পিও নম্বর", "অর্ডার", "অর্ডার নং", "অর্ডার নম্বর"),
        ),
        ImportField(
            "style", _("Style number"), is_identifying=True, length_max=40,
            names=("Style", "Style no", "Style code", "Style #", "Article", "Article no", "Art no", "Item no", "Model",
                   "স্টাইল", "স্টাইল নং", "স্টাইল নম্বর"),
        ),
        ImportField(
            "buyer", _("Buyer"), is_identifying=True, length_max=120,
            names=("Buyer code", "Buyer name", "Customer", "Client", "Brand", "বায়ার", "ক্রেতা"),
        ),
        ImportField(
            "line", _("Line"), is_identifying=True, length_max=120,
            names=("Line no", "Line number", "Sewing line", "Production line", "লাইন", "লাইন নং"),
        ),
        ImportField(
            "lot_size", _("Lot size"), Holds.WHOLE, is_required=True,
            names=("Lot", "Lot qty", "Lot quantity", "Offered", "Offered qty", "Qty offered", "Quantity", "Qty", "লট", "লটের পরিমাণ"),
        ),
        ImportField(
            "sample_size", _("Sample size"), Holds.WHOLE,
            names=("Sample", "Sample qty", "Inspected", "Inspected qty", "Qty inspected", "Checked", "Checked qty", "নমুনা", "স্যাম্পল"),
        ),
        ImportField(
            "critical", _("Critical defects"), Holds.WHOLE,
            names=("Critical", "Cr", "Critical found", "ক্রিটিক্যাল", "গুরুতর", "গুরুতর ত্রুটি"),
        ),
        ImportField(
            "major", _("Major defects"), Holds.WHOLE, names=("Major", "Maj", "Major found", "মেজর", "মেজর ত্রুটি"),
        ),
        ImportField(
            "minor", _("Minor defects"), Holds.WHOLE, names=("Minor", "Min", "Minor found", "মাইনর", "মাইনর ত্রুটি"),
        ),
        ImportField(
            "verdict", _("Verdict"), Holds.CHOICE, is_required=True, choices=VERDICT_WORDS,
            names=("Result", "Inspection result", "Final result", "Status", "Decision", "Pass/Fail", "Pass / Fail", "ফলাফল", "রায়", "সিদ্ধান্ত"),
        ),
        ImportField(
            "inspector", _("Inspector"), is_identifying=True, length_max=120,
            names=("Inspector name", "Inspected by", "Auditor", "QC", "QC name", "Checked by", "পরিদর্শক", "ইন্সপেক্টর"),
        ),
        ImportField(
            "remark", _("Remark"), length_max=1000, names=("Remarks", "Comment", "Comments", "Note", "Notes", "মন্তব্য"),
        ),
    ),
    existing=(("keep", _("Tell me: they are a problem")),),
    prepare=prepare_past_inspections,
)  # fmt: skip

declare_import(PAST_INSPECTIONS)

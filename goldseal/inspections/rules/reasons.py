"""The reasons of a verdict in Bangla: by their code, with the section's Bangla name."""

from collections.abc import Mapping

from goldseal.inspections.rules.verdict import Reason

_BANGLA: Mapping[str, str] = {
    "critical_rejected": "ক্রিটিক্যাল ত্রুটি অনুমোদিত সংখ্যার বেশি",
    "major_rejected": "মেজর ত্রুটি অনুমোদিত সংখ্যার বেশি",
    "minor_rejected": "মাইনর ত্রুটি অনুমোদিত সংখ্যার বেশি",
    "quantity_not_counted": "সব রং ও সাইজ গোনা হয়নি",
    "quantity_not_ordered": "অর্ডারে নেই এমন রং বা সাইজ গোনা হয়েছে",
    "quantity_outside_tolerance": "পরিমাণ সহনসীমার বাইরে, বায়ারকে জিজ্ঞেস করুন",
    "not_all_made": "সব পিস তৈরি হয়নি",
    "not_enough_packed": "যথেষ্ট পিস প্যাক হয়নি",
    "cartons_not_opened": "নির্বাচিত সব কার্টন খোলা হয়নি",
    "measurement_unfit": "কিছু মাপ মেজারমেন্ট চার্টের সাথে মেলে না",
    "nothing_measured": "এখনো কোনো পিস মাপা হয়নি",
    "points_out_of_tolerance": "অনুমোদিত হারের বেশি মাপ টলারেন্সের বাইরে",
    "pieces_out_of_tolerance": "অনুমোদিত সংখ্যার বেশি পিস টলারেন্সের বাইরে",
    "critical_point_out": "ক্রিটিক্যাল মাপ টলারেন্সের বাইরে",
    "check_fail": "একটি পরীক্ষায় ফেল",
    "check_hold": "একটি পরীক্ষা হোল্ড",
    "checks_unanswered": "কিছু পরীক্ষার উত্তর দেওয়া হয়নি",
    "section_unanswered": "এই অংশের সিদ্ধান্ত দেওয়া হয়নি",
    "section_cannot_be_na": "এই অংশ প্রযোজ্য নয় হতে পারে না",
    "section_concluded_fail": "পরিদর্শক এই অংশে ফেল দিয়েছেন",
    "section_concluded_hold": "পরিদর্শক এই অংশ হোল্ড রেখেছেন",
    "section_concluded_pending": "পরিদর্শক এই অংশ মুলতবি রেখেছেন",
    "conflict": "একই বিষয়ে ভিন্ন রেকর্ড আছে, একটি বেছে নিন",
    "events_missing": "কিছু রেকর্ড এখনো পৌঁছায়নি",
}


def reason_in_bangla(reason: Reason, titles: Mapping[str, tuple[str, str]]) -> str:
    """The reason in a few Bangla words, led by its section; empty for a code without words."""
    words = _BANGLA.get(reason.code, "")
    section = titles.get(reason.section, ("", ""))[1]
    return f"{section}: {words}" if words and section else words

"""The reasons of a verdict in Bangla: by their code, with the section's Bangla name."""

from collections.abc import Mapping

from goldseal.inspections.rules.findings import Reason

_BANGLA: Mapping[str, str] = {
    "carton_unknown": "এই লটে নেই এমন কার্টন লেখা হয়েছে",
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
    "second_sample_needed": "দ্বিতীয় স্যাম্পল নিতে হবে",
    "photos_missing": "কিছু ত্রুটির ছবি কম আছে",
    "measurements_missing": "সব মাপ এখনো নেওয়া হয়নি",
    "no_chart": "স্টাইলের মেজারমেন্ট চার্ট নেই",
    "gate_absent": "আগের ধাপের পরিদর্শন নেই",
    "gate_open": "আগের ধাপের পরিদর্শন শেষ হয়নি",
    "gate_failed": "আগের ধাপ ফেল করেছে",
    # Checklists
    "no_questions": "এই ধাপের চেকলিস্ট নেই",
    "item_unanswered": "একটি প্রশ্নের উত্তর দেওয়া হয়নি",
    "item_not_offered": "উত্তরটি তালিকায় নেই",
    "item_unreadable": "সংখ্যাটি পড়া যায় না",
    "item_photo_missing": "ছবি দিতে হবে",
    "item_fail": "চেকলিস্টের একটি প্রশ্নে ফেল",
    "item_hold": "চেকলিস্টের একটি প্রশ্ন হোল্ড",
    "auto_fail": "এই উত্তরে পুরো পরিদর্শন ফেল",
    # Audits
    "major_found": "গুরুতর অসঙ্গতি (মেজর) পাওয়া গেছে",
    "score_below": "স্কোর অনুমোদিত সীমার কম",
    "nothing_applicable": "কোনো প্রশ্নই প্রযোজ্য নয়, বিচার করার কিছু নেই",
    # Roving
    "no_round": "এখনো কোনো অপারেটর চেক করা হয়নি",
    "round_incomplete": "রাউন্ডে পিস কম চেক করা হয়েছে",
    "red_without_action": "লাল হয়েছে, কিন্তু ব্যবস্থা লেখা হয়নি",
    # Endline
    "nothing_checked": "এখনো কোনো পিস চেক করা হয়নি",
    "defects_without_pieces": "ত্রুটি লেখা আছে, কিন্তু পিস গোনা হয়নি",
    "rechecked_more_than_altered": "অল্টারের চেয়ে রিচেক বেশি, সংখ্যা ঠিক করুন",
    "alters_open": "অল্টারের কিছু পিস এখনো রিচেক হয়নি",
    "dhu_over_limit": "ডিএইচইউ অনুমোদিত সীমার বেশি",
    # Fabric, four-point
    "flaw_unfit": "কাপড়ের একটি ত্রুটির মাপ বা অবস্থান ঠিক নয়",
    "roll_not_recorded": "রোলের দৈর্ঘ্য ও প্রস্থ লেখা হয়নি",
    "roll_unfit": "রোলের দৈর্ঘ্য ও প্রস্থ শূন্যের বেশি হতে হবে",
    "too_many_rolls": "লটে যত রোল আছে তার চেয়ে বেশি লেখা হয়েছে",
    "too_few_rolls": "যথেষ্ট রোল পরিদর্শন করা হয়নি",
    "lot_over_limit": "লটের পয়েন্ট অনুমোদিত সীমার বেশি",
    "roll_over_limit": "রোলের পয়েন্ট অনুমোদিত সীমার বেশি, আলাদা রাখুন",
    "roll_too_narrow": "রোলের প্রস্থ কম, আলাদা রাখুন",
    "roll_too_light": "রোলের জিএসএম কম, আলাদা রাখুন",
    "roll_too_heavy": "রোলের জিএসএম বেশি, আলাদা রাখুন",
    "roll_shrinks": "রোলের শ্রিংকেজ বেশি, আলাদা রাখুন",
    # Metal detection
    "nothing_scanned": "এখনো কোনো পিস মেটাল ডিটেক্টরে যায়নি",
    "not_all_scanned": "সব পিস মেটাল ডিটেক্টরে যায়নি",
    "calibration_missing": "এক ঘণ্টার ক্যালিব্রেশন লেখা হয়নি",
    "card_too_large": "ক্যালিব্রেশনের কার্ড অনুমোদিত মাপের চেয়ে বড়",
    "calibration_failed": "ক্যালিব্রেশন ফেল, আগের ভালো ক্যালিব্রেশনের পরের সব পিস আবার চালান",
    "metal_unresolved": "ধাতু পাওয়া গেছে, সমাধান হয়নি",
    "needle_incomplete": "ভাঙা সুইয়ের সব টুকরা পাওয়া যায়নি",
    # Packing
    "no_cartons": "লটের কার্টন জানা নেই",
    "too_few_cartons": "যথেষ্ট কার্টন খোলা হয়নি",
    "ratio_not_counted": "কার্টনের রং ও সাইজ গোনা হয়নি",
    "ratio_wrong": "কার্টনের অ্যাসোর্ট ভুল",
    "barcode_not_scanned": "বারকোড স্ক্যান করা হয়নি",
    "barcode_mismatch": "বারকোড মিলে না",
    "carton_not_weighed": "কার্টন ওজন করা হয়নি",
    "carton_weight_out": "কার্টনের ওজন সহনসীমার বাইরে",
    "carton_mark_wrong": "কার্টন মার্ক ভুল",
    "carton_mark_unseen": "কার্টন মার্ক দেখা হয়নি",
    "carton_size_wrong": "কার্টনের মাপ ভুল",
    "carton_size_unseen": "কার্টনের মাপ দেখা হয়নি",
}

_SWITCHING: Mapping[str, str] = {
    "started": "নরমাল ইন্সপেকশন দিয়ে শুরু",
    "two_of_five_rejected": "শেষ পাঁচ লটের মধ্যে দুইটি গৃহীত হয়নি",
    "five_accepted": "টাইটেন্ড ইন্সপেকশনে পরপর পাঁচ লট গৃহীত",
    "score_reached": "সুইচিং স্কোর ৩০ হয়েছে, উৎপাদন স্থির, রিডিউসড অনুমোদিত",
    "rejected_on_reduced": "রিডিউসড ইন্সপেকশনে একটি লট গৃহীত হয়নি",
    "production_irregular": "উৎপাদন অনিয়মিত হয়েছে",
    "approval_withdrawn": "রিডিউসড ইন্সপেকশন আর অনুমোদিত নয়",
    "five_rejected": "টাইটেন্ড ইন্সপেকশনে পাঁচ লট গৃহীত হয়নি, ইন্সপেকশন বন্ধ",
    "reinstated": "সাপ্লায়ার উন্নতি করেছে, টাইটেন্ড ইন্সপেকশন আবার শুরু",
}


def reason_in_bangla(reason: Reason, titles: Mapping[str, tuple[str, str]]) -> str:
    """The reason in a few Bangla words, led by its section; empty for a code without words."""
    words = _BANGLA.get(reason.code, "")
    section = titles.get(reason.section, ("", ""))[1]
    return f"{section}: {words}" if words and section else words


def reason_on_paper(
    reason: Reason, titles: Mapping[str, tuple[str, str]], labels: Mapping[str, tuple[str, str]]
) -> tuple[str, str]:
    """The reason in English and in Bangla as a report says it: section first, checks by name and not by code.

    `titles` and `labels` give the English and the Bangla name of a section and of a check.
    """
    english, bangla = reason.message, _BANGLA.get(reason.code, "")
    _before, _colon, rest = english.partition(": ")
    if reason.code == "section_unanswered":
        english = "No verdict on this section yet"
    elif reason.code == "checks_unanswered":
        named = [labels.get(code, (code, code)) for code in rest.split(", ")]
        english = f"Not answered yet: {', '.join(one for one, _other in named)}"
        bangla = f"{bangla}: {', '.join(other for _one, other in named)}"
    elif reason.code in ("check_fail", "check_hold"):
        code = english.removeprefix("Check ").partition(" ")[0]
        one, other = labels.get(code, (code, code))
        note = f" – {rest}" if rest else ""
        english, bangla = f"{one}: {reason.verdict}{note}", f"{other}: {_VERDICTS[reason.verdict]}{note}"
    elif reason.code in ("item_fail", "item_hold", "auto_fail"):
        asked = next((other for one, other in labels.values() if english.startswith(f"{one}: ")), "")
        words = _VERDICTS[reason.verdict] if reason.code != "auto_fail" else bangla
        bangla = f"{asked}: {words}" if asked else bangla
    title = titles.get(reason.section)
    return (
        (f"{title[0]}: {english}", f"{title[1]}: {bangla}" if bangla else "") if title else (english, bangla)
    )


_VERDICTS = {"fail": "ফেল", "hold": "হোল্ড"}


def switching_in_bangla(code: str) -> str:
    """Why switching stands where it stands (`SwitchingState.reason`) in Bangla; empty for an unknown code."""
    return _SWITCHING.get(code, "")

"""What changed between two records, in words for the paper: English, Bangla or both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_CHANGES = 25
LONGEST = 4500  # of the 5000 characters a record has for it

_HEADER = {
    "inspected_on": ("Inspection date", "পরিদর্শনের তারিখ"),
    "started_at": ("Start", "শুরু"),
    "finished_at": ("End", "শেষ"),
    "location": ("Location", "স্থান"),
    "inspectors": ("Inspectors", "পরিদর্শক"),
    "buyer": ("Buyer", "বায়ার"),
    "brand": ("Brand", "ব্র্যান্ড"),
    "vendor": ("Vendor", "ভেন্ডর"),
    "factory": ("Factory", "কারখানা"),
    "subcontractor": ("Subcontractor", "সাব-কন্ট্রাক্টর"),
    "supplier": ("Supplier", "সাপ্লায়ার"),
    "line": ("Line", "লাইন"),
    "site": ("Site", "সাইট"),
    "about": ("What is audited", "যা অডিট করা হয়েছে"),
    "auditor": ("Auditor", "অডিটর"),
    "auditee": ("Answers for the place", "স্থানের পক্ষে দায়িত্বে"),
    "scope": ("Scope", "পরিধি"),
    "criteria": ("Criteria", "মানদণ্ড"),
    "planned_on": ("Planned for", "পরিকল্পিত তারিখ"),
    "day": ("Day", "দিন"),
    "purchase_orders": ("Purchase orders", "পিও"),
    "style": ("Style", "স্টাইল"),
    "sku": ("SKU", "এসকেইউ"),
    "description": ("Description", "বিবরণ"),
    "season": ("Season", "সিজন"),
    "colours": ("Colours", "রং"),
    "sizes": ("Sizes", "সাইজ"),
    "composition": ("Composition", "কম্পোজিশন"),
    "order_quantity": ("Order quantity", "অর্ডার পরিমাণ"),
    "ship_quantity": ("Ship quantity", "শিপ পরিমাণ"),
    "lot_quantity": ("Lot quantity", "লট পরিমাণ"),
    "produced_percent": ("Produced %", "উৎপাদিত %"),
    "packed_percent": ("Packed %", "প্যাক %"),
    "cartons_total": ("Cartons", "কার্টন"),
    "ex_factory_on": ("Ex-factory date", "এক্স-ফ্যাক্টরি তারিখ"),
    "etd_on": ("ETD", "ইটিডি"),
    "eta_on": ("ETA", "ইটিএ"),
    "port": ("Port", "বন্দর"),
    "destination": ("Destination", "গন্তব্য"),
    "approved_sample_seen": ("Approved sample seen", "অনুমোদিত স্যাম্পল দেখা"),
    "trim_card_seen": ("Trim card seen", "ট্রিম কার্ড দেখা"),
}
_VERDICT = {
    "pass": ("pass", "পাস"),
    "fail": ("fail", "ফেল"),
    "hold": ("hold", "হোল্ড"),
    "pending": ("pending", "অপেক্ষমাণ"),
    "na": ("not applicable", "প্রযোজ্য নয়"),
}
_SEVERITY = {
    "critical": ("Critical", "ক্রিটিক্যাল"),
    "major": ("Major", "মেজর"),
    "minor": ("Minor", "মাইনর"),
}
_LANGUAGE = {
    "en": ("English", "ইংরেজি"),
    "bn": ("Bangla", "বাংলা"),
    "both": ("English and Bangla", "ইংরেজি ও বাংলা"),
}
_PARTS = {
    "corrective_actions": ("Corrective actions", "সংশোধনমূলক ব্যবস্থা"),
    "signatures": ("Signatures", "স্বাক্ষর"),
    "measurement": ("Measurement", "মাপ"),
    "metrics": ("Figures", "হিসাব"),
    "remarks": ("Remarks", "মন্তব্য"),
    "workspace": ("Name or address of the factory", "কারখানার নাম বা ঠিকানা"),
    "plan": ("Sampling plan", "স্যাম্পলিং প্ল্যান"),
    "roving": ("Rounds on the line", "লাইনে রাউন্ড"),
    "endline": ("Hundred per cent check", "শতভাগ চেক"),
    "four_point": ("Fabric rolls", "ফেব্রিক রোল"),
    "metal": ("Metal detection", "মেটাল ডিটেকশন"),
    "packing": ("Cartons", "কার্টন"),
    "checklist": ("Answers of the checklist", "চেকলিস্টের উত্তর"),
    "hundred": ("Hundred per cent check by line", "লাইন অনুযায়ী শতভাগ চেক"),
    "rounds": ("Rounds by line", "লাইন অনুযায়ী রাউন্ড"),
    "not_arrived": ("Records not arrived", "না আসা রেকর্ড"),
    "audit": ("Answers and score of the audit", "অডিটের উত্তর ও স্কোর"),
    "case": ("Facts of the nonconformity", "অসঙ্গতির তথ্য"),
    "found": ("Defects found", "পাওয়া ত্রুটি"),
    "containment": ("Containment", "তাৎক্ষণিক ব্যবস্থা"),
    "causes": ("Causes", "কারণ"),
    "actions": ("Actions", "ব্যবস্থা"),
    "effect": ("Effect check", "কার্যকারিতা যাচাই"),
    "read_across": ("Carried over to other places", "অন্য জায়গায় প্রয়োগ"),
    "reinspections": ("Inspected again", "পুনঃপরিদর্শন"),
    "scar": ("Request to the supplier", "সরবরাহকারীর কাছে অনুরোধ"),
    "answers": ("Answers of the supplier", "সরবরাহকারীর উত্তর"),
}
_DERIVED = frozenset({"report", "pareto", "schema", "trail_anchor"})
_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


@dataclass(frozen=True, slots=True)
class Change:
    """One change in both languages."""

    en: str
    bn: str


def describe_changes(*, before: Mapping[str, Any], after: Mapping[str, Any], language: str) -> str:
    """What `after` says differently from `before`, as sentences in `language` (en, bn or both).

    The report's own heading and what follows from the rest (Pareto) are left out. At most 4500 characters.
    """
    changes = list_changes(before=before, after=after)
    if not changes:
        changes = [Change("The record is unchanged; issued anew.", "তথ্য একই আছে; নতুন করে ইস্যু করা হয়েছে।")]
    shown = changes[:MOST_CHANGES]
    left = len(changes) - len(shown)
    if left:
        shown.append(Change(f"And {left} more.", f"এবং আরও {_bn(left)}টি।"))
    english = " ".join(change.en for change in shown)
    bangla = " ".join(change.bn for change in shown)
    return _cut({"en": english, "bn": bangla}.get(language, f"{_cut(english, LONGEST // 2)} / {bangla}"))


def list_changes(*, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every change between two records, the verdict first."""
    changes = [
        *_verdict(before, after),
        *_language(before, after),
        *_counts(before, after),
        *_header(before, after),
        *_numbered("defects", ("Defects", "ত্রুটি"), "no", before, after),
        *_sections(before, after),
        *_numbered("photos", ("Photos", "ছবি"), "sha256", before, after),
    ]
    handled = _DERIVED | {"verdict", "counts", "header", "defects", "sections", "photos"}
    for key in sorted((before.keys() | after.keys()) - handled):
        if before.get(key) != after.get(key):
            english, bangla = _PARTS.get(key, (key.replace("_", " ").capitalize(), key))
            if isinstance(before.get(key, ""), str) and isinstance(after.get(key, ""), str):
                changes.append(_from_to((english, bangla), before.get(key), after.get(key)))
            else:
                changes.append(Change(f"{english}: changed.", f"{bangla}: বদলেছে।"))
    return changes


def _verdict(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = before.get("verdict", {}), after.get("verdict", {})
    if old.get("overall") != new.get("overall"):
        was, now = _word(_VERDICT, old.get("overall")), _word(_VERDICT, new.get("overall"))
        return [Change(f"Verdict: {was[0]} → {now[0]}.", f"ফলাফল: {was[1]} → {now[1]}।")]
    if old != new:
        return [Change("Reasons of the verdict: changed.", "ফলাফলের কারণ: বদলেছে।")]
    return []


def _language(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = (record.get("report", {}).get("language") for record in (before, after))
    if old == new:
        return []
    was, now = _word(_LANGUAGE, old), _word(_LANGUAGE, new)
    return [Change(f"Language: {was[0]} → {now[0]}.", f"ভাষা: {was[1]} → {now[1]}।")]


def _counts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = ({row["severity"]: row for row in record.get("counts", [])} for record in (before, after))
    changes = []
    for severity in ("critical", "major", "minor"):
        was, now = old.get(severity), new.get(severity)
        if was == now:
            continue
        words = _SEVERITY[severity]
        if was is None or now is None or was["counted"] == now["counted"]:
            changes.append(Change(f"{words[0]} count: changed.", f"{words[1]} গণনা: বদলেছে।"))
        else:
            changes.append(
                _from_to((f"{words[0]} counted", f"{words[1]} গণনা"), was["counted"], now["counted"])
            )
    return changes


def _header(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = before.get("header", {}), after.get("header", {})
    keys = [*_HEADER, *sorted((old.keys() | new.keys()) - _HEADER.keys())]
    return [
        _from_to(_HEADER.get(key, (key.replace("_", " ").capitalize(), key)), old.get(key), new.get(key))
        for key in keys
        if old.get(key) != new.get(key)
    ]


def _numbered(
    part: str, words: tuple[str, str], key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Change]:
    """Rows with a key of their own: how many came, went and were changed."""
    old, new = ({row[key]: row for row in record.get(part, [])} for record in (before, after))
    added, gone = len(new.keys() - old.keys()), len(old.keys() - new.keys())
    edited = sum(1 for name in old.keys() & new.keys() if old[name] != new[name])
    english = [
        f"{count} {verb}"
        for count, verb in ((added, "added"), (gone, "removed"), (edited, "changed"))
        if count
    ]
    bangla = [
        f"{_bn(count)}টি {verb}"
        for count, verb in ((added, "যোগ হয়েছে"), (gone, "বাদ গেছে"), (edited, "বদলেছে"))
        if count
    ]
    return (
        [Change(f"{words[0]}: {', '.join(english)}.", f"{words[1]}: {', '.join(bangla)}।")] if english else []
    )


def _sections(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = ({row["key"]: row for row in record.get("sections", [])} for record in (before, after))
    changes = []
    for key in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        shown = now or was or {}
        english, bangla = shown["title_en"], shown.get("title_bn") or shown["title_en"]
        if was is None:
            changes.append(Change(f"{english}: added.", f"{bangla}: যোগ হয়েছে।"))
        elif now is None:
            changes.append(Change(f"{english}: removed.", f"{bangla}: বাদ গেছে।"))
        elif was.get("verdict") != now.get("verdict"):
            first, last = _word(_VERDICT, was.get("verdict")), _word(_VERDICT, now.get("verdict"))
            changes.append(
                Change(f"{english}: {first[0]} → {last[0]}.", f"{bangla}: {first[1]} → {last[1]}।")
            )
        else:
            changes.append(
                Change(f"{english}: answers or remarks changed.", f"{bangla}: উত্তর বা মন্তব্য বদলেছে।")
            )
    return changes


def _from_to(words: tuple[str, str], old: Any, new: Any) -> Change:
    return Change(
        f"{words[0]}: {_shown(old)} → {_shown(new)}.", f"{words[1]}: {_shown(old)} → {_shown(new)}।"
    )


def _shown(value: Any) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, Mapping):
        return _shown(value.get("text") or ", ".join(str(part) for part in value.values()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _cut(", ".join(str(part) for part in value), 80)
    return _cut(str(value), 80)


def _word(words: Mapping[str, tuple[str, str]], code: Any) -> tuple[str, str]:
    return words.get(str(code), (str(code), str(code)))


def _bn(number: int) -> str:
    return str(number).translate(_DIGITS)


def _cut(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"

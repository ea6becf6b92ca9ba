"""What was found, as an inspection's record says it: defects, their Pareto chart and the photos."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from goldseal.catalog.models import Defect
from goldseal.inspections.models import Evidence
from goldseal.inspections.rules.metrics import pareto, rounded
from goldseal.inspections.rules.state import State
from goldseal.kit.wording import BANGLA_DIGITS

Names = Mapping[str, tuple[str, str]]
# What each method records with photos, and the section that a photo belongs to.
_OF_METHODS = {
    "operator_checked": "roving",
    "roll_inspected": "four_point",
    "flaw_recorded": "four_point",
    "metal_found": "metal",
    "needle_broken": "metal",
    "carton_checked": "packing",
}
_LENGTH_UNITS = {"yd": ("yd", "গজ"), "m": ("m", "মিটার")}


def names_of_defects(state: State) -> dict[str, tuple[str, str]]:
    """English and Bangla names of the defects and flaws on record, by code."""
    codes = {body["code"] for kind in ("defect_recorded", "flaw_recorded") for body in state.values(kind)}
    for kind in ("operator_checked", "pieces_tallied"):
        codes |= {defect["code"] for body in state.values(kind) for defect in body.get("defects", ())}
    return names_of_codes(codes)


def names_of_codes(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """English and Bangla names of these codes, as far as the library has them."""
    codes = set(codes)
    known = Defect.objects.filter(code__in=codes).values_list("code", "name_en", "name_bn")
    return {code: (english or bangla or code, bangla) for code, english, bangla in known}


def defects_of(state: State, names: Names, evidence: Mapping[str, Evidence]) -> list[dict[str, Any]]:
    """The defects in the order in which they were recorded, numbered from 1."""
    rows = []
    for number, body in enumerate(state.values("defect_recorded"), start=1):
        english, bangla = names.get(body["code"], (body["code"], ""))
        optional = {
            name: body[name] for name in ("zone", "colour", "size", "carton", "note") if body.get(name)
        }
        rows.append(
            {
                "no": number,
                "code": body["code"],
                "name_en": english,
                "name_bn": bangla,
                "severity": body["severity"],
                "pieces": body["pieces"],
                "photos": stored_photos(body, evidence),
                **optional,
            }
        )
    return rows


def pareto_of(defects: list[dict[str, Any]], names: Names) -> list[dict[str, Any]]:
    """Pieces by code, largest first, with shares in per cent."""
    counts: defaultdict[str, int] = defaultdict(int)
    for defect in defects:
        counts[defect["code"]] += defect["pieces"]
    return [
        {
            "code": row.key,
            "name_en": names.get(row.key, (row.key, ""))[0],
            "name_bn": names.get(row.key, ("", ""))[1],
            "count": row.count,
            "share": float(rounded(row.share_pct, places=1)),
            "cumulative": float(rounded(row.cumulative_pct, places=1)),
            "vital": row.is_vital,
        }
        for row in pareto(counts)
    ]


def photos_of(
    state: State,
    evidence: Mapping[str, Evidence],
    names: Names,
    items: Mapping[str, Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Every photo once: those attached to a section, then those that only a finding names."""
    shown: dict[str, dict[str, Any]] = {}
    for body in state.values("photo_attached"):
        row = evidence.get(body["sha256"])
        if row is None or row.attachment.sha256 in shown:
            continue
        shown[row.attachment.sha256] = {
            "sha256": row.attachment.sha256,
            "caption_en": body.get("caption_en", ""),
            "caption_bn": body.get("caption_bn", ""),
            "section": body["section"],
            "width": row.attachment.width or 0,
            "height": row.attachment.height or 0,
        }
    for digest, section, english, bangla in _photos_of_findings(state, names, items):
        row = evidence.get(digest)
        if row is not None:
            shown.setdefault(
                row.attachment.sha256,
                {
                    "sha256": row.attachment.sha256,
                    "caption_en": english[:500],
                    "caption_bn": bangla[:500],
                    "section": section,
                    "width": row.attachment.width or 0,
                    "height": row.attachment.height or 0,
                },
            )
    return list(shown.values())


def _photos_of_findings(
    state: State, names: Names, items: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, str, str, str]]:
    """Photos that only a finding or an answer names: digest, section, captions. `items`: questions by key."""
    for body in state.values("defect_recorded"):
        english, bangla = names.get(body["code"], (body["code"], ""))
        note = f": {body['note']}" if body.get("note") else ""
        for digest in body["photos"]:
            yield (
                digest,
                "workmanship",
                f"{body['code']} {english}{note}",
                f"{body['code']} {bangla}" if bangla else "",
            )
    for body in state.values("check_answered"):
        for digest in body["photos"]:
            yield digest, body["section"], body.get("note", ""), ""
    for body in state.values("item_answered"):
        item = items.get(str(body["item"]), {})
        for digest in body.get("photos", ()):
            yield digest, item.get("section", "special"), item.get("label_en", ""), item.get("label_bn") or ""
    units = {body["roll"]: body["length_unit"] for body in state.values("roll_inspected")}
    for kind, section in _OF_METHODS.items():
        for body in state.values(kind):
            for digest in body.get("photos", ()):
                yield digest, section, *_caption(kind, body, names, units)


def _caption(kind: str, body: Mapping[str, Any], names: Names, units: Mapping[str, str]) -> tuple[str, str]:
    """What a photo of a method's record shows, in English and Bangla. `units`: of each roll's length."""
    note = f": {body['note']}" if body.get("note") else ""
    if kind == "operator_checked":
        place = f"{body['operator']}, {body['operation']}"
        return f"Round {body['round']}, {place}{note}", f"রাউন্ড {_bangla(body['round'])}, {place}{note}"
    if kind == "flaw_recorded":
        english, bangla = names.get(body["code"], (body["code"], ""))
        unit, place = _LENGTH_UNITS.get(units.get(body["roll"], ""), ("", "")), body["at"]
        return (
            f"Roll {body['roll']}, {f'{place} {unit[0]}'.strip()}: {body['code']} {english}{note}",
            f"রোল {body['roll']}, {f'{_bangla(place)} {unit[1]}'.strip()}: {body['code']} {bangla}{note}",
        )
    if kind == "roll_inspected":
        return f"Roll {body['roll']}{note}", f"রোল {body['roll']}{note}"
    if kind == "metal_found":
        return f"Metal found: {body['what']}{note}", f"ধাতু পাওয়া গেছে: {body['what']}{note}"
    if kind == "needle_broken":
        return f"Broken needle {body['needle']}{note}", f"ভাঙা সুই {body['needle']}{note}"
    return f"Carton {body['carton']}{note}", f"কার্টন {_bangla(body['carton'])}{note}"


def _bangla(number: object) -> str:
    return str(number).translate(BANGLA_DIGITS)


def stored_photos(body: Mapping[str, Any], evidence: Mapping[str, Evidence]) -> list[str]:
    """The photos that a record names, by the digests under which they are stored; each once."""
    named = (evidence[digest].attachment.sha256 for digest in body.get("photos", ()) if digest in evidence)
    return list(dict.fromkeys(named))

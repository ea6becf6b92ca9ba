"""What was found, as an inspection's record says it: defects, their Pareto chart and the photos."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from goldseal.catalog.models import Defect
from goldseal.inspections.models import Evidence
from goldseal.inspections.rules.metrics import pareto, rounded
from goldseal.inspections.rules.state import State


def names_of_defects(state: State) -> dict[str, tuple[str, str]]:
    """English and Bangla names of the defects on record, by code."""
    codes = {body["code"] for body in state.values("defect_recorded")}
    known = Defect.objects.filter(code__in=codes).values_list("code", "name_en", "name_bn")
    return {code: (english or bangla or code, bangla) for code, english, bangla in known}


def defects_of(
    state: State, names: Mapping[str, tuple[str, str]], evidence: Mapping[str, Evidence]
) -> list[dict[str, Any]]:
    """The defects in the order in which they were recorded, numbered from 1."""
    rows = []
    for number, body in enumerate(state.values("defect_recorded"), start=1):
        english, bangla = names.get(body["code"], (body["code"], ""))
        optional = {
            name: body[name] for name in ("zone", "colour", "size", "carton", "note") if body.get(name)
        }
        photos = [_stored(digest, evidence) for digest in body["photos"] if digest in evidence]
        rows.append(
            {
                "no": number,
                "code": body["code"],
                "name_en": english,
                "name_bn": bangla,
                "severity": body["severity"],
                "pieces": body["pieces"],
                "photos": photos,
                **optional,
            }
        )
    return rows


def pareto_of(defects: list[dict[str, Any]], names: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
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
    state: State, evidence: Mapping[str, Evidence], names: Mapping[str, tuple[str, str]]
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
    for digest, section, english, bangla in _photos_of_findings(state, names):
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
    state: State, names: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """Photos that only a defect or an answered check names: digest, section, captions."""
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


def _stored(digest: str, evidence: Mapping[str, Evidence]) -> str:
    return evidence[digest].attachment.sha256 if digest in evidence else digest

"""What the pages of inspections show of a state and a decision, in the words of the page's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goldseal.catalog.choices import in_language
from goldseal.catalog.models import Defect, Method
from goldseal.inspections import page_selectors
from goldseal.inspections.models import Audit, Inspection
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.inspections.rules.checklist import SECTION_TITLES
from goldseal.inspections.rules.findings import Reason
from goldseal.inspections.rules.measurement import (
    Evaluation,
    format_measure,
    parse_measure,
)
from goldseal.inspections.rules.reasons import reason_in_bangla
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision, SeverityCount, measured_pieces
from goldseal.inspections.snapshots import chart_of
from goldseal.kit.activity import sentence_for
from goldseal.kit.actors import Actor
from goldseal.kit.wording import VERDICTS, in_digits_of_page
from goldseal.kit.words import Words
from goldseal.trail.selectors import entries_about
from goldseal.workspaces.selectors import workspace_of

CARTONS = "cartons"
HISTORY_SHOWN = 25
TONES = {
    "ok": gettext_lazy("in tolerance"),
    "below": gettext_lazy("too small"),
    "above": gettext_lazy("too large"),
}
KINDS: Mapping[str, Words] = {
    "inspection_started": gettext_lazy("Start"),
    "quantity_counted": gettext_lazy("Quantity"),
    "cartons_opened": gettext_lazy("Cartons opened"),
    "check_answered": gettext_lazy("Check"),
    "defect_recorded": gettext_lazy("Defect"),
    "piece_measured": gettext_lazy("Measurement"),
    "photo_attached": gettext_lazy("Photo"),
    "remark_written": gettext_lazy("Remark"),
    "item_answered": gettext_lazy("Answer"),
    "operator_checked": gettext_lazy("Round"),
    "pieces_tallied": gettext_lazy("Tap"),
    "roll_inspected": gettext_lazy("Roll"),
    "flaw_recorded": gettext_lazy("Flaw"),
    "calibration_recorded": gettext_lazy("Calibration"),
    "pieces_scanned": gettext_lazy("Pieces scanned"),
    "metal_found": gettext_lazy("Metal found"),
    "needle_broken": gettext_lazy("Broken needle"),
    "lot_rerun": gettext_lazy("Run again"),
    "carton_checked": gettext_lazy("Carton"),
    "readiness_confirmed": gettext_lazy("Readiness"),
    "section_concluded": gettext_lazy("Section's verdict"),
}


FIGURES: Mapping[str, Words] = {
    "answered": gettext_lazy("Answered"),
    "asked": gettext_lazy("Questions"),
    "pieces": gettext_lazy("Pieces"),
    "defects": gettext_lazy("Defects"),
    "red": gettext_lazy("Red"),
    "yellow": gettext_lazy("Yellow"),
    "blue": gettext_lazy("Blue"),
    "green": gettext_lazy("Green"),
    "checked": gettext_lazy("Checked"),
    "passed": gettext_lazy("Passed"),
    "altered": gettext_lazy("Alters"),
    "rejected": gettext_lazy("Rejected"),
    "open_alters": gettext_lazy("Alters open"),
    "dhu": gettext_lazy("DHU"),
    "rft": gettext_lazy("RFT %"),
    "rolls": gettext_lazy("Rolls"),
    "points": gettext_lazy("Points"),
    "per_100_yd2": gettext_lazy("Points per 100 yd²"),
    "accepted": gettext_lazy("Rolls accepted"),
    "shades": gettext_lazy("Shade groups"),
    "points_out": gettext_lazy("Points out"),
    "scanned": gettext_lazy("Pieces scanned"),
    "lot": gettext_lazy("Lot"),
    "calibrations": gettext_lazy("Calibrations"),
    "failures": gettext_lazy("Failed calibrations"),
    "needles": gettext_lazy("Broken needles"),
    "to_rerun": gettext_lazy("Pieces to run again"),
    "opened": gettext_lazy("Cartons opened"),
    "needed": gettext_lazy("Cartons to open"),
    "cartons": gettext_lazy("Cartons"),
}
# The few figures that stay in sight while one records.
LIVE_FIGURES = (
    "answered", "asked", "red", "yellow", "green", "checked", "dhu", "open_alters", "rolls", "per_100_yd2",
    "points_out", "scanned", "lot", "opened", "needed",
)  # fmt: skip


def figures_of(decision: Decision, *, only: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What a method counted, with names; `only` some of them."""
    return [
        {"name": name, "label": FIGURES[name], "value": in_digits_of_page(str(value))}
        for name, value in decision.figures.items()
        if value is not None and name in FIGURES and (not only or name in only)
    ]


def pace_of(inspection: Inspection, state: State) -> dict[str, Any] | None:
    """From the first to the last entry on the devices' clocks, and the seconds that makes for each piece."""
    times = [
        datetime.fromisoformat(event.at)
        for entries in state.entries.values()
        for entry in entries.values()
        for event in entry.heads
        if event.kind != "signed"
    ]
    if len(times) < 2:
        return None
    seconds = round((max(times) - min(times)).total_seconds())
    pieces = inspection.sample_size or sum(
        int(body.get("pieces") or 0) for body in state.values("operator_checked")
    )
    return {
        "minutes": max(1, round(seconds / 60)),
        "per_piece": round(seconds / pieces) if pieces else None,
        "pieces": pieces,
    }


def place(request: HttpRequest, path: str = "") -> str:
    """An address of inspections in this workspace."""
    return f"{workspace_of(request).get_absolute_url()}inspections/{path}"


def title_of(section: str) -> str:
    """A section's title in the page's language."""
    return in_language(*SECTION_TITLES[section]) if section in SECTION_TITLES else _("Cartons to open")


def section_of(reason: Reason) -> str:
    """Where a reason can be mended: its section, or the cartons."""
    return CARTONS if reason.code == "cartons_not_opened" else reason.section


def reason_words(reason: Reason, labels: Mapping[str, str]) -> str:
    """The reason in the page's language, checks by the names people know (`check_labels`)."""
    if reason.code == "section_unanswered":
        return _("No verdict on this section yet.")
    _before, _colon, rest = reason.message.partition(": ")
    if reason.code == "checks_unanswered":
        named = ", ".join(labels.get(code, code) for code in rest.split(", "))
        return _("Not answered yet: %(checks)s") % {"checks": named}
    if reason.code in ("check_fail", "check_hold"):
        code = reason.message.removeprefix("Check ").partition(" ")[0]
        word = VERDICTS[reason.verdict][0]
        return f"{labels.get(code, code)}: {word}{f' – {rest}' if rest else ''}"
    return in_language(reason.message, reason_in_bangla(reason, {}))


def check_labels(inspection: Inspection) -> dict[str, str]:
    """The names of the inspection's checks in the page's language."""
    return {
        check["check"]: in_language(check["label_en"], check.get("label_bn") or "")
        for checks in inspection.checklist.values()
        for check in checks
        if "check" in check
    }


def reasons_of(decision: Decision, inspection: Inspection, base: str) -> list[dict[str, Any]]:
    """All reasons, gravest first, with where to mend them."""
    labels = check_labels(inspection)
    is_sampled = inspection.method == Method.AQL
    return [
        {
            "verdict": reason.verdict,
            "words": reason_words(reason, labels),
            "title": title_of(section_of(reason)) if reason.section else "",
            "url": f"{base}{inspection.pk}/record/{section_of(reason) if is_sampled else inspection.method}/"
            if reason.section
            else "",
        }
        for reason in decision.reasons
    ]


def bars_of(decision: Decision) -> list[dict[str, Any]]:
    """The count of each severity against its plan, for bars that speak in words too."""
    return [_bar(count) for count in decision.counts if count.accept is not None]


def _bar(count: SeverityCount) -> dict[str, Any]:
    left = count.left or 0
    if count.is_rejected:
        tone, words = "fail", _("rejected")
    elif left == 0 and count.found:
        tone, words = "hold", _("none left")
    else:
        tone, words = "pass", _("within")
    return {
        "severity": count.severity,
        "found": count.found,
        "accept": count.accept,
        "reject": count.reject,
        "shown": min(count.found, count.reject or 0),
        "tone": tone,
        "words": words,
    }


def tabs_of(inspection: Inspection, decision: Decision, current: str, base: str) -> list[dict[str, Any]]:
    """The sections as tabs with the verdict of each; cartons first where some were drawn."""
    verdicts = {section.section: section.verdict for section in decision.sections}
    open_cartons = any(reason.code == "cartons_not_opened" for reason in decision.reasons)
    asked = inspection.rules.get("required_sections")
    sections = [name for name in SECTIONS if asked is None or name in asked or name == "remarks"]
    keys = [*([CARTONS] if inspection.drawn else []), *sections]
    return [
        {
            "key": key,
            "title": title_of(key),
            "verdict": verdicts.get(key, "pending" if open_cartons else "pass"),
            "url": f"{base}{inspection.pk}/record/{key}/",
            "is_current": key == current,
        }
        for key in keys
    ]


@dataclass(frozen=True, slots=True)
class ShownDefect:
    """One defect on record."""

    key: str
    heads: str
    body: Mapping[str, Any]
    name: str
    photos: list[UUID]
    is_conflict: bool


def defects_of(
    state: State, photos: Mapping[str, UUID], library: Mapping[str, Defect] | None = None
) -> list[ShownDefect]:
    """Every defect on record, the latest first, with its name and photos.

    `library` saves the query for names where the page has the library anyway.
    """
    entries = state.of_kind("defect_recorded")
    codes = {str(entry.candidates[0]["code"]) for entry in entries}
    names = dict(library or {})
    if codes - names.keys():
        names |= page_selectors.defect_names(codes - names.keys())
    shown = []
    for entry in reversed(entries):
        body = entry.candidates[0]
        defect = names.get(body["code"])
        shown.append(
            ShownDefect(
                key=str(entry.key[0]),
                heads=" ".join(entry.head_ids),
                body=body,
                name=defect.name if defect else body["code"],
                photos=[photos[digest] for digest in body.get("photos", ()) if digest in photos],
                is_conflict=entry.is_conflict,
            )
        )
    return shown


def photos_of(state: State, photos: Mapping[str, UUID], section: str = "") -> list[dict[str, Any]]:
    """The photos of one section or of all, with captions."""
    return [
        {
            "id": photos[body["sha256"]],
            "caption": in_language(body.get("caption_en", ""), body.get("caption_bn", "")),
            "section": title_of(body["section"]),
            "heads": " ".join(entry.head_ids),
        }
        for entry in state.of_kind("photo_attached")
        for body in [entry.candidates[0]]
        if body["sha256"] in photos and (not section or body["section"] == section)
    ]


def signed(deviation: Any, unit: str) -> str:
    """A deviation with its sign."""
    if not deviation:
        return "0"
    return f"{'+' if deviation > 0 else '−'}{format_measure(abs(deviation), unit=unit)}"


def outcome(found: Evaluation, unit: str) -> dict[str, Any]:
    """A measured value: as measured, its signed deviation, and whether it is out in words."""
    return {
        "measured": format_measure(found.measured, unit=unit),
        "deviation": signed(found.deviation, unit),
        "result": found.result,
        "words": TONES[found.result],
    }


def measured_of(inspection: Inspection, state: State) -> dict[str, Any]:
    """The measurement table: points down, measured pieces across."""
    pieces, unfit = measured_pieces(state=state, points=chart_of(inspection))
    heads = [
        {"no": p.piece_no, "size": p.size, "out": len(p.out_codes), "points": len(p.evaluations)}
        for p in pieces
    ]
    rows = []
    for point in inspection.points:
        cells = []
        for piece in pieces:
            found = piece.evaluations.get(point["code"])
            spec = point["spec"].get(piece.size, "")
            cells.append({"spec": spec, **outcome(found, point["unit"])} if found else None)
        rows.append(
            {
                "code": point["code"],
                "name": in_language(point["name_en"], point.get("name_bn") or ""),
                "unit": point["unit"],
                "tol": tolerance(point),
                "critical": bool(point.get("critical")),
                "cells": cells,
            }
        )
    return {"heads": heads, "rows": rows, "unfit": unfit}


def tolerance(point: Mapping[str, Any]) -> str:
    """Both tolerances, as a measurement chart prints them."""
    plus, minus = (abs(parse_measure(point[name])) for name in ("tol_plus", "tol_minus"))
    unit = point["unit"]
    if plus == minus:
        return f"±{format_measure(plus, unit=unit)}"
    return f"+{format_measure(plus, unit=unit)} −{format_measure(minus, unit=unit)}"


def history_of(
    actor: Actor, row: Inspection | Audit, *, but: frozenset[str] = frozenset()
) -> list[dict[str, Any]] | None:
    """What happened to the inspection or audit, newest first; None for those who may not read the activity log.

    `but`: events left out, because the page shows them elsewhere.
    """
    if not actor.may("activity.view") or actor.workspace_id is None:
        return None
    shown = []
    for entry in entries_about(actor.workspace_id, row.pk).exclude(event__in=but)[:HISTORY_SHOWN]:
        payload = getattr(entry, "payload", None)
        shown.append(
            {
                "at": entry.at,
                "who": (payload.actor_name if payload else "") or _("Erased person"),
                "what": sentence_for(entry.event, payload.data if payload else {}),
            }
        )
    return shown

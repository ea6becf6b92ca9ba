"""What each recording page adds of its own: the quantity grid, cartons, checks, defects, measurements, photos."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from goldseal.catalog.choices import DefectFamily, in_language
from goldseal.inspections import page_selectors
from goldseal.inspections.deciding import readiness_of
from goldseal.inspections.forms_record import Sent
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.bodies import SEVERITIES
from goldseal.inspections.rules.fields import ZONES
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision, measured_pieces
from goldseal.inspections.snapshots import chart_of
from goldseal.inspections.views_sheet import held_in, sheet
from goldseal.inspections.views_shown import CARTONS, defects_of, photos_of
from goldseal.kit.wording import SEVERITIES as SEVERITY_WORDS
from goldseal.kit.wording import number_in_words_of_page

PIECE_MAX = 10_000


def section_context(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, section: str, sent: Sent
) -> dict[str, Any]:
    """The section's own part of its page."""
    photos = page_selectors.photo_ids(inspection)
    context: dict[str, Any] = {
        "section_photos": photos_of(state, photos, section),
        "photo": sent.entry("p", "photo_attached", {"caption_en": "", "caption_bn": ""}),
        "checks": _checks(inspection, state, section, sent, photos),
    }
    if section == "quantity":
        context |= _quantity(inspection, state, sent)
    elif section == CARTONS:
        context |= _cartons(inspection, state, sent)
    elif section == "workmanship":
        context |= _workmanship(request, inspection, state, sent, photos)
    elif section == "measurement":
        context |= _measurement(request, inspection, state, decision, sent)
    return context


def _checks(
    inspection: Inspection, state: State, section: str, sent: Sent, photos: Mapping[str, Any]
) -> list[dict[str, Any]]:
    rows = []
    for check in inspection.checklist.get(section, []):
        code = check["check"]
        held = state.value("check_answered", section, code) or {}
        heads = state.heads("check_answered", section, code)
        values = {
            "answer": held.get("answer", ""),
            "value": held.get("value", ""),
            "note": held.get("note", ""),
        }
        rows.append(
            {
                "entry": sent.entry(f"c_{code}"[:60], "check_answered", values, heads),
                "check": code,
                "label": in_language(check["label_en"], check.get("label_bn") or ""),
                "answer": held.get("answer", ""),
                "digests": held.get("photos", []),
                "photos": [photos[digest] for digest in held.get("photos", ()) if digest in photos],
            }
        )
    return rows


def _quantity(inspection: Inspection, state: State, sent: Sent) -> dict[str, Any]:
    rows = []
    for place, line in enumerate(inspection.ordered):
        colour, size, ordered = line["colour"], line["size"], line["quantity"]
        held = state.value("quantity_counted", colour, size)
        values = {name: (held.get(name, "") if held else ordered) for name in ("made", "packed", "offered")}
        entry = sent.entry(
            f"q{place}", "quantity_counted", values, state.heads("quantity_counted", colour, size)
        )
        rows.append({"colour": colour, "size": size, "ordered": ordered, "entry": entry})
    started = state.value("inspection_started") or {}
    return {
        "quantities": rows,
        "is_counted": all(row["entry"].is_recorded for row in rows),
        "start": sent.entry(
            "s",
            "inspection_started",
            {"place": started.get("place", ""), "note": started.get("note", "")},
            state.heads("inspection_started"),
        ),
    }


def _cartons(inspection: Inspection, state: State, sent: Sent) -> dict[str, Any]:
    ready = readiness_of(inspection, state)
    if not ready.is_ready:
        said = {"made": ready.made if ready.made is not None else "", "packed": ready.packed or ""}
        return {
            "ready": ready,
            "made_pct_min": inspection.rules["made_pct_min"],
            "packed_pct_min": inspection.rules["packed_pct_min"],
            "ready_entry": sent.entry("rd", "readiness_confirmed", said, state.heads("readiness_confirmed")),
        }
    heads = [head for entry in state.of_kind("cartons_opened") for head in entry.head_ids]
    entry = sent.entry("k", "cartons_opened", {"cartons": [str(n) for n in state.cartons_opened]}, heads)
    contents = {number: row for row in inspection.cartons for number in range(row["first"], row["last"] + 1)}
    return {
        "ready": ready,
        "cartons": entry,
        "drawn": [
            {
                "carton": str(drawn["carton"]),
                "pieces": drawn["pieces"],
                "holds": contents.get(drawn["carton"], {}).get("pieces"),
                "about": " ".join(
                    str(contents.get(drawn["carton"], {}).get(name) or "") for name in ("colour", "size")
                ).strip(),
            }
            for drawn in inspection.drawn
        ],
        "taken": sum(len(drawn["pieces"]) for drawn in inspection.drawn),
    }


def _workmanship(
    request: HttpRequest, inspection: Inspection, state: State, sent: Sent, photos: Mapping[str, Any]
) -> dict[str, Any]:
    library = page_selectors.defects_with_severities(inspection.buyer, inspection.style)
    frequent = page_selectors.frequent_codes(inspection.style_id)
    buttons = {
        defect.code: {
            "code": defect.code,
            "name": defect.name,
            "words": f"{defect.code} {defect.name_en} {defect.name_bn}".casefold(),
            "severity": table[""],
            "severities": ",".join(table[zone] for zone in ("", *ZONES)),
            "family": defect.family,
        }
        for defect, table in library
    }
    recorded = defects_of(state, photos, {defect.code: defect for defect, _table in library})
    changing = next((row for row in recorded if row.key == request.GET.get("change", "")), None)
    names = ("code", "severity", "zone", "colour", "size", "carton", "pieces", "piece_no", "note", "photos")
    held = dict(changing.body) if changing else {"pieces": 1}
    entry = sent.entry(
        "d",
        "defect_recorded",
        {name: held.get(name, [] if name == "photos" else "") for name in names},
        changing.heads.split() if changing else (),
    )
    families = [
        {
            "title": str(label),
            "code": code,
            "buttons": [button for button in buttons.values() if button["family"] == code],
        }
        for code, label in DefectFamily.choices
    ]
    last = recorded[0].body if recorded and not changing else {}
    return {
        "defect": entry,
        "changing": changing,
        "frequent": [buttons[code] for code in frequent if code in buttons],
        "families": [family for family in families if family["buttons"]],
        "recorded": recorded,
        "severities": [(code, SEVERITY_WORDS[code]) for code in SEVERITIES],
        "zones": ZONES,
        "colours": list(dict.fromkeys(line["colour"] for line in inspection.ordered)),
        "sizes": list(dict.fromkeys(line["size"] for line in inspection.ordered)),
        "drawn_cartons": [drawn["carton"] for drawn in inspection.drawn] if inspection.ready_at else [],
        "sticky": {name: last.get(name, "") for name in ("zone", "colour", "size")},
    }


def _measurement(
    request: HttpRequest, inspection: Inspection, state: State, decision: Decision, sent: Sent
) -> dict[str, Any]:
    chart = chart_of(inspection)
    pieces, unfit = measured_pieces(state=state, points=chart)
    numbers = [piece.piece_no for piece in pieces]
    following = max(numbers, default=0) + 1
    asked = request.GET.get("piece", "")
    piece_no = int(asked) if asked.isdecimal() and 1 <= int(asked[:6]) <= PIECE_MAX else following
    sizes = [size for size in dict.fromkeys(line["size"] for line in inspection.ordered) if size in chart]
    sizes += [size for size in chart if size not in sizes]
    held = held_in(state)
    bodies = [kept.candidates[0] for key, kept in held.items() if key[0] == piece_no]
    size = next((body["size"] for body in bodies), request.GET.get("size", ""))
    size = size if size in chart else (sizes[0] if sizes else "")
    colour = next((body.get("colour", "") for body in bodies), request.GET.get("colour", "")[:60])
    measuring = sheet(
        inspection=inspection, chart=chart, held=held, sent=sent, size=size, numbers=[piece_no], wanted=(1, 1)
    )
    return {
        "sheet": measuring,
        "piece_no": piece_no,
        "following": following,
        "size": size,
        "sizes": sizes,
        "colour": colour,
        "colours": list(dict.fromkeys(line["colour"] for line in inspection.ordered)),
        "pieces": [
            {
                "no": piece.piece_no,
                "size": piece.size,
                "points": len(piece.evaluations),
                "out": len(piece.out_codes),
                "is_current": piece.piece_no == piece_no,
            }
            for piece in pieces
        ],
        "unfit": unfit,
        "measured_summary": _("%(out)s of %(all)s points out of tolerance")
        % {
            "out": number_in_words_of_page(decision.measurement.points_out),
            "all": number_in_words_of_page(decision.measurement.points_measured),
        },
    }

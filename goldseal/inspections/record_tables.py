"""What was checked, as an inspection's record says it: sections with answers, quantities, measurements."""

from fractions import Fraction
from typing import Any

from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.inspections.rules.checklist import SECTION_TITLES
from goldseal.inspections.rules.measurement import PieceResult, format_decimal, format_measure, parse_measure
from goldseal.inspections.rules.state import State
from goldseal.inspections.rules.verdict import Decision, measured_pieces
from goldseal.inspections.snapshots import chart_of
from goldseal.kit.wording import BANGLA_DIGITS


def sections_of(inspection: Inspection, state: State, decision: Decision) -> list[dict[str, Any]]:
    """Every section with its verdict, answers and remarks; the quantities with their table."""
    answers = {(body["section"], body["check"]): body for body in state.values("check_answered")}
    sections = []
    for result in decision.sections:
        title_en, title_bn = SECTION_TITLES[result.section]
        rows = []
        for check in inspection.checklist.get(result.section, []):
            answer = answers.get((result.section, check["check"]))
            row = {"label_en": check["label_en"], "label_bn": check.get("label_bn") or ""}
            if answer:
                row["answer"] = answer["answer"]
                row.update({"value": answer["value"]} if answer.get("value") else {})
                row.update({"remark": answer["note"]} if answer.get("note") else {})
            rows.append(row)
        concluded = state.value("section_concluded", result.section) or {}
        remarks = [concluded["remark"]] if concluded.get("remark") else []
        if result.section != "remarks":
            remarks += [
                body["text"] for body in state.values("remark_written") if body["section"] == result.section
            ]
        section: dict[str, Any] = {
            "key": result.section,
            "title_en": title_en,
            "title_bn": title_bn,
            "verdict": result.verdict,
            "rows": rows,
            "remarks": "\n".join(remarks)[:5000],
        }
        if result.section == "quantity" and inspection.ordered:
            section["table"] = _quantity_table(inspection, state)
        sections.append(section)
    order = [*SECTIONS, *SECTION_TITLES]
    return sorted(sections, key=lambda section: order.index(section["key"]))


def _quantity_table(inspection: Inspection, state: State) -> dict[str, Any]:
    counted = {(body["colour"], body["size"]): body for body in state.values("quantity_counted")}
    columns = [
        ("Colour", "রং"),
        ("Size", "সাইজ"),
        ("Ordered", "অর্ডার"),
        ("Made", "তৈরি"),
        ("Packed", "প্যাক"),
        ("Offered", "অফার"),
    ]
    rows: list[list[str | int]] = []
    for line in inspection.ordered:
        body = counted.get((line["colour"], line["size"]))
        found = (
            [body["made"], body["packed"], body.get("offered", line["quantity"])] if body else ["–", "–", "–"]
        )
        rows.append([line["colour"], line["size"], line["quantity"], *found])
    return {"columns": [{"en": english, "bn": bangla} for english, bangla in columns], "rows": rows[:500]}


def measurement_of(inspection: Inspection, state: State, decision: Decision) -> dict[str, Any]:
    """Points, pieces and deviations; nothing where the inspection has no chart."""
    if not inspection.points:
        return {}
    pieces, _unfit = measured_pieces(state=state, points=chart_of(inspection))
    unit = inspection.points[0]["unit"]
    colours = {
        (body["piece_no"], body["size"]): body.get("colour", "") for body in state.values("piece_measured")
    }
    summary = decision.measurement
    limit = format_decimal(Fraction(str(inspection.rules["points_out_pct_max"])))
    return {
        "measurement": {
            "unit": unit,
            "poms": [
                {
                    "code": point["code"],
                    "name_en": point["name_en"],
                    "name_bn": point.get("name_bn") or "",
                    "critical": bool(point.get("critical")),
                    "tol_plus": point["tol_plus"],
                    "tol_minus": point["tol_minus"],
                }
                for point in inspection.points
            ],
            "pieces": [
                _piece(piece, colours.get((piece.piece_no, piece.size), ""), inspection, unit)
                for piece in pieces
            ],
            "measured": summary.points_measured,
            "out_of_tolerance": summary.points_out,
            "pieces_out": summary.pieces_with_any_out,
            "rule": f"Fails above {limit}% of points out of tolerance",
            "rule_bn": f"টলারেন্সের বাইরে {limit.translate(BANGLA_DIGITS)}% এর বেশি মাপ হলে ফেল",
        }
    }


def _piece(piece: PieceResult, colour: str, inspection: Inspection, unit: str) -> dict[str, Any]:
    specs = {point["code"]: point["spec"].get(piece.size, "0") for point in inspection.points}
    return {
        "no": piece.piece_no,
        "colour": colour,
        "size": piece.size,
        "values": [
            {
                "pom": code,
                "spec": specs[code],
                "measured": format_measure(found.measured, unit=unit),
                "deviation": _signed(found.measured - parse_measure(specs[code]), unit),
                "out": found.is_out,
            }
            for code, found in piece.evaluations.items()
        ],
    }


def _signed(deviation: Fraction, unit: str) -> str:
    if not deviation:
        return "0"
    return f"{'+' if deviation > 0 else '−'}{format_measure(abs(deviation), unit=unit)}"

"""One decided inspection of each method, with figures worked out by hand: what the reports' tests read."""

import io
from typing import Any

from PIL import Image

from goldseal.catalog.models import Line, Site
from goldseal.catalog.services import create_line, create_site
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority, receive_file
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW, Floor
from goldseal.inspections.tests.recording import decided, planned_at, send

SW04, SW11, KN01 = ({"code": code, "severity": "minor"} for code in ("SW04", "SW11", "KN01"))


def photo(at: Floor, shade: int) -> str:
    """A picture received from the inspector; its digest."""
    sink = io.BytesIO()
    Image.new("RGB", (640, 480), (shade, 120, 180)).save(sink, "JPEG")
    with at.place.scope():
        attest_authority(version=STATEMENT_VERSION, actor=at.actor, now=NOW)
        kept = receive_file(source=io.BytesIO(sink.getvalue()), name="a.jpg", actor=at.actor, now=NOW)
    return kept.sha256


def roving(at: Floor) -> Inspection:
    """Two rounds at three operations: 35 pieces, 4 defects (DHU 11.43), one red answered, one machine out."""
    inspection = planned_at(at, "LNK", lot_size=50, line_id=line(at))
    visits: list[dict[str, Any]] = [
        {"round": 1, "operator": "L-11", "operation": "Shoulder", "machine": "M-4", "pieces": 7},
        {"round": 1, "operator": "L-12", "operation": "Neck", "pieces": 7, "defects": [SW04]},
        {
            "round": 1, "operator": "L-13", "operation": "Side seam", "pieces": 7,
            "defects": [{**SW04, "count": 2}, SW11], "actions": ["recheck_bundle", "train"],
            "note": "Loose cam", "photos": [photo(at, 10)],
        },
        {"round": 2, "operator": "L-11", "operation": "Shoulder", "pieces": 7},
        {"round": 2, "operator": "L-12", "operation": "Neck", "pieces": 0, "is_machine_out": True},
        {"round": 2, "operator": "L-13", "operation": "Side seam", "pieces": 7},
    ]  # fmt: skip
    send(at, inspection, *(("operator_checked", {"defects": [], **visit}) for visit in visits))
    return decided(at, inspection)


def endline(at: Floor, stage: str = "END") -> Inspection:
    """Two hours: 100 checked, 90 passed, 8 altered, 2 rejected, 12 defects; all alters back (1 rejected)."""
    inspection = planned_at(at, stage, line_id=line(at))
    send(
        at,
        inspection,
        ("pieces_tallied", {"hour": 8, "passed": 50}),
        (
            "pieces_tallied",
            {
                "hour": 8, "altered": 6,
                "defects": [{"code": "SW04", "zone": "A", "count": 5}, {"code": "KN01", "count": 3}],
            },
        ),
        ("pieces_tallied", {"hour": 9, "passed": 40, "altered": 2, "rejected": 2,
                            "defects": [{"code": "SW04", "count": 2}, {"code": "SW11", "count": 2}]}),
        ("pieces_tallied", {"hour": 9, "recheck_passed": 7, "recheck_rejected": 1}),
    )  # fmt: skip
    return decided(at, inspection)


def second_line(at: Floor) -> Inspection:
    """A second line that still runs: 20 checked, 14 passed, 6 altered, 8 defects, nothing rechecked."""
    inspection = planned_at(at, "END", line_id=line(at, "L2"))
    defects = [{"code": "SW04", "count": 8}]
    send(at, inspection, ("pieces_tallied", {"hour": 8, "passed": 14, "altered": 6, "defects": defects}))
    return inspection


def four_point(at: Floor) -> Inspection:
    """Two of two rolls. R-1: 29 points on 100 m × 1500 mm = 19.33 per 100 m² (DOMAIN §3); R-2 one big hole."""
    inspection = planned_at(at, "FAB", lot_size=2)
    r1 = {"roll": "R-1", "length": "100", "length_unit": "m", "width": "1500", "width_unit": "mm",
          "dye_lot": "D7", "shade_group": "A", "gsm": "180", "shrinkage_length_pct": "-3"}  # fmt: skip
    r2 = {"roll": "R-2", "length": "10", "length_unit": "yd", "width": "60", "width_unit": "in",
          "shade_group": "B", "note": "Short roll"}  # fmt: skip
    flaws = [{"roll": "R-1", "at": str(at_m), "code": "KN01", "size": size, "unit": "mm"}
             for at_m, size in [*((n, "50") for n in range(5)), *((10 + n, "100") for n in range(4)),
                                *((20 + n, "200") for n in range(4)), (30, "300")]]  # fmt: skip
    hole = {"roll": "R-2", "at": "3", "code": "KN02", "size": "2", "unit": "in", "is_hole": True,
            "note": "Needle hole", "photos": [photo(at, 20)]}  # fmt: skip
    send(at, inspection, ("roll_inspected", r1), ("roll_inspected", r2),
         *(("flaw_recorded", flaw) for flaw in [*flaws, hole]))  # fmt: skip
    return decided(at, inspection)


def metal(at: Floor) -> Inspection:
    """Three hours: one failed calibration at point 9, its 30 pieces run again, one find, one whole needle."""
    inspection = planned_at(at, "MTL")
    card = {"machine": "MD-1", "card_kind": "ferrous", "card_mm": "1.2"}
    send(
        at,
        inspection,
        ("calibration_recorded", {**card, "hour": 9, "points": [True] * 9}),
        ("pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": 30}),
        ("calibration_recorded", {**card, "hour": 10, "points": [True] * 8 + [False], "note": "Belt slow"}),
        ("calibration_recorded", {**card, "hour": 11, "points": [True] * 9}),
        ("lot_rerun", {"machine": "MD-1", "hour": 11, "pieces": 30}),
        ("pieces_scanned", {"machine": "MD-1", "hour": 11, "pieces": 20}),
        ("metal_found", {"machine": "MD-1", "hour": 11, "pieces": 1, "what": "Staple", "is_resolved": True}),
        ("needle_broken", {"machine": "SN-3", "hour": 9, "operator": "S-14", "needle": "DBx1 #11",
                           "is_whole_found": True, "photos": [photo(at, 30)]}),
    )  # fmt: skip
    return decided(at, inspection)


def packing(at: Floor) -> Inspection:
    """Three of five cartons: one right, one a piece short, one 10 % heavy."""
    inspection = planned_at(at, "PKG", cartons=[{"first": 1, "last": 5, "pieces": 10}])
    with at.place.scope():
        kept = {"ratio": [{"colour": "Navy", "size": "S", "pieces": 4}, {"colour": "Navy", "size": "M", "pieces": 6}],
                "gross_kg": "10", "barcodes": ["4006381333931"]}  # fmt: skip
        Inspection.objects.filter(pk=inspection.pk).update(header={"packing": kept})
        inspection.refresh_from_db()
    ratio = [{"colour": "Navy", "size": "S", "pieces": 4}, {"colour": "Navy", "size": "M", "pieces": 6}]
    carton = {"pieces": 10, "ratio": ratio, "barcodes": [{"barcode": "4006381333931"}], "gross_kg": "10",
              "is_mark_right": True, "is_size_right": True}  # fmt: skip
    short = [ratio[0], {**ratio[1], "pieces": 5}]
    send(
        at,
        inspection,
        ("carton_checked", {**carton, "carton": 1}),
        ("carton_checked", {**carton, "carton": 2, "pieces": 9, "ratio": short, "note": "One M missing"}),
        ("carton_checked", {**carton, "carton": 4, "gross_kg": "11"}),
    )
    return decided(at, inspection)


def checklist(at: Floor) -> Inspection:
    """A pre-production meeting: its first question answered no, the others yes."""
    inspection = planned_at(at, "PPM")
    items = inspection.checklist["items"]
    answers: list[tuple[str, dict[str, Any]]] = []
    value = {"number": "5", "text": "Seen", "barcode": "4006381333931"}
    first = next(item["key"] for item in items if item["kind"] == "yes_no_na")
    for item in items:
        body: dict[str, Any] = {"item": item["key"]}
        kind = item["kind"]
        if kind == "yes_no_na":
            body["answer"] = "no" if item["key"] == first else "yes"
        elif kind == "choice":
            choice = item["choices"][0]
            body["choice"] = choice["value"] if isinstance(choice, dict) else choice
        elif kind == "photo":
            body["photos"] = [photo(at, 40)]
        else:
            body[kind] = value[kind]
        answers.append(("item_answered", body))
    send(at, inspection, *answers)
    return decided(at, inspection)


def measurement(at: Floor, points: list[dict[str, Any]]) -> Inspection:
    """Size S: 48 and 50 against 48 ± 1; size M: 50.5 as specified."""
    inspection = planned_at(at, "WSH", points=points)
    measured = [(1, "S", "48"), (2, "S", "50"), (3, "M", "50.5")]
    send(at, inspection, *(
        ("piece_measured", {"piece_no": no, "size": size, "pom": "P01", "value": value, "unit": "cm", "colour": "Navy"})
        for no, size, value in measured))  # fmt: skip
    return decided(at, inspection)


def line(at: Floor, code: str = "L1") -> Any:
    """A line of the factory's first site, made where it is missing."""
    with at.place.scope():
        found = Line.objects.filter(code=code).first()
        if found is None:
            site = Site.objects.first() or create_site(
                values={"code": "GZP", "name": "Gazipur"}, actor=at.place.actor, now=NOW
            )
            found = create_line(
                site_id=site.pk,
                values={"code": code, "name": f"Linking {code}"},
                actor=at.place.actor,
                now=NOW,
            )
        return found.pk

"""Yesterday at the demo factory: every kind of stage inspected, signed and reported, so that each report can be seen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from goldseal.catalog.models import Buyer, Line, Order, Site, Stage, Supplier
from goldseal.catalog.rules.grid import Quantity
from goldseal.catalog.services import create_line, create_style, save_chart, save_order
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority, receive_file
from goldseal.inspections import services as inspecting
from goldseal.inspections.day_services import request_day_sheet
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules.bodies import SECTIONS
from goldseal.ops.demo_crew import Crew, inspect
from goldseal.ops.demo_day import CARTONS, PACKING, day_there, hour_there
from goldseal.ops.demo_pictures import WRONG, drawn
from goldseal.reports.services import request_report

Found = tuple[str, Mapping[str, Any]]
Recording = Callable[[Inspection, "Camera"], Iterator[Found]]

TEE = (
    ("T01", "Chest, 1 in below armhole", "চেস্ট, আর্মহোলের ১ ইঞ্চি নিচে", "1", True, ("46", "49", "52")),
    ("T02", "Body length from HPS", "বডি লেন্থ, এইচপিএস থেকে", "1", True, ("68", "70", "72")),
    ("T03", "Sleeve length", "স্লিভ লেন্থ", "0.5", False, ("20", "21", "22")),
)
SIZES = ("S", "M", "L")
# What a piece may be off from its specification, in the order measured: in, in, a little long, in, short.
OFF = ("0", "0.2", "-0.2", "0.4", "-0.4")


class Camera:
    """Photos of yesterday: each defect is drawn once and received once."""

    def __init__(self, crew: Crew, at: datetime) -> None:
        self._crew, self._at = crew, at
        self._kept: dict[str, str] = {}
        attest_authority(version=STATEMENT_VERSION, actor=crew.inspects, now=at)

    def photo(self, code: str, *, is_turned: bool = False) -> str:
        """The digest of a photo of this defect; a second one is the same cloth seen from another side."""
        name = f"{code}{'-turned' if is_turned else ''}.png"
        if name not in self._kept:
            picture = drawn(WRONG[code], is_turned=is_turned)
            kept = receive_file(source=picture, name=name, actor=self._crew.inspects, now=self._at)
            self._kept[name] = kept.sha256
        return self._kept[name]


def tell_yesterday(*, crew: Crew, now: datetime) -> list[Inspection]:
    """One decided inspection of every stage, their reports and the day's sheet asked for.

    Nothing to do where the demo's order of the day is missing.
    """
    cardigan = Order.objects.filter(po_number="HC-7001").first()
    if cardigan is None or cardigan.site is None:
        return []
    at = hour_there(now, days_ago=1, hour=10)
    camera = Camera(crew, at)
    tee = _second_order(crew, cardigan.buyer, cardigan.site, at)
    done = [
        _inspected(crew, order, code, asked, recording, camera, at)
        for order, stages in ((cardigan, CARDIGAN), (tee, TSHIRT))
        for code, asked, recording in stages
    ]
    for inspection in done:
        request_report(
            kind="inspection", subject_id=inspection.pk, language="both", actor=crew.inspects, now=now
        )
    request_day_sheet(
        site_id=cardigan.site.pk, day=day_there(at), language="both", actor=crew.inspects, now=now
    )
    return done


def _second_order(crew: Crew, buyer: Buyer, site: Site, at: datetime) -> Order:
    """A T-shirt, for the stages that a cardigan does not pass."""
    style = create_style(
        values={
            "buyer": buyer.pk,
            "code": "HC-118",
            "name": "Pocket T-shirt",
            "name_bn": "পকেট টি-শার্ট",
            "product_family": "cut_and_sew",
            "composition": "100% cotton single jersey, 160 g/m²",
        },
        actor=crew.manages,
        now=at,
    )
    points = [
        {"code": code, "name_en": english, "name_bn": bangla, "tol_minus": off, "tol_plus": off,
         "critical": critical, "spec": dict(zip(SIZES, spec, strict=True))}
        for code, english, bangla, off, critical, spec in TEE
    ]  # fmt: skip
    save_chart(style_id=style.pk, points=points, sizes=SIZES, actor=crew.manages, now=at)
    create_line(site_id=site.pk, values={"code": "S1", "name": "Sewing line 1"}, actor=crew.manages, now=at)
    return save_order(
        values={
            "style": style.pk,
            "site": site.pk,
            "po_number": "HC-7002",
            "ex_factory_on": (at + timedelta(days=4)).date(),
            "destination": "Hamburg",
        },
        quantities=[Quantity("White", size, pieces) for size, pieces in zip(SIZES, (120, 240, 240), strict=True)],
        packing={**PACKING, "ratio": TEE_RATIO, "marks": "HARBOUR / HC-7002 / CARTON 1-30"},
        actor=crew.manages,
        now=at,
    )  # fmt: skip


def _inspected(
    crew: Crew,
    order: Order,
    code: str,
    asked: Mapping[str, Any],
    recording: Recording,
    camera: Camera,
    at: datetime,
) -> Inspection:
    """Planned, recorded, signed and decided by the demo's inspector."""
    named = dict(asked)
    line = named.pop("line", None)
    supplier = named.pop("supplier", None)
    inspection = inspecting.plan_inspection(
        request=inspecting.PlanRequest(
            order_id=order.pk,
            stage_id=Stage.objects.get(code=code).pk,
            planned_on=day_there(at),
            inspector_id=crew.inspector.pk,
            line_id=Line.objects.get(code=line).pk if line else None,
            supplier_id=Supplier.objects.get(code=supplier).pk if supplier else None,
            is_extra=True,
            **named,
        ),
        actor=crew.manages,
        now=at,
    )
    place = inspection.line.name if inspection.line else "Quality room"
    found = (("inspection_started", {"place": place}), *recording(inspection, camera))
    return inspect(crew=crew, inspection=inspection, found=found, at=at)


# What each method records


def _answers(*, no: Mapping[str, str] | None = None, words: Mapping[str, str] | None = None) -> Recording:
    """Every question that is shown answered as it should be, but those in `no`: the remark to the answer."""
    refused, said = no or {}, words or {}

    def record(inspection: Inspection, camera: Camera) -> Iterator[Found]:
        given: dict[str, str] = {}
        for item in inspection.checklist["items"]:
            condition = item["only_if"]
            if condition and given.get(condition["key"]) not in condition["is"]:
                continue
            body: dict[str, Any] = {"item": item["key"]}
            kind = item["kind"]
            if kind == "yes_no_na":
                body["answer"] = "no" if item["key"] in refused or not item["failing"] else "yes"
                given[item["key"]] = body["answer"]
                if item["key"] in refused:
                    body |= {"note": refused[item["key"]], "photos": [camera.photo("FC03")]}
            elif kind == "choice":
                given[item["key"]] = body["choice"] = said.get(item["key"], item["choices"][0]["value"])
            elif kind == "number":
                body["number"] = said.get(item["key"]) or item["min"] or "1"
            elif kind == "text":
                body["text"] = said.get(item["key"], "As agreed, see the minutes")
            elif kind == "barcode":
                body["barcode"] = "4006381333931"
            if kind == "photo" or item["needs_photo"] == "always":
                body["photos"] = [camera.photo("KN01")]
            yield "item_answered", body

    return record


def _rounds(operation: str, *, bad: str, green: int = 0) -> Recording:
    """Four operators in two rounds: one yellow, one red that was answered, green again; `green` more of those."""

    def record(inspection: Inspection, camera: Camera) -> Iterator[Found]:
        red = [{"code": bad, "severity": "major", "count": 2}]
        yellow = [{"code": bad, "severity": "minor"}]
        nothing: dict[str, Any] = {}
        for round_, machine, defects, more in (
            *((1, 5 + one, [], nothing) for one in range(green)),
            (1, 1, [], nothing),
            (1, 2, yellow, nothing),
            (1, 3, red, {"actions": ["recheck_bundle", "stop_line", "train"], "note": "Cause found and mended",
                         "photos": [camera.photo("KN01")]}),
            (1, 4, [], nothing),
            (2, 1, [], nothing),
            (2, 2, [], nothing),
            (2, 3, [], nothing),
            (2, 4, [], {"is_machine_out": True, "pieces": 0}),
        ):  # fmt: skip
            yield "operator_checked", {
                "round": round_, "operator": f"OP-{machine:02d}", "operation": operation,
                "machine": f"M-{machine:02d}", "pieces": 7, "defects": defects, **more,
            }  # fmt: skip

    return record


def _hours(*, bad: Sequence[str], per_hour: int, worse: int = 0) -> Recording:
    """Six hours of a hundred-percent check; what was altered came back."""

    def record(inspection: Inspection, camera: Camera) -> Iterator[Found]:
        sent_back = 0
        for hour, altered in ((8, 4), (9, 3), (10, 6), (11, 2), (13, 7), (14, 1)):
            altered += worse if hour % 2 else 0
            sent_back += altered
            yield "pieces_tallied", {"hour": hour, "passed": per_hour - altered}
            defects = [
                {"code": code, "zone": zone, "count": altered // (n + 1) or 1}
                for n, (code, zone) in enumerate(zip(bad, "AB", strict=False))
            ]
            yield "pieces_tallied", {"hour": hour, "altered": altered, "defects": defects}
        lost = [{"code": bad[0], "zone": "A", "count": 1}]
        yield "pieces_tallied", {"hour": 14, "rejected": 1, "defects": lost}
        yield "pieces_tallied", {"hour": 15, "recheck_passed": sent_back - 1, "recheck_rejected": 1}

    return record


def _rolls(inspection: Inspection, camera: Camera) -> Iterator[Found]:
    """Four of twelve rolls, a hole among the flaws."""
    for roll, length, shade, flaws in (
        ("R-101", "92", "A", ((4, "KN04", "2"), (31, "KN07", "5"), (77, "FC03", "1.5"))),
        ("R-104", "88", "A", ((12, "KN07", "2.5"), (55, "KN04", "10"))),
        ("R-107", "95", "B", ((8, "KN04", "3"), (9, "KN04", "7"), (60, "KN07", "4"), (81, "KN04", "12"))),
        ("R-110", "90", "A", ((44, "KN02", "0.5"),)),
    ):
        yield "roll_inspected", {
            "roll": roll, "length": length, "length_unit": "yd", "width": "72", "width_unit": "in",
            "dye_lot": "D-31", "shade_group": shade, "gsm": "162",
            "shrinkage_length_pct": "-3.5", "shrinkage_width_pct": "-2",
        }  # fmt: skip
        for at, code, size in flaws:
            is_hole = code == "KN02"
            yield "flaw_recorded", {
                "roll": roll, "at": str(at), "code": code, "size": size, "unit": "in", "is_hole": is_hole,
                "photos": [camera.photo(code)] if code in WRONG else [],
            }  # fmt: skip


def _measured(inspection: Inspection, camera: Camera) -> Iterator[Found]:
    """Five pieces of each size at every point; one chest too wide."""
    points = inspection.points
    colours = [line["colour"] for line in inspection.ordered]
    number = 0
    for size in SIZES:
        for off in OFF:
            number += 1
            for point in points:
                if size not in point["spec"]:
                    continue
                value = _near(point["spec"][size], point["tol_plus"], off)
                if number == 7 and point is points[0]:
                    value = _near(point["spec"][size], "4", "0.4")
                yield "piece_measured", {
                    "piece_no": number, "colour": colours[number % len(colours)], "size": size,
                    "pom": point["code"], "value": value, "unit": point["unit"],
                }  # fmt: skip


def _near(spec: str, tolerance: str, off: str) -> str:
    """A measured value: the specification and a part of the tolerance, in steps of a millimetre."""
    return str((Decimal(spec) + Decimal(tolerance) * Decimal(off)).quantize(Decimal("0.1")))


def _metal(inspection: Inspection, camera: Camera) -> Iterator[Found]:
    """Three hours: one calibration failed at the last point, what had passed since was run again."""
    card = {"machine": "MD-1", "card_kind": "ferrous", "card_mm": "1.2"}
    lot = inspection.lot_size
    first = lot // 2
    yield "calibration_recorded", {**card, "hour": 9, "points": [True] * 9}
    yield "pieces_scanned", {"machine": "MD-1", "hour": 9, "pieces": first}
    yield (
        "calibration_recorded",
        {**card, "hour": 10, "points": [True] * 8 + [False], "note": "Belt too fast"},
    )
    yield "calibration_recorded", {**card, "hour": 11, "points": [True] * 9, "note": "Belt set to 18 m/min"}
    yield "lot_rerun", {"machine": "MD-1", "hour": 11, "pieces": first}
    yield "pieces_scanned", {"machine": "MD-1", "hour": 11, "pieces": lot - first}
    yield "metal_found", {"machine": "MD-1", "hour": 11, "pieces": 1, "what": "Staple of a bundle ticket",
                          "is_resolved": True, "note": "Removed, piece scanned again"}  # fmt: skip
    yield "needle_broken", {"machine": "SN-14", "hour": 10, "operator": "OP-14", "needle": "DBx1 #11",
                            "is_whole_found": True, "note": "All three pieces taped to the log",
                            "photos": [camera.photo("TL01")]}  # fmt: skip


def _cartons(inspection: Inspection, camera: Camera) -> Iterator[Found]:
    """As many cartons as must be opened; the second is a piece short and was repacked."""
    ratio = [dict(row) for row in inspection.header["packing"]["ratio"]]
    pieces = sum(row["pieces"] for row in ratio)
    for n, carton in enumerate((2, 7, 11, 16, 22, 28)):
        body: dict[str, Any] = {
            "carton": carton, "pieces": pieces, "ratio": ratio, "gross_kg": "9.4",
            "is_mark_right": True, "is_size_right": True,
        }  # fmt: skip
        if n == 1:
            short = [*ratio[:-1], {**ratio[-1], "pieces": ratio[-1]["pieces"] - 1}]
            body |= {"pieces": pieces - 1, "ratio": short, "gross_kg": "9.1", "note": "One L short"}
        yield "carton_checked", body


def _sampled(*, defects: Sequence[tuple[str, str, int]], remark: str) -> Recording:
    """An inspection by sampling: readiness, counts, cartons, checks, defects with photos, measurements."""

    def record(inspection: Inspection, camera: Camera) -> Iterator[Found]:
        lot = inspection.lot_size
        if inspection.ordered:
            yield "readiness_confirmed", {"made": lot, "packed": lot}
            for line in inspection.ordered:
                yield "quantity_counted", {
                    "colour": line["colour"], "size": line["size"],
                    "made": line["quantity"], "packed": line["quantity"],
                }  # fmt: skip
        if inspection.drawn:
            yield "cartons_opened", {"cartons": [row["carton"] for row in inspection.drawn]}
        for section, checks in inspection.checklist.items():
            for check in checks:
                yield "check_answered", {"section": section, "check": check["check"], "answer": "pass"}
        for code, severity, pieces in defects:
            photos = (
                [camera.photo(code, is_turned=turned) for turned in (False, True)] if code in WRONG else []
            )
            yield "defect_recorded", {
                "code": code, "severity": severity, "pieces": pieces, "zone": "A", "photos": photos,
            }  # fmt: skip
        if inspection.points:
            yield from _measured(inspection, camera)
        yield "remark_written", {"section": "remarks", "text": remark}
        for section in inspection.rules.get("required_sections") or SECTIONS:
            yield "section_concluded", {"section": section, "verdict": "pass"}

    return record


TEE_RATIO = [{"colour": "White", "size": size, "pieces": n} for size, n in zip(SIZES, (4, 8, 8), strict=True)]
Stages = Sequence[tuple[str, Mapping[str, Any], Recording]]
CARDIGAN: Stages = (
    ("PPM", {}, _answers(no={"trim_card": "Price ticket still missing, comes on Thursday"})),
    ("YRN", {"lot_size": 600, "supplier": "SPIN"}, _sampled(defects=[("KN07", "minor", 1)], remark="Lot 8, 42 bags.")),
    ("KNT", {"line": "L1"}, _rounds("Body panel", bad="KN01")),
    ("LNK", {"line": "L1"}, _rounds("Linking shoulder", bad="SW04", green=4)),
    ("MND", {"line": "L1"}, _hours(bad=("KN01", "SW11"), per_hour=58, worse=2)),
    ("END", {"line": "L2"}, _hours(bad=("SW04", "FC03"), per_hour=61)),
    ("WSH", {}, _measured),
    ("IRN", {"line": "L2"}, _hours(bad=("FN02", "FC03"), per_hour=64, worse=-1)),
    ("PKG", {"cartons": CARTONS}, _cartons),
)  # fmt: skip
TSHIRT: Stages = (
    ("FAB", {"lot_size": 12, "supplier": "SPIN"}, _rolls),
    ("CUT", {"line": "S1"}, _answers(no={})),
    ("PRT", {}, _answers(no={})),
    ("SEW", {"line": "S1"}, _rounds("Shoulder seam", bad="SW03", green=9)),
    ("END", {"line": "S1"}, _hours(bad=("SW03", "FC03"), per_hour=72, worse=5)),
    ("MTL", {}, _metal),
    ("PRE", {"cartons": CARTONS}, _sampled(defects=[("FC03", "minor", 2)], remark="Ready for the final.")),
    ("FIN", {"cartons": CARTONS}, _sampled(
        defects=[("SW03", "major", 2), ("FC03", "minor", 3)], remark="Stains were wiped off and dried.")),
)  # fmt: skip

"""What each method's report says, from plan to paper: figures worked out by hand, in the record and in the PDF."""

from datetime import datetime
from typing import Any

import pytest
from django.utils.translation import override

from goldseal.catalog.models import Buyer, Site
from goldseal.files.errors import Unreadable
from goldseal.inspections import day_services, report_photos
from goldseal.inspections.day_record import day_parts
from goldseal.inspections.models import Inspection
from goldseal.inspections.reports import TEMPLATE, build
from goldseal.inspections.tests import recorded_methods as made
from goldseal.inspections.tests.makers import NOW, POINTS, Floor, floor, guest, signed_in
from goldseal.kit.errors import Conflict
from goldseal.kit.reporting import BuiltRecord, ReportContext
from goldseal.reports import services
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.models import ReportVersion
from goldseal.reports.rules.inspection_report import check_record
from goldseal.reports.rules.summary import summary_of
from goldseal.reports.tests import paper as on_paper
from goldseal.workspaces.models import Device, DeviceHolder

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


HEADING = {
    "number": "FAC-2026-000001",
    "version": 1,
    "language": "both",
    "issued_at": "2026-03-16T15:00:00+06:00",
    "verify_url": "https://goldseal.invalid/verify/abcdefgh",
}


def built(at: Floor, inspection: Inspection, language: str = "both") -> BuiltRecord:
    """The record as it is sealed, checked against its schema."""
    with at.place.scope():
        found = build(inspection.pk, ReportContext("FAC-2026-000001", 1, language, NOW))
    data = dict(found.data)
    data["report"] = {**HEADING, **data["report"], "language": language}
    check_record(record=data)
    return BuiltRecord(data, found.photos, found.facts)


def text_of(record: BuiltRecord, now: datetime = NOW) -> str:
    """The words on paper, in one line each."""
    pdf = render_pdf(
        template=TEMPLATE,
        data=record.data,
        photos=record.photos,
        timestamp=now,
        attach_json=None,
        sealed=False,
    )
    return " ".join(on_paper.text_of(pdf).replace("\u00a0", " ").split())


def no_english_label_on(at: Floor, inspection: Inspection) -> None:
    """In Bangla the paper's own words are Bangla."""
    paper = text_of(built(at, inspection, "bn"))
    for words in ("Pieces", "Result", "Order and shipment", "Hour", "Points", "Remark"):
        assert words not in paper, words


def test_rounds_show_every_light_and_what_red_led_to(at: Floor) -> None:
    inspection = made.roving(at)
    record = built(at, inspection, "en")
    no_english_label_on(at, inspection)
    part: Any = record.data["roving"]
    assert (part["pieces"], part["defects"], part["dhu"]) == (35, 4, "11.43")  # 4 × 100 / 35
    assert part["board"] == {"green": 2, "yellow": 0, "red": 0, "blue": 1}  # as they stand after round 2
    # Six visits: one yellow, one red, one machine out, three without a defect.
    assert part["lights"] == {"green": 3, "yellow": 1, "red": 1, "blue": 1}
    assert record.data["photos"][0]["caption_bn"].startswith("রাউন্ড ১, L-13")
    lights = {place["operator"]: [visit["colour"] for visit in place["visits"]] for place in part["places"]}
    assert lights == {"L-11": ["green", "green"], "L-12": ["yellow", "blue"], "L-13": ["red", "green"]}
    (red,) = part["reds"]
    assert [(one["code"], one["count"]) for one in red["found"]] == [("SW04", 2), ("SW11", 1)]
    assert red["actions"] == ["recheck_bundle", "train"]
    assert red["photos"] == [photo["sha256"] for photo in record.data["photos"]]
    assert [(row["code"], row["count"]) for row in record.data["pareto"]] == [("SW04", 3), ("SW11", 1)]
    paper = text_of(record)
    for words in ("Inline inspection sheet", "Bundle rechecked", "Loose cam", "3/7", "11.43", "L-13"):
        assert words in paper, words


def test_a_photo_that_cannot_be_read_is_named_with_who_sent_it(
    at: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection = made.metal(at)

    def gone(*_args: Any) -> Any:
        raise Unreadable

    monkeypatch.setattr(report_photos, "open_content", gone)
    with pytest.raises(Conflict) as refused:
        built(at, inspection)
    said = str(refused.value.message)
    assert "cannot be read from the store (1): 1 (Broken" in said
    assert "Broken needle DBx1 #11" in said
    assert "alice-bob" in said


def test_photos_still_on_a_phone_are_told_to_the_reviewer(at: Floor) -> None:
    inspection = made.metal(at)
    with at.place.scope():
        for name, waiting, revoked in (("Phone 3", 4, None), ("Lost phone", 9, NOW), ("Phone 4", 0, None)):
            device = Device.objects.create(
                name=name, secret_digest=name, sealed_key=b"k", created_at=NOW, revoked_at=revoked,
                photos_waiting=waiting,
            )  # fmt: skip
            DeviceHolder.objects.create(device=device, user=at.inspector, sealed_key=b"k", added_at=NOW)
    facts = built(at, inspection).facts
    assert str(facts["photos"]) == "1; not sent yet: Phone 3 (alice-bob): 4 photos, 0 records"
    with override("bn"):
        assert str(facts["photos"]) == "১; এখনো পাঠানো হয়নি: Phone 3 (alice-bob): ৪টি ছবি, ০টি রেকর্ড"


def test_endline_says_hours_rates_and_top_defects(at: Floor) -> None:
    inspection = made.endline(at)
    record = built(at, inspection, "en")
    no_english_label_on(at, inspection)
    part: Any = record.data["endline"]
    assert [(h["hour"], h["checked"], h["altered"]) for h in part["hours"]] == [(8, 56, 6), (9, 44, 2)]
    total = part["total"]
    assert (total["checked"], total["defects"], total["dhu"]) == (100, 12, "12.00")
    assert (total["rft"], total["defective_percent"]) == ("90.00", "10.00")
    assert part["open_alters"] == 0
    assert [row["code"] for row in record.data["pareto"]] == ["SW04", "KN01", "SW11"]
    paper = text_of(record)
    figures = {one["en"]: one["value"] for one in summary_of(record=record.data, facts={})["figures"]}
    assert (figures["Checked"], figures["DHU"], figures["Alters open"]) == (100, "12.00", 0)
    assert record.facts["counts"] == "100 checked, 12 defects, DHU 12.00"
    for words in ("Endline day sheet", "08:00–09:00", "12.00", "90.00%", "Mis-link"):
        assert words in paper, words


def test_fabric_adds_points_by_band_and_the_lot_from_sums(at: Floor) -> None:
    inspection = made.four_point(at)
    record = built(at, inspection, "en")
    no_english_label_on(at, inspection)
    part: Any = record.data["four_point"]
    first, second = part["rolls"]
    assert first["by_points"] == [5, 4, 4, 1]
    assert (first["points"], first["per_100_m2"]) == (29, "19.33")
    assert second["by_points"] == [0, 0, 0, 1]
    assert (second["points"], second["per_100_yd2"]) == (4, "24.00")  # 4 × 3600 / (10 × 60)
    # 33 points on 150 m² + 10 yd × 60 in = 13.9355 m²
    assert part["per_100_m2"] == "20.13"
    assert (part["accepted"], part["rejected"], part["points"]) == (2, 0, 33)
    (hole,) = record.data["photos"]
    assert hole["caption_en"].startswith("Roll R-2, 3 yd: KN02")
    assert hole["caption_bn"].startswith("রোল R-2, ৩ গজ: KN02")
    paper = text_of(record)
    for words in ("Fabric inspection, four-point", "19.33", "Needle hole", "R-2", "Short roll"):
        assert words in paper, words


def test_metal_log_says_stops_reruns_finds_and_needles(at: Floor) -> None:
    inspection = made.metal(at)
    record = built(at, inspection, "en")
    no_english_label_on(at, inspection)
    part: Any = record.data["metal"]
    assert (part["scanned_total"], part["lot"], part["to_rerun"]) == (50, 50, 0)
    (stop,) = part["stops"]
    assert (stop["since_hour"], stop["hour"], stop["points"], stop["pieces"]) == (9, 10, [9], 30)
    assert part["needles"][0]["is_whole_found"]
    assert part["needles"][0]["photos"]
    paper = text_of(record)
    for words in (
        "Metal detection log",
        "Belt slow",
        "missed at 9",
        "Staple",
        "DBx1 #11",
        "All pieces found",
    ):
        assert words in paper, words


def test_packing_shows_what_differs_in_each_carton(at: Floor) -> None:
    inspection = made.packing(at)
    record = built(at, inspection, "en")
    no_english_label_on(at, inspection)
    part: Any = record.data["packing"]
    assert (part["cartons_total"], part["needed"], part["opened"]) == (5, 3, 3)
    assert [carton["result"] for carton in part["cartons"]] == ["pass", "fail", "fail"]
    assert part["cartons"][1]["ratio"][1] == {"colour": "Navy", "size": "M", "pieces": 5, "wanted": 6}
    assert part["cartons"][2]["weight_off_percent"] == "+10"
    paper = text_of(record)
    for words in ("Packing inspection", "Navy M: 5 instead of 6", "One M missing", "+10%"):
        assert words in paper, words


def test_a_checklist_puts_its_findings_first(at: Floor) -> None:
    inspection = made.checklist(at)
    record = built(at, inspection, "en")
    part: Any = record.data["checklist"]
    assert part["asked"] == part["answered"] == len(part["items"])
    assert part["failing"] == sum(item["result"] in ("fail", "hold") for item in part["items"]) == 1
    paper = text_of(record)
    failing = next(item for item in part["items"] if item["result"] in ("fail", "hold"))
    (reason,) = record.data["verdict"]["reasons"]
    assert failing["label_bn"] in reason["text_bn"]
    # What only states a fact is neither right nor wrong.
    assert {i["label_en"]: i["result"] for i in part["items"]}["Wash of this style"] == "none"
    heading = paper.index("Findings ")
    assert heading < paper.index(failing["label_en"][:30], heading) < paper.index("Answers")


def test_a_measurement_sheet_puts_the_spec_beside_each_size(at: Floor) -> None:
    record = built(at, made.measurement(at, POINTS), "en")
    part: Any = record.data["measurement"]
    assert (part["measured"], part["out_of_tolerance"]) == (3, 1)
    out = [(piece["size"], v["deviation"]) for piece in part["pieces"] for v in piece["values"] if v["out"]]
    assert out == [("S", "+2")]
    paper = text_of(record)
    for words in ("Measurement sheet", "Size S", "Size M", "+2", "Spec"):
        assert words in paper, words


def test_a_day_of_several_lines_sums_counts_and_never_averages_rates(at: Floor) -> None:
    first, second = made.endline(at), made.second_line(at)
    made.roving(at)
    with at.place.scope():
        parts = day_parts(first.line.site_id, first.planned_on)  # type: ignore[union-attr]
    hundred, rounds = parts["hundred"], parts["rounds"]
    assert [(line["counts"]["checked"], line["running"]) for line in hundred["lines"]] == [
        (100, False),
        (20, True),
    ]
    # 12 + 8 defects in 100 + 20 pieces; the mean of 12.00 and 40.00 would be 26.00.
    assert (hundred["total"]["dhu"], hundred["open_alters"]) == ("16.67", 6)
    assert hundred["total"]["rft"] == "86.67"  # 90 + 14 of 120
    assert (rounds["total"]["visits"], rounds["total"]["red"], rounds["total"]["dhu"]) == (6, 1, "11.43")
    assert parts["pareto"][0] == {
        "code": "SW04", "name_en": "Mis-link / dropped loop", "name_bn": "লিংকিং মিস",
        "count": 18, "share": 75.0, "cumulative": 75.0, "vital": True,
    }  # fmt: skip
    assert second.state == "planned"


def test_a_day_keeps_the_stages_of_one_line_apart(at: Floor) -> None:
    """The same hundred pieces at two stages of a line are two rows, never two hundred pieces of one."""
    endline, mending = made.endline(at), made.endline(at, "MND")
    with at.place.scope():
        parts = day_parts(endline.line.site_id, endline.planned_on)  # type: ignore[union-attr]
    lines = parts["hundred"]["lines"]
    assert [(line["stage"], line["counts"]["checked"]) for line in lines] == [("MND", 100), ("END", 100)]
    assert {line["line"] for line in lines} == {"L1 Linking L1"}
    assert [line["inspections"] for line in lines] == [[mending.code], [endline.code]]


def test_the_page_of_every_method_offers_its_report(at: Floor) -> None:
    client = signed_in(at.place.owner)
    for make in (made.roving, made.endline, made.four_point, made.metal, made.packing, made.checklist):
        url = f"{at.base}{make(at).pk}/"
        assert 'id="report"' in client.get(url).content.decode(), make.__name__
        assert "/reports/" in client.post(f"{url}report/", {"language": "en"})["Location"], make.__name__
    with at.place.scope():
        for version in ReportVersion.objects.all():
            services.seal_version(version_id=version.pk, actor=at.place.actor, now=NOW)
        failed = ReportVersion.objects.exclude(state="sealed").values_list("failure", flat=True)
        assert list(failed) == []
        assert ReportVersion.objects.count() == 6


def test_the_day_is_shown_reported_and_reported_again(at: Floor) -> None:
    inspection = made.endline(at)
    with at.place.scope():
        site = Site.objects.get(lines=inspection.line_id).pk
    url = f"{at.base}day/?site={site}&day=2026-03-16"
    client = signed_in(at.place.owner)
    page = client.get(url).content.decode()
    assert "12.00" in page
    assert "Mis-link" in page
    with at.place.scope():
        buyer = Buyer.objects.get(pk=at.buyer_id)
    visitor = signed_in(guest(at, buyer, "gina"))  # a day's sheet holds every buyer's lines
    assert visitor.get(url).status_code == 403
    assert "day/" not in visitor.get(f"{at.base}calendar/").content.decode()
    empty = client.post(f"{at.base}day/", {"site": site, "day": "2026-03-17", "language": "en"}, follow=True)
    assert "Nothing was checked on a line of this site that day." in empty.content.decode()
    sent = {"site": site, "day": "2026-03-16", "language": "en"}
    answer = client.post(f"{at.base}day/", sent)
    assert "/reports/" in answer["Location"]
    with at.place.scope():
        version = ReportVersion.objects.get()
        services.seal_version(version_id=version.pk, actor=at.place.actor, now=NOW)
        version.refresh_from_db()
        assert (version.state, version.failure) == ("sealed", "")
        assert version.report.subject_path == f"inspections/day/?site={site}&day=2026-03-16"
        again = day_services.request_day_sheet(
            site_id=site, day=inspection.planned_on, language="both", actor=at.place.actor, now=NOW,
            in_background=False,
        )  # fmt: skip
        services.seal_version(version_id=again.pk, actor=at.place.actor, now=NOW)
        again.refresh_from_db()
        assert (again.state, again.version, again.failure) == ("sealed", 2, "")
    page = client.get(f"/w/{at.place.workspace.slug}/reports/{version.report_id}/")
    assert page.status_code == 200
    for form in ("draft", "json"):
        one = client.get(
            f"/w/{at.place.workspace.slug}/reports/{version.report_id}/versions/{again.pk}/{form}/"
        )
        assert one.status_code == 200, form
    listed = client.get(f"/w/{at.place.workspace.slug}/reports/").content.decode()
    assert "Line-wise day sheet" in listed

"""The page of cartons: which to open, the order's ratio and barcodes, weight, marks; the same decision as events."""

import json
from typing import Any

import pytest
from django.test import Client

from goldseal.catalog.models import Order, OrderLine, Stage
from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.files.tests.test_upload_page import page_of as browser_page
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import Floor, floor, signed_in, tap
from goldseal.inspections.tests.recording import event, planned_at, send
from goldseal.inspections.tests.test_page_roving import verdict
from goldseal.inspections.tests.test_pages_open import queries
from goldseal.inspections.views_packing import cartons_to_open
from goldseal.kit.clock import utc_now
from goldseal.kit.errors import Invalid
from goldseal.workspaces.services import make_token

# GS1's own example of an EAN-13, and the first UPC-A that was ever scanned in a shop.
EAN, UPC = "4006381333931", "036000291452"
PACKING = {
    "ratio": [{"colour": "Navy", "size": "S", "pieces": 4}, {"colour": "Navy", "size": "M", "pieces": 6}],
    "gross_kg": "5",
    "marks": "BUYER\nPO-1",
    "barcodes": [EAN, UPC],
}
CELLS = {"k-ratio.0.pieces:count": "4", "k-ratio.1.pieces:count": "6"}
RIGHT = {
    **CELLS,
    "k-barcodes.0.barcode:key": EAN,
    "k-barcodes.0.count:int": "10",
    "k-gross_kg": "5,2",
    "k-is_mark_right:bool": "true",
    "k-is_size_right:bool": "true",
}


def packed(at: Floor, cartons: int = 4) -> Inspection:
    with at.place.scope():
        Order.objects.filter(pk=at.order_id).update(packing=PACKING)
    return planned_at(at, "PKG", cartons=[{"first": 1, "last": cartons, "pieces": 10}], is_extra=True)


def page_of(at: Floor, inspection: Inspection, query: str = "") -> str:
    return f"{at.base}{inspection.pk}/record/packing/{query}"


@pytest.mark.django_db
def test_cartons_through_the_form_decide_as_events_do() -> None:
    at = floor()
    by_form, by_events = packed(at), packed(at)
    client, url = signed_in(at.inspector), page_of(at, by_form)
    to_open = cartons_to_open(by_form)
    assert len(to_open) == 2, "the square root of 4"
    for _ in to_open:
        assert tap(client, url, "k", **RIGHT).status_code == 302
    body = {
        "ratio": PACKING["ratio"],
        "barcodes": [{"barcode": EAN, "count": 10}],
        "gross_kg": "5.2",
        "is_mark_right": True,
        "is_size_right": True,
    }
    send(at, by_events, *[("carton_checked", {"carton": number, **body}) for number in to_open])
    assert verdict(at, by_form) == verdict(at, by_events)
    assert verdict(at, by_form)[0] == "pass"
    html = client.get(url).content.decode()
    assert "Every carton to open is recorded." in html
    with at.place.scope():
        sent = InspectionEvent.objects.filter(inspection=by_form).values_list("body", flat=True)
        assert [one["carton"] for one in sent] == to_open
        assert sent[0]["barcodes"] == [{"barcode": EAN, "count": 10}], "blank lines are left out"


@pytest.mark.django_db
def test_what_differs_from_the_order_is_shown() -> None:
    at = floor()
    inspection = packed(at)
    client, url = signed_in(at.inspector), page_of(at, inspection, "?change=3")
    wrong = {
        **RIGHT,
        "k-ratio.0.pieces:count": "5",
        "k-ratio.1.pieces:count": "",
        "k-barcodes.0.barcode:key": "4006381333930",
        "k-gross_kg": "5.3",
        "k-is_mark_right:bool": "false",
    }
    assert tap(client, url, "k", **wrong)["Location"].endswith("/record/packing/#carton")
    for page in (page_of(at, inspection), f"{at.base}{inspection.pk}/"):
        html = client.get(page).content.decode()
        assert "Navy S <strong>+1</strong>" in html
        assert "Navy M <strong>−6</strong>" in html
        assert "4006381333930: not of this order, check digit wrong" in html
        assert "Weight out of range" in html
        assert "Shipping mark is wrong" in html
    assert verdict(at, inspection)[0] == "fail"
    html = client.get(url).content.decode()
    assert "4.75–5.25" in html
    assert "BUYER<br>PO-1" in html
    assert 'name="k-ratio.0.pieces:count" value="5"' in html
    tap(client, url, "k", **RIGHT)
    assert verdict(at, inspection)[0] == "pending", "corrected, and one more is to open"
    assert not verdict(at, inspection)[1]["opened"] > 1


@pytest.mark.django_db
def test_a_upc_is_known_as_the_ean_that_scanners_make_of_it() -> None:
    at = floor()
    inspection = packed(at)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    tap(client, url, "k", **(RIGHT | {"k-barcodes.0.barcode:key": f"0{UPC}"}))
    assert f"0{UPC}: not of this order" not in client.get(url).content.decode()


@pytest.mark.django_db
def test_wrong_input_is_explained_and_stays() -> None:
    at = floor()
    inspection = packed(at)
    client, url = signed_in(at.inspector), page_of(at, inspection)
    wrong = tap(client, url, "k", **(RIGHT | {"k-gross_kg": "five", "k-ratio.0.pieces:count": "a few"}))
    html = wrong.content.decode()
    assert wrong.status_code == 422
    assert "Enter whole pieces from 0 to 10,000 for each colour and size." in html
    for typed in ("five", "a few", EAN):
        assert f'value="{typed}"' in html
    wrong = tap(client, url, "k", **(RIGHT | {"k-gross_kg": "five"}))
    assert "Write the weight in kg, such as 12.4." in wrong.content.decode()
    with at.place.scope():
        assert InspectionEvent.objects.count() == 0


@pytest.mark.django_db
def test_a_carton_beyond_the_lot_is_asked_about() -> None:
    at = floor()
    inspection = packed(at)
    html = signed_in(at.inspector).get(page_of(at, inspection, "?change=44")).content.decode()
    assert "The lot has 4 cartons. Is this the right number?" in html


RANGES = [
    {"first": 1, "last": 4, "pieces": 10},
    {"first": 5, "last": 8, "pieces": 6, "colour": "Navy", "size": "S", "gross_kg": "3,1"},
    {"first": 9, "last": 12, "pieces": 9, "name": "Ratio B", "barcodes": [UPC],
     "ratio": [{"colour": "Navy", "size": "S", "pieces": 3}, {"colour": "Navy", "size": "M", "pieces": 6}]},
]  # fmt: skip


@pytest.mark.django_db
def test_a_carton_is_judged_by_the_range_it_lies_in() -> None:
    at = floor()
    with at.place.scope():
        Order.objects.filter(pk=at.order_id).update(packing=PACKING)
        OrderLine.objects.filter(order=at.order_id, size="S").update(barcode=EAN)
    inspection = planned_at(at, "PKG", cartons=RANGES, is_extra=True)
    solid, ratio_b = inspection.header["packing"]["ranges"]
    assert solid["ratio"] == [{"colour": "Navy", "size": "S", "pieces": 6}]
    assert (solid["barcodes"], solid["gross_kg"]) == ([EAN], "3.1")
    assert (ratio_b["barcodes"], "gross_kg" in ratio_b) == ([UPC], False), (
        "the order's weight is of its ratio"
    )
    # The order's carton: 4 S and 6 M, 5 kg. The solid one: 6 S, 3.1 kg. Ratio B: 3 S and 6 M, its own code.
    seen = {"is_mark_right": True, "is_size_right": True}
    order = {"ratio": PACKING["ratio"], "gross_kg": "5", "barcodes": [{"barcode": EAN}], **seen}
    right = {
        1: order,
        5: {**order, "ratio": solid["ratio"], "gross_kg": "3.1"},
        9: {**seen, "ratio": ratio_b["ratio"], "barcodes": [{"barcode": UPC}]},
        12: {**seen, "ratio": ratio_b["ratio"], "barcodes": [{"barcode": UPC}]},
    }
    send(at, inspection, *[("carton_checked", {"carton": n, **body}) for n, body in right.items()])
    assert verdict(at, inspection)[0] == "pass"
    send(at, inspection, *[("carton_checked", {"carton": n, **order}) for n in (6, 10)])
    told = " ".join(verdict(at, inspection)[2])
    assert "Carton 6: assortment differs: Navy S -2, Navy M +6" in told
    assert "Carton 6: 5 kg is" in told
    assert "Carton 10: assortment differs: Navy S +1" in told
    assert f"Carton 10: barcode {EAN} is not of this order" in told
    client = signed_in(at.inspector)
    html = client.get(page_of(at, inspection, "?change=11")).content.decode()
    assert "<strong>Ratio B</strong> · cartons 9–12" in html
    assert "As ordered (9)" in html
    assert "Allowed:" not in html
    html = client.get(page_of(at, inspection, "?change=7")).content.decode()
    assert "2.945–3.255" in html, "5 % of 3.1 kg either way"
    assert "cartons 9–12" in client.get(f"{at.base}{inspection.pk}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pieces": 10}, "Cartons 9–12: the ratio adds up to 9 pieces, not 10."),
        ({"ratio": [{"colour": "Pink", "size": "S", "pieces": 9}]}, "Cartons 9–12: Pink S is not in the lot."),
        ({"ratio": [{"colour": "Navy", "size": "S", "pieces": 4}, {"colour": "Navy", "size": "S", "pieces": 5}]},
         "Cartons 9–12: one colour and size stands in the ratio twice."),
        ({"gross_kg": "501"}, "above 0 and at most 500"),
        ({"first": 8}, "Carton 8 is named twice."),
    ],
)  # fmt: skip
def test_ranges_that_cannot_be_are_told_when_planning(change: dict[str, Any], words: str) -> None:
    at = floor()
    with pytest.raises(Invalid) as refused:
        planned_at(at, "PKG", cartons=[*RANGES[:2], RANGES[2] | change], is_extra=True)
    assert words in str(refused.value.fields["cartons"])


@pytest.mark.django_db
def test_ranges_and_late_taps_come_through_the_api() -> None:
    at = floor()
    with at.place.scope():
        _row, token = make_token(
            label="t", scopes="write", days=1, user=at.place.owner, actor=at.place.actor, now=utc_now()
        )
        stages = {stage.code: str(stage.pk) for stage in Stage.objects.filter(code__in=("PKG", "END"))}

    def post(path: str, body: dict[str, Any]) -> Any:
        bearer = {"Authorization": f"Bearer {token}"}
        return Client().post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=bearer
        )

    plan = {"order": str(at.order_id), "planned_on": "2026-03-16"}
    made = post("/inspections", {**plan, "stage": stages["PKG"], "cartons": RANGES})
    assert made.status_code == 201, made.content
    with at.place.scope():
        kept = Inspection.objects.get(pk=made.json()["id"]).header["packing"]["ranges"]
    assert [(one["first"], one["last"]) for one in kept] == [(5, 8), (9, 12)]
    wrong = post("/inspections", {**plan, "stage": stages["PKG"], "cartons": [RANGES[2] | {"pieces": 8}]})
    assert wrong.status_code == 422
    assert "adds up to 9 pieces, not 8" in wrong.content.decode()
    pk = post("/inspections", {**plan, "stage": stages["END"]}).json()["id"]
    back = event("pieces_tallied", {"hour": 9, "recheck_passed": 1}, str(at.place.owner.pk))
    refused = post(f"/inspections/{pk}/events", {"events": [back]})
    assert refused.status_code == 422
    assert "No altered piece is open: 0 altered, 0 back already." in refused.content.decode()
    assert post(f"/inspections/{pk}/events", {"events": [back], "is_late": True}).status_code == 200


@pytest.mark.django_db
def test_ratios_are_planned_on_the_page_as_people_write_them() -> None:
    at = floor()
    planner = signed_in(at.place.owner)
    with at.place.scope():
        stage = Stage.objects.get(code="PKG")
    url = f"{at.base}new/?order={at.order_id}&stage={stage.pk}"
    typed = {
        "planned_on": "2026-03-16", "lot-0": "20", "lot-1": "30", "cartons": "2", "points": "0",
        "carton-0-first": "1", "carton-0-last": "4", "carton-0-pieces": "৬", "carton-0-colour": "Navy",
        "carton-0-size": "S", "carton-1-first": "5", "carton-1-last": "8", "carton-1-pieces": "",
        "carton-1-name": "B", "carton-1-ratio": "navy s × 3; M 6 of them", "carton-1-gross_kg": "4,5",
        "carton-1-barcodes": f"{UPC}, {EAN}",
    }  # fmt: skip
    wrong = planner.post(url, typed)
    assert wrong.status_code == 422
    html = wrong.content.decode()
    assert "“M 6 of them”: write colour, size and pieces of the order, such as Navy S 4." in html
    assert "navy s × 3; M 6 of them" in html
    made = planner.post(url, typed | {"carton-1-ratio": "navy s × 3; M ৬"})
    assert made.status_code == 302, made.content.decode()
    with at.place.scope():
        kept = Inspection.objects.latest("created_at")
    b = {"first": 5, "last": 8, "name": "B", "gross_kg": "4.5", "barcodes": [UPC, EAN],
         "ratio": [{"colour": "Navy", "size": "S", "pieces": 3}, {"colour": "Navy", "size": "M", "pieces": 6}]}  # fmt: skip
    assert kept.header["packing"]["ranges"][1] == b
    assert kept.cartons[1]["pieces"] == 9
    again = planner.post(url, typed | {"rows": "show"}).content.decode()
    assert 'value="4,5"' in again


@pytest.mark.django_db
def test_pages_are_ours_and_cost_few_queries() -> None:
    at, stranger = floor(), floor("charlie")
    inspection = packed(at, 100)
    client = signed_in(at.inspector)
    assert signed_in(stranger.inspector).get(page_of(at, inspection)).status_code == 404
    urls = [page_of(at, inspection), f"{at.base}{inspection.pk}/"]
    body = {"ratio": PACKING["ratio"], "gross_kg": "5"}
    send(at, inspection, ("carton_checked", {"carton": 1, **body}))
    few = [queries(client, url) for url in urls]
    send(at, inspection, *[("carton_checked", {"carton": number, **body}) for number in (2, 3)])
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 15, few


@pytest.mark.browser
def test_a_hand_scanner_fills_the_list_and_counts(committed_db: None) -> None:
    at = floor()
    inspection = packed(at)
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def scan(page: Any, code: str) -> None:
        page.keyboard.type(code)
        page.keyboard.press("Enter")

    def steps(browser: Any) -> None:
        page = browser_page(browser, session, port)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"http://127.0.0.1:{port}{page_of(at, inspection)}")
        page.click("[data-as-ordered]")
        for code in (EAN, EAN, UPC, "4006381333930", "12345670", EAN):
            scan(page, code)
        assert page.input_value('[name="k-barcodes.0.count:int"]') == "3"
        said = page.locator(".scanned-is").all_inner_texts()
        assert said[:4] == ["of this order", "of this order", "check digit wrong", "not of this order"]
        page.fill('[name="k-ratio.0.pieces:count"]', "3")
        assert page.locator(".ratio-cell .off").all_inner_texts() == ["−1", ""]
        page.fill("#k-kg", "5,26")
        assert page.inner_text(".weight .ranged") == "too heavy"
        page.click("#k-save")
        page.wait_for_selector(".carton-faults li")

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []
    with at.place.scope():
        (event,) = InspectionEvent.objects.all()
    assert [(one["barcode"], one["count"]) for one in event.body["barcodes"]] == [
        (EAN, 3),
        (UPC, 1),
        ("4006381333930", 1),
        ("12345670", 1),
    ]


CAMERA = f"""
window.BarcodeDetector = class {{ async detect() {{ return [{{ rawValue: "{EAN}" }}]; }} }};
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream(5);
"""


@pytest.mark.browser
def test_the_camera_reads_a_barcode_where_the_browser_can(committed_db: None) -> None:
    at = floor()
    inspection = packed(at)
    session = signed_in(at.inspector).session.session_key or ""
    faults: list[str] = []

    def steps(browser: Any) -> None:
        page = browser_page(browser, session, port)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.add_init_script(CAMERA)
        page.goto(f"http://127.0.0.1:{port}{page_of(at, inspection)}")
        page.click("[aria-label='Scan with the camera'] >> nth=0")
        page.locator(".scanned-is.is-in").wait_for()
        assert page.input_value('[name="k-barcodes.0.barcode:key"]') == EAN
        assert page.locator("dialog.scanner").count() == 0

    with server() as (port, _pid):
        in_browser(steps)
    assert faults == []

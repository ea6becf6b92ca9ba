"""The page of cartons: which to open, the order's ratio and barcodes, weight, marks; the same decision as events."""

from typing import Any

import pytest

from goldseal.catalog.models import Order
from goldseal.files.tests.live import server
from goldseal.files.tests.test_upload_page import in_browser
from goldseal.files.tests.test_upload_page import page_of as browser_page
from goldseal.inspections.models import Inspection, InspectionEvent
from goldseal.inspections.tests.makers import Floor, floor, signed_in, tap
from goldseal.inspections.tests.recording import planned_at, send
from goldseal.inspections.tests.test_page_roving import verdict
from goldseal.inspections.tests.test_pages_open import queries
from goldseal.inspections.views_packing import cartons_to_open

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

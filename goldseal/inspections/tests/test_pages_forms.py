"""Forms of inspections: the plan, bad input of every sort, photos; nothing typed is lost, nothing half-saved."""

import io
import json
from typing import Any

import pytest
from PIL import Image

from goldseal.files.models import Attachment
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.inspections.models import Evidence, Inspection, InspectionEvent
from goldseal.inspections.tests.makers import POINTS, Floor, fields_of, floor, signed_in, tap
from goldseal.kit.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


def plan_of(at: Floor, **more: str) -> dict[str, str]:
    return {
        "planned_on": "2026-03-20",
        "inspector": str(at.inspector.pk),
        "level": "II",
        "inspection": "normal",
        "critical": "0",
        "major": "2.5",
        "minor": "4.0",
        "counting": "defectives",
        "scheme": "single",
        "is_extra": "on",
        "lot-0": "20",
        "lot-1": "30",
        "cartons": "1",
        "carton-0-first": "1",
        "carton-0-last": "5",
        "carton-0-pieces": "10",
        "points": "0",
        **more,
    }


def test_a_plan_from_the_form(at: Floor) -> None:
    at.plan()
    client, url = signed_in(at.place.owner), f"{at.base}new/?order={at.order_id}&stage={at.stage_id}"
    page = client.get(url).content.decode()
    assert 'value="50.5"' in page, "the chart of the last inspection of the style is filled in"
    taken = client.post(url, plan_of(at, rows="take-points")).content.decode()
    assert 'value="Chest width"' in taken
    assert 'value="50.5"' in taken
    point = {
        "code": "P01",
        "name_en": "Chest width",
        "name_bn": "",
        "unit": "cm",
        "tol_minus": "1",
        "tol_plus": "1",
    }
    chart = {f"point-0-{name}": value for name, value in point.items()}
    answer = client.post(
        url, plan_of(at, points="1", **chart, **{"point-0-spec-0": "48", "point-0-spec-1": "50.5"})
    )
    assert answer.status_code == 302
    with at.place.scope():
        made = Inspection.objects.order_by("-number")[0]
        # Lot 50, level II: D. AQL 2.5: arrow up to C, n 5, Ac 0. AQL 4.0: arrow down to E, n 13, Ac 1.
        assert made.plan["plans"]["major"]["plan_letter"] == "C"
        assert made.plan["plans"]["minor"]["plan_letter"] == "E"
        assert (made.plan["plans"]["major"]["sample_size"], made.plan["plans"]["minor"]["sample_size"]) == (
            5,
            13,
        )
        assert made.sample_size == 13
        assert made.points[0]["spec"] == POINTS[0]["spec"]
        assert sum(len(row["pieces"]) for row in made.drawn) == 13


def test_rows_are_added_and_removed_without_scripts(at: Floor) -> None:
    client, url = signed_in(at.place.owner), f"{at.base}new/?order={at.order_id}&stage={at.stage_id}"
    more = client.post(url, plan_of(at, rows="add-carton", place="Hall 3")).content.decode()
    assert 'name="carton-1-first" value="6"' in more
    assert 'value="Hall 3"' in more
    less = client.post(url, plan_of(at, rows="drop-carton-0")).content.decode()
    assert "carton-0-first" not in less
    assert "point-0-code" in client.post(url, plan_of(at, rows="add-point")).content.decode()
    with at.place.scope():
        assert not Inspection.objects.exists()


def test_the_preview_follows_the_choices(at: Floor) -> None:
    client, url = signed_in(at.place.owner), f"{at.base}new/preview/?order={at.order_id}&stage={at.stage_id}"
    shown = client.post(url, plan_of(at)).content.decode()
    assert "D → C" in shown
    wrong = client.post(url, plan_of(at, **{"lot-0": "", "lot-1": "1"})).content.decode()
    assert "Lot size must be between 2 and 10 000 000" in wrong


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"lot-0": "21"}, "Enter whole pieces from 0 to 20"),
        ({"lot-0": "", "lot-1": ""}, "A lot has at least 2 pieces"),
        ({"lot-0": "many"}, "Enter whole pieces"),
        ({"carton-0-last": "0"}, "first and last carton"),
        ({"carton-0-first": "2"}, "Cartons must be numbered from 1"),
        ({"carton-0-pieces": "x"}, "how many pieces each carton holds"),
        ({"planned_on": "31.31."}, "Enter a valid date"),
        ({"inspector": str(new_id())}, "Select a valid choice"),
        ({"critical": "0", "major": "0", "minor": "0"}, "At least one severity needs an AQL"),
        ({"points": "1", "point-0-code": "!"}, "code of letters and digits"),
        ({"points": "1", "point-0-code": "P", "point-0-name_en": "x", "point-0-unit": "mile"}, "Choose cm"),
    ],
)
def test_a_wrong_plan_is_explained_and_kept(at: Floor, typed: dict[str, str], said: str) -> None:
    client, url = signed_in(at.place.owner), f"{at.base}new/?order={at.order_id}&stage={at.stage_id}"
    answer = client.post(url, plan_of(at, place="Hall 3", **typed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="Hall 3"' in page
    with at.place.scope():
        assert not Inspection.objects.exists()


HOSTILE = [
    "\x00",
    "\ud800x".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "𝕏" * 5000,
    "{{7*7}}",
    "-1",
    "1e9",
    "٣",
    "\u202eabc",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_refused_or_kept_as_text(at: Floor, text: str) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    record = f"{at.base}{inspection.pk}/record/"
    for section, group, names in (
        ("quantity", "q0", ["made", "packed", "offered", "colour", "size"]),
        ("workmanship", "d", ["code", "severity", "zone", "piece_no", "carton", "note"]),
        ("measurement", "m0", ["value", "pom", "unit"]),
        ("conformity", "c_style", ["answer", "note", "value"]),
        ("remarks", "r", ["text"]),
        ("packing", "end", ["verdict", "remark"]),
    ):
        form = fields_of(client.get(f"{record}{section}/").content.decode(), group)
        for name in names:
            sent = {**form, f"{group}-id": str(new_id()), f"{group}-{name}": text}
            answer = client.post(f"{record}{section}/", sent)
            assert answer.status_code in (302, 422), (section, name)
            assert "<script>alert" not in answer.content.decode()
    page = client.get(f"{at.base}{inspection.pk}/")
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    for groups in (text, "q0 " * 2000):
        assert client.post(f"{record}quantity/", {"groups": groups}).status_code == 422
    assert client.get(f"{record}measurement/", {"piece": text, "size": text}).status_code == 200
    assert client.get(f"{record}workmanship/", {"change": text}).status_code == 200
    assert client.post(f"{record}choose/", {"keep": text, "heads": text, "section": text}).status_code == 302
    assert client.get(at.base, {"q": text, "state": text, "after": text}).status_code == 200


def test_wrong_input_is_said_at_the_field_and_kept(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    url = f"{at.base}{inspection.pk}/record/quantity/"
    answer = tap(client, url, "q0", q0__made="lots", q1__packed="২৯")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter whole pieces from 0 to 10,000,000." in page
    assert 'value="lots"' in page
    assert 'value="২৯"' in page
    with at.place.scope():
        assert not InspectionEvent.objects.exists()


def test_events_of_the_page_script_are_checked_strictly(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    url = f"{at.base}{inspection.pk}/events/"

    def send(body: Any) -> Any:
        return client.post(
            url, body if isinstance(body, str) else json.dumps(body), content_type="application/json"
        )

    for wrong in ("", "[", "[]", "{}", '{"events": 1}', '{"events": [1]}', "[" * 5000):
        answer = send(wrong)
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
    remark = {
        "id": str(new_id()),
        "kind": "remark_written",
        "at": "2026-03-16T10:00:00Z",
        "by": str(at.inspector.pk),
        "device": "web page",
        "body": {"section": "remarks", "text": "Kept through the lift shaft"},
        "supersedes": [],
    }
    for _again in range(2):
        assert send({"events": [remark]}).status_code == 200
    assert (
        send({"events": [{**remark, "by": str(at.place.owner.pk), "id": str(new_id())}]}).status_code == 403
    )
    assert send({"events": [{**remark, "body": {"section": "remarks", "text": "Other"}}]}).status_code == 409
    with at.place.scope():
        assert InspectionEvent.objects.count() == 1


def test_photos_come_with_a_finding(at: Floor) -> None:
    inspection, client = at.plan(), signed_in(at.inspector)
    url = f"{at.base}{inspection.pk}/record/workmanship/"

    def photo(colour: str) -> io.BytesIO:
        file = io.BytesIO()
        Image.new("RGB", (64, 48), colour).save(file, "JPEG")
        file.seek(0)
        file.name = f"{colour}.jpg"
        return file

    form = {**fields_of(client.get(url).content.decode(), "d"), "d-code": "SW03"}
    refused = client.post(url, {**form, "d-files": [photo("red")]})
    assert refused.status_code == 422, "the statement of authority was not confirmed"
    kept = client.post(
        url, {**form, "d-files": [photo("red"), photo("navy")], "d-files_attests": STATEMENT_VERSION}
    )
    assert kept.status_code == 302
    caption = {"p-caption_en": "Whole piece", "p-caption_bn": "পুরো পিস", "p-files": [photo("green")]}
    sent = {**fields_of(client.get(url).content.decode(), "p"), **caption}
    assert client.post(url, sent).status_code == 302
    with at.place.scope():
        assert Attachment.objects.count() == 3
        assert Evidence.objects.count() == 3
        assert len(InspectionEvent.objects.get(kind="defect_recorded").body["photos"]) == 2
    page = client.get(f"{at.base}{inspection.pk}/").content.decode()
    assert "Whole piece" in page
    assert tap(client, url, "p").status_code == 422

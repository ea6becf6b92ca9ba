"""Sampling honesty: the draw is committed to and shown late; photos used twice are found; time is kept."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from goldseal.files.engine.looks import bands, visual_hash
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.services import attest_authority, receive_file
from goldseal.files.tests import makers
from goldseal.inspections import page_selectors
from goldseal.inspections.models import Inspection
from goldseal.inspections.rules import draw
from goldseal.inspections.tests.makers import Floor, floor, signed_in, tap
from goldseal.inspections.tests.recording import send
from goldseal.workspaces.services import make_token

pytestmark = pytest.mark.django_db
CARTONS = [{"first": 1, "last": 5, "pieces": 10}]
TODAY = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def at() -> Floor:
    return floor()


def over_api(at: Floor, inspection: Inspection) -> dict[str, Any]:
    with at.place.scope():
        secret = make_token(
            label="t", scopes="read", days=3000, user=at.place.owner, actor=at.place.actor, now=TODAY
        )[1]
    answer = Client().get(
        f"/api/v1/inspections/{inspection.pk}", headers={"Authorization": f"Bearer {secret}"}
    )
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_nobody_sees_the_drawn_cartons_before_the_lot_is_ready(at: Floor) -> None:
    inspection, client = at.plan(cartons=CARTONS), signed_in(at.inspector)
    page = f"{at.base}{inspection.pk}/record/cartons/"
    assert inspection.drawn
    assert over_api(at, inspection)["drawn"] == []
    shown = client.get(page).content.decode()
    assert "k-cartons" not in shown
    # 39 of 50 packed is 78 %, below the buyer's 80 %.
    assert tap(client, page, "rd", **{"rd__made:int": "50", "rd__packed:int": "39"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "39 of 50 pieces packed; at least 80 % must be" in shown
    assert "k-cartons" not in shown
    assert tap(client, page, "rd", **{"rd__made:int": "50", "rd__packed:int": "40"}).status_code == 302
    assert "k-cartons" in client.get(page).content.decode()
    assert over_api(at, inspection)["drawn"] == inspection.drawn


def test_anybody_can_repeat_the_draw(at: Floor) -> None:
    inspection = at.plan(cartons=CARTONS, seed="")
    seed = bytes.fromhex(inspection.seed)
    assert draw.is_committed(seed=seed, commitment=inspection.seed_commitment)
    again = draw.draw_sample(seed=seed, carton_contents=[10] * 5, sample_size=inspection.sample_size)
    assert [
        {"carton": carton.carton, "pieces": list(carton.pieces)} for carton in again.cartons
    ] == inspection.drawn


def photo(at: Floor, data: bytes, name: str) -> str:
    with at.place.scope():
        attest_authority(version=STATEMENT_VERSION, actor=at.actor, now=TODAY)
        return receive_file(source=io.BytesIO(data), name=name, actor=at.actor, now=TODAY).sha256


def jpeg(width: int, height: int, quality: int) -> bytes:
    return makers.encoded(makers.picture(1600, 1200).resize((width, height)), "JPEG", quality=quality)


def defect_with(digest: str) -> tuple[str, dict[str, Any]]:
    return "defect_recorded", {"code": "SW03", "severity": "major", "photos": [digest]}


def test_a_photo_used_again_is_shown_even_when_it_was_scaled(at: Floor) -> None:
    other = floor("charlie")
    first, second = at.plan(), at.plan()
    stranger = other.plan()
    send(at, first, defect_with(photo(at, jpeg(1600, 1200, 95), "a.jpg")))
    send(other, stranger, defect_with(photo(other, jpeg(1600, 1200, 95), "a.jpg")))
    send(at, second, defect_with(photo(at, jpeg(1000, 750, 60), "b.jpg")))
    with at.place.scope():
        alike = page_selectors.seen_before(second)
    assert [(pair["inspection"], pair["code"]) for pair in alike] == [(first.pk, first.code)]
    page = signed_in(at.place.owner).get(f"{at.base}{second.pk}/").content.decode()
    assert "Photos seen before" in page
    assert "Photos seen before" not in signed_in(at.inspector).get(f"{at.base}{second.pk}/").content.decode()


def test_pictures_without_structure_resemble_nothing() -> None:
    blank = io.BytesIO()
    Image.new("RGB", (320, 240), "white").save(blank, "JPEG")
    assert visual_hash(blank.getvalue()) is None


def test_hashes_close_together_share_a_band() -> None:
    value = visual_hash(jpeg(320, 240, 90))
    assert value is not None
    near = value ^ 0b1 ^ (1 << 20) ^ (1 << 40)
    assert any(a == b for a, b in zip(bands(value), bands(near), strict=True))


def test_time_for_each_piece_is_kept(at: Floor) -> None:
    inspection = at.plan()
    send(at, inspection, ("remark_written", {"section": "remarks", "text": "start"}))
    with at.place.scope():
        from goldseal.inspections import services
        from goldseal.inspections.tests.recording import event

        late = event("remark_written", {"section": "remarks", "text": "end"}, str(at.inspector.pk))
        late["at"] = "2026-03-16T10:13:00Z"
        services.apply_events(inspection_id=inspection.pk, events=[late], actor=at.actor, now=TODAY)
    # 13 minutes over a sample of 13 pieces: a minute each.
    page = signed_in(at.place.owner).get(f"{at.base}{inspection.pk}/").content.decode()
    assert "13 min" in page
    assert "60 s" in page

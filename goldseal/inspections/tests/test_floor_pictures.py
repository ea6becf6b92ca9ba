"""Pictures of defects go down to a device: small, counted, and no other file with them."""

from io import BytesIO

import pytest
from PIL import Image

from goldseal.catalog.models import Defect
from goldseal.catalog.services import set_defect_picture
from goldseal.files.services import receive_file
from goldseal.inspections.tests.floor_device import tablet
from goldseal.inspections.tests.makers import NOW, floor

pytestmark = pytest.mark.django_db


def drawing(number: int) -> bytes:
    """A picture of its own, larger than a thumbnail."""
    into = BytesIO()
    Image.new("RGB", (800, 600), (40 * number, 120, 90)).save(into, "PNG")
    return into.getvalue()


def test_pictures_of_defects_go_down_small_and_only_they() -> None:
    at = floor("alice")
    mine = tablet(at.inspector, at.place.workspace)
    with at.place.scope():
        photo, other = (
            receive_file(source=BytesIO(drawing(number)), name=f"{number}.png", actor=at.place.actor, now=NOW)
            for number in (1, 2)
        )
        defect = Defect.objects.get(code="KN02")
        set_defect_picture(defect_id=defect.pk, attachment=photo, actor=at.place.actor, now=NOW)
    day = mine.day()
    (shown,) = [one["picture"] for one in day["defects"] if one["picture"]]
    answer = mine.ask("GET", f"/floor/pictures/{shown['id']}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert len(answer.content) == shown["size"]
    assert max(Image.open(BytesIO(answer.content)).size) <= 320
    assert mine.ask("GET", f"/floor/pictures/{other.pk}").status_code == 404

"""Pictures of defects: given in the office, shown in the library, and guarded as everything else."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from goldseal.catalog.models import Buyer, Defect, DefectPicture
from goldseal.catalog.tests.makers import Factory, add_buyer, factory
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.inspections.tests.makers import signed_in
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Factory:
    return factory("alice")


def drawing(colour: str) -> SimpleUploadedFile:
    into = BytesIO()
    Image.new("RGB", (640, 480), colour).save(into, "PNG")
    return SimpleUploadedFile("hole.png", into.getvalue(), "image/png")


def defect_of(place: Factory) -> Defect:
    with place.scope():
        return Defect.objects.get(code="KN02")


def test_a_defect_gets_a_picture_another_one_and_none(place: Factory) -> None:
    defect, owner = defect_of(place), signed_in(place.owner)
    url = f"/w/{place.workspace.slug}/catalog/defects/{defect.pk}/"
    assert "None yet" in owner.get(url).content.decode()
    asked = owner.get(f"{url}picture/")
    assert 'type="file"' in asked.content.decode()
    sent = {"files": drawing("red"), "files_attests": STATEMENT_VERSION}
    assert owner.post(f"{url}picture/", sent).status_code == 302
    assert owner.post(f"{url}picture/", {"files": drawing("blue")}).status_code == 302
    with place.scope():
        picture = DefectPicture.objects.select_related("attachment").get(defect=defect)
    assert picture.attachment.is_photo
    assert picture.size > 0
    page = owner.get(url).content.decode()
    assert "upload-photo" in page
    listed = owner.get(f"/w/{place.workspace.slug}/catalog/defects/").content.decode()
    assert listed.count("defect-small") == 1
    assert "gave the defect KN02 a picture" in page
    assert owner.post(f"{url}picture/remove/").status_code == 302
    assert owner.post(f"{url}picture/remove/").status_code == 302
    with place.scope():
        assert not DefectPicture.objects.exists()


def test_what_is_no_picture_is_refused_at_its_field(place: Factory) -> None:
    defect, owner = defect_of(place), signed_in(place.owner)
    url = f"/w/{place.workspace.slug}/catalog/defects/{defect.pk}/picture/"
    note = SimpleUploadedFile("note.txt", b"only words", "text/plain")
    answer = owner.post(url, {"files": note, "files_attests": STATEMENT_VERSION})
    assert answer.status_code == 422
    assert "Choose a picture" in answer.content.decode()
    assert owner.post(url, {"files_ids": ""}).status_code == 422


def test_inspectors_look_and_do_not_change_and_guests_do_not_see(place: Factory) -> None:
    defect, owner = defect_of(place), signed_in(place.owner)
    url = f"/w/{place.workspace.slug}/catalog/defects/{defect.pk}/"
    owner.post(f"{url}picture/", {"files": drawing("red"), "files_attests": STATEMENT_VERSION})
    shown = owner.get(url).content.decode().split('class="upload-photo" src="')[1].split('"')[0]
    with place.scope():
        buyer: Buyer = add_buyer(place)
    inspector = signed_in(place.member("bob", Role.INSPECTOR))
    guest = signed_in(place.member("charlie", Role.BUYER_GUEST, buyer=buyer))
    page = inspector.get(url).content.decode()
    assert "picture/" not in page
    own = page.split('class="upload-photo" src="')[1].split('"')[0]
    assert b"".join(inspector.get(own).streaming_content)  # type: ignore[attr-defined]
    for path in (url, f"/w/{place.workspace.slug}/catalog/defects/"):
        assert "files/" not in guest.get(path).content.decode()
    assert guest.get(shown).status_code == 404
    for client in (inspector, guest):
        assert client.post(f"{url}picture/", {"files": drawing("blue")}).status_code == 403
        assert client.post(f"{url}picture/remove/").status_code == 403

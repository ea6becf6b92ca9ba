"""Files coming in: what is kept of them, what is refused and in which words, what a sweep takes away."""

import base64
import io
import os
import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.db.models import ProtectedError
from django.utils.translation import override
from PIL import Image

from goldseal.files import errors, services
from goldseal.files.engine import blobs as blobs_module
from goldseal.files.engine.keystore import KeyDestroyed, KeyMissing
from goldseal.files.errors import Altered, NoRoom
from goldseal.files.models import Attachment, Upload
from goldseal.files.rules.tus import Announced
from goldseal.files.selectors import STATEMENT_VERSION, files_of_workspace, open_content
from goldseal.files.sentences import SENTENCES
from goldseal.files.services import (
    delete_attachment,
    destroy_workspace_key,
    erase_workspace_files,
    receive_file,
    sweep_files,
)
from goldseal.files.stores import blob_store, ensure_key, key_store, part_store
from goldseal.files.tests import makers
from goldseal.files.tests.people import NOW, Person, member, owner
from goldseal.files.upload_services import begin_upload, continue_upload
from goldseal.kit.actors import system_actor
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from goldseal.kit.permissions import Role
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def alice() -> Person:
    return owner("alice")


@pytest.fixture(autouse=True)
def _small_posts(settings) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["goldseal.files.posted.SmallFilesHandler"]


def kept(person: Person, content: bytes, name: str = "a.jpg", **options) -> Attachment:
    with person.scope():
        return receive_file(source=io.BytesIO(content), name=name, actor=person.actor, now=NOW, **options)


HOSTILE = {
    "bomb": (lambda: makers.png_bomb(30_000, 30_000), "at most 50 megapixels"),
    "zip bomb": (
        lambda: makers.office("docx", {"word/media/a.bin": bytes(50_000_000)}),
        "unpacks to far more",
    ),
    "polyglot": (lambda: makers.jpeg() + makers.archive({"a.html": b"<script>"}), "hidden"),
    "svg": (lambda: SVG, "SVG drawings can carry programs"),
    "truncated": (lambda: makers.jpeg()[:-100], "cut off"),
    "program": (lambda: b"MZ" + bytes(200), "Programs are not accepted"),
    "web page": (lambda: b"<!doctype html><script>alert(1)</script>", "Web pages"),
    "gif": (lambda: makers.encoded(makers.picture(), "GIF"), "Save it as JPEG or PNG"),
    "archive": (lambda: makers.archive({"a.txt": b"x"}), "one by one"),
    "locked pdf": (lambda: makers.pdf(trailer=b"/Encrypt 9 0 R"), "password"),
    "empty": (lambda: b"", "This file is empty"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_words_at_the_field(alice: Person, kind: str) -> None:
    make, words = HOSTILE[kind]
    answer = alice.client().post(
        f"{alice.base}add/",
        {"files": upload_named("harmless.jpg", make()), "files_attests": STATEMENT_VERSION},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert 'class="wrong"' in page
    with alice.scope():
        assert not Attachment.objects.exists()
    assert stored_files(alice) == []


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "empty"])
def test_a_hostile_file_is_refused_in_words_over_tus(alice: Person, kind: str) -> None:
    make, words = HOSTILE[kind]
    content, client = make(), alice.client()
    name = base64.b64encode(b"harmless.jpg").decode()
    attests = base64.b64encode(STATEMENT_VERSION.encode()).decode()
    tus = {"Tus-Resumable": "1.0.0"}
    begun = client.post(
        f"{alice.base}upload/",
        b"",
        content_type="application/octet-stream",
        headers={
            **tus,
            "Upload-Length": str(len(content)),
            "Upload-Metadata": f"filename {name},attests {attests}",
        },
    )
    answer = client.patch(
        begun["Location"],
        content,
        content_type="application/offset+octet-stream",
        headers={**tus, "Upload-Offset": "0"},
    )
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert answer.json()["errors"] == [{"at": "file", "message": answer.json()["detail"]}]
    with alice.scope():
        assert not Upload.objects.exists()
        assert not Attachment.objects.exists()


def upload_named(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def stored_files(person: Person) -> list[Path]:
    folder = Path(settings.FILES_FOLDER) / str(person.workspace.pk)
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "lock"]


def test_every_refusal_of_the_engine_has_its_sentence_in_both_languages() -> None:
    import re

    engine = Path(services.__file__).parent / "engine"
    source = "".join(path.read_text() for path in engine.glob("*.py"))
    codes = set(re.findall(r'Refused(?:Here)?\(\s*"([a-z_0-9]+)"', source))
    codes |= set(re.findall(r'refused": "([a-z_0-9]+)"', source))
    codes |= set(re.findall(r'\), "([a-z_0-9]+)", "', source)) | set(
        re.findall(r'b"[^"]+", "([a-z_0-9]+)", "', source)
    )
    codes |= {"old_office", "crashed", "took_too_long"}
    assert len(codes) > 30
    assert codes <= SENTENCES.keys()


def test_a_photo_is_encoded_afresh_and_its_place_forgotten_unless_wanted(alice: Person) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "canary camera"
    exif.get_ifd(0x8825).update({1: "N", 2: (23.0, 48.0, 36.0), 3: "E", 4: (90.0, 24.0, 36.0)})
    content = makers.jpeg(exif=exif)
    plain = kept(alice, content)
    assert (plain.latitude, plain.longitude) == (None, None)
    assert (plain.width, plain.height) == (40, 60)
    placed = kept(alice, content, keep_location=True)
    assert (placed.latitude, placed.longitude) == (Decimal("23.810000"), Decimal("90.410000"))
    with alice.scope(), open_content(plain) as file:
        assert b"canary" not in file.read()
    assert plain.sha256 != plain.original_sha256


@pytest.mark.parametrize(
    ("make", "kind", "name", "mime"),
    [
        (makers.heic, "photo", "a.jpg", "image/jpeg"),
        (makers.png, "photo", "a.png", "image/png"),
        (makers.webp, "photo", "a.jpg", "image/jpeg"),
        (makers.pdf, "document", "a.pdf", "application/pdf"),
        (lambda: makers.office("xlsx"), "table", "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (lambda: b"style,size\nA,B\n", "table", "a.csv", "text/csv; charset=utf-8"),
        (makers.recording, "sound", "a.m4a", "audio/mp4"),
        (lambda: makers.recording(b"isom", b"vide"), "film", "a.mp4", "video/mp4"),
    ],
)  # fmt: skip
def test_the_bytes_decide_what_a_file_is_and_is_called(
    alice: Person, make, kind: str, name: str, mime: str
) -> None:
    row = kept(alice, make(), "a.exe")
    assert (row.kind, row.name, row.mime) == (kind, name, mime)


def test_a_large_document_is_checked_apart_and_kept_whole(alice: Person) -> None:
    large = makers.office("docx", {"word/media/a.bin": random.Random(1).randbytes(5_000_000)})
    row = kept(alice, large, "large.docx")
    with alice.scope(), open_content(row) as file:
        assert file.read() == large
    with pytest.raises(Invalid):
        kept(alice, large[:-500], "cut.docx")


def test_sizes_have_their_limits(alice: Person, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    with pytest.raises(Invalid, match="too large"):
        kept(alice, makers.pdf() + bytes(2000))
    with pytest.raises(TooLarge), alice.scope():
        begin_upload(length=1001, said=Announced(attests=STATEMENT_VERSION), actor=alice.actor, now=NOW)
    settings.UPLOAD_MAX_BYTES = 100_000_000
    with pytest.raises(Invalid, match="30 MB"):
        kept(alice, b"\xff\xd8\xff" + bytes(30_000_001))


def test_another_digest_than_announced_is_not_kept(alice: Person) -> None:
    with pytest.raises(Altered):
        kept(alice, makers.jpeg(), expected_sha256="ab" * 32)
    assert stored_files(alice) == []


def test_only_who_may_add_files_adds_them(alice: Person) -> None:
    viewer = member("vera", alice.workspace, Role.VIEWER)
    with pytest.raises(Forbidden):
        kept(viewer, makers.jpeg())
    with alice.scope():
        row = receive_file(
            source=io.BytesIO(makers.jpeg()), name="x", actor=system_actor(alice.workspace.pk), now=NOW
        )
    assert row.uploaded_by is None


def test_a_full_disk_keeps_nothing_and_says_so(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs_module.os, "fsync", full)
    with pytest.raises(NoRoom) as told:
        kept(alice, makers.jpeg())
    assert told.value.status == 507
    with alice.scope():
        assert not Attachment.objects.exists()


def test_a_plain_post_keeps_the_photo(alice: Person) -> None:
    client = alice.client()
    refused = client.post(f"{alice.base}add/", {"files": upload_named("a.jpg", makers.jpeg())})
    assert "Confirm below that you may upload this content" in refused.content.decode()
    answer = client.post(
        f"{alice.base}add/",
        {"files": upload_named("a.jpg", makers.jpeg()), "files_attests": STATEMENT_VERSION},
    )
    with alice.scope():
        row = Attachment.objects.get()
    assert answer["Location"] == f"{alice.base}{row.pk}/"
    assert (row.name, row.uploaded_by_id) == ("a.jpg", alice.user.pk)


def test_a_post_beyond_ten_megabytes_is_refused_without_a_file_on_disk(alice: Person) -> None:
    alice.attests()
    answer = alice.client().post(f"{alice.base}add/", {"files": upload_named("a.jpg", bytes(10_000_001))})
    assert "larger than 10 MB" in answer.content.decode()


def test_of_several_files_all_are_kept_or_none(alice: Person) -> None:
    alice.attests()
    answer = alice.client().post(
        f"{alice.base}add/", {"files": [upload_named("a.jpg", makers.jpeg()), upload_named("b.svg", SVG)]}
    )
    page = answer.content.decode()
    assert "“b.svg”: SVG drawings" in page
    with alice.scope():
        assert not Attachment.objects.exists()


def test_a_form_takes_only_the_persons_own_uploads(alice: Person) -> None:
    bob, charlie = member("bob", alice.workspace), owner("charlie")
    alice.attests()
    mine, bobs, foreign = kept(alice, makers.jpeg()), kept(bob, makers.png()), kept(charlie, makers.webp())
    client = alice.client()
    for pk in (bobs.pk, foreign.pk, uuid4()):
        answer = client.post(f"{alice.base}add/", {"files_ids": f"{mine.pk} {pk}"})
        assert "no longer there" in answer.content.decode()
    assert client.post(f"{alice.base}add/", {"files_ids": str(mine.pk)}).status_code == 302


def test_everything_said_here_is_said_in_bangla_too() -> None:
    """Compiled catalogues are built, not kept; what counts is that the source has every sentence."""
    path = Path(services.__file__).parent / "locale/bn/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="bn")
    said = {message.id: message for message in catalogue if message.id}
    assert all(message.string and not message.fuzzy for message in said.values())
    with override("en"):
        assert {str(sentence) for sentence in SENTENCES.values()} <= said.keys()


def test_deleting_takes_the_row_at_once_and_the_bytes_with_the_sweep(alice: Person) -> None:
    photo = makers.encoded(makers.picture(2000, 1000), "JPEG")
    row, twin = kept(alice, photo), kept(alice, photo)
    with alice.scope():
        delete_attachment(attachment_id=row.pk, actor=alice.actor, now=NOW)
        with pytest.raises(NotFound):
            delete_attachment(attachment_id=row.pk, actor=alice.actor, now=NOW)
    with alice.scope():
        assert Entry.objects.filter(event="file.deleted", object_id=row.pk).count() == 1
    aged(alice)
    assert sweep_files(now=NOW + timedelta(days=2)).blobs == 0
    with alice.scope():
        delete_attachment(attachment_id=twin.pk, actor=alice.actor, now=NOW)
    assert sweep_files(now=NOW + timedelta(days=2)).blobs == 3
    assert stored_files(alice) == []


def aged(person: Person) -> None:
    for path in stored_files(person):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))


def test_a_sweep_spares_the_neighbour_and_the_young(alice: Person) -> None:
    charlie = owner("charlie")
    kept(charlie, makers.encoded(makers.picture(2000, 1000), "JPEG"))
    with alice.scope():
        blob_store().put(workspace_id=alice.workspace.pk, source=io.BytesIO(b"orphan"), max_bytes=100)
    assert sweep_files(now=NOW + timedelta(hours=1)).blobs == 0
    aged(alice)
    aged(charlie)
    counts = sweep_files(now=NOW + timedelta(days=2))
    assert counts.blobs == 1
    assert len(stored_files(charlie)) == 3


def test_a_file_in_use_is_not_deleted(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    row = kept(alice, makers.jpeg())

    def protected(self, *args, **kwargs):
        raise ProtectedError("used", set())

    monkeypatch.setattr(Attachment, "delete", protected)
    with pytest.raises(Conflict, match="A record uses this file"), alice.scope():
        delete_attachment(attachment_id=row.pk, actor=alice.actor, now=NOW)
    bob = member("bob", alice.workspace)
    with pytest.raises(Forbidden), alice.scope():
        delete_attachment(attachment_id=row.pk, actor=bob.actor, now=NOW)


def test_a_new_workspace_has_its_key_and_an_erased_one_opens_nothing(alice: Person) -> None:
    charlie = owner("charlie")
    row, theirs = kept(alice, b"canary " * 50, "a.txt"), kept(charlie, b"canary " * 50, "a.txt")
    assert len(key_store().get(alice.workspace.pk)) == 32
    with alice.scope():
        assert [(found.pk, opened().read()) for found, opened in files_of_workspace()] == [
            (row.pk, b"canary " * 50)
        ]
    destroy_workspace_key(alice.workspace.pk)
    with pytest.raises(errors.Unreadable), alice.scope():
        open_content(row)
    with pytest.raises(errors.Unreadable):
        kept(alice, makers.jpeg())
    erase_workspace_files(alice.workspace.pk)
    erase_workspace_files(alice.workspace.pk)
    assert not (Path(settings.FILES_FOLDER) / str(alice.workspace.pk)).exists()
    with charlie.scope(), open_content(theirs) as file:
        assert file.read() == b"canary " * 50


def test_a_lost_key_is_never_replaced_silently(alice: Person) -> None:
    keys = key_store()
    fresh = uuid4()
    with pytest.raises(KeyMissing):
        keys.get(fresh)
    kept(alice, makers.jpeg())
    keys._key_path(alice.workspace.pk).unlink()
    with pytest.raises(KeyMissing), alice.scope():
        ensure_key(alice.workspace.pk)
    charlie = owner("charlie")
    keys._key_path(charlie.workspace.pk).unlink()
    with charlie.scope():
        ensure_key(charlie.workspace.pk)
    assert len(keys.get(charlie.workspace.pk)) == 32
    keys.destroy(charlie.workspace.pk)
    with pytest.raises(KeyDestroyed), charlie.scope():
        ensure_key(charlie.workspace.pk)


def test_parts_of_an_upload_under_way_are_encrypted(alice: Person) -> None:
    alice.attests()
    with alice.scope():
        upload = begin_upload(length=70_000, said=Announced(name="a.txt"), actor=alice.actor, now=NOW)
        continue_upload(
            upload_id=upload.pk,
            offset=0,
            source=io.BytesIO(b"canary" * 1000),
            size=6000,
            actor=alice.actor,
            now=NOW,
        )
    folder = part_store()._folder(alice.workspace.pk, upload.pk)
    assert all(b"canary" not in path.read_bytes() for path in folder.iterdir())
    erase_workspace_files(alice.workspace.pk)
    assert not folder.exists()


def test_real_photos_come_in(alice: Person, shared_data: Path) -> None:
    heic = sorted((shared_data / "images" / "heic").glob("*.hei[cf]"))[:2]
    for path in heic:
        assert kept(alice, path.read_bytes(), path.name).mime == "image/jpeg"
    assert len(heic) == 2

"""The upload protocol through the front door: every header, every refusal, nobody else's uploads."""

import base64
import hashlib
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from goldseal.files.models import Attachment, Upload, UploadAttestation
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.stores import part_store
from goldseal.files.tests import makers
from goldseal.files.tests.people import Person, member, owner
from goldseal.kit.permissions import Role
from goldseal.trail.models import Entry
from goldseal.workspaces.services import make_token

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"


@pytest.fixture
def alice() -> Person:
    alice = owner("alice")
    alice.attests()
    return alice


def metadata(**pairs: str) -> dict[str, str]:
    coded = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    return {"Upload-Metadata": coded}


def begun(person: Person, length: int, *, client=None, **pairs: str):
    return (client or person.client()).post(
        f"{person.base}upload/",
        data=b"",
        content_type="application/octet-stream",
        headers={**TUS, "Upload-Length": str(length), **metadata(filename="a.jpg", **pairs)},
    )


def patched(client, address: str, content: bytes, offset: int = 0, **headers: str):
    return client.patch(
        address, data=content, content_type=PART, headers={**TUS, "Upload-Offset": str(offset), **headers}
    )


def test_a_photo_in_two_parts_is_kept_and_told_again(alice: Person) -> None:
    client, content = alice.client(), makers.jpeg()
    answer = begun(alice, len(content), client=client, sha256=hashlib.sha256(content).hexdigest())
    assert answer.status_code == 201
    assert answer["Upload-Offset"] == "0"
    address = answer["Location"]
    first = patched(client, address, content[:300])
    assert (first.status_code, first["Upload-Offset"]) == (204, "300")
    assert "Goldseal-Attachment" not in first
    standing = client.head(address, headers=TUS)
    assert (standing["Upload-Offset"], standing["Upload-Length"]) == ("300", str(len(content)))
    assert standing["Cache-Control"] == "no-store"
    last = patched(client, address, content[300:], 300)
    assert last.content == b""
    again = client.head(address, headers=TUS)
    assert again["Goldseal-Attachment"] == last["Goldseal-Attachment"]
    with alice.scope():
        kept = Attachment.objects.get(pk=last["Goldseal-Attachment"])
        assert kept.original_sha256 == hashlib.sha256(content).hexdigest()
        assert (kept.name, kept.kind, kept.mime, kept.width, kept.height) == (
            "a.jpg",
            "photo",
            "image/jpeg",
            60,
            40,
        )
        assert kept.uploaded_by == alice.user
    with alice.scope():
        assert Entry.objects.filter(event="file.received", object_id=kept.pk).exists()


def test_creation_may_carry_the_bytes(alice: Person) -> None:
    content = makers.png()
    answer = alice.client().post(
        f"{alice.base}upload/",
        data=content,
        content_type=PART,
        headers={**TUS, "Upload-Length": str(len(content)), **metadata(filename="a.png")},
    )
    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(content)))
    assert answer["Goldseal-Attachment"]


def test_the_server_says_what_it_can(alice: Person) -> None:
    answer = alice.client().options(f"{alice.base}upload/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "termination",
        "expiration",
        "checksum",
    }
    assert answer["Tus-Checksum-Algorithm"] == "sha256"
    assert answer["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)


def test_another_protocol_version_is_refused(alice: Person) -> None:
    answer = alice.client().post(
        f"{alice.base}upload/", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "5"}
    )
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 400),
        ({"Upload-Defer-Length": "1"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "1e3"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "filename ??"}, 400),
        ({"Upload-Length": "0"}, 422),
        ({"Upload-Length": str(100 * 1024 * 1024 + 1)}, 413),
    ],
)
def test_a_creation_that_makes_no_sense_is_refused(alice: Person, headers: dict, status: int) -> None:
    answer = alice.client().post(
        f"{alice.base}upload/", b"", content_type="application/octet-stream", headers={**TUS, **headers}
    )
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    with alice.scope():
        assert not Upload.objects.exists()


def test_parts_must_continue_where_the_upload_stands(alice: Person) -> None:
    client = alice.client()
    address = begun(alice, 1000, client=client)["Location"]
    assert patched(client, address, b"x" * 10, 5).status_code == 409
    assert patched(client, address, b"x" * 1001).status_code == 413
    assert (
        client.patch(
            address, b"x", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}
        ).status_code
        == 415
    )
    assert client.patch(address, b"x", content_type=PART, headers=TUS).status_code == 400
    assert client.head(address, headers=TUS)["Upload-Offset"] == "0"


def test_a_part_altered_on_the_way_is_thrown_away(alice: Person) -> None:
    client, content = alice.client(), makers.jpeg()
    address = begun(alice, len(content), client=client)["Location"]
    right = base64.b64encode(hashlib.sha256(content).digest()).decode()
    altered = patched(client, address, content[:-1] + b"\x00", **{"Upload-Checksum": f"sha256 {right}"})
    assert altered.status_code == 460
    assert client.head(address, headers=TUS)["Upload-Offset"] == "0"
    assert patched(client, address, content, **{"Upload-Checksum": "md5 YQ=="}).status_code == 400
    assert patched(client, address, content, **{"Upload-Checksum": f"sha256 {right}"}).status_code == 204


def test_a_file_that_is_not_the_announced_one_is_not_kept(alice: Person) -> None:
    client, content = alice.client(), makers.jpeg()
    address = begun(alice, len(content), client=client, sha256="ab" * 32)["Location"]
    assert patched(client, address, content).status_code == 460
    assert client.head(address, headers=TUS).status_code == 404
    with alice.scope():
        assert not Attachment.objects.exists()


def test_giving_up_removes_what_came(alice: Person, django_capture_on_commit_callbacks) -> None:
    client = alice.client()
    address = begun(alice, 1000, client=client)["Location"]
    patched(client, address, b"x" * 400)
    with alice.scope():
        upload = Upload.objects.get()
    folder = part_store()._folder(alice.workspace.pk, upload.pk)
    assert any(folder.iterdir())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(address, headers=TUS).status_code == 204
    assert not folder.exists()
    assert client.head(address, headers=TUS).status_code == 404


def test_an_expired_upload_is_no_longer_there(alice: Person) -> None:
    client = alice.client()
    address = begun(alice, 1000, client=client)["Location"]
    with alice.scope():
        Upload.objects.update(expires_at=Upload.objects.get().created_at - timedelta(seconds=1))
    assert client.head(address, headers=TUS).status_code == 404
    assert patched(client, address, b"x").status_code == 404


def test_anothers_upload_answers_as_one_that_does_not_exist(alice: Person) -> None:
    """Bob of the same workspace, and Charlie of another who tries the id at his own address."""
    mine = begun(alice, 1000)["Location"].rpartition("/")[2]
    bob, charlie = member("bob", alice.workspace), owner("charlie")
    for person in (bob, charlie):
        client = person.client()
        for method in ("head", "patch", "delete"):
            answers = []
            for pk in (mine, str(uuid4())):
                ask = getattr(client, method)
                extra = {"data": b"x", "content_type": PART} if method == "patch" else {}
                answer = ask(f"{person.base}upload/{pk}", headers={**TUS, "Upload-Offset": "0"}, **extra)
                headers = {k: v for k, v in answer.items() if k != "Content-Security-Policy"}
                answers.append((answer.status_code, answer.content, headers))
            assert answers[0] == answers[1]
            assert answers[0][0] == 404
    stranger = charlie.client().head(f"{alice.base}upload/{mine}", headers=TUS)
    assert stranger.status_code == 404


def test_a_viewer_may_not_upload_and_nobody_signed_out(alice: Person, client) -> None:
    viewer = member("vera", alice.workspace, Role.VIEWER)
    assert begun(viewer, 1000).status_code == 403
    assert begun(alice, 1000, client=client).status_code == 302


def test_another_site_cannot_send_for_the_person(alice: Person) -> None:
    strict = alice.client(enforce_csrf_checks=True)
    assert begun(alice, 1000, client=strict).status_code == 403
    page = strict.get(f"{alice.base}add/").content.decode()
    mark = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert mark
    answer = strict.post(
        f"{alice.base}upload/",
        b"",
        content_type="application/octet-stream",
        headers={**TUS, "Upload-Length": "1000", "X-CSRFToken": mark[1]},
    )
    assert answer.status_code == 201


def test_the_first_upload_needs_the_confirmation_once(alice: Person) -> None:
    bob = member("bob", alice.workspace)
    refused = begun(bob, 1000)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("attestation-needed")
    assert "I may upload this content" in refused.json()["detail"]
    assert begun(bob, 1000, attests="1999-1").status_code == 409
    assert begun(bob, 1000, attests=STATEMENT_VERSION).status_code == 201
    assert begun(bob, 1000).status_code == 201
    with alice.scope():
        assert UploadAttestation.objects.filter(person=bob.user).count() == 1
        assert Entry.objects.filter(event="file.attested", actor_id=bob.user.pk).count() == 1
    elsewhere = owner("bella")
    with elsewhere.scope():
        assert not UploadAttestation.objects.exists()


def test_the_api_takes_an_upload_with_a_token(alice: Person, client, django_user_model) -> None:
    with alice.scope():
        token = make_token(
            label="floor",
            scopes="write",
            days=30,
            user=alice.user,
            actor=alice.actor,
            now=django_user_model.objects.get(pk=alice.user.pk).joined_at,
        )[1]
        reading = make_token(
            label="reader",
            scopes="read",
            days=30,
            user=alice.user,
            actor=alice.actor,
            now=django_user_model.objects.get(pk=alice.user.pk).joined_at,
        )[1]
    content = makers.jpeg()
    bearer = {"Authorization": f"Bearer {token}", **TUS}
    start = {"Upload-Length": str(len(content)), **metadata(filename="a.jpg")}
    address = "/api/v1/files/upload"
    assert client.options(address).status_code == 204
    assert client.post(address, headers={**TUS, **start}).status_code == 401
    assert (
        client.post(address, headers={**TUS, **start, "Authorization": f"Bearer {reading}"}).status_code
        == 403
    )
    begun_ = client.post(
        address, headers={**bearer, **start}, content_type="application/octet-stream", data=b""
    )
    assert begun_.status_code == 201
    done = patched(client, begun_["Location"], content, **bearer)
    file = client.get(f"/api/v1/files/{done['Goldseal-Attachment']}", headers=bearer)
    assert file.json()["original_sha256"] == hashlib.sha256(content).hexdigest()
    assert client.get(f"/api/v1/files/{uuid4()}", headers=bearer).status_code == 404
    small = client.get(f"/api/v1/files/{file.json()['id']}/content?variant=thumbnail", headers=bearer)
    assert b"".join(small.streaming_content).startswith(b"\xff\xd8\xff")


def test_a_small_file_over_the_api_needs_the_confirmation_too(alice: Person, client) -> None:
    bob = member("bob", alice.workspace)
    with bob.scope():
        token = make_token(
            label="floor", scopes="write", days=30, user=bob.user, actor=alice.actor, now=bob.user.joined_at
        )[1]
    bearer = {"Authorization": f"Bearer {token}"}

    def sent(**fields: str):
        file = SimpleUploadedFile("a.jpg", makers.jpeg())
        return client.post("/api/v1/files", {"file": file, **fields}, headers=bearer)

    first = sent()
    assert first.status_code == 409, first.content
    assert sent(attests=STATEMENT_VERSION).status_code == 201
    assert sent().json()["name"] == "a.jpg"
    told = client.get("/api/v1/files/attestation", headers=bearer).json()
    assert (told["version"], told["is_confirmed"]) == (STATEMENT_VERSION, True)
    assert (
        client.post(
            "/api/v1/files/attestation", {"version": "1999-1"}, "application/json", headers=bearer
        ).status_code
        == 409
    )
    confirmed = client.post(
        "/api/v1/files/attestation", {"version": STATEMENT_VERSION}, "application/json", headers=bearer
    )
    assert confirmed.status_code == 204
    pk = sent().json()["id"]
    assert client.delete(f"/api/v1/files/{pk}", headers=bearer).status_code == 403
    with alice.scope():
        hers = make_token(
            label="desk",
            scopes="write",
            days=30,
            user=alice.user,
            actor=alice.actor,
            now=alice.user.joined_at,
        )[1]
    assert (
        client.delete(f"/api/v1/files/{pk}", headers={"Authorization": f"Bearer {hers}"}).status_code == 204
    )
    assert client.get(f"/api/v1/files/{pk}", headers=bearer).status_code == 404

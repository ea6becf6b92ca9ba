"""What a stored file is served with, to whom, and for how long."""

import io
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from goldseal.files import access
from goldseal.files.models import Attachment
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import attachments_for, download_link, open_content
from goldseal.files.services import receive_file
from goldseal.files.stores import blob_store
from goldseal.files.tests import makers
from goldseal.files.tests.people import NOW, Person, member, owner
from goldseal.kit.clock import utc_now
from goldseal.kit.ids import new_id
from goldseal.kit.permissions import Role
from goldseal.workspaces.models import Membership
from goldseal.workspaces.services import workspace_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Person:
    return owner("alice")


def kept(person: Person, content: bytes = b"", name: str = "collar.jpg", **options) -> Attachment:
    with person.scope():
        return receive_file(
            source=io.BytesIO(content or makers.jpeg()), name=name, actor=person.actor, now=NOW, **options
        )


def linked(
    person: Person, client: Client, attachment: Attachment, variant=Variant.FILE, *, ago=timedelta()
) -> str:
    session = client.session.session_key or ""
    link = download_link(
        attachment_id=attachment.pk, actor=person.actor, session=session, now=utc_now() - ago, variant=variant
    )
    return f"{person.base}{link}"


def status(client: Client, address: str) -> int:
    answer = client.get(address)
    if answer.streaming:
        content_of(answer)
    return answer.status_code


def content_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_download_can_do_nothing_but_be_saved(alice: Person) -> None:
    attachment, client = kept(alice, makers.pdf(), 'Order "7" <b>.pdf'), alice.client()
    answer = client.get(linked(alice, client, attachment))
    assert content_of(answer) == makers.pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Order _7_ _b_.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Length"] == str(len(makers.pdf()))


def test_a_photo_comes_in_three_sizes(alice: Person) -> None:
    attachment, client = kept(alice, makers.encoded(makers.picture(2000, 1000), "JPEG")), alice.client()
    sizes = {}
    for variant in Variant:
        answer = client.get(linked(alice, client, attachment, variant))
        sizes[variant.name] = Image.open(io.BytesIO(content_of(answer))).size
    assert sizes == {"FILE": (2000, 1000), "PRINT": (1400, 700), "THUMBNAIL": (320, 160)}


def without_marks(response) -> bytes:
    return re.sub(rb'(csrfmiddlewaretoken" value|name="next" value)="[^"]*"', b"", response.content)


def test_a_link_is_nothing_to_anybody_else_or_later(alice: Person) -> None:
    attachment, client = kept(alice), alice.client()
    bob, charlie = member("bob", alice.workspace), owner("charlie")
    good = linked(alice, client, attachment)
    assert status(client, good) == 200
    nothing = client.get(linked(alice, client, Attachment(pk=uuid4())))
    expired = client.get(linked(alice, client, attachment, ago=timedelta(minutes=10, seconds=1)))
    other_session = alice.client().get(good)
    altered = client.get(good[:-20] + "A" * 20)
    no_link = client.get(f"{alice.base}nothing")
    for answer in (nothing, expired, other_session, altered, no_link):
        assert answer.status_code == 404
        assert without_marks(answer) == without_marks(nothing)
    assert status(bob.client(), good) == 404
    # At Charlie's own address, with a link made for Charlie, Alice's file is as one that does not exist.
    foreign, own_client = attachment, charlie.client()
    answers = [
        own_client.get(linked(charlie, own_client, which)) for which in (foreign, Attachment(pk=uuid4()))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_marks(answers[0]) == without_marks(answers[1])
    assert Client().get(good).status_code == 302


def test_a_page_of_another_workspaces_file_is_not_there(alice: Person) -> None:
    attachment, charlie = kept(alice), owner("charlie")
    client = charlie.client()
    answers = [client.get(f"{charlie.base}{pk}/") for pk in (attachment.pk, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert without_marks(answers[0]) == without_marks(answers[1])
    answers = [client.post(f"{charlie.base}{pk}/delete/") for pk in (attachment.pk, uuid4())]
    assert without_marks(answers[0]) == without_marks(answers[1])
    with alice.scope():
        assert Attachment.objects.filter(pk=attachment.pk).exists()


@contextmanager
def records_vouch_for(*ids):
    def source(actor, asked):
        return asked & set(ids)

    access.declare_attachment_access(source)
    try:
        yield
    finally:
        access._SOURCES.remove(source)


def test_a_buyer_guest_sees_only_what_a_record_of_theirs_refers_to(alice: Person) -> None:
    shown, hidden = kept(alice), kept(alice, makers.png(), "other.png")
    buyer_id = new_id()
    guest = member_guest("gita", alice, buyer_id)
    client = guest.client()
    with records_vouch_for(shown.pk):
        assert status(client, linked(guest, client, shown)) == 200
        for attachment in (hidden, Attachment(pk=uuid4())):
            assert status(client, linked(guest, client, attachment)) == 404
        with workspace_scope(alice.workspace.pk, compartment_id=buyer_id):
            actor = guest_actor(guest, buyer_id)
            assert set(attachments_for(actor, frozenset({shown.pk, hidden.pk}))) == {shown.pk}
            assert list(Attachment.objects.all()) == []
    assert status(client, linked(guest, client, shown)) == 404
    assert client.get(guest.base).status_code == 403


def member_guest(name: str, alice: Person, buyer_id) -> Person:
    guest = owner(name)
    with workspace_scope(alice.workspace.pk):
        Membership.objects.create(
            user=guest.user, role=Role.BUYER_GUEST.value, compartment_id=buyer_id, joined_at=NOW
        )
    return Person(guest.user, alice.workspace, Role.BUYER_GUEST)


def guest_actor(guest: Person, buyer_id):
    return replace(guest.actor, compartment_id=buyer_id)


def test_a_damaged_blob_is_said_and_logged(alice: Person, caplog) -> None:
    attachment, client = kept(alice), alice.client()
    path = blob_store()._path(alice.workspace.pk, attachment.address)
    path.write_bytes(path.read_bytes()[:-9])
    answer = client.get(linked(alice, client, attachment))
    assert answer.status_code == 503
    assert "cannot be read" in answer.content.decode()
    assert attachment.address[:12] in caplog.text


def test_bytes_on_disk_are_encrypted_and_each_workspace_has_its_own(alice: Person) -> None:
    content = b"canary of alice, " * 100
    charlie = owner("charlie")
    mine, theirs = kept(alice, content, "a.txt"), kept(charlie, content, "a.txt")
    assert mine.address != theirs.address
    paths = [blob_store()._path(row.workspace_id, row.address) for row in (mine, theirs)]
    assert all(b"canary" not in path.read_bytes() for path in paths)
    with alice.scope(), open_content(mine) as file:
        assert file.read() == content


@pytest.mark.parametrize("page", ["", "add/"])
def test_pages_cost_the_same_however_many_files(
    alice: Person,
    page: str,
) -> None:
    client = alice.client()
    counts = []
    for _round in range(2):
        for number in range(3):
            kept(alice, makers.encoded(makers.picture(60 + len(counts) * 3 + number, 40), "JPEG"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"{alice.base}{page}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[0] <= 15

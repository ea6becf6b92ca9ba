"""The canary test: every field of every model filled for two workspaces, one erased, every store swept.

Nothing of the erased one may be left anywhere; everything of its neighbour must be.
"""

import io
import json
import logging
import secrets
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from PIL import Image

from goldseal.accounts.models import User
from goldseal.files.services import receive_file
from goldseal.files.stores import key_store
from goldseal.kit.actors import system_actor
from goldseal.kit.promises import broken_promises
from goldseal.privacy import erasing
from goldseal.privacy.exporting import owned_models
from goldseal.privacy.models import Erasure, ErasureState
from goldseal.privacy.services import begin_erasure, erase_person, erase_workspace, export_workspace
from goldseal.workspaces.models import Membership, Workspace
from goldseal.workspaces.services import create_workspace, operator_scope, person_scope, workspace_scope
from tests.erasure.filling import NOW, Filler
from tests.erasure.sweeping import dump, in_folders, occurrences
from tests.plugin import SERVER

NOBODY = UUID(int=0)


def photo_with(mark: str) -> io.BytesIO:
    picture = io.BytesIO()
    image = Image.effect_noise((320, 240), 40).convert("RGB")
    image.save(picture, "PNG", pnginfo=None)
    picture.seek(0)
    return picture


class Household:
    """A workspace full of canaries, with its owner, a file, a cached value, a queued job and a temporary file."""

    def __init__(self, name: str) -> None:
        self.mark = f"canary{secrets.token_hex(6)}"
        self.owner = User.objects.create_user(f"{name}@example.test", name=name)
        actor = system_actor(via="command")
        self.workspace = create_workspace(
            name=f"{self.mark}-name", kind="expert_customer", owner=self.owner, actor=actor, now=NOW
        )
        self.id = self.workspace.pk
        with workspace_scope(self.id, actor_id=self.owner.pk):
            Workspace.objects.filter(pk=self.id).update(
                address=f"{self.mark}-address", contact_email=f"{self.mark}@example.test"
            )
            self.file = receive_file(
                source=photo_with(self.mark), name=f"{self.mark}.png", actor=system_actor(self.id), now=NOW
            )
            kept = {
                name: getattr(self.file, name) for name in ("address", "thumbnail_address", "print_address")
            }
            self.made = Filler(self.mark, self.id, [self.owner], {"files.Attachment": kept}).fill()
        cache.set(f"ws:{self.id}:0:note", f"{self.mark}-cached", timeout=3600)
        self._queue()
        temporary = Path(settings.TEMPORARY_FOLDER) / "exports"
        temporary.mkdir(parents=True, exist_ok=True)
        (temporary / f"{self.id}.{self.mark}.zip.sealed").write_bytes(self.mark.encode())

    def _queue(self) -> None:
        from goldseal.privacy.tasks import write_export_job

        with workspace_scope(self.id):
            write_export_job.defer(workspace_id=str(self.id), export_id=f"{self.mark}-job")

    def in_database(self) -> int:
        return occurrences(self.dumped(), self.mark)

    def dumped(self) -> bytes:
        return dump(SERVER.address(connection.settings_dict["NAME"], role="postgres"))

    def lines_left(self) -> list[str]:
        """Where in the dump the mark still is: the statement before each line, to say which table."""
        found, table = [], ""
        for line in self.dumped().decode().splitlines():
            table = line.split(" (")[0] if line.startswith("COPY ") else table
            if self.mark in line:
                found.append(f"{table}: {line[:200]}")
        return found

    def in_folders(self) -> dict[str, int]:
        return in_folders(
            self.mark,
            Path(settings.FILES_FOLDER),
            Path(settings.TEMPORARY_FOLDER),
            Path(settings.STATE_FOLDER) / "log",
        )

    def rows(self) -> dict[str, int]:
        with workspace_scope(self.id):
            return {model._meta.label: model._base_manager.count() for model, _declared in owned_models()}


@pytest.fixture
def two(committed_db: None, caplog: pytest.LogCaptureFixture) -> tuple[Household, Household]:
    caplog.set_level(logging.DEBUG)
    return Household("alice"), Household("charlie")


def erase(household: Household) -> Erasure:
    erasure = begin_erasure(kind="workspace", subject_id=household.id, now=NOW)
    return erase_workspace(erasure_id=erasure.pk, now=NOW)


def test_the_register_is_complete() -> None:
    assert list(broken_promises()) == []


def test_every_model_got_a_row(two: tuple[Household, Household]) -> None:
    alice, _charlie = two
    assert {label for label, count in alice.rows().items() if not count} == set()


def test_erasing_one_leaves_nothing_of_it_and_everything_of_its_neighbour(
    two: tuple[Household, Household], caplog: pytest.LogCaptureFixture
) -> None:
    alice, charlie = two
    assert alice.in_database() > 50, "the canaries must be there before they can be gone"
    before = charlie.in_database(), charlie.rows(), charlie.in_folders()
    files_before = sorted((Path(settings.FILES_FOLDER) / str(charlie.id)).rglob("*"))
    assert files_before

    done = erase(alice)

    assert done.state == ErasureState.DONE
    assert alice.lines_left() == []
    assert alice.in_database() == 0
    assert alice.in_folders() == {}
    assert not list(Path(settings.FILES_FOLDER).rglob(f"*{alice.id}*/*"))
    assert cache.get(f"ws:{alice.id}:0:note") is None
    assert alice.mark not in caplog.text
    with pytest.raises(Exception, match=r"destroyed|erased"):
        key_store().get(alice.id)
    with operator_scope(NOBODY):
        assert not Workspace.objects.filter(pk=alice.id).exists()

    assert (charlie.in_database(), charlie.rows(), charlie.in_folders()) == before
    assert sorted((Path(settings.FILES_FOLDER) / str(charlie.id)).rglob("*")) == files_before
    assert cache.get(f"ws:{charlie.id}:0:note") == f"{charlie.mark}-cached"


def test_the_certificate_holds_no_personal_data(two: tuple[Household, Household]) -> None:
    from goldseal.privacy.services import certificate

    alice, _charlie = two
    done = erase(alice)
    text = json.dumps(certificate(done))
    assert alice.mark not in text
    assert "alice" not in text
    assert done.due_at - done.requested_at == timedelta(hours=48)


def test_erasing_twice_is_harmless(two: tuple[Household, Household]) -> None:
    alice, charlie = two
    first = erase(alice)
    again = erase_workspace(erasure_id=first.pk, now=NOW)
    assert again.state == ErasureState.DONE
    assert charlie.rows()["files.Attachment"] == 2


def test_a_table_nobody_answers_for_makes_the_erasure_fail(
    two: tuple[Household, Household], monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, _charlie = two
    monkeypatch.setattr(erasing, "unknown_tenant_tables", lambda: ["surprise"])
    with pytest.raises(erasing.LeftOver):
        erase(alice)
    assert Erasure.objects.get(subject_id=alice.id).state == ErasureState.FAILED
    assert alice.rows()["catalog.Buyer"] == 1


def test_an_unknown_tenant_table_is_noticed(committed_db: None) -> None:
    import psycopg

    with psycopg.connect(SERVER.address(connection.settings_dict["NAME"], role="postgres")) as admin:
        admin.execute("CREATE TABLE surprise (workspace_id uuid)")
        admin.execute("GRANT SELECT ON surprise TO goldseal_app")
    assert erasing.unknown_tenant_tables() == ["surprise"]


def test_the_export_holds_every_canary_of_its_own_and_none_of_the_neighbours(
    two: tuple[Household, Household],
) -> None:
    alice, charlie = two
    sink = io.BytesIO()
    written = export_workspace(
        workspace_id=alice.id, sink=sink, actor=system_actor(alice.id, via="command"), now=NOW
    )
    archive = zipfile.ZipFile(io.BytesIO(sink.getvalue()))
    assert archive.testzip() is None
    text = b"".join(archive.read(name) for name in archive.namelist() if name.startswith(("data/", "people")))
    assert charlie.mark.encode() not in b"".join(archive.read(name) for name in archive.namelist())
    missing = [canary for canary in shown_canaries(alice) if canary.encode() not in text]
    assert missing == []
    assert written.rows == alice.rows() | {
        "trail.Entry": written.rows["trail.Entry"],
        "trail.Payload": written.rows["trail.Payload"],
    }
    check_manifest(archive)


def shown_canaries(household: Household) -> list[str]:
    """Every canary text in a field that is not secret."""
    found: list[str] = []
    promises = dict(owned_models())
    for model, row in household.made.items():
        for f in model._meta.concrete_fields:
            value: Any = getattr(row, f.attname)
            if (
                promises[model].fields.get(f.name) != "secret"
                and isinstance(value, str)
                and household.mark in value
            ):
                found.append(value)
    assert len(found) > 30
    return found


def check_manifest(archive: zipfile.ZipFile) -> None:
    import hashlib

    manifest = json.loads(archive.read("manifest.json"))
    listed = {entry["path"]: entry["sha256"] for entry in manifest["entries"]}
    assert set(listed) == set(archive.namelist()) - {"manifest.json"}
    for path, digest in listed.items():
        assert hashlib.sha256(archive.read(path)).hexdigest() == digest, path
    assert any(path.startswith("files/files.Attachment/") for path in listed)


def test_erasing_a_person_blanks_them_everywhere_and_leaves_the_workspace(committed_db: None) -> None:
    mark = f"canary{secrets.token_hex(6)}"
    owner = User.objects.create_user("owner@example.test", name="Owner")
    workspace = create_workspace(
        name="Kept", kind="expert_customer", owner=owner, actor=system_actor(via="command"), now=NOW
    )
    person = User.objects.create_user(f"{mark}@example.test", name=f"{mark} Person")
    with workspace_scope(workspace.pk, actor_id=person.pk):
        Membership.objects.create(user=person, role="inspector", joined_at=NOW)
        Filler(mark, workspace.pk, [person]).fill()
    erasure = begin_erasure(kind="person", subject_id=person.pk, now=NOW)
    done = erase_person(erasure_id=erasure.pk, now=NOW)
    assert done.state == ErasureState.DONE
    assert done.exceptions
    person.refresh_from_db()
    assert mark not in person.email + person.name
    assert not person.is_active
    with workspace_scope(workspace.pk):
        left = personal_texts_about(person.pk, mark)
        assert left == []
        assert Membership.objects.filter(user=owner).exists()
    with person_scope(person.pk):
        assert not Membership._base_manager.filter(user=person).exists()


def personal_texts_about(person_id: Any, mark: str) -> list[str]:
    from goldseal.kit.promises import PERSONAL

    left = []
    for model, declared in owned_models():
        if not declared.subject or declared.subject.startswith("#"):
            continue
        path = declared.subject
        for row in model._base_manager.filter(**{f"{path}__pk": person_id}):
            left += [
                f"{model._meta.label}.{n}"
                for n in declared.of_category(*PERSONAL)
                if mark in str(getattr(row, n))
            ]
    return left


def test_the_last_owner_cannot_be_erased_before_the_workspace(committed_db: None) -> None:
    from goldseal.kit.errors import Conflict

    owner = User.objects.create_user("owner@example.test", name="Owner")
    create_workspace(
        name="Kept", kind="expert_customer", owner=owner, actor=system_actor(via="command"), now=NOW
    )
    erasure = begin_erasure(kind="person", subject_id=owner.pk, now=NOW)
    with pytest.raises(Conflict):
        erase_person(erasure_id=erasure.pk, now=NOW)
    owner.refresh_from_db()
    assert owner.is_active

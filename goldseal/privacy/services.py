"""Exporting and erasing: what a person asks for, carried out and proved."""

import hashlib
import json
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.files.stores import ensure_key, key_store
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import DecryptingReader, encrypt_stream
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.privacy import erasing
from goldseal.privacy.exporting import Written, write_export
from goldseal.privacy.models import Erasure, ErasureState, Export
from goldseal.privacy.selectors import member_particulars, workspaces_touched_by
from goldseal.reports.services import bury_reports
from goldseal.trail.services import forget_waiting, record, recorded_change
from goldseal.workspaces.models import Membership, Workspace, WorkspaceState
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import workspace_scope

ERASURE_DUE = timedelta(hours=48)
EXPORT_LIFE = timedelta(hours=24)


def export_folder() -> Path:
    """Where exports lie until they expire: encrypted, named by workspace and export."""
    return Path(settings.TEMPORARY_FOLDER) / "exports"


def request_export(*, actor: Actor, now: datetime) -> Export:
    """Ask for everything the workspace holds; a job writes it (P4, S42)."""
    authorize(actor, "workspace.export")
    from goldseal.privacy.tasks import write_export_job

    with recorded_change():
        if Export.objects.filter(state="queued", requested_at__gt=now - timedelta(hours=1)).exists():
            raise Conflict(_("An export is being written already; it will appear here."))
        export = Export.objects.create(
            requested_by_id=actor.person_id, requested_at=now, expires_at=now + EXPORT_LIFE
        )
        record(event="export.requested", actor=actor, now=now, obj=export)
        write_export_job.defer(workspace_id=str(export.workspace_id), export_id=str(export.pk))
    return export


def write_requested_export(*, export_id: UUID, actor: Actor, now: datetime) -> Export:
    """Write a requested export, encrypted under the workspace's key. Call inside its scope."""
    export = Export.objects.filter(pk=export_id).first()
    if export is None:
        raise NotFound
    folder = export_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as plain:
        written = write_export(
            workspace_id=export.workspace_id, sink=plain, people=member_particulars(), now=now
        )
        plain.seek(0)
        digest = hashlib.file_digest(plain, "sha256").hexdigest()
        size = plain.tell()
        plain.seek(0)
        ensure_key(export.workspace_id)
        with _export_path(export).open("wb") as sealed:
            encrypt_stream(
                key=key_store().get(export.workspace_id), source=plain, sink=sealed, aad=export.pk.bytes
            )
            sealed.flush()
            os.fsync(sealed.fileno())
    with recorded_change():
        export.state, export.ready_at, export.size, export.sha256 = "ready", now, size, digest
        export.counts = {**written.rows, "files": written.files}
        export.save(update_fields=["state", "ready_at", "size", "sha256", "counts"])
        record(
            event="export.written", actor=actor, now=now, obj=export, payload={"sha256": digest, "size": size}
        )
    return export


def _export_path(export: Export) -> Path:
    return export_folder() / f"{export.workspace_id}.{export.pk}.zip.sealed"


def open_export(*, export_id: UUID, actor: Actor, now: datetime) -> tuple[Export, DecryptingReader]:
    """A finished export, decrypted as it is read; only for who may export, until it expires."""
    authorize(actor, "workspace.export")
    export = Export.objects.filter(pk=export_id, state="ready", expires_at__gt=now).first()
    if export is None or not _export_path(export).exists():
        raise NotFound
    with recorded_change():
        record(event="export.downloaded", actor=actor, now=now, obj=export, payload={"sha256": export.sha256})
    source = _export_path(export).open("rb")
    reader = DecryptingReader(key=key_store().get(export.workspace_id), source=source, aad=export.pk.bytes)
    return export, reader


def export_workspace(*, workspace_id: UUID, sink: BinaryIO, actor: Actor, now: datetime) -> Written:
    """Write everything the workspace holds straight into `sink`: the command line's way."""
    authorize(actor, "workspace.export")
    with workspace_scope(workspace_id), recorded_change():
        written = write_export(workspace_id=workspace_id, sink=sink, people=member_particulars(), now=now)
        record(
            event="export.written",
            actor=actor,
            now=now,
            workspace_id=workspace_id,
            payload={"size": sink.tell(), "sha256": ""},
        )
    return written


def request_erasure(*, workspace: Workspace, typed_name: str, actor: Actor, now: datetime) -> Erasure:
    """Erase a workspace: hidden at once, carried out by a job, done within 48 hours (S41, S44).

    `typed_name` must be the workspace's name, so that nobody erases by a slip of the hand.
    """
    authorize(actor, "workspace.erase")
    if typed_name.strip() != workspace.name:
        raise Invalid(fields={"typed_name": _("Type the workspace's name exactly as it stands above.")})
    from goldseal.privacy.tasks import erase_workspace_job

    with recorded_change():
        Workspace.objects.filter(pk=workspace.pk).update(state=WorkspaceState.ERASING)
        erasure = Erasure.objects.create(
            subject_kind="workspace",
            subject_id=workspace.pk,
            requested_at=now,
            due_at=now + ERASURE_DUE,
            state=ErasureState.HIDDEN,
            hidden_at=now,
        )
        record(
            event="workspace.erasure_requested",
            actor=actor,
            now=now,
            obj=workspace,
            workspace_id=workspace.pk,
        )
        erase_workspace_job.defer(erasure_id=str(erasure.pk))
    return erasure


def begin_erasure(*, kind: str, subject_id: UUID, now: datetime) -> Erasure:
    """The record of an erasure, for the command line."""
    return Erasure.objects.create(
        subject_kind=kind, subject_id=subject_id, requested_at=now, due_at=now + ERASURE_DUE
    )


def erase_workspace(*, erasure_id: UUID, now: datetime) -> Erasure:
    """Carry an erasure out, step by step; may be repeated after a crash at any point.

    Ends in DONE with counts per store and a certificate without personal data, or in FAILED with the
    reason: an unknown table, an unswept store, a row left.
    """
    erasure = Erasure.objects.get(pk=erasure_id)
    workspace_id = erasure.subject_id
    if erasure.state == ErasureState.DONE:
        return erasure
    try:
        problems = erasing.unknown_tenant_tables() + erasing.unswept_stores()
        if problems:
            raise erasing.LeftOver(f"Nobody answers for: {', '.join(problems)}.")
        with workspace_scope(workspace_id):
            Workspace.objects.filter(pk=workspace_id).update(state=WorkspaceState.ERASING)
            bury_reports(workspace_id=workspace_id, now=now)
        erasure.hidden_at = erasure.hidden_at or now
        counts: dict[str, int] = dict(erasing.empty_stores(workspace_id))
        erasure.keys_destroyed_at = now
        with workspace_scope(workspace_id), erasing.erasing(workspace_id):
            counts |= erasing.delete_rows(workspace_id)
            forget_waiting()
        erasure.swept_at = now
        with workspace_scope(workspace_id):
            left = erasing.rows_left(workspace_id)
        if left:
            raise erasing.LeftOver(f"Rows are left in {', '.join(sorted(left))}.")
    except erasing.LeftOver as problem:
        erasure.state, erasure.problem = ErasureState.FAILED, str(problem)
        erasure.save()
        raise
    erasure.state, erasure.done_at, erasure.counts = ErasureState.DONE, now, counts
    erasure.certificate_hash = hashlib.sha256(
        json.dumps(certificate(erasure), sort_keys=True).encode()
    ).hexdigest()
    erasure.save()
    _write_ledger(erasure)
    return erasure


def certificate(erasure: Erasure) -> dict[str, object]:
    """What was erased, when and from where; holds no personal data."""
    return {
        "erasure": str(erasure.pk),
        "kind": erasure.subject_kind,
        "subject": str(erasure.subject_id),
        "requested_at": erasure.requested_at.isoformat(),
        "done_at": erasure.done_at.isoformat() if erasure.done_at else None,
        "removed": erasure.counts,
        "exceptions": erasure.exceptions,
    }


def _write_ledger(erasure: Erasure) -> None:
    """One line in the ledger beside the keys, outside the data: a restore replays it before it serves."""
    path = Path(settings.KEY_FOLDER) / "erasures.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {"kind": erasure.subject_kind, "subject": str(erasure.subject_id), "at": str(erasure.done_at)}
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


KEPT_OF_PERSON = [
    {
        "what": "signed records and sealed reports",
        "ground": "A§6 (audit and report history), REQUIREMENTS K26, K27 and ruling 7",
        "note": "The printed name stays in records that were signed before; the live account, sessions, factors, "
        "memberships and log entries are gone.",
    }
]


def erase_person(*, erasure_id: UUID, now: datetime) -> Erasure:
    """Erase a person everywhere: account, factors, sessions, memberships; personal fields elsewhere blanked.

    Refused while the person is the last owner of a living workspace. What stays is itemised with its ground.
    """
    erasure = Erasure.objects.get(pk=erasure_id)
    user = User.objects.filter(pk=erasure.subject_id).first()
    if user is None:
        raise NotFound
    if erasure.state == ErasureState.DONE:
        return erasure
    places = workspaces_touched_by(user.pk)
    _refuse_last_owner(user, places)
    counts: dict[str, int] = {}
    with transaction.atomic():
        for workspace_id in places:
            with workspace_scope(workspace_id, actor_id=user.pk), erasing.erasing(workspace_id):
                for table, count in erasing.forget_person_here(user.pk, email=user.email).items():
                    counts[table] = counts.get(table, 0) + count
                forget_waiting()
        counts["sessions"] = _end_sessions(user)
        counts["account_emailaddress"] = EmailAddress.objects.filter(user=user).delete()[0]
        counts["mfa_authenticator"] = Authenticator.objects.filter(user=user).delete()[0]
        user.operator_roles.all().delete()
        user.email, user.name = f"erased-{user.pk}@erased.invalid", ""
        user.set_unusable_password()
        user.is_active, user.erased_at, user.last_login = False, now, None
        user.save()
    erasure.state, erasure.done_at, erasure.swept_at = ErasureState.DONE, now, now
    erasure.counts, erasure.exceptions = counts, KEPT_OF_PERSON
    erasure.certificate_hash = hashlib.sha256(
        json.dumps(certificate(erasure), sort_keys=True).encode()
    ).hexdigest()
    erasure.save()
    _write_ledger(erasure)
    return erasure


def _refuse_last_owner(user: User, places: list[UUID]) -> None:
    for workspace_id in places:
        with workspace_scope(workspace_id, actor_id=user.pk):
            owners = Membership.objects.filter(role="owner", is_active=True)
            if owners.filter(user=user).exists() and not owners.exclude(user=user).exists():
                name = Workspace.objects.get(pk=workspace_id).name
                raise Conflict(
                    _(
                        "This person is the only owner of “%(name)s”. Make somebody else an owner or erase the workspace first."
                    )
                    % {"name": name}
                )


def _end_sessions(user: User) -> int:
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    UserSession.objects.filter(user=user).delete()
    return Session.objects.filter(session_key__in=keys).delete()[0]


def sweep_exports(*, now: datetime) -> int:
    """Remove expired exports' files; their rows stay as history."""
    removed = 0
    folder = export_folder()
    for path in folder.glob("*.zip.sealed") if folder.exists() else []:
        if now.timestamp() - path.stat().st_mtime > EXPORT_LIFE.total_seconds():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def erasure_by_id(pk: UUID) -> Erasure:
    """An erasure by its key."""
    found = Erasure.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found

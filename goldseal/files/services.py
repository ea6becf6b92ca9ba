"""Receiving, deleting and sweeping files: bytes first, row last."""

import hashlib
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import ProtectedError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from goldseal.files.engine.blobs import StoredBlob
from goldseal.files.engine.looks import visual_hash
from goldseal.files.engine.refusals import Refused
from goldseal.files.engine.sniff import FileType, sniff_bytes
from goldseal.files.engine.sniffing import sniff_apart
from goldseal.files.errors import Altered, AttestationNeeded, storing
from goldseal.files.models import Attachment, AttachmentKind, Upload, UploadAttestation
from goldseal.files.rules.names import clean_name, shown_name
from goldseal.files.selectors import STATEMENT_VERSION, has_attested, known_addresses
from goldseal.files.stores import blob_store, ensure_key, image_cleaner, key_store, part_store
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import current_scope, operator_scope, workspace_scope

# Beyond this a file that is no picture is parsed in a child process.
IN_MEMORY_BYTES = 4_000_000
UNCLAIMED_FOR = timedelta(days=1)
STATEMENT: Words = _(
    "I may upload this content: it belongs to my company or its owner has allowed it, and it holds no personal "
    "data beyond what the inspection needs."
)
_PIECE = 256 * 1024
_KINDS = {
    FileType.PDF: AttachmentKind.DOCUMENT,
    FileType.DOCX: AttachmentKind.DOCUMENT,
    FileType.TEXT: AttachmentKind.DOCUMENT,
    FileType.XLSX: AttachmentKind.TABLE,
    FileType.CSV: AttachmentKind.TABLE,
    FileType.MP4: AttachmentKind.FILM,
    FileType.M4A: AttachmentKind.SOUND,
    FileType.OGG: AttachmentKind.SOUND,
}


def receive_file(
    *,
    source: BinaryIO,
    name: str,
    actor: Actor,
    now: datetime,
    keep_location: bool = False,
    expected_sha256: str | None = None,
) -> Attachment:
    """Check, clean, encrypt and keep the file in `source` (seekable, read from its beginning).

    Its type is what its bytes say, never its name; pictures are encoded afresh, with a thumbnail and a
    print-sized copy. `expected_sha256` (hex) is what the sender announced. When this returns the bytes are on
    disk and the row is written. Raises Invalid (what is wrong with the file), TooLarge, Altered, NoRoom,
    Unreadable, Forbidden.
    """
    authorize(actor, "files.add")
    workspace_id = _open_workspace()
    with storing():
        ensure_key(workspace_id)
        attachment = _stored(source, workspace_id, expected_sha256, keep_location)
    attachment.name = clean_name(name, extension=_extension(attachment.mime))
    attachment.uploaded_by_id = actor.person_id
    attachment.created_at = now
    with recorded_change():
        attachment.save(force_insert=True)
        record(
            event="file.received",
            actor=actor,
            now=now,
            obj=attachment,
            payload={
                "name": attachment.name,
                "kind": attachment.kind,
                "size": attachment.size,
                "sha256": attachment.sha256,
            },
        )
    return attachment


def _open_workspace() -> UUID:
    scope = current_scope()
    if scope is None:
        raise NotFound
    return scope.workspace_id


def _stored(
    source: BinaryIO, workspace_id: UUID, expected_sha256: str | None, keep_location: bool
) -> Attachment:
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    head = source.read(16)
    source.seek(0)
    if size > settings.UPLOAD_MAX_BYTES:
        raise Refused("too_large", "The file is larger than any file may be.")
    if _begins_as_picture(head):
        if size > image_cleaner().limits.max_bytes:
            raise Refused("too_large", "The picture is larger than a picture may be.")
        return _stored_picture(source.read(), workspace_id, expected_sha256, keep_location)
    if size <= IN_MEMORY_BYTES:
        data = source.read()
        kind, original = sniff_bytes(data).type, hashlib.sha256(data).hexdigest()
        source.seek(0)
    else:
        checked = sniff_apart(source)
        kind, original = checked.type, checked.sha256
        source.seek(0)
    _compare(original, expected_sha256)
    blob = _put(workspace_id, source, original)
    return Attachment(
        workspace_id=workspace_id,
        kind=_KINDS[kind],
        mime=kind.mime,
        size=blob.size,
        address=blob.address,
        sha256=blob.sha256,
        original_sha256=original,
    )


def _stored_picture(
    data: bytes, workspace_id: UUID, expected_sha256: str | None, keep_location: bool
) -> Attachment:
    original = hashlib.sha256(data).hexdigest()
    _compare(original, expected_sha256)
    safe = image_cleaner().clean(data, keep_location=keep_location)
    blob = _put(workspace_id, io.BytesIO(safe.content))
    latitude, longitude = safe.location or (None, None)
    return Attachment(
        workspace_id=workspace_id,
        kind=AttachmentKind.PHOTO,
        mime=safe.type.mime,
        size=blob.size,
        address=blob.address,
        sha256=blob.sha256,
        original_sha256=original,
        thumbnail_address=_put(workspace_id, io.BytesIO(safe.thumbnail)).address,
        print_address=_put(workspace_id, io.BytesIO(safe.print)).address,
        visual_hash=visual_hash(safe.thumbnail),
        width=safe.width,
        height=safe.height,
        taken_at=safe.taken_at or "",
        latitude=_degrees(latitude),
        longitude=_degrees(longitude),
    )


def _put(workspace_id: UUID, source: BinaryIO, expected_sha256: str | None = None) -> StoredBlob:
    return blob_store().put(
        workspace_id=workspace_id,
        source=source,
        max_bytes=settings.UPLOAD_MAX_BYTES,
        expected_sha256=expected_sha256,
    )


def _compare(sha256: str, expected: str | None) -> None:
    if expected and expected.lower() != sha256:
        raise Altered


def _begins_as_picture(head: bytes) -> bool:
    return (
        head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"))
    )


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}")


def _extension(mime: str) -> str:
    return next(kind.value for kind in FileType if kind.mime == mime)


def attest_authority(*, version: str, actor: Actor, now: datetime) -> None:
    """The person confirms the statement of authority (K31); `version` is the wording that was shown.

    Raises Conflict if that is not the present wording. May be repeated.
    """
    authorize(actor, "files.add")
    if version != STATEMENT_VERSION:
        raise Conflict(_("The statement has changed. Reload the page, read it again and confirm it."))
    if actor.person_id is None or has_attested(actor):
        return
    with recorded_change():
        _row, is_new = UploadAttestation.objects.get_or_create(
            person_id=actor.person_id, version=version, defaults={"at": now}
        )
        if is_new:
            record(event="file.attested", actor=actor, now=now, payload={"version": version})


def require_attestation(*, attests: str, actor: Actor, now: datetime) -> None:
    """Let pass who has confirmed the statement, or confirms it now by naming its version in `attests`.

    Every door through which a person's file comes in asks this first. Raises AttestationNeeded.
    """
    if actor.person_id is None or has_attested(actor):
        return
    if not attests:
        raise AttestationNeeded(STATEMENT)
    attest_authority(version=attests, actor=actor, now=now)


def take_attached(
    *,
    files: Sequence[tuple[str, BinaryIO]],
    ids: Sequence[UUID],
    attests: str,
    actor: Actor,
    now: datetime,
    field: str = "file",
    keep_location: bool = False,
) -> list[Attachment]:
    """What a form was given (`forms.Attached`): the files uploaded before, then those posted with it; all or none.

    `ids` count only where the same person uploaded them. Raises Invalid at `field`, and what `receive_file` and
    `require_attestation` raise.
    """
    authorize(actor, "files.add")
    found = Attachment.objects.filter(uploaded_by_id=actor.person_id).in_bulk(list(ids)) if ids else {}
    if len(found) < len(set(ids)):
        raise Invalid(fields={field: _("A file you added before is no longer there. Add it again.")})
    kept = [found[pk] for pk in ids]
    if not files:
        return kept
    with recorded_change():
        require_attestation(attests=attests, actor=actor, now=now)
        for name, source in files:
            try:
                kept.append(
                    receive_file(source=source, name=name, actor=actor, now=now, keep_location=keep_location)
                )
            except Invalid as refused:
                shown = shown_name(name)[:80]
                sentence = (
                    format_lazy("{} {}", f"“{shown}”:", refused.message)
                    if len(files) > 1
                    else refused.message
                )
                raise Invalid(refused.message, fields={field: sentence}) from refused
    return kept


def delete_attachment(*, attachment_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete an attachment that no record uses. Raises NotFound, Conflict, Forbidden.

    Its bytes go with the next sweep: the same content may be on its way in through another door.
    """
    authorize(actor, "files.delete")
    with recorded_change():
        attachment = Attachment.objects.select_for_update().filter(pk=attachment_id).first()
        if attachment is None:
            raise NotFound
        try:
            attachment.delete()
        except ProtectedError:
            raise Conflict(
                _("A record uses this file, so it cannot be deleted. Remove it there first.")
            ) from None
        attachment.pk = attachment_id
        record(
            event="file.deleted",
            actor=actor,
            now=now,
            obj=attachment,
            payload={"name": attachment.name, "sha256": attachment.sha256},
        )


@dataclass(frozen=True, slots=True)
class SweepCounts:
    """What a sweep removed: uploads past their day, parts, blobs and drafts that no row knows."""

    uploads: int
    parts: int
    blobs: int
    drafts: int


def sweep_files(*, now: datetime) -> SweepCounts:
    """Remove expired uploads and whatever bytes no row has referred to for a day, in every workspace.

    Opens each workspace's scope in turn: call it outside of any.
    """
    uploads = 0
    with operator_scope(UUID(int=0)):
        workspaces = list(Workspace.objects.values_list("pk", flat=True))
    for workspace_id in workspaces:
        with workspace_scope(workspace_id):
            expired = list(Upload.objects.filter(expires_at__lte=now).values_list("pk", flat=True))
            Upload.objects.filter(pk__in=expired).delete()
        for upload_id in expired:
            part_store().delete(workspace_id=workspace_id, upload_id=upload_id)
        uploads += len(expired)
    older_than = now - UNCLAIMED_FOR
    parts = part_store().sweep(known=_known_uploads, older_than=older_than)
    blobs = blob_store().sweep_orphans(known=_known_blobs, older_than=older_than)
    return SweepCounts(uploads=uploads, parts=parts, blobs=blobs.orphans, drafts=blobs.leftovers)


def _known_uploads(workspace_id: UUID, ids: frozenset[UUID]) -> Collection[UUID]:
    with workspace_scope(workspace_id):
        return set(Upload.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _known_blobs(workspace_id: UUID, addresses: frozenset[str]) -> Collection[str]:
    with workspace_scope(workspace_id):
        return known_addresses(addresses)


def erase_workspace_files(workspace_id: UUID) -> None:
    """Remove every byte of a workspace's files and uploads, whatever its rows say. May be repeated."""
    part_store().delete_workspace(workspace_id=workspace_id)
    blob_store().delete_workspace(workspace_id=workspace_id)


def destroy_workspace_key(workspace_id: UUID) -> None:
    """Make everything ever encrypted for a workspace unreadable, copies and backups included. For good."""
    key_store().destroy(workspace_id)

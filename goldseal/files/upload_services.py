"""Uploads that survive a broken connection: begun, continued where they stopped, ended or finished."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goldseal.files.engine.parts import PartRejected, TooManyParts
from goldseal.files.errors import Altered, Locked, storing
from goldseal.files.models import Upload
from goldseal.files.rules.tus import Announced
from goldseal.files.selectors import upload_of
from goldseal.files.sentences import SENTENCES
from goldseal.files.services import receive_file, require_attestation
from goldseal.files.stores import ensure_key, part_store
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import Readable
from goldseal.kit.errors import Conflict, Forbidden, GoldsealError, Invalid, TooLarge, TooMany
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

UPLOAD_LIFE = timedelta(days=1)
MOST_OPEN_UPLOADS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """Where an upload stands after a request: its row, and the refusal if its content was not accepted.

    A refusal is handed back rather than raised, so that the end of the upload is committed with the answer.
    """

    upload: Upload
    refused: GoldsealError | None = None


def begin_upload(*, length: int, said: Announced, actor: Actor, now: datetime) -> Upload:
    """Announce a file of `length` bytes. It expires after a day.

    Raises TooLarge, Invalid (empty), AttestationNeeded, TooMany, Forbidden.
    """
    authorize(actor, "files.add")
    if actor.person_id is None or actor.workspace_id is None:
        raise Forbidden
    if length > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(SENTENCES["too_large"], fields={"file": SENTENCES["too_large"]})
    if length == 0:
        raise Invalid(SENTENCES["empty"], fields={"file": SENTENCES["empty"]})
    require_attestation(attests=said.attests, actor=actor, now=now)
    under_way = Upload.objects.filter(
        person_id=actor.person_id, attachment__isnull=True, expires_at__gt=now
    ).count()
    if under_way >= MOST_OPEN_UPLOADS:
        raise TooMany(_("You have 200 unfinished uploads. Finish or cancel some of them first."))
    with storing():
        ensure_key(actor.workspace_id)
    with recorded_change():
        return Upload.objects.create(
            person_id=actor.person_id,
            name=said.name,
            purpose=said.purpose,
            expected_sha256=said.sha256,
            keep_location=said.keep_location,
            length=length,
            created_at=now,
            expires_at=now + UPLOAD_LIFE,
        )


def continue_upload(
    *,
    upload_id: UUID,
    offset: int,
    source: Readable,
    size: int,
    actor: Actor,
    now: datetime,
    checksum: bytes | None = None,
) -> Step:
    """Take up to `size` bytes at `offset`; with the last byte the file is checked and kept.

    A connection that breaks leaves what came before (nothing, where `checksum` covers the part). Raises
    NotFound, Locked while another connection sends, Conflict at a wrong offset, TooLarge beyond the announced
    length, Altered, NoRoom.
    """
    upload_of(upload_id=upload_id, actor=actor, now=now)
    with recorded_change():
        upload = Upload.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=upload_id).first()
        if upload is None:
            raise Locked
        if upload.offset != offset:
            raise Conflict(_("The upload stands at another byte. Ask where it stands and go on from there."))
        if size > upload.length - offset:
            raise TooLarge(_("These are more bytes than the upload announced."))
        if upload.attachment_id is not None:
            return Step(upload)
        upload.offset += _kept(upload, source, size, checksum)
        upload.save(update_fields=["offset"])
        if upload.offset < upload.length:
            return Step(upload)
        return _finished(upload, actor, now)


def _kept(upload: Upload, source: Readable, size: int, checksum: bytes | None) -> int:
    try:
        with storing():
            arrived = part_store().append(
                workspace_id=upload.workspace_id,
                upload_id=upload.pk,
                offset=upload.offset,
                source=source,
                size=size,
                sha256=checksum,
            )
    except PartRejected:
        raise Altered from None
    except TooManyParts:
        raise TooLarge(_("This upload came in too many small pieces. Begin it again.")) from None
    return arrived.size


def _finished(upload: Upload, actor: Actor, now: datetime) -> Step:
    """Check and keep the file whose last byte has come; its parts are removed whatever comes of it."""
    upload_id = upload.pk
    try:
        with storing():
            content = part_store().open(workspace_id=upload.workspace_id, upload_id=upload.pk)
        with content:
            attachment = receive_file(
                source=content,
                name=upload.name,
                actor=actor,
                now=now,
                keep_location=upload.keep_location,
                expected_sha256=upload.expected_sha256 or None,
            )
    except (Invalid, TooLarge, Altered) as refused:
        upload.delete()
        _remove_parts_on_commit(upload.workspace_id, upload_id)
        return Step(upload, refused)
    upload.attachment = attachment
    upload.save(update_fields=["attachment"])
    _remove_parts_on_commit(upload.workspace_id, upload_id)
    return Step(upload)


def end_upload(*, upload_id: UUID, actor: Actor, now: datetime) -> None:
    """Give an upload up; what came of it is removed. A finished file stays. Raises NotFound, Locked."""
    upload_of(upload_id=upload_id, actor=actor, now=now)
    with recorded_change():
        upload = Upload.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=upload_id).first()
        if upload is None:
            raise Locked
        upload.delete()
        _remove_parts_on_commit(upload.workspace_id, upload_id)


def _remove_parts_on_commit(workspace_id: UUID, upload_id: UUID) -> None:
    """Not sooner: were the transaction taken back, the sender would go on from parts that are gone."""
    transaction.on_commit(lambda: part_store().delete(workspace_id=workspace_id, upload_id=upload_id))

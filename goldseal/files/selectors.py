"""Reading attachments, uploads under way, and the bytes themselves."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from goldseal.files.access import attachments_seen_through_records
from goldseal.files.errors import reading
from goldseal.files.models import Attachment, Upload, UploadAttestation
from goldseal.files.rules.links import LINK_LIFE, Holder, Variant, read_link, sign_link
from goldseal.files.stores import blob_store
from goldseal.kit.actors import Actor
from goldseal.kit.crypto import derive_key, token_digest
from goldseal.kit.errors import NotFound
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of
from goldseal.workspaces.services import workspace_scope

STATEMENT_VERSION = "2026-1"


def attachments() -> QuerySet[Attachment]:
    """The open workspace's attachments with who added them, newest first."""
    return Attachment.objects.select_related("uploaded_by").order_by("-created_at", "-id")


def attachment_for(actor: Actor, attachment_id: UUID) -> Attachment:
    """The attachment, if the actor may see it. Raises NotFound: foreign, hidden and nonexistent alike.

    A buyer guest sees it only through a record of their buyer (`declare_attachment_access`); everybody else
    needs `files.view`.
    """
    if actor.compartment_id is None:
        authorize(actor, "files.view")
        found = attachments().filter(pk=attachment_id).first()
    else:
        found = None
        if actor.workspace_id and attachments_seen_through_records(actor, frozenset({attachment_id})):
            # The record vouches for it; only this one row is read past the guest's compartment.
            with workspace_scope(actor.workspace_id):
                found = attachments().filter(pk=attachment_id).first()
    if found is None:
        raise NotFound
    return found


def attachments_for(actor: Actor, ids: frozenset[UUID]) -> dict[UUID, Attachment]:
    """Those of `ids` that the actor may see, by id; in one query whatever their number."""
    if actor.compartment_id is None:
        authorize(actor, "files.view")
        return attachments().in_bulk(list(ids))
    seen = attachments_seen_through_records(actor, ids)
    if not seen or actor.workspace_id is None:
        return {}
    with workspace_scope(actor.workspace_id):
        return attachments().in_bulk(list(seen))


def open_content(attachment: Attachment, variant: Variant = Variant.FILE) -> BinaryIO:
    """The plain bytes of a variant as a seekable file. Raises NotFound for a variant it lacks, Unreadable.

    For callers that have the attachment from a selector that asked who may see it.
    """
    address = {
        Variant.FILE: attachment.address,
        Variant.THUMBNAIL: attachment.thumbnail_address,
        Variant.PRINT: attachment.print_address,
    }[variant]
    if not address:
        raise NotFound
    with reading():
        return blob_store().open(workspace_id=attachment.workspace_id, address=address)


def open_attachment(*, actor: Actor, attachment_id: UUID, variant: Variant) -> tuple[Attachment, BinaryIO]:
    """The attachment and the bytes of a variant, if the actor may see it. Raises NotFound, Unreadable."""
    attachment = attachment_for(actor, attachment_id)
    return attachment, open_content(attachment, variant)


def download_link(
    *, attachment_id: UUID, actor: Actor, session: str, now: datetime, variant: Variant = Variant.FILE
) -> str:
    """The link's last part (`/w/<slug>/files/<link>`), good for ten minutes for this person in this session.

    Making one needs no query, so a page can show any number of photos; what it opens is decided when it is
    followed.
    """
    holder = _holder(actor, session)
    if holder is None:
        raise NotFound
    return sign_link(
        key=_link_key(),
        attachment_id=attachment_id,
        variant=variant,
        holder=holder,
        expires_at=now + LINK_LIFE,
    )


def followed_link(*, link: str, actor: Actor, session: str, now: datetime) -> tuple[UUID, Variant]:
    """What a link opens. Raises NotFound: expired, another person's, another session's, altered."""
    holder = _holder(actor, session)
    found = read_link(key=_link_key(), link=link, holder=holder, now=now) if holder else None
    if found is None:
        raise NotFound
    return found


def _holder(actor: Actor, session: str) -> Holder | None:
    if actor.workspace_id is None or actor.person_id is None or not session:
        return None
    return Holder(actor.workspace_id, actor.person_id, token_digest(session))


def _link_key() -> bytes:
    return derive_key(key=bytes.fromhex(token_digest(settings.SECRET_KEY)), purpose="file-links")


def upload_of(*, upload_id: UUID, actor: Actor, now: datetime) -> Upload:
    """The actor's own upload that has not expired. Raises NotFound."""
    authorize(actor, "files.add")
    found = Upload.objects.filter(pk=upload_id, person_id=actor.person_id, expires_at__gt=now).first()
    if found is None:
        raise NotFound
    return found


def has_attested(actor: Actor) -> bool:
    """Whether the person confirmed the present wording of the statement of authority in this workspace."""
    return UploadAttestation.objects.filter(person_id=actor.person_id, version=STATEMENT_VERSION).exists()


def files_of_workspace() -> Iterator[tuple[Attachment, Callable[[], BinaryIO]]]:
    """Every attachment of the open workspace with a function that opens its plain bytes; for exports."""

    def opener(attachment: Attachment) -> Callable[[], BinaryIO]:
        return lambda: open_content(attachment)

    for attachment in Attachment.objects.order_by("created_at", "id").iterator(chunk_size=500):
        yield attachment, opener(attachment)


def known_addresses(addresses: frozenset[str]) -> set[str]:
    """Which of these addresses a row of the open workspace refers to."""
    rows = Attachment.objects.filter(
        Q(address__in=addresses) | Q(thumbnail_address__in=addresses) | Q(print_address__in=addresses)
    ).values_list("address", "thumbnail_address", "print_address")
    return {address for row in rows for address in row} & addresses


def file_address(request: HttpRequest, attachment_id: UUID, variant: Variant = Variant.FILE) -> str:
    """Where this person finds the file for the next ten minutes. Costs no query."""
    actor, now = visit(request)
    link = download_link(
        attachment_id=attachment_id,
        actor=actor,
        session=request.session.session_key or "",
        now=now,
        variant=variant,
    )
    return f"{workspace_of(request).get_absolute_url()}files/{link}"

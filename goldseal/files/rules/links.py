"""Links to a file that work for one person, in one session, for ten minutes.

A link is 53 bytes in URL-safe base64: attachment id (16), variant (1), expiry in seconds since 1970 (4), and an
HMAC-SHA256 (32) over these with the workspace, the person and the session. Nothing is stored, and nothing in
it names anybody; whoever holds a copy of it has nothing.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

LINK_LIFE = timedelta(minutes=10)
_BODY = struct.Struct(">16sBI")
_LENGTH = 71


class Variant(IntEnum):
    """Which of an attachment's contents: the file itself, or one of a picture's derivatives."""

    FILE = 1
    THUMBNAIL = 2
    PRINT = 3

    @classmethod
    def named(cls, name: str) -> "Variant":
        """The variant called `file`, `thumbnail` or `print`; ValueError for any other name."""
        try:
            return cls[name.upper()]
        except KeyError:
            raise ValueError(
                f"A file has no variant {name!r}; there are file, thumbnail and print."
            ) from None


@dataclass(frozen=True, slots=True)
class Holder:
    """For whom a link works."""

    workspace_id: UUID
    person_id: UUID
    session: str


def sign_link(
    *, key: bytes, attachment_id: UUID, variant: Variant, holder: Holder, expires_at: datetime
) -> str:
    """The link's last part, 71 characters."""
    body = _BODY.pack(attachment_id.bytes, variant, int(expires_at.timestamp()))
    return base64.urlsafe_b64encode(body + _mac(key, body, holder)).decode().rstrip("=")


def read_link(*, key: bytes, link: str, holder: Holder, now: datetime) -> tuple[UUID, Variant] | None:
    """What the link opens for its holder at `now`; None if it is another's, expired, altered or no link."""
    if len(link) != _LENGTH or not link.isascii():
        return None
    try:
        raw = base64.b64decode(link + "=", altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    # base64 ignores some bits of its last character: two spellings of one link are one too many.
    is_canonical = base64.urlsafe_b64encode(raw).decode().rstrip("=") == link
    if not is_canonical or not hmac.compare_digest(mac, _mac(key, body, holder)):
        return None
    attachment_id, variant, expiry = _BODY.unpack(body)
    if now.timestamp() >= expiry:
        return None
    return UUID(bytes=attachment_id), Variant(variant)


def _mac(key: bytes, body: bytes, holder: Holder) -> bytes:
    bound = (
        holder.workspace_id.bytes + holder.person_id.bytes + hashlib.sha256(holder.session.encode()).digest()
    )
    return hmac.new(key, b"goldseal/link/1" + body + bound, hashlib.sha256).digest()

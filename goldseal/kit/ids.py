"""Identifiers: UUIDv7, so that primary keys sort by creation and stay unguessable enough for a row id."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562 §5.7). Never a secret: use `kit.crypto.new_token` for capabilities."""
    return UUID(bytes=uuid7().bytes)

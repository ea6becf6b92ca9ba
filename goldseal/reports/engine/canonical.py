"""Canonical JSON (RFC 8785) of a record and its content hash."""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


class NotCanonicalError(ValueError):
    """The record holds a value that canonical JSON cannot carry."""


def canonical_json(*, record: Mapping[str, Any]) -> bytes:
    """Return the one UTF-8 byte form of ``record`` (RFC 8785): sorted keys, no spaces, shortest numbers.

    Raises ``NotCanonicalError`` for what JSON cannot say exactly: NaN, infinity, whole numbers beyond
    ±(2^53 - 1), lone surrogates, and types other than str, int, float, bool, None, list, tuple, dict.
    """
    try:
        return rfc8785.dumps(dict(record))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise NotCanonicalError(f"The record cannot be written as canonical JSON: {error}") from error


def content_hash(*, canonical: bytes) -> str:
    """Return the sha256 of canonical bytes in lower-case hexadecimal, 64 characters.

    The stored bytes are hashed as they are and never written anew at verification, so a later change of
    a serialiser cannot turn an honest report into an altered one (PROMISES §5).
    """
    return hashlib.sha256(canonical).hexdigest()

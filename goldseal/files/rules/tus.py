"""The headers of the tus 1.0.0 resumable upload protocol (https://tus.io/protocols/resumable-upload)."""

import base64
import binascii
import re
from dataclasses import dataclass

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
CHECKSUMS = "sha256"
PART_TYPE = "application/offset+octet-stream"
MAX_METADATA_CHARS = 4096

_KEY = re.compile(r"[!-+\--~]{1,64}")  # printable ASCII without space and comma
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_PURPOSE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NUMBER = re.compile(r"\d{1,18}")


class MalformedHeader(ValueError):
    """A header breaks the protocol; the message says which and how it should look."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What the sender says of the file: its name, its SHA-256 (hex, or ""), what it is for, and wishes.

    `attests` is the version of the statement of authority the sender confirms with this upload, or "".
    """

    name: str = ""
    sha256: str = ""
    purpose: str = "file"
    keep_location: bool = False
    attests: str = ""


def parse_number(header: str, *, name: str) -> int:
    """A byte count; MalformedHeader where it is none."""
    if not _NUMBER.fullmatch(header) or not header.isascii():
        raise MalformedHeader(f"{name} must be a whole number of bytes, zero or more (got {header[:40]!r}).")
    return int(header)


def parse_metadata(header: str) -> Announced:
    """`Upload-Metadata`: pairs `key base64(value)` separated by commas. Unknown keys are ignored.

    Known: `filename` (or `name`), `sha256`, `purpose`, `keep_location`, `attests`. Raises MalformedHeader.
    """
    if len(header) > MAX_METADATA_CHARS:
        raise MalformedHeader(
            f"Upload-Metadata may have {MAX_METADATA_CHARS} characters (got {len(header)})."
        )
    pairs: dict[str, str] = {}
    for pair in filter(None, (piece.strip() for piece in header.split(","))):
        key, _space, value = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in pairs:
            raise MalformedHeader("Upload-Metadata must name each key once: `key base64value, …`.")
        try:
            pairs[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise MalformedHeader(f"Upload-Metadata: the value of {key} must be UTF-8 in base64.") from None
    return _announced(pairs)


def _announced(pairs: dict[str, str]) -> Announced:
    sha256 = pairs.get("sha256", "").lower()
    if sha256 and not _SHA256.fullmatch(sha256):
        raise MalformedHeader("Upload-Metadata: sha256 must be 64 hexadecimal digits.")
    purpose = pairs.get("purpose") or "file"
    if not _PURPOSE.fullmatch(purpose):
        raise MalformedHeader("Upload-Metadata: purpose is up to 40 of a-z, 0-9, - and _.")
    return Announced(
        name=(pairs.get("filename") or pairs.get("name") or "").replace("\x00", "")[:300],
        sha256=sha256,
        purpose=purpose,
        keep_location=pairs.get("keep_location", "") in ("1", "true"),
        attests=pairs.get("attests", "").replace("\x00", "")[:20],
    )


def format_metadata(said: Announced) -> str:
    """`Upload-Metadata` as a HEAD request must be told it again."""
    pairs = {"filename": said.name, "sha256": said.sha256, "purpose": said.purpose}
    if said.keep_location:
        pairs["keep_location"] = "1"
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items() if value
    )


def parse_checksum(header: str) -> bytes:
    """The SHA-256 of a part from `Upload-Checksum: sha256 base64`. Raises MalformedHeader."""
    algorithm, _space, value = header.partition(" ")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm != CHECKSUMS or len(digest) != 32:
        raise MalformedHeader("Upload-Checksum must be `sha256` and the digest of this part in base64.")
    return digest

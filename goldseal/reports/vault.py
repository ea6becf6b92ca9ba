"""Where the sealed bytes of reports and the keys that seal them are kept."""

import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from goldseal.files.engine.blobs import FolderBlobStore
from goldseal.files.engine.keystore import KeyMissing
from goldseal.files.errors import reading, storing
from goldseal.files.stores import ensure_key, key_store
from goldseal.reports.engine.limits import MAX_BYTES

SECRET = "report-seal"  # noqa: S105 - the name under which the key store keeps it
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Seal:
    """An RSA key and its certificate, both PEM, and the certificate's SHA-256 (hex)."""

    key: bytes
    certificate: bytes
    fingerprint: str

    def __repr__(self) -> str:
        return f"Seal({self.fingerprint[:16]}…)"


def installation_certificates() -> list[bytes]:
    """The certificate (PEM) by which this installation sealed before each workspace had its own; mostly none."""
    try:
        return [_seal(key_store().get_secret(SECRET)).certificate]
    except KeyMissing:
        return []


def _seal(kept: bytes) -> Seal:
    key, _mark, rest = kept.partition(_CERTIFICATE)
    certificate = _CERTIFICATE + rest
    return Seal(key=key, certificate=certificate, fingerprint=fingerprint_of(certificate))


def fingerprint_of(certificate: bytes) -> str:
    """The SHA-256 (hex) of a PEM certificate."""
    return x509.load_pem_x509_certificate(certificate).fingerprint(SHA256()).hex()


def _store() -> FolderBlobStore:
    # Beside the attachments, in a folder of its own: the sweep of attachments asks attachments only.
    return FolderBlobStore(Path(settings.FILES_FOLDER) / "sealed", keys=key_store())


def keep(*, workspace_id: UUID, content: bytes) -> str:
    """Encrypt and keep bytes durably; returns the address for the row, which is written after this.

    Call inside the workspace's scope. Raises NoRoom, Unreadable, TooLarge.
    """
    with storing():
        ensure_key(workspace_id)
        stored = _store().put(
            workspace_id=workspace_id,
            source=io.BytesIO(content),
            max_bytes=MAX_BYTES,
            expected_sha256=hashlib.sha256(content).hexdigest(),
        )
    return stored.address


def fetch(*, workspace_id: UUID, address: str) -> bytes:
    """The bytes kept at an address. Raises Unreadable if they are missing, damaged or their key is gone."""
    with reading(), _store().open(workspace_id=workspace_id, address=address) as content:
        return content.read()


def fetch_record(*, workspace_id: UUID, address: str) -> dict[str, Any]:
    """The canonical record kept at an address, parsed."""
    found: dict[str, Any] = json.loads(fetch(workspace_id=workspace_id, address=address))
    return found


def erase(workspace_id: UUID) -> None:
    """Remove every sealed byte of a workspace. May be repeated."""
    _store().delete_workspace(workspace_id=workspace_id)

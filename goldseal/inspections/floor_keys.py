"""The vault for what devices hold: keys sealed with the workspace's key, gone for good when that is destroyed."""

from uuid import UUID

from goldseal.files.engine.keystore import KeyStoreError
from goldseal.files.stores import ensure_key, key_store
from goldseal.kit.crypto import DecryptionError, derive_key, unwrap_key, wrap_key

PURPOSE = "floor"


class WorkspaceVault:
    """See `workspaces.device_services.KeyVault`. Call inside the workspace's scope."""

    def seal(self, *, workspace_id: UUID, key: bytes, about: str) -> bytes:
        """The key, unreadable without the workspace's; makes the workspace's key if it never had one."""
        ensure_key(workspace_id)
        return wrap_key(kek=_own_key(workspace_id), dek=key, aad=_context(workspace_id, about))

    def open(self, *, workspace_id: UUID, sealed: bytes, about: str) -> bytes:
        """The key again; DecryptionError where it cannot be opened any more."""
        try:
            own = _own_key(workspace_id)
        except KeyStoreError as gone:
            raise DecryptionError(str(gone)) from None
        return unwrap_key(kek=own, wrapped=sealed, aad=_context(workspace_id, about))


def _own_key(workspace_id: UUID) -> bytes:
    return derive_key(key=key_store().get(workspace_id), purpose=PURPOSE)


def _context(workspace_id: UUID, about: str) -> bytes:
    return f"goldseal.floor-key/1:{workspace_id}:{about}".encode()

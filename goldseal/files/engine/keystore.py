"""The key store: one key per workspace, wrapped by a master key, kept apart from the data it opens.

Erasing a workspace means destroying its key, so keys never lie inside the data folder: a copy of the data
alone opens nothing, and a copy of the data made before an erasure stays closed after it.
"""

import hashlib
import hmac
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from uuid import UUID

from goldseal.files.engine.durable import make_folder, publish_new, shred
from goldseal.kit.crypto import DecryptionError, derive_key, random_key, unwrap_key, wrap_key


class KeyStoreError(Exception):
    """The key store cannot do what was asked; the message says why and what to do."""


class KeyMissing(KeyStoreError):
    """No such key or secret was ever made here."""


class KeyDestroyed(KeyStoreError):
    """The workspace was erased: its key is gone for good, and so is everything it opened."""


class KeyStore(Protocol):
    """Where keys are kept: a folder here, a key service elsewhere."""

    def create(self, workspace_id: UUID) -> bytes:
        """Make the workspace's key and return it; a key that exists is returned. Raises KeyDestroyed."""

    def get(self, workspace_id: UUID) -> bytes:
        """The workspace's 256-bit key. Raises KeyMissing or KeyDestroyed."""

    def destroy(self, workspace_id: UUID) -> None:
        """Make the workspace's key irrecoverable here. May be repeated."""

    def put_secret(self, name: str, secret: bytes) -> None:
        """Keep a secret of the installation under a new name. Raises KeyStoreError if the name is taken."""

    def get_secret(self, name: str) -> bytes:
        """The secret kept under `name`. Raises KeyMissing."""

    def ensure_secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The secret kept under `name`, made by `make` on first use; every process gets the same one."""

    def delete_secret(self, name: str) -> None:
        """Forget the secret kept under `name`. May be repeated."""


class FolderKeyStore:
    """Keys in a folder: `master.key` (mode 0600), one wrapped key per workspace, wrapped named secrets.

    Nothing is cached, so that a key destroyed by one process is gone for all. A destroyed key leaves a mark
    under a keyed digest of the workspace's id: it keeps a restored key from coming back to life and names
    nobody.
    """

    def __init__(self, root: Path, *, data_root: Path) -> None:
        """Open the store in `root`, making it on first run.

        `data_root` is the folder of the data the keys open. KeyStoreError if either folder lies within the
        other, if the master key is missing beside keys it wrapped, damaged, or readable by others.
        """
        self._root = root.resolve()
        data = data_root.resolve()
        if self._root.is_relative_to(data) or data.is_relative_to(self._root):
            raise KeyStoreError(
                f"The key store ({root}) and the data ({data_root}) must be separate folders, neither inside "
                "the other: a copy of the data must not carry its keys. Choose another folder for the keys."
            )
        for folder in (self._root, self._workspaces, self._destroyed, self._secrets):
            make_folder(folder)
        self._kek = self._open_master_key()

    @property
    def _workspaces(self) -> Path:
        return self._root / "workspaces"

    @property
    def _destroyed(self) -> Path:
        return self._root / "destroyed"

    @property
    def _secrets(self) -> Path:
        return self._root / "secrets"

    def create(self, workspace_id: UUID) -> bytes:
        """Make the workspace's key and return it; a key that exists is returned. Raises KeyDestroyed."""
        self._refuse_destroyed(workspace_id)
        wrapped = wrap_key(kek=self._kek, dek=random_key(), aad=_workspace_context(workspace_id))
        publish_new(self._key_path(workspace_id), wrapped)
        return self.get(workspace_id)

    def get(self, workspace_id: UUID) -> bytes:
        """The workspace's 256-bit key. Raises KeyMissing, KeyDestroyed, or KeyStoreError if it is damaged."""
        self._refuse_destroyed(workspace_id)
        try:
            wrapped = self._key_path(workspace_id).read_bytes()
        except FileNotFoundError:
            raise KeyMissing(f"Workspace {workspace_id} has no key in {self._root}.") from None
        return self._unwrap(wrapped, _workspace_context(workspace_id), f"key of workspace {workspace_id}")

    def destroy(self, workspace_id: UUID) -> None:
        """Make the workspace's key irrecoverable here. May be repeated; a crash in between is made good.

        The mark comes first: from then on no process hands the key out, even if the shredding is cut short.
        """
        publish_new(self._mark_path(workspace_id), b"")
        shred(self._key_path(workspace_id))

    def put_secret(self, name: str, secret: bytes) -> None:
        """Keep a secret of the installation ("seal", "anchor", …) under a new name.

        Raises KeyStoreError if the name is taken: replacing a sealing key silently would orphan its seals.
        """
        wrapped = wrap_key(kek=self._kek, dek=secret, aad=_secret_context(name))
        if not publish_new(self._secret_path(name), wrapped):
            raise KeyStoreError(f"A secret named {name} exists already. Delete it first to replace it.")

    def get_secret(self, name: str) -> bytes:
        """The secret kept under `name`. Raises KeyMissing, or KeyStoreError if it is damaged."""
        try:
            wrapped = self._secret_path(name).read_bytes()
        except FileNotFoundError:
            raise KeyMissing(f"No secret named {name} is kept in {self._root}.") from None
        return self._unwrap(wrapped, _secret_context(name), f"secret {name}")

    def ensure_secret(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The secret kept under `name`, made by `make` on first use; every process gets the same one."""
        if not self._secret_path(name).exists():
            publish_new(
                self._secret_path(name), wrap_key(kek=self._kek, dek=make(), aad=_secret_context(name))
            )
        return self.get_secret(name)

    def delete_secret(self, name: str) -> None:
        """Forget the secret kept under `name`. May be repeated."""
        shred(self._secret_path(name))

    def _open_master_key(self) -> bytes:
        path = self._root / "master.key"
        if not path.exists():
            wrapped = any(self._workspaces.glob("*.key")) or any(self._secrets.glob("*.secret"))
            # Looked for again: a key seen now may be one that another process, which made the master key
            # since the first look, has wrapped already.
            if wrapped and not path.exists():
                raise KeyStoreError(
                    f"{path} is missing, but keys it wrapped are there. Restore it from your backup of the "
                    "keys; a new one could not open them."
                )
            publish_new(path, random_key().hex().encode() + b"\n")
        if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
            raise KeyStoreError(f"{path} can be read by other users. Run: chmod 600 {path}")
        try:
            key = bytes.fromhex(path.read_text().strip())
        except ValueError:
            key = b""
        if len(key) != 32:
            raise KeyStoreError(f"{path} is damaged: it must hold 64 hexadecimal digits.")
        return key

    def _unwrap(self, wrapped: bytes, context: bytes, what: str) -> bytes:
        try:
            return unwrap_key(kek=self._kek, wrapped=wrapped, aad=context)
        except DecryptionError:
            raise KeyStoreError(
                f"The {what} in {self._root} is damaged or was wrapped by another master key."
            ) from None

    def _refuse_destroyed(self, workspace_id: UUID) -> None:
        if self._mark_path(workspace_id).exists():
            raise KeyDestroyed(f"The key of workspace {workspace_id} was destroyed with the workspace.")

    def _key_path(self, workspace_id: UUID) -> Path:
        return self._workspaces / f"{workspace_id}.key"

    def _mark_path(self, workspace_id: UUID) -> Path:
        marking_key = derive_key(key=self._kek, purpose="destroyed-workspaces")
        return self._destroyed / hmac.new(marking_key, workspace_id.bytes, hashlib.sha256).hexdigest()

    def _secret_path(self, name: str) -> Path:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,63}", name):
            raise ValueError(f"A secret's name is up to 64 of a-z, 0-9 and '-' (got {name!r}).")
        return self._secrets / f"{name}.secret"


def _workspace_context(workspace_id: UUID) -> bytes:
    return b"workspace:" + workspace_id.bytes


def _secret_context(name: str) -> bytes:
    return b"secret:" + name.encode()

"""Secrets of the installation itself, made on first use and kept in the key folder, mode 0600."""

import os
import secrets
from pathlib import Path

from goldseal.kit import places


def installation_secret(name: str) -> str:
    """A random secret by name; the environment's `GOLDSEAL_<NAME>` wins."""
    given = os.environ.get(f"GOLDSEAL_{name.upper()}")
    if given:
        return given
    path = places.key_folder() / "installation" / name
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def app_password() -> str:
    """The application role's password on a named server."""
    return installation_secret("database_app_password")


def _write_once(path: Path, value: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # the first writer wins, everybody reads the same secret
    except FileExistsError:
        pass
    finally:
        draft.unlink()

"""Where this installation keeps its things: data, keys, temporary files; from the environment."""

import hashlib
import os
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
PROJECT = PACKAGE.parent


def state_folder() -> Path:
    """Everything that must survive: `GOLDSEAL_DATA_DIR`, else a place fit for this user."""
    named = os.environ.get("GOLDSEAL_DATA_DIR")
    if named:
        return Path(named).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/goldseal")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "goldseal"


def data_folder() -> Path:
    """Files and other content; backed up."""
    return state_folder() / "data"


def key_folder() -> Path:
    """Keys: beside the data folder, never inside it, with a backup of its own."""
    named = os.environ.get("GOLDSEAL_KEY_URL", "")
    if named.startswith("file://"):
        return Path(named.removeprefix("file://"))
    if named:
        raise ValueError("GOLDSEAL_KEY_URL must be a file:// address of a folder.")
    return state_folder() / "keys"


def temporary_folder() -> Path:
    """Uploads under way and exports being written; swept."""
    return state_folder() / "tmp"


def log_folder() -> Path:
    """Log files."""
    return state_folder() / "log"


def cluster_folder() -> Path:
    """The embedded PostgreSQL's data directory.

    PostgreSQL refuses to run as root, so for root it runs as another user, who must be able to
    reach the folder: under a closed home directory a sibling in /var/lib is used instead.
    """
    wanted = state_folder() / "postgres"
    if os.geteuid() != 0:
        return wanted
    elsewhere = Path("/var/lib/goldseal/clusters") / hashlib.sha256(str(wanted).encode()).hexdigest()[:16]
    for made in (wanted, elsewhere):
        if (made / "PG_VERSION").exists():
            return made
    state_folder().mkdir(mode=0o711, parents=True, exist_ok=True)
    return wanted if reachable_by_others(state_folder()) else elsewhere


def socket_folder() -> Path:
    """The embedded PostgreSQL's socket: beside the cluster, or in a short temporary path (limit 107 bytes)."""
    beside = cluster_folder().parent / "socket"
    if len(str(beside)) < 80:
        return beside
    return Path(tempfile.gettempdir()) / f"goldseal-{hashlib.sha256(str(beside).encode()).hexdigest()[:12]}"


def reachable_by_others(folder: Path) -> bool:
    """Whether another user may pass through every existing directory on the way."""
    return all(parent.stat().st_mode & 0o001 for parent in [folder, *folder.parents] if parent.exists())

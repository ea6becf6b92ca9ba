"""The doctor: is everything there that a healthy installation needs?"""

import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from goldseal.kit.promises import broken_promises


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    is_well: bool
    words: str

    def as_facts(self) -> dict[str, object]:
        """For programs."""
        return asdict(self)


def examine(*, now: datetime) -> list[Finding]:
    """Everything, each with a word about it."""
    return [_database(), _role(), _promises(), *_folders(), _fonts(), _front()]


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        version = int((cursor.fetchone() or [0])[0])
    return Finding("PostgreSQL", version >= 150_000, f"version {version // 10_000}")


def _role() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, is_strong = cursor.fetchone() or ("?", True)
    words = "may bypass row-level security" if is_strong else "is bound by row-level security"
    return Finding("database role", not is_strong, f"{name} {words}")


def _promises() -> Finding:
    open_ones = list(broken_promises())
    return Finding("promise register", not open_ones, "; ".join(open_ones[:3]) or "complete")


def _folders() -> list[Finding]:
    found = []
    for what, folder in (
        ("files", settings.FILES_FOLDER),
        ("keys", settings.KEY_FOLDER),
        ("temporary files", settings.TEMPORARY_FOLDER),
    ):
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(path).free
        well = os.access(path, os.W_OK) and free > 1_000_000_000
        found.append(Finding(what, well, f"{path}, {free // 1_000_000_000} GB free"))
    mode = Path(settings.KEY_FOLDER).stat().st_mode & 0o077
    found.append(Finding("key folder's rights", not mode & 0o022, f"{mode:03o} for others"))
    return found


def _fonts() -> Finding:
    names = sorted(path.name for path in Path(settings.FONT_FOLDER).glob("*.ttf"))
    well = "NotoSansBengali-Regular.ttf" in names and "NotoSans-Regular.ttf" in names
    return Finding("report fonts", well, f"{len(names)} files")


def _front() -> Finding:
    built = Path(settings.STATICFILES_DIRS[0]) / "manifest.json"
    return Finding("styles and scripts", built.exists(), "built" if built.exists() else "run make run once")

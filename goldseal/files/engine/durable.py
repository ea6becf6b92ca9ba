"""Writing files so that a crash leaves either all of them or nothing: sync the file, rename, sync the folder."""

import os
import secrets
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: a rename is on disk only once its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, *, mode: int = 0o700) -> None:
    """Create `folder` and its missing parents, durably; an existing one is left as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent, mode=mode)
    folder.mkdir(mode=mode, exist_ok=True)
    sync_folder(folder.parent)


def publish_new(path: Path, content: bytes) -> bool:
    """Write `content` to `path`, readable by the owner only, unless `path` exists; True if it was written.

    Of several processes that publish the same name, exactly one wins and the others see its content whole.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def shred(path: Path) -> None:
    """Overwrite `path` with noise, sync, unlink, sync the folder. Nothing happens where it is missing.

    Overwriting is a courtesy to old disks; a solid-state disk or a copying file system may keep old blocks.
    """
    try:
        with path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink(missing_ok=True)
    except FileNotFoundError:
        return
    sync_folder(path.parent)

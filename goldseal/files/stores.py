"""The key store, blob store, part store and image cleaner of this process, as the settings place them."""

import atexit
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from goldseal.files.engine.blobs import FolderBlobStore
from goldseal.files.engine.images import ImageCleaner, ImageLimits
from goldseal.files.engine.keystore import FolderKeyStore, KeyMissing
from goldseal.files.engine.parts import PartStore
from goldseal.files.models import Attachment, Upload


@cache
def _keys(root: Path, data_root: Path) -> FolderKeyStore:
    return FolderKeyStore(root, data_root=data_root)


def key_store() -> FolderKeyStore:
    """Where the workspaces' keys and the installation's secrets are kept."""
    return _keys(Path(settings.KEY_FOLDER), Path(settings.FILES_FOLDER))


def blob_store() -> FolderBlobStore:
    """Where the bytes of attachments are kept."""
    return FolderBlobStore(Path(settings.FILES_FOLDER), keys=key_store())


def part_store() -> PartStore:
    """Where the bytes of uploads under way are kept."""
    return PartStore(Path(settings.TEMPORARY_FOLDER) / "uploads", keys=key_store())


@cache
def image_cleaner() -> ImageCleaner:
    """The caged decoders of this process; started when the first picture comes, stopped with the process."""
    cleaner = ImageCleaner(limits=ImageLimits(max_pixels=settings.IMAGE_MAX_PIXELS), processes=2)
    atexit.register(cleaner.close)
    return cleaner


def ensure_key(workspace_id: UUID) -> None:
    """Make the open workspace's key if it never had one. Call inside its scope.

    A workspace that has files but no key has lost it: a new key would open none of them and hide the loss, so
    KeyMissing is raised instead. KeyDestroyed for an erased workspace.
    """
    keys = key_store()
    try:
        keys.get(workspace_id)
    except KeyMissing:
        if Attachment.objects.exists() or Upload.objects.filter(offset__gt=0).exists():
            raise
        keys.create(workspace_id)

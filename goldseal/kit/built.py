"""Built front-end files as text, for what is handed out in one piece."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


def built_text(name: str) -> str:
    """The text of a built file, such as `offline.html`. Raises FileNotFoundError where nothing was built."""
    path = finders.find(staticfiles_storage.url(name).rpartition("/")[2])
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path).read_text(encoding="utf-8")

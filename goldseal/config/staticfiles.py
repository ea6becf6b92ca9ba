"""Built styles and scripts: esbuild names each file by its content and writes a manifest."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage


@lru_cache(maxsize=2)
def _manifest(path: Path, changed_at: float) -> dict[str, str]:
    found: dict[str, str] = json.loads(path.read_text())
    return found


class BuiltFilesStorage(StaticFilesStorage):
    """`{% static "site.css" %}` gives the address of the built file, which may be cached for ever."""

    def url(self, name: str | None) -> str:
        """The address of a built file, or of the name itself where nothing was built."""
        path = Path(settings.STATICFILES_DIRS[0]) / "manifest.json"
        built = _manifest(path, path.stat().st_mtime) if path.exists() else {}
        return super().url(built.get(name or "", name or ""))

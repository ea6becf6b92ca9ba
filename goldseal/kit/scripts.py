"""Built scripts as text, for pages that carry their script in themselves."""

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.safestring import SafeString


def built_script(name: str) -> SafeString:
    """The text of a built script, such as `offline.js`. Raises FileNotFoundError where nothing was built."""
    built = staticfiles_storage.url(name).rpartition("/")[2]
    path = finders.find(built)
    if path is None:
        raise FileNotFoundError(name)
    with open(path, encoding="utf-8") as file:
        # Our own build, which refuses a script that would end its element.
        return SafeString(file.read())

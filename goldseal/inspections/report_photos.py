"""The photos that a record names, in print size, for the paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from goldseal.files.errors import Unreadable
from goldseal.files.models import Attachment
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import open_content
from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.wording import number_in_words_of_page
from goldseal.reports.engine.photos import loaded_photo


def print_photos(rows: Mapping[str, Attachment], named: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    """The bytes of the photos that the record names; `rows` are the files by their sha256.

    Conflict that says which cannot be read, and whose they are.
    """
    photos: dict[str, bytes] = {}
    unread: list[str] = []
    for number, photo in enumerate(named, start=1):
        attachment = rows[photo["sha256"]]
        name = f"{number} ({photo['caption_en'][:60] or photo['sha256'][:12]})"
        try:
            with open_content(attachment, Variant.PRINT) as content:
                photos[photo["sha256"]] = loaded_photo(data=content.read(), name=name, count=len(named))
        except (NotFound, Unreadable):
            sender = attachment.uploaded_by.display_name if attachment.uploaded_by else "–"
            unread.append(f"{name}, {sender}")
    if unread:
        words = _(
            "Photos that cannot be read from the store (%(count)s): %(photos)s. Restore them, then try again."
        )
        shown = "; ".join(unread[:5]) + (" …" if len(unread) > 5 else "")
        # Put together when it is read: a job fails in no language of its own.
        raise Conflict(
            lazy(lambda: words % {"count": number_in_words_of_page(len(unread)), "photos": shown}, str)()
        )
    return photos

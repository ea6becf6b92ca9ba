"""The answer that carries a stored file: decrypted as it is sent, harmless wherever it is opened."""

from collections.abc import Iterator
from typing import BinaryIO

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from goldseal.files.models import Attachment
from goldseal.files.rules.links import Variant

_PIECE = 64 * 1024
# Nothing in a file may run, load or frame anything, even if somebody talks a browser into rendering it.
_NOTHING = "default-src 'none'; sandbox"


class _Pieces:
    """The content in pieces; closing it closes the file, whether or not it was read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._content.read(_PIECE):
            yield piece

    def close(self) -> None:
        self._content.close()


def download(attachment: Attachment, content: BinaryIO, variant: Variant) -> StreamingHttpResponse:
    """Always `attachment`: an `<img>` shows it all the same, and nothing opens in our origin by navigation."""
    size = content.seek(0, 2)
    content.seek(0)
    mime, name = attachment.mime, attachment.name
    if variant is not Variant.FILE:
        mime, name = "image/jpeg", f"{name.rpartition('.')[0]}-{variant.name.lower()}.jpg"
    return StreamingHttpResponse(
        _Pieces(content),
        content_type=mime,
        headers={
            "Content-Disposition": content_disposition_header(True, name) or "attachment",
            "Content-Length": str(size),
            "Content-Security-Policy": _NOTHING,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )

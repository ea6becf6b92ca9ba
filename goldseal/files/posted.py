"""Files posted with a form: kept in memory, never in a plain temporary file, and no more than ten megabytes.

Larger files come in parts by the resumable upload, which is encrypted from its first byte.
"""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

POST_MAX_BYTES = 10_000_000


class SmallFilesHandler(FileUploadHandler):
    """Django's upload handler of this product: ten megabytes a request, all files together.

    A file beyond that arrives with its true size and no content, so that the form can say what is wrong.
    """

    chunk_size = 64 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._taken = 0
        self._buffer = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Another file begins."""
        super().new_file(*args, **kwargs)
        self._buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what fits, drop the rest."""
        self._taken += len(raw_data)
        if self._taken <= POST_MAX_BYTES:
            self._buffer.write(raw_data)
        else:
            self._buffer = io.BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, or its empty shell with the size it had."""
        self._buffer.seek(0)
        return InMemoryUploadedFile(
            file=self._buffer,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


def is_whole(file: Any) -> bool:
    """Whether a posted file came with all its bytes, rather than as the empty shell of one too large."""
    content = file.file
    end: int = content.seek(0, io.SEEK_END)
    content.seek(0)
    size: int = file.size
    return end == size

"""How an export gets at the bytes of attachments."""

from collections.abc import Iterator
from functools import partial

from goldseal.files.models import Attachment
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import open_content
from goldseal.kit.contents import Content, declare_contents


def _contents(row: Attachment) -> Iterator[Content]:
    yield Content(row.name or "file", partial(open_content, row, Variant.FILE))


declare_contents(Attachment, _contents)

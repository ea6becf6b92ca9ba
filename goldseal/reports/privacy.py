"""How an export gets at the sealed PDFs and records."""

import io
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO
from uuid import UUID

from goldseal.kit.contents import Content, declare_contents
from goldseal.reports import vault
from goldseal.reports.models import ReportVersion


def _opened(workspace_id: UUID, address: str) -> BinaryIO:
    return io.BytesIO(vault.fetch(workspace_id=workspace_id, address=address))


def _contents(row: ReportVersion) -> Iterator[Content]:
    if row.is_issued:
        stem = f"{row.report.number}-v{row.version}"
        yield Content(f"{stem}.pdf", partial(_opened, row.workspace_id, row.file_address))
        yield Content(f"{stem}.json", partial(_opened, row.workspace_id, row.record_address))


declare_contents(ReportVersion, _contents)

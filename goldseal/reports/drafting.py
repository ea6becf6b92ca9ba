"""What is read back from an issued version: its record, its public address, and a draft laid out anew."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.reporting import ReportContext, report_kind
from goldseal.reports import vault
from goldseal.reports.engine.photos import PhotoUnreadableError, TooManyPhotosError
from goldseal.reports.engine.render import RenderError, render_pdf
from goldseal.reports.models import ReportVersion
from goldseal.reports.pack_selectors import pack_of_version
from goldseal.reports.packs.applying import Pack

log = logging.getLogger(__name__)


def kept_record(version: ReportVersion) -> Mapping[str, Any]:
    """The canonical record of an issued version. The caller has authorised."""
    return vault.fetch_record(workspace_id=version.workspace_id, address=version.record_address)


def verify_url(token: str) -> str:
    """The public address that the QR code carries."""
    return f"{settings.BASE_URL}/verify/{token}"


def draft_pdf(*, version: ReportVersion, now: datetime, pack: Pack | None = None) -> bytes:
    """The version laid out anew with the DRAFT watermark, without seal, QR code or embedded record.

    `pack`: another form than the one it was sealed in, to see how that looks. The caller has authorised. Raises
    Conflict where the photos are no longer at hand.
    """
    kind = report_kind(version.report.kind)
    data = dict(kept_record(version))
    data["report"] = {**data["report"], "verify_url": ""}
    if kind is None:
        raise NotFound
    context = ReportContext(
        number=version.report.number,
        version=version.version,
        language=version.language,
        issued_at=datetime.fromisoformat(data["report"]["issued_at"]),
    )
    try:
        built = kind.build(version.report.subject_id, context)
        return render_pdf(
            template=kind.template,
            data=data,
            photos=built.photos,
            timestamp=now,
            attach_json=None,
            sealed=False,
            pack=pack or pack_of_version(version),
        )
    except (RenderError, PhotoUnreadableError, TooManyPhotosError) as problem:
        log.warning("The draft of %s could not be laid out: %s", version.pk, problem)
        raise Conflict(_("The draft cannot be drawn: its photos are no longer as they were.")) from problem

"""Many sealed reports in one ZIP, with a list of what is in it."""

import io
import itertools
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict
from goldseal.kit.sheets.writing import write_csv
from goldseal.reports import vault
from goldseal.reports.drafting import verify_url
from goldseal.reports.models import Report, ReportVersion, VersionState
from goldseal.reports.selectors import RELEASED
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

MOST_REPORTS = 200
MOST_BYTES = 500 * 1024 * 1024
_IN_MEMORY = 32 * 1024 * 1024
# A ZIP's times have no zone and begin in 1980; the dates of the reports stand in the list.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A ZIP to hand out; `content` is read once and then closed."""

    name: str
    content: IO[bytes]
    reports: int


def download_many(*, report_ids: Sequence[UUID], actor: Actor, now: datetime) -> Bundle:
    """The newest version that may be handed out of each report, as sealed, and `reports.csv` naming each one.

    Only what passed the check before sharing (K30); a buyer guest gets the own buyer's. Reports of which there is
    nothing to hand out are left out. Raises Conflict where nothing is left or it is too much, Forbidden.
    """
    authorize(actor, "reports.view")
    versions = _versions(report_ids, is_guest=actor.compartment_id is not None)
    if not versions:
        raise Conflict(
            _("None of these reports can be handed out yet: each needs the check before sharing first.")
        )
    total = sum(version.file_size for version in versions)
    if len(versions) > MOST_REPORTS or total > MOST_BYTES:
        raise Conflict(
            _("One ZIP holds at most 200 reports and 500 MB; these are %(count)s reports and %(size)s MB.")
            % {"count": len(versions), "size": total // 1024 // 1024}
        )
    content: IO[bytes] = io.BytesIO() if total <= _IN_MEMORY else tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response
    with recorded_change(), zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as bundle:
        for version in versions:
            sealed = vault.fetch(workspace_id=version.workspace_id, address=version.file_address)
            bundle.writestr(zipfile.ZipInfo(_file_name(version), _NO_TIME), sealed)
            record(
                event="report.downloaded",
                actor=actor,
                now=now,
                obj=version,
                payload={"number": version.report.number, "version": version.version, "form": "zip"},
            )
        bundle.writestr(
            zipfile.ZipInfo("reports.csv", _NO_TIME), _list(versions, _left_out(report_ids, versions))
        )
    content.seek(0)
    return Bundle(f"reports-{now:%Y-%m-%d}.zip", content, len(versions))


def _versions(report_ids: Sequence[UUID], *, is_guest: bool) -> list[ReportVersion]:
    rows = ReportVersion.objects.select_related("report").filter(
        report_id__in=list(report_ids)[: MOST_REPORTS + 1],
        state__in=[VersionState.SEALED, VersionState.SUPERSEDED],
    )
    rows = rows.filter(shown_to_id__isnull=False) if is_guest else rows.filter(RELEASED)
    newest: dict[UUID, ReportVersion] = {}
    for version in rows.distinct().order_by("report__number", "version"):
        newest[version.report_id] = version
    return list(newest.values())


def _file_name(version: ReportVersion) -> str:
    return f"{version.report.number}-v{version.version}.pdf"


def _left_out(report_ids: Sequence[UUID], versions: Sequence[ReportVersion]) -> list[Report]:
    """Reports that were asked for and of which nothing can be handed out."""
    there = {version.report_id for version in versions}
    return list(Report.objects.filter(pk__in=set(report_ids) - there).order_by("number"))


def _list(versions: Sequence[ReportVersion], left_out: Sequence[Report]) -> bytes:
    heads = [
        _("File"),
        _("Number"),
        _("Version"),
        _("About"),
        _("Verdict"),
        _("State"),
        _("Sealed"),
        "SHA-256",
        _("Verify at"),
    ]
    rows = (
        [
            _file_name(version),
            version.report.number,
            version.version,
            version.report.title,
            version.verdict,
            VersionState(version.state).label,
            version.sealed_at.isoformat() if version.sealed_at else "",
            version.file_hash,
            verify_url(version.token),
        ]
        for version in versions
    )
    missing = (
        [_("not in this ZIP: nothing of it can be handed out yet"), report.number] for report in left_out
    )
    return write_csv(heads=heads, rows=itertools.chain(rows, missing))

"""Which version of a report holds, the newest that passed its check before sharing; and whose the report is."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict
from goldseal.kit.reporting import ReportSubject
from goldseal.reports.models import ISSUED, Report, ReportVersion, VersionState
from goldseal.reports.selectors import RELEASED
from goldseal.trail.services import record


def earlier_versions(version: ReportVersion) -> list[ReportVersion]:
    """The issued versions before this one, newest first, locked in that order."""
    rows = version.report.versions.filter(version__lt=version.version, state__in=ISSUED)
    return list(rows.select_for_update().order_by("-version"))


def released_of(versions: Sequence[ReportVersion]) -> list[ReportVersion]:
    """Those that passed their check before sharing, newest first. Asked after locking them, so that it holds."""
    rows = ReportVersion.objects.filter(RELEASED, pk__in=[version.pk for version in versions])
    released = set(rows.values_list("pk", flat=True))
    return [version for version in versions if version.pk in released]


def supersede(versions: Sequence[ReportVersion], *, by: ReportVersion, actor: Actor, now: datetime) -> None:
    """Those of the versions that still hold are superseded by another one; the caller has authorised and locked."""
    for old in versions:
        if old.state != VersionState.SEALED:
            continue
        old.state, old.superseded_at = VersionState.SUPERSEDED, now
        old.save(update_fields=["state", "superseded_at"])
        record(
            event="report.superseded",
            actor=actor,
            now=now,
            obj=old,
            payload={"number": by.report.number, "version": old.version, "by": by.version},
        )


def refuse_other_buyers(report: Report, subject: ReportSubject, *, is_released: bool) -> None:
    """Once a version was released, its readers keep the report: no other buyer's guests ever see it.

    Raises Conflict where the record went to another buyer since.
    """
    if is_released and report.compartment_id != subject.compartment_id:
        raise Conflict(
            _(
                "This report was released, and its record now belongs to another buyer, who may not read what was "
                "reported before. Give the record its former buyer again, or make a new record for the other one."
            )
        )


def follow_subject(report: Report, subject: ReportSubject, *, is_released: bool) -> str:
    """What the version now sealed is about; a report of mere drafts follows its record, to another buyer too.

    Once a version was released, the new words wait for the check (`complete_pre_share_check`). Raises Conflict.
    """
    refuse_other_buyers(report, subject, is_released=is_released)
    title = subject.title[:200]
    if not is_released:
        report.title, report.compartment_id = title, subject.compartment_id
        report.save(update_fields=["title", "compartment_id"])
    return title

"""Which version of a report holds: the newest that passed its check before sharing; a draft replaces only drafts."""

from collections.abc import Sequence
from datetime import datetime

from goldseal.kit.actors import Actor
from goldseal.reports.models import ISSUED, ReportVersion, VersionState
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

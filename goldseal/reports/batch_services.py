"""Many reports asked for at once: every record of a kind that can be reported and never was."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid
from goldseal.kit.reporting import ReportKind, report_kind, report_kinds
from goldseal.reports.models import ReportVersion, VersionState
from goldseal.reports.sealing_services import request_report
from goldseal.workspaces.permissions import authorize

MOST = 200


def waiting_kinds(*, actor: Actor) -> list[tuple[ReportKind, int]]:
    """Kinds of report with how many records wait for their first one, at most MOST each."""
    authorize(actor, "reports.seal")
    return [(kind, len(kind.waiting(MOST))) for kind in report_kinds() if kind.waiting is not None]


def request_waiting_reports(*, kind: str, language: str, actor: Actor, now: datetime) -> int:
    """Ask for the first report of up to MOST records of a kind; jobs seal them. Returns how many.

    Raises Invalid, Conflict where none waits, Forbidden.
    """
    authorize(actor, "reports.seal")
    declared = report_kind(kind)
    if declared is None or declared.waiting is None:
        raise Invalid(fields={"kind": _("There is no such kind of report.")})
    subjects = declared.waiting(MOST)
    if not subjects:
        raise Conflict(_("Every record of this kind has its report already."))
    for subject_id in subjects:
        request_report(kind=kind, subject_id=subject_id, language=language, actor=actor, now=now)
    return len(subjects)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the versions asked for since a moment are."""

    asked: int
    done: int
    failed: int

    @property
    def percent(self) -> int:
        """Of all, finished in one way or the other."""
        return (self.done + self.failed) * 100 // self.asked if self.asked else 100


def progress_since(*, since: datetime, actor: Actor) -> Progress:
    """How far the versions are that were asked for at `since` or later."""
    authorize(actor, "reports.seal")
    counts = ReportVersion.objects.filter(requested_at__gte=since).aggregate(
        asked=Count("pk"),
        failed=Count("pk", filter=Q(state=VersionState.FAILED)),
        done=Count("pk", filter=Q(sealed_at__isnull=False)),
    )
    return Progress(**counts)

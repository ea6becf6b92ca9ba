"""A day's sheet over all lines of a site: asked for once a day or as often as wanted, each time a new version."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import Site
from goldseal.inspections.day_record import inspections_of_day
from goldseal.inspections.models import DaySheet
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid
from goldseal.reports.models import ReportVersion
from goldseal.reports.services import request_report
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

KIND = "day_sheet"


def request_day_sheet(
    *, site_id: UUID, day: date, language: str, actor: Actor, now: datetime, in_background: bool = True
) -> ReportVersion:
    """Ask for the report of a site's day: version 1, or the next one.

    Raises Invalid for an unknown site, Conflict where no line has begun, Forbidden.
    """
    authorize(actor, "reports.seal")
    site = Site.objects.filter(pk=site_id).first()
    if site is None:
        raise Invalid(fields={"site": _("Choose a site.")})
    if not inspections_of_day(site.pk, day):
        raise Conflict(_("Nothing was checked on a line of this site that day."))
    with recorded_change():
        sheet, _made = DaySheet.objects.get_or_create(site=site, day=day, defaults={"created_at": now})
        return request_report(
            kind=KIND,
            subject_id=sheet.pk,
            language=language,
            actor=actor,
            now=now,
            in_background=in_background,
        )

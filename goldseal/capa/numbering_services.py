"""Numbers without gaps per workspace, series and year: NC-2026-000012, SCAR-2026-000003."""

from datetime import datetime
from zoneinfo import ZoneInfo

from goldseal.capa.models import NonconformityCounter
from goldseal.capa.selectors import open_workspace


def next_number(*, series: str, now: datetime) -> str:
    """The next number of the open workspace; call in the transaction that uses it, so that none is lost."""
    workspace = open_workspace()
    year = now.astimezone(ZoneInfo(workspace.time_zone)).year
    NonconformityCounter.objects.bulk_create(
        [NonconformityCounter(workspace_id=workspace.pk, series=series, year=year)], ignore_conflicts=True
    )
    counter = NonconformityCounter.objects.select_for_update().get(series=series, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{series}-{year}-{counter.last:06d}"

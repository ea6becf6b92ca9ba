"""Pages of many reports at once: ask for all that wait, and watch them being made."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.kit.forming import offer, submitted
from goldseal.kit.visits import visit
from goldseal.reports import batch_services
from goldseal.reports.forms import BatchForm
from goldseal.workspaces.selectors import workspace_of


@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for its first report, and the button that asks for all of it."""
    actor, now = visit(request)
    waiting = batch_services.waiting_kinds(actor=actor)
    form = BatchForm(request.POST or None)
    offer(form, "kind", [(kind.code, kind.label) for kind, _count in waiting])
    if request.method == "POST":
        asked = submitted(
            form,
            lambda values: batch_services.request_waiting_reports(actor=actor, now=now, **values),
        )
        if asked is not None:
            base = workspace_of(request).get_absolute_url()
            return redirect(f"{base}reports/batch/progress/?since={int(now.timestamp())}")
    return render(
        request,
        "reports/batch.html",
        {"form": form, "waiting": waiting, "most": batch_services.MOST},
        status=422 if form.errors else 200,
    )


@require_GET
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """How far they are; asked for by the page every two seconds until all are finished."""
    actor, now = visit(request)
    since = _since(request.GET.get("since", ""), now)
    found = batch_services.progress_since(since=since, actor=actor)
    template = (
        "reports/batch_bar.html" if request.headers.get("HX-Request") else "reports/batch_progress.html"
    )
    return render(request, template, {"progress": found, "since": str(int(since.timestamp()))})


def _since(text: str, now: datetime) -> datetime:
    """A moment of the last day, from whole seconds; an hour ago where that cannot be read."""
    if text.isascii() and text.isdigit() and len(text) <= 10:
        asked = datetime.fromtimestamp(int(text), tz=UTC)
        if now - timedelta(days=1) <= asked <= now:
            return asked
    return now - timedelta(hours=1)

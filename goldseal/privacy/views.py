"""Pages of privacy: taking everything along, and erasing it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.accounts.models import User
from goldseal.accounts.selectors import refuse_pin_session
from goldseal.accounts.services import prove_identity
from goldseal.kit.crypto import DecryptingReader
from goldseal.kit.errors import Conflict, NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.privacy import selectors, services
from goldseal.privacy.forms import EraseWorkspaceForm
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_by_id, workspace_of


@require_GET
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Exports so far, and the way to erasure."""
    actor, now = visit(request)
    authorize(actor, "workspace.export")
    rows = selectors.exports()
    return render(
        request,
        "privacy/overview.html",
        {"exports": rows, "now": now, "is_writing": any(row.state == "queued" for row in rows)},
    )


@require_POST
def ask_export(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for an export; a job writes it."""
    actor, now = visit(request)
    refuse_pin_session(request)
    try:
        services.request_export(actor=actor, now=now)
    except Conflict as problem:
        messages.info(request, str(problem.message))
    else:
        messages.success(request, _("The export is being written. You can leave this page; it will be here."))
    return redirect(f"{workspace_of(request).get_absolute_url()}privacy/")


@require_GET
def download_export(request: HttpRequest, slug: str, pk: Any) -> HttpResponseBase:
    """The export as a ZIP file, decrypted on the way out."""
    actor, now = visit(request)
    refuse_pin_session(request)
    export, reader = services.open_export(export_id=pk, actor=actor, now=now)
    response = StreamingHttpResponse(_pieces(reader), content_type="application/zip")
    response["Content-Length"] = str(export.size)
    response["Content-Disposition"] = f'attachment; filename="{slug}-{export.requested_at:%Y-%m-%d}.zip"'
    return response


def _pieces(reader: DecryptingReader) -> Iterator[bytes]:
    with reader:
        while piece := reader.read(256 * 1024):
            yield piece


@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, slug: str) -> HttpResponse:
    """Erase the workspace, after typing its name and proving who one is."""
    actor, now = visit(request)
    authorize(actor, "workspace.erase")
    workspace = workspace_by_id(actor.workspace_id) if actor.workspace_id else None
    user = request.user
    if workspace is None or not isinstance(user, User):
        raise NotFound
    form = EraseWorkspaceForm(request.POST or None)

    def carry_out(values: dict[str, Any]) -> Any:
        prove_identity(user=user, password=values["password"], signed_in_at=None, now=now)
        return services.request_erasure(
            workspace=workspace, typed_name=values["typed_name"], actor=actor, now=now
        )

    if request.method == "POST":
        erasure = submitted(form, carry_out)
        if erasure:
            return redirect("erasure", pk=erasure.pk)
    return render(
        request,
        "privacy/erase.html",
        {
            "form": form,
            "heading": _("Erase the workspace"),
            "back_url": f"{workspace.get_absolute_url()}privacy/",
        },
    )


@require_GET
def erasure(request: HttpRequest, pk: Any) -> HttpResponse:
    """How far an erasure is: no personal data, so whoever holds the address may look."""
    found = services.erasure_by_id(pk)
    return render(
        request, "privacy/erasure.html", {"erasure": found, "certificate": services.certificate(found)}
    )

"""What the pages of every noun share: addresses, forms, history, and the buttons that retire, restore, delete."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from goldseal.catalog.forms import CatalogForm
from goldseal.catalog.models import CatalogRecord
from goldseal.kit.activity import sentence_for
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict
from goldseal.kit.forming import submitted
from goldseal.kit.listing import Column, Filter
from goldseal.kit.visits import visit
from goldseal.kit.words import Words
from goldseal.trail.selectors import entries_about
from goldseal.workspaces.selectors import workspace_of

HISTORY_SHOWN = 20
VIEW = "catalog.view"
EDIT = "catalog.edit"

STATE_FILTER = Filter(
    "state",
    pgettext_lazy("record", "State"),
    [("active", gettext_lazy("In use")), ("retired", gettext_lazy("Retired"))],
    lambda value: Q(is_active=value == "active"),
)


def state_of(row: CatalogRecord) -> SafeString:
    """In use or retired, as a small mark."""
    if row.is_active:
        return format_html('<span class="state state-active">{}</span>', _("In use"))
    return format_html('<span class="state">{}</span>', _("Retired"))


def state_column() -> Column:
    """The column that tells retired rows from those in use."""
    return Column("state", pgettext_lazy("record", "State"), state_of)


def address(request: HttpRequest, path: str = "") -> str:
    """An address of the catalog in this workspace."""
    return f"{workspace_of(request).get_absolute_url()}catalog/{path}"


def create_action(
    request: HttpRequest, actor: Actor, permission: str, path: str, label: Words
) -> list[dict[str, Any]]:
    """The list's main button, for those who may use it."""
    return [{"url": address(request, path), "icon": "plus", "label": label}] if actor.may(permission) else []


def import_action(request: HttpRequest, actor: Actor, permission: str, kind: str) -> list[dict[str, Any]]:
    """The list's button for bringing in a sheet, for those who may use it."""
    if not actor.may(permission):
        return []
    return [{"url": address(request, f"imports/new/?kind={kind}"), "icon": "upload", "label": _("Import")}]


def history(actor: Actor, row: CatalogRecord) -> list[dict[str, Any]] | None:
    """What happened to the row, newest first; None for those who may not read the activity log."""
    if not actor.may("activity.view") or actor.workspace_id is None:
        return None
    shown = []
    for entry in entries_about(actor.workspace_id, row.pk)[:HISTORY_SHOWN]:
        payload = getattr(entry, "payload", None)
        shown.append(
            {
                "at": entry.at,
                "who": (payload.actor_name if payload else "") or _("Erased person"),
                "what": sentence_for(entry.event, payload.data if payload else {}),
            }
        )
    return shown


def form_page(
    request: HttpRequest,
    form: CatalogForm,
    *,
    heading: str,
    submit: str,
    back: str,
    back_label: str,
    template: str = "catalog/form.html",
    **more: Any,
) -> HttpResponse:
    """A form's page; `back` is an address within the catalog."""
    return render(
        request,
        template,
        {
            "form": form,
            "heading": heading,
            "submit_label": submit,
            "back_url": address(request, back),
            "back_label": back_label,
            **more,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def saved(
    request: HttpRequest,
    form: CatalogForm,
    act: Callable[[dict[str, Any], int | None], CatalogRecord],
    path: str,
) -> HttpResponse | None:
    """Run the service on a valid form and go to the row's page; None where the form has to be shown again."""
    row = submitted(form, lambda cleaned: act(form.values(), cleaned.get("revision")))
    if row is None:
        return None
    messages.success(request, _("Saved."))
    return redirect(address(request, path.format(pk=row.pk)))


def posted(
    act: Callable[..., Any], *, key: str, done: Words, path: str, failed: str = ""
) -> Callable[..., HttpResponse]:
    """A view that takes one button: calls `act` with the row's id and says what came of it.

    `path` is where to go next, `failed` where to stay if the state of things does not allow it; both may
    name the row by `{pk}`, or, where the service returns a row, its field by `{row.…}`.
    """

    @require_POST
    def view(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
        actor, now = visit(request)
        row = None
        try:
            row = act(**{key: pk}, actor=actor, now=now)
        except Conflict as problem:
            messages.error(request, str(problem.message))
            return redirect(address(request, (failed or path).format(pk=pk)))
        messages.success(request, str(done))
        return redirect(address(request, path.format(pk=pk, row=row)))

    return view

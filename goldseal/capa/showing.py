"""What the pages share: addresses, the words of states, who did what, and sentences built from a case's facts."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goldseal.capa import choices, services
from goldseal.capa.models import Action, Nonconformity, Scar
from goldseal.capa.moving import is_own_work
from goldseal.capa.rules import lifecycle
from goldseal.capa.selectors import open_workspace, today_at
from goldseal.kit.activity import sentence_for
from goldseal.kit.actors import Actor
from goldseal.kit.errors import GoldsealError
from goldseal.kit.visits import visit
from goldseal.kit.wording import day_in_words, in_digits_of_page
from goldseal.trail.models import Entry
from goldseal.trail.selectors import entries_about
from goldseal.workspaces.selectors import workspace_of

HISTORY_SHOWN, HISTORY_READ = 60, 300


def place(request: HttpRequest, path: str = "") -> str:
    """An address of this room in this workspace."""
    return f"{workspace_of(request).get_absolute_url()}capa/{path}"


def today_of(request: HttpRequest) -> date:
    """The day at the workspace."""
    return today_at(open_workspace(), visit(request)[1])


def state_mark(row: Nonconformity | Action) -> SafeString:
    """Where it stands, as a small mark."""
    return format_html('<span class="state case-{}">{}</span>', row.state, row.get_state_display())


def due_mark(due_on: date, state: str, today: date) -> SafeString:
    """The due date, and by how much it is overdue."""
    if state in (lifecycle.CLOSED, lifecycle.VERIFIED) or due_on >= today:
        return format_html("{}", day_in_words(due_on))
    late = _("%(days)s days late") % {"days": in_digits_of_page(str((today - due_on).days))}
    return format_html('{} <span class="late">{}</span>', day_in_words(due_on), late)


def steps_for(row: Nonconformity | Action, actor: Actor) -> list[dict[str, Any]]:
    """The buttons this person has: each with what still stands in its way."""
    shown = []
    is_own = is_own_work(row, actor)
    is_owner = row.owner_id is not None and row.owner_id == actor.person_id
    for move in lifecycle.moves_from(row.state):
        if move.by == lifecycle.PROGRAM:
            continue
        if move.by == lifecycle.REVIEWER and not actor.may("capa.review"):
            continue
        if move.by == lifecycle.WORKER and not (
            actor.may("capa.work") and (is_owner or row.owner_id is None or actor.may("capa.review"))
        ):
            continue
        label, icon = choices.MOVE_WORDS[move.code]
        waits = _("waits for somebody who neither owns nor submitted it")
        is_barred = move.by == lifecycle.REVIEWER and move.code != lifecycle.REOPEN and is_own
        missing = services.what_is_missing(row, move.code) if isinstance(row, Nonconformity) else []
        shown.append(
            {
                "code": move.code,
                "label": label,
                "icon": icon,
                "needs_reason": move.needs_reason,
                "barred": waits if is_barred else "",
                "missing": missing,
            }
        )
    return shown


def history_of(actor: Actor, pk: UUID) -> list[dict[str, Any]]:
    """What happened to a case, newest first; nothing for those who may not read the activity log."""
    if not actor.may("activity.view") or actor.workspace_id is None:
        return []
    return _in_words(entries_about(actor.workspace_id, pk)[:HISTORY_SHOWN])


def history_of_scar(actor: Actor, scar: Scar) -> list[dict[str, Any]]:
    """What both sides did about one request to a supplier, newest first; nothing as above."""
    if not actor.may("activity.view") or actor.workspace_id is None:
        return []
    about = entries_about(actor.workspace_id, scar.nonconformity_id).filter(event__startswith="scar.")
    return _in_words(row for row in about[:HISTORY_READ] if _data(row).get("scar") == scar.number)


def _in_words(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    return [
        {"at": entry.at, "who": _who(entry), "what": sentence_for(entry.event, _data(entry))}
        for entry in entries
    ]


def _who(entry: Entry) -> str:
    payload = getattr(entry, "payload", None)
    return (payload.actor_name if payload else "") or _("Erased person")


def _data(entry: Entry) -> dict[str, Any]:
    payload = getattr(entry, "payload", None)
    return payload.data if payload else {}


def back_with(request: HttpRequest, path: str, problem: GoldsealError) -> HttpResponse:
    """Say what a button's service refused, and stay on the page."""
    said = next(iter(problem.fields.values()), problem.message)
    messages.error(request, str(said))
    return redirect(place(request, path))

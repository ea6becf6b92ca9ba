"""The list of reports, and many of them as one ZIP."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.reporting import report_kinds
from goldseal.kit.templatetags.goldseal import icon, verdict
from goldseal.kit.visits import visit
from goldseal.kit.wording import VERDICTS, day_in_words, moment_in_words, number_in_words_of_page
from goldseal.reports import bundle_services, selectors
from goldseal.reports.models import ISSUED, Report, ResponseKind, VersionState
from goldseal.reports.wording import DRAFT, RESPONSE_ICONS, STATE_ICONS
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

DRAFT_STATE = "draft"
# A sealed version is a draft until it passes its check before sharing.
STATES = [
    (DRAFT_STATE, DRAFT.word),
    *((state.value, state.label) for state in VersionState),
]


def _state(report: Any) -> str:
    is_draft = report.latest_state == VersionState.SEALED and not report.latest_is_released
    return DRAFT_STATE if is_draft else report.latest_state


def _states_shown(actor: Actor) -> list[tuple[str, Any]]:
    """A guest meets none but versions that were released once."""
    return [row for row in STATES if actor.compartment_id is None or row[0] in ISSUED]


def _state_cell(state: str) -> str:
    look, picture = (
        (DRAFT.look, DRAFT.icon) if state == DRAFT_STATE else (state, STATE_ICONS[VersionState(state)])
    )
    return format_html(
        '<span class="report-state report-state-{}">{}{}</span>', look, icon(picture), dict(STATES)[state]
    )


def _by_state(chosen: str) -> Q:
    if chosen == DRAFT_STATE:
        return Q(latest_state=VersionState.SEALED, latest_is_released=False)
    released = Q(latest_is_released=True) if chosen == VersionState.SEALED else Q()
    return Q(latest_state=chosen) & released


def _answer_cell(kind: str) -> str:
    return format_html(
        '<span class="buyer-answer buyer-answer-{}">{}{}</span>',
        kind,
        icon(RESPONSE_ICONS[ResponseKind(kind)]),
        ResponseKind(kind).label,
    )


def _pick_cell(report: Report) -> str:
    label = _("Tick %(number)s for the ZIP") % {"number": report.number}
    return format_html(
        '<input class="form-check-input" type="checkbox" name="pick" value="{}" form="pick-form" aria-label="{}">',
        report.pk,
        label,
    )


SINCE = [
    ("7", gettext_lazy("last 7 days")),
    ("30", gettext_lazy("last 30 days")),
    ("365", gettext_lazy("last 365 days")),
]
NO_ANSWER = "none"
ANSWERED = [
    *((kind.value, kind.label) for kind in ResponseKind if kind != ResponseKind.COMMENT),
    (NO_ANSWER, gettext_lazy("none yet")),
]


def _by_answer(chosen: str) -> Q:
    return Q(answer__isnull=True) if chosen == NO_ANSWER else Q(answer=chosen)


@require_GET
def report_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every report this person may see."""
    actor, now = visit(request)
    authorize(actor, "reports.view")
    listing = _listing(request, actor, now)
    return listing.spreadsheet("reports") or render(
        request,
        "reports/list.html",
        {
            "heading": _("Reports"),
            "lead": _("Numbered, sealed, and open to anybody's verification."),
            "listing": listing,
            "actions": _actions(request, actor),
        },
    )


def _actions(request: HttpRequest, actor: Actor) -> list[dict[str, str]]:
    base = workspace_of(request).get_absolute_url()
    actions = [
        ("reports.seal", "batch", "rosette", _("Make all waiting reports")),
        ("reports.manage_packs", "packs", "clipboard-check", _("Buyers' packs")),
        ("reports.manage_seal", "seal", "certificate", _("Seal")),
    ]
    return [
        {"url": f"{base}reports/{name}/", "icon": icon_name, "label": label}
        for permission, name, icon_name, label in actions
        if actor.may(permission)
    ]


def _listing(request: HttpRequest, actor: Actor, now: datetime) -> Listing:
    base = workspace_of(request).get_absolute_url()
    zone = workspace_of(request).time_zone
    kinds = {kind.code: kind.label for kind in report_kinds()}
    return Listing(
        request,
        selectors.reports(),
        [
            Column("number", _("Number"), lambda r: r.number, sort="number", css="report-number"),
            Column(
                "title",
                _("About"),
                lambda r: format_html(
                    '<span>{}<br><span class="text-secondary">{}</span></span>',
                    r.title,
                    kinds.get(r.kind, r.kind),
                ),
                sort="title",
                css="report-about",
                plain=lambda r: r.title,
            ),
            # On the page the kind stands below what the report is about.
            Column("kind", _("Kind"), lambda r: kinds.get(r.kind, r.kind), css="d-none"),
            Column(
                "verdict",
                _("Verdict"),
                lambda r: verdict(r.latest_verdict) if r.latest_verdict else "",
                plain=lambda r: VERDICTS[r.latest_verdict][0] if r.latest_verdict in VERDICTS else "",
            ),
            Column(
                "answer",
                _("Buyer's answer"),
                lambda r: _answer_cell(r.answer) if r.answer else "–",
                plain=lambda r: ResponseKind(r.answer).label if r.answer else "",
            ),
            Column(
                "state",
                _("State"),
                lambda r: _state_cell(_state(r)),
                plain=lambda r: dict(STATES)[_state(r)],
            ),
            Column(
                "version",
                _("Version"),
                lambda r: number_in_words_of_page(r.latest_version or 0),
                css="end",
                plain=lambda r: r.latest_version,
            ),
            Column(
                "created",
                _("Begun"),
                lambda r: day_in_words(timezone.localtime(r.created_at, ZoneInfo(zone))),
                sort="created_at",
                plain=lambda r: moment_in_words(r.created_at, zone),
            ),
            Column("pick", _("Tick"), _pick_cell, is_exported=False),
        ],
        search=("number", "title"),
        filters=[
            Filter("state", _("State"), _states_shown(actor), _by_state),
            Filter(
                "verdict",
                _("Verdict"),
                [(code, VERDICTS[code][0]) for code in ("pass", "fail", "hold", "pending")],
                "latest_verdict",
            ),
            Filter("kind", _("Kind"), list(kinds.items()), "kind"),
            Filter("answer", _("Buyer's answer"), ANSWERED, _by_answer),
            Filter(
                "since", _("Begun"), SINCE, lambda chosen: Q(created_at__gte=now - timedelta(int(chosen)))
            ),
        ],
        default_sort="-created",
        link=lambda r: f"{base}reports/{r.pk}/",
        empty_icon="rosette",
        empty_title=_("No reports yet"),
        empty_text=_(
            "A report is made from a finished inspection: open the inspection and ask for its report."
        ),
    )


@require_GET
def download_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The ticked reports in one ZIP; where none is ticked, those the list shows with its search and filters."""
    actor, now = visit(request)
    authorize(actor, "reports.view")
    picked = [pk for pk in (_uuid(text) for text in request.GET.getlist("pick")) if pk]
    if not picked and not request.GET.getlist("pick"):
        rows = _listing(request, actor, now).matching().values_list("pk", flat=True)
        picked = list(rows[: bundle_services.MOST_REPORTS + 1])
    try:
        found = bundle_services.download_many(report_ids=picked, actor=actor, now=now)
    except Conflict as problem:
        messages.error(request, str(problem.message))
        return redirect(f"{workspace_of(request).get_absolute_url()}reports/")
    response = FileResponse(found.content, as_attachment=True, filename=found.name)
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "no-store"
    return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

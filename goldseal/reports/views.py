"""Pages of reports inside a workspace: the list, one report, its check, its links, its files."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.kit.activity import sentence_for
from goldseal.kit.actors import Actor
from goldseal.kit.errors import GoldsealError, NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.reporting import report_kind
from goldseal.kit.visits import visit
from goldseal.kit.wording import SEVERITIES, VERDICTS, in_digits_of_page, number_in_words_of_page
from goldseal.reports import selectors, services
from goldseal.reports.forms import CheckForm, GuestAnswerForm, RequestForm, ShareForm, WithdrawForm
from goldseal.reports.models import Report, ReportVersion, VersionState
from goldseal.reports.pack_selectors import exchanged_in
from goldseal.reports.public_views import as_attachment
from goldseal.reports.wording import (
    FAILURES,
    in_language,
    responses_in_words,
    signatures_in_words,
    time_stamp_in_words,
)
from goldseal.trail.selectors import entries_of
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

HISTORY = 30
LOG = 50


@require_GET
def report_page(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """One report: the verdict on top, its versions, what may be done next, its history."""
    actor, now = visit(request)
    authorize(actor, "reports.view")
    return _page(request, pk, actor, now)


def _page(
    request: HttpRequest,
    pk: Any,
    actor: Actor,
    now: datetime,
    *,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    found = selectors.versions_of(pk)
    versions = [version for version, _check in found]
    newest, report = versions[0], versions[0].report
    shown, check = _shown(found)
    # While a new version waits for its check, the one that was released before it holds and can be shared.
    holding = next((version for version, seen in found if seen and version.is_live), None)
    may_share = actor.may("reports.share")
    is_guest = actor.compartment_id is not None
    kind = report_kind(report.kind)
    summary = shown.summary
    context: dict[str, Any] = {
        "report": report,
        "kind_label": kind.label if kind else report.kind,
        "versions": [
            (version, bool(seen or version.shared_at or version.shown_to_id)) for version, seen in found
        ],
        "exchanged": exchanged_in([version for version, _seen in found]),
        "newest": newest,
        "shown": shown,
        "summary": summary,
        "sections": [
            {"title": in_language(row), "verdict": row["verdict"]} for row in summary.get("sections", [])
        ],
        "reasons": [in_language(row) for row in summary.get("reasons", [])],
        "signatures": signatures_in_words(summary.get("signatures", [])),
        "check": check,
        "holding": holding if holding is not shown else None,
        "time_stamp": time_stamp_in_words(summary),
        "shares": list(selectors.shares_of(report.pk)[:100]) if may_share else [],
        "visits": list(selectors.visits_of(report.pk)[:LOG]) if may_share else [],
        "responses": responses_in_words(selectors.responses_to(report.pk)[:100]),
        "show_version": len(versions) > 1,
        "answer_form": GuestAnswerForm(only_remarks=shown.state == VersionState.SUPERSEDED)
        if actor.may("reports.answer") and shown.shown_to_id and shown.state != VersionState.WITHDRAWN
        else None,
        "history": _history(report, versions) if actor.may("activity.view") else [],
        "failure": FAILURES.get(newest.failure_code, FAILURES["unexpected"])
        if newest.state == "failed"
        else "",
        "failure_detail": in_language({"en": newest.failure, "bn": newest.summary.get("failure_bn")}),
        "is_guest": is_guest,
        "may_share": may_share,
        "may_seal": actor.may("reports.seal") and newest.state != VersionState.QUEUED,
        "may_withdraw_any": actor.may("reports.withdraw"),
        "may_withdraw": actor.may("reports.withdraw") and shown.state in ("sealed", "superseded"),
        "verify_url": services.verify_url(shown.token) if shown.is_issued else "",
        "now": now,
        "check_form": CheckForm(facts=_facts(shown)) if may_share and shown.is_live and not check else None,
        "sharable": holding,
        "share_form": ShareForm() if may_share and holding else None,
        "request_form": RequestForm(initial={"language": newest.language}),
        "share_link": "",
        **forms,
    }
    return render(request, "reports/report.html", context, status=status)


def _shown(found: list[tuple[ReportVersion, selectors.CheckSeen | None]]) -> tuple[ReportVersion, Any]:
    """What the page is about: the newest version that holds or waits for its check, else the newest issued."""
    live = [row for row in found if row[0].is_live]
    issued = [row for row in found if row[0].is_issued]
    return (live or issued or found)[0]


def _facts(version: ReportVersion) -> dict[str, str]:
    """What stands beside each tick: the figures of the summary, else what the kind itself said of it."""
    summary = version.summary
    said = {tick: str(words) for tick, words in summary.get("facts", {}).items()}
    found = {
        tick: in_language({"en": said[tick], "bn": said.get(f"{tick}.bn")})
        for tick in services.TICKS
        if tick in said
    }
    rows = [
        (SEVERITIES.get(row["severity"], ""), _number(row["counted"]), _number(row["accept"]))
        for row in summary.get("counts", [])
    ]
    figures = [(in_language(row), _number(row["value"])) for row in summary.get("figures", [])]
    if rows or figures:
        found["counts"] = " · ".join(f"{row[0]} {row[1]}" for row in rows or figures)
    if rows or found.get("aql_result") == version.verdict:
        verdict = str(VERDICTS[version.verdict][0]) if version.verdict in VERDICTS else ""
        limits = " · ".join(f"{severity} {counted} / Ac {accept}" for severity, counted, accept in rows)
        found["aql_result"] = " – ".join(part for part in (verdict, limits) if part)
    if found.get("photos", "0").isdigit():  # else the kind says more of them, or that it has none
        found["photos"] = _("%(n)s photos") % {"n": _number(summary.get("photos") or 0)}
    if summary.get("measured") is not None:
        found["measurements"] = _("%(n)s points measured, %(out)s out of tolerance") % {
            "n": _number(summary["measured"]),
            "out": _number(summary.get("out_of_tolerance") or 0),
        }
    return found


def _number(value: Any) -> str:
    return number_in_words_of_page(value) if isinstance(value, int | float) else in_digits_of_page(str(value))


def _history(report: Report, versions: list[ReportVersion]) -> list[dict[str, Any]]:
    about = [report.pk, *(version.pk for version in versions)]
    entries = entries_of(report.workspace_id).filter(object_id__in=about)[:HISTORY]
    rows = []
    for entry in entries:
        payload = getattr(entry, "payload", None)
        rows.append(
            {
                "at": entry.at,
                "who": (payload.actor_name if payload else "") or _("Erased person"),
                "what": sentence_for(entry.event, payload.data if payload else {}),
            }
        )
    return rows


@require_GET
def progress(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """Whether the newest version is still being prepared; asked for by the page every two seconds."""
    actor, _now = visit(request)
    authorize(actor, "reports.view")
    report = selectors.report_by_id(pk)
    if not selectors.is_being_prepared(report):
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "reports/progress.html", {"report": report})


@require_http_methods(["POST"])
def reissue(request: HttpRequest, slug: str, pk: Any) -> HttpResponse:
    """A new version of a report, or another try after a failure."""
    actor, now = visit(request)
    authorize(actor, "reports.seal")
    report = selectors.report_by_id(pk)
    form = RequestForm(request.POST)
    made = submitted(
        form,
        lambda values: services.request_report(
            kind=report.kind, subject_id=report.subject_id, language=values["language"], actor=actor, now=now
        ),
    )
    return _back(request, pk) if made else _page(request, pk, actor, now, status=422, request_form=form)


@require_POST
def check(request: HttpRequest, slug: str, pk: Any, version_pk: Any) -> HttpResponse:
    """The check before sharing."""
    actor, now = visit(request)
    authorize(actor, "reports.share")
    version = _version(pk, version_pk)
    form = CheckForm(request.POST, facts=_facts(version))
    done = submitted(
        form,
        lambda values: services.complete_pre_share_check(
            version_id=version.pk, ticks=values, actor=actor, now=now
        ),
    )
    if not done:
        return _page(request, pk, actor, now, status=422, check_form=form)
    messages.success(
        request, _("Checked. The report can now be downloaded and shared; guests of its buyer see it.")
    )
    return _back(request, pk)


@require_POST
def share(request: HttpRequest, slug: str, pk: Any, version_pk: Any) -> HttpResponse:
    """A link for the buyer; shown once."""
    actor, now = visit(request)
    authorize(actor, "reports.share")
    version = _version(pk, version_pk)
    form = ShareForm(request.POST)
    made = submitted(
        form,
        lambda values: services.share_report(version_id=version.pk, actor=actor, now=now, **values),
    )
    if not made:
        return _page(request, pk, actor, now, status=422, share_form=form)
    link = services.share_url(made[1])
    whatsapp = _("%(number)s: %(link)s") % {"number": version.report.number, "link": link}
    return _page(
        request,
        pk,
        actor,
        now,
        share_link=link,
        new_share=made[0],
        whatsapp_url=f"https://wa.me/?{urlencode({'text': whatsapp})}",
    )


@require_POST
def answer(request: HttpRequest, slug: str, pk: Any, version_pk: Any) -> HttpResponse:
    """A guest of the buyer answers."""
    actor, now = visit(request)
    authorize(actor, "reports.answer")
    version = _version(pk, version_pk)
    form = GuestAnswerForm(request.POST)
    done = submitted(
        form,
        lambda values: services.answer_report(version_id=version.pk, actor=actor, now=now, **values),
    )
    if not done:
        return _page(request, pk, actor, now, status=422, answer_form=form)
    messages.success(request, _("Your answer is with the factory."))
    return _back(request, pk)


@require_POST
def revoke(request: HttpRequest, slug: str, pk: Any, share_pk: Any) -> HttpResponse:
    """End a link."""
    actor, now = visit(request)
    authorize(actor, "reports.share")
    if not selectors.shares_of(pk).filter(pk=share_pk).exists():
        raise NotFound
    services.revoke_share(share_id=share_pk, actor=actor, now=now)
    messages.success(request, _("The link no longer works."))
    return _back(request, pk)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, slug: str, pk: Any, version_pk: Any) -> HttpResponse:
    """Declare a version void, with the reason."""
    actor, now = visit(request)
    authorize(actor, "reports.withdraw")
    version = _version(pk, version_pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: services.withdraw_report(
                version_id=version.pk, reason=values["reason"], actor=actor, now=now
            ),
        )
        if done:
            messages.success(request, _("The version is withdrawn; its public page says so from now on."))
            return _back(request, pk)
    return render(
        request,
        "kit/form_page.html",
        {
            "form": form,
            "heading": _("Withdraw %(number)s, version %(version)s")
            % {"number": version.report.number, "version": in_digits_of_page(str(version.version))},
            "lead": _("This cannot be taken back."),
            "submit_label": _("Withdraw the version"),
            "back_url": _address(request, pk),
            "back_label": version.report.number,
        },
        status=422 if form.errors else 200,
    )


@require_GET
def download(request: HttpRequest, slug: str, pk: Any, version_pk: Any, form: str) -> HttpResponse:
    """The sealed PDF, a draft, or the record as JSON."""
    actor, now = visit(request)
    authorize(actor, "reports.view")
    version = _version(pk, version_pk)
    try:
        found = services.download_report(version_id=version.pk, form=form, actor=actor, now=now)
    except NotFound:
        raise
    except GoldsealError as problem:
        messages.error(request, str(problem.message))
        return _back(request, pk)
    return as_attachment(found)


def _version(report_pk: Any, version_pk: Any) -> ReportVersion:
    version = selectors.version_by_id(version_pk)
    if version.report_id != report_pk:
        raise NotFound
    return version


def _address(request: HttpRequest, pk: Any) -> str:
    base: str = workspace_of(request).get_absolute_url()
    return f"{base}reports/{pk}/"


def _back(request: HttpRequest, pk: Any) -> HttpResponse:
    return redirect(_address(request, pk))

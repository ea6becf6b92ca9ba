"""What buyers answer to a report: receipt, acceptance with a deviation, rejection, a comment."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound, TooMany
from goldseal.kit.letters import Letter, letter_wanted
from goldseal.kit.words import Words
from goldseal.reports.events import report_answered
from goldseal.reports.link_services import LinkGone, holder_of, opened_share
from goldseal.reports.models import BuyerResponse, ReportShare, ReportVersion, ResponseKind, VersionState
from goldseal.reports.rules.responses import problems_of
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import workspace_scope

MOST_ANSWERS, MOST_ANSWERS_AN_HOUR = 50, 10

PROBLEMS: dict[str, Words] = {
    "kind": _("Choose one of the answers."),
    "name": _("Enter your name, 2 to 120 letters."),
    "long": _("At most 2000 letters."),
    "missing": _("Say it in a few words: which deviation you accept, why you reject it, or what you remark."),
}


def answer_shared(*, secret: str, key: str, kind: str, name: str, text: str, now: datetime) -> BuyerResponse:
    """Whoever holds a link answers by name. `key`: from `unlock_share` where the link has a password.

    Raises NotFound, Invalid, Conflict if the link has acknowledged already or the version was withdrawn.
    """
    share = opened_share(secret, key, now)
    _check(kind, name, text)
    with workspace_scope(share.workspace_id), recorded_change():
        locked = (
            ReportShare.objects.select_for_update(of=("self",))
            .select_related("version__report", "created_by")
            .get(pk=share.pk)
        )
        if not _is_live(locked, now):
            raise LinkGone
        _refuse_flood(locked, now)
        if kind == ResponseKind.ACKNOWLEDGE and locked.responses.filter(kind=kind).exists():
            raise Conflict(_("This report was acknowledged already."))
        return _answer(
            locked.version, kind=kind, name=name, text=text, actor=holder_of(locked), now=now, share=locked
        )


def answer_report(*, version_id: UUID, kind: str, text: str, actor: Actor, now: datetime) -> BuyerResponse:
    """A guest of the buyer answers to a version that passed its check before sharing.

    Raises NotFound, Forbidden, Invalid, Conflict.
    """
    authorize(actor, "reports.answer")
    version = (
        ReportVersion.objects.select_related("report")
        .filter(pk=version_id, shown_to_id__isnull=False)
        .first()
    )
    if version is None:
        raise NotFound
    _check(kind, actor.name, text)
    with recorded_change():
        given = version.responses.filter(kind=kind, person_id=actor.person_id)
        if kind == ResponseKind.ACKNOWLEDGE and given.exists():
            raise Conflict(_("This report was acknowledged already."))
        return _answer(version, kind=kind, name=actor.name, text=text, actor=actor, now=now)


def _is_live(share: ReportShare, now: datetime) -> bool:
    """Whether the link still holds, now that its row is locked."""
    return share.revoked_at is None and share.expires_at > now


def _refuse_flood(share: ReportShare, now: datetime) -> None:
    """Answers stay for ever and each may send a letter: a few an hour are a talk, more are noise."""
    given = share.responses.count()
    lately = share.responses.filter(at__gt=now - timedelta(hours=1)).count()
    if given >= MOST_ANSWERS or lately >= MOST_ANSWERS_AN_HOUR:
        raise TooMany(_("Too many answers under this link. Wait an hour, or write to the sender."))


def _check(kind: str, name: str, text: str) -> None:
    found = problems_of(kind=kind, name=name, text=text)
    if found:
        raise Invalid(fields={field: PROBLEMS[code] for field, code in found.items()})


def _answer(
    version: ReportVersion,
    *,
    kind: str,
    name: str,
    text: str,
    actor: Actor,
    now: datetime,
    share: ReportShare | None = None,
) -> BuyerResponse:
    if version.state == VersionState.WITHDRAWN:
        raise Conflict(_("This report was withdrawn and can no longer be answered."))
    if version.state == VersionState.SUPERSEDED and kind != ResponseKind.COMMENT:
        raise Conflict(_("A newer version has replaced this one. You may leave a remark here, no decision."))
    given = BuyerResponse.objects.create(
        version=version,
        share=share,
        person_id=actor.person_id,
        compartment_id=version.report.compartment_id,
        kind=kind,
        name=" ".join(name.split())[:120],
        text=text.strip(),
        at=now,
    )
    record(
        event=f"response.{kind}",
        actor=actor,
        now=now,
        obj=version,
        payload={
            "number": version.report.number,
            "version": version.version,
            "name": given.name,
            "text": given.text,
        },
    )
    letter = _letter(version, given, share)
    workspace_id, version_id = version.workspace_id, version.pk
    transaction.on_commit(
        lambda: report_answered.send(
            sender=BuyerResponse, workspace_id=workspace_id, version_id=version_id, kind=kind, now=now
        )
    )
    if letter is not None:
        transaction.on_commit(lambda: letter_wanted.send(sender=BuyerResponse, letter=letter))
    return given


def _letter(version: ReportVersion, given: BuyerResponse, share: ReportShare | None) -> Letter | None:
    """The word to whoever shared the report; a mere receipt is not worth one."""
    sender = share.created_by if share else _last_sender(version)
    if sender is None or not sender.is_active or given.kind == ResponseKind.ACKNOWLEDGE:
        return None
    base = Workspace.objects.get(pk=version.workspace_id).get_absolute_url()
    return Letter(
        to=sender.email,
        subject_template="reports/letters/answered_subject.txt",
        template="reports/letters/answered.txt",
        language=sender.language,
        purpose="deliver_service",
        facts={
            "number": version.report.number,
            "title": version.report.title,
            "name": given.name,
            "answer": ResponseKind(given.kind).label,
            "text": given.text,
            "link": f"{settings.BASE_URL}{base}reports/{version.report_id}/",
        },
    )


def _last_sender(version: ReportVersion) -> User | None:
    share = version.shares.select_related("created_by").order_by("-created_at").first()
    return share.created_by if share else None

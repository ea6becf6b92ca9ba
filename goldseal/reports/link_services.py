"""What whoever holds a link to a report may do: open it (with its password), and download the sealed PDF."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.core import signing
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.crypto import token_digest
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from goldseal.reports.models import ReportShare, ShareVisit, VersionState, VisitKind
from goldseal.reports.selectors import live_share, share_of
from goldseal.reports.sharing_services import PDF, XLSX, Download, file_of
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace, WorkspaceState
from goldseal.workspaces.services import capability_scope, workspace_scope

UNLOCKED_FOR = timedelta(hours=12)
WRONG_PASSWORDS_AN_HOUR = 10
_SALT = "goldseal.reports.link"


class LinkGone(NotFound):
    """The link is unknown, ended or expired; a stranger does not learn which."""

    title = _("This link is not open")

    def __init__(self) -> None:
        super().__init__(
            _("It has expired, was ended, or is not complete. Ask whoever sent it for a new one.")
        )


class Locked(Forbidden):
    """The link asks for its password first."""

    code = "password-needed"
    title = _("This link asks for a password")


def opened_share(secret: str, key: str, now: datetime) -> ReportShare:
    """The share a secret opens at `now`. Raises LinkGone (unknown, ended, expired alike) or Locked.

    `key`: what `unlock_share` returned; it holds for twelve hours and only for this link and password.
    """
    share = _live(secret, now)
    if share.has_password and not _fits(share, key, now):
        raise Locked
    return share


def _live(secret: str, now: datetime) -> ReportShare:
    digest = token_digest(secret)
    with capability_scope(digest):
        share = share_of(digest)
    if share is None or share.revoked_at is not None or share.expires_at <= now:
        raise LinkGone
    with workspace_scope(share.workspace_id):
        if Workspace.objects.filter(pk=share.workspace_id, state=WorkspaceState.ERASING).exists():
            raise LinkGone  # hidden at once (S41), whatever the job that erases is doing
    return share


def _fits(share: ReportShare, key: str, now: datetime) -> bool:
    try:
        found = signing.loads(key, salt=_SALT)
    except signing.BadSignature:
        return False
    # Bound to the hash: a link made anew with another password is another link anyway.
    return bool(
        found[:2] == [str(share.pk), token_digest(share.password)]
        and now.timestamp() - UNLOCKED_FOR.total_seconds() <= found[2] <= now.timestamp()
    )


def unlock_share(*, secret: str, password: str, browser: str, now: datetime) -> str:
    """The key that opens a link with a password for twelve hours, for the holder's cookie.

    Wrong passwords stand in the access log; after ten in an hour the link waits. Raises LinkGone, Invalid,
    TooMany.
    """
    share = _live(secret, now)
    with workspace_scope(share.workspace_id):
        ReportShare.objects.select_for_update().get(
            pk=share.pk
        )  # tries take turns, or the limit could be raced
        tried = ShareVisit.objects.filter(
            share_id=share.pk, kind=VisitKind.REFUSED, at__gt=now - timedelta(hours=1)
        ).count()
        if tried >= WRONG_PASSWORDS_AN_HOUR:
            raise TooMany(_("Too many wrong passwords. Wait an hour, or ask the sender for a new link."))
        is_right = check_password(password, share.password) if share.has_password else True
        if not is_right:
            ShareVisit.objects.create(share_id=share.pk, at=now, kind=VisitKind.REFUSED, browser=browser)
    if not is_right:
        raise Invalid(fields={"password": _("This is not the password of this link.")})
    return signing.dumps([str(share.pk), token_digest(share.password), now.timestamp()], salt=_SALT)


def note_visit(*, secret: str, now: datetime, key: str = "", browser: str = "") -> ReportShare:
    """Count a visit under a link, log it, and return the share. Raises LinkGone, Locked."""
    share = opened_share(secret, key, now)
    with workspace_scope(share.workspace_id), recorded_change():
        is_first = ReportShare.objects.filter(pk=share.pk, viewed_count=0).update(
            viewed_count=1, last_viewed_at=now
        )
        if not is_first:
            ReportShare.objects.filter(pk=share.pk).update(
                viewed_count=F("viewed_count") + 1, last_viewed_at=now
            )
        found = live_share(share.pk, now)
        if found is None:
            raise LinkGone
        ShareVisit.objects.create(share=found, at=now, kind=VisitKind.OPENED, browser=browser)
        if is_first:
            record(
                event="share.opened",
                actor=holder_of(share),
                now=now,
                obj=found.version,
                payload={**_names(found), "recipient": found.recipient},
            )
    return found


def download_shared(
    *, secret: str, now: datetime, form: str = PDF, key: str = "", browser: str = ""
) -> Download:
    """The sealed PDF under a link, or the same content as a workbook (`xlsx`). Raises LinkGone, Locked, Conflict once the version was withdrawn."""
    share = opened_share(secret, key, now)
    with workspace_scope(share.workspace_id), recorded_change():
        found = live_share(share.pk, now)
        if found is None or form not in (PDF, XLSX):
            raise LinkGone
        if found.version.state == VersionState.WITHDRAWN:
            raise Conflict(_("This report was withdrawn."))
        ShareVisit.objects.create(share=found, at=now, kind=VisitKind.DOWNLOADED, browser=browser)
        record(
            event="report.downloaded",
            actor=holder_of(share),
            now=now,
            obj=found.version,
            payload={**_names(found), "form": form},
        )
        return file_of(found.version, form, now)


def holder_of(share: ReportShare) -> Actor:
    """Who acts under a link: nobody we know, named as whom the link was made for."""
    return Actor(person_id=None, name=share.recipient, via="share", workspace_id=share.workspace_id)


def _names(share: ReportShare) -> dict[str, object]:
    return {"number": share.version.report.number, "version": share.version.version}

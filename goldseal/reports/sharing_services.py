"""Letting a report go: the check before sharing, links for buyers, downloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.crypto import new_token, token_digest
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.letters import Letter, letter_wanted
from goldseal.kit.sheets.writing import XLSX_TYPE
from goldseal.kit.words import Words
from goldseal.reports import vault
from goldseal.reports.drafting import draft_pdf, kept_record
from goldseal.reports.engine.sheet import record_sheet
from goldseal.reports.events import report_shared
from goldseal.reports.models import PreShareCheck, ReportShare, ReportVersion, VersionState
from goldseal.reports.pack_selectors import pack_of_version
from goldseal.reports.packs.applying import exchange_json, file_stem
from goldseal.reports.standing_services import earlier_versions, supersede
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize

TICKS: dict[str, Words] = {
    "counts": _("The counts agree with what was found on the floor"),
    "photos": _("The photos belong to this order and show what they say"),
    "measurements": _("The measurements are complete and plausible"),
    "aql_result": _("The AQL result and the verdict are right"),
    "authorised": _("Its contents and signatures are authorised to be given to the buyer"),
}
LONGEST_SHARE_DAYS = 365
SHORTEST_PASSWORD = 8
JSON, PDF, DRAFT, XLSX, EXCHANGE = "json", "pdf", "draft", "xlsx", "exchange"
FORMS = (PDF, DRAFT, JSON, XLSX, EXCHANGE)
# What looks like the report itself: not before the check.
CHECKED_FORMS = (PDF, XLSX, EXCHANGE)


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand out."""

    name: str
    mime: str
    content: bytes


def locked_version(version_id: UUID) -> ReportVersion:
    """A version of the open scope, locked, with its report. Raises NotFound."""
    version = (
        ReportVersion.objects.select_for_update(of=("self",))
        .select_related("report")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        raise NotFound
    return version


def complete_pre_share_check(
    *, version_id: UUID, ticks: Mapping[str, bool], actor: Actor, now: datetime
) -> PreShareCheck:
    """The actor vouches for a sealed version, point by point (K30); only then can it be shared.

    From then on it is the version that holds, the one before reads superseded, and guests of the report's buyer
    see it in the workspace.

    `ticks`: every key of TICKS, all true. Raises Invalid at each point left open, Conflict, NotFound.
    """
    authorize(actor, "reports.share")
    with recorded_change():
        version = locked_version(version_id)
        if not version.is_live:
            raise Conflict(_("Only a sealed version that still holds can be checked."))
        if version.checks.exists():
            raise Conflict(_("This version was checked already."))
        open_points = {tick: _("Look at this and tick it.") for tick in TICKS if not ticks.get(tick)}
        if open_points:
            raise Invalid(fields=open_points)
        check = PreShareCheck.objects.create(
            version=version,
            reviewer_id=actor.person_id,
            reviewer_name=actor.name[:200],
            at=now,
            counts=True,
            photos=True,
            measurements=True,
            aql_result=True,
            authorised=True,
        )
        record(event="report.checked", actor=actor, now=now, obj=version, payload=_names(version))
        supersede(earlier_versions(version), by=version, actor=actor, now=now)
        report = version.report
        report.title = version.summary.get("title", report.title)
        report.save(update_fields=["title"])
        _show_to_guests(version)
    return check


def share_report(
    *,
    version_id: UUID,
    recipient: str,
    days: int,
    actor: Actor,
    now: datetime,
    password: str = "",
    email: str = "",
    message: str = "",
) -> tuple[ReportShare, str]:
    """A link to a checked version; returns the share and the link's secret, which is kept nowhere.

    `days`: 1 to 365.
    `password`: 8 to 128 letters, or none; it travels by another way than the link. `email`: where the link is
    sent, with `message` of up to 1000 letters above it. Raises Invalid, and Conflict until the pre-share check
    is complete or once the version no longer holds.
    """
    authorize(actor, "reports.share")
    _check_share(recipient=recipient, days=days, password=password, email=email, message=message)
    with recorded_change():
        version = locked_version(version_id)
        if not version.is_live:
            raise Conflict(_("Only a sealed version that still holds can be shared."))
        if not version.checks.exists():
            raise Conflict(_("The check before sharing is not complete. Do it first."))
        secret = new_token()
        share = ReportShare.objects.create(
            version=version,
            recipient=" ".join(recipient.split()),
            email=email.strip(),
            message=message.strip(),
            password=make_password(password) if password else "",
            token_digest=token_digest(secret),
            created_by_id=actor.person_id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        if version.shared_at is None:
            version.shared_at = now
            version.save(update_fields=["shared_at"])
        _show_to_guests(version)  # one that was checked before guests saw what was checked
        record(
            event="share.made",
            actor=actor,
            now=now,
            obj=version,
            payload={
                **_names(version),
                "recipient": share.recipient,
                "until": share.expires_at.date().isoformat(),
                "by_email": bool(share.email),
            },
        )
        if share.email:
            letter = _letter(share, secret, actor)
            transaction.on_commit(lambda: letter_wanted.send(sender=ReportShare, letter=letter))
    report_shared.send(
        sender=ReportShare,
        workspace_id=version.workspace_id,
        version_id=version.pk,
        share_id=share.pk,
        now=now,
    )
    return share, secret


def _check_share(*, recipient: str, days: int, password: str, email: str, message: str) -> None:
    problems: dict[str, Words] = {}
    if not recipient.strip() or len(recipient.strip()) > 120:
        problems["recipient"] = _(
            "Say for whom, in up to 120 letters: the buyer's office or a person's role."
        )
    if not 1 <= days <= LONGEST_SHARE_DAYS:
        problems["days"] = _("Between 1 and 365 days.")
    if password and not SHORTEST_PASSWORD <= len(password) <= 128:
        problems["password"] = _("Between 8 and 128 letters, or leave it empty.")
    if len(message.strip()) > 1000:
        problems["message"] = _("At most 1000 letters.")
    if message.strip() and not email.strip():
        problems["email"] = _("A message needs an address to go to.")
    if email.strip():
        try:
            validate_email(email.strip())
        except ValidationError:
            problems["email"] = _("This is not an e-mail address.")
    if problems:
        raise Invalid(fields=problems)


def share_url(secret: str) -> str:
    """The address that opens a shared report."""
    return f"{settings.BASE_URL}/shared/{secret}/"


def _letter(share: ReportShare, secret: str, actor: Actor) -> Letter:
    report = share.version.report
    workspace = Workspace.objects.get(pk=share.workspace_id)
    return Letter(
        to=share.email,
        subject_template="reports/letters/shared_subject.txt",
        template="reports/letters/shared.txt",
        # The report's own language is the best guess at the reader's.
        language="bn" if share.version.language == "bn" else "en",
        purpose="deliver_service",
        facts={
            "workspace": workspace.name,
            "sender": actor.name,
            "number": report.number,
            "title": report.title,
            "message": share.message,
            "link": share_url(secret),
            "until": share.expires_at,
            "has_password": share.has_password,
        },
    )


def revoke_share(*, share_id: UUID, actor: Actor, now: datetime) -> ReportShare:
    """End a link at once. Guests of the buyer still see the report; withdrawing it tells them not to rely on it."""
    authorize(actor, "reports.share")
    with recorded_change():
        share = (
            ReportShare.objects.select_for_update(of=("self",))
            .select_related("version__report")
            .filter(pk=share_id)
            .first()
        )
        if share is None:
            raise NotFound
        if share.revoked_at is None:
            share.revoked_at = now
            share.save(update_fields=["revoked_at"])
            record(
                event="share.revoked",
                actor=actor,
                now=now,
                obj=share.version,
                payload={**_names(share.version), "recipient": share.recipient},
            )
    return share


def _show_to_guests(version: ReportVersion) -> None:
    """Guests of the report's buyer, where it has one, see this version and with it the report.

    What one buyer's guests see never becomes another's.
    """
    report = version.report
    if report.shown_to_id not in (None, report.compartment_id):
        return
    for row in (version, report):
        if row.shown_to_id is None and report.compartment_id is not None:
            row.shown_to_id = report.compartment_id
            row.save(update_fields=["shown_to_id"])


def download_report(*, version_id: UUID, form: str, actor: Actor, now: datetime) -> Download:
    """A version as a file: `pdf` (sealed), `draft` (marked DRAFT, any time), `json` (the canonical record), `xlsx`,
    or `exchange` (JSON by the buyer's names, where the buyer's pack has them).

    All but draft and record are handed out only after the pre-share check (K30); a buyer guest gets what passed it.
    Raises Conflict, NotFound, Forbidden.
    """
    authorize(actor, "reports.view")
    version = ReportVersion.objects.select_related("report").filter(pk=version_id).first()
    if version is None or not version.is_issued or form not in FORMS:
        raise NotFound
    is_guest = actor.compartment_id is not None
    if is_guest and (form == DRAFT or version.state == VersionState.WITHDRAWN):
        raise NotFound
    # A guest is shown nothing that was not checked; the check itself is the factory's own.
    is_released = is_guest or version.shared_at is not None or version.checks.exists()
    if form in CHECKED_FORMS and not is_released:
        raise Conflict(
            _(
                "The sealed report can be downloaded after the check before sharing. Until then there is a draft."
            )
        )
    with recorded_change():
        found = file_of(version, form, now)
        record(
            event="report.downloaded",
            actor=actor,
            now=now,
            obj=version,
            payload={**_names(version), "form": form},
        )
    return found


def file_of(version: ReportVersion, form: str, now: datetime) -> Download:
    """A version as a file, named by its buyer's rule; the caller has decided that it may be handed out.

    Raises NotFound for the exchange form of a version whose buyer has none.
    """
    if form == PDF:  # the commonest, and its name alone needs the record
        content = vault.fetch(workspace_id=version.workspace_id, address=version.file_address)
        return Download(f"{_stem(version)}.pdf", "application/pdf", content)
    if form == DRAFT:
        return Download(f"{_stem(version)}-DRAFT.pdf", "application/pdf", draft_pdf(version=version, now=now))
    if form == JSON:
        canonical = vault.fetch(workspace_id=version.workspace_id, address=version.record_address)
        return Download(f"{_stem(version)}.json", "application/json", canonical)
    pack, data = pack_of_version(version), kept_record(version)
    if form == XLSX:
        sheet = record_sheet(record=data, canonical_hash=version.content_hash, pack=pack)
        return Download(f"{file_stem(record=data, pack=pack)}.xlsx", XLSX_TYPE, sheet)
    if pack is None or pack.manifest.export is None:
        raise NotFound
    exchange = exchange_json(record=data, content_hash=version.content_hash, pack=pack)
    return Download(f"{file_stem(record=data, pack=pack)}-exchange.json", "application/json", exchange)


def _stem(version: ReportVersion) -> str:
    """The name by the pack's rule, or number and version where there is no pack (then no record is read)."""
    if not version.pack_code:
        return f"{version.report.number}-v{version.version}"
    return file_stem(record=kept_record(version), pack=pack_of_version(version))


def _names(version: ReportVersion) -> dict[str, object]:
    return {"number": version.report.number, "version": version.version}

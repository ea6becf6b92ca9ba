"""Making a report: request, number, render, seal; every step under a lock, so that nothing is sealed twice."""

import logging
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from goldseal.kit.actors import Actor
from goldseal.kit.crypto import token_digest
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, NotFound
from goldseal.kit.reporting import BuiltRecord, ReportContext, ReportKind, report_kind
from goldseal.reports import vault
from goldseal.reports.drafting import kept_record, verify_url
from goldseal.reports.engine.canonical import NotCanonicalError, canonical_json, content_hash
from goldseal.reports.engine.fonts import FontsMissingError
from goldseal.reports.engine.photos import PhotoUnreadableError, TooManyPhotosError
from goldseal.reports.engine.render import LANGUAGES, RenderError, render_pdf
from goldseal.reports.engine.seal import SealError, StampError, seal_pdf
from goldseal.reports.engine.stamping import time_stamper
from goldseal.reports.engine.verify import Examination, Kind, examine
from goldseal.reports.events import report_sealed
from goldseal.reports.models import Report, ReportCounter, ReportVersion, VersionState
from goldseal.reports.pack_selectors import as_pack, pack_of_buyer
from goldseal.reports.packs.problems import PackError
from goldseal.reports.rules.changes import describe_changes
from goldseal.reports.rules.record_fields import RecordError
from goldseal.reports.rules.schemas import check_known
from goldseal.reports.rules.summary import summary_of, verdict_of
from goldseal.reports.seal_services import open_seal
from goldseal.reports.selectors import RELEASED
from goldseal.reports.standing_services import (
    earlier_versions,
    follow_subject,
    refuse_other_buyers,
    released_of,
    supersede,
)
from goldseal.reports.wording import failure_in_words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import current_scope

log = logging.getLogger(__name__)

JOB = "reports.seal_version"
QUEUE = "reports"
TOKEN_BYTES = 18  # 144 bits; printed as a QR code, so no longer than it must be (PROMISES §5: at least 128)

# What can be wrong with a record or its photos, and the code under which the page explains it.
FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (RecordError, "record"),
    (NotCanonicalError, "record"),
    (PhotoUnreadableError, "photo"),
    (TooManyPhotosError, "photos"),
    (FontsMissingError, "fonts"),
    (RenderError, "layout"),
    (PackError, "pack"),
    (SealError, "seal"),
    (GoldsealError, "subject"),
)


def request_report(
    *,
    kind: str,
    subject_id: UUID,
    language: str,
    actor: Actor,
    now: datetime,
    in_background: bool = True,
) -> ReportVersion:
    """Ask for the report about a record: version 1, or the next version where one was issued before.

    `language`: en, bn or both. The version is queued and a job seals it, enqueued in this same transaction
    (unless `in_background` is False and the caller seals it). A version that failed is tried again. Raises
    NotFound, Conflict while one is being prepared, Invalid, Forbidden.
    """
    authorize(actor, "reports.seal")
    declared = report_kind(kind)
    problems: dict[str, Any] = {}
    if declared is None:
        problems["kind"] = _("There is no such kind of report.")
    if language not in LANGUAGES:
        problems["language"] = _("Choose English, Bangla or both.")
    if problems or declared is None:
        raise Invalid(fields=problems)
    with recorded_change():
        report = _report_about(declared, subject_id, now)
        version = _next_version(report, language, actor, now)
        record(
            event="report.requested",
            actor=actor,
            now=now,
            obj=version,
            payload={"number": report.number, "version": version.version, "language": language},
        )
        if in_background:
            app.configure_task(JOB, queue=QUEUE).defer(
                workspace_id=str(version.workspace_id), version_id=str(version.pk)
            )
    return version


def _report_about(kind: ReportKind, subject_id: UUID, now: datetime) -> Report:
    """The report about a record, locked; made with the next number if it is the first time."""
    subject = kind.find(subject_id)
    same = Report.objects.select_for_update().filter(kind=kind.code, subject_id=subject_id)
    report = same.first()
    if report is None:
        workspace = _workspace()
        counter = _locked_counter(workspace, now)
        report = same.first()  # another request may have made it while this one waited for the lock
        if report is None:
            counter.last += 1
            counter.save(update_fields=["last"])
            return Report.objects.create(
                number=f"{workspace.report_prefix}-{counter.year}-{counter.last:06d}",
                year=counter.year,
                sequence=counter.last,
                kind=kind.code,
                subject_id=subject_id,
                subject_path=subject.path,
                title=subject.title[:200],
                compartment_id=subject.compartment_id,
                created_at=now,
            )
    refuse_other_buyers(report, subject, is_released=report.versions.filter(RELEASED).exists())
    return report


def _workspace() -> Workspace:
    """The open workspace; row-level security shows no other one inside a scope."""
    scope = current_scope()
    if scope is None:
        raise NotFound
    return Workspace.objects.get(pk=scope.workspace_id)


def _locked_counter(workspace: Workspace, now: datetime) -> ReportCounter:
    """This year's counter, where it is now in the workspace's time zone; its lock makes numbers take turns."""
    year = now.astimezone(ZoneInfo(workspace.time_zone)).year
    ReportCounter.objects.bulk_create(
        [ReportCounter(workspace_id=workspace.pk, year=year)], ignore_conflicts=True
    )
    return ReportCounter.objects.select_for_update().get(year=year)


def _next_version(report: Report, language: str, actor: Actor, now: datetime) -> ReportVersion:
    latest = report.versions.order_by("-version").first()
    if latest is not None and latest.state == VersionState.QUEUED:
        raise Conflict(_("This report is being prepared already. It will be here in a moment."))
    if latest is not None and latest.state == VersionState.FAILED:
        latest.state, latest.language, latest.requested_at = VersionState.QUEUED, language, now
        latest.failure_code, latest.failure, latest.sealed_by_id = "", "", actor.person_id
        latest.save(
            update_fields=["state", "language", "requested_at", "failure_code", "failure", "sealed_by"]
        )
        return latest
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return ReportVersion.objects.create(
        report=report,
        version=latest.version + 1 if latest else 1,
        language=language,
        requested_at=now,
        sealed_by_id=actor.person_id,
        supersedes=latest,
        token=token,
        token_digest=token_digest(token),
    )


def seal_version(*, version_id: UUID, actor: Actor, now: datetime) -> ReportVersion:
    """Build, render and seal a queued version; may be repeated, the second time does nothing.

    A record that cannot be put on paper leaves the version failed, with the reason; it can be requested again.
    Takes about a second with thirty photos. Raises NotFound, Forbidden.
    """
    authorize(actor, "reports.seal")
    with recorded_change():
        version = (
            ReportVersion.objects.select_for_update(of=("self",))
            .select_related("report", "supersedes")
            .filter(pk=version_id)
            .first()
        )
        if version is None:
            raise NotFound
        if version.state != VersionState.QUEUED:
            return version
        try:
            with recorded_change():  # a failure must leave the transaction usable, to say so
                _seal(version, actor, now)
        except tuple(failure for failure, _code in FAILURES) as problem:
            code = next(code for failure, code in FAILURES if isinstance(problem, failure))
            fail_version(version=version, code=code, reason=problem, actor=actor, now=now)
    return version


def seal_report(*, kind: str, subject_id: UUID, language: str, actor: Actor, now: datetime) -> ReportVersion:
    """Request and seal at once, without a job: for commands and the demo. See `request_report`."""
    version = request_report(
        kind=kind, subject_id=subject_id, language=language, actor=actor, now=now, in_background=False
    )
    return seal_version(version_id=version.pk, actor=actor, now=now)


def fail_version(
    *, version: ReportVersion, code: str, reason: Exception | str, actor: Actor, now: datetime
) -> None:
    """Note that a queued version could not be made, and why; in Bangla too where the reason knows its Bangla."""
    authorize(actor, "reports.seal")
    english, bangla = (words[:500] for words in _in_both(failure_in_words(reason)))
    log.warning("Report version %s could not be made (%s): %s", version.pk, code, english)
    with recorded_change():
        ReportVersion.objects.filter(pk=version.pk, state=VersionState.QUEUED).update(
            state=VersionState.FAILED,
            failure_code=code,
            failure=english,
            summary={"failure_bn": bangla} if bangla != english else {},
        )
        version.refresh_from_db()
        record(
            event="report.failed",
            actor=actor,
            now=now,
            obj=version,
            payload={**_names(version), "reason": english},
        )


def _seal(version: ReportVersion, actor: Actor, now: datetime) -> None:
    report, workspace = version.report, _workspace()
    kind = report_kind(report.kind)
    if kind is None:
        raise RenderError(f"No room declares the kind of report {report.kind}.")
    now = now.replace(microsecond=0)
    context = ReportContext(
        number=report.number,
        version=version.version,
        language=version.language,
        issued_at=now.astimezone(ZoneInfo(workspace.time_zone)),
    )
    built = kind.build(report.subject_id, context)
    earlier = earlier_versions(version)
    released = released_of(earlier)
    title = follow_subject(report, kind.find(report.subject_id), is_released=bool(released))
    # Whoever reads it knows the version that was released last, not the drafts between.
    previous = next(iter(released or earlier), None)
    data = _complete(built, context, version, workspace, previous)
    check_known(record=data)
    canonical = canonical_json(record=data)
    row = pack_of_buyer(report.compartment_id)
    pack = as_pack(row) if row else None
    pdf = render_pdf(
        template=kind.template,
        data=data,
        photos=built.photos,
        timestamp=now,
        attach_json=canonical,
        pack=pack,
    )
    if pack is not None:
        version.pack_code, version.pack_version, version.pack_hash = (
            pack.manifest.code,
            pack.version,
            pack.digest,
        )
    seal = open_seal(actor=actor, now=now)
    sealed = _sealed(pdf, seal, reason=f"{report.number} v{version.version}, sealed", now=now)
    found = examine(sealed, trusted_certs=[seal.certificate])
    version.content_hash = content_hash(canonical=canonical)
    if found.kind is not Kind.INTACT or found.content_hash != version.content_hash:
        raise SealError(f"The report did not pass its own verification: {found.explanation}")
    # Bytes first, row last: a crash leaves a file that no row knows, never a row without its file.
    version.record_address = vault.keep(workspace_id=version.workspace_id, content=canonical)
    version.file_address = vault.keep(workspace_id=version.workspace_id, content=sealed)
    version.file_hash, version.file_size = found.file_hash, len(sealed)
    version.certificate = seal.fingerprint
    version.changes = data["report"]["changes"]
    version.verdict = verdict_of(data)
    version.summary = {**summary_of(record=data, facts=_facts(built)), **_stamp_of(found), "title": title}
    version.sealed_at, version.state = now, VersionState.SEALED
    version.supersedes = previous
    version.save()
    record(
        event="report.sealed",
        actor=actor,
        now=now,
        obj=version,
        payload={**_names(version), "verdict": version.verdict, "content_hash": version.content_hash},
    )
    # What was released holds until this version passes its check as well (`complete_pre_share_check`).
    drafts = [old for old in earlier if old not in released]
    supersede(drafts, by=version, actor=actor, now=now)
    workspace_id, version_id = version.workspace_id, version.pk
    transaction.on_commit(
        lambda: report_sealed.send(
            sender=ReportVersion, workspace_id=workspace_id, version_id=version_id, now=now
        )
    )


def _sealed(pdf: bytes, seal: vault.Seal, *, reason: str, now: datetime) -> bytes:
    """The sealed PDF, time-stamped where an authority is set; one that does not answer holds up no report."""
    if settings.TSA_URL:
        try:
            return seal_pdf(
                pdf,
                key=seal.key,
                cert=seal.certificate,
                reason=reason,
                when=now,
                timestamper=time_stamper(settings.TSA_URL),
            )
        except StampError:
            log.exception("A report was sealed without a time stamp")
    return seal_pdf(pdf, key=seal.key, cert=seal.certificate, reason=reason, when=now)


def _stamp_of(found: Examination) -> dict[str, Any]:
    """What the summary says of the time stamp: when and by whom, or that one was wanted and is missing."""
    if not settings.TSA_URL:
        return {}
    at = found.time_stamped_at
    return {"time_stamp": {"at": at.isoformat() if at else None, "by": found.time_stamped_by or ""}}


def _complete(
    built: BuiltRecord,
    context: ReportContext,
    version: ReportVersion,
    workspace: Workspace,
    previous: ReportVersion | None,
) -> dict[str, Any]:
    """The built record with the report's own heading: number, version, address, what it supersedes and why."""
    data = dict(built.data)
    data.setdefault("workspace", {"name": workspace.name, "address": workspace.address[:200]})
    heading: dict[str, Any] = {
        **data.get("report", {}),
        "number": context.number,
        "version": context.version,
        "language": context.language,
        "issued_at": context.issued_at.isoformat(timespec="seconds"),
        "verify_url": verify_url(version.token),
        "supersedes": None,
        "changes": "",
    }
    data["report"] = heading
    if previous is not None:
        heading["supersedes"] = {
            "number": context.number,
            "version": previous.version,
            "content_hash": previous.content_hash,
        }
        heading["changes"] = describe_changes(
            before=kept_record(previous), after=data, language=context.language
        )
    return data


def _in_both(words: object) -> tuple[str, str]:
    """Words in English and in Bangla; a job speaks no language of its own."""
    with override("en"):
        english = str(words)
    with override("bn"):
        return english, str(words)


def _facts(built: BuiltRecord) -> dict[str, str]:
    """The kind's sentences for the check before sharing; `<tick>.bn` where the Bangla differs."""
    found = {}
    for tick, words in built.facts.items():
        found[tick], bangla = _in_both(words)
        if bangla != found[tick]:
            found[f"{tick}.bn"] = bangla
    return found


def _names(version: ReportVersion) -> dict[str, Any]:
    return {"number": version.report.number, "version": version.version}

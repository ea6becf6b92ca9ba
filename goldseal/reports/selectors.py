"""Reading reports, their versions and shares, and what the public may learn from a token or a digest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery

from goldseal.kit.crypto import token_digest
from goldseal.kit.errors import NotFound
from goldseal.reports import vault
from goldseal.reports.models import (
    DECISIVE,
    ISSUED,
    BuyerResponse,
    ErasedSeal,
    PreShareCheck,
    Report,
    ReportShare,
    ReportVersion,
    SealCertificate,
    ShareVisit,
    VersionState,
)
from goldseal.reports.rules.answers import Answer, answer_of_record
from goldseal.workspaces.models import Workspace
from goldseal.workspaces.selectors import CLOSED_STATES
from goldseal.workspaces.services import capability_scope, workspace_scope

# The versions whose check before sharing is done; the earliest shares are older than the check.
RELEASED = Q(checks__isnull=False) | Q(shared_at__isnull=False)


def reports(*, state: str = "") -> QuerySet[Report]:
    """Reports of the open scope, each with its latest version's number, state, verdict and time of sealing,
    whether that was released (it passed the check before sharing), and the buyer's standing `answer` (the last
    that is not a comment, to the newest version that has one).

    `state` narrows them to those whose latest version is in it.
    """
    latest = ReportVersion.objects.filter(report=OuterRef("pk")).order_by("-version")

    def of_latest(name: str) -> Subquery:
        return Subquery(latest.values(name)[:1])

    # A guest sees no check, and no version that was not released to the guest's buyer.
    released = ExpressionWrapper(
        Exists(PreShareCheck.objects.filter(version=OuterRef("pk")))
        | Q(shared_at__isnull=False)
        | Q(shown_to_id__isnull=False),
        output_field=BooleanField(),
    )
    answers = BuyerResponse.objects.filter(version__report=OuterRef("pk"), kind__in=DECISIVE)
    rows = Report.objects.annotate(
        answer=Subquery(answers.order_by("-version__version", "-at", "-pk").values("kind")[:1]),
        latest_version=of_latest("version"),
        latest_state=of_latest("state"),
        latest_verdict=of_latest("verdict"),
        latest_sealed_at=of_latest("sealed_at"),
        latest_is_released=Subquery(latest.values(released=released)[:1]),
    )
    return rows.filter(latest_state=state) if state else rows


def report_by_id(report_id: UUID) -> Report:
    """A report of the open scope. Raises NotFound."""
    found = reports().filter(pk=report_id).first()
    if found is None:
        raise NotFound
    return found


def report_about(kind: str, subject_id: UUID) -> Report | None:
    """The report about a record, if one was ever requested and the scope shows it; for pages of that record."""
    return reports().filter(kind=kind, subject_id=subject_id).first()


def is_being_prepared(report: Report) -> bool:
    """Whether a version of it waits to be sealed."""
    return report.versions.filter(state="queued").exists()


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """Who vouched for a version before it was shared, and when."""

    reviewer_name: str
    at: datetime


def versions_of(report_id: UUID) -> list[tuple[ReportVersion, CheckSeen | None]]:
    """A report's versions, newest first, each with its report, who had it sealed, and the check before sharing.

    One query. Raises NotFound where the open scope shows none.
    """
    check = PreShareCheck.objects.filter(version=OuterRef("pk"))
    rows = (
        ReportVersion.objects.filter(report_id=report_id)
        .select_related("report", "sealed_by")
        .annotate(
            checked_by=Subquery(check.values("reviewer_name")[:1]),
            checked_at=Subquery(check.values("at")[:1]),
        )
        .order_by("-version")
    )
    found: list[tuple[ReportVersion, CheckSeen | None]] = [
        (row, CheckSeen(row.checked_by or "", row.checked_at) if row.checked_at else None) for row in rows
    ]
    if not found:
        raise NotFound
    return found


def version_by_id(version_id: UUID) -> ReportVersion:
    """A version of the open scope with its report. Raises NotFound."""
    found = ReportVersion.objects.select_related("report").filter(pk=version_id).first()
    if found is None:
        raise NotFound
    return found


def newest_issued(most: int) -> list[ReportVersion]:
    """The newest version of each of the latest reports that were issued, with its report."""
    rows = ReportVersion.objects.select_related("report").filter(state="sealed").order_by("-sealed_at")
    return list(rows[:most])


def version_numbered(report_id: UUID, number: int) -> ReportVersion:
    """A report's version by number. Raises NotFound."""
    found = ReportVersion.objects.select_related("report").filter(report_id=report_id, version=number).first()
    if found is None:
        raise NotFound
    return found


def check_of(version: ReportVersion) -> PreShareCheck | None:
    """The completed check before sharing, if there is one."""
    return PreShareCheck.objects.filter(version=version).first()


def shares_of(report_id: UUID) -> QuerySet[ReportShare]:
    """Links to any version of a report, newest first."""
    return (
        ReportShare.objects.filter(version__report_id=report_id)
        .select_related("version")
        .order_by("-created_at")
    )


def visits_of(report_id: UUID) -> QuerySet[ShareVisit]:
    """The access log of a report's links, newest first."""
    return (
        ShareVisit.objects.filter(share__version__report_id=report_id)
        .select_related("share")
        .order_by("-at", "-pk")
    )


def responses_to(report_id: UUID) -> QuerySet[BuyerResponse]:
    """What the buyer answered to any version of a report, newest first; a guest sees the own buyer's."""
    return (
        BuyerResponse.objects.filter(version__report_id=report_id)
        .select_related("version", "share")
        .order_by("-at", "-pk")
    )


def responses_under(share: ReportShare) -> list[BuyerResponse]:
    """What was answered under one link, oldest first; nobody else's answers are shown there."""
    with workspace_scope(share.workspace_id):
        return list(BuyerResponse.objects.filter(share_id=share.pk).order_by("at", "pk"))


def share_of(digest: str) -> ReportShare | None:
    """The share a secret points at; call inside `capability_scope(digest)`."""
    return ReportShare._base_manager.filter(token_digest=digest).first()


def live_share(share_id: UUID, now: datetime) -> ReportShare | None:
    """A share of the open workspace that holds at `now`, with its version and report."""
    return (
        ReportShare.objects.select_related("version__report", "workspace")
        .filter(pk=share_id, revoked_at__isnull=True, expires_at__gt=now)
        .first()
    )


def unchecked() -> QuerySet[ReportVersion]:
    """Sealed versions that nobody has checked for sharing yet, newest first."""
    return (
        ReportVersion.objects.select_related("report")
        .filter(state="sealed", checks__isnull=True)
        .order_by("-sealed_at")
    )


@dataclass(frozen=True, slots=True)
class Verification:
    """What the public learns about one version.

    Names and the verdict are given only for a version that somebody outside may have: it was shared, or guests of
    its buyer see it. A version that
    is not `is_released` has not passed the check before sharing; `newest_version` is the newest that has.
    """

    answer: Answer
    number: str = ""
    version: int = 0
    workspace: str = ""
    time_zone: str = ""
    sealed_at: datetime | None = None
    superseded_at: datetime | None = None
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    is_released: bool = False
    newest_version: int = 0
    newest_withdrawn_reason: str = ""
    verdict: str = ""
    title: str = ""
    signatures: list[dict[str, Any]] = field(default_factory=list)
    file_hash: str = ""
    certificate: str = ""
    seal_revoked_at: datetime | None = None
    seal_revoked_reason: str = ""
    is_erasing: bool = False
    erased_on: date | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the issuer's workspace was erased, or is being erased and shows nothing any more."""
        return self.is_erasing or self.erased_on is not None


UNKNOWN = Verification(Answer.UNKNOWN)


def verification_of_token(token: str) -> Verification:
    """What a report's public token (its QR code) says; unknown and malformed alike."""
    return _verification(token_digest(token)) if 16 <= len(token) <= 64 else UNKNOWN


def verification_of_file(file_hash: str) -> Verification:
    """What is on record about a file with exactly these bytes, by its SHA-256 (64 hex digits)."""
    digest = file_hash.strip().lower()
    is_digest = len(digest) == 64 and all(char in "0123456789abcdef" for char in digest)
    return _verification(digest) if is_digest else UNKNOWN


def _verification(digest: str) -> Verification:
    with capability_scope(digest):
        found = (
            ReportVersion._base_manager.filter(Q(token_digest=digest) | Q(file_hash=digest), state__in=ISSUED)
            .only("id", "workspace_id")
            .first()
        )
    if found is not None:
        with workspace_scope(found.workspace_id):
            return _known(found.pk)
    erased = ErasedSeal.objects.filter(Q(token_digest=digest) | Q(file_hash=digest)).first()
    return Verification(Answer.WITHDRAWN, erased_on=erased.erased_on) if erased else UNKNOWN


def _known(version_id: UUID) -> Verification:
    version = ReportVersion.objects.select_related("report").get(pk=version_id)
    workspace = Workspace.objects.get(pk=version.workspace_id)
    if workspace.state in CLOSED_STATES:
        return Verification(Answer.WITHDRAWN, is_erasing=True)
    is_shared = version.shared_at is not None or version.shown_to_id is not None
    seal = SealCertificate.objects.filter(fingerprint=version.certificate, revoked_at__isnull=False).first()
    newest = _newest(version)
    return Verification(
        answer=answer_of_record(version.state),
        number=version.report.number,
        version=version.version,
        workspace=workspace.name,
        time_zone=workspace.time_zone,
        sealed_at=version.sealed_at,
        superseded_at=version.superseded_at,
        withdrawn_at=version.withdrawn_at,
        is_released=is_shared or version.checks.exists(),
        newest_version=newest.version,
        newest_withdrawn_reason=newest.withdrawn_reason
        if is_shared and newest.state == VersionState.WITHDRAWN and newest.pk != version.pk
        else "",
        file_hash=version.file_hash,
        certificate=version.certificate,
        seal_revoked_at=seal.revoked_at if seal else None,
        seal_revoked_reason=seal.revoked_reason if seal else "",
        verdict=version.verdict if is_shared else "",
        title=version.summary.get("title", version.report.title) if is_shared else "",
        withdrawn_reason=version.withdrawn_reason if is_shared else "",
        signatures=list(version.summary.get("signatures", [])) if is_shared else [],
    )


def _newest(version: ReportVersion) -> ReportVersion:
    """What a reader of this version is told to look for: the newest that was released, else what replaced it."""
    issued = version.report.versions.filter(state__in=ISSUED).order_by("-version")
    newest = issued.filter(RELEASED).first() or version
    if version.state == VersionState.SUPERSEDED and newest.version <= version.version:
        return issued.first() or version  # a draft that another draft replaced
    return newest


def seals() -> QuerySet[SealCertificate]:
    """The certificates of the open workspace, the one in use first, then the newest."""
    return SealCertificate.objects.select_related("made_by").order_by(
        F("retired_at").desc(nulls_first=True), "-made_at"
    )


def certificates_of(fingerprints: Sequence[str]) -> list[bytes]:
    """Those of some fingerprints (SHA-256, hex) by which a workspace here seals or sealed: certificates, PEM."""
    found = []
    for fingerprint in fingerprints:
        seal = seal_by_fingerprint(fingerprint)
        if seal is not None:
            found.append(seal.certificate.encode())
    return found + vault.installation_certificates()


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued a report: the workspace's name and its certificates, as an offline verifier keeps them."""

    name: str
    certificates: list[dict[str, str | None]]


def issuer_of_token(token: str) -> Issuer | None:
    """Who issued the report with this public token; None for an unknown one and for a workspace being erased."""
    digest = token_digest(token) if 16 <= len(token) <= 64 else ""
    with capability_scope(digest):
        found = ReportVersion._base_manager.filter(token_digest=digest, state__in=ISSUED).first()
    if found is None:
        return None
    with workspace_scope(found.workspace_id):
        workspace = Workspace.objects.get(pk=found.workspace_id)
        if workspace.state in CLOSED_STATES:
            return None
        return Issuer(
            workspace.name,
            [
                {
                    "fingerprint": seal.fingerprint,
                    "holder": seal.holder,
                    "not_before": seal.not_before.isoformat(),
                    "not_after": seal.not_after.isoformat(),
                    "revoked_at": seal.revoked_at.isoformat() if seal.revoked_at else None,
                }
                for seal in seals()
            ],
        )


def seal_by_fingerprint(fingerprint: str) -> SealCertificate | None:
    """The certificate with this fingerprint, whichever workspace's it is; its public part is public."""
    with capability_scope(fingerprint):
        return SealCertificate._base_manager.filter(fingerprint=fingerprint).first()


def files_of_workspace() -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Every sealed PDF and record of the open workspace: a file name and a function that reads it; for exports."""

    def reader(version: ReportVersion, address: str) -> Callable[[], bytes]:
        return lambda: vault.fetch(workspace_id=version.workspace_id, address=address)

    rows = ReportVersion.objects.select_related("report").filter(state__in=ISSUED)
    for version in rows.order_by("report__number", "version").iterator(chunk_size=200):
        stem = f"{version.report.number}-v{version.version}"
        yield f"{stem}.pdf", reader(version, version.file_address)
        yield f"{stem}.json", reader(version, version.record_address)

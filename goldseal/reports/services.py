"""Everything that changes reports: made and sealed, checked and shared, withdrawn, verified, buried."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid
from goldseal.reports import vault
from goldseal.reports.drafting import verify_url
from goldseal.reports.engine.isolated import examine_isolated
from goldseal.reports.engine.verify import Examination
from goldseal.reports.link_services import Locked, download_shared, note_visit, unlock_share
from goldseal.reports.models import ISSUED, ErasedSeal, ReportVersion, VersionState
from goldseal.reports.response_services import answer_report, answer_shared
from goldseal.reports.rules.answers import INTACT, Answer, answer_of_file
from goldseal.reports.seal_services import import_seal, revoke_seal, rotate_seal
from goldseal.reports.sealing_services import (
    fail_version,
    request_report,
    seal_report,
    seal_version,
)
from goldseal.reports.selectors import UNKNOWN, Verification, certificates_of, verification_of_file
from goldseal.reports.sharing_services import (
    DRAFT,
    FORMS,
    JSON,
    PDF,
    TICKS,
    Download,
    complete_pre_share_check,
    download_report,
    locked_version,
    revoke_share,
    share_report,
    share_url,
)
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.services import workspace_scope

__all__ = [
    "DRAFT",
    "FORMS",
    "JSON",
    "PDF",
    "TICKS",
    "Download",
    "FileVerification",
    "Locked",
    "answer_report",
    "answer_shared",
    "bury_reports",
    "complete_pre_share_check",
    "download_report",
    "download_shared",
    "erase_report_files",
    "fail_version",
    "import_seal",
    "note_visit",
    "request_report",
    "revoke_seal",
    "revoke_share",
    "rotate_seal",
    "seal_report",
    "seal_version",
    "share_report",
    "share_url",
    "unlock_share",
    "verify_file",
    "verify_url",
    "withdraw_report",
]


def withdraw_report(*, version_id: UUID, reason: str, actor: Actor, now: datetime) -> ReportVersion:
    """Declare an issued version void; its public page says so from now on. It cannot be taken back.

    A version withdrawn before its check leaves the one before it in force; one withdrawn after it does not.
    A PDF that was already sent cannot be recalled; whoever verifies it reads "withdrawn". Raises Invalid,
    Conflict, NotFound, Forbidden.
    """
    authorize(actor, "reports.withdraw")
    if not 5 <= len(reason.strip()) <= 500:
        raise Invalid(fields={"reason": _("Say why, in 5 to 500 letters; the buyer reads this.")})
    with recorded_change():
        version = locked_version(version_id)
        if version.state not in (VersionState.SEALED, VersionState.SUPERSEDED):
            raise Conflict(_("Only an issued version can be withdrawn, and only once."))
        version.state, version.withdrawn_at, version.withdrawn_reason = (
            VersionState.WITHDRAWN,
            now,
            reason.strip(),
        )
        version.save(update_fields=["state", "withdrawn_at", "withdrawn_reason"])
        record(
            event="report.withdrawn",
            actor=actor,
            now=now,
            obj=version,
            payload={
                "number": version.report.number,
                "version": version.version,
                "reason": version.withdrawn_reason,
            },
        )
    return version


@dataclass(frozen=True, slots=True)
class FileVerification:
    """The answer about a file: what its seal says and what is on record about its bytes."""

    answer: Answer
    examination: Examination
    known: Verification

    @property
    def is_ours_without_record(self) -> bool:
        """Sealed with our certificate and unchanged, yet nothing here knows it: from another database."""
        return self.examination.kind == INTACT and self.known is UNKNOWN


def verify_file(*, pdf: bytes, examine: Callable[..., Examination] = examine_isolated) -> FileVerification:
    """Examine a stranger's PDF and look its bytes up; needs no workspace and no permission.

    Only a seal that holds on bytes that are on record and still hold answers valid.
    """
    examination = examine(pdf, trusted_certs=certificates_of)
    known = verification_of_file(examination.file_hash)
    state = {Answer.VALID: "sealed", Answer.SUPERSEDED: "superseded", Answer.WITHDRAWN: "withdrawn"}.get(
        known.answer
    )
    if known.is_gone:
        state = "erased"
    return FileVerification(answer_of_file(examined=examination.kind, state=state), examination, known)


def bury_reports(workspace_id: UUID, now: datetime) -> int:
    """Before a workspace is erased: keep, of each issued version, just what lets its paper read "withdrawn".

    Returns how many were kept. Holds no personal data; may be repeated.
    """
    with workspace_scope(workspace_id):
        rows = list(ReportVersion.objects.filter(state__in=ISSUED).values_list("token_digest", "file_hash"))
    ErasedSeal.objects.bulk_create(
        [
            ErasedSeal(token_digest=token, file_hash=file, erased_on=now.astimezone(UTC).date())
            for token, file in rows
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return len(rows)


def erase_report_files(workspace_id: UUID) -> None:
    """Remove every sealed PDF and record of a workspace from the store. May be repeated."""
    vault.erase(workspace_id)

"""Answers, reasons and failures in words, for the language of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from goldseal.kit.permissions import WORKSPACE_ROLES
from goldseal.kit.wording import number_when_read
from goldseal.kit.words import Words
from goldseal.reports.engine.photos import PhotoUnreadableError, TooManyPhotosError
from goldseal.reports.engine.verify import Reason
from goldseal.reports.models import BuyerResponse, ResponseKind, VersionState
from goldseal.reports.rules.answers import Answer


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """How an answer looks: its word, one sentence, an icon, a look (class name of the style sheet)."""

    word: Words
    sentence: Words
    icon: str
    look: str


ANSWERS: dict[Answer, AnswerWords] = {
    Answer.VALID: AnswerWords(
        _("Valid"),
        _("This report was sealed here, holds today, and nothing in it was changed."),
        "rosette",
        "valid",
    ),
    Answer.ALTERED: AnswerWords(
        _("Altered"),
        _("This file was changed after it was sealed. Do not rely on it."),
        "circle-x",
        "altered",
    ),
    Answer.SUPERSEDED: AnswerWords(
        _("Superseded"),
        _("This report is genuine, but a newer version has replaced it."),
        "rotate-2",
        "superseded",
    ),
    Answer.WITHDRAWN: AnswerWords(
        _("Withdrawn"),
        _("This report was withdrawn by who issued it. Do not rely on it."),
        "hand-stop",
        "withdrawn",
    ),
    Answer.UNKNOWN: AnswerWords(
        _("Unknown"), _("This is not a report on record here."), "help-circle", "unknown"
    ),
}

# Genuine, and nobody has vouched for it yet.
DRAFT = AnswerWords(
    _("Not released yet"),
    _(
        "This version was sealed here and nothing in it was changed, but its check before sharing is still "
        "open. Ask the sender for a version that was released."
    ),
    "hourglass",
    "superseded",
)

REASONS: dict[Reason, Words] = {
    Reason.SEAL_HOLDS: _("The seal is ours and every byte is as it was sealed."),
    Reason.NOT_A_PDF: _("This file is not a PDF."),
    Reason.TOO_LARGE: _("The file is larger than 20 MB; no report is."),
    Reason.TOO_MANY_PAGES: _("The file has more than 1000 pages; no report has."),
    Reason.UNREADABLE: _("The file is damaged and cannot be read as a PDF."),
    Reason.ENCRYPTED: _("The file is encrypted; reports never are."),
    Reason.NO_SEAL: _("The file carries no seal."),
    Reason.SEAL_DAMAGED: _("The seal itself is damaged."),
    Reason.BYTES_CHANGED: _("Bytes under the seal were changed after sealing."),
    Reason.ADDED_AFTER_SEAL: _("Something was added to the file after sealing."),
    Reason.SEVERAL_SEALS: _("The file carries more than one signature; a report has exactly one."),
    Reason.NOT_CERTIFIED: _("The signature does not forbid changes, as a report's seal does."),
    Reason.UNKNOWN_SIGNER: _("The signature was made by somebody else."),
    Reason.CERTIFICATE_REFUSED: _("The certificate of the seal was not valid for sealing."),
    Reason.RECORD_MISSING: _("The sealed file does not hold exactly one readable record."),
}

FAILURES: dict[str, Words] = {
    "record": _("The record is not complete or holds something that a report cannot say."),
    "photo": _("A photo cannot be printed. Take it out or replace it, then try again."),
    "photos": _("The photos are too large together for one report. Leave some of them out, then try again."),
    "fonts": _("The fonts for reports are missing on the server. Please tell the administrator."),
    "layout": _("The report could not be laid out. Please tell the administrator."),
    "pack": _("The buyer's pack no longer fits. Open it among the packs, correct it, then try again."),
    "seal": _("The report could not be sealed. Please tell the administrator."),
    "subject": _("The record this report is about cannot be reported now."),
    "unexpected": _(
        "Something went wrong on the server. Try again; if it happens again, tell the administrator."
    ),
}

MEANINGS: dict[str, Words] = {
    "inspected": _("inspected"),
    "received": _("received"),
    "reviewed": _("reviewed"),
    "approved": _("approved"),
}

RESPONSE_ICONS = {
    ResponseKind.ACKNOWLEDGE: "circle-check",
    ResponseKind.CONCESSION: "adjustments-check",
    ResponseKind.REJECT: "circle-x",
    ResponseKind.COMMENT: "message",
}

ROLES = {role.value.replace("_", " "): role.label for role in WORKSPACE_ROLES} | {
    role.value: role.label for role in WORKSPACE_ROLES
}

STATE_ICONS = {
    VersionState.QUEUED: "hourglass",
    VersionState.SEALED: "rosette",
    VersionState.SUPERSEDED: "rotate-2",
    VersionState.WITHDRAWN: "hand-stop",
    VersionState.FAILED: "alert-triangle",
}


def reason_words(reason: Reason) -> Words:
    """Why a file was answered as it was."""
    return REASONS[reason]


def failure_in_words(problem: Exception | str) -> object:
    """What stopped a report, worded when it is read; what only a programmer can mend stays as it is."""
    if isinstance(problem, PhotoUnreadableError) and problem.size:
        return format_lazy(
            _("Photo {name} has {width} × {height} pixels; at most 50 million are printed."),
            name=problem.name,
            width=number_when_read(problem.size[0]),
            height=number_when_read(problem.size[1]),
        )
    if isinstance(problem, PhotoUnreadableError):
        return format_lazy(
            _("Photo {name} cannot be read as a JPEG, PNG or WebP picture."), name=problem.name
        )
    if isinstance(problem, TooManyPhotosError):
        return format_lazy(
            _("The {count} photos are too large together for one report, even printed small."),
            count=number_when_read(problem.count),
        )
    return problem


def signatures_in_words(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Signatures of a summary for a page: the meaning in words, the time as an instant."""
    return [
        {
            **row,
            "meaning": MEANINGS.get(row.get("meaning", ""), row.get("meaning", "")),
            "role": ROLES.get(row.get("role", ""), row.get("role", "")),
            "signed_at": datetime.fromisoformat(row["signed_at"]),
        }
        for row in rows
    ]


def time_stamp_in_words(summary: dict[str, Any]) -> dict[str, Any] | None:
    """The time stamp of a summary for a page, its time as an instant; None where none was wanted."""
    stamp = summary.get("time_stamp")
    if stamp is None:
        return None
    return {"by": stamp["by"], "at": datetime.fromisoformat(stamp["at"]) if stamp["at"] else None}


def responses_in_words(given: Iterable[BuyerResponse]) -> list[dict[str, Any]]:
    """Buyers' answers for a page, each with its icon."""
    return [{"given": row, "icon": RESPONSE_ICONS[ResponseKind(row.kind)]} for row in given]


def in_language(words: dict[str, Any]) -> str:
    """The page's language of a pair {en, bn}."""
    is_bangla = (get_language() or "").startswith("bn")
    return str(words.get("bn" if is_bangla else "en") or words.get("en") or "")

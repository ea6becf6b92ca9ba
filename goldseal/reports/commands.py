"""`goldseal verify FILE`: one clear line about a PDF, exit code 0 only for a valid report."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.utils import translation

from goldseal.reports.engine.limits import MAX_BYTES
from goldseal.reports.engine.verify import REASON_TEXT, examine
from goldseal.reports.rules.answers import Answer
from goldseal.reports.services import FileVerification, verify_file

NOT_VALID = 1
UNREADABLE = 2


def verify(arguments: list[str]) -> int:
    """`goldseal verify FILE [--json]`: valid, altered, superseded, withdrawn or unknown.

    Exits with 0 for valid, 1 for every other answer, 2 where the file cannot be read.
    """
    parser = argparse.ArgumentParser(
        prog="goldseal verify",
        description="Say whether a PDF is one of our reports, unaltered, and still holds.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the PDF")
    parser.add_argument("--json", action="store_true", help="answer as one line of JSON")
    asked = parser.parse_args(arguments)
    try:
        with asked.file.open("rb") as file:
            pdf = file.read(MAX_BYTES + 1)
    except OSError as problem:
        sys.stderr.write(f"{asked.file} cannot be read: {problem.strerror or problem}\n")
        return UNREADABLE
    with translation.override("en"):
        # Our own machine and our own file: no child process is needed to keep a stranger out.
        found = verify_file(pdf=pdf, examine=examine)
        sys.stdout.write((json.dumps(as_json(found)) if asked.json else one_line(asked.file, found)) + "\n")
    return 0 if found.answer is Answer.VALID else NOT_VALID


def one_line(file: Path, found: FileVerification) -> str:
    """The answer as a sentence."""
    known = found.known
    report = f"report {known.number} version {known.version}, issued by {known.workspace}"
    sealed = f"sealed {known.sealed_at:%Y-%m-%d %H:%M} UTC" if known.sealed_at else ""
    said = {
        Answer.VALID: f"{report}, {sealed}; not a byte was changed."
        + ("" if known.is_released else " Not released yet: its check before sharing is open."),
        Answer.SUPERSEDED: f"{report}, {sealed}; version {known.newest_version} has replaced it.",
        Answer.WITHDRAWN: f"{report}, {sealed}; withdrawn {known.withdrawn_at:%Y-%m-%d %H:%M} UTC."
        if known.withdrawn_at
        else "issued by a workspace that is being erased; nothing more is told."
        if known.is_erasing
        else f"issued by a workspace that was erased on {known.erased_on}; contents not held.",
        Answer.ALTERED: _reasons(found),
        Answer.UNKNOWN: "the seal is ours and holds, but no report with these bytes is on record here."
        if found.is_ours_without_record
        else _reasons(found),
    }[found.answer]
    return f"{found.answer.value.upper()}  {file.name}: {said}"


def _reasons(found: FileVerification) -> str:
    return " ".join(REASON_TEXT[reason] for reason in found.examination.reasons)


def as_json(found: FileVerification) -> dict[str, Any]:
    """The answer for programs."""
    known, examined = found.known, found.examination
    return {
        "answer": found.answer.value,
        "released": known.is_released,
        "seal": examined.kind.value,
        "reasons": [reason.value for reason in examined.reasons],
        "sha256": examined.file_hash,
        "number": known.number or None,
        "version": known.version or None,
        "issued_by": known.workspace or None,
        "sealed_at": known.sealed_at.isoformat() if known.sealed_at else None,
        "superseded_at": known.superseded_at.isoformat() if known.superseded_at else None,
        "withdrawn_at": known.withdrawn_at.isoformat() if known.withdrawn_at else None,
        "erasing": known.is_erasing,
        "erased_on": known.erased_on.isoformat() if known.erased_on else None,
        "claimed_number": examined.claimed_number,
        "claimed_version": examined.claimed_version,
    }

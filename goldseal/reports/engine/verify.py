"""Examine a PDF: is it a report we sealed, unchanged to the last byte?"""

import asyncio
import hashlib
import io
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import NonexistentAttributeError, find_unique_cms_attribute
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from goldseal.reports.engine.container import container_exact
from goldseal.reports.engine.limits import MAX_BYTES, MAX_PAGES

MAX_RECORD_BYTES = 8 * 1024 * 1024
ATTACHMENT_NAME = "record.json"
Certificate = Any  # asn1crypto's, which carries no types
MOST_SIGNERS = 8
# PEM certificates of our seals, or who can say which of some fingerprints (SHA-256, hex) are ours.
Trust = Sequence[bytes] | Callable[[Sequence[str]], Sequence[bytes]]
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * 1024 * 1024),
    document_budget=DocumentDecodeBudget(base_allowance=64 * 1024 * 1024, max_ratio=20),
)

# pyHanko logs a traceback for every hostile file; the answer already says what was wrong with it.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


class Kind(StrEnum):
    """What a PDF turned out to be."""

    INTACT = "intact"  # sealed by a trusted key, not one byte changed since
    ALTERED = "altered"  # carries a seal that no longer holds
    FOREIGN = "foreign"  # carries a seal, made by a key that is not ours
    UNSIGNED = "unsigned"  # carries no seal, or is no PDF at all


class Reason(StrEnum):
    """Why, as a code that pages translate; ``REASON_TEXT`` says it in English."""

    SEAL_HOLDS = "seal_holds"
    NOT_A_PDF = "not_a_pdf"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    NO_SEAL = "no_seal"
    SEAL_DAMAGED = "seal_damaged"
    BYTES_CHANGED = "bytes_changed"
    ADDED_AFTER_SEAL = "added_after_seal"
    SEVERAL_SEALS = "several_seals"
    NOT_CERTIFIED = "not_certified"
    UNKNOWN_SIGNER = "unknown_signer"
    CERTIFICATE_REFUSED = "certificate_refused"
    RECORD_MISSING = "record_missing"


REASON_TEXT = {
    Reason.SEAL_HOLDS: "The seal is ours and every byte is as it was sealed.",
    Reason.NOT_A_PDF: "This file is not a PDF.",
    Reason.TOO_LARGE: f"The file is larger than {MAX_BYTES // 1024 // 1024} MB; no report is.",
    Reason.TOO_MANY_PAGES: f"The file has more than {MAX_PAGES} pages; no report has.",
    Reason.UNREADABLE: "The file is damaged and cannot be read as a PDF.",
    Reason.ENCRYPTED: "The file is encrypted; reports never are.",
    Reason.NO_SEAL: "The file carries no seal.",
    Reason.SEAL_DAMAGED: "The seal itself is damaged.",
    Reason.BYTES_CHANGED: "Bytes under the seal were changed after sealing.",
    Reason.ADDED_AFTER_SEAL: "Something was added to the file after sealing.",
    Reason.SEVERAL_SEALS: "The file carries more than one signature; a report has exactly one.",
    Reason.NOT_CERTIFIED: "The signature does not forbid changes, as a report's seal does.",
    Reason.UNKNOWN_SIGNER: "The signature was made by somebody else.",
    Reason.CERTIFICATE_REFUSED: "The certificate of the seal was not valid for sealing.",
    Reason.RECORD_MISSING: "The sealed file does not hold exactly one readable record.",
}


@dataclass(frozen=True)
class Examination:
    """The answer about one PDF. Only ``kind == Kind.INTACT`` may be shown green.

    ``record`` and ``content_hash`` are given only for an intact file. ``claimed_number``,
    ``claimed_version`` and ``claimed_hash`` are what the file says of itself and may be false otherwise.
    """

    kind: Kind
    reasons: tuple[Reason, ...]
    file_hash: str
    content_hash: str | None = None
    record: dict[str, Any] | None = field(default=None, repr=False)
    signer: str | None = None
    signed_by: str | None = None  # SHA-256 (hex) of the signer's certificate
    sealed_at: datetime | None = None
    time_stamped_at: datetime | None = None  # by a time-stamping authority, where there is a stamp that holds
    time_stamped_by: str | None = None
    claimed_number: str | None = None
    claimed_version: int | None = None
    claimed_hash: str | None = None

    @property
    def explanation(self) -> str:
        """The reasons as English sentences."""
        return " ".join(REASON_TEXT[reason] for reason in self.reasons)


def examine(pdf: bytes, *, trusted_certs: Trust) -> Examination:
    """Say whether ``pdf`` is intact, altered, foreign or unsigned; never raises for what is in the file.

    ``trusted_certs``: PEM certificates of our seals, past and present, or a function that is asked which of the
    signers' fingerprints are ours and gives their certificates. Intact means: exactly one signature,
    a DocMDP certification that forbids changes, covering the whole file, by a trusted certificate, and
    pyHanko's bottom line true. The certificate is judged at the time of sealing the file states, so that
    reports outlive their certificate; nothing is fetched from a network (PROMISES §5). Takes about 20 ms.
    Files of strangers may be built to exhaust memory or time: use ``isolated.examine_isolated`` for them.
    Raises ``RuntimeError`` when called inside a running event loop.
    """
    _refuse_event_loop()
    early = refuse_early(pdf)
    if early is not None:
        return early
    file_hash = hashlib.sha256(pdf).hexdigest()
    try:
        return _examine(pdf, file_hash=file_hash, trust=trusted_certs)
    except TrustUnknownError:
        raise
    except Exception:  # any parser error is an answer about the file, not a fault of the caller
        return unreadable(pdf)


class TrustUnknownError(RuntimeError):
    """Whoever knows our certificates could not be asked: no answer about the file is possible."""


def _trusted(trust: Trust, signatures: Sequence[EmbeddedPdfSignature]) -> list[Certificate]:
    if callable(trust):
        signers = {s.signer_cert.sha256.hex() for s in signatures[:MOST_SIGNERS] if s.signer_cert is not None}
        try:
            found = trust(sorted(signers))
        except Exception as problem:
            raise TrustUnknownError from problem
    else:
        found = trust
    return [certificate for pem in found for certificate in load_certs_from_pemder_data(pem)]


def _refuse_event_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("Examine a PDF in a thread, not inside a running event loop.")


def refuse_early(pdf: bytes) -> Examination | None:
    """Answer without parsing for what cannot be a report: too large, or no PDF header."""
    if len(pdf) > MAX_BYTES:
        reason = Reason.TOO_LARGE
    elif b"%PDF-" not in pdf[:1024]:
        reason = Reason.NOT_A_PDF
    else:
        return None
    return Examination(kind=Kind.UNSIGNED, reasons=(reason,), file_hash=hashlib.sha256(pdf).hexdigest())


def unreadable(pdf: bytes) -> Examination:
    """Answer for a file that cannot be parsed: altered if a seal's traces are in it, else unsigned."""
    was_sealed = any(trace in pdf for trace in (b"/ByteRange", b"ETSI.CAdES.detached", b"/DocMDP"))
    return Examination(
        kind=Kind.ALTERED if was_sealed else Kind.UNSIGNED,
        reasons=(Reason.UNREADABLE,),
        file_hash=hashlib.sha256(pdf).hexdigest(),
    )


def _examine(pdf: bytes, *, file_hash: str, trust: Trust) -> Examination:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True, decode_limits=_LIMITS)
    if reader.encrypted:
        return Examination(kind=Kind.UNSIGNED, reasons=(Reason.ENCRYPTED,), file_hash=file_hash)
    if _page_count(reader) > MAX_PAGES:
        return Examination(kind=Kind.UNSIGNED, reasons=(Reason.TOO_MANY_PAGES,), file_hash=file_hash)
    signatures = list(reader.embedded_signatures)
    if not signatures:
        # A seal whose field was cut out leaves its bytes behind: that is a change, not an absence.
        if b"/ByteRange" in pdf:
            return Examination(kind=Kind.ALTERED, reasons=(Reason.SEAL_DAMAGED,), file_hash=file_hash)
        return Examination(kind=Kind.UNSIGNED, reasons=(Reason.NO_SEAL,), file_hash=file_hash)
    trusted = _trusted(trust, signatures)
    record_bytes = _record_bytes(reader)
    claims = _claims(record_bytes)
    ours = [s for s in signatures if s.signer_cert is not None and _is_trusted(s.signer_cert, trusted)]
    examined = ours[0] if ours else signatures[0]
    status = _status(examined, trusted)
    reasons = _reasons(examined, status, pdf=pdf, alone=len(signatures) == 1, is_ours=bool(ours))
    stamped_at, stamped_by = _time_stamp(status)
    if not reasons and claims["record"] is None:
        reasons = [Reason.RECORD_MISSING]
    kind = _kind(reasons)
    intact = kind is Kind.INTACT
    return Examination(
        kind=kind,
        reasons=tuple(reasons) or (Reason.SEAL_HOLDS,),
        file_hash=file_hash,
        content_hash=claims["hash"] if intact else None,
        record=claims["record"] if intact else None,
        signer=_common_name(examined),
        signed_by=examined.signer_cert.sha256.hex() if examined.signer_cert is not None else None,
        sealed_at=examined.self_reported_timestamp,
        time_stamped_at=stamped_at if intact else None,
        time_stamped_by=stamped_by if intact else None,
        claimed_number=claims["number"],
        claimed_version=claims["version"],
        claimed_hash=claims["hash"],
    )


def _kind(reasons: Sequence[Reason]) -> Kind:
    """Foreign is a signature that holds and is somebody else's; every other fault is an alteration."""
    if not reasons:
        return Kind.INTACT
    broken = {Reason.BYTES_CHANGED, Reason.SEAL_DAMAGED} & set(reasons)
    return Kind.FOREIGN if Reason.UNKNOWN_SIGNER in reasons and not broken else Kind.ALTERED


def _status(signature: EmbeddedPdfSignature, trusted: list[Certificate]) -> PdfSignatureStatus | None:
    try:
        return _validate(signature, trusted)
    except Exception:  # a malformed CMS object raises many kinds of error
        return None


def _reasons(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus | None,
    *,
    pdf: bytes,
    alone: bool,
    is_ours: bool,
) -> list[Reason]:
    """Everything that keeps this signature from being an intact seal of ours; empty when it is one."""
    if status is None:
        return [Reason.SEAL_DAMAGED]
    reasons = []
    if not status.intact:
        reasons.append(Reason.BYTES_CHANGED)
    elif not status.valid or not container_exact(signature, pdf=pdf):
        reasons.append(Reason.SEAL_DAMAGED)
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or status.docmdp_ok is False:
        reasons.append(Reason.ADDED_AFTER_SEAL)
    if not alone:
        reasons.append(Reason.SEVERAL_SEALS)
    if not is_ours:
        reasons.append(Reason.UNKNOWN_SIGNER)
    elif status.intact and status.valid and not (status.trusted and _in_force(signature)):
        reasons.append(Reason.CERTIFICATE_REFUSED)
    if signature.docmdp_level is not MDPPerm.NO_CHANGES:
        reasons.append(Reason.NOT_CERTIFIED)
    if not reasons and not status.bottom_line:
        reasons.append(Reason.SEAL_DAMAGED)
    return reasons


def _validate(signature: EmbeddedPdfSignature, trusted: list[Certificate]) -> PdfSignatureStatus:
    context = ValidationContext(
        trust_roots=trusted,
        allow_fetching=False,
        moment=signature.self_reported_timestamp,
        revocation_mode="soft-fail",
    )
    return validate_pdf_signature(
        signature, signer_validation_context=context, ts_validation_context=_stamp_context(signature)
    )


def _stamp_context(signature: EmbeddedPdfSignature) -> ValidationContext | None:
    """How the time stamp is judged: whole, and by a certificate for time stamps; whose it is, the reader sees.

    The authority is the workspace's choice and known to us by nothing else, so its own certificates are the root.
    """
    try:
        token = find_unique_cms_attribute(
            signature.signer_info["unsigned_attrs"], "signature_time_stamp_token"
        )
    except NonexistentAttributeError:
        return None
    return ValidationContext(
        trust_roots=[choice.chosen for choice in token["content"]["certificates"]],
        allow_fetching=False,
        moment=signature.self_reported_timestamp,
        revocation_mode="soft-fail",
    )


def _time_stamp(status: PdfSignatureStatus | None) -> tuple[datetime | None, str | None]:
    """When and by whom a time stamp that holds was made; none otherwise."""
    stamp = status.timestamp_validity if status is not None else None
    if stamp is None or not (stamp.intact and stamp.valid):
        return None, None
    name = stamp.signing_cert.subject.native.get("common_name")
    return stamp.timestamp, name if isinstance(name, str) else None


def _is_trusted(certificate: Certificate, trusted: list[Certificate]) -> bool:
    return any(certificate.sha256 == cert.sha256 for cert in trusted)


def _in_force(signature: EmbeddedPdfSignature) -> bool:
    """Whether the certificate was valid at the stated time; pyHanko does not ask this of a trust root."""
    certificate, moment = signature.signer_cert, signature.self_reported_timestamp
    if certificate is None or moment is None or moment.tzinfo is None:
        return False
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)


def _common_name(signature: EmbeddedPdfSignature) -> str | None:
    certificate = signature.signer_cert
    if certificate is None:
        return None
    name = certificate.subject.native.get("common_name")
    return name if isinstance(name, str) else None


def _page_count(reader: PdfFileReader) -> int:
    count = reader.root["/Pages"]["/Count"]
    return int(count)


def _record_bytes(reader: PdfFileReader) -> bytes | None:
    """Return the attachment record.json, when it is the only attachment of that name."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
        found = [
            names[index + 1]
            for index in range(0, len(names) - 1, 2)
            if str(names[index]) == ATTACHMENT_NAME and len(names) <= 200
        ]
        if len(found) != 1:
            return None
        stream = found[0]["/EF"]["/F"]
        if not isinstance(stream, generic.StreamObject):
            return None
        data = stream.data
    except Exception:  # no attachment, or one that cannot be decoded
        return None
    return bytes(data) if len(data) <= MAX_RECORD_BYTES else None


def _claims(record_bytes: bytes | None) -> dict[str, Any]:
    claims: dict[str, Any] = {"record": None, "hash": None, "number": None, "version": None}
    if record_bytes is None:
        return claims
    try:
        record = json.loads(record_bytes)
    except (ValueError, RecursionError):
        return claims
    if not isinstance(record, dict):
        return claims
    claims |= {"record": record, "hash": hashlib.sha256(record_bytes).hexdigest()}
    report = record.get("report")
    if isinstance(report, dict):
        number, version = report.get("number"), report.get("version")
        if isinstance(number, str) and len(number) <= 100:
            claims["number"] = number
        if isinstance(version, int) and not isinstance(version, bool) and 0 < version < 1_000_000:
            claims["version"] = version
    return claims

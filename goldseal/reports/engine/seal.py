"""Seal a rendered PDF: PAdES certification by the organisation's RSA key, no changes allowed afterwards."""

import io
import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from goldseal.reports.engine.limits import MAX_BYTES, MAX_PAGES

KEY_BITS = 3072  # NIST SP 800-57: 128-bit strength, in use beyond 2030
CERTIFICATE_YEARS = 20  # reports are kept and verified long after they were sealed
FIELD_NAME = "GoldsealSeal"
MOST_PKCS12_BYTES = 64 * 1024
MOST_ITERATIONS = 5_000_000  # half a second or so; programs write 2 048 to 1 000 000


class SealError(ValueError):
    """The PDF could not be sealed, or a certificate cannot seal; the message says why."""


class StampError(SealError):
    """The time-stamping authority did not answer, or not as RFC 3161 asks."""


class SealProblem(StrEnum):
    """Why a customer's own certificate cannot be taken, as a code that pages translate."""

    TOO_LARGE = "too_large"
    NOT_OPENED = "not_opened"
    NOT_RSA = "not_rsa"
    NO_CERTIFICATE = "no_certificate"
    NOT_IN_FORCE = "not_in_force"
    MAY_NOT_SIGN = "may_not_sign"


def make_key() -> rsa.RSAPrivateKey:
    """A new RSA 3072 key; takes about half a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def make_certificate(
    *, common_name: str, now: datetime, key: rsa.RSAPrivateKey | None = None
) -> tuple[bytes, bytes]:
    """Return ``(key_pem, cert_pem)``: an RSA 3072 key (a new one unless given) and its self-signed certificate.

    Valid from one day before ``now`` (clocks differ) for 20 years. The key is PKCS 8 without a passphrase:
    the caller keeps it in the key store. Takes about half a second.
    """
    if now.tzinfo is None:
        raise ValueError("The moment a certificate is made needs a time zone.")
    if not 1 <= len(common_name) <= 64:
        raise ValueError(f"A certificate's name has 1 to 64 characters (got {len(common_name)}).")
    key = key or make_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,  # what X.509 once called nonRepudiation; PAdES asks for it
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * CERTIFICATE_YEARS + 5))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key_pem, certificate.public_bytes(serialization.Encoding.PEM)


def read_pkcs12(*, content: bytes, password: str, now: datetime) -> tuple[bytes, bytes]:
    """Return ``(key_pem, cert_pem)`` of a customer's own PKCS 12 file, checked that it can seal at ``now``.

    The key must be RSA of at least 2048 bits and belong to the certificate; the certificate must be in force,
    must not be an authority's, and must allow digital signatures. Raises ``SealError`` with a sentence.
    """
    if len(content) > MOST_PKCS12_BYTES:
        raise SealError(SealProblem.TOO_LARGE)
    if _most_iterations(content) > MOST_ITERATIONS:
        raise SealError(SealProblem.NOT_OPENED)
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except ValueError as error:
        raise SealError(SealProblem.NOT_OPENED) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < 2048:
        raise SealError(SealProblem.NOT_RSA)
    if certificate is None or key.public_key() != certificate.public_key():
        raise SealError(SealProblem.NO_CERTIFICATE)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SealError(SealProblem.NOT_IN_FORCE)
    if not _may_sign(certificate):
        raise SealError(SealProblem.MAY_NOT_SIGN)
    key_pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return key_pem, certificate.public_bytes(serialization.Encoding.PEM)


def _most_iterations(content: bytes) -> int:
    """The largest number anywhere in the file's structure that could be a count of iterations (RFC 7292).

    Deriving a key 2³¹ times takes minutes; the counts stand in clear in the outer structure.
    """
    counts = [0]
    for found in re.finditer(rb"\x02([\x01-\x05])", content):
        size = found.group(1)[0]
        value = content[found.end() : found.end() + size]
        # A count follows its salt: an OCTET STRING of 8 to 64 bytes ends right before it (RFC 8018 §A.2, §B.1).
        if len(value) == size and value[0] < 0x80 and _salt_ends_at(content, found.start()):
            counts.append(int.from_bytes(value))
    return max(counts)


def _salt_ends_at(content: bytes, end: int) -> bool:
    return any(
        content[end - size - 2 : end - size] == bytes([0x04, size])
        for size in range(1, 129)
        if size + 2 <= end
    )


def _may_sign(certificate: x509.Certificate) -> bool:
    """RFC 5280 §4.2.1.3 and §4.2.1.9: not an authority, and signatures among the key's uses where any are named."""
    try:
        if certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def seal_pdf(
    pdf: bytes,
    *,
    key: bytes,
    cert: bytes,
    reason: str,
    when: datetime,
    timestamper: TimeStamper | None = None,
) -> bytes:
    """Return ``pdf`` with a PAdES B-B certification signature (B-T when a ``timestamper`` is given).

    ``key`` and ``cert`` are PEM, from ``make_certificate``; ``when`` is the aware instant written as the
    time of sealing. The field is invisible (the visible seal is drawn on the page) and lies outside the
    page, which PDF/A-3 and PDF/UA-1 both allow. DocMDP level 1: any later change breaks the seal.
    Raises ``SealError`` for a PDF that cannot be read, is sealed already, or is too large to be verified later,
    and ``StampError`` where the ``timestamper`` gives no stamp.
    """
    if when.tzinfo is None:
        raise SealError("The time of sealing needs a time zone.")
    signer = _signer(key=key, cert=cert)
    metadata = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        reason=reason,
        name=signer.subject_name,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    field = SigFieldSpec(
        sig_field_name=FIELD_NAME,
        readable_field_name="Seal of this report",
        invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
    )
    try:
        writer = _SealWriter(io.BytesIO(pdf))
        if writer.prev.embedded_signatures:
            raise SealError("This PDF carries a signature already; a report is sealed once per version.")
        if int(writer.prev.root["/Pages"]["/Count"]) > MAX_PAGES:
            raise SealError(f"The report has more than {MAX_PAGES} pages and could not be verified later.")
        sealer = _Sealer(metadata, signer, timestamper=timestamper, new_field_spec=field)
        sealer.moment = when
        sink = io.BytesIO()
        sealer.sign_pdf(writer, output=sink)
    except TimestampRequestError as error:
        raise StampError("The time-stamping authority did not answer as it should.") from error
    except (PdfError, SigningError) as error:
        raise SealError(f"The PDF could not be sealed: {error}") from error
    except (ValueError, TypeError, KeyError) as error:
        if timestamper is None or isinstance(error, SealError):
            raise
        raise StampError("The time-stamping authority answered with something else than a stamp.") from error
    sealed = sink.getvalue()
    if len(sealed) > MAX_BYTES:
        raise SealError(
            f"The sealed report has {len(sealed) // 1024 // 1024} MB; at most {MAX_BYTES // 1024 // 1024} MB "
            "can be verified later. Print fewer or smaller photos."
        )
    return sealed


def _signer(*, key: bytes, cert: bytes) -> "_RsaSigner":
    try:
        certificate = next(iter(load_certs_from_pemder_data(cert)))
        # The key comes from the authenticated key store; proving its primes anew costs 100 ms a load.
        private_key = serialization.load_pem_private_key(key, None, unsafe_skip_rsa_key_validation=True)
        public_key = serialization.load_der_public_key(certificate.public_key.dump())
    except (ValueError, TypeError, StopIteration, OSError) as error:
        raise SealError("The sealing key or certificate cannot be read; both are PEM.") from error
    if not isinstance(private_key, rsa.RSAPrivateKey):
        raise SealError("The sealing key must be an RSA key.")
    if private_key.public_key() != public_key:
        raise SealError("The sealing key and the certificate do not belong together.")
    return _RsaSigner(certificate, private_key)


class _RsaSigner(Signer):
    """Signs with a key that is loaded once (pyHanko's own signer loads it twice a document, 200 ms)."""

    def __init__(self, certificate: Any, key: rsa.RSAPrivateKey) -> None:  # asn1crypto carries no types
        super().__init__(signing_cert=certificate)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise SealError(f"Seals use sha256 (asked for {digest_algorithm}).")
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


class _SealWriter(IncrementalPdfFileWriter):
    """Leaves title, dates and the PDF/A and PDF/UA declarations exactly as they were rendered."""

    def _update_meta(self) -> None:
        return


class _Sealer(PdfSigner):
    """Takes the time of sealing from the caller instead of the clock."""

    moment: datetime | None = None

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        if self.moment is not None:
            session.system_time = self.moment
        return session

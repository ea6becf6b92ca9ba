"""The bytes a seal writes for itself: the one part of a PDF that its own signature cannot cover."""

from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SHA256 = bytes.fromhex("0609608648016503040201")
_VERSION_1 = bytes.fromhex("020101")
_NULL = bytes.fromhex("0500")


def container_exact(signature: EmbeddedPdfSignature, *, pdf: bytes) -> bool:
    """Whether the gap in the signed ranges holds the signature as we write it, digit for digit.

    The signed ranges leave out the hexadecimal /Contents, and within it CMS leaves its outer fields
    unsigned (RFC 5652 §5.1: version, digest algorithms, lengths). So the container is written anew from
    its verified parts and compared: a changed digit there, other padding or another letter case would
    otherwise pass. SHA-256's parameters may be NULL or absent (RFC 5754 §2).
    """
    start, length, resume, _rest = (int(number) for number in signature.byte_range)
    gap = pdf[start + length : resume]
    for parameters in (_NULL, b""):
        exact = _container(signature, digest=_der(0x30, _SHA256 + parameters)).hex().upper().encode("ascii")
        if gap == b"<" + exact + b"0" * (len(gap) - 2 - len(exact)) + b">":
            return True
    return False


def _container(signature: EmbeddedPdfSignature, *, digest: bytes) -> bytes:
    """Return the ContentInfo of a detached SHA-256 signature by one signer with one certificate."""
    info = signature.signer_info
    unsigned = info["unsigned_attrs"]
    signer = _der(
        0x30,
        _VERSION_1
        + info["sid"].dump()
        + digest
        + info["signed_attrs"].dump()
        + info["signature_algorithm"].dump()
        + info["signature"].dump()
        + (unsigned.dump() if unsigned.native else b""),
    )
    certificate = signature.signer_cert
    signed_data = _der(
        0x30,
        _VERSION_1
        + _der(0x31, digest)
        + _der(0x30, _DATA)
        + _der(0xA0, certificate.dump() if certificate is not None else b"")
        + _der(0x31, signer),
    )
    return _der(0x30, _SIGNED_DATA + _der(0xA0, signed_data))


def _der(tag: int, body: bytes) -> bytes:
    """Return one DER value (X.690 §8.1): tag, shortest length, body."""
    size = len(body)
    if size < 0x80:
        return bytes([tag, size]) + body
    digits = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(digits)]) + digits + body

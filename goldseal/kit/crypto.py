"""Encryption of streams, keys and small texts with AES-256-GCM, and random tokens.

A stream is cut into chunks that are sealed one by one (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015):

    header   magic "GSLD" | version 1 | salt, 32 random bytes | nonce prefix, 7 random bytes
    chunk i  AES-256-GCM of up to 64 KiB, nonce = prefix | i as 4 bytes | 1 for the last chunk, otherwise 0

Each stream has its own key, HKDF-SHA256(key, salt), so that random prefixes never meet under one key however
many files a workspace holds. The counter shows a moved chunk, the last-chunk mark shows a cut or lengthened
file, and header and caller's context are authenticated with every chunk.
"""

import base64
import binascii
import hashlib
import io
import secrets
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16

_MAGIC = b"GSLD\x01"
_SALT_BYTES = 32
_PREFIX_BYTES = 7
HEADER_BYTES = len(_MAGIC) + _SALT_BYTES + _PREFIX_BYTES
_SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
_MAX_CHUNKS = 2**32

_WRAP_MAGIC = b"GSKW\x01"
_NONCE_BYTES = 12
_TEXT_MARK = "gs1."


class DecryptionError(Exception):
    """The bytes are not what was encrypted: altered, cut, lengthened, another key or another context."""


class Readable(Protocol):
    """Anything that hands out its bytes in pieces, and an empty piece at the end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes."""


def random_key() -> bytes:
    """A new 256-bit key from the operating system's generator."""
    return secrets.token_bytes(KEY_BYTES)


def derive_key(*, key: bytes, purpose: str) -> bytes:
    """The 256-bit key for one `purpose`, derived from `key` by HKDF-SHA256 (RFC 5869).

    Keys of different purposes tell nothing of each other or of `key`.
    """
    return _hkdf(key=key, salt=None, info=b"goldseal/" + purpose.encode())


def encrypt_stream(
    *,
    key: bytes,
    source: Readable,
    sink: BinaryIO,
    aad: bytes = b"",
    final_aad: Callable[[], bytes] | None = None,
) -> int:
    """Encrypt everything left in `source` into `sink` in constant memory; return the plain bytes read.

    `aad` is context that is not stored but must be the same at decryption. `final_aad` is asked for more
    context, for the last chunk only, once the whole source has been read: what is known by then (a digest of
    the content, say) is thereby bound to the stream.
    """
    header = _MAGIC + secrets.token_bytes(_SALT_BYTES + _PREFIX_BYTES)
    cipher = _stream_cipher(key=key, header=header)
    sink.write(header)
    total = 0
    chunk = _read_exactly(source, CHUNK_BYTES)
    for index in range(_MAX_CHUNKS):
        following = _read_exactly(source, CHUNK_BYTES) if len(chunk) == CHUNK_BYTES else b""
        is_last = not following
        total += len(chunk)
        context = header + aad + (final_aad() if is_last and final_aad else b"")
        sink.write(cipher.encrypt(_chunk_nonce(header, index, is_last), chunk, context))
        if is_last:
            return total
        chunk = following
    raise ValueError("A stream holds at most 2^32 chunks of 64 KiB.")


def decrypt_stream(
    *, key: bytes, source: Readable, aad: bytes = b"", final_aad: bytes = b""
) -> Iterator[bytes]:
    """Yield the plain chunks of the stream in `source`, each authenticated before it is handed out.

    Raises DecryptionError at the first chunk that is not genuine, and at the end where the stream was cut.
    Whoever must not act on a part of a stream waits for the iterator to end.
    """
    header = _read_header(source)
    cipher = _stream_cipher(key=key, header=header)
    sealed = _read_exactly(source, _SEALED_CHUNK_BYTES)
    for index in range(_MAX_CHUNKS):
        full = len(sealed) == _SEALED_CHUNK_BYTES
        following = _read_exactly(source, _SEALED_CHUNK_BYTES) if full else b""
        is_last = not following
        context = header + aad + (final_aad if is_last else b"")
        yield _open_chunk(cipher, header, index, is_last, sealed, context)
        if is_last:
            return
        sealed = following
    raise DecryptionError("The encrypted stream is longer than any stream can be.")


def decrypt_to(
    *, key: bytes, source: Readable, sink: BinaryIO, aad: bytes = b"", final_aad: bytes = b""
) -> int:
    """Decrypt `source` into `sink`; return the plain bytes written. Raises DecryptionError (`decrypt_stream`).

    On an error `sink` may hold a genuine beginning: throw it away.
    """
    total = 0
    for chunk in decrypt_stream(key=key, source=source, aad=aad, final_aad=final_aad):
        sink.write(chunk)
        total += len(chunk)
    return total


def plain_size(sealed_size: int) -> int:
    """The plain bytes in an encrypted stream of `sealed_size` bytes; DecryptionError for an impossible size."""
    body = sealed_size - HEADER_BYTES
    full, rest = divmod(body, _SEALED_CHUNK_BYTES)
    # Only an empty stream ends in an empty chunk, so a lone tag after full chunks is impossible.
    if body < TAG_BYTES or (rest and rest < TAG_BYTES) or (rest == TAG_BYTES and full):
        raise DecryptionError("The encrypted stream was cut off.")
    return body - TAG_BYTES * (full + (1 if rest else 0))


class DecryptingReader(io.RawIOBase):
    """A seekable plain view of an encrypted stream in a seekable `source`, which it owns and closes.

    Any range can be read; only the chunks it touches are decrypted. The last chunk is checked at once, so that
    a cut, lengthened or exchanged stream is refused (DecryptionError) before its first byte is handed out.
    """

    def __init__(self, *, key: bytes, source: BinaryIO, aad: bytes = b"", final_aad: bytes = b"") -> None:
        super().__init__()
        self._source = source
        self._aad = aad
        self._final_aad = final_aad
        sealed_size = source.seek(0, io.SEEK_END)
        source.seek(0)
        self._header = _read_header(source)
        self._cipher = _stream_cipher(key=key, header=self._header)
        self.size = plain_size(sealed_size)
        self._last_index = max(0, (self.size - 1) // CHUNK_BYTES)
        self._position = 0
        self._chunk_index = self._last_index
        self._chunk = self._load(self._last_index)

    def _load(self, index: int) -> bytes:
        self._source.seek(HEADER_BYTES + index * _SEALED_CHUNK_BYTES)
        sealed = _read_exactly(self._source, _SEALED_CHUNK_BYTES)
        is_last = index == self._last_index
        context = self._header + self._aad + (self._final_aad if is_last else b"")
        return _open_chunk(self._cipher, self._header, index, is_last, sealed, context)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise ValueError(f"A file has no position {start + offset}.")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: memoryview | bytearray, /) -> int:  # type: ignore[override]
        if self._position >= self.size:
            return 0
        index, within = divmod(self._position, CHUNK_BYTES)
        if index != self._chunk_index:
            self._chunk, self._chunk_index = self._load(index), index
        piece = self._chunk[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._source.close()
        super().close()


def wrap_key(*, kek: bytes, dek: bytes, aad: bytes) -> bytes:
    """Encrypt the key or secret `dek` under the key-encrypting key `kek`, bound to the context `aad`.

    Nonces are random 96-bit numbers: safe for 2^32 wrappings under one `kek` (NIST SP 800-38D §8.3).
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _WRAP_MAGIC + nonce + AESGCM(kek).encrypt(nonce, dek, _WRAP_MAGIC + aad)


def unwrap_key(*, kek: bytes, wrapped: bytes, aad: bytes) -> bytes:
    """The secret inside `wrapped`; DecryptionError if it was altered or belongs to another context."""
    if not wrapped.startswith(_WRAP_MAGIC):
        raise DecryptionError("This is not a wrapped key.")
    start = len(_WRAP_MAGIC)
    nonce, sealed = wrapped[start : start + _NONCE_BYTES], wrapped[start + _NONCE_BYTES :]
    return _open(AESGCM(kek), nonce, sealed, _WRAP_MAGIC + aad)


def encrypt_text(*, key: bytes, text: str, aad: bytes = b"") -> str:
    """Encrypt a small text (a field, not a file) to URL-safe text. Equal texts give different results."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(derive_key(key=key, purpose="text")).encrypt(nonce, text.encode(), aad)
    return _TEXT_MARK + base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def decrypt_text(*, key: bytes, token: str, aad: bytes = b"") -> str:
    """The text inside `token`; DecryptionError if it was altered or belongs to another key or context."""
    if not token.startswith(_TEXT_MARK):
        raise DecryptionError("This is not an encrypted text.")
    body = token.removeprefix(_TEXT_MARK)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise DecryptionError("The encrypted text was altered.") from None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != body:
        # base64 ignores some bits of its last character; two spellings of one token are one too many.
        raise DecryptionError("The encrypted text was altered.")
    cipher = AESGCM(derive_key(key=key, purpose="text"))
    return _open(cipher, raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], aad).decode()


def new_token() -> str:
    """A new secret for a link or a session: 256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is stored in place of a token made by `new_token`: hex SHA-256.

    A token has 256 random bits, so that no salt or slow hash is needed; never use this for a password.
    """
    return hashlib.sha256(b"goldseal/token/1:" + token.encode()).hexdigest()


def _hkdf(*, key: bytes, salt: bytes | None, info: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"A key has {KEY_BYTES} bytes (got {len(key)}).")
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key)


def _stream_cipher(*, key: bytes, header: bytes) -> AESGCM:
    salt = header[len(_MAGIC) : len(_MAGIC) + _SALT_BYTES]
    return AESGCM(_hkdf(key=key, salt=salt, info=b"goldseal/stream"))


def _chunk_nonce(header: bytes, index: int, is_last: bool) -> bytes:
    return header[-_PREFIX_BYTES:] + index.to_bytes(4, "big") + (b"\x01" if is_last else b"\x00")


def _open_chunk(
    cipher: AESGCM, header: bytes, index: int, is_last: bool, sealed: bytes, context: bytes
) -> bytes:
    if is_last and index and len(sealed) <= TAG_BYTES:
        raise DecryptionError("The encrypted stream was cut off.")
    return _open(cipher, _chunk_nonce(header, index, is_last), sealed, context)


def _open(cipher: AESGCM, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    if len(nonce) < _NONCE_BYTES or len(sealed) < TAG_BYTES:
        raise DecryptionError("The encrypted bytes were cut off.")
    try:
        return cipher.decrypt(nonce, sealed, aad)
    except InvalidTag:
        raise DecryptionError(
            "The encrypted bytes were altered, or belong to another key or place."
        ) from None


def _read_header(source: Readable) -> bytes:
    header = _read_exactly(source, HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(_MAGIC):
        raise DecryptionError("This is not an encrypted stream of a version known here.")
    return header


def _read_exactly(source: Readable, count: int) -> bytes:
    """Up to `count` bytes, fewer only at the end: a pipe or socket may hand out less at a time."""
    piece = source.read(count)
    if len(piece) == count or not piece:
        return piece
    pieces = [piece]
    missing = count - len(piece)
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)

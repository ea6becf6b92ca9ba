"""What `goldseal.kit.crypto` promises: round trips, and no altered byte passes."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldseal.kit import crypto
from goldseal.kit.crypto import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES, DecryptionError

KEY = bytes(range(32))
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES

sizes_around_borders = st.builds(
    lambda chunks, off: max(0, chunks * CHUNK_BYTES + off), st.integers(0, 3), st.integers(-20, 20)
)


def content_of(size: int) -> bytes:
    """Bytes without a period near the chunk size, so that a moved chunk cannot look right by chance."""
    return bytes((i * 7 + i // 251) % 256 for i in range(size))


def sealed(plain: bytes, **kwargs) -> bytes:
    sink = io.BytesIO()
    assert crypto.encrypt_stream(key=KEY, source=io.BytesIO(plain), sink=sink, **kwargs) == len(plain)
    return sink.getvalue()


def opened(stream: bytes, *, key: bytes = KEY, **kwargs) -> bytes:
    return b"".join(crypto.decrypt_stream(key=key, source=io.BytesIO(stream), **kwargs))


def refused_everywhere(stream: bytes, **kwargs) -> None:
    with pytest.raises(DecryptionError):
        opened(stream, **kwargs)
    with pytest.raises(DecryptionError):
        crypto.DecryptingReader(key=KEY, source=io.BytesIO(stream), **kwargs).readall()


class Dribble:
    """A source that, like a socket, hands out less than it is asked for."""

    def __init__(self, content: bytes, step: int) -> None:
        self.content, self.step = io.BytesIO(content), step

    def read(self, size: int, /) -> bytes:
        return self.content.read(min(size, self.step))


@settings(max_examples=40, deadline=None)
@given(size=sizes_around_borders, aad=st.binary(max_size=20))
def test_a_stream_of_any_size_comes_back_and_is_as_long_as_foretold(size, aad):
    plain = content_of(size)
    stream = sealed(plain, aad=aad)
    assert opened(stream, aad=aad) == plain
    assert crypto.plain_size(len(stream)) == size
    chunks = max(1, -(-size // CHUNK_BYTES))
    assert len(stream) == HEADER_BYTES + size + TAG_BYTES * chunks


@settings(max_examples=60, deadline=None)
@given(size=st.sampled_from([0, 1, 50, CHUNK_BYTES, CHUNK_BYTES + 3, 2 * CHUNK_BYTES]), data=st.data())
def test_any_single_flipped_bit_is_detected(size, data):
    stream = bytearray(sealed(content_of(size)))
    bit = data.draw(st.integers(0, len(stream) * 8 - 1))
    stream[bit // 8] ^= 1 << (bit % 8)
    refused_everywhere(bytes(stream))


def test_every_bit_of_a_short_stream_matters():
    stream = sealed(b"gold")
    for bit in range(len(stream) * 8):
        altered = bytearray(stream)
        altered[bit // 8] ^= 1 << (bit % 8)
        with pytest.raises(DecryptionError):
            opened(bytes(altered))


@settings(max_examples=60, deadline=None)
@given(size=sizes_around_borders, data=st.data())
def test_a_cut_stream_is_detected(size, data):
    stream = sealed(content_of(size))
    refused_everywhere(stream[: data.draw(st.integers(0, len(stream) - 1))])


@pytest.mark.parametrize("chunks", [1, 2, 3])
def test_a_stream_cut_at_a_chunk_border_is_detected(chunks):
    stream = sealed(content_of(4 * CHUNK_BYTES))
    refused_everywhere(stream[: HEADER_BYTES + chunks * SEALED_CHUNK])


@pytest.mark.parametrize("tail", [b"\x00", b"x" * TAG_BYTES, b"x" * SEALED_CHUNK])
@pytest.mark.parametrize("size", [0, 10, CHUNK_BYTES, 2 * CHUNK_BYTES])
def test_appended_bytes_are_detected(size, tail):
    refused_everywhere(sealed(content_of(size)) + tail)


def test_exchanged_repeated_and_foreign_chunks_are_detected():
    plain = content_of(3 * CHUNK_BYTES)
    stream, other = sealed(plain), sealed(plain)
    header = stream[:HEADER_BYTES]
    first, second, third = (
        stream[HEADER_BYTES + i * SEALED_CHUNK : HEADER_BYTES + (i + 1) * SEALED_CHUNK] for i in range(3)
    )
    refused_everywhere(header + second + first + third)
    refused_everywhere(header + first + first + third)
    refused_everywhere(header + first + third)
    refused_everywhere(header + third)
    refused_everywhere(header + other[HEADER_BYTES : HEADER_BYTES + SEALED_CHUNK] + second + third)
    refused_everywhere(other[:HEADER_BYTES] + first + second + third)


def test_key_and_context_belong_to_the_stream():
    stream = sealed(b"lot 17", aad=b"workspace a")
    refused_everywhere(stream, aad=b"workspace b")
    with pytest.raises(DecryptionError):
        opened(stream, key=bytes(32), aad=b"workspace a")


@pytest.mark.parametrize("size", [0, 5, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_final_context_is_asked_for_after_reading_and_binds_the_end(size):
    plain = content_of(size)
    source = io.BytesIO(plain)
    sink = io.BytesIO()
    crypto.encrypt_stream(key=KEY, source=source, sink=sink, final_aad=lambda: str(source.tell()).encode())
    assert opened(sink.getvalue(), final_aad=str(size).encode()) == plain
    refused_everywhere(sink.getvalue(), final_aad=b"other")
    refused_everywhere(sink.getvalue())


def test_sources_that_hand_out_little_at_a_time_are_read_whole():
    plain = content_of(2 * CHUNK_BYTES + 7)
    sink = io.BytesIO()
    crypto.encrypt_stream(key=KEY, source=Dribble(plain, 999), sink=sink)
    assert b"".join(crypto.decrypt_stream(key=KEY, source=Dribble(sink.getvalue(), 777))) == plain


def test_equal_contents_never_encrypt_alike():
    assert sealed(b"same") != sealed(b"same")
    assert sealed(b"same")[HEADER_BYTES:] != sealed(b"same")[HEADER_BYTES:]


@settings(max_examples=30, deadline=None)
@given(size=sizes_around_borders, ranges=st.lists(st.tuples(st.integers(0, 250_000), st.integers(0, 90_000))))
def test_any_range_reads_like_the_plain_file(size, ranges):
    plain = content_of(size)
    with crypto.DecryptingReader(key=KEY, source=io.BytesIO(sealed(plain))) as reader:
        assert reader.size == size
        for start, length in ranges:
            reader.seek(start)
            buffered = io.BufferedReader(reader)
            assert buffered.read(length) == plain[start : start + length]
            buffered.detach()
        assert reader.seek(0, io.SEEK_END) == size


def test_a_range_touches_only_its_own_chunks():
    stream = bytearray(sealed(content_of(5 * CHUNK_BYTES)))
    stream[HEADER_BYTES + 3 * SEALED_CHUNK + 9] ^= 1
    with crypto.DecryptingReader(key=KEY, source=io.BytesIO(bytes(stream))) as reader:
        assert reader.read(10) == content_of(10)
        reader.seek(3 * CHUNK_BYTES)
        with pytest.raises(DecryptionError):
            reader.read(1)


@pytest.mark.parametrize("size", [-1, 0, HEADER_BYTES, HEADER_BYTES + TAG_BYTES - 1])
def test_sizes_that_no_stream_has_are_refused(size):
    with pytest.raises(DecryptionError):
        crypto.plain_size(size)


def test_memory_stays_flat_while_a_large_stream_passes():
    import tracemalloc

    class Endless:
        left = 30_000_000

        def read(self, size: int, /) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    class Sink(io.RawIOBase):
        def write(self, piece) -> int:
            return len(piece)

    tracemalloc.start()
    try:
        crypto.encrypt_stream(key=KEY, source=Endless(), sink=Sink())
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_wrapped_keys_open_only_with_their_key_and_context():
    kek, dek = crypto.random_key(), crypto.random_key()
    wrapped = crypto.wrap_key(kek=kek, dek=dek, aad=b"workspace 1")
    assert dek not in wrapped
    assert crypto.unwrap_key(kek=kek, wrapped=wrapped, aad=b"workspace 1") == dek
    for bad in (
        {"kek": crypto.random_key(), "wrapped": wrapped, "aad": b"workspace 1"},
        {"kek": kek, "wrapped": wrapped, "aad": b"workspace 2"},
        {"kek": kek, "wrapped": wrapped[:-1], "aad": b"workspace 1"},
        {"kek": kek, "wrapped": wrapped[:9], "aad": b"workspace 1"},
        {"kek": kek, "wrapped": b"", "aad": b"workspace 1"},
    ):
        with pytest.raises(DecryptionError):
            crypto.unwrap_key(**bad)


@settings(max_examples=50, deadline=None)
@given(text=st.text(), aad=st.binary(max_size=8))
def test_texts_come_back_and_are_url_safe(text, aad):
    token = crypto.encrypt_text(key=KEY, text=text, aad=aad)
    assert crypto.decrypt_text(key=KEY, token=token, aad=aad) == text
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_any_other_character_in_a_text_token_is_detected():
    token = crypto.encrypt_text(key=KEY, text="+880 1700 000000")
    for place in range(len(token)):
        for other in "A_.=+ é":
            if other != token[place]:
                with pytest.raises(DecryptionError):
                    crypto.decrypt_text(key=KEY, token=token[:place] + other + token[place + 1 :])
    with pytest.raises(DecryptionError):
        crypto.decrypt_text(key=KEY, token=token, aad=b"another field")
    with pytest.raises(DecryptionError):
        crypto.decrypt_text(key=KEY, token=token + "=")


def test_keys_of_other_lengths_are_refused_and_purposes_differ():
    with pytest.raises(ValueError, match="32 bytes"):
        crypto.derive_key(key=b"short", purpose="x")
    assert crypto.derive_key(key=KEY, purpose="a") != crypto.derive_key(key=KEY, purpose="b")


def test_derived_keys_follow_rfc_5869():
    """Recomputed with nothing but HMAC: extract with a salt of zeros, expand one block."""
    import hashlib
    import hmac

    extracted = hmac.digest(bytes(32), KEY, hashlib.sha256)
    assert crypto.derive_key(key=KEY, purpose="text") == hmac.digest(
        extracted, b"goldseal/text\x01", hashlib.sha256
    )


def test_tokens_are_long_different_and_stored_as_digests():
    tokens = {crypto.new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 43 for token in tokens)
    token = tokens.pop()
    assert crypto.token_digest(token) == crypto.token_digest(token)
    assert crypto.token_digest(token) not in {crypto.token_digest(other) for other in tokens}
    assert token not in crypto.token_digest(token)

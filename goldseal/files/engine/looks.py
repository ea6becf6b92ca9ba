"""What a photo looks like as 64 bits, so that the same picture is found again after scaling or re-encoding."""

import io

from PIL import Image

# A picture without structure (lens cap, blank wall) resembles every other one: it says nothing.
SET_BITS_LEAST, SET_BITS_MOST = 8, 56


def visual_hash(jpeg: bytes) -> int | None:
    """A difference hash: for each of 8 × 8 places, whether the picture gets darker to the right.

    `jpeg` is one of our own thumbnails. Returns a signed 64-bit number, or None for a picture without
    structure. Two pictures that differ in few bits look alike; it is a hint for a person, not proof.
    """
    with Image.open(io.BytesIO(jpeg)) as picture:
        grey = picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)
    rows = [grey.crop((0, y, 9, y + 1)).tobytes() for y in range(8)]
    bits = [row[x] > row[x + 1] for row in rows for x in range(8)]
    if not SET_BITS_LEAST <= sum(bits) <= SET_BITS_MOST:
        return None
    value = sum(1 << place for place, bit in enumerate(bits) if bit)
    return value - (1 << 64) if value >= 1 << 63 else value


def bands(value: int) -> tuple[int, int, int, int]:
    """The hash in four parts of 16 bits: hashes that differ in at most three bits share a part."""
    plain = value % (1 << 64)
    first, second, third, fourth = ((plain >> shift) & 0xFFFF for shift in (0, 16, 32, 48))
    return first, second, third, fourth

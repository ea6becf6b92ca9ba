"""The draw: which cartons to open and which pieces to take, from a random seed committed to beforehand.

The factory must not be able to choose the sample, and the inspector must be able to prove that nobody did.
So a 32-byte random seed is made when the inspection is planned and only its commitment (SHA-256, in hex) is
shown. The draw is a pure function of the seed, so whoever receives the seed with the report can check the
commitment and repeat the draw with nothing but this text:

1. Stream. Block number i = 0, 1, 2 … is HMAC-SHA256(key = seed, message = "goldseal-draw/1|" + purpose +
   "|" + i), the message in ASCII with i in decimal. Each block yields four unsigned 64-bit big-endian words.
2. Number below k. Take the next word; while it is not below 2^64 - (2^64 mod k), take the next one. The
   number is word mod k. (Rejection keeps every number equally likely.)
3. Order of cartons, purpose "cartons". Write the carton numbers 1 … T. For i = 0, 1, … swap place i with
   place i + (number below T - i). The list read from the front is the opening order.
4. Cartons opened. The first ceil(sqrt(T)) of the order, then further ones in order while the opened cartons
   hold fewer pieces than the sample.
5. Pieces per carton. Go round the opened cartons in order, taking one piece from each that still has one
   left, until the sample is complete.
6. Pieces, purpose "carton-" + number: inside carton c with m pieces, step 3 with T = m; the first pieces of
   that order are taken. Pieces count from the top of the carton, 1 … m.

Vectors for the seed 00 01 02 … 1f (hex):
    commitment  630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd
    ten cartons of 24 pieces, sample 32 → cartons 8, 4, 10, 9 in this order
    carton 8, pieces: 3, 6, 7, 11, 12, 14, 19, 22

Source: opening at least the square root of the cartons, rounded up, is the garment trade's usual rule.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

SEED_BYTES = 32
CARTONS_MAX = 1_000_000
_WORD_SPAN = 1 << 64


@dataclass(frozen=True, slots=True)
class CartonDraw:
    """One carton to open and the positions of the pieces to take from it, counted from the top (1 …)."""

    carton: int
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Draw:
    """The cartons in the order in which they were drawn, and the commitment that binds the draw."""

    commitment: str
    cartons: tuple[CartonDraw, ...]

    @property
    def carton_numbers(self) -> tuple[int, ...]:
        """The carton numbers to open, ascending, as one walks the warehouse."""
        return tuple(sorted(carton.carton for carton in self.cartons))

    @property
    def sample_size(self) -> int:
        """How many pieces are taken in all."""
        return sum(len(carton.pieces) for carton in self.cartons)


def commitment(*, seed: bytes) -> str:
    """The SHA-256 of the seed in hex: shown when the inspection is planned, before anything is drawn."""
    _check_seed(seed)
    return hashlib.sha256(seed).hexdigest()


def is_committed(*, seed: bytes, commitment: str) -> bool:
    """Whether this seed is the one that was committed to."""
    return len(seed) == SEED_BYTES and hmac.compare_digest(hashlib.sha256(seed).hexdigest(), commitment)


def cartons_to_open(*, total: int) -> int:
    """The least number of cartons to open: the square root of all, rounded up."""
    if not 1 <= total <= CARTONS_MAX:
        raise ValueError(f"Cartons must be between 1 and {CARTONS_MAX:,} (got {total})".replace(",", " "))
    return isqrt(total - 1) + 1


def draw_sample(*, seed: bytes, carton_contents: Sequence[int], sample_size: int) -> Draw:
    """Draw the cartons and the pieces of one sample.

    `carton_contents[i]` is the number of pieces in carton i + 1. All pieces are taken where the sample is as
    large as the lot. Raises ValueError where the cartons hold fewer pieces than the sample.
    """
    bound = commitment(seed=seed)
    least = cartons_to_open(total=len(carton_contents))
    for number, held in enumerate(carton_contents, start=1):
        if held < 1:
            raise ValueError(f"Carton {number} must hold at least 1 piece (got {held})")
    if sample_size < 1:
        raise ValueError(f"Sample size must be at least 1 (got {sample_size})")
    if sum(carton_contents) < sample_size:
        raise ValueError(
            f"The cartons hold {sum(carton_contents)} pieces, fewer than the sample of {sample_size}; "
            "wait until enough is packed or draw from the finished pieces as well"
        )
    opened: list[int] = []
    held_in_opened = 0
    for place in _shuffled(seed, "cartons", len(carton_contents)):
        if len(opened) >= least and held_in_opened >= sample_size:
            break
        opened.append(place)
        held_in_opened += carton_contents[place - 1]
    taken = _spread_evenly([carton_contents[number - 1] for number in opened], sample_size)
    return Draw(
        commitment=bound,
        cartons=tuple(
            CartonDraw(number, _pieces(seed, number, carton_contents[number - 1], count))
            for number, count in zip(opened, taken, strict=True)
        ),
    )


def share_out(*, sample_size: int, quantities: Mapping[str, int]) -> dict[str, int]:
    """Share the sample over colours × sizes in proportion to their quantities.

    Whole pieces by largest remainder; equal remainders go to the larger quantity, then in the order of
    `quantities`. Where the sample allows, every colour × size that has pieces gets at least one, taken from
    the best represented. Raises ValueError where there are fewer pieces than the sample.
    """
    total = sum(quantities.values())
    if any(quantity < 0 for quantity in quantities.values()):
        raise ValueError("Quantities must not be negative")
    if sample_size < 0 or total < sample_size:
        raise ValueError(
            f"Sample size must be between 0 and the {total} pieces there are (got {sample_size})"
        )
    if total == 0:
        return dict.fromkeys(quantities, 0)
    exact = {key: Fraction(quantity * sample_size, total) for key, quantity in quantities.items()}
    shares = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (shares[key] - exact[key], -quantities[key]))
    for key in by_remainder[: sample_size - sum(shares.values())]:
        shares[key] += 1
    for key in quantities:
        if quantities[key] and not shares[key]:
            richest = max(shares, key=lambda other: shares[other])
            if shares[richest] > 1:
                shares[richest] -= 1
                shares[key] = 1
    return shares


def _check_seed(seed: bytes) -> None:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"The seed must be {SEED_BYTES} bytes (got {len(seed)})")


def _words(seed: bytes, purpose: str) -> Iterator[int]:
    block = 0
    while True:
        digest = hmac.digest(seed, f"goldseal-draw/1|{purpose}|{block}".encode("ascii"), "sha256")
        for start in range(0, 32, 8):
            yield int.from_bytes(digest[start : start + 8], "big")
        block += 1


def _below(words: Iterator[int], bound: int) -> int:
    limit = _WORD_SPAN - _WORD_SPAN % bound
    word = next(words)
    while word >= limit:
        word = next(words)
    return word % bound


def _shuffled(seed: bytes, purpose: str, total: int) -> Iterator[int]:
    """Yield 1 … total in drawn order; only the places that moved are kept, so a short prefix is cheap."""
    words = _words(seed, purpose)
    moved: dict[int, int] = {}
    for place in range(total):
        other = place + _below(words, total - place)
        yield moved.get(other, other + 1)
        moved[other] = moved.get(place, place + 1)


def _spread_evenly(held: Sequence[int], sample_size: int) -> list[int]:
    taken = [0] * len(held)
    left = sample_size
    while left:
        for index, pieces in enumerate(held):
            if left and taken[index] < pieces:
                taken[index] += 1
                left -= 1
    return taken


def _pieces(seed: bytes, carton: int, held: int, count: int) -> tuple[int, ...]:
    order = _shuffled(seed, f"carton-{carton}", held)
    return tuple(sorted(next(order) for _ in range(count)))

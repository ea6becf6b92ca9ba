"""A stranger with the seed repeats the draw; nobody without it can steer it."""

import hashlib
import hmac
import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import draw

SEED = bytes(range(32))
seeds = st.binary(min_size=32, max_size=32)
contents = st.lists(st.integers(1, 60), min_size=1, max_size=150)


def order_by_the_text(seed: bytes, purpose: str, total: int) -> list[int]:
    """The published description, step by step, on a plain list."""

    def words() -> Iterator[int]:
        block = 0
        while True:
            message = b"goldseal-draw/1|" + purpose.encode() + b"|" + str(block).encode()
            digest = hmac.new(seed, message, hashlib.sha256).hexdigest()
            yield from (int(digest[at : at + 16], 16) for at in range(0, 64, 16))
            block += 1

    stream, numbers = words(), list(range(1, total + 1))
    for i in range(total):
        k = total - i
        word = next(stream)
        while word >= 2**64 - 2**64 % k:
            word = next(stream)
        j = i + word % k
        numbers[i], numbers[j] = numbers[j], numbers[i]
    return numbers


def test_the_published_vectors() -> None:
    # Computed by a separate script written from the description alone.
    result = draw.draw_sample(seed=SEED, carton_contents=[24] * 10, sample_size=32)
    assert result.commitment == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
    assert [carton.carton for carton in result.cartons] == [8, 4, 10, 9]
    assert result.cartons[0].pieces == (3, 6, 7, 11, 12, 14, 19, 22)
    assert result.carton_numbers == (4, 8, 9, 10)
    for text in ("8, 4, 10, 9", "3, 6, 7, 11, 12, 14, 19, 22", result.commitment):
        assert text in (draw.__doc__ or "")


@given(seed=seeds, carton_contents=contents, data=st.data())
def test_any_draw_follows_the_text(seed: bytes, carton_contents: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(1, sum(carton_contents)))
    result = draw.draw_sample(seed=seed, carton_contents=carton_contents, sample_size=size)
    opened = [carton.carton for carton in result.cartons]
    order = order_by_the_text(seed, "cartons", len(carton_contents))
    assert opened == order[: len(opened)]
    assert len(set(opened)) == len(opened) >= math.ceil(math.sqrt(len(carton_contents)))
    assert result.sample_size == size
    held = [carton_contents[number - 1] for number in opened]
    if len(opened) > math.ceil(math.sqrt(len(carton_contents))):
        assert sum(held[:-1]) < size  # the last carton was needed
    counts = [len(carton.pieces) for carton in result.cartons]
    for carton, pieces in zip(result.cartons, held, strict=True):
        assert list(carton.pieces) == sorted(
            order_by_the_text(seed, f"carton-{carton.carton}", pieces)[: len(carton.pieces)]
        )
        # Spread evenly: a carton with one piece more than another got its turn first, or the other is empty.
        assert len(carton.pieces) == pieces or len(carton.pieces) >= max(counts) - 1


def test_every_carton_and_every_piece_is_equally_likely() -> None:
    rounds, cartons = 4000, 9
    seen = dict.fromkeys(range(1, cartons + 1), 0)
    first_piece = dict.fromkeys(range(1, 7), 0)
    for number in range(rounds):
        seed = hashlib.sha256(f"round {number}".encode()).digest()
        result = draw.draw_sample(seed=seed, carton_contents=[6] * cartons, sample_size=3)
        for carton in result.cartons:
            seen[carton.carton] += 1
            first_piece[carton.pieces[0]] += 1
    # 3 of 9 cartons a round: 4000/3 each, standard deviation about 30; six deviations allowed.
    assert all(abs(count - rounds / 3) < 180 for count in seen.values()), seen
    # 3 single pieces a round out of 6 places: 2000 each, standard deviation about 41.
    assert all(abs(count - rounds / 2) < 250 for count in first_piece.values()), first_piece


@pytest.mark.parametrize(
    ("total", "least"), [(1, 1), (2, 2), (4, 2), (5, 3), (100, 10), (101, 11), (999_999, 1000)]
)
def test_cartons_to_open_is_the_square_root_rounded_up(total: int, least: int) -> None:
    assert draw.cartons_to_open(total=total) == least


def test_more_cartons_are_opened_where_they_hold_too_little() -> None:
    result = draw.draw_sample(seed=SEED, carton_contents=[2] * 100, sample_size=50)
    assert len(result.cartons) == 25


def test_a_commitment_binds_one_seed() -> None:
    bound = draw.commitment(seed=SEED)
    assert draw.is_committed(seed=SEED, commitment=bound)
    assert not draw.is_committed(seed=SEED[:-1] + b"!", commitment=bound)
    assert not draw.is_committed(seed=SEED[:-1], commitment=hashlib.sha256(SEED[:-1]).hexdigest())


def test_refusals_say_why() -> None:
    with pytest.raises(ValueError, match="hold 20 pieces, fewer than the sample of 32"):
        draw.draw_sample(seed=SEED, carton_contents=[10, 10], sample_size=32)
    with pytest.raises(ValueError, match="Carton 2 must hold at least 1 piece"):
        draw.draw_sample(seed=SEED, carton_contents=[10, 0], sample_size=3)
    with pytest.raises(ValueError, match="seed must be 32 bytes"):
        draw.draw_sample(seed=b"short", carton_contents=[10], sample_size=3)
    with pytest.raises(ValueError, match="Cartons must be between 1 and 1 000 000"):
        draw.draw_sample(seed=SEED, carton_contents=[], sample_size=3)


def test_the_sample_is_shared_out_in_proportion() -> None:
    # 80 over 2000 : 1200 : 800 is exactly 40 : 24 : 16.
    assert draw.share_out(sample_size=80, quantities={"a": 2000, "b": 1200, "c": 800}) == {
        "a": 40,
        "b": 24,
        "c": 16,
    }
    # A colour of 5 pieces in 4000 would get 0.1 of a piece; it gets one.
    assert draw.share_out(sample_size=80, quantities={"a": 3995, "b": 5}) == {"a": 79, "b": 1}


@given(
    quantities=st.dictionaries(st.text(max_size=4), st.integers(0, 5000), min_size=1, max_size=12),
    data=st.data(),
)
def test_shares_add_up_and_exceed_nothing(quantities: dict[str, int], data: st.DataObject) -> None:
    size = data.draw(st.integers(0, sum(quantities.values())))
    shares = draw.share_out(sample_size=size, quantities=quantities)
    assert sum(shares.values()) == size
    assert all(0 <= shares[key] <= quantities[key] for key in quantities)
    present = [key for key in quantities if quantities[key]]
    if size >= len(present):
        assert all(shares[key] for key in present)


def test_a_word_of_the_incomplete_last_round_is_rejected() -> None:
    # 2^64 mod 3 is 1, so the one word 2^64 - 1 would favour 0; the next word, 5, gives 2.
    assert draw._below(iter([2**64 - 1, 5]), 3) == 2
    assert draw._below(iter([2**64 - 2, 5]), 3) == 2

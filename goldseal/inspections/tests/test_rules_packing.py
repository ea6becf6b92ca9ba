"""Cartons: how many to open, assortment, barcodes, weight and marks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.inspections.rules import packing
from goldseal.inspections.rules.packing import Settings

# Published examples of the GS1 check digit: EAN-13, UPC-A, EAN-8.
EAN_13, UPC_A, EAN_8 = "4006381333931", "036000291452", "96385074"
RATIO = {("Red", "S"): 4, ("Red", "M"): 8}
WHOLE = Settings(assortment=RATIO, barcodes=[EAN_13], gross_kg=12)


def carton(number: int = 1, **change: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "carton": number,
        "ratio": [{"colour": "Red", "size": "S", "pieces": 4}, {"colour": "Red", "size": "M", "pieces": 8}],
        "barcodes": [{"barcode": EAN_13, "count": 12}],
        "gross_kg": "12.1",
        "is_mark_right": True,
        "is_size_right": True,
    }
    return body | change


def codes(*cartons: dict[str, Any], total: int = 1, settings: Settings = WHOLE) -> list[tuple[str, str]]:
    got = packing.decide(cartons=cartons, total_cartons=total, settings=settings)
    return [(reason.code, reason.verdict) for reason in got.reasons]


def test_a_right_carton_passes() -> None:
    assert codes(carton()) == []


def test_how_many_to_open() -> None:
    # The square root of 26, rounded up, is 6.
    got = packing.decide(cartons=[carton(n) for n in range(1, 6)], total_cartons=26, settings=WHOLE)
    assert (got.opened, got.needed) == (5, 6)
    assert got.reasons[0].message == "5 of 6 cartons opened (square root of 26, rounded up)"
    assert codes(*[carton(n) for n in range(1, 7)], total=26) == []


def test_a_wrong_assortment() -> None:
    wrong = carton(
        ratio=[{"colour": "Red", "size": "S", "pieces": 3}, {"colour": "Red", "size": "L", "pieces": 9}]
    )
    got = packing.decide(cartons=[wrong], total_cartons=1, settings=WHOLE)
    assert got.cartons[0].differences == {("Red", "S"): -1, ("Red", "M"): -8, ("Red", "L"): 9}
    assert [(reason.code, reason.section, reason.verdict) for reason in got.reasons] == [
        ("ratio_wrong", "packing", "fail")
    ]
    assert got.reasons[0].message == "Carton 1: assortment differs: Red S -1, Red M -8, Red L +9"


@pytest.mark.parametrize("code", [EAN_13, UPC_A, EAN_8])
def test_check_digits(code: str) -> None:
    assert packing.is_gtin(code)
    for digit in "0123456789":
        assert packing.is_gtin(code[:-1] + digit) == (digit == code[-1])


@pytest.mark.parametrize("code", ["", "123", "400638133393", "٤٠٠٦٣٨١٣٣٣٩٣١", "40063813339 1"])
def test_what_is_no_barcode_of_a_piece(code: str) -> None:
    assert not packing.is_gtin(code)


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 11))
def test_one_wrong_digit_is_always_seen(body: str, place: int) -> None:
    (right,) = [body + digit for digit in "0123456789" if packing.is_gtin(body + digit)]
    other = str((int(right[place]) + 1) % 10)
    assert not packing.is_gtin(right[:place] + other + right[place + 1 :])


def test_barcodes() -> None:
    strange = packing.decide(
        cartons=[carton(barcodes=[{"barcode": EAN_8}, {"barcode": "12"}])], total_cartons=1, settings=WHOLE
    )
    assert [reason.message for reason in strange.reasons] == [
        f"Carton 1: barcode {EAN_8} is not of this order",
        "Carton 1: barcode 12 is not of this order and no valid EAN or UPC",
    ]
    assert codes(carton(barcodes=[])) == [("barcode_not_scanned", "pending")]
    # A scanner may read a UPC-A as the EAN-13 with a leading zero.
    upc = Settings(barcodes=[UPC_A])
    assert codes(carton(barcodes=[{"barcode": "0" + UPC_A}]), settings=upc) == []


@pytest.mark.parametrize(
    ("kg", "found"),
    [
        ("12.6", []),
        ("11.4", []),
        ("12.61", [("carton_weight_out", "fail")]),
        (None, [("carton_not_weighed", "pending")]),
    ],
)
def test_the_weight_may_differ_by_five_per_cent(kg: str | None, found: list[tuple[str, str]]) -> None:
    assert codes(carton(gross_kg=kg)) == found


def test_marks_and_size() -> None:
    assert codes(carton(is_mark_right=False)) == [("carton_mark_wrong", "fail")]
    assert codes(carton(is_size_right=None)) == [("carton_size_unseen", "pending")]
    lax = Settings(are_marks_required=False)
    assert codes(carton(is_size_right=None, is_mark_right=None), settings=lax) == []


def test_what_is_not_set_is_not_asked() -> None:
    bare = {"carton": 1, "is_mark_right": True, "is_size_right": True}
    assert codes(bare, settings=Settings()) == []
    assert codes(bare) == [
        ("ratio_not_counted", "pending"),
        ("barcode_not_scanned", "pending"),
        ("carton_not_weighed", "pending"),
    ]
    with pytest.raises(ValueError, match="must be above 0 kg"):
        Settings(gross_kg=0)

"""Barcodes and cartons of an order: published numbers, refusals, the form beside the grid."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from goldseal.catalog import selectors, services
from goldseal.catalog.models import Order
from goldseal.catalog.rules.grid import Quantity
from goldseal.catalog.rules.gtin import check_digit, is_gtin
from goldseal.catalog.tests.makers import NOW, add_buyer, add_order, add_style, factory
from goldseal.kit.errors import Invalid

EAN, UPC = "4006381333931", "036000291452"


@pytest.mark.parametrize("number", [EAN, UPC, "73513537", "10614141000415"])
def test_published_numbers_are_right(number) -> None:
    assert is_gtin(number)
    assert check_digit(number[:-1]) == int(number[-1])


@given(st.sampled_from([8, 12, 13, 14]), st.data())
def test_one_wrong_digit_is_always_found(length, data) -> None:
    body = data.draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    number = body + str(check_digit(body))
    assert is_gtin(number)
    place = data.draw(st.integers(0, length - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    assert not is_gtin(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "1", "400638133393", "4006381333932", "４００６３８１３３３９３１", "40063813339 31"]
)
def test_other_texts_are_no_numbers(text) -> None:
    assert not is_gtin(text)


def ordered(place) -> Order:
    return add_order(place, add_style(place, add_buyer(place)))


def save(place, order, **given) -> Order:
    return services.save_order(order_id=order.pk, values={}, actor=place.actor, now=NOW, **given)


@pytest.mark.django_db
def test_barcodes_and_packing_stay_until_they_are_changed() -> None:
    one, two = factory("alice"), factory("charlie")
    with two.scope():
        other = ordered(two)
    with one.scope():
        order = ordered(one)
        order = save(
            one,
            order,
            barcodes={("Navy", "S"): EAN, ("Ecru", "M"): " 036000 291452 ", ("Navy", "M"): ""},
            packing={
                "ratio": [
                    {"colour": "Navy", "size": "S", "pieces": 4},
                    {"colour": "Ecru", "size": "M", "pieces": 8},
                ],
                "gross_kg": "12,40",
                "marks": "NORTH\r\nPO-50217",
            },
        )
        assert selectors.barcodes(order) == {("Navy", "S"): EAN, ("Ecru", "M"): UPC}
        assert (order.packing["gross_kg"], order.packing["marks"]) == ("12.4", "NORTH\nPO-50217")
        assert (order.quantity, order.revision) == (720, 2)
        assert save(one, order, barcodes=selectors.barcodes(order), packing=order.packing).revision == 2
        order = save(one, order, quantities=[Quantity("Navy", "S", 10), Quantity("Navy", "M", 5)])
        assert selectors.barcodes(order) == {("Navy", "S"): EAN}
        assert order.packing["ratio"] == [{"colour": "Navy", "size": "S", "pieces": 4}]
        order = save(one, order, barcodes={}, packing={})
        assert (selectors.barcodes(order), order.packing) == ({}, {})
    with two.scope():
        assert selectors.barcodes(other) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"barcodes": {("Navy", "S"): "4006381333932"}}, "barcodes"),
        ({"barcodes": {("Red", "S"): EAN}}, "barcodes"),
        ({"barcodes": {("Navy", "S"): EAN, ("Navy", "M"): EAN}}, "barcodes"),
        ({"packing": {"ratio": [{"colour": "Red", "size": "S", "pieces": 1}]}}, "packing.ratio"),
        ({"packing": {"ratio": [{"colour": "Navy", "size": "S", "pieces": 0}]}}, "packing.ratio"),
        ({"packing": {"ratio": [{"colour": "Navy", "size": "S", "pieces": "two"}]}}, "packing.ratio"),
        ({"packing": {"ratio": [{"colour": "Navy", "size": "S", "pieces": 2}] * 2}}, "packing.ratio"),
        ({"packing": {"gross_kg": "-1"}}, "packing.gross_kg"),
        ({"packing": {"gross_kg": "NaN"}}, "packing.gross_kg"),
        ({"packing": {"gross_kg": "heavy"}}, "packing.gross_kg"),
        ({"packing": {"marks": "x" * 501}}, "packing.marks"),
        ({"packing": {"marks": "a\x00"}}, "packing.marks"),
    ],
)
def test_what_cannot_be_is_told_at_its_place(given, place) -> None:
    factory_ = factory("alice")
    with factory_.scope():
        order = ordered(factory_)
        with pytest.raises(Invalid) as refused:
            save(factory_, order, **given)
        assert list(refused.value.fields) == [place]
        assert Order.objects.get().revision == 1


@pytest.mark.django_db
def test_the_form_carries_them_beside_the_grid() -> None:
    place = factory("alice")
    with place.scope():
        order = ordered(place)
    client = Client()
    client.force_login(place.owner)
    address = f"/w/{place.workspace.slug}/catalog/orders/{order.pk}/edit/"
    typed = {
        "style": str(order.style_id), "po_number": "PO-1", "status": "open", "colours": "1", "sizes": "2",
        "colour-0": "Navy", "size-0": "S", "size-1": "M", "pieces-0-0": "10", "pieces-0-1": "5",
        "barcode-0-0": EAN, "ratio-0-0": "২", "ratio-0-1": "1", "packing.gross_kg": "9.5", "packing.marks": "N",
    }  # fmt: skip
    page = client.post(address, {**typed, "grid": "drop-size-0"})
    assert page.context["grid"].ratio == [["1"]]
    wrong = client.post(address, {**typed, "barcode-0-0": "123"})
    assert wrong.status_code == 422
    assert "no barcode number" in wrong.content.decode()
    assert client.post(address, {**typed, "ratio-0-0": "x"}).status_code == 422
    assert client.post(address, typed).status_code == 302
    with place.scope():
        saved = Order.objects.get()
        assert selectors.barcodes(saved) == {("Navy", "S"): EAN}
        assert [share["pieces"] for share in saved.packing["ratio"]] == [2, 1]
        assert saved.packing["gross_kg"] == "9.5"
    shown = client.get(address.removesuffix("edit/")).content.decode()
    assert EAN in shown
    form = client.get(address)
    assert f'value="{EAN}"' in form.content.decode()

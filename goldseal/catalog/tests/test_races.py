"""Several people at once: one code, one grid, and nothing deleted under a record that refers to it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from goldseal.catalog import services
from goldseal.catalog.models import Buyer, Defect, Order, OrderLine, Style
from goldseal.catalog.rules.grid import Quantity
from goldseal.catalog.tests.makers import NOW, add_buyer, add_order, add_style, factory
from goldseal.kit.errors import Conflict, Invalid, NotFound

pytestmark = pytest.mark.usefixtures("committed_db")


def at_once(place, works) -> list:
    """What each of the works came to: its value, or the error it raised."""

    def run(work):
        try:
            with place.scope():
                return work()
        except (Conflict, Invalid, NotFound) as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(run, work) for work in works]]


def test_six_people_add_the_same_code_and_one_succeeds() -> None:
    place = factory("alice")
    outcomes = at_once(place, [lambda: add_buyer(place, "SAME")] * 6)
    assert sum(isinstance(o, Buyer) for o in outcomes) == 1
    assert all(o.fields.keys() == {"code"} for o in outcomes if isinstance(o, Invalid))
    assert sum(isinstance(o, Invalid) for o in outcomes) == 5


def test_a_grid_written_by_many_is_one_persons_grid() -> None:
    place = factory("alice")
    with place.scope():
        order = add_order(place, add_style(place, add_buyer(place)))

    def write(number: int):
        return services.save_order(
            order_id=order.pk,
            values={},
            quantities=[Quantity(f"C{number}", size, number) for size in ("S", "M", "L")],
            actor=place.actor,
            now=NOW,
        )

    outcomes = at_once(place, [lambda n=n: write(n) for n in range(1, 7)])
    assert all(isinstance(o, Order) for o in outcomes)
    with place.scope():
        held = list(OrderLine.objects.filter(order=order))
        assert len(held) == 3
        assert len({line.colour for line in held}) == 1
        assert Order.objects.get().quantity == sum(line.quantity for line in held)
        assert Order.objects.get().revision == 7


def test_a_style_is_deleted_or_ordered_never_both() -> None:
    place = factory("alice")
    with place.scope():
        styles = [add_style(place, add_buyer(place, f"B{i}"), f"S{i}") for i in range(5)]
    for i, style in enumerate(styles):
        delete, order = at_once(
            place,
            [
                lambda style=style: services.delete_style(style_id=style.pk, actor=place.actor, now=NOW),
                lambda style=style, i=i: add_order(place, style, f"PO-{i}"),
            ],
        )
        with place.scope():
            assert Style.objects.filter(pk=style.pk).exists() == isinstance(order, Order)
            assert isinstance(delete, Conflict) == isinstance(order, Order)


def test_two_people_load_the_pack_at_once() -> None:
    place = factory("alice", kind="expert_customer")
    at_once(place, [lambda: services.load_starter_pack(actor=place.actor, now=NOW)] * 4)
    with place.scope():
        assert Defect.objects.count() == 81

"""Requests and the calendar: asked, planned or declined; a guest asks for the own buyer's orders only."""

from datetime import date

import pytest

from goldseal.catalog.models import Buyer
from goldseal.inspections.models import Inspection, InspectionRequest
from goldseal.inspections.tests.makers import Floor, floor, guest, signed_in
from goldseal.inspections.tests.test_pages_forms import plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Floor:
    return floor()


def ask(at: Floor, client, **more):
    values = {
        "order": str(at.order_id),
        "stage": str(at.stage_id),
        "wanted_on": "2026-03-20",
        "quantity": "",
        "note": "Truck on Saturday",
        **more,
    }
    return client.post(f"{at.base}requests/new/", values)


def test_a_request_is_planned_and_leaves_the_list(at: Floor) -> None:
    assert ask(at, signed_in(at.inspector)).status_code == 302
    with at.place.scope():
        asked = InspectionRequest.objects.get()
    owner = signed_in(at.place.owner)
    shown = owner.get(f"{at.base}calendar/?day=2026-03-20").content.decode()
    assert "Truck on Saturday" in shown
    form = owner.get(f"{at.base}new/?request={asked.pk}").content.decode()
    assert "Truck on Saturday" in form
    assert owner.post(f"{at.base}new/?request={asked.pk}", plan_of(at)).status_code == 302
    with at.place.scope():
        asked.refresh_from_db()
        made = Inspection.objects.select_related("stage").get()
    assert (asked.state, asked.inspection_id) == ("planned", made.pk)
    shown = owner.get(f"{at.base}calendar/?day=2026-03-20").content.decode()
    assert made.code in shown
    assert "Truck on Saturday" not in shown


def test_a_request_is_declined_with_a_reason(at: Floor) -> None:
    ask(at, signed_in(at.inspector))
    with at.place.scope():
        asked = InspectionRequest.objects.get()
    owner, url = signed_in(at.place.owner), f"{at.base}requests/{{}}/decline/"
    owner.post(url.format(asked.pk), {"answer": ""})
    with at.place.scope():
        assert InspectionRequest.objects.get().state == "open"
    owner.post(url.format(asked.pk), {"answer": "No inspector that day"})
    with at.place.scope():
        assert InspectionRequest.objects.get().answer == "No inspector that day"
    assert signed_in(at.inspector).post(url.format(asked.pk), {"answer": "why"}).status_code == 403
    assert signed_in(floor("charlie").place.owner).get(f"{at.base}calendar/").status_code == 404


def test_a_guest_asks_for_the_own_orders_only(at: Floor) -> None:
    from goldseal.catalog.tests.makers import add_buyer

    with at.place.scope():
        own, south = Buyer.objects.get(pk=at.buyer_id), add_buyer(at.place, "SOUTH")
    assert ask(at, signed_in(guest(at, own, "mine"))).status_code == 302
    assert ask(at, signed_in(guest(at, south, "theirs"))).status_code == 422


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"wanted_on": "soon"}, "valid date"),
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"order": ""}, "required"),
    ],
)
def test_a_wrong_request_is_explained(at: Floor, typed, said) -> None:
    answer = ask(at, signed_in(at.inspector), **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "Truck on Saturday" in answer.content.decode()


def test_the_week_begins_on_saturday(at: Floor) -> None:
    from goldseal.inspections.views_calendar import _week_of

    assert _week_of(date(2026, 3, 20)) == date(2026, 3, 14)
    assert _week_of(date(2026, 3, 14)) == date(2026, 3, 14)
    for strange in ("nonsense", "9999-12-31", "0001-01-01"):
        assert signed_in(at.place.owner).get(f"{at.base}calendar/?day={strange}").status_code == 200

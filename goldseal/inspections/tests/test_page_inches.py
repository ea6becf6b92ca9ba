"""A value in inches typed into a chart in centimetres is told, never an error of ours."""

import pytest

from goldseal.inspections.tests.makers import POINTS, floor, signed_in, tap
from goldseal.inspections.tests.recording import planned_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ['18 3/4"', "19 in", "19"])
def test_inches_in_a_metric_chart_are_offered_in_centimetres(typed: str) -> None:
    at = floor()
    inspection = planned_at(at, "WSH", points=POINTS)
    client, url = signed_in(at.inspector), f"{at.base}{inspection.pk}/record/measurement/?size=S"
    assert tap(client, url, "m0_1", m0_1__value=typed).status_code == 302
    page = client.get(url)
    assert page.status_code == 200
    assert "use it?" in page.content.decode()
    assert client.get(f"{at.base}{inspection.pk}/").status_code == 200


def test_a_measure_of_nothing_is_refused() -> None:
    at = floor()
    inspection = planned_at(at, "WSH", points=POINTS)
    client, url = signed_in(at.inspector), f"{at.base}{inspection.pk}/record/measurement/?size=S"
    for typed in ("0", "-64"):
        assert tap(client, url, "m0_1", m0_1__value=typed).status_code == 422

"""The same write sent several times at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from goldseal.catalog.models import Site
from goldseal.catalog.tests.makers import factory
from goldseal.workspaces.tests.test_answers import post, token_of

pytestmark = pytest.mark.usefixtures("committed_db")


def test_two_at_once_are_done_once() -> None:
    place = factory("alice")
    token = token_of(place)

    def send(_n: int) -> int:
        try:
            return post(token, {"code": "U1", "name": "Unit 1"}, "k-1").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, range(4))) == {201}
    with place.scope():
        assert Site.objects.count() == 1

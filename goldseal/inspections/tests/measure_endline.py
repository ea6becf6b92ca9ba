"""Measures one tap at the end of a line that has 6 000 taps already; run by name, no part of the test run.

.venv/bin/python -m pytest goldseal/inspections/tests/measure_endline.py -s
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from goldseal.inspections import services
from goldseal.inspections.tests.makers import NOW, floor, signed_in
from goldseal.inspections.tests.recording import event, planned_at

TAPS, MEASURED, BATCH = 6_000, 300, 500
LIMIT_MS = 25


def tap(number: int) -> dict[str, Any]:
    """One tap of a day: of ten pieces one is altered, with a defect in a zone."""
    if number % 10:
        return {"hour": 8 + number % 10, "passed": 1}
    return {"hour": 8 + number % 10, "altered": 1, "defects": [{"code": "SW02", "zone": "ABC"[number % 3]}]}


@pytest.mark.usefixtures("committed_db")
def test_one_tap_after_a_day_of_taps() -> None:
    at = floor()
    inspection = planned_at(at, "END")
    by = str(at.inspector.pk)
    for first in range(0, TAPS, BATCH):
        batch = [event("pieces_tallied", tap(n), by) for n in range(first, first + BATCH)]
        with at.place.scope():
            services.apply_events(inspection_id=inspection.pk, events=batch, actor=at.actor, now=NOW)
    client = signed_in(at.inspector)
    own = f"{at.base}{inspection.pk}/"

    def one(number: int) -> None:
        body = json.dumps({"events": [event("pieces_tallied", tap(number), by)]})
        assert client.post(f"{own}events/", body, content_type="application/json").status_code == 200

    def page(_number: int) -> None:
        assert client.get(f"{own}record/endline/?hour=9").status_code == 200

    taps = timed(one, MEASURED)
    pages = timed(page, 30)
    sys.stdout.write(f"\ntap:  {said(taps)}\npage: {said(pages)}\n")
    assert statistics.median(taps) <= LIMIT_MS


def timed(step: Callable[[int], None], times: int) -> list[float]:
    """Milliseconds of each call, after ten that warm up."""
    spent = []
    for number in range(times + 10):
        started = time.perf_counter()
        step(number)
        spent.append((time.perf_counter() - started) * 1000)
    return spent[10:]


def said(spent: list[float]) -> str:
    """Median and 95th percentile."""
    return f"median {statistics.median(spent):.1f} ms, 95 % within {statistics.quantiles(spent, n=20)[18]:.1f} ms"

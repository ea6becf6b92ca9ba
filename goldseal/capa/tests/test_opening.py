"""What opens a case: a failed inspection, a setting, a person; what was missed is caught up with."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from goldseal.capa import (
    counting_services,
    opening_services,
    services,
    settings_services,
)
from goldseal.capa.models import CapaSettings, InspectionCount, Nonconformity
from goldseal.capa.tests.makers import (
    TODAY,
    Place,
    place,
)
from goldseal.catalog.services import create_line
from goldseal.catalog.tests.makers import add_site
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW
from goldseal.inspections.tests.recording import decided, planned_at, send
from goldseal.kit.errors import Forbidden, Invalid
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place()


def events(here: Place, case: Nonconformity) -> list[str]:
    with here.at.place.scope():
        rows = Entry.objects.filter(workspace_id=here.at.place.workspace.pk, object_id=case.pk)
        return list(rows.order_by("sequence").values_list("event", flat=True))


def test_a_failed_inspection_opens_one_case_with_its_facts(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        assert (case.number, case.state, case.source) == ("NC-2026-000001", "open", "inspection")
        rows = case.defects.order_by("code").values_list("code", "severity", "quantity")
        assert list(rows) == [("SW03", "major", 5), ("SW11", "minor", 1)]
        assert (case.severity, case.quantity, case.lot_size, case.sample_size) == ("major", 6, 50, 8)
        assert (case.buyer_id, case.order_id) == (here.at.buyer_id, here.at.order_id)
        assert case.inspection_id is not None
        again = services.take_in_inspection(inspection_id=case.inspection_id, actor=here.program, now=NOW)
        assert again is None
        assert (
            opening_services.open_about_inspection(
                inspection_id=case.inspection_id, actor=here.works, now=NOW
            )
            == case
        )
        assert Nonconformity.objects.count() == 1
    assert events(here, case) == ["nonconformity.opened"]


def test_the_event_of_a_decision_is_heard(here: Place, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        here.inspect(("SW03", "major", 5))
    with here.at.place.scope():
        assert Nonconformity.objects.get().inspection is not None


def test_settings_decide_what_opens_a_case(here: Place) -> None:
    with here.at.place.scope():
        settings_services.set_capa_settings(
            values={"opens_on_fail": False, "dhu_max": "20", "red_lights_max": 2}, actor=here.reviews, now=NOW
        )
        with pytest.raises(Invalid) as wrong:
            settings_services.set_capa_settings(
                values={"currency": "taka", "due_days": 0}, actor=here.reviews, now=NOW
            )
        assert set(wrong.value.fields) == {"currency", "due_days"}
        CapaSettings.objects.get()
        with pytest.raises(Forbidden):
            settings_services.set_capa_settings(values={"due_days": 3}, actor=here.works, now=NOW)

    def opened(inspection: Inspection) -> Nonconformity | None:
        with here.at.place.scope():
            return services.take_in_inspection(inspection_id=inspection.pk, actor=here.program, now=NOW)

    assert opened(here.inspect(("SW03", "major", 5))) is None
    with here.at.place.scope():
        line = create_line(
            site_id=add_site(here.at.place).pk,
            values={"code": "L1", "name": "Line 1"},
            actor=here.at.place.actor,
            now=NOW,
        )
    day = planned_at(here.at, "END", line_id=line.pk)
    send(here.at, day, ("pieces_tallied", {"hour": 9, "passed": 8, "altered": 2, "defects": [{"code": "SW03", "count": 3}]}))  # fmt: skip
    case = opened(decided(here.at, day))
    assert case is not None
    assert case.source == "dhu"
    with here.at.place.scope():
        assert InspectionCount.objects.get(inspection=day).pieces == 10
    rounds = planned_at(here.at, "SEW", line_id=line.pk)
    visit = {"round": 1, "operation": "Side seam", "pieces": 7, "actions": ["recheck_bundle"]}
    red = [{"code": "SW03", "severity": "critical"}]
    for operator in ("O-1", "O-2"):
        send(here.at, rounds, ("operator_checked", {**visit, "operator": operator, "defects": red}))
    case = opened(decided(here.at, rounds))
    assert case is not None
    assert case.source == "red_lights"
    with here.at.place.scope():
        row = InspectionCount.objects.get(inspection=rounds)
        assert (row.operation, row.pieces, row.shift) == (
            "Side seam",
            14,
            "evening",
        )  # 10:00 UTC is 16:00 here


def test_numbers_have_no_gaps_and_never_change(here: Place) -> None:
    with here.at.place.scope():
        make = opening_services.open_nonconformity
        first = make(values={"title": "Oil stains"}, actor=here.works, now=NOW)
        with pytest.raises(Invalid) as wrong:
            make(
                values={
                    "title": " ",
                    "found_on": TODAY + timedelta(days=1),
                    "line": first.pk,
                    "quantity": -1,
                },
                actor=here.works,
                now=NOW,
            )
        assert set(wrong.value.fields) == {"title", "found_on", "line", "quantity"}
        with pytest.raises(Invalid):
            make(values={"title": "x"}, defects=[("NOPE", "", 1)], actor=here.works, now=NOW)
        second = make(
            values={"title": "Broken needle", "source": "audit"},
            defects=[("SW03", "", 2)],
            actor=here.works,
            now=NOW,
        )
        assert (first.number, second.number) == ("NC-2026-000001", "NC-2026-000002")
        for statement in (
            "UPDATE capa_nonconformity SET number = 'NC-1'",
            "DELETE FROM capa_nonconformity",
        ):
            with pytest.raises(Exception, match=r"never changes|are kept"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement)


def test_inspections_nobody_heard_of_are_caught_up_with(here: Place) -> None:
    here.inspect(("SW03", "major", 5))
    with here.at.place.scope():
        assert len(counting_services.uncounted()) == 1
        assert services.catch_up(actor=here.program, now=NOW + timedelta(hours=1)) == 1
        assert Nonconformity.objects.count() == 1
        assert services.catch_up(actor=here.program, now=NOW + timedelta(hours=2)) == 0


def test_the_hourly_job_visits_every_workspace(here: Place, django_capture_on_commit_callbacks: Any) -> None:
    from goldseal.capa.tasks import hourly

    other = place("charlie")
    for one in (here, other):
        one.inspect(("SW03", "major", 5))
    with django_capture_on_commit_callbacks(execute=True):
        hourly(0)
    for one in (here, other):
        with one.at.place.scope():
            assert InspectionCount.objects.count() == 1

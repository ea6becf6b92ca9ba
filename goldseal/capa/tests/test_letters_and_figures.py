"""Letters that go out once, and the Pareto chart counted by what is asked."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from goldseal.capa import (
    reminder_services,
)
from goldseal.capa.figures_selectors import pareto_between
from goldseal.capa.models import Reminder
from goldseal.capa.tests.makers import (
    DUE,
    TODAY,
    Place,
    place,
    plan_action,
    step,
)
from goldseal.inspections.tests.makers import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place()


def test_letters_go_out_once_and_then_upwards(here: Place, django_capture_on_commit_callbacks: Any) -> None:
    case = here.failed()
    with here.at.place.scope():
        action = plan_action(here, case)

    def letters(days: int) -> list[tuple[str, str]]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True), here.at.place.scope():
            reminder_services.send_reminders(actor=here.program, now=NOW + timedelta(days=days))
        return sorted((letter.to[0], letter.subject) for letter in mail.outbox)

    owner, manager = here.owner.email, here.manager.email
    assert letters(2) == []
    assert letters(3) == [(owner, f"Your action A1 of {case.number} is due")]
    assert letters(4) == []
    assert letters(6) == [(owner, f"Your action A1 of {case.number} is overdue")]
    assert letters(8) == [(manager, f"Overdue: action A1 of {case.number}")]
    assert letters(9) == []
    with here.at.place.scope():
        assert Reminder.objects.filter(action=action).count() == 3
        step(here.works, action.pk, "begin", "submit")
        Reminder.objects.all().delete()
    assert letters(20) == []


def test_pareto_counts_by_what_is_asked(here: Place) -> None:
    here.failed()
    with here.at.place.scope():
        span = {"first": TODAY, "last": TODAY, "where": {}}
        by_code = pareto_between(by=["code"], **span)
        assert [(row.key.split()[0], row.count) for row in by_code.rows] == [("SW03", 5), ("SW11", 1)]
        assert (by_code.pieces, by_code.defects) == (8, 6)
        by_both = pareto_between(by=["stage", "shift"], **span)
        assert [(row.key, row.count) for row in by_both.rows] == [("PRE · Evening shift", 6)]
        assert pareto_between(by=["code"], first=DUE, last=DUE, where={}).rows == ()

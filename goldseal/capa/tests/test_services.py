"""A failed inspection opens its case; causes, actions, review; the numbers close and reopen it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from goldseal.capa import (
    action_services,
    cause_services,
    containment_services,
    counting_services,
    effect_services,
    opening_services,
    reminder_services,
    services,
    settings_services,
)
from goldseal.capa.board_selectors import board
from goldseal.capa.figures_selectors import outcome_of, pareto_between
from goldseal.capa.models import Action, CapaSettings, InspectionCount, Nonconformity, Reminder
from goldseal.capa.selectors import check_of
from goldseal.capa.tests.makers import (
    DUE,
    TODAY,
    Place,
    give,
    move,
    place,
    plan_action,
    set_check,
    state_roots,
    step,
    verified,
)
from goldseal.catalog.services import create_line
from goldseal.catalog.tests.makers import add_site
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW
from goldseal.inspections.tests.recording import decided, planned_at, send
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
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


def test_containment_adds_up_or_says_where_it_does_not(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        good = {"kind": "sort", "place": "Finishing, rack 4", "in_lot": 50, "sorted": 50, "found_bad": 6, "rechecked": 4, "released": 48}  # fmt: skip
        row = containment_services.record_containment(
            nonconformity_id=case.pk, values=good, actor=here.works, now=NOW
        )
        assert row.held == 2
        with pytest.raises(Invalid) as wrong:
            containment_services.record_containment(
                nonconformity_id=case.pk,
                values={**good, "place": "", "released": 50, "held": 1, "done_on": TODAY + timedelta(days=2)},
                actor=here.works,
                now=NOW,
            )
        assert set(wrong.value.fields) == {"place", "released", "held", "done_on"}
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(held=3)
        containment_services.remove_containment(containment_id=row.pk, actor=here.works, now=NOW)
        assert not case.containments.exists()


def test_causes_are_written_chain_by_chain(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        write = cause_services.set_chain
        rows = write(
            nonconformity_id=case.pk,
            chain="made",
            steps=[("Loop slipped", "Photo 3"), (" ", ""), ("Worn needle", "")],
            actor=here.works,
            now=NOW,
        )
        assert [(row.position, row.answer) for row in rows] == [(1, "Loop slipped"), (2, "Worn needle")]
        with pytest.raises(Invalid) as wrong:
            write(nonconformity_id=case.pk, chain="made", steps=[("", "Photo"), ("x" * 501, "")], actor=here.works, now=NOW)  # fmt: skip
        assert set(wrong.value.fields) == {"answer-1", "answer-2"}
        with pytest.raises(NotFound):
            write(nonconformity_id=case.pk, chain="other", steps=[], actor=here.works, now=NOW)
        cause = cause_services.add_cause(
            nonconformity_id=case.pk, bone="machine", words="Worn needle", actor=here.works, now=NOW
        )
        cause = cause_services.change_cause(
            cause_id=cause.pk,
            bone="material",
            words="Weak yarn",
            standing="ruled_out",
            actor=here.works,
            now=NOW,
        )
        assert (cause.bone, cause.standing) == ("material", "ruled_out")
        with pytest.raises(Invalid):
            cause_services.add_cause(
                nonconformity_id=case.pk, bone="tail", words="x", actor=here.works, now=NOW
            )
        cause_services.remove_cause(cause_id=cause.pk, actor=here.works, now=NOW)
        assert not case.causes.exists()


def test_submitting_needs_both_causes_an_action_and_a_check(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        case = move(here.works, case, "begin")
        with pytest.raises(Conflict) as wrong:
            move(here.works, case, "submit")
        said = str(wrong.value.message)
        for part in (
            "owner",
            "why it was made",
            "why it was not detected",
            "corrective action",
            "effect check",
        ):
            assert part in said
        give(here, case)
        state_roots(here, case)
        plan_action(here, case)
        set_check(here, case)
        assert move(here.works, case, "submit").state == "submitted"
        with pytest.raises(Conflict):
            state_roots(here, case)
        with pytest.raises(Forbidden):
            move(here.works, case, "take_up")
        move(here.reviews, case, "take_up")
        with pytest.raises(Invalid) as reasonless:
            move(here.reviews, case, "decline")
        assert set(reasonless.value.fields) == {"reason"}
        assert move(here.reviews, case, "decline", reason="Training is no cause").state == "declined"
        assert move(here.works, case, "begin", "submit").state == "submitted"


def test_two_people_see_every_action(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        give(here, case)
        action = plan_action(here, case, owner=here.manager.pk)
        step(here.reviews, action.pk, "begin", "submit")
        with pytest.raises(Forbidden):
            step(here.reviews, action.pk, "take_up")
        with pytest.raises(IntegrityError), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(verifier_id=here.manager.pk)
        with pytest.raises(Forbidden, match="owner"):  # nobody works on another's action
            step(here.works, plan_action(here, case, owner=here.manager.pk).pk, "begin")
        for wrong, field in (
            ({"owner": None}, "owner"),
            ({"words": "x"}, "words"),
            ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
            ({"type": "hope"}, "type"),
        ):
            with pytest.raises(Invalid) as refused:
                plan_action(here, case, **wrong)
            assert set(refused.value.fields) == {field}
        with pytest.raises(Conflict):
            action_services.edit_action(
                action_id=action.pk, values={"words": "Other"}, actor=here.works, now=NOW
            )


def test_the_numbers_close_the_case_and_reopen_it_when_it_returns(here: Place) -> None:
    case = here.failed()
    later(here, 0, ("SW03", "major", 5))
    with here.at.place.scope():
        case = verified(here, case)
        assert case.state == "reopened"  # 10 in 16 pieces: the window begins on the day of the failures
        set_check(here, case, from_on=TODAY + timedelta(days=1))
        move(here.works, case, "begin", "submit")
        move(here.reviews, case, "take_up", "approve", "verify")
        case.refresh_from_db()
        check = check_of(case)
        assert check is not None
        assert case.state == "verified"
        assert check.round == 2
        waits = outcome_of(check, TODAY)
        assert waits is not None
        assert (waits.state, waits.missing_pieces, waits.missing_inspections) == ("waiting", 16, 2)
    for days in (1, 2):
        later(here, days)
    with here.at.place.scope():
        case.refresh_from_db()
        assert (case.state, case.actions.get().state) == ("closed", "closed")
        check = check_of(case)
        assert check is not None
        assert (check.state, check.pieces, check.found, str(check.rate)) == ("met", 16, 0, "0.00")
        with pytest.raises(Conflict):
            give(here, case)
    later(here, 5, ("SW03", "major", 1))
    with here.at.place.scope():
        case.refresh_from_db()
        assert case.state == "closed"  # eight pieces are too few to say
    later(here, 6, ("SW03", "major", 1))
    with here.at.place.scope():
        case.refresh_from_db()
        assert (case.state, case.reopened_count) == ("reopened", 2)
        shown = board(TODAY + timedelta(days=6))
        assert (shown.met, shown.checked, shown.open) == (0, 2, 4)  # the three other failures are open too
        figures = Entry.objects.filter(object_id=case.pk, event="effect.recurred").get().payload.data
    assert (figures["found"], figures["pieces"], figures["rate"]) == (2, 16, "12.50")
    assert {"effect.not_met", "effect.met", "effect.recurred"} <= set(events(here, case))


def later(here: Place, days: int, *defects: tuple[str, str, int]) -> None:
    """An inspection decided some days later."""
    inspection = here.inspect(*defects)
    when = NOW + timedelta(days=days)
    with here.at.place.scope():
        Inspection.objects.filter(pk=inspection.pk).update(decided_at=when)
        services.take_in_inspection(inspection_id=inspection.pk, actor=here.program, now=when)


def test_what_is_seen_decides_where_there_is_nothing_to_count(here: Place) -> None:
    with here.at.place.scope():
        case = opening_services.open_nonconformity(
            values={"title": "Fire exit blocked", "source": "audit"}, actor=here.works, now=NOW
        )
        give(here, case)
        state_roots(here, case)
        action = plan_action(here, case)
        set_check(here, case, metric="observed", code="", target=None)
        observe = effect_services.observe_effect
        with pytest.raises(Conflict):
            observe(nonconformity_id=case.pk, is_met=True, words="Free", actor=here.reviews, now=NOW)
        move(here.works, case, "begin", "submit")
        move(here.reviews, case, "take_up", "approve")
        with pytest.raises(Conflict, match="A1"):
            move(here.reviews, case, "verify")
        step(here.works, action.pk, "begin", "submit")
        step(here.reviews, action.pk, "take_up", "approve", "verify")
        assert move(here.reviews, case, "verify").state == "verified"
        with pytest.raises(Forbidden):
            observe(nonconformity_id=case.pk, is_met=True, words="Free now", actor=here.works, now=NOW)
        observe(
            nonconformity_id=case.pk,
            is_met=False,
            words="A trolley stands there",
            actor=here.reviews,
            now=NOW,
        )
        case.refresh_from_db()
        assert case.state == "reopened"


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


def test_inspections_nobody_heard_of_are_caught_up_with(here: Place) -> None:
    here.inspect(("SW03", "major", 5))
    with here.at.place.scope():
        assert len(counting_services.uncounted()) == 1
        assert services.catch_up(actor=here.program, now=NOW + timedelta(hours=1)) == 1
        assert Nonconformity.objects.count() == 1
        assert services.catch_up(actor=here.program, now=NOW + timedelta(hours=2)) == 0


def test_another_workspace_has_no_part_in_it(here: Place) -> None:
    case, other = here.failed(), place("charlie")
    with here.at.place.scope():
        action = plan_action(here, case)
    with other.at.place.scope():
        assert Nonconformity.objects.count() == 0
        for refused in (
            lambda: move(other.reviews, case, "begin"),
            lambda: give(other, case),
            lambda: step(other.reviews, action.pk, "begin"),
            lambda: set_check(other, case),
            lambda: opening_services.open_about_inspection(
                inspection_id=case.inspection_id, actor=other.works, now=NOW
            ),
        ):
            with pytest.raises(NotFound):
                refused()
        with pytest.raises(Invalid):
            opening_services.open_nonconformity(
                values={"title": "Theirs", "order": case.order_id, "owner": here.owner.pk},
                actor=other.works,
                now=NOW,
            )


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

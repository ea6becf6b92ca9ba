"""Solving a case: containment that adds up, causes, actions, review; another workspace has no part in it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from goldseal.capa import (
    action_services,
    cause_services,
    containment_services,
    opening_services,
)
from goldseal.capa.models import Action, Nonconformity
from goldseal.capa.tests.makers import (
    TODAY,
    Place,
    give,
    move,
    place,
    plan_action,
    set_check,
    state_roots,
    step,
)
from goldseal.inspections.tests.makers import NOW
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place()


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

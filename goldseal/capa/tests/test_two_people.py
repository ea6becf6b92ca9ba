"""Nobody takes a case from open to closed alone: who owned or submitted it does not review it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from goldseal.capa import effect_services, opening_services
from goldseal.capa.models import Action, Nonconformity
from goldseal.capa.showing import steps_for
from goldseal.capa.tests.makers import (
    DUE,
    Place,
    move,
    place,
    plan_action,
    set_check,
    state_roots,
    step,
)
from goldseal.catalog.tests.makers import actor_in
from goldseal.inspections.tests.makers import NOW, signed_in
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Forbidden
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db
OWN_WORK = "Nobody reviews or verifies the own work"


@pytest.fixture
def here() -> Place:
    return place()


def ready(here: Place, owner: Any) -> tuple[Nonconformity, Action]:
    """A case of this owner with all that submitting needs; its effect is seen, not counted."""
    case = opening_services.open_nonconformity(
        values={"title": "Fire exit blocked", "source": "audit", "owner": owner.pk},
        actor=here.reviews,
        now=NOW,
    )
    state_roots(here, case)
    action = plan_action(here, case, owner=owner.pk)
    set_check(here, case, metric="observed", code="", target=None)
    return case, action


def assign(actor: Actor, case: Nonconformity, owner: Any) -> None:
    opening_services.assign_owner(
        nonconformity_id=case.pk, owner_id=owner.pk, due_on=DUE, actor=actor, now=NOW
    )


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(Forbidden, match=OWN_WORK):
        act()


def test_swapping_the_owner_after_submitting_does_not_open_the_review(here: Place) -> None:
    with here.at.place.scope():
        case, _action = ready(here, here.manager)
        move(here.reviews, case, "begin", "submit")
        with pytest.raises(Conflict, match="with its reviewer"):
            assign(here.reviews, case, here.owner)
        refused(
            lambda: opening_services.edit_nonconformity(
                nonconformity_id=case.pk, values={"owner": here.owner.pk}, actor=here.reviews, now=NOW
            )
        )
        with pytest.raises(Conflict, match="with its reviewer"):
            opening_services.set_defects(nonconformity_id=case.pk, rows=[], actor=here.reviews, now=NOW)
        case.refresh_from_db()
        assert (case.owner_id, case.submitted_by_id) == (here.manager.pk, here.manager.pk)
        refused(lambda: move(here.reviews, case, "take_up"))


def test_who_submits_for_the_owner_reviews_neither_case_nor_effect(here: Place) -> None:
    with here.at.place.scope():
        second = here.at.place.member("alice-rana", Role.QA_MANAGER)
        other = actor_in(here.at.place.workspace, second, Role.QA_MANAGER)
        case, action = ready(here, here.owner)
        case = move(here.reviews, case, "begin", "submit")
        assert case.submitted_by_id == here.manager.pk
        assert [bool(row["barred"]) for row in steps_for(case, here.reviews)] == [True]
        assert [bool(row["barred"]) for row in steps_for(case, other)] == [False]
        refused(lambda: move(here.reviews, case, "take_up"))
        move(other, case, "take_up")
        for code in ("approve", "decline"):
            refused(lambda code=code: move(here.reviews, case, code, reason="because"))
        move(other, case, "approve")
        step(here.works, action.pk, "begin", "submit")
        step(other, action.pk, "take_up", "approve", "verify")
        refused(lambda: move(here.reviews, case, "verify"))
        assert move(other, case, "verify").state == "verified"
        seen: dict[str, Any] = {
            "nonconformity_id": case.pk,
            "is_met": True,
            "words": "It is free",
            "now": NOW,
        }
        refused(lambda: effect_services.observe_effect(actor=here.reviews, **seen))
        with pytest.raises(IntegrityError, match="capa_nonconformity_another"), transaction.atomic():
            Nonconformity.objects.filter(pk=case.pk).update(verifier_id=here.manager.pk)
        effect_services.observe_effect(actor=other, **seen)
        case.refresh_from_db()
        assert case.state == "closed"


def test_who_submits_an_action_for_its_owner_does_not_review_it(here: Place) -> None:
    with here.at.place.scope():
        second = here.at.place.member("alice-rana", Role.QA_MANAGER)
        other = actor_in(here.at.place.workspace, second, Role.QA_MANAGER)
        _case, action = ready(here, here.owner)
        action = step(here.reviews, action.pk, "begin", "submit")
        assert action.submitted_by_id == here.manager.pk
        refused(lambda: step(here.reviews, action.pk, "take_up"))
        step(other, action.pk, "take_up")
        for code in ("approve", "decline"):
            refused(lambda code=code: step(here.reviews, action.pk, code, reason="because"))
        step(other, action.pk, "approve")
        refused(lambda: step(here.reviews, action.pk, "verify"))
        with pytest.raises(IntegrityError, match="capa_action_another"), transaction.atomic():
            Action.objects.filter(pk=action.pk).update(verifier_id=here.manager.pk)
        assert step(other, action.pk, "verify").state == "verified"


def test_the_page_offers_no_swap_and_no_year_beyond_reason(here: Place) -> None:
    with here.at.place.scope():
        case, _action = ready(here, here.manager)
    url, manager = f"{here.base}{case.pk}/", signed_in(here.manager)
    for day in ("1999-12-31", "2200-01-01", "9999-12-31"):
        answer = manager.post(f"{url}assign/", {"owner": here.manager.pk, "due_on": day})
        assert answer.status_code == 422
        assert "Enter a day of the years 2000 to 2199." in answer.content.decode()
        found = {"kind": "sort", "place": "Rack", "in_lot": 5, "done_on": day}
        assert "years 2000 to 2199" in manager.post(f"{url}contain/", found).content.decode()
    assert (
        manager.post(f"{url}assign/", {"owner": here.manager.pk, "due_on": "2199-12-31"}).status_code == 302
    )
    with here.at.place.scope():
        move(here.reviews, case, "begin", "submit")
    shown = manager.get(url).content.decode()
    assert "assign/" not in shown
    assert f"{url}defects/" not in shown
    assert 'data-step="take_up"' not in shown
    swapped = manager.post(f"{url}assign/", {"owner": here.owner.pk, "due_on": "2026-12-30"})
    assert swapped.status_code == 422
    assert "with its reviewer" in swapped.content.decode()

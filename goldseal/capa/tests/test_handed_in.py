"""What a case's owner cannot do: choose numbers that prove nothing, or rewrite a case that was handed in."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from goldseal.capa import (
    action_services,
    containment_services,
    effect_services,
    opening_services,
)
from goldseal.capa.figures_selectors import counting_from, outcome_of
from goldseal.capa.models import Action, EffectCheck, InspectionCount, Nonconformity, ReadAcross
from goldseal.capa.record import case_record
from goldseal.capa.selectors import check_of, nonconformity_or_missing
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
from goldseal.catalog.models import Buyer, Style
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.tests.makers import jpeg
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW, signed_in
from goldseal.kit.errors import Conflict, Forbidden, Invalid
from goldseal.reports.sealing_services import request_report

pytestmark = pytest.mark.django_db
MADE: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}


@pytest.fixture
def here() -> Place:
    return place()


def refused_at(act: Callable[[], object]) -> set[str]:
    with pytest.raises(Invalid) as wrong:
        act()
    return set(wrong.value.fields)


def observed(here: Place, case: Nonconformity) -> None:
    set_check(here, case, metric="observed", code="", target=None)


def test_a_check_against_which_nothing_bad_counts_is_refused(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        soft = {"code": "PK08", "target": "100.01", "min_pieces": 15}
        assert refused_at(lambda: set_check(here, case, **soft)) == {"code", "target", "min_pieces"}
        assert refused_at(lambda: observed(here, case)) == {"metric"}
        set_check(here, case, target="100")
        values = {"code": "SW03", "target": "5", "window_size": 2}
        other = opening_services.open_nonconformity(values={"title": "x"}, actor=here.works, now=NOW)
        effect_services.set_effect_check(nonconformity_id=other.pk, values=values, actor=here.works, now=NOW)
        assert EffectCheck.objects.get(nonconformity=other).min_pieces == 16  # as the settings say
        # A roll of fabric is graded, not counted piece by piece; then somebody looks.
        Inspection.objects.filter(pk=case.inspection_id).update(method="four_point")
        observed(here, case)


def test_defects_put_back_after_the_check_do_not_pass(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        give(here, case)
        state_roots(here, case)
        plan_action(here, case)
        for rows in ((), (("SW03", "", 40),)):
            opening_services.set_defects(nonconformity_id=case.pk, rows=rows, actor=here.works, now=NOW)
            if not rows:
                observed(here, case)
        with pytest.raises(Conflict, match="no longer fits the defects"):
            move(here.works, case, "begin", "submit")


def test_what_was_inspected_before_the_action_proves_nothing(here: Place) -> None:
    case = here.failed()
    for days in (1, 2):
        here.later(days)
    done = NOW + timedelta(days=3)
    with here.at.place.scope():
        give(here, case)
        state_roots(here, case)
        action = plan_action(here, case)
        set_check(here, case)
        move(here.works, case, "begin", "submit")
        move(here.reviews, case, "take_up", "approve")
        check = check_of(case)
        assert check is not None
        assert counting_from(check) is None
        relabel = {"kind": "preventive"}
        assert refused_at(
            lambda: action_services.edit_action(
                action_id=action.pk, values=relabel, actor=here.works, now=NOW
            )
        ) == {"kind"}
        step(here.works, action.pk, "begin", "submit")
        Action.objects.update(submitted_at=done)
        step(here.reviews, action.pk, "take_up", "approve", "verify")
        assert move(here.reviews, case, "verify", now=done).state == "verified"
        waits = outcome_of(check, TODAY + timedelta(days=3))
        assert waits is not None
        assert (waits.pieces, waits.missing_inspections) == (0, 2)
        assert InspectionCount.objects.count() == 3
    shown = signed_in(here.manager).get(f"{here.base}{case.pk}/effect/").content.decode()
    assert "from 19 Mar 2026, at least 16 pieces" in shown
    assert "Nothing counts before the day on which the last corrective action was submitted" in shown
    for days in (3, 4):
        here.later(days)
    with here.at.place.scope():
        check = check_of(case)
        assert check is not None
        assert (check.state, check.inspections, check.from_on) == ("met", 2, TODAY + timedelta(days=3))


def test_what_was_approved_stays_as_it_was(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        row = containment_services.record_containment(
            nonconformity_id=case.pk,
            values={"kind": "hold_lot", "place": "Store", "in_lot": 50},
            actor=here.works,
            now=NOW,
        )
        strict = {"target": "0", "window": "days", "window_size": 60}
        case = verified(here, case, **strict)
        assert case.state == "verified"
        proofs = [_proved(here, case, **where) for where in ({}, {"action_id": case.actions.get().pk})]
        told: dict[str, Any] = {"nonconformity_id": case.pk, "now": NOW}
        soft = {"code": "SW03", "target": "100", "window": "inspections", "window_size": 1}
        harmless = {"title": "Harmless", "quantity": 0, "buyer_approval": "Somebody"}
        for actor in (here.works, here.reviews):
            for act in (
                lambda actor=actor: effect_services.set_effect_check(values=soft, actor=actor, **told),
                lambda actor=actor: opening_services.edit_nonconformity(values=harmless, actor=actor, **told),
                lambda actor=actor: containment_services.remove_containment(
                    containment_id=row.pk, actor=actor, now=NOW
                ),
                *(
                    lambda actor=actor, pk=pk: containment_services.remove_proof(
                        proof_id=pk, actor=actor, now=NOW
                    )
                    for pk in proofs
                ),
            ):
                with pytest.raises(Conflict):
                    act()
        with pytest.raises(Conflict, match="Reopen the nonconformity"):
            plan_action(here, case)
        edit = opening_services.edit_nonconformity
        with pytest.raises(Conflict):
            edit(values={"buyer_approval": "Somebody"}, actor=here.works, **told)
        Nonconformity.objects.update(owner=here.manager, verifier=None)
        with pytest.raises(Forbidden):
            edit(values={"buyer_approval": "Somebody"}, actor=here.reviews, **told)
        Nonconformity.objects.update(owner=here.owner)
    url = f"{here.base}{case.pk}/"
    assert signed_in(here.owner).post(f"{url}edit/", harmless).status_code == 403
    assert f"{url}edit/" not in signed_in(here.owner).get(url).content.decode()
    manager = signed_in(here.manager)
    assert 'name="title"' not in manager.get(f"{url}edit/").content.decode()
    answer = manager.post(f"{url}edit/", {**harmless, "buyer_approved_on": "2026-03-16", "currency": "USD"})
    assert answer.status_code == 302
    with here.at.place.scope():
        kept = Nonconformity.objects.get(pk=case.pk)
        assert (kept.title, kept.quantity) == (case.title, case.quantity)
        assert (kept.buyer_approval, kept.currency) == ("Somebody", "USD")


def _proved(here: Place, case: Nonconformity, **where: Any) -> Any:
    return containment_services.add_proofs(
        nonconformity_id=case.pk,
        files=[("seen.jpg", io.BytesIO(jpeg()))],
        ids=(),
        attests=STATEMENT_VERSION,
        purpose="after",
        actor=here.works,
        now=NOW,
        **where,
    )[0].pk


def test_a_buyer_reads_neither_the_cost_nor_another_buyers_style(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        opening_services.edit_nonconformity(
            nonconformity_id=case.pk,
            values={"cost_rejects": 7, "cost_per_reject": "3.00"},
            actor=here.works,
            now=NOW,
        )
        buyer = Buyer.objects.create(code="OTHER", name="Other buyer", **MADE)
        style = Style.objects.create(buyer=buyer, code="SECRET-1", name="Theirs", **MADE)
        for theirs, note in ((style, "Other buyer's seam"), (case.style, "Our own seam")):
            ReadAcross.objects.create(nonconformity=case, style=theirs, note=note, due_on=DUE)
        data, _photos = case_record(nonconformity_or_missing(case.pk), here.at.place.workspace)
    assert [row["note"] for row in data["read_across"]] == ["Our own seam"]
    assert "cost" not in data["case"]
    assert "SECRET-1" not in str(data)
    assert "21" in signed_in(here.owner).get(f"{here.base}{case.pk}/").content.decode()


def test_a_reported_case_keeps_its_buyer(here: Place) -> None:
    case = here.failed()
    with here.at.place.scope():
        buyer = Buyer.objects.create(code="OTHER", name="Other buyer", **MADE)
        style = Style.objects.create(buyer=buyer, code="THEIRS", name="Theirs", **MADE)
        edit: dict[str, Any] = {"nonconformity_id": case.pk, "actor": here.works, "now": NOW}
        request_report(kind="cap", subject_id=case.pk, language="en", actor=here.reviews, now=NOW)
        for values in ({"order": None, "style": style.pk}, {"order": None, "style": None, "buyer": buyer.pk}):
            assert refused_at(
                lambda values=values: opening_services.edit_nonconformity(values=values, **edit)
            ) == {"buyer"}
        assert opening_services.edit_nonconformity(values={"title": "Other words"}, **edit).title

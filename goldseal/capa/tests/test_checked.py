"""What the services accept passes the check before sealing: every choice, the longest texts, the largest counts."""

import io
import itertools
from datetime import timedelta
from typing import Any, get_args

import pytest
from django.db.models import Model

from goldseal.capa import choices, containment_services, scar_answer_services, scar_services
from goldseal.capa.models import EffectCheck, Nonconformity, NonconformityDefect, Proof, ReadAcross, Scar
from goldseal.capa.record import case_record, scar_record
from goldseal.capa.rules.causes import BONES, QUESTIONS
from goldseal.capa.selectors import nonconformity_or_missing, open_workspace
from goldseal.capa.tests.makers import DUE, NOW, TODAY, Place, place
from goldseal.capa.tests.test_reported import answered_scar, worked_case
from goldseal.catalog.models import Line, Supplier
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.tests.makers import jpeg
from goldseal.reports.rules import cap
from goldseal.reports.rules import scar as request
from goldseal.reports.rules.schemas import check_known
from goldseal.reports.tests.longest import LARGEST, lengthen

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Place:
    return place()


def headed(record: dict[str, Any]) -> dict[str, Any]:
    """The record with the heading that the reports room gives it."""
    record["report"] |= {"number": "R-1", "version": 1, "language": "both"}
    record["report"] |= {"issued_at": "2026-03-16T10:00:00+06:00", "supersedes": None, "changes": ""}
    return record


def offered(kind: Any) -> set[str]:
    return set(get_args(kind))


def test_every_choice_is_one_of_the_record() -> None:
    fields = {
        (cap.Case, "source"): choices.Source,
        (cap.Case, "state"): choices.CaseState,
        (cap.Action, "state"): choices.CaseState,
        (cap.Action, "kind"): choices.ActionKind,
        (cap.Action, "type"): choices.ActionType,
        (cap.Contained, "kind"): choices.ContainmentKind,
        (cap.BoneCause, "standing"): choices.Standing,
        (cap.Evidence, "purpose"): choices.Purpose,
        (cap.Effect, "metric"): choices.Metric,
        (cap.Effect, "window"): choices.WindowKind,
        (cap.Effect, "state"): choices.CheckState,
        (request.Request, "state"): choices.ScarState,
        (request.Answer, "state"): choices.AnswerState,
    }
    for (model, name), known in fields.items():
        assert offered(model.model_fields[name].annotation) == set(known.values), (model, name)
    assert offered(cap.Bone.model_fields["bone"].annotation) == set(BONES)
    assert offered(cap.Compared.model_fields["question"].annotation) == set(QUESTIONS)


def related(case: Nonconformity, *names: str) -> list[Model]:
    return [row for row in (getattr(case, name) for name in names) if row is not None]


def test_a_case_with_the_longest_texts_is_sealed(here: Place) -> None:
    check_known(record=headed(worked_case(here)))
    with here.at.place.scope():
        case = nonconformity_or_missing(Nonconformity.objects.get().pk)
        line = Line.objects.first()
        assert case.order is not None
        Nonconformity.objects.update(
            line=line,
            supplier=Supplier.objects.first(),
            quantity=LARGEST,
            lot_size=LARGEST,
            sample_size=LARGEST,
            cost_minutes="999999999.9",
            cost_per_minute="9999.9999",
            currency="BDT",
            buyer_approved_on=TODAY,
            is_is_not={question: {"is": "ক" * 500, "is_not": "ক" * 500} for question in QUESTIONS},
        )
        ReadAcross.objects.create(nonconformity=case, line=line, style=case.style, stage=case.stage)
        containment_services.add_proofs(
            nonconformity_id=case.pk, files=[("seen.jpg", io.BytesIO(jpeg()))], ids=(), attests=STATEMENT_VERSION,
            purpose="cause", step_id=case.whys.first().pk, action_id=case.actions.first().pk, actor=here.works, now=NOW,
        )  # fmt: skip
        NonconformityDefect.objects.update(quantity=LARGEST)
        EffectCheck.objects.update(
            line=line, target="9999.99", rate="999999.99", pieces=LARGEST, found=LARGEST, window_size=LARGEST,
            inspections=LARGEST, min_pieces=LARGEST, watch_until=TODAY, observed_by=here.owner, state="met",
        )  # fmt: skip
        Nonconformity.objects.update(owner=here.owner, verifier=here.manager)
        parts = ("defects", "containments", "whys", "causes", "actions", "read_across", "checks")
        case = nonconformity_or_missing(case.pk)
        lengthen(
            case,
            here.owner,
            here.manager,
            here.at.place.workspace,
            *related(case, "buyer", "style", "order", "stage", "site", "line", "supplier"),
            *itertools.chain.from_iterable(getattr(case, part).all() for part in parts),
        )
        record, _photos = case_record(nonconformity_or_missing(case.pk), open_workspace())
        assert len(record["case"]["problem"]) == 4000
        assert len(record["photos"][0]["caption_en"]) > 500
        check_known(record=headed(record))
        Proof.objects.update(caption="ক" * 300)
        check_known(record=headed(case_record(nonconformity_or_missing(case.pk), open_workspace())[0]))


def test_a_bare_case_is_sealed(here: Place) -> None:
    """Everything that a case may lack: it was opened by hand, and nothing was done yet."""
    with here.at.place.scope():
        case = Nonconformity.objects.create(
            number="NC-1", title="x", problem="Slubs", found_on=TODAY, due_on=TODAY, opened_at=NOW
        )
        check_known(record=headed(case_record(case, open_workspace())[0]))


def test_a_request_with_the_longest_texts_is_sealed(here: Place) -> None:
    check_known(record=headed(answered_scar(here)))
    with here.at.place.scope():
        case = Nonconformity.objects.get()
        supplier = Supplier.objects.get(code="MILL")
        values = {"supplier": supplier.pk, "email": "mill@example.test", "asked": "ক" * 4000, "due_on": DUE, "days": 30}  # fmt: skip
        scar, secret = scar_services.send_scar(
            nonconformity_id=case.pk, values=values, actor=here.reviews, now=NOW
        )
        Scar.objects.filter(pk=scar.pk).update(expires_at=NOW + timedelta(days=3))
    scar_answer_services.answer_scar(
        secret=secret,
        values={"name": "ক" * 120, **dict.fromkeys(scar_answer_services.TEXTS, "ক" * 4000)},
        actions=[{"words": "ক" * 1000, "owner": "ক" * 120, "due_on": DUE}] * 8,
        files=[("seen.jpg", io.BytesIO(jpeg()))],
        attests=True,
        now=NOW,
    )
    with here.at.place.scope():
        scar_services.judge_answer(
            scar_id=scar.pk, is_accepted=True, reason="ক" * 1000, actor=here.reviews, now=NOW
        )
        lengthen(supplier, case, here.manager, here.at.place.workspace)
        record, _photos = scar_record(Scar.objects.get(pk=scar.pk), open_workspace())
        assert (len(record["answers"][0]["actions"]), len(record["photos"])) == (8, 1)
        check_known(record=headed(record))

"""The record of a case: its photos say in both languages what they show."""

import io

import pytest

from goldseal.capa import cause_services, containment_services
from goldseal.capa.record import case_record
from goldseal.capa.selectors import nonconformity_or_missing
from goldseal.capa.tests.makers import place, plan_action
from goldseal.files.selectors import STATEMENT_VERSION
from goldseal.files.tests.makers import encoded, picture
from goldseal.inspections.tests.makers import NOW

pytestmark = pytest.mark.django_db


def test_photos_say_what_they_show() -> None:
    here = place()
    case = here.failed()
    with here.at.place.scope():
        action = plan_action(here, case)
        step = cause_services.set_chain(
            nonconformity_id=case.pk, chain="made", steps=[("Loop slipped", "")], actor=here.works, now=NOW
        )[0]
        for number, (purpose, where) in enumerate(
            (
                ("found", {}),
                ("before", {"action_id": action.pk}),
                ("after", {"action_id": action.pk}),
                ("cause", {"step_id": step.pk}),
            )
        ):
            containment_services.add_proofs(
                nonconformity_id=case.pk,
                files=[("DSC_0412.jpg", io.BytesIO(encoded(picture(64 + number, 48), "JPEG")))],
                ids=(),
                attests=STATEMENT_VERSION,
                purpose=purpose,
                actor=here.works,
                now=NOW,
                **where,
            )
        data, _photos = case_record(nonconformity_or_missing(case.pk), here.at.place.workspace)
    assert [(photo["caption_en"], photo["caption_bn"]) for photo in data["photos"]] == [
        ("What was found", "কী পাওয়া গেছে"),
        ("A1 · Before the action", "A1 · ব্যবস্থার আগে"),
        ("A1 · After the action", "A1 · ব্যবস্থার পরে"),
        ("Cause: Loop slipped", "কারণ: Loop slipped"),
    ]

"""Checklists for audits: without a stage, with a score, and in nobody's way when goods are inspected."""

import pytest

from goldseal.catalog import selectors, services
from goldseal.catalog.models import ChecklistTemplate, Stage
from goldseal.catalog.tests.makers import NOW, add_buyer, factory
from goldseal.catalog.tests.test_api import Caller
from goldseal.catalog.tests.test_checklists import posted, signed_in, url
from goldseal.kit.errors import Invalid
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db
TIDY = {"label_en": "Tidy?", "section": "process", "failing": ["no"]}


def save(place, *, items=(TIDY,), stage_id=None, template=None, **values) -> ChecklistTemplate:
    return services.save_template(
        template_id=template.pk if template else None,
        stage_id=stage_id,
        values=values,
        items=items,
        actor=place.actor,
        now=NOW,
    )


def test_one_for_audits_has_a_score_and_sections_of_its_own() -> None:
    place = factory("alice")
    with place.scope():
        made = save(place, name_en="Supplier visit", pass_at_pct=70)
        assert (made.code, made.stage, made.pass_at_pct, made.is_for_audits) == ("AUD-1", None, 70, True)
        assert selectors.audit_checklists().first() == made  # the workspace's own goes before the pack's
        again = save(place, template=made, items=None, pass_at_pct=75)
        assert (again.version, again.pass_at_pct) == (2, 75)


@pytest.mark.parametrize(
    ("values", "items", "place_of_words"),
    [
        ({"name_en": "X"}, [TIDY], "stage"),
        ({"name_en": "X", "pass_at_pct": 0}, [TIDY], "pass_at_pct"),
        ({"name_en": "X", "pass_at_pct": 101}, [TIDY], "pass_at_pct"),
        ({"name_en": "X", "pass_at_pct": 80}, [{**TIDY, "section": "workmanship"}], "items.0.section"),
        ({"name_en": "X", "pass_at_pct": 80}, [], "items"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(values, items, place_of_words) -> None:
    place = factory("alice")
    with place.scope():
        with pytest.raises(Invalid) as refused:
            save(place, items=items, **values)
        assert place_of_words in refused.value.fields


def test_the_checklist_of_a_stage_has_no_score_and_an_audits_keeps_one() -> None:
    place = factory("alice")
    with place.scope():
        stage = Stage.objects.get(code="CUT")
        of_stage = ChecklistTemplate.objects.get(stage=stage)
        of_audits = ChecklistTemplate.objects.get(code="AUD-CHECK")
        for template, score in ((of_stage, 80), (of_audits, None)):
            with pytest.raises(Invalid) as refused:
                save(place, template=template, items=None, pass_at_pct=score)
            assert "pass_at_pct" in refused.value.fields
        assert selectors.template_for(stage) == of_stage
        services.retire_template(template_id=of_audits.pk, actor=place.actor, now=NOW)
        assert not selectors.audit_checklists().exists()


@pytest.mark.parametrize("language", ["en", "bn"])
def test_its_pages(language) -> None:
    place = factory("alice")
    client = signed_in(place.owner)
    client.cookies["language"] = language
    listed = client.get(url(place, "checklists/audits/"))
    assert b"AUD-CHECK" in listed.content
    address = url(place, "checklists/audits/new/")
    typed = posted(client.get(address))
    assert typed["pass_at_pct"] == "85"
    typed |= {"name_en": "Own audit", "q-0-label_en": "Keys kept?", "q-0-section": "documents"}
    refused = client.post(address, {**typed, "pass_at_pct": "120"})
    assert (refused.status_code, "pass_at_pct" in refused.context["form"].errors) == (422, True)
    assert client.post(address, typed).status_code == 302
    with place.scope():
        made = ChecklistTemplate.objects.get(name_en="Own audit")
        assert (made.stage_id, made.pass_at_pct, made.items[0]["section"]) == (None, 85, "documents")
    page = client.get(url(place, f"checklists/{made.pk}/")).content.decode()
    assert "checklists/audits/" in page
    typed = posted(client.get(url(place, f"checklists/{made.pk}/edit/")))
    done = client.post(url(place, f"checklists/{made.pk}/edit/"), {**typed, "pass_at_pct": "90"})
    assert done.status_code == 302
    with place.scope():
        assert ChecklistTemplate.objects.get(pk=made.pk).pass_at_pct == 90


def test_a_buyers_guest_reads_none_of_it() -> None:
    place = factory("alice")
    with place.scope():
        buyer = add_buyer(place)
        audits, of_stage = (
            ChecklistTemplate.objects.get(code="AUD-CHECK"),
            ChecklistTemplate.objects.get(stage__code="CUT"),
        )
    gina = place.member("gina", Role.BUYER_GUEST, buyer=buyer)
    guest = signed_in(gina)
    for query in ("", "?as=xlsx", "?as=csv"):
        assert guest.get(url(place, f"checklists/audits/{query}")).status_code == 403
    assert guest.get(url(place, f"checklists/{audits.pk}/")).status_code == 404
    assert guest.get(url(place, f"checklists/{of_stage.pk}/")).status_code == 200
    viewer = place.member("vera", Role.VIEWER)
    assert signed_in(viewer).get(url(place, f"checklists/{audits.pk}/")).status_code == 200
    for user, sees in ((gina, False), (viewer, True)):
        call = Caller(place, user, Role.OWNER)  # a token of the person's: it may do what the person may
        listed = {row["code"] for row in call("get", "checklists?limit=100").json()["items"]}
        assert ("AUD-CHECK" in listed, of_stage.code in listed) == (sees, True)
        for path in (f"checklists/{audits.pk}", f"checklists/{audits.pk}/versions"):
            assert call("get", path).status_code == (200 if sees else 404)

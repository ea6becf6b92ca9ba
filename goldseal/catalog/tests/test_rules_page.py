"""A buyer's rules in one place: what a change would alter, who keeps the old rules, the confirmed change."""

from decimal import Decimal

import pytest
from django.test import Client

from goldseal.catalog import selectors, services, usage
from goldseal.catalog.models import Buyer, BuyerStageRule, Stage
from goldseal.catalog.rules.buyers import BuyerRules
from goldseal.catalog.rulewords import RULE_NAMES
from goldseal.catalog.tests.makers import NOW, actor_in, add_buyer, factory
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db


def save(place, buyer, values, stage_values=None, **more) -> Buyer:
    return services.save_rules(
        buyer_id=buyer.pk,
        values=values,
        stage_values=stage_values or {},
        actor=place.actor,
        now=NOW,
        **more,
    )


def test_every_rule_can_be_changed_in_one_place() -> None:
    assert set(RULE_NAMES) == set(BuyerRules.__dataclass_fields__)


def test_a_change_is_shown_before_it_is_made_and_recorded_when_it_is() -> None:
    one, two = factory("alice"), factory("charlie")
    with one.scope():
        buyer, final = add_buyer(one), Stage.objects.get(code="FIN")
        values = {"aql_major": "1.5", "is_switching": True, "dhu_max": Decimal("7.5")}
        stage_values = {final.pk: {"aql_level": "III"}}
        found = services.rule_changes(
            buyer_id=buyer.pk, values=values, stage_values=stage_values, actor=one.actor
        )
        assert [(c.stage, c.before, c.after) for c in found] == [
            ("", "2.5", "1.5"),
            ("", "no", "yes"),
            ("", "–", "7.5"),
            ("Final random inspection", "as the buyer's own", "III"),
        ]
        assert Buyer.objects.get().revision == 1
        assert not BuyerStageRule.objects.exists()
        saved = save(one, buyer, values, stage_values, revision=1)
        assert saved.revision == 2
        assert selectors.rules_for(saved, final).aql_level == "III"
        saved = save(one, buyer, {}, {final.pk: {"aql_level": ""}})
        assert saved.revision == 3
        assert not BuyerStageRule.objects.exists()
        assert save(one, buyer, {}, {final.pk: {}}).revision == 3
        with pytest.raises(Conflict):
            save(one, buyer, {"aql_major": "4.0"}, revision=1)
    with one.scope():
        entry = Entry.objects.filter(workspace_id=one.workspace.pk, event="buyer.edited").order_by(
            "sequence"
        )[0]
        assert entry.payload.data["changed"]["FIN.aql_level"] == ["", "III"]
    with two.scope(), pytest.raises(NotFound):
        save(two, buyer, {"aql_major": "4.0"})


def test_wrong_rules_are_told_at_their_place() -> None:
    one, two = factory("alice"), factory("charlie")
    with two.scope():
        foreign = Stage.objects.get(code="FIN").pk
    with one.scope():
        buyer, final = add_buyer(one), Stage.objects.get(code="FIN").pk
        for values, stages, place in (
            ({"aql_major": "2.4"}, {}, "aql_major"),
            ({"aql_major": "15"}, {}, "aql_major"),
            ({"photos_per_defect": 11}, {}, "photos_per_defect"),
            ({"hole_rule": "guess"}, {}, "hole_rule"),
            ({"carton_weight_tolerance_pct": Decimal(101)}, {}, "carton_weight_tolerance_pct"),
            ({}, {final: {"aql_level": "IV"}}, f"stage_rules.{final}.aql_level"),
            ({}, {final: {"aql_major": "25"}}, f"stage_rules.{final}.aql_major"),
            ({}, {foreign: {"aql_level": "II"}}, f"stage_rules.{foreign}"),
        ):
            with pytest.raises(Invalid) as refused:
                save(one, buyer, values, stages)
            assert list(refused.value.fields) == [place]
        saved = save(one, buyer, {}, {final: {"aql_major": "25", "count_by": "defects"}})
        assert saved.revision == 2
        bob = one.member("bob", Role.INSPECTOR)
        with pytest.raises(Forbidden):
            services.rule_changes(
                buyer_id=buyer.pk,
                values={},
                stage_values={},
                actor=actor_in(one.workspace, bob, Role.INSPECTOR),
            )


def test_the_page_asks_first_and_says_who_keeps_the_old_rules(monkeypatch) -> None:
    place = factory("alice")
    with place.scope():
        buyer = add_buyer(place)
        final = Stage.objects.get(code="FIN").pk
    monkeypatch.setattr(usage, "_COUNTERS", [])
    client = Client()
    client.force_login(place.owner)
    address = f"/w/{place.workspace.slug}/catalog/buyers/{buyer.pk}/rules/"
    form = client.get(address).context["form"]
    typed = {b.html_name: b.value() for b in form if b.value() is not None and b.value() is not False}
    unchanged = client.post(address, typed)
    assert unchanged.status_code == 302
    typed |= {"aql_major": "1.0", f"stage_rules.{final}.sampling_scheme": "double"}
    page = client.post(address, typed)
    assert [(c.before, c.after) for c in page.context["changes"]] == [
        ("2.5", "1.0"),
        ("as the buyer's own", "Double sampling"),
    ]
    assert "planned or running" not in page.content.decode()  # nobody counts, so nothing is claimed
    usage.declare_rules_in_use(lambda _buyer_id: (0, 0))
    page = client.post(address, typed)
    assert "No inspection of this buyer is planned or running" in page.content.decode()
    usage.declare_rules_in_use(lambda buyer_id: (3, 2) if buyer_id == buyer.pk else (0, 0))
    assert "3 planned and 2 running" in client.post(address, typed).content.decode()
    back = client.post(address, {**typed, "back": "1"})
    assert 'value="1.0" selected' in back.content.decode()
    with place.scope():
        assert Buyer.objects.get().aql_major == "2.5"
    wrong = client.post(address, {**typed, "aql_major": "15"})
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["aql_major"]
    assert client.post(address, {**typed, "confirmed": "1"}).status_code == 302
    with place.scope():
        saved = Buyer.objects.get()
        assert saved.aql_major == "1.0"
        assert selectors.rules_for(saved, Stage.objects.get(code="FIN")).sampling_scheme == "double"
    page = client.get(f"/w/{place.workspace.slug}/catalog/buyers/{buyer.pk}/").content.decode()
    assert "Double sampling" in page

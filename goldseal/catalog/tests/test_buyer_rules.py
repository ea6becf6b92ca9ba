"""Which rule holds at a stage: worked by hand from what buyer, stage rule and stage say."""

from decimal import Decimal

import pytest

from goldseal.catalog import selectors
from goldseal.catalog.models import Buyer, BuyerStageRule, ChecklistTemplate, Stage
from goldseal.catalog.rules.buyers import BuyerRules
from goldseal.catalog.tests.makers import NOW, add_buyer, factory

pytestmark = pytest.mark.django_db


def stage(code: str = "FIN", **settings) -> Stage:
    row = Stage.objects.get(code=code)
    row.settings = settings
    row.save()
    return row


def test_a_buyer_alone_decides_where_nobody_else_says_anything() -> None:
    place = factory("alice")
    with place.scope():
        buyer = add_buyer(place, aql_major="1.5", count_by="defects")
        rules = selectors.rules_for(buyer, stage())
        assert rules.limits == {"critical": "0", "major": "1.5", "minor": "4.0"}
        assert (rules.aql_level, rules.count_by, rules.sampling_scheme) == ("II", "defects", "single")
        for name in BuyerRules.__dataclass_fields__:
            assert getattr(rules, name) == getattr(buyer, name), name


def test_the_buyers_word_for_the_stage_goes_before_the_stages_settings() -> None:
    place = factory("alice")
    with place.scope():
        buyer = add_buyer(place)
        final = stage(level="S-2", aql_major="1.0", count_by="defects", inspection_type="tightened")
        assert selectors.rules_for(buyer, final).aql_level == "S-2"
        BuyerStageRule.objects.create(buyer=buyer, stage=final, aql_level="III", aql_major="4.0")
        rules = selectors.rules_for(buyer, final)
        assert (rules.aql_level, rules.aql_major) == ("III", "4.0")
        assert (rules.count_by, rules.inspection_type) == ("defects", "tightened")
        other = selectors.rules_for(buyer, stage("PRE"))
        assert (other.aql_level, other.aql_major, other.count_by) == ("II", "2.5", "defectives")


@pytest.mark.parametrize(
    ("buyers", "stages", "held"),
    [
        ("2.5", "1.5", "1.5"),
        ("1.0", "1.5", "1.0"),
        ("10", "6.5", "6.5"),
        ("0", "0.010", "0"),
        ("2.5", "0", "0"),
    ],
)
def test_a_stage_is_stricter_with_itself_never_laxer(buyers, stages, held) -> None:
    place = factory("alice")
    with place.scope():
        rules = selectors.rules_for(add_buyer(place, aql_major=buyers), stage(aql_major=stages))
        assert rules.aql_major == held


def test_amounts_of_the_stage_hold_where_the_buyer_has_none() -> None:
    place = factory("alice")
    with place.scope():
        buyer = add_buyer(place)
        wash = stage("WSH", pieces_critical=5, pieces_all=2, dhu_max="12.5")
        rules = selectors.rules_for(buyer, wash)
        assert (rules.measured_pieces_critical, rules.measured_pieces_all) == (5, 2)
        assert rules.dhu_max == Decimal("12.5")
        Buyer.objects.update(measured_pieces_critical=8, dhu_max=Decimal(6))
        rules = selectors.rules_for(Buyer.objects.get(), wash)
        assert (rules.measured_pieces_critical, rules.measured_pieces_all) == (8, 2)
        assert rules.dhu_max == 6


def test_another_workspaces_stage_rule_is_never_asked() -> None:
    one, two = factory("alice"), factory("charlie")
    with two.scope():
        BuyerStageRule.objects.create(buyer=add_buyer(two), stage=stage(), aql_level="I")
    with one.scope():
        assert selectors.rules_for(add_buyer(one), stage()).aql_level == "II"


def test_the_checklist_of_a_stage_is_the_workspaces_own_before_the_packs() -> None:
    one, two = factory("alice"), factory("charlie")
    with two.scope():
        add_template(stage("CUT"), "CHARLIE")
    with one.scope():
        cut = stage("CUT")
        ChecklistTemplate.objects.all().delete()
        assert selectors.template_for(cut) is None
        own = add_template(cut, "OWN")
        add_template(cut, "PACK", is_starter=True)
        assert selectors.template_for(cut) == own
        ChecklistTemplate.objects.filter(pk=own.pk).update(is_active=False)
        chosen = selectors.template_for(cut)
        assert chosen is not None
        assert chosen.code == "PACK"
        assert selectors.template_for(stage("FIN")) is None


def add_template(row: Stage, code: str, **values) -> ChecklistTemplate:
    return ChecklistTemplate.objects.create(
        stage=row, code=code, name_en=code, created_at=NOW, updated_at=NOW, **values
    )

"""The starter pack against the domain's own table, and what loading it does to a workspace."""

import importlib
import re

import pytest

from goldseal.catalog import services
from goldseal.catalog.choices import AuditSection
from goldseal.catalog.models import ChecklistTemplate, ChecklistVersion, Defect, Stage
from goldseal.catalog.rules.questions import check_template
from goldseal.catalog.services.checklist_items import checked_items
from goldseal.catalog.starter.checklists import CHECKLISTS
from goldseal.catalog.starter.checklists_audit import AUDIT
from goldseal.catalog.starter.defects import DEFECTS
from goldseal.catalog.starter.stages import STAGES
from goldseal.catalog.tests.makers import NOW, actor_in, factory
from goldseal.kit.errors import Forbidden
from goldseal.kit.permissions import Role
from goldseal.trail.models import Entry

SEVERITY = {"C": "critical", "M": "major", "m": "minor"}


@pytest.fixture(scope="module")
def domain_text():
    from tests.plugin import PROJECT

    page = PROJECT.parent / "shared" / "DOMAIN.md"
    if not page.exists():
        pytest.skip("the domain page is not here")
    return page.read_text(encoding="utf-8")


def test_all_81_defects_are_the_domains(domain_text) -> None:
    rows = re.findall(r"^\| ([A-Z]{2}\d\d) \| (.*?) \| (.*?) \| (.*?) \|$", domain_text, re.M)
    assert len(rows) == 81
    mine = {entry.code: entry for entry in DEFECTS}
    assert list(mine) == [code for code, *_ in rows]
    for code, english, bangla, severity in rows:
        entry = mine[code]
        assert english.removesuffix(" (children: C)").removesuffix(" (1 m; 2+ M)") == entry.name_en
        assert entry.name_bn == bangla
        assert entry.is_legal == severity.endswith("*")
        default, _slash, graver = severity.rstrip("*").partition("/")
        assert entry.severity == SEVERITY[default], code
        if "children: C" in english:
            assert (entry.zone_a, entry.children) == ("", "critical")
        elif graver and not entry.is_legal:
            assert (entry.zone_a, entry.children) == (SEVERITY[graver], ""), code
        else:
            assert (entry.zone_a, entry.children) == ("", ""), code


def test_all_16_stages_are_the_domains(domain_text) -> None:
    table = domain_text.split("## 2 Stages")[1].split("Roles:")[0]
    rows = re.findall(r"^\| ([A-Z]{3}) \| (.*?) \| .*? \| .*? \| (.*?) \|$", table, re.M)
    assert len(rows) == 16
    gates = {"yes": "gate", "hold": "hold", "light": "light", "no": "none", "**hard**": "hard"}
    assert [(s.code, s.name_en, s.gate) for s in STAGES] == [(c, n, gates[g]) for c, n, g in rows]
    assert all(stage.name_bn and stage.method_en and stage.method_bn for stage in STAGES)


def test_methods_families_and_lights_are_the_domains() -> None:
    methods = {
        "checklist": "PPM CUT PRT", "aql": "YRN PRE FIN", "four_point": "FAB", "roving": "KNT LNK SEW",
        "endline": "MND END IRN", "measurement": "WSH", "metal": "MTL", "packing": "PKG",
    }  # fmt: skip
    by_code = {code: method for method, codes in methods.items() for code in codes.split()}
    families = {"KNT": "sweater", "LNK": "sweater", "MND": "sweater"}
    families |= dict.fromkeys(("FAB", "CUT", "SEW"), "cut_and_sew")
    assert {s.code: s.method_code for s in STAGES} == by_code
    assert {s.code: s.product_family for s in STAGES if s.product_family} == families
    assert all(s.who_en and s.who_bn for s in STAGES)
    light = next(s for s in STAGES if s.code == "SEW").settings
    assert (light["sample_n"], light["yellow_at"], light["red_at"]) == (7, 1, 2)
    assert light["revisit_minutes"] == {"green": 120, "yellow": 60, "red": 30}


def test_every_stage_has_a_checklist_in_both_languages() -> None:
    assert set(CHECKLISTS) == {stage.code for stage in STAGES}
    for code, items in CHECKLISTS.items():
        keys = [item["key"] for item in items]
        assert len(set(keys)) == len(keys), code
        assert 6 <= len(items) <= 18 or code in ("PRE", "FIN")
        assert check_template(items=items) == []
        assert checked_items(items) == list(items)
        for place, item in enumerate(items):
            assert re.search(r"[\u0980-\u09ff]", item["label_bn"]), item["key"]
            assert item["label_en"].isascii() or "é" in item["label_en"], item["key"]
            if item["only_if"]:
                asked = next(i for i in items[:place] if i["key"] == item["only_if"]["key"])
                offered = {c["value"] for c in asked["choices"]} or {"yes", "no", "na"}
                assert set(item["only_if"]["is"]) <= offered


def test_the_audits_checklist_asks_in_six_sections_in_both_languages() -> None:
    assert 20 <= len(AUDIT) <= 24
    assert checked_items(AUDIT, for_audits=True) == list(AUDIT)
    assert list(dict.fromkeys(item["section"] for item in AUDIT)) == AuditSection.values
    assert len({item["key"] for item in AUDIT}) == len(AUDIT)
    for item in AUDIT:
        assert re.search(r"[\u0980-\u09ff]", item["label_bn"]), item["key"]
        assert item["label_en"].isascii(), item["key"]


def test_the_finals_checklist_is_the_one_its_report_prints() -> None:
    final = importlib.import_module("goldseal.inspections.rules.checklist").FINAL_CHECKS
    expected = [(section, *row) for section, rows in final.items() for row in rows]
    for code in ("PRE", "FIN"):
        items = CHECKLISTS[code]
        assert [(i["section"], i["key"], i["label_en"], i["label_bn"]) for i in items] == expected
        assert {i["kind"] for i in items} == {"yes_no_na"}


@pytest.mark.django_db
def test_a_checklist_that_changed_in_the_pack_gets_a_new_version() -> None:
    one, two = factory("alice"), factory("charlie")
    with one.scope():
        assert ChecklistVersion.objects.filter(version=1).count() == 17
        # An earlier pack asked something else; nobody here edited it.
        ChecklistTemplate.objects.filter(code="SEW-CHECK").update(items=[])
        ChecklistTemplate.objects.filter(code="CUT-CHECK").update(items=[], is_edited=True)
        done = services.load_starter_pack(actor=one.actor, now=NOW)
        assert (done.changed, done.kept) == (("SEW-CHECK",), ("CUT-CHECK",))
        sewing = ChecklistTemplate.objects.get(code="SEW-CHECK")
        assert (sewing.version, sewing.items) == (2, list(CHECKLISTS["SEW"]))
        assert list(sewing.versions.order_by("version").values_list("version", flat=True)) == [1, 2]
        assert ChecklistTemplate.objects.get(code="CUT-CHECK").items == []
    with two.scope():
        assert ChecklistTemplate.objects.get(code="SEW-CHECK").version == 1


@pytest.mark.django_db
def test_a_production_site_begins_with_the_pack_and_a_customer_of_experts_without() -> None:
    site, customer = factory("alice"), factory("charlie", kind="expert_customer")
    with site.scope():
        assert (Stage.objects.count(), Defect.objects.count()) == (16, 81)
        assert ChecklistTemplate.objects.filter(stage__isnull=False).count() == 16
        audit = ChecklistTemplate.objects.get(stage__isnull=True)
        assert (audit.code, audit.pass_at_pct, len(audit.items)) == ("AUD-CHECK", 85, len(AUDIT))
        assert list(Stage.objects.order_by("position").values_list("code", flat=True)) == [
            s.code for s in STAGES
        ]
        assert Entry.objects.filter(workspace_id=site.workspace.pk, event="starter.loaded").count() == 1
    with customer.scope():
        assert (Stage.objects.count(), Defect.objects.count()) == (0, 0)
        assert not ChecklistTemplate.objects.exists()


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_keeps_what_was_edited() -> None:
    one, two = factory("alice"), factory("charlie")
    with one.scope():
        edited = Defect.objects.get(code="KN04")
        services.edit_defect(defect_id=edited.pk, values={"severity": "critical"}, actor=one.actor, now=NOW)
        retired = Stage.objects.get(code="LNK")
        services.retire_stage(stage_id=retired.pk, actor=one.actor, now=NOW)
        # An earlier pack worded this one differently, and the workspace never touched it.
        Defect.objects.filter(code="SF01").update(name_en="Needle")
        services.delete_defect(defect_id=Defect.objects.get(code="PK08").pk, actor=one.actor, now=NOW)
        expected = ({"PK08"}, {"SF01"}, {"KN04", "LNK"})
        news = services.starter_news()
        assert (set(news.new), set(news.changed), set(news.kept)) == expected
        done = services.load_starter_pack(actor=one.actor, now=NOW)
        assert (set(done.new), set(done.changed), set(done.kept)) == expected
        assert Defect.objects.get(code="KN04").severity == "critical"
        assert Defect.objects.get(code="SF01").name_en == "Needle / metal fragment"
        assert not Stage.objects.get(code="LNK").is_active
        entries = Entry.objects.filter(workspace_id=one.workspace.pk)
        before = entries.count()
        again = services.load_starter_pack(actor=one.actor, now=NOW)
        assert not again.has_any
        assert Defect.objects.count() == 81
    with one.scope():
        assert Entry.objects.filter(workspace_id=one.workspace.pk, event="starter.loaded").count() == 2
        assert before <= Entry.objects.filter(workspace_id=one.workspace.pk).count()
    with two.scope():
        assert Defect.objects.get(code="KN04").severity == "minor"


@pytest.mark.django_db
def test_an_inspector_cannot_load_it() -> None:
    one = factory("alice")
    bob = one.member("bob", Role.INSPECTOR)
    with one.scope(), pytest.raises(Forbidden):
        services.load_starter_pack(actor=actor_in(one.workspace, bob, Role.INSPECTOR), now=NOW)

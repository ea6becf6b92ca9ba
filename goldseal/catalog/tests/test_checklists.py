"""Checklists at the door: versions, what a question may hold, the editor without scripts."""

from typing import Any

import pytest
from django.test import Client

from goldseal.catalog import selectors, services
from goldseal.catalog.models import ChecklistTemplate, ChecklistVersion, Stage
from goldseal.catalog.rules.checklist_changes import changes_between
from goldseal.catalog.tests.makers import NOW, actor_in, factory
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.trail.models import Entry

pytestmark = pytest.mark.django_db
WEIGHT = {"label_en": "Weight", "label_bn": "ওজন", "kind": "number", "unit": "g", "min": "1,5", "max": "20"}
CLEAN = {"label_en": "Machine clean?", "kind": "yes_no_na", "failing": ["no"]}
WASH = {
    "label_en": "Which wash?", "kind": "choice", "choices": [{"label_en": "None"}, {"label_en": "Enzyme wash"}],
    "failing": ["enzyme_wash"],
}  # fmt: skip
AFTER = {
    "label_en": "Shade kept?",
    "kind": "yes_no_na",
    "only_if": {"key": "which_wash", "is": ["enzyme_wash"]},
}


def add(place, items, **values) -> ChecklistTemplate:
    stage = Stage.objects.get(code="CUT")
    return services.save_template(
        stage_id=stage.pk,
        values={"name_en": "Own list", **values},
        items=items,
        actor=place.actor,
        now=NOW,
    )


def change(place, template, **given) -> ChecklistTemplate:
    return services.save_template(
        template_id=template.pk, values=given.pop("values", {}), actor=place.actor, now=NOW, **given
    )


def test_questions_are_kept_with_every_field_and_a_key() -> None:
    place = factory("alice")
    with place.scope():
        template = add(place, [CLEAN, WEIGHT, WASH, AFTER])
        assert (template.code, template.version) == ("CUT-1", 1)
        assert [item["key"] for item in template.items] == [
            "machine_clean",
            "weight",
            "which_wash",
            "shade_kept",
        ]
        weight = template.items[1]
        assert (weight["min"], weight["max"], weight["unit"]) == ("1.5", "20", "g")
        assert [c["value"] for c in template.items[2]["choices"]] == ["none", "enzyme_wash"]
        assert selectors.template_for(template.stage) == template
        assert add(place, [CLEAN]).code == "CUT-2"


def test_every_change_makes_a_version_and_nothing_changed_makes_none() -> None:
    one, two = factory("alice"), factory("charlie")
    with one.scope():
        template = add(one, [CLEAN, WEIGHT])
        began_with = list(template.items)
        template = change(one, template, items=[*template.items[:1], WASH])
        assert (template.version, template.revision) == (2, 2)
        template = change(one, template, items=template.items, values={"name_en": "Own list"})
        assert template.version == 2
        template = change(one, template, values={"name_en": "Other name"})
        assert template.version == 3
        kept = {v.version: v.items for v in selectors.versions_of(template)}
        assert kept[1] == began_with
        assert [i["key"] for i in kept[3]] == ["machine_clean", "which_wash"]
        changes = changes_between(before=kept[1], after=kept[2])
        assert [i["key"] for i in changes.added] == ["which_wash"]
        assert [i["key"] for i in changes.removed] == ["weight"]
        assert not changes.changed
        with pytest.raises(Conflict):
            change(one, template, values={"name_en": "Late"}, revision=1)
    with one.scope():
        assert Entry.objects.filter(workspace_id=one.workspace.pk, event="checklist.edited").count() == 2
    with two.scope():
        assert not ChecklistVersion.objects.filter(template_id=template.pk).exists()
        for verb in ("retire", "restore", "delete"):
            with pytest.raises(NotFound):
                getattr(services, f"{verb}_template")(template_id=template.pk, actor=two.actor, now=NOW)
        with pytest.raises(NotFound):
            change(two, template, values={"name_en": "Mine"})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("ab", "ba", (0, 0, 0, True)),
        ("ab", "a", (0, 1, 0, False)),
        ("ab", "xab", (1, 0, 0, False)),
        ("ab", "aB", (0, 0, 1, False)),
        ("ab", "ab", (0, 0, 0, False)),
        ("", "ab", (2, 0, 0, False)),
    ],
)
def test_what_differs_between_two_versions(before, after, told) -> None:
    def items(letters: str) -> list[dict[str, str]]:
        return [{"key": letter.lower(), "label_en": letter} for letter in letters]

    found = changes_between(before=items(before), after=items(after))
    assert (len(found.added), len(found.removed), len(found.changed), found.is_reordered) == told
    assert found.has_any == any(told)


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ([], "items"),
        ([CLEAN] * 81, "items"),
        ([{"label_en": " "}], "items.0.label_en"),
        ([{"label_en": "x" * 201}], "items.0.label_en"),
        ([{"label_en": "x", "label_bn": "a\x00b"}], "items.0.label_bn"),
        ([CLEAN, {**CLEAN, "kind": "smell"}], "items.1.kind"),
        ([{**CLEAN, "section": "kitchen"}], "items.0.section"),
        ([{**CLEAN, "key": "a"}, {**CLEAN, "key": "a"}], "items.1.key"),
        ([{**CLEAN, "key": "Ä b"}], "items.0.key"),
        ([{**WEIGHT, "min": "30"}], "items.0.max"),
        ([{**WEIGHT, "min": "many"}], "items.0.min"),
        ([{**WEIGHT, "failing": ["3"]}], "items.0.failing"),
        ([{**WASH, "choices": [{"label_en": "None"}], "failing": []}], "items.0.choices"),
        ([{**WASH, "choices": [{"label_en": ""}, {"label_en": "b"}], "failing": []}], "items.0.choices"),
        ([{**WASH, "failing": ["steam"]}], "items.0.failing"),
        ([{**CLEAN, "failing": ["maybe"]}], "items.0.failing"),
        ([AFTER, WASH], "items.0.only_if"),
        ([WEIGHT, {**AFTER, "only_if": {"key": "weight", "is": ["1"]}}], "items.1.only_if"),
        ([WASH, {**AFTER, "only_if": {"key": "which_wash", "is": []}}], "items.1.only_if"),
        ([{**CLEAN, "needs_photo": "often"}], "items.0.needs_photo"),
        ([{**CLEAN, "severity_on_fail": "worse"}], "items.0.severity_on_fail"),
    ],
)
def test_a_wrong_question_is_told_at_its_place(items, place) -> None:
    one = factory("alice")
    with one.scope():
        with pytest.raises(Invalid) as refused:
            add(one, items)
        assert place in refused.value.fields
        assert ChecklistTemplate.objects.count() == 17


def test_an_inspector_reads_and_does_not_write() -> None:
    place = factory("alice")
    bob = place.member("bob", Role.INSPECTOR)
    with place.scope():
        template = add(place, [CLEAN])
        with pytest.raises(Forbidden):
            services.save_template(
                template_id=template.pk,
                values={},
                actor=actor_in(place.workspace, bob, Role.INSPECTOR),
                now=NOW,
            )
    client = signed_in(bob)
    assert client.get(url(place, f"checklists/{template.pk}/")).status_code == 200
    assert client.get(url(place, f"checklists/{template.pk}/edit/")).status_code == 403
    assert client.post(url(place, f"checklists/{template.pk}/retire/")).status_code == 403


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(place, path: str) -> str:
    return f"/w/{place.workspace.slug}/catalog/{path}"


def posted(page) -> dict[str, Any]:
    """The fields of the editor as a browser without scripts would send them back."""
    import html.parser

    found: dict[str, Any] = {}

    class Fields(html.parser.HTMLParser):
        select = ""

        def handle_starttag(self, tag, attrs) -> None:
            held = dict(attrs)
            if tag == "input" and held.get("type") == "checkbox":
                if "checked" in held:
                    found.setdefault(held["name"], []).append(held.get("value") or "on")
            elif tag == "input" and held.get("name"):
                found[held["name"]] = held.get("value") or ""
            elif tag == "select":
                self.select = held.get("name") or ""
            elif tag == "option" and (self.select not in found or "selected" in held):
                found[self.select] = held.get("value") or ""

    main = page.content.decode().partition('<form method="post" class="card')[2].partition("</form>")[0]
    Fields().feed(main)
    return found


@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_editor_adds_moves_and_saves_without_scripts(language) -> None:
    place = factory("alice")
    client = signed_in(place.owner)
    client.cookies["language"] = language
    with place.scope():
        stage = Stage.objects.get(code="CUT")
        packs = ChecklistTemplate.objects.get(stage=stage)
    address = url(place, f"stages/{stage.pk}/checklists/new/")
    typed = posted(client.get(address))
    typed |= {"name_en": "Knife check", "q-0-label_en": "Knife sharp?"}
    typed = posted(client.post(address, {**typed, "arrange": "add"}))
    typed |= {"q-1-label_en": "Which knife?", "q-1-kind": "choice"}
    typed = posted(client.post(address, {**typed, "arrange": "show-1"}))
    assert "q-1-choice-0-en" in typed
    typed |= {"q-1-choice-0-en": "Straight", "q-1-choice-1-en": "Band", "q-1-choice-1-fails": "on"}
    typed = posted(client.post(address, {**typed, "arrange": "up-1"}))
    assert typed["q-0-label_en"] == "Which knife?"
    assert typed["q-1-if"] == ""
    typed |= {"q-1-if": "which_knife"}
    typed = posted(client.post(address, {**typed, "arrange": "show-1"}))
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert refused.context["editor"].wrong.keys() == {1}
    typed |= {"q-1-if-is": "straight"}
    done = client.post(address, typed)
    assert done.status_code == 302
    with place.scope():
        made = ChecklistTemplate.objects.get(name_en="Knife check")
        first, second = made.items
        assert (first["key"], first["failing"]) == ("which_knife", ["band"])
        assert second["failing"] == ["no"]
        assert second["only_if"] == {"key": "which_knife", "is": ["straight"]}
    address = url(place, f"checklists/{packs.pk}/edit/")
    typed = posted(client.get(address))
    done = client.post(address, {**typed, "arrange": "drop-0"})
    assert posted(done)["questions"] == str(len(packs.items) - 1)
    client.post(address, posted(done))
    with place.scope():
        changed = ChecklistTemplate.objects.get(pk=packs.pk)
        assert changed.items == packs.items[1:]
        assert (changed.version, changed.is_edited) == (2, True)
    page = client.get(url(place, f"checklists/{packs.pk}/")).content.decode()
    assert packs.items[0]["label_en"] in page.partition('id="versions"')[2]
    for verb in ("retire", "restore", "delete"):
        assert client.post(url(place, f"checklists/{packs.pk}/{verb}/")).status_code == 302
    with place.scope():
        assert not ChecklistTemplate.objects.filter(pk=packs.pk).exists()


def test_saving_an_unchanged_editor_makes_no_version() -> None:
    place = factory("alice")
    client = signed_in(place.owner)
    with place.scope():
        every = list(ChecklistTemplate.objects.all())
    for template in every:
        address = url(place, f"checklists/{template.pk}/edit/")
        assert client.post(address, posted(client.get(address))).status_code == 302
    with place.scope():
        assert set(ChecklistTemplate.objects.values_list("version", flat=True)) == {1}

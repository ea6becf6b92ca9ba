"""Stages: what each method can be set to, and what the form does with it."""

import pytest
from django.test import Client

from goldseal.catalog import services
from goldseal.catalog.choices import Method
from goldseal.catalog.models import Stage
from goldseal.catalog.stagesettings import METHOD_SETTINGS, checked_settings, settings_of
from goldseal.catalog.starter.stages import STAGES
from goldseal.catalog.tests.makers import NOW, factory
from goldseal.kit.errors import Invalid


def test_every_method_has_its_settings_and_the_packs_are_all_allowed() -> None:
    assert set(METHOD_SETTINGS) == set(Method.values)
    for stage in STAGES:
        assert checked_settings(stage.method_code, stage.settings) == stage.settings, stage.code


def test_what_is_left_out_takes_the_usual_value() -> None:
    assert checked_settings("metal", {}) == {"interval_minutes": 60, "card_mm": "1.2"}
    light = checked_settings("roving", {"sample_n": "5", "on_red": []})
    assert (light["sample_n"], light["red_at"], light["on_red"]) == (5, 2, [])
    assert light["revisit_minutes"] == {"green": 120, "yellow": 60, "red": 30}
    assert checked_settings("aql", {"level": "", "aql_major": "1.5"}) == {"aql_major": "1.5"}
    assert checked_settings("metal", {"card_mm": "1,50", "interval_minutes": "১২০"}) == {
        "interval_minutes": 120,
        "card_mm": "1.5",
    }
    cards = {"card_mm": "1.2", "card_non_ferrous_mm": "1.5", "card_stainless_mm": "2"}
    assert checked_settings("metal", {**cards, "card_stainless_mm": "2.0"}) == {
        "interval_minutes": 60,
        **cards,
    }


@pytest.mark.parametrize(
    ("method", "given", "place"),
    [
        ("roving", {"sample_n": 0}, "settings.sample_n"),
        ("roving", {"sample_n": "7.5"}, "settings.sample_n"),
        ("roving", {"sample_n": "many"}, "settings.sample_n"),
        ("roving", {"sample_n": True}, "settings.sample_n"),
        ("roving", {"sample_n": "NaN"}, "settings.sample_n"),
        ("roving", {"sample_n": "1e999999999"}, "settings.sample_n"),
        ("roving", {"yellow_at": 3, "red_at": 2}, "settings.red_at"),
        ("roving", {"revisit_minutes": {"red": 0}}, "settings.revisit_minutes.red"),
        ("roving", {"revisit_minutes": {"pink": 5}}, "settings.revisit_minutes.pink"),
        ("roving", {"on_red": ["shout"]}, "settings.on_red"),
        ("roving", {"on_red": "train"}, "settings.on_red"),
        ("aql", {"level": "IV"}, "settings.level"),
        ("aql", {"aql_major": "2.4"}, "settings.aql_major"),
        ("aql", {"level": ["II"]}, "settings.level"),
        ("metal", {"card_mm": "0.1"}, "settings.card_mm"),
        ("metal", {"card_stainless_mm": "11"}, "settings.card_stainless_mm"),
        ("metal", {"interval_minutes": 30}, "settings.interval_minutes"),
        ("metal", {"interval_minutes": 90}, "settings.interval_minutes"),
        ("four_point", {"system": "ells"}, "settings.system"),
        ("endline", {"hourly_target": -5}, "settings.hourly_target"),
        ("checklist", {"sample_n": 7}, "settings.sample_n"),
    ],
)
def test_a_wrong_setting_is_told_at_its_place(method, given, place) -> None:
    with pytest.raises(Invalid) as refused:
        checked_settings(method, given)
    assert list(refused.value.fields) == [place]
    assert str(refused.value.fields[place])


@pytest.mark.django_db
def test_a_stage_that_changes_its_method_begins_with_its_usual_settings() -> None:
    one, two = factory("alice"), factory("charlie")
    with one.scope():
        stage = Stage.objects.get(code="SEW")
        stage = services.edit_stage(
            stage_id=stage.pk, values={"method_code": "metal"}, actor=one.actor, now=NOW
        )
        assert stage.settings == {"interval_minutes": 60, "card_mm": "1.2"}
        stage = services.edit_stage(stage_id=stage.pk, values={"gate": "hard"}, actor=one.actor, now=NOW)
        assert stage.settings == {"interval_minutes": 60, "card_mm": "1.2"}
        with pytest.raises(Invalid) as refused:
            services.edit_stage(
                stage_id=stage.pk, values={"method_code": "guessing"}, actor=one.actor, now=NOW
            )
        assert list(refused.value.fields) == ["method_code"]
        own = services.create_stage(
            values={"code": "QUI", "name_en": "Quilting", "method_code": "roving"}, actor=one.actor, now=NOW
        )
        assert own.settings["sample_n"] == 7
    with two.scope():
        assert Stage.objects.get(code="SEW").method_code == "roving"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_form_has_real_fields_for_each_method(language) -> None:
    place = factory("alice")
    client = Client()
    client.force_login(place.owner)
    client.cookies["language"] = language
    with place.scope():
        stages = list(Stage.objects.all())
    for stage in stages:
        base = f"/w/{place.workspace.slug}/catalog/stages/{stage.pk}/"
        page = client.get(f"{base}edit/")
        form = page.context["form"]
        expected = {setting.field for setting in settings_of(stage.method_code)}
        assert {name for name in form.fields if name.startswith("settings.")} == expected
        typed = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
        assert client.post(f"{base}edit/", typed).status_code == 302, stage.code
        assert client.get(base).status_code == 200
    with place.scope():
        after = {stage.pk: stage.settings for stage in Stage.objects.all()}
        assert after == {stage.pk: stage.settings for stage in stages}


@pytest.mark.django_db
def test_showing_and_filling_in_save_nothing_and_keep_what_was_typed() -> None:
    place = factory("alice")
    client = Client()
    client.force_login(place.owner)
    with place.scope():
        stage = Stage.objects.get(code="SEW")
    address = f"/w/{place.workspace.slug}/catalog/stages/{stage.pk}/edit/"
    typed = {"code": "SEW", "position": "85", "name_en": "Typed", "method_code": "metal", "gate": "light"}
    page = client.post(address, {**typed, "show": "1"})
    assert page.context["form"]["settings.card_mm"].value() == "1.2"
    assert page.context["form"]["name_en"].value() == "Typed"
    typed |= {"method_code": "roving", "settings.revisit_minutes.green": "90"}
    page = client.post(address, {**typed, "preset": "five_piece"})
    form = page.context["form"]
    assert [form[f"settings.{name}"].value() for name in ("sample_n", "yellow_at", "red_at")] == [5, 1, 2]
    assert form["settings.revisit_minutes.green"].value() == "90"
    with place.scope():
        assert Stage.objects.get(pk=stage.pk).revision == stage.revision
    wrong = {**typed, "settings.sample_n": "0", "settings.yellow_at": "1", "settings.red_at": "2"}
    page = client.post(address, wrong)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["settings.sample_n"]

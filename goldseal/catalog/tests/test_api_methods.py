"""Stages, checklists, rules, charts and packing over the API."""

import pytest

from goldseal.catalog.models import Buyer, Order, Stage, Style
from goldseal.catalog.tests.makers import add_buyer, add_order, add_style, factory
from goldseal.catalog.tests.test_api import NOBODY, Caller
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db
QUESTION = {"label_en": "Machine clean?", "failing": ["no"]}
CHART = {"points": [{"code": "A", "tol_minus": "1", "tol_plus": "1", "spec": {"S": "48", "M": "52"}}]}


@pytest.fixture
def place():
    made = factory("alice")
    with made.scope():
        add_order(made, add_style(made, add_buyer(made)))
    return made


@pytest.fixture
def alice(place):
    return Caller(place, place.owner, Role.OWNER)


@pytest.fixture
def others(place):
    """An inspector of the same workspace, and the owner of another."""
    bob = Caller(place, place.member("bob", Role.INSPECTOR), Role.INSPECTOR)
    charlie = factory("charlie")
    return bob, Caller(charlie, charlie.owner, Role.OWNER)


def the(place, model, **conditions) -> str:
    with place.scope():
        return str(model.objects.get(**conditions).pk)


def test_a_stage_with_its_settings(place, alice) -> None:
    pk = the(place, Stage, code="SEW")
    held = alice("get", f"stages/{pk}").json()
    assert (held["method_code"], held["settings"]["sample_n"]) == ("roving", 7)
    changed = alice("patch", f"stages/{pk}", {"settings": {"sample_n": 5, "revisit_minutes": {"red": 20}}})
    assert changed.json()["settings"]["revisit_minutes"] == {"green": 120, "yellow": 60, "red": 20}
    for settings, at in (
        ({"sample_n": 0}, "settings.sample_n"),
        ({"noise": 1}, "settings.noise"),
        ({"sample_n": 10**30}, "settings"),
        ({"sample_n": "\x00"}, "settings"),
    ):
        wrong = alice("patch", f"stages/{pk}", {"settings": settings})
        assert wrong.status_code == 422
        assert at in wrong.json()["errors"][0]["at"]
    assert alice("patch", f"stages/{pk}", {"method_code": "dowsing"}).status_code == 422


def test_checklists_and_their_versions(place, alice, others) -> None:
    stage = the(place, Stage, code="CUT")
    made = alice("post", "checklists", {"stage_id": stage, "name_en": "Own", "items": [QUESTION]})
    assert made.status_code == 201
    pk, items = made.json()["id"], made.json()["items"]
    assert items[0]["key"] == "machine_clean"
    more = [*items, {**QUESTION, "only_if": {"key": "machine_clean", "is": ["yes"]}}]
    changed = alice("put", f"checklists/{pk}", {"items": more, "revision": 1}).json()
    assert (changed["version"], changed["items"][1]["only_if"]["is"]) == (2, ["yes"])
    assert alice("put", f"checklists/{pk}", {"items": items, "revision": 1}).status_code == 409
    assert [v["version"] for v in alice("get", f"checklists/{pk}/versions").json()] == [2, 1]
    listed = alice("get", f"checklists?stage_id={stage}").json()["items"]
    assert [row["code"] for row in listed] == ["CUT-CHECK", "CUT-1"]
    wrong = alice("put", f"checklists/{pk}", {"items": [{**QUESTION, "failing": ["perhaps"]}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["at"]) == (422, "items.0.failing")
    foreign_stage = alice("post", "checklists", {"stage_id": NOBODY, "name_en": "x", "items": [QUESTION]})
    assert (foreign_stage.status_code, foreign_stage.json()["errors"][0]["at"]) == (422, "stage")
    bob, charlie = others
    assert bob("get", f"checklists/{pk}").status_code == 200
    assert bob("put", f"checklists/{pk}", {"name_en": "Bob's"}).status_code == 403
    for method, path, body in (("get", "", None), ("put", "", {"name_en": "x"}), ("get", "/versions", None)):
        assert charlie(method, f"checklists/{pk}{path}", body).status_code == 404
    for verb in ("retire", "restore"):
        assert alice("post", f"checklists/{pk}/{verb}").status_code == 200
    assert alice("delete", f"checklists/{pk}").status_code == 204


def test_rules_at_a_stage(place, alice, others) -> None:
    pk, stage = the(place, Buyer), the(place, Stage, code="FIN")
    changed = alice(
        "patch", f"buyers/{pk}", {"is_switching": True, "hole_rule": "always_four", "dhu_max": "7.5"}
    ).json()
    assert (changed["is_switching"], changed["hole_rule"], changed["dhu_max"]) == (True, "always_four", "7.5")
    body = {"aql_level": "III", "sampling_scheme": "double"}
    rules = alice("put", f"buyers/{pk}/stage-rules/{stage}", body).json()
    assert [(row["stage_id"], row["aql_level"]) for row in rules] == [(stage, "III")]
    assert alice("get", f"buyers/{pk}/stage-rules").json() == rules
    held = alice("get", f"buyers/{pk}/rules/{stage}").json()
    assert (held["aql_level"], held["sampling_scheme"], held["hole_rule"]) == ("III", "double", "always_four")
    assert alice("put", f"buyers/{pk}/stage-rules/{stage}", {"aql_level": "IV"}).status_code == 422
    assert alice("put", f"buyers/{pk}/stage-rules/{stage}", {"aql_major": "15"}).status_code == 422
    assert alice("put", f"buyers/{pk}/stage-rules/{NOBODY}", {}).status_code == 404
    bob, charlie = others
    assert bob("put", f"buyers/{pk}/stage-rules/{stage}", body).status_code == 403
    assert charlie("put", f"buyers/{pk}/stage-rules/{stage}", body).status_code == 404
    assert charlie("get", f"buyers/{pk}/rules/{stage}").status_code == 404
    assert alice("put", f"buyers/{pk}/stage-rules/{stage}", {}).json() == []


def test_charts(place, alice, others) -> None:
    style = the(place, Style)
    made = alice("post", "charts", {**CHART, "style_id": style})
    assert made.status_code == 201
    pk = made.json()["id"]
    assert made.json()["sizes"] == ["S", "M"]
    again = alice("post", "charts", {**CHART, "style_id": style})
    assert (again.status_code, again.json()["errors"][0]["at"]) == (422, "wash")
    assert alice("post", "charts", {**CHART, "style_id": NOBODY}).status_code == 404
    wrong = {"points": [{"code": "A", "spec": {"S": "20 in"}}]}
    answer = alice("put", f"charts/{pk}", wrong)
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "points.0.spec.S")
    assert alice("put", f"charts/{pk}", {**CHART, "unit": "in", "revision": 1}).json()["unit"] == "in"
    assert alice("put", f"charts/{pk}", {**CHART, "revision": 1}).status_code == 409
    assert len(alice("get", f"charts?style_id={style}").json()["items"]) == 1
    bob, charlie = others
    assert bob("put", f"charts/{pk}", CHART).status_code == 403
    assert charlie("put", f"charts/{pk}", CHART).status_code == 404
    assert charlie("get", f"charts/{pk}").status_code == 404
    assert charlie("post", "charts", {**CHART, "style_id": style}).status_code == 404
    assert alice("post", f"charts/{pk}/retire").json()["is_active"] is False
    assert alice("delete", f"charts/{pk}").status_code == 204


def test_barcodes_and_packing_of_an_order(place, alice) -> None:
    pk = the(place, Order)
    code = {"colour": "Navy", "size": "S", "barcode": "4006381333931"}
    share = {"colour": "Navy", "size": "S", "pieces": 6}
    body = {"barcodes": [code], "packing": {"ratio": [share], "gross_kg": "11.5"}}
    held = alice("patch", f"orders/{pk}", body).json()
    assert held["barcodes"] == [code]
    assert held["packing"] == {"ratio": [share], "gross_kg": "11.5", "marks": ""}
    assert alice("patch", f"orders/{pk}", {"note": "x"}).json()["barcodes"] == [code]
    for wrong, at in (
        ({"barcodes": [{**code, "barcode": "4006381333932"}]}, "barcodes"),
        ({"packing": {"ratio": [{**share, "size": "XXL"}]}}, "packing.ratio"),
        ({"packing": {"gross_kg": "0"}}, "packing.gross_kg"),
    ):
        answer = alice("patch", f"orders/{pk}", wrong)
        assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, at)

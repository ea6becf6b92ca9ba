"""Pages of rules, checklists, charts and suppliers: who may open them, and how many queries they cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goldseal.catalog import services
from goldseal.catalog.models import Buyer, ChecklistTemplate, Stage, Style
from goldseal.catalog.tests.makers import NOW, add_buyer, add_order, add_style, add_supplier, factory
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db
NOBODY = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def place():
    made = factory("alice")
    with made.scope():
        add_order(made, add_style(made, add_buyer(made)))
        grow(made, 1)
    return made


def grow(place, n: int) -> None:
    """n more of everything that these pages list."""
    with place.scope():
        style, stage = Style.objects.get(), Stage.objects.get(code="CUT")
        held = ChecklistTemplate.objects.filter(stage=stage).count()
        for number in range(held, held + n):
            made = services.save_template(
                stage_id=stage.pk,
                values={"name_en": f"List {number}"},
                items=[{"label_en": f"Question {q}?", "failing": ["no"]} for q in range(n)],
                actor=place.actor,
                now=NOW,
            )
            services.save_template(
                template_id=made.pk, values={"name_en": f"Later {number}"}, actor=place.actor, now=NOW
            )
            add_supplier(place, f"MILL{number}")
        points = [{"code": f"P{p}", "spec": {f"S{s}": "50" for s in range(n)}} for p in range(n)]
        services.save_chart(style_id=style.pk, points=points, actor=place.actor, now=NOW)
        codes = list(Stage.objects.values_list("pk", flat=True)[:n])
        services.save_rules(
            buyer_id=Buyer.objects.get().pk,
            values={},
            stage_values={pk: {"aql_level": "III"} for pk in codes},
            actor=place.actor,
            now=NOW,
        )


def paths(place) -> list[str]:
    with place.scope():
        stage, style, buyer = Stage.objects.get(code="CUT"), Style.objects.get(), Buyer.objects.get()
        listed = ChecklistTemplate.objects.filter(stage=stage, is_starter=False).first()
        chart = style.charts.get()
    return [
        f"stages/{stage.pk}/",
        f"stages/{stage.pk}/edit/",
        f"stages/{stage.pk}/checklists/new/",
        f"checklists/{listed.pk}/",
        f"checklists/{listed.pk}/edit/",
        f"styles/{style.pk}/",
        f"styles/{style.pk}/charts/new/",
        f"charts/{chart.pk}/",
        f"charts/{chart.pk}/edit/",
        f"buyers/{buyer.pk}/",
        f"buyers/{buyer.pk}/rules/",
        "suppliers/",
    ]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_pages_cost_the_same_with_three_times_the_rows(place) -> None:
    client = signed_in(place.owner)

    def cost(path: str) -> int:
        address = f"/w/{place.workspace.slug}/catalog/{path}"
        client.get(address)  # what is remembered per process is warm
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return sum(1 for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE")))

    before = {path: cost(path) for path in paths(place)}
    grow(place, 3)
    assert {path: cost(path) for path in before} == before
    assert max(before.values()) <= 15, before


def test_stranger_and_wrong_role_at_every_page(place) -> None:
    charlie_place = factory("charlie")
    charlie = signed_in(charlie_place.owner)
    bob = signed_in(place.member("bob", Role.INSPECTOR))
    for path in paths(place):
        if path == "suppliers/":
            continue
        _noun, pk, *_rest = path.split("/")
        foreign = charlie.get(f"/w/{charlie_place.workspace.slug}/catalog/{path}")
        missing = charlie.get(f"/w/{charlie_place.workspace.slug}/catalog/{path.replace(pk, NOBODY)}")
        assert (foreign.status_code, missing.status_code) == (404, 404), path
        is_writing = path.endswith(("edit/", "new/", "rules/"))
        answer = bob.get(f"/w/{place.workspace.slug}/catalog/{path}")
        assert answer.status_code == (403 if is_writing else 200), path
        if is_writing:
            assert bob.post(f"/w/{place.workspace.slug}/catalog/{path}", {}).status_code == 403, path
    assert Client().get(f"/w/{place.workspace.slug}/catalog/suppliers/").status_code == 302


def test_a_guest_sees_own_charts_and_no_supplier(place) -> None:
    with place.scope():
        own = Buyer.objects.get()
        other = add_style(place, add_buyer(place, "OTHER"), "ST-2")
        foreign = services.save_chart(
            style_id=other.pk, points=[{"code": "A", "spec": {"M": "1"}}], actor=place.actor, now=NOW
        )
        mine = Style.objects.get(buyer=own).charts.get()
    guest = signed_in(place.member("gina", Role.BUYER_GUEST, buyer=own))
    base = f"/w/{place.workspace.slug}/catalog/"
    assert guest.get(f"{base}charts/{mine.pk}/").status_code == 200
    assert guest.get(f"{base}charts/{foreign.pk}/").status_code == 404
    page = guest.get(f"{base}suppliers/")
    assert page.status_code == 200
    assert "MILL" not in page.content.decode()

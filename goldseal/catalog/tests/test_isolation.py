"""Two workspaces and two buyers: what Python and PostgreSQL show, and what both refuse."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django_scopes import scope

from goldseal.catalog import selectors, services
from goldseal.catalog.models import (
    Buyer,
    BuyerStageRule,
    ChecklistTemplate,
    ChecklistVersion,
    Defect,
    Line,
    MeasurementChart,
    Order,
    OrderLine,
    SeverityOverride,
    Site,
    Stage,
    Style,
    Supplier,
)
from goldseal.catalog.tests.makers import (
    NOW,
    add_buyer,
    add_order,
    add_site,
    add_style,
    add_supplier,
    factory,
)
from goldseal.kit.compartments import compartment_choices
from goldseal.kit.errors import NotFound, ScopeError
from goldseal.workspaces.scoping import Scope

pytestmark = pytest.mark.django_db
SHARED = [Site, Line, Stage, Defect, ChecklistTemplate, ChecklistVersion]
OF_A_BUYER = [Buyer, Style, Order, OrderLine, SeverityOverride, BuyerStageRule, MeasurementChart]
MODELS = [*SHARED, *OF_A_BUYER, Supplier]


def filled(name: str):
    """A factory with two buyers, each with a style, an order and a severity of its own."""
    place = factory(name)
    with place.scope():
        site = add_site(place)
        services.create_line(
            site_id=site.pk, values={"code": "L1", "name": "One"}, actor=place.actor, now=NOW
        )
        add_supplier(place)
        made = []
        for code in ("NORTH", "SOUTH"):
            buyer = add_buyer(place, code)
            style = add_style(place, buyer)
            add_order(place, style, f"PO-{code}", site=site.pk)
            chart = {"style_id": style.pk, "points": [{"code": "A", "spec": {"M": "52"}}]}
            services.save_chart(**chart, actor=place.actor, now=NOW)
            final = Stage.objects.get(code="FIN").pk
            services.save_rules(
                buyer_id=buyer.pk,
                values={},
                stage_values={final: {"aql_level": "III"}},
                actor=place.actor,
                now=NOW,
            )
            services.override_severity(
                buyer_id=buyer.pk,
                defect_id=Defect.objects.get(code="KN04").pk,
                zone="",
                severity="critical",
                actor=place.actor,
                now=NOW,
            )
            made.append(buyer)
    return place, *made


def visible(model, *, past_python: bool) -> set:
    if past_python:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT id FROM "{model._meta.db_table}"')
            return {row[0] for row in cursor.fetchall()}
    return set(model.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("past_python", [False, True])
def test_two_workspaces_share_no_row(past_python) -> None:
    one, *_ = filled("alice")
    two, *_ = filled("charlie")
    for model in MODELS:
        with one.scope():
            mine = visible(model, past_python=past_python)
        with two.scope():
            theirs = visible(model, past_python=past_python)
        assert mine, model
        assert theirs, model
        assert not mine & theirs, model


@contextmanager
def pythons_wall_alone(place, buyer):
    """The compartment in Python only: PostgreSQL would show every row of the workspace."""
    with place.scope(), scope(workspace=Scope(place.workspace.pk, buyer.pk)):
        yield


def postgresqls_wall_alone(place, buyer):
    """The compartment in PostgreSQL; raw SQL climbs over Python's."""
    return place.scope(buyer=buyer)


@pytest.mark.parametrize("wall", [pythons_wall_alone, postgresqls_wall_alone])
def test_a_buyer_guest_sees_one_buyers_rows_by_either_wall(wall) -> None:
    past_python = wall is postgresqls_wall_alone
    place, north, south = filled("alice")
    for model in MODELS:
        with place.scope():
            every = visible(model, past_python=past_python)
        with wall(place, north):
            norths = visible(model, past_python=past_python)
        with wall(place, south):
            souths = visible(model, past_python=past_python)
        if model in OF_A_BUYER:
            assert norths, model
            assert norths | souths == every, model
            assert not norths & souths, model
        elif model in SHARED:
            assert norths == souths == every, model
        else:  # suppliers are the factory's own business
            assert every, model
            assert not norths | souths, model


@pytest.mark.parametrize("model", MODELS)
def test_outside_a_scope_nothing_opens(model) -> None:
    with pytest.raises(ScopeError):
        model.objects.exists()


def test_a_row_cannot_point_into_another_workspace(transactional_savepoint) -> None:
    _one, north, _south = filled("alice")
    two, _n, _s = filled("charlie")
    with two.scope(), transactional_savepoint(), connection.cursor() as cursor:
        style = Style.objects.first()
        cursor.execute("UPDATE catalog_style SET buyer_id = %s WHERE id = %s", [north.pk, style.pk])
        with pytest.raises(IntegrityError, match="_ws"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_foreign_rows_are_not_found_by_any_service() -> None:
    one, north, _south = filled("alice")
    two, *_ = filled("charlie")
    with one.scope():
        ids = {
            "buyer": north.pk,
            "site": Site.objects.first().pk,
            "line": Line.objects.first().pk,
            "style": Style.objects.first().pk,
            "order": Order.objects.first().pk,
            "stage": Stage.objects.first().pk,
            "defect": Defect.objects.first().pk,
            "supplier": Supplier.objects.first().pk,
        }
    with two.scope():
        for noun, pk in ids.items():
            for verb in ("retire", "restore", "delete"):
                with pytest.raises(NotFound):
                    getattr(services, f"{verb}_{noun}")(**{f"{noun}_id": pk}, actor=two.actor, now=NOW)
            edit = services.save_order if noun == "order" else getattr(services, f"edit_{noun}")
            with pytest.raises(NotFound):
                edit(**{f"{noun}_id": pk}, values={}, actor=two.actor, now=NOW)


def test_compartments_are_the_buyers_in_use() -> None:
    place, north, south = filled("alice")
    with place.scope():
        services.retire_buyer(buyer_id=south.pk, actor=place.actor, now=NOW)
        assert compartment_choices() == [(str(north.pk), "Buyer NORTH")]


def test_effective_severity_asks_the_buyer_first() -> None:
    place, north, _south = filled("alice")
    with place.scope():
        defect = Defect.objects.get(code="KN04")  # minor, major in zone A
        third = add_buyer(place, "THIRD")
        assert selectors.effective_severity(defect=defect, buyer=north, zone="B") == "critical"
        assert selectors.effective_severity(defect=defect, buyer=third, zone="B") == "minor"
        assert selectors.effective_severity(defect=defect, buyer=third, zone="A") == "major"
        assert selectors.severity_table(buyer=third)["KN04"] == {
            "": "minor",
            "A": "major",
            "B": "minor",
            "C": "minor",
        }
        assert set(selectors.severity_table(buyer=north)["KN04"].values()) == {"critical"}
        assert len(selectors.severity_table(buyer=north)) == 81
        children = selectors.severity_table(buyer=third, is_for_children=True)
        assert (children["TL02"]["B"], children["KN04"]["B"]) == ("critical", "minor")

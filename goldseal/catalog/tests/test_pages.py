"""The pages of the catalog at the door: who may open them, what forms keep, how many queries they cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goldseal.catalog import services
from goldseal.catalog.models import Buyer, Defect, Order, SeverityOverride, Site, Stage, Style, Supplier
from goldseal.catalog.tests.makers import (
    GRID,
    NOW,
    add_buyer,
    add_order,
    add_site,
    add_style,
    add_supplier,
    factory,
    person,
)
from goldseal.kit.permissions import Role

pytestmark = pytest.mark.django_db
NOUNS = ["buyers", "sites", "styles", "orders", "stages", "defects", "suppliers"]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def place():
    """Alice's factory with one of everything."""
    made = factory("alice")
    with made.scope():
        buyer = add_buyer(made)
        site = add_site(made)
        services.create_line(
            site_id=site.pk, values={"code": "L01", "name": "Line 1"}, actor=made.actor, now=NOW
        )
        add_order(made, add_style(made, buyer), site=site.pk)
        add_supplier(made)
    return made


def ids(place) -> dict[str, str]:
    with place.scope():
        rows = {
            "buyers": Buyer,
            "sites": Site,
            "styles": Style,
            "orders": Order,
            "stages": Stage,
            "defects": Defect,
            "suppliers": Supplier,
        }
        return {noun: str(model.objects.order_by("pk").first().pk) for noun, model in rows.items()}


def url(place, path: str) -> str:
    return f"/w/{place.workspace.slug}/catalog/{path}"


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("language", ["en", "bn"])
def test_every_page_opens_for_the_owner(place, noun, language) -> None:
    client = signed_in(place.owner)
    client.cookies["language"] = language
    pk = ids(place)[noun]
    for path in (
        f"{noun}/",
        f"{noun}/new/",
        f"{noun}/{pk}/",
        f"{noun}/{pk}/edit/",
        f"{noun}/?format=csv",
        "starter/",
    ):
        response = client.get(url(place, path))
        assert response.status_code == 200, path
    assert client.get(f"/w/{place.workspace.slug}/").status_code == 200


@pytest.mark.parametrize("noun", NOUNS)
def test_stranger_and_signed_out_and_wrong_role(place, noun) -> None:
    charlie = factory("charlie")
    own_id, pk = ids(place)[noun], "01900000-0000-7000-8000-000000000000"
    assert Client().get(url(place, f"{noun}/")).status_code == 302
    assert signed_in(charlie.owner).get(url(place, f"{noun}/")).status_code == 404
    # A foreign object answers exactly as one that does not exist.
    foreign = signed_in(charlie.owner).get(url(charlie, f"{noun}/{own_id}/"))
    missing = signed_in(charlie.owner).get(url(charlie, f"{noun}/{pk}/"))
    assert foreign.status_code == missing.status_code == 404
    assert _without_marks(foreign, own_id) == _without_marks(missing, pk)
    bob = signed_in(place.member("bob", Role.INSPECTOR))
    assert bob.get(url(place, f"{noun}/{own_id}/")).status_code == 200
    for path in (f"{noun}/new/", f"{noun}/{own_id}/edit/"):
        assert bob.get(url(place, path)).status_code == 403
        assert bob.post(url(place, path), {}).status_code == 403
    for verb in ("retire", "restore", "delete"):
        assert bob.post(url(place, f"{noun}/{own_id}/{verb}/")).status_code == 403
        assert signed_in(charlie.owner).post(url(charlie, f"{noun}/{own_id}/{verb}/")).status_code == 404


def _without_marks(response, pk) -> bytes:
    import re

    text = response.content.decode().replace(pk, "ID")
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]*', "", text).encode()


@pytest.mark.parametrize("noun", NOUNS)
def test_lists_cost_the_same_with_three_times_the_rows(place, noun) -> None:
    client = signed_in(place.owner)

    def grow(start: int, number: int) -> None:
        with place.scope():
            site = Site.objects.first()
            for i in range(start, start + number):
                buyer = add_buyer(place, f"B{i}")
                add_site(place, f"S{i}")
                add_order(place, add_style(place, buyer, f"ST-{i}"), f"PO-{i}", site=site.pk)
                values = {"code": f"X{i}", "name_en": f"Own {i}"}
                services.create_stage(values=values, actor=place.actor, now=NOW)
                services.create_defect(
                    values={**values, "family": "SW", "severity": "minor"}, actor=place.actor, now=NOW
                )

    def cost(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url(place, path)).status_code == 200
        # The savepoints stand for the BEGIN and COMMIT of the request's transactions.
        return sum(1 for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE")))

    grow(0, 4)
    paths = [f"{noun}/", f"{noun}/{ids(place)[noun]}/", f"{noun}/{ids(place)[noun]}/edit/", f"{noun}/new/"]
    before = [cost(path) for path in paths]
    grow(4, 8)
    assert [cost(path) for path in paths] == before
    assert max(before) <= 15, dict(zip(paths, before, strict=True))


def test_a_form_keeps_what_was_typed_and_says_what_is_allowed(place) -> None:
    client = signed_in(place.owner)
    typed = {
        "code": "north", "name": "", "aql_level": "II", "aql_critical": "0", "aql_major": "15",
        "aql_minor": "4.0", "inspection_type": "normal", "count_by": "defectives", "sample_basis": "drawn",
        "quantity_tolerance_pct": "140", "made_pct_min": "100", "packed_pct_min": "80",
        "points_out_pct_max": "10", "note": "keep <this> ১২৩",
    }  # fmt: skip
    page = client.post(url(place, "buyers/new/"), typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert "keep &lt;this&gt; ১২৩" in text
    assert 'value="140"' in text
    assert page.context["form"].errors.keys() == {"name", "quantity_tolerance_pct"}
    page = client.post(url(place, "buyers/new/"), {**typed, "name": "Twice", "quantity_tolerance_pct": "5"})
    assert page.context["form"].errors.keys() == {"aql_major"}
    page = client.post(
        url(place, "buyers/new/"),
        {**typed, "name": "Twice", "quantity_tolerance_pct": "5", "aql_major": "2.5"},
    )
    assert "already has this code" in str(page.context["form"].errors["code"])
    done = client.post(
        url(place, "buyers/new/"),
        {**typed, "code": "fold", "name": "New", "quantity_tolerance_pct": "5", "aql_major": "2.5"},
    )
    assert done.status_code == 302
    with place.scope():
        assert Buyer.objects.get(code="FOLD").note == "keep <this> ১২৩"


def order_data(place, **changes) -> dict[str, str]:
    with place.scope():
        style = Style.objects.first()
    return {
        "style": str(style.pk), "po_number": "PO-9", "status": "open", "ex_factory_on": "2026-04-01",
        "colours": "2", "sizes": "2", "colour-0": "Navy", "colour-1": "Ecru", "size-0": "S", "size-1": "M",
        "pieces-0-0": "1,200", "pieces-0-1": "১২", "pieces-1-0": "", "pieces-1-1": "7", **changes,
    }  # fmt: skip


def test_the_grid_grows_and_shrinks_without_saving(place) -> None:
    client = signed_in(place.owner)
    page = client.post(url(place, "orders/new/"), order_data(place, grid="add-colour"))
    assert page.status_code == 200
    grid = page.context["grid"]
    assert (grid.colours, grid.sizes) == (["Navy", "Ecru", ""], ["S", "M"])
    assert grid.pieces[0] == ["1,200", "১২"]
    assert 'value="PO-9"' in page.content.decode()
    page = client.post(url(place, "orders/new/"), order_data(place, grid="drop-size-0"))
    assert page.context["grid"].sizes == ["M"]
    assert page.context["grid"].pieces == [["১২"], ["7"]]
    with place.scope():
        assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pieces-0-0": "twelve"}, "whole pieces"),
        ({"pieces-0-0": "-3"}, "whole pieces"),
        ({"pieces-0-0": "99999999999"}, "whole pieces"),
        ({"colour-0": ""}, "name the colour"),
        ({"colour-1": " navy "}, "stands there twice"),
        ({"pieces-0-0": "", "pieces-0-1": "0", "pieces-1-1": ""}, "at least one colour"),
        ({"colour-0": "N" * 61}, "at most 60"),
        ({"po_number": ""}, "required"),
        ({"style": "01900000-0000-7000-8000-000000000000"}, "valid choice"),
        ({"colours": "x", "sizes": "-1"}, "at least one colour"),
        ({"colour-0": "a\x00b"}, "cannot be stored"),
    ],
)
def test_a_wrong_grid_is_told_and_kept(place, changes, said) -> None:
    client = signed_in(place.owner)
    page = client.post(url(place, "orders/new/"), order_data(place, **changes))
    assert page.status_code == 422
    assert said in page.content.decode()
    for name, text in changes.items():
        if name.startswith("pieces") and text:
            assert f'name="{name}" value="{text}"' in page.content.decode()
    with place.scope():
        assert Order.objects.count() == 1


def test_an_order_is_saved_with_its_grid_and_shown_with_totals(place) -> None:
    client = signed_in(place.owner)
    done = client.post(url(place, "orders/new/"), order_data(place))
    assert done.status_code == 302
    page = client.get(done["Location"])
    assert page.context["grid"].total == 1200 + 12 + 7
    assert page.context["size_sums"] == [1200, 19]
    assert "1,219" in page.content.decode()
    assert [entry["who"] for entry in page.context["history"]] == ["alice"]


def test_a_change_somebody_else_made_meanwhile_is_not_overwritten(place) -> None:
    client = signed_in(place.owner)
    pk = ids(place)["sites"]
    stale = {"code": "U1", "name": "Mine", "revision": "1"}
    assert client.post(url(place, f"sites/{pk}/edit/"), {**stale, "name": "First"}).status_code == 302
    page = client.post(url(place, f"sites/{pk}/edit/"), stale)
    assert page.status_code == 422
    assert "Somebody else changed this" in page.content.decode()
    assert 'value="Mine"' in page.content.decode()
    with place.scope():
        assert Site.objects.get().name == "First"


@pytest.mark.parametrize("noun", NOUNS)
def test_retire_restore_and_delete(place, noun) -> None:
    client = signed_in(place.owner)
    pk = ids(place)[noun]
    model = {
        "buyers": Buyer,
        "sites": Site,
        "styles": Style,
        "orders": Order,
        "stages": Stage,
        "defects": Defect,
        "suppliers": Supplier,
    }[noun]

    def press(verb: str):
        return client.post(url(place, f"{noun}/{pk}/{verb}/"), follow=True)

    assert "retired" in press("retire").content.decode()
    with place.scope():
        assert not model.objects.get(pk=pk).is_active
    assert "in use again" in press("restore").content.decode()
    page = press("delete")
    with place.scope():
        still_there = model.objects.filter(pk=pk).exists()
    in_use = noun in ("buyers", "sites", "styles")
    assert still_there == in_use
    assert ("cannot be deleted" if in_use else "deleted") in page.content.decode()


def test_own_severities_are_set_and_taken_back_on_the_buyers_page(place) -> None:
    client = signed_in(place.owner)
    pk = ids(place)["buyers"]
    with place.scope():
        defect = Defect.objects.get(code="KN04")
    wrong = client.post(
        url(place, f"buyers/{pk}/severities/"), {"defect": "", "zone": "D", "severity": "major"}
    )
    assert wrong.status_code == 422
    assert wrong.context["severity_form"].errors.keys() == {"defect", "zone"}
    for severity in ("critical", "major"):
        client.post(
            url(place, f"buyers/{pk}/severities/"), {"defect": defect.pk, "zone": "B", "severity": severity}
        )
    with place.scope():
        own = SeverityOverride.objects.get()
        assert (own.zone, own.severity) == ("B", "major")
    client.post(url(place, f"severities/{own.pk}/clear/"))
    with place.scope():
        assert not SeverityOverride.objects.exists()


def test_first_steps_vanish_when_they_are_done(place) -> None:
    charlie = factory("charlie")
    client = signed_in(charlie.owner)
    home = client.get(f"/w/{charlie.workspace.slug}/").content.decode()
    assert "First steps" in home
    assert "1 of 6 done" in home  # the defect library came with the workspace
    home = signed_in(place.owner).get(f"/w/{place.workspace.slug}/").content.decode()
    assert "First steps" not in home


def test_a_buyer_guest_sees_own_buyer_only(place) -> None:
    with place.scope():
        own = Buyer.objects.get()
        other = add_buyer(place, "OTHER")
        foreign_order = add_order(place, add_style(place, other, "SECRET-1"), "PO-SECRET", GRID)
    guest = signed_in(place.member("gina", Role.BUYER_GUEST, buyer=own))
    for noun in NOUNS:
        page = guest.get(url(place, f"{noun}/"))
        assert page.status_code == 200
        assert "SECRET" not in page.content.decode()
        assert "Buyer OTHER" not in page.content.decode()
    assert guest.get(url(place, f"orders/{foreign_order.pk}/")).status_code == 404
    assert guest.get(url(place, f"buyers/{other.pk}/")).status_code == 404
    with place.scope():
        mine = Order.objects.get(buyer=own)
    assert guest.get(url(place, f"orders/{mine.pk}/")).status_code == 200
    assert guest.get(url(place, f"orders/{mine.pk}/edit/")).status_code == 403


def test_somebody_without_a_workspace_is_a_stranger_everywhere(place) -> None:
    assert signed_in(person("dora")).get(url(place, "buyers/")).status_code == 404

"""Measurement charts: exact amounts, every problem at its point and size, tolerances against grades, the editor."""

from fractions import Fraction

import pytest
from django.test import Client

from goldseal.catalog import selectors, services
from goldseal.catalog.models import MeasurementChart
from goldseal.catalog.rules.grading import overlaps
from goldseal.catalog.tests.makers import NOW, actor_in, add_buyer, add_order, add_style, factory
from goldseal.catalog.tests.test_checklists import posted
from goldseal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from goldseal.kit.permissions import Role
from goldseal.trail.models import Entry

CHEST = {
    "code": "A", "name_en": "Chest", "name_bn": "বুক", "critical": True, "tol_minus": "-1", "tol_plus": "1,5",
    "spec": {"S": "48", "M": "52,5", "10": "57"},
}  # fmt: skip
LENGTH = {"code": "B", "tol_minus": "1/4", "tol_plus": "½", "spec": {"S": "24 1/2", "M": "25 1/2"}}


def save(place, style, points, **given) -> MeasurementChart:
    return services.save_chart(style_id=style.pk, points=points, actor=place.actor, now=NOW, **given)


@pytest.mark.django_db
def test_a_chart_keeps_amounts_as_written_and_sizes_in_their_order() -> None:
    one, two = factory("alice"), factory("charlie")
    with one.scope():
        style = add_style(one, add_buyer(one))
        save(one, style, [CHEST], note="Sample 2")
        chart = MeasurementChart.objects.get()
        assert chart.sizes == ["S", "M", "10"]
        assert chart.points[0]["spec"] == {"S": "48", "M": "52,5", "10": "57"}
        assert (chart.points[0]["tol_minus"], chart.points[0]["tol_plus"]) == ("1", "1,5")
        assert selectors.chart_for(style) == chart
        assert save(one, style, [CHEST], note="Sample 2", sizes=["S", "M", "10"]).revision == 1
        changed = save(one, style, [{**CHEST, "spec": {**CHEST["spec"], "M": "53"}}], revision=1)
        assert (changed.pk, changed.revision) == (chart.pk, 2)
        with pytest.raises(Conflict):
            save(one, style, [CHEST], revision=1)
        with pytest.raises(Invalid) as refused:
            save(one, style, [CHEST], revision=0)
        assert list(refused.value.fields) == ["wash"]
        washed = save(one, style, [LENGTH], wash="after", unit="in", revision=0)
        assert washed.pk != chart.pk
        services.retire_chart(chart_id=chart.pk, actor=one.actor, now=NOW)
        assert selectors.chart_for(style) is None
        assert selectors.chart_for(style, "after") == washed
        bob = one.member("bob", Role.INSPECTOR)
        with pytest.raises(Forbidden):
            services.save_chart(
                style_id=style.pk,
                points=[CHEST],
                actor=actor_in(one.workspace, bob, Role.INSPECTOR),
                now=NOW,
            )
    with one.scope():
        entry = Entry.objects.filter(workspace_id=one.workspace.pk, event="chart.edited").get()
        before, after = entry.payload.data["changed"]["A"]
        assert ("M 52,5" in before, "M 53" in after) == (True, True)
    with two.scope():
        with pytest.raises(NotFound):
            save(two, style, [CHEST])
        for verb in ("retire", "restore", "delete"):
            with pytest.raises(NotFound):
                getattr(services, f"{verb}_chart")(chart_id=chart.pk, actor=two.actor, now=NOW)
        assert not MeasurementChart.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("points", "given", "place", "said"),
    [
        ([], {}, "points", "between 1 and 60"),
        ([CHEST] * 61, {}, "points", "between 1 and 60"),
        ([CHEST, {**CHEST, "code": "a"}], {}, "points.1.code", "stands there twice"),
        ([{**CHEST, "code": " "}], {}, "points.0.code", "needs a code"),
        ([{**CHEST, "spec": {}}], {}, "points", "sizes"),
        ([CHEST, {**CHEST, "code": "B", "spec": {}}], {}, "points.1.spec", "at least one size"),
        ([{**CHEST, "spec": {"S": "wide"}}], {}, "points.0.spec.S", "12 3/8"),
        ([{**CHEST, "spec": {"S": "0"}}], {}, "points.0.spec.S", "above zero"),
        ([{**CHEST, "spec": {"S": "-5"}}], {}, "points.0.spec.S", "above zero"),
        ([{**CHEST, "spec": {"S": "20 in"}}], {}, "points.0.spec.S", "50.8"),
        ([{**CHEST, "tol_plus": "much"}], {}, "points.0.tol_plus", "12 3/8"),
        ([{**CHEST, "name_bn": "x" * 121}], {}, "points.0.name_bn", "120"),
        ([{**CHEST, "how": "a\x00b"}], {}, "points.0.how", "300"),
        ([CHEST], {"unit": "ell"}, "unit", "list"),
        ([CHEST], {"wash": "never"}, "wash", "list"),
        ([CHEST], {"sizes": ["S", "s "]}, "points", "twice"),
        ([{**CHEST, "spec": {f"S{n}": "1" for n in range(31)}}], {}, "points", "between 1 and 30"),
        ([{**CHEST, "spec": {"x" * 21: "1"}}], {}, "points", "20"),
        ([CHEST], {"note": "x" * 301}, "note", "300"),
    ],
)
def test_each_problem_is_named_at_its_point_and_size(points, given, place, said) -> None:
    one = factory("alice")
    with one.scope():
        style = add_style(one, add_buyer(one))
        with pytest.raises(Invalid) as refused:
            save(one, style, points, **given)
        assert list(refused.value.fields) == [place]
        assert said in str(refused.value.fields[place])
        assert not MeasurementChart.objects.exists()


def test_a_tolerance_must_stay_below_half_the_grade_step() -> None:
    """By hand: half of the step 1 is 1/2; 1/4 and 1/2 face each other with a mean of 3/8, below it."""
    sizes = ["S", "M", "L"]
    sound = {"code": "B", "tol_minus": "1/4", "tol_plus": "1/2", "spec": {"S": "24", "M": "25", "L": "25"}}
    assert overlaps(points=[sound], sizes=sizes, unit="in") == []
    wide = {**sound, "tol_minus": "1/2"}
    (found,) = overlaps(points=[wide], sizes=sizes, unit="in")
    assert (found.code, found.smaller, found.larger) == ("B", "S", "M")
    assert (found.step, found.tolerance) == (Fraction(1), Fraction(1, 2))
    falling = {**wide, "spec": {"S": "25", "L": "24"}}
    (found,) = overlaps(points=[falling], sizes=sizes, unit="in")
    assert (found.smaller, found.larger) == ("L", "S")


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_editor_grows_keeps_and_saves_without_scripts(language) -> None:
    place = factory("alice")
    with place.scope():
        style = add_style(place, add_buyer(place))
        add_order(place, style)
    client = Client()
    client.force_login(place.owner)
    client.cookies["language"] = language
    base = f"/w/{place.workspace.slug}/catalog/"
    address = f"{base}styles/{style.pk}/charts/new/"
    typed = posted(client.get(address))
    assert [typed["size-0"], typed["size-1"], typed["points"]] == ["S", "M", "4"]
    typed = posted(client.post(address, {**typed, "code-0": "A", "grid": "add-size"}))
    assert (typed["code-0"], typed["sizes"]) == ("A", "3")
    typed = posted(client.post(address, {**typed, "grid": "drop-size-2"}))
    typed |= {
        "amount-0-0": "48",
        "amount-0-1": "wide",
        "tol_minus-0": "2",
        "tol_plus-0": "2",
        "critical-0": "on",
    }
    wrong = client.post(address, typed)
    assert wrong.status_code == 422
    assert wrong.context["grid"].wrong.keys() == {(0, "spec.M")}
    assert 'value="wide"' in wrong.content.decode()
    done = client.post(address, {**typed, "amount-0-1": "51.5"})
    assert done.status_code == 302
    page = client.get(done["Location"])
    assert [o["code"] for o in page.context["overlaps"]] == ["A"]
    again = client.post(address, {**typed, "amount-0-1": "51.5"})
    assert again.status_code == 422
    edit = f"{done['Location']}edit/"
    typed = posted(client.get(edit))
    assert typed["points"] == "1"
    assert client.post(edit, typed).status_code == 302
    with place.scope():
        chart = MeasurementChart.objects.get()
        assert chart.revision == 1
        assert chart.points[0]["spec"] == {"S": "48", "M": "51.5"}
        assert chart.points[0]["critical"] is True
    assert client.get(f"{base}styles/{style.pk}/").status_code == 200
    for verb in ("retire", "restore", "delete"):
        assert client.post(f"{base}charts/{chart.pk}/{verb}/").status_code == 302
    with place.scope():
        assert not MeasurementChart.objects.exists()

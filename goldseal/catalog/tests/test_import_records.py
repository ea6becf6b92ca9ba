"""Styles and defects from a sheet: one row, one record; a row stands alone."""

import pytest

from goldseal.catalog.models import Defect, Style
from goldseal.catalog.tests.importing import applied, checked, factory_with_style, problems, started
from goldseal.catalog.tests.makers import Factory


@pytest.fixture
def place(db) -> Factory:
    return factory_with_style()


STYLES = """Buyer,Style no,Name,বাংলা নাম,Type,Kids,Season
NORTH,NF-2000,Polo neck,পোলো নেক,Sweater,No,AW26
Buyer NORTH,NF-2001,Tee,,Cut and sew knit,yes,
NORTH,NF-1042,Crew,,,,AW27
"""


def test_styles(place: Factory) -> None:
    with place.scope():
        run = started(place, STYLES, kind="styles")
        assert run.columns == [
            "buyer",
            "code",
            "name",
            "name_bn",
            "product_family",
            "is_for_children",
            "season",
        ]
        run = checked(place, run)
        assert problems(run) == [(4, 2)]
        run = checked(place, run, existing="update")
        done = applied(place, run)
        assert (done.counts["created"], done.counts["changed"]) == (2, 1)
        tee = Style.objects.get(code="NF-2001")
        assert (tee.product_family, tee.is_for_children, tee.season) == ("cut_and_sew", True, "")
        old = Style.objects.get(code="NF-1042")
        assert (old.name, old.season, old.revision) == ("Crew", "AW27", 2)
        again = applied(place, checked(place, started(place, STYLES, kind="styles"), existing="update"))
        assert (again.counts["created"], again.counts["changed"]) == (0, 0)


def test_styles_that_break_a_rule_are_named_by_cell(place: Factory) -> None:
    sheet = f"Buyer,Style no,Name,Type\nNOBODY,A1,x,\nNORTH,{'9' * 41},x,\nNORTH,A2,x,Hat\nNORTH,A3,,\nNORTH,A4,x,\nNORTH,a4,y,\nNORTH,A5,a\x00b,\n"
    with place.scope():
        run = checked(place, started(place, sheet, kind="styles"))
        assert problems(run) == [(2, 1), (3, 2), (4, 4), (5, 3), (7, 2), (8, 3)]


DEFECTS = """Code,Group,Defect,Name (Bangla),Severity,Zone A
X-01,Knitting,Barre,ব্যারে,Major,Critical
X-02,সেলাই,Open seam,খোলা সেলাই,গুরুতর,
"""


def test_the_defect_library(place: Factory) -> None:
    with place.scope():
        run = checked(place, started(place, DEFECTS, kind="defects"))
        assert run.problems == []
        applied(place, run)
        found = {
            d.code: (d.family, d.severity, d.severity_zone_a, d.is_edited)
            for d in Defect.objects.filter(code__startswith="X-")
        }
        assert found == {"X-01": ("KN", "major", "critical", True), "X-02": ("SW", "critical", "", True)}
        sheet = "Code,Family,Name,Severity\nKN01,KN,Our own words,Minor\n"
        assert problems(checked(place, started(place, sheet, kind="defects"))) == [(2, 1)]

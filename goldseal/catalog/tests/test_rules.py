"""The catalog's rules: severities, AQLs, grids."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.catalog.rules.aql import PREFERRED_AQLS, counts_only_defects, is_aql
from goldseal.catalog.rules.grid import Quantity, first_twice, grid_of
from goldseal.catalog.rules.severity import SEVERITIES, ZONES, SeverityRule, effective_severity

severity = st.sampled_from(SEVERITIES)
perhaps = st.sampled_from(("", *SEVERITIES))
zones = st.sampled_from(("", *ZONES))
rules = st.builds(SeverityRule, default=severity, zone_a=perhaps, children=perhaps)
overrides = st.dictionaries(zones, severity)


@given(rules, overrides, zones, st.booleans())
def test_the_buyers_word_for_the_zone_goes_first(rule, own, zone, children) -> None:
    result = effective_severity(defect=rule, buyer=own, zone=zone, is_for_children=children)
    assert result in SEVERITIES
    if zone in own:
        assert result == own[zone]
    elif "" in own:
        assert result == own[""]


@given(rules, zones, st.booleans())
def test_without_a_buyers_word_the_gravest_of_the_library_holds(rule, zone, children) -> None:
    result = effective_severity(defect=rule, buyer={}, zone=zone, is_for_children=children)
    said = (
        {rule.default} | ({rule.zone_a} if zone == "A" else set()) | ({rule.children} if children else set())
    )
    gravity = {"critical": 3, "major": 2, "minor": 1, "": 0}
    assert gravity[result] == max(gravity[s] for s in said)


@given(rules, overrides, zones)
def test_a_word_for_another_zone_changes_nothing(rule, own, zone) -> None:
    elsewhere = {z: s for z, s in own.items() if z in ("", zone)}
    assert effective_severity(defect=rule, buyer=own, zone=zone) == effective_severity(
        defect=rule, buyer=elsewhere, zone=zone
    )


@pytest.mark.parametrize(
    ("code_rule", "zone", "children", "expected"),
    [
        # DOMAIN §9: "m/M" is minor, major in zone A; TL02 "M/C" is critical on children's garments.
        (SeverityRule("minor", zone_a="major"), "A", False, "major"),
        (SeverityRule("minor", zone_a="major"), "B", False, "minor"),
        (SeverityRule("minor", zone_a="major"), "", False, "minor"),
        (SeverityRule("major", children="critical"), "C", True, "critical"),
        (SeverityRule("major", children="critical"), "C", False, "major"),
    ],
)
def test_the_domains_own_cases(code_rule, zone, children, expected) -> None:
    assert effective_severity(defect=code_rule, buyer={}, zone=zone, is_for_children=children) == expected


def test_unknown_zones_and_severities_are_refused() -> None:
    with pytest.raises(ValueError, match="Zone must be one of A, B, C"):
        effective_severity(defect=SeverityRule("minor"), buyer={}, zone="D")
    with pytest.raises(ValueError, match="Severity must be one of"):
        effective_severity(defect=SeverityRule("minor"), buyer={"": "grave"}, zone="A")


def test_the_aqls_are_the_standards(shared_data) -> None:
    table = json.loads((shared_data.parent / "domain" / "iso2859_single_normal.json").read_text())
    text = json.dumps(table)
    assert all(f'"{aql}"' in text for aql in PREFERRED_AQLS)
    assert len(PREFERRED_AQLS) == 26
    assert is_aql("0")
    assert not is_aql("3.0")
    assert not is_aql("2.50")


def test_an_aql_above_ten_counts_defects_only() -> None:
    assert [aql for aql in ("0", "0.010", "4.0", "10", "15", "1000") if counts_only_defects(aql)] == [
        "15",
        "1000",
    ]
    with pytest.raises(ValueError, match="AQL must be 0 or one of"):
        counts_only_defects("3")


names = st.sampled_from(["Navy", "Ecru", "Grey", "Red"])
quantities = st.lists(st.builds(Quantity, names, st.sampled_from(["S", "M", "L"]), st.integers(1, 10_000)))


@given(quantities)
def test_totals_of_a_grid_agree_down_and_across(entries) -> None:
    grid = grid_of(entries)
    assert grid.total == sum(entry.pieces for entry in entries)
    assert (
        sum(grid.of_colour(c) for c in grid.colours) == sum(grid.of_size(s) for s in grid.sizes) == grid.total
    )
    assert [row[2] for row in grid.rows()] == [grid.of_colour(c) for c in grid.colours]
    assert list(grid.colours) == list(dict.fromkeys(entry.colour for entry in entries))


@pytest.mark.parametrize(
    ("given_names", "expected"), [(["S", "M"], ""), (["S", "M", " s "], "s"), (["Écru", "écru"], "écru")]
)
def test_names_that_stand_twice(given_names, expected) -> None:
    assert first_twice(given_names) == expected

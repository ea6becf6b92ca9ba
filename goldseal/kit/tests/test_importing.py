"""Kinds of import are declared once; a row knows where its values stood, and whether it can be imported."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.kit.importing import (
    ImportKind,
    ImportRow,
    Prepared,
    Problem,
    bad_rows,
    declare_import,
    held_back,
    import_kind,
    import_kinds,
)


def kind(code: str) -> ImportKind:
    return ImportKind(
        code=code,
        title="Test",
        lead="",
        permission="catalog.edit",
        fields=(),
        prepare=lambda rows, occasion: Prepared([], lambda actor, now, progress: {}),
        existing=(("keep", "Keep"),),
    )


def test_a_code_stands_for_one_kind() -> None:
    known = import_kind("orders")
    assert known in import_kinds()
    declare_import(known)
    with pytest.raises(LookupError):
        declare_import(kind("orders"))
    assert import_kind("nothing of the sort") is None


def test_every_kind_offers_a_way_for_what_is_there_and_needs_known_fields() -> None:
    for found in import_kinds():
        keys = [f.key for f in found.fields]
        assert found.existing
        assert len(keys) == len(set(keys))
        if found.spread:
            assert {found.spread.name_field, found.spread.value_field} <= set(keys)


def test_a_problem_names_the_cell_or_the_row() -> None:
    row = ImportRow(7, {"size": "M"}, {"size": 3})
    assert (row.problem("size", "x").row, row.problem("size", "x").column) == (7, 3)
    assert row.problem("elsewhere", "x").column == 0


def test_rows_are_bad_that_are_unread_or_told_of() -> None:
    rows = [ImportRow(2, {}, {}), ImportRow(3, {}, {}, frozenset({"size"})), ImportRow(4, {}, {})]
    assert bad_rows(rows, [Problem(4, 0, "x"), Problem(9, 0, "x")]) == {3, 4, 9}


@given(
    st.lists(st.lists(st.integers(2, 9), max_size=4), max_size=5),
    st.frozensets(st.integers(2, 9), max_size=3),
)
def test_the_good_rows_of_a_group_with_a_bad_one_are_held_back(
    groups: list[list[int]], bad: frozenset[int]
) -> None:
    held = held_back([[ImportRow(n, {}, {}) for n in group] for group in groups], bad, "because of %(row)s")
    numbers = [problem.row for problem in held]
    assert numbers == sorted({n for group in groups if bad & set(group) for n in group if n not in bad})
    for problem in held:
        causes = {n for group in groups if problem.row in group for n in group if n in bad}
        assert str(problem.words) in {f"because of {n}" for n in causes}

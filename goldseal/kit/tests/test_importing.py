"""Kinds of import are declared once, and one row of a sheet knows where its values stood."""

import pytest

from goldseal.kit.importing import ImportKind, ImportRow, Prepared, declare_import, import_kind, import_kinds


def kind(code: str) -> ImportKind:
    return ImportKind(
        code=code,
        title="Test",
        lead="",
        permission="catalog.edit",
        fields=(),
        prepare=lambda rows, existing: Prepared([], lambda actor, now, progress: {}),
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

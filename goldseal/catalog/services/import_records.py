"""Styles and the defect library from a sheet: one row, one record, written in few statements."""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Any

from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import Buyer, CatalogRecord, Defect, Style
from goldseal.catalog.services.import_orders import BATCH, by_code, open_workspace
from goldseal.catalog.services.writing import check_fields
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.importing import ImportRow, Occasion, Prepared, Problem, Progress, bad_rows
from goldseal.kit.words import Words

KEEP, UPDATE = "keep", "update"
Values = dict[str, Any]


def prepare_styles(rows: Sequence[ImportRow], occasion: Occasion) -> Prepared:
    """Compare rows of styles with the catalog; a style is known by its buyer and number."""
    buyers = by_code(Buyer.objects.filter(is_active=True))
    problems: list[Problem] = []
    given: list[tuple[ImportRow, Values]] = []
    for row in rows:
        values = _given(row)
        name = values.pop("buyer", None)
        if name is not None:
            buyer = buyers.get(name.casefold())
            if buyer is not None:
                values["buyer"] = buyer
            else:
                words = _("There is no buyer “%(name)s” in use.") % {"name": name}
                problems.append(row.problem("buyer", words))
        given.append((row, values))
    named = {values["code"].upper() for _row, values in given if "code" in values}
    found = Style.objects.annotate(named=Upper("code")).filter(named__in=named)
    stored = {(s.buyer_id, s.code.upper()): s for s in found.select_for_update(no_key=True).order_by("pk")}

    def key_of(values: Values) -> Hashable:
        is_known = "buyer" in values and "code" in values
        return (values["buyer"].pk, values["code"].upper()) if is_known else None

    return _prepared(
        Style,
        given,
        problems,
        occasion.existing,
        key_of=key_of,
        stored=stored,
        twice=_("This style stands in row %(row)s already."),
        there=_("This style is there already. Choose what should become of styles that are there."),
    )


def prepare_defects(rows: Sequence[ImportRow], occasion: Occasion) -> Prepared:
    """Compare rows of defects with the library; a defect is known by its code."""
    problems: list[Problem] = []
    given: list[tuple[ImportRow, Values]] = []
    for row in rows:
        values = _given(row) | {"is_edited": True}
        if "code" in values:
            values["code"] = values["code"].upper()
            if not (values["code"].isascii() and values["code"].replace("-", "").isalnum()):
                problems.append(row.problem("code", _("Use letters A–Z, digits and hyphens only.")))
        given.append((row, values))
    named = {values["code"] for _row, values in given if "code" in values}
    found = Defect.objects.filter(code__in=named).select_for_update(no_key=True).order_by("pk")
    stored = {defect.code: defect for defect in found}
    return _prepared(
        Defect,
        given,
        problems,
        occasion.existing,
        key_of=lambda values: values.get("code"),
        stored=stored,
        twice=_("This code stands in row %(row)s already."),
        there=_("This code is there already. Choose what should become of defects that are there."),
    )


def _given(row: ImportRow) -> Values:
    """What the sheet says; an empty cell says nothing."""
    return {key: value for key, value in row.values.items() if value is not None}


def _prepared(
    model: type[CatalogRecord],
    given: list[tuple[ImportRow, Values]],
    problems: list[Problem],
    existing: str,
    *,
    key_of: Callable[[Values], Hashable],
    stored: dict[Any, Any],
    twice: Words,
    there: Words,
) -> Prepared:
    """`key_of` is what a record is known by, None where its cells do not say it."""
    seen: dict[Hashable, ImportRow] = {}
    new: list[tuple[int, Any]] = []
    changed: list[tuple[int, Any]] = []
    fields: set[str] = set()
    for row, values in given:
        key = key_of(values)
        former = row if key is None else seen.setdefault(key, row)
        record = stored.get(key)
        if former is not row:
            problems.append(row.problem("code", twice % {"row": former.number}))
            record = None
        elif record is not None and existing == KEEP:
            problems.append(row.problem("code", there))
            record = None
        if record is None:
            new.append((row.number, _filled(model(workspace_id=open_workspace()), row, values, problems)))
        elif _differs(record, values):
            changed.append((row.number, _filled(record, row, values, problems)))
            fields |= values.keys() - {"code"}
    bad = bad_rows([row for row, _values in given], problems)
    ready = [record for number, record in new if number not in bad]
    altered = [record for number, record in changed if number not in bad]

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        for record in ready:
            record.created_at = record.updated_at = now
        for record in altered:
            record.updated_at, record.revision = now, record.revision + 1
        model._default_manager.bulk_create(ready, batch_size=BATCH)
        if altered:
            written = [*sorted(fields), "updated_at", "revision"]
            model._default_manager.bulk_update(altered, written, batch_size=BATCH)
        progress(len(ready) + len(altered))
        return {"created": len(ready), "changed": len(altered)}

    return Prepared(problems, write)


def _differs(record: Any, values: Values) -> bool:
    return any(
        getattr(record, name) != value for name, value in values.items() if name not in ("code", "is_edited")
    )


def _filled(record: Any, row: ImportRow, values: Values, problems: list[Problem]) -> Any:
    """The record with the row's values, checked against the rules of its fields."""
    for name, value in values.items():
        if name != "code" or record._state.adding:
            setattr(record, name, value)
    try:
        check_fields(record)
    except Invalid as problem:
        problems += [
            row.problem(name, words)
            for name, words in problem.fields.items()
            if name in row.columns and name not in row.unread
        ]
    return record

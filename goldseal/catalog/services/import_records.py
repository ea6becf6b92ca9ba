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
from goldseal.kit.importing import ImportRow, Prepared, Problem, Progress
from goldseal.kit.words import Words

KEEP, UPDATE = "keep", "update"
Values = dict[str, Any]


def prepare_styles(rows: Sequence[ImportRow], existing: str) -> Prepared:
    """Compare rows of styles with the catalog; a style is known by its buyer and number."""
    buyers = by_code(Buyer.objects.filter(is_active=True))
    problems: list[Problem] = []
    good: list[tuple[ImportRow, Values]] = []
    for row in rows:
        name = row.values["buyer"]
        buyer = buyers.get(name.casefold())
        if buyer is None:
            problems.append(row.problem("buyer", _("There is no buyer “%(name)s” in use.") % {"name": name}))
            continue
        good.append((row, _given(row) | {"buyer": buyer}))
    named = {values["code"].upper() for _row, values in good}
    found = Style.objects.annotate(named=Upper("code")).filter(named__in=named)
    stored = {(s.buyer_id, s.code.upper()): s for s in found.select_for_update(no_key=True).order_by("pk")}
    return _prepared(
        Style,
        good,
        problems,
        existing,
        key_of=lambda values: (values["buyer"].pk, values["code"].upper()),
        stored=stored,
        twice=_("This style stands in row %(row)s already."),
        there=_("This style is there already. Choose what should become of styles that are there."),
    )


def prepare_defects(rows: Sequence[ImportRow], existing: str) -> Prepared:
    """Compare rows of defects with the library; a defect is known by its code."""
    problems: list[Problem] = []
    good: list[tuple[ImportRow, Values]] = []
    for row in rows:
        values = _given(row)
        values["code"] = values["code"].upper()
        if not (values["code"].isascii() and values["code"].replace("-", "").isalnum()):
            problems.append(row.problem("code", _("Use letters A–Z, digits and hyphens only.")))
            continue
        good.append((row, values | {"is_edited": True}))
    named = {values["code"] for _row, values in good}
    found = Defect.objects.filter(code__in=named).select_for_update(no_key=True).order_by("pk")
    stored = {defect.code: defect for defect in found}
    return _prepared(
        Defect,
        good,
        problems,
        existing,
        key_of=lambda values: values["code"],
        stored=stored,
        twice=_("This code stands in row %(row)s already."),
        there=_("This code is there already. Choose what should become of defects that are there."),
    )


def _given(row: ImportRow) -> Values:
    """What the sheet says; an empty cell says nothing."""
    return {key: value for key, value in row.values.items() if value is not None}


def _prepared(
    model: type[CatalogRecord],
    good: list[tuple[ImportRow, Values]],
    problems: list[Problem],
    existing: str,
    *,
    key_of: Callable[[Values], Hashable],
    stored: dict[Any, Any],
    twice: Words,
    there: Words,
) -> Prepared:
    seen: dict[Hashable, ImportRow] = {}
    new: list[Any] = []
    changed: list[Any] = []
    for row, values in good:
        key = key_of(values)
        former = seen.setdefault(key, row)
        record = stored.get(key)
        if former is not row:
            problems.append(row.problem("code", twice % {"row": former.number}))
            continue
        if record is not None and existing == KEEP:
            problems.append(row.problem("code", there))
            continue
        (changed if record is not None else new).append((row, record, values))
    ready = [_filled(model(workspace_id=open_workspace()), row, values, problems)
             for row, _none, values in new]  # fmt: skip
    different = [(row, record, values) for row, record, values in changed if _differs(record, values)]
    altered = [_filled(record, row, values, problems) for row, record, values in different]
    fields = sorted({name for _row, _record, values in different for name in values} - {"code"})

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        for record in ready:
            record.created_at = record.updated_at = now
        for record in altered:
            record.updated_at, record.revision = now, record.revision + 1
        model._default_manager.bulk_create(ready, batch_size=BATCH)
        if altered:
            model._default_manager.bulk_update(altered, [*fields, "updated_at", "revision"], batch_size=BATCH)
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
            row.problem(name, words) for name, words in problem.fields.items() if name in row.columns
        ]
    return record

"""What the room's writes share: locking a case or a request, refusing what its state does not allow, saying what is wrong where."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Model
from django.utils.translation import gettext_lazy as _

from goldseal.capa.models import Nonconformity, Scar
from goldseal.capa.rules import lifecycle
from goldseal.catalog.models import Buyer, Line, Order, Site, Stage, Style, Supplier
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words

PLACES: Mapping[str, tuple[type[Model], Words]] = {
    "buyer": (Buyer, _("Choose a buyer of the list.")),
    "style": (Style, _("Choose a style of the list.")),
    "order": (Order, _("Choose an order of the list.")),
    "stage": (Stage, _("Choose a stage of the list.")),
    "site": (Site, _("Choose a site of the list.")),
    "line": (Line, _("Choose a line of the list.")),
    "supplier": (Supplier, _("Choose a supplier of the list.")),
}
FROZEN = frozenset({lifecycle.CLOSED})
NOT_NOW = _("This nonconformity is with its reviewer or verified; its owner and its facts do not change now.")


def locked_case(pk: UUID) -> Nonconformity:
    """A nonconformity of the open scope, locked. Raises NotFound."""
    found = Nonconformity.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def locked_scar(pk: UUID) -> Scar:
    """A request to a supplier of the open scope with its nonconformity, locked. Raises NotFound."""
    rows = Scar.objects.select_for_update(of=("self",)).select_related("nonconformity", "supplier")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def open_case(pk: UUID) -> Nonconformity:
    """A locked nonconformity that may still be changed. Raises NotFound, Conflict once it is closed."""
    case = locked_case(pk)
    if case.state in FROZEN:
        raise Conflict(_("This nonconformity is closed. Reopen it first."))
    return case


def worked_case(pk: UUID) -> Nonconformity:
    """A locked nonconformity whose analysis may be changed: not while it is with the reviewer or beyond."""
    case = open_case(pk)
    if case.state not in lifecycle.WITH_WORKER:
        raise Conflict(_("This nonconformity is with its reviewer; its analysis does not change meanwhile."))
    return case


def chosen_places(values: Mapping[str, Any], problems: dict[str, Words]) -> dict[str, Any]:
    """The rows that ids in `values` name, by field; what is not of this workspace goes into `problems`."""
    rows: dict[str, Any] = {}
    for name, (model, words) in PLACES.items():
        if name not in values:
            continue
        pk = values[name]
        rows[name] = model._default_manager.filter(pk=pk).first() if pk else None
        if pk and rows[name] is None:
            problems[name] = words
    return rows


def workers_case(pk: UUID) -> Nonconformity:
    """A locked nonconformity whose facts may be changed: only while its owner works on it."""
    case = open_case(pk)
    if case.state not in lifecycle.WITH_WORKER:
        raise Conflict(NOT_NOW)
    return case


def check_row(
    row: Model, problems: Mapping[str, Words] | None = None, *, exclude: tuple[str, ...] = ()
) -> None:
    """Invalid at each field that its model does not accept, together with `problems`."""
    found: dict[str, Words] = dict(problems or {})
    # Relations are looked up by `chosen_places`, instants are the program's own.
    ours = (f.name for f in row._meta.concrete_fields if f.is_relation or isinstance(f, DateTimeField))
    try:
        row.clean_fields(exclude={*exclude, *ours})
    except ValidationError as wrong:
        for name, errors in wrong.error_dict.items():
            found.setdefault(name, " ".join(error for one in errors for error in one.messages))
    if found:
        raise Invalid(fields=found)


def scar_facts(scar: Scar, **more: Any) -> dict[str, Any]:
    """What an entry of the trail says of a request to a supplier."""
    return facts(scar.nonconformity, scar=scar.number, supplier=scar.supplier.name, **more)


def facts(case: Nonconformity, **more: Any) -> dict[str, Any]:
    """What an entry of the trail says of a case."""
    return {"number": case.number, **more}

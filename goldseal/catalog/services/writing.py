"""What every write of the catalog shares: authorise, lock, check, change, raise the revision, record."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import CatalogRecord
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.words import Words
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

R = TypeVar("R", bound=CatalogRecord)
Values = Mapping[str, Any]

# Database constraint → the field concerned and what to say there.
TAKEN: dict[str, tuple[str, Words]] = {
    "catalog_buyer_code": ("code", _("Another buyer already has this code. Codes must differ.")),
    "catalog_site_code": ("code", _("Another site already has this code. Codes must differ.")),
    "catalog_line_code": ("code", _("Another line of this site already has this code. Codes must differ.")),
    "catalog_style_code": ("code", _("This buyer already has a style with this number.")),
    "catalog_order_po": ("po_number", _("This PO number is already recorded for this style.")),
    "catalog_stage_code": ("code", _("Another stage already has this code. Codes must differ.")),
    "catalog_template_code": ("code", _("Another checklist already has this code. Codes must differ.")),
    "catalog_supplier_code": ("code", _("Another supplier already has this code. Codes must differ.")),
    "catalog_chart_once": ("wash", _("This style already has a chart for this wash. Change that one.")),
    "catalog_defect_code": ("code", _("Another defect already has this code. Codes must differ.")),
}


@contextmanager
def uniqueness_told() -> Iterator[None]:
    """Turn the database's refusal of a second row with the same code into words at the field."""
    try:
        yield
    except IntegrityError as problem:
        name = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", "") or ""
        if name not in TAKEN:
            raise
        field, words = TAKEN[name]
        raise Invalid(fields={field: words}) from None


def create_row(
    row: R, *, noun: str, values: Values, allowed: frozenset[str], actor: Actor, now: datetime
) -> R:
    """Fill, check and insert a new row, and record `<noun>.created`. Authorise before."""
    row.created_at = row.updated_at = now
    change_fields(row, values, allowed)
    check_fields(row)
    with uniqueness_told(), recorded_change():
        row.save(force_insert=True)
        record(event=f"{noun}.created", actor=actor, now=now, obj=row, payload=naming(row))
    return row


def edit_row(
    row: R,
    *,
    noun: str,
    values: Values,
    allowed: frozenset[str],
    actor: Actor,
    now: datetime,
    also_changed: Values | None = None,
) -> R:
    """Change a locked row and record `<noun>.edited` with what changed; nothing changed, nothing written."""
    changed = change_fields(row, values, allowed)
    check_fields(row)
    changed.update(also_changed or {})
    if changed:
        row.revision += 1
        row.updated_at = now
        row.save()
        record(
            event=f"{noun}.edited", actor=actor, now=now, obj=row, payload={**naming(row), "changed": changed}
        )
    return row


def locked(model: type[R], pk: UUID | None, *, revision: int | None = None) -> R:
    """The row, locked until the transaction ends.

    NotFound if it is not there. `revision` is what the person saw when the form was opened: Conflict if
    somebody has changed the row since, so that nobody's work is overwritten unseen.
    """
    row: R | None = None
    if pk is not None:
        row = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()  # type: ignore[assignment]
    if row is None:
        raise NotFound
    if revision is not None and revision != row.revision:
        raise Conflict(
            _(
                "Somebody else changed this while you had it open. What you typed is still here; "
                "open the page again in another tab, compare, and save anew."
            )
        )
    return row


def chosen(model: type[R], pk: UUID | None, *, field: str, keep: UUID | None = None) -> R:
    """The row a person chose in `field`, kept from being deleted until the transaction ends.

    Invalid at the field if it is not there, or retired and not the one chosen before (`keep`).
    """
    row: R | None = None
    if pk is not None:
        rows = model._default_manager.select_for_update(no_key=True, of=("self",))
        row = rows.filter(pk=pk).first()  # type: ignore[assignment]
    if row is None:
        raise Invalid(fields={field: _("Choose one from the list.")})
    if not row.is_active and row.pk != keep:
        raise Invalid(fields={field: _("This one is retired. Restore it first, or choose another.")})
    return row


def set_active(
    model: type[R], pk: UUID, *, is_active: bool, noun: str, permission: str, actor: Actor, now: datetime
) -> R:
    """Retire a row (no longer offered for new work, its records stay) or take it back into use."""
    authorize(actor, permission)
    with recorded_change():
        row = locked(model, pk)
        if row.is_active != is_active:
            row.is_active = is_active
            row.revision += 1
            row.updated_at = now
            if hasattr(row, "is_edited"):
                row.is_edited = True
            row.save()
            verb = "restored" if is_active else "retired"
            record(event=f"{noun}.{verb}", actor=actor, now=now, obj=row, payload=naming(row))
    return row


def delete_row(model: type[R], pk: UUID, *, noun: str, permission: str, actor: Actor, now: datetime) -> None:
    """Delete a row that nothing refers to; Conflict otherwise."""
    authorize(actor, permission)
    try:
        with recorded_change():
            row = locked(model, pk)
            record(event=f"{noun}.deleted", actor=actor, now=now, obj=row, payload=naming(row))
            row.delete()
    except ProtectedError:
        raise Conflict(
            _("This is in use and cannot be deleted. Retire it instead: its records stay.")
        ) from None


def change_fields(row: CatalogRecord, values: Values, allowed: frozenset[str]) -> dict[str, list[Any]]:
    """Set the given fields; returns what changed as field → [before, after]."""
    unknown = values.keys() - allowed
    if unknown:
        raise TypeError(f"{row._meta.label} has no editable field {', '.join(sorted(unknown))}.")
    changed: dict[str, list[Any]] = {}
    for name, given in values.items():
        value = tidy(given)
        before = getattr(row, name, None)  # a new row has no related row yet
        if before != value:
            changed[name] = [_shown(before), _shown(value)]
            setattr(row, name, value)
    return changed


def tidy(value: Any) -> Any:
    """Text without outer spaces and with one kind of line end; everything else as it is."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def check_fields(row: CatalogRecord) -> None:
    """Every field against its own rules (length, choices, range), with words at the field; no query."""
    problems: dict[str, Words] = {}
    links = {field.name for field in row._meta.concrete_fields if field.is_relation}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(value, str) and not is_writable(value):
            problems[field.name] = _("This text holds characters that cannot be stored. Type it anew.")
    if not problems:
        try:
            row.clean_fields(exclude=links)
        except ValidationError as found:
            problems = {name: " ".join(messages) for name, messages in found.message_dict.items()}
    if problems:
        raise Invalid(fields=problems)


def is_writable(text: str) -> bool:
    """Whether PostgreSQL can store the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def naming(row: CatalogRecord) -> dict[str, str]:
    """What the activity log calls the row."""
    code = getattr(row, "code", "") or getattr(row, "po_number", "")
    return {"code": code, "name": getattr(row, "name_en", "") or getattr(row, "name", "")}


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value

"""Writing suppliers: mills, trims makers and sub-contractors whose lots are inspected."""

from datetime import datetime
from uuid import UUID

from goldseal.catalog.models import Supplier
from goldseal.catalog.services import writing
from goldseal.catalog.services.places import in_capitals
from goldseal.catalog.services.writing import Values
from goldseal.kit.actors import Actor
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

SUPPLIER_FIELDS = frozenset(
    ["code", "name", "kind", "contact_name", "contact_email", "contact_phone", "address"]
)
EDIT = "catalog.edit"


def create_supplier(*, values: Values, actor: Actor, now: datetime) -> Supplier:
    """A new supplier. `values` by field name (`SUPPLIER_FIELDS`)."""
    authorize(actor, EDIT)
    return writing.create_row(
        Supplier(), noun="supplier", values=in_capitals(values), allowed=SUPPLIER_FIELDS, actor=actor, now=now
    )


def edit_supplier(
    *, supplier_id: UUID, values: Values, actor: Actor, now: datetime, revision: int | None = None
) -> Supplier:
    """Change a supplier; Conflict if `revision` is given and somebody changed it since."""
    authorize(actor, EDIT)
    with writing.uniqueness_told(), recorded_change():
        supplier = writing.locked(Supplier, supplier_id, revision=revision)
        return writing.edit_row(
            supplier,
            noun="supplier",
            values=in_capitals(values),
            allowed=SUPPLIER_FIELDS,
            actor=actor,
            now=now,
        )


def retire_supplier(*, supplier_id: UUID, actor: Actor, now: datetime) -> Supplier:
    """Offer the supplier no longer for new inspections."""
    return writing.set_active(
        Supplier, supplier_id, is_active=False, noun="supplier", permission=EDIT, actor=actor, now=now
    )


def restore_supplier(*, supplier_id: UUID, actor: Actor, now: datetime) -> Supplier:
    """Take a retired supplier back into use."""
    return writing.set_active(
        Supplier, supplier_id, is_active=True, noun="supplier", permission=EDIT, actor=actor, now=now
    )


def delete_supplier(*, supplier_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a supplier of whom nothing was inspected; Conflict otherwise."""
    writing.delete_row(Supplier, supplier_id, noun="supplier", permission=EDIT, actor=actor, now=now)

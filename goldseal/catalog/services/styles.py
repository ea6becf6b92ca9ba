"""Writing styles."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import Buyer, Style
from goldseal.catalog.services import writing
from goldseal.catalog.services.writing import Values
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

STYLE_FIELDS = frozenset(
    [
        "buyer",
        "code",
        "name",
        "name_bn",
        "product_family",
        "is_for_children",
        "season",
        "composition",
        "gauge",
        "description",
    ]
)


def create_style(*, values: Values, actor: Actor, now: datetime) -> Style:
    """A new style. `values` by field name (`STYLE_FIELDS`); `buyer` is the buyer's id."""
    authorize(actor, "catalog.edit")
    with writing.uniqueness_told(), recorded_change():
        held = {**values, "buyer": writing.chosen(Buyer, values.get("buyer"), field="buyer")}
        return writing.create_row(
            Style(), noun="style", values=held, allowed=STYLE_FIELDS, actor=actor, now=now
        )


def edit_style(
    *, style_id: UUID, values: Values, actor: Actor, now: datetime, revision: int | None = None
) -> Style:
    """Change a style; its buyer only while nothing was ordered of it."""
    authorize(actor, "catalog.edit")
    with writing.uniqueness_told(), recorded_change():
        style = writing.locked(Style, style_id, revision=revision)
        held: dict[str, Any] = dict(values)
        if "buyer" in held:
            if held["buyer"] != style.buyer_id and style.orders.exists():
                raise Invalid(
                    fields={"buyer": _("There are orders of this style, so it stays with its buyer.")}
                )
            held["buyer"] = writing.chosen(Buyer, held["buyer"], field="buyer", keep=style.buyer_id)
        return writing.edit_row(style, noun="style", values=held, allowed=STYLE_FIELDS, actor=actor, now=now)


def retire_style(*, style_id: UUID, actor: Actor, now: datetime) -> Style:
    """Offer the style no longer for new orders."""
    return writing.set_active(
        Style, style_id, is_active=False, noun="style", permission="catalog.edit", actor=actor, now=now
    )


def restore_style(*, style_id: UUID, actor: Actor, now: datetime) -> Style:
    """Take a retired style back into use."""
    return writing.set_active(
        Style, style_id, is_active=True, noun="style", permission="catalog.edit", actor=actor, now=now
    )


def delete_style(*, style_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete a style without orders; Conflict otherwise."""
    writing.delete_row(Style, style_id, noun="style", permission="catalog.edit", actor=actor, now=now)

"""Writing orders with their colour × size quantities."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from goldseal.catalog import selectors
from goldseal.catalog.models import Order, OrderLine, Site, Style
from goldseal.catalog.rules.grid import (
    COLOURS_MAX,
    QUANTITY_MAX,
    SIZES_MAX,
    Grid,
    Quantity,
    first_twice,
    grid_of,
)
from goldseal.catalog.services import writing
from goldseal.catalog.services.packing import (
    checked_barcodes,
    checked_packing,
    still_ordered,
)
from goldseal.catalog.services.packing import in_words as packing_in_words
from goldseal.catalog.services.writing import Values
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.words import Words
from goldseal.trail.services import recorded_change
from goldseal.workspaces.permissions import authorize

ORDER_FIELDS = frozenset(
    ["style", "site", "po_number", "status", "ex_factory_on", "destination", "port", "note"]
)


def save_order(
    *,
    order_id: UUID | None = None,
    values: Values,
    quantities: Sequence[Quantity] | None = None,
    barcodes: Mapping[tuple[str, str], str] | None = None,
    packing: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
) -> Order:
    """Write a new order (`order_id` None) or change one, together with its quantities.

    `values` by field name (`ORDER_FIELDS`): `style` and `site` are ids, and the buyer is the style's.
    `quantities` in pieces replace all former ones; None leaves them; colours and sizes keep the order in
    which they first appear. A new order needs at least one quantity. `barcodes` by (colour, size) replace
    all former ones, `packing` says what one carton holds (`packing.checked_packing`); None leaves them, for
    the colours and sizes that are still ordered. Invalid says at which field what is wrong (`quantities` for
    the grid); Conflict if `revision` is given and somebody changed the order since.
    """
    authorize(actor, "catalog.edit")
    grid = None if quantities is None else _checked_grid(quantities)
    if order_id is None and grid is None:
        raise Invalid(fields={"quantities": _no_quantity()})
    with writing.uniqueness_told(), recorded_change():
        order = Order() if order_id is None else writing.locked(Order, order_id, revision=revision)
        held = _with_links(order, values, is_new=order_id is None)
        allowed = ORDER_FIELDS | {"buyer", "packing"}
        before = Grid((), (), {}) if order_id is None else selectors.order_grid(order)
        places = list((grid or before).cells)
        held["packing"] = (
            still_ordered(order.packing, places) if packing is None else checked_packing(packing, places)
        )
        codes_before = {} if order_id is None else selectors.barcodes(order)
        codes = codes_before if barcodes is None else checked_barcodes(barcodes, places)
        if order_id is None:
            order.quantity = grid.total if grid else 0
            writing.create_row(order, noun="order", values=held, allowed=allowed, actor=actor, now=now)
            _write_lines(order, grid, codes)
            return order
        also = _grid_change(before, grid)
        if also and grid:
            order.quantity = grid.total
        if codes != codes_before:
            also["barcodes"] = [len(codes_before), len(codes)]
        if also:
            OrderLine.objects.filter(order=order).delete()
            _write_lines(order, grid or before, codes)
        if held["packing"] != order.packing:
            also["packing"] = [packing_in_words(order.packing), packing_in_words(held["packing"])]
            order.packing = held["packing"]
        return writing.edit_row(
            order, noun="order", values=held, allowed=allowed, actor=actor, now=now, also_changed=also
        )


def retire_order(*, order_id: UUID, actor: Actor, now: datetime) -> Order:
    """Put the order away: no longer offered for new inspections."""
    return writing.set_active(
        Order, order_id, is_active=False, noun="order", permission="catalog.edit", actor=actor, now=now
    )


def restore_order(*, order_id: UUID, actor: Actor, now: datetime) -> Order:
    """Take an order that was put away back into use."""
    return writing.set_active(
        Order, order_id, is_active=True, noun="order", permission="catalog.edit", actor=actor, now=now
    )


def delete_order(*, order_id: UUID, actor: Actor, now: datetime) -> None:
    """Delete an order that was never inspected; Conflict otherwise."""
    writing.delete_row(Order, order_id, noun="order", permission="catalog.edit", actor=actor, now=now)


def _with_links(order: Order, values: Values, *, is_new: bool) -> dict[str, Any]:
    """The values with the style, its buyer and the site as rows, locked against deletion."""
    held = dict(values)
    if is_new or "style" in held:
        style = writing.chosen(
            Style, held.get("style"), field="style", keep=None if is_new else order.style_id
        )
        if not is_new and style.buyer_id != order.buyer_id:
            raise Invalid(
                fields={"style": _("Choose a style of the same buyer; an order stays with its buyer.")}
            )
        held["style"] = style
        if is_new:
            held["buyer"] = style.buyer
    if held.get("site") is not None:
        held["site"] = writing.chosen(Site, held["site"], field="site", keep=order.site_id)
    return held


def _no_quantity() -> Words:
    return _("Enter the pieces of at least one colour and size.")


def _checked_grid(quantities: Sequence[Quantity]) -> Grid:
    """The grid, or Invalid at `quantities` with what is wrong and what is allowed."""
    tidied = [Quantity(q.colour.strip(), q.size.strip(), q.pieces) for q in quantities]
    problem = _grid_problem(tidied)
    if problem:
        raise Invalid(fields={"quantities": problem})
    return grid_of(tidied)


def _grid_problem(quantities: Sequence[Quantity]) -> Words:
    if not quantities:
        return _no_quantity()
    for entry in quantities:
        place = {"colour": entry.colour[:60], "size": entry.size[:20], "most": QUANTITY_MAX}
        if not entry.colour or not entry.size:
            return _("Every quantity needs a colour and a size.")
        if len(entry.colour) > 60 or len(entry.size) > 20:
            return _("Colours have at most 60 letters, sizes at most 20.")
        if not writing.is_writable(entry.colour + entry.size):
            return _("A colour or size holds characters that cannot be stored. Type it anew.")
        if not 1 <= entry.pieces <= QUANTITY_MAX:
            return _("%(colour)s %(size)s: pieces must be between 1 and %(most)s.") % place
    grid = grid_of(quantities)
    if len(grid.cells) < len(quantities):
        return _("One colour and size stands there twice. Add the pieces up in one place.")
    twice = first_twice(grid.colours) or first_twice(grid.sizes)
    if twice:
        return _("“%(name)s” stands there twice. Add the pieces up in one place.") % {"name": twice}
    if len(grid.colours) > COLOURS_MAX or len(grid.sizes) > SIZES_MAX:
        return _("At most %(colours)s colours and %(sizes)s sizes fit into one order.") % {
            "colours": COLOURS_MAX,
            "sizes": SIZES_MAX,
        }
    if grid.total > QUANTITY_MAX:
        return _("All together at most %(most)s pieces fit into one order.") % {"most": QUANTITY_MAX}
    return ""


def _grid_change(before: Grid, grid: Grid | None) -> dict[str, list[Any]]:
    """What changes in the grid, for the trail; empty where nothing does."""
    if grid is None:
        return {}
    if (before.colours, before.sizes, dict(before.cells)) == (grid.colours, grid.sizes, dict(grid.cells)):
        return {}
    return {"quantities": [_in_words(before), _in_words(grid)]}


def _in_words(grid: Grid) -> str:
    return "; ".join(
        f"{colour}: "
        + ", ".join(
            f"{size} {grid.cells[colour, size]}" for size in grid.sizes if (colour, size) in grid.cells
        )
        for colour in grid.colours
    )


def _write_lines(order: Order, grid: Grid | None, barcodes: Mapping[tuple[str, str], str]) -> None:
    if grid is None:
        return
    OrderLine.objects.bulk_create(
        [
            OrderLine(
                workspace_id=order.workspace_id,
                order=order,
                colour=colour,
                size=size,
                quantity=grid.cells[colour, size],
                colour_position=down,
                size_position=across,
                barcode=barcodes.get((colour, size), ""),
            )
            for down, colour in enumerate(grid.colours)
            for across, size in enumerate(grid.sizes)
            if (colour, size) in grid.cells
        ]
    )

"""Orders from a sheet: its rows gathered into orders, compared with what is stored, written in few statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import Buyer, Order, OrderLine, Site, Style
from goldseal.catalog.rules.grid import COLOURS_MAX, QUANTITY_MAX, SIZES_MAX
from goldseal.kit.actors import Actor
from goldseal.kit.errors import ScopeError
from goldseal.kit.importing import (
    ImportRow,
    Occasion,
    Prepared,
    Problem,
    Progress,
    bad_rows,
    held_back,
)
from goldseal.kit.words import Words
from goldseal.workspaces.services import current_scope

BATCH = 2000
KEEP, MERGE, REPLACE = "keep", "merge", "replace"
# What belongs to the whole order and so must be the same in all its rows.
SHARED_FIELDS = ("ex_factory_on", "destination", "port", "site", "note")
LineKey = tuple[str, str]
OrderKey = tuple[str, str]


@dataclass(slots=True)
class _Gathered:
    """One order of the sheet with its rows; without a style where they name none that can be found."""

    style: Style | None
    rows: list[ImportRow] = field(default_factory=list)
    lines: dict[LineKey, ImportRow] = field(default_factory=dict)
    stored: Order | None = None
    stored_lines: dict[LineKey, OrderLine] = field(default_factory=dict)

    @property
    def first(self) -> ImportRow:
        """The row at which the order begins."""
        return self.rows[0]

    def telling(self, key: str) -> ImportRow | None:
        """The first row that gives a value to a field of the whole order."""
        return next((row for row in self.rows if row.values.get(key) is not None), None)

    def shared(self, key: str) -> Any:
        """The value of a field of the whole order; None where no row gives one."""
        row = self.telling(key)
        return row.values[key] if row else None


def prepare_orders(rows: Sequence[ImportRow], occasion: Occasion) -> Prepared:
    """Compare rows of order lines with the catalog; see `goldseal.kit.importing.Prepared`.

    What becomes of an order that is there already: `keep` makes its rows a problem, `merge` adds its new
    lines and takes over the quantities of the others, `replace` leaves only the sheet's lines. An order is
    written whole: with one bad row all its rows stay out.
    """
    existing = occasion.existing
    problems: list[Problem] = []
    sites = by_code(Site.objects.filter(is_active=True))
    for row in rows:
        problems += _problems_of_row(row, sites)
    orders, doubtful = _gathered(rows, problems)
    _find_stored(orders)
    for order in orders.values():
        problems += _problems_of(order, existing)
    held = held_back(
        [*(order.rows for order in orders.values()), *doubtful],
        bad_rows(rows, problems),
        _("Left out because row %(row)s of the same order has a problem."),
    )
    out = bad_rows(rows, [*problems, *held])
    whole = [
        (order, order.style)
        for order in orders.values()
        if order.style is not None and order.first.number not in out
    ]

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        return _write(whole, sites, existing, now, progress)

    return Prepared(problems, write, held)


def by_code(rows: Iterable[Any]) -> dict[str, Any]:
    """Records by their code and by their name, whatever the letters' case; a code goes before a name."""
    found: dict[str, Any] = {}
    listed = list(rows)
    for row in listed:
        found.setdefault(row.name.casefold(), row)
    for row in listed:
        found[row.code.casefold()] = row
    return found


def open_workspace() -> UUID:
    """The workspace of the open scope; rows written in batches name it themselves."""
    scope = current_scope()
    if scope is None:
        raise ScopeError("An import needs an open workspace.")
    return scope.workspace_id


def styles_finder(rows: Sequence[ImportRow]) -> Callable[[ImportRow, list[Problem]], Style | None]:
    """A function that finds the style a row names, by its number and (where given) its buyer.

    Where it finds none, it adds to the problems why, unless the cell is unread and that is told already.
    """
    buyers = by_code(Buyer.objects.all())
    styles: dict[str, list[Style]] = {}
    named = {row.values["style"].upper() for row in rows if row.values["style"]}
    for style in Style.objects.annotate(named=Upper("code")).filter(named__in=named):
        styles.setdefault(style.code.casefold(), []).append(style)

    def find(row: ImportRow, problems: list[Problem]) -> Style | None:
        code, name = row.values["style"], row.values.get("buyer")
        buyer = buyers.get(name.casefold()) if name else None
        if name and buyer is None:
            problems.append(
                row.problem("buyer", _("There is no buyer “%(name)s”. Add the buyer first.") % {"name": name})
            )
        if not code:
            return None
        found = [s for s in styles.get(code.casefold(), []) if buyer is None or s.buyer_id == buyer.pk]
        is_buyer_known = buyer is not None or not (name or "buyer" in row.unread)
        words = _no_one_style(found, is_buyer_known=is_buyer_known)
        if words:
            problems.append(row.problem("style", words % {"code": code}))
        return found[0] if found and is_buyer_known and not words else None

    return find


def _no_one_style(found: Sequence[Style], *, is_buyer_known: bool) -> Words:
    """Why no style in use is meant by a number; nothing where one is, or where the buyer leaves it open."""
    if not found:
        return _("There is no style “%(code)s”. Add it or import the styles first.")
    if len(found) > 1:
        return (
            _("More than one buyer has a style “%(code)s”. Add a column with the buyer.")
            if is_buyer_known
            else ""
        )
    return "" if found[0].is_active else _("The style “%(code)s” is retired. Restore it first.")


def _problems_of_row(row: ImportRow, sites: dict[str, Any]) -> Iterable[Problem]:
    """What is wrong with a row whatever order it belongs to."""
    site, quantity = row.values.get("site"), row.values["quantity"]
    if site and site.casefold() not in sites:
        yield row.problem("site", _("There is no site “%(site)s” in use.") % {"site": site})
    if quantity is not None and not 1 <= quantity <= QUANTITY_MAX:
        yield row.problem("quantity", _("Pieces must be between 1 and %(most)s.") % {"most": QUANTITY_MAX})


def _gathered(
    rows: Sequence[ImportRow], problems: list[Problem]
) -> tuple[dict[OrderKey, _Gathered], list[list[ImportRow]]]:
    """The orders of the sheet, and all rows of each PO number of which a row may belong to any order.

    Such a row names no style that is known, or no PO number: then it may belong to the order above it.
    """
    find = styles_finder(rows)
    orders: dict[OrderKey, _Gathered] = {}
    by_po: dict[str, list[ImportRow]] = {}
    doubtful: dict[str, list[ImportRow]] = {}
    above = ""
    for row in rows:
        style = find(row, problems)
        po = above = (row.values["po_number"] or above).upper()
        named = by_po.setdefault(po, [])
        named.append(row)
        if style is None or not row.values["po_number"]:
            doubtful[po] = named
        if row.values["po_number"] and row.values["style"]:
            known = str(style.pk) if style else row.values["style"].casefold()
            order = orders.setdefault((known, po), _Gathered(style))
            order.rows.append(row)
            problems += _stands_twice(order, row)
    return orders, list(doubtful.values())


def _stands_twice(order: _Gathered, row: ImportRow) -> Iterable[Problem]:
    """Note the row's colour and size; a problem where the order has them already."""
    colour, size = row.values["colour"], row.values["size"]
    if not colour or not size:
        return
    former = order.lines.setdefault((colour.casefold(), size.casefold()), row)
    if former is not row:
        words = _("%(colour)s %(size)s of this order stands in row %(row)s already.")
        yield row.problem("size", words % {"colour": colour, "size": size, "row": former.number})


def _find_stored(orders: dict[OrderKey, _Gathered]) -> None:
    """The orders that are there already, locked until the transaction ends, with their lines."""
    styles = {order.style.pk for order in orders.values() if order.style}
    wanted = {"style_id__in": styles, "named__in": {po for _s, po in orders}}
    found = Order.objects.annotate(named=Upper("po_number")).filter(**wanted)
    stored = found.select_for_update(no_key=True).order_by("pk")
    by_id = {}
    for row in stored:
        order = orders.get((str(row.style_id), row.po_number.upper()))
        if order is not None:
            order.stored = by_id[row.pk] = row
    for line in OrderLine.objects.filter(order_id__in=list(by_id)).order_by(
        "colour_position", "size_position"
    ):
        held = by_id[line.order_id]
        order = orders[str(held.style_id), held.po_number.upper()]
        order.stored_lines[line.colour.casefold(), line.size.casefold()] = line


def _problems_of(order: _Gathered, existing: str) -> Iterable[Problem]:
    if order.stored is not None and existing == KEEP:
        words = _("This order is there already. Choose what should become of orders that are there.")
        yield from (row.problem("po_number", words) for row in order.rows)
    for key in SHARED_FIELDS:
        first = order.telling(key)
        if first is None:
            continue
        words = _("Row %(row)s of the same order says “%(value)s”.")
        value = first.values[key]
        for row in order.rows:
            if row.values.get(key) not in (None, value):
                yield row.problem(key, words % {"row": first.number, "value": value})
    too_large = _too_large(order, existing)
    if too_large:
        yield from (row.problem("po_number", too_large) for row in order.rows)


def _too_large(order: _Gathered, existing: str) -> Words:
    pieces = ((key, row.values["quantity"] or 0) for key, row in order.lines.items())
    lines = {key: n if 1 <= n <= QUANTITY_MAX else 0 for key, n in pieces}  # others are told at their cell
    if existing == MERGE:
        lines = {key: line.quantity for key, line in order.stored_lines.items()} | lines
    if len({c for c, _s in lines}) > COLOURS_MAX or len({s for _c, s in lines}) > SIZES_MAX:
        return _("At most %(colours)s colours and %(sizes)s sizes fit into one order.") % {
            "colours": COLOURS_MAX,
            "sizes": SIZES_MAX,
        }
    if sum(lines.values()) > QUANTITY_MAX:
        return _("All together at most %(most)s pieces fit into one order.") % {"most": QUANTITY_MAX}
    return ""


def _write(
    orders: Sequence[tuple[_Gathered, Style]],
    sites: dict[str, Any],
    existing: str,
    now: datetime,
    progress: Progress,
) -> dict[str, int]:
    """New orders and lines in batches; of orders that are there, those that really change."""
    workspace_id = open_workspace()
    new: list[Order] = []
    changed: list[Order] = []
    lines: list[OrderLine] = []
    stale: list[OrderLine] = []
    for gathered, style in orders:
        order = gathered.stored
        if order is None:
            order = Order(
                workspace_id=workspace_id,
                buyer_id=style.buyer_id,
                style=style,
                po_number=gathered.first.values["po_number"],
                created_at=now,
                updated_at=now,
            )
            new.append(order)
        before = _state(order)
        wanted = _lines(gathered, order, existing)
        _take_over(order, gathered, sites)
        order.quantity = sum(line.quantity for line in wanted)
        has_other_lines = _grid(wanted) != _grid(gathered.stored_lines.values())
        if gathered.stored is not None and (has_other_lines or _state(order) != before):
            order.revision += 1
            order.updated_at = now
            changed.append(order)
        if has_other_lines:
            stale += gathered.stored_lines.values()
            lines += wanted
    Order.objects.bulk_create(new, batch_size=BATCH)
    Order.objects.bulk_update(
        changed, ["ex_factory_on", "destination", "port", "site", "note", "quantity", "revision", "updated_at"],
        batch_size=BATCH,
    )  # fmt: skip
    OrderLine.objects.filter(pk__in=[line.pk for line in stale]).delete()
    done = 0
    for start in range(0, len(lines), BATCH):
        batch = lines[start : start + BATCH]
        OrderLine.objects.bulk_create(batch)
        done += len(batch)
        progress(done)
    return {"created": len(new), "changed": len(changed), "lines": len(lines)}


def _state(order: Order) -> tuple[Any, ...]:
    return (
        order.ex_factory_on,
        order.destination,
        order.port,
        order.site_id,
        order.note,
    )


def _take_over(order: Order, gathered: _Gathered, sites: dict[str, Any]) -> None:
    """What the sheet says of the whole order; an empty cell says nothing."""
    for key in ("ex_factory_on", "destination", "port", "note"):
        value = gathered.shared(key)
        if value is not None:
            setattr(order, key, value)
    site = gathered.shared("site")
    if site:
        order.site = sites[site.casefold()]


def _lines(gathered: _Gathered, order: Order, existing: str) -> list[OrderLine]:
    """The lines the order shall have, colours and sizes in the order in which they first appear."""
    kept = gathered.stored_lines if existing == MERGE else {}
    wanted: dict[LineKey, tuple[str, str, int, str]] = {
        key: (line.colour, line.size, line.quantity, line.barcode) for key, line in kept.items()
    }
    for key, row in gathered.lines.items():
        held = wanted.get(key)
        v = row.values
        # A line that is there keeps its spelling: inspections name it so.
        colour, size = (held[0], held[1]) if held else (v["colour"], v["size"])
        wanted[key] = (colour, size, v["quantity"], v.get("barcode") or (held[3] if held else ""))
    colours = {c: i for i, c in enumerate(dict.fromkeys(c for c, _s in wanted))}
    sizes = {s: i for i, s in enumerate(dict.fromkeys(s for _c, s in wanted))}
    spelt_colours = {c: colour for (c, _s), (colour, *_rest) in reversed(wanted.items())}
    spelt_sizes = {s: size for (_c, s), (_colour, size, *_rest) in reversed(wanted.items())}
    return [
        OrderLine(
            workspace_id=order.workspace_id,
            order=order,
            colour=spelt_colours[c],
            size=spelt_sizes[s],
            quantity=quantity,
            barcode=barcode,
            colour_position=colours[c],
            size_position=sizes[s],
        )
        for (c, s), (_colour, _size, quantity, barcode) in wanted.items()
    ]


def _grid(lines: Iterable[OrderLine]) -> set[tuple[str, str, int, str, int, int]]:
    return {
        (line.colour, line.size, line.quantity, line.barcode, line.colour_position, line.size_position)
        for line in lines
    }

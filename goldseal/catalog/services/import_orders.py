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
from goldseal.kit.importing import ImportRow, Prepared, Problem, Progress
from goldseal.kit.words import Words
from goldseal.workspaces.services import current_scope

BATCH = 2000
KEEP, MERGE, REPLACE = "keep", "merge", "replace"
# What belongs to the whole order and so must be the same in all its rows.
SHARED_FIELDS = ("ex_factory_on", "destination", "port", "site", "note")
LineKey = tuple[str, str]


@dataclass(slots=True)
class _Gathered:
    """One order of the sheet with its rows."""

    style: Style
    rows: list[ImportRow] = field(default_factory=list)
    lines: dict[LineKey, ImportRow] = field(default_factory=dict)
    stored: Order | None = None
    stored_lines: dict[LineKey, OrderLine] = field(default_factory=dict)

    @property
    def first(self) -> ImportRow:
        """The row at which the order begins; it says what belongs to the whole order."""
        return self.rows[0]

    def shared(self, key: str) -> Any:
        """The first value that a row gives to a field of the whole order."""
        return next((row.values[key] for row in self.rows if row.values.get(key) is not None), None)


def prepare_orders(rows: Sequence[ImportRow], existing: str) -> Prepared:
    """Compare rows of order lines with the catalog; see `goldseal.kit.importing.Prepared`.

    `existing`: what becomes of an order that is there already: `keep` makes its rows a problem, `merge` adds
    its new lines and takes over the quantities of the others, `replace` leaves only the sheet's lines.
    """
    problems: list[Problem] = []
    sites = by_code(Site.objects.filter(is_active=True))
    for row in rows:
        site = row.values.get("site")
        if site and site.casefold() not in sites:
            problems.append(row.problem("site", _("There is no site “%(site)s” in use.") % {"site": site}))
    orders = _gathered(rows, problems)
    _find_stored(orders)
    for order in orders.values():
        problems += _problems_of(order, existing)

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        return _write(list(orders.values()), sites, existing, now, progress)

    return Prepared(problems, write)


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


def styles_finder(rows: Sequence[ImportRow]) -> Callable[[ImportRow], Style | Problem]:
    """A function that finds the style each of the rows names, by its number and (where given) its buyer."""
    buyers = by_code(Buyer.objects.all())
    styles: dict[str, list[Style]] = {}
    named = {row.values["style"].upper() for row in rows}
    for style in Style.objects.annotate(named=Upper("code")).filter(named__in=named):
        styles.setdefault(style.code.casefold(), []).append(style)

    def find(row: ImportRow) -> Style | Problem:
        code, name = row.values["style"], row.values.get("buyer")
        found = styles.get(code.casefold(), [])
        if name:
            buyer = buyers.get(name.casefold())
            if buyer is None:
                return row.problem(
                    "buyer", _("There is no buyer “%(name)s”. Add the buyer first.") % {"name": name}
                )
            found = [style for style in found if style.buyer_id == buyer.pk]
        if not found:
            return row.problem(
                "style",
                _("There is no style “%(code)s”. Add it or import the styles first.") % {"code": code},
            )
        if len(found) > 1:
            return row.problem(
                "style",
                _("More than one buyer has a style “%(code)s”. Add a column with the buyer.")
                % {"code": code},
            )
        if not found[0].is_active:
            return row.problem(
                "style", _("The style “%(code)s” is retired. Restore it first.") % {"code": code}
            )
        return found[0]

    return find


def _gathered(rows: Sequence[ImportRow], problems: list[Problem]) -> dict[tuple[UUID, str], _Gathered]:
    find = styles_finder(rows)
    orders: dict[tuple[UUID, str], _Gathered] = {}
    for row in rows:
        style = find(row)
        if isinstance(style, Problem):
            problems.append(style)
            continue
        key = (style.pk, row.values["po_number"].upper())
        order = orders.setdefault(key, _Gathered(style))
        order.rows.append(row)
        line = (row.values["colour"].casefold(), row.values["size"].casefold())
        former = order.lines.setdefault(line, row)
        if former is not row:
            problems.append(
                row.problem(
                    "size",
                    _("%(colour)s %(size)s of this order stands in row %(row)s already.")
                    % {"colour": row.values["colour"], "size": row.values["size"], "row": former.number},
                )
            )
        if not 1 <= row.values["quantity"] <= QUANTITY_MAX:
            problems.append(
                row.problem("quantity", _("Pieces must be between 1 and %(most)s.") % {"most": QUANTITY_MAX})
            )
    return orders


def _find_stored(orders: dict[tuple[UUID, str], _Gathered]) -> None:
    """The orders that are there already, locked until the transaction ends, with their lines."""
    wanted = {"style_id__in": {s for s, _po in orders}, "named__in": {po for _s, po in orders}}
    found = Order.objects.annotate(named=Upper("po_number")).filter(**wanted)
    stored = found.select_for_update(no_key=True).order_by("pk")
    by_id = {}
    for row in stored:
        order = orders.get((row.style_id, row.po_number.upper()))
        if order is not None:
            order.stored = by_id[row.pk] = row
    for line in OrderLine.objects.filter(order_id__in=list(by_id)).order_by(
        "colour_position", "size_position"
    ):
        held = by_id[line.order_id]
        order = orders[held.style_id, held.po_number.upper()]
        order.stored_lines[line.colour.casefold(), line.size.casefold()] = line


def _problems_of(order: _Gathered, existing: str) -> Iterable[Problem]:
    if order.stored is not None and existing == KEEP:
        words = _("This order is there already. Choose what should become of orders that are there.")
        yield from (row.problem("po_number", words) for row in order.rows)
    for key in SHARED_FIELDS:
        value = order.shared(key)
        for row in order.rows:
            other = row.values.get(key)
            if other is not None and other != value:
                yield row.problem(
                    key,
                    _("Row %(row)s of the same order says “%(value)s”.")
                    % {"row": order.first.number, "value": value},
                )
    too_large = _too_large(order, existing)
    if too_large:
        yield from (row.problem("po_number", too_large) for row in order.rows)


def _too_large(order: _Gathered, existing: str) -> Words:
    lines = {key: row.values["quantity"] for key, row in order.lines.items()}
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
    orders: list[_Gathered], sites: dict[str, Any], existing: str, now: datetime, progress: Progress
) -> dict[str, int]:
    """New orders and lines in batches; of orders that are there, those that really change."""
    workspace_id = open_workspace()
    new: list[Order] = []
    changed: list[Order] = []
    lines: list[OrderLine] = []
    stale: list[OrderLine] = []
    for gathered in orders:
        order = gathered.stored
        if order is None:
            order = Order(
                workspace_id=workspace_id,
                buyer_id=gathered.style.buyer_id,
                style=gathered.style,
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

"""What a planned inspection covers: orders and their lines, cartons, and pieces that another lot covers already."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.models import Order, OrderLine, Stage
from goldseal.inspections.models import Inspection, InspectionOrder, InspectionState
from goldseal.inspections.rules import draw
from goldseal.inspections.rules.measurement import parse_measure
from goldseal.kit.errors import Invalid

Line = dict[str, Any]
Place = tuple[str, str]  # colour, size
GROSS_KG_MAX = 500


def orders_named(order_ids: Sequence[UUID]) -> list[Order]:
    """The orders of one lot, in the order they were named. Invalid unless all are one buyer's and one style's."""
    known = {
        order.pk: order
        for order in Order.objects.select_related("buyer", "style", "site").filter(pk__in=order_ids)
    }
    if not order_ids or len(known) != len(set(order_ids)):
        raise Invalid(fields={"order": _("Choose an order.")})
    found = [known[pk] for pk in dict.fromkeys(order_ids)]
    if len({(order.buyer_id, order.style_id) for order in found}) > 1:
        raise Invalid(
            fields={"order": _("Orders that are inspected as one lot must be of one buyer and one style.")}
        )
    return found


def lines_of_lot(orders: Sequence[Order], chosen: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The lines of the lot: those chosen, or every line of the orders. With several orders each names its own."""
    if not chosen:
        rows = OrderLine.objects.filter(order__in=orders).order_by("colour_position", "size_position", "pk")
        lines: list[Line] = [
            {"order": row.order_id, "colour": row.colour, "size": row.size, "quantity": row.quantity}
            for row in rows
        ]
    else:
        known = {order.pk for order in orders}
        lines = [{"order": orders[0].pk, **line} for line in chosen]
        if any(UUID(str(line["order"])) not in known for line in lines):
            raise Invalid(fields={"lines": _("A line names an order that is not in this lot.")})
    return lines


def pieces_per_order(orders: Sequence[Order], lines: Sequence[Line]) -> dict[UUID, int]:
    """How many pieces of each order the lines hold."""
    sums = dict.fromkeys((order.pk for order in orders), 0)
    for line in lines:
        sums[UUID(str(line["order"]))] += line["quantity"]
    return sums


def as_ordered(lines: Sequence[Line], *, is_combined: bool) -> list[Line]:
    """The lines as the inspection keeps them: same colour and size of several orders are one line."""
    merged: dict[tuple[str, str], Line] = {}
    for line in lines:
        kept = merged.setdefault(
            (line["colour"], line["size"]), {"colour": line["colour"], "size": line["size"], "quantity": 0}
        )
        kept["quantity"] += line["quantity"]
        if is_combined:
            parts = kept.setdefault("orders", {})
            key = str(line["order"])
            parts[key] = parts.get(key, 0) + line["quantity"]
    return list(merged.values())


def refuse_pieces_of_other_lots(
    *, orders: Sequence[Order], pieces: Mapping[UUID, int], stage: Stage, tolerance_pct: Decimal
) -> None:
    """No piece stands in two lots of one stage, unless a lot is inspected again.

    Pieces above the ordered quantity are taken within the buyer's tolerance. Invalid at the lot.
    """
    rows = (
        InspectionOrder.objects.filter(
            order__in=orders, inspection__stage=stage, inspection__reinspection_of=None
        )
        .exclude(inspection__state=InspectionState.CANCELLED)
        .values("order_id")
        .annotate(covered=Sum("quantity"))
    )
    covered = {row["order_id"]: row["covered"] for row in rows}
    for order in orders:
        already = covered.get(order.pk, 0)
        most = order.quantity + order.quantity * tolerance_pct / 100
        if already and already + pieces[order.pk] > most:
            raise Invalid(
                fields={
                    "lot": _(
                        "%(already)s of %(ordered)s pieces of %(order)s are in another lot at this stage. "
                        "Enter the pieces of this lot only, or plan it as a re-inspection."
                    )
                    % {"already": already, "ordered": order.quantity, "order": order.po_number}
                }
            )


def carton_contents(cartons: Sequence[Mapping[str, Any]]) -> list[int]:
    """Pieces per carton for carton 1, 2, 3 …; Invalid where ranges overlap or leave a gap."""
    contents: dict[int, int] = {}
    for row in cartons:
        if row["last"] < row["first"]:
            raise Invalid(fields={"cartons": _("A range of cartons ends before it begins.")})
        for number in range(row["first"], row["last"] + 1):
            if number in contents:
                raise Invalid(fields={"cartons": _("Carton %(number)s is named twice.") % {"number": number}})
            contents[number] = row["pieces"]
    if sorted(contents) != list(range(1, len(contents) + 1)):
        raise Invalid(fields={"cartons": _("Cartons must be numbered from 1 without a gap.")})
    return [contents[number] for number in sorted(contents)]


def packed_ranges(
    cartons: Sequence[Mapping[str, Any]], *, order_packing: Mapping[str, Any], codes: Mapping[Place, str]
) -> list[Line]:
    """The ranges whose cartons hold something of their own: [{first, last, name?, ratio?, barcodes?, gross_kg?}].

    `cartons`: ranges with `ratio` [{colour, size, pieces}], `barcodes`, `gross_kg` and `name`; a range of one
    colour and size is a solid one. What a range leaves out is the order's, but the order's weight is that of the
    order's ratio, and of the order's barcodes (`codes`) only those of the range's own pieces belong to it.
    Invalid where two ranges that say so overlap.
    """
    found: list[Line] = []
    for row in sorted(cartons, key=lambda row: int(row["first"])):
        ratio = [dict(share) for share in row.get("ratio") or _solid(row)]
        if not (ratio or row.get("gross_kg") or row.get("barcodes")):
            continue
        if found and row["first"] <= found[-1]["last"]:
            raise Invalid(
                fields={"cartons": _("Carton %(number)s is named twice.") % {"number": row["first"]}}
            )
        named = [(share["colour"], share["size"]) for share in ratio]
        known = [codes[place] for place in named if place in codes]
        usual = order_packing.get("gross_kg") if not (ratio and order_packing.get("ratio")) else ""
        own = {
            "name": row.get("name"),
            "ratio": ratio or order_packing.get("ratio"),
            "barcodes": row.get("barcodes")
            or (known if named and len(known) == len(named) else [])
            or order_packing.get("barcodes"),
            "gross_kg": _kilograms(row.get("gross_kg")) or usual,
        }
        kept = {name: value for name, value in own.items() if value}
        found.append({"first": row["first"], "last": row["last"], **kept})
    return found


def check_ratios(cartons: Sequence[Mapping[str, Any]], lines: Sequence[Line]) -> None:
    """Invalid where a range's ratio names what is not in the lot, names it twice or adds up to another number."""
    places = {(line["colour"], line["size"]) for line in lines}
    for row in cartons:
        ratio = [((share["colour"], share["size"]), share["pieces"]) for share in row.get("ratio") or ()]
        told = {"first": row["first"], "last": row["last"], "pieces": row["pieces"]}
        strange = [place for place, _pieces in ratio if places and place not in places]
        if strange:
            words = _("Cartons %(first)s–%(last)s: %(what)s is not in the lot.")
            raise Invalid(fields={"cartons": words % {**told, "what": " ".join(strange[0])}})
        if len({place for place, _pieces in ratio}) < len(ratio):
            words = _("Cartons %(first)s–%(last)s: one colour and size stands in the ratio twice.")
            raise Invalid(fields={"cartons": words % told})
        total = sum(pieces for _place, pieces in ratio)
        if ratio and total != row["pieces"]:
            words = _("Cartons %(first)s–%(last)s: the ratio adds up to %(sum)s pieces, not %(pieces)s.")
            raise Invalid(fields={"cartons": words % {**told, "sum": total}})
        _kilograms(row.get("gross_kg"))


def _solid(row: Mapping[str, Any]) -> list[Line]:
    if not (row.get("colour") and row.get("size")):
        return []
    return [{"colour": row["colour"], "size": row["size"], "pieces": row["pieces"]}]


def _kilograms(text: str | None) -> str:
    """A gross weight above 0 and at most 500 kg, exact; "" where none is given. Invalid otherwise."""
    if not text:
        return ""
    plain = text.strip().replace(",", ".")
    try:
        weight = Decimal(plain)
    except InvalidOperation:
        weight = Decimal(0)
    if not (weight.is_finite() and 0 < weight <= GROSS_KG_MAX) or len(plain) > 12:
        words = _("Write the gross weight of one carton in kg, above 0 and at most 500, such as 12.4.")
        raise Invalid(fields={"cartons": words})
    return format(weight.normalize(), "f")


def check_points(points: Sequence[Mapping[str, Any]]) -> None:
    """Invalid where an amount of the measurement chart cannot be read or a point stands twice."""
    seen: set[tuple[str, str]] = set()
    for point in points:
        key = point["code"], point.get("wash", "")
        if key in seen:
            raise Invalid(fields={"points": _("Point %(code)s stands twice.") % {"code": point["code"]}})
        seen.add(key)
        for amount in (point["tol_minus"], point["tol_plus"], *point["spec"].values()):
            try:
                parse_measure(amount)
            except ValueError as refused:
                raise Invalid(fields={"points": f"{point['code']}: {refused}"}) from None


def drawn_cartons(seed: bytes, contents: list[int], sample_size: int) -> list[dict[str, Any]]:
    """Cartons to open and pieces to take from each, from the seed that was committed to."""
    if not contents or not sample_size:
        return []
    try:
        drawn = draw.draw_sample(
            seed=seed, carton_contents=contents, sample_size=min(sample_size, sum(contents))
        )
    except ValueError as refused:
        raise Invalid(fields={"cartons": str(refused)}) from None
    return [{"carton": carton.carton, "pieces": list(carton.pieces)} for carton in drawn.cartons]


def inspected_before(pk: UUID | None, *, stage: Stage) -> Inspection | None:
    """The decided inspection that is repeated. Invalid if it is none, passed, or stands at another stage."""
    if pk is None:
        return None
    former = Inspection.objects.filter(pk=pk).first()
    if former is None or former.stage_id != stage.pk:
        raise Invalid(fields={"reinspection_of": _("Choose an inspection of the same stage.")})
    if former.state != InspectionState.DECIDED or former.verdict == "pass":
        raise Invalid(
            fields={"reinspection_of": _("Only an inspection that was decided and did not pass is repeated.")}
        )
    return former

"""Shapes of the API for orders: quantities, barcodes and cartons."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from goldseal.catalog.rules.grid import COLOURS_MAX, QUANTITY_MAX, SIZES_MAX
from goldseal.catalog.shapes import LongNote, Page, RecordOut, Revised, Status, Strict, left_out, text


class QuantityIn(Strict):
    """Pieces ordered of one colour in one size."""

    colour: Annotated[str, text(60, 1)]
    size: Annotated[str, text(20, 1)]
    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX)]


class QuantityOut(Schema):
    """Pieces ordered of one colour in one size."""

    colour: str
    size: str
    quantity: int


class BarcodeIn(Strict):
    """The barcode of one colour in one size: a GTIN of 8, 12, 13 or 14 digits."""

    colour: Annotated[str, text(60, 1)]
    size: Annotated[str, text(20, 1)]
    barcode: Annotated[str, text(20)]


class BarcodeOut(Schema):
    """The barcode of one colour in one size."""

    colour: str
    size: str
    barcode: str


class ShareIn(Strict):
    """How many pieces of one colour in one size a carton holds."""

    colour: Annotated[str, text(60, 1)]
    size: Annotated[str, text(20, 1)]
    pieces: Annotated[int, Field(ge=1, le=1000)]


class PackingIn(Strict):
    """What one carton holds; `gross_kg` is text, so that it stays exact."""

    ratio: Annotated[list[ShareIn], Field(max_length=COLOURS_MAX * SIZES_MAX)] = Field(default_factory=list)
    gross_kg: Annotated[str, text(12)] = ""
    marks: Annotated[str, text(500)] = ""


class PackingOut(Schema):
    """What one carton holds."""

    ratio: list[dict[str, str | int]] = Field(default_factory=list)
    gross_kg: str = ""
    marks: str = ""


Quantities = Annotated[list[QuantityIn], Field(min_length=1, max_length=COLOURS_MAX * SIZES_MAX)]


class OrderFields(Strict):
    """An order; its buyer is the style's. `lines` and `barcodes` replace all former ones."""

    style_id: UUID = left_out()
    site_id: UUID | None = left_out()
    po_number: Annotated[str, text(40, 1)] = left_out()
    status: Status = left_out()
    ex_factory_on: date | None = left_out()
    destination: Annotated[str, text(160)] = left_out()
    port: Annotated[str, text(80)] = left_out()
    note: LongNote = left_out()
    lines: Quantities = left_out()
    barcodes: Annotated[list[BarcodeIn], Field(max_length=COLOURS_MAX * SIZES_MAX)] = left_out()
    packing: PackingIn = left_out()


class OrderIn(OrderFields):
    """A new order."""

    style_id: UUID
    po_number: Annotated[str, text(40, 1)]
    lines: Quantities


class OrderEdit(OrderFields, Revised):
    """What to change of an order."""


class OrderBrief(RecordOut):
    """An order as lists give it; `quantity` is the sum of its lines."""

    buyer_id: UUID
    style_id: UUID
    site_id: UUID | None
    po_number: str
    status: str
    ex_factory_on: date | None
    destination: str
    port: str
    note: str
    quantity: int


class OrderOut(OrderBrief):
    """An order with its quantities."""

    lines: list[QuantityOut]
    barcodes: list[BarcodeOut]
    packing: PackingOut


class OrderPage(Page):
    """Orders."""

    items: list[OrderBrief]

"""An import taken through its steps, and the sheets to try it with."""

import io

import xlsxwriter

from goldseal.catalog.models import ImportRun, OrderLine
from goldseal.catalog.services import importing
from goldseal.catalog.tests.makers import NOW, Factory, add_buyer, add_style, factory

LONG = """PO No.,Style,Colour,Size,Qty,Ex-factory
PO-1,NF-1042,Navy,S,144,2026-03-20
PO-1,NF-1042,Navy,M,288,2026-03-20
PO-1,NF-1042,Ecru,S,96,2026-03-20
PO-2,nf-1042,Navy,S,"1,200",2026-04-01
"""


def factory_with_style(name: str = "Alice") -> Factory:
    """A workspace with style NF-1042 of buyer NORTH."""
    made = factory(name)
    with made.scope():
        add_style(made, add_buyer(made))
    return made


def started(place: Factory, data: str | bytes, kind: str = "orders", name: str = "orders.csv") -> ImportRun:
    held = data.encode() if isinstance(data, str) else data
    return importing.start_import(kind=kind, file_name=name, data=held, actor=place.actor, now=NOW)


def checked(place: Factory, run: ImportRun, **choices) -> ImportRun:
    choices.setdefault("columns", run.columns)
    importing.check_import(run_id=run.pk, actor=place.actor, now=NOW, **choices)
    return importing.carry_out_check(run_id=run.pk, now=NOW)


def applied(place: Factory, run: ImportRun, *, is_only_good: bool = False) -> ImportRun:
    importing.apply_import(run_id=run.pk, is_only_good=is_only_good, actor=place.actor, now=NOW)
    return importing.carry_out_import(run_id=run.pk, actor=place.actor, now=NOW, progress=lambda _done: None)


def lines_of(po: str) -> dict[tuple[str, str], int]:
    found = OrderLine.objects.filter(order__po_number=po).order_by("colour_position", "size_position")
    return {(line.colour, line.size): line.quantity for line in found}


def problems(run: ImportRun) -> list[tuple[int, int]]:
    return [(row, column) for row, column, _words in run.problems]


def held(run: ImportRun) -> list[int]:
    return [row for row, _words in run.held]


def told(run: ImportRun, row: int) -> list[str]:
    """What is said at one row."""
    return [words for at, _column, words in run.problems if at == row] + [
        words for at, words in run.held if at == row
    ]


def workbook(fill) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    fill(book, book.add_worksheet("Orders"))
    book.close()
    return out.getvalue()

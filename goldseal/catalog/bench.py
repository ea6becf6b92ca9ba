"""Measure ten thousand order lines on their way in from a sheet."""

import time
from datetime import datetime

from goldseal.catalog.models import OrderLine
from goldseal.catalog.services import create_buyer, create_style, importing
from goldseal.kit.actors import Actor
from goldseal.kit.sheets.writing import write_xlsx

COLOURS, SIZES, ORDERS = ("Navy", "Ecru", "Rust", "Moss"), ("XS", "S", "M", "L", "XL"), 500


def ten_thousand_lines(*, actor: Actor, now: datetime) -> dict[str, float]:
    """Seconds to receive, check and write an XLSX of 10 000 order lines; call inside a workspace's scope.

    At most 30 s all together are promised (issue 3, point 7).
    """
    buyer = create_buyer(values={"code": "BENCH-IMP", "name": "Bench"}, actor=actor, now=now)
    style = create_style(
        values={"buyer": buyer.pk, "code": "BENCH-1", "name": "Bench style"}, actor=actor, now=now
    )
    rows = [
        [f"BENCH-PO-{n}", style.code, colour, size, 100 + n, now.date(), "Rotterdam"]
        for n in range(ORDERS)
        for colour in COLOURS
        for size in SIZES
    ]
    heads = ["PO", "Style", "Colour", "Size", "Qty", "Ex-factory", "Destination"]
    data = write_xlsx(heads=heads, rows=rows)
    times = {}
    begun = time.perf_counter()
    run = importing.start_import(kind="orders", file_name="bench.xlsx", data=data, actor=actor, now=now)
    importing.check_import(run_id=run.pk, columns=run.columns, actor=actor, now=now)
    times["received"] = time.perf_counter() - begun
    begun = time.perf_counter()
    importing.carry_out_check(run_id=run.pk, now=now)
    times["checked"] = time.perf_counter() - begun
    begun = time.perf_counter()
    importing.apply_import(run_id=run.pk, is_only_good=False, actor=actor, now=now)
    done = importing.carry_out_import(run_id=run.pk, actor=actor, now=now, progress=lambda _rows: None)
    times["written"] = time.perf_counter() - begun
    lines = OrderLine.objects.filter(order__style=style).count()
    if lines != len(rows) or done.counts["created"] != ORDERS:
        raise AssertionError(f"{lines} of {len(rows)} lines were imported.")
    return times

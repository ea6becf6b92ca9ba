"""Past inspections from a sheet: its rows compared with orders and stages, written as decided in few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from goldseal.catalog.choices import Severity
from goldseal.catalog.models import Line, Order, Stage
from goldseal.catalog.services.import_orders import BATCH, open_workspace
from goldseal.inspections.models import Inspection, InspectionOrder, InspectionState
from goldseal.inspections.plan_services import lock_numbers
from goldseal.inspections.selectors import next_number
from goldseal.inspections.snapshots import IMPORTED, TAKEN_OVER
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict
from goldseal.kit.importing import ImportRow, Prepared, Problem, Progress
from goldseal.workspaces.selectors import workspace_by_id

LOT_MAX = 10_000_000
YEAR_MIN = 1990
# The instant within the day is not known; noon stays the same day if the workspace's zone is set right later.
NOON = time(12)
ROWS_NAMED = 10
# What an inspection is known by: day, stage, order, line, lot and verdict.
Key = tuple[date, UUID, UUID, UUID | None, int, str]


@dataclass(frozen=True, slots=True)
class _Past:
    """One row with the records that it names."""

    row: ImportRow
    stage: Stage
    order: Order
    line: Line | None

    @property
    def key(self) -> Key:
        """What it is known by."""
        v = self.row.values
        line_id = self.line.pk if self.line else None
        return v["inspected_on"], self.stage.pk, self.order.pk, line_id, v["lot_size"], v["verdict"]


def prepare_past_inspections(rows: Sequence[ImportRow], existing: str) -> Prepared:
    """Compare rows of past inspections with the catalog; see `goldseal.kit.importing.Prepared`.

    An inspection taken over before (same day, stage, order, line, lot and verdict) is a problem of its row,
    as is the same one twice in the sheet. Retired stages, lines and orders are found too: they were in use then.
    """
    problems: list[Problem] = []
    past: list[_Past] = []
    find = _Finder(rows)
    for row in rows:
        problems += _problems_of(row)
        found = find.records(row)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            past.append(found)
    stored = _stored(past)
    seen: dict[Key, ImportRow] = {}
    for one in past:
        former = seen.setdefault(one.key, one.row)
        if one.key in stored:
            problems.append(one.row.problem("inspected_on", _("This inspection was imported already.")))
        elif former is not one.row:
            words = _("This inspection stands in row %(row)s already.") % {"row": former.number}
            problems.append(one.row.problem("inspected_on", words))

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        return _write(past, actor=actor, now=now, progress=progress)

    return Prepared(problems, write)


class _Finder:
    """The orders, stages and lines that the rows of a sheet name, read in three queries."""

    def __init__(self, rows: Sequence[ImportRow]) -> None:
        self.stages: dict[str, Stage] = {}
        listed = list(Stage.objects.all())
        for stage in listed:
            for name in (stage.name_en, stage.name_bn):
                self.stages.setdefault(name.casefold(), stage)
        self.stages |= {stage.code.casefold(): stage for stage in listed}
        self.orders: dict[str, list[Order]] = {}
        named = {row.values["po_number"].upper() for row in rows}
        found = Order.objects.select_related("style", "buyer").annotate(named=Upper("po_number"))
        for order in found.filter(named__in=named):
            self.orders.setdefault(order.po_number.casefold(), []).append(order)
        self.lines: dict[str, list[Line]] = {}
        if any(row.values.get("line") for row in rows):
            for line in Line.objects.all():
                for name in {line.code.casefold(), line.name.casefold()}:
                    self.lines.setdefault(name, []).append(line)

    def records(self, row: ImportRow) -> _Past | Problem:
        """What the row names, or the first thing that is not there."""
        stage = self.stages.get(row.values["stage"].casefold())
        if stage is None:
            return row.problem(
                "stage",
                _("There is no stage “%(name)s”. Allowed: %(codes)s.")
                % {"name": row.values["stage"], "codes": self._codes()},
            )
        order = self._order(row)
        if isinstance(order, Problem):
            return order
        line = self._line(row, order)
        return line if isinstance(line, Problem) else _Past(row, stage, order, line)

    def _codes(self) -> str:
        return ", ".join(dict.fromkeys(s.code for s in sorted(self.stages.values(), key=_place)))

    def _order(self, row: ImportRow) -> Order | Problem:
        po, style, buyer = (row.values.get(key) or "" for key in ("po_number", "style", "buyer"))
        orders = self.orders.get(po.casefold(), [])
        if not orders:
            words = _("There is no order “%(po)s”. Add it or import the orders first.") % {"po": po}
            return row.problem("po_number", words)
        if style:
            orders = [one for one in orders if one.style.code.casefold() == style.casefold()]
            if not orders:
                words = _("Order “%(po)s” is not of style “%(style)s”.") % {"po": po, "style": style}
                return row.problem("style", words)
        if buyer:
            names = buyer.casefold()
            orders = [o for o in orders if names in (o.buyer.code.casefold(), o.buyer.name.casefold())]
            if not orders:
                words = _("Order “%(po)s” is not of buyer “%(buyer)s”.") % {"po": po, "buyer": buyer}
                return row.problem("buyer", words)
        if len(orders) > 1:
            words = _("More than one order has the number “%(po)s”. Say the style and the buyer, too.")
            return row.problem("po_number", words % {"po": po})
        return orders[0]

    def _line(self, row: ImportRow, order: Order) -> Line | Problem | None:
        name = row.values.get("line")
        if not name:
            return None
        lines = self.lines.get(name.casefold(), [])
        if not lines:
            return row.problem("line", _("There is no line “%(name)s”. Add it first.") % {"name": name})
        if len(lines) > 1 and order.site_id:
            lines = [line for line in lines if line.site_id == order.site_id] or lines
        if len(lines) > 1:
            words = _("More than one site has a line “%(name)s”. Write the line's own code.")
            return row.problem("line", words % {"name": name})
        return lines[0]


def _place(stage: Stage) -> tuple[int, str]:
    return stage.position, stage.code


def _problems_of(row: ImportRow) -> Iterable[Problem]:
    """What is wrong with the figures of one row, whatever it names."""
    v = row.values
    if v["inspected_on"].year < YEAR_MIN:
        yield row.problem("inspected_on", _("The date lies before %(year)s.") % {"year": YEAR_MIN})
    if not 1 <= v["lot_size"] <= LOT_MAX:
        yield row.problem("lot_size", _("Lot size must be between 1 and 10 000 000."))
    elif not 0 <= (v.get("sample_size") or 0) <= v["lot_size"]:
        yield row.problem(
            "sample_size", _("The sample must be between 0 and the lot, %(lot)s.") % {"lot": v["lot_size"]}
        )
    for severity in Severity.values:
        if not 0 <= (v.get(severity) or 0) <= LOT_MAX:
            yield row.problem(severity, _("Defects must be between 0 and 10 000 000."))


def _stored(past: Sequence[_Past]) -> set[Key]:
    """Of the orders concerned, what was taken over before."""
    rows = Inspection.objects.filter(TAKEN_OVER, order_id__in={one.order.pk for one in past})
    return set(rows.values_list("planned_on", "stage_id", "order_id", "line_id", "lot_size", "verdict"))


def _write(past: Sequence[_Past], *, actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
    """Every row as a decided inspection, numbered by their days after those that are there."""
    workspace_id = open_workspace()
    workspace = workspace_by_id(workspace_id)
    zone = ZoneInfo(workspace.time_zone) if workspace else UTC
    _refuse_days_to_come(past, today=now.astimezone(zone).date())
    lock_numbers(actor)
    # Another import may have written the same rows since these were compared; from here on none can.
    if _stored(past) & {one.key for one in past}:
        raise Conflict(_("Somebody imported the same inspections at the same moment. Check the sheet again."))
    ordered = sorted(past, key=lambda one: (one.row.values["inspected_on"], one.row.number))
    first = next_number()
    for start in range(0, len(ordered), BATCH):
        batch = [
            _inspection(one, workspace_id=workspace_id, number=number, zone=zone, now=now)
            for number, one in enumerate(ordered[start : start + BATCH], first + start)
        ]
        Inspection.objects.bulk_create(batch)
        # No piece is counted: what was inspected elsewhere does not stand in the way of a lot planned here.
        InspectionOrder.objects.bulk_create(
            InspectionOrder(workspace_id=workspace_id, inspection=one, order_id=one.order_id, quantity=0)
            for one in batch
        )
        progress(start + len(batch))
    return {"created": len(ordered), "changed": 0}


def _refuse_days_to_come(past: Sequence[_Past], *, today: date) -> None:
    late = [one.row.number for one in past if one.row.values["inspected_on"] > today]
    if late:
        more = " …" if len(late) > ROWS_NAMED else ""
        raise Conflict(
            _("These rows name a day that has not come yet: %(rows)s. Nothing was imported.")
            % {"rows": ", ".join(map(str, late[:ROWS_NAMED])) + more}
        )


def _inspection(one: _Past, *, workspace_id: UUID, number: int, zone: Any, now: datetime) -> Inspection:
    v = one.row.values
    return Inspection(
        workspace_id=workspace_id,
        number=number,
        stage=one.stage,
        method=one.stage.method_code,
        buyer_id=one.order.buyer_id,
        style_id=one.order.style_id,
        order=one.order,
        line=one.line,
        state=InspectionState.DECIDED,
        verdict=v["verdict"],
        planned_on=v["inspected_on"],
        decided_at=datetime.combine(v["inspected_on"], NOON, tzinfo=zone),
        created_at=now,
        lot_size=v["lot_size"],
        sample_size=v.get("sample_size") or 0,
        plan={},
        rules={},
        ordered=[],
        header={
            IMPORTED: {
                "row": one.row.number,
                "inspector": v.get("inspector") or "",
                "remark": v.get("remark") or "",
            }
        },
        summary=_summary(v),
    )


def _summary(values: dict[str, Any]) -> dict[str, Any]:
    """What lists and figures read, as `snapshots.summary_of` makes it; a severity without a number is left out."""
    found = {severity: values[severity] for severity in Severity.values if values.get(severity) is not None}
    return {
        "verdict": values["verdict"],
        "sections": {},
        "counts": {name: {"found": n, "accept": None, "reject": None} for name, n in found.items()},
        "figures": {},
        "reasons": [],
        "defects": sum(found.values()),
        "photos": 0,
        "conflicts": 0,
        "points_measured": 0,
        "points_out": 0,
    }

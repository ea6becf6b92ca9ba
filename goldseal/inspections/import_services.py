"""Past inspections from a sheet: its rows compared with orders and stages, written as decided in few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
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
from goldseal.kit.importing import ImportRow, Occasion, Prepared, Problem, Progress, bad_rows
from goldseal.workspaces.selectors import workspace_by_id

LOT_MAX = 10_000_000
YEAR_MIN = 1990
# The instant within the day is not known; noon stays the same day if the workspace's zone is set right later.
NOON = time(12)
# What an inspection is known by: day, stage, order, line, lot and verdict.
KEY_FIELDS = frozenset(["inspected_on", "stage", "po_number", "line", "lot_size", "verdict"])
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


def prepare_past_inspections(rows: Sequence[ImportRow], occasion: Occasion) -> Prepared:
    """Compare rows of past inspections with the catalog; see `goldseal.kit.importing.Prepared`.

    An inspection taken over before (same day, stage, order, line, lot and verdict) is a problem of its row,
    as is the same one twice in the sheet. Retired stages, lines and orders are found too: they were in use then.
    """
    zone = _zone()
    today = occasion.now.astimezone(zone).date()
    problems: list[Problem] = []
    past: list[_Past] = []
    find = _Finder(rows)
    for row in rows:
        problems += _problems_of(row, today=today)
        stage, order = find.stage(row, problems), find.order(row, problems)
        line = find.line(row, order, problems)
        is_line_known = line is not None or not row.values.get("line")
        if stage and order and is_line_known and not row.unread & KEY_FIELDS:
            past.append(_Past(row, stage, order, line))
    stored = _stored(past)
    seen: dict[Key, ImportRow] = {}
    for one in past:
        former = seen.setdefault(one.key, one.row)
        if one.key in stored:
            problems.append(one.row.problem("inspected_on", _("This inspection was imported already.")))
        elif former is not one.row:
            words = _("This inspection stands in row %(row)s already.") % {"row": former.number}
            problems.append(one.row.problem("inspected_on", words))
    bad = bad_rows(rows, problems)
    good = [one for one in past if one.row.number not in bad]

    def write(actor: Actor, now: datetime, progress: Progress) -> dict[str, int]:
        return _write(good, run_id=occasion.run_id, zone=zone, actor=actor, now=now, progress=progress)

    return Prepared(problems, write)


def _zone() -> tzinfo:
    """The zone of the open workspace, in which its days begin."""
    workspace = workspace_by_id(open_workspace())
    return ZoneInfo(workspace.time_zone) if workspace else UTC


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
        named = {row.values["po_number"].upper() for row in rows if row.values["po_number"]}
        found = Order.objects.select_related("style", "buyer").annotate(named=Upper("po_number"))
        for order in found.filter(named__in=named):
            self.orders.setdefault(order.po_number.casefold(), []).append(order)
        self.lines: dict[str, list[Line]] = {}
        if any(row.values.get("line") for row in rows):
            for line in Line.objects.all():
                for name in {line.code.casefold(), line.name.casefold()}:
                    self.lines.setdefault(name, []).append(line)

    def stage(self, row: ImportRow, problems: list[Problem]) -> Stage | None:
        """The stage by its code or name; None, and why among the problems, where there is none."""
        name = row.values["stage"]
        found = self.stages.get(name.casefold()) if name else None
        if name and found is None:
            words = _("There is no stage “%(name)s”. Allowed: %(codes)s.")
            problems.append(row.problem("stage", words % {"name": name, "codes": self._codes()}))
        return found

    def _codes(self) -> str:
        return ", ".join(dict.fromkeys(s.code for s in sorted(self.stages.values(), key=_place)))

    def order(self, row: ImportRow, problems: list[Problem]) -> Order | None:
        """The order by its number and, where given, style and buyer; None, and why, where it is not one."""
        po, style, buyer = (row.values.get(key) or "" for key in ("po_number", "style", "buyer"))
        if not po:
            return None
        orders = self.orders.get(po.casefold(), [])
        if not orders:
            words = _("There is no order “%(po)s”. Add it or import the orders first.") % {"po": po}
            problems.append(row.problem("po_number", words))
            return None
        of_style = [o for o in orders if not style or o.style.code.casefold() == style.casefold()]
        if not of_style:
            words = _("Order “%(po)s” is not of style “%(style)s”.") % {"po": po, "style": style}
            problems.append(row.problem("style", words))
        names = buyer.casefold()
        of_buyer = [o for o in orders if names in ("", o.buyer.code.casefold(), o.buyer.name.casefold())]
        if not of_buyer:
            words = _("Order “%(po)s” is not of buyer “%(buyer)s”.") % {"po": po, "buyer": buyer}
            problems.append(row.problem("buyer", words))
        both = [order for order in of_style if order in of_buyer]
        if of_style and of_buyer and len(both) != 1 and not row.unread & {"style", "buyer"}:
            words = (
                _("More than one order has the number “%(po)s”. Say the style and the buyer, too.")
                if both
                else _("No order “%(po)s” is of both this style and this buyer.")
            )
            problems.append(row.problem("po_number", words % {"po": po}))
        return both[0] if len(both) == 1 else None

    def line(self, row: ImportRow, order: Order | None, problems: list[Problem]) -> Line | None:
        """The line by its code or name; None where the row names none, or, and then why, where it is not one."""
        name = row.values.get("line")
        if not name:
            return None
        lines = self.lines.get(name.casefold(), [])
        if not lines:
            words = _("There is no line “%(name)s”. Add it first.") % {"name": name}
            problems.append(row.problem("line", words))
        if len(lines) > 1 and order and order.site_id:
            lines = [line for line in lines if line.site_id == order.site_id] or lines
        if len(lines) > 1 and order:
            words = _("More than one site has a line “%(name)s”. Write the line's own code.")
            problems.append(row.problem("line", words % {"name": name}))
        return lines[0] if len(lines) == 1 else None


def _place(stage: Stage) -> tuple[int, str]:
    return stage.position, stage.code


def _problems_of(row: ImportRow, *, today: date) -> Iterable[Problem]:
    """What is wrong with the figures of one row, whatever it names; those that are unread are told already."""
    day, lot, sample = (row.values.get(key) for key in ("inspected_on", "lot_size", "sample_size"))
    if day and day.year < YEAR_MIN:
        yield row.problem("inspected_on", _("The date lies before %(year)s.") % {"year": YEAR_MIN})
    if day and day > today:
        words = _("This day has not come yet. Write the day on which the inspection was made.")
        yield row.problem("inspected_on", words)
    is_lot_allowed = lot is not None and 1 <= lot <= LOT_MAX
    if lot is not None and not is_lot_allowed:
        yield row.problem("lot_size", _("Lot size must be between 1 and 10 000 000."))
    most = lot if is_lot_allowed else LOT_MAX
    if sample is not None and not 0 <= sample <= most:
        words = _("The sample must be between 0 and the lot, %(lot)s.") % {"lot": most}
        yield row.problem("sample_size", words)
    for severity in Severity.values:
        if not 0 <= (row.values.get(severity) or 0) <= LOT_MAX:
            yield row.problem(severity, _("Defects must be between 0 and 10 000 000."))


def _stored(past: Sequence[_Past]) -> set[Key]:
    """Of the orders concerned, what was taken over before."""
    rows = Inspection.objects.filter(TAKEN_OVER, order_id__in={one.order.pk for one in past})
    return set(rows.values_list("planned_on", "stage_id", "order_id", "line_id", "lot_size", "verdict"))


def _write(
    past: Sequence[_Past], *, run_id: UUID, zone: tzinfo, actor: Actor, now: datetime, progress: Progress
) -> dict[str, int]:
    """Every row as a decided inspection, numbered by their days after those that are there."""
    workspace_id = open_workspace()
    lock_numbers(actor)
    # Another import may have written the same rows since these were compared; from here on none can.
    if _stored(past) & {one.key for one in past}:
        raise Conflict(_("Somebody imported the same inspections at the same moment. Check the sheet again."))
    ordered = sorted(past, key=lambda one: (one.row.values["inspected_on"], one.row.number))
    first = next_number()
    for start in range(0, len(ordered), BATCH):
        batch = [
            _inspection(one, workspace_id=workspace_id, run_id=run_id, number=number, zone=zone, now=now)
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


def _inspection(
    one: _Past, *, workspace_id: UUID, run_id: UUID, number: int, zone: tzinfo, now: datetime
) -> Inspection:
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
                "run": str(run_id),
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

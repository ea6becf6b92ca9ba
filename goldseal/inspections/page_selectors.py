"""What the pages of inspections read beside the inspection itself: suggestions, people, previews."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from goldseal.catalog.models import (
    Buyer,
    Defect,
    Line,
    Method,
    Order,
    OrderLine,
    SeverityOverride,
    Stage,
    Style,
    Supplier,
)
from goldseal.catalog.rules.severity import ANY_ZONE, ZONES, effective_severity
from goldseal.catalog.selectors import defects, order_lines, orders, stages
from goldseal.inspections.models import (
    Evidence,
    Inspection,
    InspectionEvent,
    InspectionRequest,
    InspectionState,
    RequestState,
)
from goldseal.inspections.rules import sampling
from goldseal.inspections.rules.events import Event
from goldseal.inspections.rules.state import SIGNED
from goldseal.inspections.selectors import chart_points, listed
from goldseal.inspections.snapshots import TAKEN_OVER, event_of
from goldseal.kit.actors import Actor
from goldseal.kit.listing import first_rows
from goldseal.workspaces.models import Membership
from goldseal.workspaces.selectors import members

RECENT_DEFECTS = 300


def orders_to_plan() -> QuerySet[Order]:
    """Orders in use that have pieces to inspect."""
    return orders().filter(is_active=True, quantity__gt=1)


def lot_lines(order: Order) -> list[OrderLine]:
    """The order's lines, colour by colour."""
    return list(order_lines(order))


def stages_in_use() -> QuerySet[Stage]:
    """Stages that an inspection can be planned for."""
    return stages().filter(is_active=True)


def stage_in_use(text: str) -> Stage | None:
    """The stage with this id, or None."""
    try:
        return stages_in_use().filter(pk=UUID(text)).first()
    except ValueError:
        return None


def lines_in_use() -> QuerySet[Line]:
    """Production lines that work."""
    return Line.objects.filter(is_active=True).select_related("site").order_by("site__code", "code")


def suppliers_in_use() -> QuerySet[Supplier]:
    """Suppliers that still deliver."""
    return Supplier.objects.filter(is_active=True).order_by("name")


def stages_of_order(order: Order) -> list[dict[str, Any]]:
    """Every stage that the order's garments go through, with its inspections of this order so far."""
    rows = listed().filter(covered__order=order).exclude(state=InspectionState.CANCELLED)
    done: dict[UUID, list[Inspection]] = {}
    for row in rows.order_by("number"):
        done.setdefault(row.stage_id, []).append(row)
    family = order.style.product_family
    return [
        {"stage": stage, "inspections": done.get(stage.pk, [])}
        for stage in stages_in_use().filter(Q(product_family="") | Q(product_family=family))
    ]


def planned_between(first: date, last: date) -> dict[date, list[Inspection]]:
    """Inspections planned for these days, by day; cancelled ones left out. At most 500 are shown."""
    rows = listed().filter(planned_on__range=(first, last)).exclude(state=InspectionState.CANCELLED)
    by_day: dict[date, list[Inspection]] = {}
    found = first_rows(rows.order_by("planned_on", "pk"), 500)
    for row in sorted(found, key=lambda row: (row.stage.position, row.number)):
        by_day.setdefault(row.planned_on, []).append(row)
    return by_day


def open_requests() -> list[InspectionRequest]:
    """Requests that wait for an answer, the most urgent first."""
    rows = InspectionRequest.objects.filter(state=RequestState.OPEN)
    related = rows.select_related("order__style", "order__buyer", "stage", "requested_by")
    return list(related.order_by("wanted_on", "created_at")[:100])


def open_request(text: str) -> InspectionRequest | None:
    """The open request with this id, or None."""
    try:
        pk = UUID(text)
    except ValueError:
        return None
    rows = InspectionRequest.objects.select_related("stage", "order").filter(state=RequestState.OPEN)
    return rows.filter(pk=pk).first()


def rules_in_use(buyer_id: UUID) -> tuple[int, int]:
    """How many of a buyer's inspections are planned and how many are running: they keep their rules."""
    rows = Inspection.objects.filter(buyer_id=buyer_id)
    return (
        rows.filter(state=InspectionState.PLANNED).count(),
        rows.filter(state=InspectionState.IN_PROGRESS).count(),
    )


def people_who_inspect() -> list[Membership]:
    """Members in force whose role lets them record findings."""
    allowed = ("owner", "admin", "qa_manager", "inspector")
    return [row for row in members().filter(is_active=True) if row.role in allowed]


def chart_for(style_id: UUID) -> list[dict[str, Any]]:
    """The style's points of measure: from the catalog, else those of its latest inspection that has some."""
    points = chart_points(style_id)
    if points:
        return points
    last = Inspection.objects.filter(style_id=style_id).exclude(points=[]).order_by("-pk").first()
    return list(last.points) if last else []


def orders_beside(order: Order) -> list[Order]:
    """Other orders in use of the same buyer and style, which may be inspected in the same lot."""
    rows = orders_to_plan().filter(style_id=order.style_id).exclude(pk=order.pk)
    return list(rows.order_by("po_number")[:50])


def frequent_codes(style_id: UUID, most: int = 8) -> list[str]:
    """The defect codes most often found on this style lately, most frequent first."""
    # Only sampled inspections record such events; a line's day of taps must not be searched for them.
    recent = InspectionEvent.objects.filter(
        inspection__style_id=style_id, inspection__method=Method.AQL, kind="defect_recorded"
    ).order_by("-pk")
    codes = Counter(row["code"] for row in recent.values_list("body", flat=True)[:RECENT_DEFECTS])
    return [code for code, _count in codes.most_common(most)]


def defect_names(codes: set[str]) -> Mapping[str, Defect]:
    """Those defects of the library, by code; retired ones too."""
    return {row.code: row for row in Defect.objects.filter(code__in=codes)}


def defects_with_severities(buyer: Buyer, style: Style) -> list[tuple[Defect, Mapping[str, str]]]:
    """Every defect in use with its severity per zone ("" = zone not known) for this buyer and style."""
    own: dict[UUID, dict[str, str]] = {}
    for row in SeverityOverride.objects.filter(buyer=buyer):
        own.setdefault(row.defect_id, {})[row.zone] = row.severity
    return [
        (
            defect,
            {
                zone: effective_severity(
                    defect=defect.rule,
                    buyer=own.get(defect.pk, {}),
                    zone=zone,
                    is_for_children=style.is_for_children,
                )
                for zone in (ANY_ZONE, *ZONES)
            },
        )
        for defect in defects().filter(is_active=True)
    ]


def plan_preview(
    *, lot_size: int, level: str, limits: Mapping[str, str | None], inspection: str
) -> sampling.InspectionPlan | str:
    """The sampling plan these choices would give, or the sentence that says what is not right."""
    try:
        return sampling.inspection_plan(lot_size=lot_size, level=level, limits=limits, inspection=inspection)
    except ValueError as refused:
        return str(refused)


def decided_without_report(reported: QuerySet[Any]) -> QuerySet[Inspection]:
    """Decided inspections that `reported` (subject ids) does not name, newest first.

    Those taken over from a sheet have no record to report.
    """
    rows = listed().filter(state=InspectionState.DECIDED, method=Method.AQL).exclude(TAKEN_OVER)
    return rows.exclude(pk__in=reported).order_by("-pk")


def people_named(ids: Sequence[str]) -> dict[str, str]:
    """Display names of people by id, for records that name who recorded them."""
    wanted = set(ids)
    return (
        {str(row.user_id): row.user.display_name for row in members().filter(user_id__in=wanted)}
        if wanted
        else {}
    )


def superseded(inspection: Inspection, most: int) -> list[tuple[Event, Event]]:
    """What was replaced or withdrawn lately, as (later, earlier) pairs, the latest first; signatures left out.

    Reads the few events that end others and those they name, never a whole day of taps.
    """
    rows = InspectionEvent.objects.filter(inspection=inspection)
    ending = [
        event_of(row) for row in rows.exclude(supersedes=[]).exclude(kind=SIGNED).order_by("-pk")[:most]
    ]
    named = {one for event in ending for one in event.supersedes}
    known = {str(row.event_id): event_of(row) for row in rows.filter(event_id__in=named)} if named else {}
    pairs = [(event, known[one]) for event in ending for one in event.supersedes if one in known]
    return pairs[:most]


def photo_ids(inspection: Inspection) -> dict[str, UUID]:
    """The stored photo of each digest that the record names; needs no look at the files themselves."""
    rows = Evidence.objects.filter(inspection=inspection)
    return dict(rows.values_list("sha256", "attachment_id"))


def seen_before(inspection: Inspection, most: int = 12) -> list[dict[str, Any]]:
    """Photos of this inspection that look like a photo recorded elsewhere: a question, never an accusation.

    Photos that share a quarter of their hash are compared; they look alike where at most three of the 64
    bits differ. Each pair once, the closest first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT mine.attachment_id, other.attachment_id, other.inspection_id, stage.code, found.number, "
            "bit_count((a.visual_hash # b.visual_hash)::bit(64)) AS differ "
            "FROM inspections_evidence mine "
            "JOIN inspections_evidenceband x ON x.workspace_id = mine.workspace_id AND x.evidence_id = mine.id "
            "JOIN inspections_evidenceband y "
            "  ON y.workspace_id = x.workspace_id AND y.band = x.band AND y.part = x.part "
            "JOIN inspections_evidence other ON other.workspace_id = y.workspace_id AND other.id = y.evidence_id "
            "JOIN inspections_inspection found ON found.id = other.inspection_id "
            "JOIN catalog_stage stage ON stage.id = found.stage_id "
            "JOIN files_attachment a ON a.id = mine.attachment_id "
            "JOIN files_attachment b ON b.id = other.attachment_id "
            "WHERE mine.workspace_id = %s AND mine.inspection_id = %s AND other.inspection_id <> mine.inspection_id "
            "AND bit_count((a.visual_hash # b.visual_hash)::bit(64)) <= 3 ORDER BY differ, 1, 2 LIMIT %s",
            [inspection.workspace_id, inspection.pk, most],
        )
        rows = cursor.fetchall()
    return [
        {"mine": mine, "other": other, "inspection": where, "code": f"{stage}-{number:05d}"}
        for mine, other, where, stage, number, _differ in rows
    ]


def attachments_seen(actor: Actor, ids: frozenset[UUID]) -> set[UUID]:
    """Which of these attachments an inspection that the actor sees refers to."""
    return set(Evidence.objects.filter(attachment_id__in=ids).values_list("attachment_id", flat=True))

"""The day that a device takes down: a person's inspections with all that is needed to inspect without a network."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, Subquery

from goldseal.accounts.models import User
from goldseal.catalog.models import Defect, SeverityOverride
from goldseal.catalog.rules.severity import ANY_ZONE, ZONES, effective_severity
from goldseal.files.selectors import STATEMENT_VERSION, has_attested
from goldseal.files.services import STATEMENT
from goldseal.inspections.floor_before import Before, before
from goldseal.inspections.floor_events import Recorded, recorded_in
from goldseal.inspections.models import Inspection, InspectionEvent, InspectionState
from goldseal.inspections.selectors import inspections
from goldseal.inspections.snapshots import TAKEN_OVER
from goldseal.kit.actors import Actor
from goldseal.kit.listing import first_rows
from goldseal.kit.wording import ago_in_words
from goldseal.workspaces.models import Workspace

DAYS_BEFORE, DAYS_AFTER = 7, 1
INSPECTIONS_MOST = 300
RUNNING_SHOWN = 60
WHOLE = ("plan", "rules", "ordered", "points", "checklist", "cartons", "drawn", "summary", "header")
PLAIN = (
    "id", "code", "method", "state", "verdict", "lot_size", "sample_size", "planned_on", "seed_commitment",
    "content_hash", "decided_at", "ready_at", "started_at",
)  # fmt: skip
OPEN_STATES = (InspectionState.PLANNED, InspectionState.IN_PROGRESS)


def day_of(*, workspace: Workspace, actor: Actor, now: datetime) -> dict[str, Any]:
    """The day's pack for the actor, without the instant at which it was made; JSON-like, few queries."""
    today = now.astimezone(ZoneInfo(workspace.time_zone)).date()
    person = User.objects.get(pk=actor.person_id or "")
    rows = first_rows(
        inspections()
        .select_related("line__site")
        .filter(_open_for(actor, today) | _decided_by(actor, now))
        .exclude(TAKEN_OVER)
        .order_by("planned_on", "number"),
        INSPECTIONS_MOST,
    )
    running = [row for row in rows if row.state in OPEN_STATES]
    recorded = recorded_in(running, actor.device_id)
    known = before(running)
    library = list(
        Defect.objects.filter(is_active=True)
        .annotate(picture_id=F("pictures__attachment_id"), picture_size=F("pictures__size"))
        .order_by("code")
    )
    return {
        "person": {"id": person.pk, "name": person.display_name, "language": person.language},
        "workspace": workspace_facts(workspace),
        "inspections": [_for_floor(row, recorded.get(row.pk, Recorded()), known) for row in rows],
        "defects": [_defect(row) for row in library],
        "severities": _severities(rows, library),
        "settings": {
            "today": today,
            "policy": policy_of(workspace),
            "attestation": {
                "version": STATEMENT_VERSION,
                "statement": str(STATEMENT),
                "is_confirmed": has_attested(actor),
            },
        },
    }


def policy_of(workspace: Workspace) -> dict[str, int]:
    """How a device of this workspace guards what lies on it; `digits` is the length of a PIN."""
    return {
        "idle_minutes": workspace.floor_idle_minutes,
        "wipe_days": workspace.floor_wipe_days,
        "digits": 6,
    }


def workspace_facts(workspace: Workspace) -> dict[str, Any]:
    """What a device needs to know of the workspace."""
    return {
        "id": workspace.pk,
        "slug": workspace.slug,
        "name": workspace.name,
        "time_zone": workspace.time_zone,
        "language": workspace.language,
    }


def _open_for(actor: Actor, today: Any) -> Q:
    """Theirs and nobody's: of these days, or begun on whatever day."""
    span = (today - timedelta(days=DAYS_BEFORE), today + timedelta(days=DAYS_AFTER))
    due = Q(state=InspectionState.PLANNED, planned_on__range=span) | Q(state=InspectionState.IN_PROGRESS)
    return due & (Q(inspector_id=actor.person_id) | Q(inspector__isnull=True))


def _decided_by(actor: Actor, now: datetime) -> Q:
    since = now - timedelta(days=DAYS_BEFORE)
    return Q(state=InspectionState.DECIDED, inspector_id=actor.person_id, decided_at__gte=since)


def _for_floor(row: Inspection, recorded: Recorded, known: Before) -> dict[str, Any]:
    stage, order, style, buyer = row.stage, row.order, row.style, row.buyer
    return {
        **{name: getattr(row, name) for name in (*PLAIN, *WHOLE)},
        "stage": stage.code,
        "stage_name": {"en": stage.name_en, "bn": stage.name_bn},
        "inspector": row.inspector_id,
        "reinspection_of": row.reinspection_of_id,
        "order": {
            "id": order.pk,
            "po_number": order.po_number,
            "quantity": order.quantity,
            "ex_factory_on": order.ex_factory_on,
            "destination": order.destination,
        },
        "style": {
            "id": style.pk,
            "code": style.code,
            "name": style.name,
            "name_bn": style.name_bn,
            "product_family": style.product_family,
            "is_for_children": style.is_for_children,
        },
        "buyer": _named(buyer),
        "line": _named(row.line),
        "supplier": _named(row.supplier),
        "place": _place(row),
        "packing": row.header.get("packing", {}),
        "places": known.places_of(row),
        "often": known.often_on(row),
        # The app shows the draw only once readiness stands, as the pages do; without a network it must have it.
        "draw_hidden": bool(row.drawn) and row.ready_at is None,
        "severities": _table_key(row),
        "events": recorded.events,
        "left_out": recorded.left_out,
    }


def _place(row: Inspection) -> str:
    """Where it is, in words: the supplier's name or that of the line's site; empty where neither is known."""
    if row.supplier is not None:
        return row.supplier.name
    return row.line.site.name if row.line is not None else ""


def _named(row: Any) -> dict[str, Any] | None:
    return {"id": row.pk, "code": row.code, "name": row.name} if row is not None else None


def _defect(row: Any) -> dict[str, Any]:
    names = ("code", "family", "name_en", "name_bn", "note_en", "note_bn", "severity", "is_legal")
    seen = {"id": row.picture_id, "size": row.picture_size} if row.picture_id else None
    return {**{name: getattr(row, name) for name in names}, "picture": seen}


def _table_key(row: Inspection) -> str:
    return f"{row.buyer_id}{':children' if row.style.is_for_children else ''}"


def _severities(rows: list[Inspection], library: Sequence[Defect]) -> dict[str, dict[str, dict[str, str]]]:
    """For each buyer, and for children's garments apart: defect code → zone → severity."""
    own: dict[tuple[UUID, UUID], dict[str, str]] = defaultdict(dict)
    for rule in SeverityOverride.objects.filter(buyer_id__in={row.buyer_id for row in rows}):
        own[rule.buyer_id, rule.defect_id][rule.zone] = rule.severity
    wanted = {_table_key(row): (row.buyer_id, row.style.is_for_children) for row in rows}
    return {
        key: {
            defect.code: {
                zone: effective_severity(
                    defect=defect.rule,
                    buyer=own.get((buyer_id, defect.pk), {}),
                    zone=zone,
                    is_for_children=is_for_children,
                )
                for zone in (ANY_ZONE, *ZONES)
            }
            for defect in library
        }
        for key, (buyer_id, is_for_children) in wanted.items()
    }


def in_progress() -> Any:
    """Inspections begun and not decided, each with when and by whom something was last heard, newest first.

    By when it arrived: an event's id carries the device's own time, which may be years ahead.
    """
    last = InspectionEvent.objects.filter(inspection=OuterRef("pk")).order_by("-received_at", "-event_id")
    return (
        inspections()
        .filter(state=InspectionState.IN_PROGRESS)
        .annotate(
            heard_at=Subquery(last.values("received_at")[:1]),
            heard_by=Subquery(last.values("received_by__name")[:1]),
            heard_email=Subquery(last.values("received_by__email")[:1]),
        )
        .order_by(F("heard_at").desc(nulls_last=True), "-pk")
    )


def running(now: datetime, zone: str, most: int = RUNNING_SHOWN) -> list[dict[str, Any]]:
    """The same with words for when and from whom."""
    return [
        {
            "row": row,
            "heard": ago_in_words(row.heard_at, now, zone) if row.heard_at else "",
            "by": row.heard_by or (row.heard_email or "").partition("@")[0],
        }
        for row in first_rows(in_progress(), most)
    ]

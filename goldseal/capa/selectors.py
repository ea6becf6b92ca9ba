"""Reading nonconformities, their parts, the room's settings and the people who may own things."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from goldseal.accounts.models import User
from goldseal.capa.models import (
    Action,
    CapaSettings,
    EffectCheck,
    FishboneCause,
    Nonconformity,
    Proof,
    ReplacedLink,
    Scar,
    WhyStep,
)
from goldseal.capa.rules import lifecycle
from goldseal.inspections.models import Inspection, InspectionState
from goldseal.kit.errors import NotFound
from goldseal.kit.permissions import Role, permissions_of
from goldseal.workspaces.models import Membership, Workspace
from goldseal.workspaces.selectors import members
from goldseal.workspaces.services import current_scope

HEAVY = ("problem", "root_made", "root_detected", "is_is_not")
SEE_TO = "capa.work"
REVIEW = "capa.review"


def nonconformities() -> QuerySet[Nonconformity]:
    """Every nonconformity with what it refers to."""
    return Nonconformity.objects.select_related(
        "buyer",
        "style",
        "order",
        "stage",
        "site",
        "line",
        "supplier",
        "inspection__stage",
        "owner",
        "verifier",
    )


def listed() -> QuerySet[Nonconformity]:
    """As lists show them."""
    return Nonconformity.objects.select_related("buyer", "style", "order", "stage", "line", "owner").defer(
        *HEAVY
    )


def nonconformity_or_missing(pk: UUID) -> Nonconformity:
    """One nonconformity; NotFound for a foreign and a nonexistent one alike."""
    found = nonconformities().filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def words_match(text: str) -> Q:
    """Those whose number, title, place, buyer, style, order, line or supplier holds each of these words."""
    match = Q()
    for word in text.replace("\x00", "").split()[:5]:
        match &= (
            Q(number__icontains=word)
            | Q(title__icontains=word)
            | Q(place__icontains=word)
            | Q(buyer__name__icontains=word)
            | Q(style__code__icontains=word)
            | Q(order__po_number__icontains=word)
            | Q(line__code__iexact=word)
            | Q(supplier__name__icontains=word)
            | Q(defects__code__iexact=word)
        )
    return Q(pk__in=Nonconformity.objects.filter(match).values("pk")) if match else match


def action_or_missing(pk: UUID) -> Action:
    """One action with its nonconformity."""
    found = Action.objects.select_related("nonconformity", "owner", "verifier").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def scar_or_missing(pk: UUID) -> Scar:
    """One request to a supplier."""
    found = Scar.objects.select_related("nonconformity", "supplier", "created_by").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def scar_of(digest: str) -> Scar | None:
    """The request that a link's secret points at; call inside `capability_scope(digest)`."""
    return Scar._base_manager.filter(token_digest=digest).first()


def replaced_link_of(digest: str) -> ReplacedLink | None:
    """The ended link that an old secret points at; call inside `capability_scope(digest)`."""
    return ReplacedLink._base_manager.filter(token_digest=digest).first()


def settings_in_force() -> CapaSettings:
    """The room's settings; the usual ones where nobody set any (not saved then)."""
    return CapaSettings.objects.first() or CapaSettings()


def people_for(code: str) -> list[Membership]:
    """Members in force whose role holds a permission, by name."""
    return [row for row in members().filter(is_active=True) if code in permissions_of([Role(row.role)])]


def person_named(pk: UUID | None, code: str) -> User | None:
    """That member in force, if the role holds the permission; None otherwise."""
    row = members().filter(is_active=True, user_id=pk).first() if pk else None
    return row.user if row and code in permissions_of([Role(row.role)]) else None


def whys_of(case: Nonconformity) -> dict[str, list[WhyStep]]:
    """The steps of both chains, in order."""
    chains: defaultdict[str, list[WhyStep]] = defaultdict(list)
    for step in WhyStep.objects.filter(nonconformity=case).order_by("chain", "position"):
        chains[step.chain].append(step)
    return dict(chains)


def causes_of(case: Nonconformity) -> dict[str, list[FishboneCause]]:
    """The possible causes by bone, as they were written."""
    bones: defaultdict[str, list[FishboneCause]] = defaultdict(list)
    for cause in FishboneCause.objects.filter(nonconformity=case).order_by("pk"):
        bones[cause.bone].append(cause)
    return dict(bones)


def actions_of(case: Nonconformity) -> list[Action]:
    """Its actions by number."""
    return list(
        Action.objects.filter(nonconformity=case).select_related("owner", "verifier").order_by("number")
    )


def check_of(case: Nonconformity) -> EffectCheck | None:
    """The effect check in force: the latest round."""
    return (
        EffectCheck.objects.filter(nonconformity=case)
        .select_related("nonconformity", "stage", "line", "buyer", "style", "observed_by")
        .order_by("-round")
        .first()
    )


def proofs_of(case: Nonconformity) -> list[Proof]:
    """Every photo and document of the case."""
    rows = Proof.objects.filter(nonconformity=case).select_related("attachment", "step", "action")
    return list(rows.order_by("pk"))


def inspections_after(case: Nonconformity, most: int = 8) -> list[Inspection]:
    """Re-inspections: later inspections of the same order (else of the style at the line), newest first."""
    if case.inspection_id is None or case.inspection is None:
        return []
    rows = Inspection.objects.filter(pk__gt=case.inspection_id).exclude(state=InspectionState.CANCELLED)
    same = Q(reinspection_of_id=case.inspection_id)
    same |= Q(order_id=case.inspection.order_id, stage_id=case.inspection.stage_id)
    return list(rows.filter(same).select_related("stage").order_by("-pk")[:most])


def open_of_inspection(inspection_id: UUID) -> Nonconformity | None:
    """The nonconformity that an inspection opened."""
    return Nonconformity.objects.filter(inspection_id=inspection_id).order_by("pk").first()


def actions_for(person_id: UUID | None, *, may_review: bool) -> QuerySet[Action]:
    """What waits for this person, the most urgent first: own actions, and others' that wait for a reviewer."""
    rows = Action.objects.filter(_waits_for(person_id, may_review))
    return rows.select_related("nonconformity", "owner").order_by("due_on", "pk")


def cases_for(person_id: UUID | None, *, may_review: bool) -> QuerySet[Nonconformity]:
    """Nonconformities that wait for this person as their owner or, where not the owner, as their reviewer."""
    return listed().filter(_waits_for(person_id, may_review)).order_by("due_on", "pk")


def _waits_for(person_id: UUID | None, may_review: bool) -> Q:
    mine = Q(owner_id=person_id, state__in=lifecycle.WITH_WORKER)
    return mine | (Q(state__in=lifecycle.WITH_REVIEWER) & ~Q(owner_id=person_id)) if may_review else mine


def answers_to_judge() -> QuerySet[Scar]:
    """Requests whose supplier has answered."""
    return Scar.objects.filter(state="answered").select_related("supplier", "nonconformity").order_by("pk")


def open_workspace() -> Workspace:
    """The workspace whose scope is open."""
    scope = current_scope()
    if scope is None:
        raise NotFound
    return Workspace.objects.get(pk=scope.workspace_id)


def today_at(workspace: Workspace, now: datetime) -> date:
    """The calendar day at the workspace."""
    return now.astimezone(ZoneInfo(workspace.time_zone)).date()


def defect_words(case: Nonconformity, language: str) -> list[Mapping[str, object]]:
    """Its defects, the most frequent first, with the name in the language of the page."""
    rows = sorted(case.defects.all(), key=lambda row: (-row.quantity, row.code))
    return [
        {
            "code": row.code,
            "name": (row.name_bn if language.startswith("bn") else "")
            or row.name_en
            or row.name_bn
            or row.code,
            "severity": row.severity,
            "quantity": row.quantity,
        }
        for row in rows
    ]

"""How goods are inspected, over the API: stages, checklists, buyers' stage rules, charts, suppliers."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status

from goldseal.catalog import schemas_methods as schemas
from goldseal.catalog import selectors, services
from goldseal.catalog.apiparts import READING, VIEW, WRITING, Active, After, Limit, given, page, put_away
from goldseal.catalog.models import ChecklistTemplate
from goldseal.catalog.permissions import AUDIT_CHECKLISTS_VIEW
from goldseal.catalog.services.charts import NEW
from goldseal.kit.actors import Actor
from goldseal.kit.visits import visit
from goldseal.workspaces.permissions import authorize

router = Router(tags=["catalog"])
OfStage = Annotated[UUID | None, Query(description="Only those of this stage")]
OfStyle = Annotated[UUID | None, Query(description="Only those of this style")]


@router.get("/stages", response={200: schemas.StagePage, **READING}, operation_id="list_stages")
def list_stages(request: HttpRequest, after: After = None, limit: Limit = 50, active: Active = None) -> Any:
    """Stages in the order of creation; `position` gives the order of production."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return page(selectors.stages(), after, limit, active)


@router.post("/stages", response={201: schemas.StageOut, **WRITING}, operation_id="create_stage")
def create_stage(request: HttpRequest, body: schemas.StageIn) -> Any:
    """Add a stage of the workspace's own."""
    actor, now = visit(request)
    return Status(201, services.create_stage(values=given(body)[0], actor=actor, now=now))


@router.get("/stages/{pk}", response={200: schemas.StageOut, **READING}, operation_id="get_stage")
def get_stage(request: HttpRequest, pk: UUID) -> Any:
    """One stage."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(selectors.stages(), pk)


@router.patch("/stages/{pk}", response={200: schemas.StageOut, **WRITING}, operation_id="edit_stage")
def edit_stage(request: HttpRequest, pk: UUID, body: schemas.StageEdit) -> Any:
    """Change a stage; what is left out stays, `settings` replace all former ones."""
    actor, now = visit(request)
    values, revision = given(body)
    return services.edit_stage(stage_id=pk, values=values, revision=revision, actor=actor, now=now)


@router.get("/checklists", response={200: schemas.ChecklistPage, **READING}, operation_id="list_checklists")
def list_checklists(
    request: HttpRequest,
    after: After = None,
    limit: Limit = 50,
    active: Active = None,
    stage_id: OfStage = None,
) -> Any:
    """Checklists without their questions, in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    rows = _checklists(actor)
    return page(rows.filter(stage=stage_id) if stage_id else rows, after, limit, active)


@router.post("/checklists", response={201: schemas.ChecklistOut, **WRITING}, operation_id="create_checklist")
def create_checklist(request: HttpRequest, body: schemas.ChecklistIn) -> Any:
    """Add a checklist to a stage, or one for audits."""
    actor, now = visit(request)
    values, _revision = _checklist_values(body)
    made = services.save_template(
        stage_id=values.pop("stage_id", None), items=values.pop("items"), values=values, actor=actor, now=now
    )
    return Status(201, made)


@router.get("/checklists/{pk}", response={200: schemas.ChecklistOut, **READING}, operation_id="get_checklist")
def get_checklist(request: HttpRequest, pk: UUID) -> Any:
    """One checklist with its questions."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(_checklists(actor), pk)


@router.put(
    "/checklists/{pk}", response={200: schemas.ChecklistOut, **WRITING}, operation_id="edit_checklist"
)
def edit_checklist(request: HttpRequest, pk: UUID, body: schemas.ChecklistEdit) -> Any:
    """Change a checklist: a new version. What is left out stays; inspections keep theirs."""
    actor, now = visit(request)
    values, revision = _checklist_values(body)
    return services.save_template(
        template_id=pk,
        items=values.pop("items", None),
        values=values,
        revision=revision,
        actor=actor,
        now=now,
    )


@router.get(
    "/checklists/{pk}/versions",
    response={200: list[schemas.VersionOut], **READING},
    operation_id="list_checklist_versions",
)
def list_checklist_versions(request: HttpRequest, pk: UUID) -> Any:
    """The last hundred versions of a checklist, the latest first."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return list(selectors.versions_of(selectors.found(_checklists(actor), pk))[:100])


@router.get(
    "/buyers/{pk}/stage-rules",
    response={200: list[schemas.StageRuleOut], **READING},
    operation_id="list_stage_rules",
)
def list_stage_rules(request: HttpRequest, pk: UUID) -> Any:
    """What a buyer asks for at single stages."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return list(selectors.stage_rules(selectors.found(selectors.buyers(), pk)))


@router.put(
    "/buyers/{pk}/stage-rules/{stage_id}",
    response={200: list[schemas.StageRuleOut], **WRITING},
    operation_id="set_stage_rule",
)
def set_stage_rule(request: HttpRequest, pk: UUID, stage_id: UUID, body: schemas.StageRuleIn) -> Any:
    """Say what a buyer asks for at one stage; all empty takes it back. Answers with every stage's."""
    actor, now = visit(request)
    selectors.found(selectors.stages(), stage_id)
    buyer = services.save_rules(
        buyer_id=pk, values={}, stage_values={stage_id: body.dict()}, actor=actor, now=now
    )
    return list(selectors.stage_rules(buyer))


@router.get(
    "/buyers/{pk}/rules/{stage_id}", response={200: schemas.RulesOut, **READING}, operation_id="get_rules"
)
def get_rules(request: HttpRequest, pk: UUID, stage_id: UUID) -> Any:
    """Every rule that holds for a buyer at a stage: the buyer's, its stage rule's, the stage's settings'."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    buyer = selectors.found(selectors.buyers(), pk)
    return selectors.rules_for(buyer, selectors.found(selectors.stages(), stage_id))


@router.get("/charts", response={200: schemas.ChartPage, **READING}, operation_id="list_charts")
def list_charts(
    request: HttpRequest,
    after: After = None,
    limit: Limit = 50,
    active: Active = None,
    style_id: OfStyle = None,
) -> Any:
    """Measurement charts in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    rows = selectors.charts()
    return page(rows.filter(style=style_id) if style_id else rows, after, limit, active)


@router.post("/charts", response={201: schemas.ChartOut, **WRITING}, operation_id="create_chart")
def create_chart(request: HttpRequest, body: schemas.ChartIn) -> Any:
    """Add a chart to a style; a style has one for each wash."""
    actor, now = visit(request)
    return Status(201, services.save_chart(**body.dict(), revision=NEW, actor=actor, now=now))


@router.get("/charts/{pk}", response={200: schemas.ChartOut, **READING}, operation_id="get_chart")
def get_chart(request: HttpRequest, pk: UUID) -> Any:
    """One chart."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(selectors.charts(), pk)


@router.put("/charts/{pk}", response={200: schemas.ChartOut, **WRITING}, operation_id="edit_chart")
def edit_chart(request: HttpRequest, pk: UUID, body: schemas.ChartEdit) -> Any:
    """Replace what a chart holds; its style and wash stay."""
    actor, now = visit(request)
    authorize(actor, "catalog.edit")
    chart = selectors.found(selectors.charts(), pk)
    return services.save_chart(style_id=chart.style_id, wash=chart.wash, **body.dict(), actor=actor, now=now)


@router.get("/suppliers", response={200: schemas.SupplierPage, **READING}, operation_id="list_suppliers")
def list_suppliers(
    request: HttpRequest, after: After = None, limit: Limit = 50, active: Active = None
) -> Any:
    """Suppliers in the order of creation."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return page(selectors.suppliers(), after, limit, active)


@router.post("/suppliers", response={201: schemas.SupplierOut, **WRITING}, operation_id="create_supplier")
def create_supplier(request: HttpRequest, body: schemas.SupplierIn) -> Any:
    """Add a supplier."""
    actor, now = visit(request)
    return Status(201, services.create_supplier(values=given(body)[0], actor=actor, now=now))


@router.get("/suppliers/{pk}", response={200: schemas.SupplierOut, **READING}, operation_id="get_supplier")
def get_supplier(request: HttpRequest, pk: UUID) -> Any:
    """One supplier."""
    actor, _now = visit(request)
    authorize(actor, VIEW)
    return selectors.found(selectors.suppliers(), pk)


@router.patch("/suppliers/{pk}", response={200: schemas.SupplierOut, **WRITING}, operation_id="edit_supplier")
def edit_supplier(request: HttpRequest, pk: UUID, body: schemas.SupplierEdit) -> Any:
    """Change a supplier; what is left out stays."""
    actor, now = visit(request)
    values, revision = given(body)
    return services.edit_supplier(supplier_id=pk, values=values, revision=revision, actor=actor, now=now)


def _checklists(actor: Actor) -> QuerySet[ChecklistTemplate]:
    """Those that the actor may see; see `AUDIT_CHECKLISTS_VIEW`."""
    return selectors.checklists_shown(with_audits=actor.may(AUDIT_CHECKLISTS_VIEW))


def _checklist_values(body: schemas.ChecklistFields) -> tuple[dict[str, Any], int | None]:
    """What was sent; questions with all their fields, named as the service names them."""
    values, revision = given(body)
    if "items" in values:
        values["items"] = [item.model_dump(by_alias=True) for item in body.items]
    return values, revision


for _noun, _key, _verbs in (
    ("stage", "stage_id", "stage"),
    ("checklist", "template_id", "template"),
    ("chart", "chart_id", "chart"),
    ("supplier", "supplier_id", "supplier"),
):
    put_away(
        router,
        _noun,
        key=_key,
        retire=getattr(services, f"retire_{_verbs}"),
        restore=getattr(services, f"restore_{_verbs}"),
        delete=getattr(services, f"delete_{_verbs}"),
    )

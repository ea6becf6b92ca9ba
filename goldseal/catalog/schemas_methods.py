"""Shapes of the API for how goods are inspected: stages, checklists, stage rules, charts, suppliers."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from goldseal.catalog.rules.grid import SIZES_MAX
from goldseal.catalog.services.charts import POINTS_MAX
from goldseal.catalog.services.checklist_items import ANSWER_MAX, CHOICES_MAX, ITEMS_MAX, LABEL_MAX
from goldseal.catalog.shapes import (
    Address,
    Aql,
    Code,
    CountBy,
    FamilyOrBoth,
    Gate,
    InspectionType,
    LengthUnit,
    Level,
    Method,
    Name,
    Note,
    Page,
    RecordOut,
    Revised,
    Scheme,
    ShortCode,
    Small,
    Strict,
    SupplierKind,
    Text,
    Wash,
    left_out,
    text,
)

Key = Annotated[str, text(40)]
Whole = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Value = Whole | Annotated[str, text(40)]
Settings = Annotated[
    dict[Key, Value | Annotated[list[Key], Field(max_length=10)] | dict[Key, Value]], Field(max_length=20)
]
Empty = Literal[""]


class StageFields(Strict):
    """A stage of production. `settings` are those of its method; what is left out takes the usual value."""

    code: ShortCode = left_out()
    position: Small = left_out()
    name_en: Name = left_out()
    name_bn: Text = left_out()
    method_code: Method = left_out()
    method_en: Note = left_out()
    method_bn: Note = left_out()
    who_en: Annotated[str, text(200)] = left_out()
    who_bn: Annotated[str, text(200)] = left_out()
    product_family: FamilyOrBoth = left_out()
    settings: Settings = left_out()
    gate: Gate = left_out()


class StageIn(StageFields):
    """A new stage."""

    code: ShortCode
    name_en: Name


class StageEdit(StageFields, Revised):
    """What to change of a stage."""


class StageOut(RecordOut):
    """A stage."""

    code: str
    position: int
    name_en: str
    name_bn: str
    method_code: str
    method_en: str
    method_bn: str
    who_en: str
    who_bn: str
    product_family: str
    settings: dict[str, Any]
    gate: str


class StagePage(Page):
    """Stages."""

    items: list[StageOut]


class ChoiceIn(Strict):
    """One answer of a choice; its value is made from the English label where it is left out."""

    value: Key = ""
    label_en: Annotated[str, text(ANSWER_MAX, 1)]
    label_bn: Annotated[str, text(ANSWER_MAX)] = ""


class ConditionIn(Strict):
    """Ask only after an earlier question was answered so."""

    key: Key
    is_: Annotated[list[Key], Field(min_length=1, max_length=CHOICES_MAX, alias="is")]


class QuestionIn(Strict):
    """One question. Its key is made from the English label where it is left out, and stays the same after."""

    key: Key = ""
    section: Key = "conformity"
    label_en: Annotated[str, text(LABEL_MAX, 1)]
    label_bn: Annotated[str, text(LABEL_MAX)] = ""
    kind: Literal["yes_no_na", "number", "choice", "text", "photo", "barcode"] = "yes_no_na"
    is_required: bool = True
    unit: Annotated[str, text(12)] = ""
    min: Annotated[str, text(12)] | None = None
    max: Annotated[str, text(12)] | None = None
    choices: Annotated[list[ChoiceIn], Field(max_length=CHOICES_MAX)] = Field(default_factory=list)
    failing: Annotated[list[Key], Field(max_length=CHOICES_MAX)] = Field(default_factory=list)
    severity_on_fail: Literal["fail", "hold"] = "fail"
    is_auto_fail: bool = False
    needs_photo: Literal["", "always", "on_fail"] = ""
    only_if: ConditionIn | None = None


Questions = Annotated[list[QuestionIn], Field(min_length=1, max_length=ITEMS_MAX)]


class ChecklistFields(Strict):
    """A checklist; `items` replace all questions."""

    code: Annotated[str, text(20)] = left_out()
    name_en: Name = left_out()
    name_bn: Text = left_out()
    items: Questions = left_out()
    pass_at_pct: Annotated[int, Field(ge=1, le=100)] = left_out()


class ChecklistIn(ChecklistFields):
    """A new checklist of a stage; or for audits, then without `stage_id` and with `pass_at_pct`."""

    stage_id: UUID | None = None
    name_en: Name
    items: Questions


class ChecklistEdit(ChecklistFields, Revised):
    """What to change of a checklist; every change makes a new version."""


class ChecklistBrief(RecordOut):
    """A checklist as lists give it; one for audits has no stage, and says from which score they pass."""

    stage_id: UUID | None
    pass_at_pct: int | None
    code: str
    name_en: str
    name_bn: str
    version: int


class ChecklistOut(ChecklistBrief):
    """A checklist with its questions."""

    items: list[dict[str, Any]]


class ChecklistPage(Page):
    """Checklists."""

    items: list[ChecklistBrief]


class VersionOut(Schema):
    """One version of a checklist."""

    version: int
    created_at: datetime
    items: list[dict[str, Any]]


class StageRuleIn(Strict):
    """What a buyer asks for at one stage; empty: as the buyer's own rule."""

    aql_level: Level | Empty = ""
    aql_critical: Aql | Empty = ""
    aql_major: Aql | Empty = ""
    aql_minor: Aql | Empty = ""
    count_by: CountBy | Empty = ""
    sampling_scheme: Scheme | Empty = ""
    inspection_type: InspectionType | Empty = ""


class StageRuleOut(Schema):
    """What a buyer asks for at one stage."""

    stage_id: UUID
    aql_level: str
    aql_critical: str
    aql_major: str
    aql_minor: str
    count_by: str
    sampling_scheme: str
    inspection_type: str


class RulesOut(Schema):
    """Every rule that holds for a buyer at a stage."""

    aql_level: str
    aql_critical: str
    aql_major: str
    aql_minor: str
    inspection_type: str
    sampling_scheme: str
    count_by: str
    sample_basis: str
    is_switching: bool
    counts_rejection_on_reduced: bool
    switching_tighter_row: str
    scores_full_inspection: bool
    quantity_tolerance_pct: Decimal
    made_pct_min: Decimal
    packed_pct_min: Decimal
    carton_rule: str
    carton_weight_tolerance_pct: Decimal
    points_out_pct_max: Decimal
    pieces_out_max: int | None
    is_critical_point_failing: bool
    measured_pieces_critical: int
    measured_pieces_all: int
    fabric_roll_points_max: Decimal
    fabric_lot_points_max: Decimal
    rolls_pct_min: Decimal
    hole_rule: str
    dhu_max: Decimal | None
    photos_per_defect: int
    required_photos: str
    report_language: str


Amount = Annotated[str, text(32)]
SizeName = Annotated[str, text(20, 1)]


class PointIn(Strict):
    """One point of measure: amounts as text in the chart's unit, such as 52.5 or 20 1/2."""

    code: Annotated[str, text(20, 1)]
    name_en: Text = ""
    name_bn: Text = ""
    how: Note = ""
    critical: bool = False
    tol_minus: Amount = "0"
    tol_plus: Amount = "0"
    spec: Annotated[dict[SizeName, Amount], Field(min_length=1, max_length=SIZES_MAX)]


class ChartFields(Strict):
    """A measurement chart; `sizes` gives their order, otherwise that of their first appearance."""

    unit: LengthUnit = "cm"
    note: Note = ""
    points: Annotated[list[PointIn], Field(min_length=1, max_length=POINTS_MAX)]
    sizes: Annotated[list[SizeName], Field(max_length=SIZES_MAX)] | None = None


class ChartIn(ChartFields):
    """A new chart: one for each style and wash."""

    style_id: UUID
    wash: Wash = ""


class ChartEdit(ChartFields, Revised):
    """What the chart holds from now on."""


class ChartOut(RecordOut):
    """A measurement chart."""

    style_id: UUID
    wash: str
    unit: str
    note: str
    sizes: list[str]
    points: list[dict[str, Any]]


class ChartPage(Page):
    """Charts."""

    items: list[ChartOut]


class SupplierFields(Strict):
    """A supplier."""

    code: Code = left_out()
    name: Name = left_out()
    kind: SupplierKind = left_out()
    contact_name: Text = left_out()
    contact_email: Annotated[str, text(254)] = left_out()
    contact_phone: Annotated[str, text(40)] = left_out()
    address: Address = left_out()


class SupplierIn(SupplierFields):
    """A new supplier."""

    code: Code
    name: Name


class SupplierEdit(SupplierFields, Revised):
    """What to change of a supplier."""


class SupplierOut(RecordOut):
    """A supplier."""

    code: str
    name: str
    kind: str
    contact_name: str
    contact_email: str
    contact_phone: str
    address: str


class SupplierPage(Page):
    """Suppliers."""

    items: list[SupplierOut]

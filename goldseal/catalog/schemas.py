"""Shapes of the API's requests and answers for the catalog."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from goldseal.catalog.shapes import (
    Address,
    Aql,
    Code,
    CountBy,
    DefectFamily,
    Family,
    HoleRule,
    InspectionType,
    Level,
    LongNote,
    Name,
    Note,
    Page,
    Percent,
    Points,
    RecordOut,
    ReportLanguage,
    Revised,
    SampleBasis,
    Scheme,
    Severity,
    SeverityOrNone,
    ShortCode,
    Small,
    Strict,
    Text,
    TighterRow,
    Zone,
    left_out,
    text,
)


class BuyerFields(Strict):
    """A buyer and the rules of its inspections; percentages in per cent."""

    code: Code = left_out()
    name: Name = left_out()
    contact_name: Text = left_out()
    contact_email: Annotated[str, text(254)] = left_out()
    contact_phone: Annotated[str, text(40)] = left_out()
    address: Address = left_out()
    note: LongNote = left_out()
    aql_level: Level = left_out()
    aql_critical: Aql = left_out()
    aql_major: Aql = left_out()
    aql_minor: Aql = left_out()
    inspection_type: InspectionType = left_out()
    count_by: CountBy = left_out()
    sample_basis: SampleBasis = left_out()
    quantity_tolerance_pct: Percent = left_out()
    made_pct_min: Percent = left_out()
    packed_pct_min: Percent = left_out()
    points_out_pct_max: Percent = left_out()
    pieces_out_max: Small | None = left_out()
    is_critical_point_failing: bool = left_out()
    sampling_scheme: Scheme = left_out()
    is_switching: bool = left_out()
    counts_rejection_on_reduced: bool = left_out()
    switching_tighter_row: TighterRow = left_out()
    scores_full_inspection: bool = left_out()
    measured_pieces_critical: Annotated[int, Field(ge=0, le=500)] = left_out()
    measured_pieces_all: Annotated[int, Field(ge=0, le=500)] = left_out()
    fabric_roll_points_max: Points = left_out()
    fabric_lot_points_max: Points = left_out()
    rolls_pct_min: Percent = left_out()
    hole_rule: HoleRule = left_out()
    carton_weight_tolerance_pct: Percent = left_out()
    dhu_max: Points | None = left_out()
    photos_per_defect: Annotated[int, Field(ge=0, le=10)] = left_out()
    required_photos: Note = left_out()
    report_language: ReportLanguage = left_out()


class BuyerIn(BuyerFields):
    """A new buyer; what is left out follows the trade's usual rules."""

    code: Code
    name: Name


class BuyerEdit(BuyerFields, Revised):
    """What to change of a buyer."""


class BuyerOut(RecordOut):
    """A buyer."""

    code: str
    name: str
    contact_name: str
    contact_email: str
    contact_phone: str
    address: str
    note: str
    aql_level: str
    aql_critical: str
    aql_major: str
    aql_minor: str
    inspection_type: str
    count_by: str
    sample_basis: str
    quantity_tolerance_pct: Decimal
    made_pct_min: Decimal
    packed_pct_min: Decimal
    carton_rule: str
    points_out_pct_max: Decimal
    pieces_out_max: int | None
    is_critical_point_failing: bool
    sampling_scheme: str
    is_switching: bool
    counts_rejection_on_reduced: bool
    switching_tighter_row: str
    scores_full_inspection: bool
    measured_pieces_critical: int
    measured_pieces_all: int
    fabric_roll_points_max: Decimal
    fabric_lot_points_max: Decimal
    rolls_pct_min: Decimal
    hole_rule: str
    carton_weight_tolerance_pct: Decimal
    dhu_max: Decimal | None
    photos_per_defect: int
    required_photos: str
    report_language: str


class OverrideIn(Strict):
    """A buyer's own severity for a defect; zone "" is every zone."""

    defect_id: UUID
    zone: Zone = ""
    severity: Severity


class OverrideOut(Schema):
    """A buyer's own severity."""

    id: UUID
    defect_id: UUID
    zone: str
    severity: str


class LineFields(Strict):
    """A line of a site."""

    code: Code = left_out()
    name: Name = left_out()


class LineIn(LineFields):
    """A new line."""

    code: Code
    name: Name


class LineEdit(LineFields, Revised):
    """What to change of a line."""


class LineOut(RecordOut):
    """A line."""

    site_id: UUID
    code: str
    name: str


class SiteFields(LineFields):
    """A site."""

    address: Address = left_out()


class SiteIn(SiteFields):
    """A new site."""

    code: Code
    name: Name


class SiteEdit(SiteFields, Revised):
    """What to change of a site."""


class SiteOut(RecordOut):
    """A site with its lines."""

    code: str
    name: str
    address: str
    lines: list[LineOut]


class StyleFields(Strict):
    """A style."""

    buyer_id: UUID = left_out()
    code: Annotated[str, text(40, 1)] = left_out()
    name: Annotated[str, text(160, 1)] = left_out()
    name_bn: Annotated[str, text(160)] = left_out()
    product_family: Family = left_out()
    is_for_children: bool = left_out()
    season: Annotated[str, text(40)] = left_out()
    composition: Annotated[str, text(200)] = left_out()
    gauge: Annotated[str, text(20)] = left_out()
    description: Annotated[str, text(2000)] = left_out()


class StyleIn(StyleFields):
    """A new style."""

    buyer_id: UUID
    code: Annotated[str, text(40, 1)]
    name: Annotated[str, text(160, 1)]


class StyleEdit(StyleFields, Revised):
    """What to change of a style; the buyer only while nothing was ordered."""


class StyleOut(RecordOut):
    """A style."""

    buyer_id: UUID
    code: str
    name: str
    name_bn: str
    product_family: str
    is_for_children: bool
    season: str
    composition: str
    gauge: str
    description: str


class DefectFields(Strict):
    """A defect; empty severities for zone A and children mean: as by default."""

    code: ShortCode = left_out()
    family: DefectFamily = left_out()
    name_en: Name = left_out()
    name_bn: Text = left_out()
    severity: Severity = left_out()
    severity_zone_a: SeverityOrNone = left_out()
    severity_children: SeverityOrNone = left_out()
    is_legal: bool = left_out()
    note_en: Note = left_out()
    note_bn: Note = left_out()


class DefectIn(DefectFields):
    """A new defect."""

    code: ShortCode
    family: DefectFamily
    name_en: Name
    severity: Severity


class DefectEdit(DefectFields, Revised):
    """What to change of a defect."""


class DefectOut(RecordOut):
    """A defect of the library."""

    code: str
    family: str
    name_en: str
    name_bn: str
    severity: str
    severity_zone_a: str
    severity_children: str
    is_legal: bool
    note_en: str
    note_bn: str


class BuyerPage(Page):
    """Buyers."""

    items: list[BuyerOut]


class SitePage(Page):
    """Sites."""

    items: list[SiteOut]


class StylePage(Page):
    """Styles."""

    items: list[StyleOut]


class DefectPage(Page):
    """Defects."""

    items: list[DefectOut]

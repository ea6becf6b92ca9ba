"""Buyers and the rules by which their orders are inspected."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import (
    CartonRule,
    CountBy,
    HoleRule,
    InspectionType,
    ReportLanguage,
    SampleBasis,
    SamplingScheme,
    TighterRow,
)
from goldseal.catalog.models.records import CatalogRecord
from goldseal.catalog.rules.aql import INSPECTION_TYPES, LEVELS, PREFERRED_AQLS, ZERO_TOLERANCE
from goldseal.kit.promises import promise

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
LEVEL_CHOICES = [(level, level) for level in LEVELS]
AQL_CHOICES = [(text, text) for text in (ZERO_TOLERANCE, *PREFERRED_AQLS)]


@promise(
    "workspace",
    plain="is_active revision created_at updated_at aql_level aql_critical aql_major aql_minor inspection_type "
    "count_by sample_basis quantity_tolerance_pct made_pct_min packed_pct_min carton_rule points_out_pct_max "
    "pieces_out_max is_critical_point_failing sampling_scheme is_switching counts_rejection_on_reduced "
    "switching_tighter_row scores_full_inspection "
    "measured_pieces_critical measured_pieces_all fabric_roll_points_max fabric_lot_points_max hole_rule "
    "rolls_pct_min carton_weight_tolerance_pct dhu_max photos_per_defect report_language",
    identifier="code",
    free_text="name contact_name contact_email contact_phone address note required_photos",
)
class Buyer(CatalogRecord):
    """Who orders: contact and the rules by which this buyer's orders are inspected."""

    compartment = "pk"

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=40, blank=True)
    address = models.TextField(_("address"), max_length=400, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    aql_level = models.CharField(_("inspection level"), max_length=3, choices=LEVEL_CHOICES, default="II")
    aql_critical = models.CharField(
        _("AQL critical"), max_length=5, choices=AQL_CHOICES, default=ZERO_TOLERANCE
    )
    aql_major = models.CharField(_("AQL major"), max_length=5, choices=AQL_CHOICES, default="2.5")
    aql_minor = models.CharField(_("AQL minor"), max_length=5, choices=AQL_CHOICES, default="4.0")
    inspection_type = models.CharField(
        _("inspection starts as"), max_length=10, choices=InspectionType, default=InspectionType.NORMAL
    )
    count_by = models.CharField(_("count"), max_length=10, choices=CountBy, default=CountBy.DEFECTIVES)
    sample_basis = models.CharField(
        _("judge on"), max_length=10, choices=SampleBasis, default=SampleBasis.DRAWN
    )
    quantity_tolerance_pct = models.DecimalField(
        _("quantity tolerance, ± %"), max_digits=5, decimal_places=2, default=Decimal(5), validators=PERCENT
    )
    made_pct_min = models.DecimalField(
        _("made at the final inspection, at least %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(100),
        validators=PERCENT,
    )
    packed_pct_min = models.DecimalField(
        _("packed at the final inspection, at least %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(80),
        validators=PERCENT,
    )
    carton_rule = models.CharField(
        _("cartons to open"), max_length=20, choices=CartonRule, default=CartonRule.SQUARE_ROOT
    )
    points_out_pct_max = models.DecimalField(
        _("measurement fails above, points out in %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(10),
        validators=PERCENT,
    )
    pieces_out_max = models.PositiveSmallIntegerField(
        _("measurement fails above, pieces out"), null=True, blank=True, default=5
    )
    is_critical_point_failing = models.BooleanField(
        _("one critical point of measure out fails the measurement"), default=False
    )
    sampling_scheme = models.CharField(
        _("sampling"), max_length=6, choices=SamplingScheme, default=SamplingScheme.SINGLE
    )
    is_switching = models.BooleanField(
        _("switch between normal, tightened and reduced inspection by results (ISO 2859-1, 9.3)"),
        default=False,
    )
    counts_rejection_on_reduced = models.BooleanField(
        _("a lot rejected under reduced inspection counts towards tightened inspection"), default=False
    )
    switching_tighter_row = models.CharField(
        _("the next tighter AQL for the switching score is read in"),
        max_length=11,
        choices=TighterRow,
        default=TighterRow.PLAN,
    )
    scores_full_inspection = models.BooleanField(
        _("a lot inspected whole counts in the switching score as any other"), default=True
    )
    measured_pieces_critical = models.PositiveSmallIntegerField(
        _("pieces per size measured at the critical points"), default=0, validators=[MaxValueValidator(500)]
    )
    measured_pieces_all = models.PositiveSmallIntegerField(
        _("pieces per size measured at every point"), default=0, validators=[MaxValueValidator(500)]
    )
    fabric_roll_points_max = models.DecimalField(
        _("four-point limit of one roll, per 100 square yards"),
        max_digits=5,
        decimal_places=1,
        default=Decimal(40),
        validators=[MinValueValidator(Decimal(0))],
    )
    fabric_lot_points_max = models.DecimalField(
        _("four-point limit of the lot, per 100 square yards"),
        max_digits=5,
        decimal_places=1,
        default=Decimal(28),
        validators=[MinValueValidator(Decimal(0))],
    )
    rolls_pct_min = models.DecimalField(
        _("rolls inspected, at least %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(10),
        validators=PERCENT,
    )
    hole_rule = models.CharField(_("holes"), max_length=12, choices=HoleRule, default=HoleRule.BY_SIZE)
    carton_weight_tolerance_pct = models.DecimalField(
        _("carton weight tolerance, ± %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=PERCENT,
    )
    dhu_max = models.DecimalField(
        _("endline fails above, defects per hundred units"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    photos_per_defect = models.PositiveSmallIntegerField(
        _("photos of each defect, at least"), default=0, validators=[MaxValueValidator(10)]
    )
    required_photos = models.CharField(_("photos that every report shows"), max_length=300, blank=True)
    report_language = models.CharField(
        _("language of reports"), max_length=5, choices=ReportLanguage, default=ReportLanguage.ENGLISH
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "code"], name="catalog_buyer_code"),
            models.CheckConstraint(
                condition=models.Q(inspection_type__in=INSPECTION_TYPES, aql_level__in=LEVELS),
                name="catalog_buyer_standard",
            ),
        ]

    def __str__(self) -> str:
        return self.name

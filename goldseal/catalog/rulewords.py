"""A buyer's rules in words: their groups, labels and values, the same on pages, forms and confirmations."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goldseal.catalog.models import Buyer
from goldseal.kit.wording import number_in_words_of_page
from goldseal.kit.words import Words

Group = tuple[Words, tuple[tuple[str, ...], ...]]

RULE_GROUPS: tuple[Group, ...] = (
    (
        gettext_lazy("Sampling (ISO 2859-1)"),
        (
            ("aql_level", "inspection_type", "sampling_scheme"),
            ("aql_critical", "aql_major", "aql_minor"),
            ("count_by", "sample_basis"),
        ),
    ),
    (
        gettext_lazy("Switching rules (ISO 2859-1, 9.3)"),
        (
            ("is_switching",),
            ("counts_rejection_on_reduced",),
            ("scores_full_inspection",),
            ("switching_tighter_row",),
        ),
    ),
    (
        gettext_lazy("Quantity and cartons"),
        (
            ("quantity_tolerance_pct", "made_pct_min", "packed_pct_min"),
            ("carton_rule", "carton_weight_tolerance_pct"),
        ),
    ),
    (
        gettext_lazy("Measurement"),
        (
            ("measured_pieces_critical", "measured_pieces_all"),
            ("points_out_pct_max", "pieces_out_max"),
            ("is_critical_point_failing",),
        ),
    ),
    (
        gettext_lazy("Fabric, four-point system"),
        (("fabric_roll_points_max", "fabric_lot_points_max", "rolls_pct_min"), ("hole_rule",)),
    ),
    (
        gettext_lazy("Endline, photos and report"),
        (("dhu_max", "photos_per_defect"), ("required_photos",), ("report_language",)),
    ),
)
RULE_NAMES = tuple(name for _title, rows in RULE_GROUPS for row in rows for name in row)


def label_of(model: type[models.Model], name: str) -> str:
    """What a rule is called."""
    return str(capfirst(str(model._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]


def value_in_words(model: type[models.Model], name: str, value: Any) -> str:
    """A rule's value as a person reads it; a dash where there is no such rule."""
    field = model._meta.get_field(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None or value == "":
        return "–"
    choices = dict(getattr(field, "flatchoices", ()))
    if choices:
        return str(choices.get(value, value))
    if isinstance(field, models.DecimalField):
        return number_in_words_of_page(field.to_python(value).normalize())
    if isinstance(value, int):
        return number_in_words_of_page(value)
    return str(value)


def rules_in_words(buyer: Buyer) -> Iterator[tuple[Words, list[tuple[str, str]]]]:
    """For the buyer's page: title of each group, its rules with their values."""
    for title, rows in RULE_GROUPS:
        yield (
            title,
            [
                (label_of(Buyer, name), value_in_words(Buyer, name, getattr(buyer, name)))
                for row in rows
                for name in row
            ],
        )

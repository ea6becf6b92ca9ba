"""Forms of the catalog."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.forms.models import fields_for_model, model_to_dict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.choices import Severity, Zone
from goldseal.catalog.models import (
    Buyer,
    BuyerStageRule,
    CatalogRecord,
    Defect,
    Line,
    Order,
    Site,
    Stage,
    Style,
    Supplier,
)
from goldseal.catalog.rulewords import RULE_GROUPS
from goldseal.catalog.selectors import STAGE_RULE_FIELDS, buyers, defects, sites, styles
from goldseal.files.forms import PHOTOS, AttachmentsField
from goldseal.kit.words import Words

Group = tuple[Words, tuple[tuple[str, ...], ...]]


class CatalogForm(forms.Form):
    """Fields taken from a model, laid out in titled groups of rows.

    `groups` names the fields row by row; `revision` remembers what the person saw.
    """

    model: type[CatalogRecord]
    groups: tuple[Group, ...]
    helps: dict[str, Words] = {}
    tall: tuple[str, ...] = ("address", "note", "description", "method_en", "method_bn")

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: CatalogRecord | None = None, initial: Any = None) -> None:
        names = [name for _title, rows in self.groups for line in rows for name in line]
        held = {**model_to_dict(row, fields=names), "revision": row.revision} if row else {}
        super().__init__(data, initial={**held, **(initial or {})})
        widgets: dict[str, type[forms.Widget] | forms.Widget] = {
            name: forms.Textarea(attrs={"rows": 3}) for name in self.tall
        }
        for name, field in fields_for_model(
            self.model, fields=[n for n in names if n not in self.links(row)], widgets=widgets
        ).items():
            if field is not None:
                rules = self.model._meta.get_field(name).validators  # type: ignore[union-attr]
                field.validators.extend(rule for rule in rules if rule not in field.validators)
                self.fields[name] = field
        self.fields.update(self.links(row))
        for name, words in self.helps.items():
            self.fields[name].help_text = words  # type: ignore[assignment]

    def links(self, row: CatalogRecord | None) -> dict[str, forms.Field]:
        """Fields that choose another row."""
        return {}

    def grouped(self) -> Iterator[tuple[Words, list[list[forms.BoundField]]]]:
        """For the template: title, rows of bound fields."""
        for title, rows in self.groups:
            yield title, [[self[name] for name in line] for line in rows]

    def values(self) -> dict[str, Any]:
        """What the service takes: field values, chosen rows as their ids."""
        return {
            name: getattr(value, "pk", value) if isinstance(value, CatalogRecord) else value
            for name, value in self.cleaned_data.items()
            if name != "revision"
        }


class BuyerForm(CatalogForm):
    """A buyer and the rules of its inspections."""

    model = Buyer
    groups = (
        (
            _("Buyer"),
            (("code", "name"), ("contact_name", "contact_email", "contact_phone"), ("address",), ("note",)),
        ),
        (
            _("Sampling (ISO 2859-1)"),
            (
                ("aql_level", "inspection_type"),
                ("aql_critical", "aql_major", "aql_minor"),
                ("count_by", "sample_basis"),
            ),
        ),
        (
            _("Limits of the final inspection"),
            (
                ("quantity_tolerance_pct", "made_pct_min", "packed_pct_min"),
                ("points_out_pct_max", "pieces_out_max"),
                ("is_critical_point_failing",),
            ),
        ),
    )
    helps = {
        "code": _("Short, as on your orders, such as NORTH."),
        "aql_critical": _("0: one critical defect fails the lot."),
        "quantity_tolerance_pct": _("Of the ordered quantity."),
        "pieces_out_max": _("Empty: no such rule."),
        "aql_level": _("II is usual; S-1 to S-4 are for small samples."),
    }


class BuyerParticularsForm(CatalogForm):
    """A buyer without its rules; see `RulesForm`."""

    model = Buyer
    groups = BuyerForm.groups[:1]
    helps = {"code": BuyerForm.helps["code"]}


class RulesForm(CatalogForm):
    """Every rule of a buyer, and in a table what it asks for at single stages."""

    model = Buyer
    groups = RULE_GROUPS
    tall = ()
    helps = {
        "aql_critical": _("0: one critical defect fails the lot."),
        "aql_level": _("II is usual; S-1 to S-4 are for small samples."),
        "is_switching": _("Off: every lot is inspected as the buyer's inspections start."),
        "counts_rejection_on_reduced": _("The standard leaves it open; no is usual."),
        "scores_full_inspection": _("The standard leaves it open; yes is usual."),
        "switching_tighter_row": _("The standard leaves it open; the plan's own row is usual."),
        "quantity_tolerance_pct": _("Of the ordered quantity."),
        "measured_pieces_critical": _("0: as the stage says."),
        "measured_pieces_all": _("0: as the stage says."),
        "pieces_out_max": _("Empty: no such rule."),
        "dhu_max": _("Empty: as the stage says."),
        "required_photos": _("Separated by commas, such as carton mark, care label, hangtag."),
    }

    def __init__(
        self,
        data: Any = None,
        *,
        row: CatalogRecord | None = None,
        stages: Sequence[Stage] = (),
        stage_rules: Sequence[BuyerStageRule] = (),
    ) -> None:
        super().__init__(data, row=row)
        self.stages = stages
        held = {rule.stage_id: rule for rule in stage_rules}
        for stage in stages:
            for name, field in fields_for_model(BuyerStageRule, fields=list(STAGE_RULE_FIELDS)).items():
                if field is not None:
                    field.label = f"{stage.code}: {field.label}"
                    field.initial = getattr(held.get(stage.pk), name, "")
                    self.fields[f"stage_rules.{stage.pk}.{name}"] = field

    @property
    def stage_heads(self) -> list[Words]:
        """The heads of the stages' table."""
        return [
            capfirst(str(BuyerStageRule._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            for name in STAGE_RULE_FIELDS
        ]

    @property
    def stage_rows(self) -> list[tuple[Stage, list[forms.BoundField]]]:
        """The stages' table: stage and its fields."""
        return [
            (stage, [self[f"stage_rules.{stage.pk}.{name}"] for name in STAGE_RULE_FIELDS])
            for stage in self.stages
        ]

    def values(self) -> dict[str, Any]:
        """The buyer's own rules."""
        return {name: value for name, value in super().values().items() if "." not in name}

    def stage_values(self) -> dict[UUID, dict[str, str]]:
        """What is asked for at each stage of the table."""
        return {
            stage.pk: {
                name: self.cleaned_data.get(f"stage_rules.{stage.pk}.{name}") or ""
                for name in STAGE_RULE_FIELDS
            }
            for stage in self.stages
        }


class SiteForm(CatalogForm):
    """A site."""

    model = Site
    groups = ((_("Site"), (("code", "name"), ("address",))),)
    helps = {"code": _("Short, such as U1."), "address": _("Printed on reports.")}


class LineForm(CatalogForm):
    """A line of a site."""

    model = Line
    groups = ((_("Line"), (("code", "name"),)),)
    helps = {"code": _("Short, such as L07.")}


class SupplierForm(CatalogForm):
    """A supplier."""

    model = Supplier
    groups = (
        (_("Supplier"), (("code", "name"), ("kind",))),
        (_("Contact"), (("contact_name", "contact_email", "contact_phone"), ("address",))),
    )
    helps = {"code": _("Short, such as MILL1.")}


class StyleForm(CatalogForm):
    """A style."""

    model = Style
    groups = (
        (_("Style"), (("buyer", "code"), ("name", "name_bn"), ("product_family",), ("is_for_children",))),
        (_("Particulars"), (("season", "gauge"), ("composition",), ("description",))),
    )
    helps = {
        "is_for_children": _("Defects that are dangerous for children then count as graver."),
        "composition": _("Such as wool 50 %, acrylic 50 %."),
    }

    def links(self, row: CatalogRecord | None) -> dict[str, forms.Field]:
        """The buyers in use, and the one chosen before."""
        kept = Q(pk=row.buyer_id) if isinstance(row, Style) else Q()
        rows = buyers().filter(Q(is_active=True) | kept) if kept else buyers().filter(is_active=True)
        return {
            "buyer": forms.ModelChoiceField(rows.order_by("name", "pk"), label=_("Buyer"), empty_label="—")
        }


class OrderForm(CatalogForm):
    """An order without its grid; see `GridInput`."""

    model = Order
    groups = (
        (_("Order"), (("style",), ("po_number", "status"), ("ex_factory_on", "site"))),
        (_("Shipment"), (("destination", "port"), ("note",))),
        (_("One carton"), (("packing.gross_kg", "packing.marks"),)),
    )
    helps = {"style": _("The order's buyer is the style's.")}

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["ex_factory_on"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def links(self, row: CatalogRecord | None) -> dict[str, forms.Field]:
        """Styles and sites in use, and those chosen before."""
        style_rows, site_rows = Q(is_active=True, buyer__is_active=True), Q(is_active=True)
        if isinstance(row, Order):
            style_rows = Q(is_active=True, buyer_id=row.buyer_id) | Q(pk=row.style_id)
            if row.site_id:
                site_rows |= Q(pk=row.site_id)
        return {
            "style": StyleChoice(
                styles().filter(style_rows).order_by("buyer__name", "code", "pk"), label=_("Style")
            ),
            "site": forms.ModelChoiceField(
                sites().filter(site_rows).order_by("name", "pk"), label=_("Site"), required=False
            ),
            **self._carton(row.packing if isinstance(row, Order) else {}),
        }

    def _carton(self, packing: Mapping[str, Any]) -> dict[str, forms.Field]:
        """What every carton has; what is in it stands beside the grid."""
        return {
            "packing.gross_kg": forms.CharField(
                label=_("Gross weight, kg"),
                max_length=12,
                required=False,
                initial=packing.get("gross_kg", ""),
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            ),
            "packing.marks": forms.CharField(
                label=_("Carton marks"),
                max_length=500,
                required=False,
                initial=packing.get("marks", ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            ),
        }

    def packing(self) -> dict[str, str]:
        """What was said of the carton."""
        return {
            name.removeprefix("packing."): value
            for name, value in self.cleaned_data.items()
            if name.startswith("packing.")
        }

    def values(self) -> dict[str, Any]:
        """The order's own fields."""
        return {name: value for name, value in super().values().items() if "." not in name}


class StyleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Styles with their buyers."""

    def label_from_instance(self, obj: Any) -> str:
        """Buyer, number and name."""
        return f"{obj.buyer.name} · {obj.code} · {obj.label}"


class DefectForm(CatalogForm):
    """A defect of the library."""

    model = Defect
    groups = (
        (_("Defect"), (("code", "family"), ("name_en", "name_bn"))),
        (_("Severity"), (("severity", "severity_zone_a", "severity_children"), ("is_legal",))),
        (_("Notes"), (("note_en",), ("note_bn",))),
    )
    tall = ("note_en", "note_bn")
    helps = {
        "code": _("Two letters of the family and a number, such as SW21."),
        "severity_zone_a": _("Empty: as everywhere."),
        "severity_children": _("Empty: as on other garments."),
    }


class PictureForm(forms.Form):
    """What a defect looks like."""

    def __init__(self, *args: Any, base: str, needs_attestation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = AttachmentsField(
            base=base,
            needs_attestation=needs_attestation,
            accept=PHOTOS,
            multiple=False,
            label=_("Picture"),
            help_text=_("A photo that shows the defect close by, or a drawing. Floor shows it on the tile."),
        )


class SeverityForm(forms.Form):
    """A buyer's own severity for one defect."""

    defect = forms.ModelChoiceField(Defect.objects.none(), label=_("Defect"), empty_label="—")
    zone = forms.ChoiceField(label=_("Zone"), choices=[("", _("Every zone")), *Zone.choices], required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=[("", "—"), *Severity.choices])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["defect"].queryset = defects().filter(is_active=True)  # type: ignore[attr-defined]

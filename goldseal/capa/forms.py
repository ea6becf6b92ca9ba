"""Forms of nonconformities: facts, owner, defects, containment, files, read-across, settings, the Pareto's span."""

from datetime import date
from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.capa import choices
from goldseal.capa.models import CapaSettings, Containment, Nonconformity, NonconformityDefect
from goldseal.capa.opening_services import LATER
from goldseal.capa.rules import lifecycle
from goldseal.capa.selectors import SEE_TO, people_for
from goldseal.capa.settings_services import FIELDS
from goldseal.catalog.choices import Severity
from goldseal.catalog.models import Line, Order, Style
from goldseal.catalog.selectors import buyers, defects, stages, suppliers
from goldseal.files.forms import AttachmentsField
from goldseal.kit.forming import offer

MOST_OFFERED = 300
DEFECT_ROWS = 8
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
NOTHING: tuple[str, str] = ("", "–")


def date_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of the years that the API takes too."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = date_input()
        super().__init__(**kwargs)

    def validate(self, value: date | None) -> None:
        """Within two centuries: what is beyond is a slip of the finger."""
        super().validate(value)
        if value is not None and not FIRST_DAY <= value <= LAST_DAY:
            raise forms.ValidationError(_("Enter a day of the years 2000 to 2199."), code="year")


def pieces(label: Any, *, required: bool = False, least: int = 0) -> forms.IntegerField:
    """A whole number of pieces."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=100_000_000, required=required, widget=widget
    )


def id_field(label: Any) -> forms.UUIDField:
    """A choice of a row by its id; the service says whether there is one."""
    return forms.UUIDField(label=label, required=False, widget=forms.Select)


def put(form: forms.Form, name: str, rows: list[tuple[str, str]], nobody: Any = "–") -> None:
    """Let the select of an id field offer these rows."""
    form.fields[name].widget.choices = [("", nobody), *rows]


def people_choices(code: str = SEE_TO) -> list[tuple[str, str]]:
    """Members who may do it."""
    return [(str(row.user_id), row.user.display_name) for row in people_for(code)]


def style_choices() -> list[tuple[str, str]]:
    """Styles in use, the newest first."""
    rows = Style.objects.filter(is_active=True).select_related("buyer").order_by("-pk")[:MOST_OFFERED]
    return [(str(row.pk), f"{row.code} · {row.buyer.name}") for row in rows]


def line_choices() -> list[tuple[str, str]]:
    """Lines in use."""
    rows: Any = Line.objects.filter(is_active=True).select_related("site").order_by("site__code", "code")
    return [(str(row.pk), f"{row.site.code} {row.name}") for row in rows]


def stage_choices() -> list[tuple[str, str]]:
    """Stages in use."""
    rows: Any = stages().filter(is_active=True)
    return [(str(row.pk), f"{row.code} {row.name}") for row in rows]


def supplier_choices() -> list[tuple[str, str]]:
    """Suppliers in use."""
    return [(str(row.pk), row.name) for row in suppliers().filter(is_active=True).order_by("name")]


def defect_choices() -> list[tuple[str, str]]:
    """The defect library."""
    return [(row.code, f"{row.code} {row.name}") for row in defects().filter(is_active=True)]


class FactsForm(forms.Form):
    """What, where, when, how many; of which order; costs and the buyer's approval once it exists."""

    source = forms.ChoiceField(
        label=_("Source"), choices=[(one.value, one.label) for one in choices.TYPED_SOURCES]
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices, initial=Severity.MAJOR)
    problem = forms.CharField(
        label=_("What is wrong"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    found_on = DayField(label=_("Found on"))
    due_on = DayField(label=_("Due on"), required=False)
    quantity = pieces(_("Pieces concerned"))
    lot_size = pieces(_("Pieces in the lot"))
    place = forms.CharField(label=_("Where"), max_length=200, required=False)
    operation = forms.CharField(label=_("Operation"), max_length=80, required=False)
    order = id_field(_("Order"))
    style = id_field(_("Style"))
    buyer = id_field(_("Buyer"))
    stage = id_field(_("Stage"))
    line = id_field(_("Line"))
    supplier = id_field(_("Supplier"))
    owner = id_field(pgettext_lazy("corrective action", "Owner"))
    team = forms.CharField(label=_("Team"), max_length=300, required=False)
    buyer_approval = forms.CharField(label=_("Approved at the buyer by"), max_length=200, required=False)
    buyer_approved_on = DayField(label=_("Approved on"), required=False)
    cost_minutes = forms.DecimalField(
        label=_("Minutes of repair"), required=False, min_value=0, max_digits=10, decimal_places=1
    )
    cost_per_minute = forms.DecimalField(
        label=_("Cost of a minute"), required=False, min_value=0, max_digits=8, decimal_places=4
    )
    cost_rejects = pieces(_("Pieces rejected"))
    cost_per_reject = forms.DecimalField(
        label=_("Value of a piece"), required=False, min_value=0, max_digits=10, decimal_places=2
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)

    FOLLOWING = ("team", *LATER)

    def __init__(self, *args: Any, case: Nonconformity | None = None, **kwargs: Any) -> None:
        if case is not None:
            held = {name: getattr(case, name, None) for name in self.base_fields}
            kwargs["initial"] = {
                name: getattr(value, "pk", value) for name, value in held.items()
            } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for name in ("source", "owner") if case is not None else self.FOLLOWING:
            del self.fields[name]
        if case is not None and case.state not in lifecycle.WITH_WORKER:
            self.fields = {name: self.fields[name] for name in LATER}
            return
        orders = Order.objects.filter(is_active=True).select_related("style", "buyer").order_by("-pk")
        listed = list(orders[:MOST_OFFERED])
        if case is not None and case.order is not None and case.order not in listed:
            listed.append(case.order)
        put(
            self,
            "order",
            [(str(row.pk), f"{row.po_number} · {row.style.code} · {row.buyer.name}") for row in listed],
        )
        put(self, "style", style_choices())
        put(self, "buyer", [(str(row.pk), row.name) for row in buyers().filter(is_active=True)])
        put(self, "stage", stage_choices())
        put(self, "line", line_choices())
        put(self, "supplier", supplier_choices())
        if "owner" in self.fields:
            put(self, "owner", people_choices())


class AssignForm(forms.Form):
    """Who sees to it, until when."""

    owner = id_field(pgettext_lazy("corrective action", "Owner"))
    due_on = DayField(label=_("Due on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "owner", people_choices(), _("Nobody yet"))


class MoveForm(forms.Form):
    """A step, with its reason and, for an action, what was done."""

    move = forms.CharField(max_length=10)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)
    result = forms.CharField(
        label=_("What was done"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ContainmentForm(forms.Form):
    """What was done at once, in pieces that add up."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("kind", "place", "in_lot", "sorted", "found_bad", "rechecked", "released", "held")
        made = fields_for_model(
            Containment, fields=[*names, "done_on", "note"], field_classes={"done_on": DayField}
        )
        self.fields.update({name: field for name, field in made.items() if field is not None})
        offer(self, "kind", choices.ContainmentKind.choices)
        for name in names[2:]:
            self.fields[name].widget.attrs["inputmode"] = "numeric"
            self.fields[name].initial = None
            self.fields[name].required = name == "in_lot"
        self.fields["held"].help_text = _("Left empty: what is not released.")
        self.fields["done_on"].initial = today


class ProofForm(forms.Form):
    """Photos and documents, and what they prove."""

    def __init__(
        self, *args: Any, base: str, needs_attestation: bool, purposes: tuple[str, ...], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = AttachmentsField(
            base=base, needs_attestation=needs_attestation, purpose="capa", label=_("Photos and documents")
        )
        self.fields["purpose"] = forms.ChoiceField(
            label=_("What they show"),
            choices=[(one.value, one.label) for one in choices.Purpose if one.value in purposes],
        )


class ReadAcrossForm(forms.Form):
    """Where else the same could happen."""

    line = id_field(_("Line"))
    style = id_field(_("Style"))
    stage = id_field(_("Stage"))
    note = forms.CharField(label=_("What is to be done there"), max_length=300, required=False)
    due_on = DayField(label=_("Due on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "line", line_choices())
        put(self, "style", style_choices())
        put(self, "stage", stage_choices())


class DefectsForm(forms.Form):
    """Which defects were found on how many pieces: rows, blank ones go."""

    def __init__(self, *args: Any, rows: list[NonconformityDefect], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = defect_choices()
        self.places = range(max(DEFECT_ROWS, len(rows) + 2))
        for place in self.places:
            row = rows[place] if place < len(rows) else None
            self.fields[f"code-{place}"] = forms.CharField(
                label=_("Defect"),
                required=False,
                max_length=10,
                initial=row.code if row else "",
                widget=forms.Select(choices=[NOTHING, *known]),
            )
            severity = forms.ChoiceField(
                label=_("Severity"), required=False, initial=row.severity if row else ""
            )
            self.fields[f"severity-{place}"] = severity
            offer(self, f"severity-{place}", [("", _("as in the library")), *Severity.choices])
            self.fields[f"quantity-{place}"] = pieces(_("Pieces"), least=1)
            self.fields[f"quantity-{place}"].initial = row.quantity if row else None

    def lines(self) -> list[list[forms.BoundField]]:
        """For the template: the fields row by row."""
        return [
            [self[f"{name}-{place}"] for name in ("code", "severity", "quantity")] for place in self.places
        ]

    def clean(self) -> dict[str, Any]:
        """A row needs its code and its pieces."""
        values: dict[str, Any] = super().clean() or {}
        for place in self.places:
            code, quantity = values.get(f"code-{place}"), values.get(f"quantity-{place}")
            if code and not quantity and f"quantity-{place}" not in self.errors:
                self.add_error(f"quantity-{place}", _("Enter how many pieces."))
            if quantity and not code:
                self.add_error(f"code-{place}", _("Choose a defect."))
        return values

    def rows(self) -> list[tuple[str, str, int]]:
        """What the service takes."""
        values = self.cleaned_data
        return [
            (values[f"code-{place}"], values[f"severity-{place}"], values[f"quantity-{place}"])
            for place in self.places
            if values.get(f"code-{place}")
        ]


class SettingsForm(forms.Form):
    """The room's settings."""

    def __init__(self, *args: Any, row: CapaSettings, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(row, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        made = fields_for_model(CapaSettings, fields=list(FIELDS))
        for name, field in made.items():
            if field is not None:
                field.label = str(field.label)[:1].upper() + str(field.label)[1:]
                self.fields[name] = field
        for name in ("red_lights_max", "dhu_max"):
            self.fields[name].help_text = _("Empty: no such rule.")


class ParetoForm(forms.Form):
    """The span of a Pareto chart, what it counts by, and what it is narrowed to."""

    first = DayField(label=_("From"))
    last = DayField(label=_("To"))
    by = forms.MultipleChoiceField(
        label=_("Counted by"),
        choices=[
            ("code", _("Defect")),
            ("line", _("Line")),
            ("operation", _("Operation")),
            ("shift", _("Shift")),
            ("stage", _("Stage")),
            ("style", _("Style")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    line = id_field(_("Line"))
    stage = id_field(_("Stage"))
    style = id_field(_("Style"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put(self, "line", line_choices(), _("All lines"))
        put(self, "stage", stage_choices(), _("All stages"))
        put(self, "style", style_choices(), _("All styles"))

    def clean(self) -> dict[str, Any]:
        """From before to, at most three years."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and not 0 <= (last - first).days <= 1100:
            self.add_error("last", _("Choose a day on or after the first one, at most three years later."))
        return values

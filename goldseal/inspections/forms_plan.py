"""The plan form: particulars, the lot, carton ranges and the measurement chart; works without scripts, loses nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goldseal.catalog.choices import CountBy, InspectionType, Method, SamplingScheme
from goldseal.catalog.models import AQL_CHOICES, Order, OrderLine, Stage
from goldseal.catalog.rules.aql import LEVELS
from goldseal.catalog.rules.buyers import BuyerRules
from goldseal.inspections.forms_cartons import CARTON_ROWS_MAX, CartonError, CartonRow, whole
from goldseal.inspections.page_selectors import lines_in_use, people_who_inspect, suppliers_in_use
from goldseal.inspections.rules.measurement import UNITS, parse_measure
from goldseal.kit.forming import offer
from goldseal.kit.words import Words

POINTS_MAX = 100
POINT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)


SAMPLING = ("level", "inspection", "critical", "major", "minor", "counting", "scheme")
# What is asked of each method beside day, inspector and place.
ASKED: Mapping[str, tuple[str, ...]] = {
    Method.AQL: (*SAMPLING, "supplier", "lot_size", "is_extra"),
    Method.CHECKLIST: ("supplier",),
    Method.ROVING: ("line",),
    Method.ENDLINE: ("line",),
    Method.FOUR_POINT: ("supplier", "lot_size"),
    Method.MEASUREMENT: ("line",),
    Method.METAL: (),
    Method.PACKING: (),
}
ALWAYS = ("planned_on", "inspector", "place")
WITH_LOT = (Method.AQL, Method.MEASUREMENT, Method.METAL, Method.PACKING)
WITH_CARTONS = (Method.AQL, Method.PACKING)
WITH_CHART = (Method.AQL, Method.MEASUREMENT)
LOT_SIZES: Mapping[str, tuple[Words, Words]] = {
    Method.AQL: (
        gettext_lazy("Units in the lot, where it is not garments"),
        gettext_lazy("Cones of yarn, boxes of trims. Leave it empty for garments of the order."),
    ),
    Method.FOUR_POINT: (
        gettext_lazy("Rolls in the lot"),
        gettext_lazy("All rolls that arrived, not only those to be inspected."),
    ),
}


class PlanForm(forms.Form):
    """What is chosen beside the tables, as far as the stage's method needs it; prefilled from the buyer's rules."""

    planned_on = forms.DateField(
        label=gettext_lazy("Planned for"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    inspector = forms.ChoiceField(label=gettext_lazy("Inspector"), required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("Inspection level"), choices=[(level, level) for level in LEVELS]
    )
    inspection = forms.ChoiceField(label=gettext_lazy("Inspection type"), choices=InspectionType.choices)
    critical = forms.ChoiceField(label=gettext_lazy("AQL critical"), choices=AQL_CHOICES)
    major = forms.ChoiceField(label=gettext_lazy("AQL major"), choices=AQL_CHOICES)
    minor = forms.ChoiceField(label=gettext_lazy("AQL minor"), choices=AQL_CHOICES)
    counting = forms.ChoiceField(label=gettext_lazy("Count"), choices=CountBy.choices)
    scheme = forms.ChoiceField(label=gettext_lazy("Sampling"), choices=SamplingScheme.choices)
    line = forms.ChoiceField(label=gettext_lazy("Line"), required=False)
    supplier = forms.ChoiceField(label=gettext_lazy("Supplier"), required=False)
    lot_size = forms.IntegerField(min_value=1, max_value=10_000_000, required=False)
    is_extra = forms.BooleanField(
        label=gettext_lazy("These pieces may stand in another lot of this stage too"), required=False
    )
    place = forms.CharField(label=gettext_lazy("Place of inspection"), max_length=200, required=False)

    def __init__(self, *args: Any, stage: Stage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        asked = (*ALWAYS, *ASKED[stage.method_code])
        for name in list(self.fields):
            if name not in asked:
                del self.fields[name]
        people = [(str(row.user_id), row.user.display_name) for row in people_who_inspect()]
        self._offer("inspector", _("Nobody in particular"), people)
        if "line" in self.fields:
            rows = [(str(row.pk), f"{row.site.code} {row.name}") for row in lines_in_use()]
            self._offer("line", _("No line in particular"), rows)
        if "supplier" in self.fields:
            self._offer("supplier", _("Own production"), [(str(r.pk), r.name) for r in suppliers_in_use()])
        if "lot_size" in self.fields:
            label, words = LOT_SIZES[stage.method_code]
            field = self.fields["lot_size"]
            field.label, field.help_text = label, words  # type: ignore[assignment]
            field.required = stage.method_code == Method.FOUR_POINT
            field.widget.attrs["inputmode"] = "numeric"

    def _offer(self, name: str, nobody: str, rows: list[tuple[str, str]]) -> None:
        offer(self, name, [("", nobody), *rows])

    def limits(self) -> dict[str, str | None]:
        """AQL per severity, as chosen or as shown at first."""
        if "major" not in self.fields:
            return {}
        return {name: str(self[name].value() or "") for name in ("critical", "major", "minor")}

    def chosen_id(self, name: str) -> UUID | None:
        """The row chosen in a field of ids, or None."""
        value = self.cleaned_data.get(name)
        return UUID(value) if value else None


@dataclass(slots=True)
class PointRow:
    """One point of measure as typed."""

    code: str = ""
    name_en: str = ""
    name_bn: str = ""
    unit: str = "cm"
    tol_minus: str = ""
    tol_plus: str = ""
    critical: bool = False
    spec: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed in the row."""
        typed: list[str] = [
            self.code,
            self.name_en,
            self.name_bn,
            self.tol_minus,
            self.tol_plus,
            *self.spec.values(),
        ]
        return not any(text.strip() for text in typed)


@dataclass(slots=True)
class PlanTables:
    """The lot, the cartons and the chart, as typed; `wrong` names fields with what is not right there."""

    order_lines: Sequence[OrderLine]
    lot: list[str]
    cartons: list[CartonRow]
    points: list[PointRow]
    wrong: dict[str, str] = field(default_factory=dict)
    least: int = 2

    @property
    def sizes(self) -> list[str]:
        """The order's sizes, as the grid was written."""
        places = {line.size: line.size_position for line in self.order_lines}
        return sorted(places, key=lambda size: places[size])

    @property
    def colours(self) -> list[str]:
        """The order's colours."""
        return list(dict.fromkeys(line.colour for line in self.order_lines))

    @classmethod
    def fresh(cls, lines: Sequence[OrderLine]) -> "PlanTables":
        """The whole order as the lot, no cartons, no chart."""
        return cls(lines, [str(line.quantity) for line in lines], [CartonRow()], [])

    @classmethod
    def posted(cls, lines: Sequence[OrderLine], data: Mapping[str, str]) -> "PlanTables":
        """The tables as they were sent."""
        made = cls(lines, [data.get(f"lot-{i}", "")[:20] for i in range(len(lines))], [], [])
        for i in range(_count(data.get("cartons", ""), CARTON_ROWS_MAX)):
            made.cartons.append(CartonRow.posted(data, i))
        for i in range(_count(data.get("points", ""), POINTS_MAX)):
            texts = {
                n: data.get(f"point-{i}-{n}", "")[:200]
                for n in ("code", "name_en", "name_bn", "unit", "tol_minus", "tol_plus")
            }
            spec = {size: data.get(f"point-{i}-spec-{j}", "")[:40] for j, size in enumerate(made.sizes)}
            made.points.append(PointRow(**texts, critical=f"point-{i}-critical" in data, spec=spec))
        return made

    def rearranged(self, action: str, chart: Sequence[Mapping[str, Any]]) -> bool:
        """Do what a button beside a table asks for; False if the button is none of the tables'."""
        kind, _dash, place = action.rpartition("-")
        index = int(place) if place.isdecimal() and len(place) < 5 else -1
        if action == "add-carton" and len(self.cartons) < CARTON_ROWS_MAX:
            last = next((row.last for row in reversed(self.cartons) if whole(row.last)), "")
            following = str((whole(last) or 0) + 1) if last else ""
            self.cartons.append(
                CartonRow(first=following, pieces=self.cartons[-1].pieces if self.cartons else "")
            )
        elif action == "add-point" and len(self.points) < POINTS_MAX:
            unit = self.points[-1].unit if self.points else "cm"
            self.points.append(PointRow(unit=unit, spec=dict.fromkeys(self.sizes, "")))
        elif kind == "drop-carton" and 0 <= index < len(self.cartons):
            del self.cartons[index]
        elif kind == "drop-point" and 0 <= index < len(self.points):
            del self.points[index]
        elif action == "take-points":
            self.points = [self._taken(point) for point in chart]
        else:
            return action in ("show", "add-carton", "add-point")
        return True

    def take_cartons(self, cartons: Sequence[Mapping[str, Any]]) -> None:
        """The cartons of the lot that is inspected again."""
        self.cartons = [CartonRow.taken(row) for row in cartons]

    def _taken(self, point: Mapping[str, Any]) -> PointRow:
        def text(name: str) -> str:
            return str(point.get(name) or "")

        return PointRow(
            code=text("code"),
            name_en=text("name_en"),
            name_bn=text("name_bn"),
            unit=text("unit"),
            tol_minus=text("tol_minus"),
            tol_plus=text("tol_plus"),
            critical=bool(point.get("critical")),
            spec={size: str(point["spec"].get(size, "")) for size in self.sizes},
        )

    @property
    def lot_size(self) -> int:
        """The pieces that can be read."""
        return sum(whole(text) or 0 for text in self.lot)

    def lot_lines(self) -> list[dict[str, Any]]:
        """The lot: lines with pieces; what is not right is put into `wrong`."""
        found: list[dict[str, Any]] = []
        for i, (line, text) in enumerate(zip(self.order_lines, self.lot, strict=True)):
            if not text.strip():
                continue
            pieces = whole(text)
            if pieces is None or pieces > line.quantity:
                self.wrong[f"lot-{i}"] = _("Enter whole pieces from 0 to %(most)s, the ordered quantity.") % {
                    "most": line.quantity
                }
            elif pieces:
                found.append({"colour": line.colour, "size": line.size, "quantity": pieces})
        if not self.wrong and sum(line["quantity"] for line in found) < self.least:
            self.wrong["lot"] = _(
                "A lot has at least 2 pieces. Enter how many of each colour and size are offered."
            )
        return found

    def carton_ranges(self) -> list[dict[str, Any]]:
        """The ranges of cartons that were filled in."""
        places = [(line.colour, line.size) for line in self.order_lines]
        found: list[dict[str, Any]] = []
        for i, row in enumerate(self.cartons):
            if row.is_blank:
                continue
            try:
                found.append(row.read(places))
            except CartonError as refused:
                self.wrong[f"carton-{i}"] = str(refused)
        return found

    def chart(self) -> list[dict[str, Any]]:
        """The points of measure that were filled in."""
        found: list[dict[str, Any]] = []
        for i, row in enumerate(self.points):
            if row.is_blank:
                continue
            name, code = f"point-{i}", row.code.strip()
            spec = {size: text.strip() for size, text in row.spec.items() if text.strip()}
            if not POINT_CODE.fullmatch(code):
                self.wrong[name] = _("Give the point a code of letters and digits, such as P01.")
            elif code in {point["code"] for point in found}:
                self.wrong[name] = _("The code %(code)s stands there twice.") % {"code": code}
            elif not row.name_en.strip() and not row.name_bn.strip():
                self.wrong[name] = _("Give the point a name, such as chest width.")
            elif row.unit not in UNITS:
                self.wrong[name] = _("Choose cm, mm or in.")
            elif not spec:
                self.wrong[name] = _("Enter the specified value of at least one size.")
            elif any(not _is_measure(text) for text in (*spec.values(), row.tol_minus, row.tol_plus)):
                self.wrong[name] = _("Write values and both tolerances as 16, 16.25, 3/4 or 12 3/8.")
            else:
                found.append(
                    {
                        "code": code,
                        "name_en": row.name_en.strip()[:120] or row.name_bn.strip()[:120],
                        "name_bn": row.name_bn.strip()[:120],
                        "unit": row.unit,
                        "tol_minus": row.tol_minus.strip(),
                        "tol_plus": row.tol_plus.strip(),
                        "critical": row.critical,
                        "spec": spec,
                    }
                )
        return found


def first_values(order: Order, rules: BuyerRules, today: Any) -> dict[str, Any]:
    """What the form shows at first: the buyer's rules at this stage."""
    return {
        "planned_on": today,
        "level": rules.aql_level,
        "inspection": rules.inspection_type,
        "critical": rules.aql_critical,
        "major": rules.aql_major,
        "minor": rules.aql_minor,
        "counting": rules.count_by,
        "scheme": rules.sampling_scheme,
        "place": order.site.name if order.site else "",
    }


def _is_measure(text: str) -> bool:
    try:
        parse_measure(text.strip())
    except ValueError:
        return False
    return True


def _count(text: str, most: int) -> int:
    return min(int(text), most) if text.isdecimal() and len(text) < 6 else 0

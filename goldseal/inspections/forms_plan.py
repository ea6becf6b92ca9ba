"""The plan form: particulars, the lot, carton ranges and the measurement chart; works without scripts, loses nothing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goldseal.catalog.choices import CountBy, InspectionType
from goldseal.catalog.models import AQL_CHOICES, Order, OrderLine
from goldseal.catalog.rules.aql import LEVELS
from goldseal.inspections.page_selectors import people_who_inspect, stages_in_use
from goldseal.inspections.rules.measurement import UNITS, parse_measure

CARTON_ROWS_MAX, POINTS_MAX = 200, 100
CARTON_NUMBER_MAX, CARTON_PIECES_MAX = 100_000, 10_000
FINAL = "FIN"
POINT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", re.ASCII)


class PlanForm(forms.Form):
    """What is chosen beside the tables; prefilled from the buyer's rules."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"))
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
    place = forms.CharField(label=gettext_lazy("Place of inspection"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(stages_in_use())
        if "stage" not in self.initial:
            self.initial["stage"] = next((str(row.pk) for row in rows if row.code == FINAL), "")
        stages = [(str(row.pk), f"{row.code} · {row.name}") for row in rows]
        people = [(str(row.user_id), row.user.display_name) for row in people_who_inspect()]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]
        self.fields["inspector"].choices = [("", _("Nobody in particular")), *people]  # type: ignore[attr-defined]

    def limits(self) -> dict[str, str | None]:
        """AQL per severity, as chosen or as shown at first."""
        return {name: str(self[name].value() or "") for name in ("critical", "major", "minor")}


@dataclass(slots=True)
class CartonRow:
    """One range of cartons as typed."""

    first: str = ""
    last: str = ""
    pieces: str = ""
    colour: str = ""
    size: str = ""


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
            made.cartons.append(
                CartonRow(
                    *(
                        data.get(f"carton-{i}-{n}", "")[:100]
                        for n in ("first", "last", "pieces", "colour", "size")
                    )
                )
            )
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
            last = next((row.last for row in reversed(self.cartons) if _whole(row.last)), "")
            following = str((_whole(last) or 0) + 1) if last else ""
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
        return sum(_whole(text) or 0 for text in self.lot)

    def lot_lines(self) -> list[dict[str, Any]]:
        """The lot: lines with pieces; what is not right is put into `wrong`."""
        found: list[dict[str, Any]] = []
        for i, (line, text) in enumerate(zip(self.order_lines, self.lot, strict=True)):
            if not text.strip():
                continue
            pieces = _whole(text)
            if pieces is None or pieces > line.quantity:
                self.wrong[f"lot-{i}"] = _("Enter whole pieces from 0 to %(most)s, the ordered quantity.") % {
                    "most": line.quantity
                }
            elif pieces:
                found.append({"colour": line.colour, "size": line.size, "quantity": pieces})
        if not self.wrong and sum(line["quantity"] for line in found) < 2:
            self.wrong["lot"] = _(
                "A lot has at least 2 pieces. Enter how many of each colour and size are offered."
            )
        return found

    def carton_ranges(self) -> list[dict[str, Any]]:
        """The ranges of cartons that were filled in."""
        found: list[dict[str, Any]] = []
        for i, row in enumerate(self.cartons):
            if not any(text.strip() for text in (row.first, row.last, row.pieces)):
                continue
            first, last, pieces = _whole(row.first), _whole(row.last or row.first), _whole(row.pieces)
            name = f"carton-{i}"
            if first is None or last is None or not 1 <= first <= last <= CARTON_NUMBER_MAX:
                self.wrong[name] = _("Write the range as first and last carton, such as 1 and 40.")
            elif pieces is None or not 1 <= pieces <= CARTON_PIECES_MAX:
                self.wrong[name] = _("Enter how many pieces each carton holds, from 1 to 10,000.")
            else:
                found.append({"first": first, "last": last, "pieces": pieces})
                found[-1] |= {n: v for n, v in (("colour", row.colour), ("size", row.size)) if v}
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


def first_values(order: Order, today: Any) -> dict[str, Any]:
    """What the form shows at first: the buyer's rules."""
    buyer = order.buyer
    return {
        "planned_on": today,
        "level": buyer.aql_level,
        "inspection": buyer.inspection_type,
        "critical": buyer.aql_critical,
        "major": buyer.aql_major,
        "minor": buyer.aql_minor,
        "counting": buyer.count_by,
        "place": order.site.name if order.site else "",
    }


def inspector_of(form: PlanForm) -> UUID | None:
    """Who was chosen to inspect."""
    chosen = form.cleaned_data.get("inspector")
    return UUID(chosen) if chosen else None


def _is_measure(text: str) -> bool:
    try:
        parse_measure(text.strip())
    except ValueError:
        return False
    return True


def _whole(text: str) -> int | None:
    plain = "".join(text.split()).replace(",", "")
    return int(plain) if plain.isdecimal() and len(plain) < 12 else None


def _count(text: str, most: int) -> int:
    return min(int(text), most) if text.isdecimal() and len(text) < 6 else 0

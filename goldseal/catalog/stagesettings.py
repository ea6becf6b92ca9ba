"""What each method of inspection can be set to at a stage: one table for the form, the API and the check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.catalog.choices import CountBy, InspectionType, Method, SamplingScheme
from goldseal.catalog.rules.aql import INSPECTION_TYPES, LEVELS, PREFERRED_AQLS, ZERO_TOLERANCE
from goldseal.kit.errors import Invalid
from goldseal.kit.wording import in_digits_of_page
from goldseal.kit.words import Words

Options = Sequence[tuple[str, Words]]
PREFIX = "settings."
WHOLE, DECIMAL, ONE_OF, SOME_OF = "whole", "decimal", "one_of", "some_of"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set. `path` is where it lies in `Stage.settings`; limits belong to it.

    `usual` is what holds where nothing is given; None leaves the setting out.
    """

    path: str
    label: Words
    kind: str
    usual: Any = None
    least: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    options: Options = ()
    note: Words = ""

    @property
    def field(self) -> str:
        """Its name in forms and in the answers of the API."""
        return PREFIX + self.path

    def checked(self, given: Any) -> Any:
        """The value to keep, or None to leave it out. ValueError with a sentence for what is not allowed."""
        text = given.strip() if isinstance(given, str) else given
        if text is None or text == "":
            return self.usual
        if self.kind == ONE_OF:
            return self._one_of(text)
        if self.kind == SOME_OF:
            return self._some_of(text)
        return self._amount(text)

    def _one_of(self, text: Any) -> str:
        if text not in [code for code, _label in self.options]:
            raise ValueError(_("Choose one from the list."))
        return str(text)

    def _some_of(self, chosen: Any) -> list[str]:
        codes = [code for code, _label in self.options]
        if not isinstance(chosen, list) or not set(map(str, chosen)) <= set(codes):
            raise ValueError(_("Choose from the list."))
        return [code for code in codes if code in chosen]

    def _amount(self, text: Any) -> int | str:
        limits = {"least": self.least, "most": self.most}
        refusal = (
            _("Enter a whole number from %(least)s to %(most)s.")
            if self.kind == WHOLE
            else _("Enter a number from %(least)s to %(most)s.")
        ) % limits
        if isinstance(text, bool) or not isinstance(text, str | int | float | Decimal):
            raise ValueError(refusal)
        try:
            amount = Decimal(str(text).replace(",", "."))
        except InvalidOperation:
            raise ValueError(refusal) from None
        if not amount.is_finite() or not self.least <= amount <= self.most:
            raise ValueError(refusal)
        if self.kind == WHOLE:
            if amount != amount.to_integral_value():
                raise ValueError(refusal)
            if self.path == "interval_minutes" and amount % 60:
                raise ValueError(_("Calibrations are recorded by the hour: enter 60, 120, 180 and so on."))
            return int(amount)
        return format(amount.normalize(), "f")


def _whole(path: str, label: Words, usual: int | None, least: int, most: int, note: Words = "") -> Setting:
    return Setting(path, label, WHOLE, usual, Decimal(least), Decimal(most), note=note)


def _as_buyer(path: str, label: Words, options: Options, note: Words = "") -> Setting:
    return Setting(path, label, ONE_OF, options=options, note=note)


_AQLS = [(aql, aql) for aql in (ZERO_TOLERANCE, *PREFERRED_AQLS)]
_TIGHTER = _("Holds only where it is tighter than the buyer's.")
_MEASURED = (
    _whole("pieces_critical", _("pieces per size measured at the critical points"), None, 0, 500),
    _whole(
        "pieces_all",
        _("pieces per size measured at every point"),
        None,
        0,
        500,
        _("Where the buyer does not say how many."),
    ),
)
_NO_CARD = _("Empty: this card is not asked for.")
METHOD_SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    Method.CHECKLIST: (),
    Method.AQL: (
        _as_buyer("level", _("inspection level"), [(level, level) for level in LEVELS]),
        _as_buyer("inspection_type", _("inspection starts as"), [
            (code, InspectionType(code).label) for code in INSPECTION_TYPES
        ]),
        _as_buyer("aql_critical", _("AQL critical"), _AQLS, _TIGHTER),
        _as_buyer("aql_major", _("AQL major"), _AQLS, _TIGHTER),
        _as_buyer("aql_minor", _("AQL minor"), _AQLS, _TIGHTER),
        _as_buyer("count_by", _("count"), CountBy.choices),
        _as_buyer("sampling_scheme", _("sampling"), SamplingScheme.choices),
        *_MEASURED,
    ),
    Method.ROVING: (
        _whole("sample_n", _("pieces looked at in each round"), 7, 1, 100),
        _whole("yellow_at", _("yellow from so many defects"), 1, 1, 100),
        _whole("red_at", _("red from so many defects"), 2, 1, 100),
        _whole("revisit_minutes.green", _("next visit after green, minutes"), 120, 1, 1440),
        _whole("revisit_minutes.yellow", _("next visit after yellow, minutes"), 60, 1, 1440),
        _whole("revisit_minutes.red", _("next visit after red, minutes"), 30, 1, 1440),
        Setting(
            "on_red",
            _("what red demands"),
            SOME_OF,
            ["recheck_bundle"],
            options=[
                ("recheck_bundle", _("check the whole bundle again")),
                ("stop_line", _("stop the operation")),
                ("train", _("train the operator")),
            ],
        ),
    ),
    Method.ENDLINE: (
        _whole("hourly_target", _("pieces to check in an hour"), 60, 1, 10_000),
        Setting(
            "dhu_max",
            _("fails above, defects per hundred units"),
            DECIMAL,
            most=Decimal(1000),
            note=_("Where the buyer has no limit. Empty: no limit."),
        ),
    ),
    Method.FOUR_POINT: (
        Setting(
            "system",
            _("units of the rolls"),
            ONE_OF,
            "yd_in",
            options=[
                ("yd_in", _("yards and inches, points per 100 square yards")),
                ("m_mm", _("metres and millimetres, points per 100 square metres")),
            ],
        ),
    ),
    Method.MEASUREMENT: _MEASURED,
    Method.METAL: (
        _whole("interval_minutes", _("calibration every so many minutes"), 60, 60, 480, _("Whole hours: 60, 120, …")),
        Setting("card_mm", _("ferrous test card, mm"), DECIMAL, "1.2", Decimal("0.5"), Decimal(10)),
        Setting("card_non_ferrous_mm", _("non-ferrous test card, mm"), DECIMAL, None, Decimal("0.5"), Decimal(10), note=_NO_CARD),
        Setting("card_stainless_mm", _("stainless steel test card, mm"), DECIMAL, None, Decimal("0.5"), Decimal(10), note=_NO_CARD),
    ),
    Method.PACKING: (),
}  # fmt: skip

# Sources disagree on the traffic light, so it is a setting with two usual beginnings (DOMAIN §2).
LIGHT_PRESETS: Mapping[str, tuple[Words, Mapping[str, Any]]] = {
    "seven_zero": (
        pgettext_lazy("traffic light", "7-0: seven pieces, one defect is red"),
        {"sample_n": 7, "yellow_at": 1, "red_at": 1},
    ),
    "five_piece": (
        pgettext_lazy("traffic light", "Five pieces: one defect yellow, two red"),
        {"sample_n": 5, "yellow_at": 1, "red_at": 2},
    ),
}


def settings_of(method: str) -> tuple[Setting, ...]:
    """What can be set for a method; nothing for a code that is no method."""
    return METHOD_SETTINGS.get(method, ())


def flat(settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Path and value of every setting: {"revisit_minutes": {"red": 30}} gives ("revisit_minutes.red", 30)."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            for inner, held in value.items():
                yield f"{name}.{inner}", held
        else:
            yield str(name), value


def checked_settings(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings to keep for a method; what is left out takes the usual value.

    Invalid at `settings.<path>` for a value that is not allowed and for a setting the method does not have.
    """
    known = {setting.path: setting for setting in settings_of(method)}
    held = dict(flat(given))
    problems: dict[str, Words] = {
        PREFIX + path[:60]: _("This method has no such setting.") for path in held if path not in known
    }
    kept: dict[str, Any] = {}
    for path, setting in known.items():
        try:
            value = setting.checked(held.get(path))
        except ValueError as refused:
            problems[setting.field] = refused.args[0]
            continue
        if value is not None:
            group, dot, inner = path.partition(".")
            if dot:
                kept.setdefault(group, {})[inner] = value
            else:
                kept[path] = value
    if not problems and method == Method.ROVING and kept["yellow_at"] > kept["red_at"]:
        problems[PREFIX + "red_at"] = _("Red cannot begin before yellow.")
    if problems:
        raise Invalid(fields=problems)
    return kept


def in_words(method: str, settings: Mapping[str, Any]) -> list[tuple[Words, str]]:
    """What is set, for the stage's page: label and value."""
    held = dict(flat(settings))
    shown = []
    for setting in settings_of(method):
        value = held.get(setting.path)
        if value in (None, "", []):
            continue
        labels = {code: str(label) for code, label in setting.options}
        chosen = value if isinstance(value, list) else [value]
        words = [labels.get(str(one)) or in_digits_of_page(str(one)) for one in chosen]
        shown.append((setting.label, ", ".join(words)))
    return shown

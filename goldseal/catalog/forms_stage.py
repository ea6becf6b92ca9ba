"""The form of a stage: its particulars, and real fields for what its method can be set to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.forms import CatalogForm, Group
from goldseal.catalog.models import CatalogRecord, Stage
from goldseal.catalog.stagesettings import (
    LIGHT_PRESETS,
    ONE_OF,
    PREFIX,
    SOME_OF,
    Setting,
    flat,
    settings_of,
)

AS_BUYER = ("", _("as the buyer's rules say"))


class StageForm(CatalogForm):
    """A stage. `method` is the one whose settings are shown: the chosen one, else the stored one."""

    model = Stage
    groups: tuple[Group, ...] = (
        (_("Stage"), (("code", "position"), ("name_en", "name_bn"), ("who_en", "who_bn"))),
        (_("How it is inspected"), (("method_code",), ("gate", "product_family"))),
        (_("Method and record"), (("method_en",), ("method_bn",))),
    )
    helps = {
        "code": _("Three letters are usual, such as FIN."),
        "position": _("A smaller number comes earlier; the starter pack counts in tens."),
        "product_family": _("Empty: for both families."),
        "who_en": _("Such as roving QC."),
    }

    def __init__(self, data: Any = None, *, row: CatalogRecord | None = None, initial: Any = None) -> None:
        stored = row if isinstance(row, Stage) else Stage()
        self.method = str((data or initial or {}).get("method_code") or stored.method_code)
        settings = settings_of(self.method)
        if data is not None:
            # Without scripts a new method is sent with the fields of the former one: it begins as usual.
            usual = {s.field: s.usual for s in settings if s.field not in data and s.kind != SOME_OF}
            data = data.copy()
            data.update({name: value for name, value in usual.items() if value is not None})
        super().__init__(data, row=row, initial=initial)
        held = dict(flat(stored.settings)) if self.method == stored.method_code else {}
        for setting in settings:
            self.fields[setting.field] = _field(setting, held.get(setting.path, setting.usual))
        if settings:
            own = (_("Settings of the method"), _in_rows(settings))
            self.groups = (*self.groups[:2], own, *self.groups[2:])

    @property
    def presets(self) -> list[tuple[str, Any]]:
        """Usual beginnings that one button each fills in."""
        return [(code, label) for code, (label, _values) in LIGHT_PRESETS.items()] if self.has_light else []

    @property
    def has_light(self) -> bool:
        """Whether the method is the traffic light."""
        return PREFIX + "yellow_at" in self.fields

    def values(self) -> dict[str, Any]:
        """What the service takes, with the settings under one name."""
        held = super().values()
        settings: dict[str, Any] = {}
        for name in [name for name in held if name.startswith(PREFIX)]:
            group, dot, inner = name.removeprefix(PREFIX).partition(".")
            value = held.pop(name)
            if dot:
                settings.setdefault(group, {})[inner] = value
            else:
                settings[group] = value
        return {**held, "settings": settings}


def _field(setting: Setting, value: Any) -> forms.Field:
    """The service judges the value, so that pages and API say the same; the form only carries it."""
    shared: dict[str, Any] = {
        "label": capfirst(str(setting.label)),
        "help_text": setting.note,
        "required": setting.usual is not None and setting.kind != SOME_OF,
        "initial": value,
    }
    if setting.kind == ONE_OF:
        options = list(setting.options)
        return forms.ChoiceField(choices=options if setting.usual else [AS_BUYER, *options], **shared)
    if setting.kind == SOME_OF:
        return forms.MultipleChoiceField(
            choices=setting.options, widget=forms.CheckboxSelectMultiple, **shared
        )
    return forms.CharField(
        max_length=12, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **shared
    )


def _in_rows(settings: Sequence[Setting]) -> tuple[tuple[str, ...], ...]:
    """Three fields in a row; boxes to tick stand alone."""
    beside = [setting.field for setting in settings if setting.kind != SOME_OF]
    rows = [tuple(beside[place : place + 3]) for place in range(0, len(beside), 3)]
    return (*rows, *((setting.field,) for setting in settings if setting.kind == SOME_OF))

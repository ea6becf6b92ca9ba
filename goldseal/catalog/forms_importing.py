"""Forms of imports: the file, the sheet, and what its columns mean."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goldseal.catalog.importing_selectors import ShownColumn
from goldseal.catalog.models import DateOrder, ImportRun
from goldseal.kit.forming import offer
from goldseal.kit.importing import SPREAD, Holds, ImportKind
from goldseal.kit.words import Words

MEGABYTES_BY_FORM = 10  # what the front door takes with a form


class FileForm(forms.Form):
    """Which file, of what."""

    kind = forms.ChoiceField(label=_("What is in the sheet?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV, up to 10 MB. Nothing is imported before you have seen what would happen."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt,.tsv"}),
    )

    def __init__(self, *args: Any, kinds: Sequence[ImportKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind.code, kind.title) for kind in kinds])

    def clean_file(self) -> Any:
        """The bytes; the front door drops those of a file that is too large and tells its size."""
        posted = self.cleaned_data["file"]
        data = posted.read()
        if len(data) != posted.size:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Divide it or save it as CSV.")
                % {"most": MEGABYTES_BY_FORM}
            )
        return posted.name or "", data


class SheetForm(forms.Form):
    """Another sheet or another header."""

    sheet = forms.ChoiceField(label=_("Sheet"))
    heading_row = forms.IntegerField(label=_("Row with the names of the columns"), min_value=1, max_value=60)

    def __init__(self, *args: Any, sheets: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(sheets) > 1:
            offer(self, "sheet", [(sheet, sheet) for sheet in sheets])
        else:
            del self.fields["sheet"]


class MatchingForm(forms.Form):
    """The field of each column, and what the cells leave open."""

    existing = forms.ChoiceField(label=_("Records that are there already"), widget=forms.RadioSelect)
    date_order = forms.ChoiceField(
        label=_("In dates written with numbers, what stands first?"), required=False
    )
    is_filled_down = forms.BooleanField(
        label=_("An empty cell means the same as the cell above it"),
        help_text=_("For sheets that write the order, style or colour only once for several rows."),
        required=False,
    )

    def __init__(
        self, *args: Any, kind: ImportKind, run: ImportRun, columns: Sequence[ShownColumn], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Words]] = [("", _("– leave out –"))]
        choices += [(f.key, f"{f.label} *" if f.is_required else f.label) for f in kind.fields]
        if kind.spread:
            choices.append((SPREAD, kind.spread.label))
        self.width = len(run.columns)
        self.rows = []
        for column in columns:
            name = f"column-{column.position}"
            self.fields[name] = forms.ChoiceField(
                label=_("Column %(letters)s") % {"letters": column.letters},
                choices=choices,
                required=False,
                initial=column.field,
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.rows.append((column, name))
        offer(self, "existing", kind.existing)
        self.fields["existing"].initial = run.existing
        self.fields["is_filled_down"].initial = run.is_filled_down
        if any(f.holds is Holds.DATE for f in kind.fields):
            offer(self, "date_order", [("", _("The dates leave no doubt")), *DateOrder.choices])
            self.fields["date_order"].initial = run.date_order
        else:
            del self.fields["date_order"]

    def shown(self) -> list[tuple[ShownColumn, forms.BoundField]]:
        """The columns with their fields, for the page."""
        return [(column, self[name]) for column, name in self.rows]

    def columns(self) -> list[str]:
        """The field of each column of the sheet, in their order; empty for one that is not shown."""
        chosen = {column.position: self.cleaned_data.get(name, "") for column, name in self.rows}
        return [chosen.get(position, "") for position in range(1, self.width + 1)]

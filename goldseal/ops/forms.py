"""Forms of the operator's staff area."""

from django import forms
from django.utils.translation import gettext_lazy as _

from goldseal.workspaces.models import Purpose


class GrantForm(forms.Form):
    """Operator staff asking leave to look into a workspace."""

    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The customer reads this."),
    )
    hours = forms.IntegerField(label=_("For how many hours"), min_value=1, max_value=336, initial=8)

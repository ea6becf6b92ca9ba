"""Forms of reports: request, the check before sharing, sharing, withdrawing, acknowledging."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goldseal.reports.models import LANGUAGES
from goldseal.reports.services import TICKS


class RequestForm(forms.Form):
    """Which language a new version speaks."""

    language = forms.ChoiceField(label=_("Language of the report"), choices=LANGUAGES, initial="en")


class CheckForm(forms.Form):
    """The check before sharing: one tick for each point."""

    def __init__(self, *args: Any, facts: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for tick, label in TICKS.items():
            self.fields[tick] = forms.BooleanField(
                label=str(label), required=False, help_text=(facts or {}).get(tick, "")
            )


class ShareForm(forms.Form):
    """A link for somebody outside."""

    recipient = forms.CharField(
        label=_("For whom"),
        max_length=120,
        help_text=_("The buyer's office or a person's role; you see it here."),
    )
    days = forms.IntegerField(label=_("Days until the link expires"), min_value=1, max_value=365, initial=30)


class WithdrawForm(forms.Form):
    """Why a version is void."""

    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Whoever verifies a shared report reads this. A PDF that was already sent cannot be recalled."
        ),
    )


class AcknowledgeForm(forms.Form):
    """The buyer's word that the report was received."""

    name = forms.CharField(label=_("Your name"), max_length=120)

"""Forms of reports: request, the check before sharing, sharing, withdrawing, the buyer's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goldseal.reports.models import LANGUAGES, ResponseKind
from goldseal.reports.services import TICKS

ANSWERS = [
    (ResponseKind.ACKNOWLEDGE, _("I received it")),
    (ResponseKind.CONCESSION, _("I accept it with a deviation")),
    (ResponseKind.REJECT, _("I reject it")),
    (ResponseKind.COMMENT, _("I have a remark")),
]


class RequestForm(forms.Form):
    """Which language a new version speaks."""

    language = forms.ChoiceField(label=_("Language of the report"), choices=LANGUAGES, initial="en")


class BatchForm(RequestForm):
    """Which kind of report is made for every record that waits for one."""

    field_order = ("kind", "language")
    kind = forms.ChoiceField(label=_("Kind of report"))


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
    days = forms.IntegerField(
        label=_("Days until the link expires"),
        min_value=1,
        max_value=365,
        initial=30,
        error_messages=dict.fromkeys(("min_value", "max_value"), _("Choose 1 to 365 days.")),
    )
    password = forms.CharField(
        label=_("Password (if you want one)"),
        required=False,
        max_length=128,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("At least 8 letters. Tell it by another way than the link."),
    )
    email = forms.EmailField(
        label=_("Send the link to this e-mail address"),
        required=False,
        help_text=_("Leave it empty to pass the link on yourself."),
    )
    message = forms.CharField(
        label=_("Your message in the letter"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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


class ImportSealForm(forms.Form):
    """A customer's own certificate."""

    file = forms.FileField(
        label=_("PKCS #12 file (.p12 or .pfx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
    )
    password = forms.CharField(
        label=_("Password of the file"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class RevokeSealForm(forms.Form):
    """Why a certificate is no longer to be trusted."""

    reason = forms.CharField(
        label=_("Why it is revoked"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class UnlockForm(forms.Form):
    """The password of a link."""

    password = forms.CharField(
        label=_("Password of this link"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Whoever sent you the link tells it to you by another way."),
    )


class GuestAnswerForm(forms.Form):
    """What a guest of the buyer answers to a report."""

    # Nothing is chosen beforehand: an answer stays for ever.
    kind = forms.ChoiceField(label=_("Your answer"), choices=ANSWERS, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Needed unless you only acknowledge: which deviation you accept, why you reject it, or what you remark."
        ),
    )

    def __init__(self, *args: Any, only_remarks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only_remarks:  # a newer version waits for the decision
            self.fields["kind"] = forms.ChoiceField(
                label=_("Your answer"), choices=ANSWERS[-1:], widget=forms.RadioSelect, initial=ANSWERS[-1][0]
            )


class AnswerForm(GuestAnswerForm):
    """The same under a link, with the name of whoever answers."""

    name = forms.CharField(label=_("Your name"), max_length=120)

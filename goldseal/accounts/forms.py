"""Forms of a person: what sign-up asks besides address and password, and the profile."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User
from goldseal.kit.forming import offer


class SignupForm(forms.Form):
    """Name and the attestation of age and business use (S45); allauth adds address and password."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, help_text=_("As it should stand under what you sign.")
    )
    is_adult = forms.BooleanField(
        label=_("I am 18 or older and use Goldseal for business"),
        error_messages={"required": _("Goldseal is for business use by adults only.")},
    )
    field_order = ("name", "email", "password1", "password2", "is_adult")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth once the account exists."""
        user.name = self.cleaned_data["name"].strip()
        user.is_adult = True
        user.language = getattr(request, "LANGUAGE_CODE", "en")[:5]
        user.save(update_fields=["name", "is_adult", "language"])


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person may change about themself."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        strip=False,
        help_text=_("As it should stand under what you sign."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "theme"]

    def clean_name(self) -> str:
        """A name is needed: it is printed under signatures."""
        name: str = self.cleaned_data["name"].strip()
        if not name:
            raise forms.ValidationError(_("Enter your name; it is printed under what you sign."))
        return name


class PinForm(forms.Form):
    """A new PIN, with the password."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=6,
        help_text=_("Six digits, for switching on a shared tablet. Signing still needs your password."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class SwitchForm(forms.Form):
    """Who takes over the device."""

    person = forms.ChoiceField(label=_("Who are you?"), widget=forms.RadioSelect)
    pin = forms.CharField(
        label=_("PIN"),
        max_length=6,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "person", [(str(p.pk), p.display_name) for p in people])

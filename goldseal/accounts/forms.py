"""Forms of a person: what sign-up asks besides address and password, and the profile."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from goldseal.accounts.models import User


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

    class Meta:
        model = User
        fields = ["name", "language", "theme"]

    def clean_name(self) -> str:
        """A name is needed: it is printed under signatures."""
        name: str = self.cleaned_data["name"].strip()
        if not name:
            raise forms.ValidationError(_("Enter your name; it is printed under what you sign."))
        return name

"""Forms of privacy."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseWorkspaceForm(forms.Form):
    """Erasing a workspace needs its name typed and the password of the owner."""

    typed_name = forms.CharField(label=_("Type the workspace's name"), max_length=120)
    password = forms.CharField(
        label=_("Your password"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

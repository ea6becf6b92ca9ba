"""Forms of workspaces and their people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from goldseal.kit.forming import offer
from goldseal.kit.permissions import Role
from goldseal.workspaces.models import ROLE_CHOICES, Workspace, WorkspaceKind

# Where garments are made, bought and inspected; a select of all six hundred takes longer to send than to read.
ZONES = [
    (zone, zone)
    for zone in (
        "Asia/Dhaka",
        "Africa/Addis_Ababa",
        "Africa/Cairo",
        "Africa/Casablanca",
        "Africa/Johannesburg",
        "Africa/Nairobi",
        "Africa/Tunis",
        "America/Bogota",
        "America/Chicago",
        "America/Denver",
        "America/Guatemala",
        "America/Los_Angeles",
        "America/Mexico_City",
        "America/New_York",
        "America/Sao_Paulo",
        "America/Toronto",
        "Asia/Bangkok",
        "Asia/Colombo",
        "Asia/Dubai",
        "Asia/Ho_Chi_Minh",
        "Asia/Hong_Kong",
        "Asia/Jakarta",
        "Asia/Karachi",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Asia/Manila",
        "Asia/Phnom_Penh",
        "Asia/Seoul",
        "Asia/Shanghai",
        "Asia/Singapore",
        "Asia/Tokyo",
        "Asia/Yangon",
        "Australia/Sydney",
        "Europe/Berlin",
        "Europe/Istanbul",
        "Europe/Lisbon",
        "Europe/London",
        "Europe/Madrid",
        "Europe/Paris",
        "Europe/Rome",
        "Europe/Warsaw",
        "UTC",
    )
]


class WorkspaceForm(forms.Form):
    """Founding a workspace."""

    name = forms.CharField(label=_("Company or production site"), max_length=120)
    kind = forms.ChoiceField(
        label=_("What it is for"),
        choices=WorkspaceKind.choices,
        widget=forms.RadioSelect,
        initial=WorkspaceKind.PRODUCTION_SITE,
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES, initial="Asia/Dhaka")


class WorkspaceSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, address and rules of a workspace."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)

    class Meta:
        model = Workspace
        fields = [
            "name",
            "address",
            "contact_email",
            "country",
            "language",
            "time_zone",
            "report_prefix",
            "is_mfa_required",
            "floor_idle_minutes",
            "floor_wipe_days",
        ]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "address": _("Printed on reports."),
            "country": _("Two letters, such as BD."),
            "report_prefix": _("Up to eight letters or digits; report numbers begin with it."),
            "floor_idle_minutes": _("1 to 60. The PIN opens it again."),
            "floor_wipe_days": _("1 to 60. Work that was not sent is offered for saving first."),
        }

    def clean_report_prefix(self) -> str:
        """Letters and digits only."""
        value: str = self.cleaned_data["report_prefix"].strip().upper()
        if not value.isascii() or not value.isalnum():
            raise forms.ValidationError(_("Use letters A–Z and digits only."))
        return value

    def clean_country(self) -> str:
        """Two letters or nothing."""
        value: str = self.cleaned_data["country"].strip().upper()
        if value and not (value.isascii() and value.isalpha() and len(value) == 2):
            raise forms.ValidationError(_("Two letters, such as BD."))
        return value


class InvitationForm(forms.Form):
    """Inviting a person; a buyer guest also needs the buyer."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=ROLE_CHOICES,
        initial=Role.INSPECTOR.value,
        help_text=_("The least that lets the person do the work."),
    )
    buyer = forms.TypedChoiceField(
        label=_("Buyer (for a buyer guest)"), required=False, coerce=str, empty_value=None
    )

    def __init__(self, *args: Any, buyers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "buyer", [("", "—"), *buyers])


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
    buyer = forms.TypedChoiceField(
        label=_("Buyer (for a buyer guest)"), required=False, coerce=str, empty_value=None
    )

    def __init__(self, *args: Any, buyers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "buyer", [("", "—"), *buyers])


class TokenForm(forms.Form):
    """A new API token."""

    label = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.ChoiceField(
        label=_("It may"), choices=[("read", _("read only")), ("write", _("read and write"))]
    )
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=365, initial=90)

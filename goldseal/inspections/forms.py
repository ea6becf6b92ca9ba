"""Small forms of inspections: photos, assigning, cancelling, signing, asking for the report."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from goldseal.files.forms import PHOTOS, AttachmentsField
from goldseal.inspections.page_selectors import orders_to_plan, people_who_inspect, stages_in_use
from goldseal.kit.forming import offer
from goldseal.kit.words import Words

ROLES = [
    ("inspector", _("Inspector")),
    ("factory_representative", _("Factory representative")),
    ("qa", _("QA manager")),
]
MEANINGS: list[tuple[str, Words]] = [
    ("inspected", _("I inspected this lot as recorded")),
    ("present", _("I was present and agree with the record")),
    ("disagree", _("I was present and do not agree with the verdict")),
    ("reviewed", _("I reviewed the record")),
    ("own", _("In my own words, below")),
]
LANGUAGES = [("en", _("English")), ("bn", _("Bangla")), ("both", _("English and Bangla"))]


class PhotosForm(forms.Form):
    """Photos of one entry."""

    def __init__(self, *args: Any, base: str, needs_attestation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = AttachmentsField(
            base=base,
            needs_attestation=needs_attestation,
            accept=PHOTOS,
            purpose="evidence",
            required=False,
            label=_("Photos"),
        )


class AssignForm(forms.Form):
    """Who is to inspect."""

    inspector = forms.TypedChoiceField(label=_("Inspector"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(row.user_id), row.user.display_name) for row in people_who_inspect()]
        offer(self, "inspector", [("", _("Nobody in particular")), *people])


class RequestForm(forms.Form):
    """Which order is to be inspected, at which stage, and when."""

    order = forms.ChoiceField(label=_("Order"))
    stage = forms.ChoiceField(label=_("Stage"))
    wanted_on = forms.DateField(
        label=_("Wanted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    quantity = forms.IntegerField(
        label=_("Pieces, where not the whole order"), min_value=1, max_value=10_000_000, required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orders = orders_to_plan().order_by("-pk")[:300]
        offer(
            self,
            "order",
            [
                ("", "–"),
                *((str(row.pk), f"{row.po_number} · {row.style.code} · {row.buyer.name}") for row in orders),
            ],
        )
        stages = [(str(row.pk), f"{row.code} · {row.name}") for row in stages_in_use()]
        offer(self, "stage", [("", "–"), *stages])


class CancelForm(forms.Form):
    """Why an inspection is cancelled."""

    reason = forms.CharField(label=_("Reason"), min_length=3, max_length=300)


class SignForm(forms.Form):
    """A signature: as what, with which meaning, proved by the password."""

    offered: ClassVar[list[tuple[str, Words]]] = MEANINGS

    role = forms.ChoiceField(label=_("I sign as"), choices=ROLES)
    meaning = forms.ChoiceField(
        label=_("What my signature means"), choices=MEANINGS, widget=forms.RadioSelect
    )
    own_words = forms.CharField(label=_("My own words"), max_length=280, required=False)
    password = forms.CharField(
        label=_("Your password"),
        max_length=500,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("A signature needs it each time, unless you signed in within the last five minutes."),
    )

    # What the page showed when it was drawn; a record that changed since is looked at again.
    record_hash = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Own words are needed where they were chosen."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("meaning") == "own" and len(values.get("own_words", "").strip()) < 3:
            self.add_error("own_words", _("Write what your signature means, in a few words."))
        return values

    def words(self) -> str:
        """The meaning as it will be printed: the chosen sentence, with own words added to it."""
        chosen, own = self.cleaned_data["meaning"], self.cleaned_data["own_words"].strip()
        if chosen == "own":
            return str(own)
        sentence = str(dict(self.offered)[chosen])
        return f"{sentence}. {own}" if own else sentence


class ReportForm(forms.Form):
    """In which language the report is made."""

    language = forms.ChoiceField(label=_("Language of the report"), choices=LANGUAGES, initial="both")

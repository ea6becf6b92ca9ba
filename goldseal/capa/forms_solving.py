"""Forms of causes, actions, effect checks and requests to suppliers."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.capa import choices
from goldseal.capa.forms import (
    DayField,
    ProofForm,
    defect_choices,
    id_field,
    line_choices,
    people_choices,
    pieces,
    put,
    stage_choices,
    style_choices,
    supplier_choices,
)
from goldseal.capa.models import Action, EffectCheck, Nonconformity, WhyStep
from goldseal.capa.rules.causes import CHAINS, LONGEST_CHAIN, QUESTIONS
from goldseal.capa.scar_answer_services import MOST_ACTIONS
from goldseal.capa.scar_services import LONGEST_DAYS
from goldseal.catalog.selectors import buyers
from goldseal.files.forms import ANY_FILE
from goldseal.kit.forming import offer

USUAL_STEPS = 5


class ChainForm(forms.Form):
    """One chain of 5 Why: answers and what proves them."""

    def __init__(self, *args: Any, steps: list[WhyStep], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = range(1, min(LONGEST_CHAIN, max(USUAL_STEPS, len(steps) + 1)) + 1)
        for place in self.places:
            step = steps[place - 1] if place <= len(steps) else None
            for name, label, text in (
                ("answer", _("Because"), step.answer if step else ""),
                ("proof", _("What proves it"), step.proof if step else ""),
            ):
                self.fields[f"{name}-{place}"] = forms.CharField(
                    label=label, required=False, max_length=500, initial=text
                )

    def lines(self) -> list[dict[str, Any]]:
        """For the template."""
        return [
            {"place": place, "answer": self[f"answer-{place}"], "proof": self[f"proof-{place}"]}
            for place in self.places
        ]

    def steps(self) -> list[tuple[str, str]]:
        """What the service takes."""
        values = self.cleaned_data
        return [(values[f"answer-{place}"], values[f"proof-{place}"]) for place in self.places]


class StepProofForm(ProofForm):
    """Photos and documents that prove a step of a 5 Why."""

    def __init__(self, *args: Any, steps: Mapping[str, list[WhyStep]], **kwargs: Any) -> None:
        super().__init__(*args, purposes=("cause",), **kwargs)
        del self.fields["purpose"]
        self.fields["step"] = id_field(_("Which step they prove"))
        self.fields["step"].required = True
        put(
            self,
            "step",
            [
                (str(step.pk), f"{choices.Chain(chain).label} {step.position}. {step.answer[:80]}")
                for chain in CHAINS
                for step in steps.get(chain, [])
            ],
        )


class CauseForm(forms.Form):
    """A possible cause and its bone."""

    bone = forms.ChoiceField(label=_("Bone"), choices=choices.BoneKind.choices)
    words = forms.CharField(label=_("Possible cause"), max_length=200)


class CauseChangeForm(CauseForm):
    """The same, with what is known of it."""

    standing = forms.ChoiceField(label=_("What is known"), choices=choices.Standing.choices)


class CompareForm(forms.Form):
    """Is and is not: what, where, when, how many."""

    def __init__(self, *args: Any, held: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            for name, label in (("is", _("is")), ("is_not", _("is not"))):
                self.fields[f"{name}-{question}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=500,
                    initial=held.get(question, {}).get(name, ""),
                    widget=forms.Textarea(attrs={"rows": 2}),
                )

    def lines(self) -> list[dict[str, Any]]:
        """For the template."""
        return [
            {"words": choices.QUESTION_WORDS[q], "is": self[f"is-{q}"], "is_not": self[f"is_not-{q}"]}
            for q in QUESTIONS
        ]

    def answers(self) -> dict[str, tuple[str, str]]:
        """What the service takes."""
        return {q: (self.cleaned_data[f"is-{q}"], self.cleaned_data[f"is_not-{q}"]) for q in QUESTIONS}


class RootsForm(forms.Form):
    """The root causes chosen from the two chains."""

    made = forms.CharField(
        label=_("Root cause: why it was made"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    detected = forms.CharField(
        label=_("Root cause: why it was not detected"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ActionForm(forms.Form):
    """An action: what, of which kind, who, until when."""

    kind = forms.ChoiceField(label=_("Kind"), choices=choices.ActionKind.choices)
    type = forms.ChoiceField(
        label=_("What it changes"),
        choices=choices.ActionType.choices,
        help_text=_("Training alone seldom lasts: a check or a jig stays when people change."),
    )
    words = forms.CharField(label=_("Action"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    owner = id_field(pgettext_lazy("corrective action", "Owner"))
    due_on = DayField(label=_("Due on"))

    def __init__(self, *args: Any, row: Action | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {
                "kind": row.kind,
                "type": row.type,
                "words": row.words,
                "owner": row.owner_id,
                "due_on": row.due_on,
            }
        super().__init__(*args, **kwargs)
        self.fields["owner"].required = True
        put(self, "owner", people_choices())


class EffectForm(forms.Form):
    """How the effect is proved."""

    metric = forms.ChoiceField(label=_("Measured by"), choices=choices.Metric.choices, initial="rate")
    code = forms.ChoiceField(label=_("Defect"), required=False)
    target = forms.DecimalField(
        label=_("At most, per 100 pieces"), min_value=0, max_digits=6, decimal_places=2, required=False
    )
    stage = id_field(_("Stage"))
    line = id_field(_("Line"))
    operation = forms.CharField(label=_("Operation"), max_length=80, required=False)
    buyer = id_field(_("Buyer"))
    style = id_field(_("Style"))
    from_on = DayField(label=_("From"))
    window = forms.ChoiceField(label=_("Window in"), choices=choices.WindowKind.choices)
    window_size = pieces(_("How many"), least=1)
    min_pieces = pieces(_("Pieces needed at least"), least=1)

    def __init__(self, *args: Any, check: EffectCheck | None = None, **kwargs: Any) -> None:
        if check is not None:
            kwargs["initial"] = {
                name: getattr(check, f"{name}_id", None) or getattr(check, name, None)
                for name in self.base_fields
            }
        super().__init__(*args, **kwargs)
        metric = self.data.get("metric") if self.is_bound else self.initial.get("metric", choices.Metric.RATE)
        for name in ("code", "target", "window_size", "min_pieces"):
            self.fields[name].required = metric == choices.Metric.RATE
        offer(self, "code", [("", "–"), *defect_choices()])
        put(self, "stage", stage_choices(), _("All stages"))
        put(self, "line", line_choices(), _("All lines"))
        put(self, "buyer", [(str(row.pk), row.name) for row in buyers()], _("All buyers"))
        put(self, "style", style_choices(), _("All styles"))


class ObserveForm(forms.Form):
    """What the verifier saw."""

    is_met = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("yes", _("It works")), ("no", _("It does not work"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    observation = forms.CharField(
        label=_("What you saw"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ScarForm(forms.Form):
    """A request to a supplier."""

    supplier = id_field(_("Supplier"))
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language"), choices=[("en", "English"), ("bn", "বাংলা")])
    asked = forms.CharField(
        label=_("What is wrong, and what you ask for"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    due_on = DayField(label=_("Answer due on"))
    days = forms.IntegerField(
        label=_("The link works for, in days"), min_value=1, max_value=LONGEST_DAYS, initial=30
    )

    def __init__(self, *args: Any, case: Nonconformity, today: date, **kwargs: Any) -> None:
        supplier = case.supplier
        kwargs["initial"] = {
            "supplier": case.supplier_id,
            "email": supplier.contact_email if supplier else "",
            "due_on": today + timedelta(days=7),
            "asked": case.problem,
        }
        super().__init__(*args, **kwargs)
        self.fields["supplier"].required = True
        put(self, "supplier", supplier_choices())


class DaysForm(forms.Form):
    """For how long a new link works."""

    days = forms.IntegerField(
        label=_("The link works for, in days"), min_value=1, max_value=LONGEST_DAYS, initial=30
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=1000, required=False, help_text=_("Needed when you decline the answer.")
    )


class PlainFilesInput(forms.FileInput):
    """Several files in one plain input, no page script needed."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All of them."""
        return files.getlist(name) if hasattr(files, "getlist") else []


class PlainFilesField(forms.Field):
    """Files posted with a form; together at most ten megabytes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Photos and documents"),
            widget=PlainFilesInput(attrs={"multiple": True, "accept": ANY_FILE}),
            help_text=_("Up to 10 files, together at most 10 MB in one sending. More can follow afterwards."),
            **kwargs,
        )

    def clean(self, value: Any) -> list[Any]:
        """The files, each whole."""
        given = list(value or [])
        if any(len(file.read()) != file.size or file.seek(0) for file in given):
            raise forms.ValidationError(
                _("Together the files are larger than 10 MB. Send fewer or smaller ones.")
            )
        return given


class FilesForm(forms.Form):
    """Files that a supplier adds to an answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = PlainFilesField(required=False)
        self.fields["attests"] = forms.BooleanField(
            label=_("I may upload this content, and it holds no personal data beyond what is needed."),
            required=False,
        )

    def ask_again(self) -> None:
        """Say that files which came with a refused form must be chosen again; a browser keeps none."""
        if self.errors and self.files and "files" not in self.errors:
            self.add_error("files", _("Choose your files again: they were not kept."))


class AnswerForm(FilesForm):
    """What a supplier answers, without an account."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    containment = forms.CharField(
        label=_("What you did at once with the goods"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    cause_made = forms.CharField(
        label=_("Why was it made?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    cause_detected = forms.CharField(
        label=_("Why was it not detected?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(MOST_ACTIONS):
            self.fields[f"words-{place}"] = forms.CharField(
                label=_("Action"), max_length=1000, required=False
            )
            self.fields[f"owner-{place}"] = forms.CharField(label=_("Who"), max_length=120, required=False)
            self.fields[f"due_on-{place}"] = DayField(label=_("Until"), required=False)

    def lines(self) -> list[list[forms.BoundField]]:
        """For the template: the actions row by row."""
        return [
            [self[f"{name}-{place}"] for name in ("words", "owner", "due_on")]
            for place in range(MOST_ACTIONS)
        ]

    def actions(self) -> list[dict[str, Any]]:
        """What the service takes."""
        return [
            {name: self.cleaned_data.get(f"{name}-{place}") for name in ("words", "owner", "due_on")}
            for place in range(MOST_ACTIONS)
        ]

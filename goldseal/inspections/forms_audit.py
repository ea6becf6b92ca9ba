"""Forms of audits: planning one, answering a question, signing."""

import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from goldseal.catalog.selectors import audit_checklists, sites
from goldseal.inspections.forms import SignForm
from goldseal.inspections.models import FindingGrade
from goldseal.inspections.page_selectors import lines_in_use, people_who_inspect, suppliers_in_use
from goldseal.kit.forming import offer
from goldseal.kit.words import Words

ROLES: list[tuple[str, Words]] = [
    ("auditor", pgettext_lazy("audit", "Auditor")),
    ("factory_representative", _("Factory representative")),
    ("qa", _("QA manager")),
]
MEANINGS: list[tuple[str, Words]] = [
    ("audited", _("I audited as recorded")),
    ("present", _("I was present and agree with the record")),
    ("disagree", _("I was present and do not agree with the verdict")),
    ("reviewed", _("I reviewed the record")),
    ("own", _("In my own words, below")),
]


class PlanAuditForm(forms.Form):
    """What is audited, when, by whom and against what."""

    site = forms.ChoiceField(label=_("Site"), required=False)
    line = forms.ChoiceField(label=_("Line"), required=False)
    supplier = forms.ChoiceField(label=_("or a supplier"), required=False)
    checklist = forms.ChoiceField(label=_("Checklist"), required=False)
    planned_on = forms.DateField(
        label=_("Planned for"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    auditor = forms.ChoiceField(label=pgettext_lazy("audit", "Auditor"), required=False)
    auditee = forms.CharField(label=_("Who answers for the place"), max_length=120, required=False)
    scope = forms.CharField(
        label=_("Scope"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Which buildings, processes and shifts."),
    )
    criteria = forms.CharField(
        label=_("Criteria"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Against what: standard and clauses, the buyer's manual, your own procedures."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_use = sites().filter(is_active=True)
        lists = list(audit_checklists())
        offer(self, "site", [("", "–"), *((str(row.pk), row.name) for row in in_use)])
        lines = [(str(row.pk), f"{row.site.code} {row.name}") for row in lines_in_use()]
        offer(self, "line", [("", _("The whole site")), *lines])
        offer(self, "supplier", [("", "–"), *((str(row.pk), row.name) for row in suppliers_in_use())])
        offer(self, "checklist", [(str(row.pk), f"{row.code} · {row.name}") for row in lists])
        people = [(str(row.user_id), row.user.display_name) for row in people_who_inspect()]
        offer(self, "auditor", [("", _("Nobody in particular")), *people])

    def chosen_id(self, name: str) -> UUID | None:
        """The row chosen in a field of ids, or None."""
        value = self.cleaned_data.get(name)
        return UUID(value) if value else None


class AnswerForm(forms.Form):
    """The answer to one question with the grade and the note of its finding."""

    item = forms.CharField(max_length=40)
    id = forms.UUIDField(required=False)
    answer = forms.CharField(max_length=2000, required=False)
    grade = forms.ChoiceField(choices=[("", ""), *FindingGrade.choices], required=False)
    note = forms.CharField(max_length=5000, required=False)

    def given(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What the service takes; digits of any script, and a decimal comma, where a number is asked for."""
        values = self.cleaned_data
        text = values["answer"].replace("\r\n", "\n")
        if question["kind"] == "number":
            plain = "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)
            text = plain.replace(",", ".").replace("−", "-").removeprefix("+")
        return {
            "item": values["item"],
            "answer": text,
            "grade": values["grade"],
            "note": values["note"].replace("\r\n", "\n"),
            "sent_id": values["id"],
        }


class AuditSignForm(SignForm):
    """A signature under an audit."""

    offered: ClassVar[list[tuple[str, Words]]] = MEANINGS

    role = forms.ChoiceField(label=_("I sign as"), choices=ROLES)
    meaning = forms.ChoiceField(
        label=_("What my signature means"), choices=MEANINGS, widget=forms.RadioSelect
    )

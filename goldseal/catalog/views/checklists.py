"""Pages of the checklists of a stage and of audits: what is asked, the editor, the versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.checklistinput import ChecklistInput
from goldseal.catalog.choices import AnswerKind, AuditSection, ChecklistSection, in_language
from goldseal.catalog.forms import CatalogForm, Group
from goldseal.catalog.models import CatalogRecord, ChecklistTemplate, ChecklistVersion
from goldseal.catalog.permissions import AUDIT_CHECKLISTS_VIEW, STAGES_EDIT
from goldseal.catalog.rules.checklist_changes import ChecklistChanges, changes_between
from goldseal.catalog.views import parts
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Invalid
from goldseal.kit.listing import Column, Listing
from goldseal.kit.visits import visit
from goldseal.kit.wording import number_in_words_of_page
from goldseal.trail.selectors import entries_about
from goldseal.workspaces.permissions import authorize

VERSIONS_SHOWN, ENTRIES_READ = 10, 40
AUDITS = "checklists/audits/"


class ChecklistForm(CatalogForm):
    """A checklist without its questions; see `ChecklistInput`."""

    model = ChecklistTemplate
    groups: tuple[Group, ...] = ((gettext_lazy("Checklist"), (("name_en", "name_bn"), ("code",))),)
    helps = {"code": gettext_lazy("Empty: numbered after its stage.")}

    def links(self, row: CatalogRecord | None) -> dict[str, forms.Field]:
        """The code may be left out: the service numbers the checklist."""
        return {"code": forms.CharField(label=_("Code"), max_length=20, required=row is not None)}


class AuditChecklistForm(ChecklistForm):
    """A checklist for audits says from which score they pass."""

    groups: tuple[Group, ...] = (
        (gettext_lazy("Checklist"), (("name_en", "name_bn"), ("code", "pass_at_pct"))),
    )
    helps = {
        "code": gettext_lazy("Empty: numbered by itself."),
        "pass_at_pct": gettext_lazy("Of the questions that apply, so many in a hundred conform."),
    }

    def links(self, row: CatalogRecord | None) -> dict[str, forms.Field]:
        """The score has to be given."""
        number = forms.NumberInput(attrs={"inputmode": "numeric"})
        label = gettext_lazy("Passes from, per cent")
        score = forms.IntegerField(label=label, min_value=1, max_value=100, initial=85, widget=number)
        if row is not None:
            score.initial = getattr(row, "pass_at_pct", None)
        return {**super().links(row), "pass_at_pct": score}


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """One version for the page: number, when, by whom, and what differs from the one before."""

    number: int
    at: datetime
    who: str
    changes: ChecklistChanges | None


@require_GET
def audit_checklists(request: HttpRequest, slug: str) -> HttpResponse:
    """The checklists that audits of sites, lines and suppliers begin with."""
    actor, _now = visit(request)
    authorize(actor, AUDIT_CHECKLISTS_VIEW)
    listing = Listing(
        request,
        selectors.checklists().filter(stage__isnull=True),
        [
            Column("code", _("Code"), lambda c: c.code, sort="code"),
            Column("name", _("Checklist"), lambda c: c.name, sort="name_en"),
            Column("questions", _("Questions"), lambda c: number_in_words_of_page(len(c.items)), css="end"),
            Column(
                "score", _("Passes from"), lambda c: f"{number_in_words_of_page(c.pass_at_pct)} %", css="end"
            ),
            Column("version", _("Version"), lambda c: number_in_words_of_page(c.version), css="end"),
            parts.state_column(),
        ],
        search=("code", "name_en", "name_bn"),
        filters=[parts.STATE_FILTER],
        default_sort="code",
        link=lambda c: parts.address(request, f"checklists/{c.pk}/"),
        empty_icon="list-check",
        empty_title=_("No checklist for audits yet"),
        empty_text=_("Load the starter pack for a factory audit, or write your own."),
    )
    path = "checklists/audits/new/"
    actions = parts.create_action(request, actor, STAGES_EDIT, path, _("Add a checklist"))
    return listing.spreadsheet("audit-checklists") or render(
        request,
        "kit/list_page.html",
        {"heading": _("Checklists for audits"), "listing": listing, "actions": actions},
    )


@require_http_methods(["GET", "POST"])
def new_audit_checklist(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a checklist for audits."""
    actor, now = visit(request)
    authorize(actor, STAGES_EDIT)

    def save(values: dict[str, Any], items: list[Any], _revision: int | None) -> ChecklistTemplate:
        return services.save_template(values=values, items=items, actor=actor, now=now)

    return _form(
        request,
        None,
        save,
        for_audits=True,
        heading=_("Add a checklist for audits"),
        submit=_("Add the checklist"),
        back=AUDITS,
        back_label=_("Checklists for audits"),
    )


@require_GET
def checklist_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One checklist: its questions by section, and its versions."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    template = selectors.found(selectors.checklists_shown(with_audits=actor.may(AUDIT_CHECKLISTS_VIEW)), pk)
    return render(
        request,
        "catalog/checklist.html",
        {
            "row": template,
            "noun": "checklists",
            "heading": template.name,
            "lead": template.code,
            "back_url": parts.address(
                request, f"stages/{template.stage_id}/#checklists" if template.stage else AUDITS
            ),
            "back_label": template.stage.name if template.stage else _("Checklists for audits"),
            "may_edit": actor.may(STAGES_EDIT),
            "sections": _by_section(template),
            "versions": _versions(actor, template),
            "catalog_url": parts.address(request),
            "history": parts.history(actor, template),
        },
    )


@require_http_methods(["GET", "POST"])
def new_checklist(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Add a checklist to a stage."""
    actor, now = visit(request)
    authorize(actor, STAGES_EDIT)
    stage = selectors.found(selectors.stages(), pk)

    def save(values: dict[str, Any], items: list[Any], _revision: int | None) -> ChecklistTemplate:
        return services.save_template(stage_id=pk, values=values, items=items, actor=actor, now=now)

    return _form(
        request,
        None,
        save,
        heading=_("Add a checklist"),
        submit=_("Add the checklist"),
        back=f"stages/{pk}/",
        back_label=stage.name,
    )


@require_http_methods(["GET", "POST"])
def edit_checklist(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a checklist: every change makes a new version."""
    actor, now = visit(request)
    authorize(actor, STAGES_EDIT)
    template = selectors.found(selectors.checklists(), pk)

    def save(values: dict[str, Any], items: list[Any], revision: int | None) -> ChecklistTemplate:
        return services.save_template(
            template_id=pk, values=values, items=items, revision=revision, actor=actor, now=now
        )

    return _form(
        request,
        template,
        save,
        for_audits=template.is_for_audits,
        heading=template.name,
        submit=_("Save as a new version"),
        back=f"checklists/{pk}/",
        back_label=template.name,
    )


def _form(
    request: HttpRequest, row: ChecklistTemplate | None, save: Any, *, for_audits: bool = False, **page: Any
) -> HttpResponse:
    """The editor: its buttons rearrange the questions and save nothing; the main button saves."""
    template, form_class = "catalog/checklist_form.html", AuditChecklistForm if for_audits else ChecklistForm
    if request.method != "POST":
        editor = ChecklistInput.of(row.items if row else [], for_audits=for_audits)
        return parts.form_page(request, form_class(row=row), template=template, editor=editor, **page)
    editor = ChecklistInput.posted(request.POST, for_audits=for_audits)
    if editor.rearranged(request.POST.get("arrange", "")):
        form = form_class(initial=request.POST.dict(), row=row)
        return parts.form_page(request, form, template=template, editor=editor, **page)
    form = form_class(request.POST, row=row)

    def act(values: dict[str, Any], revision: int | None) -> ChecklistTemplate:
        try:
            saved: ChecklistTemplate = save(values, editor.items, revision)
        except Invalid as problem:
            editor.show_problems(problem.fields)
            if editor.wrong:
                own = {name: words for name, words in problem.fields.items() if name in form.fields}
                told = _("Some questions need a look. What you typed is still here.")
                raise Invalid(fields={**own, "questions": told}) from None
            raise
        return saved

    done = parts.saved(request, form, act, "checklists/{pk}/")
    return done or parts.form_page(request, form, template=template, editor=editor, **page)


def _by_section(template: ChecklistTemplate) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The questions under the titles of their sections, in the sections' order."""
    labels = {item["key"]: in_language(item["label_en"], item["label_bn"]) for item in template.items}
    kinds = dict(AnswerKind.choices)
    shown = []
    sections = AuditSection.choices if template.is_for_audits else ChecklistSection.choices
    for code, title in sections:
        items = [
            {
                **item,
                "label": labels[item["key"]],
                "kind_label": kinds.get(item["kind"], item["kind"]),
                "depends_on": labels.get((item["only_if"] or {}).get("key", ""), ""),
            }
            for item in template.items
            if item["section"] == code
        ]
        if items:
            shown.append((title, items))
    return shown


def _versions(actor: Actor, template: ChecklistTemplate) -> list[ShownVersion]:
    """The latest versions with what each changed; who made them only for those who may read the log."""
    rows: list[ChecklistVersion] = list(selectors.versions_of(template)[: VERSIONS_SHOWN + 1])
    authors = _authors(actor, template)
    shown = []
    for place, row in enumerate(rows[:VERSIONS_SHOWN]):
        before = rows[place + 1] if place + 1 < len(rows) else None
        changes = changes_between(before=before.items, after=row.items) if before else None
        shown.append(ShownVersion(row.version, row.created_at, authors.get(row.version, ""), changes))
    return shown


def _authors(actor: Actor, template: ChecklistTemplate) -> dict[int, str]:
    """Who made which version, from the trail."""
    if not actor.may("activity.view") or actor.workspace_id is None:
        return {}
    found: dict[int, str] = {}
    for entry in entries_about(actor.workspace_id, template.pk)[:ENTRIES_READ]:
        payload = getattr(entry, "payload", None)
        if payload is None or entry.event not in ("checklist.created", "checklist.edited"):
            continue
        version = payload.data.get("changed", {}).get("version", [0, 1])[1]
        found[version] = payload.actor_name or _("Erased person")
    return found


retire_checklist = parts.posted(
    services.retire_template,
    key="template_id",
    done=gettext_lazy("The checklist is retired. Inspections begun with it keep it."),
    path="checklists/{pk}/",
)
restore_checklist = parts.posted(
    services.restore_template,
    key="template_id",
    done=gettext_lazy("The checklist is in use again."),
    path="checklists/{pk}/",
)
delete_checklist = parts.posted(
    services.delete_template,
    key="template_id",
    done=gettext_lazy("The checklist is deleted."),
    path="stages/",
    failed="checklists/{pk}/",
)

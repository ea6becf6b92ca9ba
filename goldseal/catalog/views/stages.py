"""Pages of the stages of production."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.choices import Gate, Method
from goldseal.catalog.forms_stage import StageForm
from goldseal.catalog.models import Stage
from goldseal.catalog.permissions import STAGES_EDIT
from goldseal.catalog.stagesettings import LIGHT_PRESETS, PREFIX, in_words
from goldseal.catalog.views import parts
from goldseal.catalog.views.library import both_names, pack_action
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.visits import visit
from goldseal.kit.wording import number_in_words_of_page
from goldseal.workspaces.permissions import authorize


@require_GET
def stage_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The stages in the order of production."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    listing = Listing(
        request,
        selectors.stages(),
        [
            Column("code", _("Code"), lambda s: s.code, sort="code"),
            Column(
                "name", _("Stage"), both_names, sort="name_en", plain=lambda s: f"{s.name_en} / {s.name_bn}"
            ),
            Column("how", _("How"), lambda s: s.get_method_code_display(), sort="method_code"),
            Column("who", _("Who"), lambda s: s.who),
            Column("gate", _("Gate"), lambda s: s.get_gate_display(), sort="gate"),
            Column(
                "position",
                _("Place"),
                lambda s: number_in_words_of_page(s.position),
                sort="position",
                css="end",
            ),
            parts.state_column(),
        ],
        search=("code", "name_en", "name_bn", "method_en", "method_bn", "who_en", "who_bn"),
        filters=[
            Filter("how", _("How"), Method.choices, "method_code"),
            Filter("gate", _("Gate"), Gate.choices, "gate"),
            parts.STATE_FILTER,
        ],
        default_sort="position",
        link=lambda s: parts.address(request, f"stages/{s.pk}/"),
        empty_icon="list-check",
        empty_title=_("No stage yet"),
        empty_text=_("Load the starter pack for the sixteen usual stages, or add your own."),
    )
    own = parts.create_action(request, actor, STAGES_EDIT, "stages/new/", _("Add a stage"))
    pack = pack_action(request, actor)
    return listing.spreadsheet("stages") or render(
        request,
        "kit/list_page.html",
        {
            "heading": _("Stages"),
            "listing": listing,
            "actions": pack + own if listing.is_bare else own + pack,
        },
    )


@require_GET
def stage_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One stage: how it is inspected, its settings and its checklists."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    stage = selectors.found(selectors.stages(), pk)
    return render(
        request,
        "catalog/stage.html",
        {
            "row": stage,
            "noun": "stages",
            "heading": stage.name,
            "lead": stage.code,
            "back_url": parts.address(request, "stages/"),
            "back_label": _("Stages"),
            "may_edit": actor.may(STAGES_EDIT),
            "settings": in_words(stage.method_code, stage.settings),
            "checklists": selectors.checklists().filter(stage=stage),
            "catalog_url": parts.address(request),
            "history": parts.history(actor, stage),
        },
    )


@require_http_methods(["GET", "POST"])
def new_stage(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a stage of the workspace's own."""
    actor, now = visit(request)
    authorize(actor, STAGES_EDIT)

    def save(values: dict[str, Any], _revision: int | None) -> Stage:
        return services.create_stage(values=values, actor=actor, now=now)

    return _form(
        request,
        None,
        save,
        heading=_("Add a stage"),
        submit=_("Add the stage"),
        back="stages/",
        back_label=_("Stages"),
    )


@require_http_methods(["GET", "POST"])
def edit_stage(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a stage."""
    actor, now = visit(request)
    authorize(actor, STAGES_EDIT)
    stage = selectors.found(selectors.stages(), pk)

    def save(values: dict[str, Any], revision: int | None) -> Stage:
        return services.edit_stage(stage_id=pk, values=values, revision=revision, actor=actor, now=now)

    return _form(
        request,
        stage,
        save,
        heading=stage.name,
        submit=_("Save"),
        back=f"stages/{pk}/",
        back_label=stage.name,
    )


def _form(request: HttpRequest, stage: Stage | None, save: Any, **page: Any) -> HttpResponse:
    """The stage's form; the buttons that show a method's settings or fill some in save nothing."""
    template = "catalog/stage_form.html"
    if request.method == "POST" and ("show" in request.POST or "preset" in request.POST):
        typed: dict[str, Any] = request.POST.dict()
        typed[f"{PREFIX}on_red"] = request.POST.getlist(f"{PREFIX}on_red")
        _label, usual = LIGHT_PRESETS.get(request.POST.get("preset", ""), ("", {}))
        typed |= {PREFIX + path: value for path, value in usual.items()}
        return parts.form_page(request, StageForm(row=stage, initial=typed), template=template, **page)
    form = StageForm(request.POST or None, row=stage)
    if request.method == "POST":
        done = parts.saved(request, form, save, "stages/{pk}/")
        if done:
            return done
    return parts.form_page(request, form, template=template, **page)


retire_stage = parts.posted(
    services.retire_stage,
    key="stage_id",
    done=gettext_lazy("The stage is retired. Its records stay."),
    path="stages/{pk}/",
)
restore_stage = parts.posted(
    services.restore_stage,
    key="stage_id",
    done=gettext_lazy("The stage is in use again."),
    path="stages/{pk}/",
)
delete_stage = parts.posted(
    services.delete_stage,
    key="stage_id",
    done=gettext_lazy("The stage is deleted."),
    path="stages/",
    failed="stages/{pk}/",
)

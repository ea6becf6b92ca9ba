"""Pages of stages, the defect library and the starter pack."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Case, Value, When
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from goldseal.catalog import selectors, services
from goldseal.catalog.choices import DefectFamily, Gate, Severity
from goldseal.catalog.forms import DefectForm, StageForm
from goldseal.catalog.models import Defect, Stage
from goldseal.catalog.permissions import DEFECTS_EDIT, STAGES_EDIT
from goldseal.catalog.views import parts
from goldseal.kit.actors import Actor
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.templatetags.goldseal import severity as severity_mark
from goldseal.kit.visits import visit
from goldseal.kit.wording import number_in_words_of_page
from goldseal.workspaces.permissions import authorize

# The families in the order of production, as the library lists them.
PLACE_OF_FAMILY = Case(
    *(When(family=family, then=Value(str(place))) for place, family in enumerate(DefectFamily.values)),
    default=Value("9"),
)
WHOLE_LIBRARY = 150  # the families stand on one page; larger libraries page on


def both_names(row: Stage | Defect) -> SafeString:
    """The name in both languages: people on the floor use both."""
    return format_html(
        '<span class="both"><span lang="en">{}</span><span class="second" lang="bn">{}</span></span>',
        row.name_en,
        row.name_bn,
    )


def severity_cell(defect: Defect) -> SafeString:
    """The default severity, and what differs in zone A and on children's garments."""
    marks = severity_mark(defect.severity)
    if defect.severity_zone_a:
        marks = format_html(
            '{} <span class="where-else">{} {}</span>', marks, _("A:"), severity_mark(defect.severity_zone_a)
        )
    if defect.severity_children:
        marks = format_html(
            '{} <span class="where-else">{} {}</span>',
            marks,
            _("Children:"),
            severity_mark(defect.severity_children),
        )
    return format_html('<span class="both">{}</span>', marks)


def severity_text(defect: Defect) -> str:
    """The same for a spreadsheet."""
    text = str(defect.get_severity_display())
    if defect.severity_zone_a:
        text += f"; {_('A:')} {defect.get_severity_zone_a_display()}"
    if defect.severity_children:
        text += f"; {_('Children:')} {defect.get_severity_children_display()}"
    return text


def _pack_action(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    if not (actor.may(STAGES_EDIT) and actor.may(DEFECTS_EDIT)):
        return []
    return [{"url": parts.address(request, "starter/"), "icon": "refresh", "label": _("Starter pack")}]


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
            Column("method", _("Method and record"), lambda s: s.method),
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
        search=("code", "name_en", "name_bn", "method_en", "method_bn"),
        filters=[Filter("gate", _("Gate"), Gate.choices, "gate"), parts.STATE_FILTER],
        default_sort="position",
        link=lambda s: parts.address(request, f"stages/{s.pk}/"),
        empty_icon="list-check",
        empty_title=_("No stage yet"),
        empty_text=_("Load the starter pack for the sixteen usual stages, or add your own."),
    )
    own = parts.create_action(request, actor, STAGES_EDIT, "stages/new/", _("Add a stage"))
    pack = _pack_action(request, actor)
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
def defect_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The defect library, family by family, in both languages."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    listing = Listing(
        request,
        selectors.defects().annotate(place=Concat(PLACE_OF_FAMILY, "code")),
        [
            Column("code", _("Code"), lambda d: d.code, sort="place"),
            Column(
                "name", _("Defect"), both_names, sort="name_en", plain=lambda d: f"{d.name_en} / {d.name_bn}"
            ),
            Column("severity", _("Severity"), severity_cell, sort="severity", plain=severity_text),
            Column("note", _("Note"), lambda d: d.note),
            Column("family", _("Family"), lambda d: d.get_family_display(), css="family"),
            parts.state_column(),
        ],
        search=("code", "name_en", "name_bn", "note_en", "note_bn"),
        filters=[
            Filter("family", _("Family"), DefectFamily.choices, "family"),
            Filter("severity", _("Severity"), Severity.choices, "severity"),
            parts.STATE_FILTER,
        ],
        default_sort="code",
        link=lambda d: parts.address(request, f"defects/{d.pk}/"),
        empty_icon="bug",
        empty_title=_("The defect library is empty"),
        empty_text=_("Load the starter pack with 81 defects in English and Bangla, or add your own."),
        page_size=WHOLE_LIBRARY,
    )
    own = parts.create_action(request, actor, DEFECTS_EDIT, "defects/new/", _("Add a defect"))
    pack = _pack_action(request, actor)
    return listing.spreadsheet("defects") or render(
        request,
        "catalog/defects.html",
        {
            "heading": _("Defects"),
            "listing": listing,
            "is_grouped": not listing.sort_key,
            "actions": pack + own if listing.is_bare else own + pack,
        },
    )


@require_GET
def stage_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One stage."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    stage = selectors.found(selectors.stages(), pk)
    return _page(request, actor, stage, "stages", _("Stages"), may_edit=actor.may(STAGES_EDIT))


@require_GET
def defect_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One defect, and the buyers that see it differently."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    defect = selectors.found(selectors.defects(), pk)
    return _page(request, actor, defect, "defects", _("Defects"), may_edit=actor.may(DEFECTS_EDIT))


def _page(
    request: HttpRequest, actor: Actor, row: Stage | Defect, noun: str, back_label: str, *, may_edit: bool
) -> HttpResponse:
    overrides = selectors.overrides_of(row) if isinstance(row, Defect) else None
    return render(
        request,
        f"catalog/{noun.removesuffix('s')}.html",
        {
            "row": row,
            "noun": noun,
            "heading": row.name,
            "lead": row.code,
            "back_url": parts.address(request, f"{noun}/"),
            "back_label": back_label,
            "may_edit": may_edit,
            "overrides": overrides,
            "catalog_url": parts.address(request),
            "history": parts.history(actor, row),
        },
    )


@require_http_methods(["GET", "POST"])
def new_stage(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a stage of the workspace's own."""
    actor, now = visit(request)
    authorize(actor, STAGES_EDIT)
    form = StageForm(request.POST or None)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, _revision: services.create_stage(values=values, actor=actor, now=now),
            "stages/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
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
    form = StageForm(request.POST or None, row=stage)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, revision: services.edit_stage(
                stage_id=pk, values=values, revision=revision, actor=actor, now=now
            ),
            "stages/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request, form, heading=stage.name, submit=_("Save"), back=f"stages/{pk}/", back_label=stage.name
    )


@require_http_methods(["GET", "POST"])
def new_defect(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a defect of the workspace's own."""
    actor, now = visit(request)
    authorize(actor, DEFECTS_EDIT)
    form = DefectForm(request.POST or None)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, _revision: services.create_defect(values=values, actor=actor, now=now),
            "defects/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request,
        form,
        heading=_("Add a defect"),
        submit=_("Add the defect"),
        back="defects/",
        back_label=_("Defects"),
    )


@require_http_methods(["GET", "POST"])
def edit_defect(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Change a defect."""
    actor, now = visit(request)
    authorize(actor, DEFECTS_EDIT)
    defect = selectors.found(selectors.defects(), pk)
    form = DefectForm(request.POST or None, row=defect)
    if request.method == "POST":
        done = parts.saved(
            request,
            form,
            lambda values, revision: services.edit_defect(
                defect_id=pk, values=values, revision=revision, actor=actor, now=now
            ),
            "defects/{pk}/",
        )
        if done:
            return done
    return parts.form_page(
        request, form, heading=defect.name, submit=_("Save"), back=f"defects/{pk}/", back_label=defect.name
    )


@require_http_methods(["GET", "POST"])
def starter_pack(request: HttpRequest, slug: str) -> HttpResponse:
    """What the starter pack would bring; loading it."""
    actor, now = visit(request)
    authorize(actor, STAGES_EDIT)
    authorize(actor, DEFECTS_EDIT)
    if request.method == "POST":
        news = services.load_starter_pack(actor=actor, now=now)
        number = len(news.new) + len(news.changed)
        if number:
            done = ngettext("%(n)s entry loaded.", "%(n)s entries loaded.", number)
            messages.success(request, done % {"n": number_in_words_of_page(number)})
        else:
            messages.success(request, _("You already have everything. Nothing was changed."))
        return redirect(parts.address(request, "defects/"))
    return render(
        request,
        "catalog/starter.html",
        {
            "heading": _("Starter pack"),
            "back_url": parts.address(request, "defects/"),
            "back_label": _("Defects"),
            "news": services.starter_news(),
        },
    )


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
retire_defect = parts.posted(
    services.retire_defect,
    key="defect_id",
    done=gettext_lazy("The defect is retired. Its records stay."),
    path="defects/{pk}/",
)
restore_defect = parts.posted(
    services.restore_defect,
    key="defect_id",
    done=gettext_lazy("The defect is in use again."),
    path="defects/{pk}/",
)
delete_defect = parts.posted(
    services.delete_defect,
    key="defect_id",
    done=gettext_lazy("The defect is deleted."),
    path="defects/",
    failed="defects/{pk}/",
)

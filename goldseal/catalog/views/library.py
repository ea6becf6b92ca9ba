"""Pages of the defect library and the starter pack."""

from typing import Any
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
from goldseal.catalog.choices import DefectFamily, Severity
from goldseal.catalog.forms import DefectForm, PictureForm
from goldseal.catalog.models import Defect, Stage
from goldseal.catalog.permissions import DEFECTS_EDIT, STAGES_EDIT
from goldseal.catalog.views import parts
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import file_address, has_attested
from goldseal.files.services import take_attached
from goldseal.kit.actors import Actor
from goldseal.kit.forming import submitted
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.templatetags.goldseal import severity as severity_mark
from goldseal.kit.visits import visit
from goldseal.kit.wording import number_in_words_of_page
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

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


def pack_action(request: HttpRequest, actor: Actor) -> list[dict[str, object]]:
    """The button to the starter pack, for those who may load it."""
    if not (actor.may(STAGES_EDIT) and actor.may(DEFECTS_EDIT)):
        return []
    return [{"url": parts.address(request, "starter/"), "icon": "refresh", "label": _("Starter pack")}]


@require_GET
def defect_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The defect library, family by family, in both languages."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    pictures = selectors.pictures_by_defect()

    def code_cell(defect: Defect) -> SafeString | str:
        picture = pictures.get(defect.pk)
        if picture is None:
            return defect.code
        url = file_address(request, picture.attachment_id, Variant.THUMBNAIL)
        return format_html('<img class="defect-small" src="{}" alt="" loading="lazy">{}', url, defect.code)

    listing = Listing(
        request,
        selectors.defects().annotate(place=Concat(PLACE_OF_FAMILY, "code")),
        [
            Column("code", _("Code"), code_cell, sort="place", plain=lambda d: d.code),
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
    pack = pack_action(request, actor) + parts.import_action(request, actor, DEFECTS_EDIT, "defects")
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
def defect_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One defect, and the buyers that see it differently."""
    actor, _now = visit(request)
    authorize(actor, parts.VIEW)
    defect = selectors.found(selectors.defects(), pk)
    return render(
        request,
        "catalog/defect.html",
        {
            "row": defect,
            "noun": "defects",
            "heading": defect.name,
            "lead": defect.code,
            "back_url": parts.address(request, "defects/"),
            "back_label": _("Defects"),
            "may_edit": actor.may(DEFECTS_EDIT),
            "overrides": selectors.overrides_of(defect),
            "picture": selectors.pictures_by_defect([pk]).get(pk),
            "catalog_url": parts.address(request),
            "history": parts.history(actor, defect),
        },
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
def defect_picture(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Give a defect a picture, or another one."""
    actor, now = visit(request)
    authorize(actor, DEFECTS_EDIT)
    defect = selectors.found(selectors.defects(), pk)
    form = PictureForm(
        request.POST or None,
        request.FILES or None,
        base=workspace_of(request).get_absolute_url(),
        needs_attestation=not has_attested(actor),
    )

    def pictured(values: dict[str, Any]) -> Defect:
        given = values["files"]
        [attachment] = take_attached(
            files=[(file.name or "", file.file) for file in given.files],
            ids=given.ids,
            attests=given.attests,
            actor=actor,
            now=now,
            field="files",
        )
        services.set_defect_picture(defect_id=pk, attachment=attachment, actor=actor, now=now)
        return defect

    if request.method == "POST" and submitted(form, pictured) is not None:
        messages.success(request, _("The picture is kept. Floor shows it when the day is taken down next."))
        return redirect(parts.address(request, f"defects/{pk}/"))
    context = {
        "form": form,
        "heading": _("Picture of %(defect)s") % {"defect": defect.name},
        "submit_label": _("Keep the picture"),
        "back_url": parts.address(request, f"defects/{pk}/"),
        "back_label": defect.name,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "kit/form_page.html", context, status=status)


remove_picture = parts.posted(
    services.remove_defect_picture,
    key="defect_id",
    done=gettext_lazy("The picture is taken away; the family's drawing is shown again."),
    path="defects/{pk}/",
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

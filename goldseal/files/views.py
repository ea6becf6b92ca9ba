"""Pages of files: the list, one file, adding files; short-lived downloads; the resumable upload of pages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.files import selectors, services, tus
from goldseal.files.downloads import download
from goldseal.files.forms import AddFilesForm
from goldseal.files.models import Attachment, AttachmentKind
from goldseal.files.rules.links import Variant
from goldseal.files.selectors import file_address
from goldseal.files.templatetags.files import size_in_words
from goldseal.kit.errors import Conflict
from goldseal.kit.forming import submitted
from goldseal.kit.listing import Column, Filter, Listing
from goldseal.kit.visits import visit
from goldseal.kit.wording import moment_in_words
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of


@require_GET
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """Every photo and document of the workspace."""
    actor, _now = visit(request)
    authorize(actor, "files.view")
    base = _base(request)
    zone: str = workspace_of(request).time_zone

    def look(row: Attachment) -> Any:
        if not row.is_photo:
            return row.name
        address = file_address(request, row.pk, Variant.THUMBNAIL)
        return format_html(
            '<img class="upload-look" src="{}" alt="" loading="lazy" width="56" height="42"> {}',
            address,
            row.name,
        )

    listing = Listing(
        request,
        selectors.attachments(),
        [
            Column("name", _("Name"), look, sort="name", plain=lambda row: row.name),
            Column("kind", _("Kind"), lambda row: row.get_kind_display(), sort="kind"),
            Column("size", _("Size"), lambda row: size_in_words(row.size), sort="size", css="end"),
            Column(
                "who",
                _("Added by"),
                lambda row: row.uploaded_by.display_name if row.uploaded_by else "Goldseal",
            ),
            Column(
                "at",
                _("Added"),
                lambda row: moment_in_words(row.created_at, zone),
                sort="created_at",
            ),
        ],
        search=("name",),
        filters=[Filter("kind", _("Kind"), AttachmentKind.choices, "kind")],
        default_sort="-at",
        link=lambda row: f"{base}files/{row.pk}/",
        empty_icon="photo",
        empty_title=_("No files yet"),
        empty_text=_("Photos and documents that people add to inspections appear here."),
    )
    may_add = actor.may("files.add")
    return listing.spreadsheet("files") or render(
        request,
        "kit/list_page.html",
        {
            "heading": _("Files"),
            "listing": listing,
            "actions": [{"url": f"{base}files/add/", "icon": "upload", "label": _("Add files")}]
            if may_add
            else [],
        },
    )


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add files; works without a page script for up to ten megabytes."""
    actor, now = visit(request)
    authorize(actor, "files.add")
    base = _base(request)
    form = AddFilesForm(
        request.POST or None,
        request.FILES or None,
        base=base,
        needs_attestation=not selectors.has_attested(actor),
    )
    if request.method == "POST":
        kept = submitted(
            form,
            lambda values: services.take_attached(
                files=[(file.name or "", file.file) for file in values["files"].files],
                ids=values["files"].ids,
                attests=values["files"].attests,
                actor=actor,
                now=now,
                field="files",
            ),
        )
        if kept:
            messages.success(
                request,
                ngettext("%(n)s file is kept.", "%(n)s files are kept.", len(kept)) % {"n": len(kept)},
            )
            return redirect(f"{base}files/{kept[0].pk}/" if len(kept) == 1 else f"{base}files/")
    context = {
        "form": form,
        "heading": _("Add files"),
        "submit_label": _("Keep these files"),
        "back_url": f"{base}files/",
        "back_label": _("Files"),
    }
    return render(request, "kit/form_page.html", context)


@require_GET
def file(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One file: what it is, and the picture itself."""
    actor, _now = visit(request)
    attachment = selectors.attachment_for(actor, pk)
    base = _base(request)
    return render(
        request,
        "files/file.html",
        {
            "attachment": attachment,
            "heading": attachment.name,
            "back_url": f"{base}files/",
            "back_label": _("Files"),
            "may_delete": actor.may("files.delete"),
        },
    )


@require_POST
def delete(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Delete a file that no record uses."""
    actor, now = visit(request)
    try:
        services.delete_attachment(attachment_id=pk, actor=actor, now=now)
    except Conflict as conflict:
        messages.error(request, str(conflict.message))
        return redirect(f"{_base(request)}files/{pk}/")
    messages.success(request, _("The file is deleted."))
    return redirect(f"{_base(request)}files/")


@require_GET
def follow(request: HttpRequest, slug: str, link: str) -> HttpResponseBase:
    """What a short-lived link opens, for the person and session it was made for."""
    actor, now = visit(request)
    session = request.session.session_key or ""
    attachment_id, variant = selectors.followed_link(link=link, actor=actor, session=session, now=now)
    return download(
        *selectors.open_attachment(actor=actor, attachment_id=attachment_id, variant=variant), variant
    )


@require_http_methods(["OPTIONS", "POST"])
def uploads(request: HttpRequest, slug: str) -> HttpResponse:
    """Resumable uploads of pages (tus)."""
    actor, now = visit(request)
    return tus.collection(request, actor=actor, now=now)


@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One resumable upload (tus)."""
    actor, now = visit(request)
    return tus.resource(request, upload_id=pk, actor=actor, now=now)


def _base(request: HttpRequest) -> str:
    address: str = workspace_of(request).get_absolute_url()
    return address

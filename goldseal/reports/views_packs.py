"""Pages of buyers' packs: the list, one pack as text with its problems by line, previews, files, buyers."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, Invalid, NotFound
from goldseal.kit.forming import submitted
from goldseal.kit.visits import visit
from goldseal.reports import pack_selectors, pack_services, selectors
from goldseal.reports.models import ReportPack
from goldseal.reports.packs.archive import ZIP_MAX, shipped_packs, write_zip
from goldseal.reports.packs.logos import LOGO_MAX, LOGOS
from goldseal.reports.packs.manifest import Manifest, read_manifest, warnings_about
from goldseal.reports.packs.problems import PackError
from goldseal.reports.public_views import as_attachment
from goldseal.reports.sharing_services import Download
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

PREVIEWED = 50


class PackForm(forms.Form):
    """A pack's manifest as text, and its logo."""

    source = forms.CharField(
        label=gettext_lazy("The pack's manifest (TOML)"),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 28, "spellcheck": "false", "class": "form-control mono", "wrap": "off"}
        ),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            'PNG or JPEG, at most 300 kB; named in the manifest as logo = "logo.png" or "logo.jpg".'
        ),
    )


class UploadPackForm(forms.Form):
    """A pack as a ZIP."""

    file = forms.FileField(
        label=gettext_lazy("A pack as ZIP"), help_text=gettext_lazy("pack.toml and, if it has one, its logo.")
    )


@require_GET
def packs_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Every pack, those that come with the program, and which buyer's reports use which."""
    _actor(request)
    return _packs(request, UploadPackForm())


def _packs(request: HttpRequest, form: UploadPackForm) -> HttpResponse:
    rows = list(pack_selectors.current_packs())
    here = {row.code for row in rows}
    context = {
        "packs": rows,
        "shipped": [
            (code, read_manifest(text).name)
            for code, (text, _logo) in shipped_packs().items()
            if code not in here
        ],
        "buyers": pack_selectors.buyers_with_packs(),
        "form": form,
    }
    return render(request, "reports/packs.html", context, status=422 if form.errors else 200)


@require_POST
def take(request: HttpRequest, slug: str) -> HttpResponse:
    """A pack that comes with the program."""
    actor, now = visit(request)
    try:
        row = pack_services.take_shipped(code=_code(request), actor=actor, now=now)
    except Conflict as problem:
        messages.error(request, str(problem.message))
        return redirect(_place(request))
    return redirect(_place(request, f"{row.code}/"))


@require_POST
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """A pack as somebody made or edited it elsewhere."""
    actor, now = visit(request)
    authorize(actor, "reports.manage_packs")
    form = UploadPackForm(request.POST, request.FILES)
    row = submitted(
        form,
        lambda values: pack_services.upload_pack(
            content=values["file"].read(ZIP_MAX + 1), actor=actor, now=now
        ),
    )
    if row is None:
        return _packs(request, form)
    messages.success(request, _("Version %(version)s is kept.") % {"version": row.version})
    return redirect(_place(request, f"{row.code}/"))


@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Which pack a buyer's next reports use."""
    actor, now = visit(request)
    authorize(actor, "reports.manage_packs")
    try:
        buyer = UUID(request.POST.get("buyer", ""))
    except ValueError:
        raise NotFound from None
    try:
        pack_services.choose_pack(compartment_id=buyer, code=_code(request), actor=actor, now=now)
        messages.success(request, _("The next reports of this buyer use it."))
    except Invalid as problem:
        messages.error(request, str(next(iter(problem.fields.values()))))
    return redirect(_place(request))


@require_http_methods(["GET", "POST"])
def pack_page(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One pack: its manifest to edit, its versions, and how a report looks in it before anything is kept."""
    actor, now = visit(request)
    authorize(actor, "reports.manage_packs")
    row = pack_selectors.pack_row(code)
    if request.method == "GET":
        return _pack(request, row, PackForm(initial={"source": row.source}))
    form = PackForm(request.POST, request.FILES)

    def act(values: dict[str, Any]) -> ReportPack | Download:
        logo = values["logo"].read(LOGO_MAX + 1) if values["logo"] else None
        if request.POST.get("do") == "save":
            return pack_services.save_pack(text=values["source"], logo=logo, actor=actor, now=now, code=code)
        kept = bytes(row.logo)
        pack = pack_services.checked_pack(
            text=values["source"],
            logo=kept if logo is None else logo,
            version=row.version,
            kept_logo=kept,
        )
        try:
            version = selectors.version_by_id(UUID(request.POST.get("report", "")))
        except (ValueError, NotFound):
            raise Invalid(fields={"source": _("Choose a report to see it in this pack.")}) from None
        form_asked = request.POST.get("do", "")
        return pack_services.preview(pack=pack, version=version, form=form_asked, actor=actor, now=now)

    done = submitted(form, act)
    if isinstance(done, Download):
        return as_attachment(done)
    if done is None:
        return _pack(request, row, form)
    messages.success(request, _("Version %(version)s is kept.") % {"version": done.version})
    return redirect(_place(request, f"{code}/"))


def _pack(request: HttpRequest, row: ReportPack, form: PackForm) -> HttpResponse:
    manifest = _manifest(row.source)
    context = {
        "pack": row,
        "form": form,
        "problems": str(form.errors.get("source", "")) and _lines(form),
        "versions": list(pack_selectors.pack_versions(row.code)[:PREVIEWED]),
        "reports": [
            (version.pk, f"{version.report.number} · {version.report.title}")
            for version in selectors.newest_issued(PREVIEWED)
        ],
        "has_exchange": manifest is not None and manifest.export is not None,
        "warnings": warnings_about(manifest) if manifest else [],
    }
    return render(request, "reports/pack.html", context, status=422 if form.errors else 200)


def _lines(form: PackForm) -> list[str]:
    """The problems of the manifest, one by one."""
    return [line for error in form.errors.get("source", []) for line in str(error).split("\n") if line]


def _manifest(text: str) -> Manifest | None:
    try:
        return read_manifest(text)
    except PackError:  # saved by an older program that allowed more
        return None


@require_GET
def download(request: HttpRequest, slug: str, code: str, version: int) -> HttpResponse:
    """A version of a pack as a ZIP."""
    _actor(request)
    row = pack_selectors.pack_row(code, version)
    name = row.logo_name if row.logo_name in LOGOS else ""
    content = write_zip(text=row.source, logo=bytes(row.logo), logo_name=name)
    return as_attachment(Download(f"{code}-v{row.version}.zip", "application/zip", content))


def _actor(request: HttpRequest) -> Actor:
    actor, _now = visit(request)
    authorize(actor, "reports.manage_packs")
    return actor


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "").replace("\x00", "")[:40]


def _place(request: HttpRequest, path: str = "") -> str:
    return f"{workspace_of(request).get_absolute_url()}reports/packs/{path}"

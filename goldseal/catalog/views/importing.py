"""Pages of imports: the file, its columns, what is wrong with it, and what came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goldseal.catalog import importing_selectors as selectors
from goldseal.catalog.forms_importing import FileForm, MatchingForm, SheetForm
from goldseal.catalog.models import ImportRun, ImportState
from goldseal.catalog.services import importing
from goldseal.catalog.views import parts
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, NotFound, TooLarge
from goldseal.kit.forming import show_problem
from goldseal.kit.importing import ImportKind, import_kind, import_kinds
from goldseal.kit.listing import Column, Listing
from goldseal.kit.sheets.opening import open_book
from goldseal.kit.sheets.table import address
from goldseal.kit.sheets.writing import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from goldseal.kit.visits import visit
from goldseal.kit.wording import moment_in_words, number_in_words_of_page
from goldseal.workspaces.permissions import authorize
from goldseal.workspaces.selectors import workspace_of

PROBLEMS_SHOWN = 200
AT_WORK = (ImportState.CHECKING, ImportState.APPLYING)


@require_GET
def import_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every import so far, the newest first."""
    actor, _now = visit(request)
    kinds = _kinds(actor)
    titles = {kind.code: kind.title for kind in kinds}
    zone: str = workspace_of(request).time_zone
    listing = Listing(
        request,
        selectors.import_runs().filter(kind__in=list(titles)),
        [
            Column("file", _("File"), lambda run: run.file_name),
            Column("kind", _("Content"), lambda run: titles[run.kind]),
            Column("state", pgettext("import", "State"), lambda run: run.get_state_display()),
            Column(
                "rows", _("Rows"), lambda run: number_in_words_of_page(run.rows_total), css="end",
                plain=lambda run: run.rows_total,
            ),
            Column("who", _("Who"), lambda run: run.started_by.display_name if run.started_by else ""),
            Column("when", _("When"), lambda run: moment_in_words(run.created_at, zone), plain=lambda run: run.created_at),
        ],
        search=("file_name",),
        link=lambda run: parts.address(request, f"imports/{run.pk}/"),
        empty_icon="upload",
        empty_title=_("Nothing imported yet"),
        empty_text=_("Bring in your orders, styles, charts and defects from the sheets you have."),
    )  # fmt: skip
    actions = parts.create_action(request, actor, kinds[0].permission, "imports/new/", _("Import a sheet"))
    return listing.spreadsheet("imports") or render(
        request, "kit/list_page.html", {"heading": _("Imports"), "listing": listing, "actions": actions}
    )


@require_http_methods(["GET", "POST"])
def new_import(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; `?kind=` chooses beforehand what is in it."""
    actor, now = visit(request)
    kinds = _kinds(actor)
    wanted = request.GET.get("kind", "")
    initial = {"kind": wanted if import_kind(wanted) in kinds else kinds[0].code}
    form = FileForm(request.POST or None, request.FILES or None, kinds=kinds, initial=initial)
    if form.is_valid():
        name, data = form.cleaned_data["file"]
        try:
            run = importing.start_import(
                kind=form.cleaned_data["kind"], file_name=name, data=data, actor=actor, now=now
            )
            return redirect(_page(request, run.pk))
        except (Invalid, TooLarge) as problem:
            for words in problem.fields.values():
                form.add_error("file", str(words))
    return render(
        request,
        "catalog/import_new.html",
        {
            "form": form,
            "kinds": kinds,
            "heading": _("Import a sheet"),
            "submit_label": _("Continue"),
            "back_url": parts.address(request, "imports/"),
            "back_label": _("Imports"),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@require_GET
def import_template(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """An empty sheet of one kind with the names of all its columns."""
    actor, _now = visit(request)
    found = import_kind(kind)
    if found is None:
        raise NotFound
    authorize(actor, found.permission)
    data = write_xlsx(heads=[str(f.label) for f in found.fields], rows=[], title=str(found.title))
    return _download(data, f"{found.code}.xlsx")


@require_GET
def import_page(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """One import: its columns, the work going on, what is wrong, or what came of it."""
    actor, _now = visit(request)
    run, kind = _run(pk, actor)
    wants_columns = "columns" in request.GET and run.state == ImportState.CHECKED
    if run.state in (ImportState.UPLOADED, ImportState.FAILED) or wants_columns:
        return _matching_page(request, run, kind)
    return render(request, "catalog/import_run.html", _shown(request, run, kind))


@require_GET
def import_progress(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """How far a job has come; asked for by the page every second."""
    actor, _now = visit(request)
    run, kind = _run(pk, actor)
    if run.state not in AT_WORK:
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "catalog/import_progress.html", _shown(request, run, kind))


@require_POST
def import_sheet(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Another sheet of the file, or another row as its header."""
    actor, now = visit(request)
    run, kind = _run(pk, actor)
    book = open_book(bytes(run.content))
    form = SheetForm(request.POST, sheets=book.sheets)
    if form.is_valid():
        sheet = form.cleaned_data.get("sheet") or run.sheet
        is_other = sheet != run.sheet
        try:
            importing.choose_sheet(
                run_id=pk,
                sheet=sheet,
                heading_row=0 if is_other else form.cleaned_data["heading_row"],
                actor=actor,
                now=now,
            )
            return redirect(_page(request, pk))
        except (Invalid, Conflict) as problem:
            show_problem(form, problem)
    return _matching_page(request, run, kind, sheet_form=form)


@require_POST
def import_check(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Have every row checked by the columns as they were matched."""
    actor, now = visit(request)
    run, kind = _run(pk, actor)
    _heading, columns = selectors.shown_columns(open_book(bytes(run.content)), run)
    form = MatchingForm(request.POST, kind=kind, run=run, columns=columns)
    if form.is_valid():
        try:
            importing.check_import(
                run_id=pk,
                columns=form.columns(),
                existing=form.cleaned_data["existing"],
                date_order=form.cleaned_data.get("date_order", ""),
                is_filled_down=form.cleaned_data["is_filled_down"],
                actor=actor,
                now=now,
            )
            return redirect(_page(request, pk))
        except (Invalid, Conflict) as problem:
            show_problem(form, problem)
    return _matching_page(request, run, kind, form=form)


@require_POST
def import_apply(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Import everything, or only the good rows."""
    actor, now = visit(request)
    try:
        importing.apply_import(run_id=pk, is_only_good="only_good" in request.POST, actor=actor, now=now)
    except Conflict as problem:
        messages.error(request, str(problem.message))
    return redirect(_page(request, pk))


@require_POST
def import_discard(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Throw an import away."""
    actor, now = visit(request)
    importing.discard_import(run_id=pk, actor=actor, now=now)
    messages.success(request, _("The file is removed. What was imported stays."))
    return redirect(parts.address(request, "imports/"))


@require_GET
def import_rest(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The rows left out, each led by why; `?format=csv` as CSV, else XLSX."""
    actor, _now = visit(request)
    run, _kind = _run(pk, actor)
    names, rows = selectors.rows_to_mend(run)
    heads = [_("What is wrong"), *names]
    if request.GET.get("format") == "csv":
        return _download(write_csv(heads=heads, rows=rows), "to-mend.csv")
    return _download(write_xlsx(heads=heads, rows=rows, title=_("To mend")), "to-mend.xlsx")


def _kinds(actor: Actor) -> list[ImportKind]:
    """The kinds this person may import; Forbidden where there is none."""
    kinds = [kind for kind in import_kinds() if actor.may(kind.permission)]
    if not kinds:
        authorize(actor, parts.EDIT)
    return kinds


def _run(pk: UUID, actor: Actor) -> tuple[ImportRun, ImportKind]:
    run = selectors.import_run(pk)
    kind = selectors.kind_of(run)
    authorize(actor, kind.permission)
    return run, kind


def _page(request: HttpRequest, pk: UUID) -> str:
    return parts.address(request, f"imports/{pk}/")


def _matching_page(
    request: HttpRequest,
    run: ImportRun,
    kind: ImportKind,
    *,
    form: MatchingForm | None = None,
    sheet_form: SheetForm | None = None,
) -> HttpResponse:
    book = open_book(bytes(run.content))
    try:
        _heading, columns = selectors.shown_columns(book, run)
    except GoldsealError:  # a file that only the whole reading refused
        columns = []
    is_wrong = bool((form and form.errors) or (sheet_form and sheet_form.errors))
    return render(
        request,
        "catalog/import_columns.html",
        {
            **_shown(request, run, kind),
            "form": form or MatchingForm(kind=kind, run=run, columns=columns),
            "sheet_form": sheet_form
            or SheetForm(sheets=book.sheets, initial={"sheet": run.sheet, "heading_row": run.heading_row}),
        },
        status=422 if is_wrong else 200,
    )


def _shown(request: HttpRequest, run: ImportRun, kind: ImportKind) -> dict[str, Any]:
    return {
        "run": run,
        "kind": kind,
        "heading": run.file_name,
        "lead": kind.title,
        "back_url": parts.address(request, "imports/"),
        "back_label": _("Imports"),
        "page_url": _page(request, run.pk),
        "rows_good": run.rows_total - run.rows_bad - len(run.held),
        "rows_held": len(run.held),
        "held": _told([(row, 0, words) for row, words in run.held])[:PROBLEMS_SHOWN],
        "problems": _told(run.problems)[:PROBLEMS_SHOWN],
        "problems_count": len(run.problems),
        "problems_shown": PROBLEMS_SHOWN,
        "is_at_work": run.state in AT_WORK,
    }


def _told(problems: list[tuple[int, int, str]]) -> list[dict[str, str]]:
    """The problems with their place; the same words about one column stand there once for all its rows."""
    rows: dict[tuple[int, str], list[int]] = {}
    for row, column, words in problems:
        rows.setdefault((column, words), []).append(row)
    told = []
    for (column, words), numbers in rows.items():
        place = address(numbers[0], column) if column else _("Row %(row)s") % {"row": numbers[0]}
        more = len(numbers) - 1
        if more:
            counted = ngettext("%(place)s and %(n)s more", "%(place)s and %(n)s more", more)
            place = counted % {"place": place, "n": number_in_words_of_page(more)}
        told.append({"place": place, "words": words})
    return told


def _download(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=CSV_TYPE if name.endswith(".csv") else XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

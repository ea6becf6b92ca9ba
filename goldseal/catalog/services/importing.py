"""The way of a sheet into the catalog: received, matched, checked, written all at once or not at all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from goldseal.catalog.importing_selectors import (
    Examined,
    examined,
    heading_of,
    import_run,
    kind_of,
    remembered_for,
    rows_left_out,
)
from goldseal.catalog.models import ImportMapping, ImportRun, ImportState
from goldseal.kit.actors import Actor
from goldseal.kit.errors import Conflict, GoldsealError, Invalid, NotFound
from goldseal.kit.importing import ImportKind, Progress, import_kind
from goldseal.kit.sheets.heading import Heading, find_heading, heading_at
from goldseal.kit.sheets.matching import (
    guessed_columns,
    known_names,
    matching_problems,
    source_names,
    source_of,
)
from goldseal.kit.sheets.opening import open_book
from goldseal.trail.services import record, recorded_change
from goldseal.workspaces.permissions import authorize

PROBLEMS_KEPT = 200_000  # a file to mend names every row, so this is as many as a sheet has rows
SHEETS_LOOKED_AT = 20
KEPT = timedelta(days=14)
STUCK_AFTER = timedelta(hours=1)


def start_import(*, kind: str, file_name: str, data: bytes, actor: Actor, now: datetime) -> ImportRun:
    """Receive a file for a kind of import, find its header and guess what its columns mean.

    Invalid or TooLarge at `file` says what is wrong with the file and what to do; NotFound for a kind that
    does not exist. Nothing is imported yet.
    """
    found = import_kind(kind)
    if found is None:
        raise NotFound
    authorize(actor, found.permission)
    book = open_book(data)
    run = ImportRun(
        kind=kind,
        file_name=file_name.replace("\x00", "")[-200:] or "?",
        content=data,
        existing=found.existing[0][0],
        language=_language(),
        started_by_id=actor.person_id,
        created_at=now,
    )
    with recorded_change():
        best: tuple[int, str, Heading] | None = None
        for sheet in book.sheets[:SHEETS_LOOKED_AT]:
            table = book.head(sheet)
            heading = find_heading(table, is_known=known_names(found))
            matched = sum(map(bool, guessed_columns(heading, found, {})))
            if best is None or matched > best[0]:
                best = (matched, sheet, heading)
        if best is not None:
            _take_heading(run, found, best[1], best[2])
        run.save(force_insert=True)
    return run


def choose_sheet(*, run_id: UUID, sheet: str, heading_row: int, actor: Actor, now: datetime) -> ImportRun:
    """Another sheet of the file, or another row as its header (0: find it); columns are guessed anew."""
    with recorded_change():
        run = _open(run_id, actor)
        kind = kind_of(run)
        book = open_book(bytes(run.content))
        if sheet not in book.sheets:
            raise Invalid(fields={"sheet": _("This file has no sheet of that name.")})
        table = book.head(sheet)
        if heading_row > len(table.rows):
            raise Invalid(
                fields={
                    "heading_row": _("Choose a row between 1 and %(last)s.")
                    % {"last": max(len(table.rows), 1)}
                }
            )
        known = known_names(kind)
        heading = (
            heading_at(table, heading_row, is_known=known)
            if heading_row
            else find_heading(table, is_known=known)
        )
        _take_heading(run, kind, sheet, heading)
        run.state = ImportState.UPLOADED
        run.save(update_fields=["sheet", "heading_row", "columns", "date_order", "state"])
    return run


def check_import(
    *,
    run_id: UUID,
    columns: Sequence[str],
    existing: str = "",
    date_order: str = "",
    is_filled_down: bool = False,
    actor: Actor,
    now: datetime,
) -> ImportRun:
    """Match the columns, remember the matching for this source, and have every row checked by a job.

    `columns` is the field of each column in their order, empty for one left out. Invalid at `columns` says
    what is missing or chosen twice; Conflict while the run is at work or done.
    """
    from goldseal.catalog.tasks import check_import_job

    with recorded_change():
        run = _open(run_id, actor)
        kind = kind_of(run)
        heading = heading_of(run)
        allowed = {"", *(f.key for f in kind.fields), *(["+"] if kind.spread else [])}
        chosen = [*columns, *[""] * (len(heading.parts) - len(columns))]
        problems = matching_problems(chosen, kind)
        if len(chosen) > len(heading.parts) or not set(chosen) <= allowed:
            problems.insert(0, _("Choose for each column one of the fields offered."))
        if problems:
            raise Invalid(fields={"columns": " ".join(map(str, problems))})
        if existing and existing not in dict(kind.existing):
            raise Invalid(fields={"existing": _("Choose one of the ways offered.")})
        run.columns = chosen
        run.existing = existing or kind.existing[0][0]
        run.date_order, run.is_filled_down = date_order, is_filled_down
        run.language = _language()
        run.state, run.failure, run.rows_done, run.checked_at = ImportState.CHECKING, "", 0, now
        run.save()
        ImportMapping.objects.update_or_create(
            kind=run.kind,
            source=source_of(heading),
            defaults={
                "columns": dict(zip(source_names(heading), chosen, strict=True)),
                "date_order": date_order,
                "used_at": now,
            },
        )
        check_import_job.defer(workspace_id=str(run.workspace_id), run_id=str(run.pk))
    return run


def carry_out_check(*, run_id: UUID, now: datetime) -> ImportRun:
    """The job behind `check_import`: read the whole sheet and keep what is wrong with it."""
    with recorded_change():
        run = _locked(run_id)
        if run.state != ImportState.CHECKING:
            return run
        with translation.override(run.language):
            try:
                found = examined(run, now=now)
            except GoldsealError as problem:
                run.state, run.failure = ImportState.FAILED, _sentence(problem)
            else:
                _keep_problems(run, found)
                run.state = ImportState.CHECKED
        run.checked_at = now
        run.save()
    return run


def apply_import(*, run_id: UUID, is_only_good: bool, actor: Actor, now: datetime) -> ImportRun:
    """Have a checked run written by a job: all of it, or (`is_only_good`) the rows that are not left out.

    A second call does nothing. Conflict where there are problems and all was asked for, where no row is good,
    or where the run was not checked.
    """
    from goldseal.catalog.tasks import apply_import_job

    with recorded_change():
        run = _locked(run_id)
        authorize(actor, kind_of(run).permission)
        if run.state in (ImportState.APPLYING, ImportState.DONE):
            return run
        if run.state != ImportState.CHECKED:
            raise Conflict(_("Check the sheet first."))
        if run.problems and not is_only_good:
            raise Conflict(_("There are problems. Mend them, or import only the good rows."))
        if run.rows_bad + len(run.held) >= run.rows_total:
            raise Conflict(_("No row of this sheet can be imported."))
        run.state, run.is_only_good, run.rows_done, run.applied_at = (
            ImportState.APPLYING,
            is_only_good,
            0,
            now,
        )
        run.save(update_fields=["state", "is_only_good", "rows_done", "applied_at"])
        apply_import_job.defer(
            workspace_id=str(run.workspace_id), run_id=str(run.pk), person_id=str(actor.person_id or "")
        )
    return run


def carry_out_import(*, run_id: UUID, actor: Actor, now: datetime, progress: Progress) -> ImportRun:
    """The job behind `apply_import`: compare once more and write everything in one transaction.

    If the catalog has changed so that rows have problems now, nothing is written and the run goes back to
    CHECKED with them. The run's row is taken only at the end, so that `progress` (rows of
    the sheet that are written) can be kept meanwhile.
    """
    run = import_run(run_id)
    kind = kind_of(run)
    authorize(actor, kind.permission)
    if run.state != ImportState.APPLYING:
        return run
    with translation.override(run.language), recorded_change():
        found = examined(run, now=now)
        if found.rows_out and (not run.is_only_good or found.rows_out != rows_left_out(run)):
            _keep_problems(run, found)
            run.state, run.applied_at = ImportState.CHECKED, None
            run.save()
            return run
        left_out = len(found.rows_out)
        rows = run.rows_total - left_out

        def note(records: int) -> None:
            progress(min(records * rows // max(found.records, 1), rows))

        try:
            with recorded_change():
                counts = found.prepared.write(actor, now, note)
        except IntegrityError:
            raise Conflict(
                _("Somebody changed the same records at the same moment. Nothing was imported; check again.")
            ) from None
        done = ImportRun.objects.filter(pk=run.pk, state=ImportState.APPLYING).update(
            state=ImportState.DONE,
            counts={**counts, "left_out": left_out},
            rows_done=rows,
            applied_at=now,
            # Rows that were left out are still to be mended: only for them the file is kept a while.
            **({} if left_out else {"content": b""}),
        )
        if not done:
            raise Conflict(_("This import is finished already."))
        record(
            event="import.applied",
            actor=actor,
            now=now,
            obj=run,
            payload={"kind": run.kind, "file": run.file_name, "left_out": left_out, **counts},
        )
    run.refresh_from_db()
    return run


def fail_import(*, run_id: UUID, problem: Exception) -> None:
    """Note that a run's job did not work; nothing of it was written. A run thrown away meanwhile stays away."""
    run = ImportRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is not None and run.state in (ImportState.APPLYING, ImportState.CHECKING):
        with translation.override(run.language):
            _fail(run, _sentence(problem))


def discard_import(*, run_id: UUID, actor: Actor, now: datetime) -> None:
    """Throw a run away with its file; what was imported stays. A job at work on it writes nothing then."""
    with recorded_change():
        run = _locked(run_id)
        authorize(actor, kind_of(run).permission)
        run.delete()


def stop_stuck_imports(*, now: datetime) -> int:
    """Give up runs whose job began more than an hour ago and never came back; returns how many.

    Nothing of them was written. A job that is alive after all finds its run taken away and writes nothing.
    """
    began = now - STUCK_AFTER
    stuck = Q(state=ImportState.CHECKING, checked_at__lt=began) | Q(
        state=ImportState.APPLYING, applied_at__lt=began
    )
    with recorded_change():
        # A run that is locked has its job at work on it.
        runs = list(ImportRun.objects.select_for_update(of=("self",), skip_locked=True).filter(stuck))
        for run in runs:
            with translation.override(run.language):
                _fail(
                    run,
                    _(
                        "This took longer than an hour and was stopped. Nothing was imported; please try again."
                    ),
                )
    return len(runs)


def forget_imports(*, now: datetime) -> int:
    """Remove unfinished runs that nobody touched for 14 days, and the files of those whose left out rows nobody fetched.

    Returns how many. What was imported stays, and so does the line that says so in the list of imports.
    """
    due = now - KEPT
    with recorded_change():
        open_runs = ImportRun.objects.filter(created_at__lt=due).exclude(state=ImportState.DONE)
        removed, _by_model = open_runs.exclude(checked_at__gte=due).delete()
        done = ImportRun.objects.filter(state=ImportState.DONE, applied_at__lt=due)
        emptied = done.exclude(content=b"").update(content=b"", problems=[], held=[])
    return removed + emptied


def note_progress(*, run_id: UUID, rows_done: int) -> None:
    """Keep how many rows are written; in a transaction of its own, beside that which writes them."""
    ImportRun.objects.filter(pk=run_id, state=ImportState.APPLYING).update(rows_done=rows_done)


def _take_heading(run: ImportRun, kind: ImportKind, sheet: str, heading: Heading) -> None:
    remembered = remembered_for(kind, heading)
    run.sheet, run.heading_row = sheet, heading.row
    run.columns = guessed_columns(heading, kind, remembered.columns if remembered else {})
    if remembered:
        run.date_order = remembered.date_order


def _keep_problems(run: ImportRun, found: Examined) -> None:
    told = found.problems
    if len(told) > PROBLEMS_KEPT:  # then the first of each row
        told = list({p.row: p for p in reversed(told)}.values())[::-1]
    run.rows_total, run.rows_bad = found.rows_total, len(found.rows_bad)
    run.problems = [[p.row, p.column, str(p.words)] for p in told]
    run.held = [[p.row, str(p.words)] for p in found.held]


def _fail(run: ImportRun, words: str) -> None:
    if run.state == ImportState.APPLYING:
        run.applied_at = None
    run.state, run.failure = ImportState.FAILED, words[:500]
    run.save(update_fields=["state", "failure", "applied_at"])


def _locked(run_id: UUID) -> ImportRun:
    run = ImportRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first()
    if run is None:
        raise NotFound
    return run


def _open(run_id: UUID, actor: Actor) -> ImportRun:
    """A run whose columns may still be matched, locked; for those who may import its kind."""
    run = _locked(run_id)
    authorize(actor, kind_of(run).permission)
    if run.state in (ImportState.CHECKING, ImportState.APPLYING):
        raise Conflict(_("This import is at work. Wait until it has finished."))
    if run.state == ImportState.DONE:
        raise Conflict(_("This import is finished already."))
    return run


def _sentence(problem: Exception) -> str:
    if not isinstance(problem, GoldsealError):
        return _("Something unforeseen went wrong. Nothing was imported; please try again.")
    return " ".join(map(str, problem.fields.values())) or str(problem.message)


def _language() -> str:
    language = (translation.get_language() or "en")[:5]
    return language if language in dict(settings.LANGUAGES) else "en"

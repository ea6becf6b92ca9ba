"""A sheet of past inspections taken through the steps of an import."""

from goldseal.catalog.models import ImportRun
from goldseal.catalog.services import importing
from goldseal.inspections.models import Inspection
from goldseal.inspections.tests.makers import NOW, Floor

HEAD = "Date,Inspection type,PO No.,Style,Lot qty,Sample,Critical,Major,Minor,Result,Inspected by,Remarks\n"
ROWS = (
    "2026-02-10,FIN,PO-50217,NF-1042,500,80,0,4,7,Passed,R. Akter,Carton marks corrected\n"
    "2026-02-03,Fin,po-50217,nf-1042,500,80,1,9,,Rejected,R. Akter,\n"
    "2026-02-05,FIN,PO-50217,,300,50,0,,,on hold,,\n"
)
SHEET = HEAD + ROWS


def started(
    at: Floor, text: str | bytes, kind: str = "past_inspections", name: str = "past.csv"
) -> ImportRun:
    data = text.encode() if isinstance(text, str) else text
    return importing.start_import(kind=kind, file_name=name, data=data, actor=at.place.actor, now=NOW)


def checked(at: Floor, text: str | bytes, kind: str = "past_inspections") -> ImportRun:
    return checked_run(at, started(at, text, kind))


def checked_run(at: Floor, run: ImportRun) -> ImportRun:
    importing.check_import(
        run_id=run.pk, columns=run.columns, existing=run.existing, actor=at.place.actor, now=NOW
    )
    return importing.carry_out_check(run_id=run.pk, now=NOW)


def applied(at: Floor, run: ImportRun, *, is_only_good: bool = False) -> ImportRun:
    actor = at.place.actor
    importing.apply_import(run_id=run.pk, is_only_good=is_only_good, actor=actor, now=NOW)
    return importing.carry_out_import(run_id=run.pk, actor=actor, now=NOW, progress=lambda _done: None)


def problems(run: ImportRun) -> list[tuple[int, int]]:
    return [(row, column) for row, column, _words in run.problems]


def taken_over() -> list[Inspection]:
    return list(Inspection.objects.filter(header__has_key="imported").order_by("number"))

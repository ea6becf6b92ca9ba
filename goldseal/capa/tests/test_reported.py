"""The spreadsheet of a case and of a supplier's request says all that the record says, in typed cells."""

import io
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest

from goldseal.capa import cause_services, containment_services, scar_answer_services
from goldseal.capa.models import Scar
from goldseal.capa.record import case_record, scar_record
from goldseal.capa.reports import HERE
from goldseal.capa.selectors import open_workspace
from goldseal.capa.tests.makers import ANSWER, DUE, NOW, Place, asked, give, place, verified
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.engine.sheet import record_sheet
from goldseal.reports.tests.test_every_text import MIXED, all_lines

pytestmark = pytest.mark.django_db
HASH = "ab" * 32
# What is no text of a person: codes of the record, and its head.
CODES = {
    "schema", "report", "verdict", "state", "source", "severity", "kind", "type", "chain", "bone", "standing",
    "question", "window", "metric", "rate", "target", "on", "at",
}  # fmt: skip
WHYS = {
    "made": (("The loop slipped off", "Photo of the point"), ("The plate is worn", "Gauge check")),
    "detected": (("Nobody looks inside", "Watched two hours"),),
}


@pytest.fixture
def here() -> Place:
    return place()


def workbook(record: dict[str, Any], language: str = "en") -> dict[str, list[tuple[Any, ...]]]:
    """The sheets by name, as rows of cells."""
    record["report"] |= {
        "number": "GS-2026-000007", "version": 1, "language": language,
        "issued_at": "2026-03-16T10:00:00+06:00", "verify_url": "",
    }  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(record_sheet(record=record, canonical_hash=HASH, pack=None)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def sentences(value: Any, key: str = "") -> Iterator[str]:
    """Everything that somebody wrote into the record: texts of several words."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from sentences(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from sentences(inner, key)
    elif isinstance(value, str) and " " in value and not key.endswith("_bn") and key != "address":
        yield value


def worked_case(here: Place) -> dict[str, Any]:
    """The record of a case with every part filled."""
    case = here.failed()
    lot = {"in_lot": 600, "sorted": 600, "found_bad": 31, "rechecked": 27, "released": 596}
    with here.at.place.scope():
        give(here, case)
        containment_services.record_containment(
            nonconformity_id=case.pk,
            values={"kind": "sort", "place": "Finishing, rack 4", "note": "Night shift helped", **lot},
            actor=here.works,
            now=NOW,
        )
        for chain, steps in WHYS.items():
            cause_services.set_chain(
                nonconformity_id=case.pk, chain=chain, steps=steps, actor=here.works, now=NOW
            )
        cause_services.add_cause(
            nonconformity_id=case.pk, bone="machine", words="Worn point plates", actor=here.works, now=NOW
        )
        cause_services.set_is_is_not(
            nonconformity_id=case.pk,
            answers={"where": ("Linking line one", "Linking line two")},
            actor=here.works,
            now=NOW,
        )
        record, _photos = case_record(verified(here, case), open_workspace())
    return record


def answered_scar(here: Place) -> dict[str, Any]:
    """The record of a request that the supplier answered."""
    scar, secret = asked(here, here.failed())
    with here.at.place.scope():
        Scar.objects.filter(pk=scar.pk).update(expires_at=NOW + timedelta(days=3))
    scar_answer_services.answer_scar(
        secret=secret,
        values=ANSWER,
        actions=[{"words": "Change the filter", "owner": "Spinning", "due_on": DUE}],
        files=[],
        attests=False,
        now=NOW,
    )
    with here.at.place.scope():
        record, _photos = scar_record(Scar.objects.get(pk=scar.pk), open_workspace())
    return record


def test_a_case_is_whole_in_its_spreadsheet(here: Place) -> None:
    record = worked_case(here)
    sheets = workbook(record)
    cells = [str(cell) for rows in sheets.values() for row in rows for cell in row if cell is not None]
    written = set(sentences(record))
    assert len(written) > 15
    assert [one for one in written if not any(one in cell for cell in cells)] == []
    held = dict(zip(*sheets["D3  Containment"], strict=True))
    assert (held["Sorted"], held["Held"]) == (
        record["containment"][0]["sorted"],
        record["containment"][0]["held"],
    )
    assert (held["Lot"], held["Bad"], held["Held"]) == (600, 31, 4)
    assert isinstance(held["On"], datetime)
    assert [row[1] for row in sheets["D4  Root cause"][1:]] == [1, 2, "Root cause", 1, "Root cause"]
    assert len(sheets["Actions"]) == 1 + len(record["actions"])


def test_a_suppliers_answer_is_whole_in_its_spreadsheet(here: Place) -> None:
    record = answered_scar(here)
    sheets = workbook(record, "bn")
    cells = [str(cell) for rows in sheets.values() for row in rows for cell in row if cell is not None]
    assert [one for one in sentences(record) if not any(one in cell for cell in cells)] == []
    assert sheets["ব্যবস্থা"][1][:3] == (1, "Change the filter", "Spinning")


def spoilt(value: Any, texts: Iterator[str]) -> Any:
    """The record with the next of `texts` wherever somebody wrote something."""
    if isinstance(value, dict):
        return {
            name: inner if name in CODES or name.endswith(("_on", "_at")) else spoilt(inner, texts)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [spoilt(inner, texts) for inner in value]
    return next(texts) if isinstance(value, str) else value


@pytest.mark.parametrize("language", ["en", "bn", "both"])
@pytest.mark.parametrize(("made", "template"), [(worked_case, "eight_d.typ"), (answered_scar, "scar.typ")])
def test_every_text_of_theirs_takes_every_script(
    here: Place, made: Callable[[Place], dict[str, Any]], template: str, language: str
) -> None:
    record = made(here)
    lines = [MIXED.encode("utf-8", "replace").decode(), *(all_lines() if language == "both" else [])]
    for texts in (itertools.repeat(lines[0]), itertools.cycle(lines)):
        hostile = spoilt(record, texts)
        sheets = workbook(hostile, language)  # fills in the head, too
        assert len(sheets) > 2
        assert render_pdf(
            template=HERE / template, data=hostile, photos={}, timestamp=NOW, attach_json=b"{}"
        ).startswith(b"%PDF-")

"""The spreadsheet of a report: typed cells, harmless text, the hash on its first sheet, the same bytes again."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from goldseal.reports.engine.canonical import canonical_json, content_hash
from goldseal.reports.engine.sheet import record_sheet
from goldseal.reports.packs.applying import Pack
from goldseal.reports.packs.archive import make_pack, shipped_packs
from goldseal.reports.tests import example


def opened(record: dict[str, Any], pack: Pack | None = None) -> Any:
    digest = content_hash(canonical=canonical_json(record=record))
    return openpyxl.load_workbook(io.BytesIO(record_sheet(record=record, canonical_hash=digest, pack=pack)))


def facts(book: Any) -> dict[str, Any]:
    return {row[0]: row[1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}


def test_the_first_sheet_carries_hash_and_address_and_so_do_the_properties() -> None:
    record = example.record()
    digest = content_hash(canonical=canonical_json(record=record))
    book = opened(record)
    assert book.sheetnames[:4] == ["Report", "Result against the plan", "Sampling plan", "Findings"]
    rows = facts(book)
    assert (rows["Content hash"], rows["Verify this report"]) == (digest, record["report"]["verify_url"])
    assert book.properties.keywords == f"sha256:{digest}"
    assert book.properties.subject == record["report"]["verify_url"]
    assert rows["Issued"] == datetime(2026, 11, 20, 16, 42)  # noqa: DTZ001 - the factory's clock, as printed
    assert rows["Lot size"] == 3200


def test_cells_are_typed_and_names_stay_text() -> None:
    record = example.record()
    record["header"]["sku"] = "004711"
    record["header"]["style"] = "1207"
    book = opened(record)
    assert (facts(book)["SKU"], facts(book)["Style"]) == ("004711", "1207")
    sheet = book["Measurement"]
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, [cell.value for cell in sheet[2]], strict=True))
    assert isinstance(row["Measured"], int | float)
    actions = book["Corrective action plan"] if "Corrective action plan" in book.sheetnames else None
    if actions is not None:
        assert any(isinstance(cell.value, datetime | date) for cell in actions[2])


def test_nothing_in_it_runs() -> None:
    record = example.record()
    hostile = '=HYPERLINK("http://x.invalid","y")'
    record["defects"][0]["note"] = hostile
    record["header"]["buyer"] = "@SUM(A1)"
    record["remarks"] = "+1+1|cmd"
    data = record_sheet(record=record, canonical_hash="ab" * 32, pack=None)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = "".join(parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name)
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets.lower()
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert hostile in [cell.value for row in book["Findings"] for cell in row]


def test_the_same_record_gives_the_same_bytes() -> None:
    record = example.record(language="both")
    first = record_sheet(record=record, canonical_hash="ab" * 32, pack=None)
    assert record_sheet(record=record, canonical_hash="ab" * 32, pack=None) == first


@pytest.mark.parametrize("language", ["en", "bn", "both"])
def test_names_follow_the_language(language: str) -> None:
    book = opened(example.record(language=language))
    first = book.worksheets[0]
    assert first.title == {"en": "Report", "bn": "রিপোর্ট", "both": "Report   রিপোর্ট"}[language]


def test_an_exchange_pack_adds_its_own_sheets() -> None:
    text, logo = shipped_packs()["exchange"]
    book = opened(example.record(), make_pack(text=text, logo=logo, version=1))
    assert "Defects" in book.sheetnames
    heads = [cell.value for cell in book["Defects"][1]]
    assert heads[:4] == ["LineNumber", "DefectCode", "DefectName", "Severity"]
    assert book["Defects"][2][1].value == "KNIT-001"

"""Every text field of every record, with what people and attackers type: it renders, visibly, and never fails."""

import io
import itertools
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest

from goldseal.reports.engine.canonical import canonical_json
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.engine.sheet import record_sheet
from goldseal.reports.rules.schemas import CHECKS, check_known
from goldseal.reports.tests import example
from goldseal.reports.tests.conftest import NOW, TEMPLATE
from goldseal.reports.tests.filled import PAPERS, SHA, whole
from goldseal.reports.tests.paper import text_of
from goldseal.reports.tests.test_render import BLNS

MIXED = (
    "Navy 12 cm বাংলা ক্ষ্ম 漢字测试 مرحبا بالعالم שלום ไทย हिन्दी 한국어 😀👩‍👩‍👧‍👦 \x00\x07\x1b[31m\u202eevil\u2066 \ufeff"
    "Z̸̡̛a̷̢l̶g̵o̸ \ud83d ½ ⅞ ≤ → ✓ #panic() {{7*7}} \u2028 \t end"
)
PHOTO = {SHA: example.photo(index=0, size=(320, 240))}


def all_lines() -> list[str]:
    if not BLNS.exists():
        pytest.skip("../shared/data is absent")
    return [
        line for line in BLNS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


def shown(record: dict[str, Any], template: Path) -> bytes:
    photos = PHOTO if record.get("photos") else {}
    return render_pdf(template=template, data=record, photos=photos, timestamp=NOW, attach_json=b"{}")


@pytest.mark.parametrize("language", ["en", "bn", "both"])
@pytest.mark.parametrize(("model", "template"), PAPERS.items())
def test_every_field_takes_every_script(model: Any, template: Path, language: str) -> None:
    texts = itertools.repeat(MIXED.encode("utf-8", "replace").decode())
    record = whole(model, texts, language)
    with pikepdf.open(io.BytesIO(shown(record, template))) as pdf:
        assert len(pdf.pages) >= 1
    book = record_sheet(record=record, canonical_hash="ab" * 32, pack=None)
    assert len(openpyxl.load_workbook(io.BytesIO(book)).sheetnames) > 2
    assert canonical_json(record=record)


@pytest.mark.parametrize(("model", "template"), PAPERS.items())
def test_naughty_strings_go_through_all_fields_at_once(model: Any, template: Path) -> None:
    record = whole(model, itertools.cycle(all_lines()), "both")
    assert shown(record, template).startswith(b"%PDF-")


def test_every_schema_has_its_paper_here() -> None:
    assert {whole(model, itertools.repeat("x"), "en")["schema"] for model in PAPERS} == set(CHECKS)


def test_what_cannot_be_drawn_is_seen_to_have_been_there() -> None:
    record = example.record()
    record["remarks"] = "colour 漢字 as agreed"
    assert "colour \ufffd\ufffd as agreed" in text_of(shown(record, TEMPLATE), as_laid_out=False)


def test_remarks_of_five_thousand_characters_and_more() -> None:
    record = example.record()
    record["remarks"] = "বাংলা and English. " * 1000
    record["sections"][0]["remarks"] = "W" * 5000
    record["defects"][0]["note"] = "note " * 1000
    check_known(record=record)
    with pikepdf.open(io.BytesIO(shown(record, TEMPLATE))) as pdf:
        assert len(pdf.pages) > 5


def test_five_hundred_photos_are_a_contact_sheet_within_what_is_verified() -> None:
    data = example.photo(index=1, size=(700, 525), quality=60)
    shas = [f"{number:064x}" for number in range(500)]
    record = example.record(shas=shas)
    check_known(record=record)
    pdf = render_pdf(
        template=TEMPLATE, data=record, photos=dict.fromkeys(shas, data), timestamp=NOW, attach_json=b"{}"
    )
    assert len(pdf) < 20 * 1024 * 1024
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert 20 < len(opened.pages) < 60

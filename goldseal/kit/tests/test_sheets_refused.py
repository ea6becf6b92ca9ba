"""Files that are no spreadsheet, too large, locked or built to harm are refused in words."""

import io
import zipfile
from pathlib import Path

import pytest

from goldseal.kit.errors import Invalid, TooLarge
from goldseal.kit.sheets.csvfile import read_csv
from goldseal.kit.sheets.opening import open_book
from goldseal.kit.sheets.table import COLUMNS_MAX
from goldseal.kit.tests.sheetmaking import book_of, read


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    good = book_of(lambda book, sheet: sheet.write("A1", "x"))
    out = io.BytesIO(good)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/media/huge.bin", b"\0" * 151_000_000)
    assert len(out.getvalue()) < 1_000_000
    with pytest.raises(TooLarge):
        open_book(out.getvalue())


@pytest.mark.parametrize("before", [b"", b"<!--" + b" " * 3_000_000 + b"-->"])
def test_entities_are_refused(before: bytes) -> None:
    """However far down the declaration stands: padding must not hide what would grow."""
    good = book_of(lambda book, sheet: sheet.write("A1", "x"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                data = data.replace(b"<sst", before + b'<!DOCTYPE a [<!ENTITY b "c">]><sst', 1)
            new.writestr(entry.filename, data)
    with pytest.raises(Invalid):
        read(out.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n ",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n....",
        b"PK\x03\x04 no archive at all",
        bytes(range(32)) * 40,
        b'a,b\n"never closed ' + b"x" * 40_000,
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read(data)
    assert str(refused.value.fields["file"])


def test_an_archive_of_something_else_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        archive.writestr("[Content_Types].xml", "<a/>")
    with pytest.raises(Invalid):
        open_book(out.getvalue())


def test_a_locked_workbook_is_told_apart_from_an_old_one(shared_data: Path) -> None:
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Invalid) as refused:
        open_book(locked)
    assert "password" in str(refused.value.fields["file"])


def test_limits() -> None:
    with pytest.raises(TooLarge):
        open_book(b"a" * 20_000_001)
    with pytest.raises(TooLarge):
        read_csv(b"," * 1_000_000 + b"x\n1\n")
    with pytest.raises(TooLarge):
        read_csv(b"a\n" * 200_001)
    assert len(read_csv(b"a\n" * 200_000).rows) == 200_000
    wide = book_of(lambda book, sheet: sheet.write(0, COLUMNS_MAX, "far right"))
    with pytest.raises(TooLarge):
        read(wide)
    far = book_of(lambda book, sheet: sheet.write(0, 16_000, None, book.add_format({"bold": True})))
    assert read(far).rows == []


def test_a_row_far_below_costs_nothing_and_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(book_of(lambda book, sheet: sheet.write(1_048_575, 0, "last")))


@pytest.mark.parametrize(
    ("name", "word"), [("agate/test.xls", "XLS"), ("tablib/book.ods", "ODS"), ("csvkit/sheets.xls", "XLS")]
)
def test_old_formats_are_told_what_to_become(tabular: Path, name: str, word: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_book((tabular / name).read_bytes())
    assert word in str(refused.value.fields["file"])
    assert "XLSX" in str(refused.value.fields["file"])

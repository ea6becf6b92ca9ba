"""Any text becomes drawable, honest text stays as it was."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.reports.engine.fonts import PACKAGE_FOLDER, FontsMissingError, load_fonts
from goldseal.reports.engine.text import drawable, drawable_text

LATIN = frozenset(range(0x20, 0x7F)) | {0xE9, 0x301, 0x200B, 0xFFFD}
BANGLA = frozenset(range(0x980, 0xA00)) | {0x20, 0x200C, 0x200D, 0x200B}
COVERAGE = (LATIN, BANGLA)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Drop stitch", "Drop stitch"),
        ("লিংকিং মিস", "লিংকিং মিস"),
        ("র‍্যান্ডম", "র‍্যান্ডম"),  # the joiner within a conjunct stays
        ("5 ≤ 6 → ok ✓", "5 <= 6 -> ok [v]"),
        ("ａｂｃ①", "abc1"),  # compatibility forms
        ("crying 😢 face", "crying \ufffd face"),
        ("cafe\u0301", "caf\u00e9"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),  # direction overrides can make a text read as another
        ("a\x00b\x1b[31m", "ab[31m"),
        ("q\u09be", "q"),  # a Bangla vowel sign on a Latin letter: no one font draws it
        ("\u09be", ""),  # a mark with nothing to stand on
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_examples(text, expected):
    assert drawable_text(text, coverage=COVERAGE) == expected


def test_long_run_may_break_and_loses_nothing():
    out = drawable_text("W" * 90, coverage=COVERAGE)
    assert out.replace("\u200b", "") == "W" * 90
    assert max(len(part) for part in out.split("\u200b")) <= 22


def test_hashes_and_instants_are_left_whole():
    record = {"hash": "ab" * 32, "at": "2026-11-20T16:42:00+06:00", "list": ["→"], "n": 3}
    assert drawable(record, coverage=COVERAGE) == {**record, "list": ["->"]}


@given(st.text(max_size=60))
def test_everything_left_is_covered(text):
    for char in drawable_text(text, coverage=COVERAGE):
        assert char == "\n" or any(ord(char) in font for font in COVERAGE)


@given(st.text(st.sampled_from("abc XYZ 0123456789.,-/()"), max_size=60))
def test_plain_text_is_unchanged(text):
    assert drawable_text(text, coverage=COVERAGE).replace("\u200b", "") == text


@given(st.text(st.sampled_from("কখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহািীুূৃেৈোৌ্ংঃঁ "), max_size=40))
def test_bangla_keeps_every_letter(text):
    kept = drawable_text(text, coverage=COVERAGE).replace("\u200b", "")
    letters = [c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) == "Lo"]
    assert [c for c in kept if unicodedata.category(c) == "Lo"] == letters


@pytest.mark.skipif(not list(PACKAGE_FOLDER.glob("NotoSans-*.ttf")), reason="the fonts are not built")
def test_coverage_of_the_real_fonts():
    latin, bangla = load_fonts().coverage
    assert {ord(c) for c in "Aéßłş€±×–—"} <= latin
    assert {ord(c) for c in "কখগ০১২৯৳ঁংঃ্য়ড়ঢ়"} <= bangla
    assert ord("→") not in latin
    assert ord("語") not in latin | bangla


def test_missing_fonts_are_named(tmp_path):
    with pytest.raises(FontsMissingError, match="NotoSans-"):
        load_fonts(tmp_path)

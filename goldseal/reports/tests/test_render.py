"""The rendered PDF: standards, determinism, languages, hostile text."""

import io
import json
import re
from pathlib import Path

import pikepdf
import pytest

from goldseal.reports.engine.canonical import canonical_json
from goldseal.reports.engine.render import RenderError, render_pdf
from goldseal.reports.tests import example
from goldseal.reports.tests.conftest import NOW, TEMPLATE
from goldseal.reports.tests.paper import text_of

BLNS = Path(__file__).resolve().parents[4] / "shared" / "data" / "text" / "blns.txt"
HOSTILE = [
    "#panic()", "#read(\"/etc/passwd\")", "$x^2$", "*bold*", "_under_", "{{7*7}}", "${7*7}", "#{7*7}",
    "= Heading", "- item", "@label", "<label>", "\\", "\"", "`raw`", "//comment", "/* comment", "#let x = 1",
    "]", "[", "#]", "content: [", "\u202etxt.exe", "😀", "漢字", "مرحبا", "\x00\x01", "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮",
]  # fmt: skip


def test_declares_pdf_a_3a_and_pdf_ua_1(rendered):
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Final random inspection FIN-2026-000147"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.Root.OutputIntents
        assert not pdf.check_pdf_syntax()


def test_carries_the_canonical_record_as_associated_file(rendered):
    photos = example.photos(count=3, size=(640, 480))
    record = example.record(shas=list(photos))
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        assert list(pdf.attachments) == ["record.json"]
        assert pdf.attachments["record.json"].get_file().read_bytes() == canonical_json(record=record)
        assert pdf.Root.AF[0].AFRelationship == "/Source"


def test_every_picture_has_an_alternative_text(rendered):
    with pikepdf.open(io.BytesIO(rendered)) as pdf:
        figures = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
        assert len(figures) >= 4  # three photos and the QR code
        alternatives = [str(figure.Alt) for figure in figures]
    assert any("Warehouse with the packed lot" in alt for alt in alternatives)
    assert any("/verify/" in alt.replace("\u200b", "") for alt in alternatives)


def test_same_input_same_bytes(render):
    photos = example.photos(count=2, size=(320, 240))
    record = example.record(shas=list(photos), language="both")
    first = render(record, photos)
    assert render(record, dict(reversed(photos.items()))) == first
    assert render({**record, "remarks": "Other."}, photos) != first


def test_paper_says_what_the_record_says(rendered):
    text = text_of(rendered)
    for expected in (
        "FAIL", "FIN-2026-000147", "20 Nov 2026, 16:42 UTC+06:00", "3,200", "98.4%", "NF-26-3381",
        "Workmanship: major defectives above Ac 3.", "Inspector One (demo)", "QA manager",
        "I inspected this lot and recorded what I found", "Page 1 of",
    ):  # fmt: skip
        assert expected in text, expected
    assert "DRAFT" not in text


def test_signature_block_prints_name_time_and_meaning(render):
    # 21 CFR 11.50: each of the three is on paper; take one away and it is gone.
    record = example.record()
    record["signatures"][1]["printed_name"] = "Somebody Else"
    text = text_of(render(record))
    assert "Manager Two (demo)" not in text
    assert "20 Nov 2026, 16:38 UTC+06:00" in text
    assert "I reviewed this report before it was shared" in text


@pytest.mark.parametrize("verdict", ["pass", "fail", "hold", "pending"])
@pytest.mark.parametrize("language", ["en", "bn", "both"])
def test_every_verdict_in_every_language(render, verdict, language):
    text = text_of(render(example.record(language=language, verdict=verdict)))
    if language != "bn":
        assert verdict.upper() in text
    else:
        assert verdict.upper() not in text
        assert "৩,২০০" in text  # Bangla digits
        assert "3,200" not in text


def test_draft_is_marked_and_never_says_it_can_be_verified(render):
    text = text_of(render(example.record(), sealed=False))
    assert "This is a draft" in text
    assert "The seal shows any change" not in text


def test_text_of_people_is_never_evaluated(render):
    record = example.record()
    for index, hostile in enumerate(HOSTILE):
        defect = dict(record["defects"][0], no=index + 1, note=f"[{index}] {hostile}", name_bn=hostile)
        record["defects"].append(defect)
    record["remarks"] = "\n".join(HOSTILE)
    record["header"]["buyer"] = "#panic()"
    record["workspace"]["name"] = "*{{7*7}}*"
    record["report"]["number"] = "$1#2"
    text = text_of(render(record))
    for shown in ("#panic()", '#read("/etc/passwd")', "$x^2$", "*bold*", "{{7*7}}", "#let x = 1", "$1#2"):
        assert shown in text, shown
    assert "49" not in re.sub(r"[0-9a-f]{8}", "", text).split()


def test_naughty_strings_render(render):
    if not BLNS.exists():
        pytest.skip("../shared/data is absent")
    lines = [x for x in BLNS.read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    record = example.record(language="both")
    record["defects"] = [
        dict(
            record["defects"][0], no=i + 1, name_en=x[:200], name_bn=x[-200:], note=x, zone=x[:3], size=x[:9]
        )
        for i, x in enumerate(lines)
    ]
    record["sections"][1]["rows"] = [
        {"label_en": x[:200], "label_bn": x, "answer": "pass", "value": x, "remark": x} for x in lines
    ]
    assert render(record).startswith(b"%PDF-")


def test_template_sees_nothing_outside_its_folder(render, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("not for reports")
    for source in (f'#read("{secret}")', f'#read("../{secret.name}")', '#import "@preview/cetz:0.1.0"'):
        template = tmp_path / "evil.typ"
        template.write_text(source)
        with pytest.raises(RenderError, match="could not be laid out"):
            render(example.record(), template=template)


def test_missing_photo_is_named(render):
    sha = "ab" * 32
    with pytest.raises(
        RenderError, match=r"Photo 1 \(abababababab…\) is named in the record but was not given"
    ):
        render(example.record(shas=[sha]))


def test_refusals():
    record = example.record()
    canonical = canonical_json(record=record)
    with pytest.raises(RenderError, match="time zone"):
        render_pdf(
            template=TEMPLATE,
            data=record,
            photos={},
            timestamp=NOW.replace(tzinfo=None),
            attach_json=canonical,
        )
    with pytest.raises(RenderError, match="carries its record"):
        render_pdf(template=TEMPLATE, data=record, photos={}, timestamp=NOW, attach_json=None)
    record["report"]["language"] = "fr"
    with pytest.raises(RenderError, match="must be one of en, bn, both"):
        render_pdf(template=TEMPLATE, data=record, photos={}, timestamp=NOW, attach_json=canonical)


def test_labels_are_complete():
    labels = json.loads((TEMPLATE.parents[2] / "reports" / "typst" / "labels.json").read_text("utf-8"))
    for key, words in labels.items():
        assert set(words) == {"en", "bn"}, key
        assert all(words.values()), key
    sources = "".join(
        path.read_text("utf-8")
        for folder in ("reports", "inspections")
        for path in (TEMPLATE.parents[2] / folder / "typst").glob("*.typ")
    )
    used = set(re.findall(r'(?:label-of|label-stack|plain|entry)\("([a-z_.]+)"\)', sources))
    assert len(used) > 20
    assert used <= set(labels)

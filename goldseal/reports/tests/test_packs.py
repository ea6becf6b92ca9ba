"""Buyers' packs: what is wrong with one is said by line; what a right one does to names, codes, files and paper."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from goldseal.reports.engine.canonical import canonical_json, content_hash
from goldseal.reports.engine.render import render_pdf
from goldseal.reports.engine.seal import seal_pdf
from goldseal.reports.engine.verify import Kind, examine
from goldseal.reports.packs.applying import Pack, exchange_json, file_stem
from goldseal.reports.packs.archive import make_pack, read_zip, shipped_packs, write_zip
from goldseal.reports.packs.manifest import SECTIONS, read_manifest, warnings_about
from goldseal.reports.packs.problems import PackError
from goldseal.reports.tests import example
from goldseal.reports.tests.conftest import NOW, TEMPLATE
from goldseal.reports.tests.paper import text_of

HASH = "ab" * 32
HEAD = 'name = "Northfold"\ncode = "northfold"\n'


def pack(text: str, logo: bytes = b"") -> Pack:
    return make_pack(text=HEAD + text, logo=logo, version=3)


def problems(text: str) -> list[str]:
    with pytest.raises(PackError) as refused:
        pack(text)
    return [str(problem) for problem in refused.value.problems]


def shipped(code: str) -> Pack:
    text, logo = shipped_packs()[code]
    return make_pack(text=text, logo=logo, version=1)


def picture(kind: str = "PNG") -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", (200, 80), (40, 40, 120)).save(sink, kind)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('\nlangauge = "en"', ["Line 4: langauge: there is no such field; did you mean language?"]),
        ('[labels.byer]\nen = "x"', ["Line 3: labels.byer: the form has no field byer; did you mean buyer?"]),
        (
            '[[extra]]\nen = "A"\ntext = "x"\n[[extra]]\nen = "B"\npath = "header.stile"',
            ["Line 8: extra[1].path: stile is no field there; did you mean style?"],
        ),
        ('[[extra]]\nen = "A"', ["Line 3: extra[0]: give either text or path."]),
        (
            '[verdicts.passed]\nen = "y"',
            ["Line 3: verdicts.passed: must be one of pass, fail, hold, pending, na (got passed); did you mean pass?"],
        ),
        ('file_name = "{buyr}_{po}"', ["Line 3: file_name: {buyr} is nothing a name can be made of; did you mean buyer?"]),
        ("code = x", ["Line 3: This is no TOML: Cannot overwrite a value."]),
        ('sections = ["photos", "photos"]', ["Line 3: sections: a section is named twice."]),
        ('logo = "logo.png"', ["Line 1: logo: The manifest names logo.png, but no logo is there."]),
        (
            '[[export.lists]]\nname = "D"\npath = "defects"\nfields = [{ name = "C", path = "kode" }]',
            ["Line 6: export.lists[0].fields[0].path: kode is no field there; did you mean code?"],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_line(text: str, said: list[str]) -> None:
    if text == "code = x":
        assert "TOML" in problems(text)[0]
        return
    assert problems(text) == said


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ('[verdicts.fail]\nen = "PASS"', "verdicts.pass"),
        ('[verdicts.fail]\nen = " P-á\u200b S S! "', "verdicts.pass"),
        ('[verdicts.fail]\nen = "𝐏𝐚𝐬𝐬"', "verdicts.pass"),
        ('[verdicts.fail]\nen = "পাস"', "verdicts.pass"),
        ('[verdicts.fail]\nbn = "Pass"', "verdicts.pass"),
        ('[verdicts.fail]\nen = "PASS (fail)"', "verdicts.pass"),
        ('[verdicts.hold]\nen = "N / A"', "verdicts.na"),
        ('[severities.critical]\nen = "Minor"', "severities.minor"),
        ('[severities.minor]\nen = "Pass"', "verdicts.pass"),
        ('[labels."verdict.fail"]\nen = "Pass"', "verdicts.pass"),
        ('[verdicts.pass]\nen = "Accepted"\n[verdicts.fail]\nen = "ACCEPTED."', "verdicts.pass"),
    ],
)
def test_no_verdict_reads_as_another(text: str, other: str) -> None:
    [said] = problems(text)
    assert said.endswith(f"is the word for {other}; choose one that says nothing else.")
    # Its own word in other letters and words of the buyer's own are welcome.
    pack('[verdicts]\nfail = { en = "FAIL", bn = "Not passed" }\nhold = { en = "On hold" }')


def test_every_problem_of_every_kind_is_named_at_once() -> None:
    assert len(problems('langauge = "en"\nfilename = "x"\n[labels.buyer]\nfr = "x"')) == 3
    text = """langauge = "en"
file_name = "a\\u0007{buyr}"
logo = "logo.png"
sections = ["photos", "photos"]
[labels.byer]
en = "x"
[[extra]]
en = "Form"
text = 7
[[extra]]
en = "Form"
[[extra]]
en = "Style"
path = "header.stile"
"""
    assert [(one.partition(":")[0], one.split(": ")[1]) for one in problems(text)] == [
        ("Line 3", "langauge"),
        ("Line 4", "file_name"),
        ("Line 6", "sections"),
        ("Line 7", "labels.byer"),
        ("Line 11", "extra[0].text"),
        ("Line 12", "extra[1]"),
        ("Line 16", "extra[2].path"),
    ]


def test_a_logo_and_the_manifest_are_told_together() -> None:
    with pytest.raises(PackError) as refused:
        make_pack(text=HEAD + 'langauge = "en"', logo=b"GIF89a", version=1)
    assert [problem.place for problem in refused.value.problems] == ["logo", "langauge"]


@pytest.mark.parametrize(
    ("rule", "warns"),
    [
        ("{number}-v{version}", 0),
        ("{buyer}_{number}_v{version}", 0),
        ("{buyer}_{po}_v{version}", 1),
        ("{number}", 1),
    ],
)
def test_a_file_name_that_may_come_twice_is_warned_about(rule: str, warns: int) -> None:
    assert len(warnings_about(read_manifest(HEAD + f'file_name = "{rule}"'))) == warns


def test_no_shipped_pack_is_warned_about() -> None:
    for code in shipped_packs():
        assert warnings_about(shipped(code).manifest) == [], code


def test_an_exchange_file_has_the_buyers_names_codes_and_words() -> None:
    record = example.record()
    found = json.loads(exchange_json(record=record, content_hash=HASH, pack=shipped("exchange")))
    assert (found["InspectionType"], found["Result"], found["MajorFound"]) == ("FRI", "FAILED", 4)
    assert found["PurchaseOrders"] == record["header"]["purchase_orders"]
    assert found["PhotoCount"] == 0
    first, second = found["Defects"][:2]
    assert (first["DefectCode"], first["Severity"], first["Quantity"]) == ("KNIT-001", "MAJOR", 2)
    assert second["DefectCode"] == "SEW-004"
    assert found["Defects"][2]["DefectCode"] == "SW11"  # not mapped: ours stays
    assert (found["ContentHash"], found["_source"]["content_hash"]) == (HASH, HASH)


@pytest.mark.parametrize(
    ("rule", "header", "stem"),
    [
        (
            "{buyer}_{po}_v{version}",
            {"buyer": "A/S Nord..", "purchase_orders": ["4711"]},
            "A-S-Nord._4711_v1",
        ),
        ("{buyer}", {"buyer": "../../etc/passwd"}, "etc-passwd"),
        ("{buyer}_{style}", {"buyer": "বায়ার", "style": "con|<>:?*"}, "বায়ার_con"),
        ("{brand}", {"brand": ""}, "report"),
        ("{buyer}", {"buyer": "x" * 400}, "x" * 120),
    ],
)
def test_a_file_name_never_leaves_its_folder(rule: str, header: Mapping[str, Any], stem: str) -> None:
    record = {**example.record(), "header": header}
    assert file_stem(record=record, pack=pack(f'file_name = "{rule}"')) == stem


def test_a_zip_goes_out_and_comes_back_and_hostile_ones_are_refused(tmp_path: Path) -> None:
    text = HEAD + 'logo = "logo.png"'
    made = write_zip(text=text, logo=picture(), logo_name="logo.png")
    assert read_zip(made) == (text, picture())
    assert make_pack(text=text, logo=picture(), version=1).logo == picture()
    for logo, said in (
        (picture("JPEG"), "JPEG picture"),
        (b"GIF89a", "no PNG or JPEG"),
        (b"x" * 400_000, "300 kB"),
    ):
        with pytest.raises(PackError, match=said):
            make_pack(text=text, logo=logo, version=1)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("pack.toml", "#" * 5_000_000)
    for data, said in ((bomb.getvalue(), "400 kB"), (b"PK", "no ZIP"), (b"x" * 2_000_000, "1000 kB")):
        with pytest.raises(PackError, match=said):
            read_zip(data)


def test_the_paper_follows_the_pack_and_the_record_does_not(keys: Any) -> None:
    record = example.record(language="both")
    canonical = canonical_json(record=record)
    with_logo = pack(
        'logo = "logo.png"\nlanguage = "en"\nsections = ["remarks", "result"]\n'
        '[labels.buyer]\nen = "Client"\n[severities.major]\nen = "Class B"\n[verdicts.fail]\nen = "Rejected"\n'
        '[defects.KN01]\ncode = "F-101"\nen = "Dropped stitch"\n'
        '[[extra]]\nen = "Form"\ntext = "QF-12 漢字"\n',
        picture(),
    )
    pdf = render_pdf(
        template=TEMPLATE, data=record, photos={}, timestamp=NOW, attach_json=canonical, pack=with_logo
    )
    sealed = seal_pdf(pdf, key=keys[0], cert=keys[1], reason="Sealed report", when=NOW)
    found = examine(sealed, trusted_certs=[keys[1]])
    assert (found.kind, found.content_hash) == (Kind.INTACT, content_hash(canonical=canonical))
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        assert sorted(opened.attachments) == ["pack.json", "record.json"]
        assert opened.attachments["record.json"].get_file().read_bytes() == canonical
        assert opened.attachments["pack.json"].get_file().read_bytes() == with_logo.canonical()
    text = text_of(sealed)
    assert "REJECTED (Fail)" in text.replace("\u00a0", " ")
    assert "Class B" in text
    assert "Northfold, version 3" in text.replace("\u00a0", " ")
    assert "Order and shipment" not in text
    assert text.index("Remarks") < text.index("Result against the plan")


def test_every_shipped_pack_prints_and_its_words_show(render: Any) -> None:
    record = example.record()
    for code in shipped_packs():
        pdf = render_pdf(
            template=TEMPLATE, data=record, photos={}, timestamp=NOW,
            attach_json=canonical_json(record=record), pack=shipped(code),
        )  # fmt: skip
        text = text_of(pdf)
        if code == "plain-final":
            for words in (
                "Final Inspection Certificate",
                "Manufacturing unit",
                "F-101",
                "(KN01)",
                "QF-12, revision 3",
            ):
                assert words in text, words


def test_sections_of_packs_are_those_of_the_form() -> None:
    template = TEMPLATE.read_text(encoding="utf-8")
    assert [name for name in SECTIONS if f"  {name}: () =>" not in template] == []

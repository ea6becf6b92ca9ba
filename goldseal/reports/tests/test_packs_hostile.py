"""Manifests and ZIPs made to harm: each is refused quickly, with a sentence and its line, never with a crash."""

import io
import re
import time
import zipfile
import zlib

import pytest
from django.utils.translation import override
from PIL import Image, PngImagePlugin

from goldseal.kit.wording import in_digits_of_page
from goldseal.reports.packs.archive import make_pack, read_zip
from goldseal.reports.packs.logos import LOGO_MAX, check_logo, clean_logo
from goldseal.reports.packs.manifest import read_manifest
from goldseal.reports.packs.problems import PackError

HEAD = 'name = "Northfold"\ncode = "northfold"\n'


def refused(text: str) -> PackError:
    with pytest.raises(PackError) as found:
        read_manifest(text)
    return found.value


def said(text: str) -> str:
    return str(refused(text).problems[0])


DOTS = "Line 3: A key or table name has at most 8 dots."
DEEP = "Line 3: Lists and tables stand at most 8 deep in one another."
CONTROL = "A text holds no control characters (this has U+0000)."
BREAK = "This text stands on one line, and there is a line break in it."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (".".join("a" * 1_500) + "=1", "Line 3: A line has at most 2000 letters (this has 3001)."),
        (".".join("a" * 10) + " = 1", DOTS),
        ("[" + " . ".join("a" * 10) + "]", DOTS),
        ("[[" + ".".join(['"a b"'] * 10) + "]]", DOTS),
        ("x = {" + ".".join(["'a=b'"] * 10) + " = 1}", DOTS),
        ("x = [{y = '''\n' ''', " + ".".join("a" * 10) + "=1, z = ''}]", DOTS.replace("3", "4")),
        ("x = [{y = \"\"\"\n' \"\"\"\"\", " + ".".join("a" * 10) + "=1, z = ''}]", DOTS.replace("3", "4")),
        ("x = " + "[" * 1_900, DEEP),
        ("x = " + "[\n" * 50_000, DEEP.replace("3", "11")),
        ("x = " + "{a=" * 600, DEEP),
        ('x = "\x07"', "Line 3: " + CONTROL.replace("0000", "0007")),
        ("# \x00", "Line 3: " + CONTROL),
        ('file_name = "a\\u0000b"', "Line 3: file_name: " + CONTROL),
        ('x = "a\u202eb"', "Line 3: " + CONTROL.replace("0000", "202E")),
        ('file_name = "a\\u2066b"', "Line 3: file_name: " + CONTROL.replace("0000", "2066")),
        ('file_name = """a\nb"""', "Line 3: file_name: " + BREAK),
        ('name2 = "a\tb"', "Line 3: name2: This text stands on one line, and there is a tab in it."),
        ('[[extra]]\nen = """a\nb"""\ntext = "x"', "Line 4: extra[0].en: " + BREAK),
        ('[[extra]]\nen = "A"\ntext = "a\\u0000b"', "Line 5: extra[0].text: " + CONTROL),
        ('[defects."a\\u0000b"]\ncode = "x"', "Line 1: defects: " + CONTROL),
        ('[defects.KN01]\ncode = "a\\u0085b"', "Line 4: defects.KN01.code: " + CONTROL.replace("0000", "0085")),
        (
            'a = {"at line x"=1,"at line x"=1}',
            "Line 3: This is no TOML: the same key or table stands here a second time.",
        ),
        ("x = 2026-02-30", "Line 3: This is no TOML: there is no such date."),
    ],
)  # fmt: skip
def test_a_hostile_manifest_is_refused_with_its_line(text: str, sentence: str) -> None:
    begun = time.process_time()
    assert said(HEAD + text).startswith(sentence)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "text",
    [
        "name=" + "9" * 5_000,
        "name=" + "9" * 1_900,
        "name=0x" + "f" * 1_900,
        "name=1e999",
        'a = {"at line x"=1,"at line x"=1',
        'language = "' + "x" * 1_900 + '"',
        'name = "',
        '"""' * 60_000,
        '"""\\' + '"""\\\n' * 30_000,
        "[" + " " * 1_990,
        'name = """\n' + ("[" + " " * 1_990 + "\n") * 90 + '"""',
        "name = 1\r\ncode = \rx",
    ],
)
def test_whatever_the_text_it_is_refused_in_short_sentences(text: str) -> None:
    begun = time.process_time()
    found = refused(text)
    assert time.process_time() - begun < 1
    assert found.problems[0].line >= 1
    assert max(len(line) for line in found.sentences()) < 400


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"unknown{number} = 1\n" for number in range(10_000)),
        "[labels]\n" + "".join(f"unknown{number} = {{}}\n" for number in range(8_000)),
    ],
)
def test_the_first_twenty_problems_are_named_and_the_others_counted(text: str) -> None:
    begun = time.process_time()
    found = refused(HEAD + text)
    assert time.process_time() - begun < 2
    first = 3 + text.startswith("[")
    assert [problem.line for problem in found.problems] == list(range(first, first + 20))
    count = text.count("unknown") - 20
    assert found.sentences()[20:] == [f"Problems besides these: {count}."]
    with override("bn"):
        assert found.sentences()[20] == f"এগুলো ছাড়া আরও সমস্যা: {in_digits_of_page(str(count))}টি।"


def test_dots_and_brackets_inside_texts_are_nothing_but_text() -> None:
    text = "1.2.3.4.5.6.7.8.9.10.11 = [[[[[[[[[[[[ '"
    found = read_manifest(HEAD + f'# {text}\n[[extra]]\nen = "A"\ntext = "{text}"\n')
    assert found.extra[0].text == text


def test_a_fixed_text_may_have_several_lines() -> None:
    text = '[[extra]]\nen = "Address"\ntext = """Road 7\n\tDhaka"""\n'
    assert read_manifest(HEAD + text).extra[0].text == "Road 7\n\tDhaka"


EVERY_SENTENCE = [
    "x = [",
    "x = {",
    "x 1",
    "[x",
    'x = "1"2"',
    "x = 2026-02-30",
    "ক = 1",
    "=",
    "x = ,",
    "x = '",
    'x = "',
    r'x = "\q"',
    "x = 1\nx = 2",
    'x = "' + "y" * 3_000 + '"',
    "x = '\x07'",
    "a.b.c.d.e.f.g.h.i.j = 1",
    "x = " + "[" * 20,
    'langauge = "bn"',
    'language = "xx"',
    "[labels.byer]",
    "[labels.buyer]\nen = 7",
    'extra = "x"',
    "extra = [1]",
    "[[extra]]",
    '[[extra]]\nen = ""\ntext = "x"',
    '[[extra]]\nen = "x"\npath = "header.stile"',
    '[[extra]]\nen = "x"\npath = "counts.severity"',
    '[[extra]]\nen = "x"\npath = "header.style.x"',
    '[[extra]]\nen = "x"\npath = "header[0]"',
    '[[extra]]\nen = "x"\npath = "counts[kind=x].counted"',
    '[[extra]]\nen = "x"\npath = "Head"',
    '[[extra]]\nen = "x\\ny"\ntext = "x"',
    'file_name = "{x}\\t"',
    'file_name = "{buyr}"',
    "sections = []",
    'sections = ["photos", "photos"]',
    'logo = "logo.png"',
    '[defects.KN01]\ncode = "' + "x" * 50 + '"',
    'export = {lists = [{name = "x", path = "header", fields = []}]}',
    "export = {fields = [" + '{name = "x", text = "y"},' * 201 + "]}",
]


@pytest.mark.parametrize("text", EVERY_SENTENCE)
def test_every_sentence_is_bangla_on_a_bangla_page(text: str) -> None:
    """Codes, paths and what was written stay as they are; no English word stands around them."""
    with override("bn"), pytest.raises(PackError) as found:
        make_pack(text=HEAD + text, logo=b"", version=1)
    with override("bn"):
        sentences = found.value.sentences()
    english = ENGLISH_WORDS & {word for one in sentences for word in re.findall(r"[A-Za-z]+", one)}
    assert not english, sentences
    assert all(one.startswith("লাইন ") for one in sentences)


ENGLISH_WORDS = {
    "Line", "a", "is", "the", "must", "be", "of", "no", "has", "at", "most", "there", "are", "did", "you",
    "mean", "This", "one", "or", "and", "missing", "holds", "stands", "it", "stand", "for",
}  # fmt: skip


def logo(kind: str = "PNG", size: tuple[int, int] = (200, 80), **extra: object) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", size, (40, 40, 120)).save(sink, kind, **extra)
    return sink.getvalue()


def test_a_logo_is_written_afresh_so_that_only_its_pixels_are_kept() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "carried along")
    given = logo(pnginfo=info)
    assert b"carried along" in given
    kept = clean_logo(given, name="logo.png")
    assert b"carried along" not in kept
    assert clean_logo(kept, name="logo.png") == kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size, picture.getpixel((3, 3))) == ("PNG", (200, 80), (40, 40, 120))


def broken_pixels() -> bytes:
    """A PNG whose structure and checksums are right and whose pixels are nonsense."""
    data = logo()
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start], "big")
    body = b"IDAT" + b"\xff" * length
    return data[:start] + body + zlib.crc32(body).to_bytes(4) + data[start + 4 + length + 4 :]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"GIF89a", "This is no PNG or JPEG picture"),
        (b"", "This is no PNG or JPEG picture"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "This is no PNG or JPEG picture"),
        (logo()[:-20], "This is no PNG or JPEG picture"),
        (b"x" * (LOGO_MAX + 1), "A logo has at most 300 kB (this has 300)."),
        (logo(size=(2001, 10)), "A logo has at most 2000 pixels a side (this has 2001 × 10)."),
        (logo("JPEG"), "This is a JPEG picture; logo.png must be PNG."),
        (logo() + b"%PDF-1.7", "This picture has another file hidden inside it."),
        (logo(save_all=True, append_images=[Image.new("RGB", (200, 80))]), "A logo does not move."),
    ],
)  # fmt: skip
def test_a_hostile_logo_is_refused_before_it_is_decoded(data: bytes, sentence: str) -> None:
    with pytest.raises(PackError) as found:
        check_logo(data, name="logo.png")
    assert found.value.problems[0].sentence.startswith(sentence)


def test_a_logo_that_only_its_decoder_refuses_is_refused_in_the_cage() -> None:
    data = broken_pixels()
    check_logo(data, name="logo.png")
    with pytest.raises(PackError, match="no PNG or JPEG picture"):
        clean_logo(data, name="logo.png")


def zipped(method: int, *, broken: bool = False) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as folder:
        folder.writestr("pack.toml", HEAD * 40)
    data = bytearray(sink.getvalue())
    if broken:
        start = 30 + len("pack.toml")
        data[start : start + 12] = b"\xff" * 12
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (zipped(zipfile.ZIP_DEFLATED, broken=True), "This file is no ZIP that can be read."),
        (zipped(0).replace(b"pack.toml", b"\0ack.toml"), "This file is no ZIP that can be read."),
        (zipped(zipfile.ZIP_LZMA, broken=True), "must be stored or deflated in the ZIP, in no other way."),
        (zipped(zipfile.ZIP_LZMA), "must be stored or deflated in the ZIP, in no other way."),
        (zipped(zipfile.ZIP_BZIP2), "must be stored or deflated in the ZIP, in no other way."),
    ],
)
def test_a_zip_is_stored_or_deflated_and_whole(data: bytes, sentence: str) -> None:
    with pytest.raises(PackError) as found:
        read_zip(data)
    assert found.value.problems[0].sentence == sentence


def test_a_stored_zip_is_read() -> None:
    assert read_zip(zipped(zipfile.ZIP_STORED)) == (HEAD * 40, b"")

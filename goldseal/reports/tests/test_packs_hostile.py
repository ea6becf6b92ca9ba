"""Manifests and ZIPs made to harm: each is refused quickly, with a sentence and its line, never with a crash."""

import io
import time
import zipfile

import pytest
from django.utils.translation import override

from goldseal.reports.packs.archive import read_zip
from goldseal.reports.packs.manifest import PackError, read_manifest

HEAD = 'name = "Northfold"\ncode = "northfold"\n'


def refused(text: str) -> PackError:
    with pytest.raises(PackError) as found:
        read_manifest(text)
    return found.value


def said(text: str) -> str:
    return str(refused(text).problems[0])


DOTS = "Line 3: A key or table name has at most 8 dots."
DEEP = "Line 3: Lists and tables stand at most 8 deep in one another."
CONTROL = "A text holds no control characters such as line breaks (this has U+0000)."


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
        ('file_name = """a\nb"""', "Line 3: file_name: " + CONTROL.replace("0000", "000A")),
        ('[[extra]]\nen = "A"\ntext = "a\\u0000b"', "Line 5: extra[0].text: " + CONTROL),
        ('[defects."a\\u0000b"]\ncode = "x"', "Line 1: defects: " + CONTROL),
        ('[defects.KN01]\ncode = "a\\u0085b"', "Line 4: defects.KN01.code: " + CONTROL.replace("0000", "0085")),
        (
            'a = {"at line x"=1,"at line x"=1}',
            "Line 3: This is no TOML: Duplicate inline table key 'at line x'.",
        ),
        ("x = 2026-02-30", "Line 3: This is no TOML: Invalid date or datetime."),
    ],
)  # fmt: skip
def test_a_hostile_manifest_is_refused_with_its_line(text: str, sentence: str) -> None:
    begun = time.process_time()
    assert said(HEAD + text) == sentence
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
        assert found.sentences()[20] == f"এগুলো ছাড়া আরও সমস্যা: {count}টি।"


def test_dots_and_brackets_inside_texts_are_nothing_but_text() -> None:
    text = "1.2.3.4.5.6.7.8.9.10.11 = [[[[[[[[[[[[ '"
    found = read_manifest(HEAD + f'# {text}\n[[extra]]\nen = "A"\ntext = "{text}"\n')
    assert found.extra[0].text == text


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

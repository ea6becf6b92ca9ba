"""Names made harmless, links bound to their holder, and the headers of the upload protocol."""

import base64
import unicodedata
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldseal.files.rules import tus
from goldseal.files.rules.links import LINK_LIFE, Holder, Variant, read_link, sign_link
from goldseal.files.rules.names import MAX_NAME_CHARS, clean_name

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))
FILE = UUID("01950000-0000-7000-8000-000000000001")
ALICE = Holder(
    UUID("01950000-0000-7000-8000-00000000000a"), UUID("01950000-0000-7000-8000-00000000000b"), "session-1"
)


@pytest.mark.parametrize(
    ("given_name", "extension", "shown"),
    [
        ("Side seam.JPG", "jpg", "Side seam.jpg"),
        ("IMG_0001.heic", "jpg", "IMG_0001.jpg"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("C:\\photos\\collar.png", "png", "collar.png"),
        ("invoice\u202egpj.exe", "pdf", "invoicegpj.pdf"),
        ("a\x00b\r\nSet-Cookie: x.jpg", "jpg", "abSet-Cookie_ x.jpg"),
        ("", "jpg", "file.jpg"),
        ("...", "jpg", "file.jpg"),
        ("মাপ ক্ষেত্র.jpg", "jpg", "মাপ ক্ষেত্র.jpg"),
        ("x" * 500 + ".pdf", "pdf", "x" * 116 + ".pdf"),
        ("report v1.2 final", "pdf", "report v1.2 final.pdf"),
    ],
)
def test_a_name_is_shown_harmless(given_name: str, extension: str, shown: str) -> None:
    assert clean_name(given_name, extension=extension) == shown


@given(st.text(max_size=400))
def test_every_name_becomes_one_short_printable_file_name(name: str) -> None:
    shown = clean_name(name, extension="jpg")
    assert shown.endswith(".jpg")
    assert 5 <= len(shown) <= MAX_NAME_CHARS
    assert not set(shown) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in shown)
    assert clean_name(shown, extension="jpg") == shown


def link(**changed) -> str:
    facts = {
        "key": KEY,
        "attachment_id": FILE,
        "variant": Variant.PRINT,
        "holder": ALICE,
        "expires_at": NOW + LINK_LIFE,
    }
    return sign_link(**{**facts, **changed})


def test_a_link_opens_for_its_holder_until_it_expires() -> None:
    made = link()
    for moment in (NOW, NOW + LINK_LIFE - timedelta(seconds=1)):
        assert read_link(key=KEY, link=made, holder=ALICE, now=moment) == (FILE, Variant.PRINT)
    assert read_link(key=KEY, link=made, holder=ALICE, now=NOW + LINK_LIFE) is None


@pytest.mark.parametrize(
    "other",
    [
        Holder(FILE, ALICE.person_id, ALICE.session),
        Holder(ALICE.workspace_id, FILE, ALICE.session),
        Holder(ALICE.workspace_id, ALICE.person_id, "session-2"),
    ],
)
def test_a_link_opens_for_nobody_else(other: Holder) -> None:
    assert read_link(key=KEY, link=link(), holder=other, now=NOW) is None


@given(st.integers(0, 70), st.sampled_from("ABCxyz019-_"))
def test_a_link_with_any_other_letter_opens_nothing(place: int, letter: str) -> None:
    made = link()
    changed = made[:place] + letter + made[place + 1 :]
    if changed != made:
        assert read_link(key=KEY, link=changed, holder=ALICE, now=NOW) is None


@given(st.text(max_size=90))
def test_any_text_is_read_without_error(text: str) -> None:
    assert read_link(key=KEY, link=text, holder=ALICE, now=NOW) is None


def encoded(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def test_metadata_is_read_as_the_protocol_writes_it() -> None:
    sha = "AB" * 32
    said = tus.parse_metadata(
        encoded(filename="কলার.jpg", filetype="image/jpeg", sha256=sha, purpose="photo", keep_location="1")
    )
    assert said == tus.Announced("কলার.jpg", sha.lower(), "photo", True, "")
    assert tus.parse_metadata("") == tus.Announced()
    assert tus.parse_metadata("is_confidential,filename YS5wZGY=").name == "a.pdf"


@pytest.mark.parametrize(
    "header",
    ["filename ???", "filename YQ==,filename Yg==", "a b c d", encoded(sha256="12"), encoded(purpose="A b"), "x" * 5000, "ключ YQ=="],
)  # fmt: skip
def test_broken_metadata_is_refused(header: str) -> None:
    with pytest.raises(tus.MalformedHeader):
        tus.parse_metadata(header)


@given(st.text(min_size=1, max_size=80), st.booleans())
def test_what_head_tells_is_what_was_announced(name: str, keep: bool) -> None:
    said = tus.Announced(name.replace("\x00", "") or "a", "cd" * 32, "photo", keep)
    assert tus.parse_metadata(tus.format_metadata(said)) == said


@given(st.text(max_size=40))
def test_numbers_are_whole_or_refused(text: str) -> None:
    if text.isascii() and text.isdigit() and len(text) <= 18:
        assert tus.parse_number(text, name="Upload-Offset") == int(text)
    else:
        with pytest.raises(tus.MalformedHeader):
            tus.parse_number(text, name="Upload-Offset")


@pytest.mark.parametrize(
    "header", ["", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", "sha256 YQ==", "sha256 ?", "sha256"]
)
def test_only_a_sha256_is_a_checksum(header: str) -> None:
    with pytest.raises(tus.MalformedHeader):
        tus.parse_checksum(header)

"""Bangla is whole: every text of every room and of the libraries behind sign-in has one translation."""

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import allauth
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from goldseal.kit.activity import sentence_for
from tests.architecture.test_house import PACKAGE, ROOMS

# Texts that may read differently from room to room although English has one word, and why.
SEVERAL_READINGS: dict[str, str] = {}

# What allauth shows here; its admin pages and models' names are never shown.
ALLAUTH = Path(allauth.__file__).parent
ALLAUTH_PLACES = (
    "account/adapter.py",
    "account/fields.py",
    "account/forms.py",
    "account/internal",
    "account/stages.py",
    "core",
    "mfa/adapter.py",
    "mfa/internal",
    "mfa/totp",
    "mfa/recovery_codes",
    "mfa/webauthn",
    "mfa/models.py",
    "templates/account",
    "templates/mfa",
    "templates/usersessions",
    "usersessions/views.py",
)
# Sign-in by telephone or user name is switched off, so nobody is ever shown these.
SWITCHED_OFF = re.compile(r"phone|username|user name", re.IGNORECASE)

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NAMED = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sdr]|\{\w+\}")
TAG = re.compile(r"</?[a-z]+")


class Text(NamedTuple):
    """One text as it stands in the source: its context, its wording, and the wording for several."""

    context: str | None
    one: str
    many: str | None = None


def texts_under(folder: Path, *places: str) -> dict[Text, str]:
    """Every text marked for translation below a folder, with the file it stands in."""
    found: dict[Text, str] = {}
    for place in places or ("",):
        root = folder / place
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            inside_folder = path.relative_to(folder)
            if {"tests", "migrations", "locale"} & set(inside_folder.parts):
                continue
            if path.suffix in (".py", ".html", ".txt"):
                for text in texts_of(path):
                    found.setdefault(text, str(inside_folder))
    return found


def texts_of(path: Path) -> Iterator[Text]:
    source = path.read_text()
    if path.suffix != ".py":  # in brackets, so that the indentation of the page does not matter
        source = f"({templatize(source, origin=str(path))})"
    for _line, words, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        one, *more = [words] if isinstance(words, str) else words
        yield Text(context, one, more[0] if more else None)


@cache
def catalogue_of(room: str) -> Catalog:
    path = PACKAGE / room / "locale/bn/LC_MESSAGES/django.po"
    if not path.exists():
        return Catalog(locale="bn")
    with path.open("rb") as file:
        return read_po(file, locale="bn", abort_invalid=True)


def entries_of(room: str) -> list[Message]:
    return [entry for entry in catalogue_of(room) if entry.id]


def wordings(entry: Message) -> list[str]:
    return [entry.string] if isinstance(entry.string, str) else list(entry.string)


@cache
def translated() -> dict[Text, dict[str, list[str]]]:
    """Text → room → its wordings in Bangla; fuzzy and empty ones do not count."""
    found: dict[Text, dict[str, list[str]]] = {}
    for room in ROOMS:
        for entry in entries_of(room):
            if entry.fuzzy or not all(wordings(entry)):
                continue
            one, many = (entry.id, None) if isinstance(entry.id, str) else entry.id
            found.setdefault(Text(entry.context, one, many), {})[room] = wordings(entry)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_has_bangla(room: str) -> None:
    missing = [
        f"{place}: {text.one!r}"
        for text, place in texts_under(PACKAGE / room).items()
        if text not in translated()
    ]
    assert not missing, f"{room}: {len(missing)} texts without Bangla:\n" + "\n".join(missing)


@pytest.mark.parametrize("room", ROOMS)
def test_no_entry_is_empty_or_a_guess(room: str) -> None:
    doubtful = [entry.id for entry in entries_of(room) if entry.fuzzy or not all(wordings(entry))]
    assert not doubtful, doubtful


@pytest.mark.parametrize("room", ROOMS)
def test_blanks_and_tags_are_the_same_in_both_languages(room: str) -> None:
    wrong = []
    for entry in entries_of(room):
        one, many = (entry.id, entry.id) if isinstance(entry.id, str) else entry.id
        for pattern in (NAMED, TAG):
            least, most = sorted(pattern.findall(one)), sorted(pattern.findall(many))
            for place, words in enumerate(filter(None, wordings(entry))):
                got = sorted(pattern.findall(words))
                # Bangla counts “one” with the digit, where English may write the word.
                if got != most and not (place == 0 and set(least) <= set(got) <= set(most)):
                    wrong.append(f"{one!r} → {words!r}")
        first = (one.startswith("\n"), one.endswith("\n"))
        wrong += [
            f"line ends: {one!r}" for w in wordings(entry) if (w.startswith("\n"), w.endswith("\n")) != first
        ]
    assert not wrong, "\n".join(wrong)


def test_one_text_reads_the_same_in_every_room() -> None:
    """Django merges all catalogues into one: of two readings only one would ever be seen."""
    torn = {
        text.one: readings
        for text, readings in translated().items()
        if len({tuple(words) for words in readings.values()}) > 1
    }
    assert set(torn) == set(SEVERAL_READINGS), "\n".join(f"{one!r}: {said}" for one, said in torn.items())


def test_sign_in_speaks_bangla() -> None:
    """allauth ships no Bangla; what its pages, letters and forms say is kept in the accounts room."""
    missing = [
        f"{place}: {text.one!r}"
        for text, place in texts_under(ALLAUTH, *ALLAUTH_PLACES).items()
        if text not in translated() and not SWITCHED_OFF.search(f"{text.context} {text.one} {place}")
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("english", "bangla"),
    [("Sign In", "সাইন ইন"), ("This field is required.", "এটি লাগবে।"), ("Home", "হোম"), ("Email", "ই-মেইল")],
)
def test_our_wording_wins_over_the_libraries(english: str, bangla: str) -> None:
    with translation.override("bn"):
        assert translation.gettext(english) == bangla


def test_the_activity_log_reads_codes_and_figures_as_words() -> None:
    facts = {"number": "GS-2026-000001", "version": 2, "verdict": "pass", "role": ["viewer", "qa_manager"]}
    with translation.override("bn"):
        sealed = sentence_for("report.sealed", facts)
        changed = sentence_for("member.role_changed", facts | {"email": "nadia@example.test"})
    assert sealed == "রিপোর্ট GS-2026-000001, সংস্করণ ২ সিল করা হয়েছে (পাস)"
    assert changed == "nadia@example.test-এর ভূমিকা বদলেছেন: দর্শক → কিউএ ম্যানেজার"
    assert sentence_for("report.sealed", facts) == "report GS-2026-000001, version 2, was sealed (Pass)"

"""Bangla is whole: every text has one translation, and no page falls back to English sentences."""

import io
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import allauth
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

from goldseal.accounts.models import User
from goldseal.kit.permissions import Role
from goldseal.ops.demo import demo_address, make_demo_workspace
from tests.architecture.test_house import PACKAGE, ROOMS
from tests.matrix.household import NOW

# Texts that may read differently from room to room although English has one word, and why.
SEVERAL_READINGS: dict[str, str] = {}

# Which texts of allauth belong to what is switched off here (sign-in by telephone or user name, its admin
# pages and models), so that nobody is ever shown them.
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
            for place, words in enumerate(wordings(entry)):
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


# --- Pages ------------------------------------------------------------------------------------

SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title", "data-confirm", "data-label"}
LATIN = re.compile(r"[A-Za-z][A-Za-z’'-]*")
RUN = re.compile(rf"{LATIN.pattern}(?:[ ,;:.!?()“”\"/&\n]+{LATIN.pattern}){{2,}}")
NOT_WORDS = re.compile(r"https?://\S+|\S+@\S+|/\S+|\b[\w-]+/[\w/-]+|\b(?:[A-Za-z]*\d[\w.-]*|[A-Z]{1,5})\b")
NAMES = {
    "Goldseal", "ISO", "AQL", "API", "PDF", "ZIP", "JSON", "Lines", "SHA", "CSV", "XLSX", "UTF", "JPEG", "PNG",
    "WebP", "HEIC", "Word", "Excel", "Office", "JavaScript", "UUID", "English",
}  # fmt: skip

PUBLIC = [
    "/",
    "/verify/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/nothing-is-here/",
]
OWN = [
    "/profile/",
    "/workspaces/",
    "/workspaces/new/",
    "/accounts/email/",
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
]


class Spoken(HTMLParser):
    """What a page says: its text, piece by piece, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.silent = 0
        self.foreign = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "style", "code", "pre"):
            self.silent += 1
        self.pieces += [value or "" for name, value in attrs if name in SPOKEN_ATTRIBUTES]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.pieces.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "code", "pre"):
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(data)


def english_on(page: str, said_by_people: set[str]) -> list[str]:
    """Runs of three or more English words on a page, without what people or products call themselves."""
    spoken = Spoken()
    spoken.feed(page)
    runs = []
    for piece in spoken.pieces:
        text = " ".join(piece.split())
        for said in sorted(said_by_people, key=len, reverse=True):
            text = text.replace(said, "·")
        text = NOT_WORDS.sub("·", text)
        for name in NAMES:
            text = re.sub(rf"\b{name}\b", "·", text)
        runs += [match.group() for match in RUN.finditer(text)]
    return runs


def test_english_is_found_where_it_stands() -> None:
    page = (
        '<p>Three English words</p><p>PDF বা Word</p><img alt="a very long name" src="/x">'
        "<b>Rahim Knit Composite Ltd</b><script>let not this one</script><a href='/'>two words</a>"
    )
    assert english_on(page, {"Rahim Knit Composite Ltd"}) == ["Three English words", "a very long name"]


def in_bangla(user: User | None) -> Client:
    client = Client()
    client.cookies["language"] = "bn"
    if user is not None:
        client.force_login(user)
    return client


def findings(client: Client, urls: list[str], said: set[str]) -> list[str]:
    found = []
    for url in urls:
        answer = client.get(url)
        if answer.status_code in (301, 302) or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        assert answer.status_code in (200, 404, 405), (url, answer.status_code)
        assert answer["Content-Language"] == "bn", url
        found += [f"{url}  “{run}”" for run in dict.fromkeys(english_on(answer.content.decode(), said))]
    return found


def said_by(people: list[User]) -> set[str]:
    return {words for user in people for words in (user.name, user.email, user.email.partition("@")[0])}


@pytest.mark.django_db
@pytest.mark.usefixtures("no_static_folder")
def test_main_pages_speak_bangla() -> None:
    workspace = make_demo_workspace(now=NOW, slug="bangla")
    people = list(User.objects.all())
    owner = User.objects.get(email=demo_address(Role.OWNER, "bangla"))
    said = said_by(people) | {workspace.name}
    base = workspace.get_absolute_url()
    rooms = ["", "people/", "people/invite/", "activity/", "settings/", "roles/", "tokens/", "grants/"]
    rooms += ["privacy/", "privacy/erase/"]
    found = findings(in_bangla(None), PUBLIC, said)
    found += findings(in_bangla(owner), OWN + [base + room for room in rooms], said)
    assert not found, f"{len(found)} English runs:\n" + "\n".join(found)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_static_folder")
def test_answers_to_wrong_entries_speak_bangla() -> None:
    workspace = make_demo_workspace(now=NOW, slug="bangla")
    owner = User.objects.get(email=demo_address(Role.OWNER, "bangla"))
    base = workspace.get_absolute_url()
    wrong: list[tuple[User | None, str, dict[str, str]]] = [
        (None, "/accounts/login/", {"login": "nobody", "password": ""}),
        (None, "/accounts/login/", {"login": "nobody@example.test", "password": "wrong"}),
        (None, "/accounts/signup/", {"email": "x", "password1": "short", "password2": "other"}),
        (None, "/accounts/signup/", {"email": "x@example.test", "password1": "password12", "password2": "p"}),
        (None, "/accounts/password/reset/", {"email": "x"}),
        (owner, "/profile/", {"name": "", "language": "fr", "theme": "x" * 30}),
        (owner, base + "settings/", {"name": "x" * 300, "country": "BDX", "email": "x", "language": ""}),
        (owner, base + "people/invite/", {"email": "x", "role": "x"}),
        (owner, base + "tokens/", {"label": "x" * 200, "scopes": "x", "days": "100000"}),
        (owner, base + "privacy/erase/", {"name": "x", "password": "x"}),
    ]
    said = said_by(list(User.objects.all())) | {workspace.name}
    found = []
    for user, url, entries in wrong:
        answer = in_bangla(user).post(url, entries)
        assert answer.status_code in (200, 422), (url, answer.status_code)
        found += [f"{url}  “{run}”" for run in english_on(answer.content.decode(), said)]
    assert not found, "\n".join(found)


@pytest.fixture
def no_static_folder(settings: object, tmp_path: Path) -> None:
    """A checkout has no collected static files, and whitenoise would warn of that."""
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]

"""No page and no letter falls back to English sentences when Bangla is chosen."""

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from goldseal.accounts.models import User
from goldseal.catalog.models import Defect, Stage
from goldseal.kit.permissions import Role
from goldseal.ops.demo import demo_address, demo_password, make_demo_workspace
from goldseal.ops.sample.bundle import SAMPLE
from goldseal.workspaces.services import workspace_scope
from tests.matrix.addresses import inside
from tests.matrix.household import NOW, factory

SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title", "data-confirm", "data-label"}
LATIN = re.compile(r"[A-Za-z][A-Za-z’'-]*")
RUN = re.compile(rf"{LATIN.pattern}(?:[ ,;:.!?()“”\"/&\n]+{LATIN.pattern}){{2,}}")
# Addresses, dotted codes, time zones, codes with digits, abbreviations.
NOT_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|/\S+|\b\w+(?:\.\w+)+|\b[\w-]+/[\w/-]+|\b(?:[A-Za-z]*\d[\w.-]*|[A-Z]{1,5})\b"
)
NAMES = {
    "Goldseal", "ISO", "AQL", "API", "PDF", "ZIP", "JSON", "Lines", "SHA", "CSV", "XLSX", "UTF", "JPEG", "PNG",
    "WebP", "HEIC", "Word", "Excel", "Office", "JavaScript", "UUID",
}  # fmt: skip

NOWHERE = "/nothing-is-here/"
PUBLIC = [
    "/",
    "/verify/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    NOWHERE,
]
OWN = [
    "/profile/",
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
    """A browser set to Bangla; its person signed in with the password, as pages about safety demand."""
    client = Client()
    client.cookies["language"] = "bn"
    if user is not None:
        answer = client.post("/accounts/login/", {"login": user.email, "password": demo_password()})
        assert answer.status_code == 302
        answer = client.post("/accounts/reauthenticate/", {"password": demo_password()})
        assert answer.status_code == 302
    return client


def findings(client: Client, urls: list[str], said: set[str]) -> list[str]:
    found = []
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == (404 if url == NOWHERE else 200), (url, answer.status_code)
        assert answer["Content-Language"] == "bn", url
        found += [f"{url}  “{run}”" for run in dict.fromkeys(english_on(answer.content.decode(), said))]
    return found


def newcomer() -> User:
    """Somebody with an account and no workspace."""
    user = User.objects.create_user("newcomer@example.test", demo_password(), name="Newcomer", is_adult=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


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
    found += findings(in_bangla(newcomer()), ["/workspaces/"], said)
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


@pytest.mark.django_db
@pytest.mark.usefixtures("no_static_folder")
def test_letters_about_the_account_are_in_bangla() -> None:
    stranger, known = in_bangla(None), newcomer()
    joining = {"name": "Nadia", "email": "nadia@example.test", "is_adult": "on"}
    joining |= {"password1": "river-lamp-orchid-51", "password2": "river-lamp-orchid-51"}
    asked = stranger.post("/accounts/signup/", joining)
    assert asked.status_code == 302, asked.content
    code_page = stranger.get(asked["Location"])
    assert code_page.status_code == 200
    assert english_on(code_page.content.decode(), {"Nadia"}) == []
    again = in_bangla(None).post("/accounts/signup/", joining | {"email": known.email})
    assert again.status_code == 302
    for address in (known.email, "nobody@example.test"):
        in_bangla(None).post("/accounts/password/reset/", {"email": address})
    letters = mail.outbox
    assert len(letters) == 4, [letter.subject for letter in letters]
    for letter in letters:
        assert re.search("[ঀ-৿]", letter.subject), letter.subject
        assert english_on(str(letter.body), {"Nadia", "Newcomer"}) == [], letter.body


@pytest.mark.django_db
@pytest.mark.usefixtures("no_static_folder")
def test_every_page_after_the_main_job_speaks_bangla() -> None:
    """Every page of the workspace that shows the sample inspection; what its inspector typed stays as typed."""
    made = factory("bangla")
    said = said_by(list(User.objects.all())) | {made.workspace.name} | typed_in_sample()
    with workspace_scope(made.workspace.pk):
        said |= in_library()
    urls = {url for address in inside() for url in [address.url("bangla", "")] if not address.keys}
    for address in inside():
        if address.keys:
            urls |= {address.url("bangla", pk) for pk in made.ids.get(address.room, [])}
    client, found, seen = in_bangla(made.owner), [], 0
    for url in sorted(urls):
        answer = client.get(url)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            seen += 1
            found += [f"{url}  “{run}”" for run in dict.fromkeys(english_on(answer.content.decode(), said))]
    assert seen > 30
    assert not found, f"{len(found)} English runs:\n" + "\n".join(found)


def typed_in_sample() -> set[str]:
    """Every text of the sample inspection: remarks, captions, names of goods and places."""

    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from (value, *value.splitlines())
        elif isinstance(value, list | dict):
            for part in value.values() if isinstance(value, dict) else value:
                yield from strings(part)

    return multiword(strings(json.loads((SAMPLE / "bundle.json").read_text())))


def in_library() -> set[str]:
    """The English of the workspace's own two-language library, which stands beside its Bangla."""
    rows = [
        *Stage.objects.values_list("name_en", "method_en"),
        *Defect.objects.values_list("name_en", "note_en"),
    ]
    return multiword(text for row in rows for text in row)


def multiword(texts: Iterable[str]) -> set[str]:
    return {" ".join(text.split()) for text in texts if " " in text.strip()}


@pytest.fixture
def no_static_folder(settings: object, tmp_path: Path) -> None:
    """A checkout has no collected static files, and whitenoise would warn of that."""
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]

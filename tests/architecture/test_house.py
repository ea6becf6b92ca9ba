"""The walls that keep it a house: shelves, sizes, names, one door, one clock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGE = PROJECT / "goldseal"
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
OPEN_SHELVES = {"services", "selectors", "models", "events", "permissions"}
# What a room offers besides its shelves, and why (docs/decisions/0004-open-shelves.md).
ALSO_OPEN = {
    ("files", "stores"): "the one place that knows where bytes and keys lie",
    ("files", "engine"): "plain Python: formats, blobs, keys",
    ("files", "rules"): "plain Python",
    ("files", "access"): "declaration of who sees an attachment",
    ("files", "forms"): "the form field for uploads",
    ("files", "errors"): "what can go wrong with a file",
    ("catalog", "rules"): "plain Python",
    ("catalog", "choices"): "the catalog's codes",
    ("catalog", "usage"): "where a higher room tells who keeps a buyer's present rules",
    ("inspections", "rules"): "plain Python",
    ("inspections", "snapshots"): "an inspection's kept facts as its rules read them",
    ("reports", "engine"): "plain Python: typst, PDF, seal",
    ("workspaces", "scoping"): "the scope itself",
    ("workspaces", "urls"): "composed by config",
}
LONGEST_GOOD, LONGEST = 400, 800


def modules(*, tests: bool = False) -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if "migrations" in parts or (not tests and "tests" in parts):
            continue
        yield path


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def source_files() -> Iterator[Path]:
    for pattern in ("*.py", "*.ts", "*.html", "*.css", "*.typ"):
        for path in PROJECT.rglob(pattern):
            if not {".venv", "node_modules", "static", ".make"} & set(path.relative_to(PROJECT).parts):
                yield path


def test_no_file_is_longer_than_the_limit() -> None:
    too_long = {
        str(p.relative_to(PROJECT)): n
        for p in source_files()
        if (n := len(p.read_text().splitlines())) > LONGEST
    }
    assert not too_long


def test_no_drawer_for_odds_and_ends() -> None:
    banned = {"core", "common", "base", "utils", "helpers", "util", "misc"}
    assert not [str(p) for p in modules(tests=True) if p.stem in banned or p.parent.name in banned]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_in_one_sentence_what_it_is(room: str) -> None:
    assert ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text()))


def test_every_module_begins_with_a_sentence() -> None:
    silent = [
        str(p.relative_to(PROJECT))
        for p in modules()
        if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert not silent


def test_rooms_enter_each_other_only_by_open_shelves() -> None:
    wrong = []
    for path in modules():
        room = path.relative_to(PACKAGE).parts[0]
        if room == "config":
            continue
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] != "goldseal" or len(parts) < 3 or parts[1] in (room, "kit"):
                continue
            shelf = parts[2]
            is_open = shelf in OPEN_SHELVES or shelf.endswith("_services") or (parts[1], shelf) in ALSO_OPEN
            if not is_open and not (parts[1] == "trail" and shelf == "rules"):
                wrong.append(f"{path.relative_to(PROJECT)}: {name}")
    assert not wrong


def test_the_list_of_open_doors_is_not_stale() -> None:
    used = set()
    for path in modules(tests=True):
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] == "goldseal" and len(parts) >= 3:
                used.add((parts[1], parts[2]))
    assert not set(ALSO_OPEN) - used


def test_only_the_clock_reads_the_clock() -> None:
    wrong = []
    reading = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|timezone\.now|time\.time)\(")
    for path in modules():
        if path.relative_to(PACKAGE).parts == ("kit", "clock.py"):
            continue
        wrong += [
            f"{path.relative_to(PROJECT)}:{n}"
            for n, line in enumerate(path.read_text().splitlines(), 1)
            if reading.search(line)
        ]
    assert not wrong


def test_now_enters_only_at_the_front_door() -> None:
    doors = {"views", "public_views", "entry_views", "api", "tasks", "commands", "middleware", "demo", "tus"}
    wrong = [
        str(p.relative_to(PROJECT))
        for p in modules()
        if "goldseal.kit.clock" in set(imports_of(p)) and p.stem not in doors
    ]
    assert not wrong


def test_services_take_actor_and_now_by_name() -> None:
    """A public verb of a service that records a change takes `*, actor, now`."""
    wrong = []
    for path in modules():
        if not (path.stem == "services" or path.stem.endswith("_services") or path.parent.name == "services"):
            continue
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if not any(
                isinstance(n, ast.Call) and getattr(n.func, "id", "") == "record" for n in ast.walk(node)
            ):
                continue
            keyword_only = {argument.arg for argument in node.args.kwonlyargs}
            # Whoever holds a share link acts by its secret and is nobody we know.
            if "now" not in keyword_only or not {"actor", "secret"} & keyword_only:
                wrong.append(f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}")
    assert not wrong


def test_no_scope_is_switched_off() -> None:
    banned = re.compile(r"scopes_disabled|with_scopes_disabled|mark_safe\(|\.raw\(|using=['\"]owner")
    wrong = [str(p.relative_to(PROJECT)) for p in modules() if banned.search(p.read_text())]
    assert not wrong


def test_templates_hold_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<style|\sstyle=|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|\son(click|load|change|submit|input)=",
        re.I,
    )
    wrong = [
        str(p.relative_to(PROJECT))
        for p in PACKAGE.rglob("templates/**/*.html")
        if inline.search(p.read_text())
    ]
    assert not wrong


def test_templates_load_nothing_from_elsewhere() -> None:
    outside = re.compile(r"(src|href|action)=[\"'](https?:)?//", re.I)
    wrong = [
        str(p.relative_to(PROJECT))
        for p in PACKAGE.rglob("templates/**/*.html")
        if outside.search(p.read_text())
    ]
    assert not wrong


def test_every_icon_named_is_built() -> None:
    listed = set((PROJECT / "assets/icons.txt").read_text().split())
    named = set()
    for path in PACKAGE.rglob("templates/**/*.html"):
        named |= set(re.findall(r"{%\s*icon\s+[\"']([a-z0-9-]+)[\"']", path.read_text()))
    assert not named - listed


def test_every_recorded_event_has_its_sentence(settings: object) -> None:
    from goldseal.kit.activity import declared_events

    literals = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                literals |= {
                    k.value.value
                    for k in node.keywords
                    if k.arg == "event"
                    and isinstance(k.value, ast.Constant)
                    and isinstance(k.value.value, str)
                }
    assert literals - declared_events() == set()


def test_committed_files_name_no_machine_and_no_registry() -> None:
    pattern = re.compile(
        r"py"
        r"pi\.org|python"
        r"hosted|registry\.npm"
        r"js|deb\.deb"
        r"ian\.org|/opt/(py"
        r"pi|wheels)|(?<![\w.])/wo"
        r"rk/"
    )
    wrong = []
    for path in [
        *source_files(),
        *PROJECT.glob("*.md"),
        *PROJECT.glob("docs/**/*.md"),
        PROJECT / "requirements.lock",
        PROJECT / "package-lock.json",
        PROJECT / "Makefile",
        PROJECT / ".ci/run",
    ]:
        if path.exists() and pattern.search(path.read_text()):
            wrong.append(str(path.relative_to(PROJECT)))
    assert not wrong


def test_documents_that_must_be_there() -> None:
    wanted = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "THREAT_MODEL.md",
        "docs/map.md",
        "docs/glossary.md",
    ]
    assert not [name for name in wanted if not (PROJECT / name).exists()]
    assert len(list((PROJECT / "docs/decisions").glob("[0-9]*.md"))) >= 5


def test_the_map_names_every_room() -> None:
    text = (PROJECT / "docs/map.md").read_text()
    assert not [room for room in ROOMS if f"`{room}/`" not in text]

"""What a manifest's shape alone does not tell: unknown names, paths that lead nowhere, a file name without sense.

It reads the parsed text as it stands, whatever else is wrong with it, so that every problem is told at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from goldseal.reports.packs.lines import Place
from goldseal.reports.packs.paths import PathError, check_list, check_path
from goldseal.reports.packs.problems import Finding, shortened

NAME_PARTS = ("buyer", "brand", "po", "style", "stage", "date", "version", "number", "verdict", "factory")


def findings_in(raw: Mapping[str, Any], labels: Sequence[str]) -> Iterator[Finding]:
    """Every such problem of a parsed manifest. `labels`: the fields that the form has."""
    for key in _table(raw, "labels"):
        if key not in labels:
            sentence = _("the form has no field %(name)s") % {"name": shortened(key)}
            yield Finding(("labels", key), sentence, key, labels)
    sections = [name for name in _list(raw, "sections") if isinstance(name, str)]
    if len(set(sections)) != len(sections):
        yield Finding(("sections",), _("a section is named twice"))
    for number, extra in _rows(raw, "extra"):
        yield from _source(("extra", number), extra)
    for part in parts_of(_text(raw, "file_name")):
        if part not in NAME_PARTS:
            sentence = _("%(part)s is nothing a name can be made of") % {"part": "{" + shortened(part) + "}"}
            yield Finding(("file_name",), sentence, part, NAME_PARTS)
    export = _table(raw, "export")
    for number, field in _rows(export, "fields"):
        yield from _source(("export", "fields", number), field)
    for outer, rows in _rows(export, "lists"):
        yield from _list_finding(("export", "lists", outer), rows)


def _list_finding(place: Place, rows: Mapping[str, Any]) -> Iterator[Finding]:
    inside = _text(rows, "path")
    try:
        check_list(inside)
    except PathError as refused:
        yield Finding((*place, "path"), str(refused), refused.wrong, refused.known)
        inside = ""
    for number, field in _rows(rows, "fields"):
        here = (*place, "fields", number)
        yield from _source(here, field, inside) if inside else _either(here, field)


def _source(place: Place, field: Mapping[str, Any], inside: str = "") -> Iterator[Finding]:
    """A field has a fixed text, or a path that leads to a value."""
    yield from _either(place, field)
    path = _text(field, "path")
    if not path or _text(field, "text"):
        return
    try:
        check_path(path, inside=inside)
    except PathError as refused:
        yield Finding((*place, "path"), str(refused), refused.wrong, refused.known)


def _either(place: Place, field: Mapping[str, Any]) -> Iterator[Finding]:
    if bool(field.get("text")) == bool(field.get("path")):
        yield Finding(place, _("give either text or path"))


def parts_of(template: str) -> list[str]:
    """The names in braces of a rule for file names."""
    return [part.partition("}")[0] for part in template.split("{")[1:]]


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = raw.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(raw: Mapping[str, Any], key: str) -> list[Any]:
    found = raw.get(key)
    return found if isinstance(found, list) else []


def _rows(raw: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((number, row) for number, row in enumerate(_list(raw, key)) if isinstance(row, Mapping))


def _text(raw: Mapping[str, Any], key: str) -> str:
    found = raw.get(key)
    return found if isinstance(found, str) else ""

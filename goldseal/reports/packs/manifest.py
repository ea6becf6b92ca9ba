"""What a pack's manifest may say, read from TOML; everything wrong with it is a sentence with its line."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from goldseal.reports.packs.hostile import control_sentence, controls, refused_text
from goldseal.reports.packs.lines import Lines, Place
from goldseal.reports.packs.paths import PathError, check_list, check_path

LABELS_FILE = Path(__file__).resolve().parents[1] / "typst" / "labels.json"
TEXT_MAX, SAID_MAX, NAMED_MAX = 200_000, 20, 80
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
NAME_PARTS = ("buyer", "brand", "po", "style", "stage", "date", "version", "number", "verdict", "factory")
SECTIONS = (
    "result", "order_details", "sampling_plan", "sections", "photos", "remarks", "corrective_actions",
)  # fmt: skip

Text = Annotated[str, StringConstraints(max_length=200)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
PackCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$")]
Section = Literal[
    "result", "order_details", "sampling_plan", "sections", "photos", "remarks", "corrective_actions"
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Words(_Part):
    """A name in English, Bangla or both; what is left out stays the house's own."""

    en: Text = ""
    bn: Text = ""


class Extra(_Part):
    """A field that the buyer's form has besides: a fixed text, or a value of the record."""

    en: Name
    bn: Text = ""
    text: Text = ""
    path: Text = ""


class BuyersCode(_Part):
    """The buyer's code and name for one of our defect codes."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    en: Text = ""
    bn: Text = ""


class ExportField(_Part):
    """A field of the exchange file: its name there, and where in the record its value lies."""

    name: Name
    path: Text = ""
    text: Text = ""
    values: Mapping[str, Text] = {}  # the buyer's word for a value of ours


class ExportList(_Part):
    """A list of the exchange file: one element for each row of a list of the record."""

    name: Name
    path: Text
    fields: Annotated[list[ExportField], Field(min_length=1, max_length=100)]


class Export(_Part):
    fields: Annotated[list[ExportField], Field(max_length=200)] = []
    lists: Annotated[list[ExportList], Field(max_length=40)] = []


class Manifest(_Part):
    """A whole manifest; see docs/how-to/packs.md."""

    name: Name
    code: PackCode
    language: Literal["en", "bn", "both"] | None = None
    file_name: Annotated[str, StringConstraints(min_length=1, max_length=200)] = "{number}-v{version}"
    logo: Literal["logo.png", "logo.jpg", ""] = ""
    sections: Annotated[list[Section], Field(min_length=1)] | None = None
    labels: Mapping[str, Words] = {}
    severities: Mapping[Literal["critical", "major", "minor"], Words] = {}
    verdicts: Mapping[Literal["pass", "fail", "hold", "pending", "na"], Words] = {}
    extra: Annotated[list[Extra], Field(max_length=40)] = []
    defects: Mapping[str, BuyersCode] = {}
    export: Export | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a manifest: the line (from 1), the place, and a sentence."""

    line: int
    place: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"Line {self.line}: {where}{self.sentence}"


class PackError(ValueError):
    """The pack cannot be used; `problems` names the first places by line, `more` counts those left unsaid."""

    def __init__(self, problems: Sequence[Problem], *, more: int = 0) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        self.more = more
        super().__init__(" ".join(str(problem) for problem in self.problems[:8]))

    def sentences(self) -> list[str]:
        """What to tell: each problem, and how many more there are."""
        said = [str(problem) for problem in self.problems]
        if self.more:
            said.append(_("Problems besides these: %(count)s.") % {"count": self.more})
        return said


@dataclass(frozen=True, slots=True)
class _Finding:
    """A problem not yet put into words: what was written and what is known there become a suggestion."""

    place: Place
    sentence: str
    wrong: str = ""
    known: Sequence[str] = ()


@cache
def house_labels() -> dict[str, dict[str, str]]:
    """Every field name that the form prints, in both languages, by key."""
    found: dict[str, dict[str, str]] = json.loads(LABELS_FILE.read_text(encoding="utf-8"))
    return found


def read_manifest(text: str) -> Manifest:
    """The manifest in a TOML text. Raises PackError with the first problems by line."""
    text = text.replace("\r\n", "\n")
    if len(text) > TEXT_MAX:
        raise PackError(
            [Problem(1, "", f"A manifest has at most {TEXT_MAX} letters (this has {len(text)}).")]
        )
    raw = _parsed(text)
    if found := [_Finding(place, control_sentence(char)) for place, char in controls(raw)]:
        raise _refused(found, text)
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as refused:
        raise _refused([_finding(detail) for detail in refused.errors(include_url=False)], text) from None
    if found := list(_checked(manifest)):
        raise _refused(found, text)
    return manifest


def _parsed(text: str) -> dict[str, Any]:
    if hostile := refused_text(text):
        raise PackError([Problem(hostile[0], "", hostile[1])])
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as refused:
        said = str(refused)
        found = _AT_LINE.search(said)
        line = int(found.group(1)) if found else 1 + text.rstrip("\n").count("\n")
        said = _shortened(_AT_LINE.sub("", said).removesuffix("(at end of document)").strip())
        raise PackError([Problem(line, "", f"This is no TOML: {said}.")]) from None
    except (ValueError, RecursionError):  # a number, a date or a depth that Python itself refuses
        raise PackError([Problem(1, "", "This is no TOML that can be read.")]) from None


def _refused(findings: Sequence[_Finding], text: str) -> PackError:
    """The first problems by line in words; words cost time, so the rest is only counted."""
    lines = Lines(text)
    placed = sorted(((lines.of(one.place), one) for one in findings), key=lambda pair: pair[0])
    said = [
        Problem(line, _dotted(one.place), _ended(f"{one.sentence}{_did_you_mean(one.wrong, one.known)}"))
        for line, one in placed[:SAID_MAX]
    ]
    return PackError(said, more=max(0, len(placed) - SAID_MAX))


def _finding(detail: Any) -> _Finding:
    place = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        return _Finding(place, "there is no such field", str(place[-1]), _names_at(place[:-1]))
    if detail["type"] == "missing":
        return _Finding(place, "is missing")
    if detail["type"] == "literal_error":
        allowed = str(detail["ctx"]["expected"])
        names = [name.strip("' ") for name in allowed.replace(" or ", ", ").split(",")]
        got = _shortened(repr(detail["input"]))
        return _Finding(place, f"must be {allowed} (got {got})", str(detail["input"]), names)
    return _Finding(place, str(detail["msg"]).removeprefix("Value error, "))


def _shortened(text: str) -> str:
    return text if len(text) <= NAMED_MAX else f"{text[:NAMED_MAX]}…"


def _names_at(place: Sequence[str | int]) -> list[str]:
    """The fields that a place of the manifest may have."""
    models: Mapping[tuple[str, ...], type[BaseModel]] = {
        (): Manifest,
        ("labels", "*"): Words,
        ("severities", "*"): Words,
        ("verdicts", "*"): Words,
        ("extra", "*"): Extra,
        ("defects", "*"): BuyersCode,
        ("export",): Export,
        ("export", "fields", "*"): ExportField,
        ("export", "lists", "*"): ExportList,
        ("export", "lists", "*", "fields", "*"): ExportField,
    }
    for shape, model in models.items():
        if len(shape) == len(place) and all(
            a in ("*", b) for a, b in zip(shape, map(str, place), strict=True)
        ):
            return list(model.model_fields)
    return []


def _did_you_mean(wrong: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(wrong[:NAMED_MAX], known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(known[:30])}" if known else ""


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".")) else f"{sentence}."


def _dotted(place: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{_shortened(part)}" for part in place).lstrip(
        "."
    )


def _checked(manifest: Manifest) -> Iterator[_Finding]:
    """What the shape alone does not tell: unknown labels, paths that lead nowhere, a file name without sense."""
    labels = sorted(house_labels())
    for key in manifest.labels:
        if key not in house_labels():
            yield _Finding(("labels", key), f"the form has no field {_shortened(key)}", key, labels)
    if manifest.sections and len(set(manifest.sections)) != len(manifest.sections):
        yield _Finding(("sections",), "a section is named twice")
    for number, extra in enumerate(manifest.extra):
        if bool(extra.text) == bool(extra.path):
            yield _Finding(("extra", number), "give either text or path")
        elif extra.path:
            yield from _path_finding(("extra", number, "path"), extra.path)
    for part in _parts_of(manifest.file_name):
        if part not in NAME_PARTS:
            sentence = f"{{{part}}} is nothing a name can be made of"
            yield _Finding(("file_name",), sentence, part, NAME_PARTS)
    for place, field, inside in _export_fields(manifest):
        if bool(field.text) == bool(field.path):
            yield _Finding(place, "give either text or path")
        elif field.path:
            yield from _path_finding((*place, "path"), field.path, inside)
    for number, rows in enumerate(manifest.export.lists if manifest.export else ()):
        try:
            check_list(rows.path)
        except PathError as refused:
            yield _Finding(("export", "lists", number, "path"), str(refused), refused.wrong, refused.known)


def _export_fields(manifest: Manifest) -> Iterator[tuple[tuple[str | int, ...], ExportField, str]]:
    if manifest.export is None:
        return
    for number, field in enumerate(manifest.export.fields):
        yield ("export", "fields", number), field, ""
    for outer, rows in enumerate(manifest.export.lists):
        for number, field in enumerate(rows.fields):
            yield ("export", "lists", outer, "fields", number), field, rows.path


def _path_finding(place: Place, path: str, inside: str = "") -> Iterator[_Finding]:
    try:
        check_path(path, inside=inside)
    except PathError as refused:
        if inside and refused.wrong == "":
            return  # the list's own path is wrong and says so itself
        yield _Finding(place, str(refused), refused.wrong, refused.known)


def _parts_of(template: str) -> list[str]:
    return [part.partition("}")[0] for part in template.split("{")[1:]]

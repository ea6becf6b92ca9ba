"""What a pack's manifest may say, read from TOML; everything wrong with it is a sentence with its line."""

import difflib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from goldseal.reports.packs.lines import line_of
from goldseal.reports.packs.paths import PathError, check_list, check_path

LABELS_FILE = Path(__file__).resolve().parents[1] / "typst" / "labels.json"
TEXT_MAX = 200_000
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
    """The pack cannot be used; `problems` names each place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(" ".join(str(problem) for problem in self.problems[:8]))


@cache
def house_labels() -> dict[str, dict[str, str]]:
    """Every field name that the form prints, in both languages, by key."""
    found: dict[str, dict[str, str]] = json.loads(LABELS_FILE.read_text(encoding="utf-8"))
    return found


def read_manifest(text: str) -> Manifest:
    """The manifest in a TOML text. Raises PackError with every problem by line."""
    if len(text) > TEXT_MAX:
        raise PackError(
            [Problem(1, "", f"A manifest has at most {TEXT_MAX} letters (this has {len(text)}).")]
        )
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as refused:
        said = str(refused)
        line = int(said.rpartition("at line ")[2].split(",")[0]) if "at line " in said else _last_line(text)
        raise PackError([Problem(line, "", f"This is no TOML: {said.split(' (at')[0]}.")]) from None
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as refused:
        raise PackError([_problem(detail, text) for detail in refused.errors(include_url=False)]) from None
    if problems := list(_checked(manifest, text)):
        raise PackError(problems)
    return manifest


def _last_line(text: str) -> int:
    return max(1, len(text.splitlines()))


def _problem(detail: Any, text: str) -> Problem:
    place = tuple(part for part in detail["loc"] if part != "[key]")
    sentence = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        known = _names_at(place[:-1])
        sentence = f"there is no such field{_did_you_mean(str(place[-1]), known)}"
    elif detail["type"] == "missing":
        sentence = "is missing"
    elif detail["type"] == "literal_error":
        allowed = str(detail["ctx"]["expected"])
        names = [name.strip("' ") for name in allowed.replace(" or ", ", ").split(",")]
        sentence = f"must be {allowed} (got {detail['input']!r}){_did_you_mean(str(detail['input']), names)}"
    return Problem(line_of(text, place), _dotted(place), _ended(sentence))


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
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(known[:30])}" if known else ""


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("?", ".")) else f"{sentence}."


def _dotted(place: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


def _checked(manifest: Manifest, text: str) -> Iterator[Problem]:
    """What the shape alone does not tell: unknown labels, paths that lead nowhere, a file name without sense."""

    def at(place: tuple[str | int, ...], sentence: str) -> Problem:
        return Problem(line_of(text, place), _dotted(place), _ended(sentence))

    for key in manifest.labels:
        if key not in house_labels():
            yield at(
                ("labels", key), f"the form has no field {key}{_did_you_mean(key, sorted(house_labels()))}"
            )
    if manifest.sections and len(set(manifest.sections)) != len(manifest.sections):
        yield at(("sections",), "a section is named twice")
    for number, extra in enumerate(manifest.extra):
        if bool(extra.text) == bool(extra.path):
            yield at(("extra", number), "give either text or path")
        elif extra.path:
            yield from _path_problem(at, ("extra", number, "path"), extra.path)
    for part in _parts_of(manifest.file_name):
        if part not in NAME_PARTS:
            yield at(
                ("file_name",),
                f"{{{part}}} is nothing a name can be made of{_did_you_mean(part, NAME_PARTS)}",
            )
    for place, field, inside in _export_fields(manifest):
        if bool(field.text) == bool(field.path):
            yield at(place, "give either text or path")
        elif field.path:
            yield from _path_problem(at, (*place, "path"), field.path, inside)
    for number, rows in enumerate(manifest.export.lists if manifest.export else ()):
        try:
            check_list(rows.path)
        except PathError as refused:
            yield at(
                ("export", "lists", number, "path"),
                f"{refused}{_did_you_mean(refused.wrong, refused.known)}",
            )


def _export_fields(manifest: Manifest) -> Iterator[tuple[tuple[str | int, ...], ExportField, str]]:
    if manifest.export is None:
        return
    for number, field in enumerate(manifest.export.fields):
        yield ("export", "fields", number), field, ""
    for outer, rows in enumerate(manifest.export.lists):
        for number, field in enumerate(rows.fields):
            yield ("export", "lists", outer, "fields", number), field, rows.path


def _path_problem(at: Any, place: tuple[str | int, ...], path: str, inside: str = "") -> Iterator[Problem]:
    try:
        check_path(path, inside=inside)
    except PathError as refused:
        if inside and refused.wrong == "":
            return  # the list's own path is wrong and says so itself
        yield at(place, f"{refused}{_did_you_mean(refused.wrong, refused.known)}")


def _parts_of(template: str) -> list[str]:
    return [part.partition("}")[0] for part in template.split("{")[1:]]

"""What a pack's manifest may say, read from TOML; everything wrong with it is told at once, by line."""

import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from goldseal.kit.wording import in_digits_of_page
from goldseal.reports.packs.checking import findings_in, parts_of
from goldseal.reports.packs.hostile import controls, refused_text
from goldseal.reports.packs.lines import Place
from goldseal.reports.packs.problems import SAID_MAX, Finding, PackError, Problem, one_problem, refused
from goldseal.reports.packs.sentences import allowed_names, shape_sentence, toml_sentence
from goldseal.reports.packs.verdict_words import clashes_in

LABELS_FILE = Path(__file__).resolve().parents[1] / "typst" / "labels.json"
TEXT_MAX = 200_000
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
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


@cache
def house_labels() -> dict[str, dict[str, str]]:
    """Every field name that the form prints, in both languages, by key."""
    found: dict[str, dict[str, str]] = json.loads(LABELS_FILE.read_text(encoding="utf-8"))
    return found


def read_manifest(text: str) -> Manifest:
    """The manifest in a TOML text. Raises PackError with the first problems by line, of every kind at once."""
    text = text.replace("\r\n", "\n")
    if len(text) > TEXT_MAX:
        raise one_problem(
            _("A manifest has at most %(most)s letters (this has %(count)s).")
            % {"most": in_digits_of_page(str(TEXT_MAX)), "count": in_digits_of_page(str(len(text)))}
        )
    raw = _parsed(text)
    found = [Finding(place, sentence) for place, sentence in controls(raw)]
    manifest = None
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as wrong:
        found += [_finding(detail) for detail in wrong.errors(include_url=False)]
    told = {one.place for one in found}
    further = [*findings_in(raw, sorted(house_labels())), *clashes_in(raw, house_labels())]
    found += [one for one in further if not _is_told(one.place, told)]
    if found or manifest is None:
        raise refused(found, text)
    return manifest


def _is_told(place: Place, told: set[Place]) -> bool:
    """Whether a place, or one that holds it or that it holds, was named already: one mistake, one sentence."""
    return any(place[: len(other)] == other or other[: len(place)] == place for other in told)


def _parsed(text: str) -> dict[str, Any]:
    if hostile := refused_text(text):
        said = [Problem(line, "", sentence) for line, sentence in hostile[:SAID_MAX]]
        raise PackError(said, more=max(0, len(hostile) - SAID_MAX))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        message = str(wrong)
        found = _AT_LINE.search(message)
        line = int(found.group(1)) if found else 1 + text.rstrip("\n").count("\n")
        raise one_problem(toml_sentence(message), line=line) from None
    except (ValueError, RecursionError):  # a number, a date or a depth that Python itself refuses
        raise one_problem(_("This is no TOML that can be read.")) from None


def _finding(detail: Any) -> Finding:
    place = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        return Finding(place, shape_sentence(detail), str(place[-1]), _names_at(place[:-1]))
    if detail["type"] == "literal_error":
        return Finding(place, shape_sentence(detail), str(detail["input"]), allowed_names(detail))
    return Finding(place, shape_sentence(detail))


def _names_at(place: Place) -> list[str]:
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


def warnings_about(manifest: Manifest) -> list[str]:
    """What is allowed and may still surprise: told when a pack is kept."""
    if {"number", "version"} <= set(parts_of(manifest.file_name)):
        return []
    return [
        _(
            "file_name holds no {number} or no {version}: two reports may get the same file name. With both, "
            "every file has a name of its own."
        )
    ]

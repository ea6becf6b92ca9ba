"""Reads a bundle folder (`bundle.json` and `photos/`) strictly, and says of a wrong one what is wrong and where."""

import json
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from goldseal.ops.sample.model import Contents

SAMPLE = Path(__file__).parent
JSON_BYTES_MAX = 5_000_000
PHOTO_BYTES_MAX = 25_000_000
# What file managers leave behind is nobody's evidence.
_LITTER = ("Thumbs.db", "desktop.ini")


class BundleError(ValueError):
    """A bundle that cannot be taken; `problems` holds one line for each place that is wrong."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def _moved(instant: str, by: timedelta) -> str:
    return (datetime.fromisoformat(instant) + by).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose parts fit together. `photo_sha256` maps a photo's name in the bundle to its digest."""

    folder: Path
    contents: Contents
    photo_sha256: Mapping[str, str]

    @property
    def lot_size(self) -> int:
        """The ordered pieces in all."""
        return sum(line.quantity for line in self.contents.order.lines)

    @property
    def carton_contents(self) -> list[int]:
        """Pieces per carton, for carton 1, 2, 3 …"""
        return [
            cartons.pieces
            for cartons in sorted(self.contents.cartons, key=lambda cartons: cartons.first)
            for _ in range(cartons.first, cartons.last + 1)
        ]

    def ending_at(self, end: datetime) -> "Bundle":
        """The same inspection on another day: every instant and date moved so that it ends at `end`."""
        said = self.contents
        by = end.replace(microsecond=0) - datetime.fromisoformat(said.header.ended_at)
        order, header = said.order, said.header
        day = order.ex_factory_on and (date.fromisoformat(order.ex_factory_on) + by).isoformat()
        moved = {
            "order": order.model_copy(update={"ex_factory_on": day}),
            "header": header.model_copy(
                update={
                    "started_at": _moved(header.started_at, by),
                    "ended_at": _moved(header.ended_at, by),
                }
            ),
            "photos": [
                photo.model_copy(update={"taken_at": photo.taken_at and _moved(photo.taken_at, by)})
                for photo in said.photos
            ],
        }
        return replace(self, contents=said.model_copy(update=moved))

    def photo_bytes(self, file: str) -> bytes:
        """The bytes of a photo named in the bundle."""
        data = (self.folder / file).read_bytes()
        if sha256(data).hexdigest() != self.photo_sha256[file]:
            raise BundleError([f"{file}: changed while the bundle was being read"])
        return data


def load_bundle(folder: Path) -> Bundle:
    """Read and check a bundle. Raises BundleError with every problem found, each with its place.

    Codes of defects are checked later against the workspace's defect library, AQLs by the sampling plan,
    and photos are decoded when they are stored.
    """
    contents = _read_contents(folder)
    problems = [*_inner_problems(contents)]
    digests = dict(_photo_digests(folder, contents, problems))
    if problems:
        raise BundleError(problems)
    return Bundle(folder, contents, digests)


def _read_contents(folder: Path) -> Contents:
    path = folder / "bundle.json"
    if not folder.is_dir():
        raise BundleError([f"{folder}: is not a folder"])
    if not path.is_file():
        raise BundleError(["bundle.json: is not in the folder"])
    if path.stat().st_size > JSON_BYTES_MAX:
        raise BundleError([f"bundle.json: must not be larger than {JSON_BYTES_MAX // 1_000_000} MB"])
    try:
        text = path.read_bytes().decode("utf-8-sig")
        raw = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BundleError([f"bundle.json: is not UTF-8 text (byte {error.start})"]) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise BundleError([f"bundle.json: is not JSON ({place}: {error.msg})"]) from None
    except (RecursionError, ValueError) as error:
        message = "is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BundleError([f"bundle.json: {message}"]) from None
    try:
        return Contents.model_validate(raw)
    except ValidationError as error:
        raise BundleError(_sentence(problem) for problem in error.errors(include_url=False)) from None


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if twice:
        raise ValueError(f"names {twice[0][:40]!r} twice in one object")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _sentence(problem: Mapping[str, Any]) -> str:
    place = ""
    for part in problem["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{str(part)[:60]}" if place else str(part)[:60]
    limits = problem.get("ctx", {})
    sentences = {
        "missing": "is missing",
        "extra_forbidden": "is not a field here",
        "literal_error": f"must be {limits.get('expected')}",
        "string_type": "must be text",
        "string_too_short": "must not be empty",
        "string_too_long": f"must have at most {limits.get('max_length')} characters",
        "string_pattern_mismatch": f"must have the form {limits.get('pattern')}",
        "int_type": "must be a whole number",
        "bool_type": "must be true or false",
        "list_type": "must be a list",
        "dict_type": "must be an object",
        "model_type": "must be an object",
        "greater_than_equal": f"must be at least {limits.get('ge')}",
        "less_than_equal": f"must be at most {limits.get('le')}",
        "too_long": f"must have at most {limits.get('max_length')} items",
        "too_short": f"must have at least {limits.get('min_length')} items",
        "value_error": str(limits.get("error")),
    }
    return f"{place or 'bundle.json'}: {sentences.get(problem['type'], str(problem['msg']))}"


def _inner_problems(contents: Contents) -> Iterator[str]:
    yield from _date_problems(contents)
    yield from _order_problems(contents)
    yield from _carton_problems(contents)
    yield from _measurement_problems(contents)
    yield from _photo_name_problems(contents)
    yield from _repeated("sections", (result.section for result in contents.sections))
    for i, result in enumerate(contents.sections):
        yield from _repeated(f"sections[{i}].checks", (answer.check for answer in result.checks))


def _date_problems(contents: Contents) -> Iterator[str]:
    header = contents.header
    instants = [("header.started_at", header.started_at), ("header.ended_at", header.ended_at)]
    instants += [
        (f"photos[{i}].taken_at", photo.taken_at) for i, photo in enumerate(contents.photos) if photo.taken_at
    ]
    instants += [
        (f"signatures[{i}].signed_at", signed.signed_at) for i, signed in enumerate(contents.signatures)
    ]
    for place, value in instants:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            yield f"{place}: {value} is not a date and time that exists"
    if contents.order.ex_factory_on:
        try:
            date.fromisoformat(contents.order.ex_factory_on)
        except ValueError:
            yield f"order.ex_factory_on: {contents.order.ex_factory_on} is not a date that exists"
    if header.ended_at < header.started_at:
        yield "header.ended_at: must not be before started_at"


def _order_problems(contents: Contents) -> Iterator[str]:
    ordered = [(line.colour, line.size) for line in contents.order.lines]
    yield from (f"order.lines: {colour} {size} stands there twice" for colour, size in _twice(ordered))
    counted = [(line.colour, line.size) for line in contents.quantities]
    yield from (f"quantities: {colour} {size} stands there twice" for colour, size in _twice(counted))
    for i, piece in enumerate(contents.measurements):
        if (piece.colour, piece.size) not in ordered:
            yield f"measurements[{i}]: {piece.colour} {piece.size} is not in the order"
    colours, sizes = {colour for colour, _ in ordered}, {size for _, size in ordered}
    for i, defect in enumerate(contents.defects):
        if defect.colour is not None and defect.colour not in colours:
            yield f"defects[{i}].colour: {defect.colour} is not in the order"
        if defect.size is not None and defect.size not in sizes:
            yield f"defects[{i}].size: {defect.size} is not in the order"
        if defect.piece_no is not None and defect.pieces != 1:
            yield f"defects[{i}].pieces: must be 1 where piece_no names the piece"


def _carton_problems(contents: Contents) -> Iterator[str]:
    expected = 1
    for cartons in sorted(contents.cartons, key=lambda cartons: cartons.first):
        if cartons.last < cartons.first:
            yield f"cartons: {cartons.first} to {cartons.last} runs backwards"
            return
        if cartons.first != expected:
            yield f"cartons: after {expected - 1} follows {cartons.first}; numbers must run without gap or overlap"
            return
        expected = cartons.last + 1
    if expected > 1_000_001:
        yield "cartons: there must not be more than 1 000 000"
    for number in contents.cartons_opened:
        if number >= expected:
            yield f"cartons_opened: there is no carton {number}"
    yield from (f"cartons_opened: {number} stands there twice" for number in _twice(contents.cartons_opened))
    opened = set(contents.cartons_opened)
    for i, defect in enumerate(contents.defects):
        if defect.carton is not None and defect.carton not in opened:
            yield f"defects[{i}].carton: carton {defect.carton} is not among cartons_opened"


def _measurement_problems(contents: Contents) -> Iterator[str]:
    points = {point.code: point for point in contents.points}
    yield from (
        f"points: {code} stands there twice" for code in _twice(point.code for point in contents.points)
    )
    yield from (
        f"measurements: piece_no {number} stands there twice"
        for number in _twice(piece.piece_no for piece in contents.measurements)
    )
    for i, piece in enumerate(contents.measurements):
        for code in piece.values:
            if code not in points:
                yield f"measurements[{i}].values.{code[:60]}: is not among points"
            elif piece.size not in points[code].spec:
                yield f"measurements[{i}].values.{code}: the point has no value for size {piece.size}"


def _photo_name_problems(contents: Contents) -> Iterator[str]:
    named = [photo.file for photo in contents.photos]
    yield from (f"photos: {file} stands there twice" for file in _twice(named))
    for place, files in (
        *((f"defects[{i}].photos", defect.photos) for i, defect in enumerate(contents.defects)),
        *(
            (f"sections[{i}].checks[{j}].photos", answer.photos)
            for i, result in enumerate(contents.sections)
            for j, answer in enumerate(result.checks)
        ),
    ):
        yield from (f"{place}: {file} is not among photos" for file in files if file not in named)


def _photo_digests(folder: Path, contents: Contents, problems: list[str]) -> Iterator[tuple[str, str]]:
    named = {photo.file for photo in contents.photos}
    for file in sorted(named):
        path = folder / file
        try:
            found = path.lstat()
        except OSError:
            problems.append(f"{file}: named in bundle.json but not in the folder")
            continue
        # A link could lead out of the bundle.
        if not stat.S_ISREG(found.st_mode) or (folder / "photos").is_symlink():
            problems.append(f"{file}: must be a plain file")
        elif found.st_size == 0:
            problems.append(f"{file}: is empty")
        elif found.st_size > PHOTO_BYTES_MAX:
            problems.append(f"{file}: must not be larger than {PHOTO_BYTES_MAX // 1_000_000} MB")
        else:
            yield file, sha256(path.read_bytes()).hexdigest()
    photos = folder / "photos"
    for path in sorted(photos.iterdir()) if photos.is_dir() else ():
        if f"photos/{path.name}" not in named and not path.name.startswith(".") and path.name not in _LITTER:
            problems.append(f"photos/{path.name}: in the folder but not named in bundle.json")


def _repeated(place: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{place}: {name} stands there twice" for name in _twice(names))


def _twice(names: Iterable[Any]) -> list[Any]:
    return [name for name, times in Counter(names).items() if times > 1]

"""The shipped bundle is whole and decides as it should; a wrong bundle says what is wrong and where."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from goldseal.inspections.rules import draw, sampling, verdict
from goldseal.inspections.rules.events import parse_events
from goldseal.inspections.rules.measurement import PointOfMeasure
from goldseal.inspections.rules.state import apply_events
from goldseal.ops.sample.bundle import SAMPLE, Bundle, BundleError, load_bundle
from goldseal.ops.sample.events import bundle_events
from goldseal.ops.sample.model import Contents, json_schema

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample that a test may spoil."""
    target = tmp_path / "bundle"
    target.mkdir()
    shutil.copy(SAMPLE / "bundle.json", target)
    shutil.copytree(SAMPLE / "photos", target / "photos")
    return target


def spoil(folder: Path, change: Change) -> None:
    path = folder / "bundle.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BundleError) as caught:
        load_bundle(folder)
    return caught.value.problems


# The sample


@pytest.fixture(scope="module")
def sample() -> Bundle:
    return load_bundle(SAMPLE)


def test_the_sample_is_one_complete_inspection(sample: Bundle) -> None:
    contents = sample.contents
    assert sample.lot_size == sum(sample.carton_contents) == 2400
    assert len(contents.photos) == 12
    assert len(contents.defects) == 14
    assert [len(piece.values) for piece in contents.measurements] == [10] * 5
    assert all(photo.caption_bn for photo in contents.photos)
    assert {result.section for result in contents.sections} == set(verdict.SECTIONS)


def test_the_sample_photos_are_photos(sample: Bundle) -> None:
    for photo in sample.contents.photos:
        data = sample.photo_bytes(photo.file)
        assert len(data) < 250_000
        with Image.open(BytesIO(data)) as image:
            image.load()
            assert (image.format, image.size) == ("JPEG", (1600, 1200))
            assert not image.getexif()


def test_the_sample_opened_the_cartons_that_were_drawn(sample: Bundle) -> None:
    seed = bytes.fromhex(sample.contents.plan.seed or "")
    # Lot 2400, level II: K, n = 125.
    drawn = draw.draw_sample(seed=seed, carton_contents=sample.carton_contents, sample_size=125)
    assert list(drawn.carton_numbers) == sample.contents.cartons_opened
    in_carton = {
        number: (cartons.colour, cartons.size)
        for cartons in sample.contents.cartons
        for number in range(cartons.first, cartons.last + 1)
    }
    for defect in sample.contents.defects:
        assert defect.carton is not None
        assert (defect.colour, defect.size) == in_carton[defect.carton]


def test_the_sample_passes_by_the_rules(sample: Bundle) -> None:
    contents = sample.contents
    plan = sampling.inspection_plan(
        lot_size=sample.lot_size, level=contents.plan.level, limits=contents.plan.limits.model_dump()
    )
    events = parse_events(bundle_events(sample, by="inspector", device="bundle"))
    sizes = {line.size for line in contents.order.lines}
    decision = verdict.decide(
        state=apply_events(events),
        plan=plan,
        ordered={(line.colour, line.size): line.quantity for line in contents.order.lines},
        points={
            size: [
                PointOfMeasure(
                    point.code,
                    Fraction(point.spec[size]),
                    Fraction(point.tol_minus),
                    Fraction(point.tol_plus),
                    point.unit,
                    point.critical,
                )
                for point in contents.points
            ]
            for size in sizes
        },
        drawn_cartons=contents.cartons_opened,
    )
    assert decision.reasons == ()
    assert decision.verdict == "pass"
    # Counted by hand: 5 pieces with a major defect, 8 with a minor one at worst (piece 79 has both).
    assert [(count.severity, count.found, count.accept) for count in decision.counts] == [
        ("critical", 0, 0),
        ("major", 5, 7),
        ("minor", 8, 10),
    ]
    assert (decision.measurement.points_measured, decision.measurement.points_out) == (50, 3)


def test_reading_a_bundle_twice_repeats_its_events(sample: Bundle) -> None:
    once = bundle_events(sample, by="a", device="b")
    assert bundle_events(sample, by="a", device="b") == once
    assert len({event["id"] for event in once}) == len(once)
    assert [event["id"] for event in once] == sorted(event["id"] for event in once)
    about = [event["body"].get("about") for event in once if event["kind"] == "photo_attached"]
    assert sum(1 for item in about if item) == 4


def test_the_committed_schema_is_the_schema() -> None:
    assert json.loads((SAMPLE / "bundle.schema.json").read_text(encoding="utf-8")) == json_schema()


# Wrong bundles


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda b: b.pop("order"), "order: is missing"),
        (lambda b: b.update(extra=1), "extra: is not a field here"),
        (lambda b: b.update(format="other/1"), "format: must be 'goldseal.inspection-bundle/1'"),
        (
            lambda b: b["defects"][3].update(severity="severe"),
            "defects[3].severity: must be 'critical', 'major' or 'minor'",
        ),
        (lambda b: b["defects"][3].update(pieces="2"), "defects[3].pieces: must be a whole number"),
        (
            lambda b: b["defects"][3].update(pieces=2),
            "defects[3].pieces: must be 1 where piece_no names the piece",
        ),
        (
            lambda b: b["defects"][3].update(carton=13),
            "defects[3].carton: carton 13 is not among cartons_opened",
        ),
        (lambda b: b["defects"][3].update(colour="Pink"), "defects[3].colour: Pink is not in the order"),
        (
            lambda b: b["defects"][3].update(photos=["photos/99.jpg"]),
            "defects[3].photos: photos/99.jpg is not among photos",
        ),
        (
            lambda b: b["defects"][3].update(note="nul \x00"),
            "defects[3].note: must not contain control characters",
        ),
        (lambda b: b["buyer"].update(name=""), "buyer.name: must not be empty"),
        (lambda b: b["buyer"].update(name="x" * 121), "buyer.name: must have at most 120 characters"),
        (
            lambda b: b["order"]["lines"].append(b["order"]["lines"][0]),
            "order.lines: Navy S stands there twice",
        ),
        (
            lambda b: b["order"].update(ex_factory_on="2026-02-30"),
            "order.ex_factory_on: 2026-02-30 is not a date that exists",
        ),
        (
            lambda b: b["header"].update(ended_at="2026-03-13T00:00:00Z"),
            "header.ended_at: must not be before started_at",
        ),
        (lambda b: b["cartons_opened"].append(101), "cartons_opened: there is no carton 101"),
        (
            lambda b: b["cartons"].pop(2),
            "cartons: after 18 follows 31; numbers must run without gap or overlap",
        ),
        (
            lambda b: b["measurements"][0]["values"].update(hem="4"),
            "measurements[0].values.hem: is not among points",
        ),
        (
            lambda b: b["points"][0]["spec"].pop("M"),
            "measurements[0].values.chest: the point has no value for size M",
        ),
        (lambda b: b["sections"][1].update(section="quantity"), "sections: quantity stands there twice"),
        (lambda b: b["photos"].pop(6), "photos/07.jpg: in the folder but not named in bundle.json"),
    ],
)
def test_a_wrong_bundle_names_the_place(folder: Path, change: Change, problem: str) -> None:
    spoil(folder, change)
    assert problem in problems(folder)


@pytest.mark.parametrize(
    "name", ["../secret.jpg", "photos/../../x.jpg", "/etc/x.jpg", "photos/.x.jpg", "photos/x.svg"]
)
def test_a_photo_lies_in_the_folder(folder: Path, name: str) -> None:
    spoil(folder, lambda b: b["photos"][0].update(file=name))
    assert any(problem.startswith("photos[0].file: must have the form") for problem in problems(folder))


def test_all_problems_of_the_photos_are_listed_together(folder: Path, tmp_path: Path) -> None:
    (folder / "photos" / "07.jpg").unlink()
    (folder / "photos" / "08.jpg").write_bytes(b"")
    (folder / "photos" / "09.jpg").unlink()
    (tmp_path / "outside.jpg").write_bytes(b"x")
    (folder / "photos" / "09.jpg").symlink_to(tmp_path / "outside.jpg")
    (folder / "photos" / "stray.jpg").write_bytes(b"x")
    (folder / "photos" / "Thumbs.db").write_bytes(b"x")
    assert set(problems(folder)) == {
        "photos/07.jpg: named in bundle.json but not in the folder",
        "photos/08.jpg: is empty",
        "photos/09.jpg: must be a plain file",
        "photos/stray.jpg: in the folder but not named in bundle.json",
    }


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "bundle.json: is not JSON (line 1, column 1"),
        (b"{", "bundle.json: is not JSON (line 1, column 2"),
        (b"\xff\xfe{}", "bundle.json: is not UTF-8 text (byte 0)"),
        (b'{"a": 1, "a": 2}', "bundle.json: names 'a' twice in one object"),
        (b'{"a": NaN}', "bundle.json: NaN is not a number in JSON"),
        (b"[" * 100_000, "bundle.json: is nested too deeply"),
        (b"[]", "bundle.json: "),
        (b'"' + b"x" * 5_000_001 + b'"', "bundle.json: must not be larger than 5 MB"),
    ],
)
def test_what_is_no_bundle_json(folder: Path, data: bytes, problem: str) -> None:
    (folder / "bundle.json").write_bytes(data)
    assert problems(folder)[0].startswith(problem)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert problems(tmp_path) == ("bundle.json: is not in the folder",)
    assert problems(tmp_path / "absent")[0].endswith("is not a folder")


def test_a_photo_that_changes_while_it_is_read(folder: Path) -> None:
    bundle = load_bundle(folder)
    (folder / "photos" / "01.jpg").write_bytes(b"other")
    with pytest.raises(BundleError, match=r"photos/01\.jpg: changed"):
        bundle.photo_bytes("photos/01.jpg")


def test_an_inspection_is_moved_to_another_day_as_a_whole() -> None:
    """Durations and distances stay: the sample lasts as long, and the goods leave as many days later."""
    old = load_bundle(SAMPLE)
    new = old.ending_at(datetime(2027, 1, 5, 10, 0, 0, tzinfo=UTC))
    was, now = old.contents, new.contents
    assert now.header.ended_at == "2027-01-05T10:00:00Z"

    def length(said: Contents) -> timedelta:
        return datetime.fromisoformat(said.header.ended_at) - datetime.fromisoformat(said.header.started_at)

    def days_to_ship(said: Contents) -> int:
        assert said.order.ex_factory_on
        left = (
            date.fromisoformat(said.order.ex_factory_on) - datetime.fromisoformat(said.header.ended_at).date()
        )
        return left.days

    assert length(now) == length(was)
    assert days_to_ship(now) == days_to_ship(was)
    assert Contents.model_validate(now.model_dump(by_alias=True)) == now  # still in the bundle's own form

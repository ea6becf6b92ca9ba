"""The record's shape is checked with the place of every problem."""

import ast
import hashlib
import itertools
from pathlib import Path

import pytest

from goldseal.reports.rules.inspection_report import RecordError, check_record
from goldseal.reports.rules.schemas import CHECKS, check_known
from goldseal.reports.tests import example
from goldseal.reports.tests.filled import PAPERS, whole

PACKAGE = Path(__file__).resolve().parents[2]
SHAS = [hashlib.sha256(bytes([n])).hexdigest() for n in range(8)]


@pytest.mark.parametrize("verdict", ["pass", "fail", "hold", "pending"])
def test_example_is_a_record(verdict):
    check_record(record=example.record(shas=SHAS, verdict=verdict))


def _break(path, value):
    record = example.record(shas=SHAS)
    *folders, last = path
    part = record
    for step in folders:
        part = part[step]
    part[last] = value
    return record


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("schema",),
            "goldseal.inspection-report/2",
            "schema: Input should be 'goldseal.inspection-report/1'",
        ),
        (("report", "version"), "1", "report.version: Input should be a valid integer"),
        (("report", "version"), 0, "report.version: Input should be greater than or equal to 1"),
        (("report", "issued_at"), "2026-11-20T16:42:00", "report.issued_at:"),  # without an offset
        (("header", "inspected_on"), "20.11.2026", "header.inspected_on:"),
        (
            ("verdict", "overall"),
            "maybe",
            "verdict.overall: Input should be 'pass', 'fail', 'hold' or 'pending'",
        ),
        (
            ("defects", 2, "photos"),
            ["ff" * 32],
            r"defects\[2\].photos: ffffffffffff… is not among the photos",
        ),
        (("defects", 0, "pieces"), 0, r"defects\[0\].pieces:"),
        (("photos", 0, "sha256"), "../../etc/passwd", r"photos\[0\].sha256: String should match pattern"),
        (("foo",), 1, "foo: Extra inputs are not permitted"),
        (
            ("sections", 0, "table", "rows", 0),
            ["x"],
            r"sections\[0\].table: row 0 has 1 cells, the table has 5",
        ),
    ],
)
def test_problem_names_its_place(path, value, message):
    with pytest.raises(RecordError, match=message):
        check_record(record=_break(path, value))


def test_all_problems_are_listed():
    record = _break(("report", "number"), "")
    record["remarks"] = 5
    with pytest.raises(RecordError) as caught:
        check_record(record=record)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("schema", ["goldseal.inspection-report/2", "", None])
def test_a_record_without_a_check_is_refused(schema):
    record = example.record(shas=SHAS) | {"schema": schema}
    with pytest.raises(RecordError, match=r"schema: one of goldseal.inspection-report/1, "):
        check_known(record=record)


def test_every_record_that_a_room_builds_has_a_check():
    """What rooms write under "schema" and what can be sealed are the same."""
    built = {
        value.value
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "schema" and isinstance(value, ast.Constant)
    }
    assert {one for one in built if str(one).startswith("goldseal.")} == set(CHECKS)


def test_the_head_of_a_record_says_which_kind_it_is():
    """Each schema has its own type of report, so that one cannot pass as another."""
    for model in PAPERS:
        record = whole(model, itertools.repeat("x"), "en")
        record["report"]["type"] = "invoice"
        with pytest.raises(RecordError, match=r"report.type"):
            check_known(record=record)
